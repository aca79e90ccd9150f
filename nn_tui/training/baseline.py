"""What always predicting the same gets: the most frequent class, or the mean."""

from collections.abc import Collection
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from nn_tui.data.dataset import Dataset
from nn_tui.data.decision_rule import UNDECIDED, DecisionRule
from nn_tui.types import Array

_NUDGE = 1e-5


class Baseline(NamedTuple):
    """The accuracy of the most frequent class, or the errors of the mean.

    ``error`` is the mean absolute error and ``rmse`` the root mean squared error, both averaged
    over several targets. None where not applicable.
    """

    accuracy: float | None = None
    error: float | None = None
    rmse: float | None = None


_KNOWN: WeakKeyDictionary[Dataset, dict[str, Baseline]] = WeakKeyDictionary()


def baseline_of(dataset: Dataset, output: str) -> Baseline:
    """The baseline of a dataset for an output activation, found once.

    The constant is that of the training set, evaluated on ``decisive_part``.
    """
    known = _KNOWN.setdefault(dataset, {})
    if output not in known:
        with np.errstate(all="ignore"):
            known[output] = _baseline(dataset, output)
    return known[output]


def _baseline(dataset: Dataset, output: str) -> Baseline:
    rule = dataset.decision_rule(output)
    train, judged = dataset.parts["train"], dataset.parts[decisive_part(dataset.parts)]
    if rule is not None and rule.names:
        numbers = dataset.class_numbers()
        frequent = np.bincount(numbers[train], minlength=len(rule.names)).argmax()
        return Baseline(accuracy=float((numbers[judged] == frequent).mean()))
    targets = dataset.output_targets(output)
    constant = constant_prediction(targets[train], rule)
    if rule is not None:
        made = np.broadcast_to(constant, targets[judged].shape)
        return Baseline(accuracy=float(rule.accuracy(made, targets[judged])))
    apart = targets[judged] - constant
    rmse = float(np.sqrt(np.square(apart).mean(axis=0)).mean())
    return Baseline(error=float(np.abs(apart).mean()), rmse=rmse)


def decisive_part(parts: Collection[str]) -> str:
    """The part whose scores tell how well a network predicts: ``test`` if there is one."""
    return next(part for part in ("test", "validation", "train") if part in parts)


def constant_prediction(targets: Array, rule: DecisionRule | None) -> Array:
    """The baseline's prediction (outputs,) from the training ``targets`` (samples, outputs).

    The class frequencies, or the mean.
    """
    with np.errstate(all="ignore"):  # targets may be as large as floats can be
        mean: Array = targets.mean(axis=0)
    if rule is None:
        return mean
    if not rule.names:  # every label is decided for itself
        return np.where(mean > rule.threshold, rule.high, rule.low)
    if rule.decide(mean[None])[0] == UNDECIDED:  # of equally frequent classes the first
        mean[0 if len(mean) == 1 else int(mean.argmax())] += _NUDGE * (1 if len(mean) > 1 else -1)
    return mean
