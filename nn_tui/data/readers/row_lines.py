"""The line numbers of the rows of a file."""

from array import array
from collections.abc import Sequence
from typing import overload


class RowLines(Sequence[int]):
    """The line number of each row of a file, without a list of them where they are regular."""

    def __init__(self) -> None:
        self._blocks: list[Sequence[int]] = []

    def append(self, lines: Sequence[int]) -> None:
        """Append the line numbers of a block, which is not empty."""
        regular = range(lines[0], lines[-1] + 1)
        self._blocks.append(regular if len(regular) == len(lines) else array("q", lines))

    def __len__(self) -> int:
        return sum(map(len, self._blocks))

    @overload
    def __getitem__(self, row: int) -> int: ...
    @overload
    def __getitem__(self, row: slice) -> Sequence[int]: ...
    def __getitem__(self, row: int | slice) -> int | Sequence[int]:
        if isinstance(row, slice):
            return [self[one] for one in range(*row.indices(len(self)))]
        for block in self._blocks:
            if row < len(block):
                return block[row]
            row -= len(block)
        raise IndexError(row)
