from typing import Any

from numpy.typing import NDArray

EXACT: tuple[str, ...]
"""The operations of chains: NumPy's names."""

class Program:
    def __init__(
        self,
        operations: tuple[Any, ...],
        sections: tuple[Any, ...],
        results: tuple[tuple[NDArray[Any], NDArray[Any]], ...],
        losses: tuple[NDArray[Any], ...],
    ) -> None: ...
    @property
    def position(self) -> tuple[int, int, int]: ...
    def go_to(self, section: int, round: int) -> None: ...
    def run(
        self,
        epochs: int,
        first: int,
        every: int,
        row: int,
        within: bool,
        seconds: float,
        extra: float,
        stop: NDArray[Any] | None,
        orders: NDArray[Any] | None,
        /,
    ) -> int: ...
