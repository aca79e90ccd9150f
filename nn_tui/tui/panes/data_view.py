"""What the ways to look at the samples have in common."""

from typing import Any, ClassVar, NamedTuple

from numpy.typing import NDArray
from textual.geometry import Region
from textual.strip import Strip

from nn_tui.nn.predictor import Predictor
from nn_tui.training.plan import method
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.theme import Palette

Array = NDArray[Any]


class Cell(NamedTuple):
    """A sample, and a cell of it: raw inputs, inputs made from them, then targets."""

    sample: int = 0
    column: int = 0


class Asker:
    """Asks the network of a snapshot, again and again about as many samples."""

    def __init__(self) -> None:
        self._predictor: Predictor | None = None

    def __call__(self, snapshot: Snapshot, inputs: Array) -> Array:
        """What the network says (rows, outputs) to ``inputs`` (rows, inputs)."""
        made = self._predictor
        if made is None or made.network != snapshot.network or made.rows != len(inputs):
            made = Predictor(snapshot.network, method(snapshot.recipe), len(inputs))
            self._predictor = made
        return made.layers(snapshot.parameters, inputs)[-1]


class DataView:
    """One way to look at the samples; it remembers how far it was scrolled."""

    NAME: ClassVar[str]
    HINT: ClassVar[str]

    def __init__(self) -> None:
        self.ask = Asker()
        self.page = 1
        """How many samples a page has."""

    def suits(self, snapshot: Snapshot) -> bool:
        """Whether the samples can be seen in this way."""
        return True

    def draw(
        self,
        snapshot: Snapshot,
        cursor: Cell,
        marked: bool,
        width: int,
        height: int,
        palette: Palette,
    ) -> list[Strip]:
        """The picture, the sample of the cursor in sight and ``marked`` or not."""
        raise NotImplementedError

    def moved(self, snapshot: Snapshot, cursor: Cell, down: int, right: int) -> Cell:
        """Where the arrows lead."""
        raise NotImplementedError

    def at(self, x: int, y: int, cursor: Cell) -> Cell | None:
        """What is at a place of the picture."""
        raise NotImplementedError

    def region(self, cursor: Cell) -> Region | None:
        """Where the value is typed; None for the line below the picture."""
        return None

    def everything(self) -> bool:
        """Whether the cursor stands on a column, not on the sample as a whole."""
        return False
