"""Position of the step debugger: a line, a sample, and a cell of the result."""

import re
from dataclasses import replace

import numpy as np

from nn_tui.nn.explain.arithmetic import CellArithmetic, cell_arithmetic
from nn_tui.nn.explain.dependencies import Index, cell_dependencies
from nn_tui.nn.explain.stepper import StepDebugger
from nn_tui.nn.syntax import names_transposed
from nn_tui.tui.drawing.step_tables import NamedTable, TableNames

_PARAMETER = re.compile(r"[Wb]\d+")


class StepArrays:
    """The arrays of an executed line.

    ``reads`` are its inputs, transposed where the line transposes them, and ``numbers`` its
    scalar inputs. ``after`` is the result; ``before`` is the array it replaced, or None, and
    ``change`` the update of a weight matrix or bias vector, or None.
    """

    def __init__(self, walk: StepDebugger, names: TableNames) -> None:
        line, values = walk.line, walk.values()
        turned = set() if walk.at_blank else names_transposed(line.code)
        self.numbers: list[tuple[str, float]] = []
        self.reads: list[NamedTable] = []
        self.before: NamedTable | None = None
        for name, value in values.items():
            array = np.asarray(value)
            if name == line.writes:
                self.before = names.table(name, array)
            elif array.ndim:
                table = names.table(name, array)
                self.reads.append(table.transpose if name in turned else table)
            else:
                self.numbers.append((name, float(array)))
        self.after = names.table(line.writes, np.asarray(walk.result))
        self.change: NamedTable | None = None
        if self.before is not None and _PARAMETER.fullmatch(line.writes):
            with np.errstate(all="ignore"):
                moved = self.after.values - self.before.values
            self.change = replace(self.after, name=f"Δ{line.writes}", values=moved)


class ExplainCursor:
    """A cursor over the lines and results of a step; ``view`` holds the current arrays.

    The first line is executed at once. Moves stop at the edges.
    """

    def __init__(self, walk: StepDebugger, names: TableNames) -> None:
        self.walk = walk
        self.sample = 0
        self._names = names
        self._row = self._column = 0
        self.go_to(1)

    @property
    def row(self) -> int:
        """Row of the cursor in the result: the sample's, where rows are samples."""
        rows = self.view.after.rows
        return min(self.sample if rows.samples else self._row, rows.count - 1)

    @property
    def column(self) -> int:
        """Column of the cursor in the result."""
        return min(self._column, self.view.after.columns.count - 1)

    @property
    def sample_name(self) -> str:
        """Name of the sample in the data pane, such as ``#1``."""
        return self._names.samples[self.sample]

    @property
    def samples(self) -> int:
        """Number of samples in the batch."""
        return self.walk.step.workspace.rows

    @property
    def index(self) -> tuple[int, ...]:
        """Index of the cell in the array that was written."""
        return self.view.after.index(self.row, self.column)

    def arithmetic(self, most: int) -> CellArithmetic:
        """Return the arithmetic of the cell, with at most ``most`` terms of a sum."""
        return cell_arithmetic(self.walk, self.index, most, self.sample)

    def dependencies(self) -> dict[str, list[Index]]:
        """Return the elements that the cell was computed from, by array."""
        found: dict[str, list[Index]] = {}
        if self.walk.at_blank:
            return found
        for name, index in cell_dependencies(self.walk.line.code, self.index, self.walk.values()):
            found.setdefault(name, []).append(index)
        return found

    def go_to(self, position: int) -> None:
        """Execute ``position`` lines, at least one."""
        self.walk.go_to(max(1, position))
        self.view = StepArrays(self.walk, self._names)

    def replace(self, walk: StepDebugger, position: int) -> None:
        """Walk through another step with the same batch, up to ``position``."""
        self.walk = walk
        self.go_to(position)

    def go(self, lines: int) -> None:
        """Move forward or back by ``lines``."""
        self.go_to(self.walk.position + lines)

    def follow(self, samples: int) -> None:
        """Move to another sample of the batch."""
        self.sample = max(0, min(self.samples - 1, self.sample + samples))

    def move(self, rows: int, columns: int) -> None:
        """Move the cursor over the result."""
        after = self.view.after
        if after.rows.samples:
            self.follow(rows)
        else:
            self._row = max(0, min(after.rows.count - 1, self.row + rows))
        self._column = max(0, min(after.columns.count - 1, self.column + columns))
