"""The loss of every epoch, drawn."""

import math

import numpy as np
import pytest

from nn_tui.tui.drawing.chart_view import ChartView, Window
from nn_tui.tui.drawing.strips import changed_spans
from tests.tui.pictures.drawing import (
    LINEAR,
    LOG,
    lines,
    loss,
    snapshot,
    text,
)
from tests.tui.pictures.losses import TEST, TRAIN, curve, inked


def test_before_the_first_epoch_it_says_what_will_be_there_and_which_key_brings_it():
    drawn = text(loss, snapshot(epochs=0), 60, 10)
    assert "train 0.109859" in drawn
    assert "press space to train, s for one epoch" in " ".join(drawn.split())


def test_a_falling_loss_falls_from_left_to_right():
    strips = loss(curve(np.linspace(1, 0, 200)), 70, 20)
    points = inked(strips[1:], TRAIN)
    assert min(x for x, _ in points) < 12
    assert max(x for x, _ in points) > 66
    for (x, y), (_, below) in zip(sorted(points), sorted(points)[1:], strict=False):
        assert below >= y - 1, x
    left = [y for x, y in points if x < 15]
    right = [y for x, y in points if x > 65]
    assert max(left) < 6 < 14 < min(right)


def test_train_and_test_are_told_apart_and_told_in_the_legend():
    seen = curve(np.full(50, 0.25), np.full(50, 0.75))
    strips = loss(seen, 70, 20)
    assert "train 0.250000" in strips[0].text
    assert "test 0.750000" in strips[0].text
    train, test = inked(strips[1:], TRAIN), inked(strips[1:], TEST)
    assert train
    assert test
    assert max(y for _, y in test) < min(y for _, y in train)


def test_axes_tell_epochs_and_losses():
    drawn = lines(loss, curve(np.linspace(0.8, 0.1, 1001)), 90, 20)
    axis = drawn[-1].split()
    assert axis[:2] == ["epoch", "0"]
    assert axis[-1] == "1,000"
    labels = [line.split("┤")[0].strip() for line in drawn if "┤" in line]
    assert labels == sorted(labels, reverse=True)
    assert labels[-1].rstrip("0.") == ""
    assert float(labels[0]) <= 0.8


def test_a_logarithmic_axis_makes_a_line_of_an_exponential():
    seen = curve(10.0 ** np.linspace(0, -6, 300))
    points = sorted(inked(loss(seen, 80, 30, view=LOG)[1:], TRAIN))
    slopes = np.polyfit([x for x, _ in points], [y for _, y in points], 1)
    away = [abs(y - np.polyval(slopes, x)) for x, y in points]
    assert max(away) < 1.5
    assert "1e-3" in text(loss, seen, 80, 30, view=LOG)


def test_numbers_that_are_none_are_gaps():
    seen = curve([0.5] * 40 + [math.nan] * 40 + [0.5] * 40)
    columns = {x for x, _ in inked(loss(seen, 130, 12)[1:], TRAIN)}
    gap = [x for x in range(60, 75) if x in columns]
    assert not gap
    assert min(columns) < 30
    assert max(columns) > 110


def test_where_no_loss_is_a_number_it_says_so():
    assert "No loss is a number" in text(loss, curve([math.nan] * 5), 60, 12)
    assert "No loss is a number" in text(loss, curve([math.inf] * 5), 60, 12)
    assert "No loss is a number" in text(loss, curve([0.0] * 5), 60, 12, view=LOG)


@pytest.mark.parametrize(
    "values",
    [
        [0.5, 0.5, 0.5],
        [0.0, 0.0],
        [1e308, 1e307, 1e306],
        [1e-300, 2e-300, 1e-301],
        [5e-324, 1e-323],
        [1e300, 1e-300],
        [math.inf, 1.0, 0.5],
        [1 + 1e-16, 1.0, 1 - 1e-16],
        list(range(10_000)),
    ],
    ids=lambda values: str(values[:3]),
)
@pytest.mark.parametrize("view", [LINEAR, LOG], ids=["linear", "log"])
def test_losses_of_any_size_are_drawn(values, view):
    for size in ((20, 4), (60, 12), (160, 50)):
        strips = loss(curve(values), *size, view=view)
        assert all(strip.cell_length == size[0] for strip in strips)
        assert len(strips) <= size[1]


def test_a_jump_within_a_column_shows_from_its_smallest_to_its_largest():
    values = np.full(10_000, 0.1)
    values[5000] = 0.9
    seen = curve(values)
    points = inked(loss(seen, 70, 20)[1:], TRAIN)
    tall = max(
        {
            x: max(y for a, y in points if a == x) - min(y for a, y in points if a == x)
            for x, _ in points
        }.values()
    )
    assert tall >= 12


@pytest.mark.parametrize("size", [(11, 10), (40, 3), (40, 1)])
def test_without_room_for_a_chart_the_numbers_remain(size):
    drawn = lines(loss, curve([0.5, 0.25]), *size)
    assert drawn[0].startswith("━ train 0.2"[: size[0]])


def test_while_a_run_grows_only_the_end_of_its_curve_changes():
    losses = 0.5 + 0.3 * np.random.default_rng(5).random(700)
    for view in (LINEAR, LOG, ChartView(window=Window(200))):
        changed = 0
        for epochs in range(652, 692):
            seen = [curve(losses[:count]) for count in (epochs, epochs + 1)]
            before, after = (loss(each, 100, 20, view=view)[1:] for each in seen)
            spans = [
                stop - start
                for old, new in zip(before, after, strict=True)
                for start, stop in changed_spans(old, new)
            ]
            changed += sum(spans)
        assert changed < 40 * 8, view
