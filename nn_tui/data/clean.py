"""Text from a file made harmless to a terminal, once, where it comes in.

A header, a cell or a file's own name may carry escape sequences; printed raw they would
drive the person's terminal. Names and classes are cleaned before a dataset holds them.
"""

from nn_tui.text import make_printable


def visible(text: str) -> str:
    """``text`` with a visible glyph for each character that a terminal would obey or hide."""
    return make_printable(text)


def quoted(text: str, most: int = 40) -> str:
    """``text`` between quotes for a sentence: visible, and cut where it is long."""
    cut = text if len(text) <= most else text[: most - 1] + "…"
    return f"'{visible(cut)}'"
