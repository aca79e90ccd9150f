"""Samples from a text file of rows: CSV, TSV and what spreadsheets make of them."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from nn_tui.data.assembly import assemble
from nn_tui.data.dataset import Dataset
from nn_tui.data.errors import DataError, LoadCancelled
from nn_tui.data.growing import GrowingMatrix
from nn_tui.data.readers.csv_columns import ColumnLayout
from nn_tui.data.readers.csv_reader import CsvBlocks
from nn_tui.data.readers.missing_values import MissingValueCounter
from nn_tui.data.text_file import TextFile
from nn_tui.memory import refuse_too_much

Progress = Callable[[float], None]
Cancelled = Callable[[], bool]


def read_csv(
    path: Path,
    *,
    target: Sequence[str] = (),
    features: Sequence[str] = (),
    drop: bool = False,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Dataset:
    """All rows of the file in its order, none held back, inputs as in the file.

    ``target`` names the target columns, by default the last one; where all ``features``
    name columns, other columns are not read. ``drop`` leaves out rows with missing values.
    ``progress`` is told the part read so far, 0..1. Raises DataError (line and column),
    OSError, and LoadCancelled as soon as ``cancelled`` says so.
    """
    gaps = MissingValueCounter(drop)
    with TextFile(path) as file:
        rows = CsvBlocks(file)
        layout = rows.lay_out(target, features)
        inputs = targets = None
        for block, lines in rows.blocks(layout):
            where = partial(_where, layout, lines)
            if cancelled is not None and cancelled():
                raise LoadCancelled
            kept = gaps.leave_out(block, where)
            if inputs is None or targets is None:
                expected = _expected(len(block), file)
                refuse_too_much(expected, len(layout.columns), "its samples")
                inputs = GrowingMatrix(len(layout.inputs), expected)
                targets = GrowingMatrix(len(layout.targets), expected)
            inputs.append(kept[:, : len(layout.inputs)])
            targets.append(kept[:, len(layout.inputs) :])
            if progress is not None:
                progress(file.done)
    if inputs is None or targets is None:
        raise DataError("there are names in the first row, but no samples below them")
    made = inputs.finish(), targets.finish()
    gaps.check(len(made[0]))
    return assemble(*made, layout, gaps.notes)


def _where(layout: ColumnLayout, lines: Sequence[int], row: int, column: int) -> str:
    return layout.columns[column].where(lines[row])


def _expected(rows: int, file: TextFile) -> int:
    """How many rows the whole file may have if it goes on as it began."""
    return min(int(rows / max(file.done, 1e-9) * 1.1) + 1, file.size // 2 + 1)
