"""Arrays as Python code: small ones as literals, large ones compressed.

Both are exact. A number is written as its ``repr``, integers without a decimal point.
"""

import base64
import textwrap
import zlib
from collections.abc import Iterable, Sequence

import numpy as np

from nn_tui.types import Array

WIDTH = 100
_MOST_NUMBERS = 2000
"""Largest size of an array written as a literal."""
_LARGEST_EXACT_INTEGER = 2.0**53

IMPORTS = ("from base64 import b64decode", "from zlib import decompress")
UNPACKED = '''def unpacked(shape, text):
    """Decode an array of that shape from its compressed text."""
    return np.frombuffer(decompress(b64decode(text)), "<f8").reshape(shape).copy()
'''
"""The helper function of scripts with packed arrays."""


def is_packed(array: Array) -> bool:
    """Whether ``assignment`` packs the array."""
    return array.size > _MOST_NUMBERS


def assignment(name: str, array: Array, dtype: str) -> list[str]:
    """Lines that assign the array (float64, 1-D or 2-D) to ``name`` as ``dtype``."""
    if is_packed(array):
        return _packed(name, array, dtype)
    kind = {"float64": "float", "float32": "np.float32"}[dtype]
    integers = _are_integers(array)
    end = f", {kind})" if integers or dtype == "float32" else ")"
    rows = [_row(row, integers) for row in array] if array.ndim > 1 else _items(array, integers)
    line = f"{name} = np.array([{', '.join(rows)}]{end}"
    if len(line) <= WIDTH:
        return [line]
    return [f"{name} = np.array([", *_wrapped(rows), f"]{end}"]


def items_assignment(name: str, brackets: str, items: Sequence[str]) -> list[str]:
    """Lines that assign a list or dictionary of ``items``, which are code; on one line if short."""
    begin, end = brackets[0], brackets[1]
    line = f"{name} = {begin}{', '.join(items)}{end}"
    return [line] if len(line) <= WIDTH else [f"{name} = {begin}", *_wrapped(items), end]


def number_literal(value: float) -> str:
    """The shortest exact literal of a float."""
    return repr(float(value))


def _packed(name: str, array: Array, dtype: str) -> list[str]:
    content = zlib.compress(np.ascontiguousarray(array, "<f8").tobytes())
    text = textwrap.wrap(base64.b64encode(content).decode(), WIDTH)
    begin, end = ("np.float32(", "))") if dtype == "float32" else ("", ")")
    return [f'{name} = {begin}unpacked({array.shape}, """', *text, f'"""{end}']


def _are_integers(array: Array) -> bool:
    """Whether all numbers are integers that can be written exactly without a point."""
    small = np.abs(array) < _LARGEST_EXACT_INTEGER
    return bool((small & (array == np.round(array)) & ~((array == 0) & np.signbit(array))).all())


def _row(values: Array, integers: bool) -> str:
    return f"[{', '.join(_items(values, integers))}]"


def _items(values: Array, integers: bool) -> list[str]:
    return [str(int(value)) if integers else number_literal(value) for value in values]


def _wrapped(items: Iterable[str]) -> list[str]:
    """The items, wrapped into lines."""
    lines = [""]
    for item in items:
        longer = f"{lines[-1]} {item}," if lines[-1] else f"    {item},"
        if len(longer) > WIDTH and lines[-1]:
            lines.append(f"    {item},")
        else:
            lines[-1] = longer
    return lines
