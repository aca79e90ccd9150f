"""``nn-tui paths``: the settings file and the state folder."""

import argparse

from nn_tui.commands.options import add_state_dir
from nn_tui.paths import settings_file, state_dir
from nn_tui.text import make_printable


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add ``--state-dir``."""
    add_state_dir(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print both paths, whether they exist or not."""
    settings = settings_file()
    missing = "" if settings.exists() else "  (does not exist yet)"
    print(f"settings  {make_printable(str(settings))}{missing}")
    print(f"runs      {make_printable(str(state_dir(arguments.state_dir)))}")
    return 0
