"""How many cells characters take."""

from functools import lru_cache

from rich.cells import cell_len


@lru_cache(maxsize=1 << 14)
def one_cell_each(text: str) -> bool:
    """Whether every character is one cell wide."""
    return text.isascii() or all(cell_len(character) == 1 for character in text)
