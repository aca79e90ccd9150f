"""A run as it stood at a moment, whole, in one file."""

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from nn_tui.fileio import replace_file
from nn_tui.files.runs.array_archive import Array, Damaged, packed, unpack
from nn_tui.files.runs.edit_text import as_json, edit_of
from nn_tui.nn.activations import ARITHMETIC
from nn_tui.nn.state import COUNTS, Saved
from nn_tui.recipe.parsing import from_toml, to_toml
from nn_tui.recipe.recipe import Recipe
from nn_tui.text import printable
from nn_tui.training.edits import Edit, RecipeEdit
from nn_tui.training.history import History
from nn_tui.training.keyframe import Halfway, Keyframe
from nn_tui.training.timeline import Timeline

_STATE, _HISTORY, _HALFWAY = "state.", "history.", "halfway."
_LONGEST_NAME = 255
_UNNUMBERED_ARITHMETIC = 1
"""That of checkpoints from before they carried the version."""


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """``recipe`` is the one at epoch 0, ``edits`` all of the run, also those still ahead.

    ``samples`` is the digest of the samples at epoch 0, ``looks`` (looks, 5 + layers),
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
    looks: Array
    train_loss: float
    saved_at: float
    halfway: Halfway | None = None
    arithmetic: int = ARITHMETIC

    @property
    def epoch(self) -> int:
        return self.keyframe.epoch


def checkpoint_of(timeline: Timeline) -> Checkpoint:
    """The moment at which a timeline stands, in copies; it must be ``whole``."""
    run, frame = timeline.run, timeline.trainer.keyframe()
    losses = frame.history.curve().train_high
    return Checkpoint(
        name=run.name,
        recipe=run.recipe,
        preset=run.preset or run.recipe,
        edits=run.edits,
        samples=run.dataset.digest,
        keyframe=frame,
        looks=timeline.strand.looks.rows.copy(),
        train_loss=float(losses[-1]) if len(losses) else math.nan,
        saved_at=time.time(),
        halfway=timeline.trainer.halfway,
    )


def write_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Whole or not at all, down to the disk; raises InputError."""
    frame = checkpoint.keyframe
    history, counts = frame.history.pack()
    about = {
        "name": checkpoint.name,
        "recipe": to_toml(checkpoint.recipe),
        "preset": to_toml(checkpoint.preset),
        "edits": [as_json(edit) for edit in checkpoint.edits],
        "made": len(frame.edits),
        "samples": checkpoint.samples,
        "epoch": frame.epoch,
        "seconds": frame.seconds,
        "counts": frame.saved.counts,
        "history": counts,
        "train_loss": checkpoint.train_loss,
        "saved_at": checkpoint.saved_at,
        "arithmetic": checkpoint.arithmetic,
    }
    arrays = {
        **{_STATE + name: array for name, array in frame.saved.arrays.items()},
        **{_HISTORY + name: array for name, array in history.items()},
        "looks": checkpoint.looks,
    }
    if checkpoint.halfway is not None:
        saved = checkpoint.halfway.saved
        about["halfway"] = {"updates": checkpoint.halfway.updates, "counts": saved.counts}
        arrays |= {_HALFWAY + name: array for name, array in saved.arrays.items()}
    pieces = packed(about, arrays)
    replace_file(path, lambda file: file.writelines(pieces))


def read_checkpoint(path: Path) -> Checkpoint:
    """What was written; raises OSError or Damaged."""
    with open(path, "rb") as file:
        return checkpoint_in(file)


def checkpoint_in(file: IO[bytes]) -> Checkpoint:
    """What an open file holds; raises OSError or Damaged."""
    about, arrays = unpack(file)
    try:
        return _checkpoint(about, arrays)
    except Damaged:
        raise
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise Damaged(f"its content makes no sense ({error})") from None


def _checkpoint(about: Mapping[str, Any], arrays: Mapping[str, Array]) -> Checkpoint:
    recipe, edits = from_toml(about["recipe"]), tuple(map(edit_of, about["edits"]))
    epoch, made = int(about["epoch"]), edits[: int(about["made"])]
    if epoch < 0 or not _could_be(epoch, made, edits):
        raise ValueError("its edits never led to its epoch")
    now = recipe
    for edit in made:
        now = edit.applied_to(now) if isinstance(edit, RecipeEdit) else now
    frame = Keyframe(
        epoch=epoch,
        edits=made,
        recipe=now,
        saved=_saved(arrays, _STATE, about["counts"]),
        history=History.unpacked(_part(arrays, _HISTORY), about["history"]),
        seconds=float(about["seconds"]),
    )
    return Checkpoint(
        name=printable(str(about["name"])[:_LONGEST_NAME]),
        recipe=recipe,
        preset=from_toml(about["preset"]),
        edits=edits,
        samples=str(about["samples"]),
        keyframe=frame,
        looks=arrays["looks"],
        train_loss=float(about["train_loss"]),
        saved_at=min(float(about["saved_at"]), time.time()),
        halfway=_halfway(about.get("halfway"), arrays),
        arithmetic=int(about.get("arithmetic", _UNNUMBERED_ARITHMETIC)),
    )


def _halfway(about: Mapping[str, Any] | None, arrays: Mapping[str, Array]) -> Halfway | None:
    if about is None:
        return None
    return Halfway(int(about["updates"]), _saved(arrays, _HALFWAY, about["counts"]))


def _saved(arrays: Mapping[str, Array], prefix: str, counts: Mapping[str, Any]) -> Saved:
    return Saved(_part(arrays, prefix), {name: float(counts[name]) for name in COUNTS})


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
