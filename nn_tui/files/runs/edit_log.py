"""What was changed in a run, in the order in which it was: a file that only grows.

A line is a checksum and a JSON object. An object says an edit, or with ``keep`` how many
of the edits so far are still in force, as after an undo or a change made in the past. A
process killed while it writes leaves half a line at the most, which is passed over.
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
from nn_tui.files.runs.array_archive import NONSENSE
from nn_tui.files.runs.safe_open import descriptor, open_regular
from nn_tui.recipe.fields import FIELDS
from nn_tui.training.edits import DatumEdit, Edit, ParameterEdit, PruneEdit, RecipeEdit

Json = dict[str, Any]

_MOST = 10**15
_LARGEST = sys.float_info.max
_PARAMETER = re.compile(r"[Wb]\d{1,4}")


def edit_to_json(edit: Edit) -> Json:
    """An object that ``edit_of`` turns into the same edit."""
    match edit:
        case RecipeEdit():
            changes = {key: _plain(value) for key, value in edit.changes}
            return {"epoch": edit.epoch, "recipe": changes}
        case ParameterEdit():
            made: Json = {"parameter": edit.name, "index": list(edit.index), "value": edit.value}
        case PruneEdit():
            made = {"prune": edit.name, "index": list(edit.index)}
        case DatumEdit():
            made = {"sample": edit.sample, "column": edit.column, "value": edit.value}
    return {"epoch": edit.epoch, **made}


def edit_from_json(made: object) -> Edit:
    """The edit that a JSON object says; raises ValueError where it says none."""
    if not isinstance(made, Mapping):
        raise ValueError("an edit must be an object")
    epoch = _whole(made, "epoch")
    for key, read in _READERS.items():
        if key in made:
            return read(epoch, made)
    raise ValueError("an edit of no known kind")


def _recipe(epoch: int, made: Mapping[str, Any]) -> Edit:
    changes = made["recipe"]
    if not isinstance(changes, Mapping) or not all(key in FIELDS for key in changes):
        raise ValueError("an edit of an unknown key")
    return RecipeEdit(epoch, tuple((k, FIELDS[k].kind.check(v)) for k, v in changes.items()))


def _parameter(epoch: int, made: Mapping[str, Any]) -> Edit:
    return ParameterEdit(epoch, _name(made["parameter"]), _index(made), _number(made))


def _prune(epoch: int, made: Mapping[str, Any]) -> Edit:
    return PruneEdit(epoch, _name(made["prune"]), _index(made))


def _datum(epoch: int, made: Mapping[str, Any]) -> Edit:
    return DatumEdit(epoch, _whole(made, "sample"), _whole(made, "column"), _number(made))


_READERS: dict[str, Callable[[int, Mapping[str, Any]], Edit]] = {
    "recipe": _recipe,
    "parameter": _parameter,
    "prune": _prune,
    "sample": _datum,
}


def _name(made: object) -> str:
    if not isinstance(made, str) or not _PARAMETER.fullmatch(made):
        raise ValueError("an edit of no parameter")
    return made


def _index(made: Mapping[str, Any]) -> tuple[int, ...]:
    index = made.get("index")
    if not isinstance(index, list) or not 1 <= len(index) <= 2:
        raise ValueError("an edit without a place")
    return tuple(_whole({"at": at}, "at") for at in index)


def _whole(made: Mapping[str, Any], key: str) -> int:
    value = made.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST:
        raise ValueError(f"{key} must be a whole number")
    return value


def _number(made: Mapping[str, Any]) -> float:
    value = made.get("value")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("value must be a number")
    if not -_LARGEST <= value <= _LARGEST:  # which nan is not either
        raise ValueError("value must be a finite number")
    return float(value)


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


MOST_BYTES = 64 * 2**20
_LONGEST_LINE = 2**20


def changes_between(before: Sequence[Edit], after: Sequence[Edit]) -> list[dict[str, Any]]:
    """The objects that make of the edits ``before`` those ``after``."""
    same = 0
    for old, new in zip(before, after, strict=False):
        if old != new:
            break
        same += 1
    kept = [{"keep": same}] if same < len(before) else []
    return [*kept, *(edit_to_json(edit) for edit in after[same:])]


def append_edits(path: Path, entries: Sequence[dict[str, Any]]) -> bool:
    """Add a line for each object, down to the disk; returns as ``sync``, raises OSError."""
    lines = b"".join(_line(entry) for entry in entries)
    number = descriptor(path, os.O_RDWR | os.O_CREAT | os.O_APPEND)
    try:
        _cut_half_a_line(number)
        while lines:
            lines = lines[os.write(number, lines) :]
        return sync(number)
    finally:
        os.close(number)


def read_edits(path: Path) -> tuple[tuple[Edit, ...], bool]:
    """The edits in force, and whether every line was whole; raises OSError.

    What comes after a damaged line other than the last is not believed.
    """
    try:
        with open_regular(path) as file:
            content = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        return (), True
    lines = content[:MOST_BYTES].split(b"\n")
    edits: list[Edit] = []
    whole = len(content) <= MOST_BYTES
    for place, line in enumerate(lines):
        if not line:
            continue
        try:
            _follow(edits, _object(line))
        except NONSENSE:
            whole = False
            if any(lines[place + 1 :]):
                return tuple(edits), False
    return tuple(edits), whole


def _cut_half_a_line(number: int) -> None:
    """Drop what a killed process left at the end of an open file."""
    size = os.fstat(number).st_size
    start = max(0, size - _LONGEST_LINE)
    tail = os.pread(number, size - start, start)
    if tail and not tail.endswith(b"\n"):
        os.ftruncate(number, start + tail.rfind(b"\n") + 1)


def _follow(edits: list[Edit], entry: dict[str, Any]) -> None:
    if "keep" not in entry:
        edit = edit_from_json(entry)
        if edits and edit.epoch < edits[-1].epoch:
            raise ValueError("an edit that comes before the last one")
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
        raise ValueError("a damaged line")
    entry = json.loads(text)
    if not isinstance(entry, dict):
        raise ValueError("a line must be an object")
    return entry
