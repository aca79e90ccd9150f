"""A file that is not there: where it was looked for, and what would be right; pasted names."""

import os
from pathlib import Path

import pytest

from nn_tui.fileio import missing_file_message, pasted_path


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "mine.csv").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("a.csv", "no file a.csv in {0}; for a file in another folder, give its path"),
        ("sub/mien.csv", "no file mien.csv in {0}/sub; did you mean sub/mine.csv?"),
        ("sub/../b.csv", "no file b.csv in {0}"),
        ("{0}/b.csv", "no file b.csv in {0}"),
        ("away/b.csv", "no file b.csv, because there is no folder {0}/away"),
        ("sub/mine.csv/b.csv", "no file b.csv, because there is no folder {0}/sub/mine.csv"),
        ("a\x1b[2J.csv", "no file a␛[2J.csv in {0}; for a file in another folder"),
    ],
)
def test_the_folder_is_told_from_the_root_on(typed, told, folder):
    said = missing_file_message(Path(typed.format(folder)))
    assert said.startswith(f"there is {told}".format(folder))


def test_a_link_to_nowhere_is_called_one(folder):
    os.symlink("gone.csv", "mine.csv")
    said = f"mine.csv in {folder} is a link to a missing file"
    assert missing_file_message(Path("mine.csv")) == said


def test_a_working_folder_that_was_deleted(folder):
    os.mkdir("gone")
    os.chdir("gone")
    os.rmdir("../gone")
    assert missing_file_message(Path("a.csv")).startswith("there is no file a.csv in .;")


@pytest.mark.parametrize(
    "pasted",
    ["'{}'", '"{}"', "file://{}", "file://localhost{}", "{}", "{backslashes}", "{percent}"],
)
def test_a_path_that_a_terminal_pastes_is_understood(tmp_path, pasted):
    path = tmp_path / "my file.csv"
    path.write_text("a,b\n1,2\n")
    backslashes = str(path).replace(" ", "\\ ")
    percent = "file://" + str(path).replace(" ", "%20")
    text = pasted.format(path, backslashes=backslashes, percent=percent)
    assert pasted_path(text) == str(path)


def test_a_name_with_quotes_of_its_own_is_left_as_it_is(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "'a.csv'").write_text("a,b\n1,2\n")
    assert pasted_path("'a.csv'") == "'a.csv'"
    assert pasted_path("a\\b.csv") == "a\\b.csv"
