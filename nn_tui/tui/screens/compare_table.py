"""The table that compares the runs of a session: its rows and its columns."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from nn_tui.files.runs.run_folder import RunFolder
from nn_tui.recipe.line_fields import field_of
from nn_tui.text import make_printable, percent
from nn_tui.training.branches import PinnedRun, RunBranch
from nn_tui.training.edit_descriptions import describe_edits
from nn_tui.training.edits import Edit, RecipeEdit
from nn_tui.training.metrics import METRICS, Metric
from nn_tui.training.run import RunPosition
from nn_tui.training.run_groups import differing_keys, sort_key
from nn_tui.training.snapshot import RunSummary, as_trained
from nn_tui.tui.drawing.numbers import format_loss
from nn_tui.tui.drawing.sparkline import log_range, sparkline
from nn_tui.tui.drawing.strips import squeezed

_CURVE_WIDTH = 12
NOT_COMPARABLE = "≠"
_MAX_WIDTH = 24
"""Cells of a value or a label."""


@dataclass(frozen=True, eq=False)
class ComparedRun:
    """A run, its summary, and the position to open.

    ``now`` marks the current run; ``pin`` is its pin, if it is pinned; ``folder`` is that of a
    saved run of another session. ``members`` are the runs of a group, of which it is the median.
    """

    label: str
    outcome: RunSummary
    position: RunPosition
    now: bool = False
    pin: PinnedRun | None = None
    folder: RunFolder | None = None
    members: tuple["ComparedRun", ...] = ()


@dataclass(frozen=True, eq=False)
class CompareColumn:
    """A column: ``value`` is the sort key, None or NaN if missing; ``text`` is shown."""

    title: str
    value: Callable[[ComparedRun], Any]
    text: Callable[[ComparedRun], str]
    right: bool = True


def compared_runs(
    name: str,
    current: RunPosition,
    summary: RunSummary,
    pins: Sequence[PinnedRun],
    branches: Iterable[RunBranch],
    others: Iterable[ComparedRun] = (),
) -> list[ComparedRun]:
    """Return the current run, then pinned runs, then earlier ones, the latest first.

    ``name`` and ``summary`` belong to the run at the ``current`` position. The ``others``, of
    replicas and saved runs, come last.
    """
    own = next((pin for pin in pins if _same(pin.position, current)), None)
    rows = [compared_run(own.label if own else name, summary, current, now=True, pin=own)]
    rows += [
        compared_run(pin.label, pin.outcome, pin.position, pin=pin)
        for pin in pins
        if pin is not own
    ]
    for branch in reversed([*branches]):
        listed = any(_same(branch.end, row.position) for row in rows)
        passed = branch.run is current.run and branch.furthest < current.epoch
        if branch.outcome and branch.furthest and not (branch.continued or listed or passed):
            rows += _of_branch(branch, branch.outcome)
    listed_runs = {id(row.position.run) for row in rows}
    return rows + [row for row in others if id(row.position.run) not in listed_runs]


def seed_label(name: str, summary: RunSummary) -> str:
    """The label of a replica."""
    return f"{make_printable(name)} seed {summary.recipe.network.seed}"


def _of_branch(branch: RunBranch, outcome: RunSummary) -> list[ComparedRun]:
    """The row of a branch, or those of its replicas."""
    name = branch.run.name
    if not branch.replicas:
        return [compared_run(make_printable(name), outcome, branch.end)]
    return [compared_run(seed_label(name, found.summary), *found) for found in branch.replicas]


def compared_run(
    label: str,
    summary: RunSummary,
    position: RunPosition,
    folder: RunFolder | None = None,
    *,
    now: bool = False,
    pin: PinnedRun | None = None,
) -> ComparedRun:
    """Return the row of a run, without edits that no epoch was trained with."""
    return ComparedRun(label, as_trained(summary, position.run), position, now, pin, folder)


def compare_columns(rows: Sequence[ComparedRun]) -> list[CompareColumn]:
    """Return the columns: names, metrics that any run has, recipe keys that differ.

    A loss is marked where it is not comparable with the first row's.
    """
    keys = differing_keys([row.outcome.recipe for row in rows])
    outcomes = [row.outcome for row in rows]
    found = [
        CompareColumn(
            "run", lambda row: row.label, lambda row: squeezed(row.label, _MAX_WIDTH), False
        )
    ]
    found.append(_loss("train loss", lambda o: o.train_loss, rows))
    if any(o.test_loss is not None for o in outcomes):
        found.append(_loss("test loss", lambda o: o.test_loss, rows))
    if any(o.validation_loss is not None for o in outcomes):
        found.append(_loss("validation loss", lambda o: o.validation_loss, rows))
    for metric in METRICS.values():
        found += _metric_columns(metric, outcomes)
    found.append(_number("epoch", lambda o: o.epoch, lambda value: f"{value:,}"))
    found += [_field(key) for key in keys]
    found.append(_number("seconds", lambda o: o.seconds, lambda value: f"{value:,.2f}"))
    value_range = log_range([o.losses for o in outcomes])

    def curve(row: ComparedRun) -> str:
        return sparkline(row.outcome.losses, _CURVE_WIDTH, value_range)

    found.append(CompareColumn("loss by epoch", lambda row: row.outcome.train_loss, curve, False))
    if any(o.diverged for o in outcomes):
        diverged = CompareColumn("diverged", lambda r: bool(r.outcome.diverged), _diverged, False)
        found.append(diverged)
    return found


def ordered(
    rows: Sequence[ComparedRun], column: CompareColumn, descending: bool
) -> list[ComparedRun]:
    """Return the rows sorted by a column; those without a value come last."""
    known = [row for row in rows if not _missing(column.value(row))]
    known.sort(key=lambda row: sort_key(column.value(row)), reverse=descending)
    return known + [row for row in rows if _missing(column.value(row))]


def compared_run_help(row: ComparedRun, first: ComparedRun | None = None) -> str:
    """Return a sentence on a run: its epoch, its changes, and how it compares with ``first``."""
    run, epoch = row.position.run, row.position.epoch
    edits = run.until(epoch).edits
    trained = [edit for edit in edits if edit.epoch < epoch or not epoch]
    recipe = run.recipe
    for edit in trained:
        recipe = edit.applied_to(recipe) if isinstance(edit, RecipeEdit) else recipe
    during = describe_edits(trained, run.recipe, run.dataset)
    after = describe_edits(edits[len(trained) :], recipe, run.dataset)
    reason = not_comparable(row, first) if first is not None else ""
    parts = [f"{make_printable(run.name)} at epoch {epoch:,}"]
    parts += [f"{NOT_COMPARABLE} {reason}"] if reason else []
    parts += [f"diverged: {row.outcome.diverged}"] if row.outcome.diverged else []
    parts += [f"changed during training: {', '.join(during)}"] if during else []
    parts += [f"changed but not yet trained: {', '.join(after)}"] if after else []
    return "; ".join(parts)


def _same(one: RunPosition, other: RunPosition) -> bool:
    """Whether both are the end of the same training, apart from changes after it."""
    if one.epoch != other.epoch:
        return False
    if one.run is other.run:
        return True
    trained = [_trained(position) for position in (one, other)]
    unchanged = all(len(e) == len(p.run.edits) for e, p in zip(trained, (one, other), strict=True))
    return not unchanged and one.run.starts_like(other.run) and trained[0] == trained[1]


def _trained(position: RunPosition) -> tuple[Edit, ...]:
    """The edits that took effect in its epochs."""
    return tuple(edit for edit in position.run.edits if edit.epoch < position.epoch)


def _field(key: str) -> CompareColumn:
    field = field_of(key)

    def text(row: ComparedRun) -> str:
        values = {member.outcome.recipe[key] for member in row.members}
        if len(values) > 1:
            return f"{len(values)} values"
        return squeezed(make_printable(field.kind.show(row.outcome.recipe[key])), _MAX_WIDTH)

    right = not isinstance(field.default, str | bool | None)
    return CompareColumn(field.label, lambda row: row.outcome.recipe[key], text, right)


def _loss(
    title: str, of: Callable[[RunSummary], float | None], rows: Sequence[ComparedRun]
) -> CompareColumn:
    """Return a column of losses; those not comparable with the first row's are marked."""
    marked = {id(row.outcome) for row in rows if not_comparable(row, rows[0])}
    plain = _number(title, of, format_loss)

    def text(row: ComparedRun) -> str:
        mark = f" {NOT_COMPARABLE}" if id(row.outcome) in marked else "  "
        return f"{plain.text(row)}{mark if marked else ''}"

    return CompareColumn(title, plain.value, text)


def not_comparable(row: ComparedRun, other: ComparedRun) -> str:
    """Return why two rows' losses are not comparable; an empty string if they are."""
    one, two = row.outcome, other.outcome
    reasons = []
    if one.recipe.training.loss != two.recipe.training.loss:
        reasons.append(
            f"its loss function is {one.recipe.training.loss}, not {two.recipe.training.loss}"
        )
    elif one.recipe.training.class_weights != two.recipe.training.class_weights:
        reasons.append("its class weights are different")
    if not one.dataset.has_samples_of(two.dataset):
        reasons.append("its losses are from other data")
    return " and ".join(reasons)


def _number(
    title: str, of: Callable[[RunSummary], Any], show: Callable[[Any], str]
) -> CompareColumn:
    def text(row: ComparedRun) -> str:
        value = of(row.outcome)
        shown = "-" if value is None else show(value)
        found = [of(member.outcome) for member in row.members]
        known = sorted(v for v in found if not _missing(v))
        if not known or known[0] == known[-1]:
            return shown
        return f"{shown}  {show(known[0])} … {show(known[-1])}"

    return CompareColumn(title, lambda row: of(row.outcome), text)


def _metric_columns(metric: Metric, outcomes: Sequence[RunSummary]) -> list[CompareColumn]:
    """Return the columns of a metric, none if no run has it.

    It is that of the test set; of the training set too if a run has no test set.
    """
    having = [o.dataset.test_count > 0 for o in outcomes if metric.shown_for(o.classifies)]
    show = percent if metric.percent else format_loss

    def column(title: str, part: str) -> CompareColumn:
        return _number(title, lambda o: o.metrics.get(metric.column(part)), show)

    train = [] if all(having) else [column(f"train {metric.short_label}", "train")]
    if any(having):
        return [*train, column(f"test {metric.short_label}", "test")]
    return [column(metric.short_label, "train")] if train else []


def _diverged(row: ComparedRun) -> str:
    return "✗" if row.outcome.diverged else ""


def _missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))
