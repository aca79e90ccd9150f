"""The cost of thousands of edits grows linearly with their number."""

import sys
from pathlib import Path

import pytest

from nn_tui.files.runs.checkpoint import checkpoint_of
from nn_tui.files.runs.run_store import RunStore
from nn_tui.runs import reopen_run
from nn_tui.training.edit_effects import samples_after
from nn_tui.training.edits import DatumEdit, ParameterEdit, RecipeEdit
from tests.files.runs.timelines import timeline

KINDS = {
    "recipe": lambda epoch, i: RecipeEdit(epoch, (("training.learning_rate", 0.1 + i % 7),)),
    "weight": lambda epoch, i: ParameterEdit(epoch, "W0", (i % 3, i % 4), 0.1 * (i % 9)),
    "datum": lambda epoch, i: DatumEdit(epoch, i % 4, i % 3, 0.1 * (i % 9)),
}


def calls(work):
    """How many functions ``work`` calls."""
    count = 0

    def seen(frame, event, argument):
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(seen)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def with_edits(kind, many):
    line = timeline("blog")
    for i in range(many):
        if i % 4 == 0:
            line.run_for(60, line.trainer.epoch + 1)
        line.edit(lambda epoch, i=i: KINDS[kind](epoch, i))
    return line


@pytest.mark.parametrize("kind", KINDS)
def test_making_edits_is_linear(kind):
    few, many = (calls(lambda n=n: with_edits(kind, n)) for n in (60, 240))
    assert many < 6 * few


@pytest.mark.parametrize("kind", KINDS)
def test_reopening_is_linear(kind, tmp_path):
    counts = []
    for many in (200, 800):
        line = with_edits(kind, many)
        store = RunStore(tmp_path / str(many))
        folder = store.new("mine")
        folder.create(None)
        folder.save(checkpoint_of(line))
        folder.release()
        counts.append(calls(lambda s=store, f=folder: reopen_run(f, s).folder.release()))
        assert reopen_run(folder, store).timeline.run.edits == line.run.edits
        folder.release()
    assert counts[1] < 5 * counts[0]


def test_undo_reaches_as_far_back_after_reopening_as_before(tmp_path):
    line = with_edits("weight", 250)
    store = RunStore(Path(tmp_path))
    folder = store.new("mine")
    folder.create(None)
    folder.save(checkpoint_of(line))
    folder.release()
    again = reopen_run(folder, store).timeline
    depth = 0
    while again.undo():
        depth += 1
    assert depth == 200 and len(again.run.edits) == 50


def test_cells_changed_together_are_as_changed_one_by_one():
    line = with_edits("datum", 30)
    together = samples_after(timeline("blog").run.dataset, line.run.edits)
    assert (together.inputs == line.trainer.dataset.inputs).all()
    assert (together.targets == line.trainer.dataset.targets).all()
