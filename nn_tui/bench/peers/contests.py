"""The trainer against loops in JAX, Numba, C and JavaScript, once both have the same losses."""

from collections.abc import Callable
from functools import partial

from nn_tui.bench.peers.c_loop import CLoop
from nn_tui.bench.peers.jax_loop import JaxDigits, JaxLoop
from nn_tui.bench.peers.numba_loop import NumbaLoop
from nn_tui.bench.peers.task import PeerLoop, TrainingTask, check_losses, task_of
from nn_tui.bench.peers.v8_loop import V8Loop
from nn_tui.bench.timing import Clock, Contest, RaceResult, cpu_of_process, fitting_amount, race
from nn_tui.bench.training_speed import start_digits
from nn_tui.training.trainer import Trainer

_SECONDS = 0.08
"""Seconds of CPU that one turn of either side takes at least."""
_DIGITS_TOLERANCE, _DIGITS_CHECKED = 1e-3, 3
"""float32 by different orders of summation, relu with kinks: they part after some epochs."""

Start = Callable[[], Trainer]
MakeLoop = Callable[[TrainingTask], PeerLoop]


def against_jax(start: Start) -> RaceResult:
    """Epochs of a trainer and of ``JaxLoop``. Raises Skipped, RuntimeError for other losses."""
    return _race("JAX", start, JaxLoop)


def against_numba(start: Start) -> RaceResult:
    """Epochs of a trainer and of ``NumbaLoop``. Raises Skipped, RuntimeError for other losses."""
    return _race("Numba", start, NumbaLoop)


def against_c(start: Start) -> RaceResult:
    """Epochs of a trainer and of ``CLoop``. Raises Skipped, RuntimeError for other losses."""
    return _race("C", start, CLoop)


def against_fast_c(start: Start) -> RaceResult:
    """The same, of C whose compiler may round in another way."""
    return _race("C", start, partial(CLoop, fast=True))


def against_v8(start: Start) -> RaceResult:
    """Epochs of a trainer and of ``V8Loop``. Raises Skipped, RuntimeError for other losses."""
    loop = V8Loop(task_of(start()))
    try:
        check_losses("V8", loop, start())
        return race(_contest(start(), loop, loop.cpu_seconds))
    finally:
        loop.close()


def digits_against_jax() -> RaceResult:
    """Epochs of the digits and of ``JaxDigits``. Raises Skipped, RuntimeError for other losses."""
    loop = JaxDigits(start_digits())
    check_losses("JAX", loop, start_digits(), _DIGITS_TOLERANCE, _DIGITS_CHECKED)
    return race(_contest(start_digits(), loop))


def _race(name: str, start: Start, make: MakeLoop) -> RaceResult:
    loop = make(task_of(start()))
    check_losses(name, loop, start())
    return race(_contest(start(), loop))


def _contest(trainer: Trainer, loop: PeerLoop, clock: Clock = cpu_of_process) -> Contest:
    ours = fitting_amount(trainer.run_epochs, _SECONDS)
    theirs = fitting_amount(loop.run, _SECONDS, clock)
    return Contest(lambda: trainer.run_epochs(ours), lambda: loop.run(theirs), ours, theirs, clock)
