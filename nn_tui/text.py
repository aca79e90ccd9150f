"""Text from outside, made safe to show, and figures that read the same everywhere.

A file's name or content may hold control characters, which a terminal would obey: they
could move the cursor, write the clipboard, or turn text around.
"""

import math

_CONTROL = {code: 0x2400 + code for code in range(0x20)}
_CONTROL[0x7F] = 0x2421
_CONTROL |= dict.fromkeys(range(0x80, 0xA0), 0xFFFD)
_BIDI = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_LINES = (0x2028, 0x2029)
_WITHOUT_WIDTH = (0x00AD, 0x200B, 0x2060, 0xFEFF, *range(0xFFF9, 0xFFFC))
_HALVES = range(0xD800, 0xE000)  # of a character: bytes of a file's name that are not UTF-8
_GLYPHS = _CONTROL | dict.fromkeys((*_BIDI, *_LINES, *_WITHOUT_WIDTH, *_HALVES), 0xFFFD)


def printable(text: str) -> str:
    """``text`` in one line, with a visible glyph for each control character.

    C0 controls and DEL become their control pictures (␀ … ␡); C1 and bidirectional
    controls, characters without width and lone surrogates become �.
    """
    return text.translate(_GLYPHS)


def percent(fraction: float | None) -> str:
    """An accuracy with one decimal, rounded down: it is ``100 %`` only where all are right.

    A dash stands for one that does not exist.
    """
    if fraction is None or math.isnan(fraction):
        return "–"
    if fraction >= 1:
        return "100 %"
    return f"{min(999, math.floor(1000 * fraction + 1e-6)) / 10:.1f} %"
