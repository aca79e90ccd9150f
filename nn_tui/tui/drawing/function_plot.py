"""The output of a network with one input as a curve, with the samples."""

import numpy as np
from textual.strip import Strip

from nn_tui.tui.drawing.bounded import bounded, padded_range
from nn_tui.tui.drawing.braille import BrailleCanvas
from nn_tui.tui.drawing.numbers import format_plain
from nn_tui.tui.drawing.strips import DrawArea, RowBuilder, blank
from nn_tui.types import Array

_MARGIN = 0.06


def plot_inputs(points: Array, width: int) -> Array:
    """Return inputs (2 * width, 1) from left to right, one per column of dots.

    They cover ``points`` (samples, 1) and a margin.
    """
    left, right = padded_range(bounded(points), _MARGIN)
    return np.linspace(left, right, 2 * width)[:, None]


def draw_function(
    values: Array,
    points: Array,
    targets: Array,
    train_count: int,
    area: DrawArea,
    chosen: int = -1,
) -> list[Strip]:
    """Draw ``values`` (2 * width,) at the inputs of ``plot_inputs``, and the samples.

    ``points`` (samples, 1) and ``targets`` (samples,) are the samples, training samples
    first; empty ``targets`` leave them out. Test samples are orange, the ``chosen`` sample
    is a full disc.
    """
    width, height, palette = area
    if height < 3:
        return []
    known = np.isfinite(values)
    points, targets, values = bounded(points), bounded(targets), bounded(values)
    low, high = padded_range(np.concatenate([targets.ravel(), values[known]]), _MARGIN)
    left, right = padded_range(points, _MARGIN)
    lines = height - 1
    dots = BrailleCanvas(width, lines)

    def line_of(value: float) -> int:
        return round((high - value) / (high - low) * (4 * lines - 1))

    for i in range(len(targets) - 1, -1, -1):
        x = round((points[i, 0] - left) / (right - left) * (2 * width - 1))
        ink = palette.faint if i < train_count else palette.inked(-0.6)
        dots.set(x, line_of(float(targets[i])), ink)
    for x in range(2 * width - 1):
        if known[x] and known[x + 1]:
            ends = (x, line_of(float(values[x])), x + 1, line_of(float(values[x + 1])))
            dots.line(*ends, 1, palette.train)
    spot = (-1, -1)
    if chosen >= 0:
        across = float(points[chosen, 0] - left) / (right - left)
        spot = round(across * (2 * width - 1)) // 2, line_of(float(targets[chosen])) // 4
    strips = []
    for line in range(lines):
        row = RowBuilder(palette.text)
        if line == spot[1]:
            dots.add_to(row, line, 0, spot[0])
            dots.add_to(row.add("●", palette.chosen), line, spot[0] + 1, width)
        else:
            dots.add_to(row, line, 0, width)
        strips.append(row.strip(width))
    axis = (
        RowBuilder(palette.muted)
        .add(format_plain(left))
        .to(width - len(format_plain(right)))
        .add(format_plain(right))
    )
    strips.append(axis.strip(width) if axis.width <= width else blank(width, palette.text))
    return strips
