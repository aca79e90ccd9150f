"""Counts of actual and predicted classes, and which samples they count."""

from dataclasses import dataclass

import numpy as np

from nn_tui.data.dataset import Dataset
from nn_tui.data.decision_rule import UNDECIDED, DecisionRule
from nn_tui.training.forward_pass import ForwardPass
from nn_tui.training.scores import ClassScores, class_scores
from nn_tui.training.snapshot import Snapshot
from nn_tui.types import Array

_MOST_WORK = 30e6  # multiplications per picture
_SAMPLES = (200, 4000)  # fewest and most samples evaluated


@dataclass(frozen=True, eq=False)
class ConfusionCounts:
    """``counts`` (classes, classes): rows are actual classes, columns predicted ones.

    ``subset`` is ``test`` or ``training``, with ``samples`` samples in total; ``undecided``
    samples have no predicted class. ``accuracy`` is None where those make it meaningless.
    ``of_classes`` has precision and recall of each class.
    """

    counts: Array
    classes: tuple[str, ...]
    subset: str
    samples: int
    undecided: int
    accuracy: float | None
    of_classes: tuple[ClassScores, ...] = ()

    @property
    def evaluated(self) -> int:
        """Number of samples evaluated."""
        return int(self.counts.sum()) + self.undecided

    @property
    def most_frequent_errors(self) -> tuple[int, list[tuple[int, int]]]:
        """Count of the most frequent error, and all its pairs (actual, predicted)."""
        wrong = self.counts.copy()
        np.fill_diagonal(wrong, 0)
        most = int(wrong.max())
        return most, [(int(a), int(b)) for a, b in np.argwhere(wrong == most)] if most else []


def count_confusion(
    outputs: Array, targets: Array, rule: DecisionRule, subset: str, samples: int
) -> ConfusionCounts:
    """Count ``outputs`` against encoded ``targets``, both (rows, outputs)."""
    predicted, actual = rule.decide(outputs), rule.decide(targets)
    decided = predicted != UNDECIDED
    count = len(rule.names)
    pairs = actual[decided] * count + predicted[decided]
    counts = np.bincount(pairs, minlength=count * count).reshape(count, count)
    accuracy = float(rule.accuracy(outputs, targets))
    return ConfusionCounts(
        counts,
        rule.names,
        subset,
        samples,
        int((~decided).sum()),
        None if np.isnan(accuracy) else accuracy,
        class_scores(outputs, targets, rule),
    )


def evaluated_set(dataset: Dataset, tests: bool) -> str:
    """The set that is evaluated: ``test`` if it is asked for and not empty, else ``training``."""
    return "test" if tests and dataset.test_count else "training"


def evaluate_confusion(snapshot: Snapshot, forward: ForwardPass, tests: bool) -> ConfusionCounts:
    """Count the test or training samples; of a large set, every k-th."""
    dataset, output = snapshot.dataset, snapshot.network.output
    rule, rows = _rule(snapshot), evaluated_rows(snapshot, tests)
    outputs = forward.predictions(snapshot, dataset.inputs[rows])
    targets = dataset.encoded(output, rows)
    return count_confusion(
        outputs, targets, rule, evaluated_set(dataset, tests), rows.stop - rows.start
    )


def evaluated_rows(snapshot: Snapshot, tests: bool) -> slice:
    """The rows of the test or training set that are evaluated: of a large set, every k-th."""
    dataset = snapshot.dataset
    tested = dataset.test_start, dataset.samples
    first, stop = tested if evaluated_set(dataset, tests) == "test" else (0, dataset.train_count)
    fewest, most = _SAMPLES
    most = max(fewest, min(most, int(_MOST_WORK / snapshot.network.parameter_count)))
    return slice(first, stop, -(-(stop - first) // most))


def counted_samples(
    snapshot: Snapshot, forward: ForwardPass, tests: bool, pair: tuple[int, int]
) -> list[tuple[int, float]]:
    """The samples of the class ``pair`` (actual, predicted), those predicted most surely first.

    With each comes the output of the predicted class, of a single output its share for it.
    """
    dataset, output = snapshot.dataset, snapshot.network.output
    rule, rows = _rule(snapshot), evaluated_rows(snapshot, tests)
    outputs = forward.predictions(snapshot, dataset.inputs[rows])
    actual, predicted = rule.decide(dataset.encoded(output, rows)), rule.decide(outputs)
    found = np.flatnonzero((actual == pair[0]) & (predicted == pair[1]))
    if outputs.shape[1] == 1:
        sure = outputs[found, 0] if pair[1] else rule.low + rule.high - outputs[found, 0]
    else:
        sure = outputs[found, pair[1]]
    order = np.argsort(-sure, kind="stable")
    samples = (rows.start + rows.step * found[order]).tolist()
    return list(zip(samples, sure[order].tolist(), strict=True))


def _rule(snapshot: Snapshot) -> DecisionRule:
    rule = snapshot.dataset.decision_rule(snapshot.network.output)
    assert rule is not None
    return rule
