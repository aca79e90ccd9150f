"""The samples of a run in one compressed file, as they were loaded.

The first line names the format and how many bytes are compressed in what follows: arrays
and their description as in ``array_archive``, digest and all.
"""

import zlib
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from nn_tui.data.dataset import Dataset, RawInputs
from nn_tui.data.preprocessing import FEATURES, Preparation
from nn_tui.fileio import replace_file
from nn_tui.files.runs.array_archive import (
    MOST_JSON_BYTES,
    NONSENSE,
    CorruptArchive,
    pack_arrays,
    unpack_arrays,
)
from nn_tui.files.runs.safe_open import open_regular
from nn_tui.text import make_printable
from nn_tui.types import Array

MOST_BYTES = 64 * 2**20
"""What all numbers of the samples may take uncompressed; larger ones are not kept."""

_FORMAT = b"nn-tui-dataset-1"
_LEVEL = 1
_PIECE = 2**20
_LONGEST_NAME = 1000


class Stopped(Exception):
    """Writing was given up because it took too long."""


def size_of(dataset: Dataset) -> int:
    """Bytes that its numbers take uncompressed."""
    return sum(array.nbytes for array in _arrays(dataset).values())


def write_dataset(
    path: Path, dataset: Dataset, stopped: Callable[[], bool] = lambda: False
) -> bool:
    """Put the samples into ``path``, whole or not at all; returns as ``replace_file``.

    Raises InputError, and Stopped once ``stopped`` says so.
    """
    pieces = pack_arrays(_about(dataset), _arrays(dataset))
    head = b"%s %d\n" % (_FORMAT, sum(map(len, pieces)))

    def content() -> Iterator[bytes]:
        yield head
        compressor = zlib.compressobj(_LEVEL)
        for piece in pieces:
            for start in range(0, len(piece), _PIECE):
                if stopped():
                    raise Stopped
                yield compressor.compress(piece[start : start + _PIECE])
        yield compressor.flush()

    return replace_file(path, lambda file: file.writelines(content()), follow_link=False)


def read_dataset(path: Path) -> Dataset:
    """The samples that were written; raises OSError or Damaged."""
    with open_regular(path) as file:
        head = file.readline(100)
        content = file.read(MOST_BYTES + 2 * MOST_JSON_BYTES)
    words = head.split()
    if len(words) != 2 or words[0] != _FORMAT or not words[1].isdigit() or len(words[1]) > 12:
        raise CorruptArchive("it does not begin as kept samples do")
    size = int(words[1])
    if size > MOST_BYTES + 2 * MOST_JSON_BYTES:
        raise CorruptArchive("its size is not one of kept samples")
    try:
        unpacked = zlib.decompressobj().decompress(content, size + 1)
    except zlib.error:
        raise CorruptArchive("its samples cannot be decompressed") from None
    if len(unpacked) != size:
        raise CorruptArchive("its samples are not of the size that it says")
    about, arrays = unpack_arrays(BytesIO(unpacked))
    try:
        return _dataset(about, arrays)
    except NONSENSE as error:
        raise CorruptArchive(f"its samples make no sense ({error})") from None


def _arrays(dataset: Dataset) -> dict[str, Array]:
    arrays = {"inputs": dataset.inputs, "targets": dataset.targets}
    if dataset.origin is not None:
        how = dataset.origin.preparation
        arrays |= {"raw": dataset.origin.inputs, "shift": how.shift, "size": how.size}
    return arrays


def _about(dataset: Dataset) -> dict[str, Any]:
    about: dict[str, Any] = {
        "name": dataset.name,
        "inputs": dataset.input_names,
        "targets": dataset.target_names,
        "train_count": dataset.train_count,
        "classes": dataset.classes,
        "picture": dataset.picture,
        "notes": dataset.notes,
        "columns": dataset.columns,
    }
    if dataset.origin is not None:
        chosen = dataset.origin.preparation.chosen
        about["raw"] = dataset.origin.names
        about["chosen"] = [what if isinstance(what, int) else what.name for what, _ in chosen]
    return about


def _dataset(about: Mapping[str, Any], arrays: Mapping[str, Array]) -> Dataset:
    inputs, targets = _matrix(arrays["inputs"]), _matrix(arrays["targets"])
    classes = _names(about["classes"])
    input_names = _names(about["inputs"], inputs.shape[1])
    train_count = about["train_count"]
    if len(inputs) != len(targets) or not 1 <= _whole(train_count) <= len(inputs):
        raise ValueError("its counts of samples do not agree")
    if classes and (targets.shape[1] != 1 or not np.isin(targets, np.arange(len(classes))).all()):
        raise ValueError("its targets are not its classes")
    return Dataset(
        name=make_printable(str(about["name"])[:_LONGEST_NAME]),
        inputs=inputs,
        targets=targets,
        input_names=input_names,
        target_names=_names(about["targets"], targets.shape[1]),
        train_count=train_count,
        classes=classes,
        picture=_picture(about["picture"], inputs.shape[1]),
        notes=_names(about["notes"]),
        origin=_origin(about, arrays, inputs, input_names) if "raw" in about else None,
        columns=_names(about["columns"]),
    )


def _origin(
    about: Mapping[str, Any], arrays: Mapping[str, Array], inputs: Array, names: tuple[str, ...]
) -> RawInputs:
    raw, shift, size = _matrix(arrays["raw"]), arrays["shift"], arrays["size"]
    chosen = tuple(
        (_chosen(what, raw.shape[1]), name)
        for what, name in zip(about["chosen"], names, strict=True)
    )
    fits = shift.shape == size.shape == (inputs.shape[1],) and len(raw) == len(inputs)
    if not fits or not np.isfinite([shift, size]).all() or not (size != 0).all():
        raise ValueError("its inputs were not made from its columns")
    return RawInputs(raw, _names(about["raw"], raw.shape[1]), Preparation(chosen, shift, size))


def _chosen(what: object, columns: int) -> Any:
    if isinstance(what, str) and columns == 2:
        return FEATURES[what]
    if _whole(what) not in range(columns):
        raise ValueError("an input of no column")
    return what


def _matrix(array: Array) -> Array:
    if array.ndim != 2 or not array.size or array.dtype != np.float64:
        raise ValueError("samples of another shape")
    if not np.isfinite(array).all():
        raise ValueError("a number that is not finite")
    return array


def _names(made: object, count: int | None = None) -> tuple[str, ...]:
    if not isinstance(made, list) or not all(isinstance(name, str) for name in made):
        raise ValueError("names that are none")
    if count is not None and len(made) != count:
        raise ValueError("another number of names than of columns")
    return tuple(make_printable(name) for name in made)


def _picture(made: object, inputs: int) -> tuple[int, int] | None:
    if made is None:
        return None
    if not isinstance(made, list) or len(made) != 2:
        raise ValueError("a picture of no size")
    height, width = map(_whole, made)
    if height < 1 or width < 1 or height * width != inputs:
        raise ValueError("a picture of another size")
    return height, width


def _whole(made: object) -> int:
    if isinstance(made, bool) or not isinstance(made, int):
        raise ValueError("a number that is not whole")
    return made
