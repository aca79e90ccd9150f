"""The samples that stand on a picture over two inputs."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.style import Style

from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.classes import class_colour, class_sign
from nn_tui.tui.drawing.color_scale import target_scale
from nn_tui.tui.drawing.pixels import Mark, Marks
from nn_tui.tui.drawing.plane import Plane
from nn_tui.tui.theme import Palette, mix

Array = NDArray[Any]

_NEUTRAL = 0.1  # a target so near the middle that it is neither class nor hill


def marks_of(
    snapshot: Snapshot, plane: Plane, rows: Array, width: int, height: int, palette: Palette
) -> Marks:
    """The samples ``rows`` in ``width`` x ``height`` cells, the earliest where some share one.

    Up to two classes, and quantities, are ● or ○ by the side of the scale they are on, and
    small where they are held back for testing; more classes have signs of their own,
    hollow where held back.
    """
    lines, columns = plane.cells(rows, width, height)
    _, first = np.unique(lines * width + columns, return_index=True)
    lines, columns, rows = lines[first], columns[first], rows[first]
    dataset = snapshot.dataset
    trains = (rows < dataset.train_count).tolist()
    if len(dataset.classes) > 2:
        classes = dataset.targets[rows, 0].astype(int).tolist()
        made = [_class_mark(k, t, palette) for k, t in zip(classes, trains, strict=True)]
    else:
        targets = dataset.targets[rows, 0]
        sides = targets * 2 - 1 if dataset.classes else target_scale(snapshot).shares(targets)
        made = [_side_mark(s, t, palette) for s, t in zip(sides.tolist(), trains, strict=True)]
    return dict(zip(zip(lines.tolist(), columns.tolist(), strict=True), made, strict=True))


def _class_mark(number: int, trains: bool, palette: Palette) -> Mark:
    colour = class_colour(number, palette)
    sign = class_sign(number, trains)
    if palette.ansi:
        return Mark(sign, "", Style(color=colour, bold=True))
    return Mark(sign, mix(palette.foreground, colour, 0.65), palette.text)


def _side_mark(side: float, trains: bool, palette: Palette) -> Mark:
    if abs(side) < _NEUTRAL:
        sign = "·"
    elif side > 0:
        sign = "●" if trains else "•"
    else:
        sign = "○" if trains else "◦"
    if palette.ansi:
        return Mark(sign, "", Style(color="blue" if side > 0 else "yellow", bold=True))
    ink = palette.positive if side > 0 else palette.negative
    strength = round(0.65 * min(1.0, abs(side)) * 16) / 16
    return Mark(sign, mix(palette.foreground, ink, strength), palette.text)
