"""The path of a run through the space of its parameters."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from nn_tui.training.interruption import never
from nn_tui.training.run import Run
from nn_tui.training.run_replayer import RunReplayer
from nn_tui.types import Array

_ENOUGH = 40
"""Recorded states that make a path without training any epoch again."""
_POINTS = 121
_LONGEST = 10.0
"""Seconds of training up to which a run is trained again for more points of its path."""
_ROOM = 2**20
"""Bytes for the keyframes of a replay, which only goes forward."""


@dataclass(frozen=True, eq=False)
class RunPath:
    """The parameters (points, parameter_count), float64, after ascending ``epochs`` (points,)."""

    epochs: Array
    parameters: Array


def trace_path(run: Run, states: Sequence[tuple[int, Array]], seconds: float) -> Iterator[RunPath]:
    """Yield ever longer parts of the path of ``run`` up to the last of ``states``.

    ``states`` are recorded ones, epoch and parameters (parameter_count,), ascending. Where they
    are few, the run is trained again in a trainer of its own, unless that took many ``seconds``.
    """
    if len(states) >= _ENOUGH or seconds > _LONGEST or states[-1][0] <= len(states):
        yield _path(_thinned(states))
        return
    last = states[-1][0]
    evenly, early = np.linspace(0, last, _POINTS // 2), np.geomspace(1, last, _POINTS // 2)
    spread = {*np.rint(np.concatenate([evenly, early])).astype(int).tolist()}
    rounds = {factor * 10**power for power in range(len(str(last))) for factor in (1, 2, 5)}
    wanted = sorted({*spread, *(epoch for epoch in rounds if epoch < last)})
    replayer = RunReplayer(run, room=_ROOM)
    found: list[tuple[int, Array]] = []
    for epoch in wanted[:-1]:
        replayer.go_to(run, epoch, never)
        if replayer.trainer.epoch < epoch:
            break  # it diverged
        found.append((epoch, replayer.trainer.runner.loop.state.parameters.copy()))
        yield _path([*found, states[-1]])
    yield _path([*found, states[-1]])


def _thinned(states: Sequence[tuple[int, Array]]) -> list[tuple[int, Array]]:
    """At most about ``_POINTS`` of the states, the first and the last among them."""
    step = max(1, len(states) // _POINTS)
    return [*states[:-1:step], states[-1]]


def _path(states: Sequence[tuple[int, Array]]) -> RunPath:
    epochs = np.array([epoch for epoch, _ in states])
    return RunPath(epochs, np.array([parameters for _, parameters in states], np.float64))
