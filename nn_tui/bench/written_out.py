"""Loops written out for a network's depth, as a person would who wants the last per cent."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from nn_tui.types import Array

Loop = Callable[[int, Array, Array], None]


def unrolled_loop(batch: Iterable[str], look: Iterable[str], names: Mapping[str, Any]) -> Loop:
    """``run(epochs, train, test)`` with all ``names`` bound ahead.

    For every epoch ``e`` it carries out the lines of ``batch`` for all in ``batches``, each
    a triple ``X, XT, y``, and then the lines of ``look``.
    """
    lines = [
        f"def make({', '.join(names)}):",
        "  def run(epochs, train, test):",
        "    for e in range(epochs):",
        "      for X, XT, y in batches:",
        *(f"        {line}" for line in batch),
        *(f"      {line}" for line in look),
        "  return run",
    ]
    scope: dict[str, Any] = {}
    exec("\n".join(lines), scope)
    made: Loop = scope["make"](**names)
    return made
