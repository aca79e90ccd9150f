"""What commands say on stderr."""

import os
import sys
from typing import TextIO

from nn_tui.text import make_printable


def print_message(sentence: str) -> None:
    """One line on stderr, after the program's name."""
    tell(f"nn-tui: {make_printable(sentence)}")


def tell(text: str) -> None:
    """Lines on stderr; where it cannot be written, they are lost and nothing else is."""
    if sys.stderr is None:
        return
    try:
        print(text, file=sys.stderr, flush=True)
    except OSError:
        silence(sys.stderr)


def silence(stream: TextIO) -> None:
    """Lose what cannot be written to ``stream``, which Python would try again on its exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
