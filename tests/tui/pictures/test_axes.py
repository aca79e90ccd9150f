"""Ranges and ticks of round numbers."""

import math

import numpy as np
import pytest

from nn_tui.tui.drawing.chart_axes import Frame, linear_ticks, log_ticks, rounded, whole_epochs


def labels(ticks):
    return [label.strip() for _, label in ticks]


@pytest.mark.parametrize(
    ("asked", "labels"),
    [
        ((0, 1, 6), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        ((0, 0.11, 8), ["0.00", "0.02", "0.04", "0.06", "0.08", "0.10"]),
        ((0, 50, 6, True), ["0", "10", "20", "30", "40", "50"]),
        ((0, 3, 8, True), ["0", "1", "2", "3"]),
        ((0, 1_000_000, 3, True), ["0", "500,000", "1,000,000"]),
    ],
)
def test_ticks_are_round_numbers(asked, labels):
    ticks = linear_ticks(*asked)
    assert [label.strip() for _, label in ticks] == labels
    assert [at for at, _ in ticks] == pytest.approx([float(t.replace(",", "")) for t in labels])


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (-6, 0, ["1e-6", "1e-5", "1e-4", "1e-3", "1e-2", "1e-1", "1e0"]),
        (-12, 0, ["1e-12", "1e-10", "1e-8", "1e-6", "1e-4", "1e-2", "1e0"]),
        (math.log10(0.002), math.log10(0.4), ["0.003", "0.01", "0.03", "0.1", "0.3"]),
        (math.log10(0.05), math.log10(0.6), ["0.05", "0.1", "0.2", "0.5"]),
        (math.log10(0.2), math.log10(0.55), ["0.2", "0.3", "0.4", "0.5"]),
        (
            math.log10(0.0026),
            math.log10(0.0155),
            ["0.0050", "0.0075", "0.0100", "0.0125", "0.0150"],
        ),
    ],
)
def test_ticks_of_a_logarithmic_axis_are_round_numbers_at_their_logarithms(low, high, expected):
    ticks = log_ticks(low, high, 7)
    assert labels(ticks) == expected
    assert [10**at for at, _ in ticks] == pytest.approx([float(label) for label in expected])


def test_within_a_narrow_logarithmic_range_there_are_ticks_too():
    ticks = log_ticks(math.log10(0.1210), math.log10(0.1234), 6)
    assert len(ticks) >= 2
    assert all(0.1209 < float(label) < 0.1235 for _, label in ticks)


def test_a_quarter_is_not_called_a_fifth():
    assert labels(linear_ticks(0, 1, 5)) == ["0.00", "0.25", "0.50", "0.75", "1.00"]


@pytest.mark.parametrize("last", [1, 2, 3, 7, 11, 50, 51, 601, 9_999, 10_001, 12_345_678])
def test_all_epochs_fit_and_fill_most_of_the_width(last):
    first, end = whole_epochs(last)
    assert first == 0
    assert last <= end <= max(last * 1.34, last + 1)
    assert end == int(end)


def test_the_range_of_epochs_changes_seldom_while_a_run_grows():
    ends = {whole_epochs(last)[1] for last in range(1_000, 10_001)}
    assert len(ends) <= 11


@pytest.mark.parametrize(("low", "high"), [(0, 0.11), (0.0213, 0.0298), (-7.31, -0.4), (3, 900)])
def test_a_range_is_round_and_little_wider_than_asked(low, high):
    start, stop = rounded(low, high)
    assert start <= low < high <= stop
    assert stop - start <= 1.4 * (high - low)
    # Growing to twice its size it changes a few times only.
    wider = np.linspace(high - low, 2 * (high - low), 1_000)
    assert len({rounded(low, low + width) for width in wider}) <= 12


@pytest.mark.parametrize("value", [0.0, 1.0, 1e-320, 1.7e308])
def test_a_range_around_a_single_value_has_room(value):
    start, stop = rounded(value, value)
    assert start < stop
    assert start <= value <= stop


def test_columns_and_epochs_lead_to_each_other():
    for epochs in ((0.0, 50.0), (0.0, 20_000.0), (37.0, 61.0)):
        frame = Frame(8, 1, 92, 17, epochs)
        assert frame.column(epochs[0]) == 0
        assert frame.column(epochs[1]) == 91
        if frame.epochs_per_column > 1:
            assert all(frame.column(frame.epoch(column)) == column for column in range(92))
        else:
            every = np.arange(epochs[0], epochs[1] + 1)
            assert all(frame.epoch(frame.column(epoch)) == epoch for epoch in every)
