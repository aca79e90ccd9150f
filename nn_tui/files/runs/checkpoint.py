"""A run as it stood at a moment, whole, in one file."""

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np

from nn_tui.fileio import replace_file
from nn_tui.files.runs.array_archive import NONSENSE, CorruptArchive, pack_arrays, unpack_arrays
from nn_tui.files.runs.edit_log import edit_from_json, edit_to_json
from nn_tui.files.runs.history_versions import read_history, with_looks
from nn_tui.files.runs.safe_open import open_regular
from nn_tui.files.runs.source_file import SourceFile, source_file_of
from nn_tui.nn.activations import ARITHMETIC
from nn_tui.nn.state import COUNTS, StateSnapshot
from nn_tui.recipe.parsing import from_toml, to_toml
from nn_tui.recipe.recipe import Recipe
from nn_tui.text import make_printable
from nn_tui.training.edits import Edit, RecipeEdit
from nn_tui.training.history import LossHistory
from nn_tui.training.keyframe import Keyframe, PartialEpochState
from nn_tui.training.timeline import Timeline
from nn_tui.types import Array

_STATE, _HISTORY, _HALFWAY = "state.", "history.", "halfway."
_GRADIENT_SUM = "gradient_sum"
_LONGEST_NAME = 255
_UNNUMBERED_ARITHMETIC = 1
"""That of checkpoints from before they carried the version."""
_LONGEST = 300
_MOST = 10**15
"""Epochs and updates that are believed; nobody trains so many, and floats still count them."""
_MOST_SECONDS = 10**11


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """``recipe`` is the one at epoch 0, ``edits`` all of the run, also those still ahead.

    ``samples`` is the digest of the samples at epoch 0, ``file`` what they were read from,
    ``saved_at`` in seconds since 1970. ``train_loss`` is for lists. ``halfway`` is how far
    the epoch after ``keyframe`` had come. ``arithmetic`` is the version of the arithmetic by
    which it came to this moment.
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
    """The moment at which a timeline stands, in copies; it must be ``whole``.

    ``file`` is what the samples were read from.
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
    """Whole or not at all, down to the disk; returns and raises as ``replace_file``."""
    frame = checkpoint.keyframe
    history, counts = frame.history.pack()
    about = {
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
        "arithmetic": checkpoint.arithmetic,
        "file": checkpoint.file and checkpoint.file.as_json(),
    }
    arrays = {
        **{_STATE + name: array for name, array in frame.saved.arrays.items()},
        **{_HISTORY + name: array for name, array in history.items()},
    }
    if checkpoint.halfway is not None:
        saved = checkpoint.halfway.saved
        about["halfway"] = {"updates": checkpoint.halfway.updates, "counts": saved.counts}
        if checkpoint.halfway.gradient_sum is not None:
            arrays[_GRADIENT_SUM] = checkpoint.halfway.gradient_sum
        arrays |= {_HALFWAY + name: array for name, array in saved.arrays.items()}
    pieces = pack_arrays(about, arrays)
    return replace_file(path, lambda file: file.writelines(pieces), follow_link=False)


def read_checkpoint(path: Path) -> Checkpoint:
    """What was written; raises OSError or Damaged."""
    with open_regular(path) as file:
        return checkpoint_in(file)


def checkpoint_in(file: IO[bytes]) -> Checkpoint:
    """What an open file holds; raises OSError or Damaged."""
    about, arrays = unpack_arrays(file)
    try:
        return _checkpoint(about, arrays)
    except CorruptArchive:
        raise
    except NONSENSE as error:
        raise CorruptArchive(
            f"its content makes no sense ({make_printable(str(error))[:_LONGEST]})"
        ) from None


def _checkpoint(about: Mapping[str, Any], arrays: Mapping[str, Array]) -> Checkpoint:
    recipe, edits = from_toml(about["recipe"]), tuple(map(edit_from_json, about["edits"]))
    epoch, made = _count(about["epoch"]), edits[: _count(about["made"])]
    if len(made) != about["made"] or not _could_be(epoch, made, edits):
        raise ValueError("its edits never led to its epoch")
    now = recipe
    for edit in made:
        now = edit.applied_to(now) if isinstance(edit, RecipeEdit) else now
    frame = Keyframe(
        epoch=epoch,
        edits=made,
        recipe=now,
        saved=_saved(arrays, _STATE, about["counts"]),
        history=_history(arrays, about["history"], epoch),
        seconds=_seconds(about["seconds"]),
    )
    return Checkpoint(
        name=make_printable(str(about["name"])[:_LONGEST_NAME]),
        recipe=recipe,
        preset=from_toml(about["preset"]),
        edits=edits,
        samples=str(about["samples"])[:_LONGEST_NAME],
        keyframe=frame,
        train_loss=_loss(about["train_loss"]),
        saved_at=min(_seconds(about["saved_at"]), time.time()),
        halfway=_halfway(about.get("halfway"), arrays),
        arithmetic=_count(about.get("arithmetic", _UNNUMBERED_ARITHMETIC)),
        file=source_file_of(about.get("file")),
    )


def _history(arrays: Mapping[str, Array], counts: Mapping[str, Any], epoch: int) -> LossHistory:
    history = read_history(_part(arrays, _HISTORY), counts)
    if "train_loss" not in history.names or history.curve().last.max(initial=0) > epoch:
        raise ValueError("a history of another run")
    return with_looks(history, arrays["looks"]) if "looks" in arrays else history


def _halfway(
    about: Mapping[str, Any] | None, arrays: Mapping[str, Array]
) -> PartialEpochState | None:
    if about is None:
        return None
    saved = _saved(arrays, _HALFWAY, about["counts"])
    return PartialEpochState(_count(about["updates"]), saved, arrays.get(_GRADIENT_SUM))


def _saved(arrays: Mapping[str, Array], prefix: str, counts: Mapping[str, Any]) -> StateSnapshot:
    part = _part(arrays, prefix)
    if not all(np.isfinite(part[name]).all() for name in ("parameters", "previous")):
        raise ValueError("its weights are not finite numbers")
    return StateSnapshot(part, {name: float(_count(counts[name])) for name in COUNTS})


def _count(value: object) -> int:
    """A whole number from 0 on, also where it is written as a float; raises ValueError."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST:
        raise ValueError("a count that is none")
    return value


def _seconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("a time that is none")
    if not 0 <= value <= _MOST_SECONDS:  # which nan is not either
        raise ValueError("a time that never was")
    return float(value)


def _loss(value: object) -> float:
    """A loss, nan where none is known."""
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isinf(value):
        raise ValueError("a loss that is none")
    return float(value)


def _could_be(epoch: int, made: Sequence[Edit], edits: Sequence[Edit]) -> bool:
    """Whether ``made`` are those of ``edits`` that were made up to ``epoch``."""
    epochs = [edit.epoch for edit in edits]
    before, after = epochs[: len(made)], epochs[len(made) :]
    return epochs == sorted(epochs) and max(before, default=0) <= epoch <= min(after, default=epoch)


def _part(arrays: Mapping[str, Array], prefix: str) -> dict[str, Array]:
    return {
        name.removeprefix(prefix): array
        for name, array in arrays.items()
        if name.startswith(prefix)
    }
