"""Whether a run has reached the goal of a lesson, and since when."""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from nn_tui.lessons.expressions import COMPARISONS, Scope
from nn_tui.lessons.lesson import Condition, Lesson
from nn_tui.lessons.measures import MEASURES, LessonRun, LiveRun
from nn_tui.lessons.page_text import format_figure
from nn_tui.training.curve import Curve
from nn_tui.training.snapshot import Snapshot
from nn_tui.types import Array

_LIMITS = {
    "<": "below {}",
    "<=": "at most {}",
    ">": "above {}",
    ">=": "at least {}",
    "==": "exactly {}",
    "!=": "not {}",
}


class ConditionStatus(NamedTuple):
    """A condition of the goal and the value now: ``train loss``, ``0.125``, ``below 0.01``.

    ``value`` and ``limit`` are empty for a condition that is no simple comparison.
    ``progress`` is how far a loss has come on a logarithmic scale from its first value to the
    limit, 0 … 1; None for anything else.
    """

    label: str
    value: str
    limit: str
    holds: bool
    progress: float | None = None

    def __str__(self) -> str:
        figures = f" {self.value} → {self.limit}" if self.limit else ""
        return f"{self.label}{figures} {'✓' if self.holds else '✗'}"


class GoalStatus(NamedTuple):
    """The goal at a snapshot.

    ``reached`` tells whether all conditions hold now, or held together after an earlier epoch
    of the run, the first of which is ``first``. ``since`` is the epoch from which on they have
    held without a break; None if they do not hold, or if only the present can be judged.
    ``refusals`` are what the run has changed although it is fixed; then nothing is reached.
    """

    conditions: tuple[ConditionStatus, ...]
    reached: bool
    first: int | None = None
    since: int | None = None
    refusals: tuple[str, ...] = ()

    def __str__(self) -> str:
        words = [", ".join(map(str, self.conditions))]
        if self.since is not None:
            words.append(f"held since epoch {self.since:,}")
        elif self.first is not None:
            words.append(f"reached at epoch {self.first:,}")
        return "; ".join((*words, *self.refusals))


def goal_status(
    lesson: Lesson, snapshot: Snapshot, earlier: Sequence[LessonRun] = ()
) -> GoalStatus:
    """Evaluate the goal on a run and the ``earlier`` runs of the lesson. Raises LessonError."""
    run = LiveRun(snapshot)
    scope = Scope.of(run, earlier)
    conditions = tuple(_status(condition, scope) for condition in lesson.check)
    refusals = refusals_of(lesson, run)
    now = all(condition.holds for condition in conditions)
    if refusals:
        return GoalStatus(conditions, False, refusals=refusals)
    held = _held(lesson.check, conditions, snapshot.losses)
    if held is None:
        return GoalStatus(conditions, now)
    if not held.any():
        return GoalStatus(conditions, now)
    epochs = snapshot.losses.last
    first, since = int(epochs[held.argmax()]), None
    if now and held[-1]:
        breaks = np.flatnonzero(~held)
        since = int(epochs[breaks[-1] + 1 if len(breaks) else 0])
    return GoalStatus(conditions, True, first, since)


def refusals_of(lesson: Lesson, run: LessonRun) -> tuple[str, ...]:
    """The sentences for what a run has changed although it is fixed; empty if nothing."""
    hands = run.edit_count("weights"), run.edit_count("data")
    return tuple(dict.fromkeys(lesson.changed_fixed_keys(run.recipe, *hands)))


def _status(condition: Condition, scope: Scope) -> ConditionStatus:
    that = condition.that
    holds = bool(that.evaluate(scope))
    comparison = that.comparison
    if comparison is None or (condition.label and not comparison.word):
        return ConditionStatus(condition.label, "", "", holds)
    value, limit = comparison.value(scope), comparison.limit
    beginning = "first_" + comparison.word
    first = scope.run.measure(beginning) if beginning in MEASURES else None
    return ConditionStatus(
        condition.label or MEASURES[comparison.word].label,
        format_figure(value),
        _LIMITS[comparison.symbol].format(format_figure(limit)),
        holds,
        _progress(first, value, limit) if comparison.symbol in ("<", "<=") else None,
    )


def _progress(first: Any, value: Any, limit: Any) -> float | None:
    """The way of a loss from ``first`` to ``limit``, on a logarithmic scale, as a fraction."""
    known = all(isinstance(number, float) and 0 < number < math.inf for number in (first, value))
    if not known or not 0 < limit < first:
        return None
    return min(1.0, max(0.0, math.log(first / value) / math.log(first / limit)))


def _held(check: Sequence[Condition], now: Sequence[ConditionStatus], curve: Curve) -> Array | None:
    """At which recorded epochs all conditions held, (points,); None if only now is known."""
    held = np.ones(len(curve), bool)
    for condition, status in zip(check, now, strict=True):
        that = condition.that
        recorded = {word for word in that.words if MEASURES[word].recorded}
        if that.now or that.loops or that.words - recorded - _OF_THE_RECIPE:
            return None
        if not recorded:  # only about the recipe and the edits, which are those of the run
            held &= status.holds
            continue
        comparison = that.comparison
        if comparison is None or not comparison.word:
            return None
        values = curve.last if comparison.word == "epoch" else curve.band(comparison.word).middle
        held &= COMPARISONS[comparison.symbol](values, comparison.limit)
    return held


_OF_THE_RECIPE = {"inputs", "hidden_layers", "hidden_units", "parameters"}
"""Measures that do not change while a run is trained."""
