"""What is not as expected about an opened run is said on the screen, when it opens."""

import argparse

import numpy as np
import pytest

from nn_tui.commands.opened_session import open_session
from nn_tui.errors import InputError
from nn_tui.experiment import load_experiment
from nn_tui.files.model import description, model_of
from nn_tui.files.runs.autosave import Autosaver
from nn_tui.files.runs.run_folder import RunFolder
from nn_tui.files.runs.run_store import RunStore
from nn_tui.files.weights import write_weights
from nn_tui.training.trainer import Trainer
from nn_tui.tui.app import NnTui
from tests.files.runs.timelines import saved, timeline, train
from tests.tui.screen import opened, until

SIZES = [(160, 45), (80, 24), (40, 12)]


@pytest.fixture
def store(tmp_path):
    return RunStore(tmp_path / "runs")


@pytest.fixture
def damaged(store):
    """A run whose newest checkpoint is damaged."""
    line = timeline("blog-xor")
    train(line, 5)
    folder = saved(line, store)
    folder.release()
    (folder.path / "checkpoint-2").write_text("damage")
    return folder


def begins(store, *words, assignments=(), weights=None):
    state = str(store.path.parent)
    (experiment,) = words or (None,)
    return open_session(
        argparse.Namespace(experiment=experiment, set=assignments, weights=weights, state_dir=state)
    )


def on_screen(beginning):
    """What makes the program of ``opened`` begin like that."""
    note = "; ".join(beginning.notes)
    return lambda line: NnTui(
        beginning.timeline, beginning.saver, note=note, bad_note=beginning.bad
    )


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_a_damaged_checkpoint_is_said_when_the_program_starts(size, store, damaged, capsys):
    beginning = begins(store, damaged.id)
    assert capsys.readouterr() == ("", ""), "it was printed under the screen"
    async with opened("blog", size, made=on_screen(beginning)) as seen:
        assert seen.info.startswith("blog-xor continues at epoch 5; checkpoint-2 is damaged")
        if size[0] >= 80:
            assert "checkpoint-1 was opened" in seen.info
    beginning.saver.leave(beginning.timeline, in_order=True)


async def test_that_it_is_a_copy_is_said_when_the_program_starts(store):
    line = timeline("blog-xor")
    train(line, 5)
    folder = saved(line, store)
    beginning = begins(store, folder.id)
    async with opened("blog", made=on_screen(beginning)) as seen:
        assert "open in another window, so you work on a copy" in seen.info
    beginning.saver.leave(beginning.timeline, in_order=True)


async def test_what_an_experiment_has_to_say_is_said_when_the_program_starts(store):
    beginning = begins(store, "blog", assignments=["data.noise=0.5"])
    assert not beginning.bad
    async with opened("blog", made=on_screen(beginning)) as seen:
        assert "data.noise has no effect" in seen.info
        assert "space trains" in seen.info or "space runs" in seen.info


async def test_all_notes_on_a_run_that_is_opened_from_the_list_are_said(store, damaged):
    holder = RunFolder(damaged.path)
    assert holder.hold()
    async with opened("blog", store=store) as seen:
        seen.app.session.reopen(RunFolder(damaged.path))
        await seen.settled()
        assert "work on a copy" in seen.info and "checkpoint-2 is damaged" in seen.info
        assert seen.info.startswith("blog-xor continues at epoch 5")


async def test_what_a_file_system_cannot_do_is_said_once(store, monkeypatch):
    monkeypatch.setattr(RunFolder, "limitations", ("the file system has no locks here",))
    async with opened("blog", store=store) as seen:
        await seen.train(3)
        await until(lambda: "no locks here" in seen.info)
        seen.app.show_message("something else")
        await seen.train(3)
        seen.app.session.saver.leave(seen.app.session.timeline, in_order=True)
        await seen.train(1)
        assert "no locks here" not in seen.info


def test_an_experiment_opens_without_looking_at_saved_runs(store, monkeypatch):
    def looked(*_):
        raise AssertionError("saved runs were looked at")

    monkeypatch.setattr("nn_tui.files.runs.run_store._folders_in", looked)
    monkeypatch.setattr("nn_tui.files.runs.run_store._modification_times", looked)
    assert isinstance(begins(store, "spiral").saver, Autosaver)
    assert begins(store).timeline.run.name == "blog"


def test_weights_of_a_model_bring_its_scaling_and_are_saved_with_the_run(store, tmp_path):
    rows = [f"{i}.5,{i * i % 17}.25,{i * 3}.5" for i in range(60)]
    (tmp_path / "all.csv").write_text("\n".join(["a,b,y", *rows]))
    (tmp_path / "few.csv").write_text("\n".join(["a,b,y", *rows[:20]]))
    opened = load_experiment(str(tmp_path / "all.csv"))
    trainer = Trainer(opened.recipe, opened.dataset)
    trainer.run_epochs(3)
    model, path = trainer.snapshot(), tmp_path / "model.npz"
    write_weights(path, model.weights, description(model_of(model)))
    beginning = begins(store, str(tmp_path / "few.csv"), weights=path)
    assert "scaling are those of model.npz" in beginning.notes[0]
    line = beginning.timeline
    assert np.array_equal(line.snapshot().parameters, model.parameters)
    preparation = line.run.dataset.origin.preparation
    assert np.array_equal(preparation.shift, opened.dataset.origin.preparation.shift)
    train(line, 4)
    beginning.saver.leave(line, in_order=True)
    (folder,) = (entry.folder for entry in store.entries())
    again = begins(store, folder.id).timeline
    assert again.trainer.epoch == 4
    again.go_to(0)
    assert np.array_equal(again.snapshot().parameters, model.parameters)
    with pytest.raises(InputError, match="a saved run has its own"):
        begins(store, folder.id, weights=path)
