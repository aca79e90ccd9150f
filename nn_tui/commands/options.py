"""Arguments shared by several commands."""

import argparse
import os
from collections.abc import Container
from pathlib import Path


def add_experiment(parser: argparse.ArgumentParser) -> None:
    """Add EXPERIMENT (``experiment``, str or None) and ``--set`` (``set``, a list)."""
    parser.add_argument(
        "experiment",
        nargs="?",
        metavar="EXPERIMENT",
        help="a preset (see nn-tui list), a recipe file (.toml), a CSV, TSV, ARFF, NPZ or NPY "
        "file, - (standard input), or a TensorFlow Playground link; default: blog",
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="set a recipe key, for example network.hidden=8; may be repeated",
    )


def add_weights(parser: argparse.ArgumentParser) -> None:
    """Add ``--weights`` (``weights``, Path or None)."""
    parser.add_argument(
        "--weights",
        type=Path,
        metavar="IN.npz",
        help="initial weights: arrays W0 b0 W1 …; those of --save bring columns and scaling along",
    )


def add_state_dir(parser: argparse.ArgumentParser) -> None:
    """Add ``--state-dir`` (``state_dir``, str or None), for ``paths.state_dir``."""
    parser.add_argument(
        "--state-dir",
        metavar="FOLDER",
        help="folder of the saved runs; default: NN_TUI_STATE_DIR, or the platform's state folder",
    )


def add_force(parser: argparse.ArgumentParser) -> None:
    """Add ``--force`` (``force``)."""
    parser.add_argument("--force", action="store_true", help="overwrite existing files")


def file_read(name: str | Path | None, built_in: Container[str] = ()) -> list[str]:
    """The existing file that ``name`` refers to: a list of at most one path.

    A name in ``built_in`` never refers to a file, nor does - (standard input).
    """
    if name is None or str(name) in built_in or str(name) == "-":
        return []
    path = os.path.expanduser(name)
    return [path] if os.path.exists(path) else []


def add_epochs(parser: argparse.ArgumentParser, help: str) -> None:
    """Add ``--epochs N`` (``epochs``, int or None)."""
    parser.add_argument("--epochs", type=_epochs, metavar="N", help=help)


def _epochs(text: str) -> int:
    from nn_tui.recipe.fields import FIELDS  # with it comes NumPy, which most commands do without

    try:
        count: int = FIELDS["training.epochs"].kind.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} is not a number of epochs: {error}") from None
    return count
