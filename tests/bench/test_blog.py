"""Both sides of the blog's race do the same work."""

import numpy as np
import pytest

from nn_tui import experiment
from nn_tui.bench import blog
from nn_tui.bench.blog_loops import NonlinLoop, PlainLoop
from nn_tui.training.trainer import Trainer


@pytest.mark.parametrize("loop", [PlainLoop(), NonlinLoop()], ids=["plain", "nonlin"])
def test_the_peers_get_the_trainers_weights(loop):
    opened = experiment.load("blog")
    trainer = Trainer(opened.recipe, opened.dataset)
    for epochs in (1, 99, 400):
        loop.run(epochs)
        trainer.run_epochs(epochs)
        weights = trainer.snapshot().weights
        np.testing.assert_allclose(loop.W0, weights["W0"], rtol=1e-12)
        np.testing.assert_allclose(loop.W1, weights["W1"], rtol=1e-12)


@pytest.mark.parametrize("prepare", [blog.against_plain_loop, blog.against_nonlin_loop])
def test_each_side_does_the_amount_that_is_claimed(prepare, monkeypatch):
    trained, looped = [], []
    monkeypatch.setattr(Trainer, "run_epochs", lambda self, count: trained.append(count))
    for loop in (PlainLoop, NonlinLoop):
        monkeypatch.setattr(loop, "run", lambda self, count: looped.append(count))
    contest = prepare()
    contest.ours()
    contest.peer()
    assert trained == looped == [contest.amount]
