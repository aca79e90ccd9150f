"""The formulas of the scores, for the predictions of one or of many epochs."""

import numpy as np

from nn_tui.data.decision_rule import UNDECIDED, DecisionRule
from nn_tui.types import Array


def score_names(rule: DecisionRule | None, probabilities: bool) -> tuple[str, ...]:
    """The scores that apply; the arguments are those of ``scores_of``."""
    if rule is None:
        return ("r2", "rmse", "mae")
    if not rule.names:
        return ("accuracy",)
    names = ("accuracy", "balanced_accuracy", "f1_macro")
    return (*names, *(["log_loss"] * probabilities), *(["roc_auc"] * (len(rule.names) == 2)))


def scores_of(
    predictions: Array, targets: Array, rule: DecisionRule | None, probabilities: bool
) -> dict[str, Array]:
    """The scores by name, each (epochs,), NaN where undefined.

    ``predictions`` are (epochs, samples, outputs) and ``targets`` (samples, outputs), at least
    one sample, numbers in their own units. ``rule`` is how outputs become classes, None for
    regression; ``probabilities`` whether they are probabilities of classes.
    """
    with np.errstate(all="ignore"):
        if rule is None:
            return _of_numbers(predictions, targets)
        values = {"accuracy": rule.accuracy(predictions, targets)}
        if rule.names:
            values |= _of_classes(predictions, targets, rule, probabilities)
        return values


def _of_numbers(predictions: Array, targets: Array) -> dict[str, Array]:
    errors = predictions - targets
    squares = np.square(errors).mean(axis=1)
    variances = targets.var(axis=0)
    shares = np.where(variances > 0, 1 - squares / variances, np.nan)
    return {
        "r2": shares.mean(axis=1),
        "rmse": np.sqrt(squares).mean(axis=1),
        "mae": np.abs(errors).mean(axis=(1, 2)),
    }


def confusion(predicted: Array, true: Array, classes: int) -> Array:
    """How often each class is predicted as each, (epochs, classes, classes + 1).

    ``predicted`` (epochs, samples) and ``true`` (samples,) are class numbers. The last column
    counts undecided samples. Samples whose target is halfway between classes are left out.
    """
    epochs, columns = len(predicted), classes + 1
    known = true != UNDECIDED
    predicted, true = predicted[:, known], true[known]
    places = np.where(predicted == UNDECIDED, classes, predicted)
    cells = (np.arange(epochs)[:, None] * classes + true) * columns + places
    counts = np.bincount(cells.ravel(), minlength=epochs * classes * columns)
    return counts.reshape(epochs, classes, columns)


def _of_classes(
    predictions: Array, targets: Array, rule: DecisionRule, probabilities: bool
) -> dict[str, Array]:
    true, count = rule.decide(targets), len(rule.names)
    cells = confusion(rule.decide(predictions), true, count)
    known = true != UNDECIDED
    true, predictions = true[known], predictions[:, known]
    right, samples = np.diagonal(cells, axis1=1, axis2=2), cells.sum(axis=2)
    guesses = cells[:, :, :count].sum(axis=1)
    values = {
        "balanced_accuracy": _mean_ratio(right, samples),
        "f1_macro": _mean_ratio(2 * right, samples + guesses),
    }
    if probabilities:
        nothing = np.full(len(predictions), np.nan)
        values["log_loss"] = _log_loss(predictions, true) if len(true) else nothing
    if count == 2:
        ranked = predictions[..., -1]
        if predictions.shape[-1] == 2:
            ranked = ranked - predictions[..., 0]
        values["roc_auc"] = _roc_auc(ranked, true == 1)
    return values


def _mean_ratio(parts: Array, wholes: Array) -> Array:
    """The mean ratio (epochs,) of ``parts`` to ``wholes``, both (epochs, classes).

    Classes without any do not count.
    """
    ratios = np.divide(parts, wholes, out=np.zeros(parts.shape), where=wholes > 0)
    mean: Array = ratios.sum(axis=1) / (wholes > 0).sum(axis=1)
    return mean


def _log_loss(predictions: Array, true: Array) -> Array:
    """The mean negative logarithm of the true class's probability, clipped as scikit-learn's."""
    if predictions.shape[-1] == 1:
        share = np.where(true == 1, predictions[..., 0], 1 - predictions[..., 0])
    else:
        share = predictions[:, np.arange(len(true)), true] / predictions.sum(axis=-1)
    least = np.finfo(np.float64).eps
    mean: Array = -np.log(np.clip(share, least, 1 - least)).mean(axis=-1)
    return mean


def _roc_auc(ranked: Array, positive: Array) -> Array:
    """The probability (epochs,) that a positive sample ranks above a negative one.

    ``ranked`` (epochs, samples) are what they rank by; ties count half. It is the Mann-Whitney
    statistic divided by the number of pairs (Hanley and McNeil 1982).
    """
    count = int(positive.sum())
    others = len(positive) - count
    if not count or not others:
        return np.full(len(ranked), np.nan)
    order = np.argsort(ranked, axis=1)
    in_order = np.take_along_axis(ranked, order, axis=1)
    places = np.arange(len(positive))
    differs = np.diff(in_order, axis=1) > 0
    border = np.ones((len(ranked), 1), bool)
    # Tied samples share the mean of the first and the last of their places.
    first = np.maximum.accumulate(np.where(np.hstack([border, differs]), places, 0), axis=1)
    ends = np.where(np.hstack([differs, border]), places, len(positive))
    last = np.minimum.accumulate(ends[:, ::-1], axis=1)[:, ::-1]
    ranks = np.where(positive[order], (first + last) / 2 + 1, 0).sum(axis=1)
    area = (ranks - count * (count + 1) / 2) / (count * others)
    return np.where(np.isfinite(ranked).all(axis=1), area, np.nan)
