"""The arguments of commands that apply a trained model to a file of rows."""

import argparse
from pathlib import Path

from nn_tui import paths
from nn_tui.commands.console import print_message
from nn_tui.data.errors import DataError
from nn_tui.data.readers.new_table import NewTable
from nn_tui.data.readers.standard_input import SHOWN_NAME, STANDARD_INPUT, spooled_path
from nn_tui.errors import InputError
from nn_tui.fileio import reason, regular_file
from nn_tui.files.model import Model, model_of, read_model
from nn_tui.files.runs.run_store import RunStore
from nn_tui.runs import saved_snapshot
from nn_tui.text import make_printable


def add_model(parser: argparse.ArgumentParser) -> None:
    """Add MODEL|RUN (``model``)."""
    parser.add_argument(
        "model", metavar="MODEL|RUN", help="a file of nn-tui train --save, or a saved run"
    )


def named_model(word: str, state_dir: str | None) -> Model:
    """The model in the file ``word``, or that of the saved run. Raises InputError."""
    path = Path(word).expanduser()
    if path.exists():
        return read_model(path)
    try:
        folder = RunStore(paths.state_dir(state_dir) / "runs").find(word)
    except paths.NoHome:
        folder = None
    if folder is None:
        raise InputError(
            f"{make_printable(word)} is neither a model file nor a saved run; "
            "nn-tui runs lists the saved runs"
        )
    snapshot, warnings = saved_snapshot(folder)
    for warning in warnings:
        print_message(warning)
    return model_of(snapshot)


def table_for(model: Model, name: str) -> NewTable:
    """The rows of the file ``name``, with the columns of ``model``. Raises InputError."""
    path = Path(name).expanduser()
    try:
        path = spooled_path() if name == STANDARD_INPUT else regular_file(path)
    except DataError as error:
        raise InputError(f"{shown_name(name)}: {error}") from None
    except OSError as error:
        raise InputError(f"cannot read {shown_name(name)}: {reason(error)}") from None
    header = model.recipe.data.header
    return NewTable(path, header, model.sources, model.table, model.written)


def shown_name(name: str) -> str:
    """The name of the file ``name`` in messages."""
    return SHOWN_NAME if name == STANDARD_INPUT else make_printable(Path(name).name)
