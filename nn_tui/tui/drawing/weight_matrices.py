"""Weight matrices as numbers on a colour scale, or as pixels if they are large."""

from collections.abc import Sequence

import numpy as np
from rich.style import Style
from textual.strip import Strip

from nn_tui.tui.drawing.color_scale import SMALLEST, reach, saturation, without_rounding
from nn_tui.tui.drawing.labels import distinct_labels
from nn_tui.tui.drawing.matrix import Matrix, MatrixCursor
from nn_tui.tui.drawing.numbers import format_fixed, format_signed
from nn_tui.tui.drawing.pixels import ABSENT, CURSOR, brightness_levels, brightness_rows
from nn_tui.tui.drawing.strips import DrawArea, RowBuilder
from nn_tui.tui.drawing.weight_layout import MatrixPlace, WeightLayout
from nn_tui.tui.theme import Palette
from nn_tui.types import Array


def draw_weights(
    matrices: Sequence[Matrix],
    layout: WeightLayout,
    cursor: MatrixCursor | None,
    area: DrawArea,
) -> list[Strip]:
    """Draw the matrices as laid out, with the cursor if there is one."""
    width, height, palette = area
    rows = [RowBuilder(palette.text) for _ in range(height)]
    for place in layout.places:
        here = cursor if cursor is not None and cursor.matrix == place.matrix else None
        beside = (p.left - 2 for p in layout.places if p.top == place.top and p.left > place.left)
        room = min(beside, default=width) - place.left
        picture = _draw_one(matrices[place.matrix], place, room, here, palette)
        for line, made in zip(rows[place.top :], picture, strict=False):
            line.to(place.left).extend(made)
    hidden = " ".join(
        f"{arrow} {', '.join(matrices[i].name for i in part)}"
        for arrow, part in (("▴", layout.above), ("▾", layout.below))
        if part
    )
    if hidden and height > max(place.top + place.height for place in layout.places):
        rows[-1] = RowBuilder(palette.muted).add(hidden)
    return [row.strip(width) for row in rows]


def _draw_one(
    matrix: Matrix, place: MatrixPlace, room: int, cursor: MatrixCursor | None, palette: Palette
) -> list[RowBuilder]:
    """Return the lines of a matrix; its title may be ``room`` cells wide."""
    known = _all_of(matrix)
    scale, exponent = saturation(known), _exponent(reach(known))
    title = _title(matrix, place, room, exponent, palette)
    values, mask = matrix.window(place.rows, place.columns)
    if not place.numbers:
        made = brightness_levels(values, scale, mask)
        made[~matrix.exists_mask(place.rows, place.columns)] = ABSENT
        for row, column in matrix.unknown:
            if row in place.rows and column in place.columns:
                made[row - place.rows.start, column - place.columns.start] = ABSENT
        return [title, *_pixels(place, cursor, made, palette)]
    headings = distinct_labels(tuple(matrix.columns), place.cell - 1)
    labels = distinct_labels(tuple(matrix.rows), place.head - 1)
    heading = RowBuilder(palette.muted).to(place.head)
    for column in place.columns:
        chosen = cursor is not None and cursor.column == column
        style = palette.accented if chosen else palette.muted
        heading.add(_centred(headings[column], place.cell), style)
    rows = [title, heading]
    with np.errstate(all="ignore"):
        shown = without_rounding(values) / 10.0**exponent
        shades = values / scale
    for i, row in enumerate(place.rows):
        styles = [palette.filled(float(shade)) for shade in shades[i]]
        texts = [format_signed(float(value), min(7, place.cell - 1)) for value in shown[i]]
        for column in place.columns:
            at = column - place.columns.start
            if not matrix.exists(row, column):
                texts[at], styles[at] = "", palette.text
            elif mask is not None and not mask[i, at]:
                texts[at], styles[at] = "×", palette.muted
            elif (row, column) in matrix.unknown:
                texts[at], styles[at] = "-", palette.muted
            if cursor is not None and (row, column) == (cursor.row, cursor.column):
                styles[at] = palette.chosen
        chosen = cursor is not None and cursor.row == row
        name = labels[row] if row < len(labels) else matrix.row_name(row)
        label = palette.accented if chosen else palette.muted
        rows += _number_lines(name, label, texts, styles, place, palette)
    return rows


def _number_lines(
    name: str,
    label: Style,
    texts: list[str],
    styles: list[Style],
    place: MatrixPlace,
    palette: Palette,
) -> list[RowBuilder]:
    lines = []
    for line in range(place.tall):
        middle = line == (place.tall - 1) // 2
        row = RowBuilder(palette.text).left(name if middle else "", place.head, label)
        for text, style in zip(texts, styles, strict=True):
            row.add(_centred(text, place.cell) if middle else " " * place.cell, style)
        lines.append(row)
    return lines


def _pixels(
    place: MatrixPlace, cursor: MatrixCursor | None, made: Array, palette: Palette
) -> list[RowBuilder]:
    if cursor is not None and cursor.row in place.rows and cursor.column in place.columns:
        made[cursor.row - place.rows.start, cursor.column - place.columns.start] = CURSOR
    return brightness_rows(made.repeat(place.cell, axis=0).repeat(place.cell, axis=1), palette)


def _title(
    matrix: Matrix, place: MatrixPlace, room: int, exponent: int, palette: Palette
) -> RowBuilder:
    """Return name and shape, then as much as fits of the visible part, range and norm.

    Figures have the same power of ten as the numbers below.
    """
    count = len(matrix.cells)
    shape = f"{count}" if count else "{}×{}".format(*matrix.weights.shape)
    name = f"{matrix.name} {shape}"
    row = RowBuilder(palette.text).left(name, min(room, len(name)), palette.accented)
    figures = []
    if exponent:
        figures.append(f"·1e{exponent}")
    if len(place.columns) < matrix.width:
        figures.append(f"columns {place.columns[0] + 1}-{place.columns[-1] + 1}")
    if len(place.rows) < matrix.lines:
        figures.append(f"rows {place.rows[0] + 1}-{place.rows[-1] + 1}")
    with np.errstate(all="ignore"):
        values = _all_of(matrix) / 10.0**exponent
        norm = float(np.linalg.norm(values))
        values = without_rounding(_all_of(matrix)) / 10.0**exponent
        low, high = float(values.min()), float(values.max())
    digits = min(7, place.cell - 1) if place.numbers else 7
    figures.append(f"{format_signed(low, digits).strip()}…{format_signed(high, digits).strip()}")
    figures.append(f"‖·‖{format_fixed(norm, 6).strip()}")
    for figure in figures:
        if row.width + 2 + len(figure) <= room:
            row.add(f"  {figure}", palette.muted)
    return row


def _all_of(matrix: Matrix) -> Array:
    """Return all known numbers, biases after weights."""
    weights = matrix.weights.ravel()[: len(matrix.cells) or None]
    values = weights if matrix.biases is None else np.concatenate([weights, matrix.biases])
    unknown = [row * matrix.width + column for row, column in matrix.unknown]
    return np.delete(values, unknown) if 0 < len(unknown) < len(values) else values


def _exponent(scale: float) -> int:
    """Return the power of ten for numbers of magnitude ``scale``; mostly 0."""
    return 3 * int(np.floor(np.log10(scale) / 3)) if SMALLEST < scale < 0.1 else 0


def _centred(text: str, cell: int) -> str:
    return text.strip().center(cell)
