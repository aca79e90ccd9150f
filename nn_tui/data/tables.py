"""Truth tables small enough to see whole."""

import numpy as np

from nn_tui.data.dataset import Dataset, as_column

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
