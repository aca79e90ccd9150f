"""The dataset: inputs, targets, names, and its training, validation and test set.

Arrays are read-only. The training set comes first, then the validation set, then the test
set, in a fixed order, so a row number identifies a sample everywhere.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from nn_tui.data.decision_rule import DecisionRule
from nn_tui.data.errors import DataError
from nn_tui.data.preprocessing import Preparation, TargetScaling
from nn_tui.data.table_column import TableColumn
from nn_tui.nn.activations import UNITS
from nn_tui.text import quoted
from nn_tui.types import Array


@dataclass(frozen=True, eq=False)
class RawInputs:
    """The raw columns (samples, raw columns) before preprocessing, and their names."""

    inputs: Array
    names: tuple[str, ...]
    preparation: Preparation


@dataclass(frozen=True, eq=False)
class Dataset:
    """``inputs`` (samples, inputs) and ``targets`` (samples, outputs), float64.

    ``classes`` are the class names for classification: the targets are then one column of
    class numbers 0, 1, 2 …. It is empty for continuous targets and targets given as numbers.
    ``picture`` is (height, width) where the inputs are the pixels of an image. ``notes`` are
    sentences for the user, such as the number of dropped rows. ``origin`` is None where the
    inputs are the raw columns. ``table`` describes all columns of the table that was read, also
    unused ones; it is empty without a table. ``target_scaling`` is None where the network learns
    the targets as they are. ``train_count`` and ``validation_count`` are the sizes of the
    training and the validation set; the rest is the test set.
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
    table: tuple[TableColumn, ...] = ()
    target_scaling: TargetScaling | None = None
    validation_count: int = 0

    def __post_init__(self) -> None:
        for array in (self.inputs, self.targets, self.raw_inputs):
            array.setflags(write=False)

    @property
    def samples(self) -> int:
        """Number of samples of all sets."""
        return len(self.inputs)

    @property
    def test_start(self) -> int:
        """The row of the first test sample."""
        return self.train_count + self.validation_count

    @property
    def test_count(self) -> int:
        """Number of test samples."""
        return self.samples - self.test_start

    @property
    def parts(self) -> dict[str, slice]:
        """The rows of ``train``, ``test`` and ``validation``, of those that have samples."""
        rows = {
            "train": slice(0, self.train_count),
            "test": slice(self.test_start, self.samples),
            "validation": slice(self.train_count, self.test_start),
        }
        return {name: part for name, part in rows.items() if part.start < part.stop}

    def part_of(self, sample: int) -> str:
        """Return the name in ``parts`` of the set that has the row ``sample``."""
        if sample < self.train_count:
            return "train"
        return "validation" if sample < self.test_start else "test"

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of all columns of the table; empty without a table."""
        return tuple(column.name for column in self.table)

    @property
    def raw_inputs(self) -> Array:
        """The columns before feature selection and scaling, (samples, raw columns)."""
        return self.inputs if self.origin is None else self.origin.inputs

    @property
    def raw_names(self) -> tuple[str, ...]:
        """The names of the raw columns."""
        return self.input_names if self.origin is None else self.origin.names

    def prepare(self, raw: Array) -> Array:
        """Return the network's inputs (points, inputs) for ``raw`` (points, raw columns)."""
        return raw if self.origin is None else self.origin.preparation.apply(raw)

    def output_count(self, output: str) -> int:
        """Return the number of output units for an output activation."""
        if not self.classes:
            return int(self.targets.shape[1])
        return 1 if len(self.classes) == 2 and output != "softmax" else len(self.classes)

    def encoded(self, output: str, rows: slice | Array = slice(None)) -> Array:
        """Return the targets (samples, outputs) of ``rows``, encoded for an output activation.

        Numbers are scaled by ``target_scaling``, if any. Two classes are encoded as 0 and 1,
        or as -1 and 1 for outputs that reach -1 (tanh, linear); more are one-hot encoded.
        """
        if not self.classes:
            targets = self.targets[rows]
            return targets if self.target_scaling is None else self.target_scaling.encode(targets)
        low = lowest_target(output)
        number = self.class_numbers(rows)
        if self.output_count(output) == 1:
            return np.where(number[:, None] == 1, 1.0, low)
        return np.where(number[:, None] == np.arange(len(self.classes)), 1.0, low)

    def output_targets(self, output: str, rows: slice | Array = slice(None)) -> Array:
        """Return what predictions are compared with: as ``encoded``, numbers in own units."""
        return self.encoded(output, rows) if self.classes else self.targets[rows]

    def decode(self, outputs: Array) -> Array:
        """Return outputs (…, outputs) of the network in the units of ``output_targets``."""
        return outputs if self.target_scaling is None else self.target_scaling.decode(outputs)

    def decision_rule(self, output: str) -> DecisionRule | None:
        """Return how outputs are converted to classes; None for continuous targets."""
        if self.classes:
            return DecisionRule(lowest_target(output), 1.0, self.classes)
        if self.target_scaling is not None:
            return None
        return DecisionRule(*self.levels, self.class_names) if len(self.levels) == 2 else None

    @cached_property
    def class_names(self) -> tuple[str, ...]:
        """The class names; empty for continuous targets.

        These are ``classes`` or, without them, the two values of a single target column or
        the columns of one-hot targets.
        """
        if self.classes or self.target_scaling is not None or len(self.levels) < 2:
            return self.classes
        columns = self.targets.shape[1]
        if columns == 1:
            return tuple(f"{level:.10g}" for level in self.levels)
        if not ((self.targets == self.levels[1]).sum(axis=1) == 1).all():
            return ()
        named = len(self.target_names) == columns
        return self.target_names if named else tuple(str(k + 1) for k in range(columns))

    def class_numbers(self, rows: slice | Array = slice(None)) -> Array:
        """Return the index into ``class_names`` of each sample of ``rows``, (rows,)."""
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
        """Hash of all numbers, the classes and the split: 32 hexadecimal digits."""
        digest = hashlib.blake2b(digest_size=16)
        shape = (self.inputs.shape, self.targets.shape, self.train_count, self.classes)
        digest.update(repr(shape).encode())
        if self.validation_count:  # not part of digests saved before there were such sets
            digest.update(b"%d" % self.validation_count)
        for array in (self.inputs, self.targets):
            digest.update(np.ascontiguousarray(array).data)
        return digest.hexdigest()

    def has_samples_of(self, other: "Dataset") -> bool:
        """Return whether both have the same samples and split; preprocessing may differ."""
        if self is other:
            return True
        shapes = [
            (d.raw_inputs.shape, d.targets.shape, d.train_count, d.validation_count)
            for d in (self, other)
        ]
        return shapes[0] == shapes[1] and self._samples_digest == other._samples_digest

    @cached_property
    def _samples_digest(self) -> bytes:
        digest = hashlib.blake2b(digest_size=16)
        for array in (self.raw_inputs, self.targets):
            digest.update(np.ascontiguousarray(array).data)
        return digest.digest()

    @cached_property
    def levels(self) -> tuple[float, ...]:
        """The distinct values of all targets in ascending order, if there are at most two."""
        low, high = float(self.targets.min()), float(self.targets.max())
        two_valued = bool(((self.targets == low) | (self.targets == high)).all())
        return tuple(dict.fromkeys((low, high))) if two_valued else ()


def lowest_target(output: str) -> float:
    """Return the target of "not this class": the least output, -1 if there is no least."""
    bounds = UNITS[output].range
    return -1.0 if bounds is None else bounds[0]


def hold_back(samples: int, fraction: float) -> int:
    """Return how many samples remain, at least one, if ``fraction`` is held out.

    Rounded as in TensorFlow Playground.
    """
    return max(1, int(np.floor(samples * (1 - fraction) + 1e-9)))


def as_column(values: Sequence[float]) -> Array:
    """Return the values as one column, (samples, 1)."""
    return np.array(values, np.float64)[:, None]


Cell = tuple[int, int, float]
"""Sample, column and new value."""


def with_numbers(dataset: Dataset, cells: Iterable[Cell]) -> Dataset:
    """Return a copy of ``dataset`` with ``cells`` changed, in order.

    Columns are numbered from 0: first the raw columns, then the targets. Derived features of
    a changed row are recomputed; the scaling is not refitted. Raises DataError for a number
    that is not finite, and for a cell or class that does not exist.
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
            raise DataError(f"{value:g} is too large: an input computed from it is infinite")
    origin = RawInputs(raw, dataset.origin.names, dataset.origin.preparation)
    return replace(dataset, inputs=inputs, origin=origin)


def check_number(dataset: Dataset, sample: int, column: int, value: float) -> None:
    """Raise DataError as ``with_numbers`` does, except for infinite derived inputs."""
    targets, columns, count = dataset.targets, len(dataset.raw_names), len(dataset.classes)
    if not 0 <= sample < dataset.samples or not 0 <= column < columns + targets.shape[1]:
        raise DataError(
            f"no column {column + 1} of sample {sample + 1:,}; the data have "
            f"{dataset.samples:,} samples of {columns + targets.shape[1]:,} columns"
        )
    if not np.isfinite(value):
        raise DataError(f"{value} is not allowed in the data; it must be a finite number")
    if column >= columns and count and value not in range(count):
        raise DataError(f"{value:g} is not a class; it must be from 0 to {count - 1}")


def number_of_class(dataset: Dataset, text: str) -> float:
    """Return the class number of a class name. Raises DataError for an unknown name."""
    if text not in dataset.classes:
        names = ", ".join(quoted(name) for name in dataset.classes)
        raise DataError(f"{quoted(text)} is not a class; the classes are {names}")
    return float(dataset.classes.index(text))
