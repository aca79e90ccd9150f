"""A person's own file: what it is, told by its first bytes, and its samples."""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from nn_tui.data.dataset import Dataset
from nn_tui.data.errors import DataError, MissingValues
from nn_tui.data.readers.csv_reader import read_csv
from nn_tui.data.readers.numpy_reader import read_arrays
from nn_tui.errors import InputError
from nn_tui.fileio import absent, other_than_a_file
from nn_tui.text import quoted, visible

_ARRAYS = (b"\x93NUMPY", b"PK\x03\x04", b"PK\x05\x06")
_OTHERS = (
    (b"\x1f\x8b", "compressed by gzip; unpack it first"),
    (b"BZh", "compressed by bzip2; unpack it first"),
    (b"\xfd7zXZ", "compressed by xz; unpack it first"),
    (b"%PDF", "a PDF document"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word document; save the sheet as CSV"),
    (b"\x89PNG", "a picture"),
    (b"\x89HDF", "an HDF5 file; save the samples as CSV or NPZ"),
    (b"PAR1", "a Parquet file; save the samples as CSV or NPZ"),
    (b"SQLite format 3", "a database; save the samples as CSV or NPZ"),
)


def load_file(
    source: str,
    *,
    target: Sequence[str] = (),
    features: Sequence[str] = (),
    drop: bool = False,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Dataset:
    """All rows of the file in their order, none held back, columns as they are there.

    Raises DataError, which names the file, for whatever is wrong with it, MissingValues
    among them; LoadCancelled.
    """
    name = visible(os.path.basename(source) or source)
    called = quoted(name, 60)[1:-1]
    try:
        path = _regular(source)
        if _start(path).startswith(_ARRAYS):
            made = read_arrays(path, target=target, drop=drop)
        else:
            made = read_csv(
                path,
                target=target,
                features=features,
                drop=drop,
                progress=progress,
                cancelled=cancelled,
            )
    except MissingValues as error:
        raise error.in_file(called) from None
    except InputError as error:
        raise DataError(f"{called}: {error}") from None
    except MemoryError:
        raise DataError(f"{called}: there is not enough memory for its samples") from None
    except FileNotFoundError:
        raise DataError(absent(Path(source).expanduser())) from None
    except PermissionError:
        raise DataError(f"{called}: it may not be read (permission denied)") from None
    except OSError as error:
        raise DataError(f"{called}: it cannot be read ({error.strerror or error})") from None
    return replace(made, name=name)


def _regular(source: str) -> Path:
    """The path, if it leads to a file that can be read from beginning to end."""
    try:
        path = Path(source).expanduser()
        kind = other_than_a_file(path)
    except (ValueError, RuntimeError):
        raise DataError("this cannot be the name of a file") from None
    if kind:
        raise DataError(f"it is {kind}, not a file of samples")
    return path


def _start(path: Path) -> bytes:
    """The first bytes of the file; refuses kinds that are neither text nor arrays."""
    with path.open("rb") as file:
        start = file.read(16)
    for magic, kind in _OTHERS:
        if start.startswith(magic):
            raise DataError(f"it is {kind}")
    return start
