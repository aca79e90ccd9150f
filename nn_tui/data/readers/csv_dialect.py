"""Detection of a text file's dialect: comments, delimiter, quotes, decimal separator."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from nn_tui.data.readers.csv_numbers import decimal_sign, is_number
from nn_tui.data.readers.missing_values import is_missing

if TYPE_CHECKING:
    from _csv import Reader

BLANKS = " "
"""The delimiter that stands for runs of spaces and tabs."""

DELIMITERS = ("\t", ";", "|", ",", BLANKS)
"""Supported delimiters, by precedence."""

COMMENTS = ("#", "%", "//")
"""What comment lines begin with."""

_NOTHING = " \r\n" + "".join(DELIMITERS)
_SPREADSHEET_ERROR = re.compile(r"\s*#(?:N/A|NA|REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!)", re.I)


@dataclass(frozen=True)
class Dialect:
    """The dialect of a file.

    ``quote`` encloses cells, and a backslash before it is an ``escape``; empty where quotes are
    ordinary characters. Lines that begin with ``comment`` are skipped; empty: no line is.
    """

    delimiter: str
    decimal: str = "."
    quote: str = '"'
    comment: str = "#"
    escape: bool = False

    def is_comment(self, line: str) -> bool:
        """Return whether a line, outside quotes, is a comment; ``#N/A`` begins a row."""
        if not self.comment:
            return False
        start = line if line[:1] not in " \t" else line.lstrip()
        return start.startswith(self.comment) and not _SPREADSHEET_ERROR.match(start)


class Rows:
    """Iterates over the rows of lines, strict about quotes; a comment is a row without cells.

    ``comments`` is the number of comments so far. Raises csv.Error for an invalid row.
    """

    def __init__(self, lines: Iterable[str], dialect: Dialect) -> None:
        self.comments = 0
        self._taken = 0
        self._dialect = dialect
        self._in_row = False
        # Without comments, no line needs to be looked at.
        self._reader: Reader | None = None
        self._cells: Iterator[list[str]]
        if dialect.delimiter == BLANKS:
            self._cells = map(self._split, self._checked(lines))
        else:
            lines = self._checked(lines) if dialect.comment else lines
            self._cells = self._reader = csv.reader(
                lines,
                delimiter=dialect.delimiter,
                quotechar=dialect.quote or None,
                quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
                escapechar="\\" if dialect.escape else None,
                skipinitialspace=True,
                strict=True,
            )

    @property
    def line_num(self) -> int:
        """The number of lines read so far."""
        return self._taken if self._reader is None else self._reader.line_num

    def __iter__(self) -> Iterator[list[str]]:
        return self if self._dialect.comment else self._cells

    def __next__(self) -> list[str]:
        self._in_row = False
        return next(self._cells)

    def _checked(self, lines: Iterable[str]) -> Iterator[str]:
        for line in lines:
            self._taken += 1
            # Within a row, the reader asks for another line to complete a quoted cell.
            if not self._in_row and self._dialect.is_comment(line):
                self.comments += 1
                line = "\n"
            self._in_row = True
            yield line

    def _split(self, line: str) -> list[str]:
        quote = self._dialect.quote
        if not quote or quote not in line:
            return line.split()
        cells = re.findall(rf"{quote}(?:[^{quote}]|{quote}{quote})*{quote}(?=\s|$)|\S+", line)
        return [
            cell[1:-1].replace(quote * 2, quote)
            if len(cell) > 1 and cell[0] == cell[-1] == quote
            else cell
            for cell in cells
        ]


class Record(NamedTuple):
    """A row that is not blank: its first and its last line, and its cells."""

    line: int
    end: int
    cells: list[str]


def records(lines: Iterable[str], dialect: Dialect) -> list[Record]:
    """Return the rows that are not blank, up to the first invalid one."""
    found: list[Record] = []
    rows = Rows(lines, dialect)
    begin = 1
    try:
        for row in rows:
            if not is_blank(row):
                found.append(Record(begin, rows.line_num, row))
            begin = rows.line_num + 1
    except csv.Error:
        pass
    return found


def is_blank(row: Sequence[str]) -> bool:
    """Return whether a row has only empty cells, as spreadsheets may append."""
    if row and row[0].strip(_NOTHING):  # nearly always
        return False
    return not "".join(row).strip(_NOTHING)


def sniff(lines: Sequence[str], declared: str = "") -> Dialect:
    """Detect the dialect of a file from its first lines, after a ``declared`` delimiter, if any."""
    few = _few(lines)
    comment, rest = _comments(few)
    delimiter = declared or _delimiter(rest)
    if comment and _are_rows(few, comment, delimiter):
        comment, rest = "", few
        delimiter = declared or _delimiter(rest)
    dialect = Dialect(delimiter, comment=comment)
    if _quotes_enclose_nothing(rest, dialect):
        dialect = replace(dialect, quote="")
    if delimiter == ",":
        return dialect
    cells = chain.from_iterable(record.cells for record in records(rest, dialect))
    return replace(dialect, decimal=decimal_sign(cells))


def declared_delimiter(line: str) -> str:
    """Return the delimiter declared by a first line such as ``sep=;`` (Excel)."""
    plain = line.strip("\r\n")
    declares = plain.lower().startswith("sep=") and plain[4:] in DELIMITERS
    return plain[4:] if declares else ""


_FEW_CHARACTERS = 1 << 16
_LEAST_LINES = 5


def _few(lines: Sequence[str]) -> list[str]:
    """Return the first lines, not many of them if they are long."""
    few: list[str] = []
    size = 0
    for line in lines:
        size += len(line)
        if size > _FEW_CHARACTERS and len(few) >= _LEAST_LINES:
            break
        few.append(line)
    return few


def _comments(lines: Sequence[str]) -> tuple[str, list[str]]:
    """Return what comments seem to begin with, and the other lines."""
    for mark in COMMENTS:
        dialect = Dialect(",", comment=mark)
        rest = [line for line in lines if not dialect.is_comment(line)]
        if len(rest) < len(lines):
            return (mark, rest) if any(map(str.strip, rest)) else ("", list(lines))
    return "#", list(lines)


def _are_rows(lines: Sequence[str], mark: str, delimiter: str) -> bool:
    """Return whether the lines that begin with ``mark`` are rows like the others.

    Then all have as many cells, at least two, and some follow a line without the mark.
    """
    dialect = Dialect(delimiter, comment=mark)
    marked = [line for line in lines if dialect.is_comment(line)]
    if not marked or delimiter == BLANKS:
        return False
    first = next((n for n, line in enumerate(lines) if not dialect.is_comment(line)), 0)
    if first >= len(marked):
        return False
    usual = usual_width(records(lines, dialect))
    plain = replace(dialect, comment="")
    return usual > 1 and all(
        len(record.cells) == usual for line in marked for record in records([line], plain)
    )


def usual_width(found: Sequence[Record]) -> int:
    """Return the most frequent number of cells; 0 without rows."""
    widths = Counter(len(record.cells) for record in found)
    return widths.most_common(1)[0][0] if widths else 0


def _delimiter(lines: Sequence[str]) -> str:
    found = [mark for mark in DELIMITERS if any(mark in line for line in lines)]
    if len(found) == 1 and found[0] != BLANKS:
        return found[0]
    return max(DELIMITERS, key=lambda mark: _fitness(lines, mark))


_MOST_UNEVEN = 0.1
"""The share of rows that may have another number of cells where blanks are delimiters."""


def _fitness(lines: Sequence[str], delimiter: str) -> tuple[float, float]:
    """Score a delimiter: rows of the most common width, then well-split cells; 0 for one column."""
    rows = [record.cells for record in records(lines, Dialect(delimiter, comment=""))]
    # If the quotes of the first row are invalid, the delimiter is detected ignoring quotes.
    rows = rows or [r.cells for r in records(lines, Dialect(delimiter, quote="", comment=""))]
    widths = Counter(map(len, rows))
    if not rows or max(widths) == 1:
        return 0.0, 0.0
    (_, usual), *_ = Counter({w: n for w, n in widths.items() if w > 1}).most_common(1)
    if delimiter == BLANKS and len(rows) - usual > max(1, _MOST_UNEVEN * len(rows)):
        return 0.0, 0.0
    decimals = ".," if delimiter != "," else "."
    others = [mark for mark in DELIMITERS if mark not in (delimiter, BLANKS)]
    cells = list(chain.from_iterable(rows))
    numbers = sum(any(is_number(cell, sign) for sign in decimals) for cell in cells)
    cut_badly = sum(
        any(mark in cell for mark in others) and not any(is_number(cell, s) for s in decimals)
        for cell in cells
    )
    return usual / len(rows), (numbers - cut_badly) / len(cells)


def _quotes_enclose_nothing(lines: Sequence[str], dialect: Dialect) -> bool:
    """Return whether quotes are ordinary characters, such as inch marks.

    Then reading them as enclosing cells fails, while without it all rows have as many cells, and
    quotes are only in columns of text.
    """
    if dialect.delimiter == BLANKS or not any(dialect.quote in line for line in lines):
        return False
    rows, begin = Rows(lines, dialect), 0
    try:
        for _ in rows:
            begin = rows.line_num
    except csv.Error:
        if begin + 1 >= len(lines):  # the last of the first lines may continue
            return False
    else:
        return False
    plain = records(lines, replace(dialect, quote=""))
    if len({len(record.cells) for record in plain}) > 1:
        return False
    columns = zip(*(record.cells for record in plain), strict=True)
    return all(
        not any(dialect.quote in cell for cell in cells)
        or not any(is_number(cell) for cell in cells if not is_missing(cell))
        for cells in columns
    )
