"""Delimiters, decimal signs and rows of names, recognised from the first lines."""

import pytest

from nn_tui.data.readers.table_head import read_head


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,b\n1,2\n", (",", ".", True)),
        ("1,2\n3,4\n", (",", ".", False)),
        ("a;b\n1,5;2,5\n", (";", ",", True)),
        ("1,5;2\n3;4,5\n", (";", ",", False)),
        ("1.5;2\n3;4.5\n", (";", ".", False)),
        ("1,5\t2\n3\t4,5\n", ("\t", ",", False)),
        ("a|b\n1|2\n", ("|", ".", True)),
        ("a\tb c\n1\t2;3\n", ("\t", ".", True)),
        ('"x;1",y\n"1;2",3\n', (",", ".", True)),
        ("name;city\nSmith, John;Paris, France\nDoe, Jane;Rome, Italy\n", (";", ".", True)),
        ("a;b,1\nc;d,2\n", (",", ".", False)),
        ("sep=,\na;b,1\n", (",", ".", False)),
        ("5.1,3.5,setosa\n4.9,3,setosa\n", (",", ".", False)),
        ("size,kind\n5.1,setosa\n", (",", ".", True)),
        (",x,y\n0,1,2\n", (",", ".", True)),
        ("?,NA,\n1,2,3\n", (",", ".", False)),
        ("x;y\n1;2\n3;4,5\n6;7.5\n8;1,5\n", (";", ",", True)),
        ("a,b\n1,2\n3,4,5\n6,7\n8,9\n", (",", ".", True)),
    ],
)
def test_recognised(text, expected):
    head = read_head(text.splitlines(keepends=True), "text")
    assert (head.dialect.delimiter, head.dialect.decimal, head.names is not None) == expected
