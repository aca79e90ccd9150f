"""Real sets that come with the program, as small CSV files (see ``files/README.md``)."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from nn_tui.data.dataset import Dataset, as_column
from nn_tui.data.labels import as_classes

_FOLDER = Path(__file__).parent / "files"


class BuiltinTable(NamedTuple):
    """One entry; the file is ``files/{name}.csv``.

    ``classes`` says that the numbers of the target are classes; ``picture`` is (height,
    width) of the inputs where they are pixels.
    """

    name: str
    help: str
    classes: bool = False
    picture: tuple[int, int] | None = None


_ENTRIES = (
    BuiltinTable("iris", "150 irises of 3 species by the size of their leaves (Fisher 1936)"),
    BuiltinTable(
        "digits",
        "1,797 handwritten digits, pictures of 8 × 8 pixels (Alpaydin and Kaynak 1998)",
        classes=True,
        picture=(8, 8),
    ),
    BuiltinTable(
        "diabetes",
        "442 patients, 10 measures each: how far the illness went in a year (Efron et al. 2004)",
    ),
)

BUNDLED: dict[str, BuiltinTable] = {entry.name: entry for entry in _ENTRIES}
"""Bundled sets by name."""


def load_builtin(name: str, target: Sequence[str] = (), features: Sequence[str] = ()) -> Dataset:
    """The whole set in the order of its file, none of it held back.

    ``target`` and ``features`` choose columns as for any file. Raises DataError.
    """
    from nn_tui.data.readers.csv_reader import read_csv  # what generated sets do without

    entry = BUNDLED[name]
    made = replace(read_csv(_FOLDER / f"{name}.csv", target=target, features=features), name=name)
    if entry.classes and not target:
        made = as_classes(made)
    whole = entry.picture and made.inputs.shape[1] == entry.picture[0] * entry.picture[1]
    return replace(made, picture=entry.picture) if whole else made


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
    "blog-xor": "the blog's inputs with y = x1 xor x2, which needs the hidden layer",
    "and": "y = x1 and x2: one line parts the classes",
    "or": "y = x1 or x2: one line parts the classes",
    "xor": "y = x1 xor x2: no single line parts the classes",
}
"""Truth tables by name, with a line of help each."""


def truth_table(name: str) -> Dataset:
    """The truth table of that name: every sample trains, none is held back."""
    rows, targets = _ROWS[name]
    inputs = np.array(rows, np.float64)
    names = tuple(f"x{number}" for number in range(1, inputs.shape[1] + 1))
    return Dataset(name, inputs, as_column(targets), names, ("y",), train_count=len(inputs))
