"""What the ways to look at the samples have in common."""

from typing import ClassVar, NamedTuple

from textual.geometry import Region
from textual.strip import Strip

from nn_tui.training.forward_pass import ForwardPass
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.theme import Palette


class TableCell(NamedTuple):
    """A sample, and a cell of it: raw inputs, inputs made from them, then targets."""

    sample: int = 0
    column: int = 0


class DataView:
    """One way to look at the samples; it remembers how far it was scrolled."""

    NAME: ClassVar[str]
    HINT: ClassVar[str]
    ON_CELLS: ClassVar[bool] = False
    """Whether the cursor stands on a cell of a sample, not on the sample as a whole."""

    def __init__(self) -> None:
        self.forward = ForwardPass()
        self.page = 1
        """How many samples a page has."""

    def suits(self, snapshot: Snapshot) -> bool:
        """Whether the samples can be seen in this way."""
        return True

    def draw(
        self,
        snapshot: Snapshot,
        cursor: TableCell,
        marked: bool,
        width: int,
        height: int,
        palette: Palette,
    ) -> list[Strip]:
        """The picture, the sample of the cursor in sight and ``marked`` or not."""
        raise NotImplementedError

    def moved(self, snapshot: Snapshot, cursor: TableCell, down: int, right: int) -> TableCell:
        """Where the arrows lead."""
        raise NotImplementedError

    def at(self, x: int, y: int, cursor: TableCell) -> TableCell | None:
        """What is at a place of the picture."""
        raise NotImplementedError

    def region(self, cursor: TableCell) -> Region | None:
        """Where the value is typed; None for the line below the picture."""
        return None
