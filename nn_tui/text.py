"""Text from outside made printable; file names, times and percentages as text.

File names and contents may contain control characters, which could move the terminal's
cursor, write to the clipboard or reverse text.
"""

import math
import os
import time

_SCHEME = "file:"
_CONTROL = {code: 0x2400 + code for code in range(0x20)}
_CONTROL[0x7F] = 0x2421
_CONTROL |= dict.fromkeys(range(0x80, 0xA0), 0xFFFD)
_BIDI = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_LINES = (0x2028, 0x2029)
_WITHOUT_WIDTH = (0x00AD, 0x200B, 0x2060, 0xFEFF, *range(0xFFF9, 0xFFFC))
_HALVES = range(0xD800, 0xE000)  # of a character: bytes of a file's name that are not UTF-8
_GLYPHS = _CONTROL | dict.fromkeys((*_BIDI, *_LINES, *_WITHOUT_WIDTH, *_HALVES), 0xFFFD)


def make_printable(text: str) -> str:
    """Return ``text`` in one line, with a visible glyph for each control character.

    C0 controls and DEL become their control pictures (␀ … ␡); C1 and bidirectional
    controls, characters without width and lone surrogates become �.
    """
    return text.translate(_GLYPHS)


def percent(fraction: float | None) -> str:
    """Format an accuracy with one decimal, rounded down: ``100 %`` only if all are correct.

    None and NaN give a dash.
    """
    if fraction is None or math.isnan(fraction):
        return "–"
    if fraction >= 1:
        return "100 %"
    tenths = math.floor(1000 * max(0.0, fraction) + 1e-6)
    return f"{min(999, tenths) / 10:.1f} %"


def format_time(seconds: float) -> str:
    """Return a time, in seconds since 1970, as a local date and time to the minute."""
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds))


def brief(name: str, most: int = 40) -> str:
    """Shorten a name to at most ``most`` characters, keeping its start and end."""
    end = most // 2
    return name if len(name) <= most else f"{name[: most - end - 1]}…{name[-end:]}"


def as_unicode(name: str) -> str:
    """Return a file name as valid Unicode; ``file_name`` is the inverse.

    A name that is not UTF-8 becomes a ``file:`` URI, such as ``file:caf%E9.csv``.
    """
    try:
        name.encode()
    except UnicodeEncodeError:
        from urllib.parse import quote

        return _SCHEME + quote(os.fsencode(name))
    return name


def file_name(text: str) -> str:
    """Return the file name that ``as_unicode`` encoded; any other text is unchanged."""
    if text.startswith(_SCHEME) and "%" in text:
        from urllib.parse import unquote_to_bytes

        name = unquote_to_bytes(text.removeprefix(_SCHEME))
        try:
            name.decode()
        except UnicodeDecodeError:
            return os.fsdecode(name)
    return text


def quoted(text: str, most: int = 40) -> str:
    """Return ``text`` in quotes, printable and truncated to ``most`` characters."""
    cut = text if len(text) <= most else text[: most - 1] + "…"
    return f"'{make_printable(cut)}'"


def duration(seconds: float) -> str:
    """Return a time in the unit that suits it, as in ``40 s`` or ``2.5 h``."""
    if seconds < 100:
        return f"{max(1, round(seconds))} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:,.1f} h"
