"""Missing values: which cells are missing; refused, or dropped with their rows."""

from collections.abc import Callable

import numpy as np

from nn_tui.data.errors import DataError, MissingValues
from nn_tui.types import Array

_WORDS = ("na", "n/a", "#n/a", "<na>", "nan", "-nan", "+nan", "null", "(null)", "none")
MARKERS = ("", "?", "-", ".", *_WORDS)
"""What marks a missing value, in lower case."""

_MISSING = frozenset(MARKERS)

MISSING = {
    "refuse": "error, with the row",
    "drop": "drop rows with missing values",
    "fill": "median or most frequent value; rows without a target are dropped",
}
"""Help of the ways to handle missing values, by recipe name."""


def is_missing(cell: str) -> bool:
    """Return whether a cell marks a missing value: empty, NA, N/A, NaN, null, None, ?, - or ."""
    return len(cell) < 16 and cell.strip().lower() in _MISSING


def complete_rows(
    inputs: Array, targets: Array, how: str, where: Callable[[int, int], str]
) -> tuple[Array, Array, tuple[str, ...]]:
    """Return inputs and targets (rows, columns) without incomplete rows, and notes.

    Missing values are NaN; ``how`` is one of ``MISSING``: with ``fill`` only rows without a
    target are dropped. ``where(row, column)`` describes the position of a value, inputs first.
    Raises MissingValues unless rows may be dropped, DataError if none is left.
    """
    without = np.isnan(targets).any(axis=1)
    incomplete = without if how == "fill" else without | np.isnan(inputs).any(axis=1)
    if not incomplete.any():
        return inputs, targets, ()
    missing = np.isnan(np.hstack([inputs[incomplete], targets[incomplete]]))
    rows = len(missing)
    if how == "refuse":
        first = where(int(np.argmax(incomplete)), int(np.argmax(missing[0])))
        raise MissingValues(first, int(missing.sum()), rows, len(inputs) - rows)
    if rows == len(inputs):
        what = "no target" if how == "fill" else "a missing value"
        raise DataError(f"every one of the {rows:,} rows has {what}")
    what = "without a target" if how == "fill" else "with missing values"
    note = f"1 row {what} was dropped" if rows == 1 else f"{rows:,} rows {what} were dropped"
    return inputs[~incomplete], targets[~incomplete], (note,)
