"""The state of one network of a checkpoint: what its training continues from."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from nn_tui.files.runs.history_versions import read_history, with_looks
from nn_tui.nn.state import COUNTS, StateSnapshot
from nn_tui.recipe.recipe import Recipe
from nn_tui.training.edits import Edit, RecipeEdit
from nn_tui.training.history import LossHistory
from nn_tui.training.keyframe import Keyframe, PartialEpochState
from nn_tui.training.stopping import BestEpoch
from nn_tui.types import Array

_STATE, _HISTORY, _HALFWAY = "state.", "history.", "halfway."
_GRADIENT_SUM = "gradient_sum"
_MOST = 10**15
"""Largest valid number of epochs or updates; floats represent it exactly."""
_MOST_SECONDS = 10**11


def pack_state(
    frame: Keyframe, partial: PartialEpochState | None
) -> tuple[dict[str, Any], dict[str, Array]]:
    """Return fields for JSON and arrays, from which ``unpack_state`` makes the same again."""
    history, counts = frame.history.pack()
    fields = {
        "made": len(frame.edits),
        "epoch": frame.epoch,
        "seconds": frame.seconds,
        "counts": frame.saved.counts,
        "history": counts,
        "best": frame.best,
    }
    arrays = {
        **{_STATE + name: array for name, array in frame.saved.arrays.items()},
        **{_HISTORY + name: array for name, array in history.items()},
    }
    if partial is not None:
        fields["halfway"] = {"updates": partial.updates, "counts": partial.saved.counts}
        if partial.gradient_sum is not None:
            arrays[_GRADIENT_SUM] = partial.gradient_sum
        arrays |= {_HALFWAY + name: array for name, array in partial.saved.arrays.items()}
    return fields, arrays


def unpack_state(
    fields: Mapping[str, Any], arrays: Mapping[str, Array], recipe: Recipe, edits: Sequence[Edit]
) -> tuple[Keyframe, PartialEpochState | None]:
    """The state of a run that starts with ``recipe`` and has ``edits``.

    Raises ValueError, KeyError or TypeError for anything that ``pack_state`` does not return.
    """
    epoch, made = count_of(fields["epoch"]), tuple(edits[: count_of(fields["made"])])
    if len(made) != fields["made"] or not _edits_match(epoch, made, edits):
        raise ValueError("edits do not match the epoch")
    for edit in made:
        recipe = edit.applied_to(recipe) if isinstance(edit, RecipeEdit) else recipe
    frame = Keyframe(
        epoch=epoch,
        edits=made,
        recipe=recipe,
        saved=_saved(arrays, _STATE, fields["counts"]),
        history=_history(arrays, fields["history"], epoch),
        seconds=seconds_of(fields["seconds"]),
        best=_best(fields.get("best"), epoch),
    )
    return frame, _halfway(fields.get("halfway"), arrays)


def _history(arrays: Mapping[str, Array], counts: Mapping[str, Any], epoch: int) -> LossHistory:
    history = read_history(part_of(arrays, _HISTORY), counts)
    if "train_loss" not in history.names or history.curve().last.max(initial=0) > epoch:
        raise ValueError("history does not match the epoch")
    return with_looks(history, arrays["looks"]) if "looks" in arrays else history


def _halfway(
    fields: Mapping[str, Any] | None, arrays: Mapping[str, Array]
) -> PartialEpochState | None:
    if fields is None:
        return None
    saved = _saved(arrays, _HALFWAY, fields["counts"])
    return PartialEpochState(count_of(fields["updates"]), saved, arrays.get(_GRADIENT_SUM))


def _saved(arrays: Mapping[str, Array], prefix: str, counts: Mapping[str, Any]) -> StateSnapshot:
    part = part_of(arrays, prefix)
    if not all(np.isfinite(part[name]).all() for name in ("parameters", "previous")):
        raise ValueError("weights are not finite")
    return StateSnapshot(part, {name: float(count_of(counts[name])) for name in COUNTS})


def count_of(value: object) -> int:
    """A non-negative integer, possibly written as a float. Raises ValueError."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST:
        raise ValueError("invalid count")
    return value


def seconds_of(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("invalid time")
    if not 0 <= value <= _MOST_SECONDS:  # also excludes NaN
        raise ValueError("time out of range")
    return float(value)


def loss_of(value: object) -> float:
    """A loss, NaN if unknown. Raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isinf(value):
        raise ValueError("invalid loss")
    return float(value)


def _best(value: object, epoch: int) -> BestEpoch | None:
    """The best epoch up to ``epoch``; None where it was not saved. Raises ValueError."""
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != 2 or count_of(value[0]) > epoch:
        raise ValueError("invalid best epoch")
    return BestEpoch(count_of(value[0]), loss_of(value[1]))


def _edits_match(epoch: int, made: Sequence[Edit], edits: Sequence[Edit]) -> bool:
    """Whether ``made`` are exactly the ``edits`` up to ``epoch``, and edits are in order."""
    epochs = [edit.epoch for edit in edits]
    before, after = epochs[: len(made)], epochs[len(made) :]
    return epochs == sorted(epochs) and max(before, default=0) <= epoch <= min(after, default=epoch)


def part_of(arrays: Mapping[str, Array], prefix: str) -> dict[str, Array]:
    """The arrays whose names begin with ``prefix``, without it."""
    return {
        name.removeprefix(prefix): array
        for name, array in arrays.items()
        if name.startswith(prefix)
    }
