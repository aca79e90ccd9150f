"""Killed at any moment, the run can be opened again, at a moment that was really there."""

import builtins
import os
import subprocess
import sys
from contextlib import suppress

import pytest

from nn_tui.errors import InputError
from nn_tui.files.runs.checkpoint import checkpoint_of
from nn_tui.files.runs.checkpoint_files import KEPT
from nn_tui.files.runs.run_folder import RunFolder
from nn_tui.files.runs.run_store import RunStore
from tests.conftest import ROOT
from tests.files.runs.timelines import change, reopened, same, saved, timeline, train


def test_kills_at_random_moments(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "tests.files.runs.killed", str(tmp_path), "80"],
        cwd=ROOT,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("80 kills")


class Killed(BaseException):
    """The process is gone."""


class Cut:
    """A file whose ``at``-th write, and all that comes after, never happens."""

    def __init__(self, file, shim):
        self._file, self._shim = file, shim

    def __getattr__(self, name):
        return getattr(self._file, name)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._file.close()

    def write(self, data):
        if self._shim.dies():
            self._file.write(data[: len(data) // 2])
            self._file.flush()
            raise Killed
        return self._file.write(data)

    def writelines(self, pieces):
        for piece in pieces:
            self.write(piece)


class Shim:
    """Counts everything that a save does to the disk, and dies before the ``at``-th."""

    NAMES = ("fsync", "replace", "write", "unlink", "ftruncate", "mkdir")

    def __init__(self, monkeypatch, at):
        self.count, self.at = 0, at
        for name in self.NAMES:
            monkeypatch.setattr(os, name, self._guarded(getattr(os, name)))
        real = builtins.open

        def opened(file, mode="r", *rest, **more):
            made = real(file, mode, *rest, **more)
            return Cut(made, self) if "w" in mode else made

        monkeypatch.setattr(builtins, "open", opened)

    def _guarded(self, real):
        def call(*words, **more):
            if self.dies():
                raise Killed
            return real(*words, **more)

        return call

    def dies(self):
        self.count += 1
        return self.count >= self.at if self.at else False


def prepared(tmp_path, name):
    """A run that was saved before and has gone on, with edits, since."""
    line = timeline()
    folder = RunFolder(RunStore(tmp_path / name).path / "run")
    for _ in range(KEPT):
        train(line, 3)
        change(line)
        saved(line, None, folder)
    before = reopened(folder)
    folder.release()
    train(line, 4)
    change(line, 0.25)
    line.undo()
    change(line, 0.125)
    return line, folder, before.timeline


def steps_of_a_save(tmp_path):
    line, folder, _ = prepared(tmp_path, "count")
    with pytest.MonkeyPatch.context() as patch:
        shim = Shim(patch, 0)
        folder.save(checkpoint_of(line))
    return shim.count


def test_a_kill_at_any_step_of_a_save_leaves_the_old_or_the_new_state(tmp_path):
    count = steps_of_a_save(tmp_path)
    assert count > 10
    outcomes = set()
    for at in range(1, count + 1):
        line, folder, before = prepared(tmp_path, str(at))
        with pytest.MonkeyPatch.context() as patch:
            Shim(patch, at)
            with suppress(Killed):
                folder.save(checkpoint_of(line))
        again = reopened(RunFolder(folder.path))
        epoch = again.timeline.trainer.epoch
        outcomes.add(epoch)
        if epoch == line.trainer.epoch:
            same(again.timeline.trainer, line.trainer)
        else:
            assert epoch == before.trainer.epoch
            before.go_to(epoch)
            same(again.timeline.trainer, before.trainer)
        again.folder.save(checkpoint_of(again.timeline))
        again.folder.release()
        third = reopened(RunFolder(folder.path))
        same(third.timeline.trainer, again.timeline.trainer)
        third.folder.release()
    assert len(outcomes) == 2


def test_a_failed_write_leaves_the_old_state_and_is_reported(tmp_path, monkeypatch):
    line, folder, before = prepared(tmp_path, "full")

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(InputError, match="No space left on device"):
            folder.save(checkpoint_of(line))
    again = reopened(RunFolder(folder.path))
    assert again.timeline.trainer.epoch == before.trainer.epoch
    again.folder.release()
    folder.save(checkpoint_of(line))
    same(reopened(RunFolder(folder.path)).timeline.trainer, line.trainer)
