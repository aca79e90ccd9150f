"""Many small calls as one, as fast as Python can make them.

A loop over ``functools.partial`` objects spends a tenth of a small network's time on
the loop and the partials. Written out as the body of a function, the same calls cost
only themselves.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, partial
from types import BuiltinMethodType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn_tui.nn.expressions import Call

Array = NDArray[Any]


def replayer(calls: Iterable[Call]) -> Call:
    """One function that carries out ``calls`` (partials) in order."""
    values: dict[int, Any] = {}
    names: dict[int, str] = {}

    def name(value: Any) -> str:
        values.setdefault(id(value), value)
        return names.setdefault(id(value), f"v{len(names)}")

    body = []
    for call in calls:
        assert isinstance(call, partial)
        arguments = [name(a) for a in call.args]
        arguments += [f"{key}={name(value)}" for key, value in call.keywords.items()]
        body.append(f"  {name(call.func)}({', '.join(arguments)})")
    parameters = ", ".join(names.values())
    source = f"def make({parameters}):\n def run():\n" + "\n".join(body or ["  pass"])
    made: Call = _maker(source + "\n return run\n")(*values.values())
    return made


@lru_cache(maxsize=64)
def _maker(source: str) -> Callable[..., Call]:
    # Calls that differ only in their arrays share this.
    scope: dict[str, Any] = {}
    exec(compile(source, "<step>", "exec"), scope)
    maker: Callable[..., Call] = scope["make"]
    return maker


def moved(calls: Iterable[Call], moves: Sequence[tuple[Array, Array]]) -> tuple[Call, ...]:
    """The same calls on other arrays: what works on ``old`` will work on ``new``.

    ``moves`` are pairs (old, new), equal in shape and dtype, both in C order. Much
    quicker than compiling the lines again.
    """
    starts = [(old, old.ctypes.data, old.nbytes, new) for old, new in moves]
    known: dict[int, Any] = {}

    def elsewhere(value: Any) -> Any:
        if id(value) not in known:
            known[id(value)] = _elsewhere(value, starts)
        return known[id(value)]

    made = []
    for call in calls:
        assert isinstance(call, partial)
        keywords = {key: elsewhere(value) for key, value in call.keywords.items()}
        made.append(partial(elsewhere(call.func), *map(elsewhere, call.args), **keywords))
    return tuple(made)


def _elsewhere(value: Any, starts: Sequence[tuple[Array, int, int, Array]]) -> Any:
    if isinstance(value, BuiltinMethodType) and isinstance(value.__self__, np.ndarray):
        return getattr(_elsewhere(value.__self__, starts), value.__name__)
    if isinstance(value, np.ndarray):
        place = value.ctypes.data
        for _, start, size, new in starts:
            if start <= place < start + size:
                return np.ndarray(value.shape, value.dtype, new, place - start, value.strides)
    return value
