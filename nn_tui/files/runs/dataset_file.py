"""The data of a run in one compressed file, as it was loaded.

The first line contains the format and the uncompressed size; the rest is a compressed
``array_archive``.
"""

import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from nn_tui.data.dataset import Dataset, RawInputs
from nn_tui.data.preprocessing import FEATURES, Preparation, TargetScaling
from nn_tui.data.table_column import TableColumn
from nn_tui.fileio import replace_file
from nn_tui.files.runs.array_archive import (
    MOST_JSON_BYTES,
    PARSE_ERRORS,
    CorruptArchive,
    pack_arrays,
    unpack_arrays,
)
from nn_tui.files.runs.safe_open import open_regular
from nn_tui.text import make_printable
from nn_tui.types import Array

MOST_BYTES = 64 * 2**20
"""Largest uncompressed size of data that is saved with a run."""

_FORMAT = b"nn-tui-dataset-1"
_LEVEL = 1
_CHUNK_BYTES = 2**20
_LONGEST_NAME = 1000


class Cancelled(Exception):
    """Writing was cancelled."""


def size_of(dataset: Dataset) -> int:
    """Uncompressed size of the arrays in bytes."""
    return sum(array.nbytes for array in _arrays(dataset).values())


def write_dataset(
    path: Path, dataset: Dataset, cancelled: Callable[[], bool] = lambda: False
) -> bool:
    """Write the data atomically; returns as ``replace_file``.

    Raises InputError, and Cancelled once ``cancelled`` returns true.
    """
    chunks = pack_arrays(_about(dataset), _arrays(dataset))
    head = b"%s %d\n" % (_FORMAT, sum(map(len, chunks)))

    def content() -> Iterator[bytes]:
        yield head
        compressor = zlib.compressobj(_LEVEL)
        for chunk in chunks:
            for start in range(0, len(chunk), _CHUNK_BYTES):
                if cancelled():
                    raise Cancelled
                yield compressor.compress(chunk[start : start + _CHUNK_BYTES])
        yield compressor.flush()

    return replace_file(path, lambda file: file.writelines(content()), follow_link=False)


def read_dataset(path: Path) -> Dataset:
    """Read the data. Raises OSError or CorruptArchive."""
    with open_regular(path) as file:
        head = file.readline(100)
        content = file.read(MOST_BYTES + 2 * MOST_JSON_BYTES)
    words = head.split()
    if len(words) != 2 or words[0] != _FORMAT or not words[1].isdigit() or len(words[1]) > 12:
        raise CorruptArchive("not a data file of a run")
    size = int(words[1])
    if size > MOST_BYTES + 2 * MOST_JSON_BYTES:
        raise CorruptArchive("invalid size")
    try:
        unpacked = zlib.decompressobj().decompress(content, size + 1)
    except zlib.error:
        raise CorruptArchive("cannot be decompressed") from None
    if len(unpacked) != size:
        raise CorruptArchive("wrong uncompressed size")
    fields, arrays = unpack_arrays(BytesIO(unpacked))
    try:
        return _dataset(fields, arrays)
    except PARSE_ERRORS as error:
        raise CorruptArchive(f"invalid content: {error}") from None


def _arrays(dataset: Dataset) -> dict[str, Array]:
    arrays = {"inputs": dataset.inputs, "targets": dataset.targets}
    if dataset.origin is not None:
        preparation = dataset.origin.preparation
        arrays |= {
            "raw": dataset.origin.inputs,
            "shift": preparation.shift,
            "size": preparation.size,
        }
    if dataset.target_scaling is not None:
        scaling = dataset.target_scaling
        arrays |= {"target_shift": scaling.shift, "target_size": scaling.size}
    return arrays


def _about(dataset: Dataset) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "name": dataset.name,
        "inputs": dataset.input_names,
        "targets": dataset.target_names,
        "train_count": dataset.train_count,
        "validation_count": dataset.validation_count,
        "classes": dataset.classes,
        "picture": dataset.picture,
        "notes": dataset.notes,
        "columns": [asdict(column) for column in dataset.table],
    }
    if dataset.origin is not None:
        chosen = dataset.origin.preparation.chosen
        fields["raw"] = dataset.origin.names
        fields["chosen"] = [
            column if isinstance(column, int) else column.name for column, _ in chosen
        ]
    return fields


def _dataset(fields: Mapping[str, Any], arrays: Mapping[str, Array]) -> Dataset:
    inputs, targets = _matrix(arrays["inputs"]), _matrix(arrays["targets"])
    classes = _names(fields["classes"])
    input_names = _names(fields["inputs"], inputs.shape[1])
    train_count = _integer(fields["train_count"])
    # Runs saved before there were validation sets do not have their size.
    validation_count = _integer(fields.get("validation_count", 0))
    held_out = len(inputs) - train_count
    if len(inputs) != len(targets) or train_count < 1 or not 0 <= validation_count <= held_out:
        raise ValueError("the numbers of inputs, targets and training samples do not match")
    if classes and (targets.shape[1] != 1 or not np.isin(targets, np.arange(len(classes))).all()):
        raise ValueError("targets are not classes")
    return Dataset(
        name=make_printable(str(fields["name"])[:_LONGEST_NAME]),
        inputs=inputs,
        targets=targets,
        input_names=input_names,
        target_names=_names(fields["targets"], targets.shape[1]),
        train_count=train_count,
        classes=classes,
        picture=_picture(fields["picture"], inputs.shape[1]),
        notes=_names(fields["notes"]),
        origin=_origin(fields, arrays, inputs, input_names) if "raw" in fields else None,
        table=_table(fields["columns"]),
        target_scaling=_target_scaling(arrays, targets.shape[1]),
        validation_count=validation_count,
    )


def _target_scaling(arrays: Mapping[str, Array], outputs: int) -> TargetScaling | None:
    """Runs saved before targets could be scaled have no such arrays."""
    if "target_shift" not in arrays:
        return None
    shift, size = arrays["target_shift"], arrays["target_size"]
    fits = shift.shape == size.shape == (outputs,) and shift.dtype == size.dtype == np.float64
    if not fits or not np.isfinite([shift, size]).all() or not (size > 0).all():
        raise ValueError("targets do not match their scaling")
    return TargetScaling(shift, size)


def _origin(
    fields: Mapping[str, Any],
    arrays: Mapping[str, Array],
    inputs: Array,
    names: tuple[str, ...],
) -> RawInputs:
    raw, shift, size = _matrix(arrays["raw"]), arrays["shift"], arrays["size"]
    chosen = tuple(
        (_chosen(column, raw.shape[1]), name)
        for column, name in zip(fields["chosen"], names, strict=True)
    )
    fits = shift.shape == size.shape == (inputs.shape[1],) and len(raw) == len(inputs)
    if not fits or not np.isfinite([shift, size]).all() or not (size != 0).all():
        raise ValueError("inputs do not match their preprocessing")
    return RawInputs(raw, _names(fields["raw"], raw.shape[1]), Preparation(chosen, shift, size))


def _chosen(column: object, columns: int) -> Any:
    if isinstance(column, str) and columns == 2:
        return FEATURES[column]
    if _integer(column) not in range(columns):
        raise ValueError("input of an unknown column")
    return column


def _matrix(array: Array) -> Array:
    if array.ndim != 2 or not array.size or array.dtype != np.float64:
        raise ValueError("array of the wrong shape or type")
    if not np.isfinite(array).all():
        raise ValueError("value is not finite")
    return array


def _names(value: object, count: int | None = None) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise ValueError("invalid names")
    if count is not None and len(value) != count:
        raise ValueError("wrong number of names")
    return tuple(make_printable(name) for name in value)


def _table(value: object) -> tuple[TableColumn, ...]:
    """The columns of a table; runs saved before they were described have only their names."""
    if isinstance(value, list) and all(isinstance(column, dict) for column in value):
        return tuple(_column(**column) for column in value)
    return tuple(TableColumn(name) for name in _names(value))


def _column(
    name: str,
    kind: str,
    written: str,
    role: str,
    reason: str,
    distinct: object,
    missing: object,
    example: str,
) -> TableColumn:
    texts = (name, kind, written, role, reason, example)
    if not all(isinstance(text, str) for text in texts):
        raise ValueError("invalid description of a column")
    shown, kind, written, role, reason, example = map(make_printable, texts)
    count = None if distinct is None else _integer(distinct)
    return TableColumn(shown, kind, written, role, reason, count, _integer(missing), example)


def _picture(value: object, inputs: int) -> tuple[int, int] | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError("invalid image size")
    height, width = map(_integer, value)
    if height < 1 or width < 1 or height * width != inputs:
        raise ValueError("image size does not match the number of inputs")
    return height, width


def _integer(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("not an integer")
    return value
