"""A row of inputs as it is typed: one cell for each column of the table.

The cells are encoded as ``nn-tui predict`` encodes the rows of a file.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nn_tui.data.dataset import Dataset
from nn_tui.data.preprocessing import Feature, joined_names
from nn_tui.data.raw_columns import INDICATOR, groups_of, sources_of, typical_row
from nn_tui.data.readers.csv_numbers import to_number, why_no_number
from nn_tui.data.readers.date_formats import date_text, read_dates
from nn_tui.data.readers.missing_values import is_missing
from nn_tui.text import quoted
from nn_tui.types import Array

_STEPS = 20
"""Steps from the lowest to the highest training value, about."""
_WHOLE = 2**53


@dataclass(frozen=True)
class InputColumn:
    """A column of the table that the network uses: a number, a date, or one of ``categories``.

    ``low`` and ``high`` are the limits of a number in the training set. ``whole`` is whether
    all its values are whole numbers. ``missing`` is whether some are marked as missing.
    ``order`` is that of the parts of a date, whose number is its ordinal day; empty for others.
    """

    name: str
    categories: tuple[str, ...]
    low: float
    high: float
    whole: bool
    missing: bool
    order: str = ""

    def number(self, text: str) -> float | None:
        """The number or the ordinal day in ``text``; None if it is neither."""
        if not self.order:
            return to_number(text.strip())
        day = float(read_dates([text], np.ones(1, int), self.order).days[0])
        return None if math.isnan(day) else day

    def text(self, value: float) -> str:
        """A number of the column as one would type it, or its date."""
        return date_text(value) if self.order else number_text(value)

    @property
    def step(self) -> float:
        """By how much an arrow key changes a number: 1, 2 or 5 times a power of ten."""
        span = self.high - self.low
        if not (span > 0 and math.isfinite(span)):
            return 1.0
        power = 10.0 ** math.floor(math.log10(span / _STEPS))
        step = next(f * power for f in (1, 2, 5, 10) if f * power >= span / _STEPS * (1 - 1e-9))
        return max(1.0, step) if self.whole else step

    def refusal(self, text: str) -> str:
        """Why ``text`` is no value of the column, as a sentence; empty if it is one."""
        if self.categories or is_missing(text):
            return ""
        value = self.number(text)
        if value is None and self.order:
            return f"{self.name}: {quoted(text.strip())} is not a date such as 2024-01-31"
        if value is None or not math.isfinite(value):
            return f"{self.name}: {why_no_number(text, '.')}"
        return ""


class InputForm:
    """The columns of ``dataset`` that the network uses, to be filled in."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        names = dataset.raw_names
        self._sources = sources_of(names, dataset.table)
        self._groups = groups_of(self._sources)
        self._orders = {c.name: c.written for c in dataset.table if c.kind == "date"}
        used = _used(dataset)
        self.columns = tuple(
            self._column(source)
            for source, numbers in self._groups.items()
            if not used.isdisjoint(numbers)
        )

    @cached_property
    def _typical(self) -> Array:
        train = self._dataset.raw_inputs[: self._dataset.train_count]
        return typical_row(train, self._dataset.raw_names, self._sources)

    def _column(self, source: str) -> InputColumn:
        names, prefix = self._dataset.raw_names, f"{source}="
        numbers = self._groups[source]
        missing = any(names[n] == source + INDICATOR for n in numbers)
        encoded = [n for n in numbers if names[n] != source + INDICATOR] or numbers
        if names[encoded[0]] != source and names[encoded[0]].startswith(prefix):
            categories = tuple(names[n].removeprefix(prefix) for n in encoded)
            return InputColumn(source, categories, 0.0, 1.0, False, missing)
        values = self._dataset.raw_inputs[: self._dataset.train_count, encoded[0]]
        whole = bool((values == np.rint(values)).all() and np.abs(values).max() < _WHOLE)
        low, high = float(values.min()), float(values.max())
        return InputColumn(source, (), low, high, whole, missing, self._orders.get(source, ""))

    def cells_of(self, sample: int) -> list[str]:
        """The cells of a sample of the dataset; empty where a value was missing."""
        names, row = self._dataset.raw_names, self._dataset.raw_inputs[sample]
        cells = []
        for column in self.columns:
            numbers = self._groups[column.name]
            marked = [n for n in numbers if names[n] == column.name + INDICATOR]
            if marked and len(numbers) > 1 and row[marked[0]] == 1:
                cells.append("")
            elif column.categories:
                encoded = [n for n in numbers if n not in marked]
                chosen = int(row[encoded].argmax())
                cells.append(column.categories[chosen] if row[encoded[chosen]] else "")
            else:
                cells.append(column.text(float(row[numbers[0]])))
        return cells

    def encode(self, cells: Sequence[str]) -> Array:
        """The raw columns (1, raw columns) of the ``cells``, one for each of ``columns``.

        Columns that the network does not use have their typical values. Raises DataError for
        a cell that is neither a number nor a date.
        """
        from nn_tui.data.readers.new_rows import NewRows, encode_rows  # loads all of csv

        filled = {c.name: cell for c, cell in zip(self.columns, cells, strict=True)}
        row = [filled.get(source, "") for source in self._groups]
        table = NewRows(tuple(self._groups), [row], [1], ".", named=True, written=self._orders)
        raw, _ = encode_rows(table, self._dataset.raw_names, self._sources, self._typical)
        return raw

    def remark(self, number: int, cell: str) -> str:
        """What is unusual about the cell of column ``number``, or empty."""
        column = self.columns[number]
        name, numbers = column.name, self._groups[column.name]
        if is_missing(cell):
            if column.categories:
                filled = self._typical[numbers][: len(column.categories)]
                text = column.categories[int(filled.argmax())]
                return f"{name} is missing: {text}, the most frequent in training, replaces it"
            value = self._usual(column)
            return f"{name} is missing: {value}, the median of training, replaces it"
        if column.categories:
            if cell.strip() in column.categories:
                return ""
            known = joined_names(column.categories, 6)
            return f"{name} = {cell}: unknown, so it counts as none of {known}"
        value_typed = column.number(cell)
        if value_typed is None or column.low <= value_typed <= column.high:
            return ""
        low, high = column.text(column.low), column.text(column.high)
        return f"{name} = {cell}: the training set has {low} to {high}"

    def stepped(self, number: int, cell: str, steps: int) -> str:
        """The cell some steps on: a number nearby, or another category."""
        column = self.columns[number]
        if column.categories:
            order = [*column.categories, *([""] if column.missing else [])]
            text = cell.strip()
            at = order.index(text) if text in order else -1 if steps > 0 else 0
            return order[(at + steps) % len(order)]
        value = column.number(cell)
        if is_missing(cell) or value is None:
            return self._usual(column)
        there = (round(value / column.step) + steps) * column.step
        return column.text(float(f"{there:.12g}"))

    def _usual(self, column: InputColumn) -> str:
        """The median of a number or date, rounded."""
        value = float(self._typical[self._groups[column.name][0]])
        return column.text(math.floor(value) if column.order else float(f"{value:.6g}"))


def number_text(value: float) -> str:
    """A number as one would type it."""
    return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _used(dataset: Dataset) -> set[int]:
    """The raw columns that the network's inputs are computed from."""
    if dataset.origin is None:
        return {*range(len(dataset.raw_names))}
    used: set[int] = set()
    for source, _ in dataset.origin.preparation.chosen:
        if isinstance(source, Feature):
            used |= {k for k in (0, 1) if f"x{k + 1}" in source.name}
        else:
            used.add(source)
    return used
