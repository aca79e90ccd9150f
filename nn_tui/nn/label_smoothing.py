"""Label smoothing: targets that are moved towards the mean of all classes.

With one output for each of K classes, y ← (1 - s) y + s / K, as ``label_smoothing`` of
CrossEntropyLoss in PyTorch and of CategoricalCrossentropy in Keras; with a single output,
(1 - s) y + s / 2, as in BinaryCrossentropy of Keras (Szegedy et al., Rethinking the Inception
architecture, 2016). The loss, of all sets, is that of the smoothed targets.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class LabelSmoothing:
    """``low`` and ``high`` are the targets of other and of this class, of so many ``outputs``."""

    low: float
    high: float
    outputs: int

    @property
    def code(self) -> str:
        """The line that smooths the targets ``y``."""
        classes = max(2, self.outputs)
        kept = "y_smooth = (1 - label_smoothing) * y"
        if (self.low, self.high) == (0.0, 1.0):
            return f"{kept} + label_smoothing / {classes}"
        mean = self.low + (self.high - self.low) / classes
        return f"{kept} + label_smoothing * {mean:.17g}" if mean else kept
