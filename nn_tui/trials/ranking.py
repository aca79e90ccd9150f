"""Compare the settings of a sweep: over seeds the median, over folds the mean."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from nn_tui.training.score_statistics import MeanAndDeviation, mean_and_deviation
from nn_tui.training.scores import SCORES, format_score
from nn_tui.training.seed_losses import quantile
from nn_tui.trials.axes import Setting
from nn_tui.trials.outcome import DIVERGED, FAILED, LOSSES, Outcome

MEASURES = (*LOSSES, *SCORES)
"""What settings can be compared by."""
_HIGHER_IS_BETTER = frozenset(("accuracy", "balanced_accuracy", "f1_macro", "roc_auc", "r2"))
_CHANGE_THE_LOSS = frozenset(
    ("training.loss", "training.class_weights", "data.target_scale", "data.source", "data.task")
)
"""Keys with which losses are not comparable."""


def higher_is_better(measure: str) -> bool:
    """Return whether a larger value of the measure is the better one."""
    return measure in _HIGHER_IS_BETTER


def measure_name(measure: str) -> str:
    """Return the measure as it is written for the user."""
    return SCORES[measure].label if measure in SCORES else measure.replace("_", " ")


def format_measure(measure: str, value: float) -> str:
    """Return a value of the measure with the digits that matter; ``✗`` if it is not finite."""
    if not math.isfinite(value):
        return "✗"
    return format_score(measure, value) if measure in SCORES else f"{value:.4g}"


def format_short(measure: str, value: float) -> str:
    """A value like ``format_measure``, in at most seven characters; a loss with three digits."""
    if not math.isfinite(value) or measure in SCORES:
        return format_measure(measure, value)
    if 1e-3 <= abs(value) < 1e5 or not value:
        return f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"
    mantissa, power = f"{value:.1e}".split("e")
    return f"{mantissa}e{int(power)}"


def default_measure(outcomes: Sequence[Outcome], keys: Iterable[str]) -> str:
    """Return the loss of the validation set, or else of the test or training set.

    If the trials have different losses, the accuracy or R².
    """
    known = [outcome for outcome in outcomes if outcome.value("train_loss") is not None]
    names: tuple[str, ...] = ("validation_loss", "test_loss")
    if _CHANGE_THE_LOSS & {*keys}:
        names = ("accuracy", "r2")
    for name in names:
        if any(outcome.value(name) is not None for outcome in known):
            return name
    return "train_loss"


@dataclass(frozen=True)
class SettingResult:
    """The outcomes of one setting; ``texts`` are its values.

    ``by_seed`` are the values of the measure, of each seed the mean over its folds; NaN where a
    trial diverged, failed or has no such value.
    """

    texts: tuple[str, ...]
    setting: Setting
    outcomes: tuple[Outcome, ...]
    by_seed: tuple[float, ...]
    higher: bool

    @property
    def trials(self) -> int:
        return len(self.outcomes)

    @property
    def diverged(self) -> int:
        """How many trials diverged."""
        return sum(outcome.status == DIVERGED for outcome in self.outcomes)

    @property
    def failed(self) -> int:
        """How many trials could not be trained."""
        return sum(outcome.status == FAILED for outcome in self.outcomes)

    @cached_property
    def median(self) -> float:
        """The value of the middle seed, the better one of two; NaN if that one has none.

        Seeds that have no value are the worst.
        """
        ordered = sorted(self.by_seed, key=self._cost)
        return ordered[(len(ordered) - 1) // 2] if ordered else math.nan

    @property
    def lowest(self) -> float:
        """The lowest value of a seed; NaN without any."""
        return quantile(self.by_seed, 0.0)

    @property
    def highest(self) -> float:
        """The highest value of a seed; NaN without any."""
        return quantile(self.by_seed, 1.0)

    @property
    def cost(self) -> float:
        """By which settings are sorted: the lower, the better."""
        return self._cost(self.median)

    def _cost(self, value: float) -> float:
        return math.inf if math.isnan(value) else -value if self.higher else value

    def over_folds(self, measure: str) -> MeanAndDeviation | None:
        """Return mean and deviation over all folds; None without folds or a value of each."""
        if not any(outcome.key.fold for outcome in self.outcomes):
            return None
        return mean_and_deviation([outcome.value(measure) for outcome in self.outcomes])

    def overlaps(self, other: "SettingResult") -> bool:
        """Return whether the seeds of both differ more than the settings do."""
        if len(self.by_seed) < 2 or len(other.by_seed) < 2:
            return False
        return self.lowest <= other.highest and other.lowest <= self.highest


def setting_results(outcomes: Iterable[Outcome], measure: str) -> list[SettingResult]:
    """Return the settings in the order in which they first occur."""
    found: dict[tuple[str, ...], list[Outcome]] = {}
    for outcome in outcomes:
        found.setdefault(outcome.key.values, []).append(outcome)
    return [
        SettingResult(
            texts,
            entries[0].setting,
            tuple(entries),
            _by_seed(entries, measure),
            higher_is_better(measure),
        )
        for texts, entries in found.items()
    ]


def ranked(settings: Iterable[SettingResult]) -> list[SettingResult]:
    """Return the settings, the best first; those without a value last."""
    return sorted(settings, key=lambda setting: setting.cost)


def shown_score(settings: Iterable[SettingResult], measure: str) -> str:
    """Return the score to show beside ``measure``, or an empty string."""
    outcomes = [outcome for setting in settings for outcome in setting.outcomes]
    for name in ("accuracy", "r2"):
        if any(outcome.value(name) is not None for outcome in outcomes):
            return name if name != measure else ""
    return ""


def sort_order(value: Any) -> tuple[int, Any]:
    """Sort values of a key: numbers ascending, then everything else by its text."""
    if isinstance(value, int | float):
        return 0, value
    return 1, (len(value), value) if isinstance(value, tuple) else (0, str(value))


def _by_seed(outcomes: Sequence[Outcome], measure: str) -> tuple[float, ...]:
    seeds: dict[str, list[float]] = {}
    for outcome in outcomes:
        value = outcome.value(measure)
        seeds.setdefault(outcome.key.seed, []).append(math.nan if value is None else value)
    return tuple(math.fsum(values) / len(values) for values in seeds.values())
