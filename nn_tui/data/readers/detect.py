"""Reading a data file in any supported format; the format is detected from its first bytes.

To add a format, write its reader beside this module and add an entry to ``READERS``.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from nn_tui.data.dataset import Dataset
from nn_tui.data.errors import ColumnError, DataError, MissingValues
from nn_tui.data.readers.standard_input import SHOWN_NAME, STANDARD_INPUT, spooled_path
from nn_tui.errors import InputError
from nn_tui.fileio import irregular_kind, missing_file_message
from nn_tui.text import make_printable, quoted

COLUMN_READINGS = {
    "plain": "plain numbers, else categories; every column is an input",
    "auto": "also amounts, percentages and dates; row numbers and free text are left out",
}
"""Help of the ways to read the columns of a file, by recipe name."""


class ReadOptions(NamedTuple):
    """What to read of a file; a reader ignores options that its format does not have.

    ``target`` and ``features`` are column names, empty for the default: the last column,
    and all others. ``columns`` is one of ``COLUMN_READINGS``, ``missing`` one of ``MISSING``:
    with ``fill``, missing inputs stay NaN. ``header`` is one of ``HEADERS``. ``progress`` is
    called with the fraction read so far, 0..1; ``cancelled`` returns whether to stop.
    ``written`` is how the cells of a model's columns are, where those of the file are ambiguous;
    ``categories`` are inputs whose cells are strings, whatever they are like.
    """

    target: Sequence[str] = ()
    features: Sequence[str] = ()
    columns: str = "plain"
    missing: str = "refuse"
    header: str = "text"
    progress: Callable[[float], None] | None = None
    cancelled: Callable[[], bool] | None = None
    written: Mapping[str, str] = MappingProxyType({})
    categories: Sequence[str] = ()


class Reader(NamedTuple):
    """One file format.

    ``suffixes`` are lower-case and list a folder's data files. A file whose first bytes are
    in ``magic`` is passed to ``read``, whatever its name is.
    """

    name: str
    suffixes: tuple[str, ...]
    magic: tuple[bytes, ...]
    read: Callable[[Path, ReadOptions], Dataset]


_ALL = ReadOptions()


def _read_csv(path: Path, options: ReadOptions) -> Dataset:
    from nn_tui.data.readers.csv_reader import read_csv  # imported on first use: start-up time

    return read_csv(path, **options._asdict())


def _read_numpy(path: Path, options: ReadOptions) -> Dataset:
    from nn_tui.data.readers.numpy_reader import read_arrays

    return read_arrays(path, target=options.target, missing=options.missing)


READERS: tuple[Reader, ...] = (
    Reader("NumPy", (".npz", ".npy"), (b"\x93NUMPY", b"PK\x03\x04", b"PK\x05\x06"), _read_numpy),
    Reader("text", (".csv", ".tsv", ".arff"), (b"",), _read_csv),
)
"""Supported formats, in the order in which they are tried; text, without magic bytes, is last."""

DATA_SUFFIXES = tuple(suffix for reader in reversed(READERS) for suffix in reader.suffixes)
"""The suffixes of data files."""

_COMPRESSED = (".gz", ".bz2", ".xz", ".zip")
_TEXT_SUFFIXES = (*READERS[-1].suffixes, ".tab", ".data", ".dat")

LISTED_SUFFIXES = (
    *(*DATA_SUFFIXES, *_TEXT_SUFFIXES),
    *(text + packed for text in _TEXT_SUFFIXES for packed in _COMPRESSED),
)
"""Endings of the names of data files in a folder; other files can be opened by their path."""

_NAMES = [suffix[1:].upper() for suffix in DATA_SUFFIXES]
FORMATS = f"{', '.join(_NAMES[:-1])} or {_NAMES[-1]}"
"""The formats in a sentence: ``CSV, TSV, ARFF, NPZ or NPY``."""

_MAGIC_BYTES = max(len(magic) for reader in READERS for magic in reader.magic)


def load_file(source: str, options: ReadOptions = _ALL) -> Dataset:
    """Read all rows of a file, in file order, as a training set.

    Raises DataError, which names the file, for anything wrong with it (MissingValues for
    missing values that are not dropped, ColumnError where another choice of columns may help),
    and LoadCancelled.
    """
    name = make_printable(os.path.basename(source) or source)
    if source == STANDARD_INPUT:
        name = SHOWN_NAME
    short_name = quoted(name, 60)[1:-1]
    try:
        path = _regular_file(source)
        dataset = _detect_reader(path).read(path, options)
    except (MissingValues, ColumnError) as error:
        raise error.in_file(short_name) from None
    except InputError as error:
        raise DataError(f"{short_name}: {error}") from None
    except MemoryError:
        raise DataError(f"{short_name}: not enough memory for its samples") from None
    except FileNotFoundError:
        raise DataError(missing_file_message(Path(source).expanduser())) from None
    except PermissionError:
        raise DataError(f"{short_name}: permission denied") from None
    except OSError as error:
        raise DataError(f"{short_name}: cannot read it ({error.strerror or error})") from None
    return replace(dataset, name=name)


def _regular_file(source: str) -> Path:
    """Return the path of a regular file, or of a copy of standard input.

    Raises DataError for anything else.
    """
    if source == STANDARD_INPUT:
        return spooled_path()
    try:
        path = Path(source).expanduser()
        kind = irregular_kind(path)
    except (ValueError, RuntimeError):
        raise DataError("not a valid file name") from None
    if kind:
        raise DataError(f"it is {kind}, not a data file")
    return path


def _detect_reader(path: Path) -> Reader:
    """Return the reader of a file; that of text unless the first bytes are another's."""
    text = READERS[-1]
    with path.open("rb") as file:
        start = file.read(_MAGIC_BYTES)
    reader = next(reader for reader in READERS if start.startswith(reader.magic))
    if reader is not text:
        from nn_tui.data.readers.byte_source import is_packed_table

        return text if is_packed_table(path) else reader
    return reader
