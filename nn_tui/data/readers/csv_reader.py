"""Reader of delimited text files (CSV, TSV).

Blocks of rows that contain only numbers are parsed by NumPy. Any other block is parsed
cell by cell, which supports strings, quotes and missing values, and reports the line and
column of errors.
"""

import csv
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path

import numpy as np

from nn_tui.data.dataset import Dataset
from nn_tui.data.errors import ColumnError, DataError, LoadCancelled
from nn_tui.data.readers.arff_header import arff_head, is_arff, read_declarations
from nn_tui.data.readers.csv_columns import ColumnLayout, NotPlain, lay_out_columns
from nn_tui.data.readers.csv_dialect import BLANKS, Rows, is_blank
from nn_tui.data.readers.row_lines import RowLines
from nn_tui.data.readers.sparse_rows import SparseRows, is_sparse
from nn_tui.data.readers.table_encoder import encode_table
from nn_tui.data.readers.table_head import ColumnNames, read_head
from nn_tui.data.readers.text_file import TextFile
from nn_tui.memory import check_memory
from nn_tui.types import Array

_SAMPLE_LINES = 200
_BLOCK_CHARACTERS = 1 << 18
_MOST_LINES = 1 << 12
"""Lines taken at once, although the next ones may be longer than those before."""


class CsvBlocks:
    """The rows of a file, in blocks; can be iterated once.

    ``header`` is one of ``HEADERS``, and a first row with all ``known`` names, if any, has the
    column names. Raises DataError, with the line, for invalid rows.
    """

    def __init__(self, file: TextFile, header: str = "text", known: Collection[str] = ()) -> None:
        lines = iter(file)
        head = list(islice(lines, _SAMPLE_LINES))
        _refuse_nul(head, 0)
        self._sparse, self._arff = is_sparse(head), is_arff(head)
        if self._arff:
            lines = chain(head, lines)
            names, count = read_declarations(lines)
            rest = list(islice(lines, _SAMPLE_LINES))
            self._head = arff_head(names, rest, count)
        else:
            if self._sparse:
                with TextFile(file.path) as whole:
                    sparse = SparseRows(whole)
                lines = sparse.dense(chain(head, lines))
                head = list(islice(lines, _SAMPLE_LINES))
            self._head = read_head(head, header, known)
            rest = head[self._head.skipped :]
        self._file = file
        self._dialect = self._head.dialect
        self._lines: Iterator[str] = chain(rest, lines)
        self._done = self._head.skipped
        """Number of lines read."""
        named = self.names.line if self.names else 0
        self._comments = sum(
            self._dialect.is_comment(line)
            for number, line in enumerate(head[: self._done], 1)
            if number != named
        )
        if not self._head.samples and not self._head.names:
            late, _ = self._next_rows(1)
            raise DataError(
                f"there is no complete row in the first {_SAMPLE_LINES} lines"
                if late
                else "the file is empty"
            )

    @property
    def names(self) -> ColumnNames | None:
        """The header, if there is one."""
        return self._head.names

    @property
    def decimal(self) -> str:
        """The decimal separator."""
        return self._dialect.decimal

    @property
    def samples(self) -> Sequence[Sequence[str]]:
        """The first rows."""
        return self._head.samples

    @property
    def width(self) -> int:
        """The number of cells of a row."""
        return len(self.names.cells if self.names else self._head.samples[0])

    @property
    def notes(self) -> tuple[str, ...]:
        """What was assumed about the file; complete once all rows are read."""
        comments: tuple[str, ...] = ()
        if self._comments and not self._arff:  # there, comments are part of the format
            mark, count = self._dialect.comment, self._comments
            one = f"1 comment line, which begins with {mark}, was skipped"
            more = f"{count:,} comment lines, which begin with {mark}, were skipped"
            comments = (one if count == 1 else more,)
        quotes = () if self._dialect.quote else ("quotes were read as ordinary characters",)
        sparse = ("sparse rows (LIBSVM) were filled with zeros",) if self._sparse else ()
        return (*self._file.notes, *sparse, *comments, *self._head.notes, *quotes)

    def lay_out(
        self,
        target: Sequence[str],
        features: Sequence[str],
        strict: bool,
        collected: Collection[int],
        categories: Collection[str] = (),
    ) -> ColumnLayout:
        """Determine inputs and targets; see ``lay_out_columns``.

        What the file declares holds where ``target`` or ``features`` is empty.
        """
        if self.names and not target:
            target = self.names.with_role("target")
        if self.names and not features:
            features = [f"-{name}" for name in self.names.with_role("left out")]
        samples, decimal = self._head.samples, self.decimal
        return lay_out_columns(
            self.names, samples, decimal, target, features, strict, collected, categories
        )

    def rows(self) -> Iterator[tuple[list[list[str]], list[int]]]:
        """Yield blocks of rows of ``width`` cells, with the line of each."""
        while block := self._take():
            _refuse_nul(block, self._done)
            rows, lines = self._next_rows(len(block), block)
            if rows:
                yield self._fitted(rows, lines), lines

    def blocks(self, layout: ColumnLayout) -> Iterator[tuple[Array, Sequence[int]]]:
        """Yield blocks (rows, columns), inputs first, with the line of each row."""
        while block := self._take():
            values = self._at_once(block, layout)
            if values is not None:
                yield values, range(self._done + 1, self._done + len(block) + 1)
                self._done += len(block)
                continue
            _refuse_nul(block, self._done)
            rows, lines = self._next_rows(len(block), block)
            if rows:
                yield _cell_by_cell(self._fitted(rows, lines), lines, layout), lines

    def _take(self) -> list[str]:
        """Return the next lines, about one block."""
        block: list[str] = []
        size = 0
        while size < _BLOCK_CHARACTERS:
            usual = size // len(block) if block else _BLOCK_CHARACTERS
            fitting = (_BLOCK_CHARACTERS - size) // max(1, usual) + 1
            some = list(islice(self._lines, min(fitting, _MOST_LINES)))
            if not some:
                break
            block += some
            size += sum(map(len, some))
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
            mark = self._dialect.delimiter
            values = np.loadtxt(
                block, delimiter=None if mark == BLANKS else mark, comments=None, ndmin=2
            )
        except ValueError:
            return None
        if values.shape[1] != layout.width:
            return None
        with np.errstate(over="ignore", invalid="ignore"):
            total = values.sum()  # finite only if all are, and sooner than each is asked
        if not np.isfinite(total) and not np.isfinite(values).all():
            return None
        places = [column.place for column in layout.columns]
        return values if places == [*range(len(places))] else values[:, places]

    def _next_rows(
        self, count: int, block: Sequence[str] = ()
    ) -> tuple[list[list[str]], list[int]]:
        """Return the non-blank rows of ``count`` lines and the line where each begins.

        The lines of ``block`` are the first of them. More lines are read to complete a quoted
        cell. Raises DataError for an invalid row.
        """
        rows: list[list[str]] = []
        places: list[int] = []
        begin = self._done + 1
        dialect = self._dialect
        if block and dialect.comment not in "".join(block):
            dialect = replace(dialect, comment="")  # later lines only complete a quoted cell
        cells = Rows(chain(block, self._lines), dialect)
        try:
            for row in cells:
                if not is_blank(row):
                    rows.append(row)
                    places.append(begin)
                begin = self._done + cells.line_num + 1
                if cells.line_num >= count:
                    break
        except csv.Error as error:
            raise DataError(f"line {begin:,}: {_in_words(str(error))}") from None
        self._done += cells.line_num
        self._comments += cells.comments
        return rows, places

    def _fitted(self, rows: list[list[str]], lines: list[int]) -> list[list[str]]:
        """Return rows of ``width`` cells, without empty ones after them. Raises DataError."""
        width = self.width
        if {*map(len, rows)} == {width}:
            return rows
        return [self._fit(row, line, width) for row, line in zip(rows, lines, strict=True)]

    def _fit(self, row: list[str], line: int, width: int) -> list[str]:
        if len(row) > width and not any(map(str.strip, row[width:])):
            return row[:width]
        if len(row) != width:
            raise DataError(
                f"line {line:,}: there {_cells(len(row))}, but {_expected_cells(self.names, width)}"
            )
        return row


def _expected_cells(names: ColumnNames | None, width: int) -> str:
    return f"the header has {width}" if names else f"previous rows have {width}"


def _cell_by_cell(rows: list[list[str]], lines: list[int], layout: ColumnLayout) -> Array:
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
        """Append the rows of ``block`` (rows, width). Raises InputError without memory for it."""
        needed = self._rows + len(block)
        if needed > len(self._matrix):
            rows = max(needed, len(self._matrix) * 9 // 8)
            check_memory(rows - len(self._matrix), self._matrix.shape[1], "more of its samples")
            self._resize(rows)
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
    columns: str = "plain",
    missing: str = "refuse",
    header: str = "text",
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
    written: Mapping[str, str] | None = None,
    categories: Sequence[str] = (),
) -> Dataset:
    """Read all rows in file order, unsplit and unscaled.

    ``target`` names the target columns, by default the last one; if all ``features`` are
    columns, other columns are not read. ``columns`` is one of ``COLUMN_READINGS``, ``missing``
    of ``MISSING``, ``header`` of ``HEADERS``. ``written`` is how the cells of a model's columns
    are, where those of the file are ambiguous. The cells of ``categories`` are strings.
    ``progress`` is called with the fraction read so far, 0..1. Raises DataError (with line
    and column; ColumnError where another choice of columns may help), OSError, and
    LoadCancelled once ``cancelled`` returns true.
    """
    collected: set[int] = set()
    while True:
        with TextFile(path) as file:
            rows = CsvBlocks(file, header)
            layout = rows.lay_out(target, features, columns == "plain", collected, categories)
            for column in layout.columns:
                column.written = (written or {}).get(column.name, "")
            try:
                values = _read_values(file, rows, layout, progress, cancelled)
            except NotPlain as found:  # the file is read again with the cells of that column
                collected.add(found.place)
                if len(collected) > _MOST_READINGS:
                    collected.update(range(layout.width))
                continue
        try:
            dataset = encode_table(*values[:2], layout, missing, values[2])
        except ColumnError as error:
            raise error.among(layout.names) from None
        return replace(dataset, notes=(*rows.notes, *dataset.notes))


_MOST_READINGS = 3
"""A file is not read again more often than this, for columns that are not as they began."""


def _read_values(
    file: TextFile,
    rows: CsvBlocks,
    layout: ColumnLayout,
    progress: Progress | None,
    cancelled: Cancelled | None,
) -> tuple[Array, Array, RowLines]:
    """Return the values of inputs and targets (rows, columns), and the rows' line numbers."""
    inputs = targets = None
    row_lines = RowLines()
    for block, lines in rows.blocks(layout):
        if cancelled is not None and cancelled():
            raise LoadCancelled
        if inputs is None or targets is None:
            expected = _expected(len(block), file)
            check_memory(expected, len(layout.columns), "its samples")
            inputs = GrowingMatrix(len(layout.inputs), expected)
            targets = GrowingMatrix(len(layout.targets), expected)
        inputs.append(block[:, : len(layout.inputs)])
        targets.append(block[:, len(layout.inputs) :])
        row_lines.append(lines)
        if progress is not None:
            progress(file.done)
    if inputs is None or targets is None:
        raise DataError("the file has column names but no samples")
    return inputs.finish(), targets.finish(), row_lines


def _expected(rows: int, file: TextFile) -> int:
    """Estimate the number of rows of the whole file from its first block."""
    expected = int(rows / max(file.done, 1e-9) * 1.1) + 1
    return expected if file.compressed else min(expected, file.size // 2 + 1)
