"""Reader of NumPy files: NPZ archives and NPY arrays."""

import io
import math
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy

from nn_tui.data.dataset import Dataset
from nn_tui.data.errors import DataError
from nn_tui.data.labels import MOST_CATEGORIES, natural_order
from nn_tui.data.preprocessing import joined_names
from nn_tui.data.readers.missing_values import complete_rows
from nn_tui.data.table_column import TableColumn
from nn_tui.errors import InputError
from nn_tui.memory import check_memory
from nn_tui.text import make_printable, quoted
from nn_tui.types import Array


def samples_of(arrays: dict[str, Array], target: Sequence[str], missing: str) -> Dataset:
    """Return the unnamed dataset of two arrays, inputs first, or of a single table.

    Raises DataError.
    """
    if len(arrays) == 1:
        ((name, table),) = arrays.items()
        return _from_table(table, make_printable(name) or "the array", target, missing)
    if target:
        raise DataError("data.target is for columns of a single array; here y is the target")
    (x_name, x), (y_name, y) = ((make_printable(name), array) for name, array in arrays.items())
    if x.ndim == 0 or y.ndim == 0 or len(x) != len(y):
        raise DataError(f"{x_name} has the shape {x.shape}, {y_name} {y.shape}: rows must match")
    if y.ndim > 2:
        raise DataError(f"{y_name} has the shape {y.shape}; it must be (samples, targets)")
    picture = (x.shape[1], x.shape[2]) if x.ndim == 3 else None
    inputs = _numbers(x.reshape(len(x), -1) if len(x) else x.reshape(0, 1), x_name)
    classes: tuple[str, ...] = ()
    columns = y.reshape(len(y), -1) if len(y) else y.reshape(0, 1)
    if columns.dtype.kind in "US":
        columns, classes = _classes(columns, y_name)
    targets = _numbers(columns, y_name)
    inputs, targets, notes = _complete_rows(inputs, targets, (x_name, y_name), missing)
    return Dataset(
        "",
        inputs,
        targets,
        tuple(f"x{number}" for number in range(1, inputs.shape[1] + 1)),
        _target_names(targets.shape[1]),
        len(inputs),
        classes,
        picture,
        notes,
    )


def _target_names(count: int) -> tuple[str, ...]:
    return ("y",) if count == 1 else tuple(f"y{number}" for number in range(1, count + 1))


def _from_table(table: Array, name: str, target: Sequence[str], missing: str) -> Dataset:
    if table.ndim != 2 or table.shape[1] < 2:
        raise DataError(
            f"{name} has the shape {table.shape}; it must be (samples, columns) with at least "
            "two columns, the last one the target"
        )
    width = table.shape[1]
    names = [*(f"x{number}" for number in range(1, width)), "y"]
    for wanted in target:
        if wanted not in names:
            raise DataError(f"there is no column {quoted(wanted)}; they are {joined_names(names)}")
    theirs = [place for place, column in enumerate(names) if column in (target or names[-1:])]
    ours = [place for place in range(width) if place not in theirs]
    if not ours:
        raise DataError("every column is a target; at least one must be an input")
    numbers = _numbers(table, name)
    inputs, targets, notes = _complete_rows(
        np.ascontiguousarray(numbers[:, ours]), numbers[:, theirs], (name, name), missing
    )
    return Dataset(
        "",
        inputs,
        targets,
        tuple(names[place] for place in ours),
        tuple(names[place] for place in theirs),
        len(inputs),
        notes=notes,
        table=tuple(TableColumn(name, "number") for name in names),
    )


def _numbers(array: Array, name: str) -> Array:
    if array.dtype.kind in "US":
        raise DataError(f"{name} contains strings; inputs must be numbers")
    if not array.size:
        raise DataError(f"{name} is empty: its shape is {array.shape}")
    with np.errstate(all="ignore"):
        numbers = np.ascontiguousarray(array, np.float64)
    endless = np.argwhere(np.isinf(numbers))
    if len(endless):
        row, column = endless[0]
        raise DataError(f"{name}, row {row + 1:,}, column {column + 1}: the number is infinite")
    return numbers


def _classes(labels: Array, name: str) -> tuple[Array, tuple[str, ...]]:
    """Return the class numbers of strings (samples, 1), and the class names."""
    if labels.shape[1] > 1:
        raise DataError(
            f"{name} contains strings in {labels.shape[1]} columns; class names must be one column"
        )
    met, numbers = np.unique(labels[:, 0], return_inverse=True)
    texts = [
        make_printable(t.decode("utf-8", "replace") if isinstance(t, bytes) else str(t))
        for t in met
    ]
    order = natural_order(texts)
    if len(set(texts)) != len(texts) or not 2 <= len(texts) <= MOST_CATEGORIES:
        count = f"{len(set(texts)):,} distinct string{'s' if len(set(texts)) > 1 else ''}"
        raise DataError(f"{name} has {count}; there must be 2 to {MOST_CATEGORIES} classes")
    place = np.array([order.index(text) for text in texts], np.float64)
    return place[numbers.reshape(-1, 1)], tuple(order)


def _complete_rows(
    inputs: Array, targets: Array, names: tuple[str, str], missing: str
) -> tuple[Array, Array, tuple[str, ...]]:
    """Return inputs and targets without incomplete rows, and notes."""

    def where(row: int, column: int) -> str:
        width = inputs.shape[1]
        name, place = (names[0], column) if column < width else (names[1], column - width)
        return f"{name}, row {row + 1:,}, column {place + 1}"

    return complete_rows(inputs, targets, missing, where)


NUMPY_COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""The compression methods of NumPy; others may need unlimited memory to decompress."""

_INPUT_NAMES = ("x", "inputs")
_TARGET_NAMES = ("y", "targets")


def read_arrays(path: Path, *, target: Sequence[str] = (), missing: str = "refuse") -> Dataset:
    """Read all rows in file order, unsplit.

    The arrays are ``X`` (samples, inputs) and ``y``, or ``inputs`` and ``targets``, or a
    single array whose last column is the target. ``X`` (samples, height, width) are images.
    ``target`` may name columns of a single array, ``x1`` … ``y``. Raises DataError, OSError.
    """
    try:
        arrays = _zipped(path) if zipfile.is_zipfile(path) else {"": _single(path)}
        return samples_of(arrays, target, missing)
    except (InputError, OSError):
        raise
    except Exception as error:
        # For corrupted files, zipfile, zlib and NumPy raise exceptions of many types.
        reason = make_printable(str(error)) or type(error).__name__
        raise DataError(f"the arrays cannot be read: {reason.splitlines()[0][:100]}") from None


def _single(path: Path) -> Array:
    with path.open("rb") as file:
        return _array(file, path.stat().st_size, "the array")


def _zipped(path: Path) -> dict[str, Array]:
    with zipfile.ZipFile(path) as archive:
        members = {
            info.filename.removesuffix(".npy"): info
            for info in archive.infolist()
            if info.filename.endswith(".npy")
        }
        if not members:
            raise DataError("it is a zip archive without NumPy arrays")
        keys = _pair(members) or _only(members)
        for key in keys:
            if members[key].compress_type not in NUMPY_COMPRESSIONS:
                raise DataError(
                    f"{make_printable(key)} is compressed with a method that NumPy does not use"
                )
        arrays = {}
        for key in keys:
            with archive.open(members[key]) as stream:
                arrays[key] = _array(stream, members[key].file_size, make_printable(key))
        return arrays


def _pair(names: Sequence[str] | dict[str, Any]) -> tuple[str, str] | None:
    """Return the names of inputs and targets, if both exist."""
    plain = {name.lower(): name for name in names}
    for inputs, targets in zip(_INPUT_NAMES, _TARGET_NAMES, strict=True):
        if inputs in plain and targets in plain:
            return plain[inputs], plain[targets]
    return None


def _only(names: dict[str, Any]) -> tuple[str]:
    if len(names) > 1:
        raise DataError(
            f"the arrays are {joined_names([make_printable(name) for name in names])}; expected "
            "X and y, or inputs and targets, or one array whose last column is the target"
        )
    (name,) = names
    return (name,)


def _array(stream: IO[bytes], size: int, name: str) -> Array:
    """Read one array of ``size`` bytes, including the header."""
    start = io.BytesIO(stream.read(min(size, 1 << 16)))
    version = npy.read_magic(start)
    if version == (1, 0):
        shape, _, dtype = npy.read_array_header_1_0(start)
    elif version == (2, 0):
        shape, _, dtype = npy.read_array_header_2_0(start)
    else:
        raise DataError(f"{name} has columns of different types; all must be numbers")
    if dtype.hasobject:
        raise DataError(f"{name} contains Python objects, which are not loaded; save numbers only")
    if dtype.kind not in "biufUS":
        raise DataError(f"{name} contains {dtype}, not numbers")
    count = math.prod(shape)
    check_memory(count, max(1, -(-dtype.itemsize // 8)), name)
    there = size - start.tell()
    if count * dtype.itemsize != there:
        raise DataError(
            f"{name} declares {count:,} values, {count * dtype.itemsize:,} bytes, "
            f"but has {there:,} bytes"
        )
    return npy.read_array(_RewoundStream(start, stream), allow_pickle=False)


class _RewoundStream:
    """A stream that starts with bytes that have been read already."""

    def __init__(self, start: io.BytesIO, rest: IO[bytes]) -> None:
        start.seek(0)
        self._start, self._rest = start, rest

    def read(self, count: int = -1, /) -> bytes:
        """Read at most ``count`` bytes."""
        return self._start.read(count) or self._rest.read(count)
