"""Moments kept on the way, so that any epoch is near one of them.

What lies between two of them is trained again. When the room is used up, every other
one is dropped and from then on they stand twice as far apart.
"""

from nn_tui.training.edits import Edit
from nn_tui.training.keyframe import Keyframe
from nn_tui.training.trainer import Trainer

ROOM = 64 * 2**20
"""Bytes for all keyframes together."""
_LEAST_SECONDS = 0.05


class Keyframes:
    """Of one start: recipe, samples and weights; ``first`` is epoch 0 before any edit."""

    def __init__(self, trainer: Trainer, room: int = ROOM) -> None:
        self.room = room
        self.first = trainer.keyframe()
        self._kept: list[Keyframe] = []
        self._apart = _LEAST_SECONDS
        self._since = trainer.seconds

    @property
    def nbytes(self) -> int:
        """How much memory they take."""
        arrays = (array for frame in (self.first, *self._kept) for array in frame.arrays())
        return sum({id(array): array.nbytes for array in arrays}.values())

    def offer(self, trainer: Trainer) -> None:
        """Keep this moment, if it is time for another one and the trainer is at rest."""
        if abs(trainer.seconds - self._since) >= self._apart and trainer.at_rest:
            self.keep(trainer)

    def keep(self, trainer: Trainer) -> None:
        """Keep this moment; the trainer must be at rest."""
        self._since = trainer.seconds
        if self._known(trainer.epoch, trainer.edits):
            return
        self._kept.append(trainer.keyframe())
        while self._kept and self.nbytes > self.room:
            self._kept = self._kept[1::2]
            self._apart *= 2

    def nearest(self, epoch: int, edits: tuple[Edit, ...]) -> Keyframe:
        """The latest one from which ``epoch`` of the run with ``edits`` can be reached."""
        fitting = [frame for frame in self._kept if leads_to(frame.epoch, frame.edits, edits)]
        before = [frame for frame in fitting if frame.epoch <= epoch]
        return max(before, key=lambda frame: (frame.epoch, len(frame.edits)), default=self.first)

    def _known(self, epoch: int, edits: tuple[Edit, ...]) -> bool:
        return any(frame.epoch == epoch and frame.edits == edits for frame in self._kept)


def leads_to(epoch: int, made: tuple[Edit, ...], edits: tuple[Edit, ...]) -> bool:
    """Whether a run that stands at ``epoch`` after the edits ``made`` is one with ``edits``."""
    return edits[: len(made)] == made and all(edit.epoch >= epoch for edit in edits[len(made) :])
