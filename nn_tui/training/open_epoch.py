"""An epoch that is run piece by piece, so that it can be left in the middle."""

import time

import numpy as np

from nn_tui.training.course import Course


class OpenEpoch:
    """``epoch`` of a course at rest; ``before`` is the state it began with."""

    def __init__(self, course: Course, epoch: int) -> None:
        self.before = course.state.save()
        self.seconds = 0.0
        self._pieces = course.pieces(epoch)
        self._position = 0

    def run(self, until: float) -> None:
        """Go on, for a piece at least, till the end or till the clock says ``until``."""
        began = now = time.perf_counter()
        with np.errstate(all="ignore"):
            while not self.done:
                self._pieces[self._position]()
                self._position += 1
                now = time.perf_counter()
                if now > until:
                    break
        self.seconds += now - began

    @property
    def done(self) -> bool:
        return self._position == len(self._pieces)

    @property
    def progress(self) -> float:
        """How much of it is done, 0 … 1."""
        return self._position / max(1, len(self._pieces))
