"""``--epochs N``, for the commands that train or write what trains."""

import argparse

from nn_tui.recipe.fields import FIELDS


def add_epochs(parser: argparse.ArgumentParser, help: str) -> None:
    """``--epochs N``: as ``epochs`` (a number or None)."""
    parser.add_argument("--epochs", type=_epochs, metavar="N", help=help)


def _epochs(text: str) -> int:
    try:
        count: int = FIELDS["training.epochs"].kind.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} is not allowed: {error}") from None
    return count
