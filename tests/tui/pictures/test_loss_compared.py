"""What stands beside the curve of losses: pinned runs, edits, and what lies ahead."""

import re
from dataclasses import replace

import numpy as np
import pytest

from nn_tui.training.edits import ParameterEdit, RecipeEdit
from nn_tui.tui.drawing.chart_view import ChartView, Window
from nn_tui.tui.drawing.loss_chart import LossChart
from tests.tui.pictures.drawing import (
    DARK_PALETTE,
    KEYS,
    LOG,
    PALETTES,
    lines,
    loss,
    text,
)
from tests.tui.pictures.losses import TRAIN, crosshair, curve, inked, pin

SIZES = [(1, 1), (11, 9), (12, 4), (13, 5), (20, 8), (38, 6), (60, 12), (107, 14), (198, 57)]


def test_edits_are_marked_below_and_named_at_the_crosshair():
    edits = (
        RecipeEdit(20, (("training.learning_rate", 0.1),)),
        ParameterEdit(80, "W0", (2, 1), 0.5),
    )
    seen = replace(curve(np.linspace(1, 0, 101)), edits=edits)
    chart = LossChart(seen, (), ChartView(), 100, 20, DARK_PALETTE, KEYS)
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


def test_what_the_legend_has_no_room_for_is_counted():
    pins = [pin(f"run {i}", np.full(10, 0.5)) for i in range(9)]
    for width in range(32, 200, 5):
        drawn = lines(loss, curve(np.linspace(1, 0, 50)), width, 14, pins=pins)
        legend = " ".join(line for line in drawn if "━" in line)
        left_out = re.search(r"\+(\d+)", legend)
        assert legend.count("━") + int(left_out[1] if left_out else 0) == 10, width


def test_the_test_losses_of_a_pinned_run_are_dashed():
    train, test = np.full(50, 0.25), np.full(50, 0.75)
    strips = loss(curve([0.5]), 90, 20, pins=(pin("slow", train, test),))
    ink = DARK_PALETTE.series(0, 0.75).color.name
    points = inked(strips, ink)
    solid, dashed = max(y for _, y in points), min(y for _, y in points)
    assert sum(y == solid for _, y in points) > 1.2 * sum(y == dashed for _, y in points) > 20


def test_without_colours_train_and_test_are_told_apart():
    seen = curve(np.full(50, 0.25), np.full(50, 0.75))
    drawn = lines(loss, seen, 90, 20, palette=PALETTES["ansi"])
    assert "━ train" in drawn[0]
    assert "╍ test" in drawn[0]
    dots = [sum(0x2800 < ord(letter) < 0x2900 for letter in line) for line in drawn[1:-2]]
    test, train = (count for count in dots if count)
    assert train > 1.2 * test


def test_having_gone_back_what_lies_ahead_is_faint_and_the_place_is_marked():
    whole = curve(np.linspace(1, 0, 101))
    seen = replace(curve(np.linspace(1, 0.6, 41)), ahead=whole.losses)
    strips = loss(seen, 100, 20)
    faint = DARK_PALETTE.fainter(DARK_PALETTE.train, 0.5).color.name
    here = 8 + LossChart(seen, (), ChartView(), 100, 20, DARK_PALETTE, KEYS).frame.column(40)
    own, ahead = (sorted(x for x, _ in inked(strips[1:], ink)) for ink in (TRAIN, faint))
    assert max(own) == here
    assert min(ahead) in (here, here + 1)
    assert max(ahead) == 99
    assert "here: epoch 40" in "".join(strip.text for strip in strips)
    assert strips[-2].text[here] == "┴"
    assert "ahead 0.300000" in " ".join(crosshair(seen, 70)[0].split())


@pytest.mark.filterwarnings("error")  # NumPy's would be written over the screen
@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_with_all_of_that_rows_are_as_wide_as_the_picture_at_every_size(palette):
    whole = np.r_[np.linspace(1, 0, 90), np.nan, 1e300, np.inf]
    seen = replace(
        curve(whole[:40], whole[:40]),
        ahead=curve(whole).losses,
        edits=(RecipeEdit(20, (("training.learning_rate", 0.1),)),),
    )
    pins = (pin("a run with a long name", whole, whole), pin("b", whole))
    for view in (LOG, ChartView(window=Window(8)), ChartView(window=Window(8, 95))):
        for epoch in (0, 20, 92):
            for width, height in SIZES:
                shown = replace(view, crosshair=epoch, strength=epoch % 4)
                for strip in loss(seen, width, height, palette, shown, pins)[:height]:
                    assert strip.cell_length == len(strip.text) == width, (width, height)
                    assert all(style is not None for _, style, _ in strip), (width, height)
