"""The targets in the rows of a new table, encoded as those that a model was trained on."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nn_tui.data.decision_rule import DecisionRule
from nn_tui.data.errors import DataError
from nn_tui.data.preprocessing import joined_names
from nn_tui.data.readers.csv_numbers import to_number
from nn_tui.data.readers.missing_values import is_missing
from nn_tui.data.readers.new_rows import NewRows, numbers_of
from nn_tui.text import make_printable
from nn_tui.types import Array


@dataclass(frozen=True, eq=False)
class NewTargets:
    """``values`` (rows, outputs); ``known`` (rows,) is false where the target is missing.

    ``missing`` counts the rows without a target, ``unknown`` those of each class that the
    model does not have.
    """

    values: Array
    known: Array
    missing: int
    unknown: dict[str, int]

    @property
    def notes(self) -> list[str]:
        """Which rows are left out, as sentences."""
        notes = []
        if self.missing:
            rows = (
                "1 row without a target is"
                if self.missing == 1
                else (f"{self.missing:,} rows without a target are")
            )
            notes.append(f"{rows} left out")
        if self.unknown:
            told = joined_names([f"{name} ({count:,})" for name, count in self.unknown.items()])
            notes.append(f"rows of classes that the model does not have are left out: {told}")
        return notes


def encode_targets(
    table: NewRows, names: Sequence[str], rule: DecisionRule | None, outputs: int
) -> NewTargets:
    """Return the targets of ``table``, of which ``names`` are the columns.

    ``rule`` is how the model's ``outputs`` become classes, None for numbers. A class is
    recognized by its name, or as the same number. Raises DataError if a column is not there,
    for a cell that is not a number, and where no row has a known target.
    """
    lacking = [name for name in names if name not in table.names]
    if lacking:
        word = "column" if len(lacking) == 1 else "columns"
        raise DataError(
            f"to evaluate, the rows need their target, the {word} {joined_names(lacking)}; the "
            f"file has {joined_names(table.names)}"
        )
    columns = [[row[table.names.index(name)].strip() for row in table.rows] for name in names]
    absent: Array = np.array([[is_missing(cell) for cell in cells] for cells in columns], bool)
    known = np.logical_not(absent.any(axis=0))
    missing = int((~known).sum())
    unknown: Counter[str] = Counter()
    if rule is not None and rule.names and len(names) == 1:
        numbers = class_numbers(columns[0], rule.names)
        unknown.update(
            make_printable(cell)
            for cell, number, there in zip(columns[0], numbers, known, strict=True)
            if there and number < 0
        )
        known &= numbers >= 0
        chosen = numbers[:, None] == (1 if outputs == 1 else np.arange(outputs))
        values = np.where(chosen, rule.high, rule.low)
    else:
        values = np.column_stack(
            [
                numbers_of(table, name, cells, lost)
                for name, cells, lost in zip(names, columns, absent, strict=True)
            ]
        )
    if not known.any():
        hint = f"; its classes are {joined_names(rule.names)}" if unknown and rule else ""
        what = "class that the model has" if unknown else "target"
        raise DataError(f"no row has a {what}{hint}")
    return NewTargets(values, known, missing, dict(unknown))


def class_numbers(cells: Sequence[str], names: Sequence[str]) -> Array:
    """Return the place in ``names`` of each cell (cells,), -1 for an unknown class."""
    places = {name: place for place, name in enumerate(names)}
    by_value = {to_number(name): place for name, place in places.items()}
    by_value.pop(None, None)

    def place(cell: str) -> int:
        number = places.get(make_printable(cell))
        return by_value.get(to_number(cell), -1) if number is None else number

    return np.array([place(cell) for cell in cells], int)
