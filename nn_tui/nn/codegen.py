"""Code generation: many small calls compiled into one function.

For a small network, a loop over ``functools.partial`` objects spends a tenth of its time
on the loop and the partials. Generated code that contains the calls has no such overhead.
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
    """Return one function that executes ``calls`` (partials) in order."""
    values: dict[str, Any] = {}
    result: Call = _build("def run():", _call_lines(calls, {}, values) or ["pass"], values)
    return result


def compile_repeat(parts: Sequence[tuple[Sequence[Call], Rebinding]], rounds: int) -> Repeat:
    """Return one function that executes all calls once for each round of a range.

    A part has calls and rebindings: pairs of an array that the calls use and a replacement
    of shape (rounds, …), of which each round uses its own slice. The results of every round
    are thus stored without copies.
    """
    lines: list[str] = []
    values: dict[str, Any] = {}
    columns: list[list[Any]] = []
    for calls, rebinding in parts:
        known: dict[int, str] = {}
        for value in _values(calls):
            per_round = _per_round(value, rebinding, rounds) if id(value) not in known else None
            if per_round is not None:
                known[id(value)] = f"p{len(columns)}"
                columns.append(per_round)
        lines += _call_lines(calls, known, values)
    each = [*zip(*columns, strict=True)] if columns else [()] * rounds
    names = "".join(f"p{i}, " for i in range(len(columns))) or "_"
    run = _build(f"def run(places):\n  for {names} in places:", lines or ["pass"], values)
    return lambda chosen: run(each[chosen.start : chosen.stop])


def _values(calls: Iterable[Call]) -> Iterator[Any]:
    for call in calls:
        assert isinstance(call, partial)
        yield from (call.func, *call.args, *call.keywords.values())


def _per_round(value: Any, rebinding: Rebinding, rounds: int) -> list[Any] | None:
    """Return the replacement of ``value`` in each round; None if it is not rebound."""
    if isinstance(value, BuiltinMethodType) and isinstance(value.__self__, np.ndarray):
        owners = _per_round(value.__self__, rebinding, rounds)
        return None if owners is None else [getattr(owner, value.__name__) for owner in owners]
    if isinstance(value, np.ndarray):
        address = value.ctypes.data
        for old, new in rebinding:
            start = old.ctypes.data
            if start <= address < start + old.nbytes:
                shape, strides = (rounds, *value.shape), (new.strides[0], *value.strides)
                inside = np.ndarray(shape, value.dtype, new, address - start, strides)
                return [inside[i, ...] for i in range(rounds)]
    return None


def _call_lines(
    calls: Iterable[Call], known: Mapping[int, str], values: dict[str, Any]
) -> list[str]:
    """Return a line of code for each call; the values it uses are added to ``values``.

    ``known`` maps the identity of values to their names.
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
    # Shared by calls that differ only in their arrays.
    scope: dict[str, Any] = {}
    exec(compile(source, "<step>", "exec"), scope)
    maker: Callable[..., Any] = scope["make"]
    return maker


def rebind_calls(calls: Iterable[Call], rebinding: Rebinding) -> tuple[Call, ...]:
    """Return the same calls on other arrays.

    ``rebinding`` are pairs (old, new), equal in shape and dtype, both C-contiguous. Much
    faster than compiling the lines again.
    """
    starts = [(old, old.ctypes.data, old.nbytes, new) for old, new in rebinding]
    known: dict[int, Any] = {}

    def rebind(value: Any) -> Any:
        if id(value) not in known:
            known[id(value)] = _rebind(value, starts)
        return known[id(value)]

    result = []
    for call in calls:
        assert isinstance(call, partial)
        keywords = {key: rebind(value) for key, value in call.keywords.items()}
        result.append(partial(rebind(call.func), *map(rebind, call.args), **keywords))
    return tuple(result)


def _rebind(value: Any, starts: Sequence[tuple[Array, int, int, Array]]) -> Any:
    if isinstance(value, BuiltinMethodType) and isinstance(value.__self__, np.ndarray):
        return getattr(_rebind(value.__self__, starts), value.__name__)
    if isinstance(value, np.ndarray):
        address = value.ctypes.data
        for _, start, size, new in starts:
            if start <= address < start + size:
                return np.ndarray(value.shape, value.dtype, new, address - start, value.strides)
    return value
