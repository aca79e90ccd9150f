"""A row of inputs that is no sample of the data."""

from dataclasses import dataclass

from nn_tui.types import Array


@dataclass(frozen=True, eq=False)
class TypedRow:
    """A row that was typed or drawn: its ``raw`` columns (1, raw columns)."""

    raw: Array
