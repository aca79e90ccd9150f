"""``nn-tui runs``: what was saved, from the command line."""

import json

import pytest

from nn_tui.cli import main
from nn_tui.files.runs.run_store import RunStore
from nn_tui.training.edits import DatumEdit
from tests.files.runs.timelines import change, saved, timeline, train


@pytest.fixture
def run_of_blog(state_dir):
    line = timeline("blog")
    train(line, 50)
    change(line)
    folder = saved(line, RunStore(state_dir / "runs"))
    folder.release()
    return folder


def test_an_empty_list_names_the_folder(run_cli, state_dir):
    done = run_cli("runs")
    assert done.returncode == 0
    assert str(state_dir) in done.stdout


def test_list_show_rename_delete_and_undo(run_cli, run_of_blog):
    listed = run_cli("runs")
    assert run_of_blog.id in listed.stdout
    header, row = listed.stdout.splitlines()
    assert header.split() == ["run", "name", "epoch", "train", "loss", "saved"]
    assert row[: header.index("epoch") + 5].endswith("         50")
    assert "unfinished" in listed.stdout
    shown = run_cli("runs", "show", run_of_blog.id).stdout
    assert "after epoch 50: learning_rate = 0.5" in shown
    assert 'source = "blog"' in shown
    assert run_cli("runs", "rename", run_of_blog.id, "my first").returncode == 0
    assert "my first" in run_cli("runs", "list").stdout
    assert run_cli("runs", "rm", "my first").returncode == 0
    assert run_of_blog.id not in run_cli("runs").stdout
    assert run_cli("runs", "undo").returncode == 0
    assert run_of_blog.id in run_cli("runs").stdout


@pytest.mark.parametrize(
    ("gone", "cell"), [(False, "weight of sample 2 = 2.5"), (True, "sample 2 column 2 = 2.5")]
)
def test_edited_cells_are_shown_with_the_column_name_if_known(
    gone, cell, run_cli, tmp_path, state_dir
):
    path = tmp_path / "mine.csv"
    path.write_text("height,weight,age\n1,2,3\n2,3,4\n4,5,7\n")
    line = timeline(str(path))
    train(line, 2)
    line.edit(lambda epoch: DatumEdit(epoch, 1, 1, 2.5))
    folder = saved(line, RunStore(state_dir / "runs"))
    folder.release()
    if gone:
        path.unlink()
    done = run_cli("runs", "show", folder.id)
    assert f"after epoch 2: {cell}\n" in done.stdout
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("show", "nothing"), 3, "nothing is not a saved run; nn-tui runs lists them"),
        (("show",), 2, "show needs one RUN"),
        (("rename", "x"), 2, "needs RUN and NAME"),
        (("undo",), 3, "no deleted run"),
        (("burn",), 2, "invalid choice"),
        (("rm", "../../etc"), 3, "is not a saved run"),
    ],
)
def test_errors_are_one_line(run_cli, words, code, sentence):
    done = run_cli("runs", *words)
    assert done.returncode == code
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_state_dir_option_selects_the_folder(run_cli, tmp_path, run_of_blog):
    done = run_cli("runs", "--state-dir", str(tmp_path / "elsewhere"))
    assert run_of_blog.id not in done.stdout


def test_runs_are_found_by_the_name_that_the_list_shows(run_cli, run_of_blog, state_dir):
    assert run_of_blog.id in run_cli("runs", "show", "blog").stdout
    other = saved(timeline("blog"), RunStore(state_dir / "runs"))
    other.release()
    refused = run_cli("runs", "show", "blog")
    assert refused.returncode == 3
    assert "2 saved runs are named blog; choose one by its id: " in refused.stderr
    assert run_of_blog.id in refused.stderr and other.id in refused.stderr
    assert "did you mean blog?" in run_cli("runs", "show", "blgo").stderr


def test_saved_runs_are_compared_sorted_filtered_and_in_groups(state_dir, capsys):
    store = RunStore(state_dir / "runs")
    for hidden in ("4", "2"):
        words = (f"network.hidden={hidden}", "training.replicas=3")
        line = timeline("blog-xor", *words)
        train(line, 400)
        saved(line, store).release()
    state = ("--state-dir", str(state_dir))

    assert main(["runs", "compare", *state]) == 0
    header, *rows = capsys.readouterr().out.splitlines()
    assert header.split() == [
        "run",
        "train",
        "loss",
        "accuracy",
        "epoch",
        "hidden",
        "layers",
        "weight",
        "seed",
    ]
    assert len(rows) == 6
    assert {row.split()[-1] for row in rows} == {"1", "2", "3"}

    words = ("--filter", "network.hidden=2", "--sort", "train_loss", "--json")
    assert main(["runs", "compare", *words, *state]) == 0
    found = json.loads(capsys.readouterr().out)["runs"]
    losses = [run["train_loss"] for run in found]
    assert len(losses) == 3 and losses == sorted(losses)

    assert main(["runs", "compare", "--by", "network.hidden", "--json", *state]) == 0
    groups = json.loads(capsys.readouterr().out)["groups"]
    assert [(group["value"], group["runs"]) for group in groups] == [([2], 3), ([4], 3)]
    assert [groups[0]["lowest"], groups[0]["median"], groups[0]["highest"]] == sorted(losses)

    assert main(["runs", "compare", "--by", "network.hidden", *state]) == 0
    title, *table = capsys.readouterr().out.splitlines()
    assert title == "train loss by network.hidden"
    assert [line.split()[:2] for line in table[1:]] == [["2", "3"], ["4", "3"]]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["compare", "nothing"], "is not a saved run"),
        (["compare"], "no runs to compare"),
        (["compare", "--by", "hiden"], "did you mean network.hidden?"),
        (["list", "--json"], "is an option of nn-tui runs compare"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_a_sentence(words, expected, state_dir, capsys):
    assert main(["runs", *words, "--state-dir", str(state_dir)]) in (2, 3)
    assert expected in capsys.readouterr().err
