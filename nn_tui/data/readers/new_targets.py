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
    recognized by its name, or as the same number. Raises DataError if a column is not there, and
    as ``numbers_of``.
    """
    lacking = [name for name in names if name not in table.names]
    if lacking:
        word = "column" if len(lacking) == 1 else "columns"
        raise DataError(
            f"to evaluate, the rows need their target, the {word} {joined_names(lacking)}; the "
            f"file has {joined_names(table.names)}"
        )
    if rule is None or not rule.names or len(names) > 1:
        values = np.column_stack([numbers_of(table, name) for name in names])
        known = np.logical_not(np.isnan(values).any(axis=1))
        return NewTargets(values, known, int((~known).sum()), {})
    cells = table.cells(names[0])
    numbers = class_numbers(cells, rule.names)
    absent = np.array([is_missing(cell) for cell in cells], bool)
    unknown = Counter(
        make_printable(cell.strip())
        for cell, number, lost in zip(cells, numbers, absent, strict=True)
        if number < 0 and not lost
    )
    chosen = numbers[:, None] == (1 if outputs == 1 else np.arange(outputs))
    values = np.where(chosen, rule.high, rule.low)
    return NewTargets(values, (numbers >= 0) & ~absent, int(absent.sum()), dict(unknown))


def together(parts: Sequence[NewTargets], rule: DecisionRule | None) -> NewTargets:
    """Return the targets of all ``parts`` of a table. Raises DataError if none is known."""
    unknown: Counter[str] = Counter()
    for part in parts:
        unknown.update(part.unknown)
    known = np.concatenate([part.known for part in parts])
    if not known.any():
        hint = f"; its classes are {joined_names(rule.names)}" if unknown and rule else ""
        what = "class that the model has" if unknown else "target"
        raise DataError(f"no row has a {what}{hint}")
    values = np.concatenate([part.values for part in parts])
    return NewTargets(values, known, sum(part.missing for part in parts), dict(unknown))


def class_numbers(cells: Sequence[str], names: Sequence[str]) -> Array:
    """Return the place in ``names`` of each cell (cells,), -1 for an unknown class."""
    places = {name: place for place, name in enumerate(names)}
    by_value = {to_number(name): place for name, place in places.items()}
    by_value.pop(None, None)

    def place(cell: str) -> int:
        number = places.get(make_printable(cell.strip()))
        return by_value.get(to_number(cell), -1) if number is None else number

    return np.array([place(cell) for cell in cells], int)
