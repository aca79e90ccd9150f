"""What is known of a sweep so far: every setting compared by one measure, for display."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from nn_tui.recipe.line_fields import field_of
from nn_tui.text import brief, make_printable
from nn_tui.trials.outcome import Outcome
from nn_tui.trials.plan import SweepPlan
from nn_tui.trials.ranking import (
    MEASURES,
    SettingResult,
    default_measure,
    ranked,
    setting_results,
    sort_order,
)
from nn_tui.trials.remarks import Edge, chosen_on_test_set, edges

_LONGEST_VALUE = 24


@dataclass(frozen=True, eq=False)
class SweepResults:
    """The ``outcomes`` of a ``plan``; ``chosen`` is a measure, or empty for the usual one."""

    plan: SweepPlan
    outcomes: Sequence[Outcome]
    chosen: str = ""

    @cached_property
    def measure(self) -> str:
        """What settings are compared by."""
        return self.chosen or default_measure(self.outcomes, self.plan.keys)

    @cached_property
    def measures(self) -> tuple[str, ...]:
        """The measures that any trial has a value of."""
        return tuple(
            name for name in MEASURES if any(o.value(name) is not None for o in self.outcomes)
        )

    @cached_property
    def ranking(self) -> list[SettingResult]:
        """The settings with an outcome, the best first."""
        return ranked(setting_results(self.outcomes, self.measure))

    @cached_property
    def best(self) -> SettingResult | None:
        """The best setting, if any has a value."""
        return self.ranking[0] if self.ranking and math.isfinite(self.ranking[0].median) else None

    @cached_property
    def by_texts(self) -> dict[tuple[str, ...], SettingResult]:
        """The settings with an outcome, by the texts of their values."""
        return {setting.texts: setting for setting in self.ranking}

    @cached_property
    def axes(self) -> tuple[tuple[Any, ...], ...]:
        """The values of each key; numbers ascending, others in the order of the plan."""
        columns = [*zip(*self.plan.settings, strict=True)]
        values = [[*dict.fromkeys(column)] for column in columns]
        return tuple(
            tuple(sorted(v, key=sort_order) if all(map(_is_number, v)) else v) for v in values
        )

    @cached_property
    def edges(self) -> list[Edge]:
        """Where the best setting is at an end of the range of a key."""
        return edges(self.ranking, self.plan.keys)

    @cached_property
    def flattered(self) -> bool:
        """Whether the same test set chooses the best and tells how good it is."""
        return chosen_on_test_set(self.outcomes, self.measure)

    @cached_property
    def finite(self) -> list[float]:
        """The finite medians of the settings, the best first."""
        return [s.median for s in self.ranking if math.isfinite(s.median)]

    def labels(self) -> tuple[str, ...]:
        """Return the names of the keys."""
        return tuple(field_of(key).label for key in self.plan.keys)

    def texts_of(self, axis: int) -> tuple[str, ...]:
        """Return the values of a key as they are shown."""
        return tuple(shown_value(self.plan.axes[axis].show(v)) for v in self.axes[axis])

    def worked_out(self) -> "SweepResults":
        """Work everything out now, as in a thread of its own; return itself."""
        _ = self.measures, self.best, self.by_texts, self.axes, self.edges, self.flattered
        return self


def shown_value(text: str) -> str:
    """Return the text of a value, printable and not too long."""
    return brief(make_printable(text), _LONGEST_VALUE)


def median_outcome(setting: SettingResult, measure: str) -> Outcome:
    """Return the outcome whose value is the setting's median, the first of several."""
    values = [(outcome.value(measure), outcome) for outcome in setting.outcomes]
    known = [(value, outcome) for value, outcome in values if value is not None]
    if not known or not math.isfinite(setting.median):
        return setting.outcomes[0]
    return min(known, key=lambda entry: abs(entry[0] - setting.median))[1]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
