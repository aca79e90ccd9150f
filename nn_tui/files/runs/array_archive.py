"""Named arrays and a JSON object in one file, protected by a digest.

The first line contains the format, the size of the rest and its SHA-256 digest; the second
is a JSON object with the list of arrays, whose bytes follow. Size, digest and list are
checked before unpacking, and the content is never executed.
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

Chunk = bytes | memoryview

_FORMAT = b"nn-tui-checkpoint-1"
_DTYPES = ("float64", "float32")
MOST_BYTES = 4 * 2**30
MOST_JSON_BYTES = 16 * 2**20
_MOST_DIMENSIONS = 2
_LARGE = 16 * 2**20
_COPIES = 2
"""Memory needed for reading, over the size of the content."""

PARSE_ERRORS = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""Errors that parsing an invalid JSON object may raise."""


class CorruptArchive(ValueError):
    """The file is damaged; the message says how."""


def pack_arrays(fields: Mapping[str, Any], arrays: Mapping[str, Array]) -> list[Chunk]:
    """The content of the file, as chunks to be written in order; arrays are not copied."""
    listed = [[name, array.dtype.name, list(array.shape)] for name, array in arrays.items()]
    text = json.dumps({**fields, "arrays": listed}, separators=(",", ":")).encode() + b"\n"
    chunks: list[Chunk] = [text, *map(_bytes_of, arrays.values())]
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    size = sum(map(len, chunks))
    return [b"%s %d %s\n" % (_FORMAT, size, digest.hexdigest().encode()), *chunks]


def _bytes_of(array: Array) -> memoryview:
    return np.ascontiguousarray(array).reshape(-1).view(np.uint8).data


def unpack_arrays(file: IO[bytes]) -> tuple[dict[str, Any], dict[str, Array]]:
    """The JSON object without its list, and the arrays. Raises OSError or CorruptArchive."""
    head = file.readline(200)
    words = head.rstrip(b"\n").split(b" ")
    if len(words) != 3 or words[0] != _FORMAT or not head.endswith(b"\n"):
        raise CorruptArchive("not a checkpoint file")
    if not words[1].isdigit() or len(words[1]) > 12 or int(words[1]) > MOST_BYTES:
        raise CorruptArchive("invalid size")
    size, actual = int(words[1]), _remaining_bytes(file)
    if actual != size:
        raise CorruptArchive(f"{actual:,} bytes instead of {size:,}")
    if size > _LARGE and _COPIES * size > available_memory():
        raise CorruptArchive("not enough memory to read it")
    content = file.read(size)
    if hashlib.sha256(content).hexdigest().encode() != words[2]:
        raise CorruptArchive("wrong digest")
    end = content.find(b"\n") % (len(content) + 1)  # without a newline, everything
    fields = _object(content[:end])
    return fields, _arrays(fields.pop("arrays", None), memoryview(content)[end + 1 :])


def _remaining_bytes(file: IO[bytes]) -> int:
    """The number of bytes after the current position."""
    position = file.tell()
    end = file.seek(0, os.SEEK_END)
    file.seek(position)
    return end - position


def _object(text: bytes) -> dict[str, Any]:
    if len(text) > MOST_JSON_BYTES:
        raise CorruptArchive("JSON too long")
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        raise CorruptArchive("invalid JSON") from None
    if not isinstance(fields, dict):
        raise CorruptArchive("JSON is not an object")
    return fields


def _arrays(listed: object, rest: memoryview) -> dict[str, Array]:
    if not isinstance(listed, list):
        raise CorruptArchive("no list of arrays")
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
            raise CorruptArchive("invalid list of arrays")
        count = math.prod(shape)
        stop = start + count * np.dtype(dtype).itemsize
        if stop > len(rest) or name in arrays:
            raise CorruptArchive("list of arrays does not match the content")
        array = np.frombuffer(rest, dtype, count, start) if count else np.empty(0, dtype)
        arrays[name] = array.reshape(shape).copy()
        start = stop
    if start != len(rest):
        raise CorruptArchive("content after the last array")
    return arrays
