"""The loss of every epoch, drawn."""

import math
from dataclasses import replace

import numpy as np
import pytest

from nn_tui.training.edits import ParameterEdit, RecipeEdit
from nn_tui.training.history import Curve
from nn_tui.training.pin import Pin
from nn_tui.training.run import Place, Run
from nn_tui.training.trace import Trace
from nn_tui.tui.pictures.chart_view import ChartView, Window
from nn_tui.tui.pictures.loss_chart import LossChart
from nn_tui.tui.strips import changed_spans
from tests.tui.pictures.drawing import DARK_PALETTE, LINEAR, LOG, cells, lines, loss, snapshot, text


def curve(train, test=None):
    """A snapshot whose loss went this way; with ``test``, some samples were held back."""
    train = np.asarray(train, float)
    held = np.full(len(train), np.nan) if test is None else np.asarray(test, float)
    epochs = np.arange(len(train), dtype=float)
    return replace(
        snapshot(),
        epoch=len(train) - 1,
        losses=Curve(epochs, epochs, train, train, held, held),
        train_loss=float(train[-1]),
        test_loss=None if test is None else float(held[-1]),
    )


def inked(strips, ink):
    """Column and line of all cells of that colour with dots in them."""
    return [
        (x, y)
        for y, strip in enumerate(strips)
        for x, (character, colour, _) in enumerate(cells(strip))
        if colour == ink and 0x2800 < ord(character) < 0x2900
    ]


TRAIN, TEST = DARK_PALETTE.train.color.name, DARK_PALETTE.test.color.name


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


# The crosshair


def crosshair(seen, epoch, width=100, height=20, pins=(), **view):
    view = ChartView(crosshair=epoch, **view)
    return lines(loss, seen, width, height, view=view, pins=pins)


def pin(label, train, test=None, trace=None):
    seen = replace(curve(train, test), trace=trace)
    return Pin(label, seen, Place(Run(label, seen.recipe, seen.dataset), seen.epoch))


def test_the_crosshair_reads_every_curve_at_its_epoch():
    seen = curve(np.linspace(1, 0, 101), np.linspace(2, 1, 101))
    pins = (pin("slow", np.linspace(4, 3, 51), np.linspace(6, 5, 51)), pin("short", [0.5, 0.25]))
    drawn = crosshair(seen, 25, pins=pins, width=120)
    legend = " ".join(" ".join(drawn[:2]).split())
    assert "train 0.750000" in legend
    assert "test 1.750000" in legend
    assert "slow 3.500000 ╍ 5.500000" in legend
    assert "short -" in legend
    assert "25" in drawn[-1].split()


def test_a_column_of_the_crosshair_is_that_of_its_epoch():
    seen = curve(np.linspace(1, 0, 101))
    drawn = crosshair(seen, 0)
    assert drawn[-2].index("┴") == 8
    drawn = crosshair(seen, 100)
    assert drawn[-2].index("┴") == 99
    upright = [line[99] for line in drawn[1:-2]]
    assert upright.count("│") == len(upright) - 1


def test_where_a_point_covers_many_epochs_the_crosshair_tells_their_range():
    first = np.arange(0, 100, 10.0)
    nothing = np.full(10, np.nan)
    low, high = np.linspace(1, 0.1, 10), np.linspace(2, 1.1, 10)
    buckets = Curve(first, first + 9, low, high, nothing, nothing)
    seen = replace(curve(np.zeros(100)), losses=buckets)
    assert "train 0.900000…1.900000" in crosshair(seen, 15)[0]


def test_the_crosshair_stops_where_a_loss_was_computed():
    seen = curve(np.linspace(1, 0, 11))
    epochs = np.arange(11) * 10.0
    seen = replace(seen, epoch=100, losses=replace(seen.losses, first=epochs, last=epochs))
    chart = LossChart(seen, (), ChartView(), 100, 20, DARK_PALETTE)
    assert chart.start == 100
    assert chart.stop(51, 1) == 60
    assert chart.stop(59, -1) == 50


def test_in_a_window_elsewhere_the_crosshair_begins_in_its_middle():
    seen = curve(np.linspace(1, 0, 1001))
    chart = LossChart(seen, (), ChartView(window=Window(100, 300)), 100, 20, DARK_PALETTE)
    assert 240 <= chart.start <= 260


def test_the_label_of_the_crosshair_is_never_cut_off_nor_runs_into_another():
    seen = curve(np.linspace(1, 0, 100_001))
    for epoch in (0, 700, 50_000, 99_000, 100_000):
        for width in (20, 40, 100):
            labels = crosshair(seen, epoch, width)[-1].split()
            assert f"{epoch:,}" in labels
            assert all(label == "epoch" or int(label.replace(",", "")) >= 0 for label in labels)


# Zoom and smoothing


def test_a_window_shows_its_epochs_only_and_fits_their_losses():
    seen = curve(np.r_[np.full(900, 5.0), np.linspace(0.02, 0.01, 101)])
    drawn = lines(loss, seen, 90, 20, view=ChartView(window=Window(100, 1000)))
    epochs = [int(label.replace(",", "")) for label in drawn[-1].split()[1:]]
    assert (epochs[0], epochs[-1]) == (900, 1000)
    labels = [float(line.split("┤")[0]) for line in drawn if "┤" in line]
    assert 0.005 < min(labels) < max(labels) < 0.03
    points = inked(loss(seen, 90, 20, view=ChartView(window=Window(100, 1000)))[1:], TRAIN)
    assert (min(x for x, _ in points), max(x for x, _ in points)) == (8, 89)


def test_a_window_without_numbers_says_how_to_leave_it():
    seen = curve(np.r_[np.full(50, 0.5), np.full(50, np.nan)])
    drawn = text(loss, seen, 60, 12, view=ChartView(window=Window(20, 90)))
    assert "No loss is a number in these epochs; 0 shows all." in drawn


def test_smoothing_keeps_what_was_measured_in_sight_behind():
    noise = np.random.default_rng(1).random(400)
    seen = curve(0.5 + 0.4 * noise)
    raw = DARK_PALETTE.fainter(DARK_PALETTE.train, 0.4).color.name
    plain = loss(seen, 90, 30)
    smooth = loss(seen, 90, 30, view=ChartView(strength=2))
    assert not inked(plain, raw)
    assert len(inked(smooth, raw)) > 200
    rough, calm = ({y for _, y in inked(strips[1:], TRAIN)} for strips in (plain, smooth))
    assert len(calm) < len(rough) / 2
    assert "smoothed over 12 epochs" in LossChart(
        seen, (), ChartView(strength=2), 90, 30, DARK_PALETTE
    ).note(60)


def test_what_the_border_says_fits_it_and_names_the_view_first():
    seen = curve(np.linspace(1, 0.1, 801))
    view = ChartView("loss", frozenset({"loss"}), 1, None, Window(400))
    chart = LossChart(seen, (), view, 90, 30, DARK_PALETTE)
    assert chart.note(80) == "loss · log axis · smoothed over 4 epochs · following"
    assert chart.note(20) == "loss · log axis"
    assert chart.note(3) == "loss"


# What stands beside the curve


def test_edits_are_marked_below_and_named_at_the_crosshair():
    edits = (
        RecipeEdit(20, (("training.learning_rate", 0.1),)),
        ParameterEdit(80, "W0", (2, 1), 0.5),
    )
    seen = replace(curve(np.linspace(1, 0, 101)), edits=edits)
    chart = LossChart(seen, (), ChartView(), 100, 20, DARK_PALETTE)
    drawn = lines(loss, seen, 100, 20)
    marks = [i for i, letter in enumerate(drawn[-2]) if letter == "▲"]
    assert marks == [8 + chart.frame.column(20), 8 + chart.frame.column(80)]
    assert "learning_rate" not in "".join(drawn)
    assert "learning_rate = 0.1" in crosshair(seen, 20)[-3]
    assert "W0[2,1] = 0.5" in crosshair(seen, 80)[-3]
    assert "=" not in "".join(crosshair(seen, 50))


def test_the_name_of_an_edit_is_beside_the_crosshair_wherever_there_is_room():
    for epoch in (0, 50, 100):
        edits = (RecipeEdit(epoch, (("training.learning_rate", 0.1),)),)
        seen = replace(curve(np.linspace(1, 0, 101)), edits=edits)
        assert "learning_rate = 0.1" in crosshair(seen, epoch)[-3]
        assert all(len(line) == 16 for line in crosshair(seen, epoch, width=16, height=8))


def test_pinned_runs_are_drawn_behind_in_inks_of_their_own_and_named():
    seen = curve(np.full(50, 0.5))
    pins = (pin("slow", np.full(100, 0.75)), pin("fast", np.full(100, 0.25)))
    strips = loss(seen, 90, 20, pins=pins)
    assert "slow 0.750000" in strips[0].text
    assert "fast 0.250000" in strips[0].text
    lines_of = [
        {y for _, y in inked(strips[1:], ink)}
        for ink in (
            DARK_PALETTE.series(0, 0.75).color.name,
            TRAIN,
            DARK_PALETTE.series(1, 0.75).color.name,
        )
    ]
    assert all(len(found) == 1 for found in lines_of)
    assert max(lines_of[0]) < max(lines_of[1]) < max(lines_of[2])
    # The axis is as long as the longest run, so that the others can be compared with it.
    assert lines(loss, seen, 90, 20, pins=pins)[-1].split()[-1] == "100"


def test_a_pinned_run_is_in_sight_before_the_run_has_begun():
    drawn = text(loss, curve([0.5]), 90, 20, pins=(pin("slow", np.full(100, 0.75)),))
    assert "slow" in drawn
    assert "┤" in drawn


def test_many_pinned_runs_leave_room_for_the_curves():
    pins = [pin(f"run number {i}", np.full(10, 0.5)) for i in range(40)]
    for size in ((120, 30), (60, 12), (30, 8), (12, 4)):
        drawn = lines(loss, curve(np.linspace(1, 0, 50)), *size, pins=pins)
        assert drawn[0].startswith("━ train 0.0000"[: size[0]])
        assert sum("│" in line or "┤" in line for line in drawn) >= size[1] / 4
    drawn = text(loss, curve(np.linspace(1, 0, 50)), 60, 12, pins=pins)
    assert "+37 more" in drawn


def test_having_gone_back_what_lies_ahead_is_faint_and_the_place_is_marked():
    whole = curve(np.linspace(1, 0, 101))
    seen = replace(curve(np.linspace(1, 0.6, 41)), ahead=whole.losses)
    strips = loss(seen, 100, 20)
    faint = DARK_PALETTE.fainter(DARK_PALETTE.train, 0.5).color.name
    here = 8 + LossChart(seen, (), ChartView(), 100, 20, DARK_PALETTE).frame.column(40)
    own, ahead = (sorted(x for x, _ in inked(strips[1:], ink)) for ink in (TRAIN, faint))
    assert max(own) == here
    assert min(ahead) in (here, here + 1)
    assert max(ahead) == 99
    assert "here: epoch 40" in "".join(strip.text for strip in strips)
    assert strips[-2].text[here] == "┴"
    assert "ahead 0.300000" in " ".join(crosshair(seen, 70)[0].split())


# Other views


def looks(epochs, layers=2):
    epochs = np.asarray(epochs, float)
    falling = np.linspace(1, 0.1, len(epochs))
    norms = np.column_stack([falling * 10.0**-k for k in range(layers)])
    return Trace(epochs, 1 - falling, 0.5 - falling / 2, falling * 3, falling * 4, norms)


def test_accuracy_is_drawn_in_percents():
    seen = replace(curve(np.full(41, 0.5), np.full(41, 0.5)), trace=looks(range(0, 41, 4)))
    seen = replace(seen, train_accuracy=0.9, test_accuracy=0.45)
    drawn = crosshair(seen, 40, name="score")
    assert "train 90.0 %" in drawn[0]
    assert "test 45.0 %" in drawn[0]
    labels = [float(line.split("┤")[0]) for line in drawn if "┤" in line]
    assert max(labels) in (90, 80)
    assert LossChart(seen, (), ChartView("score"), 90, 20, DARK_PALETTE).note(60) == "accuracy"


def test_for_quantities_it_is_the_mean_absolute_error():
    seen = replace(curve(np.full(41, 0.5)), trace=looks(range(0, 41, 4)), train_accuracy=None)
    chart = LossChart(seen, (), ChartView("score"), 90, 20, DARK_PALETTE)
    assert chart.note(60) == "mean absolute error"
    assert "train 3.000000" in crosshair(seen, 0, name="score")[0]


def test_pinned_runs_are_compared_by_accuracy_too():
    seen = replace(curve(np.full(41, 0.5)), trace=looks(range(41)), train_accuracy=0.9)
    pinned = pin("slow", np.full(21, 0.5), trace=looks(range(21)))
    assert "slow 90.0 %" in crosshair(seen, 20, name="score", pins=(pinned,))[0]


def test_gradients_have_a_curve_for_each_layer():
    seen = replace(curve(np.full(41, 0.5)), trace=looks(range(41), layers=3))
    drawn = crosshair(seen, 0, name="gradient")
    assert [f"layer {i} 1" in drawn[0] for i in (1, 2, 3)] == [True, False, False]
    assert "layer 2 0.100000" in drawn[0]
    assert "layer 3 0.010000" in drawn[0]
    strips = loss(seen, 100, 20, view=ChartView("gradient"))
    inks = [DARK_PALETTE.series(k).color.name for k in range(3)]
    tops = [min(y for _, y in inked(strips[1:], ink)) for ink in inks]
    assert tops == sorted(set(tops))


@pytest.mark.parametrize("name", ["score", "gradient"])
def test_before_anything_was_looked_at_it_says_what_will_be_there(name):
    drawn = " ".join(text(loss, snapshot(), 60, 10, view=ChartView(name)).split())
    assert "is drawn here" in drawn
    assert "press space to train" in drawn


# What is sent


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
