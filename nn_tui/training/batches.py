"""The updates of an epoch: one with all samples, or one for each mini-batch, and their order.

Between two epochs, the error and the predictions of the current weights are known. An
epoch with all samples is therefore the backward pass from the error to new weights, then
the forward pass to their error, and the loss of the epoch costs almost nothing.

An epoch is run as a whole, or in pieces where it takes so long that it may be interrupted:
``begin``, then all ``updates``, then, if its loss is due, all of ``evaluation``. Both ways
make the same calls.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import NamedTuple, Protocol

import numpy as np

from nn_tui.nn.codegen import Repeat, compile_repeat, compile_replay, rebind_calls
from nn_tui.nn.compiler import Call
from nn_tui.nn.state import State
from nn_tui.nn.statements import Part
from nn_tui.nn.step import Step, Workspace
from nn_tui.training.epoch_block import EpochBlock
from nn_tui.training.epoch_noise import EpochNoise
from nn_tui.training.evaluator import Evaluator
from nn_tui.training.shuffle_buffer import ShuffleBuffer
from nn_tui.types import Array

WINDOW_BATCHES = 128
_LARGE_UPDATE = 20_000_000
"""Multiplications of an update above which it may be interrupted."""


class Update(NamedTuple):
    """One update of an epoch: ``calls`` with the batch that begins at ``place`` × ``rows``.

    ``fill`` is the first sample to load into the window before it, None if it is loaded.
    The calls of a ``complete`` batch are for place 0, those of any other for its own.
    """

    calls: tuple[Call, ...]
    rows: int
    place: int = 0
    fill: int | None = None
    complete: bool = False


class FirstBatch(NamedTuple):
    """Inputs, targets and kind of an update, and the random numbers that it reads."""

    inputs: Array
    targets: Array
    part: Part
    noise: Mapping[str, Array]


class EpochPlan(Protocol):
    """One way to go through the training samples."""

    plan: tuple[Update, ...]
    evaluation_calls: tuple[Call, ...]
    """Compute losses and predictions after the last update."""

    @property
    def window(self) -> ShuffleBuffer | None:
        """Holds the batches; None for full-batch training."""

    predictions: Array
    """(training samples, outputs); never changed by the caller."""

    @property
    def updates(self) -> tuple[Call, ...]:
        """The updates as functions."""

    @property
    def starts(self) -> tuple[int, ...]:
        """The number of functions before each update, and their number in total."""

    evaluation: tuple[Call, ...]
    refresh: Call
    """Recomputes losses and predictions with the current weights."""
    gradient: Array
    """(parameter_count,), plus or minus the sum of the gradients of ``epoch_updates`` updates."""
    epoch_updates: int
    gradient_sum: Array | None
    """``gradient`` where updates add to it and it must be kept to continue within an epoch."""

    def begin(self, epoch: int) -> None:
        """Prepare the updates of ``epoch``."""

    def take_up(self, updates: int) -> None:
        """After ``begin``, prepare the update after the first ``updates``."""

    def run(self, epochs: range, every: int, block: EpochBlock, row: int) -> None:
        """Run epochs; store each ``every``-th in ``block`` from ``row`` on."""

    total: Array
    """The sum of the training losses, times the loss's ``per``."""
    noise: EpochNoise | None
    """The random numbers of the updates, to be drawn before every epoch."""

    def first_batch(self, epoch: int) -> "FirstBatch":
        """What the first update of ``epoch`` reads."""

    def first_samples(self, epoch: int) -> Array:
        """The rows of the training set which that update uses, (samples,)."""


class FullBatch:
    """One update per epoch, with all samples; ``held_out`` are evaluated with it."""

    def __init__(
        self, state: State, inputs: Array, targets: Array, held_out: Sequence[Evaluator]
    ) -> None:
        workspace = Workspace(state, len(inputs))
        step = Step(state, inputs, targets, workspace)
        self._samples = (inputs, targets)
        self.total = workspace.arrays["total"]
        self.predictions = workspace.arrays[f"l{state.network.depth}"]
        self.gradient, self.epoch_updates = state.arrays["descent"], 1
        self.gradient_sum: Array | None = None
        self.noise: EpochNoise | None = None
        look = (*step.loss_sum_calls, *(call for other in held_out for call in other.calls))
        self.refresh = compile_replay((*step.forward_calls, *look))
        self._ahead = compile_replay(step.forward_calls)
        self._update = compile_replay((*step.backward_calls, *step.forward_calls))
        self._learn, self._evaluate = step.backward_calls, (*step.forward_calls, *look)
        self._epoch = compile_replay((*self._learn, *self._evaluate))
        self._repeats: tuple[EpochBlock, Repeat] | None = None
        self.window: ShuffleBuffer | None = None
        calls = (*step.backward_calls, *step.forward_calls)
        self.plan: tuple[Update, ...] = (Update(calls, len(inputs)),)
        self.evaluation_calls: tuple[Call, ...] = look
        self._state = state
        blocks = (block for other in held_out for block in other.blocks)
        self.evaluation = (*step.loss_sum_calls, *blocks)
        self.refresh()

    @cached_property
    def updates(self) -> tuple[Call, ...]:
        (update,) = self.plan
        return _pieces(self._state, update.rows, update.calls)

    @property
    def starts(self) -> tuple[int, ...]:
        return 0, len(self.updates)

    def begin(self, epoch: int) -> None:
        pass

    def take_up(self, updates: int) -> None:
        self._ahead()  # an update ends with the forward pass

    def run(self, epochs: range, every: int, block: EpochBlock, row: int) -> None:
        if every == 1 and block.copies:
            rows = range(row, row + len(epochs))
            block.begin(rows.start)
            self._repeat(block)(rows)
            block.end(rows.stop - 1)
            return
        for epoch in epochs:
            if epoch % every:
                self._update()
                continue
            self._epoch()
            block.take(row)
            row += 1

    def _repeat(self, block: EpochBlock) -> Repeat:
        """Epochs that compute directly into the rows of the block.

        An update starts with the predictions of the previous epoch.
        """
        if self._repeats is None or self._repeats[0] is not block:
            moves = block.moves
            parts = [(self._learn, [*block.moves_before, *moves]), (self._evaluate, moves)]
            self._repeats = block, compile_repeat(parts, block.capacity)
        return self._repeats[1]

    def first_batch(self, epoch: int) -> FirstBatch:
        return FirstBatch(*self._samples, "whole", {})

    def first_samples(self, epoch: int) -> Array:
        return np.arange(len(self._samples[0]))


class MiniBatches:
    """One update for each ``size`` samples.

    ``partial`` determines the use of an incomplete last batch: ``keep`` updates with it,
    ``drop`` skips it, ``carry`` adds its sums to the next epoch's first batch (TensorFlow
    Playground's rule; the state's learning rule must carry). ``seed`` shuffles. ``noise`` is
    what the updates of a learning rule with random numbers read.
    """

    def __init__(
        self,
        state: State,
        inputs: Array,
        targets: Array,
        held_out: Sequence[Evaluator],
        size: int,
        partial: str = "keep",
        seed: Sequence[int] | None = None,
        noise: EpochNoise | None = None,
    ) -> None:
        self._state = state
        rows = min(len(inputs), size * WINDOW_BATCHES)
        self.noise = noise
        drawn = {} if noise is None else noise.arrays
        self.window = ShuffleBuffer(inputs, targets, rows, seed, drawn)
        self._size = size
        self._full, self._short = divmod(len(inputs), size)
        self._left = self._short if partial != "drop" and (self._full or partial == "keep") else 0
        self._carries = partial == "carry" and self._left > 0
        self._workspaces: dict[int, Workspace] = {}
        self.gradient = np.zeros_like(state.parameters)
        self.gradient_sum: Array | None = self.gradient
        self.epoch_updates = self._full + (self._left > 0 and not self._carries)
        self.plan: tuple[Update, ...] = tuple(self._planned())
        self._train = Evaluator(state, inputs, targets)
        self.predictions, self.total = self._train.predictions, self._train.total
        evaluators = (self._train, *held_out)
        self.evaluation_calls = tuple(call for each in evaluators for call in each.calls)
        self.evaluation = tuple(block for each in evaluators for block in each.blocks)
        self.refresh = compile_replay(self.evaluation_calls)
        self.refresh()

    def _planned(self) -> Iterator[Update]:
        complete: tuple[Call, ...] = ()
        for batch in range(self._full + (self._left > 0)):
            place = batch % WINDOW_BATCHES
            fill = None if place or self.window.whole else batch * self._size
            if batch == self._full:
                part: Part = "rest" if self._carries else "whole"
                yield Update(self._calls(place, self._left, part), self._left, place, fill)
            elif batch == 0 and self._carries:
                yield Update(self._calls(0, self._size, "first"), self._size, place, fill)
            else:
                complete = complete or self._calls(0, self._size, "whole")
                yield Update(complete, self._size, place, fill, True)

    @cached_property
    def _functions(self) -> tuple[list[Call], list[int]]:
        """The functions of an epoch (fill the window, update), and the start of each update."""
        functions: list[Call] = []
        starts = []
        moved: dict[int, tuple[Call, ...]] = {}
        for update in self.plan:
            starts.append(len(functions))
            if update.fill is not None:
                functions.append(partial(self.window.fill, update.fill))
            if not update.complete:
                functions += _pieces(self._state, update.rows, update.calls)
                continue
            if update.place not in moved:
                calls = rebind_calls(update.calls, self._moves(update.place))
                moved[update.place] = _pieces(self._state, update.rows, calls)
            functions += moved[update.place]
        return functions, [*starts, len(functions)]

    def _moves(self, place: int) -> list[tuple[Array, Array]]:
        """The batch at place 0 and the one at ``place``, of inputs, targets and noise."""
        first, there = slice(self._size), slice(place * self._size, (place + 1) * self._size)
        return [(a[first], a[there]) for a in self.window.windows]

    @cached_property
    def updates(self) -> tuple[Call, ...]:
        return tuple(self._functions[0])

    @cached_property
    def starts(self) -> tuple[int, ...]:
        return tuple(self._functions[1])

    def _calls(self, place: int, rows: int, part: Part) -> tuple[Call, ...]:
        there = slice(place * self._size, place * self._size + rows)
        noise = {name: window[there] for name, window in self.window.noise_windows.items()}
        step = self._step(self.window.inputs[there], self.window.targets[there], part, noise)
        added = () if part == "rest" else (self._add,)
        return (*step.forward_calls, *step.backward_calls, *added)

    @cached_property
    def _add(self) -> Call:
        """Adds the gradient of an update to the epoch's."""
        return partial(np.add, self.gradient, self._state.arrays["descent"], self.gradient)

    def _step(self, inputs: Array, targets: Array, part: Part, noise: Mapping[str, Array]) -> Step:
        rows = len(inputs)
        if rows not in self._workspaces:
            self._workspaces[rows] = Workspace(self._state, rows)
        workspace = self._workspaces[rows]
        return Step(self._state, inputs, targets, workspace, part=part, noise=noise)

    def begin(self, epoch: int) -> None:
        self.window.begin(epoch)
        self.gradient[...] = 0

    def take_up(self, updates: int) -> None:
        if not self.window.whole and updates < len(self.plan):
            self.window.fill((updates - updates % WINDOW_BATCHES) * self._size)

    def run(self, epochs: range, every: int, block: EpochBlock, row: int) -> None:
        for epoch in epochs:
            self.begin(epoch)
            for update in self.updates:
                update()
            if epoch % every == 0:
                self.refresh()
                block.take(row)
                row += 1

    def first_batch(self, epoch: int) -> FirstBatch:
        rows, part = self._size, self._first_part
        if not self._full:
            rows = self.window.rows
        noise = {} if self.noise is None else self.noise.first(epoch, rows)
        return FirstBatch(*self.window.first(epoch, rows), part, noise)

    @property
    def _first_part(self) -> Part:
        if not self._full:
            return "rest"
        return "first" if self._carries else "whole"

    def first_samples(self, epoch: int) -> Array:
        return self.window.places(epoch, self._size if self._full else self.window.rows)


def _pieces(state: State, rows: int, calls: Sequence[Call]) -> tuple[Call, ...]:
    """The calls as a single one, or separately where they take long."""
    if rows * state.network.weight_count > _LARGE_UPDATE:
        return tuple(calls)
    return (compile_replay(calls),)
