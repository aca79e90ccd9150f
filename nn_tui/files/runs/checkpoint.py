"""Checkpoints: the complete state of a run in one file."""

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np

from nn_tui.fileio import replace_file
from nn_tui.files.runs.array_archive import PARSE_ERRORS, CorruptArchive, pack_arrays, unpack_arrays
from nn_tui.files.runs.edit_log import edit_from_json, edit_to_json
from nn_tui.files.runs.history_versions import read_history, with_looks
from nn_tui.files.runs.safe_open import open_regular
from nn_tui.files.runs.source_file import SourceFile, source_file_from_json
from nn_tui.nn.activations import ARITHMETIC
from nn_tui.nn.state import COUNTS, StateSnapshot
from nn_tui.recipe.parsing import from_toml, to_toml
from nn_tui.recipe.recipe import Recipe
from nn_tui.text import make_printable
from nn_tui.training.edits import Edit, RecipeEdit
from nn_tui.training.history import LossHistory
from nn_tui.training.keyframe import Keyframe, PartialEpochState
from nn_tui.training.stopping import BestEpoch
from nn_tui.training.timeline import Timeline
from nn_tui.types import Array

_STATE, _HISTORY, _HALFWAY = "state.", "history.", "halfway."
_GRADIENT_SUM = "gradient_sum"
_LONGEST_NAME = 255
_UNNUMBERED_ARITHMETIC = 1
"""The version of checkpoints written before it was recorded."""
_LONGEST = 300
_MOST = 10**15
"""Largest valid number of epochs or updates; floats represent it exactly."""
_MOST_SECONDS = 10**11


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """The state of a run at ``keyframe``, mid-epoch if ``halfway`` is not None.

    ``recipe`` is that of epoch 0, ``edits`` are all edits of the run, including later ones.
    ``samples`` is the digest of the data at epoch 0, ``file`` the file it was read from,
    ``saved_at`` in seconds since 1970, ``train_loss`` for lists of runs, ``arithmetic`` the
    version of the arithmetic it was trained with.
    """

    name: str
    recipe: Recipe
    preset: Recipe
    edits: tuple[Edit, ...]
    samples: str
    keyframe: Keyframe
    train_loss: float
    saved_at: float
    halfway: PartialEpochState | None = None
    arithmetic: int = ARITHMETIC
    file: SourceFile | None = None

    @property
    def epoch(self) -> int:
        return self.keyframe.epoch


def checkpoint_of(timeline: Timeline, file: SourceFile | None = None) -> Checkpoint:
    """A checkpoint with copies of the current state of a timeline, which must be ``whole``.

    ``file`` is the file that the data was read from.
    """
    run, frame = timeline.run, timeline.trainer.keyframe()
    losses = frame.history.curve().train_high
    return Checkpoint(
        name=run.name,
        recipe=run.recipe,
        preset=run.preset or run.recipe,
        edits=run.edits,
        samples=run.dataset.digest,
        keyframe=frame,
        train_loss=float(losses[-1]) if len(losses) else math.nan,
        saved_at=time.time(),
        halfway=timeline.trainer.partial_epoch,
        file=file,
    )


def write_checkpoint(path: Path, checkpoint: Checkpoint) -> bool:
    """Write a checkpoint atomically; returns and raises as ``replace_file``."""
    frame = checkpoint.keyframe
    history, counts = frame.history.pack()
    fields = {
        "name": checkpoint.name,
        "recipe": to_toml(checkpoint.recipe),
        "preset": to_toml(checkpoint.preset),
        "edits": [edit_to_json(edit) for edit in checkpoint.edits],
        "made": len(frame.edits),
        "samples": checkpoint.samples,
        "epoch": frame.epoch,
        "seconds": frame.seconds,
        "counts": frame.saved.counts,
        "history": counts,
        "train_loss": checkpoint.train_loss,
        "saved_at": checkpoint.saved_at,
        "best": frame.best,
        "arithmetic": checkpoint.arithmetic,
        "file": checkpoint.file and checkpoint.file.as_json(),
    }
    arrays = {
        **{_STATE + name: array for name, array in frame.saved.arrays.items()},
        **{_HISTORY + name: array for name, array in history.items()},
    }
    if checkpoint.halfway is not None:
        saved = checkpoint.halfway.saved
        fields["halfway"] = {"updates": checkpoint.halfway.updates, "counts": saved.counts}
        if checkpoint.halfway.gradient_sum is not None:
            arrays[_GRADIENT_SUM] = checkpoint.halfway.gradient_sum
        arrays |= {_HALFWAY + name: array for name, array in saved.arrays.items()}
    chunks = pack_arrays(fields, arrays)
    return replace_file(path, lambda file: file.writelines(chunks), follow_link=False)


def read_checkpoint(path: Path) -> Checkpoint:
    """Read a checkpoint file. Raises OSError or CorruptArchive."""
    with open_regular(path) as file:
        return checkpoint_in(file)


def checkpoint_in(file: IO[bytes]) -> Checkpoint:
    """Read a checkpoint from an open file. Raises OSError or CorruptArchive."""
    fields, arrays = unpack_arrays(file)
    try:
        return _checkpoint(fields, arrays)
    except CorruptArchive:
        raise
    except PARSE_ERRORS as error:
        raise CorruptArchive(f"invalid content: {make_printable(str(error))[:_LONGEST]}") from None


def _checkpoint(fields: Mapping[str, Any], arrays: Mapping[str, Array]) -> Checkpoint:
    recipe, edits = (
        from_toml(fields["recipe"]),
        tuple(map(edit_from_json, fields["edits"])),
    )
    epoch, made = _count(fields["epoch"]), edits[: _count(fields["made"])]
    if len(made) != fields["made"] or not _edits_match(epoch, made, edits):
        raise ValueError("edits do not match the epoch")
    now = recipe
    for edit in made:
        now = edit.applied_to(now) if isinstance(edit, RecipeEdit) else now
    frame = Keyframe(
        epoch=epoch,
        edits=made,
        recipe=now,
        saved=_saved(arrays, _STATE, fields["counts"]),
        history=_history(arrays, fields["history"], epoch),
        seconds=_seconds(fields["seconds"]),
        best=_best(fields.get("best"), epoch),
    )
    return Checkpoint(
        name=make_printable(str(fields["name"])[:_LONGEST_NAME]),
        recipe=recipe,
        preset=from_toml(fields["preset"]),
        edits=edits,
        samples=str(fields["samples"])[:_LONGEST_NAME],
        keyframe=frame,
        train_loss=_loss(fields["train_loss"]),
        saved_at=min(_seconds(fields["saved_at"]), time.time()),
        halfway=_halfway(fields.get("halfway"), arrays),
        arithmetic=_count(fields.get("arithmetic", _UNNUMBERED_ARITHMETIC)),
        file=source_file_from_json(fields.get("file")),
    )


def _history(arrays: Mapping[str, Array], counts: Mapping[str, Any], epoch: int) -> LossHistory:
    history = read_history(_part(arrays, _HISTORY), counts)
    if "train_loss" not in history.names or history.curve().last.max(initial=0) > epoch:
        raise ValueError("history does not match the epoch")
    return with_looks(history, arrays["looks"]) if "looks" in arrays else history


def _halfway(
    fields: Mapping[str, Any] | None, arrays: Mapping[str, Array]
) -> PartialEpochState | None:
    if fields is None:
        return None
    saved = _saved(arrays, _HALFWAY, fields["counts"])
    return PartialEpochState(_count(fields["updates"]), saved, arrays.get(_GRADIENT_SUM))


def _saved(arrays: Mapping[str, Array], prefix: str, counts: Mapping[str, Any]) -> StateSnapshot:
    part = _part(arrays, prefix)
    if not all(np.isfinite(part[name]).all() for name in ("parameters", "previous")):
        raise ValueError("weights are not finite")
    return StateSnapshot(part, {name: float(_count(counts[name])) for name in COUNTS})


def _count(value: object) -> int:
    """A non-negative integer, possibly written as a float. Raises ValueError."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST:
        raise ValueError("invalid count")
    return value


def _seconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("invalid time")
    if not 0 <= value <= _MOST_SECONDS:  # also excludes NaN
        raise ValueError("time out of range")
    return float(value)


def _loss(value: object) -> float:
    """A loss, NaN if unknown. Raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isinf(value):
        raise ValueError("invalid loss")
    return float(value)


def _best(value: object, epoch: int) -> BestEpoch | None:
    """The best epoch up to ``epoch``; None where it was not saved. Raises ValueError."""
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != 2 or _count(value[0]) > epoch:
        raise ValueError("invalid best epoch")
    return BestEpoch(_count(value[0]), _loss(value[1]))


def _edits_match(epoch: int, made: Sequence[Edit], edits: Sequence[Edit]) -> bool:
    """Whether ``made`` are exactly the ``edits`` up to ``epoch``, and edits are in order."""
    epochs = [edit.epoch for edit in edits]
    before, after = epochs[: len(made)], epochs[len(made) :]
    return epochs == sorted(epochs) and max(before, default=0) <= epoch <= min(after, default=epoch)


def _part(arrays: Mapping[str, Array], prefix: str) -> dict[str, Array]:
    return {
        name.removeprefix(prefix): array
        for name, array in arrays.items()
        if name.startswith(prefix)
    }
