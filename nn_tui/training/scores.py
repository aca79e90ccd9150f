"""Scores of a trained network on the training and the test set, beside their baseline.

The metrics are those of scikit-learn's ``sklearn.metrics``, by its definitions: accuracy,
balanced accuracy (the mean of the classes' recalls), macro F1 (the mean of the classes' F1),
log loss, the area under the ROC curve of two classes; precision, recall and F1 of each class;
for numbers R², the root mean squared error and the mean absolute error, in the targets' own
units, averaged over several targets.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from nn_tui.data.dataset import Dataset
from nn_tui.data.decision_rule import DecisionRule
from nn_tui.nn.activations import UNITS
from nn_tui.nn.predictor import outputs_of
from nn_tui.text import percent
from nn_tui.training.baseline import constant_prediction, decisive_part
from nn_tui.training.model_builder import build_learning_rule
from nn_tui.training.score_formulas import confusion, scores_of
from nn_tui.training.snapshot import Snapshot
from nn_tui.types import Array

Scores = Mapping[str, float | None]
"""Value by name in ``SCORES``; None where a score does not apply."""


class Score(NamedTuple):
    """A score's label, and whether it is a fraction shown as a percentage."""

    label: str
    percent: bool = False


SCORES = {
    "accuracy": Score("accuracy", percent=True),
    "balanced_accuracy": Score("balanced accuracy", percent=True),
    "f1_macro": Score("macro F1"),
    "log_loss": Score("log loss"),
    "roc_auc": Score("ROC AUC"),
    "r2": Score("R²"),
    "rmse": Score("RMSE"),
    "mae": Score("MAE"),
}
"""All scores by their key in JSON, in the order in which they are shown."""


class ClassScores(NamedTuple):
    """The scores of one class, over ``samples`` samples of it.

    ``precision`` is the fraction of the samples predicted as this class that are of it, None
    without such predictions; ``recall`` the fraction of its samples that are predicted as it,
    None without samples; ``f1`` their harmonic mean, None without both.
    """

    name: str
    precision: float | None
    recall: float | None
    f1: float | None
    samples: int


_FITTED = 0.5
"""R² of a training set that a network fits."""
_LARGE_TARGET = 10.0
_FLAT = 0.02
"""Relative change of a loss that counts as none."""
_FEW_LOSSES = 8
_MOST_WORK = 2_000_000
"""Samples times weights of which scores are known within some milliseconds."""
_LEARNED = 0.05
"""R² below which a regression has learned nothing."""


@dataclass(frozen=True)
class ScoreTable:
    """Scores and scores of each class by part of the dataset, and those of the ``baseline``.

    The baseline always predicts the training set's most frequent class, with the classes'
    frequencies as probabilities, or its mean. It is evaluated on the test set, without one on
    the validation set, without both on the training set.
    """

    parts: Mapping[str, Scores]
    classes: Mapping[str, tuple[ClassScores, ...]]
    baseline: Scores

    def of(self, part: str) -> Scores:
        """The scores of ``train``, ``test`` or ``validation``; only None without samples."""
        return self.parts.get(part, dict.fromkeys(SCORES))

    def classes_of(self, part: str) -> tuple[ClassScores, ...]:
        """The scores of each class in a part; empty without classes or samples."""
        return self.classes.get(part, ())

    @property
    def train(self) -> Scores:
        """The scores of the training set."""
        return self.of("train")

    @property
    def test(self) -> Scores:
        """The scores of the test set; only None without one."""
        return self.of("test")

    @property
    def decisive_part(self) -> str:
        """The part that the baseline is evaluated on."""
        return decisive_part(self.parts)

    @property
    def decisive(self) -> Scores:
        """The scores that the baseline is compared with."""
        return self.of(self.decisive_part)

    @property
    def learned_nothing(self) -> bool:
        """Whether a regression explains less than 5 % of the targets' variance."""
        value = self.decisive["r2"]
        return value is not None and value < _LEARNED


def format_score(name: str, value: float | None) -> str:
    """A score as text: percentages rounded down, three decimals, or six digits of numbers."""
    if value is None:
        return "–"
    if SCORES[name].percent:
        return percent(value)
    if name in ("rmse", "mae"):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    return f"{value:.3f}".replace("-0.000", "0.000")


def advice(table: ScoreTable, snapshot: Snapshot) -> str:
    """Why a regression may have learned nothing, and what to try; empty if it has learned."""
    if not table.learned_nothing:
        return ""
    value, dataset = table.decisive["r2"], snapshot.dataset
    how = "worse" if value is not None and value < 0 else "hardly better"
    said = f"R² is {value:.3f}: the predictions are {how} than the mean of the targets"
    trained = table.train["r2"]
    if dataset.target_scaling is None and float(np.abs(dataset.targets).max()) > _LARGE_TARGET:
        why = "The targets are large and not scaled; set data.target_scale = standard"
        return f"{said}. {_too_slow(trained, snapshot) or why}"
    if trained is not None and trained > _FITTED:
        return (
            f"{said}, though R² of the training set is {trained:.3f}: the network has learned the "
            "training samples by heart; try fewer epochs, regularization or more samples"
        )
    return f"{said}. {_course(snapshot)}"


def _too_slow(r2: float | None, snapshot: Snapshot) -> str:
    """That the steps are too short, where the training loss falls but is not at the mean's yet.

    ``r2`` is that of the training set. Scaled targets do not help there.
    """
    losses = snapshot.losses.train_middle
    losses = losses[np.isfinite(losses)]
    if r2 is None or r2 > -_LEARNED or len(losses) < _FEW_LOSSES or (np.diff(losses) > 0).any():
        return ""
    return (
        f"The training loss still falls, but slowly: learning rate "
        f"{snapshot.recipe.training.learning_rate:g} is too small for {snapshot.epoch:,} epochs; "
        "try a larger one"
    )


def _course(snapshot: Snapshot) -> str:
    """What the training loss of a regression that has learned nothing did, and what to try."""
    losses = snapshot.losses.train_middle
    losses = losses[np.isfinite(losses)]
    if len(losses) < _FEW_LOSSES:
        return "Only few epochs are trained; try more"
    first, half, last = (float(losses[at]) for at in (0, len(losses) // 2, -1))
    if abs(first - last) <= _FLAT * first:
        return (
            "The training loss has hardly changed since the start; try a larger learning rate, "
            "or other inputs"
        )
    if half - last > _FLAT * half:
        return "The training loss still falls; try more epochs, or a larger learning rate"
    return (
        "The training loss no longer falls: the inputs may have little to do with the target; "
        "try other inputs, or more hidden units"
    )


def remark(snapshot: Snapshot) -> str:
    """``advice`` for a finished run, if it is known at once; else empty."""
    work = snapshot.dataset.samples * snapshot.network.weight_count
    if snapshot.classifies or work > _MOST_WORK:
        return ""
    return advice(score_table(snapshot), snapshot)


_BASELINES: WeakKeyDictionary[Dataset, dict[str, Scores]] = WeakKeyDictionary()


def score_table(snapshot: Snapshot) -> ScoreTable:
    """The scores of a snapshot's network. The whole dataset is evaluated."""
    dataset, output = snapshot.dataset, snapshot.network.output
    predictions = run_predictions(snapshot)
    targets = dataset.output_targets(output)
    rule = dataset.decision_rule(output)
    parts = {part: (predictions[rows], targets[rows]) for part, rows in dataset.parts.items()}
    constant = constant_prediction(parts["train"][1], rule)
    judged = parts[decisive_part(parts)][1]
    probable = UNITS[output].range == (0.0, 1.0)
    return ScoreTable(
        parts={part: scores(*pair, rule, probable) for part, pair in parts.items()},
        classes={part: class_scores(*pair, rule) for part, pair in parts.items()},
        baseline=constant_scores(constant, judged, rule, probable),
    )


def judged_scores(snapshot: Snapshot) -> tuple[Scores, Scores]:
    """The decisive scores and the baseline of ``score_table``, with the same bits, in less time.

    The baseline is found once for a dataset and an output activation.
    """
    dataset, output = snapshot.dataset, snapshot.network.output
    rows = dataset.parts[decisive_part(dataset.parts)]
    rule, targets = dataset.decision_rule(output), dataset.output_targets(output)
    probable = UNITS[output].range == (0.0, 1.0)
    known = _BASELINES.setdefault(dataset, {})
    if output not in known:
        constant = constant_prediction(targets[dataset.parts["train"]], rule)
        known[output] = constant_scores(constant, targets[rows], rule, probable)
    predictions = run_predictions(snapshot)
    return scores(predictions[rows], targets[rows], rule, probable), known[output]


def class_scores(
    predictions: Array, targets: Array, rule: DecisionRule | None
) -> tuple[ClassScores, ...]:
    """Precision, recall and F1 of each class, with the arguments of ``scores``.

    Undecided samples are predicted as no class. Empty without samples, for regression and
    for several labels of a sample.
    """
    if rule is None or not rule.names or not len(targets):
        return ()
    with np.errstate(all="ignore"):
        predicted, true = rule.decide(predictions), rule.decide(targets)
    (cells,) = confusion(predicted[None], true, len(rule.names))
    samples, guesses = cells.sum(axis=1).tolist(), cells[:, :-1].sum(axis=0).tolist()
    return tuple(
        ClassScores(
            name,
            precision=right / guessed if guessed else None,
            recall=right / count if count else None,
            f1=2 * right / (count + guessed) if count + guessed else None,
            samples=count,
        )
        for name, right, guessed, count in zip(
            rule.names, np.diagonal(cells).tolist(), guesses, samples, strict=True
        )
    )


def scores(
    predictions: Array, targets: Array, rule: DecisionRule | None, probabilities: bool
) -> Scores:
    """The scores of ``predictions``, with ``targets`` both (samples, outputs).

    Numbers are in their own units. ``rule`` is how outputs become classes, None for
    regression; ``probabilities`` whether they are probabilities of classes.
    """
    if not len(targets):
        return dict.fromkeys(SCORES)
    values = scores_of(predictions[None], targets, rule, probabilities)
    known = {name: float(value[0]) for name, value in values.items() if np.isfinite(value[0])}
    return {name: known.get(name) for name in SCORES}


def constant_scores(
    prediction: Array, targets: Array, rule: DecisionRule | None, probabilities: bool
) -> Scores:
    """The scores of a constant ``prediction`` (outputs,), as of ``constant_prediction``."""
    return scores(np.broadcast_to(prediction, targets.shape), targets, rule, probabilities)


def decisive_scores(snapshot: Snapshot) -> Scores:
    """The scores of the decisive part alone, which alone is evaluated."""
    dataset, output = snapshot.dataset, snapshot.network.output
    rows = dataset.parts[decisive_part(dataset.parts)]
    probable = UNITS[output].range == (0.0, 1.0)
    rule, targets = dataset.decision_rule(output), dataset.output_targets(output, rows)
    return scores(run_predictions(snapshot, rows), targets, rule, probable)


_EVERY_ROW = slice(None)


def run_predictions(snapshot: Snapshot, rows: slice = _EVERY_ROW) -> Array:
    """The predictions (rows, outputs) for ``rows`` of the dataset, in the units of the targets."""
    learning, dtype = build_learning_rule(snapshot.recipe), snapshot.recipe.network.dtype
    inputs = snapshot.dataset.inputs[rows]
    made = outputs_of(snapshot.network, learning, snapshot.parameters, inputs, dtype)
    return snapshot.dataset.decode(made)
