"""The path of a run through the space of its parameters."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from nn_tui.training.interruption import never
from nn_tui.training.run import Run
from nn_tui.training.run_replayer import RunReplayer
from nn_tui.types import Array

T = TypeVar("T")

_ENOUGH = 40
"""Recorded states that make a path without training any epoch again."""
_POINTS = 121
_MOST_BYTES = 2**25
"""Of the parameters of a path: large networks have fewer points."""
_FEWEST = 3
"""Points that make a plane."""
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
    last, parameters = states[-1]
    most = max(_FEWEST, _MOST_BYTES // (8 * max(1, len(parameters))))
    if len(states) >= _ENOUGH or seconds > _LONGEST or last <= len(states):
        kept = _thinned(states, min(_POINTS, most))
        yield RunPath(
            np.array([epoch for epoch, _ in kept]), np.array([p for _, p in kept], np.float64)
        )
        return
    evenly, early = np.linspace(0, last, _POINTS // 2), np.geomspace(1, last, _POINTS // 2)
    spread = {*np.rint(np.concatenate([evenly, early])).astype(int).tolist()}
    rounds = {factor * 10**power for power in range(len(str(last))) for factor in (1, 2, 5)}
    wanted = _thinned(sorted({*spread, *(epoch for epoch in rounds if epoch < last)}), most)
    replayer = RunReplayer(run, room=_ROOM)
    table = np.empty((len(wanted), len(parameters)))
    found: list[int] = []
    for epoch in wanted[:-1]:
        replayer.go_to(run, epoch, never)
        if replayer.trainer.epoch < epoch:
            break  # it diverged
        table[len(found)] = replayer.trainer.runner.loop.state.parameters
        found.append(epoch)
        yield RunPath(np.array(found), table[: len(found)])
    table[len(found)] = parameters
    yield RunPath(np.array([*found, last]), table[: len(found) + 1])


def _thinned(entries: Sequence[T], most: int) -> list[T]:
    """At most about ``most`` of the entries, the first and the last among them."""
    step = max(1, -(-len(entries) // most))
    return [*entries[:-1:step], entries[-1]]
