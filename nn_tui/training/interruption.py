"""Asking training to return soon, from any thread."""

from collections.abc import Callable

import numpy as np

from nn_tui.types import Array


def never() -> bool:
    """Return False: the default of ``interrupted``."""
    return False


class Interruption:
    """Whether training is asked to return: a function that it calls now and then.

    Whole epochs in the compiled extension end at once after ``wake``, so that it need not be
    called as often as a key must be answered.
    """

    def __init__(self, asked: Callable[[], bool]) -> None:
        self._asked = asked
        self.flag = np.zeros(1, np.intc)
        """Not 0 once it is time to call it."""

    def __call__(self) -> bool:
        self.flag[0] = 0  # what is asked from now on sets it again
        return self._asked()

    def wake(self) -> None:
        """Let training call it soon; may be called in any thread."""
        self.flag[0] = 1


def flag_of(interrupted: Callable[[], bool]) -> Array | None:
    """The flag of an ``Interruption``, (1,), intc; None of any other function."""
    return interrupted.flag if isinstance(interrupted, Interruption) else None
