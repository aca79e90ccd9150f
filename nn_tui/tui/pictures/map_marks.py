"""The samples that stand on a picture over two inputs."""

import numpy as np
from rich.style import Style

from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.classes import class_colour, class_sign
from nn_tui.tui.drawing.color_scale import target_scale
from nn_tui.tui.drawing.pixels import Marks, PixelMark
from nn_tui.tui.drawing.plane import Plane
from nn_tui.tui.theme import Palette, mix
from nn_tui.types import Array

_NEUTRAL = 0.1  # a target so near the middle that it is neither low nor high
_STRENGTH = 0.65  # how near to its colour the ink of a sign comes


def marks_of(
    snapshot: Snapshot, plane: Plane, rows: Array, width: int, height: int, palette: Palette
) -> Marks:
    """The samples ``rows`` in ``width`` x ``height`` cells, the earliest where some share one.

    Each class has its sign and colour. Quantities are ● or ○ by the side of the scale they
    are on, small where they are test samples.
    """
    lines, columns = plane.cells(rows, width, height)
    _, first = np.unique(lines * width + columns, return_index=True)
    lines, columns, rows = lines[first], columns[first], rows[first]
    dataset = snapshot.dataset
    trains = (rows < dataset.train_count).tolist()
    if count := len(dataset.class_names):
        numbers = dataset.class_numbers(rows).tolist()
        made = [_class_mark(k, count, t, palette) for k, t in zip(numbers, trains, strict=True)]
    else:
        sides = target_scale(snapshot).shares(dataset.targets[rows, 0])
        made = [_side_mark(s, t, palette) for s, t in zip(sides.tolist(), trains, strict=True)]
    return dict(zip(zip(lines.tolist(), columns.tolist(), strict=True), made, strict=True))


def _class_mark(number: int, count: int, trains: bool, palette: Palette) -> PixelMark:
    colour = class_colour(number, count, palette)
    sign = class_sign(number, count, trains)
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
