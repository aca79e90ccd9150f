"""Benchmarks of autosave: its cost, and the age of the last checkpoint after a kill."""

import pytest

from nn_tui.bench import autosave
from nn_tui.bench.pty_app import PtyApp
from nn_tui.bench.timing import RaceResult
from nn_tui.files.runs.autosave import Autosaver
from nn_tui.files.runs.run_store import RunStore
from nn_tui.training.run import Run


def test_only_our_side_of_the_race_saves(monkeypatch):
    seen = []

    def race(contest):
        for _ in range(3):
            contest.ours()
            contest.peer()
        seen.append((contest.amount, contest.peer_amount))
        return RaceResult(1.0, 1.0, 1.0, 1.0, 1.0)

    leave = Autosaver.leave

    def recorded_leave(saver, timeline, in_order):
        leave(saver, timeline, in_order)
        seen.append([entry.checkpoint.epoch for entry in RunStore(saver.store.path).entries()])

    monkeypatch.setattr(autosave, "race", race)
    monkeypatch.setattr(Autosaver, "leave", recorded_leave)
    opened = autosave.experiment.load_experiment("blog-xor")
    autosave._race(Run(opened.name, opened.recipe, opened.dataset), 300)
    assert seen == [(300, 300), [900]]


def test_the_images_fit_their_recipe():
    run = Run("pictures", autosave.PICTURES, autosave._pictures())
    trainer = autosave.Timeline(run).trainer
    assert trainer.network.sizes == (784, 256, 128, 10)
    assert trainer.snapshot().train_loss == pytest.approx(2.3, abs=0.5)


def test_an_incomplete_record_at_the_end_of_the_log_is_ignored(tmp_path):
    log = tmp_path / "log"
    records = [(1.5, (3, 0)), (2.0, (70, 4))]
    packed = (autosave._RECORD.pack(at, *position) for at, position in records)
    log.write_bytes(b"".join(packed) + b"half")
    assert list(autosave.read_log(log)) == records


def test_without_any_checkpoint_all_training_is_lost(monkeypatch):
    """The kill comes at least half a second after training began."""
    monkeypatch.setattr(RunStore, "entries", lambda store: [])
    assert autosave._age_after_kill(autosave._RUNS[0], 0.5) >= 0.5


@pytest.mark.parametrize("run", autosave._RUNS, ids=["small", "wide", "long"])
def test_the_age_is_the_time_since_the_position_of_the_last_checkpoint(run, monkeypatch):
    """The kill comes after a second checkpoint, whenever that is written."""
    kept, logs, killed = [], [], []

    def last_position(app):
        (entry,) = RunStore(app.state_dir / "runs").entries()
        return autosave._position_of(entry.checkpoint)

    def read_until_second_checkpoint(app, seconds):
        app.wait_for(lambda screen: RunStore(app.state_dir / "runs").entries())
        first = last_position(app)
        app.wait_for(lambda screen: last_position(app) > first)

    def kill(app):
        killed.append(real_kill(app))
        kept.append(last_position(app))
        return killed[0]

    def read(log):
        logs.append(list(real_read(log)))
        return logs[-1]

    real_kill, real_read = PtyApp.kill, autosave.read_log
    monkeypatch.setattr(PtyApp, "read_for", read_until_second_checkpoint)
    monkeypatch.setattr(PtyApp, "kill", kill)
    monkeypatch.setattr(autosave, "read_log", read)
    age = autosave._age_after_kill(run, 0)
    reached = next(at for at, position in logs[-1] if position == kept[0])
    assert killed[0] - age == pytest.approx(reached)
    assert killed[0] - age > logs[-1][0][0]


def test_the_result_is_the_largest_age_over_all_kinds_of_runs(monkeypatch):
    ages = iter([0.25, 0.75, 0.5])
    killed = []

    def age(run, seconds):
        killed.append(run)
        return next(ages)

    monkeypatch.setattr(autosave, "KILLS", 3)
    monkeypatch.setattr(autosave, "_age_after_kill", age)
    result = autosave.age_after_kill()
    assert (result.ratio, result.lowest, result.ours) == (0.75, 0.25, 0.75)
    assert set(killed) == set(autosave._RUNS)
