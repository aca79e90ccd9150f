"""Colour and symbol of each sample on a map."""

import numpy as np
from rich.style import Style

from nn_tui.order_statistics import first_places
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.drawing.class_marks import class_colour, class_sign
from nn_tui.tui.drawing.colour_scale import target_scale
from nn_tui.tui.drawing.pixels import Marks, PixelMark
from nn_tui.tui.drawing.plane import Plane
from nn_tui.tui.drawing.strips import DrawArea
from nn_tui.tui.theme import Palette, mix
from nn_tui.types import Array

WRONG, _WRONG_TEST = "✗", "×"
"""Marks of samples that are predicted to be of another class."""
_NEUTRAL = 0.1  # half-width of the middle of the scale, neither low nor high
_STRENGTH = 0.65  # opacity of a mark's colour


def sample_marks(
    snapshot: Snapshot, plane: Plane, rows: Array, wrong: Array | None, area: DrawArea
) -> Marks:
    """Return the marks of the samples ``rows``; a wrong or else the earliest one of a cell.

    Those that are ``wrong`` (rows,), if it is known, are crosses in the colour of their class.
    Each class has its mark and colour. Continuous targets are ● (high) or ○ (low), and
    small for test samples.
    """
    width, height, palette = area
    if wrong is None:
        wrong = np.zeros(len(rows), bool)
    order = np.argsort(~wrong, kind="stable")
    rows, wrong = rows[order], wrong[order]
    lines, columns = plane.cells(rows, width, height)
    first = first_places(lines * width + columns)
    lines, columns, rows, wrong = lines[first], columns[first], rows[first], wrong[first]
    dataset = snapshot.dataset
    trains = (rows < dataset.train_count).tolist()
    if count := len(dataset.class_names):
        numbers = dataset.class_numbers(rows).tolist()
        made = [
            _class_mark(k, count, t, w, palette)
            for k, t, w in zip(numbers, trains, wrong.tolist(), strict=True)
        ]
    else:
        sides = target_scale(snapshot).shares(dataset.targets[rows, 0])
        made = [_side_mark(s, t, palette) for s, t in zip(sides.tolist(), trains, strict=True)]
    return dict(zip(zip(lines.tolist(), columns.tolist(), strict=True), made, strict=True))


def _class_mark(number: int, count: int, trains: bool, wrong: bool, palette: Palette) -> PixelMark:
    colour = class_colour(number, count, palette)
    sign = (WRONG if trains else _WRONG_TEST) if wrong else class_sign(number, count, trains)
    if palette.ansi:
        return PixelMark(sign, "", Style(color=colour, bold=True))
    return PixelMark(sign, mix(palette.foreground, colour, _STRENGTH), palette.text)


def _side_mark(side: float, trains: bool, palette: Palette) -> PixelMark:
    if abs(side) < _NEUTRAL:
        sign = "·"
    elif side > 0:
        sign = "●" if trains else "•"
    else:
        sign = "○" if trains else "◦"
    if palette.ansi:
        return PixelMark(sign, "", Style(color="blue" if side > 0 else "yellow", bold=True))
    ink = palette.positive if side > 0 else palette.negative
    strength = round(_STRENGTH * min(1.0, abs(side)) * 16) / 16
    return PixelMark(sign, mix(palette.foreground, ink, strength), palette.text)
