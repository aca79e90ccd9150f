"""Samples from NumPy's files: one array (.npy) or several (.npz).

What an array's header declares is compared with what is there before anything is read:
a small file can declare more than any machine holds.
"""

import io
import math
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from numpy.lib import format as npy

from nn_tui.data.clean import visible
from nn_tui.data.dataset import Dataset
from nn_tui.data.errors import DataError
from nn_tui.data.preprocessing import joined_names
from nn_tui.data.readers.numpy_reader import samples_of
from nn_tui.errors import InputError
from nn_tui.memory import refuse_too_much
from nn_tui.types import Array

WAYS_OF_NUMPY = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Unpacking any other way may take as much memory as the file says, whatever is in it."""

_INPUT_NAMES = ("x", "inputs")
_TARGET_NAMES = ("y", "targets")


def read_arrays(path: Path, *, target: Sequence[str] = (), drop: bool = False) -> Dataset:
    """All rows in their order, none held back.

    The arrays are ``X`` (samples, inputs) and ``y``, or ``inputs`` and ``targets``, or a
    single one whose last column is the target. ``X`` of (samples, height, width) is
    pictures. ``target`` may name columns of a single array, ``x1`` … ``y``. Raises
    DataError, OSError.
    """
    try:
        arrays = _zipped(path) if zipfile.is_zipfile(path) else {"": _single(path)}
        return samples_of(arrays, target, drop)
    except (InputError, OSError):
        raise
    except Exception as error:
        # Damaged files make zipfile, zlib and NumPy raise exceptions of many kinds.
        reason = visible(str(error)) or type(error).__name__
        raise DataError(f"the arrays cannot be read: {reason.splitlines()[0][:100]}") from None


def _single(path: Path) -> Array:
    with path.open("rb") as file:
        return _array(file, path.stat().st_size, "the array")


_DOCUMENTS = {
    "xl/workbook.xml": "an Excel workbook; save the sheet as CSV",
    "xl/workbook.bin": "an Excel workbook; save the sheet as CSV",
    "content.xml": "an OpenDocument file; save the sheet as CSV",
    "word/document.xml": "a Word document",
}
"""What zip archives with a file of that name are."""


def _kind_of_archive(archive: zipfile.ZipFile) -> str:
    """What an archive without arrays is, and what to do with it."""
    names = {info.filename for info in archive.infolist()}
    kinds = (kind for name, kind in _DOCUMENTS.items() if name in names)
    return next(kinds, "a zip archive without NumPy arrays; unpack it first")


def _zipped(path: Path) -> dict[str, Array]:
    with zipfile.ZipFile(path) as archive:
        members = {
            info.filename.removesuffix(".npy"): info
            for info in archive.infolist()
            if info.filename.endswith(".npy")
        }
        if not members:
            raise DataError(f"it is {_kind_of_archive(archive)}")
        keys = _pair(members) or _only(members)
        for key in keys:
            if members[key].compress_type not in WAYS_OF_NUMPY:
                raise DataError(f"{visible(key)} is compressed in a way that NumPy never does")
        arrays = {}
        for key in keys:
            with archive.open(members[key]) as stream:
                arrays[key] = _array(stream, members[key].file_size, visible(key))
        return arrays


def _pair(names: Sequence[str] | dict[str, Any]) -> tuple[str, str] | None:
    """The names of inputs and targets, if they are there."""
    plain = {name.lower(): name for name in names}
    for inputs, targets in zip(_INPUT_NAMES, _TARGET_NAMES, strict=True):
        if inputs in plain and targets in plain:
            return plain[inputs], plain[targets]
    return None


def _only(names: dict[str, Any]) -> tuple[str]:
    if len(names) > 1:
        raise DataError(
            f"the arrays are {joined_names([visible(name) for name in names])}; there must be X and y, "
            "or inputs and targets, or one array whose last column is the target"
        )
    (name,) = names
    return (name,)


def _array(stream: IO[bytes], size: int, name: str) -> Array:
    """One array; ``size`` is how many bytes there are, header included."""
    start = io.BytesIO(stream.read(min(size, 1 << 16)))
    version = npy.read_magic(start)
    if version == (1, 0):
        shape, _, dtype = npy.read_array_header_1_0(start)
    elif version == (2, 0):
        shape, _, dtype = npy.read_array_header_2_0(start)
    else:
        raise DataError(f"{name} has columns of different kinds; all must be numbers")
    if dtype.hasobject:
        raise DataError(f"{name} holds Python objects, which are never loaded; save plain numbers")
    if dtype.kind not in "biufUS":
        raise DataError(f"{name} holds {dtype}, not numbers")
    count = math.prod(shape)
    refuse_too_much(count, max(1, -(-dtype.itemsize // 8)), name)
    there = size - start.tell()
    if count * dtype.itemsize != there:
        raise DataError(
            f"{name} declares {count:,} values, {count * dtype.itemsize:,} bytes, "
            f"but has {there:,} bytes"
        )
    return npy.read_array(_Again(start, stream), allow_pickle=False)


class _Again:
    """A stream whose first bytes have been read already, from the beginning."""

    def __init__(self, start: io.BytesIO, rest: IO[bytes]) -> None:
        start.seek(0)
        self._start, self._rest = start, rest

    def read(self, count: int = -1, /) -> bytes:
        """At most ``count`` bytes."""
        return self._start.read(count) or self._rest.read(count)
