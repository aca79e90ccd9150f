"""Things side by side, continued in a further row where the width is used up."""

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


def break_into_rows(
    things: Sequence[T], width_of: Callable[[T], int], width: int, gap: int
) -> list[list[T]]:
    """Return ``things`` in rows of at most ``width`` cells, with ``gap`` cells between two.

    A thing wider than ``width`` has a row of its own.
    """
    rows: list[list[T]] = []
    used = width
    for thing in things:
        if not rows or used + gap + width_of(thing) > width:
            rows.append([])
            used = -gap
        rows[-1].append(thing)
        used += gap + width_of(thing)
    return rows
