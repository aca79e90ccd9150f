"""``nn-tui evaluate``: the scores of a trained model on the labelled rows of a file."""

import argparse
import json
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from nn_tui.commands.console import print_message
from nn_tui.commands.model_argument import add_model, named_model, shown_name, table_for
from nn_tui.commands.options import add_state_dir
from nn_tui.commands.score_tables import class_lines, score_lines
from nn_tui.data.errors import DataError
from nn_tui.data.readers.new_rows import NewRows, Replaced, encode_rows
from nn_tui.data.readers.new_targets import NewTargets, encode_targets, together
from nn_tui.errors import InputError
from nn_tui.files.model import Model
from nn_tui.training.scores import class_scores, constant_scores, scores
from nn_tui.types import Array


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add MODEL, the file of labelled rows, ``--json``."""
    add_model(parser)
    parser.add_argument(
        "rows",
        metavar="FILE.csv",
        help="rows with the same columns and their target; - is standard input",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    add_state_dir(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the scores of all rows with a known target. Raises InputError."""
    model = named_model(arguments.model, arguments.state_dir)
    table = table_for(model, arguments.rows)
    name = shown_name(arguments.rows)
    try:
        evaluated = table.read(lambda parts: predicted_rows(model, parts))
    except DataError as error:
        raise InputError(f"{name}: {error}") from None
    replaced, targets = evaluated.replaced, evaluated.targets
    true = targets.values[targets.known]
    predictions = evaluated.predictions[targets.known]
    parts = {"model": scores(predictions, true, model.rule, model.probable_outputs)}
    classes = class_scores(predictions, true, model.rule)
    if model.baseline is not None:
        parts["baseline"] = constant_scores(
            model.baseline, true, model.rule, model.probable_outputs
        )
    notes = [*table.notes, *replaced.notes, *targets.notes]
    if not arguments.json:
        for note in notes:
            print_message(note)
        rows = "1 row" if len(true) == 1 else f"{len(true):,} rows"
        lines = [*score_lines(parts), *class_lines("", classes)]
        print("\n".join([f"{name}: {rows} evaluated", *lines]))
        return 0
    report = {
        "file": name,
        "rows": len(targets.known),
        "evaluated": len(true),
        "missing_values": replaced.missing,
        "unknown_categories": replaced.unknown,
        "missing_targets": targets.missing,
        "unknown_classes": targets.unknown,
        "metrics": {"model": parts["model"], "baseline": parts.get("baseline")},
        "classes": [entry._asdict() for entry in classes],
    }
    print(json.dumps(report, allow_nan=False))
    return 0


class PredictedRows(NamedTuple):
    """The predictions (rows, outputs) and the targets of all rows, and what was replaced."""

    predictions: Array
    targets: NewTargets
    replaced: Replaced


def predicted_rows(model: Model, parts: Iterable[NewRows]) -> PredictedRows:
    """Return what the model predicts for the ``parts`` of a table. Raises DataError."""
    replaced, predictions, targets = Replaced(), [], []
    for table in parts:
        raw, of_part = encode_rows(table, model.columns, model.sources, model.typical)
        replaced.add(of_part)
        outputs = model.network.sizes[-1]
        targets.append(encode_targets(table, model.target_names, model.rule, outputs))
        predictions.append(model.predict(raw))
    return PredictedRows(np.concatenate(predictions), together(targets, model.rule), replaced)
