"""Numbers as people write them: a whole column is in one format."""

import numpy as np
import pytest

from nn_tui.data.readers.number_formats import read_numbers


def read(*cells, decimal="."):
    return read_numbers(cells, np.ones(len(cells), int), decimal)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("$1,200.50", 1200.5),
        ("€ 12", 12),
        ("12 €", 12),
        ("£-3", -3),
        ("-£3", -3),
        ("USD 7", 7),
        ("10%", 10),
        ("10 %", 10),
        ("-2.5%", -2.5),
        ("1,234,567", 1234567),
        ("1'234.5", 1234.5),
        ("1’234", 1234),
        ("1 234", 1234),
        ("1\u00a0234.5", 1234.5),
        ("1\u202f234", 1234),
        ("(5)", -5),
        ("($5.25)", -5.25),
        ("$(5)", -5),
        ("5-", -5),
        ("−5", -5),
        ("–0.5", -0.5),
        ("1.5D+03", 1500),
        ("1d-2", 0.01),
        ("2.5e3", 2500),
        ("+4", 4),
        (".5", 0.5),
    ],
)
def test_a_number_is_read_however_it_is_written(cell, value):
    assert read(cell).values.tolist() == [value]


@pytest.mark.parametrize(
    "cell",
    [
        "x",
        "(5",
        "5)",
        "-(5)",
        "--5",
        "1_000",
        "1,23,4",
        "12 3",
        "5 apples",
        "$",
        "%",
        "$5%",
        "1.2.3",
    ],
)
def test_other_cells_are_no_numbers(cell):
    found = read(cell)
    assert np.isnan(found.values).all() and not found.like.any()


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (("1,5", "2,25"), (1.5, 2.25)),
        (("1,200", "1,5"), (1.2, 1.5)),
        (("1.234,5", "7"), (1234.5, 7)),
        (("1.234", "2,5"), (1234, 2.5)),
        (("1.200.000", "3"), (1200000, 3)),
        (("0,125", "0,250"), (0.125, 0.25)),
        (("1,200", "2,400.5"), (1200, 2400.5)),
    ],
)
def test_the_column_tells_decimal_commas_from_commas_between_thousands(cells, values):
    found = read(*cells)
    assert tuple(found.values) == values and not found.ambiguous and found.conflict is None


@pytest.mark.parametrize(("decimal", "value"), [(".", 1200), (",", 1.2)])
def test_where_it_cannot_the_file_decides_and_that_is_told(decimal, value):
    found = read("1,200", "3,400", decimal=decimal)
    assert found.values[0] == value and found.ambiguous


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (("1.5", "2.5", "2,25"), "'2,25' has no decimal point"),
        (("10%", "20%", "0.5"), "'0.5' has no percent sign, unlike '10%'"),
        (("$5", "$6", "€7"), "'€7' is of another unit than '$5'"),
    ],
)
def test_a_number_in_another_format_than_the_others_is_a_conflict(cells, said):
    place, why = read(*cells).conflict
    assert place == 2 and said in why


def test_some_currency_signs_may_lack_and_a_zero_needs_no_percent_sign():
    assert read("$5", "6").conflict is None
    assert read("5%", "0").conflict is None


def test_the_most_frequent_format_wins():
    found = read_numbers(("1.5", "1,5"), np.array([1, 9]), ".")
    assert found.format.decimal == "," and np.isnan(found.values[0])
