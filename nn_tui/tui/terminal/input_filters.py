"""Splits the terminal's input into valid pieces before Textual parses it, in bounded memory.

A sequence arrives in chunks of any size and may never end. An incomplete one is held back, up
to a maximum length; after a pause it is the escape key, or dropped.
"""

import re
from collections.abc import Generator, Iterator

from textual.constants import ESCAPE_DELAY

from nn_tui.text import make_printable
from nn_tui.tui.terminal.escape_sequences import (
    INTERRUPT,
    PASTE_END,
    PASTE_START,
    STATUS_OK,
    Kind,
    Piece,
    classify,
)

MOST = 10_000
"""Characters kept of one paste; no field takes as many."""
_LONGEST = 96
"""Characters of an incomplete sequence that are held back; longer ones are skipped."""
_PATIENCE = 0.5
"""Seconds within which even a slow connection brings the next byte of a sequence."""

_PLAIN = re.compile(r"[^\x1b\x03]+")
_SEQUENCE = re.compile(
    r"\x1b(?:"
    r"\[(?:\[[A-E]|M[^\x00-\x1f\x7f]{3}|[0-?]*[ -/]*[@-LN-Z\\-~]|[0-?]+[ -/]*M)"
    r"|O[0-9;]*[A-Za-z])"
)
"""CSI, including the Linux console's and legacy mouse forms, and SS3."""
_RXVT = re.compile(r"\x1b\[(?:3|7|8|23|24)\$")
"""rxvt's keys with shift, which do not end like a CSI."""
_BEGUN = re.compile(r"\x1b(?:[]P_^X]|\[(?:\[|M[^\x00-\x1f\x7f]{0,2}|[0-?]*[ -/]*)|O[0-9;]*)?\Z")
"""An incomplete sequence or string."""
_STRING = re.compile(r"\x1b[]P_^X]")
"""Starts a string (OSC, DCS, APC, PM, SOS), which is always dropped."""
_INSIDE = {"string": re.compile(r"[^\x00-\x1f]*"), "sequence": re.compile(r"[ -?]*")}
_MARK = re.compile("|".join(map(re.escape, (PASTE_END, STATUS_OK))))
_STRING_ENDS = ("\x07", "\x18", "\x1a", "\x1b\\")
_BEGINNING = re.compile(r"\x1b(?:\[(?:\[|M[^\x00-\x1f\x7f]*|[0-?]*[ -/]*)|O[0-9;]*)?")


class InputFilter:
    """Takes input in chunks as it is read, and returns the valid pieces in it.

    Whatever the chunks, plain characters, keys, mouse events and pastes come out whole and
    in order; strings and unknown sequences are dropped. A paste is made printable, except for
    line ends, and cut to ``MOST`` characters.
    """

    def __init__(self) -> None:
        self._held = ""
        self._skipping = ""  # a key of ``_INSIDE`` while its end is not reached
        self._paste: _Paste | None = None

    @property
    def patience(self) -> float | None:
        """Seconds without input after which to call ``release``; None if nothing is incomplete."""
        if self._paste is not None:
            return None if self._paste.stalled else ESCAPE_DELAY
        if self._held == "\x1b" and not self._skipping:
            return ESCAPE_DELAY
        return _PATIENCE if self._held or self._skipping else None

    def release(self) -> list[Piece]:
        """Return the incomplete sequence as typed if it is a key; drop it otherwise.

        A paste continues, as its text must never become keys. But once it has paused, a single
        Ctrl+C interrupts it.
        """
        if self._paste is not None:
            self._paste.stalled = True
            return []
        held, self._held, self._skipping = self._held, "", ""
        return [Piece(Kind.ALONE, held)] if 0 < len(held) <= 2 else []

    def __call__(self, text: str) -> list[Piece]:
        """Return the pieces of what was held back and ``text``."""
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
        """Yield the sequence that starts at index ``at``; return the index of its end."""
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
            elif len(sequence[0]) <= _LONGEST and (piece := classify(sequence[0])):
                yield piece
            return sequence.end()
        broken = _BEGINNING.match(text, at)
        assert broken is not None
        end = broken.end()
        if end > at + 1:
            return end  # incomplete; the rest is parsed as new input
        if text[end] in "\x1b\x03":
            yield Piece(Kind.ALONE, "\x1b")
            return end
        yield Piece(Kind.ALONE, text[at : end + 1])
        return end + 1

    def _skip(self, text: str, at: int) -> int:
        """Return the end of the skipped part of ``text``."""
        inside = _INSIDE[self._skipping].match(text, at)
        end = inside.end() if inside else at
        if end == len(text):
            return end
        if self._skipping == "sequence":
            self._skipping = ""
            return end + 1 if "@" <= text[end] <= "~" else end
        if text[end:] == "\x1b":
            self._held = "\x1b"  # perhaps the start of the string terminator
            return len(text)
        self._skipping = ""
        return end + next((len(mark) for mark in _STRING_ENDS if text.startswith(mark, end)), 0)

    def _pasted(self, paste: "_Paste", text: str, at: int) -> Generator[Piece, None, int]:
        """Add to a paste, and yield it if it ends; return the index of the end."""
        if mark := _MARK.search(text, at):
            paste.add(text[at : mark.start()])
            if mark[0] == STATUS_OK:  # a status report may be answered in the middle of a paste
                yield Piece(Kind.ANSWER)
            else:
                self._paste = None
                yield Piece(Kind.TYPED, PASTE_START + paste.text + PASTE_END)
            return mark.end()
        cut = len(text) - _partial_mark(text[at:])
        paste.add(text[at:cut])
        self._held = text[cut:]
        return len(text)


class _Paste:
    """The first ``MOST`` characters of a paste, made printable."""

    def __init__(self) -> None:
        self.text = ""
        self.stalled = False
        """Whether the input has paused during the paste."""

    def add(self, text: str) -> None:
        """Append ``text``, up to the maximum length."""
        text = text[: MOST - len(self.text)]
        self.text += "".join(c if c in "\r\n" else make_printable(c) for c in text)


def _partial_mark(text: str) -> int:
    """The number of characters at the end of ``text`` that may start a mark."""
    marks = (PASTE_END, STATUS_OK)
    lengths = range(len(PASTE_END) - 1, 0, -1)
    return next((n for n in lengths if any(text.endswith(mark[:n]) for mark in marks)), 0)


def _is_interrupt(text: str) -> bool:
    came = text.replace(STATUS_OK, "")
    return came == INTERRUPT.text or classify(came) == INTERRUPT
