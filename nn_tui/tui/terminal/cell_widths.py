"""How many cells characters take."""

from rich.cells import cell_len

_narrow: set[str] = set()
"""Characters known to be one cell wide."""


def one_cell_each(text: str) -> bool:
    """Whether every character is one cell wide."""
    if text.isascii() or _narrow.issuperset(text):
        return True
    for character in {*text} - _narrow:
        if cell_len(character) != 1:
            return False
        _narrow.add(character)
    return True
