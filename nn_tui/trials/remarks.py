"""Sentences on how far the result of a sweep can be trusted."""

import math
from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from nn_tui.recipe.line_fields import field_of
from nn_tui.text import brief, make_printable
from nn_tui.training.score_statistics import mean_and_deviation
from nn_tui.training.scores import SCORES
from nn_tui.trials.outcome import DONE, STOPPED, Outcome
from nn_tui.trials.ranking import SettingResult, format_measure, ranked, shown_score

_LONGEST_VALUE = 24


class Edge(NamedTuple):
    """The best value of the key number ``axis`` is the smallest (-1) or largest (1) one tried."""

    axis: int
    direction: int


def edges(settings: Sequence[SettingResult], keys: Sequence[str]) -> list[Edge]:
    """Return where the best setting has the smallest or largest of at least three values."""
    best = min(settings, key=lambda setting: setting.cost, default=None)
    if best is None or not math.isfinite(best.median):
        return []
    found = []
    for i, key in enumerate(keys):
        tried = {setting.setting[i] for setting in settings}
        if len(tried) < 3 or "seed" in key or not _is_range(tried):
            continue
        for extreme, direction in ((min(tried), -1), (max(tried), 1)):
            if best.setting[i] == extreme:
                found.append(Edge(i, direction))
    return found


def _is_range(values: Collection[Any]) -> bool:
    """Whether values are numbers, or sizes of as many layers."""
    if all(isinstance(value, tuple) for value in values):
        return len({len(value) for value in values}) == 1
    return all(isinstance(v, int | float) and not isinstance(v, bool) for v in values)


def remarks(settings: Sequence[SettingResult], keys: Sequence[str], measure: str) -> Iterator[str]:
    """Yield the sentences on the ``settings``, compared by ``measure``."""
    best = ranked(settings)
    outcomes = [outcome for setting in settings for outcome in setting.outcomes]
    score = shown_score(settings, "")
    known = [o.baseline.get(score) for o in outcomes if o.baseline.get(score)]
    base = mean_and_deviation(known) if score else None
    if base is not None:
        value = format_measure(score, base.mean)
        yield f"always predicting the same has {SCORES[score].label} {value}"
    if len(best) > 1 and math.isfinite(best[1].median) and best[0].overlaps(best[1]):
        yield "1 and 2 overlap: their seeds differ more than their medians"
    for axis, direction in edges(settings, keys):
        word, other = ("smallest", "smaller") if direction < 0 else ("largest", "larger")
        label = field_of(keys[axis]).label
        yield f"the best {label} is the {word} that was tried: {other} ones may be better still"
    if chosen_on_test_set(outcomes, measure):
        yield (
            "the best was chosen on the test set, which flatters it: for an honest figure, choose "
            "on a validation set (--set data.validation_fraction=0.2)"
        )
    for outcome in outcomes:
        if outcome.message and outcome.status not in (DONE, STOPPED):
            texts = [brief(make_printable(text), _LONGEST_VALUE) for text in outcome.key.values]
            shown = ", ".join(texts) or f"seed {outcome.key.seed}"
            yield f"{outcome.status}, for example {shown}: {outcome.message}"
            break


def chosen_on_test_set(outcomes: Sequence[Outcome], measure: str) -> bool:
    """Return whether the same test set chooses the best and tells how good it is."""
    tested = any(o.value("test_loss") is not None for o in outcomes)
    validated = any(o.value("validation_loss") is not None for o in outcomes)
    folds = any(outcome.key.fold for outcome in outcomes)
    decides = measure in SCORES or measure == "test_loss" or not validated
    return tested and not folds and decides
