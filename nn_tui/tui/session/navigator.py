"""Moves between states: undo and redo, other epochs of the run, other runs."""

import asyncio
from collections.abc import Callable
from functools import partial

from nn_tui.training.run import RunPosition
from nn_tui.training.stopping import monitored
from nn_tui.training.timeline import Timeline
from nn_tui.tui.session.worker import Worker


class Navigator:
    """Pauses training and moves to another state of this run or of another one."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    def undo(self) -> None:
        """Return to the state before the last change."""
        self._request(partial(self._restore, lambda line: line.undo(), "undone", "nothing to undo"))

    def redo(self) -> None:
        """Return to the state before the last undo."""
        self._request(partial(self._restore, lambda line: line.redo(), "redone", "nothing to redo"))

    def go_to(self, epoch: int) -> None:
        """Go to another epoch of this run."""
        self._request(lambda: self._go_to(epoch))

    def go_to_best(self) -> None:
        """Go to the best epoch of this run."""

        async def job() -> None:
            timeline = self._worker.timeline
            best, part = timeline.best, monitored(timeline.trainer.dataset.parts)
            if best is None:
                self._worker.show_message("no best epoch yet", "`run` trains")
                return
            await self._go_to(best.epoch)
            name = "training" if part == "train" else part
            self._worker.show_message(
                f"epoch {best.epoch:,} of {timeline.furthest:,} has the lowest {name} loss, "
                f"{best.loss:.6g}",
                "`forward-in-time` goes on" if best.epoch < timeline.furthest else "",
            )

        self._request(job)

    def go_by(self, direction: int) -> None:
        """Go back (-1) or forward (1) by about a hundredth of the run."""

        async def job() -> None:
            timeline = self._worker.timeline
            epoch, step = timeline.epoch, _step_size(timeline.furthest)
            aligned = epoch - epoch % step
            earlier = aligned if aligned < epoch else epoch - step
            await self._go_to(earlier if direction < 0 else aligned + step)

        self._request(job)

    def jump(self, position: RunPosition, description: str) -> None:
        """Go to a state of any run of this session."""

        async def job() -> None:
            await asyncio.to_thread(self._worker.timeline.jump, position, description)
            self._worker.run_replaced()
            self._worker.show_message(description, "`undo` goes back")

        self._request(job)

    def _request(self, job: Callable[[], object]) -> None:
        self._worker.pause()
        self._worker.request(job)

    async def _restore(self, move: Callable[[Timeline], str], done: str, nothing: str) -> None:
        worker = self._worker
        change = await asyncio.to_thread(move, worker.timeline)
        worker.run_replaced()
        epoch = worker.timeline.epoch
        worker.show_message(f"{done}: {change}; epoch {epoch:,}" if change else nothing)

    async def _go_to(self, epoch: int) -> None:
        worker, timeline = self._worker, self._worker.timeline
        furthest, current = timeline.furthest, timeline.epoch
        if epoch > furthest and current == furthest:
            worker.show_message(f"epoch {furthest:,} is the last one", "`run` continues")
            return
        if epoch < 0 and current == 0:
            worker.show_message("epoch 0 is the first one", "`run` trains")
            return
        with worker.jobs.cancellable() as cancelled:
            await asyncio.to_thread(timeline.go_to, epoch, cancelled)
        current = timeline.epoch
        ahead = "`run` continues from here, a change starts a new branch"
        worker.show_message(
            f"epoch {current:,} of {furthest:,}", ahead if current < furthest else ""
        )


def _step_size(furthest: int) -> int:
    """The largest power of ten that is at most a hundredth of ``furthest``, or 1."""
    return int(10 ** max(0, len(str(furthest)) - 3))
