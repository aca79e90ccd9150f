"""Edits as JSON values, and back."""

import re
import sys
from collections.abc import Callable, Mapping
from typing import Any

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
