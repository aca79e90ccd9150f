"""From a network's outputs to classes, and from classes to accuracy: the only place for both."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

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
        narrow = outputs.dtype == np.float32
        tolerance = (_TOLERANCE_FLOAT32 if narrow else _TOLERANCE) * (self.high - self.low)
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
        made, wanted = self.decide(predictions), self.decide(targets)
        right = made == wanted
        possible = right | (made == UNDECIDED)
        if not self.names:
            right, possible = right.all(axis=-1), possible.all(axis=-1)
        count = max(1, len(targets))
        known, luck = right.sum(axis=-1), (possible & ~right).sum(axis=-1)
        unknown = (luck > MOST_LUCK * count) | (not len(targets))
        found: Array = np.where(unknown, np.nan, known / count)
        return found
