"""Columns of the data table, and which of them are visible."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, NamedTuple
from weakref import WeakKeyDictionary

from rich.cells import cell_len

from nn_tui.data.dataset import Dataset
from nn_tui.tui.drawing.column_numbers import NumberLayout, formats_of
from nn_tui.tui.drawing.labels import distinct_labels
from nn_tui.tui.drawing.short_names import LONGEST_CLASS, short_names, shortened

ColumnKind = Literal["raw", "derived", "target", "prediction", "class", "confidence", "difference"]

OUTPUT_WIDTH = 6
_SIGN = 2  # cells of the mark of a class and a blank
_CUT_CLASS = 5
_CUT_NAME = 5
_OUTPUT_FORMAT = NumberLayout(OUTPUT_WIDTH, None)
_INPUTS = ("raw", "derived")


@dataclass(frozen=True)
class ShownColumn:
    """A column; ``index`` counts raw inputs, network inputs (``derived``) or outputs.

    ``heading`` is the short name. ``classes`` are the names of the classes in the column, as
    they are shown; empty for numbers, which have ``numbers`` as their format.
    """

    kind: ColumnKind
    index: int
    name: str
    heading: str
    width: int
    numbers: NumberLayout = _OUTPUT_FORMAT
    classes: tuple[str, ...] = ()

    @property
    def chosen(self) -> bool:
        """Whether the cursor can be on this column."""
        return self.kind in ("raw", "derived", "target")

    @property
    def is_input(self) -> bool:
        """Whether it is an input, raw or computed; these scroll."""
        return self.kind in _INPUTS


class ColumnSpan(NamedTuple):
    """A visible column, from the cell ``left`` on."""

    column: ShownColumn
    left: int


def table_columns(dataset: Dataset, outputs: int, room: int) -> list[ShownColumn]:
    """Return raw columns, inputs computed from them, then targets and predictions.

    If they do not fit in ``room``, the error gives way to the inputs. So that two inputs stay
    visible, or at least one, the confidence gives way, inputs have fewer decimals and the classes
    are cut. The name of an input is cut only if no input would be visible.
    """
    inputs, answers = _inputs(dataset), _answers(dataset, outputs, LONGEST_CLASS)
    if total_width(inputs) + total_width(answers) <= room:
        return [*inputs, *answers]
    if answers[-1].kind == "difference":
        answers.pop()
    spare = room - total_width(inputs) - total_width(answers)
    if spare < 0 and answers[-1].kind == "confidence" and spare + answers[-1].width + 1 >= 0:
        answers.pop()
    inputs = _rounded_to_fit(inputs, answers, dataset, outputs, room)
    answers = _fitting(inputs, answers, dataset, outputs, room)
    if inputs and room - total_width(answers) < _needed(inputs, 1):
        inputs = [_narrowed(column) for column in inputs]
    return [*inputs, *answers]


def _rounded_to_fit(
    inputs: list[ShownColumn],
    answers: list[ShownColumn],
    dataset: Dataset,
    outputs: int,
    room: int,
) -> list[ShownColumn]:
    """Return ``inputs`` with fewer decimals, at least one, where only so two are visible."""
    ways = [inputs, *([_rounded(column, less) for column in inputs] for less in (1, 2))]
    for way in ways:
        if total_width(answers) + _needed(way, 2) <= room:
            return way
    cut = _fitting(ways[-1], answers, dataset, outputs, room)
    return ways[-1] if total_width(cut) + _needed(ways[-1], 2) <= room else inputs


def _rounded(column: ShownColumn, less: int) -> ShownColumn:
    numbers = column.numbers
    less = min(less, (numbers.decimals or 0) - 1)
    if less < 1 or numbers.decimals is None:
        return column
    numbers = NumberLayout(numbers.width - less, numbers.decimals - less)
    return replace(column, numbers=numbers, width=max(numbers.width, cell_len(column.heading)))


def _fitting(
    inputs: Sequence[ShownColumn],
    answers: list[ShownColumn],
    dataset: Dataset,
    outputs: int,
    room: int,
) -> list[ShownColumn]:
    """Return ``answers``, without the confidence and with shorter classes as necessary."""
    if not answers[0].classes:
        return answers
    count = len([column for column in answers if column.kind != "confidence"])
    for shown in (2, 1):
        left = room - _needed(inputs, shown)
        if total_width(answers) <= left:
            return answers
        for widest in range(LONGEST_CLASS, _CUT_CLASS - 1, -1):
            shorter = _answers(dataset, outputs, widest)[:count]
            if total_width(shorter) <= left:
                return shorter
    return _answers(dataset, outputs, _CUT_CLASS)[:count]


def _needed(inputs: Sequence[ShownColumn], shown: int) -> int:
    """Cells of the first inputs, and of the number of those hidden."""
    return total_width(inputs[:shown]) + _marker(len(inputs) - shown)


def total_width(columns: Sequence[ShownColumn]) -> int:
    """Return the cells of ``columns``, each with a blank."""
    return sum(column.width + 1 for column in columns)


def _marker(hidden: int) -> int:
    """Cells of the number of hidden columns, and a blank."""
    return len(hidden_text(hidden)) + 1 if hidden > 0 else 0


def hidden_text(count: int) -> str:
    """Say how many columns are hidden."""
    return f"+{count}" if count else ""


def _narrowed(column: ShownColumn) -> ShownColumn:
    width = max(column.numbers.width, min(column.width, _CUT_NAME))
    heading = distinct_labels((column.heading,), width)[0]
    return replace(column, width=width, heading=heading)


_MEASURED: WeakKeyDictionary[Dataset, tuple[list[ShownColumn], list[NumberLayout]]] = (
    WeakKeyDictionary()
)
"""Input columns, and the formats of the targets, measured once per data set."""


def _inputs(dataset: Dataset) -> list[ShownColumn]:
    return _measured(dataset)[0]


def _measured(dataset: Dataset) -> tuple[list[ShownColumn], list[NumberLayout]]:
    if dataset not in _MEASURED:
        short = short_names(dataset)
        columns = [
            _input("raw", i, name, heading, numbers)
            for i, (name, heading, numbers) in enumerate(
                zip(dataset.raw_names, short.raw, formats_of(dataset.raw_inputs), strict=True)
            )
        ]
        if dataset.origin is not None:
            known = {*dataset.raw_names}
            formats = formats_of(dataset.inputs)
            columns += [
                _input("derived", i, name, short.inputs[i], formats[i])
                for i, name in enumerate(dataset.input_names)
                if name not in known
            ]
        _MEASURED[dataset] = columns, formats_of(dataset.targets)
    return _MEASURED[dataset]


def _input(
    kind: ColumnKind, index: int, name: str, heading: str, numbers: NumberLayout
) -> ShownColumn:
    width = max(numbers.width, cell_len(heading))
    return ShownColumn(kind, index, name, heading, width, numbers)


def _answers(dataset: Dataset, outputs: int, widest: int) -> list[ShownColumn]:
    """Targets and predictions, and what follows from them; classes have ``widest`` cells."""
    short = short_names(dataset)
    count = dataset.targets.shape[1]
    names = dataset.target_names if len(dataset.target_names) == count else ()
    headings = short.targets if names else ()
    one = "" if count == 1 else "1"
    classes = short.classes or (dataset.class_names if count == 1 else ())
    if not classes:
        columns = []
        for k, numbers in enumerate(_measured(dataset)[1]):
            number = one and str(k + 1)
            name = names[k] if names else f"y{number}"
            heading = headings[k] if names else name
            width = max(numbers.width, cell_len(heading))
            columns.append(ShownColumn("target", k, name, heading, width, numbers))
            width = max(OUTPUT_WIDTH, min(numbers.width, OUTPUT_WIDTH + 1))
            columns.append(ShownColumn("prediction", k, f"ŷ{number}", f"ŷ{number}", width))
        if count == 1:
            columns.append(_difference(OUTPUT_WIDTH + 1))
        return columns
    name, heading = (names[0], headings[0]) if names else ("y", "y")
    labels = _class_labels(classes, widest)
    width = _SIGN + max(map(cell_len, labels))
    target = ShownColumn("target", 0, name, heading, max(width, cell_len(heading)), classes=labels)
    if outputs > 1:
        predicted = ShownColumn("class", 0, "ŷ", "ŷ", width - _SIGN, classes=labels)
        confidence = ShownColumn("confidence", 0, "conf", "conf", OUTPUT_WIDTH)
        return [target, predicted, confidence]
    predicted = ShownColumn("prediction", 0, "ŷ", "ŷ", OUTPUT_WIDTH)
    return [target, predicted, _difference(OUTPUT_WIDTH)]


@lru_cache(maxsize=64)
def _class_labels(classes: tuple[str, ...], widest: int) -> tuple[str, ...]:
    short = shortened(classes, widest)
    return tuple(short[name] for name in classes)


def _difference(width: int) -> ShownColumn:
    return ShownColumn("difference", 0, "y - ŷ", "y - ŷ", width)


def selectable_columns(columns: Sequence[ShownColumn]) -> list[ShownColumn]:
    """Return the columns that the cursor moves over."""
    return [column for column in columns if column.chosen]


_APART = 5, 3
"""Most blanks that spare room adds before the targets, and before each other answer."""


def visible_columns(
    columns: Sequence[ShownColumn],
    left: int,
    right: int,
    cursor: int,
    first: int,
    reserved: int = 0,
) -> tuple[list[ColumnSpan], int]:
    """Place the columns from ``left`` to ``right``; return them and the first input shown.

    Targets and predictions stay while inputs scroll, unless no input would fit; the number of
    hidden columns has its place between them. ``cursor`` counts ``selectable_columns``;
    ``first`` changes only as far as the cursor requires. Spare cells, except for those
    ``reserved``, set targets and predictions apart.
    """
    scrolled = [column for column in columns if column.is_input]
    fixed = list(columns[len(scrolled) :])
    room = right - left - total_width(fixed)
    if scrolled and room < scrolled[0].width + 1 < right - left:
        scrolled, fixed, room = list(columns), [], right - left
    spare = room - total_width(scrolled)
    chosen = selectable_columns(columns)[cursor]
    at = scrolled.index(chosen) if chosen in scrolled else None
    widths = [column.width + 1 for column in scrolled]
    marker = _marker(len(scrolled) - 1) if spare < 0 and fixed else 0
    if marker and room - marker < widths[at or 0]:
        marker = 0
    first, stop = _window(widths, room - marker, at, first)
    spans = []
    for column in scrolled[first:stop]:
        spans.append(ColumnSpan(column, left + 1))
        left += column.width + 1
    left += marker
    spare = max(0, spare - reserved)
    for place, column in enumerate(fixed):
        blanks = min(_APART[place > 0], -(-spare // (len(fixed) - place)))
        spare -= blanks
        spans.append(ColumnSpan(column, left + 1 + blanks))
        left += blanks + column.width + 1
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
