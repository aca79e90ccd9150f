"""Named arrays and a JSON object in one file that shows the slightest damage.

The first line names the format, the size of all that follows and its SHA-256 digest; the
second is JSON, with the list of arrays; their bytes come after it. Nothing is unpacked
before size, digest and list agree, and nothing in it can be code.
"""

import hashlib
import json
import math
import os
from collections.abc import Mapping
from typing import IO, Any

import numpy as np

from nn_tui.memory import available_memory
from nn_tui.types import Array

Piece = bytes | memoryview

_FORMAT = b"nn-tui-checkpoint-1"
_DTYPES = ("float64", "float32")
MOST_BYTES = 4 * 2**30
MOST_JSON_BYTES = 16 * 2**20
_MOST_DIMENSIONS = 2
_LARGE = 16 * 2**20
_COPIES = 2
"""How much memory reading takes, over what there is to read."""

NONSENSE = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What making sense of a description that makes none may raise."""


class CorruptArchive(ValueError):
    """What is wrong with the file, in a few words."""


def pack_arrays(about: Mapping[str, Any], arrays: Mapping[str, Array]) -> list[Piece]:
    """The file's content, to be written one piece after the other; arrays are not copied."""
    listed = [[name, array.dtype.name, list(array.shape)] for name, array in arrays.items()]
    text = json.dumps({**about, "arrays": listed}, separators=(",", ":")).encode() + b"\n"
    pieces: list[Piece] = [text, *map(_bytes_of, arrays.values())]
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    size = sum(map(len, pieces))
    return [b"%s %d %s\n" % (_FORMAT, size, digest.hexdigest().encode()), *pieces]


def _bytes_of(array: Array) -> memoryview:
    return np.ascontiguousarray(array).reshape(-1).view(np.uint8).data


def unpack_arrays(file: IO[bytes]) -> tuple[dict[str, Any], dict[str, Array]]:
    """The JSON object without its list, and the arrays; raises OSError or Damaged."""
    head = file.readline(200)
    words = head.rstrip(b"\n").split(b" ")
    if len(words) != 3 or words[0] != _FORMAT or not head.endswith(b"\n"):
        raise CorruptArchive("it does not begin as a checkpoint does")
    if not words[1].isdigit() or len(words[1]) > 12 or int(words[1]) > MOST_BYTES:
        raise CorruptArchive("its size is no size")
    size, there = int(words[1]), _left_in(file)
    if there != size:
        raise CorruptArchive(f"it has {there:,} bytes instead of {size:,}")
    if size > _LARGE and _COPIES * size > available_memory():
        raise CorruptArchive("there is not enough memory for it")
    content = file.read(size)
    if hashlib.sha256(content).hexdigest().encode() != words[2]:
        raise CorruptArchive("its digest is another one")
    end = content.find(b"\n") % (len(content) + 1)  # without a line's end, all of it
    about = _object(content[:end])
    return about, _arrays(about.pop("arrays", None), memoryview(content)[end + 1 :])


def _left_in(file: IO[bytes]) -> int:
    """How many bytes there are from where it is read."""
    here = file.tell()
    end = file.seek(0, os.SEEK_END)
    file.seek(here)
    return end - here


def _object(text: bytes) -> dict[str, Any]:
    if len(text) > MOST_JSON_BYTES:
        raise CorruptArchive("its description is too long")
    try:
        about = json.loads(text)
    except (ValueError, RecursionError):
        raise CorruptArchive("its description is no JSON") from None
    if not isinstance(about, dict):
        raise CorruptArchive("its description is no object")
    return about


def _arrays(listed: object, rest: memoryview) -> dict[str, Array]:
    if not isinstance(listed, list):
        raise CorruptArchive("it has no list of arrays")
    arrays: dict[str, Array] = {}
    start = 0
    for entry in listed:
        try:
            name, dtype, shape = entry
            usable = isinstance(name, str) and dtype in _DTYPES and isinstance(shape, list)
            usable = usable and len(shape) <= _MOST_DIMENSIONS
        except (TypeError, ValueError):
            usable = False
        if not usable or not all(type(n) is int and 0 <= n <= MOST_BYTES for n in shape):
            raise CorruptArchive("its list of arrays is none")
        count = math.prod(shape)
        stop = start + count * np.dtype(dtype).itemsize
        if stop > len(rest) or name in arrays:
            raise CorruptArchive("its list of arrays does not fit")
        array = np.frombuffer(rest, dtype, count, start) if count else np.empty(0, dtype)
        arrays[name] = array.reshape(shape).copy()
        start = stop
    if start != len(rest):
        raise CorruptArchive("it has more bytes than arrays")
    return arrays
