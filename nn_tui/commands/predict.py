"""``nn-tui predict``: predictions of a trained model for the rows of a file."""

import argparse
import csv
import io
import shutil
from collections.abc import Iterable
from tempfile import SpooledTemporaryFile
from typing import IO, cast

import numpy as np

from nn_tui.commands.console import print_message
from nn_tui.commands.model_argument import add_model, named_model, shown_name, table_for
from nn_tui.commands.options import add_force, add_state_dir, file_read
from nn_tui.data.decision_rule import UNDECIDED
from nn_tui.data.errors import DataError
from nn_tui.data.readers.new_rows import NewRows, Replaced, encode_rows
from nn_tui.errors import InputError
from nn_tui.fileio import check_writable, replace_file
from nn_tui.files.model import Model
from nn_tui.files.outputs import (
    Output,
    check_apart,
    check_inputs_kept,
    check_replaceable,
    standard_output,
)
from nn_tui.types import Array

_IN_MEMORY = 1 << 24
"""Bytes of predictions that are kept in memory before they go to standard output."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add MODEL, the file of new rows, ``-o``, ``--proba``."""
    add_model(parser)
    parser.add_argument(
        "rows",
        metavar="NEW.csv",
        help="rows to predict, with the same columns; - is standard input",
    )
    parser.add_argument(
        "-o", "--output", metavar="OUT.csv", default="-", help="default: standard output"
    )
    parser.add_argument(
        "--proba", action="store_true", help="also write the probability of every class"
    )
    add_force(parser)
    add_state_dir(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write the predictions as CSV. Raises InputError."""
    output = Output("-o", arguments.output)
    check_apart([output])
    read = file_read(arguments.rows) + file_read(arguments.model)
    check_inputs_kept([output], read)
    check_replaceable([output], arguments.force)
    model = named_model(arguments.model, arguments.state_dir)
    if arguments.proba and not model.probabilities:
        raise InputError(
            "--proba needs a model of classes with probabilities: the output sigmoid or softmax"
        )
    table = table_for(model, arguments.rows)

    replaced = Replaced()

    def write(file: IO[bytes]) -> None:
        nonlocal replaced
        replaced = table.read(lambda parts: write_predictions(file, model, parts, arguments.proba))

    try:
        if output.standard:  # nothing is written there before all rows are predicted
            with SpooledTemporaryFile(_IN_MEMORY) as made:
                write(cast(IO[bytes], made))
                made.seek(0)
                with standard_output() as file:
                    shutil.copyfileobj(made, file)
        else:
            check_writable(output.path)
            replace_file(output.path, write)
    except DataError as error:
        raise InputError(f"{shown_name(arguments.rows)}: {error}") from None
    for note in (*table.notes, *replaced.notes):
        print_message(note)
    return 0


def write_predictions(
    file: IO[bytes], model: Model, parts: Iterable[NewRows], probabilities: bool
) -> Replaced:
    """Write to ``file`` the cells of the ``parts`` of a table, then their predictions, as CSV.

    What the file has is overwritten. Returns what was replaced.
    """
    file.seek(0)
    file.truncate()
    replaced = Replaced()
    for number, table in enumerate(parts):
        raw, of_part = encode_rows(table, model.columns, model.sources, model.typical)
        replaced.add(of_part)
        header, columns = _predictions(model, model.predict(raw), probabilities)
        made = io.StringIO()
        writer = csv.writer(made, lineterminator="\n")
        if not number:
            writer.writerow([*table.names, *header])
        predicted = zip(*columns, strict=True)
        writer.writerows([*row, *end] for row, end in zip(table.rows, predicted, strict=True))
        file.write(made.getvalue().encode())
    return replaced


def _predictions(
    model: Model, outputs: Array, probabilities: bool
) -> tuple[list[str], list[list[str]]]:
    """Return names and cells of the columns of predictions from ``outputs`` (rows, outputs).

    A prediction is the name of a class, empty if undecided, or a number in the target's units;
    ``probability_CLASS`` follows for each class.
    """
    if model.rule is None or not model.rule.names:
        names = [f"predicted_{name}" for name in model.target_names]
        return names, [[*map(repr, values.tolist())] for values in outputs.T]
    classes, numbers = model.rule.names, model.rule.decide(outputs).tolist()
    names = [f"predicted_{model.target_names[0]}"]
    columns = [["" if number == UNDECIDED else classes[int(number)] for number in numbers]]
    if probabilities:
        shares = outputs
        if outputs.shape[1] == 1:
            shares = np.column_stack([1 - outputs[:, 0], outputs[:, 0]])
        names += (f"probability_{name}" for name in classes)
        columns += ([*map(repr, values.tolist())] for values in shares.T)
    return names, columns
