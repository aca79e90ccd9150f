"""Legend below a map, and the sample marks on it."""

from collections.abc import Iterable, Sequence

import numpy as np
from rich.cells import cell_len
from rich.style import Style

from nn_tui.data.dataset import Dataset
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.drawing.class_marks import class_colour, class_ink, class_sign
from nn_tui.tui.drawing.color_scale import Scale, target_scale
from nn_tui.tui.drawing.numbers import format_plain
from nn_tui.tui.drawing.pixels import Ink, Marks, PixelMark
from nn_tui.tui.drawing.plane import Plane, SampleSubset
from nn_tui.tui.drawing.strips import DrawArea, RowBuilder
from nn_tui.tui.theme import Palette, mix
from nn_tui.types import Array

LegendPart = Sequence[tuple[str, Style]]
"""Texts of one entry; a legend leaves out the last entries that do not fit."""

_GAP = 2
_BAR = (12, 24)  # cells of the colour bar, fewest and most


def draw_legend(parts: Iterable[LegendPart], width: int, palette: Palette) -> RowBuilder:
    """Return as many parts, from the first, as fit."""
    row = RowBuilder(palette.muted)
    for part in parts:
        needs = sum(cell_len(text) for text, _ in part) + (_GAP if row.width else 0)
        if row.width + needs > width:
            break
        row.add(" " * (_GAP if row.width else 0))
        for text, style in part:
            row.add(text, style)
    return row


def class_parts(names: Sequence[str], palette: Palette) -> list[LegendPart]:
    """Return the mark of every class."""
    count = len(names)
    return [
        [(class_sign(k, count), class_ink(k, count, palette)), (f" {name}", palette.muted)]
        for k, name in enumerate(names)
    ]


def sample_parts(
    dataset: Dataset, subset: SampleSubset, step: int, palette: Palette
) -> list[LegendPart]:
    """Describe the samples shown, and the marks of test samples."""
    hollow = len(dataset.class_names) > 2
    several = f"every {_ordinal(step)} " if step > 1 else ""
    if subset in ("training", "test", "no"):
        return [[(f"{several}{subset} samples" if subset != "no" else "no samples", palette.muted)]]
    parts: list[LegendPart] = []
    if dataset.test_count:
        parts.append([("hollow: test" if hollow else "small: test", palette.muted)])
    if several:
        parts.append([(f"{several}sample", palette.muted)])
    return parts


def scale_part(scale: Scale, inks: Sequence[Ink], room: int, palette: Palette) -> LegendPart:
    """Return a colour bar with the limits of its scale."""
    low, high = format_plain(scale.low), format_plain(scale.high)
    cells = max(_BAR[0], min(_BAR[1], room - len(low) - len(high) - 2))
    colours = [inks[round(k * (len(inks) - 1) / (cells - 1))] for k in range(cells)]
    if palette.ansi:
        bar = [(ink.glyph, ink.style) for ink in colours]
    else:
        bar = [(" ", Style(bgcolor=ink.colour)) for ink in colours]
    return [(f"{low} ", palette.muted), *bar, (f" {high}", palette.muted)]


def _ordinal(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if number % 100 in (11, 12, 13) else ending}"


_NEUTRAL = 0.1  # half-width of the middle of the scale, neither low nor high
_STRENGTH = 0.65  # opacity of a mark's colour


def sample_marks(snapshot: Snapshot, plane: Plane, rows: Array, area: DrawArea) -> Marks:
    """Return the marks of the samples ``rows``; the earliest where several share a cell.

    Each class has its mark and colour. Continuous targets are ● (high) or ○ (low), and
    small for test samples.
    """
    width, height, palette = area
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
