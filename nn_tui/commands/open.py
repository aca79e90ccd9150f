"""``nn-tui [EXPERIMENT]``: the screen."""

import argparse
import gc
import os
import sys

from nn_tui.commands import COMMANDS
from nn_tui.commands.arguments import add_experiment
from nn_tui.commands.messages import say
from nn_tui.commands.progress_line import Reading

_NO_SCREEN = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """EXPERIMENT and ``--set``."""
    add_experiment(parser)


def run(arguments: argparse.Namespace) -> int:
    """Open the screen and return its exit code; 2 where there can be none.

    Raises InputError.
    """
    from nn_tui import experiment

    reading = Reading()
    opened = experiment.load(arguments.experiment, arguments.set, COMMANDS, reading)
    reading.clear()
    obstacle = _obstacle()
    if obstacle:
        say(f"{obstacle}, so there is no screen to draw on; nn-tui train needs none")
        return _NO_SCREEN
    if os.environ.get("SSH_CONNECTION"):
        # A dropped link would leave the user's shell in this keyboard mode; Textual reads
        # the variable when it is imported.
        os.environ["TEXTUAL_DISABLE_KITTY_KEY"] = "1"

    gc.disable()  # until the first picture: what a start makes, it keeps
    from nn_tui.tui import app

    return app.run(opened.name, opened.recipe, opened.dataset)


def _obstacle() -> str:
    streams = {
        "standard input": sys.stdin,
        "standard output": sys.stdout,
        "standard error": sys.stderr,
    }
    for name, stream in streams.items():
        if stream is None or not stream.isatty():
            return f"{name} is not a terminal"
    terminal = os.environ.get("TERM", "")
    if terminal in ("", "dumb", "unknown"):
        return f"TERM is {terminal}" if terminal else "TERM is not set"
    return ""
