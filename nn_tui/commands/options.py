"""Arguments that several commands take."""

import argparse
import os
from collections.abc import Container
from pathlib import Path

from nn_tui.recipe.fields import FIELDS


def add_experiment(parser: argparse.ArgumentParser) -> None:
    """EXPERIMENT and ``--set``: as ``experiment`` (text or None) and ``set`` (a list)."""
    parser.add_argument(
        "experiment",
        nargs="?",
        metavar="EXPERIMENT",
        help="a preset (nn-tui list names them), a recipe file that ends in .toml, a CSV, TSV, "
        "NPZ or NPY file, or a TensorFlow Playground link; without it, the blog's",
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="change a key of the recipe, such as network.hidden=8; may be repeated",
    )


def add_state_dir(parser: argparse.ArgumentParser) -> None:
    """``--state-dir``, as ``state_dir`` (text or None); ``paths.state_dir`` reads it."""
    parser.add_argument(
        "--state-dir",
        metavar="FOLDER",
        help="where runs are kept (otherwise NN_TUI_STATE_DIR, or the platform's folder)",
    )


def add_force(parser: argparse.ArgumentParser) -> None:
    """``--force``, as ``force``."""
    parser.add_argument("--force", action="store_true", help="overwrite existing files")


def file_read(name: str | Path | None, built_in: Container[str] = ()) -> list[str]:
    """The file that a value of an option names, if there is one: no more than one entry.

    A name in ``built_in`` means what the program has by that name, whatever files there are.
    """
    if name is None or str(name) in built_in:
        return []
    path = os.path.expanduser(name)
    return [path] if os.path.exists(path) else []


def add_epochs(parser: argparse.ArgumentParser, help: str) -> None:
    """``--epochs N``: as ``epochs`` (a number or None)."""
    parser.add_argument("--epochs", type=_epochs, metavar="N", help=help)


def _epochs(text: str) -> int:
    try:
        count: int = FIELDS["training.epochs"].kind.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} is not allowed: {error}") from None
    return count
