"""Editing the lines of a step that is explained: what a change is called, and the step with it."""

from collections.abc import Iterable
from dataclasses import replace

from nn_tui.nn.line_changes import (
    AFTER,
    Change,
    change_of,
    is_blank_line,
    line_name,
    sorted_changes,
)
from nn_tui.nn.line_check import LineScope, StepScope, check_step
from nn_tui.nn.state import State
from nn_tui.nn.step import Step, StepLine, Workspace

LineChange = tuple[str, Change | None]
"""The name of a line and its new change; None restores it."""


def replaced(step: Step, number: int, text: str) -> LineChange:
    """The change that makes a line the ``text``. Raises ValueError where it writes another name."""
    line = step.lines[number]
    if line.original == "":
        key, added, place = _added(step, number)
        return key, (*added[:place], text.strip(), *added[place + 1 :])
    base = line.original or line.code
    return line_name(base), change_of(base, text)


def inserted(step: Step, number: int, text: str) -> LineChange:
    """The change that adds ``text`` below a line."""
    if step.lines[number].original == "":
        key, added, place = _added(step, number)
        return key, (*added[: place + 1], text.strip(), *added[place + 1 :])
    key = f"{AFTER}{_name(step.lines[number])}"
    before = dict(step.state.rule.lines).get(key, ())
    assert isinstance(before, tuple)
    return key, (text.strip(), *before)


def removed(step: Step, number: int) -> LineChange:
    """The change that leaves a line out."""
    if step.lines[number].original == "":
        key, added, place = _added(step, number)
        return key, (*added[:place], *added[place + 1 :]) or None
    return _name(step.lines[number]), ""


def restored(step: Step, number: int) -> LineChange:
    """The change that makes a line again what it was; an added line is left out."""
    if step.lines[number].original == "":
        return removed(step, number)
    return _name(step.lines[number]), None


def _name(line: StepLine) -> str:
    return line_name(line.original or line.code)


def _added(step: Step, number: int) -> tuple[str, tuple[str, ...], int]:
    """The key of the added lines that a line belongs to, these lines, and its place there."""
    code = step.lines[number].code
    first = number
    while first and step.lines[first].original == "":
        first -= 1
    found = [(k, v) for k, v in step.state.rule.lines if isinstance(v, tuple) and code in v]
    # A line that is left out leaves its added lines to the one before it.
    key, added = next(
        (entry for entry in found if entry[0] == f"{AFTER}{_name(step.lines[first])}"), found[0]
    )
    place = number - first - 1
    return key, added, place if added[place : place + 1] == (code,) else added.index(code)


def step_with(step: Step, change: LineChange, batches: Iterable[int]) -> Step:
    """``step`` with another change, before its first line; ``step`` must be there too.

    Raises StepError where it does not fit batches of so many samples.
    """
    name, value = change
    changes = dict(step.state.rule.lines)
    changes.pop(name, None)
    if value is not None:
        changes[name] = value
    old = step.state
    rule = replace(old.rule, lines=sorted_changes(changes))
    check_step(old.network, rule, [step.workspace.rows, *batches])
    state = State(old.network, rule, old.parameters, old.scalars.values, old.dtype)
    state.continue_from(old)
    return step_copy(step, state)


def step_copy(step: Step, state: State) -> Step:
    """A step of ``state`` with the batch of ``step``."""
    l0, y, rows = step.arrays["l0"], step.arrays["y"], step.workspace.rows
    return Step(state, l0, y, Workspace(state, rows), part=step.part, noise=step.noise)


def scope_of(step: Step, number: int) -> LineScope:
    """What the line may read, and the shape that it must give."""
    network, rule = step.state.network, step.state.rule
    scopes = [scope for _, scope in StepScope(network, rule, step.workspace.rows).scopes()]
    return scopes[min(number, len(scopes) - 1)]


def first_blank(step: Step) -> int | None:
    """The number of the first line that is blank."""
    return next((i for i, line in enumerate(step.lines) if is_blank_line(line.code)), None)
