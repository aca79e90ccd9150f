"""Accuracy, errors and gradients over the epochs."""

from dataclasses import replace

import numpy as np
import pytest

from nn_tui.tui.drawing.chart_view import ChartView
from nn_tui.tui.drawing.loss_chart import LossChart
from nn_tui.tui.drawing.strips import DrawArea
from tests.tui.drawing.drawing import DARK_PALETTE, KEYS, loss, snapshot, text, with_metrics
from tests.tui.drawing.losses import crosshair, curve, inked, pin


def metrics(epochs):
    """What is recorded besides the losses, from epoch 0 on."""
    falling = np.linspace(1, 0.1, epochs)
    return {
        "train_accuracy": 1 - falling,
        "test_accuracy": 0.5 - falling / 2,
        "train_error": falling * 3,
        "test_error": falling * 4,
        "gradient_norm_1": falling,
        "gradient_norm_2": falling / 10,
    }


def test_accuracy_is_drawn_in_percents():
    seen = curve(np.full(41, 0.5), np.full(41, 0.5), **metrics(41))
    seen = with_metrics(seen, train_accuracy=0.9, test_accuracy=0.45)
    drawn = crosshair(seen, 40, name="accuracy")
    assert "train 90.0 %" in drawn[0]
    assert "test 45.0 %" in drawn[0]
    labels = [float(line.split("┤")[0]) for line in drawn if "┤" in line]
    assert max(labels) == 100
    chart = LossChart(seen, (), ChartView("accuracy"), DrawArea(90, 20, DARK_PALETTE), KEYS)
    assert chart.note(60) == "accuracy · linear axis · striped where curves meet"
    assert chart.note(40) == "accuracy · linear axis"


def test_an_axis_of_accuracies_ends_at_100_percent_and_the_best_is_the_highest():
    seen = curve(np.full(41, 0.5), np.full(41, 0.5), **metrics(41))
    seen.losses.band("test_accuracy").high[20] = 0.99
    drawn = text(loss, with_metrics(seen, train_accuracy=0.9), 90, 12, view=ChartView("accuracy"))
    assert "best 20" in drawn
    assert max(float(line.split("┤")[0]) for line in drawn.splitlines() if "┤" in line) == 100


def test_for_quantities_it_is_the_mean_absolute_error():
    seen = curve(np.full(41, 0.5), **metrics(41))
    heights = replace(seen.dataset, targets=np.array([[0.0], [1.0], [2.0], [3.0]]))
    seen = with_metrics(replace(seen, dataset=heights), train_accuracy=None)
    chart = LossChart(seen, (), ChartView("accuracy"), DrawArea(90, 20, DARK_PALETTE), KEYS)
    assert chart.note(60) == "mean absolute error · linear axis"
    assert "train 3.000000" in crosshair(seen, 0, name="accuracy")[0]


def test_pinned_runs_are_compared_by_accuracy_too():
    seen = with_metrics(curve(np.full(41, 0.5), **metrics(41)), train_accuracy=0.9)
    pinned = pin("slow", np.full(21, 0.5), metrics=metrics(21))
    assert "slow 90.0 %" in crosshair(seen, 20, name="accuracy", pins=(pinned,))[0]


def test_gradients_have_a_curve_for_each_layer():
    seen = curve(np.full(41, 0.5), **metrics(41))
    drawn = crosshair(seen, 0, name="gradient")
    assert "layer 1 1.000000" in drawn[0]
    assert "layer 2 0.100000" in drawn[0]
    strips = loss(seen, 100, 20, view=ChartView("gradient"))
    inks = [DARK_PALETTE.series(k).color.name for k in range(2)]
    tops = [min(y for _, y in inked(strips[1:], ink)) for ink in inks]
    assert tops == sorted(set(tops))


@pytest.mark.parametrize(
    ("batch_size", "what"), [("all", "full batch"), (2, "mean over mini-batches")]
)
def test_the_chart_says_of_which_samples_the_gradient_is(batch_size, what):
    seen = curve(np.full(41, 0.5), **metrics(41))
    seen = replace(seen, recipe=seen.recipe.with_value("training.batch_size", batch_size))
    chart = LossChart(seen, (), ChartView("gradient"), DrawArea(90, 20, DARK_PALETTE), KEYS)
    assert chart.note(60) == f"gradient norm · {what} · log axis"


@pytest.mark.parametrize("name", ["accuracy", "gradient"])
def test_before_the_first_epoch_it_says_what_will_be_there(name):
    drawn = " ".join(text(loss, snapshot(epochs=0), 60, 10, view=ChartView(name)).split())
    assert "curve appears" in drawn
    assert "press space" in drawn


def test_before_the_first_epoch_there_is_no_gradient_to_tell():
    drawn = text(loss, snapshot(epochs=0), 60, 10, view=ChartView("gradient"))
    assert "layer" not in drawn
    assert "The gradient norm curve appears here" in drawn
