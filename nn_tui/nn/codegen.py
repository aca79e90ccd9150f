"""Many small calls as one, as fast as Python can make them.

A loop over ``functools.partial`` objects spends a tenth of a small network's time on
the loop and the partials. Written out as the body of a function, the same calls cost
only themselves.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from types import BuiltinMethodType
from typing import Any

import numpy as np

from nn_tui.nn.compiler import Call
from nn_tui.types import Array

Repeat = Callable[[range], None]
Rebinding = Sequence[tuple[Array, Array]]


def compile_replay(calls: Iterable[Call]) -> Call:
    """One function that carries out ``calls`` (partials) in order."""
    values: dict[str, Any] = {}
    made: Call = _build("def run():", _call_lines(calls, {}, values) or ["pass"], values)
    return made


def compile_repeat(parts: Sequence[tuple[Sequence[Call], Rebinding]], rounds: int) -> Repeat:
    """One function that carries out all calls once for each round of a range.

    A part is its calls and its moves: pairs of an array that the calls work on, and
    (rounds, …) places that they work on in its stead, another one each round. So what every
    round gives is kept without a call that copies it.
    """
    lines: list[str] = []
    values: dict[str, Any] = {}
    places: list[list[Any]] = []
    for calls, moves in parts:
        known: dict[int, str] = {}
        for value in _values(calls):
            held = _per_round(value, moves, rounds) if id(value) not in known else None
            if held is not None:
                known[id(value)] = f"p{len(places)}"
                places.append(held)
        lines += _call_lines(calls, known, values)
    each = [*zip(*places, strict=True)] if places else [()] * rounds
    names = "".join(f"p{i}, " for i in range(len(places))) or "_"
    run = _build(f"def run(places):\n  for {names} in places:", lines or ["pass"], values)
    return lambda chosen: run(each[chosen.start : chosen.stop])


def _values(calls: Iterable[Call]) -> Iterator[Any]:
    for call in calls:
        assert isinstance(call, partial)
        yield from (call.func, *call.args, *call.keywords.values())


def _per_round(value: Any, moves: Rebinding, rounds: int) -> list[Any] | None:
    """What stands for ``value`` in each round; None where it is not in an array that moves."""
    if isinstance(value, BuiltinMethodType) and isinstance(value.__self__, np.ndarray):
        owners = _per_round(value.__self__, moves, rounds)
        return None if owners is None else [getattr(owner, value.__name__) for owner in owners]
    if isinstance(value, np.ndarray):
        place = value.ctypes.data
        for old, new in moves:
            start = old.ctypes.data
            if start <= place < start + old.nbytes:
                shape, strides = (rounds, *value.shape), (new.strides[0], *value.strides)
                inside = np.ndarray(shape, value.dtype, new, place - start, strides)
                return [inside[i, ...] for i in range(rounds)]
    return None


def _call_lines(
    calls: Iterable[Call], known: Mapping[int, str], values: dict[str, Any]
) -> list[str]:
    """A line for each call; the values in them are added by name.

    ``known`` are names by identity.
    """
    names = {**{id(value): name for name, value in values.items()}, **known}

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
    return lines


def _build(head: str, lines: Iterable[str], values: Mapping[str, Any]) -> Any:
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


def rebind_calls(calls: Iterable[Call], moves: Rebinding) -> tuple[Call, ...]:
    """The same calls on other arrays: what works on ``old`` will work on ``new``.

    ``moves`` are pairs (old, new), equal in shape and dtype, both in C order. Much
    quicker than compiling the lines again.
    """
    starts = [(old, old.ctypes.data, old.nbytes, new) for old, new in moves]
    known: dict[int, Any] = {}

    def elsewhere(value: Any) -> Any:
        if id(value) not in known:
            known[id(value)] = _rebind(value, starts)
        return known[id(value)]

    made = []
    for call in calls:
        assert isinstance(call, partial)
        keywords = {key: elsewhere(value) for key, value in call.keywords.items()}
        made.append(partial(elsewhere(call.func), *map(elsewhere, call.args), **keywords))
    return tuple(made)


def _rebind(value: Any, starts: Sequence[tuple[Array, int, int, Array]]) -> Any:
    if isinstance(value, BuiltinMethodType) and isinstance(value.__self__, np.ndarray):
        return getattr(_rebind(value.__self__, starts), value.__name__)
    if isinstance(value, np.ndarray):
        place = value.ctypes.data
        for _, start, size, new in starts:
            if start <= place < start + size:
                return np.ndarray(value.shape, value.dtype, new, place - start, value.strides)
    return value
