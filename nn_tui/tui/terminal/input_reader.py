"""Reads the terminal: bytes to valid pieces, and pieces to Textual's events."""

import os
import threading
import time
from codecs import getincrementaldecoder
from collections.abc import Iterator
from selectors import EVENT_READ, DefaultSelector

from textual._xterm_parser import XTermParser
from textual.message import Message

from nn_tui.tui.terminal.escape_sequences import Kind, Piece
from nn_tui.tui.terminal.input_filters import InputFilter

_LOOK = 0.1
"""Seconds between checks whether input is still wanted."""
_CHUNK = 1 << 16


def pieces_read(fileno: int, unwanted: threading.Event) -> Iterator[list[Piece]]:
    """Yield the pieces of each read from a terminal until ``unwanted`` is set.

    Raises EOFError if the terminal is gone.
    """
    pieces_of = InputFilter()
    decode = getincrementaldecoder("utf-8")("replace").decode
    came = time.monotonic()
    with DefaultSelector() as selector:
        selector.register(fileno, EVENT_READ)
        while not unwanted.is_set():
            patience = pieces_of.patience
            left = _LOOK if patience is None else came + patience - time.monotonic()
            if selector.select(min(_LOOK, max(0, left))):
                data = _read(fileno)
                came = time.monotonic()
                yield pieces_of(decode(data))
            elif patience is not None and left <= 0:
                yield pieces_of.release()


def _read(fileno: int) -> bytes:
    try:
        data = os.read(fileno, _CHUNK)
    except OSError:
        data = b""
    if not data:
        raise EOFError
    return data


class EventParser:
    """Textual's parser, applied to complete pieces."""

    def __init__(self, debug: bool = False) -> None:
        self._parser = XTermParser(debug)

    def events(self, piece: Piece, most: int) -> Iterator[Message]:
        """Yield the events of a ``piece``; of plain characters at most ``most``."""
        if piece.kind is Kind.ALONE:
            parser = XTermParser()
            yield from parser.feed(piece.text)
            yield from parser.feed("")  # the end
        elif piece.text.startswith("\x1b"):
            yield from self._parser.feed(piece.text)
        elif text := piece.text[:most]:  # an empty string would end the input
            yield from self._parser.feed(text)
