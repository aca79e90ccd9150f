"""A step carried out line by line, forwards and back.

Going on carries a line out. Going back puts what it wrote back to what it was: a copy is
kept of what lasts from one update to the next (parameters, the optimizer's memory) and of
what a line changes in place. A line that writes an array of the batch for the first time
needs none, so that walking takes little more memory than the step itself.
"""

from collections.abc import Sequence

import numpy as np

from nn_tui.nn.step import FUNCTIONS, Step, StepLine
from nn_tui.nn.syntax import Function
from nn_tui.types import Array

Value = Array | float
"""What a name of a line stands for: an array, or a plain number such as ``learning_rate``."""


class StepDebugger:
    """``position`` lines of ``step`` have been carried out; at first, none.

    ``samples`` is where in the data the samples of its batch are; the first ones, if it is
    not told.
    """

    functions: dict[str, Function] = FUNCTIONS
    """The helpers that lines call by name."""

    def __init__(self, step: Step, samples: Sequence[int] | None = None) -> None:
        self.step = step
        self.samples = range(step.workspace.rows) if samples is None else samples
        self.lines = step.lines
        self.position = 0
        self._before: list[Value | None] = []
        self._written = [line.writes for line in self.lines]

    @property
    def line(self) -> StepLine:
        """The line carried out last; the first one, to come, where none was."""
        return self.lines[max(0, self.position - 1)]

    @property
    def at_end(self) -> bool:
        """Whether the whole step is done."""
        return self.position == len(self.lines)

    def forward(self) -> None:
        """Carry the next line out, if there is one."""
        if self.at_end:
            return
        line = self.lines[self.position]
        self._before.append(_copy(self._value(line.writes)) if self._kept(line) else None)
        with np.errstate(all="ignore"):
            line.run()
        self.position += 1

    def back(self) -> None:
        """Undo the line carried out last, if there is one."""
        if not self.position:
            return
        self.position -= 1
        before = self._before.pop()
        if before is not None:
            self._put(self.lines[self.position].writes, before)

    def go_to(self, position: int) -> None:
        """Carry out, or undo, lines until ``position`` of them are done."""
        position = max(0, min(len(self.lines), position))
        while self.position < position:
            self.forward()
        while self.position > position:
            self.back()

    # Looking; nothing here is a copy, nothing is to be changed

    def read(self, name: str) -> Value:
        """What ``name`` was to the line carried out last, when that read it."""
        before = self._before[-1] if self._before else None
        return before if before is not None and name == self.line.writes else self._value(name)

    @property
    def result(self) -> Value:
        """What the line carried out last made of the name that it writes."""
        return self._value(self.line.writes)

    def values(self) -> dict[str, Value]:
        """Every name that the line carried out last reads, as it was to it."""
        return {name: self.read(name) for name in self.line.reads}

    def _value(self, name: str) -> Value:
        scalars = self.step.state.scalars
        if name in scalars:
            return scalars.values[name]
        if name == "n":
            return float(self.step.workspace.rows)
        return self.step.arrays[name]

    def _put(self, name: str, value: Value) -> None:
        if isinstance(value, float | int):
            self.step.state.scalars.set(name, value)
        else:
            self.step.arrays[name][...] = value

    def _kept(self, line: StepLine) -> bool:
        lasts = line.writes in self.step.state.arrays or line.writes in self.step.state.scalars
        again = line.writes in self._written[: self.position]
        return lasts or again or line.writes in line.reads


def _copy(value: Value) -> Value:
    return value.copy() if isinstance(value, np.ndarray) else value
