"""The plane of two input columns; the other columns are set to their means."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from nn_tui.data.dataset import Dataset
from nn_tui.order_statistics import distinct
from nn_tui.tui.drawing.bounded import bounded, padded_range
from nn_tui.tui.drawing.short_names import short_names
from nn_tui.types import Array

_MARGIN = 0.08
_MOST_ROWS = 2000

SampleSubset = Literal["all", "training", "test", "no"]
"""Samples shown on a map."""


@dataclass(frozen=True, eq=False)
class Plane:
    """``across`` and ``up`` are raw columns; with a single one, ``up`` is None."""

    dataset: Dataset
    across: int
    up: int | None

    @property
    def names(self) -> tuple[str, ...]:
        """Short names of the axes, horizontal first."""
        columns = (self.across,) if self.up is None else (self.across, self.up)
        return tuple(short_names(self.dataset).raw[column] for column in columns)

    @property
    def key(self) -> tuple[int, int, int | None]:
        """Key that is equal for the same data and columns."""
        return id(self.dataset), self.across, self.up

    @cached_property
    def bounds(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Horizontal and vertical range: all samples and a margin."""
        return self._bounds(self.across), self._bounds(self.up)

    def places(self, width: int, height: int) -> Array:
        """Return raw inputs (width * height, raw columns), one per pixel, from the top."""
        (left, right), (bottom, top) = self.bounds
        raw = np.tile(self._middle, (width * height, 1))
        raw[:, self.across] = np.tile(np.linspace(left, right, width), height)
        if self.up is not None:
            raw[:, self.up] = np.repeat(np.linspace(top, bottom, height), width)
        return raw

    def cells(self, rows: Array, width: int, height: int) -> tuple[Array, Array]:
        """Return line and column of the samples ``rows`` in ``width`` × ``height`` cells."""
        (left, right), (bottom, top) = self.bounds
        raw = self.dataset.raw_inputs
        x = bounded(raw[rows, self.across])
        y = x * 0 if self.up is None else bounded(raw[rows, self.up])
        columns = np.rint((x - left) / (right - left) * (width - 1)).astype(int)
        lines = np.rint((top - y) / (top - bottom) * (2 * height - 1)).astype(int) // 2
        return lines, columns

    @cached_property
    def _middle(self) -> Array:
        middle: Array = bounded(self.dataset.raw_inputs[: self.dataset.train_count]).mean(axis=0)
        return middle

    def _bounds(self, column: int | None) -> tuple[float, float]:
        if column is None:
            return 0.0, 1.0
        return padded_range(bounded(self.dataset.raw_inputs[:, column]), _MARGIN)


_ON_A_LINE = 0.9999
"""Correlation of two columns from which on their plane is a line."""


def most_informative_columns(dataset: Dataset) -> tuple[int, int]:
    """Return the two raw columns most related to the first target, in their order.

    For classes: the largest standard deviation of the class means, relative to that of the
    column; for quantities: the largest correlation. The second is not one that the first
    determines, as the other category of two does: in their plane all samples are on a line.
    """
    rows = slice(0, dataset.train_count, -(-dataset.train_count // _MOST_ROWS))
    raw, targets = dataset.raw_inputs[rows], dataset.targets[rows, 0]
    with np.errstate(all="ignore"):
        spread = raw.std(axis=0)
        if dataset.class_names:
            numbers = dataset.class_numbers(rows)
            means = [raw[numbers == k].mean(axis=0) for k in distinct(numbers)]
            relevance = np.std(means, axis=0) / spread
        else:
            off = (raw - raw.mean(axis=0)) * (targets - targets.mean())[:, None]
            relevance = np.abs(off.mean(axis=0)) / spread
    order = np.argsort(-np.nan_to_num(relevance, posinf=0.0), kind="stable")
    first, *others = order.tolist()
    if not others:
        return first, first
    free = (k for k in others if not _is_determined(raw[:, first], raw[:, k]))
    second = next(free, others[0])
    return min(first, second), max(first, second)


def _is_determined(one: Array, other: Array) -> bool:
    """Whether samples are on a line in the plane of two columns."""
    with np.errstate(all="ignore"):
        ours, theirs = one - one.mean(), other - other.mean()
        correlation = (ours @ theirs) / np.sqrt((ours @ ours) * (theirs @ theirs))
    return bool(abs(correlation) > _ON_A_LINE)


def shown_rows(dataset: Dataset, subset: SampleSubset, most: int) -> tuple[Array, int]:
    """Return the rows of a subset and the sampling step.

    Of more than ``most`` samples, every second, third … is taken.
    """
    first = dataset.test_start if subset == "test" else 0
    stop = dataset.train_count if subset == "training" else dataset.samples
    if subset == "no":
        stop = first
    step = max(1, -(-(stop - first) // most))
    return np.arange(first, stop, step), step


_ASIDE = 2.0  # weight of sideways distance relative to distance ahead


@dataclass(frozen=True, eq=False)
class PlanePoints:
    """Cells of points: ``columns`` and ``lines`` (points,), for each of ``samples``."""

    samples: Array
    columns: Array
    lines: Array

    def next(self, sample: int, down: int, right: int) -> int:
        """Return the nearest sample in a direction; ``sample`` itself without any."""
        index = np.flatnonzero(self.samples == sample)
        if not len(index):
            return int(self.samples[0])
        x = (self.columns - self.columns[index[0]]).astype(float)
        y = 2.0 * (self.lines - self.lines[index[0]])  # a cell is twice as high as wide
        ahead = x * np.sign(right) + y * np.sign(down)
        aside = np.abs(x) if down else np.abs(y)
        cost = np.where(ahead > 0, ahead + _ASIDE * aside, np.inf)
        best = int(cost.argmin())
        return int(self.samples[best]) if np.isfinite(cost[best]) else sample

    def at(self, x: int, y: int) -> int:
        """Return the sample nearest to a cell."""
        far = np.abs(self.columns - x) + 2 * np.abs(self.lines - y)
        return int(self.samples[int(far.argmin())])


def plane_points(
    samples: Array, points: Array, bounds: tuple[Array, Array], width: int, height: int
) -> PlanePoints:
    """Return the cells of ``points`` (points, 2), the second coordinate upwards.

    ``bounds`` are the minima and maxima of both coordinates, each (2,).
    """
    low, high = map(bounded, bounds)
    size = np.where(high > low, high - low, 1.0)
    shares = np.clip((bounded(points) - low) / size, 0, 1)
    columns = np.rint(shares[:, 0] * (width - 1)).astype(int)
    lines = np.rint((1 - shares[:, 1]) * (height - 1)).astype(int)
    return PlanePoints(samples, columns, lines)
