"""Axes: round values on whole rows, evenly spaced epochs, and ranges that rarely change."""

import math
from itertools import pairwise

import numpy as np
import pytest

from nn_tui.tui.drawing import value_axis
from nn_tui.tui.drawing.epoch_axis import ChartFrame, full_range
from nn_tui.tui.drawing.value_axis import centred_axis, linear_axis, log_axis, prefers_log

HALF_A_DOT = 0.56


def ranges(count=400, least=1e-3):
    """Random ranges of values above 0, with a height."""
    random = np.random.default_rng(7)
    for _ in range(count):
        low = 10 ** random.uniform(-250, 250)
        high = low * 10 ** random.uniform(0, random.choice([least, 1, 3, 10]))
        yield low, high, int(random.integers(2, 60))


def labels(axis):
    return [label for _, label in axis.ticks]


@pytest.mark.parametrize(
    ("low", "high", "rows", "expected"),
    [
        (0, 0.11, 13, ["0.00", "0.02", "0.04", "0.06", "0.08", "0.10", "0.12"]),
        (0, 1, 5, ["0.0", "0.5", "1.0"]),
        (0, 2e-5, 11, ["0", "1e-5", "2e-5"]),
        (0, 3e7, 11, ["0", "1e7", "2e7", "3e7"]),
        (31, 100, 13, ["25", "50", "75", "100"]),
    ],
)
def test_ticks_of_a_linear_axis_are_round_numbers(low, high, rows, expected):
    assert labels(linear_axis(low, high, rows)) == expected


@pytest.mark.parametrize(
    ("low", "high", "rows"), [(-1.06, 1.06, 15), (-1.06, 1.06, 9), (3, 8, 20), (-1e9, 2e9, 12)]
)
def test_a_centred_axis_has_the_range_in_the_middle_of_its_rows(low, high, rows):
    axis = centred_axis(low, high, rows)
    bottom, top = axis.dots(np.array([low, high])) / 4
    assert abs(bottom - (rows - top)) <= 1.1
    assert top - bottom > 0.55 * rows
    assert len(axis.ticks) >= 3


@pytest.mark.parametrize(
    ("low", "high", "rows", "expected"),
    [
        (2e-6, 0.9, 14, ["1e-6", "1e-5", "1e-4", "0.001", "0.01", "0.1", "1"]),
        (0.004, 0.6, 14, ["3e-4", "0.001", "0.003", "0.01", "0.03", "0.1", "0.3"]),
        (0.012, 0.6, 15, ["0.01", "0.02", "0.05", "0.1", "0.2", "0.5"]),
        (0.05, 0.9, 5, ["0.05", "0.1", "0.2", "0.5", "1"]),
        (1e-9, 2e6, 8, ["1e-10", "1e-5", "1", "1e5"]),
    ],
)
def test_ticks_of_a_logarithmic_axis_are_powers_of_ten_and_what_falls_on_rows(
    low, high, rows, expected
):
    assert labels(log_axis(low, high, rows)) == expected


@pytest.mark.parametrize("axis_of", [linear_axis, centred_axis, log_axis])
def test_a_tick_is_on_a_row_whose_middle_is_its_value(axis_of):
    for low, high, rows in ranges():
        axis = axis_of(low, high, rows)
        values = np.array([float(label) for label in labels(axis)])
        middles = np.array([4 * row + 1.5 for row, _ in axis.ticks])
        off = HALF_A_DOT if axis.log else 1e-3
        assert np.abs(axis.dots(values) - middles).max() <= off, (low, high, rows)
        assert all(0 <= row < rows for row, _ in axis.ticks)
        assert len({row for row, _ in axis.ticks}) == len(axis.ticks) > 1


@pytest.mark.parametrize("axis_of", [linear_axis, log_axis])
def test_the_whole_range_is_on_the_axis_and_fills_most_of_it(axis_of):
    for low, high, rows in ranges():
        axis = axis_of(low, high, rows)
        bottom, top = axis.dots(np.array([low, high]))
        assert -0.01 <= bottom <= top <= 4 * rows - 1.2, (low, high, rows)
        if high > 20 * low and rows > 4:
            assert top - bottom > 4 * rows / 3, (low, high, rows)


@pytest.mark.parametrize("rows", [7, 8, 13])
def test_three_ticks_tell_the_scale_also_in_a_low_chart(rows):
    for high in np.geomspace(0.1, 1, 200):
        assert len(linear_axis(0.0, high, rows).ticks) >= 3, high


def test_nothing_is_below_the_tick_of_zero():
    for _, high, rows in ranges():
        axis = linear_axis(0.0, high, rows)
        assert labels(axis)[0].strip("0.") == ""
        assert axis.ticks[0][0] == 0
        assert axis.dots(np.array([0.0]))[0] == 1.5


@pytest.mark.parametrize("value", [1e-320, 0.5, 3.0, 1e308])
@pytest.mark.parametrize("axis_of", [linear_axis, log_axis])
def test_a_single_value_is_in_the_middle(axis_of, value):
    (at,) = axis_of(value, value, 13).dots(np.array([value]))
    assert 4 * 13 / 4 < at < 4 * 13 * 3 / 4


def test_the_axis_becomes_logarithmic_from_a_ratio_of_50_and_linear_again_below_20():
    assert not prefers_log(0.01, 0.49, was_log=False)
    assert prefers_log(0.01, 0.5, was_log=False)
    assert prefers_log(0.01, 0.21, was_log=True)
    assert not prefers_log(0.01, 0.19, was_log=True)
    assert not prefers_log(0.0, 1.0, was_log=True)
    assert not prefers_log(-1.0, 100.0, was_log=False)


@pytest.mark.parametrize("rows", [5, 13, 25])
def test_an_axis_rarely_changes_while_a_curve_grows_tenfold(rows):
    growing = np.geomspace(1, 10, 2_000)
    assert len({linear_axis(0.0, high, rows) for high in growing}) <= 24
    assert len({log_axis(0.01 / low, 0.7, rows) for low in growing}) <= 12


def test_a_loss_that_falls_in_every_epoch_seldom_asks_for_another_logarithmic_axis():
    value_axis._wide_axis.cache_clear()
    for low in np.geomspace(0.01, 0.001, 1_000):
        log_axis(low, 0.7, 13)
    assert value_axis._wide_axis.cache_info().misses <= 65


@pytest.mark.parametrize("last", [1, 2, 3, 7, 11, 50, 51, 601, 9_999, 10_001, 12_345_678])
def test_all_epochs_fit_and_fill_most_of_the_width(last):
    first, end = full_range(last)
    assert first == 0
    assert last <= end <= max(last * 1.34, last + 1)
    assert end == int(end)


def test_the_range_of_epochs_changes_seldom_while_a_run_grows():
    ends = {full_range(last)[1] for last in range(1_000, 10_001)}
    assert len(ends) <= 11


EPOCHS = [(0, 1), (0, 3), (0, 50), (0, 600), (0, 60_000), (0, 12e6), (37, 61), (475, 975)]


@pytest.mark.parametrize("epochs", EPOCHS)
@pytest.mark.parametrize("columns", [20, 55, 92, 140])
def test_ticks_of_epochs_are_whole_columns_and_as_far_apart(epochs, columns):
    frame = ChartFrame.showing(8, 1, columns, 17, tuple(map(float, epochs)))
    ticks = frame.ticks()
    assert ticks
    dots = [frame.dot(epoch) for epoch in ticks]
    assert np.allclose(np.mod(np.array(dots) + 1e-6, 2), 0, atol=1e-5)
    assert len({round(b - a) for a, b in pairwise(dots)}) <= 1
    assert all(epoch == round(epoch) for epoch in ticks)
    assert 0 <= frame.column(epochs[0]) < 2
    assert 0.55 * columns < frame.column(epochs[1]) < columns


@pytest.mark.parametrize("last", [10, 50, 600, 5_000, 60_000, 1_000_000])
@pytest.mark.parametrize("columns", [92, 140])
def test_ticks_of_epochs_are_about_16_columns_apart(last, columns):
    frame = ChartFrame.showing(8, 1, columns, 17, (0.0, float(last)))
    apart = [b - a for a, b in pairwise(map(frame.column, frame.ticks()))]
    assert 8 <= min(apart) <= max(apart) <= 28


@pytest.mark.parametrize("epochs", EPOCHS)
def test_columns_and_epochs_lead_to_each_other(epochs):
    frame = ChartFrame.showing(8, 1, 92, 17, tuple(map(float, epochs)))
    if frame.epochs_per_column > 1:
        assert all(frame.column(frame.epoch(column)) == column for column in range(92))
    else:
        every = range(math.ceil(epochs[0]), math.floor(epochs[1]) + 1)
        assert all(frame.epoch(frame.column(epoch)) == epoch for epoch in every)
