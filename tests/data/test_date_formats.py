"""Dates as people write them: a whole column has one order of day and month."""

from datetime import date

import numpy as np
import pytest

from nn_tui.data.readers.date_formats import date_parts, date_text, read_dates, varying_parts

DAY = date(2024, 1, 31).toordinal()


def read(*cells, preferred=""):
    return read_dates(cells, np.ones(len(cells), int), preferred)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2024-01-31", DAY),
        ("2024/1/31", DAY),
        ("31.1.2024", DAY),
        ("31/01/24", DAY),
        ("1/31/2024", DAY),
        ("31 Jan 2024", DAY),
        ("31-Jan-24", DAY),
        ("31. January 2024", DAY),
        ("January 31, 2024", DAY),
        ("Jan 31st 2024", DAY),
        ("2024-01", DAY - 30),
        ("2024-01-31 06:00", DAY + 0.25),
        ("2024-01-31T18:00:00Z", DAY + 0.75),
        ("2024-01-31 18:00:00.000+01:00", DAY + 0.75),
        ("1/31/2024 6:00 PM", DAY + 0.75),
        ("31.1.2024, 12:00", DAY + 0.5),
    ],
)
def test_a_date_is_read_however_it_is_written(cell, day):
    assert read(cell).days.tolist() == [day]


@pytest.mark.parametrize(
    "cell", ["2024-02-30", "13/13/2024", "31 Foo 2024", "2024-01-31 25:00", "x"]
)
def test_other_cells_are_no_dates(cell):
    assert np.isnan(read(cell).days).all()


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (("1/2/2024", "13/2/2024"), "dmy"),
        (("1/2/2024", "2/13/2024"), "mdy"),
        (("2024-01-02", "2024-03-04"), "ymd"),
    ],
)
def test_a_day_above_twelve_tells_the_order(cells, order):
    found = read(*cells)
    assert found.order == order and not found.ambiguous and np.isfinite(found.days).all()


def test_without_one_it_is_the_order_in_which_the_rows_are_sorted():
    found = read("1/2/2024", "1/3/2024", "2/1/2024", "2/5/2024")
    assert found.order == "mdy" and found.ambiguous


def test_or_that_of_the_model_or_the_day_first():
    assert read("1/2/2024", "3/1/2024", "2/5/2024").order == "dmy"
    assert read("1/2/2024", "3/1/2024", "2/5/2024", preferred="mdy").order == "mdy"
    assert read("13/2/2024", preferred="mdy").order == "dmy"


def test_parts_are_as_pythons_own():
    days = read("2024-01-31 18:30", "2023-12-04").days
    parts = date_parts(np.append(days, np.nan))
    assert parts["weekday"][:2].tolist() == [date(2024, 1, 31).weekday(), 0]
    assert parts["month"][:2].tolist() == [1, 12]
    assert parts["hour"][:2].tolist() == [18, 0]
    assert all(np.isnan(values[2]) for values in parts.values())


@pytest.mark.parametrize(
    ("cells", "parts"),
    [
        (("2024-01-01", "2024-01-02"), ("weekday",)),
        (("2024-01-01", "2024-02-02"), ("weekday", "month")),
        (("2024-01-01", "2024-02-01", "2024-03-01"), ("month",)),
        (("2020-01-01", "2021-01-01", "2022-01-01"), ()),
        (("2024-01-01 01:00", "2024-01-01 02:00"), ("hour",)),
    ],
)
def test_parts_that_vary_are_found(cells, parts):
    assert varying_parts(read(*cells).days) == parts


@pytest.mark.parametrize("text", ["2024-01-31", "2024-01-31 06:05", "1999-12-31 23:59:59"])
def test_a_day_is_written_as_it_is_read(text):
    assert date_text(float(read(text).days[0])) == text
