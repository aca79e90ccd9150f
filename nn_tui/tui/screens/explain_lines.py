"""Editing the lines of the step in Explain.

A change is tried on the screen's own copy of the step as it is typed; once it is taken, the
session makes it an edit of the run.
"""

from collections.abc import Callable
from typing import ClassVar

from textual.binding import Binding, BindingType

from nn_tui.nn.explain import line_edits
from nn_tui.nn.explain.line_edits import LineChange
from nn_tui.nn.explain.stepper import StepDebugger
from nn_tui.nn.line_check import LineScope, StepError
from nn_tui.nn.step import Step
from nn_tui.training.model_builder import batch_sizes
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.drawing.line_edit import NameChoice, completion, name_choice
from nn_tui.tui.widgets.value_input import ValueInput


class LineInput(ValueInput):
    """The editor of a line; ``tab`` completes the name in front of the cursor, ``↑`` and ``↓``
    replace it by the next name that begins like it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "complete", "complete", priority=True, tooltip="Complete the name"),
        Binding("down", "choose(1)", "next name", show=False, tooltip="The next name"),
        Binding("up", "choose(-1)", "previous name", show=False, tooltip="The previous name"),
    ]
    scope: LineScope | None = None
    """What the line may read."""
    _chosen: tuple[str, NameChoice] | None = None
    """The text after the last choice, and that choice."""

    def action_complete(self) -> None:
        """Insert the rest of the name in front of the cursor."""
        if self.scope is not None:
            self.insert_text_at_cursor(completion(self.value, self.cursor_position, self.scope))

    def action_choose(self, direction: int) -> None:
        """Replace the name in front of the cursor by another that begins with what was typed."""
        if self.scope is None:
            return
        choice: NameChoice | None
        if self._chosen is not None and self._chosen[0] == self.value:
            choice = self._chosen[1].next(direction)
        else:
            choice = name_choice(self.value, self.cursor_position, self.scope, direction)
        if choice is not None:
            start = choice.start
            self.value = self.value[:start] + choice.name + self.value[self.cursor_position :]
            self.cursor_position = start + len(choice.name)
            self._chosen = self.value, choice


class LineEditor:
    """What is edited: line ``number`` of ``step``, or a line added below it.

    ``problem`` says why the text typed so far does not fit, and is empty if it does.
    """

    def __init__(self, walk: StepDebugger, snapshot: Snapshot) -> None:
        self._walk = walk
        self._batches = batch_sizes(snapshot.recipe, snapshot.dataset.train_count)
        self._below = False
        self._position = 0
        self.number: int | None = None
        self.change: LineChange | None = None
        self.problem = ""
        self.incomplete = False
        self.place = 0
        """The column of the problem in the typed text."""
        self.scope: LineScope | None = None
        self.target = ""

    @property
    def active(self) -> bool:
        """Whether a line is being edited."""
        return self.number is not None

    def begin(self, below: bool) -> str:
        """Edit the current line, or a new one ``below``; returns the text to start with."""
        walk = self._walk
        self._position, self._below = walk.position, below
        self.number = max(0, walk.position - 1)
        line = walk.lines[self.number]
        self.target = "" if below else line.writes
        self.scope = line_edits.scope_of(walk.step, self.number)
        if below:
            scope = line_edits.scope_of(walk.step, min(self.number + 1, len(walk.lines) - 1))
            self.scope = LineScope(scope.names, None, scope.functions, scope.most_numbers)
            return ""
        return f"{line.writes} = " if walk.at_blank else line.code

    def leave(self) -> None:
        """End the editing."""
        self.number = None

    def typed(self, text: str) -> Step | None:
        """The step with the ``text`` typed so far; None, with a ``problem``, if it does not fit."""
        assert self.number is not None
        self.problem, self.incomplete, self.place = "", False, 0
        make: Callable[[Step, int, str], LineChange]
        make = line_edits.inserted if self._below else line_edits.replaced
        try:
            self.change = make(self._walk.step, self.number, text)
            return self.tried(self.change)
        except StepError as error:
            self.problem, self.incomplete = str(error), error.incomplete
            shown = text.find(error.code.split(" ", 2)[-1][:1]) if error.code != text else 0
            self.place = error.start if error.code == text else max(0, shown)
        except ValueError as error:
            self.problem = str(error)
        return None

    def tried(self, change: LineChange) -> Step:
        """The step with a ``change``; the walk is back before its first line then.

        Raises StepError where it does not fit.
        """
        position = self._walk.position
        self._walk.go_to(0)
        try:
            return line_edits.step_with(self._walk.step, change, self._batches)
        finally:
            self._walk.go_to(position)
