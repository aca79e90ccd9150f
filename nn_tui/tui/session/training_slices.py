"""Training in slices: how long one lasts, what ends it early, when its frame is due.

Without a pace a slice ends where the next frame may be due. With a pace it has the epochs of
one frame, followed by a wait until the next ones are due.
"""

import asyncio
from collections.abc import Awaitable, Callable

from nn_tui.files.runs.autosave import Autosaver
from nn_tui.training.interruption import Interruption
from nn_tui.training.timeline import Timeline
from nn_tui.tui.session.frame_rate import FramePacer, KeyPriority


class SliceRunner:
    """Trains each slice in a thread; keys have priority.

    ``saver`` is offered the state after each slice. ``is_ready`` tells whether the terminal
    can take a frame. ``sleep`` waits so many seconds and returns False if a request ended it.
    """

    def __init__(
        self,
        frames_per_second: float,
        saver: Autosaver | None,
        is_ready: Callable[[], bool],
        sleep: Callable[[float], Awaitable[bool]],
    ) -> None:
        self.frame_seconds = 1 / frames_per_second
        self.key_priority = KeyPriority(on_claim=self.wake)
        self._saver = saver
        self._is_ready = is_ready
        self._sleep = sleep
        self._pacer = FramePacer(frames_per_second, is_ready)
        self._next_due = 0.0  # loop time of the next epochs, with a pace
        self._interruption: Interruption | None = None

    def wake(self) -> None:
        """Let the slice that is running look at once at what may end it, in any thread."""
        if self._interruption is not None:
            self._interruption.wake()

    async def run_at_full_speed(
        self, timeline: Timeline, last_epoch: int | None, interrupted: Callable[[], bool]
    ) -> None:
        """Train until a frame may be due, until ``last_epoch`` or while not ``interrupted``."""
        await self._train(timeline, last_epoch, self._pacer.slice_seconds, interrupted)

    async def run_paced(
        self,
        timeline: Timeline,
        last_epoch: int | None,
        interrupted: Callable[[], bool],
        epochs_per_second: float,
    ) -> None:
        """Train the epochs of one frame, and wait until the next are due.

        A request ends the wait; the next call resumes it.
        """
        epochs = max(1, round(epochs_per_second * self.frame_seconds))
        before = timeline.epoch
        if last_epoch is not None:
            epochs = max(0, min(epochs, last_epoch - before))
        clock = asyncio.get_running_loop().time
        late = clock() - self._next_due
        if -epochs / epochs_per_second <= late < 0 and not await self._sleep(-late):
            return
        start = clock()
        if 0 <= start - self._next_due <= epochs / epochs_per_second:
            start = self._next_due  # drawing in between does not slow the run down
        await self.run_frame(timeline, before + epochs, interrupted)
        epoch = timeline.epoch
        self._next_due = start + (epoch - before) / epochs_per_second
        remaining = self._next_due - clock()
        if remaining > 0 and (last_epoch is None or epoch < last_epoch):
            await self._sleep(remaining)

    async def run_frame(
        self, timeline: Timeline, last_epoch: int, interrupted: Callable[[], bool]
    ) -> None:
        """Train for at most one frame, until ``last_epoch`` or while not ``interrupted``."""
        await self._train(timeline, last_epoch, self.frame_seconds, interrupted)

    async def frame_due(self, epochs_per_second: float) -> bool:
        """Whether to show the progress of training; the effect of a key is shown first."""
        if not epochs_per_second:
            return not self.key_priority.claimed and self._pacer.due()
        await self.key_priority.wait()  # the next frame of a slow run may be a second away
        return self._is_ready()

    async def _train(
        self,
        timeline: Timeline,
        last_epoch: int | None,
        seconds: float,
        interrupted: Callable[[], bool],
    ) -> None:
        def should_stop() -> bool:
            return self.key_priority.claimed or interrupted()

        self._interruption = interruption = Interruption(should_stop)

        def train() -> None:
            timeline.run_for(seconds, last_epoch, interruption)
            if self._saver is not None:
                self._saver.save_if_due(timeline)

        await self.key_priority.wait()
        await asyncio.to_thread(train)
