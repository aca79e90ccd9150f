"""Which view of a sweep is shown, which setting is chosen, and whose loss curves are needed."""

import math

from nn_tui.trials.outcome import Outcome
from nn_tui.trials.ranking import SettingResult, format_short, measure_name
from nn_tui.trials.sweep_results import SweepResults, median_outcome, shown_value
from nn_tui.trials.trial_curve import CURVES
from nn_tui.tui.drawing.heat_map import describe_setting, texts_at
from nn_tui.tui.drawing.strips import squeezed
from nn_tui.tui.drawing.trial_curves import NamedCurve
from nn_tui.tui.session.sweep_board import SweepBoard

HEAT_MAP, PARALLEL, RANKING, CURVES_VIEW = "heat map", "parallel", "ranking", "curves"
"""The views of the results."""
_MOST_SEEDS, _MOST_VALUES, _COLOURED = 12, 30, 6
"""Curves of one setting, and of all values of one key; up to so many have a colour each."""


def views_of(results: SweepResults) -> list[str]:
    """Return the views of a sweep, the usual one first."""
    keys = len(results.plan.keys)
    if keys < 2:
        return [CURVES_VIEW, RANKING]
    return [
        *([HEAT_MAP] if keys == 2 and not results.plan.random else []),
        PARALLEL,
        RANKING,
        CURVES_VIEW,
    ]


class SweepSelection:
    """The view, and the setting under the cursor; the best one until the cursor is moved."""

    def __init__(self, board: SweepBoard) -> None:
        self.board = board
        self._view = ""
        self._texts: tuple[str, ...] | None = None

    @property
    def results(self) -> SweepResults | None:
        return self.board.results

    @property
    def view(self) -> str:
        """The view that is shown."""
        views = views_of(self.results) if self.results is not None else [RANKING]
        return self._view if self._view in views else views[0]

    def next_view(self) -> None:
        """Show the next view."""
        if self.results is not None:
            views = views_of(self.results)
            self._view = views[(views.index(self.view) + 1) % len(views)]

    @property
    def texts(self) -> tuple[str, ...] | None:
        """The values of the chosen setting."""
        if self.results is None:
            return None
        if self._texts is not None and len(self._texts) == len(self.results.plan.keys):
            return self._texts
        return self.results.ranking[0].texts if self.results.ranking else None

    def choose(self, texts: tuple[str, ...] | None) -> None:
        """Put the cursor on a setting."""
        self._texts = texts

    @property
    def setting(self) -> SettingResult | None:
        """The chosen setting, None if none of its trials is trained yet."""
        texts = self.texts
        return self.results.by_texts.get(texts) if self.results and texts is not None else None

    @property
    def rank(self) -> int:
        """The place of the chosen setting, from 0."""
        setting = self.setting
        return self.results.ranking.index(setting) if self.results and setting else 0

    @property
    def cell(self) -> tuple[int, int]:
        """Column and row of the chosen setting in the heat map."""
        results, texts = self.results, self.texts
        if results is None or texts is None:
            return 0, 0
        places = []
        for axis, values, text in zip(results.plan.axes, results.axes, texts, strict=True):
            shown = [axis.show(value) for value in values]
            places.append(shown.index(text) if text in shown else 0)
        return places[0], places[1]

    def move(self, across: int, up: int) -> None:
        """Move the cursor over the cells, or up and down the ranking."""
        results = self.results
        if results is None:
            return
        if self.view == HEAT_MAP:
            at = [
                max(0, min(len(values) - 1, place + step))
                for values, place, step in zip(results.axes, self.cell, (across, up), strict=True)
            ]
            self.choose(texts_at(results, tuple(at)))
        elif results.ranking:
            last = len(results.ranking) - 1
            self.choose(results.ranking[max(0, min(last, self.rank - up + across))].texts)

    # Curves

    @property
    def loss(self) -> str:
        """The name of the loss whose curves are shown."""
        results = self.results
        if results is None or results.measure in CURVES:
            return results.measure if results else CURVES[0]
        return next((name for name in CURVES[::-1] if name in results.measures), CURVES[0])

    @property
    def per_value(self) -> bool:
        """Whether the view has a curve for each value of the only key."""
        results = self.results
        return results is not None and self.view == CURVES_VIEW and len(results.plan.keys) == 1

    def needed(self) -> list[Outcome]:
        """Return the trials whose curves are shown."""
        setting, results = self.setting, self.results
        outcomes = [*setting.outcomes[:_MOST_SEEDS]] if setting is not None else []
        if results is not None and self.per_value:
            best = results.ranking[:_MOST_VALUES]
            outcomes += [median_outcome(s, results.measure) for s in best]
        return outcomes

    def seed_curves(self) -> list[NamedCurve]:
        """Return the curves of the chosen setting, one for each seed; the median's stands out."""
        setting, results = self.setting, self.results
        if setting is None or results is None:
            return []
        median = median_outcome(setting, results.measure)
        curves = []
        for number, outcome in enumerate(setting.outcomes[:_MOST_SEEDS]):
            coloured = number if len(setting.outcomes) <= _COLOURED else None
            name = f"seed {outcome.key.seed}"
            curves += self._named(name, outcome, outcome is median, coloured)
        return curves

    def value_curves(self) -> list[NamedCurve]:
        """Return a curve for each value of the only key, that of its median seed."""
        results = self.results
        if results is None:
            return []
        shown = results.ranking[:_MOST_VALUES]
        coloured = len(shown) <= _COLOURED
        order = {text: number for number, text in enumerate(results.texts_of(0))}
        curves = []
        for setting in shown:
            name = shown_value(setting.texts[0])
            number = order.get(name) if coloured else None
            outcome = median_outcome(setting, results.measure)
            curves += self._named(name, outcome, setting is self.setting, number)
        return curves

    def _named(
        self, name: str, outcome: Outcome, chosen: bool, number: int | None
    ) -> list[NamedCurve]:
        curve = self.board.curve(outcome)
        if curve is None:
            return []
        value = outcome.value(self.loss)
        text = outcome.status if value is None else format_short(self.loss, value)
        return [NamedCurve(name, curve, self.loss, text, chosen, number)]


def chosen_sentence(selection: SweepSelection) -> str:
    """Return the chosen setting with its median and the values of its seeds."""
    results, texts, setting = selection.results, selection.texts, selection.setting
    if results is None or texts is None:
        return ""
    described = describe_setting(results, texts)
    if setting is None:
        return f"{described}: still to come"
    name, measure = measure_name(results.measure), results.measure
    median = format_short(measure, setting.median)
    if len(setting.by_seed) < 2:
        problem = setting.outcomes[0].message
        return f"{described}: {name} {median}{f' ({problem})' if problem else ''}"
    values = " ".join(format_short(measure, value) for value in setting.by_seed[:_MOST_SEEDS])
    return squeezed(f"{described}: {name} {median}, seeds {values}", 400)


def seed_choices(setting: SettingResult, measure: str) -> list[tuple[str, str, Outcome]]:
    """Return name, description and trial of each seed of a setting, the best first."""

    def cost(outcome: Outcome) -> float:
        value = outcome.value(measure)
        return math.inf if value is None else -value if setting.higher else value

    found = []
    for outcome in sorted(setting.outcomes, key=cost):
        value = outcome.value(measure)
        shown = format_short(measure, math.nan if value is None else value)
        about = f"{measure_name(measure)} {shown}, {outcome.status} after {outcome.epochs:,} epochs"
        found.append((f"seed {outcome.key.seed}", about, outcome))
    return found
