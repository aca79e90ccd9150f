"""The declarations at the head of an ARFF file (Weka), or of a KEEL file, which are alike.

Format: https://waikato.github.io/weka-wiki/formats_and_processing/arff_stable/
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from nn_tui.data.errors import DataError
from nn_tui.data.readers.csv_dialect import BLANKS, Dialect, records
from nn_tui.data.readers.table_head import ColumnNames, TableHead, distinct_names
from nn_tui.text import make_printable, quoted

_COMMENT = "%"
_QUOTED = r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\""""
_ATTRIBUTE = re.compile(rf"@attribute\s+({_QUOTED}|[^\s{{\['\"]+)\s*(\S.*)$", re.I | re.S)
_IGNORED = ("@relation", "@input", "@inputs")
_NUMERIC = re.compile(r"(?:numeric|real|integer)\b", re.I)
_OTHER = re.compile(r"(?:string|date)\b", re.I)


def is_arff(lines: Iterable[str]) -> bool:
    """Return whether a file that begins with ``lines`` is an ARFF file."""
    for line in lines:
        text = line.strip()
        if text and not text.startswith(_COMMENT):
            return re.match(r"@relation\b", text, re.I) is not None
    return False


def read_declarations(lines: Iterator[str]) -> tuple[ColumnNames, int]:
    """Read up to and including the line ``@data``; return the columns and the number of lines.

    Raises DataError, with the line, for a declaration that is not supported.
    """
    names: list[str] = []
    kinds: list[str] = []
    targets: list[str] = []
    for number, line in enumerate(lines, 1):
        text = line.strip()
        word = text.split(None, 1)[0].lower() if text else ""
        if word == "@data":
            if not names:
                raise DataError(f"line {number:,}: no @attribute line precedes @data")
            made, _ = distinct_names(names)
            roles = ["target" if name in targets else "" for name in made]
            return ColumnNames(number, made, kinds, roles), number
        if word == "@attribute":
            name, kind = _attribute(text, number)
            names.append(name)
            kinds.append(kind)
        elif word in ("@output", "@outputs"):
            targets = [name.strip() for name in text.split(None, 1)[-1].split(",")]
        elif text and not text.startswith(_COMMENT) and word not in _IGNORED:
            raise DataError(f"line {number:,}: {quoted(text, 40)} is not an ARFF declaration")
    raise DataError("there is no @data line, which precedes the rows of an ARFF file")


def _attribute(text: str, number: int) -> tuple[str, str]:
    """Return the name and the kind of an attribute."""
    match = _ATTRIBUTE.match(text)
    if match is None:
        raise DataError(f"line {number:,}: {quoted(text, 40)} lacks the attribute's name or type")
    name, kind = match.groups()
    if name[0] in "'\"":
        name = re.sub(r"\\(.)", r"\1", name[1:-1])
    name = make_printable(name.strip())
    if kind.startswith("{"):
        return name, "category"
    if _NUMERIC.match(kind):
        return name, "number"
    if _OTHER.match(kind):
        return name, ""
    raise DataError(
        f"line {number:,}: the attribute {quoted(name, 30)} has the type {quoted(kind, 30)}; "
        "supported are numeric, real, integer, {…}, string and date"
    )


def arff_head(names: ColumnNames, lines: Sequence[str], skipped: int) -> TableHead:
    """Return the head of a table with these columns, whose first rows are in ``lines``.

    Raises DataError for sparse rows.
    """
    plain = Dialect(",", comment=_COMMENT)
    rows = [line for line in lines if line.strip() and not plain.is_comment(line)]
    if rows and rows[0].lstrip().startswith("{"):
        line = skipped + 1 + next(n for n, text in enumerate(lines) if text == rows[0])
        raise DataError(
            f"line {line:,}: sparse ARFF rows ({{index value, …}}) are not supported; save the "
            "file with dense rows (in Weka, the filter SparseToNonSparse)"
        )
    double = sum(line.count('"') for line in rows) > sum(line.count("'") for line in rows)
    delimiter = next((mark for mark in ",\t" if any(mark in row for row in rows)), BLANKS)
    dialect = Dialect(
        delimiter if len(names.cells) > 1 else ",",
        quote='"' if double else "'",
        comment=_COMMENT,
        escape=delimiter != BLANKS,
    )
    samples = [record.cells for record in records(lines, dialect)]
    return TableHead(dialect, names, samples, skipped)
