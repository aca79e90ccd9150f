"""Curves on the dot columns of a picture."""

import math

import numpy as np
import pytest

from nn_tui.tui.drawing.curve_sampling import SampledCurve, interpolated, sample_columns, smoothed
from nn_tui.tui.drawing.epoch_axis import ChartFrame


def points(values, first=0, every=1):
    epochs = first + every * np.arange(len(values), dtype=float)
    values = np.asarray(values, float)
    return SampledCurve(epochs, epochs, values, values, values)


def frame(first, last, columns=40):
    return ChartFrame.showing(8, 1, columns, 10, (float(first), float(last)))


def line(curve, where):
    sample = sample_columns(curve, where)
    return interpolated(sample, sample.middle, 2 * where.columns)


def test_few_points_are_joined_by_straight_lines():
    where = frame(0, 2)
    dots = line(points([0.0, 1.0, 0.0]), where)
    assert len(dots) == 80
    peak = math.floor(where.dot(1) + 0.5)
    assert np.nanargmax(dots) == peak
    assert np.allclose(np.diff(dots[:peak]), 1 / where.dot(1))


def test_every_point_is_met_where_there_is_room_for_it():
    values = np.random.default_rng(1).random(40)
    where = frame(0, 39)
    dots = line(points(values), where)
    for epoch, value in enumerate(values):
        assert dots[math.floor(where.dot(epoch) + 0.5)] == value


@pytest.mark.parametrize("epochs", [300, 10_000])
def test_a_crowded_dot_column_has_the_extremes_and_the_median_of_its_points(epochs):
    values = np.random.default_rng(2).random(epochs)
    values[::7] = np.nan
    where = frame(0, epochs - 1)
    sample = sample_columns(points(values), where)
    at = np.array([math.floor(where.dot(epoch) + 0.5) for epoch in range(epochs)])
    assert len(set(at)) == len(sample.column)
    for k, column in enumerate(sample.column):
        there = np.sort(values[(at == column) & np.isfinite(values)])
        assert (sample.low[k], sample.high[k]) == (there[0], there[-1]), column
        assert sample.middle[k] == there[(len(there) - 1) // 2], column


def test_where_most_points_share_one_dot_column_their_median_is_as_exact():
    epochs = np.concatenate([np.arange(2_048.0), 2_048 + 500.0 * np.arange(2_000)])
    values = np.random.default_rng(5).random(len(epochs))
    where = frame(0, 1_000_000)
    sample = sample_columns(SampledCurve(epochs, epochs, values, values, values), where)
    at = np.floor(where.start + epochs / where.epochs_per_column * 2 + 0.5)
    first = np.sort(values[at == 0])
    assert len(first) > 500
    assert sample.middle[0] == first[(len(first) - 1) // 2]


@pytest.mark.parametrize("values", [np.linspace(1, 0, 5_000), np.linspace(0, 1, 5_000)])
def test_a_steady_curve_stays_steady(values):
    dots = line(points(values), frame(0, 4_999))
    steps = np.diff(dots[np.isfinite(dots)])
    assert (np.sign(steps) == np.sign(values[-1] - values[0])).all()


def test_what_is_past_stays_as_it_was_while_the_curve_grows():
    values = np.random.default_rng(3).random(5_000)
    where = frame(0, 6_000, 60)
    before, after = (line(points(v), where) for v in (values[:3_000], values))
    settled = 2 * where.column(2_999)
    assert np.array_equal(before[:settled], after[:settled])
    assert np.isnan(before[settled + 2 :]).all()


def test_where_values_are_not_numbers_there_is_a_gap():
    values = np.full(30, 0.5)
    values[10:20] = np.nan
    where = frame(0, 29)
    dots = line(points(values), where)
    gap = slice(math.ceil(where.dot(10)), math.floor(where.dot(19)))
    assert np.isnan(dots[gap]).all()
    assert np.isfinite(dots[: math.floor(where.dot(9))]).all()
    assert np.isfinite(dots[math.ceil(where.dot(20)) : math.floor(where.dot(29))]).all()
    assert np.isnan(line(points([math.inf] * 5), frame(0, 4))).all()


def test_a_point_between_two_gaps_is_seen():
    where = frame(0, 4)
    dots = line(points([math.nan, 1.0, math.nan, math.nan, 2.0]), where)
    assert sorted(dots[np.isfinite(dots)]) == [1.0, 2.0]


def test_looking_close_the_curve_comes_from_outside_and_leads_there():
    dots = line(points(np.arange(0, 1010.0, 10), every=10), frame(503, 507))
    assert np.isfinite(dots).all()
    assert dots[0] == pytest.approx(503, abs=0.2)
    assert 507 <= dots[-1] < 508


def test_a_bucket_shows_all_it_covers():
    columns = ([0, 10], [9, 19], [0.2, 0.1], [0.5, 0.3], [0.9, 0.5])
    covering = SampledCurve(*(np.array(v, float) for v in columns))
    sample = sample_columns(covering, frame(0, 19))
    assert sample.low.tolist() == [0.2, 0.1]
    assert sample.middle.tolist() == [0.5, 0.3]
    assert sample.high.tolist() == [0.9, 0.5]


def test_the_values_at_an_epoch_are_those_of_the_point_that_covers_it():
    few = points([3.0, 2.0, 1.0], every=10)
    assert few.at(0) == (3.0, 3.0)
    assert few.at(10) == (2.0, 2.0)
    assert few.at(14) == (2.0, 2.0)
    assert few.at(16) == (1.0, 1.0)
    assert few.at(20) == (1.0, 1.0)
    assert few.at(21) is None
    buckets = SampledCurve(*(np.array(v, float) for v in ([0, 4], [3, 7], [2, 1], [3, 2], [9, 5])))
    assert buckets.at(3) == (2, 9)
    assert buckets.at(4) == (1, 5)


def test_a_stop_is_an_epoch_that_has_a_value():
    few = points([3.0, 2.0, 1.0], first=5, every=10)
    assert [few.stop(epoch, 1) for epoch in (0, 5, 6, 15, 16, 25, 99)] == [5, 5, 15, 15, 25, 25, 25]
    assert [few.stop(epoch, -1) for epoch in (0, 5, 6, 14, 15, 24)] == [5, 5, 5, 5, 15, 15]


def test_smoothing_takes_the_noise_and_leaves_the_level():
    noise = np.random.default_rng(4).normal(0, 0.1, 400)
    smooth = smoothed(1.0 + noise, 8.0)
    assert abs(smooth - 1).max() < abs(noise).max() / 2
    assert smooth.std() < noise.std() / 3
    assert np.allclose(smoothed(np.full(100, 0.25), 5.0), 0.25)


def test_smoothing_leaves_gaps_and_is_not_touched_by_them():
    values = np.full(100, 2.0)
    values[40:60] = np.nan
    smooth = smoothed(values, 5.0)
    assert np.isnan(smooth[40:60]).all()
    assert np.allclose(smooth[:40], 2.0)
    assert np.allclose(smooth[60:], 2.0)
