"""Arrays as Python text: numbers to be read where they are few, packed where they are many.

Both are exact. A number is written as Python's ``repr``, whole numbers without a point.
"""

import base64
import textwrap
import zlib
from collections.abc import Iterable

import numpy as np

from nn_tui.types import Array

WIDTH = 100
_MOST_NUMBERS = 2000
"""So many numbers are still written out."""
_WHOLE = 2.0**53

IMPORTS = ("from base64 import b64decode", "from zlib import decompress")
UNPACKED = '''def unpacked(shape, text):
    """The array of that shape that is packed in text."""
    return np.frombuffer(decompress(b64decode(text)), "<f8").reshape(shape).copy()
'''
"""What a script with packed arrays needs at its top."""


def is_packed(array: Array) -> bool:
    """Whether ``assignment`` would pack the array."""
    return array.size > _MOST_NUMBERS


def assignment(name: str, array: Array, dtype: str) -> list[str]:
    """Lines that make ``name`` the array (float64, 1 or 2 axes) as ``dtype``."""
    if is_packed(array):
        return _packed(name, array, dtype)
    kind = {"float64": "float", "float32": "np.float32"}[dtype]
    whole = _whole(array)
    end = f", {kind})" if whole or dtype == "float32" else ")"
    rows = [_row(row, whole) for row in array] if array.ndim > 1 else _items(array, whole)
    line = f"{name} = np.array([{', '.join(rows)}]{end}"
    if len(line) <= WIDTH:
        return [line]
    return [f"{name} = np.array([", *_filled(rows), f"]{end}"]


def number_literal(value: float) -> str:
    """A float as a person would write it, to the last bit."""
    return repr(float(value))


def _packed(name: str, array: Array, dtype: str) -> list[str]:
    content = zlib.compress(np.ascontiguousarray(array, "<f8").tobytes())
    text = textwrap.wrap(base64.b64encode(content).decode(), WIDTH)
    begin, end = ("np.float32(", "))") if dtype == "float32" else ("", ")")
    return [f'{name} = {begin}unpacked({array.shape}, """', *text, f'"""{end}']


def _whole(array: Array) -> bool:
    """Whether all numbers can be written without a point."""
    small = np.abs(array) < _WHOLE
    return bool((small & (array == np.round(array)) & ~((array == 0) & np.signbit(array))).all())


def _row(values: Array, whole: bool) -> str:
    return f"[{', '.join(_items(values, whole))}]"


def _items(values: Array, whole: bool) -> list[str]:
    return [str(int(value)) if whole else number_literal(value) for value in values]


def _filled(items: Iterable[str]) -> list[str]:
    """The items on lines of their own, as many on each as there is room for."""
    lines = [""]
    for item in items:
        longer = f"{lines[-1]} {item}," if lines[-1] else f"    {item},"
        if len(longer) > WIDTH and lines[-1]:
            lines.append(f"    {item},")
        else:
            lines[-1] = longer
    return lines
