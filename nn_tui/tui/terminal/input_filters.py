"""What a terminal sends, taken apart before Textual reads it; never more than a little is kept.

A sequence comes in pieces of any size, and may never end. What is not whole yet is held back,
up to a length; once nothing more has come for a while it is what it seems: the escape key,
or nothing.
"""

import re
from collections.abc import Generator, Iterator

from textual.constants import ESCAPE_DELAY

from nn_tui.text import make_printable
from nn_tui.tui.terminal.escape_sequences import (
    INTERRUPT,
    IS_WELL,
    PASTE_END,
    PASTE_START,
    Kind,
    Piece,
    understood,
)

MOST = 10_000
"""Characters of one paste that are kept; no field takes as many."""
_LONGEST = 96
"""Characters of a sequence that are held until it is whole; longer ones mean nothing."""
_PATIENCE = 0.5
"""Seconds in which a line, however slow, brings the next byte of a sequence."""

_PLAIN = re.compile(r"[^\x1b\x03]+")
_SEQUENCE = re.compile(
    r"\x1b(?:"
    r"\[(?:\[[A-E]|M[^\x00-\x1f\x7f]{3}|[0-?]*[ -/]*[@-LN-Z\\-~]|[0-?]+[ -/]*M)"
    r"|O[0-9;]*[A-Za-z])"
)
"""CSI, with the forms of the Linux console and of old mice, and SS3."""
_RXVT = re.compile(r"\x1b\[(?:3|7|8|23|24)\$")
"""Keys with shift, which end like no CSI."""
_BEGUN = re.compile(r"\x1b(?:[]P_^X]|\[(?:\[|M[^\x00-\x1f\x7f]{0,2}|[0-?]*[ -/]*)|O[0-9;]*)?\Z")
"""What may become a sequence or a string when more comes."""
_STRING = re.compile(r"\x1b[]P_^X]")
"""Begins a string (OSC, DCS, APC, PM, SOS): an answer to what nobody asked."""
_INSIDE = {"string": re.compile(r"[^\x00-\x1f]*"), "sequence": re.compile(r"[ -?]*")}
_MARK = re.compile("|".join(map(re.escape, (PASTE_END, IS_WELL))))
_STRING_ENDS = ("\x07", "\x18", "\x1a", "\x1b\\")
_BEGINNING = re.compile(r"\x1b(?:\[(?:\[|M[^\x00-\x1f\x7f]*|[0-?]*[ -/]*)|O[0-9;]*)?")


class InputFilter:
    """Takes what comes, piece by piece as it was read, and gives what means something.

    Whatever the pieces, plain characters, keys, mouse events and pastes come out whole and
    in order; strings and unknown sequences do not. A paste is made visible, line ends aside,
    and cut to ``MOST`` characters.
    """

    def __init__(self) -> None:
        self._held = ""
        self._skipping = ""  # a key of ``_INSIDE``, whose end is still to come
        self._paste: _Paste | None = None

    @property
    def patience(self) -> float | None:
        """Seconds of silence after which to ``release`` what is unfinished; None without any."""
        if self._paste is not None:
            return None if self._paste.stalled else ESCAPE_DELAY
        if self._held == "\x1b" and not self._skipping:
            return ESCAPE_DELAY
        return _PATIENCE if self._held or self._skipping else None

    def release(self) -> list[Piece]:
        """What is unfinished, as it was typed; where it is no key it is dropped.

        A paste goes on: what belongs to it must never be taken for keys. But once it has
        paused, Ctrl+C by itself is no part of it.
        """
        if self._paste is not None:
            self._paste.stalled = True
            return []
        held, self._held, self._skipping = self._held, "", ""
        return [Piece(Kind.ALONE, held)] if 0 < len(held) <= 2 else []

    def __call__(self, text: str) -> list[Piece]:
        """The pieces of ``text`` and of what was held back before it."""
        return list(self._pieces(text))

    def _pieces(self, text: str) -> Iterator[Piece]:
        if self._paste is not None and self._paste.stalled and _is_interrupt(text):
            self._paste, self._held = None, ""
            yield INTERRUPT
            return
        text, self._held = self._held + text, ""
        at = 0
        while at < len(text):
            if self._paste is not None:
                at = yield from self._pasted(self._paste, text, at)
            elif self._skipping:
                at = self._skip(text, at)
            elif plain := _PLAIN.match(text, at):
                at = plain.end()
                yield Piece(Kind.TYPED, plain[0])
            elif text[at] == INTERRUPT.text:
                at += 1
                yield INTERRUPT
            else:
                at = yield from self._escaped(text, at)

    def _escaped(self, text: str, at: int) -> Generator[Piece, None, int]:
        """One sequence, which begins there; returns where it ends."""
        if shifted := _RXVT.match(text, at):
            yield Piece(Kind.TYPED, shifted[0])
            return shifted.end()
        if _BEGUN.match(text, at):
            if len(text) - at <= _LONGEST:
                self._held = text[at:]
            else:
                self._skipping = "sequence"
            return len(text)
        if _STRING.match(text, at):
            self._skipping = "string"
            return at + 2
        if sequence := _SEQUENCE.match(text, at):
            if sequence[0] == PASTE_START:
                self._paste = _Paste()
            elif len(sequence[0]) <= _LONGEST and (piece := understood(sequence[0])):
                yield piece
            return sequence.end()
        broken = _BEGINNING.match(text, at)
        assert broken is not None
        end = broken.end()
        if end > at + 1:
            return end  # something broke off; what comes there begins anew
        if text[end] in "\x1b\x03":
            yield Piece(Kind.ALONE, "\x1b")
            return end
        yield Piece(Kind.ALONE, text[at : end + 1])
        return end + 1

    def _skip(self, text: str, at: int) -> int:
        """Where what is skipped ends, or all of ``text``."""
        inside = _INSIDE[self._skipping].match(text, at)
        end = inside.end() if inside else at
        if end == len(text):
            return end
        if self._skipping == "sequence":
            self._skipping = ""
            return end + 1 if "@" <= text[end] <= "~" else end
        if text[end:] == "\x1b":
            self._held = "\x1b"  # perhaps of the mark that ends the string
            return len(text)
        self._skipping = ""
        return end + next((len(mark) for mark in _STRING_ENDS if text.startswith(mark, end)), 0)

    def _pasted(self, paste: "_Paste", text: str, at: int) -> Generator[Piece, None, int]:
        """More of a paste, and the paste if that ends it; returns where."""
        if mark := _MARK.search(text, at):
            paste.add(text[at : mark.start()])
            if mark[0] == IS_WELL:  # as it comes to a question in the middle of a paste
                yield Piece(Kind.ANSWER)
            else:
                self._paste = None
                yield Piece(Kind.TYPED, PASTE_START + paste.text + PASTE_END)
            return mark.end()
        cut = len(text) - _half_a_mark(text[at:])
        paste.add(text[at:cut])
        self._held = text[cut:]
        return len(text)


class _Paste:
    """The beginning of what is pasted, made visible."""

    def __init__(self) -> None:
        self.text = ""
        self.stalled = False
        """Whether it has ever paused on its way."""

    def add(self, text: str) -> None:
        """More of it, of which as much is kept as there is room for."""
        text = text[: MOST - len(self.text)]
        self.text += "".join(c if c in "\r\n" else make_printable(c) for c in text)


def _half_a_mark(text: str) -> int:
    """How many characters at the end of ``text`` may be the beginning of a mark."""
    marks = (PASTE_END, IS_WELL)
    lengths = range(len(PASTE_END) - 1, 0, -1)
    return next((n for n in lengths if any(text.endswith(mark[:n]) for mark in marks)), 0)


def _is_interrupt(text: str) -> bool:
    came = text.replace(IS_WELL, "")
    return came == INTERRUPT.text or understood(came) == INTERRUPT
