"""The samples of an experiment: inputs, targets, names, and which of them are held back.

Arrays are read-only. Training samples come first, test samples after them, in an order
that never changes, so a sample is its row number everywhere.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from nn_tui.data.decision_rule import DecisionRule
from nn_tui.data.errors import DataError
from nn_tui.data.preprocessing import Preparation
from nn_tui.nn.activations import UNITS
from nn_tui.text import quoted
from nn_tui.types import Array


@dataclass(frozen=True, eq=False)
class RawInputs:
    """What the inputs were made from: ``inputs`` (samples, raw columns), their ``names``."""

    inputs: Array
    names: tuple[str, ...]
    preparation: Preparation


@dataclass(frozen=True, eq=False)
class Dataset:
    """``inputs`` (samples, inputs) and ``targets`` (samples, outputs), float64.

    ``classes`` are the names of the classes where the targets are class numbers, one
    column of 0, 1, 2 …; it is empty where the targets are numbers to be met as they are.
    ``picture`` is (height, width) where the inputs are the pixels of a picture.
    ``notes`` are sentences for the person, such as how many rows were dropped.
    ``origin`` is None where the inputs are the raw columns themselves. ``columns`` are those
    of the table that was read, also such as are left out; empty where there was none.
    """

    name: str
    inputs: Array
    targets: Array
    input_names: tuple[str, ...]
    target_names: tuple[str, ...]
    train_count: int
    classes: tuple[str, ...] = ()
    picture: tuple[int, int] | None = None
    notes: tuple[str, ...] = field(default=())
    origin: RawInputs | None = None
    columns: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for array in (self.inputs, self.targets, self.raw_inputs):
            array.setflags(write=False)

    @property
    def samples(self) -> int:
        """How many samples there are, training and test together."""
        return len(self.inputs)

    @property
    def test_count(self) -> int:
        """How many samples are held back for testing."""
        return self.samples - self.train_count

    @property
    def raw_inputs(self) -> Array:
        """The columns before features and scaling, (samples, raw columns)."""
        return self.inputs if self.origin is None else self.origin.inputs

    @property
    def raw_names(self) -> tuple[str, ...]:
        """The names of the raw columns."""
        return self.input_names if self.origin is None else self.origin.names

    def prepare(self, raw: Array) -> Array:
        """What the network sees of ``raw`` (points, raw columns): (points, inputs)."""
        return raw if self.origin is None else self.origin.preparation.apply(raw)

    def output_count(self, output: str) -> int:
        """How many output units a network with this output activation needs."""
        if not self.classes:
            return int(self.targets.shape[1])
        return 1 if len(self.classes) == 2 and output != "softmax" else len(self.classes)

    def encoded(self, output: str, rows: slice = slice(None)) -> Array:
        """The targets (samples, outputs) of ``rows`` as that output activation can meet them.

        Numbers stay as they are. Of two classes, the second is 1 and the first 0, or -1
        where the output reaches that far (tanh, linear); of more, each has its column.
        """
        if not self.classes:
            return self.targets[rows]
        low = _lowest_target(output)
        number = self.class_numbers(rows)
        if self.output_count(output) == 1:
            return np.where(number[:, None] == 1, 1.0, low)
        return np.where(number[:, None] == np.arange(len(self.classes)), 1.0, low)

    def decision_rule(self, output: str) -> DecisionRule | None:
        """How outputs of that activation become classes; None where targets are quantities."""
        if self.classes:
            return DecisionRule(_lowest_target(output), 1.0, self.classes)
        return DecisionRule(*self.levels, self.class_names) if len(self.levels) == 2 else None

    @cached_property
    def class_names(self) -> tuple[str, ...]:
        """The classes that a sample is one of; empty where targets are quantities.

        They are ``classes``; where there are none, the two values of a single target column,
        or the columns of one-hot targets. Whatever treats samples as classes asks this.
        """
        if self.classes or len(self.levels) < 2:
            return self.classes
        columns = self.targets.shape[1]
        if columns == 1:
            return tuple(f"{level:.10g}" for level in self.levels)
        if not ((self.targets == self.levels[1]).sum(axis=1) == 1).all():
            return ()
        named = len(self.target_names) == columns
        return self.target_names if named else tuple(str(k + 1) for k in range(columns))

    def class_numbers(self, rows: slice | Array = slice(None)) -> Array:
        """Which of ``class_names`` each sample of ``rows`` is of, (rows,)."""
        targets = self.targets[rows]
        if self.classes:
            numbers: Array = targets[:, 0].astype(int)
        elif targets.shape[1] == 1:
            numbers = (targets[:, 0] == self.levels[1]).astype(int)
        else:
            numbers = targets.argmax(axis=1)
        return numbers

    @cached_property
    def digest(self) -> str:
        """32 characters, the same whenever every number, class and the split are the same."""
        made = hashlib.blake2b(digest_size=16)
        shape = (self.inputs.shape, self.targets.shape, self.train_count, self.classes)
        made.update(repr(shape).encode())
        for array in (self.inputs, self.targets):
            made.update(np.ascontiguousarray(array).data)
        return made.hexdigest()

    def has_samples_of(self, other: "Dataset") -> bool:
        """Whether both have the same samples, of which the same are held back.

        Features and scaling may differ.
        """
        if self is other:
            return True
        shapes = [(d.raw_inputs.shape, d.targets.shape, d.train_count) for d in (self, other)]
        return shapes[0] == shapes[1] and self._samples_digest == other._samples_digest

    @cached_property
    def _samples_digest(self) -> bytes:
        made = hashlib.blake2b(digest_size=16)
        for array in (self.raw_inputs, self.targets):
            made.update(np.ascontiguousarray(array).data)
        return made.digest()

    @cached_property
    def levels(self) -> tuple[float, ...]:
        """The different values of all targets, the lowest first, if there are at most two."""
        low, high = float(self.targets.min()), float(self.targets.max())
        two_valued = bool(((self.targets == low) | (self.targets == high)).all())
        return tuple(dict.fromkeys((low, high))) if two_valued else ()


def _lowest_target(output: str) -> float:
    """The target of "not this class": the least output of the activation, -1 if unbounded."""
    bounds = UNITS[output].range
    return -1.0 if bounds is None else bounds[0]


def hold_back(samples: int, test_fraction: float) -> int:
    """How many of ``samples`` are for training; at least one, the playground's rounding."""
    return max(1, int(np.floor(samples * (1 - test_fraction) + 1e-9)))


def as_column(values: Sequence[float]) -> Array:
    """One column of numbers, (samples, 1)."""
    return np.array(values, np.float64)[:, None]


Cell = tuple[int, int, float]
"""A sample, a column and the number to be there."""


def with_numbers(dataset: Dataset, cells: Iterable[Cell]) -> Dataset:
    """``dataset`` with ``cells`` changed, in order.

    The arrays of the old one stay as they are. ``column`` counts the raw columns from 0, then
    those of ``targets``. Features of a row follow its raw columns; the scaling stays as it was
    measured. Raises DataError for a number that is not finite, a place that does not exist and
    a class that does not exist.
    """
    columns = dataset.raw_inputs.shape[1]
    of_inputs: list[Cell] = []
    of_targets: list[Cell] = []
    for sample, column, value in cells:
        check_number(dataset, sample, column, value)
        (of_inputs if column < columns else of_targets).append((sample, column, value))
    if of_targets:
        targets = dataset.targets.copy()
        for sample, column, value in of_targets:
            targets[sample, column - columns] = value
        dataset = replace(dataset, targets=targets)
    return _with_inputs(dataset, of_inputs) if of_inputs else dataset


def _with_inputs(dataset: Dataset, cells: Iterable[Cell]) -> Dataset:
    raw = dataset.raw_inputs.copy()
    rows = {}
    for sample, column, value in cells:
        raw[sample, column] = rows[sample] = value
    if dataset.origin is None:
        return replace(dataset, inputs=raw)
    inputs = dataset.inputs.copy()
    for sample, value in rows.items():
        inputs[sample] = dataset.prepare(raw[sample : sample + 1])[0]
        if not np.isfinite(inputs[sample]).all():
            raise DataError(f"{value:g} is too large: an input made from it would be infinite")
    origin = RawInputs(raw, dataset.origin.names, dataset.origin.preparation)
    return replace(dataset, inputs=inputs, origin=origin)


def check_number(dataset: Dataset, sample: int, column: int, value: float) -> None:
    """Raises DataError as ``with_numbers`` does, except for an infinite input made from it."""
    targets, columns, count = dataset.targets, len(dataset.raw_names), len(dataset.classes)
    if not 0 <= sample < dataset.samples or not 0 <= column < columns + targets.shape[1]:
        raise DataError(
            f"there is no column {column + 1} of sample {sample + 1:,}; the data have "
            f"{dataset.samples:,} samples of {columns + targets.shape[1]:,} columns"
        )
    if not np.isfinite(value):
        raise DataError(f"{value} cannot stand in the data; it must be a finite number")
    if column >= columns and count and value not in range(count):
        raise DataError(f"{value:g} is no class of these data; it must be from 0 to {count - 1}")


def number_of_class(dataset: Dataset, text: str) -> float:
    """The target number of the class that a person calls ``text``; raises DataError."""
    if text not in dataset.classes:
        names = ", ".join(quoted(name) for name in dataset.classes)
        raise DataError(f"{quoted(text)} is no class of these data; the classes are {names}")
    return float(dataset.classes.index(text))
