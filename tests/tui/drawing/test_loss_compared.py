"""What stands beside the curve of losses: pinned runs, edits, and what lies ahead."""

import re
from dataclasses import replace

import numpy as np
import pytest

from nn_tui import experiment
from nn_tui.training.branches import PinnedRun
from nn_tui.training.edits import ParameterEdit, RecipeEdit
from nn_tui.training.run import Run, RunPosition
from nn_tui.training.snapshot import summarize_run
from nn_tui.training.trainer import Trainer
from nn_tui.tui.drawing.chart_series import comparable_pins
from nn_tui.tui.drawing.chart_view import ChartView, EpochWindow
from nn_tui.tui.drawing.loss_chart import LossChart
from nn_tui.tui.drawing.strips import DrawArea
from tests.tui.drawing.drawing import (
    DARK_PALETTE,
    KEYS,
    LINEAR,
    LOG,
    PALETTES,
    cells,
    lines,
    loss,
    text,
)
from tests.tui.drawing.losses import TEST, TRAIN, crosshair, curve, inked, pin

SIZES = [(1, 1), (11, 9), (12, 4), (13, 5), (20, 8), (38, 6), (60, 12), (107, 14), (198, 57)]


def test_edits_are_marked_on_the_axis_and_named_at_the_top():
    edits = (
        RecipeEdit(20, (("training.learning_rate", 0.1),)),
        ParameterEdit(80, "W0", (2, 1), 0.5),
    )
    seen = replace(curve(np.linspace(1, 0, 101)), edits=edits)
    frame = LossChart(seen, (), ChartView(), DrawArea(100, 20, DARK_PALETTE), KEYS).frame
    drawn = lines(loss, seen, 100, 20)
    marks = [i for i, letter in enumerate(drawn[-2]) if letter == "▲"]
    assert marks == [8 + frame.column(20), 8 + frame.column(80)]
    assert "learning_rate = 0.1" in drawn[0]
    assert "W0[2,1] = 0.5" in drawn[0] + drawn[1]
    assert "learning_rate = 0.1" in crosshair(seen, 20)[-3]
    assert "W0[2,1] = 0.5" in crosshair(seen, 80)[-3]


def test_no_mark_nor_word_covers_a_curve():
    falling = np.r_[1.0, np.random.default_rng(4).random(400)]
    plain = curve(falling, falling[::-1])
    edits = tuple(RecipeEdit(k, (("training.learning_rate", 0.1 * k),)) for k in (0, 9, 200, 390))
    seen = replace(plain, edits=edits, diverged="The loss is infinite.")
    for width, height in ((60, 12), (100, 20), (150, 7)):
        for view in (LINEAR, replace(LINEAR, crosshair=200)):
            before, after = (
                loss(each, width, height, view=view)[-height:] for each in (plain, seen)
            )
            rows = zip(map(cells, before), map(cells, after), strict=True)
            for old, new in rows:
                for x, ((letter, ink, _), (now, ink_now, _)) in enumerate(
                    zip(old, new, strict=True)
                ):
                    if ink in (TRAIN, TEST) and 0x2800 < ord(letter) < 0x2900:
                        assert (now, ink_now) == (letter, ink), x


def test_many_edits_are_marks_without_words():
    edits = tuple(RecipeEdit(k, (("training.learning_rate", 0.1),)) for k in range(0, 100, 5))
    seen = replace(curve(np.linspace(1, 0, 101)), edits=edits)
    drawn = lines(loss, seen, 100, 20)
    assert drawn[-2].count("▲") == 20
    assert "learning_rate" not in "".join(drawn)
    assert "┊" not in "".join(drawn)


def test_the_name_of_an_edit_is_beside_the_crosshair_wherever_there_is_room():
    for epoch in (0, 50, 100):
        edits = (RecipeEdit(epoch, (("training.learning_rate", 0.1),)),)
        seen = replace(curve(np.linspace(1, 0.9, 101)), edits=edits)
        assert "learning_rate = 0.1" in "".join(crosshair(seen, epoch, height=24)[-7:-2])
        assert all(len(line) == 16 for line in crosshair(seen, epoch, width=16, height=8))


def test_pinned_runs_have_inks_of_their_own_and_are_named_where_they_end():
    seen = curve(np.full(50, 0.5))
    pins = (pin("1 slow", np.full(100, 0.75)), pin("2 fast", np.full(100, 0.25)))
    strips = loss(seen, 90, 20, pins=pins)
    inks = [DARK_PALETTE.series(k).color.name for k in range(2)]
    slow, own, fast = ({y for _, y in inked(strips, ink)} for ink in (inks[0], TRAIN, inks[1]))
    assert max(slow) < min(own) <= max(own) < min(fast)
    for rows, label in ((slow, "1 slow 0.750000"), (fast, "2 fast 0.250000")):
        (found,) = (y for y, strip in enumerate(strips) if label in strip.text)
        assert found in rows
    # The axis is as long as the longest run, so that the others can be compared with it.
    assert lines(loss, seen, 90, 20, pins=pins)[-1].split()[-1] == "99"


def test_the_run_is_drawn_with_a_pen_two_dots_tall_and_a_pinned_one_with_one_dot():
    strips = loss(curve(np.full(101, 0.5)), 90, 20, pins=(pin("1 a", np.full(101, 0.25)),))
    for ink, bits in ((TRAIN, 0x12 + 0x24), (DARK_PALETTE.series(0).color.name, None)):
        ((y,),) = {tuple({y for _, y in inked(strips, ink)})}
        (letter,) = set(strips[y].text[12:40])
        dots = ord(letter) - 0x2800
        assert dots == bits or (bits is None and dots in (0x9, 0x12, 0x24, 0xC0)), ink


def test_a_short_pin_is_named_beside_its_end_where_that_is_free():
    seen = curve(np.full(401, 0.2))
    drawn = lines(loss, seen, 100, 20, pins=(pin("1 short", np.full(101, 0.8)),))
    frame = LossChart(seen, (), ChartView(), DrawArea(100, 20, DARK_PALETTE), KEYS).frame
    (line,) = (line for line in drawn if "1 short 0.800000" in line)
    assert line.index("1 short") == 8 + frame.column(100) + 2
    # Where another curve is in the way it is on the right, as the others are.
    seen = curve(np.tile([0.0, 1.0], 200))
    drawn = lines(loss, seen, 100, 20, pins=(pin("1 short", np.full(101, 0.2)),))
    (line,) = (line for line in drawn if "1 short 0.200000" in line)
    frame = LossChart(seen, (), ChartView(), DrawArea(100, 20, DARK_PALETTE), KEYS).frame
    assert line.index("1 short") > frame.column(399)


def test_a_pin_that_coincides_with_the_run_is_seen_all_along():
    falling = np.linspace(1, 0, 101)
    strips = loss(curve(falling), 100, 20, pins=(pin("1 a", falling),))
    ink = DARK_PALETTE.series(0).color.name
    own, pinned = ({x - 8 for x, _ in inked(strips, i)} for i in (TRAIN, ink))
    columns = range(max(own | pinned) + 1)
    assert own >= {x for x in columns if x // 2 % 2 == 0}
    assert pinned == {x for x in columns if x // 2 % 2 == 1}


def test_pins_of_other_data_or_another_loss_are_left_out_with_a_word():
    seen = curve(np.full(50, 0.5))
    recipe = seen.recipe.with_value("training.loss", "absolute_error")
    targets = seen.dataset.targets.copy()
    targets[0] += 1
    others = pin("1 other", np.full(300, 90.0), dataset=replace(seen.dataset, targets=targets))
    loss_of = pin("2 loss", np.full(300, 90.0), recipe=recipe)
    same = pin("3 same", np.full(60, 0.4), dataset=replace(seen.dataset))
    for pins, words in (
        ((others,), "1 pin with different data not shown"),
        ((loss_of, same), "1 pin with a different loss not shown"),
        ((others, loss_of), "2 pins with different data or a different loss not shown"),
        ((same,), ""),
    ):
        chart = LossChart(seen, pins, ChartView(), DrawArea(90, 20, DARK_PALETTE), KEYS)
        drawn = "\n".join(strip.text for strip in chart.draw())
        assert (words or "pin") in chart.note(80) or not words
        assert bool(words) == ("not shown" in chart.note(80))
        assert "1 other" not in drawn
        assert "2 loss" not in drawn
        assert ("3 same" in drawn) == (same in pins)
        assert chart.whole == (59 if same in pins else 49)
    score = LossChart(
        seen, (others, loss_of), ChartView("accuracy"), DrawArea(90, 20, DARK_PALETTE), KEYS
    )
    assert "1 pin with different data not shown" in score.note(80)


def test_a_pinned_run_is_in_sight_before_the_run_has_begun():
    drawn = text(loss, curve([0.5]), 90, 20, pins=(pin("slow", np.full(100, 0.75)),))
    assert "slow" in drawn
    assert "┤" in drawn


def test_many_pinned_runs_leave_room_for_the_curves_and_are_counted():
    pins = [pin(f"{i} run", np.full(10, 0.5)) for i in range(40)]
    for size in ((120, 30), (60, 12), (40, 8)):
        drawn = lines(loss, curve(np.linspace(1, 0, 50)), *size, pins=pins)
        assert sum("│" in line or "┤" in line for line in drawn) == size[1] - 2
        names = len(re.findall(r"\d+ run", "".join(drawn)))
        (more,) = re.findall(r"\+(\d+)", "".join(drawn))
        assert names + int(more) == 40
        assert any("train" in line for line in drawn)


def test_the_test_losses_of_a_pinned_run_are_dashed():
    train, test = np.full(50, 0.25), np.full(50, 0.75)
    strips = loss(curve([0.5]), 90, 20, pins=(pin("slow", train, test),))
    ink = DARK_PALETTE.series(0).color.name
    points = inked(strips, ink)
    solid, dashed = max(y for _, y in points), min(y for _, y in points)
    columns = [len({x for x, y in points if y == row}) for row in (solid, dashed)]
    assert columns[0] > 1.1 * columns[1] > 20
    assert "slow test 0.750000" in "".join(strip.text for strip in strips)


def test_without_colours_train_and_test_are_told_apart():
    seen = curve(np.full(51, 0.25), np.full(51, 0.75))
    drawn = lines(loss, seen, 90, 20, palette=PALETTES["ansi"])
    test, train = (next(line for line in drawn if name in line)[9:50] for name in ("test", "train"))
    assert len(set(train)) == 1
    assert " " in test
    assert "╌test" in "".join(drawn)
    assert "╴train" in "".join(drawn)
    # Where they coincide, some columns are bold and some are not.
    strips = loss(curve(np.full(51, 0.5), np.full(51, 0.5)), 90, 20, palette=PALETTES["ansi"])
    (strip,) = (strip for strip in strips if strip.text.count("⣀") + strip.text.count("⠶") > 9)
    bold = [bool(style.bold) for part, style, _ in strip.crop(8, 48) for _ in part]
    assert bold == [x % 4 != 2 for x in range(40)]


def test_having_gone_back_what_lies_ahead_is_faint_and_the_place_is_marked():
    whole = curve(np.linspace(1, 0, 101))
    seen = replace(curve(np.linspace(1, 0.6, 41)), ahead=whole.losses)
    strips = loss(seen, 100, 20)
    faint = DARK_PALETTE.fainter(DARK_PALETTE.train, 0.5).color.name
    here = 8 + LossChart(seen, (), ChartView(), DrawArea(100, 20, DARK_PALETTE), KEYS).frame.column(
        40
    )
    own, ahead = (sorted(x for x, _ in inked(strips, ink)) for ink in (TRAIN, faint))
    assert max(own) in (here, here - 1)
    assert min(ahead) in (here, here + 1)
    assert max(ahead) > here + 30
    assert "at epoch 40" in "".join(strip.text for strip in strips)
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
    for view in (LOG, ChartView(window=EpochWindow(8)), ChartView(window=EpochWindow(8, 95))):
        for epoch in (0, 20, 92):
            for width, height in SIZES:
                shown = replace(view, crosshair=epoch, strength=epoch % 4)
                for strip in loss(seen, width, height, palette, shown, pins)[:height]:
                    assert strip.cell_length == len(strip.text) == width, (width, height)
                    assert all(style is not None for _, style, _ in strip), (width, height)


def test_the_label_at_the_end_of_a_curve_has_its_last_value_after_an_edit():
    values = np.geomspace(1, 0.001, 41)
    edits = (ParameterEdit(40, "W0", (0, 0), 9.0),)
    edited = replace(curve(values, 2 * values), edits=edits, train_loss=0.21, test_loss=0.42)
    drawn = text(loss, edited, 100, 20)
    assert "train 0.001000" in drawn and "test 0.002000" in drawn
    pins = (pin("slow", values, train_loss=0.21),)
    assert "slow 0.001000" in text(loss, curve([1.0] * 41), 100, 20, pins=pins)


def test_the_label_has_the_loss_of_the_last_epoch_where_epochs_share_a_point():
    seen = curve([4.0, 3.0, 1.0])
    _, middle, high = seen.losses.band("train_loss")
    losses = replace(seen.losses, bands={"train_loss": (middle / 2, middle, high)})
    drawn = text(loss, replace(seen, losses=losses, train_loss=0.75), 100, 20)
    assert "train 0.750000" in drawn


def test_a_run_with_other_class_weights_has_no_comparable_loss():
    found = experiment.load_experiment("iris")
    snapshot = Trainer(found.recipe, found.dataset).snapshot()
    weighted = snapshot.recipe.with_value("training.class_weights", "balanced")
    place = RunPosition(Run("iris", found.recipe, found.dataset), 0)
    pins = [
        PinnedRun("", summarize_run(replace(snapshot, recipe=recipe)), place)
        for recipe in (snapshot.recipe, weighted)
    ]
    shown, said = comparable_pins("loss", snapshot, pins)
    assert [number for number, _ in shown] == [0]
    assert said == "1 pin with a different loss not shown"
    assert len(comparable_pins("accuracy", snapshot, pins)[0]) == 2


def test_of_several_edits_to_a_field_in_one_epoch_the_last_is_written():
    edits = tuple(RecipeEdit(20, (("training.learning_rate", rate),)) for rate in (0.3, 0.1))
    seen = replace(curve(np.linspace(1, 0, 101)), edits=edits)
    drawn = lines(loss, seen, 100, 20)
    assert "learning_rate = 0.1" in drawn[0] and "0.3" not in drawn[0]
