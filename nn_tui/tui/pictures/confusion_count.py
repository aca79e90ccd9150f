"""How often the network predicts which class for samples of each class."""

from dataclasses import dataclass

import numpy as np

from nn_tui.data.decision_rule import UNDECIDED, DecisionRule
from nn_tui.training.forward_pass import ForwardPass
from nn_tui.training.snapshot import Snapshot
from nn_tui.types import Array

_MOST_WORK = 30e6  # multiplications for a picture
_SAMPLES = (200, 4000)  # asked about at once, fewest and most


@dataclass(frozen=True, eq=False)
class ConfusionCounts:
    """``counts`` (classes, classes): rows are actual classes, columns predicted ones.

    They are of ``sort`` samples (test or training), of whom there are ``samples`` in all;
    ``undecided`` ones have no predicted class. ``accuracy`` is None where those make it luck.
    """

    counts: Array
    classes: tuple[str, ...]
    sort: str
    samples: int
    undecided: int
    accuracy: float | None

    @property
    def looked_at(self) -> int:
        """How many samples were asked about."""
        return int(self.counts.sum()) + self.undecided

    @property
    def worst(self) -> tuple[int, list[tuple[int, int]]]:
        """The most frequent mistake's count, and all pairs (actual, predicted) that have it."""
        wrong = self.counts.copy()
        np.fill_diagonal(wrong, 0)
        most = int(wrong.max())
        return most, [(int(a), int(b)) for a, b in np.argwhere(wrong == most)] if most else []


def count_confusion(
    said: Array, targets: Array, rule: DecisionRule, sort: str, samples: int
) -> ConfusionCounts:
    """Count what the network ``said`` for encoded ``targets``, both (rows, outputs)."""
    predicted, actual = rule.decide(said), rule.decide(targets)
    decided = predicted != UNDECIDED
    count = len(rule.names)
    pairs = actual[decided] * count + predicted[decided]
    counts = np.bincount(pairs, minlength=count * count).reshape(count, count)
    accuracy = float(rule.accuracy(said, targets))
    return ConfusionCounts(
        counts,
        rule.names,
        sort,
        samples,
        int((~decided).sum()),
        None if np.isnan(accuracy) else accuracy,
    )


def confusion_of(snapshot: Snapshot, forward: ForwardPass, tests: bool) -> ConfusionCounts:
    """Of the test samples or the training samples; of very many every second, third …"""
    dataset, network = snapshot.dataset, snapshot.network
    rule = dataset.decision_rule(network.output)
    assert rule is not None
    tests = tests and dataset.test_count > 0
    first, stop = (dataset.train_count, dataset.samples) if tests else (0, dataset.train_count)
    fewest, most = _SAMPLES
    most = max(fewest, min(most, int(_MOST_WORK / network.parameter_count)))
    rows = slice(first, stop, -(-(stop - first) // most))
    said = forward.predictions(snapshot, dataset.inputs[rows])
    targets = dataset.encoded(network.output, rows)
    sort = "test" if tests else "training"
    return count_confusion(said, targets, rule, sort, stop - first)
