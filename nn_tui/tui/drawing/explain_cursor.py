"""Where a person stands in a walk: at a line, with a sample, on a cell of the result."""

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
    """What there is to see once a line is carried out.

    ``reads`` are the tables it read, each as the line has it, transposed or not; ``numbers``
    what else it read, ``before`` what it has changed as it was, or None, ``after`` what it
    has made. ``change`` is what an update has added to a weight matrix or bias vector, or
    None.
    """

    def __init__(self, walk: StepDebugger, names: TableNames) -> None:
        line, values = walk.line, walk.values()
        turned = names_transposed(line.code)
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
    """``view`` is what there is to see; the first line is done at once.

    Moves go no further than there is something.
    """

    def __init__(self, walk: StepDebugger, names: TableNames) -> None:
        self.walk = walk
        self.sample = 0
        self._names = names
        self._row = self._column = 0
        self.go_to(1)

    # Where

    @property
    def row(self) -> int:
        """The row of the result one stands in: the sample's, where rows are samples."""
        rows = self.view.after.rows
        return min(self.sample if rows.samples else self._row, rows.count - 1)

    @property
    def column(self) -> int:
        """The column of the result one stands in."""
        return min(self._column, self.view.after.columns.count - 1)

    @property
    def followed(self) -> str:
        """What the data pane calls the sample that is followed, as in ``#1``."""
        return self._names.samples[self.sample]

    @property
    def samples(self) -> int:
        """How many there are in the batch."""
        return self.walk.step.workspace.rows

    @property
    def index(self) -> tuple[int, ...]:
        """The place of the cell in the array that was written."""
        return self.view.after.index(self.row, self.column)

    def spelled(self, most: int) -> CellArithmetic:
        """The arithmetic of the cell, with ``most`` terms of a long sum."""
        return cell_arithmetic(self.walk, self.index, most, self.sample)

    def touched(self) -> dict[str, list[Index]]:
        """The elements that the cell was made from, by array."""
        found: dict[str, list[Index]] = {}
        for name, index in cell_dependencies(self.walk.line.code, self.index, self.walk.values()):
            found.setdefault(name, []).append(index)
        return found

    # Going

    def go_to(self, position: int) -> None:
        """Let ``position`` lines, at least one, be carried out."""
        self.walk.go_to(max(1, position))
        self.view = StepArrays(self.walk, self._names)

    def go(self, lines: int) -> None:
        """So many lines on, or back."""
        self.go_to(self.walk.position + lines)

    def follow(self, samples: int) -> None:
        """Follow a sample further on in the batch, or before."""
        self.sample = max(0, min(self.samples - 1, self.sample + samples))

    def move(self, rows: int, columns: int) -> None:
        """Move to another cell of the result."""
        after = self.view.after
        if after.rows.samples:
            self.follow(rows)
        else:
            self._row = max(0, min(after.rows.count - 1, self.row + rows))
        self._column = max(0, min(after.columns.count - 1, self.column + columns))
