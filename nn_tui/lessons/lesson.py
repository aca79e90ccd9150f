"""A lesson: pages, a recipe, a goal, and the settings that fail and that reach it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from nn_tui.lessons.expressions import CheckExpression
from nn_tui.lessons.page_text import PageText
from nn_tui.recipe.line_fields import field_of
from nn_tui.recipe.recipe import Recipe

KINDS = ("look", "predict", "see", "try", "why", "further")
"""The kinds of pages, in the order in which a lesson usually has them."""
PANES = ("data", "hyperparameters", "weights", "network", "loss", "explain")
"""What a page may speak of."""
HANDS = {"weights": "the value of a weight", "data": "the data"}
"""What may be fixed or free besides the keys of the recipe."""
FREE_SECTIONS = {"lines": "the lines of the step", "functions": "helper functions"}
"""Sections of the recipe with keys of their own choice, which are fixed or free as a whole."""
MOST_STARS = 3
_ALWAYS_FREE = ("network.seed", "training.replicas", "training.evaluate_every")
"""Keys that no lesson fixes by leaving them out of ``free``: other weights are its stars."""


class AnswerChoice(NamedTuple):
    """An answer to a prediction, and the reply to it."""

    text: str
    reply: PageText
    right: bool


class Page(NamedTuple):
    """A page. A ``predict`` page has ``choices``, of which one is right.

    ``pane`` is the pane it speaks of, one of ``PANES``, or empty; ``field`` the hyperparameter
    to select, or empty. ``hints`` are shown one by one.
    """

    kind: str
    text: PageText
    pane: str = ""
    field: str = ""
    choices: tuple[AnswerChoice, ...] = ()
    hints: tuple[PageText, ...] = ()


class Condition(NamedTuple):
    """A part of the goal; ``label`` describes it where it is no simple comparison."""

    that: CheckExpression
    label: str = ""


class TrialRun(NamedTuple):
    """Values that replace the recipe's, and weights and biases set by hand before epoch 1.

    A weight's name is that of one number, ``W1[0,0]``, or of all of an array, ``b0``.
    """

    values: tuple[tuple[str, Any], ...] = ()
    weights: tuple[tuple[str, float], ...] = ()


class ProofTrial(NamedTuple):
    """A way to try: one run or several, from each weight seed of ``seeds``."""

    name: str
    runs: tuple[TrialRun, ...]
    seeds: tuple[int, ...]


@dataclass(frozen=True, eq=False, kw_only=True)
class Lesson:
    """``name`` identifies it: the file's name without number and ending.

    ``naive`` trials do not reach the goal from any of their seeds, a ``solutions`` from all of
    theirs. ``free`` are the only keys that may change, None if all but the ``fixed`` may.
    """

    name: str
    number: int
    path: Path
    title: str
    summary: str
    goal: str
    recipe: Recipe
    check: tuple[Condition, ...]
    pages: tuple[Page, ...]
    naive: tuple[ProofTrial, ...]
    solutions: tuple[ProofTrial, ...]
    fixed: tuple[str, ...] = ()
    free: tuple[str, ...] | None = None
    reasons: tuple[tuple[str, str], ...] = ()
    stars: int = MOST_STARS

    @property
    def run_words(self) -> frozenset[str]:
        """The measures that the goal reads of all runs of the lesson."""
        return frozenset().union(*(condition.that.run_words for condition in self.check))

    @property
    def about_runs(self) -> bool:
        """Whether the goal is about several runs, not about one."""
        return any(condition.that.loops for condition in self.check)

    def refusal(self, key: str) -> str:
        """Why ``key``, of the recipe or of ``HANDS``, may not change; empty if it may."""
        section = key.partition(".")[0]
        named = {key, section} if section in FREE_SECTIONS else {key}
        if self.free is None:
            free = not named & {*self.fixed}
        else:
            free = bool(named & {*self.free, *_ALWAYS_FREE}) or section == "view"
        if free:
            return ""
        label = _label(key)
        if self.free is not None and not dict(self.reasons).get(key):
            free_words = " and ".join(map(_label, self.free)) or "nothing"
            return f"{label} is fixed in this lesson; {free_words} can change"
        reason = dict(self.reasons).get(key)
        return f"{label} is fixed in this lesson{'; ' if reason else ''}{reason or ''}"

    def changed_fixed_keys(self, recipe: Recipe, weights: int = 0, data: int = 0) -> list[str]:
        """The refusals for what a run has changed: its recipe, counts of edits by hand."""
        keys = [key for key, _ in self.recipe.differences(recipe)]
        keys += ["weights"] * bool(weights) + ["data"] * bool(data)
        return [refusal for key in keys if (refusal := self.refusal(key))]


def _label(key: str) -> str:
    return {**HANDS, **FREE_SECTIONS}.get(key) or field_of(key).label
