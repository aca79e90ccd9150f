"""``nn-tui [EXPERIMENT]``: the screen."""

import argparse
import os
import sys
from dataclasses import replace
from pathlib import Path

from nn_tui.commands import COMMANDS
from nn_tui.commands.arguments import add_experiment
from nn_tui.commands.messages import say
from nn_tui.commands.progress_line import Reading
from nn_tui.paths import settings_file
from nn_tui.settings import Settings, read_settings

_NO_SCREEN = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """EXPERIMENT and ``--set``; ``--keys`` and ``--ascii``."""
    add_experiment(parser)
    parser.add_argument(
        "--keys",
        metavar="FILE",
        help="settings to take instead of your own (nn-tui paths names that file), such as "
        'run = "g" under [keys]',
    )
    parser.add_argument("--ascii", action="store_true", help="draw with ASCII characters only")


def run(arguments: argparse.Namespace) -> int:
    """Open the screen and return its exit code; 2 where there can be none.

    Raises InputError.
    """
    from nn_tui import experiment

    settings = _settings(arguments)
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

    from nn_tui.tui import app

    return app.run(opened.name, opened.recipe, opened.dataset, settings)


def _settings(arguments: argparse.Namespace) -> Settings:
    own = settings_file()
    settings = Settings()
    if arguments.keys is not None:
        settings = read_settings(Path(arguments.keys))
    elif own.exists():
        settings = read_settings(own)
    return replace(settings, ascii=True) if arguments.ascii else settings


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
