"""The loss of every epoch, drawn."""

import math
from dataclasses import replace

import numpy as np
import pytest
from rich.cells import cell_len

from nn_tui.tui.drawing.chart_view import ChartView, EpochWindow
from nn_tui.tui.drawing.loss_chart import LossChart
from nn_tui.tui.drawing.strips import DrawArea, changed_spans
from tests.tui.drawing.drawing import (
    DARK_PALETTE,
    KEYS,
    LINEAR,
    LOG,
    PALETTES,
    cells,
    lines,
    loss,
    snapshot,
    text,
)
from tests.tui.drawing.losses import TEST, TRAIN, behind, body, curve, inked, pin, ticks


def test_before_the_first_epoch_it_says_what_will_be_there_and_which_key_brings_it():
    drawn = lines(loss, snapshot(epochs=0), 90, 10)
    assert "train 0.109859" in "".join(drawn)
    hint = " ".join(line[4:76].replace("┈", " ") for line in body(drawn))
    assert "press space to train, s for one epoch" in " ".join(hint.split())


def test_one_point_is_a_mark_with_its_label():
    for test in (None, [0.5]):
        strips = loss(curve([0.5], test), 90, 12)
        marks = [(y, s.text.index("●")) for y, s in enumerate(strips) if "●" in s.text]
        assert marks == [(marks[0][0], 8)]
        assert strips[marks[0][0]].text.count("●") == (1 if test is None else 2)
        assert "train 0.500000" in "".join(strip.text for strip in strips)
        assert not inked(strips, TRAIN)


def test_a_falling_loss_falls_from_left_to_right():
    strips = loss(curve(np.linspace(1, 0, 200)), 70, 20)
    points = inked(strips, TRAIN)
    right = max(x for x, _ in points)
    assert min(x for x, _ in points) == 8
    assert right > 44
    for (x, y), (_, below) in zip(sorted(points), sorted(points)[1:], strict=False):
        assert below >= y - 1, x
    assert max(y for x, y in points if x < 11) < 5 < 15 < min(y for x, y in points if x == right)


def test_names_and_values_are_where_the_curves_end():
    seen = curve(np.full(51, 0.25), np.full(51, 0.75))
    strips = loss(seen, 70, 20)
    train, test = ({y for _, y in inked(strips, ink)} for ink in (TRAIN, TEST))
    assert max(test) < min(train)
    for rows, name in ((train, "╴train 0.250000"), (test, "╴test 0.750000")):
        (found,) = (y for y, strip in enumerate(strips) if name in strip.text)
        assert found in rows
    narrow = [strip.text.rstrip() for strip in loss(seen, 50, 20)]
    at = next(i for i, line in enumerate(narrow) if line.endswith("╴train"))
    assert narrow[at + 1].endswith(" 0.250000")


def test_in_a_low_narrow_chart_two_curves_keep_their_names_and_values():
    seen = curve(np.array([0.5, 0.4, 0.3]), np.array([0.5, 0.4, 0.3]))
    for height in (5, 6, 9):
        lines = [strip.text.rstrip() for strip in loss(seen, 46, height)]
        shown = [line for line in lines if line.endswith(("train", "test", "0.300000"))]
        assert len(shown) == (4 if height > 5 else 2), height


def test_curves_that_end_alike_have_their_labels_on_rows_of_their_own_in_the_same_order():
    drawn = lines(loss, curve(np.full(51, 0.50), np.full(51, 0.51)), 90, 12)
    (train,) = (y for y, line in enumerate(drawn) if "train 0.5" in line)
    (test,) = (y for y, line in enumerate(drawn) if "test 0.51" in line)
    assert train == test + 1


def test_coinciding_curves_take_turns_of_two_columns():
    falling = np.linspace(1, 0.2, 401)
    strips = loss(curve(falling, falling), 90, 20)
    by_column = {}
    for ink in (TRAIN, TEST):
        for x, _ in inked(strips, ink):
            by_column.setdefault(x - 8, set()).add(ink)
    columns = range(max(by_column) + 1)
    assert [by_column[x] for x in columns] == [
        {TRAIN} if x // 2 % 2 == 0 else {TEST} for x in columns
    ]


@pytest.mark.parametrize("size", [(151, 40), (100, 15), (62, 7), (30, 8)])
@pytest.mark.parametrize("log", [True, False])
def test_every_stretch_of_every_curve_has_its_ink(size, log):
    random = np.random.default_rng(3)
    train = np.geomspace(1, 0.01, 300) * (1 + 0.3 * random.random(300))
    test = np.maximum(train, np.linspace(0.9, 0.08, 300))
    slow = train.copy()
    strips = loss(curve(train, test), *size, view=LOG if log else LINEAR, pins=(pin("1 a", slow),))
    inks = (TRAIN, TEST, DARK_PALETTE.series(0).color.name)
    found = [{x for x, _ in inked(strips, ink)} for ink in inks]
    first, last = min(map(min, found)), max(map(max, found))
    for own in found:
        gaps = np.diff(sorted({first - 1, *own, last + 1}))
        assert gaps.max() <= 4 * len(inks)  # also where another curve joins or leaves


def test_nothing_is_drawn_below_the_row_of_zero_and_its_row_is_its_value():
    for height in range(4, 40):
        strips = loss(curve(np.r_[np.linspace(1, 0, 50), np.zeros(50)]), 80, height, view=LINEAR)
        drawn = [strip.text for strip in strips]
        rows = ticks(drawn)
        assert max(rows) == height - 3
        assert float(rows[height - 3]) == 0
        # The second and third dot of four: exactly the middle of the row.
        assert set(drawn[height - 3][48:52]) == {chr(0x2800 + 0x12 + 0x24)}, height


def test_a_constant_is_in_the_middle():
    for value in (1e-12, 0.5, 3e7):
        for view in (LINEAR, LOG):
            rows = {y for _, y in inked(loss(curve(np.full(50, value)), 80, 23, view=view), TRAIN)}
            assert min(rows) > 5, (value, view)
            assert max(rows) < 16, (value, view)


def test_the_axis_is_logarithmic_by_itself_where_the_range_asks_for_it():
    def axis(values, was_log=False):
        view = ChartView(were_logarithmic=frozenset({"loss"} if was_log else ()))
        return LossChart(curve(values), (), view, DrawArea(90, 20, DARK_PALETTE), KEYS).note(60)

    assert axis([1.0, 0.1]) == "loss · linear axis · accuracy 100 %"
    assert axis([1.0, 0.021]).startswith("loss · linear axis")
    assert axis([1.0, 0.019]).startswith("loss · log axis")
    assert axis([1.0, 0.04], was_log=True).startswith("loss · log axis")
    assert axis([1.0, 0.06], was_log=True).startswith("loss · linear axis")
    assert axis([1.0, 0.001, 0.0]).startswith("loss · linear axis")
    chosen = LossChart(curve([1.0, 0.5]), (), LOG, DrawArea(90, 20, DARK_PALETTE), KEYS)
    assert chosen.log
    assert not chosen.suggests_log


@pytest.mark.parametrize("last", [3, 37, 600, 12_345, 987_654])
@pytest.mark.parametrize("width", [40, 80, 150])
def test_the_first_and_the_last_epoch_have_labels(last, width):
    epochs = np.linspace(0, last, min(last + 1, 500)).round()
    falling = np.linspace(1, 0.5, len(epochs))
    seen = curve(falling)
    seen = replace(seen, epoch=last, losses=replace(seen.losses, first=epochs, last=epochs))
    labels = lines(loss, seen, width, 12)[-1].split()
    assert next(label for label in labels if label != "epoch") == "0"
    assert labels[-1] == f"{last:,}" or labels[-2] == f"{last:,}"


def test_the_best_test_epoch_is_marked_on_the_axis_in_its_ink():
    test = np.r_[np.linspace(1, 0.2, 60), np.linspace(0.2, 0.9, 140)]
    strips = loss(curve(np.linspace(1, 0.05, 200), test), 100, 16)
    chart = LossChart(curve(test, test), (), LINEAR, DrawArea(100, 16, DARK_PALETTE), KEYS)
    column = 8 + chart.frame.column(59)
    assert cells(strips[-2])[column][:2] == ("◆", TEST)
    assert "best 59" in strips[-1].text or "best 60" in strips[-1].text
    assert "◆" not in strips[-2].text[column + 1 :]
    still_falling = curve(np.linspace(1, 0, 200), np.linspace(1, 0.1, 200))
    assert "best" not in text(loss, still_falling, 100, 16)


def test_where_a_run_diverged_it_says_so_at_the_end_of_its_curve():
    seen = replace(curve([1.0] * 30 + [math.inf] * 5), diverged="The loss is infinite.")
    drawn = text(loss, seen, 90, 12)
    assert "✗ diverged at 30" in drawn
    assert "diverged" not in text(loss, replace(seen, diverged=""), 90, 12)
    growing = replace(curve(np.geomspace(1, 1e9, 22)), diverged="The loss grew without bound.")
    assert "✗ diverged at 21" in text(loss, growing, 90, 12)


@pytest.mark.parametrize("size", [(114, 15), (78, 9), (58, 12), (40, 8)])
def test_a_diverged_run_has_a_cross_on_the_axis_and_no_value_at_its_end(size):
    width, height = size
    seen = curve([*np.geomspace(0.5, 900, 60), math.nan, math.nan])
    seen = replace(seen, diverged="The loss is NaN.")
    strips = loss(seen, width, height)
    chart = LossChart(seen, (), ChartView(), DrawArea(width, height, DARK_PALETTE), KEYS)
    column = chart.frame.left + chart.frame.column(60)
    assert cells(strips[-2])[column][:2] == ("✗", DARK_PALETTE.bad.color.name)
    assert {strip.text[column] for strip in strips[2:-3]} == {"┊"}
    told = "".join(strip.text for strip in strips)
    assert "diverged at 60" in told
    assert "train" in told
    assert "NaN" not in told


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
    points = sorted(inked(loss(seen, 80, 30, view=LOG), TRAIN))
    slopes = np.polyfit([x for x, _ in points], [y for _, y in points], 1)
    away = [abs(y - np.polyval(slopes, x)) for x, y in points]
    assert max(away) < 1.5
    assert "1e-4" in text(loss, seen, 80, 30, view=LOG)


def test_numbers_that_are_none_are_gaps():
    seen = curve([0.5] * 40 + [math.nan] * 40 + [0.5] * 40)
    columns = {x for x, _ in inked(loss(seen, 130, 12), TRAIN)}
    frame = LossChart(seen, (), LINEAR, DrawArea(130, 12, DARK_PALETTE), KEYS).frame
    gap = range(8 + frame.column(39) + 1, 8 + frame.column(80))
    assert columns == {x for x in range(8, 8 + frame.column(119) + 1) if x not in gap}


def test_where_no_loss_is_a_number_it_says_so():
    assert "No finite loss" in text(loss, curve([math.nan] * 5), 60, 12)
    assert "No finite loss" in text(loss, curve([math.inf] * 5), 60, 12)
    assert "No positive loss" in text(loss, curve([0.0] * 5), 60, 12, view=LOG)


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


def test_a_spike_of_one_epoch_in_a_million_is_seen_behind_the_line():
    values = np.full(10_000, 0.1)
    values[5000] = 0.9
    strips = loss(curve(values), 70, 20, view=LINEAR)
    points = inked(strips, behind(TRAIN))
    assert len({x for x, _ in points}) == 1
    assert len({y for _, y in points}) >= 12
    assert len({y for _, y in inked(strips, TRAIN)}) <= 2  # the line is the median


def test_ticks_stay_while_a_run_grows_and_its_loss_falls():
    falling = np.geomspace(0.7, 0.07, 500)
    axes = {tuple(ticks(lines(loss, curve(falling[:n]), 90, 17)).items()) for n in range(2, 500, 3)}
    assert len(axes) <= 2


@pytest.mark.parametrize("size", [(11, 10), (40, 3), (40, 1)])
def test_without_room_for_a_chart_the_numbers_remain(size):
    drawn = lines(loss, curve([0.5, 0.25]), *size)
    assert drawn[0].startswith("━ train 0.2"[: size[0]])


def test_while_a_run_grows_only_the_end_of_its_curve_changes():
    losses = 0.5 + 0.3 * np.random.default_rng(5).random(700)
    for view in (LINEAR, LOG, ChartView(window=EpochWindow(200))):
        changed = 0
        for epochs in range(652, 692):
            seen = [curve(losses[:count]) for count in (epochs, epochs + 1)]
            before, after = (loss(each, 100, 20, view=view)[:-1] for each in seen)
            before, after = ([strip.crop(0, 83) for strip in strips] for strips in (before, after))
            spans = [
                stop - start
                for old, new in zip(before, after, strict=True)
                for start, stop in changed_spans(old, new)
            ]
            changed += sum(spans)
        assert changed < 40 * 8, view


@pytest.mark.filterwarnings("error")  # NumPy's would be written over the screen
@pytest.mark.parametrize("seed", range(6))
def test_whatever_the_values_a_chart_has_its_size(seed):
    random = np.random.default_rng(seed)
    odd = [math.nan, math.inf, -math.inf, 0.0, -1.0, 5e-324, 1e-300, 1.7e308, -1.7e308, 1.0, 0.5]
    views = [
        ChartView(axes=frozenset({("loss", log)} if log is not None else ()), strength=strength)
        for log in (None, True, False)
        for strength in (0, 3)
    ]
    for count in (1, 2, 3, 40, 900):
        train, test, other = (
            np.where(random.random(count) < 0.5, random.choice(odd, count), random.random(count))
            for _ in range(3)
        )
        seen = replace(curve(train, test), diverged="The loss is no number.")
        pins = (pin("1 ein Lauf 数据", other, train), pin("2", test[:1]))
        for width, height in ((1, 1), (1, 9), (12, 4), (13, 5), (24, 6), (56, 9), (107, 14)):
            for view in views:
                crosshair = int(random.integers(count)) if random.random() < 0.5 else None
                window = (
                    EpochWindow(8, int(random.integers(9, 99))) if random.random() < 0.3 else None
                )
                shown = replace(view, crosshair=crosshair, window=window)
                for palette in PALETTES.values():
                    strips = loss(seen, width, height, palette, shown, pins)
                    assert len(strips) > 0
                    for strip in strips[:height]:
                        assert strip.cell_length == cell_len(strip.text) == width
                        assert all(style is not None for _, style, _ in strip)
