"""The strip of seeds: sorted, marked, in the room there is, with the one shown always visible."""

import math

import numpy as np
import pytest

from nn_tui.recipe.recipe import Recipe
from nn_tui.training.curve import Band, Curve
from nn_tui.training.replica_results import ReplicaResult, ReplicaResults
from nn_tui.tui.drawing.replica_curves import replica_curves
from nn_tui.tui.drawing.seed_strip import draw_seeds, strip_height
from nn_tui.tui.drawing.strips import DrawArea
from tests.tui.drawing.drawing import DARK_PALETTE


def curve(losses):
    epochs, values = np.arange(len(losses), dtype=float), np.array(losses, float)
    return Curve(epochs, epochs, {"train_loss": Band(values, values, values)})


def replicas(losses, shown=0, target="none", diverged=()):
    recipe = Recipe().with_value("training.stop_loss", target)
    results = [
        ReplicaResult(seed, 2, loss, curve([1.0, 0.5, loss]), "it did" if seed in diverged else "")
        for seed, loss in enumerate(losses, 1)
    ]
    return ReplicaResults(recipe, results, shown)


def rows(found, width, height=3):
    return [
        strip.text.rstrip() for strip in draw_seeds(found, DrawArea(width, height, DARK_PALETTE))
    ]


def test_the_losses_are_sorted_with_marks_below_what_they_have_in_common():
    found = replicas([0.5, 0.001, 0.5, math.nan], target=0.01, diverged=[4])
    summary, first, _ = rows(found, 80)
    assert summary == "4 seeds, training loss: 1 below 0.01, 2 at 1/2, 1 diverged"
    assert first.split() == ["✓2", "0.001", "1", "0.5", "3", "0.5", "✗4", "–"]


def test_without_anything_in_common_the_summary_is_their_spread():
    assert rows(replicas([0.3, 0.2, 0.4]), 80)[0].endswith("0.2 to 0.4, median 0.3")


@pytest.mark.parametrize("shown", [0, 1, 20, 38, 39])
@pytest.mark.parametrize(("width", "height"), [(40, 1), (46, 2), (91, 3)])
def test_the_seed_shown_is_always_visible_and_the_others_are_counted(shown, width, height):
    losses = [0.1 + 0.01 * i for i in range(40)]
    found = rows(replicas(losses, shown), width, height)
    assert len(found) == height and all(len(row) <= width for row in found)
    text = " ".join(found[-2:] if height == 3 else found[-1:])
    assert f" {shown + 1} {losses[shown]:7.3g}".replace(" ", "") in text.replace(" ", "")
    words = text.split()
    before = int(words[1]) if words[0] == "‹" else 0
    after = int(words[-2]) if words[-1] == "›" else 0
    seeds = [w for w in words if w.isdigit()][bool(before) : len(words)]
    assert before + after + len(seeds) - bool(after) == 40


def test_two_rows_are_taken_only_where_they_are_needed_and_there_is_room():
    ten, two = replicas([0.1] * 10), replicas([0.1] * 2)
    assert [strip_height(ten, 90, height) for height in (7, 10, 13)] == [1, 2, 3]
    assert strip_height(two, 90, 30) == 2


def test_the_curves_are_the_median_single_ones_and_the_target():
    found = replica_curves(replicas([0.4, 0.1, 0.2], target=0.15), DARK_PALETTE)
    assert [c.label for c in found] == ["median", "", "", "target"]
    median = found[0]
    assert median.shaded and median.latest == 0.2
    assert list(median.points.middle) == [1.0, 0.5, 0.2]
    assert all(c.behind for c in found[1:])


def test_a_curve_that_ended_is_left_out_of_the_quartiles_after_its_end():
    short = replicas([0.4, 0.1, 0.2])
    ended = short.results[0]._replace(losses=curve([9.0]), diverged="it did")
    found = ReplicaResults(short.recipe, [ended, *short.results[1:]], 1)
    assert list(replica_curves(found, DARK_PALETTE)[0].points.high) == [9.0, 0.5, 0.2]


def test_of_many_replicas_there_are_no_single_curves():
    found = replica_curves(replicas([0.1] * 13), DARK_PALETTE)
    assert [c.label for c in found] == ["median"]
