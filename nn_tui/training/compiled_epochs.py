"""Epochs of a plan in the compiled extension: whole ones, or one in parts.

It makes the calls that the plan makes, in the same order, on the same arrays, so a run can
change between both at any update.
"""

import time
from collections.abc import Sequence

import numpy as np

from nn_tui.nn.kernels.extension import new_program
from nn_tui.nn.kernels.lowering import Lowering, copy, gather, zero
from nn_tui.nn.kernels.operation import KernelOperation
from nn_tui.nn.state import State
from nn_tui.training.batches import EpochPlan, Update
from nn_tui.training.epoch_block import EpochBlock
from nn_tui.types import Array

_UPDATE, _EVALUATION, _PREPARATION = range(3)
"""Roles of sections: an evaluation runs where it is due; only an update is counted."""
_MOST_ORDERS = 256
"""Epochs whose orders are made before they are run."""


class CompiledEpochs:
    """The epochs of ``plan``, which trains ``state``; results are stored in ``block``.

    It stops at an epoch with a value of ``totals``, 0-d sums of losses, that is not finite. Raises
    LookupError where a call has no lowering.
    """

    def __init__(
        self, state: State, plan: EpochPlan, totals: Sequence[Array], block: EpochBlock
    ) -> None:
        self._plan = plan
        self._lowering = Lowering(state.scalars)
        self._operations: list[KernelOperation] = []
        self._sections: list[tuple[int, int, int, int, int, tuple[tuple[Array, Array], ...]]] = []
        self._updates_before: list[int] = []
        """The updates of an epoch that are finished before each section."""
        beginning = [copy(state.arrays["previous"], state.parameters)]
        if plan.gradient_sum is not None:
            beginning.append(zero(plan.gradient_sum))
        self._add(beginning, 0, _PREPARATION)
        self._add_updates(plan.plan)
        self._add(self._lowering.lower(plan.evaluation_calls), len(plan.plan), _EVALUATION)
        results = tuple(block.moves) if block.copies else ()
        self._program = new_program(
            tuple(self._operations), tuple(self._sections), results, tuple(totals)
        )
        sizes = [(last - first) * count for first, last, _, count, *_ in self._sections]
        self._done_before = [0, *np.cumsum(sizes).tolist()]
        """The operations of an epoch before each section, and all."""

    def _add(
        self,
        operations: list[KernelOperation],
        updates: int,
        role: int = _UPDATE,
        base: int = 0,
        moves: tuple[tuple[Array, Array], ...] = (),
    ) -> None:
        first = len(self._operations)
        self._operations += operations
        self._sections.append((first, len(self._operations), base, 1, role, moves))
        self._updates_before.append(updates)

    def _add_updates(self, plan: tuple[Update, ...]) -> None:
        window = self._plan.window
        complete: tuple[int, int] | None = None  # the section of all complete batches
        for number, update in enumerate(plan):
            if update.fill is not None and window is not None:
                rows = min(window.rows, window.samples - update.fill)
                loads = [
                    gather(data, place, update.fill, rows, window.shuffles)
                    for data, place in window.pairs
                ]
                loads += [
                    gather(data, place, update.fill, rows, False)
                    for data, place in window.unshuffled
                ]
                self._add(loads, number, _PREPARATION)
            if not update.complete or window is None:
                self._add(self._lowering.lower(update.calls), number)
                continue
            if complete is None:
                moves = tuple((place[: update.rows], place) for place in window.windows)
                self._add(self._lowering.lower(update.calls), number, _UPDATE, update.place, moves)
                complete = self._sections[-1][:2]
                continue
            first, last, base, count, role, moves = self._sections[-1]
            if (first, last) == complete and base + count == update.place:
                self._sections[-1] = (first, last, base, count + 1, role, moves)
            else:
                moves = next(s[5] for s in self._sections if s[:2] == complete)
                self._sections.append((*complete, update.place, 1, _UPDATE, moves))
                self._updates_before.append(number)

    def run(
        self, epochs: range, every: int, row: int, seconds: float, flag: Array | None = None
    ) -> int:
        """Run whole epochs and store each ``every``-th in the block from ``row`` on.

        Returns how many were finished, at least one: fewer after ``seconds``, once ``flag``
        (1,), intc, is not 0, or if a loss is not finite.
        """
        window = self._plan.window
        if window is not None and window.shuffles:
            epochs = epochs[:_MOST_ORDERS]
        self._program.go_to(0, 0)  # an epoch may have been left unfinished
        return self._run(epochs, every, row, False, seconds, 0.0, flag)

    def _run(
        self,
        epochs: range,
        every: int,
        row: int,
        within: bool,
        seconds: float,
        extra: float,
        flag: Array | None = None,
    ) -> int:
        window = self._plan.window
        orders = window.orders(epochs) if window is not None and window.shuffles else None
        self._lowering.load()
        try:
            return self._program.run(
                len(epochs), epochs.start, every, row, within, seconds, extra, flag, orders
            )
        finally:
            self._lowering.store()

    # One epoch in parts

    def run_part(self, epoch: int, every: int, seconds: float, extra: float) -> bool:
        """Continue ``epoch`` for ``seconds``, up to ``extra`` more to finish an update.

        Returns whether it is finished; its results are in the plan's arrays, and not stored.
        """
        return self._run(range(epoch, epoch + 1), every, -1, True, seconds, extra) == 1

    def go_to(self, updates: int) -> None:
        """Let the epoch continue after so many updates."""
        section = max(i for i, before in enumerate(self._updates_before) if before <= updates)
        while section and self._updates_before[section - 1] == updates:
            section -= 1
        self._program.go_to(section, updates - self._updates_before[section])

    @property
    def updates(self) -> int | None:
        """The updates that are finished; None in the middle of one."""
        section, round, operation = self._program.position
        if section >= len(self._sections) - 1:
            return len(self._plan.plan)  # the evaluation is repeated
        return None if operation else self._updates_before[section] + round

    @property
    def progress(self) -> float:
        """The finished share of the epoch, 0 … 1."""
        section, round, operation = self._program.position
        first, last, *_ = self._sections[section]
        done = self._done_before[section] + round * (last - first) + operation
        return float(done / self._done_before[-1])


class CompiledWalk:
    """One epoch of ``compiled`` in parts; see ``partial_epoch.EpochWalk``."""

    def __init__(self, compiled: CompiledEpochs, epoch: int, every: int, updates: int) -> None:
        self._compiled = compiled
        self._epoch, self._every = epoch, every
        self.update_count = updates
        self.done = False
        compiled.go_to(0)

    def run(self, until: float, extra: float) -> None:
        left = max(0.0, until - time.perf_counter())
        self.done = self._compiled.run_part(self._epoch, self._every, left, extra)

    def go_to(self, updates: int) -> None:
        self._compiled.go_to(updates)

    @property
    def updates(self) -> int | None:
        return self.update_count if self.done else self._compiled.updates

    @property
    def progress(self) -> float:
        return 1.0 if self.done else self._compiled.progress
