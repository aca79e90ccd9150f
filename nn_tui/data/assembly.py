"""From the columns of a file to a dataset: texts become classes and one-hot inputs."""

import numpy as np

from nn_tui.data.clean import quoted
from nn_tui.data.column import CsvColumn
from nn_tui.data.dataset import Dataset
from nn_tui.data.errors import DataError
from nn_tui.data.labels import natural_order
from nn_tui.data.preprocessing import joined_names
from nn_tui.data.readers.csv_columns import ColumnLayout
from nn_tui.memory import refuse_too_much
from nn_tui.types import Array


def assemble(
    inputs: Array, targets: Array, layout: ColumnLayout, notes: tuple[str, ...]
) -> Dataset:
    """A dataset without a name, in the order of the rows, none of them held back.

    ``inputs`` and ``targets`` hold the columns of ``layout``, texts as category numbers.
    Raises DataError for classes of one kind only and for inputs that cannot be told apart.
    """
    classes: tuple[str, ...] = ()
    if layout.targets[0].categories is not None:
        codes, classes = _sorted_codes(targets[:, 0], layout.targets[0])
        if len(classes) < 2:
            raise DataError(f"every row has the class {quoted(classes[0])}: nothing can be learned")
        targets = codes[:, None].astype(np.float64)
    inputs, names, more = _one_hot(inputs, layout.inputs)
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise DataError(
            f"two inputs would be named {quoted(twice)}; rename the column of that name"
        )
    target_names = tuple(column.name for column in layout.targets)
    return Dataset(
        "",
        inputs,
        targets,
        names,
        target_names,
        len(inputs),
        classes,
        notes=(*notes, *more),
        columns=layout.names,
    )


def _sorted_codes(numbers: Array, column: CsvColumn) -> tuple[Array, tuple[str, ...]]:
    """Category numbers (rows,) in natural order, and the names of those that occur."""
    assert column.categories is not None
    met = [*column.categories]
    present = [met[int(number)] for number in np.unique(numbers)]
    names = natural_order(present)
    place = {name: number for number, name in enumerate(names)}
    return np.array([place.get(name, 0) for name in met])[numbers.astype(int)], tuple(names)


def _one_hot(
    inputs: Array, columns: tuple[CsvColumn, ...]
) -> tuple[Array, tuple[str, ...], tuple[str, ...]]:
    """Inputs, their names, and notes about the columns of texts."""
    if all(column.categories is None for column in columns):
        return inputs, tuple(column.name for column in columns), ()
    parts: list[tuple[Array, tuple[str, ...]]] = []
    for number, column in enumerate(columns):
        known = column.categories is not None
        parts.append(_sorted_codes(inputs[:, number], column) if known else (inputs[:, number], ()))
    width = sum(len(texts) or 1 for _, texts in parts)
    refuse_too_much(len(inputs), width, "the columns of texts as inputs")
    made = np.zeros((len(inputs), width))
    names: list[str] = []
    texts_of: dict[str, int] = {}
    rows = np.arange(len(inputs))
    for column, (values, texts) in zip(columns, parts, strict=True):
        if column.categories is None:
            made[:, len(names)] = values
            names.append(column.name)
        else:
            made[rows, len(names) + values] = 1
            names += (f"{column.name}={text}" for text in texts)
            texts_of[column.name] = len(texts)
    return made, tuple(names), (_told(texts_of),)


def _told(texts_of: dict[str, int]) -> str:
    """What became of columns of texts; ``texts_of`` is how many different ones each has."""
    count, names = sum(texts_of.values()), joined_names([*texts_of], 4)
    which = f"the column {names} is" if len(texts_of) == 1 else f"the columns {names} are"
    return f"{which} text: {count} inputs, one per text"
