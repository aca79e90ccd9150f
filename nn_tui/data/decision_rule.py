"""The decision rule: from outputs to predicted classes, and from these to accuracy."""

from dataclasses import dataclass

import numpy as np

from nn_tui.types import Array

UNDECIDED = -1
"""Class number of a sample whose outputs are tied, at the threshold, or not numbers."""

MAX_UNDECIDED = 0.01
"""Accuracy is undefined if more than this fraction of the samples is undecided."""

_TOLERANCE, _TOLERANCE_FLOAT32 = 1e-9, 1e-6


@dataclass(frozen=True)
class DecisionRule:
    """How outputs are converted to classes; ``low`` and ``high`` are the targets of no and yes.

    With ``names``, each sample has one class: a single output above the threshold, midway
    between ``low`` and ``high``, means the second class; of several outputs, the largest
    determines the class. Without ``names``, every output is a binary label (multi-label).

    A sample is undecided if an output is within 1e-9 (float32: 1e-6) of the threshold or of
    the largest output, in units of ``high - low``: such differences are rounding errors.
    """

    low: float
    high: float
    names: tuple[str, ...] = ()

    @property
    def threshold(self) -> float:
        """The decision threshold."""
        return (self.low + self.high) / 2

    def decide(self, outputs: Array) -> Array:
        """Return class numbers (…, samples) of ``outputs`` (…, samples, outputs).

        Undecided samples are ``UNDECIDED``. Multi-label outputs become 0 or 1 each, (…,
        samples, outputs).
        """
        with np.errstate(all="ignore"):
            if self.names and outputs.shape[-1] > 1:
                _, clear = self._largest(outputs)
                return np.where(clear, outputs.argmax(axis=-1), UNDECIDED)
            distance = outputs - self.threshold
            decided = np.abs(distance) > self._tolerance(outputs)
            sides = np.where(decided, distance > 0, UNDECIDED)
        classes: Array = sides[..., 0] if self.names else sides
        return classes

    def margins(self, outputs: Array) -> Array:
        """Return the margin between two classes, from -1 (the first) to 1 (the second).

        ``outputs`` are (…, 1 or 2), the result is (…). Targets have margins -1 and 1;
        undecided samples have 0.
        """
        with np.errstate(all="ignore"):
            if outputs.shape[-1] == 2:
                shares = (outputs[..., 1] - outputs[..., 0]) / (self.high - self.low)
            else:
                shares = (outputs[..., 0] - self.threshold) / ((self.high - self.low) / 2)
        decided = self.decide(outputs) != UNDECIDED
        clipped: Array = np.where(decided, np.clip(shares, -1, 1), 0.0)
        return clipped

    def accuracy(self, predictions: Array, targets: Array) -> Array:
        """Return the fraction of correctly classified samples (multi-label: in all outputs).

        ``predictions`` are (…, samples, outputs), ``targets`` (samples, outputs) as from
        ``Dataset.encoded``; the result is (…). Undecided samples count as wrong. The accuracy
        is NaN if more than ``MAX_UNDECIDED`` of them are undecided, and without samples.
        """
        if self.names and predictions.shape[-1] > 1:
            right, wrong = self._judge_classes(predictions, targets)
        else:
            right, wrong = self._judge_labels(predictions, targets)
        right, wrong = _counted(right), _counted(wrong)
        samples = len(targets)
        undecided = samples - wrong - right
        undefined = (undecided > MAX_UNDECIDED * samples) | (not samples)
        accuracy: Array = np.where(undefined, np.nan, right / max(1, samples))
        return accuracy

    def _largest(self, outputs: Array) -> tuple[Array, Array]:
        """Return which outputs are (nearly) the largest, (outputs, …, samples), and where one is.

        The second is (…, samples): whether a sample is decided.
        """
        # NumPy is six times faster along the first axis.
        by_output = np.ascontiguousarray(np.moveaxis(outputs, -1, 0))
        with np.errstate(all="ignore"):
            near = by_output >= by_output.max(axis=0) - self._tolerance(outputs)
        return near, np.add.reduce(near, axis=0, dtype=np.int32) == 1

    def _judge_classes(self, predictions: Array, targets: Array) -> tuple[Array, Array]:
        """Return which samples are right and which are wrong, (…, samples), of several outputs.

        Equivalent to comparing the results of ``decide``, but faster: used in every epoch.
        """
        near, clear = self._largest(predictions)
        wanted, known = self._largest(targets)
        wanted = wanted.reshape(len(wanted), *[1] * (near.ndim - 2), -1)
        same = np.logical_or.reduce(near & wanted, axis=0)
        right = (clear == known) & (same | ~clear)
        return right, clear & ~right

    def _judge_labels(self, predictions: Array, targets: Array) -> tuple[Array, Array]:
        """Return which samples are right and which are wrong, (…, samples), for binary labels.

        Equivalent to comparing the results of ``decide``, but faster: used in every epoch.
        """
        sides = np.where(targets > self.threshold, 1, -1).astype(predictions.dtype)
        tolerance = self._tolerance(predictions)
        with np.errstate(all="ignore"):
            distance = (predictions - self.threshold) * sides
        right, wrong = np.asarray(distance > tolerance), np.asarray(distance < -tolerance)
        if predictions.shape[-1] == 1:
            return right[..., 0], wrong[..., 0]
        return np.asarray(right.all(axis=-1)), np.asarray(wrong.any(axis=-1))

    def _tolerance(self, outputs: Array) -> float:
        narrow = outputs.dtype == np.float32
        return (_TOLERANCE_FLOAT32 if narrow else _TOLERANCE) * (self.high - self.low)


def _counted(found: Array) -> Array:
    """Return how many of (…, samples) are true, (…)."""
    count: Array = np.add.reduce(found.view(np.uint8), axis=-1, dtype=np.int64)
    return count  # twice as fast as ``sum``
