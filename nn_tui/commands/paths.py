"""``nn-tui paths``: where the program's own files are."""

import argparse

from nn_tui.commands.options import add_state_dir
from nn_tui.paths import settings_file, state_dir
from nn_tui.text import make_printable


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``--state-dir``."""
    add_state_dir(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print a line for each; a file that is not there can be made there."""
    settings = settings_file()
    absent = "" if settings.exists() else "  (not there yet)"
    print(f"settings  {make_printable(str(settings))}{absent}")
    print(f"runs      {make_printable(str(state_dir(arguments.state_dir)))}")
    return 0
