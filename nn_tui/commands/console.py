"""What commands say on stderr."""

import sys

from nn_tui.text import printable


def say(sentence: str) -> None:
    """One line on stderr, after the program's name."""
    if sys.stderr is not None:
        print(f"nn-tui: {printable(sentence)}", file=sys.stderr)
