"""Built-in datasets: CSV files in ``files`` (see ``files/README.md``), and truth tables."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from nn_tui.data.dataset import Dataset, as_column
from nn_tui.data.labels import as_classes

_FOLDER = Path(__file__).parent / "files"


class BuiltinTable(NamedTuple):
    """A built-in dataset; its file is ``files/{name}.csv``.

    ``classes``: the integer targets are classes. ``picture`` is (height, width) where the
    inputs are the pixels of an image.
    """

    name: str
    help: str
    classes: bool = False
    picture: tuple[int, int] | None = None


_ENTRIES = (
    BuiltinTable("iris", "150 irises of 3 species by sepal and petal size (Fisher 1936)"),
    BuiltinTable(
        "digits",
        "1,797 handwritten digits, images of 8 × 8 pixels (Alpaydin and Kaynak 1998)",
        classes=True,
        picture=(8, 8),
    ),
    BuiltinTable(
        "diabetes",
        "disease progression of 442 patients from 10 measurements (Efron et al. 2004)",
    ),
)

BUNDLED: dict[str, BuiltinTable] = {entry.name: entry for entry in _ENTRIES}
"""Built-in datasets by name."""


def load_builtin(name: str, target: Sequence[str] = (), features: Sequence[str] = ()) -> Dataset:
    """Read a built-in dataset in file order, unsplit.

    ``target`` and ``features`` select columns as for any file. Raises DataError.
    """
    from nn_tui.data.readers.csv_reader import read_csv  # imported on first use: start-up time

    entry = BUNDLED[name]
    table = read_csv(_FOLDER / f"{name}.csv", target=target, features=features)
    dataset = replace(table, name=name)
    if entry.classes and not target:
        dataset = as_classes(dataset)
    height, width = entry.picture or (0, 0)
    all_pixels = entry.picture and dataset.inputs.shape[1] == height * width
    return replace(dataset, picture=entry.picture) if all_pixels else dataset


_TWO_INPUTS = ((0, 0), (0, 1), (1, 0), (1, 1))
_THREE_INPUTS = ((0, 0, 1), (0, 1, 1), (1, 0, 1), (1, 1, 1))

_ROWS = {
    "blog": (_THREE_INPUTS, (0, 0, 1, 1)),
    "blog-xor": (_THREE_INPUTS, (0, 1, 1, 0)),
    "and": (_TWO_INPUTS, (0, 0, 0, 1)),
    "or": (_TWO_INPUTS, (0, 1, 1, 1)),
    "xor": (_TWO_INPUTS, (0, 1, 1, 0)),
}

TABLES: dict[str, str] = {
    "blog": "the blog's four samples: the target is the first input",
    "blog-xor": "the blog's inputs with y = x1 xor x2, which requires the hidden layer",
    "and": "y = x1 and x2: linearly separable",
    "or": "y = x1 or x2: linearly separable",
    "xor": "y = x1 xor x2: not linearly separable",
}
"""Help of the truth tables, by name."""


def truth_table(name: str) -> Dataset:
    """Return a truth table, without a test set."""
    rows, targets = _ROWS[name]
    inputs = np.array(rows, np.float64)
    names = tuple(f"x{number}" for number in range(1, inputs.shape[1] + 1))
    return Dataset(name, inputs, as_column(targets), names, ("y",), train_count=len(inputs))
