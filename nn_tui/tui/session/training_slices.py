"""Training in slices: how long one is, what cuts it short, when its picture is due.

Flat out, a slice ends where a picture may be due. At a pace it has the epochs of a frame,
and a wait until the next are due.
"""

import asyncio
from collections.abc import Awaitable, Callable

from nn_tui.files.runs.autosave import Autosaver
from nn_tui.training.timeline import Timeline
from nn_tui.tui.session.pacing import KeyPriority, Pacer


class SliceRunner:
    """A slice is trained in a thread of its own, and gives ``way`` to keys.

    ``saver`` is offered each moment that one has come to, and ``spare`` tells whether the
    terminal has room for a picture. ``undisturbed`` waits so many seconds, and says whether
    nothing was asked for in all of them.
    """

    def __init__(
        self,
        frames_per_second: float,
        saver: Autosaver | None,
        spare: Callable[[], bool],
        undisturbed: Callable[[float], Awaitable[bool]],
    ) -> None:
        self.frame_seconds = 1 / frames_per_second
        self.way = KeyPriority()
        self._saver = saver
        self._spare = spare
        self._undisturbed = undisturbed
        self._pacer = Pacer(frames_per_second, spare)
        self._due = 0.0  # when the next epochs are, where they are paced

    async def flat_out(
        self, timeline: Timeline, goal: int | None, unwanted: Callable[[], bool]
    ) -> None:
        """Train until a picture may be due, to the epoch ``goal`` or while not ``unwanted``."""
        await self._train(timeline, goal, self._pacer.slice_seconds, unwanted)

    async def at_pace(
        self, timeline: Timeline, goal: int | None, unwanted: Callable[[], bool], pace: float
    ) -> None:
        """So many epochs as there are in a frame, and a wait until the next are due.

        What is asked for ends the wait, which is then gone on with.
        """
        epochs = max(1, round(pace * self.frame_seconds))
        before = timeline.trainer.epoch
        if goal is not None:
            epochs = max(0, min(epochs, goal - before))
        clock = asyncio.get_running_loop().time
        late = clock() - self._due
        if -epochs / pace <= late < 0 and not await self._undisturbed(-late):
            return
        began = clock()
        if 0 <= began - self._due <= epochs / pace:
            began = self._due  # what was drawn in between is no reason to be late
        await self.frame(timeline, before + epochs, unwanted)
        here = timeline.trainer.epoch
        self._due = began + (here - before) / pace
        left = self._due - clock()
        if left > 0 and (goal is None or here < goal):
            await self._undisturbed(left)

    async def frame(
        self, timeline: Timeline, last_epoch: int, unwanted: Callable[[], bool]
    ) -> None:
        """Train for a frame at most, up to ``last_epoch`` or while not ``unwanted``."""
        await self._train(timeline, last_epoch, self.frame_seconds, unwanted)

    async def _train(
        self,
        timeline: Timeline,
        last_epoch: int | None,
        seconds: float,
        unwanted: Callable[[], bool],
    ) -> None:
        def slice_() -> None:
            timeline.run_for(seconds, last_epoch, interrupted)
            if self._saver is not None:
                self._saver.offer(timeline)

        def interrupted() -> bool:
            return self.way.claimed or unwanted()

        await self.way.passed()
        await asyncio.to_thread(slice_)

    async def picture_due(self, pace: float) -> bool:
        """Whether to show how training goes; what a key did is shown first."""
        if not pace:
            return not self.way.claimed and self._pacer.due()
        await self.way.passed()  # the next of these pictures may be a second away
        return self._spare()
