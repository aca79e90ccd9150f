"""Weight matrices as numbers on a colour scale, or as pixels if they are large."""

import re
from collections.abc import Sequence
from functools import lru_cache, partial
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip

from nn_tui.tui.drawing.colour_scale import saturation, without_rounding
from nn_tui.tui.drawing.labels import distinct_labels
from nn_tui.tui.drawing.matrix import Matrix, MatrixCursor
from nn_tui.tui.drawing.numbers import format_fixed
from nn_tui.tui.drawing.pixels import ABSENT, CURSOR, brightness_levels, brightness_rows
from nn_tui.tui.drawing.short_names import shortened
from nn_tui.tui.drawing.strips import DrawArea, RowBuilder
from nn_tui.tui.drawing.weight_forms import lying_name
from nn_tui.tui.drawing.weight_layout import MatrixPlace, WeightLayout
from nn_tui.tui.drawing.weight_numbers import (
    COMPACT,
    NINTHS,
    PAIR,
    TENTHS,
    Units,
    format_gradient,
    format_ninths,
    format_number,
    unit_exponent,
    unit_name,
)
from nn_tui.tui.drawing.weight_summary import draw_summary, figures
from nn_tui.tui.theme import STEPS, Palette
from nn_tui.types import Array

_LEAST_OF_SHORT = 4
"""Cells from which names are made of prefixes of their words."""
_NUMBERED = re.compile(r"(.*?)(\d+)")


def draw_weights(
    matrices: Sequence[Matrix],
    layout: WeightLayout,
    cursor: MatrixCursor | None,
    area: DrawArea,
) -> list[Strip]:
    """Draw the matrices as laid out, with the cursor if there is one."""
    width, height, palette = area
    rows = [RowBuilder(palette.text) for _ in range(height)]
    units = chosen_units(matrices, layout)
    for place in layout.places:
        here = cursor if cursor is not None and cursor.matrix == place.matrix else None
        beside = (p.left - 2 for p in layout.places if p.top == place.top and p.left > place.left)
        room = min(beside, default=width) - place.left
        matrix = matrices[place.matrix]
        if place.numbers:
            exponent = units[_unit_key(matrices, place)]
            detailed = not layout.summary
            picture = _Numbers(matrix, place, here, exponent, detailed, palette).lines(room)
        else:
            picture = _pixels(matrix, place, room, here, palette)
        for row, made in zip(rows[place.top :], picture, strict=False):
            row.to(place.left).extend(made)
    for number, lines in enumerate(layout.summary):
        drawn = draw_summary(matrices, number, width, len(lines), palette)
        for y, summary in zip(lines, drawn, strict=True):
            rows[y].extend(summary)
    hidden = " ".join(
        f"{arrow} {', '.join(matrices[i].name for i in part)}"
        for arrow, part in (("▴", layout.above), ("▾", layout.below))
        if part
    )
    if hidden and height > max(place.top + place.height for place in layout.places):
        rows[-1] = RowBuilder(palette.muted).add(hidden)
    return [row.strip(width) for row in rows]


# Units


def chosen_units(matrices: Sequence[Matrix], layout: WeightLayout) -> Units:
    """Return the power of ten of the numbers of each matrix; that of ``layout`` while it serves."""
    chosen = {}
    for place in layout.places:
        if place.numbers:
            key = _unit_key(matrices, place)
            scale = saturation(matrices[place.matrix].known())
            chosen[key] = unit_exponent(scale, place.cell == TENTHS, layout.units.get(key))
    return {**layout.units, **chosen}


def _unit_key(matrices: Sequence[Matrix], place: MatrixPlace) -> tuple[str, bool]:
    return matrices[place.matrix].name, place.cell == TENTHS


def describe_units(
    matrices: Sequence[Matrix], layout: WeightLayout, cursor: MatrixCursor, room: int
) -> str:
    """Return what the numbers are in if not in ones, such as ``in tenths``.

    Where matrices differ in this, their names precede; in less than ``room`` cells only the
    cursor's is named.
    """
    units = chosen_units(matrices, layout)
    told: dict[str, list[str]] = {}
    own = ""
    for place in layout.places:
        matrix, two_digits = matrices[place.matrix], place.cell == TENTHS
        if not place.numbers or not place.rows:
            continue
        if place.cell == NINTHS:
            text = f"9 = {format_fixed(saturation(matrix.known()), 6).strip()}"
        else:
            text = unit_name(units[_unit_key(matrices, place)], two_digits)
        told.setdefault(text, []).append(matrix.name)
        own = text if place.matrix == cursor.matrix else own
    if len(told) < 2:
        return own
    all_told = ", ".join(f"{' '.join(names)} {text}" for text, names in told.items() if text)
    if len(all_told) <= room:
        return all_told
    return f"{matrices[cursor.matrix].name} {own}" if own else ""


# Numbers


class _Numbers(NamedTuple):
    """A matrix drawn as numbers, in a power of ten; ``detailed`` has figures in its heading."""

    matrix: Matrix
    place: MatrixPlace
    cursor: MatrixCursor | None
    exponent: int
    detailed: bool
    palette: Palette

    def lines(self, room: int) -> list[RowBuilder]:
        """Return the lines; the heading has figures if they fit in ``room`` cells."""
        place, palette = self.place, self.palette
        rows = [self._heading(room)] if place.heading else []
        if not place.rows:
            return rows
        numbers, below = self._texts()
        styles = self._styles()
        labels = self._row_names()
        for i, row in enumerate(place.rows):
            lines = [RowBuilder(palette.text) for _ in range(place.pitch)]
            style = palette.accented if self._is_chosen(row) else palette.muted
            lines[0].add(self._label(row, labels[row]), style)
            self._add_cells(lines[0], numbers[i], [pair[0] for pair in styles[i]])
            for line in lines[1 : place.tile]:
                self._add_cells(line.to(place.head), below[i], [pair[1] for pair in styles[i]])
            rows += lines
        return rows[: len(rows) - (place.pitch > 2)]

    def _is_chosen(self, row: int) -> bool:
        return self.cursor is not None and self.cursor.row == row

    def _special(self) -> dict[tuple[int, int], str]:
        """Return what stands in visible cells without a known, living number."""
        matrix, (rows, columns) = self.matrix, (self.place.rows, self.place.columns)
        special = dict.fromkeys(matrix.unknown, "-")
        mask = matrix.window(rows, columns)[1]
        exists = matrix.exists_mask(rows, columns)
        for text, cells in (("×", mask), ("", exists)):
            if cells is not None and not cells.all():
                for i, j in np.argwhere(~cells).tolist():
                    special[rows[i], columns[j]] = text
        return special

    def _texts(self) -> tuple[list[list[str]], list[list[str]]]:
        """Return the text of each number, and what stands below it."""
        matrix, place, special = self.matrix, self.place, self._special()
        values = without_rounding(matrix.window(place.rows, place.columns)[0])
        gradients = matrix.gradient_window(place.rows, place.columns) if place.paired else None
        if place.cell == NINTHS:
            show = partial(format_ninths, scale=saturation(matrix.known()))
        else:
            show = partial(format_number, width=min(place.cell, COMPACT))
            with np.errstate(all="ignore"):
                values = values / 10.0**self.exponent
        texts = [[show(value) for value in row] for row in values.tolist()]
        below = [[""] * len(row) for row in texts]
        if gradients is not None:
            below = [[f"∇{format_gradient(value)}" for value in row] for row in gradients.tolist()]
        for (row, column), text in special.items():
            if row in place.rows and column in place.columns:
                i, j = row - place.rows.start, column - place.columns.start
                texts[i][j], below[i][j] = text, ""
        return texts, below

    def _styles(self) -> list[list[tuple[Style, Style]]]:
        """Return the styles of each number, and of what stands below it."""
        matrix, place, palette = self.matrix, self.place, self.palette
        values = matrix.window(place.rows, place.columns)[0]
        with np.errstate(all="ignore"):
            shares = np.clip(np.nan_to_num(values / saturation(matrix.known())), -1, 1)
        of_step = _value_styles(palette)
        steps = np.rint(shares * STEPS).astype(int) + STEPS
        styles = [[of_step[step] for step in row] for row in steps.tolist()]
        changed = {
            cell: palette.muted if text else palette.text for cell, text in self._special().items()
        }
        if self.cursor is not None:
            changed[self.cursor.row, self.cursor.column] = palette.chosen
        for (row, column), style in changed.items():
            if row in place.rows and column in place.columns:
                styles[row - place.rows.start][column - place.columns.start] = (style, style)
        return styles

    def _add_cells(self, line: RowBuilder, texts: list[str], styles: list[Style]) -> None:
        """Add texts to a line, right-aligned; wide cells are apart from each other."""
        cell = self.place.cell
        apart = cell >= PAIR
        tile = cell - apart
        end = 1 if tile >= PAIR - 1 + apart else 0
        for text, style in zip(texts, styles, strict=True):
            line.add(text.strip().rjust(tile - end) + " " * end, style)
            if apart:
                line.add(" ")

    # Names

    def _heading(self, room: int) -> RowBuilder:
        """Return the matrix's name, those of the columns, and figures if there is room."""
        place, palette = self.place, self.palette
        row = RowBuilder(palette.muted).add(self.matrix.name[-place.head :], palette.accented)
        row.to(place.head)
        cell = place.cell
        if cell == NINTHS:
            self._add_sparse_names(row)
        else:
            pad = 2 if cell > PAIR else int(cell >= PAIR - 1)
            names = names_that_fit(tuple(self.matrix.columns), cell - 1 - (pad > 1))
            for column in place.columns:
                chosen = self.cursor is not None and self.cursor.column == column
                text = names[column].rjust(
                    cell - pad - cell_len(names[column]) + len(names[column])
                )
                row.add(text + " " * pad, palette.accented if chosen else palette.muted)
        unit = unit_name(self.exponent, cell == TENTHS) if cell > NINTHS else ""
        told = figures(self.matrix, self.matrix.shape) if self.detailed else []
        for figure in [unit, *told] if unit else told:
            if row.width + 2 + len(figure) <= room:
                row.add(f"  {figure}", palette.muted)
        return row

    def _add_sparse_names(self, row: RowBuilder) -> None:
        """Add the names of as many columns as fit side by side, that of the cursor's instead."""
        columns, width = self.place.columns, self.place.cell * len(self.place.columns)
        for step in (2, 4, 8, 16):
            names = names_that_fit(tuple(self.matrix.columns), min(2 * step - 1, width))
            if max(map(cell_len, names)) < 2 * step:
                break
        if any(cell_len(name) != len(name) for name in names):
            names = tuple(str(column + 1) for column in range(self.matrix.width))
        line = [" "] * width
        at = None if self.cursor is None else self.cursor.column
        for column in columns[::step]:
            x = min(2 * column, width - len(names[column]))
            if not "".join(line[max(0, x - 1) : x]).strip():
                line[x : x + len(names[column])] = names[column]
        if at is not None:
            x = min(2 * at, width - len(names[at]))
            line[max(0, x - 1) : x + len(names[at]) + 1] = f" {names[at]} "[max(0, 1 - x) :]
        text = "".join(line)[:width]
        if at is None:
            row.add(text)
            return
        x = min(2 * at, width - len(names[at]))
        row.add(text[:x]).add(names[at], self.palette.accented).add(text[x + len(names[at]) :])

    def _row_names(self) -> list[str]:
        matrix, room = self.matrix, self.place.head - 1
        if matrix.lying:
            name = matrix.rows[0]
            both = lying_name(matrix)
            name = both if cell_len(both) <= room and not self.place.heading else name
            return [name, "b"]
        names = list(names_that_fit(tuple(matrix.rows), room))
        if all(name.isdigit() for name in names):
            names = [name.rjust(room) for name in names]
        return [*names, "b"]

    def _label(self, row: int, name: str) -> str:
        """Return the name of a row, with an arrow if more rows follow beyond it."""
        place, arrow = self.place, " "
        if row == place.rows[0] and row > 0:
            arrow = "▴"
        elif row == place.rows[-1] and row + 1 < self.matrix.lines:
            arrow = "▾"
        return name + " " * (place.head - 1 - cell_len(name)) + arrow


@lru_cache(maxsize=4)
def _value_styles(palette: Palette) -> list[tuple[Style, Style]]:
    """Return the styles of a number, and of the one below it, for each step of the scale."""
    shares = [step / STEPS for step in range(-STEPS, STEPS + 1)]
    return [(palette.filled(share), palette.filled_faintly(share)) for share in shares]


@lru_cache(maxsize=64)
def names_that_fit(names: tuple[str, ...], width: int) -> tuple[str, ...]:
    """Shorten names to ``width`` cells; those that are numbered alike become numbers."""
    if any(cell_len(name) > width for name in names):
        parts = [_NUMBERED.fullmatch(name) for name in names]
        found = [part.groups() for part in parts if part is not None]
        alike = len(found) == len(names) and all(a[0] == b[0] for a, b in pairwise(found))
        if alike and max(len(number) for _, number in found) <= width:
            return tuple(number for _, number in found)
    if width < _LEAST_OF_SHORT or any("=" in name for name in names):
        return distinct_labels(names, width)
    short = shortened(names, width)
    return tuple(short[name] for name in names)


# Pixels


def _pixels(
    matrix: Matrix, place: MatrixPlace, room: int, cursor: MatrixCursor | None, palette: Palette
) -> list[RowBuilder]:
    """Return a title ``room`` cells wide, and two rows of the matrix in each line."""
    values, mask = matrix.window(place.rows, place.columns)
    levels: Array = brightness_levels(values, saturation(matrix.known()), mask)
    levels[~matrix.exists_mask(place.rows, place.columns)] = ABSENT
    for row, column in matrix.unknown:
        if row in place.rows and column in place.columns:
            levels[row - place.rows.start, column - place.columns.start] = ABSENT
    if cursor is not None and cursor.row in place.rows and cursor.column in place.columns:
        levels[cursor.row - place.rows.start, cursor.column - place.columns.start] = CURSOR
    name = f"{matrix.name} {matrix.shape}"
    title = RowBuilder(palette.text).left(name, min(room, len(name)), palette.accented)
    parts = []
    if len(place.columns) < matrix.width:
        parts.append(f"columns {place.columns[0] + 1}-{place.columns[-1] + 1}")
    if len(place.rows) < matrix.lines:
        parts.append(f"rows {place.rows[0] + 1}-{place.rows[-1] + 1}")
    for figure in figures(matrix, *parts):
        if title.width + 2 + len(figure) <= room:
            title.add(f"  {figure}", palette.muted)
    return [title, *brightness_rows(levels, palette)]
