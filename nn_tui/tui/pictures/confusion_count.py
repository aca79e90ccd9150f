"""How often the network takes samples of each class for which."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn_tui.training.forward_pass import Forward
from nn_tui.training.snapshot import Snapshot

Array = NDArray[Any]

_MOST_WORK = 30e6  # multiplications for a picture
_SAMPLES = (200, 4000)  # asked about at once, fewest and most


@dataclass(frozen=True, eq=False)
class Confusion:
    """``counts`` (classes, classes): rows are what samples are, columns what they are taken for.

    They are of ``sort`` samples (test or training), of whom there are ``samples`` in all;
    ``unclear`` ones got no number from the network.
    """

    counts: Array
    classes: Sequence[str]
    sort: str
    samples: int
    unclear: int = 0

    @property
    def looked_at(self) -> int:
        """How many samples were asked about."""
        return int(self.counts.sum()) + self.unclear

    @property
    def accuracy(self) -> float:
        """The share of right ones."""
        return float(np.trace(self.counts)) / max(1, self.looked_at)

    @property
    def worst(self) -> tuple[int, int, int] | None:
        """The class, what it is most often taken for, and how often; None if it never is."""
        wrong = self.counts.copy()
        np.fill_diagonal(wrong, 0)
        a, b = np.unravel_index(int(wrong.argmax()), wrong.shape)
        return (int(a), int(b), int(wrong[a, b])) if wrong[a, b] else None


def confusion(
    said: Array, targets: Array, classes: Sequence[str], border: float, sort: str, samples: int
) -> Confusion:
    """Count what the network ``said`` (rows, outputs) to samples of class ``targets`` (rows,).

    A single output means the second class above ``border``.
    """
    clear = np.isfinite(said).all(axis=1)
    taken = said.argmax(axis=1) if said.shape[1] > 1 else (said[:, 0] > border).astype(int)
    count = len(classes)
    pairs = targets[clear].astype(int) * count + taken[clear]
    counts = np.bincount(pairs, minlength=count * count).reshape(count, count)
    return Confusion(counts, classes, sort, samples, int((~clear).sum()))


def confusion_of(snapshot: Snapshot, forward: Forward, tests: bool) -> Confusion:
    """Of the test samples or the training samples; of very many every second, third …"""
    dataset, network = snapshot.dataset, snapshot.network
    tests = tests and dataset.test_count > 0
    first, stop = (dataset.train_count, dataset.samples) if tests else (0, dataset.train_count)
    fewest, most = _SAMPLES
    most = max(fewest, min(most, int(_MOST_WORK / network.parameter_count)))
    rows = slice(first, stop, -(-(stop - first) // most))
    said = forward.layers(snapshot, dataset.inputs[rows])[-1]
    border = 0.0 if network.output in ("tanh", "linear") else 0.5
    sort = "test" if tests else "training"
    targets = dataset.targets[rows, 0]
    return confusion(said, targets, dataset.classes, border, sort, stop - first)
