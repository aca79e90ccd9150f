"""From the values of a table's columns to the raw columns of a dataset.

Categories are one-hot encoded; a date is its ordinal day and those of its parts that vary.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from nn_tui.data.dataset import Dataset
from nn_tui.data.errors import ColumnError, DataError
from nn_tui.data.labels import natural_order
from nn_tui.data.preprocessing import joined_names
from nn_tui.data.raw_columns import date_part
from nn_tui.data.readers.column_types import ColumnRead, read_column
from nn_tui.data.readers.csv_columns import ColumnLayout, CsvColumn
from nn_tui.data.readers.date_formats import date_parts, varying_parts
from nn_tui.data.readers.missing_values import complete_rows
from nn_tui.data.table_column import TableColumn
from nn_tui.memory import check_memory
from nn_tui.text import quoted
from nn_tui.types import Array

_LEFT_OUT = ("identifier", "text", "empty")
"""Kinds of columns that are left out unless the recipe names them."""


def encode_table(
    inputs: Array, targets: Array, layout: ColumnLayout, missing: str, lines: Sequence[int]
) -> Dataset:
    """Return the unnamed, unsplit dataset, in row order.

    ``inputs`` and ``targets`` (rows, columns) are the values of the layout's columns, which are
    overwritten; ``lines`` (rows,) are their line numbers. ``missing`` is one of ``MISSING``.
    Raises ColumnError for a cell that is not like the others of its column, for a single class
    and for a target without values, DataError for duplicate input names, and as ``complete_rows``.
    """
    columns = [_read(column, inputs, place) for place, column in enumerate(layout.inputs)]
    learned = [_read(column, targets, place) for place, column in enumerate(layout.targets)]
    for target in learned:
        if len(learned) > 1 and target.kind != "number":
            raise DataError(
                f"the target {quoted(target.column.name)} is categorical; with several targets, "
                "all must be numbers"
            )
    absent = {
        read.column.name: int(np.isnan(values).sum())
        for read, values in zip([*columns, *learned], [*inputs.T, *targets.T], strict=True)
    }
    out = [] if layout.strict else _left_out(columns)
    used = [read for read in columns if read not in out]
    if out:
        inputs = inputs[:, [place for place, read in enumerate(columns) if read not in out]]

    def where(row: int, column: int) -> str:
        return [*used, *learned][column].column.where(lines[row])

    if len(learned) == 1 and len(targets) and np.isnan(targets).all():
        message = f"the target {quoted(learned[0].column.name)} has no values"
        raise ColumnError(message, learned[0].column.name, is_target=True)
    inputs, targets, notes = complete_rows(inputs, targets, missing, where)
    classes: tuple[str, ...] = ()
    if learned[0].kind != "number":
        targets, classes = _classes(targets, learned[0])
    inputs, names, kinds = _encoded(inputs, used)
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise DataError(f"two inputs would be named {quoted(twice)}; rename that column")
    return Dataset(
        "",
        inputs,
        targets,
        names,
        tuple(read.column.name for read in learned),
        len(inputs),
        classes,
        notes=(*notes, *_notes([*used, *learned]), *([_left_out_note(out)] if out else []), *kinds),
        table=tuple(_table([*columns, *learned], out, absent, layout)),
    )


def _read(column: CsvColumn, matrix: Array, place: int) -> ColumnRead:
    """Return what a column is; its values in ``matrix`` are replaced by those it stands for."""
    read, values = read_column(column, matrix[:, place])
    if column.cells is not None:
        matrix[:, place] = values
    return read


def _left_out(columns: Sequence[ColumnRead]) -> list[ColumnRead]:
    """Return the columns that are left out; never all of them, if one can be used."""
    out = [read for read in columns if read.kind in _LEFT_OUT and not read.column.named]
    if len(out) < len(columns):
        return out
    usable = [read for read in out if read.kind == "identifier"] or [
        read for read in out if read.usable
    ]
    if not usable:
        raise DataError(f"no column is left as an input; {_left_out_note(out)}")
    return [read for read in out if read not in usable]


def _left_out_note(out: Sequence[ColumnRead]) -> str:
    """Say which columns are left out and why, and how to use one all the same."""
    told = joined_names([f"{read.column.name} ({read.reason})" for read in out], 6)
    usable = [read.column.name for read in out if read.usable]
    use = f"; data.features = +{usable[0]} keeps it" if usable else ""
    return f"left out: {told}{use}"


def _notes(columns: Sequence[ColumnRead]) -> Iterator[str]:
    """Say how cells were read, in one note for all columns of numbers and one for all dates."""
    for dates in (False, True):
        told = [read.note for read in columns if read.note and (read.kind == "date") == dates]
        if told:
            yield joined_names(told, 4)


def _table(
    columns: Sequence[ColumnRead],
    out: Sequence[ColumnRead],
    absent: Mapping[str, int],
    layout: ColumnLayout,
) -> Iterator[TableColumn]:
    """Yield the description of each column, in the order of the file."""
    by_name = {read.column.name: read for read in columns}
    for name in layout.names:
        read = by_name.get(name)
        if read is None:
            yield TableColumn(name, role="not asked for")
            continue
        role = "left out" if read in out else "target" if read.column.target else "input"
        kind = read.kind if role != "input" else _encoding(read.kind)
        reason = read.reason if role == "left out" else ""
        yield TableColumn(
            name, kind, read.written, role, reason, read.distinct, absent[name], read.example
        )


def _encoding(kind: str) -> str:
    """Return the kind of column as which an input of some kind is encoded."""
    return {"identifier": "number", "empty": "number", "text": "category"}.get(kind, kind)


def _classes(targets: Array, read: ColumnRead) -> tuple[Array, tuple[str, ...]]:
    numbers, classes = _sorted_codes(targets[:, 0], read.texts)
    if len(classes) < 2:
        message = f"all rows have the class {quoted(classes[0])}; there must be at least two"
        raise ColumnError(message, read.column.name, is_target=True)
    return numbers[:, None].astype(np.float64), classes


def _sorted_codes(numbers: Array, texts: Sequence[str]) -> tuple[Array, tuple[str, ...]]:
    """Return category numbers (rows,) in natural order, and the names that occur."""
    present = [texts[int(number)] for number in np.unique(numbers[~np.isnan(numbers)])]
    names = natural_order(present)
    place = {name: number for number, name in enumerate(names)}
    known = np.nan_to_num(numbers).astype(int)
    return np.array([place.get(name, 0) for name in texts], int)[known], tuple(names)


def _encoded(
    inputs: Array, columns: Sequence[ColumnRead]
) -> tuple[Array, tuple[str, ...], tuple[str, ...]]:
    """Return the raw columns, their names, and notes, of inputs without incomplete rows."""
    kinds = [_encoding(read.kind) for read in columns]
    if all(kind == "number" for kind in kinds):
        return inputs, tuple(read.column.name for read in columns), ()
    names: list[list[str]] = []
    codes: dict[int, Array] = {}
    for place, (read, kind) in enumerate(zip(columns, kinds, strict=True)):
        name = read.column.name
        if kind == "category":
            codes[place], texts = _sorted_codes(inputs[:, place], read.texts)
            names.append([f"{name}={text}" for text in texts])
        else:
            parts = varying_parts(inputs[:, place]) if kind == "date" else ()
            names.append([name, *(date_part(name, part) for part in parts)])
    check_memory(len(inputs), sum(map(len, names)), "the encoded columns")
    made = np.zeros((len(inputs), sum(map(len, names))))
    start = 0
    for place, mine in enumerate(names):
        values = inputs[:, place]
        if place in codes:
            made[np.arange(len(inputs)), start + codes[place]] = 1
            made[np.isnan(values), start : start + len(mine)] = np.nan
        else:
            made[:, start] = values
            of_date = date_parts(values) if len(mine) > 1 else {}
            for column, name in enumerate(mine[1:], start + 1):
                made[:, column] = of_date[name.removeprefix(f"{columns[place].column.name}_")]
        start += len(mine)
    return made, tuple(name for some in names for name in some), (*_encoding_notes(columns, names),)


def _encoding_notes(columns: Sequence[ColumnRead], names: Sequence[Sequence[str]]) -> Iterator[str]:
    """Say which columns are one-hot encoded, and what dates have become."""
    by_column = {read.column.name: mine for read, mine in zip(columns, names, strict=True)}
    kinds = {read.column.name: _encoding(read.kind) for read in columns}
    texts = [name for name, kind in kinds.items() if kind == "category"]
    if texts:
        which = "the column {} is" if len(texts) == 1 else "the columns {} are"
        count = sum(len(by_column[name]) for name in texts)
        told = which.format(joined_names(texts, 4))
        yield f"{told} categorical, one-hot encoded as {count} inputs"
    for name, kind in kinds.items():
        if kind == "date":
            parts = [part.removeprefix(f"{name}_") for part in by_column[name][1:]]
            beside = f", {joined_names(parts)}" if parts else ""
            yield f"the date {name} is encoded as its ordinal day{beside}"
