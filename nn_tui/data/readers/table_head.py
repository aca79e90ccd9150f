"""What precedes the rows of a text table: comments, titles, the header, units, Orange's rows."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from nn_tui.data.readers.csv_dialect import (
    Dialect,
    Record,
    declared_delimiter,
    records,
    sniff,
    usual_width,
)
from nn_tui.data.readers.csv_numbers import is_number
from nn_tui.data.readers.header_row import FirstRow, shown_row
from nn_tui.data.readers.missing_values import is_missing
from nn_tui.text import make_printable, quoted


@dataclass(frozen=True)
class ColumnNames:
    """The header: column names and their line number.

    Where a format declares them, ``kinds`` has ``number``, ``category`` or an empty string, and
    ``roles`` has ``target``, ``left out`` or an empty string, for every column.
    """

    line: int
    cells: Sequence[str]
    kinds: Sequence[str] = ()
    roles: Sequence[str] = ()

    def kind(self, place: int) -> str:
        """The declared kind of a column, or an empty string."""
        return self.kinds[place] if self.kinds else ""

    def with_role(self, role: str) -> list[str]:
        """The names of the columns that are declared to have a role."""
        return [name for name, own in zip(self.cells, self.roles, strict=False) if own == role]


@dataclass(frozen=True)
class TableHead:
    """How a table begins: ``skipped`` lines precede its rows, of which ``samples`` are the first.

    ``notes`` say what was assumed; ``names`` is None without a header.
    """

    dialect: Dialect
    names: ColumnNames | None
    samples: list[list[str]]
    skipped: int
    notes: tuple[str, ...] = ()


def read_head(lines: Sequence[str], header: str, known: Collection[str] = ()) -> TableHead:
    """Read the head of a table from its first lines; ``header`` is one of ``HEADERS``.

    A first row that contains all ``known`` names, if there are any, is the header.
    """
    skipped, delimiter = 0, ""
    if lines and (delimiter := declared_delimiter(lines[0])):
        skipped = 1
    dialect = sniff(lines[skipped:], delimiter)
    found = [
        Record(r.line + skipped, r.end + skipped, r.cells)
        for r in records(lines[skipped:], dialect)
    ]
    return _Head(dialect, found, skipped, header, known, lines).read()


class _Head:
    """Takes the rows of a head one by one from ``found``, the first rows of a table."""

    def __init__(
        self,
        dialect: Dialect,
        found: list[Record],
        skipped: int,
        header: str,
        known: Collection[str],
        lines: Sequence[str],
    ) -> None:
        self._dialect = dialect
        self._found = found
        self._skipped = skipped
        self._header = header
        self._known = {*known}
        self._lines = lines
        self._notes: list[str] = []

    def read(self) -> TableHead:
        self._skip_titles()
        names = self._names()
        if names is not None:
            names = self._with_types(names)
            self._skip_units(names)
            names = self._fitted(names)
        rows = [record.cells for record in self._found]
        return TableHead(self._dialect, names, rows, self._skipped, tuple(self._notes))

    def _take(self) -> Record:
        record = self._found.pop(0)
        self._skipped = record.end
        return record

    def _rows(self, start: int = 0) -> list[list[str]]:
        return [record.cells for record in self._found[start:]]

    def _is_number(self, cell: str) -> bool:
        return is_number(cell, self._dialect.decimal)

    def _is_names(self, record: Record) -> bool:
        return not any(map(self._is_number, record.cells)) and not all(
            map(is_missing, record.cells)
        )

    def _skip_titles(self) -> None:
        """Skip rows above the table: titles, and rows of fewer cells above a header."""
        usual = usual_width(self._found)
        if usual < 2 or len(self._found) < 2:
            return
        if self._is_count_row(self._found[0].cells, usual):
            self._skip("is the number of samples and columns")
            return
        titles = 0
        while titles < len(self._found) - 1 and self._is_title(self._found[titles], usual):
            titles += 1
        after = self._found[titles]
        if titles and len(after.cells) >= usual:
            for _ in range(titles):
                self._skip("is a title above the table")
            return
        short = 0
        while short < len(self._found) - 1 and len(self._found[short].cells) < usual:
            short += 1
        after = self._found[short]
        if short and len(after.cells) == usual and self._is_names(after):
            for _ in range(short):
                self._skip("precedes the table")

    def _is_title(self, record: Record, usual: int) -> bool:
        filled = [cell for cell in record.cells if cell.strip()]
        return len(filled) == 1 and not self._is_number(filled[0]) and bool(record.cells[0].strip())

    def _is_count_row(self, cells: Sequence[str], usual: int) -> bool:
        """Return whether a row is as scikit-learn begins its files: 150,4,setosa,versicolor."""
        if len(cells) < 3 or not all(cell.strip().isdigit() for cell in cells[:2]):
            return False
        names = cells[2:]
        plain = not any(is_missing(cell) or self._is_number(cell) for cell in names)
        return int(cells[1]) == usual - 1 and plain

    def _skip(self, reason: str) -> None:
        record = self._take()
        self._notes.append(
            f"line {record.line:,} ({shown_row(record.cells)}) {reason}; it was skipped"
        )

    def _names(self) -> ColumnNames | None:
        if not self._found:
            return None
        record = self._found[0]
        first = FirstRow(record.cells, self._rows(1), self._dialect.decimal)
        names_all = self._known and self._known.issubset(map(str.strip, record.cells))
        is_header, reason = first.is_header("yes" if names_all else self._header)
        if reason:
            how, option, other = "column names", "no", "a sample"
            if not is_header:
                how, option, other = other, "yes", how
            self._notes.append(
                f"line {record.line:,} ({shown_row(record.cells)}) was read as {how}, because "
                f"{reason}; data.header = {option} reads it as {other}"
            )
        if is_header:
            self._take()
            return ColumnNames(record.line, record.cells)
        return self._names_in_comment() if self._header in ("auto", "text") else None

    def _names_in_comment(self) -> ColumnNames | None:
        """Return the names in a comment just above the first row, as numpy.savetxt writes them."""
        line = self._found[0].line - 1
        text = self._lines[line - 1] if line > self._skipped else ""
        if not text or not self._dialect.is_comment(text):
            return None
        text = text.lstrip().lstrip(self._dialect.comment)
        above = records([text], replace(self._dialect, comment=""))
        if not above or len(above[0].cells) != len(self._found[0].cells):
            return None
        if len(above[0].cells) < 2 or not self._is_names(above[0]):
            return None
        self._skipped = line
        self._notes.append(f"line {line:,}, a comment, has the column names")
        return ColumnNames(line, above[0].cells)

    def _with_types(self, names: ColumnNames) -> ColumnNames:
        """Return the names with kinds and roles, if Orange's two rows of them follow."""
        width = len(names.cells)
        if not self._found or len(self._found[0].cells) != width:
            return names
        kinds = [_orange_kind(cell) for cell in self._found[0].cells]
        if None in kinds or not any(kinds):
            return names
        roles: list[str | None] = [None]
        if len(self._found) > 1 and len(self._found[1].cells) == width:
            roles = [_orange_role(cell) for cell in self._found[1].cells]
        has_roles = None not in roles
        spelt_out = any(cell.strip().lower() in _LONG_KINDS for cell in self._found[0].cells)
        if not spelt_out and not (has_roles and any(roles)):
            return names
        line = self._take().line
        lines = f"lines {line:,} and {self._take().line:,}" if has_roles else f"line {line:,}"
        self._notes.append(f"{lines}: types and roles of the columns (Orange's header)")
        told = roles if has_roles else [""] * width
        return replace(
            names,
            kinds=tuple("" if kind == _TEXT else kind or "" for kind in kinds),
            roles=tuple(
                role or ("left out" if kind == _TEXT else "")
                for role, kind in zip(told, kinds, strict=True)
            ),
        )

    def _skip_units(self, names: ColumnNames) -> None:
        """Skip a row of units below the names: text above numbers only."""
        later = self._rows(1)
        width = len(names.cells)
        if len(later) < 2 or len(self._found[0].cells) != width:
            return
        row = self._found[0].cells
        if any(map(self._is_number, row)):
            return
        units, blank = 0, 0
        for place, cell in enumerate(row):
            column = [cells[place] for cells in later if len(cells) == width]
            known = [value for value in column if not is_missing(value)]
            if known and all(map(self._is_number, known)):
                units += _is_unit(cell)
                if not is_missing(cell) and not _is_unit(cell):
                    return
            elif not cell.strip() or is_missing(cell):
                blank += 1
        texts = width - blank - sum(1 for place in range(width) if self._is_numeric(place, later))
        if units > 1 or (units == 1 and texts <= 0):
            self._skip("has units: text above numbers")

    def _is_numeric(self, place: int, rows: Sequence[Sequence[str]]) -> bool:
        known = [row[place] for row in rows if len(row) > place and not is_missing(row[place])]
        return bool(known) and all(map(self._is_number, known))

    def _fitted(self, names: ColumnNames) -> ColumnNames:
        """Return as many distinct names as the rows have cells, where they are lacking."""
        cells = [make_printable(cell.strip()) for cell in names.cells]
        usual = usual_width(self._found)
        while 0 < usual < len(cells) and not cells[-1]:
            cells.pop()
        kinds, roles = names.kinds, names.roles
        if usual == len(cells) + 1 and self._has_row_names(usual):
            cells.insert(0, "")
        cells, renamed = distinct_names(cells)
        if renamed:
            more = f" and {len(renamed) - 3:,} more" if len(renamed) > 3 else ""
            self._notes.append(
                f"repeated column names were numbered: {', '.join(renamed[:3])}{more}"
            )
        return ColumnNames(names.line, cells, kinds, roles)

    def _has_row_names(self, usual: int) -> bool:
        """Return whether the first column has names of rows, which the header leaves out."""
        rows = [row for row in self._rows() if len(row) == usual]
        if len(rows) < 2 or not any(row[-1].strip() for row in rows):
            return False  # or a delimiter at the end of each row
        first = [row[0].strip() for row in rows]
        counts = [str(number) for number in range(len(first) + 1)]
        if first in (counts[:-1], counts[1:]):
            return True
        return len({*first}) == len(first) and not any(map(self._is_number, first))


def distinct_names(cells: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the names, of which repeated ones get a number, and descriptions of these."""
    used = set(cells)
    seen: set[str] = set()
    made, renamed = [], []
    for cell in cells:
        name, number = cell, 1
        while cell and name in (seen if number == 1 else used):
            number += 1
            name = f"{cell}_{number}"
        if name != cell:
            renamed.append(f"{quoted(cell, 30)[1:-1]} → {quoted(name, 30)[1:-1]}")
        used.add(name)
        seen.add(name)
        made.append(name)
    return made, renamed


_TEXT = "text"
_LONG_KINDS = {
    "continuous": "number",
    "numeric": "number",
    "discrete": "category",
    "string": _TEXT,
    "time": "",
}
_KINDS = {"c": "number", "n": "number", "d": "category", "s": _TEXT, "t": "", **_LONG_KINDS}
_ROLES = {
    "": "",
    "class": "target",
    "c": "target",
    "meta": "left out",
    "m": "left out",
    "ignore": "left out",
    "i": "left out",
    "weight": "left out",
    "w": "left out",
}


def _orange_kind(cell: str) -> str | None:
    """Return the kind of column a cell of Orange's second row declares; None if it is none."""
    return _KINDS.get(cell.strip().lower())


def _orange_role(cell: str) -> str | None:
    """Return the role that a cell of Orange's third row declares; None if it is none."""
    words = [word for word in cell.strip().lower().split() if "=" not in word]
    if len(words) > 1:
        return None
    return _ROLES.get(words[0] if words else "")


_UNIT = re.compile(r"[(\[]?[\w°%‰$€£µμΩ²³·/*^\s.-]{1,16}[)\]]?")
_NO_UNITS = {"unknown", "missing", "error", "nil", "false", "true", "yes", "no"}


def _is_unit(cell: str) -> bool:
    text = cell.strip()
    return bool(_UNIT.fullmatch(text)) and not is_missing(text) and text.lower() not in _NO_UNITS
