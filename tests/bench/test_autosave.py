"""The run of that measure is really kept while it is timed."""

import pytest

from nn_tui.bench import autosave
from nn_tui.bench.timing import RaceResult
from nn_tui.files.runs.run_store import RunStore
from nn_tui.training.run import Run


def test_ours_is_kept_and_the_peers_is_not(monkeypatch):
    seen = []

    def race(contest):
        for _ in range(3):
            contest.ours()
            contest.peer()
        seen.append((contest.amount, contest.peer_amount))
        return RaceResult(1.0, 1.0, 1.0, 1.0, 1.0)

    leave = autosave.Saver.leave

    def left(saver, timeline, in_order):
        leave(saver, timeline, in_order)
        seen.append([entry.checkpoint.epoch for entry in RunStore(saver.shelf.path).entries()])

    monkeypatch.setattr(autosave, "race", race)
    monkeypatch.setattr(autosave.Saver, "leave", left)
    opened = autosave.experiment.load("blog-xor")
    autosave._raced(Run(opened.name, opened.recipe, opened.dataset), 300)
    assert seen == [(300, 300), [900]]


def test_the_pictures_fit_their_recipe():
    trainer = autosave.Timeline(Run("pictures", autosave.PICTURES, autosave._pictures())).trainer
    assert trainer.network.sizes == (784, 256, 128, 10)
    assert trainer.snapshot().train_loss == pytest.approx(2.3, abs=0.5)
