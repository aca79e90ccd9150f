"""Escape sequences that a terminal sends: which ones mean something, and within what bounds.

Textual's parser trusts what it reads: a code point that is none, a colon where it expects a
number or a window without columns ends it, and a window of a billion cells takes all memory.
What it does not know it takes for keys. So only what is listed here goes on to it, with
numbers that it can bear.

The forms are those of ECMA-48, xterm's control sequences and kitty's keyboard protocol.
"""

import re
from enum import Enum, auto
from typing import NamedTuple

from textual import constants
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._keyboard_protocol import FUNCTIONAL_KEYS

LARGEST_WINDOW = (1000, 400)
"""Columns and rows; what claims more is no window."""

PASTE_START, PASTE_END = "\x1b[200~", "\x1b[201~"
IS_WELL = "\x1b[0n"
"""A terminal's answer to the question of whether it is well."""

_LONGEST = 32
"""Characters that Textual's parser takes for one sequence; it reads longer ones as keys."""
_MOST_PIXELS = 100_000
_LAST_CODE_POINT = 0x10FFFF

_FOCUS = ("\x1b[I", "\x1b[O")
_MODE_REPORT = re.compile(r"\x1b\[\?(?:2026|2048);[0-4]\$y")
_MOUSE = re.compile(r"\x1b\[<[0-9]{1,3};[0-9]{1,5};[0-9]{1,5}[Mm]")
_SIZE = re.compile(r"\x1b\[48" + r";([0-9]{1,5})(?::[0-9:]*)?" * 4 + "t")
_CURSOR_POSITION = re.compile(r"\x1b\[[0-9]+;[0-9]+R")
_KEY = re.compile(
    r"\x1b\[([0-9]{1,7})(?::[0-9:]*)?"  # its code point; what it is with shift, elsewhere
    r"(?:;([0-9]{0,3})(?::([0-9]))?)?"  # modifiers, and whether pressed, held or released
    r"(?:;([0-9:]*))?"  # the text that it makes
    r"([u~ABCDEFHPQS])"
)
_RELEASED = "3"
_CTRL, _LOCKS = 4, 64 | 128
"""Bits of the modifiers: the one of ctrl, and those of caps lock and num lock."""


class Kind(Enum):
    """What is to be done with a piece."""

    TYPED = auto()
    """For Textual's parser: plain characters, or one sequence that it knows."""
    ALONE = auto()
    """For Textual's parser, with nothing behind it: escape, or alt and a key."""
    ANSWER = auto()
    """The terminal says that it is well."""
    INTERRUPT = auto()
    """Ctrl+C, which waits for nothing."""


class Piece(NamedTuple):
    """One thing that came from the terminal."""

    kind: Kind
    text: str = ""


INTERRUPT = Piece(Kind.INTERRUPT, "\x03")


def understood(sequence: str) -> Piece | None:
    """What a whole CSI or SS3 ``sequence`` is; None for what means nothing here."""
    if sequence == IS_WELL:
        return Piece(Kind.ANSWER)
    if _CURSOR_POSITION.fullmatch(sequence):
        return None  # nobody asked
    known = sequence in ANSI_SEQUENCES_KEYS or sequence in _FOCUS
    if known or _MODE_REPORT.fullmatch(sequence) or _MOUSE.fullmatch(sequence):
        return Piece(Kind.TYPED, sequence)
    if found := _SIZE.fullmatch(sequence):
        return _window(*map(int, found.groups()))
    if found := _KEY.fullmatch(sequence):
        return _key(*found.groups(default=""))
    return None


def _window(rows: int, columns: int, height: int, width: int) -> Piece | None:
    """The size of the window, in cells and in pixels; 0 pixels are unknown ones."""
    if not rows or not columns:
        return None
    columns, rows = min(columns, LARGEST_WINDOW[0]), min(rows, LARGEST_WINDOW[1])
    width = min(max(width, columns), _MOST_PIXELS)
    height = min(max(height, rows), _MOST_PIXELS)
    return Piece(Kind.TYPED, f"\x1b[48;{rows};{columns};{height};{width}t")


def _key(code: str, modifiers: str, event: str, text: str, final: str) -> Piece | None:
    """A key of kitty's protocol, without what Textual does not understand of it."""
    if event == _RELEASED:
        return None
    point, held = int(code), max(0, int(modifiers or 1) - 1)
    if final == "u" and point == ord("c") and held & ~_LOCKS == _CTRL:
        return INTERRUPT
    written = "".join(_printable(int(p)) for p in text.split(":") if p and len(p) <= 7)
    named = f"{point}{final}" in FUNCTIONAL_KEYS
    means_something = named or (final == "u" and (written or _printable(point)))
    if constants.DISABLE_KITTY_KEY or not means_something:
        return None
    told = ":".join(str(ord(character)) for character in written)
    sequence = f"\x1b[{point}" + (f";{modifiers}" if modifiers or told else "")
    sequence += (f";{told}" if told else "") + final
    return Piece(Kind.TYPED, sequence if len(sequence) <= _LONGEST else written)


def _printable(point: int) -> str:
    """The character, or nothing for a control, half a pair or no character at all."""
    character = chr(point) if point <= _LAST_CODE_POINT else ""
    return character if character.isprintable() else ""
