"""Predicted against true values of a continuous target; the line is where both are equal."""

from dataclasses import dataclass

import numpy as np
from textual.strip import Strip

from nn_tui.training.forward_pass import ForwardPass
from nn_tui.training.scores import format_score, scores
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.drawing.confusion_counts import evaluated_rows, evaluated_set
from nn_tui.tui.drawing.function_plot import FunctionSamples, draw_function, plot_inputs
from nn_tui.tui.drawing.short_names import short_names
from nn_tui.tui.drawing.strips import DrawArea, paragraph
from nn_tui.types import Array


@dataclass(frozen=True, eq=False)
class Residuals:
    """``true`` and ``predicted`` values (rows,) of one target, in its own units.

    ``rows`` (rows,) are the samples, of the set named ``subset``. Samples whose prediction is
    not a finite number are left out.
    """

    name: str
    subset: str
    rows: Array
    true: Array
    predicted: Array


def evaluate_residuals(
    snapshot: Snapshot, forward: ForwardPass, tests: bool, output: int = 0
) -> Residuals:
    """Predict the test or training samples; of a large set, every k-th."""
    dataset = snapshot.dataset
    part = evaluated_rows(snapshot, tests)
    output = min(output, snapshot.network.sizes[-1] - 1)
    predicted = forward.predictions(snapshot, dataset.inputs[part])[:, output].astype(np.float64)
    true = dataset.output_targets(snapshot.network.output, part)[:, output]
    names = short_names(dataset).targets
    known = np.isfinite(predicted)
    return Residuals(
        names[output] if output < len(names) else "y",
        evaluated_set(dataset, tests),
        np.arange(part.start, part.stop, part.step)[known],
        true[known],
        predicted[known],
    )


def describe_residuals(found: Residuals, width: int) -> str:
    """What is drawn, of which samples, and R², as much as fits into ``width`` cells."""
    said = f"predicted against true · {found.subset} samples"
    values = scores(found.predicted[:, None], found.true[:, None], None, False)
    more = f"{said} · R² {format_score('r2', values['r2'])}"
    return more if len(more) <= width and len(found.rows) > 1 else said


def draw_residuals(found: Residuals, sample: int, area: DrawArea) -> list[Strip]:
    """Draw the samples, those of the test set in its colour; ``sample`` is marked, if shown."""
    if not len(found.rows):
        return paragraph("no prediction is a finite number", area.width, area.palette.muted)
    points = found.true[:, None]
    train = 0 if found.subset == "test" else len(found.rows)
    samples = FunctionSamples(points, found.predicted, train)
    same = plot_inputs(points, area.width)[:, 0]
    at = np.flatnonzero(found.rows == sample)
    chosen = int(at[0]) if len(at) else -1
    return draw_function(same, samples, area, chosen, found.name, "ŷ = y")
