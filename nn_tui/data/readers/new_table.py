"""A new table, read in parts of bounded size, each the rows of a trained model's inputs."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import TypeVar

from nn_tui.data.errors import DataError
from nn_tui.data.readers.csv_columns import sure_decimal
from nn_tui.data.readers.csv_reader import CsvBlocks
from nn_tui.data.readers.new_rows import NewRows
from nn_tui.data.readers.text_file import TextFile
from nn_tui.data.readers.whole_column import WholeColumn, WholeColumnsNeeded
from nn_tui.fileio import reason

ROWS_AT_ONCE = 1 << 14
"""Rows of a part, but the last; a multiple of the rows that are predicted together."""

_Result = TypeVar("_Result")


class NewTable:
    """The rows of a text file, read as for training; ``header`` is one of ``HEADERS``.

    A first row that contains all ``known`` names is a header. The columns of a file without one
    are numbered, the last one too unless it is as wide as the ``table`` of a model, then of the
    same names. ``written`` is how the cells of the model's columns are.
    """

    def __init__(
        self,
        path: Path,
        header: str = "text",
        known: Collection[str] = (),
        table: Sequence[str] = (),
        written: Mapping[str, str] | None = None,
    ) -> None:
        self._path, self._header, self._known = path, header, known
        self._table, self._written = table, written or {}
        self._whole: dict[int, Mapping[str, float]] = {}
        self.notes: tuple[str, ...] = ()
        """What was assumed about the file, once it is read."""

    def read(self, use: Callable[[Iterator[NewRows]], _Result]) -> _Result:
        """Return what ``use`` makes of the parts of the table, at least one.

        It is called once more if some column, in a later part, turns out to be written in a way
        that only the whole column shows. Raises DataError, with the line.
        """
        while True:
            try:
                return use(self._parts())
            except WholeColumnsNeeded as found:
                self._read_whole({*self._whole, *found.places})

    def _parts(self) -> Iterator[NewRows]:
        """Yield the rows, ``ROWS_AT_ONCE`` at a time."""
        try:
            with TextFile(self._path) as file:
                read = CsvBlocks(file, self._header, self._known)
                names = self._names(read)
                decimal = sure_decimal(read.decimal, chain.from_iterable(read.samples))
                sure = decimal == read.decimal

                def part(rows: list[list[str]], lines: list[int]) -> NewRows:
                    named, whole = read.names is not None, self._whole
                    separator = decimal if sure else ""
                    return NewRows(names, rows, lines, separator, named, self._written, whole)

                rows: list[list[str]] = []
                lines: list[int] = []
                for block, numbers in read.rows():
                    rows += block
                    lines += numbers
                    while len(rows) > ROWS_AT_ONCE:
                        yield part(rows[:ROWS_AT_ONCE], lines[:ROWS_AT_ONCE])
                        del rows[:ROWS_AT_ONCE], lines[:ROWS_AT_ONCE]
                yield part(rows, lines)
                self.notes = read.notes
        except OSError as error:
            raise DataError(f"cannot read it ({reason(error)})") from None

    def _names(self, read: CsvBlocks) -> tuple[str, ...]:
        if read.names:
            cells = enumerate(read.names.cells, start=1)
            return tuple(name or f"column {place}" for place, name in cells)
        names = tuple(f"x{number}" for number in range(1, read.width + 1))
        same = len(self._table) == read.width and names[:-1] == tuple(self._table[:-1])
        return tuple(self._table) if same else names

    def _read_whole(self, places: Collection[int]) -> None:
        """Read the file for the columns at these ``places``, to understand each as a whole."""
        columns: dict[int, WholeColumn] = {}
        trained: dict[int, str] = {}
        comma = False
        for part in self._parts():
            comma = (
                comma
                or part.decimal == ","
                or (not part.decimal and sure_decimal(",", chain.from_iterable(part.rows)) == ",")
            )
            for place in places:
                name = part.names[place]
                trained[place] = part.written.get(name, "")
                column = columns.setdefault(place, WholeColumn(name, trained[place]))
                column.add([row[place] for row in part.rows], part.lines)
        for place, column in columns.items():
            usual = trained[place][:1] or ("." if part.decimal else ",")
            self._whole[place] = column.values("," if comma else usual)
