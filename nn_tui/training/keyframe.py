"""A moment of a run, whole: all that is needed to go on from there to the last bit."""

from dataclasses import dataclass

from nn_tui.nn.state import Saved
from nn_tui.recipe import Recipe
from nn_tui.training.edits import Edit
from nn_tui.training.history import History


@dataclass(frozen=True, eq=False)
class Keyframe:
    """``recipe`` is the one after ``edits``, all that were made up to ``epoch``.

    ``seconds`` is the time spent training up to here.
    """

    epoch: int
    edits: tuple[Edit, ...]
    recipe: Recipe
    saved: Saved
    history: History
    seconds: float

    @property
    def nbytes(self) -> int:
        """How much memory it takes."""
        return self.history.nbytes + sum(array.nbytes for array in self.saved.arrays.values())
