"""Files that people really have, and worse: read rightly, or refused in one sentence."""

import gzip
import io
import os
import re
import tempfile
import threading
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui.data import sources
from nn_tui.data.dataset import Dataset
from nn_tui.data.errors import DataError
from nn_tui.data.readers.text_file import TextFile
from nn_tui.text import make_printable
from tests.permissions import not_the_superuser

ROWS = "a,b,y\n1,2,3\n4,5,6\n"

REFUSED = {
    "empty": ("", "the file is empty"),
    "blank lines": ("\n \n\n", "the file is empty"),
    "empty cells": (",,\n,,\n", "the file is empty"),
    "byte order mark alone": (b"\xef\xbb\xbf", "the file is empty"),
    "names alone": ("a,b,y\n", "but no samples"),
    "one column": ("a\n1\n2\n", "only one column"),
    "short row": ("a,b,y\n1,2,3\n4,5\n", "line 3: there are 2 cells, but"),
    "long row": ("a,b,y\n1,2,3\n4,5,6,7\n", "line 3: there are 4 cells, but"),
    "fewer names than cells": ("a,y\n1,2,3\n4,5,6\n", "line 2: there are 3 cells, but"),
    "more names than cells": ("a,b,y\n1,2\n4,5\n", "line 2: there are 2 cells, but"),
    "row of one": ("1,2,3\n4\n", "line 2: there is 1 cell, but"),
    "word among numbers": ("1,2\n3,x\n5,6\n", r"line 2, column 2 \(y\): 'x' is not a number"),
    "word in the first row": (
        "x,2\n3,4\n5,6\n",
        r"line 1, column 1 \(x1\): 'x' is not a number; if line 1 names",
    ),
    "inf": (ROWS + "inf,1,2\n", r"line 4, column 1 \(a\): 'inf' is not a finite number"),
    "-Infinity": (ROWS + "1,2,-Infinity\n", r"line 4, column 3 \(y\): '-Infinity' is not a fin"),
    "1e400": (ROWS + "1,1e400,2\n", r"line 4, column 2 \(b\): '1e400' is too large"),
    "1e400 with a comma": ("1,5;2\n1,0e400;3\n", r"line 2, column 1 .*'1,0e400' is too large"),
    "nan": (ROWS + "nan,1,2\n", r"line 4, column 1 \(a\): a value is missing;"),
    "no value": (ROWS + "1,,2\n", r"line 4, column 2 \(b\): a value is missing;"),
    "gaps": (ROWS + "?,,NA\nN/A,2,3\n", r"line 4, column 1 .* \(4 are missing in 2 rows\)"),
    "a column of gaps": ("a,b,y\n,1,2\n,3,4\n", r"line 2, column 1 \(a\): .* \(2 are missing"),
    "underscores": ("1_000,2\n3,4\n5,6\n", "'1_000' is not a number"),
    "hexadecimal": ("0x10,2\n3,4\n5,6\n", "'0x10' is not a number"),
    "other digits": ("١,2\n3,4\n5,6\n", "'١' is not a number"),
    "two decimal signs": ("1,5;2\n1.5;3\n2,5;3\n", r"line 2, column 1 .*'1\.5' is not a number"),
    "NUL": ("1,2\n3,\x004\n", "line 2, character 3: a NUL byte"),
    "NULs far down": ("1,2\n" * 300 + "3,\x00\n", "line 301, character 3: a NUL byte"),
    "UTF-16 without its mark": (ROWS.encode("utf-16-le"), "line 1, character 2: a NUL byte"),
    "broken UTF-16": ("1,2\n".encode("utf-16") + b"\n", "UTF-16"),
    "open quote": ('1,2\n3,"4\n5,6\n', "line 2: a quote in this row is never closed"),
    "open quote at once": ('"1,2\n3,4\n', "line 1: a quote in this row"),
    "open quote in a big file": ('1,"2\n' + "3,4\n" * 50_000, "line 1: a cell is longer than"),
    "text after a quote": ('1,2\n"3"x,4\n', "line 2: after a closing quote"),
    "one class": ("1,a\n2,a\n", "all rows have the class 'a'"),
    "101 classes": (
        "".join(f"1,c{i}\n" for i in range(101)),
        "line 101, .* maximum of 100 classes",
    ),
    "101 texts": (
        "n,y\n" + "".join(f"c{i},1\n" for i in range(101)),
        r"line 102, column 1 \(n\): 'c100' exceeds the maximum of 100 categories",
    ),
    "a value without a name": (
        "a,b,\n" + "1,2,\n" * 300 + "3,4,5\n",
        "line 302, column 3: there is a value in a column that has no name",
    ),
    "escapes": ("\x1b[2J,y\n1,2\n3,\x1b]0;x\x07\n5,6\n", r"line 3, .*'␛\]0;x␇' is not a number"),
    "a line without end": ("1" * 17_000_000, "line 1 is longer than"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(50), "a PNG image"),
    "old spreadsheet": (b"\xd0\xcf\x11\xe0\xa1\xb1" + bytes(50), "old Excel .* as CSV$"),
    "spreadsheet": (None, "it is an Excel workbook; save the sheet as CSV$"),
}

READ = {
    "spaces between": ("1 2 3\n4 5 6\n", [[1, 2], [4, 5]], [[3], [6]]),
    "names twice": ("a,a,y\n1,2,3\n", [[1, 2]], [[3]]),
    "names alike but for spaces": ("a,b,a \n1,2,3\n", [[1, 2]], [[3]]),
    "UTF-32": (ROWS.encode("utf-32"), [[1, 2], [4, 5]], [[3], [6]]),
    "Latin-1": ("a,b\n1,caf\xe9\n2,tea\n".encode("latin-1"), [[1], [2]], [[0], [1]]),
    "Latin-1 far down": (b"1,2\n" * 9000 + b"1,2\xa0\n", None, None),
    "gzip": (gzip.compress(ROWS.encode()), [[1, 2], [4, 5]], [[3], [6]]),
    "one row": ("1,2,3", [[1, 2]], [[3]]),
    "one row below names": ("a,b,y\n1,2,3\n", [[1, 2]], [[3]]),
    "byte order mark": (b"\xef\xbb\xbf" + ROWS.encode(), [[1, 2], [4, 5]], [[3], [6]]),
    "UTF-16": (ROWS.encode("utf-16"), [[1, 2], [4, 5]], [[3], [6]]),
    "semicolons": (ROWS.replace(",", ";"), [[1, 2], [4, 5]], [[3], [6]]),
    "decimal commas": ("1,5;2\n-0,25;1e3\n", [[1.5], [-0.25]], [[2], [1000]]),
    "old Mac": (ROWS.replace("\n", "\r"), [[1, 2], [4, 5]], [[3], [6]]),
    "mixed line ends": ("1,2,3\r\n4,5,6\n7,8,9\r", [[1, 2], [4, 5], [7, 8]], [[3], [6], [9]]),
    "no last line end": ("1,2\n3,4", [[1], [3]], [[2], [4]]),
    "blank lines": ("\n1,2\n\n\n3,4\n\n", [[1], [3]], [[2], [4]]),
    "rows of commas at the end": ("1,2\n3,4\n,\n,\n", [[1], [3]], [[2], [4]]),
    "a comma after each row": ("1,2,\n3,4,\n", [[1], [3]], [[2], [4]]),
    "plus signs and points": ("+1,.5\n-2.,1.\n", [[1], [-2]], [[0.5], [1]]),
    "no-break spaces": ("a,y\n\xa01\xa0,2\n3,4\n5,6\n", None, None),
    "the smallest number": ("5e-324,1e-999\n1.7976931348623157e308,1\n", None, None),
    "truth values": ("1,TRUE\n2,False\n", [[1], [2]], [[1], [0]]),
    "dates": ("2024-01-01,1\n2024-01-02,2\n", [[1, 0], [0, 1]], [[1], [2]]),
    "a name with an escape": ("\x1b[31mred,y\n1,2\n", [[1]], [[2]]),
    "an index without a name": (",a,y\n0,1,2\n1,3,4\n", [[0, 1], [1, 3]], [[2], [4]]),
    "sep=": ("sep=|\n1|2\n3|4\n", [[1], [3]], [[2], [4]]),
    "commas in quotes": ('"1,5",2\n"1,5",3\n"2,5",4\n', [[1, 0], [1, 0], [0, 1]], [[2], [3], [4]]),
    "spaces before quotes": ('1, "a, b"\n2, "c"\n', [[1], [2]], [[0], [1]]),
    "semicolons in texts": ("a;b,1\na;b,2\nc;d,3\n", [[1, 0], [1, 0], [0, 1]], [[1], [2], [3]]),
}


def spreadsheet():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return buffer.getvalue()


def write(folder, content):
    path = folder / "nasty.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(path)


def refusal(path, **options):
    """The one sentence."""
    with pytest.raises(DataError) as caught:
        sources.load_dataset(path, **options)
    sentence = str(caught.value)
    assert "\n" not in sentence and len(sentence) < 300 and make_printable(sentence) == sentence
    assert "Error" not in sentence and "Traceback" not in sentence
    return sentence


def test_the_corpus_is_large():
    assert len(REFUSED) + len(READ) >= 60


@pytest.mark.parametrize("name", REFUSED)
def test_refused_in_one_sentence(tmp_path, name):
    content, expected = REFUSED[name]
    sentence = refusal(write(tmp_path, spreadsheet() if content is None else content))
    assert sentence.startswith("nasty.csv: ")
    assert re.search(expected, sentence), sentence


@pytest.mark.parametrize("name", READ)
def test_read_rightly(tmp_path, name):
    content, inputs, targets = READ[name]
    made = sources.load_dataset(write(tmp_path, content))
    if inputs is not None:
        assert made.inputs.tolist() == inputs
        assert made.targets.tolist() == targets
    assert np.isfinite(made.inputs).all()


def test_a_directory(tmp_path):
    assert refusal(str(tmp_path)).endswith(": it is a folder, not a data file")


def test_a_pipe_does_not_hang(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    sentences = []
    thread = threading.Thread(
        target=lambda: sentences.append(refusal(str(tmp_path / "pipe.csv"))), daemon=True
    )
    thread.start()
    thread.join(20)
    assert sentences == ["pipe.csv: it is a pipe, not a data file"]


def test_a_device():
    assert refusal("/dev/zero") == "zero: it is a device, not a data file"


def test_a_file_that_is_not_there(tmp_path):
    assert refusal(str(tmp_path / "gone.csv")) == f"there is no file gone.csv in {tmp_path}"
    assert refusal("circel") == (
        f"'circel' is neither a built-in set nor a file in {Path.cwd()}; did you mean circle?"
    )
    assert "the built-in sets are blog" in refusal("zzzzz")


@pytest.mark.parametrize("name", ["", "\0", "a\0.csv", "x" * 5000 + ".csv", "~nobody-here/a.csv"])
def test_names_that_no_file_can_have(name):
    refusal(name)


def test_a_link_that_leads_in_circles(tmp_path):
    (tmp_path / "loop.csv").symlink_to("loop.csv")
    assert "loop.csv" in refusal(str(tmp_path / "loop.csv"))


def test_a_file_that_may_not_be_read():
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        path = Path(folder, "secret.csv")
        path.write_text(ROWS)
        path.chmod(0)
        with not_the_superuser():
            assert refusal(str(path)) == "secret.csv: permission denied"


def test_an_evil_name_is_made_visible(tmp_path):
    path = tmp_path / "\x1b]52;c;QUJD\x07.csv"
    path.write_text("1,x\n2,3\n4,5\n")
    assert refusal(str(path)).startswith("␛]52;c;QUJD␇.csv: line 1")
    path.write_text(ROWS)
    assert sources.load_dataset(str(path)).name == "␛]52;c;QUJD␇.csv"


def test_a_name_in_bytes_that_are_no_text(tmp_path):
    path = os.fsencode(tmp_path) + b"/\xff.csv"
    with open(path, "w") as file:
        file.write(ROWS)
    made = sources.load_dataset(os.fsdecode(path))
    assert made.name == "�.csv" and made.samples == 2


def test_an_unknown_target_is_refused(tmp_path):
    path = write(tmp_path, ROWS)
    assert "no target column 'z'; the columns are a, b, y" in refusal(path, target=["z"])
    assert "did you mean y?" in refusal(path, target=["yy"])
    assert "every column is a target" in refusal(path, target=["a", "b", "y"])
    texts = write(tmp_path, "a,b,c\n1,p,q\n2,r,s\n")
    assert "the target 'b' is categorical" in refusal(texts, target=["b", "c"])
    assert "single target" in refusal("xor", target=["y"])


@given(st.binary(max_size=400))
def test_random_bytes_are_read_or_refused(tmp_path_factory, content):
    read_or_refuse(tmp_path_factory.getbasetemp(), content)


cell = st.sampled_from(
    ["1", "-2.5", "1,5", "x", "", "NA", "inf", "1e400", '"', '"a"', '""', "\x1b", "\0", "é", " "]
)
row = st.lists(cell, max_size=4)


def test_a_long_line_is_not_looked_through_for_every_piece_of_it(tmp_path, monkeypatch):
    text, seen = ",".join(["1"] * 500_000) + "\n2,3\n", []

    class Counted(io.StringIO):
        def __init__(self, piece, newline):
            seen.append(len(piece))
            super().__init__(piece, newline)

    monkeypatch.setattr(io, "StringIO", Counted)
    (tmp_path / "long.csv").write_text(text)
    with TextFile(tmp_path / "long.csv") as file:
        assert "".join(file) == text
    assert sum(seen) < 4 * len(text)


@settings(max_examples=300)
@given(
    st.lists(row, max_size=8),
    st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1"]),
    st.booleans(),
)
def test_almost_tables_are_read_or_refused(tmp_path_factory, rows, mark, end, encoding, drop):
    text = end.join(mark.join(cells) for cells in rows)
    read_or_refuse(
        tmp_path_factory.getbasetemp(), text.encode(encoding), missing="drop" if drop else "refuse"
    )


def read_or_refuse(folder, content, **options):
    path = folder / "random.csv"
    path.write_bytes(content)
    try:
        made = sources.load_dataset(str(path), **options)
    except DataError as error:
        assert make_printable(str(error)) == str(error)
    else:
        assert isinstance(made, Dataset) and made.samples > 0
        assert np.isfinite(made.inputs).all() and np.isfinite(made.targets).all()
        assert len(set(made.input_names)) == made.inputs.shape[1]
