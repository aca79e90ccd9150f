"""Going back and forth: undo and redo, any epoch of a run, other runs of the sitting, pins."""

import asyncio
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from nn_tui.training.branches import PinnedRun, RunBranch
from nn_tui.training.run import RunPosition
from nn_tui.training.snapshot import summarize_run
from nn_tui.tui.session.pin_labels import label_pins
from nn_tui.tui.session.worker import Worker


class Navigator(Worker):
    """A worker that a person may ask for another moment than the one they are at."""

    pins: tuple[PinnedRun, ...] = ()
    """Runs kept for comparison, oldest first."""

    def undo(self) -> None:
        """Be at the moment before the last change."""
        self.pause()
        self._ask(partial(self._go, self.timeline.undo, "undone", "there is nothing to undo"))

    def redo(self) -> None:
        """Be again where one was before the last undo."""
        self.pause()
        self._ask(partial(self._go, self.timeline.redo, "done again", "there is nothing to redo"))

    def go_to(self, epoch: int) -> None:
        """Be at another epoch of this run."""
        self.pause()
        self._ask(lambda: self._travel(epoch))

    def go_by(self, direction: int) -> None:
        """Be some epochs earlier or later: a hundredth of the run or so."""
        self.pause()

        def job() -> Any:
            here, step = self.trainer.epoch, _stride(self.timeline.furthest)
            aligned = here - here % step
            earlier = aligned if aligned < here else here - step
            return self._travel(earlier if direction < 0 else aligned + step)

        self._ask(job)

    def jump(self, place: RunPosition, what: str) -> None:
        """Be at a moment of another run of this sitting."""
        self.pause()

        async def job() -> None:
            await asyncio.to_thread(self.timeline.jump, place, what)
            self._arrive()
            self._say(f"{what}; {self._keys['undo']} goes back", False)

        self._ask(job)

    def pin(self) -> None:
        """Keep the run as it stands for comparison."""

        async def job() -> None:
            snapshot = await asyncio.to_thread(self.timeline.snapshot)
            self._keep(PinnedRun("", summarize_run(snapshot), self.place))
            more = self._keys.with_key_names("`compare` compares, `unpin` unpins all")
            self._say(f"pinned as {self.pins[-1].label}; {more}", False)

        self._ask(job)

    def keep(self, pin: PinnedRun) -> None:
        """Keep another run of this sitting for comparison."""
        self._ask(lambda: self._keep(pin))

    def unpin(self, pin: PinnedRun | None = None) -> None:
        """Forget a pin, or all of them."""

        def job() -> None:
            self._set_pins(p for p in self.pins if pin is not None and p.place is not pin.place)

        self._ask(job)

    async def _go(self, way: Callable[[], str], done: str, nothing: str) -> None:
        what = await asyncio.to_thread(way)
        self._arrive()
        self._say(f"{done}: {what}; epoch {self.trainer.epoch:,}" if what else nothing, False)

    async def _travel(self, epoch: int) -> None:
        furthest = self.timeline.furthest
        if epoch > furthest and self.trainer.epoch == furthest:
            self._say(f"epoch {furthest:,} is the latest; {self._keys['run']} trains on", False)
            return
        if epoch < 0 and self.trainer.epoch == 0:
            self._say(f"epoch 0 is the first; {self._keys['run']} trains on", False)
            return
        with self._jobs.stoppable() as stopped:
            await asyncio.to_thread(self.timeline.go_to, epoch, stopped)
        here = self.trainer.epoch
        ahead = f"; {self._keys['run']} goes on from here, a change forks the run"
        self._say(f"epoch {here:,} of {furthest:,}{ahead if here < furthest else ''}", False)

    def _keep(self, pin: PinnedRun) -> None:
        self._set_pins((*self.pins, pin))

    def _set_pins(self, pins: Iterable[PinnedRun]) -> None:
        self.pins = label_pins(pins, self.name)

    def _arrive(self) -> None:
        super()._arrive()
        self._set_pins(self.pins)  # behind another run they may need its name

    def _keep_left(self, left: RunBranch | None) -> None:
        """Pin what was left behind by a change in the past, if it is."""
        if left is not None and left.outcome is not None:
            self._keep(PinnedRun("", left.outcome, left.end, "before the change"))


def _stride(furthest: int) -> int:
    """The largest power of ten that makes a hundred steps of so many epochs, or more."""
    return int(10 ** max(0, len(str(furthest)) - 3))
