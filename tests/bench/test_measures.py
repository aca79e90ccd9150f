"""What is measured, where each measure is taken, and what the command says of it."""

import json
import os
import sys
from pathlib import Path

import pytest

from nn_tui import cli
from nn_tui.bench import isolated as apart
from nn_tui.bench.measures import ENGINE, MEASURES, SCREEN, Measure
from nn_tui.bench.timing import RaceResult, Skipped, pytorch, scikit_learn

ROOT = Path(cli.__file__).parents[1]
OUTCOME = RaceResult(ratio=1.75, lowest=1.5, highest=2.0, ours=175_000.0, peer=100_000.0)


@pytest.fixture
def taken(monkeypatch):
    """Outcomes by name, or why there is none, instead of measuring."""
    results = {}

    def take(name):
        result = results.get(name, OUTCOME)
        if isinstance(result, str):
            raise Skipped(result)
        return result

    monkeypatch.setattr("nn_tui.commands.bench.take", take)
    return results


def test_every_engine_line_of_the_design_has_its_aim():
    aims = {name: (entry.aim, entry.at_most) for name, entry in MEASURES.items()}
    assert aims["blog"] == (1.7, False)
    assert aims["blog-sklearn"] == (15, False)
    assert aims["blog-torch"] == (10, False)
    assert aims["spiral-4-2"] == aims["spiral-8-8-8"] == (0.9, False)
    assert aims["digits-torch"] == (1, False)
    assert aims["autosave-blog"] == aims["autosave-pictures"] == (0.98, False)
    assert aims["autosave-age"] == (1, True)
    assert aims["memory"] == (1.05, True)


@pytest.mark.parametrize(
    ("aim", "at_most", "ratio", "met"),
    [
        (1.7, False, 1.7, True),
        (1.7, False, 1.69, False),
        (1.05, True, 1.05, True),
        (1.05, True, 1.06, False),
        (None, False, 3.0, None),
    ],
)
def test_an_aim_is_met_from_its_side(aim, at_most, ratio, met):
    measure = Measure("x", "engine", "", "", lambda: OUTCOME, aim, at_most)
    assert measure.met(ratio) is met


def test_json_is_a_list_with_both_figures(taken, capsys):
    taken["blog-torch"] = "PyTorch is not installed"
    taken["memory"] = RaceResult(1.2, 1.2, 1.2, 48.0, 40.0)
    assert cli.main(["bench", "--json"]) == 0
    found = {entry["name"]: entry for entry in json.loads(capsys.readouterr().out)}
    assert list(found) == [name for name, entry in MEASURES.items() if entry.group == ENGINE]
    blog = found["blog"]
    assert (blog["ours"], blog["peer"], blog["unit"]) == (175_000, 100_000, "epochs/s")
    assert (blog["ratio"], blog["lowest"], blog["highest"]) == (1.75, 1.5, 2.0)
    assert (blog["aim"], blog["aim_is"], blog["met"], blog["skipped"]) == (
        *(1.7, "at least", True, None),
    )
    skipped = found["blog-torch"]
    assert skipped["skipped"] == "PyTorch is not installed"
    assert skipped["ratio"] is skipped["ours"] is skipped["met"] is None
    assert (found["memory"]["aim_is"], found["memory"]["met"]) == ("at most", False)


def test_text_says_plainly_what_was_missed_and_what_skipped(taken, capsys):
    taken["blog-sklearn"] = RaceResult(9.8, 9.4, 9.9, 155_000.0, 15_800.0)
    taken["blog-torch"] = "PyTorch is not installed"
    taken["memory"] = RaceResult(1.001, 1.001, 1.001, 43.0, 42.9)
    assert cli.main(["bench"]) == 0
    text = capsys.readouterr().out
    assert "ratio 1.75 (rounds from 1.50 to 2.00), aim at least 1.7: met" in text
    assert "175,000 against 100,000 epochs/s" in text
    assert "ratio 9.80 (rounds from 9.40 to 9.90), aim at least 15: MISSED" in text
    assert "skipped: PyTorch is not installed" in text
    assert "ratio 1.001, aim at most 1.05: met\n  43.0 against 42.9 MB" in text


def test_the_screen_has_measures_of_its_own(taken, capsys):
    assert cli.main(["bench", "--screen", "--json"]) == 0
    found = [entry["name"] for entry in json.loads(capsys.readouterr().out)]
    assert found == [name for name, entry in MEASURES.items() if entry.group == SCREEN]
    assert cli.main(["bench", "--screen", "blog"]) == 3
    assert "--screen" in capsys.readouterr().err


def test_only_what_is_asked_for(taken, capsys):
    assert cli.main(["bench", "memory", "blog", "--json"]) == 0
    assert [entry["name"] for entry in json.loads(capsys.readouterr().out)] == ["memory", "blog"]
    assert cli.main(["bench", "blag"]) == 3
    assert "blag is no measure; there are blog, " in capsys.readouterr().err


def test_a_measure_is_taken_in_a_process_with_one_thread(monkeypatch):
    program = (
        "import json, os; print('chatter'); n = float(os.environ['OPENBLAS_NUM_THREADS']); "
        "print(json.dumps(dict(ratio=n, lowest=n, highest=n, ours=os.getpid(), peer=n)))"
    )
    monkeypatch.setattr(apart, "_PROGRAM", program)
    outcome = apart.measure_isolated("blog")
    assert outcome.ratio == 1.0
    assert outcome.ours != os.getpid()


def test_that_process_takes_the_measure_of_the_name(monkeypatch, capsys):
    for name, outcome in (("blog", OUTCOME), ("memory", RaceResult(1.0, 1.0, 1.0, 43.0, 43.0))):
        monkeypatch.setitem(
            MEASURES, name, Measure(name, "engine", "", "", lambda outcome=outcome: outcome)
        )
    apart.send_result("memory")
    assert RaceResult(**json.loads(capsys.readouterr().out)).ours == 43.0


def test_a_measure_that_fails_is_an_error_with_its_last_words(monkeypatch):
    monkeypatch.setattr(apart, "_PROGRAM", "raise ValueError('no such thing')")
    with pytest.raises(RuntimeError, match="blog failed: ValueError: no such thing"):
        apart.measure_isolated("blog")


@pytest.mark.parametrize(
    ("library", "module", "sentence"),
    [
        (scikit_learn, "sklearn", "scikit-learn is not installed"),
        (pytorch, "torch", "PyTorch is not installed"),
    ],
)
def test_without_its_library_a_measure_is_skipped(library, module, sentence, monkeypatch):
    class Absent:
        @staticmethod
        def find_spec(name, *_):
            if name == module:
                raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    for name in ("sklearn.neural_network", "sklearn", "torch"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setattr(sys, "meta_path", [Absent, *sys.meta_path])
    with pytest.raises(Skipped, match=f"^{sentence}$"):
        library()


@pytest.mark.parametrize("name", ["blog-torch", "digits-torch", "blog-sklearn"])
def test_the_command_goes_on_where_a_library_does_not_load(run_cli, tmp_path, name):
    for library in ("torch", "sklearn"):
        (tmp_path / f"{library}.py").write_text("raise ImportError('broken for the test')")
    done = run_cli("bench", name, "--json", PYTHONPATH=f"{tmp_path}:{ROOT}")
    assert done.returncode == 0, done.stderr
    (entry,) = json.loads(done.stdout)
    assert entry["skipped"].endswith("does not load: broken for the test")
