"""The complete state of a run after an epoch, from which it continues bit for bit.

A state within an epoch is a keyframe and the ``PartialEpochState`` of the next epoch.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from nn_tui.nn.state import StateSnapshot
from nn_tui.recipe.recipe import Recipe
from nn_tui.training.edits import Edit
from nn_tui.training.history import LossHistory
from nn_tui.training.stopping import BestEpoch
from nn_tui.types import Array


@dataclass(frozen=True, eq=False)
class Keyframe:
    """The state after ``epoch``. ``recipe`` includes ``edits``, all those up to ``epoch``.

    ``seconds`` is the time spent training, ``best`` the best epoch so far; None where it is not
    known yet, or was not saved.
    """

    epoch: int
    edits: tuple[Edit, ...]
    recipe: Recipe
    saved: StateSnapshot
    history: LossHistory
    seconds: float
    best: BestEpoch | None = None

    def arrays(self) -> Iterable[Array]:
        """All its arrays; keyframes share some of them."""
        return (*self.history.pages(), *self.saved.arrays.values())


@dataclass(frozen=True, eq=False)
class PartialEpochState:
    """The state in the epoch after a keyframe, after ``updates`` of its updates, 1 or more.

    ``gradient_sum`` (parameter_count,) is the sum over these updates where an epoch has
    several; None otherwise, and where it was not saved.
    """

    updates: int
    saved: StateSnapshot
    gradient_sum: Array | None = None
