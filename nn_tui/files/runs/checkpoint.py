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
from nn_tui.files.runs.checkpoint_state import (
    count_of,
    loss_of,
    pack_state,
    part_of,
    seconds_of,
    unpack_state,
)
from nn_tui.files.runs.edit_log import edit_from_json, edit_to_json
from nn_tui.files.runs.safe_open import open_regular
from nn_tui.files.runs.source_file import SourceFile, source_file_from_json
from nn_tui.nn.activations import ARITHMETIC
from nn_tui.recipe.parsing import from_toml, to_toml
from nn_tui.recipe.recipe import Recipe
from nn_tui.recipe.replicas import replica_recipe, replica_seeds
from nn_tui.text import make_printable
from nn_tui.training.edits import Edit
from nn_tui.training.keyframe import Keyframe, PartialEpochState
from nn_tui.training.replica_group import ReplicaState
from nn_tui.training.timeline import Timeline
from nn_tui.types import Array

_LONGEST_NAME = 255
_UNNUMBERED_ARITHMETIC = 1
"""The version of checkpoints written before it was recorded."""
_LONGEST = 300
_REPLICA = "replica.{}."
"""What the names of the arrays of a replica after the first begin with."""


_START = "start"


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
    others: tuple[ReplicaState, ...] = ()
    """The states of the replicas after the first, whose state is ``keyframe``."""
    shown: int = 0
    start: Array | None = None
    """Initial parameters (parameter_count,) other than the recipe's."""
    """The index of the replica shown."""

    @property
    def epoch(self) -> int:
        return self.keyframe.epoch

    @property
    def replicas(self) -> tuple[ReplicaState, ...]:
        """The states of all replicas; empty if there is only one."""
        first = ReplicaState(self.keyframe, self.halfway)
        return (first, *self.others) if self.others else ()


def checkpoint_of(timeline: Timeline, file: SourceFile | None = None) -> Checkpoint:
    """A checkpoint with copies of the current state of a timeline, which must be ``whole``.

    ``file`` is the file that the data was read from.
    """
    run, group = timeline.run, timeline.group
    if group is None:
        states = [ReplicaState(timeline.trainer.keyframe(), timeline.trainer.partial_epoch)]
    else:
        states = group.states()
    frame, halfway = states[0]
    assert frame is not None
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
        halfway=halfway,
        file=file,
        others=tuple(states[1:]),
        shown=0 if group is None else group.shown,
        start=run.start,
    )


def write_checkpoint(path: Path, checkpoint: Checkpoint) -> bool:
    """Write a checkpoint atomically; returns and raises as ``replace_file``."""
    state, arrays = pack_state(checkpoint.keyframe, checkpoint.halfway)
    fields = {
        **state,
        "name": checkpoint.name,
        "recipe": to_toml(checkpoint.recipe),
        "preset": to_toml(checkpoint.preset),
        "edits": [edit_to_json(edit) for edit in checkpoint.edits],
        "samples": checkpoint.samples,
        "train_loss": checkpoint.train_loss,
        "saved_at": checkpoint.saved_at,
        "arithmetic": checkpoint.arithmetic,
        "file": checkpoint.file and checkpoint.file.as_json(),
    }
    if checkpoint.others:
        packed = [pack_state(*other) for other in checkpoint.others]
        fields |= {"replicas": [state for state, _ in packed], "shown": checkpoint.shown}
        for number, (_, own) in enumerate(packed):
            arrays |= {_REPLICA.format(number) + name: array for name, array in own.items()}
    if checkpoint.start is not None:
        arrays[_START] = checkpoint.start
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
    others, shown = _others(fields, arrays, recipe, edits)
    own = replica_recipe(recipe, replica_seeds(recipe)[0]) if others else recipe
    frame, halfway = unpack_state(fields, arrays, own, edits)
    return Checkpoint(
        name=make_printable(str(fields["name"])[:_LONGEST_NAME]),
        recipe=recipe,
        preset=from_toml(fields["preset"]),
        edits=edits,
        samples=str(fields["samples"])[:_LONGEST_NAME],
        keyframe=frame,
        train_loss=loss_of(fields["train_loss"]),
        saved_at=min(seconds_of(fields["saved_at"]), time.time()),
        halfway=halfway,
        arithmetic=count_of(fields.get("arithmetic", _UNNUMBERED_ARITHMETIC)),
        file=source_file_from_json(fields.get("file")),
        others=others,
        shown=shown,
        start=_start(arrays.get(_START)),
    )


def _start(parameters: Array | None) -> Array | None:
    if parameters is not None and not (parameters.ndim == 1 and np.isfinite(parameters).all()):
        raise ValueError("initial weights are not finite")
    return parameters


def _others(
    fields: Mapping[str, Any], arrays: Mapping[str, Array], recipe: Recipe, edits: Sequence[Edit]
) -> tuple[tuple[ReplicaState, ...], int]:
    """The states of the replicas after the first, and the index of the one shown."""
    count = recipe.training.replicas
    states = fields.get("replicas", ())
    if count == 1 and not states:
        return (), 0
    shown = count_of(fields["shown"])
    if len(states) != count - 1 or shown >= count:
        raise ValueError("the number of replicas is inconsistent")
    seeds = replica_seeds(recipe)[1:]
    return tuple(
        ReplicaState(
            *unpack_state(
                state,
                part_of(arrays, _REPLICA.format(number)),
                replica_recipe(recipe, seed),
                edits,
            )
        )
        for number, (state, seed) in enumerate(zip(states, seeds, strict=True))
    ), shown
