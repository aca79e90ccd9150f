"""Weights as an NPZ file: ``W0 b0 W1 b1 …``, ``Wi`` (fan_in, fan_out), ``bi`` (fan_out,).

The file may hold a text as well, ``DESCRIPTION``: what else the model consists of.
"""

import io
import math
import re
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import IO

import numpy as np
from numpy.lib import format as npy

from nn_tui.data.readers.numpy_reader import NUMPY_COMPRESSIONS
from nn_tui.errors import InputError
from nn_tui.fileio import reason, regular_file, replace_file
from nn_tui.files.outputs import write_standard
from nn_tui.types import Array

_REAL_KINDS = "fiu"
_NAME = re.compile(r"[Wb][0-9]{1,9}")
DESCRIPTION = "model"
_HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
_DAMAGE_ERRORS = (ValueError, zlib.error, EOFError, NotImplementedError, RuntimeError)


def write_weights(path: Path | None, arrays: Mapping[str, Array], description: str = "") -> None:
    """Write the arrays atomically to ``path``, or to standard output if it is None.

    Raises InputError, and for standard output OSError.
    """
    if path is None:
        content = io.BytesIO()
        _write(content, arrays, description)
        write_standard(content.getvalue())
    else:
        replace_file(path, lambda file: _write(file, arrays, description))


def _write(file: IO[bytes], arrays: Mapping[str, Array], description: str) -> None:
    ordered = {name: arrays[name] for name in sorted(arrays, key=_layer_order)}
    if description:
        ordered[DESCRIPTION] = np.array(description)
    np.savez(file, allow_pickle=False, **ordered)


def is_weights(path: Path) -> bool:
    """Whether a file is an NPZ archive of only weights, ``W0`` among them."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = [entry.removesuffix(".npy") for entry in archive.namelist()]
    except (OSError, zipfile.BadZipFile, *_DAMAGE_ERRORS):
        return False
    return "W0" in names and all(_NAME.fullmatch(name) for name in names if name != DESCRIPTION)


def read_weights(path: Path, most: int) -> dict[str, Array]:
    """The arrays of an NPZ file by name, as float64.

    Raises InputError for a file that is not NPZ, is damaged, contains values that are not
    finite real numbers, an array twice, or more than ``most`` numbers. Sizes are checked
    before unpacking.
    """
    try:
        with zipfile.ZipFile(regular_file(path)) as archive:
            entries = {entry.filename.removesuffix(".npy"): entry for entry in archive.infolist()}
            if len(entries) < len(archive.infolist()):
                raise InputError(f"{path} contains an array twice")
            entries.pop(DESCRIPTION, None)
            count = sum(_declared_count(archive, name, entry) for name, entry in entries.items())
            if count > most:
                raise InputError(
                    f"{path} contains {count:,} numbers, far more than the network has"
                )
            arrays = {name: _read(archive, name, entry) for name, entry in entries.items()}
    except InputError:
        raise
    except zipfile.BadZipFile:
        raise InputError(f"{path} is not an NPZ file, or is damaged") from None
    except OSError as error:
        raise InputError(f"cannot read {path}: {reason(error)}") from None
    except _ArrayError as error:
        raise InputError(f"{path}: {error}") from None
    except _DAMAGE_ERRORS as error:
        raise InputError(f"{path} is damaged: {error}") from None
    return arrays


class _ArrayError(Exception):
    """An error in one array."""


def _declared_count(archive: zipfile.ZipFile, name: str, entry: zipfile.ZipInfo) -> int:
    """The number of values in the array's header, checked against the entry's size."""
    if entry.compress_type not in NUMPY_COMPRESSIONS:
        raise _ArrayError(f"{name} is compressed with a method that NumPy does not use")
    with archive.open(entry) as file:
        version = npy.read_magic(file)
        read_header = _HEADERS.get(version)
        if read_header is None:
            raise _ArrayError(
                f"{name} has an NPY format version that NumPy does not use for numbers"
            )
        shape, _, dtype = read_header(file)
        size = entry.file_size - file.tell()
    if dtype.kind not in _REAL_KINDS:
        raise _ArrayError(f"{name} is of type {dtype}; weights are real numbers")
    count = math.prod(shape)
    if count * dtype.itemsize != size:
        raise _ArrayError(f"{name} is damaged: its size differs from its header")
    return count


def _read(archive: zipfile.ZipFile, name: str, entry: zipfile.ZipInfo) -> Array:
    with archive.open(entry) as file:
        array = np.asarray(npy.read_array(file, allow_pickle=False), np.float64)
    if not np.isfinite(array).all():
        raise _ArrayError(f"{name} contains values that are not finite")
    return array


def _layer_order(name: str) -> tuple[int, str]:
    return int(name[1:]), name
