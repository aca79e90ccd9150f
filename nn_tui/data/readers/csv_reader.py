"""Reader of delimited text files (CSV, TSV).

Blocks of rows that contain only numbers are parsed by NumPy. Any other block is parsed
cell by cell, which supports strings, quotes and missing values, and reports the line and
column of errors.
"""

import codecs
import csv
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from io import TextIOWrapper
from itertools import chain, islice
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from nn_tui.data.dataset import Dataset
from nn_tui.data.errors import DataError, LoadCancelled
from nn_tui.data.readers.csv_columns import ColumnLayout, ColumnNames, assemble, lay_out_columns
from nn_tui.data.readers.csv_dialect import (
    Dialect,
    declared_delimiter,
    is_blank,
    reader,
    records,
    sniff,
)
from nn_tui.data.readers.missing_values import MissingValueCounter
from nn_tui.memory import check_memory
from nn_tui.types import Array

_LONGEST_LINE = 1 << 24
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class TextFile:
    """Iterates over lines with their ends; UTF-8, or UTF-16 with a byte order mark.

    Raises OSError if the file cannot be opened, DataError if it is not text.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(4)
        self.encoding = next((name for bom, name in _BOMS if start.startswith(bom)), "utf-8")
        self._bytes = path.open("rb")
        self._file = TextIOWrapper(self._bytes, encoding=self.encoding, newline="")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    @property
    def done(self) -> float:
        """The fraction of the file that has been read, 0..1."""
        return min(1.0, self._bytes.tell() / max(1, self.size))

    def __iter__(self) -> Iterator[str]:
        number = 0
        try:
            for number, line in enumerate(iter(partial(self._file.readline, _LONGEST_LINE), ""), 1):
                if len(line) == _LONGEST_LINE:
                    raise DataError(f"line {number:,} is longer than {_LONGEST_LINE:,} characters")
                yield line
        except UnicodeDecodeError:
            raise DataError(self._undecodable(number + 1)) from None

    def _undecodable(self, number: int) -> str:
        # The decoder reads ahead; for UTF-8 the exact line is searched for.
        if self.encoding == "utf-16":
            return f"from about line {number:,} on it is not UTF-16 text, despite its start"
        with self.path.open("rb") as file:
            for place, line in enumerate(iter(partial(file.readline, _LONGEST_LINE), b""), 1):
                try:
                    line.decode("utf-8")
                except UnicodeDecodeError:
                    return f"line {place:,} is not UTF-8 text; save the file as UTF-8"
        return f"line {number:,} is not UTF-8 text; save the file as UTF-8"


_SAMPLE_LINES = 200
_BLOCK_CHARACTERS = 1 << 18


class CsvBlocks:
    """The rows of a file, in blocks; can be iterated once.

    Raises DataError, with the line, for invalid rows.
    """

    def __init__(self, file: TextFile) -> None:
        lines = iter(file)
        head = list(islice(lines, _SAMPLE_LINES))
        _refuse_nul(head, 0)
        self._dialect: Dialect = sniff(head)
        self._lines: Iterator[str] = chain(head, lines)
        self._done = 0
        """Number of lines read."""
        if head and declared_delimiter(head[0]):
            next(self._lines)
            self._done = 1
        self._samples = list(records(head[self._done :], self._dialect.delimiter))
        self._names: ColumnNames | None = None
        if self._dialect.header:
            (row,), (line,) = self._next_rows(self._lines, 1)
            self._names = ColumnNames(line, row)
            del self._samples[:1]
        elif not self._samples:
            late, _ = self._next_rows(self._lines, 1)
            raise DataError(
                f"there is no complete row in the first {_SAMPLE_LINES} lines"
                if late
                else "the file is empty"
            )

    def lay_out(self, target: Sequence[str], features: Sequence[str]) -> ColumnLayout:
        """Determine inputs and targets; see ``lay_out_columns``."""
        return lay_out_columns(self._names, self._samples, self._dialect.decimal, target, features)

    def blocks(self, layout: ColumnLayout) -> Iterator[tuple[Array, Sequence[int]]]:
        """Yield blocks (rows, columns), inputs first, with the line of each row."""
        while block := self._take():
            values = self._at_once(block, layout)
            if values is not None:
                yield values, range(self._done + 1, self._done + len(block) + 1)
                self._done += len(block)
                continue
            _refuse_nul(block, self._done)
            rows, lines = self._next_rows(chain(block, self._lines), len(block))
            if rows:
                yield _cell_by_cell(rows, lines, layout), lines

    def _take(self) -> list[str]:
        """Return the next lines, about one block."""
        block: list[str] = []
        size = 0
        for line in self._lines:
            block.append(line)
            size += len(line)
            if size >= _BLOCK_CHARACTERS:
                break
        return block

    def _at_once(self, block: list[str], layout: ColumnLayout) -> Array | None:
        """Return the rows (rows, columns) if all cells are finite numbers; otherwise None."""
        if not layout.plain or block[0].isspace():
            return None
        if self._dialect.decimal == ",":
            if any("." in line for line in block):
                return None
            block = [line.replace(",", ".") for line in block]
        try:
            values = np.loadtxt(block, delimiter=self._dialect.delimiter, comments=None, ndmin=2)
        except ValueError:
            return None
        if values.shape[1] != layout.width or not np.isfinite(values).all():
            return None
        return values[:, [column.place for column in layout.columns]]

    def _next_rows(self, lines: Iterator[str], count: int) -> tuple[list[list[str]], list[int]]:
        """Return the non-blank rows of ``count`` lines and the line where each begins.

        More lines are read to complete a quoted cell, and until there is a row. Raises
        DataError for an invalid row.
        """
        rows: list[list[str]] = []
        places: list[int] = []
        begin = self._done + 1
        cells = reader(lines, self._dialect.delimiter)
        try:
            for row in cells:
                if not is_blank(row):
                    rows.append(row)
                    places.append(begin)
                begin = self._done + cells.line_num + 1
                if cells.line_num >= count and rows:
                    break
        except csv.Error as error:
            raise DataError(f"line {begin:,}: {_in_words(str(error))}") from None
        self._done += cells.line_num
        return rows, places


def _cell_by_cell(rows: list[list[str]], lines: list[int], layout: ColumnLayout) -> Array:
    for row, line in zip(rows, lines, strict=True):
        if len(row) != layout.width:
            raise DataError(
                f"line {line:,}: there {_cells(len(row))}, but previous rows have {layout.width}"
            )
    columns = list(zip(*rows, strict=True))
    for place in layout.empty:
        for cell, line in zip(columns[place], lines, strict=True):
            if cell.strip():
                raise DataError(
                    f"line {line:,}, column {place + 1}: there is a value in a column that has "
                    "no name and was empty until here"
                )
    values = np.empty((len(rows), len(layout.columns)))
    for number, column in enumerate(layout.columns):
        values[:, number] = column.values(columns[column.place], lines)
    return values


def _cells(count: int) -> str:
    return "is 1 cell" if count == 1 else f"are {count} cells"


def _refuse_nul(lines: list[str], before: int) -> None:
    for number, line in enumerate(lines, before + 1):
        if "\0" in line:
            raise DataError(
                f"line {number:,}, character {line.index(chr(0)) + 1}: a NUL byte; "
                "not a text file, or UTF-16 without a byte order mark"
            )


def _in_words(error: str) -> str:
    """Return a helpful message for an error of the standard library's reader."""
    if "unexpected end" in error:
        return "a quote in this row is never closed"
    if "field limit" in error:
        return (
            f"a cell is longer than {csv.field_size_limit():,} characters; is a quote not closed?"
        )
    if "expected after" in error:
        return "after a closing quote there must be a delimiter or the end of the line"
    return f"the row cannot be read ({error})"


class GrowingMatrix:
    """A growing float64 matrix of ``width`` columns; ``expected`` is the estimated row count.

    Unused memory is never touched, so a generous estimate costs nothing.
    """

    def __init__(self, width: int, expected: int) -> None:
        self._matrix = np.empty((max(1, expected), width))
        self._rows = 0

    def append(self, block: Array) -> None:
        """Append the rows of ``block`` (rows, width)."""
        needed = self._rows + len(block)
        if needed > len(self._matrix):
            self._resize(max(needed, len(self._matrix) * 9 // 8))
        self._matrix[self._rows : needed] = block
        self._rows = needed

    def finish(self) -> Array:
        """Return the matrix (rows, width); nothing may be appended afterwards."""
        self._resize(self._rows)
        return self._matrix

    def _resize(self, rows: int) -> None:
        # In place: the pages are moved, so the matrix is never copied.
        self._matrix.resize((rows, self._matrix.shape[1]), refcheck=False)


Progress = Callable[[float], None]
Cancelled = Callable[[], bool]


def read_csv(
    path: Path,
    *,
    target: Sequence[str] = (),
    features: Sequence[str] = (),
    missing: str = "refuse",
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Dataset:
    """Read all rows in file order, unsplit and unscaled.

    ``target`` names the target columns, by default the last one; if all ``features`` are
    columns, other columns are not read. ``missing`` is one of ``MISSING``.
    ``progress`` is called with the fraction read so far, 0..1. Raises DataError (with line
    and column), OSError, and LoadCancelled once ``cancelled`` returns true.
    """
    with TextFile(path) as file:
        rows = CsvBlocks(file)
        layout = rows.lay_out(target, features)
        counter = MissingValueCounter(missing, len(layout.inputs))
        inputs = targets = None
        for block, lines in rows.blocks(layout):
            where = partial(_where, layout, lines)
            if cancelled is not None and cancelled():
                raise LoadCancelled
            kept = counter.complete_rows(block, where)
            if inputs is None or targets is None:
                expected = _expected(len(block), file)
                check_memory(expected, len(layout.columns), "its samples")
                inputs = GrowingMatrix(len(layout.inputs), expected)
                targets = GrowingMatrix(len(layout.targets), expected)
            inputs.append(kept[:, : len(layout.inputs)])
            targets.append(kept[:, len(layout.inputs) :])
            if progress is not None:
                progress(file.done)
    if inputs is None or targets is None:
        raise DataError("the file has column names but no samples")
    made = inputs.finish(), targets.finish()
    counter.check(len(made[0]))
    return assemble(*made, layout, counter.notes)


def _where(layout: ColumnLayout, lines: Sequence[int], row: int, column: int) -> str:
    return layout.columns[column].where(lines[row])


def _expected(rows: int, file: TextFile) -> int:
    """Estimate the number of rows of the whole file from its first block."""
    return min(int(rows / max(file.done, 1e-9) * 1.1) + 1, file.size // 2 + 1)
