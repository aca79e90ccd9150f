"""A checkpoint is the moment it was made at, or it is refused."""

import hashlib
import json
from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.errors import InputError
from nn_tui.files.runs import edit_log as journal
from nn_tui.files.runs.array_archive import CorruptArchive, pack_arrays, unpack_arrays
from nn_tui.files.runs.checkpoint import checkpoint_in, checkpoint_of, write_checkpoint
from nn_tui.files.runs.run_store import RunStore
from tests.files.runs.timelines import (
    change,
    into_an_epoch,
    reopened,
    replayed,
    same,
    saved,
    timeline,
    train,
)

RECIPES = [
    ("blog-xor",),
    *[
        ("moons", f"training.optimizer={optimizer}", f"network.dtype={dtype}", *more)
        for optimizer in ("sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam")
        for dtype in ("float64", "float32")
        for more in [(), ("training.shuffle=false", "training.partial_batch=carry")]
    ],
    ("circle", "training.penalty=l1", "training.penalty_rate=0.03", "data.samples=37"),
    ("iris", "training.evaluate_every=3"),
]


@pytest.mark.parametrize("words", RECIPES, ids=" ".join)
def test_a_reopened_run_continues_bit_for_bit(words, tmp_path):
    whole = timeline(*words)
    train(whole, 7)
    change(whole, 0.01)
    train(whole, 9)
    line = timeline(*words)
    train(line, 7)
    change(line, 0.01)
    train(line, 4)
    again = reopened(saved(line, RunStore(tmp_path / "runs")))
    assert again.notes == ()
    same(again.timeline.trainer, line.trainer)
    train(again.timeline, 5)
    same(again.timeline.trainer, whole.trainer)


@pytest.mark.parametrize("words", RECIPES, ids=" ".join)
def test_a_run_saved_mid_epoch_continues_there_with_its_edits(words, tmp_path):
    line = timeline(*words)
    train(line, 3)
    change(line, 0.01)
    train(line, 4)
    into_an_epoch(line, 3 if words[0] == "moons" else 1)
    change(line, 0.25)
    again = reopened(saved(line, RunStore(tmp_path / "runs"))).timeline
    assert not again.trainer.at_rest
    assert again.trainer.snapshot().progress == line.trainer.snapshot().progress > 0
    same(again.trainer, line.trainer)
    for one in (line, again):
        train(one, 1)
        change(one, 0.02)
        train(one, 5)
    same(again.trainer, line.trainer)
    same(again.trainer, replayed(again.run, again.trainer.epoch))
    for _ in range(4):
        assert again.undo() == line.undo() != ""
        same(again.trainer, line.trainer)


def test_an_epoch_that_was_left_for_a_change_made_before_it_is_not_gone_on_with(tmp_path):
    """Killed after the journal was written and before the checkpoint was."""
    line = timeline("moons")
    train(line, 4)
    into_an_epoch(line, 3)
    folder = saved(line, RunStore(tmp_path / "runs"))
    before = line.run.edits
    line.go_to(4)
    change(line, 0.25)
    journal.append_edits(folder.path / "journal", journal.changes_between(before, line.run.edits))
    again = reopened(folder).timeline
    assert again.trainer.at_rest
    same(again.trainer, line.trainer)


def test_more_updates_than_an_epoch_has_are_refused(tmp_path):
    line = timeline("moons")
    into_an_epoch(line, 3)
    folder = saved(line, RunStore(tmp_path / "runs"))
    made = checkpoint_of(line)
    wrong = replace(made, halfway=replace(made.halfway, updates=10**6))
    write_checkpoint(folder.path / "checkpoint-2", wrong)
    folder.release()
    with pytest.raises(InputError, match="its epoch does not have 1000000 updates"):
        reopened(folder)


def test_a_run_saved_at_an_earlier_epoch_replays_its_later_edits(tmp_path):
    line = timeline()
    train(line, 20)
    change(line)
    train(line, 20)
    line.go_to(10)
    again = reopened(saved(line, RunStore(tmp_path / "runs"))).timeline
    assert again.trainer.epoch == 10
    line.go_to(40)
    train(again, 30)
    same(again.trainer, line.trainer)


def test_edits_can_be_undone_after_reopening(tmp_path):
    line = timeline()
    train(line, 20)
    change(line)
    train(line, 20)
    again = reopened(saved(line, RunStore(tmp_path / "runs"))).timeline
    line.undo()
    assert again.undo().startswith("W0[0,1] 0.5 → ")
    same(again.trainer, line.trainer)
    again.undo()
    assert again.undo() == ""
    again.redo()
    again.redo()
    assert again.trainer.epoch == 40


def test_flipped_bits_and_truncated_files_are_refused(tmp_path):
    line = timeline("blog", "network.hidden=1")
    train(line, 2)
    path = tmp_path / "checkpoint-1"
    write_checkpoint(path, checkpoint_of(line))
    content = path.read_bytes()
    checkpoint_in(BytesIO(content))
    broken = bytearray(content)
    for bit in range(8 * len(content)):
        broken[bit // 8] ^= 1 << bit % 8
        with pytest.raises(CorruptArchive):
            checkpoint_in(BytesIO(broken))
        broken[bit // 8] ^= 1 << bit % 8
    for size in range(len(content)):
        with pytest.raises(CorruptArchive):
            checkpoint_in(BytesIO(content[:size]))


@given(content=st.binary(max_size=300))
def test_random_bytes_are_refused(content):
    with pytest.raises(CorruptArchive):
        checkpoint_in(BytesIO(content))


def lying(about, arrays):
    """A file whose digest is right and whose list of arrays is not what it should be."""
    head = pack_arrays({}, {})[0].split(b" ")[0]
    text = json.dumps({**about, "arrays": arrays}).encode() + b"\n"
    digest = hashlib.sha256(text).hexdigest().encode()
    return BytesIO(b"%s %d %s\n%s" % (head, len(text), digest, text))


@pytest.mark.parametrize(
    "arrays",
    [
        [["x", "float64", [10**9]]],
        [["x", "float64", [10**12, 10**12]]],
        [["x", "float64", [-1]]],
        [["x", "object", [1]]],
        [["x", "float64", 3]],
        [["x", "float64", [0]], ["x", "float64", [0]]],
        ["x"],
        {"x": 1},
        None,
        [["x", "float64", [True]]],
    ],
    ids=str,
)
def test_an_invalid_list_of_arrays_is_refused_before_allocation(arrays):
    with pytest.raises(CorruptArchive):
        unpack_arrays(lying({}, arrays))


@pytest.mark.parametrize(
    "about",
    [
        {},
        {"name": 3, "recipe": "no toml ]["},
        {"name": "x", "recipe": "", "edits": [{"epoch": -1}]},
        {"name": "x", "recipe": "", "edits": [{"epoch": 1, "recipe": {"training.epochs": "x"}}]},
        {"name": "x", "recipe": "", "edits": [{"epoch": 1, "parameter": "W0", "index": "no"}]},
        {"name": "x", "recipe": "[data]\nsource = 3", "edits": []},
    ],
    ids=str,
)
def test_invalid_json_is_refused(about):
    with pytest.raises(CorruptArchive):
        checkpoint_in(lying(about, []))


def test_arrays_round_trip():
    arrays = {
        "a": np.arange(6.0).reshape(2, 3),
        "b": np.float32([np.nan, np.inf, -0.0]),
        "c": np.empty((0, 6)),
        "d": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    }
    about, read = unpack_arrays(BytesIO(b"".join(pack_arrays({"x": [1, "é"]}, arrays))))
    assert about == {"x": [1, "é"]}
    for name, array in arrays.items():
        assert read[name].dtype == array.dtype
        np.testing.assert_array_equal(read[name], array)
