"""The screen in ASCII, for terminals and locales that have nothing else.

Everything sent passes one table, so pictures, borders, help and names from files need
not know. Each character becomes as many as it has cells: nothing moves.
"""

import unicodedata

from rich.cells import cell_len
from textual.driver import Driver

_PAIRS = {
    "╭╮╰╯┌┐└┘├┤┬┴┼┏┓┗┛╔╗╚╝": "+",
    "─━═╌┄┈╍╴╶⎯▔—–−‐‑": "-",
    "│┃║╎┆┊╵╷▏▎▍▌▐▕‖⋮": "|",
    "█▓▇▆●⬤": "#",
    "▒▅▄": "+",
    "░▃▂▁": ".",
    "▀": '"',
    "•★▪∗⬩": "*",
    "○◯▫∘°⋄": "o",
    "◦": ",",  # a small ○: neither that nor the · between high and low
    "·∙⋅․": ".",
    "▶▸►›→»": ">",
    "◀◂◄‹←«": "<",
    "▲▴↑": "^",
    "▼▾↓": "v",
    "✓✔": "+",
    "✗✘×": "x",
    "╲": "\\",
    "∇": "g",
    "∞": "i",
    "√": "r",
    "≤": "<",
    "≈": "~",
    "±": "+",
    "‘’": "'",
    "“”": '"',
    "…": "~",
    "≡": "=",
    "∂": "d",
    "ŷ": "Y",
    # The signs of classes remain different ones; a hollow sign is not the filled one.
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
_WIDE = {0x1F50E: "> "}  # the looking glass of Textual's palette
_BRAILLE = range(0x2800, 0x2900)
_DOTS = (((0, 0x01), (1, 0x02), (2, 0x04), (3, 0x40)), ((0, 0x08), (1, 0x10), (2, 0x20), (3, 0x80)))
"""(row, bit) of the dots in the left and in the right half of a cell."""


class _Table(dict[int, str]):
    """Translations by code point, each found out when it is first needed."""

    def __missing__(self, code: int) -> str:
        plain = chr(code) if code < 0x80 else _nearest(chr(code))
        self[code] = plain
        return plain


def ascii_only(text: str) -> str:
    """``text`` in ASCII, of the same width on the screen; escape sequences stay."""
    return text.translate(_TABLE)


def ascii_driver(driver: type[Driver]) -> type[Driver]:
    """``driver``, but it sends ASCII only."""

    class AsciiDriver(driver):  # type: ignore[valid-type, misc]
        def write(self, data: str) -> None:
            super().write(ascii_only(data))

    return AsciiDriver


def _nearest(character: str) -> str:
    """A letter without its accent, a Greek letter's first, else a question mark a cell."""
    base = unicodedata.normalize("NFKD", character)[:1]
    if base.isascii() and base.isprintable() and base:
        return base.ljust(cell_len(character))
    name = unicodedata.name(character, "").split()
    if name[:1] == ["GREEK"] and name[2:3] == ["LETTER"] and len(name) > 3:
        return name[3][0].lower() if name[1] == "SMALL" else name[3][0]
    return "?" * cell_len(character)


def _braille(bits: int) -> str:
    """The character whose ink lies where the dots do: a slope, a bar, high or low."""
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
