"""Many small calls as one, as fast as Python can make them.

A loop over ``functools.partial`` objects spends a tenth of a small network's time on
the loop and the partials. Written out as the body of a function, the same calls cost
only themselves.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from types import BuiltinMethodType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn_tui.nn.compiler import Call

Array = NDArray[Any]
Repeat = Callable[[Sequence[tuple[Array, ...]]], None]


def replayer(calls: Iterable[Call]) -> Call:
    """One function that carries out ``calls`` (partials) in order."""
    lines, values = _written_out(calls, {})
    made: Call = _made("def run():", lines or ["pass"], values)
    return made


def repeater(calls: Iterable[Call], results: Sequence[Array]) -> Repeat:
    """One function that carries out ``calls`` once for each of the places that it is given.

    A place is a tuple of arrays, one for each of ``results`` and of its shape and dtype,
    which the calls write and read in the result's stead. So what every round gives is
    kept without a call that copies it.
    """
    places = {id(result): f"p{i}" for i, result in enumerate(results)}
    lines, values = _written_out(calls, places)
    head = f"def run(places):\n  for {', '.join(places.values())}, in places:"
    made: Repeat = _made(head, lines, values)
    return made


def _written_out(
    calls: Iterable[Call], known: Mapping[int, str]
) -> tuple[list[str], dict[str, Any]]:
    """A line for each call, and the values in them by name; ``known`` are names by identity."""
    names = dict(known)
    values: dict[str, Any] = {}

    def name(value: Any) -> str:
        if id(value) not in names:
            names[id(value)] = f"v{len(values)}"
            values[names[id(value)]] = value
        return names[id(value)]

    lines = []
    for call in calls:
        assert isinstance(call, partial)
        arguments = [name(a) for a in call.args]
        arguments += [f"{key}={name(value)}" for key, value in call.keywords.items()]
        lines.append(f"{name(call.func)}({', '.join(arguments)})")
    return lines, values


def _made(head: str, lines: Iterable[str], values: Mapping[str, Any]) -> Any:
    body = "".join(f"   {line}\n" for line in lines)
    source = f"def make({', '.join(values)}):\n {head}\n{body} return run\n"
    return _maker(source)(*values.values())


@lru_cache(maxsize=64)
def _maker(source: str) -> Callable[..., Any]:
    # Calls that differ only in their arrays share this.
    scope: dict[str, Any] = {}
    exec(compile(source, "<step>", "exec"), scope)
    maker: Callable[..., Any] = scope["make"]
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
