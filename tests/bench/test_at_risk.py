"""What the measure of the age of a saved state says is what was lost."""

import pytest

from nn_tui.bench import autosave as at_risk
from nn_tui.bench import autosave as logged
from nn_tui.bench.pty_app import PtyApp
from nn_tui.files.runs.run_store import RunStore


def test_the_log_tells_what_was_reached_when_and_half_a_record_does_not_hurt(tmp_path):
    log = tmp_path / "log"
    records = [(1.5, (3, 0)), (2.0, (70, 4))]
    packed = (logged._RECORD.pack(at, *place) for at, place in records)
    log.write_bytes(b"".join(packed) + b"half")
    assert list(logged.read_log(log)) == records


def test_a_program_whose_states_are_never_kept_has_lost_everything(monkeypatch):
    """Killed half a second or more after training began, and no more kept than that."""
    monkeypatch.setattr("nn_tui.bench.autosave.Shelf.entries", lambda shelf: [])
    assert at_risk._left_by_a_kill(at_risk._RUNS[0], 0.5) >= 0.5


@pytest.mark.parametrize("run", at_risk._RUNS, ids=["small", "wide", "long"])
def test_what_was_lost_is_what_came_after_the_state_that_is_kept(run, monkeypatch):
    """Killed once a later state than the first is kept, whenever that is."""
    kept, logs, killed = [], [], []

    def until_more_is_kept(shown, seconds):
        shelf = RunStore(shown.state_dir / "runs")
        shown.wait_for(lambda eye: shelf.entries())
        first = at_risk._place(shelf.entries()[0].checkpoint)
        shown.wait_for(lambda eye: at_risk._place(shelf.entries()[0].checkpoint) > first)

    def kill(shown):
        killed.append(real_kill(shown))
        kept.append(at_risk._place(RunStore(shown.state_dir / "runs").entries()[0].checkpoint))
        return killed[0]

    def read(log):
        logs.append(list(real_read(log)))
        return logs[-1]

    real_kill, real_read = PtyApp.kill, logged.read_log
    monkeypatch.setattr(PtyApp, "read_for", until_more_is_kept)
    monkeypatch.setattr(PtyApp, "kill", kill)
    monkeypatch.setattr(logged, "read_log", read)
    age = at_risk._left_by_a_kill(run, 0)
    assert killed[0] - age == pytest.approx(next(at for at, place in logs[-1] if place == kept[0]))
    assert killed[0] - age > logs[-1][0][0]


def test_the_oldest_counts_and_both_runs_are_killed(monkeypatch):
    ages = iter([0.25, 0.75, 0.5])
    killed = []

    def left(run, seconds):
        killed.append(run)
        return next(ages)

    monkeypatch.setattr(at_risk, "KILLS", 3)
    monkeypatch.setattr(at_risk, "_left_by_a_kill", left)
    outcome = at_risk.age()
    assert (outcome.ratio, outcome.lowest, outcome.ours) == (0.75, 0.25, 0.75)
    assert set(killed) == set(at_risk._RUNS)
