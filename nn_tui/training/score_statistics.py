"""Mean and standard deviation of scores over the folds of a cross-validation."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from nn_tui.training.scores import SCORES, Scores, format_score


class MeanAndDeviation(NamedTuple):
    """The mean of several values, and their standard deviation."""

    mean: float
    deviation: float


def mean_and_deviation(values: Sequence[float | None]) -> MeanAndDeviation | None:
    """Return mean and sample standard deviation (divisor n - 1; 0 for a single value).

    None if there is no value, or if any is None or not finite.
    """
    known = [value for value in values if value is not None and math.isfinite(value)]
    if not known or len(known) < len(values):
        return None
    mean = math.fsum(known) / len(known)
    squares = math.fsum((value - mean) ** 2 for value in known)
    return MeanAndDeviation(mean, math.sqrt(squares / max(1, len(known) - 1)))


def score_statistics(folds: Sequence[Scores]) -> dict[str, MeanAndDeviation | None]:
    """Return the statistics of each score over the folds, None if any has no value."""
    return {name: mean_and_deviation([scores[name] for scores in folds]) for name in SCORES}


def format_statistics(name: str, value: MeanAndDeviation | None) -> str:
    """Format the statistics of a score, as in ``0.953 ± 0.021``."""
    if value is None:
        return "–"
    if SCORES[name].percent:
        return f"{100 * value.mean:.1f} ± {100 * value.deviation:.1f} %"
    return f"{format_score(name, value.mean)} ± {format_score(name, value.deviation)}"
