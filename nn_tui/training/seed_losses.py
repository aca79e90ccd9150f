"""The losses of an experiment with several weight seeds: their order, quantiles and groups.

Every quantile is the loss of one of the runs, the lower one of two: the mean of a run that
learned and one that did not would be the loss of neither.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

QUANTILES = {
    "lowest": 0.0,
    "lower quartile": 0.25,
    "median": 0.5,
    "upper quartile": 0.75,
    "highest": 1.0,
}
"""The quantiles that are shown, as fractions, by name."""

_SAME = 1.003
"""Largest ratio of neighbouring losses that are counted as the same minimum."""
_MOST_SHARE = 16
_MOST_GROUPS = 4
"""The largest number of groups that are named, the largest ones."""
_NEAR = 0.002
"""Relative distance up to which a loss is written as a fraction."""


def quantile(losses: Sequence[float], share: float) -> float:
    """Return the loss below or at which at least ``share`` (0 … 1) of the finite ones are.

    NaN if none is finite.
    """
    known = sorted(filter(math.isfinite, losses))
    if not known:
        return math.nan
    return known[max(0, math.ceil(share * len(known)) - 1)]


def sorted_by_loss(losses: Sequence[float]) -> list[int]:
    """Return the indices of ``losses``, the lowest first, those that are not finite last."""
    return sorted(range(len(losses)), key=lambda i: (not math.isfinite(losses[i]), losses[i], i))


class LossGroup(NamedTuple):
    """How many runs have nearly the same loss, of which ``loss`` is the lowest."""

    runs: int
    loss: float


def loss_groups(losses: Sequence[float]) -> list[LossGroup]:
    """Return the groups of two and more runs whose losses are nearly equal, the lowest first.

    They probably ended in the same minimum, or in equivalent ones. Runs with a loss of 0 are a
    group too. Losses that are not finite belong to none.
    """
    groups: list[list[float]] = []
    for loss in sorted(filter(math.isfinite, losses)):
        if groups and loss <= groups[-1][-1] * _SAME:
            groups[-1].append(loss)
        else:
            groups.append([loss])
    return [LossGroup(len(group), group[0]) for group in groups if len(group) > 1]


def describe_losses(losses: Sequence[float], target: float | None) -> str:
    """Describe the losses, as in ``5 below 0.01, 3 at 1/16, 2 at 1/12``.

    ``target`` is the target loss, if there is one; NaN is the loss of a run that diverged.
    Groups are named if at least half of the runs are in one, and only the largest. Empty where
    there is nothing in common to name.
    """
    finite = [loss for loss in losses if math.isfinite(loss)]
    below = [] if target is None else [loss for loss in finite if loss < target]
    others = [loss for loss in finite if target is None or not loss < target]
    groups = loss_groups(others)
    if 2 * sum(group.runs for group in groups) < len(others):
        groups = []  # a few of many losses are near each other by chance
    groups = sorted(groups, key=lambda group: -group.runs)[:_MOST_GROUPS]
    groups.sort(key=lambda group: group.loss)
    parts = [] if target is None else [f"{len(below)} below {target:g}"]
    parts += [f"{group.runs} at {_short(group.loss)}" for group in groups]
    rest = len(others) - sum(group.runs for group in groups)
    if rest and len(parts):
        parts.append(f"{rest} at other losses" if groups else f"{rest} above")
    if len(losses) > len(finite):
        parts.append(f"{len(losses) - len(finite)} diverged")
    return ", ".join(parts)


def _short(loss: float) -> str:
    """The loss as a fraction such as 1/16 if it is near one, else with three digits."""
    if loss > 0:
        share = round(1 / loss) if loss > 1 / (2 * _MOST_SHARE) else 0
        if 2 <= share <= _MOST_SHARE and abs(loss * share - 1) < _NEAR:
            return f"1/{share}"
    return f"{loss:.3g}"
