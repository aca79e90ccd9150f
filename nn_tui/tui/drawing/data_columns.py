"""Columns of the data table, and which of them are visible."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple
from weakref import WeakKeyDictionary

from nn_tui.data.dataset import Dataset
from nn_tui.tui.drawing.numbers import format_datum
from nn_tui.types import Array

ColumnKind = Literal["raw", "derived", "target", "prediction", "class", "confidence", "difference"]

OUTPUT_WIDTH = 6
_DIFFERENCE = 7
_WIDEST_NAME = 14
_WIDEST_VALUE = 7
_WIDEST_CLASS = 12
_CUT_NAME, _CUT_CLASS = 5, 8
_LOOKED_AT = 4000  # values, for the widths of all columns


@dataclass(frozen=True)
class TableColumn:
    """A column; ``index`` counts raw inputs, network inputs (``derived``) or outputs."""

    kind: ColumnKind
    index: int
    name: str
    width: int

    @property
    def chosen(self) -> bool:
        """Whether the cursor can be on this column."""
        return self.kind in ("raw", "derived", "target")


class ColumnSpan(NamedTuple):
    """A visible column, from the cell ``left`` on."""

    column: TableColumn
    left: int


def table_columns(dataset: Dataset, outputs: int, room: int) -> list[TableColumn]:
    """Return raw columns, inputs computed from them, then targets and predictions.

    Names are shortened to the widths of the values if the columns do not fit in ``room``.
    """
    for names, classes in (
        (_WIDEST_NAME, _WIDEST_CLASS),
        (_WIDEST_VALUE, _WIDEST_CLASS),
        (_WIDEST_VALUE, _CUT_CLASS),
    ):
        inputs, answers = _inputs(dataset, names), _answers(dataset, outputs, classes)
        if sum(column.width + 1 for column in (*inputs, *answers)) <= room:
            break
    else:
        left = room - sum(column.width + 1 for column in answers)
        two = sum(column.width + 1 for column in inputs[:2])
        if answers[-1].kind == "difference" or (answers[-1].kind == "confidence" and left < two):
            left += answers.pop().width + 1  # it follows from the others, or needs a wider window
        if inputs and left < inputs[0].width + 1:
            inputs = _inputs(dataset, _CUT_NAME)  # or targets and predictions would be hidden
    return [*inputs, *answers]


_MEASURED: WeakKeyDictionary[Dataset, dict[int, list[TableColumn]]] = WeakKeyDictionary()
"""Input columns by the maximum width of a name, measured once per data set."""


def _inputs(dataset: Dataset, widest: int) -> list[TableColumn]:
    known = _MEASURED.setdefault(dataset, {})
    if widest not in known:
        known[widest] = _measured(dataset, widest)
    return known[widest]


def _measured(dataset: Dataset, widest: int) -> list[TableColumn]:
    raw = dataset.raw_names
    columns = [
        TableColumn("raw", i, name, _width(name, dataset.raw_inputs, i, widest))
        for i, name in enumerate(raw)
    ]
    if dataset.origin is not None:
        known = {*raw}
        columns += [
            TableColumn("derived", i, name, _width(name, dataset.inputs, i, widest))
            for i, name in enumerate(dataset.input_names)
            if name not in known
        ]
    return columns


def _width(name: str, inputs: Array, column: int, widest: int) -> int:
    """Return the width of the first values, or of the name up to ``widest`` cells."""
    rows = max(2, min(40, _LOOKED_AT // inputs.shape[1]))
    values = inputs[:rows, column].tolist()
    longest = max((len(format_datum(value, _WIDEST_VALUE)) for value in values), default=1)
    return max(4, min(_WIDEST_VALUE, longest), min(widest, len(name)))


def _answers(dataset: Dataset, outputs: int, widest: int) -> list[TableColumn]:
    name = dataset.target_names[0] if dataset.target_names else "y"
    if not dataset.classes:
        columns = []
        for k in range(dataset.targets.shape[1]):
            number = "" if dataset.targets.shape[1] == 1 else str(k + 1)
            target_name = dataset.target_names[k] if k < len(dataset.target_names) else f"y{number}"
            columns.append(TableColumn("target", k, target_name, OUTPUT_WIDTH))
            columns.append(TableColumn("prediction", k, f"ŷ{number}", OUTPUT_WIDTH))
        if len(columns) == 2:
            columns.append(TableColumn("difference", 0, "y - ŷ", _DIFFERENCE))
        return columns
    width = max(3, min(widest, max(map(len, dataset.classes))), min(_WIDEST_VALUE, len(name)))
    if outputs > 1:
        answers = (
            TableColumn("class", 0, "ŷ", width),
            TableColumn("confidence", 0, "conf", OUTPUT_WIDTH),
        )
    else:
        answers = (
            TableColumn("prediction", 0, "ŷ", OUTPUT_WIDTH),
            TableColumn("difference", 0, "y - ŷ", _DIFFERENCE),
        )
        width = max(OUTPUT_WIDTH, width)
    return [TableColumn("target", 0, name, width), *answers]


def selectable_columns(columns: Sequence[TableColumn]) -> list[TableColumn]:
    """Return the columns that the cursor moves over."""
    return [column for column in columns if column.chosen]


def visible_columns(
    columns: Sequence[TableColumn], left: int, right: int, cursor: int, first: int
) -> tuple[list[ColumnSpan], int]:
    """Place the columns from ``left`` to ``right``; return them and the first input shown.

    Targets and predictions stay while inputs scroll, unless no input would fit. ``cursor``
    counts ``selectable_columns``; ``first`` changes only as far as the cursor requires.
    """
    scrolled = [c for c in columns if c.kind in ("raw", "derived")]
    fixed = columns[len(scrolled) :]
    room = right - left - sum(column.width + 1 for column in fixed)
    if scrolled and room < scrolled[0].width + 1 < right - left:
        scrolled, fixed, room = list(columns), [], right - left
    chosen = selectable_columns(columns)[cursor]
    at = scrolled.index(chosen) if chosen in scrolled else None
    first, stop = _window([column.width + 1 for column in scrolled], room, at, first)
    spans = []
    for column in (*scrolled[first:stop], *fixed):
        spans.append(ColumnSpan(column, left + 1))
        left += column.width + 1
    return spans, first


def _window(widths: Sequence[int], room: int, cursor: int | None, first: int) -> tuple[int, int]:
    """Return first and stop of the columns that fit, the cursor among them."""
    first = min(first, len(widths) - 1) if cursor is None else min(first, cursor)
    while cursor is not None and first < cursor and sum(widths[first : cursor + 1]) > room:
        first += 1
    first = max(0, first)
    while first > 0 and sum(widths[first - 1 :]) <= room:
        first -= 1
    stop = first
    while stop < len(widths) and (stop == first or sum(widths[first : stop + 1]) <= room):
        stop += 1
    return first, stop
