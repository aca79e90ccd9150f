"""When saving or training fails: it is told for as long as it is so, and one can go on."""

import errno

import numpy as np
import pytest

from nn_tui.errors import InputError
from nn_tui.files.runs import autosave as saver_module
from nn_tui.files.runs.autosave import Autosaver
from nn_tui.files.runs.run_store import NoRunStore, RunStore
from nn_tui.training.trainer import Trainer
from nn_tui.tui.app import NnTui
from nn_tui.tui.screens.help import HelpScreen
from nn_tui.tui.session import session as session_module
from nn_tui.tui.session import worker as worker_module
from nn_tui.tui.widgets.message_lines import Banner
from tests.tui.screen import opened, until

SIZES = [(160, 45), (120, 36), (80, 24)]


@pytest.fixture
def store(tmp_path):
    return RunStore(tmp_path / "runs")


def keeping(store):
    return lambda line: NnTui(line, Autosaver(store, line.run))


def banner(seen):
    line = seen.app.query_one(Banner)
    return " ".join("".join(strip.text.strip() + " " for strip in line.draw(1000, 3)).split())


async def same_picture(seen):
    """What is seen is what would be if everything were sent anew."""
    await seen.pilot.pause(0.1)  # panes that got another height tell so in their borders
    assert seen.cells() == seen.painted_anew()


# Saving


class Disk:
    """Refuses to take a run's checkpoints while it is ``full``."""

    def __init__(self, monkeypatch, number=errno.ENOSPC):
        self.full, self.number = True, number
        real = saver_module.RunFolder.save

        def save(folder, checkpoint):
            if self.full:
                refusal = OSError(self.number, "No space left on device")
                raise InputError("cannot write") from refusal
            real(folder, checkpoint)

        monkeypatch.setattr(saver_module.RunFolder, "save", save)


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_a_full_disk_is_told_until_there_is_room_and_training_goes_on(
    size, store, monkeypatch
):
    monkeypatch.setattr(worker_module, "_RETRY_SECONDS", 0.02)
    disk = Disk(monkeypatch)
    async with opened("blog", size, made=keeping(store)) as seen:
        assert not seen.app.query_one(Banner).display
        await seen.train(3)
        await until(lambda: seen.app.query_one(Banner).display)
        assert "not saved: No space left on device in" in banner(seen)
        assert "free disk space" in banner(seen)
        await seen.train(4)
        assert seen.app.snapshot.epoch == 7
        await same_picture(seen)
        assert "not saved: No space left on device" in seen.text
        assert store.entries() == []
        disk.full = False
        await until(lambda: not seen.app.query_one(Banner).display)
        await seen.pilot.pause()
        assert "not saved" not in seen.text
        await same_picture(seen)
    assert store.entries()[0].checkpoint.epoch == 7


async def test_a_failure_that_comes_when_nothing_runs_any_more_is_told_too(store, monkeypatch):
    disk = Disk(monkeypatch)
    async with opened("blog", made=keeping(store)) as seen:
        disk.full = False
        await seen.train(3)
        await until(lambda: store.entries())
        disk.full = True
        seen.app.session.saver.save_if_due(seen.app.session.timeline, at_once=True)
        await seen.train(1)
        await until(lambda: seen.app.query_one(Banner).display)


async def test_without_a_home_it_trains_and_says_that_nothing_is_saved():
    store = NoRunStore("there is no home folder; set HOME")
    async with opened("blog", made=keeping(store)) as seen:
        await seen.train(3)
        await until(lambda: seen.app.query_one(Banner).display)
        assert banner(seen).startswith("not saved: there is no home folder")
        assert seen.app.save_and_report().startswith("not saved: there is no home folder")


async def test_a_small_window_has_room_for_the_numbers_first(store, monkeypatch):
    Disk(monkeypatch)
    async with opened("blog", made=keeping(store)) as seen:
        await seen.train(3)
        await until(lambda: seen.app.query_one(Banner).display)
        await seen.resize(18, 4)
        assert not seen.app.query_one(Banner).display
        await seen.resize(70, 24)
        assert seen.app.query_one(Banner).display
        assert seen.app.query_one(Banner).region.height > 1
        await same_picture(seen)


# Training


class Broken:
    """Makes training fail inside, in the middle of an epoch's arithmetic, at an epoch."""

    def __init__(self, monkeypatch, at):
        self.at = at
        real = Trainer.run_for

        def run_for(trainer, *words):
            real(trainer, *words)
            if self.at is not None and trainer.epoch >= self.at:
                trainer.runner.loop.state.parameters[0] = 1e9
                raise ZeroDivisionError("made to fail")

        monkeypatch.setattr(Trainer, "run_for", run_for)


def reporting(store, reports):
    def report(error):
        reports.append(error)
        return "/somewhere/nn-tui-crash-1.txt"

    return lambda line: NnTui(line, Autosaver(store, line.run), report=report)


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_training_that_fails_is_told_and_space_goes_on_from_what_was_whole(
    size, store, monkeypatch
):
    reports = []
    broken = Broken(monkeypatch, None)
    async with opened("blog", size, made=reporting(store, reports)) as seen:
        await seen.train(20)
        seen.app.session.set_parameter("W0", (0, 0), "0.5")
        await seen.settled()
        shown = seen.app.snapshot
        broken.at = 21
        await seen.press("s")
        await until(lambda: seen.app.query_one(Banner).display)
        await seen.pilot.pause()
        (error,) = reports
        assert "made to fail" in str(error) and "action train" in error.__notes__[0]
        assert "/somewhere/nn-tui-crash-1.txt" in banner(seen)
        assert "internal error, ZeroDivisionError: training stopped; space" in seen.text
        assert seen.app.snapshot is shown
        await same_picture(seen)
        await seen.press("R")
        assert "first restart it with space" in seen.info
        await seen.press("question_mark")
        assert isinstance(seen.app.screen, HelpScreen)
        await seen.press("escape")
        broken.at = None
        await seen.press("space")
        await until(lambda: not seen.app.query_one(Banner).display)
        await seen.settled()
        assert seen.app.snapshot.epoch == 20
        np.testing.assert_array_equal(seen.app.snapshot.parameters, shown.parameters)
        await seen.press("s")
        assert seen.app.snapshot.epoch == 21
        await seen.press("u")
        assert seen.app.snapshot.edits == ()


async def test_what_broke_off_is_never_saved(store, monkeypatch):
    broken = Broken(monkeypatch, None)
    async with opened("blog", made=reporting(store, [])) as seen:
        await seen.train(20)
        await until(lambda: store.entries())
        broken.at = 30
        await seen.press("S")
        await until(lambda: seen.app.query_one(Banner).display)
        assert "is saved at epoch 20; nn-tui" in seen.app.save_and_report()
    (entry,) = store.entries()
    assert entry.checkpoint.epoch == 20
    assert np.abs(entry.checkpoint.keyframe.saved.arrays["parameters"]).max() < 1e3


async def test_a_failure_that_comes_again_is_told_again(store, monkeypatch):
    reports = []
    Broken(monkeypatch, 3)
    async with opened("blog", made=reporting(store, reports)) as seen:
        for count in (1, 2):
            await seen.press("S")
            await until(lambda count=count: len(reports) == count)
            await until(lambda: seen.app.query_one(Banner).display)
            await seen.press("space")
            await seen.settled()
            assert not seen.app.session.failed
            assert seen.app.snapshot.epoch == 0


async def test_too_little_memory_in_the_middle_of_training_is_such_a_failure(store, monkeypatch):
    reports = []
    async with opened("blog", made=reporting(store, reports)) as seen:
        await seen.train(2)

        def run_for(*_):
            raise MemoryError

        with monkeypatch.context() as patch:
            patch.setattr(Trainer, "run_for", run_for)
            await seen.press("s")
            await until(lambda: reports)
        await seen.press("space")
        await seen.press("s")
        assert seen.app.snapshot.epoch >= 1


async def test_any_other_failure_of_the_worker_keeps_the_moment_itself(store, monkeypatch):
    reports = []
    async with opened("blog", made=reporting(store, reports)) as seen:
        await seen.train(7)
        with monkeypatch.context() as patch:
            patch.setattr(session_module, "summarize_run", lambda _: 1 / 0)
            await seen.press("p")
            await until(lambda: reports)
        await seen.press("space")
        await seen.settled()
        assert seen.app.snapshot.epoch == 7
