"""How much memory samples may take, asked before any of it is taken."""

import os

from nn_tui.data.errors import DataError

_WITHOUT_KNOWLEDGE = 4 << 30


def most_bytes() -> int:
    """Half of this machine's memory."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    except (AttributeError, ValueError, OSError):
        return _WITHOUT_KNOWLEDGE


def refuse_too_much(rows: int, columns: int, what: str) -> None:
    """Raises DataError where (rows, columns) of float64 would be more than that."""
    needed = rows * columns * 8
    if needed > most_bytes():
        raise DataError(
            f"{what} would take {needed / 1e9:,.1f} GB ({rows:,} × {columns:,} numbers); "
            f"the most is half of this machine's memory, {most_bytes() / 1e9:,.1f} GB"
        )
