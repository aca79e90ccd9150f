"""The append-only log of a run's edits.

A line is a checksum and a JSON object: an edit, or ``keep`` with the number of edits that
remain valid, as after an undo or an edit of an earlier epoch. A process killed during a
write leaves at most an incomplete line, which is ignored.
"""

import json
import os
import re
import sys
import zlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from nn_tui.fileio import sync
from nn_tui.files.runs.array_archive import PARSE_ERRORS
from nn_tui.files.runs.safe_open import open_descriptor, open_regular
from nn_tui.recipe.line_fields import field_of
from nn_tui.training.edits import DatumEdit, Edit, ParameterEdit, PruneEdit, RecipeEdit

Json = dict[str, Any]

_MOST = 10**15
_LARGEST = sys.float_info.max
_PARAMETER = re.compile(r"[Wb]\d{1,4}")


def edit_to_json(edit: Edit) -> Json:
    """An edit as an object for JSON; ``edit_from_json`` is the inverse."""
    match edit:
        case RecipeEdit():
            changes = {key: _as_list(value) for key, value in edit.changes}
            return {"epoch": edit.epoch, "recipe": changes}
        case ParameterEdit():
            entry: Json = {"parameter": edit.name, "index": list(edit.index), "value": edit.value}
        case PruneEdit():
            entry = {"prune": edit.name, "index": list(edit.index)}
        case DatumEdit():
            entry = {"sample": edit.sample, "column": edit.column, "value": edit.value}
    return {"epoch": edit.epoch, **entry}


def edit_from_json(entry: object) -> Edit:
    """The edit in a JSON object. Raises ValueError if it is invalid."""
    if not isinstance(entry, Mapping):
        raise ValueError("an edit must be an object")
    epoch = _integer(entry, "epoch")
    for key, read in _READERS.items():
        if key in entry:
            return read(epoch, entry)
    raise ValueError("unknown kind of edit")


def _recipe(epoch: int, entry: Mapping[str, Any]) -> Edit:
    changes = entry["recipe"]
    if not isinstance(changes, Mapping):
        raise ValueError("edit of an unknown key")
    try:
        return RecipeEdit(epoch, tuple((k, field_of(k).kind.check(v)) for k, v in changes.items()))
    except KeyError:
        raise ValueError("edit of an unknown key") from None


def _parameter(epoch: int, entry: Mapping[str, Any]) -> Edit:
    return ParameterEdit(epoch, _name(entry["parameter"]), _index(entry), _number(entry))


def _prune(epoch: int, entry: Mapping[str, Any]) -> Edit:
    return PruneEdit(epoch, _name(entry["prune"]), _index(entry))


def _datum(epoch: int, entry: Mapping[str, Any]) -> Edit:
    return DatumEdit(epoch, _integer(entry, "sample"), _integer(entry, "column"), _number(entry))


_READERS: dict[str, Callable[[int, Mapping[str, Any]], Edit]] = {
    "recipe": _recipe,
    "parameter": _parameter,
    "prune": _prune,
    "sample": _datum,
}


def _name(entry: object) -> str:
    if not isinstance(entry, str) or not _PARAMETER.fullmatch(entry):
        raise ValueError("edit of an unknown parameter")
    return entry


def _index(entry: Mapping[str, Any]) -> tuple[int, ...]:
    index = entry.get("index")
    if not isinstance(index, list) or not 1 <= len(index) <= 2:
        raise ValueError("edit without a valid index")
    return tuple(_integer({"index": i}, "index") for i in index)


def _integer(entry: Mapping[str, Any], key: str) -> int:
    value = entry.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST:
        raise ValueError(f"{key} must be a non-negative integer")
    return value


def _number(entry: Mapping[str, Any]) -> float:
    value = entry.get("value")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("value must be a number")
    if not -_LARGEST <= value <= _LARGEST:  # also excludes NaN
        raise ValueError("value must be a finite number")
    return float(value)


def _as_list(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


MOST_BYTES = 64 * 2**20
_LONGEST_LINE = 2**20


def changes_between(before: Sequence[Edit], after: Sequence[Edit]) -> list[dict[str, Any]]:
    """The log entries that turn the edits ``before`` into ``after``."""
    common = 0
    for old, new in zip(before, after, strict=False):
        if old != new:
            break
        common += 1
    kept = [{"keep": common}] if common < len(before) else []
    return [*kept, *(edit_to_json(edit) for edit in after[common:])]


def append_edits(path: Path, entries: Sequence[dict[str, Any]]) -> bool:
    """Append a line per entry and sync it to the disk; returns as ``sync``. Raises OSError."""
    lines = b"".join(_line(entry) for entry in entries)
    number = open_descriptor(path, os.O_RDWR | os.O_CREAT | os.O_APPEND)
    try:
        _truncate_incomplete_line(number)
        while lines:
            lines = lines[os.write(number, lines) :]
        return sync(number)
    finally:
        os.close(number)


def read_edits(path: Path) -> tuple[tuple[Edit, ...], bool]:
    """The valid edits, and whether all lines are intact. Raises OSError.

    Reading ends at a damaged line, except that a damaged last line is skipped.
    """
    try:
        with open_regular(path) as file:
            content = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        return (), True
    lines = content[:MOST_BYTES].split(b"\n")
    edits: list[Edit] = []
    intact = len(content) <= MOST_BYTES
    for i, line in enumerate(lines):
        if not line:
            continue
        try:
            _apply(edits, _object(line))
        except PARSE_ERRORS:
            intact = False
            if any(lines[i + 1 :]):
                return tuple(edits), False
    return tuple(edits), intact


def _truncate_incomplete_line(number: int) -> None:
    """Truncate an incomplete last line, left by a killed process."""
    size = os.fstat(number).st_size
    start = max(0, size - _LONGEST_LINE)
    tail = os.pread(number, size - start, start)
    if tail and not tail.endswith(b"\n"):
        os.ftruncate(number, start + tail.rfind(b"\n") + 1)


def _apply(edits: list[Edit], entry: dict[str, Any]) -> None:
    if "keep" not in entry:
        edit = edit_from_json(entry)
        if edits and edit.epoch < edits[-1].epoch:
            raise ValueError("edits are out of order")
        edits.append(edit)
        return
    kept = entry["keep"]
    if isinstance(kept, bool) or not isinstance(kept, int) or not 0 <= kept <= len(edits):
        raise ValueError("keep must be a number of edits")
    del edits[kept:]


def _line(entry: dict[str, Any]) -> bytes:
    text = json.dumps(entry, separators=(",", ":")).encode()
    return b"%08x %s\n" % (zlib.crc32(text), text)


def _object(line: bytes) -> dict[str, Any]:
    checksum, _, text = line.partition(b" ")
    if checksum != b"%08x" % zlib.crc32(text):
        raise ValueError("wrong checksum")
    entry = json.loads(text)
    if not isinstance(entry, dict):
        raise ValueError("a line must be a JSON object")
    return entry
