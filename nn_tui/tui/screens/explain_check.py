"""The gradient check of Explain, in a thread, on arrays of its own."""

import asyncio
import threading

from nn_tui.errors import InputError
from nn_tui.nn.explain import line_edits
from nn_tui.nn.explain.stepper import StepDebugger
from nn_tui.nn.gradient_check import check_gradients
from nn_tui.nn.gradient_comparison import GradientCheck
from nn_tui.nn.step import Step


class GradientChecker:
    """Checks one step at a time; ``cancel`` ends the check that runs."""

    def __init__(self) -> None:
        self._stop: threading.Event | None = None

    @property
    def running(self) -> bool:
        """Whether a check runs that was not cancelled."""
        return self._stop is not None and not self._stop.is_set()

    def cancel(self) -> None:
        """End the check that runs, if there is one: its result is None."""
        if self._stop is not None:
            self._stop.set()

    async def check(self, walk: StepDebugger) -> GradientCheck | None:
        """The check at the state before the first line of ``walk``; None if cancelled.

        Raises InputError where a line is blank or the loss is not finite.
        """
        step = _copied(walk)
        self.cancel()
        stop = self._stop = threading.Event()
        try:
            return await asyncio.to_thread(check_gradients, step, interrupted=stop.is_set)
        except ValueError as error:
            raise InputError(str(error)) from None
        finally:
            if self._stop is stop:
                self._stop = None


def _copied(walk: StepDebugger) -> Step:
    """The step before its first line, independent of ``walk``."""
    blank = line_edits.first_blank(walk.step)
    if blank is not None:
        name = walk.step.lines[blank].writes
        raise InputError(f"{name} is blank; gradients can be checked once it is written")
    position = walk.position
    walk.go_to(0)
    try:
        return line_edits.step_copy(walk.step, walk.step.state.copy())
    finally:
        walk.go_to(position)
