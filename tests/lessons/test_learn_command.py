"""``nn-tui learn``: list, check, new, report."""

import csv
import io
import json

import pytest

from nn_tui.cli import main
from nn_tui.lessons.catalog import course_files
from nn_tui.lessons.progress import LessonProgress, save_progress
from tests.lessons.files import LESSON


@pytest.fixture
def learn(capsys, tmp_path):
    def run(*words):
        code = main(["learn", *words, "--state-dir", str(tmp_path)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_the_list_has_every_lesson_and_the_stars(learn, tmp_path):
    progress = LessonProgress().with_seed(1).with_seed(2)
    save_progress(tmp_path, "xor", progress)
    code, out, _ = learn("--list")
    assert code == 0
    assert out.count("\n") == len(course_files()) + 2
    (line,) = (line for line in out.splitlines() if "XOR needs" in line)
    assert "✓ ★★☆" in line
    assert f"1 of {len(course_files())} done, 2 stars" in out


def test_the_screen_needs_a_terminal_and_a_wrong_lesson_is_refused_before(learn):
    code, _, err = learn("xor")
    assert code == 2 and "nn-tui learn --list does not" in err
    assert learn("xro")[0] == 3


def test_an_example_passes_its_own_check_in_parallel(learn, tmp_path):
    file = tmp_path / "own" / "mine.toml"
    file.parent.mkdir()
    assert learn("--new", str(file))[0] == 0
    code, out, err = learn("--check", str(file.parent))
    assert (code, err) == (0, "")
    assert "✓ mine  naive     one unit      0/5" in out and "2 of 2 trials" in out
    assert learn("--new", str(file))[0] == 3
    assert learn("--new", str(file), "--force")[0] == 0


def test_a_lesson_whose_proof_fails_is_told(learn, tmp_path):
    file = tmp_path / "bad.toml"
    file.write_text(LESSON.replace("train_loss < 0.01", "train_loss < 0.126"))
    code, out, err = learn("--check", str(file))
    assert code == 3
    assert "no hidden layer should fail, but reaches the goal from seed 1, 2" in err
    assert "✗ bad  naive" in out and "1 of 2 trials" in out


def test_the_report_has_a_row_for_each_lesson(learn, tmp_path):
    save_progress(tmp_path, "xor", LessonProgress(page=3).with_seed(1).with_answer(1, 1, False))
    rows = json.loads(learn("--report", "json")[1])
    (row,) = (row for row in rows if row["lesson"] == "xor")
    assert (row["done"], row["page"], row["answered"], row["right"]) == (True, 4, 1, 1)
    table = list(csv.DictReader(io.StringIO(learn("--report", "csv")[1])))
    assert [row["lesson"] for row in table] == [row["lesson"] for row in rows]
    assert table[[row["lesson"] for row in rows].index("xor")]["seeds"] == "1"


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("simmetry",), 3, "did you mean symmetry?"),
        (("https://example.org/a.toml",), 3, "nn-tui downloads nothing. Save the file"),
        (("--force",), 2, "does nothing without it"),
        (("--new", "x.txt"), 2, "must end in .toml"),
        (("xor", "--new", "x.toml"), 2, "name its file only"),
        (("nowhere.toml",), 3, "nowhere.toml"),
        ((".git",), 3, "no lesson"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(learn, words, code, sentence):
    done, out, err = learn(*words)
    assert (done, out) == (code, "")
    assert sentence in err and err.count("\n") == 1
