"""Runs of this sitting side by side: which there are, and in what they differ."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from nn_tui.recipe.field_types import FlagField
from nn_tui.recipe.fields import FIELDS
from nn_tui.text import make_printable, percent
from nn_tui.training.branches import PinnedRun, RunBranch
from nn_tui.training.edit_descriptions import describe_edits
from nn_tui.training.edits import Edit, RecipeEdit
from nn_tui.training.metrics import METRICS, Metric
from nn_tui.training.run import RunPosition
from nn_tui.training.snapshot import RunSummary, as_trained
from nn_tui.tui.drawing.numbers import format_loss
from nn_tui.tui.drawing.sparkline import log_range, sparkline
from nn_tui.tui.drawing.strips import squeezed

_CURVE = 12
NOT_COMPARABLE = "≠"
_LONGEST = 24
"""Characters of a value or a label."""


@dataclass(frozen=True, eq=False)
class ComparedRun:
    """A run, what it has come to, and the moment to go to.

    ``now`` is whether one stands there; ``pin`` is its pin, if it has one.
    """

    label: str
    outcome: RunSummary
    place: RunPosition
    now: bool = False
    pin: PinnedRun | None = None


@dataclass(frozen=True, eq=False)
class CompareColumn:
    """``value`` is what it sorts by, None or NaN where there is none; ``text`` what shows."""

    title: str
    value: Callable[[ComparedRun], Any]
    text: Callable[[ComparedRun], str]
    right: bool = True


def compared_runs(
    called: str,
    here: RunPosition,
    seen: RunSummary,
    pins: Sequence[PinnedRun],
    strands: Iterable[RunBranch],
) -> list[ComparedRun]:
    """The run on the screen, then those pinned, then past ones, the latest first.

    ``here`` is where one stands, and ``seen`` what the run has come to there.
    """
    own = next((pin for pin in pins if _same(pin.place, here)), None)
    rows = [_row(own.label if own else called, seen, here, True, own)]
    rows += [_row(pin.label, pin.outcome, pin.place, pin=pin) for pin in pins if pin is not own]
    for strand in reversed([*strands]):
        listed = any(_same(strand.end, row.place) for row in rows)
        behind = strand.run is here.run and strand.furthest < here.epoch
        if strand.outcome and strand.furthest and not (strand.continued or listed or behind):
            rows.append(_row(make_printable(strand.run.name), strand.outcome, strand.end))
    return rows


def _row(
    label: str,
    seen: RunSummary,
    place: RunPosition,
    now: bool = False,
    pin: PinnedRun | None = None,
) -> ComparedRun:
    return ComparedRun(label, as_trained(seen, place.run), place, now, pin)


def compare_columns(rows: Sequence[ComparedRun]) -> list[CompareColumn]:
    """The runs' names, figures where any has one, then the recipe keys in which they differ.

    A loss that is another one than the first row's, or of other samples, is marked.
    """
    first = rows[0].outcome.recipe
    keys = {key for row in rows for key, _ in first.differences(row.outcome.recipe)}
    outcomes = [row.outcome for row in rows]
    found = [
        CompareColumn(
            "run", lambda row: row.label, lambda row: squeezed(row.label, _LONGEST), False
        )
    ]
    found.append(_loss("train loss", lambda o: o.train_loss, rows))
    if any(o.test_loss is not None for o in outcomes):
        found.append(_loss("test loss", lambda o: o.test_loss, rows))
    for metric in METRICS.values():
        if any(metric.shown_for(o.classifies) for o in outcomes):
            found.append(_metric(metric))
    found.append(_figure("epoch", lambda o: o.epoch, lambda value: f"{value:,}"))
    found += [_field(key) for key in FIELDS if key in keys and not key.startswith("view.")]
    found.append(_figure("seconds", lambda o: o.seconds, lambda value: f"{value:,.2f}"))
    reach = log_range([o.losses for o in outcomes])

    def curve(row: ComparedRun) -> str:
        return sparkline(row.outcome.losses, _CURVE, reach)

    found.append(CompareColumn("loss by epoch", lambda row: row.outcome.train_loss, curve, False))
    if any(o.diverged for o in outcomes):
        wild = CompareColumn("diverged", lambda r: bool(r.outcome.diverged), _diverged, False)
        found.append(wild)
    return found


def ordered(rows: Sequence[ComparedRun], column: CompareColumn, down: bool) -> list[ComparedRun]:
    """Rows by a column, from the smallest or from the largest; those without a value last."""
    held = [row for row in rows if not _missing(column.value(row))]
    held.sort(key=lambda row: _rank(column.value(row)), reverse=down)
    return held + [row for row in rows if _missing(column.value(row))]


def compared_run_help(row: ComparedRun, first: ComparedRun | None = None) -> str:
    """What the table does not say of a run, in a sentence; ``first`` is the first row's."""
    run, epoch = row.place.run, row.place.epoch
    edits = run.until(epoch).edits
    way = [edit for edit in edits if edit.epoch < epoch or not epoch]
    recipe = run.recipe
    for edit in way:
        recipe = edit.applied_to(recipe) if isinstance(edit, RecipeEdit) else recipe
    way_told = describe_edits(way, run.recipe, run.dataset)
    after_told = describe_edits(edits[len(way) :], recipe, run.dataset)
    reason = not_comparable(row, first) if first is not None else ""
    parts = [f"{make_printable(run.name)} at epoch {epoch:,}"]
    parts += [f"{NOT_COMPARABLE} {reason}"] if reason else []
    parts += [f"diverged: {row.outcome.diverged}"] if row.outcome.diverged else []
    parts += [f"changed on the way: {', '.join(way_told)}"] if way_told else []
    parts += [f"changed but not trained with: {', '.join(after_told)}"] if after_told else []
    return "; ".join(parts)


def _same(one: RunPosition, other: RunPosition) -> bool:
    """Whether both are the end of the same training, whatever was changed after it."""
    if one.epoch != other.epoch:
        return False
    if one.run is other.run:
        return True
    trained = [_trained(place) for place in (one, other)]
    unchanged = all(len(e) == len(p.run.edits) for e, p in zip(trained, (one, other), strict=True))
    return not unchanged and one.run.starts_like(other.run) and trained[0] == trained[1]


def _trained(place: RunPosition) -> tuple[Edit, ...]:
    """The changes with which its epochs were trained."""
    return tuple(edit for edit in place.run.edits if edit.epoch < place.epoch)


def _field(key: str) -> CompareColumn:
    field = FIELDS[key]

    def text(row: ComparedRun) -> str:
        return squeezed(make_printable(field.kind.show(row.outcome.recipe[key])), _LONGEST)

    right = not isinstance(field.default, str) and not isinstance(field.kind, FlagField)
    return CompareColumn(field.label, lambda row: row.outcome.recipe[key], text, right)


def _loss(
    title: str, of: Callable[[RunSummary], float | None], rows: Sequence[ComparedRun]
) -> CompareColumn:
    """A column of losses, with a mark at those that cannot be compared with the first row's."""
    other = {id(row.outcome) for row in rows if not_comparable(row, rows[0])}
    plain = _figure(title, of, format_loss)

    def text(row: ComparedRun) -> str:
        mark = f" {NOT_COMPARABLE}" if id(row.outcome) in other else "  "
        return f"{plain.text(row)}{mark if other else ''}"

    return CompareColumn(title, plain.value, text)


def not_comparable(row: ComparedRun, other: ComparedRun) -> str:
    """Why the losses of two rows cannot be compared; empty where they can."""
    one, two = row.outcome, other.outcome
    reasons = []
    if one.recipe.training.loss != two.recipe.training.loss:
        reasons.append(f"its loss is {one.recipe.training.loss}, not {two.recipe.training.loss}")
    if not one.dataset.has_samples_of(two.dataset):
        reasons.append("its losses are of other data")
    return " and ".join(reasons)


def _figure(
    title: str, of: Callable[[RunSummary], Any], show: Callable[[Any], str]
) -> CompareColumn:
    def text(row: ComparedRun) -> str:
        value = of(row.outcome)
        return "-" if value is None else show(value)

    return CompareColumn(title, lambda row: of(row.outcome), text)


def _metric(metric: Metric) -> CompareColumn:
    """A column of a metric, of the test set where there is one."""

    def value(outcome: RunSummary) -> float | None:
        test = outcome.metrics.get(metric.column("test"))
        return outcome.metrics.get(metric.column("train")) if test is None else test

    return _figure(metric.name, value, percent if metric.percent else format_loss)


def _diverged(row: ComparedRun) -> str:
    return "✗" if row.outcome.diverged else ""


def _missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _rank(value: Any) -> tuple[int, Any]:
    """Numbers before lists of sizes before words, which may stand in one column."""
    if isinstance(value, int | float):
        return 0, value
    return (1, value) if isinstance(value, tuple) else (2, str(value).lower())
