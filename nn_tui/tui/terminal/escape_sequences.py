"""Escape sequences that a terminal sends: which are valid, and the bounds of their numbers.

Textual's parser trusts its input: an invalid code point, a colon instead of a number or a
window without columns raises an exception, and a window of a billion cells takes all memory.
Unknown sequences become keys. So only the sequences listed here are passed on to it, with
their numbers clipped.

Sources: ECMA-48, xterm's control sequences, kitty's keyboard protocol.
"""

import re
from enum import Enum, auto
from typing import NamedTuple

from textual import constants
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._keyboard_protocol import FUNCTIONAL_KEYS

LARGEST_WINDOW = (1000, 400)
"""Columns and rows; larger sizes are clipped."""

PASTE_START, PASTE_END = "\x1b[200~", "\x1b[201~"
STATUS_OK = "\x1b[0n"
"""The answer to a device status report: no malfunction."""

_LONGEST = 32
"""Characters of the longest sequence in Textual's parser; it reads longer ones as keys."""
_MOST_PIXELS = 100_000
_LAST_CODE_POINT = 0x10FFFF

_FOCUS = ("\x1b[I", "\x1b[O")
_MODE_REPORT = re.compile(r"\x1b\[\?(?:2026|2048);[0-4]\$y")
_MOUSE = re.compile(r"\x1b\[<[0-9]{1,3};[0-9]{1,5};[0-9]{1,5}[Mm]")
_SIZE = re.compile(r"\x1b\[48" + r";([0-9]{1,5})(?::[0-9:]*)?" * 4 + "t")
_CURSOR_POSITION = re.compile(r"\x1b\[[0-9]+;[0-9]+R")
_KEY = re.compile(
    r"\x1b\[([0-9]{1,7})(?::[0-9:]*)?"  # its code point; with shift, and on the base layout
    r"(?:;([0-9]{0,3})(?::([0-9]))?)?"  # modifiers; pressed, repeated or released
    r"(?:;([0-9:]*))?"  # the text it produces
    r"([u~ABCDEFHPQS])"
)
_RELEASED = "3"
_CTRL, _LOCKS = 4, 64 | 128
"""Modifier bits: ctrl; caps lock and num lock."""


class Kind(Enum):
    """How a piece of input is handled."""

    TYPED = auto()
    """For Textual's parser: plain characters, or one sequence it knows."""
    ALONE = auto()
    """For Textual's parser, with nothing after it: escape, or alt and a key."""
    ANSWER = auto()
    """The terminal has answered a status report."""
    INTERRUPT = auto()
    """Ctrl+C, which overtakes all other input."""


class Piece(NamedTuple):
    """One piece of input from the terminal."""

    kind: Kind
    text: str = ""


INTERRUPT = Piece(Kind.INTERRUPT, "\x03")


def classify(sequence: str) -> Piece | None:
    """Classify a complete CSI or SS3 ``sequence``; None if it is to be dropped."""
    if sequence == STATUS_OK:
        return Piece(Kind.ANSWER)
    if _CURSOR_POSITION.fullmatch(sequence):
        return None  # never requested
    known = sequence in ANSI_SEQUENCES_KEYS or sequence in _FOCUS
    if known or _MODE_REPORT.fullmatch(sequence) or _MOUSE.fullmatch(sequence):
        return Piece(Kind.TYPED, sequence)
    if found := _SIZE.fullmatch(sequence):
        return _window(*map(int, found.groups()))
    if found := _KEY.fullmatch(sequence):
        return _key(*found.groups(default=""))
    return None


def _window(rows: int, columns: int, height: int, width: int) -> Piece | None:
    """A window size in cells and pixels, clipped; 0 pixels: unknown."""
    if not rows or not columns:
        return None
    columns, rows = min(columns, LARGEST_WINDOW[0]), min(rows, LARGEST_WINDOW[1])
    width = min(max(width, columns), _MOST_PIXELS)
    height = min(max(height, rows), _MOST_PIXELS)
    return Piece(Kind.TYPED, f"\x1b[48;{rows};{columns};{height};{width}t")


def _key(code: str, modifiers: str, event: str, text: str, final: str) -> Piece | None:
    """A key of kitty's protocol, reduced to the fields that Textual knows."""
    if event == _RELEASED:
        return None
    point, held = int(code), max(0, int(modifiers or 1) - 1)
    if final == "u" and point == ord("c") and held & ~_LOCKS == _CTRL:
        return INTERRUPT
    written = "".join(_printable(int(p)) for p in text.split(":") if p and len(p) <= 7)
    named = f"{point}{final}" in FUNCTIONAL_KEYS
    valid = named or (final == "u" and (written or _printable(point)))
    if constants.DISABLE_KITTY_KEY or not valid:
        return None
    codes = ":".join(str(ord(character)) for character in written)
    sequence = f"\x1b[{point}" + (f";{modifiers}" if modifiers or codes else "")
    sequence += (f";{codes}" if codes else "") + final
    return Piece(Kind.TYPED, sequence if len(sequence) <= _LONGEST else written)


def _printable(point: int) -> str:
    """The character; empty for control characters, surrogates and invalid code points."""
    character = chr(point) if point <= _LAST_CODE_POINT else ""
    return character if character.isprintable() else ""
