"""Curves on the dots of a picture."""

import math

import numpy as np
import pytest

from nn_tui.tui.drawing.chart_axes import Frame
from nn_tui.tui.drawing.curve_sampling import Points, dotted, smoothed


def points(values, first=0, every=1):
    epochs = first + every * np.arange(len(values), dtype=float)
    values = np.asarray(values, float)
    return Points(epochs, epochs, values, values)


def frame(first, last, columns=40):
    return Frame(8, 1, columns, 10, (float(first), float(last)))


def test_few_points_are_joined_by_straight_lines():
    dots = dotted(points([0.0, 1.0, 0.0]), frame(0, 2), log=False)
    assert len(dots) == 80
    peak = int(np.nanargmax(dots))
    assert 38 <= peak <= 41
    assert np.allclose(np.diff(dots[:39]), 1 / 39.5)


def test_every_point_is_met_where_there_is_room_for_it():
    values = np.random.default_rng(1).random(40)
    where = frame(0, 39)
    dots = dotted(points(values), where, log=False)
    for epoch, value in enumerate(values):
        assert dots[math.floor(where.dot(epoch) + 0.5)] == value


def test_no_extreme_of_a_crowded_column_gets_lost():
    values = np.random.default_rng(2).random(10_000)
    where = frame(0, 9_999)
    dots = dotted(points(values), where, log=False).reshape(-1, 2)
    columns = np.array([where.column(epoch) for epoch in range(10_000)])
    for column in range(40):
        there = values[columns == column]
        assert sorted(dots[column]) == [there.min(), there.max()], column


@pytest.mark.parametrize("values", [np.linspace(1, 0, 5_000), np.linspace(0, 1, 5_000)])
def test_a_steady_curve_stays_steady(values):
    dots = dotted(points(values), frame(0, 4_999), log=False)
    assert (np.sign(np.diff(dots)) == np.sign(values[-1] - values[0])).all()


def test_what_is_past_stays_as_it_was_while_the_curve_grows():
    values = np.random.default_rng(3).random(5_000)
    where = frame(0, 6_000, 60)
    before = dotted(points(values[:3_000]), where, log=False)
    after = dotted(points(values), where, log=False)
    settled = 2 * where.column(2_999)
    assert np.array_equal(before[:settled], after[:settled])
    assert np.isnan(before[settled + 2 :]).all()


def test_where_values_are_not_numbers_there_is_a_gap():
    values = np.full(30, 0.5)
    values[10:20] = np.nan
    where = frame(0, 29)
    dots = dotted(points(values), where, log=False)
    gap = slice(math.ceil(where.dot(10)), math.floor(where.dot(19)))
    assert np.isnan(dots[gap]).all()
    assert np.isfinite(dots[: math.floor(where.dot(9))]).all()
    assert np.isfinite(dots[math.ceil(where.dot(20)) :]).all()
    assert np.isnan(dotted(points([math.inf] * 5), frame(0, 4), log=False)).all()


def test_logarithms_of_nothing_are_gaps():
    dots = dotted(points([1.0, 0.1, 0.0, 0.01, 0.001]), frame(0, 4), log=True)
    assert dots[0] == 0
    assert dots[-1] == pytest.approx(-3)
    assert np.isnan(dots[40])


def test_looking_close_the_curve_comes_from_outside_and_leads_there():
    dots = dotted(points(np.arange(101.0)), frame(50.25, 50.75), log=False)
    assert dots[0] == pytest.approx(50.25)
    assert dots[-1] == pytest.approx(50.75)


def test_a_bucket_shows_all_it_covers():
    covering = Points(*(np.array(v, float) for v in ([0, 10], [9, 19], [0.2, 0.1], [0.9, 0.5])))
    dots = dotted(covering, frame(0, 19), log=False)
    assert np.nanmax(dots) == pytest.approx(0.9, abs=0.02)
    assert np.nanmin(dots) == pytest.approx(0.1, abs=0.02)


def test_the_values_at_an_epoch_are_those_of_the_point_that_covers_it():
    few = points([3.0, 2.0, 1.0], every=10)
    assert few.at(0) == (3.0, 3.0)
    assert few.at(10) == (2.0, 2.0)
    assert few.at(14) == (2.0, 2.0)
    assert few.at(16) == (1.0, 1.0)
    assert few.at(20) == (1.0, 1.0)
    assert few.at(21) is None
    buckets = Points(*(np.array(v, float) for v in ([0, 4], [3, 7], [2, 1], [9, 5])))
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
