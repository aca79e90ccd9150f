"""The confusion matrix: rows are actual classes, columns predicted ones."""

from dataclasses import dataclass

import numpy as np
from rich.style import Style
from textual.strip import Strip

from nn_tui.text import percent
from nn_tui.tui.drawing.confusion_counts import ConfusionCounts
from nn_tui.tui.drawing.pixels import PixelMark, pixel_rows, signed_codes, signed_inks
from nn_tui.tui.drawing.strips import DrawArea, RowBuilder, fit_text, paragraph
from nn_tui.tui.theme import Palette

_LEAST_LABEL, _WIDEST_LABEL = 3, 14
_CELL = (3, 11)
_TALLEST = 3
_ROOM = 12
_CORNERS = ("actual ╲ predicted", "act. ╲ pred.", "act╲pred")
_LEAST_FILL = 0.25  # so that a single error is visible


_OF_CLASSES = (("recall", 7), ("precision", 10))
"""Columns of scores beside the matrix, and their cells."""
_LEGIBLE = 6
"""Cells of a class's name that the scores beside the matrix leave, or all of it."""
_FOOTER = 2
_NOT_DRAWN = 3  # least height of a matrix

Cell = tuple[int, int]
"""A cell of the matrix: actual and predicted class."""


@dataclass(frozen=True)
class ConfusionLayout:
    """The matrix from the second line on, behind labels of ``label`` cells.

    A class has ``across`` cells and ``half_lines`` half lines. Without ``numbers`` it is drawn
    as pixels. ``scored`` is whether the scores of the classes are beside it.
    """

    classes: int
    corner: str
    label: int
    across: int
    half_lines: int
    numbers: bool
    scored: bool

    def at(self, x: int, y: int) -> Cell | None:
        """The cell at a place of the picture, if any."""
        row, column = 2 * (y - 1) // self.half_lines, (x - self.label) // self.across
        inside = y > 0 and row < self.classes and 0 <= column < self.classes
        return (row, column) if inside else None


def lay_out_confusion(counts: ConfusionCounts, width: int, height: int) -> ConfusionLayout | None:
    """Place the matrix: as numbers, or as pixels where they do not fit; None without room."""
    if width < _ROOM or height < _NOT_DRAWN:
        return None
    count, lines = len(counts.classes), height - _FOOTER - 1
    digits = len(str(counts.counts.max())) + 1
    beside = sum(cells for _, cells in _OF_CLASSES)
    for room, scored in ((width - beside, True), (width, False)):
        if room < _ROOM or (scored and not counts.of_classes):
            continue
        corner, label = _corner(counts, room)
        if scored and not corner:
            corner = _CORNERS[-1]
            label = max(label, len(corner) + 1)
        cell = min(_CELL[1], (room - label) // count)
        least = min(_LEGIBLE, max(map(len, counts.classes)) + 1) if scored else 0
        if cell >= max(_CELL[0], digits, least) and lines >= count + 1:
            tall = max(1, min(_TALLEST, (lines - 1) // count))
            return ConfusionLayout(count, corner, label, cell, 2 * tall, True, scored)
    zoom = max(1, min(width // count, 2 * (lines - 1) // count))
    return ConfusionLayout(count, "", 0, zoom, zoom, False, False)


def draw_confusion(
    counts: ConfusionCounts, area: DrawArea, cursor: Cell | None = None
) -> list[Strip]:
    """Return the matrix with recall and precision of each class, and its summary."""
    width, height, palette = area
    layout = lay_out_confusion(counts, width, height)
    if layout is None:
        return [_summary(counts, width, palette).strip(width)][:height]
    about = None if cursor is None or layout.scored else cursor[0]
    footer = _footer(counts, about, width, palette)
    lines = height - len(footer) - 1
    if layout.numbers:
        strips = _numbers(counts, layout, cursor, width, palette)
    else:
        strips = _pixels(counts, layout, cursor, width, lines, palette)
    blank = RowBuilder(palette.text).strip(width)
    strips += [blank] * (height - len(footer) - len(strips))
    return [*strips, *footer]


def describe_cell(counts: ConfusionCounts, cell: Cell) -> str:
    """The classes of a cell, and its count."""
    actual, predicted = (counts.classes[number] for number in cell)
    count = int(counts.counts[cell])
    if cell[0] == cell[1]:
        return f"{actual} right: {count:,}"
    return f"{actual} as {predicted}: {count:,}"


def _corner(counts: ConfusionCounts, width: int) -> tuple[str, int]:
    """The longest text for the corner that leaves the cells their width, and the label width."""
    longest = max(map(len, counts.classes))
    names = min(_WIDEST_LABEL, longest, max(_LEAST_LABEL, width // 5)) + 2
    widest = min(_CELL[1], (width - names) // len(counts.classes))
    for corner in _CORNERS:
        label = max(names, len(corner) + 1)
        if (width - label) // len(counts.classes) >= widest:
            return corner, label
    return "", names


def _numbers(
    counts: ConfusionCounts,
    layout: ConfusionLayout,
    cursor: Cell | None,
    width: int,
    palette: Palette,
) -> list[Strip]:
    cell, label, tall = layout.across, layout.label, layout.half_lines // 2
    heading = RowBuilder(palette.muted).add(layout.corner).to(label)
    for number, name in enumerate(counts.classes):
        shown = fit_text(name, min(len(name), cell - 1)).strip().center(cell)
        here = cursor is not None and cursor[1] == number
        heading.add(shown, palette.strong if here else None)
    for name, cells in _OF_CLASSES if layout.scored else ():
        heading.add(name.rjust(cells))
    strips = [heading.strip(width)]
    rows = np.maximum(counts.counts.sum(axis=1), 1)
    for number, name in enumerate(counts.classes):
        here = cursor is not None and cursor[0] == number
        for line in range(tall):
            middle = line == (tall - 1) // 2
            row = RowBuilder(palette.text)
            row.left(name if middle else "", label - 1, palette.strong if here else palette.muted)
            row.to(label)
            for other, count in enumerate(counts.counts[number].tolist()):
                share = max(_LEAST_FILL, count / rows[number])
                value = share if number == other else -share
                text = f"{count:,}" if count or number == other else "·"
                style = palette.filled(0.75 * value) if count else palette.faint
                if cursor == (number, other):
                    style = palette.chosen
                row.add(text.center(cell) if middle else " " * cell, style)
            if layout.scored and middle:
                found = counts.of_classes[number]
                for score, (_, cells) in zip(
                    (found.recall, found.precision), _OF_CLASSES, strict=True
                ):
                    row.add(percent(score).rjust(cells), palette.muted)
            strips.append(row.strip(width))
    return strips


def _pixels(
    counts: ConfusionCounts,
    layout: ConfusionLayout,
    cursor: Cell | None,
    width: int,
    lines: int,
    palette: Palette,
) -> list[Strip]:
    """One pixel per class; classes that do not fit are left out and counted."""
    count, zoom = layout.classes, layout.across
    shares = -counts.counts / np.maximum(counts.counts.sum(axis=1, keepdims=True), 1)
    shares[np.diag_indices(count)] *= -1
    codes = signed_codes(shares).repeat(zoom, axis=0).repeat(zoom, axis=1)
    room = 2 * (lines - 1)
    blank = signed_codes(np.zeros((len(codes) % 2, codes.shape[1])))
    codes = np.vstack([codes, blank])[:room, :width]
    shown = min(count, room // zoom, width // zoom)
    words = f"{count} classes, actual ↓ predicted →"
    if shown < count:
        words = f"{shown} of {count} classes; zoom in"
    heading = RowBuilder(palette.muted).add(fit_text(words, min(len(words), width)))
    marks = {}
    if cursor is not None:
        place = cursor[0] * zoom // 2, cursor[1] * zoom
        style = Style(reverse=True, bold=True)
        marks[place] = PixelMark("+", palette.accent, style)
    rows = pixel_rows(codes, signed_inks(palette, 1.0), marks, palette)
    return [row.strip(width) for row in (heading, *rows)]


def _footer(
    counts: ConfusionCounts, about: int | None, width: int, palette: Palette
) -> list[Strip]:
    """Return the summary, and the scores of the class ``about`` or the most frequent errors."""
    strips = [_summary(counts, width, palette).strip(width)]
    told = _mistakes(counts, width)
    if about is not None and counts.of_classes:
        found = counts.of_classes[about]
        told = f"{found.name}: recall {percent(found.recall)}"
        told += f", precision {percent(found.precision)}"
    return [*strips, paragraph(told, width, palette.muted)[0]]


def _mistakes(counts: ConfusionCounts, width: int) -> str:
    """The most frequent error, or as many equally frequent ones as fit."""
    count, pairs = counts.most_frequent_errors
    if not pairs:
        return "" if counts.undecided else "no errors"
    times = "once" if count == 1 else f"{count:,} times"
    tied = f"{times} each" if len(pairs) > 1 else times
    named = [f"{counts.classes[a]} as {counts.classes[b]}" for a, b in pairs]
    for shown in range(len(named), 0, -1):
        more = f" and {len(named) - shown:,} more" if shown < len(named) else ""
        words = f"most often confused, {tied}: {', '.join(named[:shown])}{more}"
        if len(words) <= width:
            break
    return words


def _summary(counts: ConfusionCounts, width: int, palette: Palette) -> RowBuilder:
    row = RowBuilder(palette.muted).add(f"accuracy {percent(counts.accuracy)}", palette.text)
    evaluated, right = counts.evaluated, int(np.trace(counts.counts))
    details = [f" · {right:,} of {evaluated:,} {counts.subset} samples"]
    if evaluated < counts.samples:
        details.append(f" (subset of {counts.samples:,})")
    if counts.undecided:
        details.append(f" · {counts.undecided:,} undecided")
    for text in details:
        if row.width + len(text) <= width:
            row.add(text)
    return row
