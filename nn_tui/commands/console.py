"""Messages on standard error."""

import os
import sys
from typing import TextIO

from nn_tui.text import make_printable


def print_message(sentence: str) -> None:
    """Print ``sentence`` on stderr, in one line that starts with ``nn-tui:``."""
    print_stderr(f"nn-tui: {make_printable(sentence)}")


def print_stderr(text: str) -> None:
    """Print ``text`` on stderr; a failure to write is ignored."""
    if sys.stderr is None:
        return
    try:
        print(text, file=sys.stderr, flush=True)
    except OSError:
        silence(sys.stderr)


def silence(stream: TextIO) -> None:
    """Redirect ``stream`` to the null device, so that Python's flush at exit cannot fail."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
