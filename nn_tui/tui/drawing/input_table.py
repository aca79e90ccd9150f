"""The form for a row of inputs: a line for each column, and the prediction below."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip

from nn_tui.data.input_form import InputColumn, number_text
from nn_tui.tui.drawing.strips import DrawArea, RowBuilder, fit_text, squeezed
from nn_tui.tui.theme import Palette

_MARK = 2
_NARROWEST_VALUE, _WIDEST_NAME = 8, 20


@dataclass(frozen=True)
class InputTableLayout:
    """Columns ``first`` … of the form in ``count`` lines; names and values have these cells."""

    first: int
    count: int
    name: int
    value: int

    def region(self, number: int) -> Region:
        """The place of the value of a column."""
        return Region(_MARK + self.name + 1, number - self.first, self.value, 1)

    def at(self, y: int) -> int | None:
        """The column in a line, if any."""
        return self.first + y if 0 <= y < self.count else None


def lay_out_inputs(
    columns: Sequence[InputColumn], width: int, height: int, cursor: int, first: int
) -> InputTableLayout:
    """Place the columns in ``height`` lines, that of the ``cursor`` among them."""
    count = max(1, min(len(columns), height))
    first = max(0, min(max(first, cursor - count + 1), cursor, len(columns) - count))
    longest = max(cell_len(column.name) for column in columns)
    name = min(longest, _WIDEST_NAME, max(4, width - _MARK - _NARROWEST_VALUE - 1))
    room = width - _MARK - name - 1
    value = min(room, max(_NARROWEST_VALUE + 2, room // 2))
    return InputTableLayout(first, count, name, value)


def draw_inputs(
    columns: Sequence[InputColumn],
    cells: Sequence[str],
    copied: Sequence[str],
    layout: InputTableLayout,
    cursor: int | None,
    area: DrawArea,
) -> list[Strip]:
    """Draw the lines; values that differ from those ``copied`` from a sample are marked."""
    width, _, palette = area
    strips = []
    for number in range(layout.first, layout.first + layout.count):
        column, cell = columns[number], cells[number].strip()
        chosen, changed = number == cursor, cell != copied[number].strip()
        row = RowBuilder(palette.cursor if chosen else palette.text)
        plain = None if chosen else palette.muted
        row.add("▸ " if chosen else "• " if changed else "  ", plain if not changed else None)
        row.left(squeezed(column.name, layout.name), layout.name, plain).add(" ")
        style = palette.chosen if chosen else palette.accented if changed else palette.strong
        row.add(*_value(column, cell, layout.value, chosen, palette, style))
        room = width - row.width - 2
        known = _known(column)
        if cell_len(known) <= room or (column.categories and room > _NARROWEST_VALUE):
            row.add("  ").add(fit_text(known, room), None if chosen else palette.faint)
        strips.append(row.strip(width))
    return strips


def _value(
    column: InputColumn, cell: str, width: int, chosen: bool, palette: Palette, style: Style
) -> tuple[str, Style]:
    text = cell or "missing"
    if chosen and width >= cell_len(text) + 2:
        text = f"‹{text}›"
    return fit_text(text, width), palette.faint if not cell and not chosen else style


def _known(column: InputColumn) -> str:
    """What the training set has: the range of a number, or the categories."""
    if column.categories:
        return " ".join(column.categories)
    return f"{_short(column.low)} … {_short(column.high)}"


def _short(value: float) -> str:
    text = number_text(value)
    return text if len(text) <= 7 else f"{value:.4g}"
