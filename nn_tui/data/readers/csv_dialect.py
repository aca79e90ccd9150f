"""Detection of a text file's dialect: delimiter, decimal separator, header."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from nn_tui.data.readers.csv_numbers import decimal_sign, is_number
from nn_tui.data.readers.missing_values import is_missing

if TYPE_CHECKING:
    from _csv import Reader


DELIMITERS = ("\t", ";", "|", ",")
"""Supported delimiters, by precedence."""


_NOTHING = " \r\n" + "".join(DELIMITERS)


@dataclass(frozen=True)
class Dialect:
    """The dialect of a file."""

    delimiter: str
    decimal: str
    header: bool


def reader(lines: Iterable[str], delimiter: str) -> "Reader":
    """Return the standard library's reader, strict about quotes."""
    return csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True)


def records(lines: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    """Yield the rows that are not blank, up to the first invalid one."""
    try:
        yield from (row for row in reader(lines, delimiter) if not is_blank(row))
    except csv.Error:
        return


def is_blank(row: list[str]) -> bool:
    """Return whether a row has only empty cells, as spreadsheets may append."""
    return not "".join(row).strip(_NOTHING)


def sniff(lines: list[str]) -> Dialect:
    """Detect the dialect of a file from its first lines."""
    delimiter = declared_delimiter(lines[0]) if lines else ""
    if delimiter:
        lines = lines[1:]
    else:
        candidates = [mark for mark in DELIMITERS if _splits(lines, mark)]
        if len(candidates) == 1:
            delimiter = candidates[0]
        else:
            delimiter = max(candidates or DELIMITERS, key=lambda mark: _fitness(lines, mark))
    rows = list(records(lines, delimiter))
    decimal = "." if delimiter == "," else decimal_sign(chain.from_iterable(rows))
    return Dialect(delimiter, decimal, bool(rows) and _is_header(rows[0], decimal))


def declared_delimiter(line: str) -> str:
    """Return the delimiter declared by a first line such as ``sep=;`` (Excel)."""
    plain = line.strip("\r\n")
    declares = plain.lower().startswith("sep=") and plain[4:] in DELIMITERS
    return plain[4:] if declares else ""


def _rows(lines: list[str], delimiter: str) -> list[list[str]]:
    # If the quotes of the first row are invalid, the delimiter is detected ignoring quotes.
    return list(records(lines, delimiter)) or [line.split(delimiter) for line in lines]


def _splits(lines: list[str], delimiter: str) -> bool:
    """Return whether the delimiter splits any row."""
    return any(len(row) > 1 for row in _rows(lines, delimiter))


def _fitness(lines: list[str], delimiter: str) -> tuple[float, float]:
    """Score a delimiter: rows of the most common width, then well-split cells; 0 for one column."""
    rows = _rows(lines, delimiter)
    widths = Counter(map(len, rows))
    if not rows or max(widths) == 1:
        return 0.0, 0.0
    (_, usual), *_ = Counter({w: n for w, n in widths.items() if w > 1}).most_common(1)
    decimals = ".," if delimiter != "," else "."
    others = [mark for mark in DELIMITERS if mark != delimiter]
    cells = list(chain.from_iterable(rows))
    numbers = sum(any(is_number(cell, sign) for sign in decimals) for cell in cells)
    cut_badly = sum(
        any(mark in cell for mark in others) and not any(is_number(cell, s) for s in decimals)
        for cell in cells
    )
    return usual / len(rows), (numbers - cut_badly) / len(cells)


def _is_header(first: list[str], decimal: str) -> bool:
    """Return whether the first row has column names: it contains no number."""
    says_text = any(not is_missing(cell) for cell in first)
    return says_text and not any(is_number(cell, decimal) for cell in first)
