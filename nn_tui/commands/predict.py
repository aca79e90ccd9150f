"""``nn-tui predict``: predictions of a trained model for the rows of a file."""

import argparse
import csv
import io

import numpy as np

from nn_tui.commands.console import print_message
from nn_tui.commands.model_argument import add_model, named_model, rows_for
from nn_tui.commands.options import add_force, add_state_dir, file_read
from nn_tui.data.decision_rule import UNDECIDED
from nn_tui.data.readers.new_rows import NewRows, encode_rows
from nn_tui.errors import InputError
from nn_tui.fileio import check_writable, replace_file
from nn_tui.files.model import Model
from nn_tui.files.outputs import (
    Output,
    check_apart,
    check_inputs_kept,
    check_replaceable,
    write_standard,
)
from nn_tui.types import Array


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
    table = rows_for(model, arguments.rows)
    raw, replaced = encode_rows(table, model.columns, model.sources, model.typical)
    text = predictions_csv(model, table, model.predict(raw), arguments.proba)
    for note in (*table.notes, *replaced.notes):
        print_message(note)
    if output.standard:
        write_standard(text.encode())
    else:
        check_writable(output.path)
        replace_file(output.path, lambda file: file.write(text.encode()))
    return 0


def predictions_csv(model: Model, table: NewRows, outputs: Array, probabilities: bool) -> str:
    """The cells of ``table``, then the predictions, as CSV.

    ``outputs`` are (rows, outputs). A prediction is the name of a class, empty if undecided,
    or a number in the target's units; ``probability_CLASS`` follows for each class.
    """
    header = [*table.names]
    columns: list[list[str]] = []
    if model.rule is not None and model.rule.names:
        names, numbers = model.rule.names, model.rule.decide(outputs)
        header.append(f"predicted_{model.target_names[0]}")
        columns.append(["" if n == UNDECIDED else names[int(n)] for n in numbers])
    else:
        header += (f"predicted_{name}" for name in model.target_names)
        columns += ([*map(repr, values.tolist())] for values in outputs.T)
    if probabilities and model.rule is not None:
        shares = outputs
        if outputs.shape[1] == 1:
            shares = np.column_stack([1 - outputs[:, 0], outputs[:, 0]])
        header += (f"probability_{name}" for name in model.rule.names)
        columns += ([*map(repr, values.tolist())] for values in shares.T)
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow(header)
    predicted = zip(*columns, strict=True)
    writer.writerows([*row, *made_of] for row, made_of in zip(table.rows, predicted, strict=True))
    return made.getvalue()
