"""How text and files become rows of cells: what the file says is what is loaded, and what was told.

A table of files, what was said about each, and the samples; then those that are refused.
"""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile

import numpy as np
import pytest

from nn_tui.data.errors import DataError
from nn_tui.data.readers.detect import ReadOptions, load_file
from nn_tui.data.readers.new_table import NewTable
from tests.new_tables import cells_of

ROWS = "a,b,y\n1,2,3\n4,5,6\n"
PLAIN = [[1, 2], [4, 5]], [[3], [6]]
SPACED = [[1, 2], [4, 5], [7, 8]], [[3], [6], [9]]


def zipped(*members, **options):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", **options) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()


ARFF = """% a comment
@RELATION 'two things'
@ATTRIBUTE 'the length' NUMERIC
@attribute flag {0,1}
@attribute kind {a,'b c'}

@DATA
1.5,0,a
% another
2.5,1,'b c'
?,1,a
"""

READ = {
    # content, header option, what is said (a part of it), input names, inputs, targets
    "runs of blanks": ("  1   2\t 3\n4 5  6\n", "auto", "", "x1 x2", *PLAIN),
    "blanks with a header": ("a  b y\n1 2 3\n4   5 6\n", "auto", "", "a b", *PLAIN),
    "blanks and a quoted text": (
        '1  2   3\t"x y"\n4 5 6  "z"\n4 5 6  "z"\n',
        "auto",
        "",
        "x1 x2 x3",
        [[1, 2, 3], [4, 5, 6], [4, 5, 6]],
        [[0], [1], [1]],
    ),
    "decimal commas": ("1,5 2\n2,5 3\n", "auto", "", "x1", [[1.5], [2.5]], [[2], [3]]),
    "commas and blanks": ("a, b, y\n1, 2, 3\n4, 5, 6\n", "auto", "", "a b", *PLAIN),
    "comments above": (
        "# May\n# unit: cm\n" + ROWS,
        "auto",
        "2 comment lines, which begin with #, were skipped",
        "a b",
        *PLAIN,
    ),
    "a comment between": (
        "a,b,y\n1,2,3\n# later, on\n4,5,6\n",
        "auto",
        "1 comment line, which begins with #, was skipped",
        "a b",
        *PLAIN,
    ),
    "a comment far down": (
        "a,b,y\n" + "1,2,3\n" * 60_000 + "# end\n",
        "auto",
        "1 comment line, which begins with #, was skipped",
        "a b",
        [[1, 2]] * 60_000,
        [[3]] * 60_000,
    ),
    "names in a comment": (
        "# a b y\n1 2 3\n4 5 6\n",
        "auto",
        "line 1, a comment, has the column names",
        "a b",
        *PLAIN,
    ),
    "percent signs": ("% May\n1,2,3\n4,5,6\n", "auto", "begins with %", "x1 x2", *PLAIN),
    "colours that begin with #": (
        "colour,y\n#ff0000,1\n#00ff00,2\n#ff0000,1\n",
        "auto",
        "",
        "colour=#00ff00 colour=#ff0000",
        [[0, 1], [1, 0], [0, 1]],
        [[1], [2], [1]],
    ),
    "a title": (
        "Figures of May\n" + ROWS,
        "auto",
        "line 1 (Figures of May) is a title above the table; it was skipped",
        "a b",
        *PLAIN,
    ),
    "a title of a spreadsheet": (
        "Figures of May,,\n,,\n" + ROWS,
        "auto",
        "line 1 (Figures of May, , ) is a title above the table",
        "a b",
        *PLAIN,
    ),
    "lines about the file": (
        "Station,12\n" + ROWS,
        "auto",
        "line 1 (Station, 12) precedes the table; it was skipped",
        "a b",
        *PLAIN,
    ),
    "counts, as scikit-learn writes them": (
        "2,2,no,yes\n1,2,3\n4,5,6\n",
        "text",
        "line 1 (2, 2, no, yes) is the number of samples and columns",
        "x1 x2",
        *PLAIN,
    ),
    "units": (
        "a,b,y\ncm,m²,kg\n1,2,3\n4,5,6\n",
        "auto",
        "line 2 (cm, m², kg) has units: text above numbers; it was skipped",
        "a b",
        *PLAIN,
    ),
    "Orange": (
        "n\tk\ta\tb\tid\ncontinuous\tdiscrete\tc\tc\tstring\n\tclass\t\t\tmeta\n"
        "1\tp\t2\t3\tx7\n4\tq\t5\t6\tx8\n",
        "auto",
        "lines 2 and 3: types and roles of the columns (Orange's header)",
        "n a b",
        [[1, 2, 3], [4, 5, 6]],
        [[0], [1]],
    ),
    "0 1 2, as pandas writes it": (
        "0,1,2\n1,2,0\n2,1,1\n5,3,0\n",
        "auto",
        "line 1 (0, 1, 2) was read as column names, because its values number the columns; "
        "data.header = no reads it as a sample",
        "0 1",
        [[1, 2], [2, 1], [5, 3]],
        [[0], [1], [0]],
    ),
    "0 1 2 that continue below": (
        "0,1,2\n3,4,5\n6,7,8\n",
        "auto",
        "",
        "x1 x2",
        [[0, 1], [3, 4], [6, 7]],
        [[2], [5], [8]],
    ),
    "an index without a name": (
        ",5,6\n0,1,2\n1,2,1\n2,7,3\n",
        "auto",
        "",
        "column_1 5",
        [[0, 1], [1, 2], [2, 7]],
        [[2], [1], [3]],
    ),
    "years": (
        "2019,2020,2021\n1,2,3\n4,5,6\n7,8,9\n",
        "auto",
        "",  # three consecutive rows of consecutive numbers: a series
        "x1 x2",
        [[2019, 2020], [1, 2], [4, 5], [7, 8]],
        [[2021], [3], [6], [9]],
    ),
    "years above other numbers": (
        "2019,2020,2021\n1,9,3\n4,5,6\n7,8,9\n",
        "auto",
        "its values are outside the range of those below it",
        "2019 2020",
        [[1, 9], [4, 5], [7, 8]],
        [[3], [6], [9]],
    ),
    "text above numbers": (
        "a,2\n3,4\n5,6\n",
        "auto",
        "because it has text above numbers",
        "a",
        [[3], [5]],
        [[4], [6]],
    ),
    "categories without a header": (
        "red,round\nblue,long\nred,long\nblue,round\n",
        "auto",
        "line 1 (red, round) was read as a sample, because its values recur below it; "
        "data.header = yes reads it as column names",
        "x1=blue x1=red",
        [[0, 1], [1, 0], [0, 1], [1, 0]],
        [[1], [0], [0], [1]],
    ),
    "a header of numbers": (
        "1,2,3\n4,5,6\n7,8,9\n",
        "yes",
        "",
        "1 2",
        [[4, 5], [7, 8]],
        [[6], [9]],
    ),
    "no header": (
        "p,q\nr,s\np,s\n",
        "no",
        "",
        "x1=p x1=r",
        [[1, 0], [0, 1], [1, 0]],
        [[0], [1], [1]],
    ),
    "names of rows, as R writes them": (
        'mpg cyl\n"Mazda RX4" 21 6\n"Datsun 710" 22 4\n',
        "auto",
        "",
        "column_1=Datsun_710 column_1=Mazda_RX4 mpg",
        [[0, 1, 21], [1, 0, 22]],
        [[6], [4]],
    ),
    "names twice": (
        "a,a,a_2\n1,2,3\n4,5,6\n",
        "auto",
        "repeated column names were numbered: a → a_3",
        "a a_3",
        *PLAIN,
    ),
    "a delimiter after each row": ("a,b,y\n1,2,3,\n4,5,6,\n", "auto", "", "a b", *PLAIN),
    "a delimiter after the header": ("a,b,y,\n1,2,3\n4,5,6\n", "auto", "", "a b", *PLAIN),
    "inch marks": (
        'size,y\n"6 inch,2\n7" pipe,3\n"6 inch,2\n',
        "auto",
        "quotes were read as ordinary characters",
        'size=7"_pipe size="6_inch',
        [[0, 1], [1, 0], [0, 1]],
        [[2], [3], [2]],
    ),
    "Latin-1": (
        "größe,typ\n1,süß\n2,herb\n".encode("latin-1"),
        "auto",
        "the file is not UTF-8 text (line 1); it was read as Windows-1252 (Latin-1)",
        "größe",
        [[1], [2]],
        [[1], [0]],
    ),
    "UTF-16": (ROWS.encode("utf-16"), "auto", "", "a b", *PLAIN),
    "UTF-32": (ROWS.encode("utf-32"), "auto", "", "a b", *PLAIN),
    "gzip": (gzip.compress(ROWS.encode()), "auto", "", "a b", *PLAIN),
    "bzip2": (bz2.compress(ROWS.encode()), "auto", "", "a b", *PLAIN),
    "xz": (lzma.compress(ROWS.encode()), "auto", "", "a b", *PLAIN),
    "gzip of UTF-16": (gzip.compress(ROWS.encode("utf-16")), "auto", "", "a b", *PLAIN),
    "zip": (zipped(("x.csv", ROWS)), "auto", "", "a b", *PLAIN),
    "zip of macOS": (
        zipped(("f/", ""), ("f/x.csv", ROWS), ("__MACOSX/f/._x.csv", "x"), (".DS_Store", "x")),
        "auto",
        "",
        "a b",
        *PLAIN,
    ),
    "LIBSVM": (
        "1 1:0.5 3:2\n-1 2:1\n# note\n1 1:2 3:-1e3\n",
        "auto",
        "sparse rows (LIBSVM) were filled with zeros",
        "x1 x2 x3",
        [[0.5, 0, 2], [0, 1, 0], [2, 0, -1000]],
        [[1], [-1], [1]],
    ),
    "KEEL": (
        "@relation r\n@attribute a real [0.0, 9.0]\n@attribute y integer [1, 6]\n"
        "@attribute b real [0, 9]\n@inputs a, b\n@outputs y\n@data\n1, 3, 2\n4, 6, 5\n",
        "auto",
        "",
        "a b",
        *PLAIN,
    ),
}


def written(folder, content, name="own.csv"):
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize("kind", READ)
def test_files_are_read_and_what_was_assumed_is_told(tmp_path, kind):
    content, header, said, names, inputs, targets = READ[kind]
    made = load_file(str(written(tmp_path, content)), ReadOptions(header=header))
    assert [name.replace(" ", "_") for name in made.input_names] == names.split()
    np.testing.assert_array_equal(made.inputs, inputs)
    np.testing.assert_array_equal(made.targets, targets)
    about_reading = [note for note in made.notes if "categorical" not in note]
    assert any(said in note for note in about_reading) if said else not about_reading


def test_arff_has_declared_types_quotes_comments_and_missing_values(tmp_path):
    made = load_file(str(written(tmp_path, ARFF)), ReadOptions(missing="drop"))
    assert made.input_names == ("the length", "flag=0", "flag=1")
    assert made.inputs.tolist() == [[1.5, 1, 0], [2.5, 0, 1]]
    assert made.classes == ("a", "b c") and made.target_names == ("kind",)
    with pytest.raises(DataError, match="line 11, column 1"):
        load_file(str(written(tmp_path, ARFF)))


def test_arff_may_declare_more_columns_than_the_first_lines_hold(tmp_path):
    names = "".join(f"@attribute a{number} numeric\n" for number in range(1000))
    row = ",".join(map(str, range(1000)))
    made = load_file(str(written(tmp_path, f"@relation r\n{names}@data\n{row}\n{row}\n")))
    assert made.inputs.shape == (2, 999) and made.input_names[-1] == "a998"


def test_a_table_may_have_thousands_of_columns(tmp_path):
    header = ",".join(f"c{number}" for number in range(5000))
    row = ",".join(f"{number}.5" for number in range(5000))
    made = load_file(
        str(written(tmp_path, f"{header}\n{row}\n{row}\n")), ReadOptions(header="auto")
    )
    assert made.inputs.shape == (2, 4999) and made.inputs[1, 7] == 7.5


BOMB = (b"x" * 1000 + b",0\n") * 8000

REFUSED = {
    "Excel": (
        zipped(("xl/workbook.xml", "<x/>")),
        "it is an Excel workbook; save the sheet as CSV",
    ),
    "OpenDocument": (zipped(("content.xml", "<x/>")), "it is an OpenDocument file; save the sheet"),
    "old Excel": (b"\xd0\xcf\x11\xe0\xa1\xb1" + bytes(50), "it is an old Excel or Word document"),
    "Parquet": (b"PAR1\x15\x04" + bytes(20), r"it is a Parquet file; .* pandas.read_parquet"),
    "pickle": (b"\x80\x04\x95\x10" + bytes(20), "it is a Python pickle, which may run any program"),
    "JSON": ('[{"a": 1, "y": 2}]', r"it is JSON; .* pandas.read_json"),
    "JSON object": ('{"a": [1, 2],\n "y": [2, 3]}', "it is JSON"),
    "JSON lines": ('{"a": 1}\n{"a": 2}\n', "it is JSON lines; .* lines=True"),
    "notebook": ('{\n "cells": [],\n "nbformat": 4}', "it is a Jupyter notebook"),
    "HTML": ("\n<!DOCTYPE html><html><table>", "it is an HTML page; export its table as CSV"),
    "XML": ("<?xml version='1.0'?><r/>", "it is XML; export the table as CSV"),
    "SQL": ("-- dump\nCREATE TABLE t (a int);\n", "it is SQL; export the table as CSV"),
    "SQLite": (b"SQLite format 3\0" + bytes(80), "it is an SQLite database; export"),
    "HDF5": (b"\x89HDF\r\n\x1a\n" + bytes(80), "it is an HDF5 file; convert it to CSV"),
    "PDF": (b"%PDF-1.7\n" + bytes(80), "it is a PDF document; export its table as CSV"),
    "JPEG": (b"\xff\xd8\xff\xe0" + bytes(80), "it is a JPEG image; for images, save the pixels"),
    "IDX": (b"\0\0\x08\x03" + bytes(80), "it is an IDX file of images, as MNIST's"),
    "R": (gzip.compress(b"RDX3\nX\n" + bytes(80)), "it contains an R file; .* with write.csv"),
    "Stata": (b"<stata_dta><header>", "it is a Stata file; .* pandas.read_stata"),
    "Zstandard": (b"\x28\xb5\x2f\xfd" + bytes(80), "it is compressed with Zstandard"),
    "7z": (b"7z\xbc\xaf\x27\x1c" + bytes(80), "it is a 7z archive; unpack it first"),
    "zip of two": (
        zipped(("a.csv", ROWS), ("b.csv", ROWS)),
        r"of 2 files \(a\.csv, b\.csv\); unpack",
    ),
    "empty zip": (zipped(), "it is a zip archive without a file in it"),
    "zip in gzip": (gzip.compress(zipped(("a.csv", ROWS))), "it contains a zip archive; unpack it"),
    "gzip in gzip": (gzip.compress(gzip.compress(ROWS.encode())), "it is compressed twice"),
    "NumPy in gzip": (gzip.compress(b"\x93NUMPY\1\0"), "it contains a NumPy array; unpack it"),
    "cut gzip": (gzip.compress(ROWS.encode() * 999)[:-9], "it is cut off: the gzip data end too"),
    "cut xz": (
        lzma.compress(ROWS.encode() * 999)[:-20],
        "it is cut off: the xz data end too early",
    ),
    "damaged bzip2": (b"BZh91AY&SY" + bytes(50), "the bzip2 data are damaged"),
    "bytes": (bytes(range(1, 256)) * 9, "is not text"),
    "gzip bomb": (gzip.compress(BOMB) * 1250, "it unpacks to more than 67.1 MB, over 100 times"),
    "bzip2 bomb": (bz2.compress(BOMB) * 1250, "it unpacks to more than 67.1 MB, over 100 times"),
    "sparse ARFF": ("@relation r\n@attribute a real\n@data\n{0 1}\n", "line 4: sparse ARFF rows"),
    "relational ARFF": (
        "@relation r\n@attribute a relational\n@data\n",
        "line 2: the attribute 'a' ",
    ),
    "ARFF without data": ("@relation r\n@attribute a real\n", "there is no @data line"),
    "ARFF of nothing": ("@relation r\n@data\n1\n", "line 2: no @attribute line precedes"),
    "LIBSVM and another line": (
        "1 1:2 2:3\n" * 300 + "x\n",
        "line 301: expected a label and pairs",
    ),
    "a row too long": ("a,b\n1,2\n3,4,5\n", "line 3: there are 3 cells, but the header has 2"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_files_are_refused_in_one_sentence_that_says_what_to_do(tmp_path, kind):
    content, said = REFUSED[kind]
    with pytest.raises(DataError, match=said) as refused:
        load_file(str(written(tmp_path, content)))
    sentence = str(refused.value)
    assert sentence.startswith("own.csv: ") and "\n" not in sentence and len(sentence) < 300


def test_a_tar_archive_is_refused_also_within_gzip(tmp_path):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        archive.addfile(tarfile.TarInfo("a.csv"))
    with pytest.raises(DataError, match="it contains a tar archive; unpack it"):
        load_file(str(written(tmp_path, buffer.getvalue())))


@pytest.mark.parametrize(
    "header", ["PAR1,y", "ORC,y", "ID3,y", "GIF8,y", "BM,y", "CDF,y", "MATLAB ,y", "Rar!,y"]
)
def test_a_column_may_be_named_like_another_format(tmp_path, header):
    made = load_file(str(written(tmp_path, f"{header}\n1,2\n3,4\n")))
    assert made.input_names == (header.partition(",")[0].strip(),)


def test_rows_to_predict_are_read_like_those_to_train_with(tmp_path):
    same = [["1", "2", "3"], ["4", "5", "6"]]
    for content in (ROWS, gzip.compress(ROWS.encode()), ROWS.encode("utf-16"), "# x\n" + ROWS):
        names, rows, _ = cells_of(NewTable(written(tmp_path, content)))
        assert names == ("a", "b", "y") and rows == same
    table = NewTable(written(tmp_path, "Title\n0,1,2\n1,2,3\n4,5,6\n"), known=("0", "1"))
    assert cells_of(table) == (("0", "1", "2"), same, [3, 4])
    assert "Title" in table.notes[0]
