"""Stepping through a training step line by line, forwards and backwards.

Stepping back restores what the line has overwritten. Copies are kept only of persistent
arrays (parameters, optimizer state) and of arrays that a line updates in place, so stepping
takes little more memory than the step itself.
"""

from collections.abc import Sequence

import numpy as np

from nn_tui.nn.line_changes import is_blank_line
from nn_tui.nn.step import Step, StepLine
from nn_tui.nn.syntax import Function
from nn_tui.types import Array

Value = Array | float
"""The value of a name: an array, or a number such as ``learning_rate``."""


class StepDebugger:
    """Steps through the lines of ``step``, of which ``position`` have been executed.

    ``samples`` are the dataset indices of the batch, by default the first ones. A debugger that
    ``predicts`` steps through the forward pass only; its row may be no sample of the dataset.
    """

    def __init__(
        self, step: Step, samples: Sequence[int] | None = None, predicts: bool = False
    ) -> None:
        self.step = step
        self.samples = range(step.workspace.rows) if samples is None else samples
        self.predicts = predicts
        self.lines = step.forward_lines if predicts else step.lines
        self.position = 0
        blank = next((i for i, line in enumerate(self.lines) if is_blank_line(line.code)), None)
        self._last = len(self.lines) if blank is None else blank + 1
        self._saved_values: list[Value | None] = []
        self._write_targets = [line.writes for line in self.lines]

    @property
    def functions(self) -> dict[str, Function]:
        """The helper functions that lines call."""
        return self.step.functions

    @property
    def line(self) -> StepLine:
        """The last executed line; the first line before any has been executed."""
        return self.lines[max(0, self.position - 1)]

    @property
    def at_blank(self) -> bool:
        """Whether the last line is a blank: it computes nothing, and none after it is executed."""
        return is_blank_line(self.line.code)

    @property
    def at_end(self) -> bool:
        """Whether all lines have been executed."""
        return self.position == len(self.lines)

    def forward(self) -> None:
        """Execute the next line, if there is one."""
        if self.position == self._last:
            return
        line = self.lines[self.position]
        self._saved_values.append(
            _copy(self._value(line.writes)) if self._needs_copy(line) else None
        )
        with np.errstate(all="ignore"):
            line.run()
        self.position += 1

    def back(self) -> None:
        """Undo the last executed line, if there is one."""
        if not self.position:
            return
        self.position -= 1
        before = self._saved_values.pop()
        if before is not None:
            self._set_value(self.lines[self.position].writes, before)

    def go_to(self, position: int) -> None:
        """Execute or undo lines until ``position`` of them have been executed."""
        position = max(0, min(self._last, position))
        while self.position < position:
            self.forward()
        while self.position > position:
            self.back()

    # Values for display: no copies, not to be modified.

    def read(self, name: str) -> Value:
        """Return the value of ``name`` before the last executed line."""
        before = self._saved_values[-1] if self._saved_values else None
        return before if before is not None and name == self.line.writes else self._value(name)

    @property
    def result(self) -> Value:
        """The value that the last executed line has written."""
        return self._value(self.line.writes)

    def values(self) -> dict[str, Value]:
        """The operands of the last executed line, with their values before it."""
        return {name: self.read(name) for name in self.line.reads}

    def _value(self, name: str) -> Value:
        scalars = self.step.state.scalars
        if name in scalars:
            return scalars.values[name]
        if name == "n":
            return float(self.step.workspace.rows)
        return self.step.arrays[name]

    def _set_value(self, name: str, value: Value) -> None:
        if isinstance(value, float | int):
            self.step.state.scalars.set(name, value)
        else:
            self.step.arrays[name][...] = value

    def _needs_copy(self, line: StepLine) -> bool:
        lasts = line.writes in self.step.state.arrays or line.writes in self.step.state.scalars
        again = line.writes in self._write_targets[: self.position]
        return lasts or again or line.writes in line.reads


def _copy(value: Value) -> Value:
    return value.copy() if isinstance(value, np.ndarray) else value
