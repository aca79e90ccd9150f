"""The columns of a table: type, values, an example, and what becomes of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from rich.cells import cell_len
from textual.strip import Strip

from nn_tui.data.dataset import Dataset
from nn_tui.data.table_column import TableColumn
from nn_tui.tui.drawing.strips import DrawArea, RowBuilder, fit_text, squeezed
from nn_tui.tui.theme import Palette

ROLE_MARKS = {"input": "▣", "target": "◎", "left out": "☐"}
"""The mark of each role that a column can be given."""
_ASCII_MARKS = {"input": "x", "target": "o", "left out": "."}
_WIDEST_NAME, _WIDEST_EXAMPLE = 20, 16
_KIND, _COUNT = 10, 9
_LEAST_REST = 22
"""Least cells of what happens to a column; other columns of the list give way to it."""
_MOST_COUNTED = 200_000


@dataclass(frozen=True)
class ColumnChoice:
    """A ``column`` of the table, and the ``role`` chosen for it.

    ``categorical`` is whether its cells are to be categories, whatever they are; ``changed``
    whether any of this differs from what was loaded. ``missing`` is one of ``MISSING``.
    """

    column: TableColumn
    role: str
    changed: bool = False
    categorical: bool = False
    missing: str = "fill"

    @property
    def kind(self) -> str:
        """The type of column, as chosen."""
        return "category" if self.categorical else self.column.kind

    @property
    def problem(self) -> str:
        """Why nothing can be trained with the column in this role, or empty."""
        column = self.column
        if self.role not in ("input", "target"):
            return ""
        if column.kind == "empty":
            return "has no values"
        if self.role == "target" and column.distinct == 1:
            return "has a single value: nothing to learn"
        if self.role == "target" and column.kind == "text":
            return "nearly all differ: nothing to learn"
        if column.missing and self.missing == "refuse":
            return f"{column.missing:,} missing, which is refused"
        return ""

    @property
    def what_happens(self) -> str:
        """What becomes of the column, in a few words."""
        column, count = self.column, self.column.distinct
        if self.problem:
            return self.problem
        if self.role == "target":
            return "what is predicted"
        if self.role == "left out":
            return f"left out: {column.reason}" if column.reason else "left out"
        if self.kind in ("category", "text"):
            told = f"one-hot: {count:,} inputs" if count is not None else "one-hot"
        elif self.kind == "date":
            told = "its day, weekday and more"
        else:
            told = "1 input"
        if column.missing:
            told += {
                "fill": ", missing values filled in",
                "drop": ", rows without it dropped",
            }.get(self.missing, "")
        return told


def count_distinct(dataset: Dataset) -> dict[str, int]:
    """The number of distinct values of number columns, which readers do not count.

    Of very large tables they are not counted.
    """
    if dataset.samples * max(1, len(dataset.raw_names)) > _MOST_COUNTED:
        return {}
    found = {}
    for column in dataset.table:
        if column.distinct is not None:
            continue
        if column.name in dataset.raw_names:
            values = dataset.raw_inputs[:, dataset.raw_names.index(column.name)]
        elif (
            column.name in dataset.target_names
            and len(dataset.target_names) == (dataset.targets.shape[1])
        ):
            values = dataset.targets[:, dataset.target_names.index(column.name)]
        else:
            continue
        found[column.name] = len(np.unique(values))
    return found


def draw_columns(
    choices: Sequence[ColumnChoice],
    distinct: Mapping[str, int],
    cursor: int,
    first: int,
    area: DrawArea,
) -> list[Strip]:
    """Draw a heading and the columns from ``first`` on, that of the ``cursor`` marked."""
    width, height, palette = area
    name = min(_WIDEST_NAME, max(6, *(cell_len(choice.column.name) for choice in choices)))
    example = min(_WIDEST_EXAMPLE, max(7, *(cell_len(c.column.example) for c in choices)))
    cells = {"type": _KIND, "distinct": _COUNT, "missing": _COUNT, "example": example + 2}
    while cells and 4 + name + 1 + sum(cells.values()) + _LEAST_REST > width:
        cells.pop([*cells][-1])
    heading = RowBuilder(palette.muted).to(4).left("column", name).add(" ")
    for word, room in cells.items():
        _put(heading, word, word, room)
    heading.add("  what happens")
    strips = [heading.strip(width)]
    for number, choice in enumerate(choices[first : first + height - 1], first):
        strips.append(_row(choice, distinct, name, cells, number == cursor, width, palette))
    return strips


def _put(row: RowBuilder, word: str, text: str, room: int) -> None:
    if word in ("distinct", "missing"):
        row.right(text, room)
    elif word == "example":
        row.add("  ").left(text, room - 2)
    else:
        row.left(text, room)


def _row(
    choice: ColumnChoice,
    distinct: Mapping[str, int],
    name: int,
    cells: Mapping[str, int],
    here: bool,
    width: int,
    palette: Palette,
) -> Strip:
    column, role = choice.column, choice.role
    style = palette.faint if role == "left out" else palette.text
    row = RowBuilder(palette.cursor if here else style)
    marks = _ASCII_MARKS if palette.ascii else ROLE_MARKS
    accent = None if here else palette.accented if role != "left out" else palette.muted
    row.add(" ").add(marks[role], accent).add("• " if choice.changed else "  ", accent)
    strong = None if here else palette.strong if role == "target" else None
    row.left(squeezed(column.name, name), name, strong).add(" ")
    count = column.distinct if column.distinct is not None else distinct.get(column.name)
    texts = {
        "type": choice.kind or "–",
        "distinct": "–" if count is None else f"{count:,}",
        "missing": f"{column.missing:,}",
        "example": column.example,
    }
    for word, room in cells.items():
        _put(row, word, texts[word], room)
    row.add("  ")
    room = width - row.width
    rest = palette.bad if choice.problem and not here else None if here else palette.muted
    row.add(fit_text(choice.what_happens, room), rest)
    return row.strip(width)
