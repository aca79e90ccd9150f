"""Output in ASCII, for terminals and locales without Unicode.

All output is translated by one table, so nothing else depends on it. Each character becomes
as many as it has cells: the layout does not change.
"""

import unicodedata

from rich.cells import cell_len
from textual.driver import Driver

_PAIRS = {
    "╭╮╰╯┌┐└┘├┤┬┴┼┏┓┗┛┍┑╔╗╚╝": "+",
    "─╌┄┈╍╴╶⎯▔—–−‐‑": "-",
    "━═": "=",
    "│┃║╎┆┊╵╷▏▎▍▌▐▕‖⋮": "|",
    "█▉▊▋▓▇▆●⬤": "#",
    "▒▅▄": "+",
    "░▃▂▁": ".",
    "▀": '"',
    "•★▪∗⬩": "*",
    "○◯▫∘°⋄☐☆": "o",
    "◦": ",",  # a small ○, distinct from ○ and ·
    "·∙⋅․": ".",
    "▶▸►›→»": ">",
    "◀◂◄‹←«": "<",
    "▲▴↑": "^",
    "▼▾↓": "v",
    "✓✔": "+",
    "✗✘×▣": "x",
    "╲": "\\",
    "∇": "g",
    "∞": "i",
    "√": "r",
    "µ": "u",
    "≤": "<",
    "≥": ">",
    "⌊": "[",
    "⌋": "]",
    "≈": "~",
    "±": "+",
    "‘’": "'",
    "“”": '"',
    "…": "~",
    "≡": "=",
    "∂": "d",
    "ŷ": "Y",
    # The symbols of classes stay distinct, hollow ones from filled ones too.
    "■": "%",
    "□": "n",
    "△": "A",
    "▵": "A",
    "◆": "$",
    "◇": "s",
    "▽": "V",
    "◢": "J",
    "◿": "j",
    "◤": "F",
    "◸": "f",
    "◉": "@",
    "◎": "Q",
}
_PLAIN = {ord(glyph): plain for glyphs, plain in _PAIRS.items() for glyph in glyphs}
_WIDE = {0x1F50E: "> "}  # the magnifying glass of Textual's palette
_BRAILLE = range(0x2800, 0x2900)
_DOTS = (((0, 0x01), (1, 0x02), (2, 0x04), (3, 0x40)), ((0, 0x08), (1, 0x10), (2, 0x20), (3, 0x80)))
"""(row, bit) of the dots in the left and in the right half of a cell."""


class _Table(dict[int, str]):
    """Translations by code point, computed on first use."""

    def __missing__(self, code: int) -> str:
        plain = chr(code) if code < 0x80 else _nearest(chr(code))
        self[code] = plain
        return plain


def ascii_only(text: str) -> str:
    """Translate ``text`` to ASCII of the same width; escape sequences stay."""
    return text.translate(_TABLE)


def ascii_driver(driver: type[Driver]) -> type[Driver]:
    """Return a subclass of ``driver`` that sends ASCII only."""

    class AsciiDriver(driver):  # type: ignore[valid-type, misc]
        def write(self, data: str) -> None:
            super().write(ascii_only(data))

    return AsciiDriver


def _nearest(character: str) -> str:
    """A letter without its accent, the first letter of a Greek name, or ``?`` for each cell."""
    base = unicodedata.normalize("NFKD", character)[:1]
    if base.isascii() and base.isprintable() and base:
        return base.ljust(cell_len(character))
    name = unicodedata.name(character, "").split()
    if name[:1] == ["GREEK"] and name[2:3] == ["LETTER"] and len(name) > 3:
        return name[3][0].lower() if name[1] == "SMALL" else name[3][0]
    return "?" * cell_len(character)


def _braille(bits: int) -> str:
    """The ASCII character most like a braille pattern: a slope, a bar, high or low."""
    left, right = ([row for row, bit in half if bits & bit] for half in _DOTS)
    rows = left + right
    if not rows:
        return " "
    if len(rows) > 6:
        return "#"
    if left and right:
        fall = sum(right) / len(right) - sum(left) / len(left)
        if abs(fall) >= 1:
            return "\\" if fall > 0 else "/"
    if max(rows) - min(rows) >= 2:
        return ":" if left and right else "|"
    middle = sum(rows) / len(rows)
    if left and right and 0.5 < middle < 2.5:
        return "-"
    return "'" if middle < 1.5 else "_" if left and right else "."


_TABLE = _Table(_PLAIN | _WIDE | {code: _braille(code - _BRAILLE.start) for code in _BRAILLE})
