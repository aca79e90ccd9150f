"""A moment of a run, whole: all that is needed to go on from there to the last bit.

Such a moment is at the end of an epoch. One within an epoch is told by the keyframe before
it and by how far the epoch has come.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from nn_tui.nn.state import StateSnapshot
from nn_tui.recipe.recipe import Recipe
from nn_tui.training.edits import Edit
from nn_tui.training.history import LossHistory
from nn_tui.types import Array


@dataclass(frozen=True, eq=False)
class Keyframe:
    """``recipe`` is the one after ``edits``, all that were made up to ``epoch``.

    ``seconds`` is the time spent training up to here.
    """

    epoch: int
    edits: tuple[Edit, ...]
    recipe: Recipe
    saved: StateSnapshot
    history: LossHistory
    seconds: float

    def arrays(self) -> Iterable[Array]:
        """All that takes memory; the same arrays may be those of other keyframes, too."""
        return (*self.history.pages(), *self.saved.arrays.values())


@dataclass(frozen=True, eq=False)
class PartialEpochState:
    """The state in the epoch after a keyframe, when so many of its updates, 1 or more, are done.

    ``gradient_sum`` (parameter_count,) is that of these updates where there are several in an
    epoch; None otherwise, and where it was not kept.
    """

    updates: int
    saved: StateSnapshot
    gradient_sum: Array | None = None
