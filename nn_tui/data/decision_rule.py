"""From a network's outputs to classes, and from classes to accuracy: the only place for both."""

from dataclasses import dataclass

import numpy as np

from nn_tui.types import Array

UNDECIDED = -1
"""In place of a class number: the outputs lie on the threshold, or are not numbers."""

MOST_LUCK = 0.01
"""Accuracy is unknown where undecided samples could move it by more than this fraction."""

_TOLERANCE, _TOLERANCE_FLOAT32 = 1e-9, 1e-6


@dataclass(frozen=True)
class DecisionRule:
    """``low`` and ``high`` are the targets of an output that mean no and yes.

    With ``names`` a sample is of one class: a single output means the second class above
    the threshold half way between ``low`` and ``high``; of several outputs the largest
    wins. Without, every output is a yes or no of its own (multi-label).

    An output within 1e-9 (in float32 1e-6) of the threshold or of the largest output, in
    units of ``high - low``, decides nothing: that difference is rounding, not learning.
    """

    low: float
    high: float
    names: tuple[str, ...] = ()

    @property
    def threshold(self) -> float:
        """The output between no and yes."""
        return (self.low + self.high) / 2

    def decide(self, outputs: Array) -> Array:
        """Class numbers (…, samples) of ``outputs`` (…, samples, outputs), or ``UNDECIDED``.

        Multi-label outputs become 0 or 1 each, (…, samples, outputs).
        """
        tolerance = self._tolerance(outputs)
        with np.errstate(all="ignore"):
            if self.names and outputs.shape[-1] > 1:
                # Along the first axis NumPy is six times as fast here.
                by_output = np.ascontiguousarray(np.moveaxis(outputs, -1, 0))
                near = by_output >= by_output.max(axis=0) - tolerance
                clear = np.add.reduce(near, axis=0, dtype=np.int32) == 1
                return np.where(clear, outputs.argmax(axis=-1), UNDECIDED)
            distance = outputs - self.threshold
            sides = np.where(np.abs(distance) > tolerance, distance > 0, UNDECIDED)
        made: Array = sides[..., 0] if self.names else sides
        return made

    def margins(self, outputs: Array) -> Array:
        """How far two classes are apart, -1 (the first) … 1 (the second), in their outputs.

        From ``outputs`` (…, 1 or 2) to (…); targets themselves are at -1 and 1, and what is
        undecided at 0.
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
        """The fraction of samples classified correctly, in every output where it is multi-label.

        From ``predictions`` (…, samples, outputs) and ``targets`` (samples, outputs) as
        ``Dataset.encoded`` gives them to (…), so that many epochs may be asked at once.
        Undecided samples count as wrong. Where counting them as right would raise the
        figure by more than ``MOST_LUCK`` there is no accuracy, NaN; nor is there without
        samples.
        """
        if self.names and predictions.shape[-1] > 1:
            made = self.decide(predictions)
            right = made == self.decide(targets)
            wrong = (made != UNDECIDED) & ~right
        else:
            right, wrong = self._judge_labels(predictions, targets)
        right, wrong = _counted(right), _counted(wrong)
        samples = len(targets)
        luck = samples - wrong - right
        unknown = (luck > MOST_LUCK * samples) | (not samples)
        found: Array = np.where(unknown, np.nan, right / max(1, samples))
        return found

    def _judge_labels(self, predictions: Array, targets: Array) -> tuple[Array, Array]:
        """Whether each sample is right, or wrong (…, samples), where every output is yes or no.

        What ``decide`` makes of both, compared; this is quicker, and is done for every epoch.
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
    """How many of (…, samples) are true, (…)."""
    count: Array = np.add.reduce(found.view(np.uint8), axis=-1, dtype=np.int64)
    return count  # twice as fast as ``sum``
