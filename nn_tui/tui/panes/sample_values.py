"""Values of the samples, and predictions of one, as text."""

from nn_tui.data.dataset import Dataset
from nn_tui.data.decision_rule import UNDECIDED
from nn_tui.data.input_form import number_text
from nn_tui.data.preprocessing import Feature, joined_names
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.drawing.data_columns import ShownColumn
from nn_tui.tui.drawing.numbers import format_datum, format_fixed
from nn_tui.types import Array


def editable_datum(dataset: Dataset, sample: int, column: ShownColumn) -> str:
    """Return a value as you would type it: a number in full, or the name of a class."""
    if column.kind == "target" and dataset.classes:
        return displayed_datum(dataset, sample, column)
    return number_text(_number(dataset, sample, column))


def displayed_datum(dataset: Dataset, sample: int, column: ShownColumn) -> str:
    """Return a value with the digits shown on the screen, or the name of a class."""
    value, classes = _number(dataset, sample, column), dataset.classes
    return classes[int(value)] if column.kind == "target" and classes else format_datum(value, 8)


def allowed_values(dataset: Dataset, column: ShownColumn) -> str:
    """Return a sentence on the values a cell accepts."""
    if column.kind == "target" and dataset.classes:
        return f"{column.name} must be one of {joined_names(dataset.classes, 6)}"
    return f"{column.name}: type a number"


def describe_origin(dataset: Dataset, column: ShownColumn) -> str:
    """Return a sentence on the raw columns an input is computed from."""
    origin = dataset.origin
    assert origin is not None
    source = origin.preparation.chosen[column.index][0]
    if isinstance(source, Feature):
        numbers = [k for k in (0, 1) if f"x{k + 1}" in source.name]
    else:
        numbers = [source]
    names = " and ".join(f"{origin.names[k]} (column {k + 1})" for k in numbers)
    return f"{column.name} is computed from {names}; edit that instead"


def _number(dataset: Dataset, sample: int, column: ShownColumn) -> float:
    arrays = {"raw": dataset.raw_inputs, "derived": dataset.inputs, "target": dataset.targets}
    return float(arrays[column.kind][sample, column.index])


def displayed_prediction(snapshot: Snapshot, predictions: Array) -> str:
    """Return the predictions (outputs,) of a sample: a number, or the class and its output."""
    rule = snapshot.dataset.decision_rule(snapshot.network.output)
    if len(predictions) > 1 and rule is not None and rule.names:
        predicted = int(rule.decide(predictions))
        name = "–" if predicted == UNDECIDED else rule.names[predicted]
        return f"{name} {format_fixed(float(predictions.max()), 6).strip()}"
    return format_fixed(float(predictions[0]), 7).strip()
