"""Keyframes kept during training, so that every epoch is close to one of them.

Epochs between two keyframes are trained again. When the memory limit is reached, every
other one is dropped and the interval doubles.
"""

import sys

from nn_tui.training.edits import Edit
from nn_tui.training.keyframe import Keyframe
from nn_tui.training.trainer import Trainer

ROOM = 64 * 2**20
"""Bytes for all keyframes together."""
_LEAST_SECONDS = 0.05


class Keyframes:
    """The keyframes of runs with one start; ``first`` is epoch 0 before any edit."""

    def __init__(self, trainer: Trainer, room: int = ROOM) -> None:
        self.room = room
        self.first = trainer.keyframe()
        self.nbytes = 0
        """The memory they take; shared arrays count once."""
        self._counted: set[int] = set()
        """The ids of their arrays."""
        self._kept: list[Keyframe] = []
        self._known: dict[tuple[int, int], list[Keyframe]] = {}
        """By epoch and number of edits."""
        self._interval = _LEAST_SECONDS
        self._since = trainer.seconds
        self._count(self.first)

    def keep_if_due(self, trainer: Trainer) -> None:
        """Keep the current state if the interval has passed and the trainer is at rest."""
        if abs(trainer.seconds - self._since) >= self._interval and trainer.at_rest:
            self.keep(trainer)

    def keep(self, trainer: Trainer) -> None:
        """Keep the current state; the trainer must be at rest."""
        self._since = trainer.seconds
        known = self._known.get((trainer.epoch, len(trainer.edits)), ())
        if any(frame.edits == trainer.edits for frame in known):
            return
        self._add(trainer.keyframe())
        while self._kept and self.nbytes > self.room:
            self._drop_every_other()
            self._interval *= 2

    def nearest(self, epoch: int, edits: tuple[Edit, ...]) -> Keyframe:
        """The latest keyframe from which ``epoch`` of the run with ``edits`` can be reached."""
        latest_first = sorted((place for place in self._known if place[0] <= epoch), reverse=True)
        for place in latest_first:
            for frame in self._known[place]:
                if is_prefix(frame.epoch, frame.edits, edits):
                    return frame
        return self.first

    def along(self, epoch: int, edits: tuple[Edit, ...]) -> list[Keyframe]:
        """The keyframes of the run with ``edits`` up to ``epoch``, in the order of epochs."""
        frames = {0: self.first} if is_prefix(0, self.first.edits, edits) else {}
        for place in sorted(place for place in self._known if place[0] <= epoch):
            for frame in self._known[place]:
                if is_prefix(frame.epoch, frame.edits, edits):
                    frames[frame.epoch] = frame
        return list(frames.values())

    # Inside

    def _add(self, frame: Keyframe) -> None:
        self._kept.append(frame)
        self._known.setdefault((frame.epoch, len(frame.edits)), []).append(frame)
        self._count(frame)

    def _drop_every_other(self) -> None:
        rest = self._kept[1::2]
        self._kept, self._known, self.nbytes = [], {}, 0
        self._counted.clear()
        self._count(self.first)
        for frame in rest:
            self._add(frame)

    def _count(self, frame: Keyframe) -> None:
        self.nbytes += sys.getsizeof(frame.edits)
        for array in frame.arrays():
            if id(array) not in self._counted:
                self._counted.add(id(array))
                self.nbytes += array.nbytes


def is_prefix(epoch: int, made: tuple[Edit, ...], edits: tuple[Edit, ...]) -> bool:
    """Whether a run at ``epoch`` with the edits ``made`` can become the one with ``edits``.

    Both are in the order of epochs.
    """
    count = len(made)
    return (len(edits) <= count or edits[count].epoch >= epoch) and edits[:count] == made
