"""What a person would read on a terminal, from the bytes that were sent to it.

It knows no colours and as much of a terminal as the screen makes use of: to put the cursor
somewhere and to write from there on, one cell a character.
"""

import re
from codecs import getincrementaldecoder

_ESCAPE = re.compile(r"\x1b(?:\[([?<>=]?)([\d;]*)([@-~])|\][^\a\x1b]*(?:\a|\x1b\\)|[78=>c])")
_QUESTION = "\x1b[5n"
_UNFINISHED = re.compile(r"\x1b(?:\[[?<>=]?[\d;]*|\][^\a\x1b]*)?\Z")


class TerminalScreen:
    """Looks at a terminal of ``columns`` x ``rows``."""

    def __init__(self, columns: int, rows: int) -> None:
        self._cells = [[" "] * columns for _ in range(rows)]
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        self._rest = ""
        self.questions = 0
        """How often it was asked whether it is well."""
        self._x = self._y = 0

    @property
    def lines(self) -> list[str]:
        """The rows of the terminal."""
        return ["".join(row) for row in self._cells]

    @property
    def text(self) -> str:
        """All rows as one text."""
        return "\n".join(self.lines)

    def feed(self, data: bytes) -> None:
        """See what was sent; it may end anywhere."""
        text = self._rest + self._decode(data)
        unfinished = _UNFINISHED.search(text)
        end = unfinished.start() if unfinished else len(text)
        self._rest = text[end:]
        at = 0
        for escape in _ESCAPE.finditer(text, 0, end):
            self._write(text[at : escape.start()])
            at = escape.end()
            if not escape[1] and escape[3] in ("H", "G"):
                self._move(escape[2], escape[3])
            self.questions += escape[0] == _QUESTION
        self._write(text[at:end])

    def _move(self, numbers: str, kind: str) -> None:
        given = [int(number or 1) - 1 for number in numbers.split(";")]
        if kind == "G":
            self._x = given[0]
        else:
            self._y, self._x = given[0], given[1] if len(given) > 1 else 0

    def _write(self, text: str) -> None:
        for character in text:
            if character == "\n":
                self._x, self._y = 0, self._y + 1
            elif character >= " ":
                if self._y < len(self._cells) and self._x < len(self._cells[0]):
                    self._cells[self._y][self._x] = character
                self._x += 1
