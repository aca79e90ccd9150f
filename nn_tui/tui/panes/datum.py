"""One value of the data: as it is shown and typed, what it may be, where it comes from."""

from nn_tui.data.dataset import Dataset
from nn_tui.data.preprocessing import Feature, joined_names
from nn_tui.tui.drawing.data_columns import TableColumn
from nn_tui.tui.drawing.numbers import format_datum


def parse_datum(dataset: Dataset, sample: int, column: TableColumn) -> str:
    """The value of a sample as one would type it: a number in full, or the name of a class."""
    if column.kind == "target" and dataset.classes:
        return datum_text(dataset, sample, column)
    value = _number(dataset, sample, column)
    return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def datum_text(dataset: Dataset, sample: int, column: TableColumn) -> str:
    """The same in as many figures as pictures have."""
    value, classes = _number(dataset, sample, column), dataset.classes
    return classes[int(value)] if column.kind == "target" and classes else format_datum(value, 8)


def allowed_values(dataset: Dataset, column: TableColumn) -> str:
    """What may be typed, as a sentence."""
    if column.kind == "target" and dataset.classes:
        return f"{column.name} may be {joined_names(dataset.classes, 6)}"
    return f"{column.name} may be any number"


def where_from(dataset: Dataset, column: TableColumn) -> str:
    """Which raw columns an input is made from, as a sentence."""
    origin = dataset.origin
    assert origin is not None
    what = origin.preparation.chosen[column.index][0]
    if isinstance(what, Feature):
        numbers = [k for k in (0, 1) if f"x{k + 1}" in what.name]
    else:
        numbers = [what]
    names = " and ".join(f"{origin.names[k]} (column {k + 1})" for k in numbers)
    return f"{column.name} is computed from {names}: change it there"


def _number(dataset: Dataset, sample: int, column: TableColumn) -> float:
    arrays = {"raw": dataset.raw_inputs, "derived": dataset.inputs, "target": dataset.targets}
    return float(arrays[column.kind][sample, column.index])
