"""Rows in the format of LIBSVM and SVMlight, ``label index:value index:value …``, made dense."""

import re
from collections.abc import Iterable, Iterator

from nn_tui.data.errors import DataError
from nn_tui.memory import check_memory

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_ROW = re.compile(rf"\s*({_NUMBER})(?:\s+qid:\d+)?((?:\s+\d+:{_NUMBER})*)\s*(?:#.*)?\s*", re.S)


def is_sparse(lines: Iterable[str]) -> bool:
    """Return whether the first lines of a file are sparse rows, some with several values."""
    several = False
    for line in lines:
        if line.strip() and not line.startswith("#"):
            match = _ROW.fullmatch(line)
            if match is None:
                return False
            several = several or match[2].count(":") > 1
    return several


class SparseRows:
    """The extent of the sparse rows in all ``lines`` of a file, so that they can be made dense.

    Inputs are numbered from the file's smallest index, 0 or 1. Raises DataError, with the line,
    for any other line, and InputError if the dense table is too large for the memory.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        rows = width = 0
        self._first = 1
        for number, line in enumerate(lines, 1):
            found = _pairs(line, number)
            if found is None:
                continue
            rows += 1
            for index, _ in found[1]:
                width = max(width, index + 1)
                self._first = min(self._first, index)
        self._width = max(1, width - self._first)
        check_memory(rows, self._width, "its samples, with their zeros")

    def dense(self, lines: Iterable[str]) -> Iterator[str]:
        """Yield each line with all values, separated by commas, and the label last."""
        for number, line in enumerate(lines, 1):
            found = _pairs(line, number)
            if found is None:
                yield "\n"
                continue
            cells = ["0"] * self._width
            for index, value in found[1]:
                cells[index - self._first] = value
            yield f"{','.join(cells)},{found[0]}\n"


def _pairs(line: str, number: int) -> tuple[str, list[tuple[int, str]]] | None:
    """Return the label, and the index and value of each input; None for a line without a row."""
    if not line.strip() or line.startswith("#"):
        return None
    match = _ROW.fullmatch(line)
    if match is None:
        raise DataError(f"line {number:,}: expected a label and pairs of index:value (LIBSVM)")
    pairs = (pair.split(":") for pair in match[2].split())
    return match[1], [(int(index), value) for index, value in pairs]
