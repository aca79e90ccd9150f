"""New tables read at once, for tests of what ``predict`` and ``evaluate`` read in parts."""

import numpy as np

from nn_tui.commands.model_argument import table_for
from nn_tui.data.readers.new_rows import Replaced, encode_rows


def cells_of(table):
    """The names, all rows and their lines."""
    parts = table.read(list)
    rows = [row for part in parts for row in part.rows]
    return parts[0].names, rows, [line for part in parts for line in part.lines]


def encoded(table, columns, sources, typical):
    """The raw columns of all rows, and what was replaced."""

    def encode(parts):
        replaced, made = Replaced(), []
        for part in parts:
            raw, of_part = encode_rows(part, columns, sources, typical)
            made.append(raw)
            replaced.add(of_part)
        return np.concatenate(made), replaced

    return table.read(encode)


def inputs_of(model, path):
    """The raw columns of the rows in a file, as ``predict`` encodes them."""
    table = table_for(model, str(path))
    return encoded(table, model.columns, model.sources, model.typical)[0]
