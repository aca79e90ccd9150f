"""Both sides of the blog's races do the same work."""

import numpy as np
import pytest

from nn_tui import experiment
from nn_tui.bench import training_speed as blog
from nn_tui.bench.reference_loops import BlogTorch, NonlinLoop, PlainLoop, ScikitLearn
from nn_tui.training.trainer import Trainer
from tests.bench.peers import HAS_TORCH

TORCH = [BlogTorch] if HAS_TORCH else []


@pytest.mark.parametrize("make", [PlainLoop, NonlinLoop, *TORCH])
def test_the_peers_get_the_trainers_weights(make):
    opened = experiment.load_experiment("blog")
    trainer, loop = Trainer(opened.recipe, opened.dataset), make()
    for epochs in (1, 99, 400):
        loop.run(epochs)
        trainer.run_epochs(epochs)
        weights = trainer.snapshot().weights
        np.testing.assert_allclose(loop.W0, weights["W0"], rtol=1e-11)
        np.testing.assert_allclose(loop.W1, weights["W1"], rtol=1e-11)


@pytest.mark.parametrize("estimator", ["MLPClassifier", "MLPRegressor"])
def test_scikit_learn_goes_on_to_the_last_epoch_without_a_word(estimator, recwarn):
    peer = ScikitLearn(estimator)
    for epochs in (1, 3, 700):  # by then its loss hardly changes any more
        peer.run(epochs)
        assert peer.epochs == epochs
    assert not list(recwarn)


@pytest.mark.parametrize(
    ("prepare", "peer"),
    [
        (blog.against_plain_loop, PlainLoop),
        (blog.against_nonlin_loop, NonlinLoop),
        (blog.against_classifier, ScikitLearn),
        (blog.against_regressor, ScikitLearn),
        *[(blog.against_torch, peer) for peer in TORCH],
    ],
)
def test_each_side_does_the_amount_that_is_claimed(prepare, peer, monkeypatch):
    trained, looped = [], []
    monkeypatch.setattr(Trainer, "run_epochs", lambda self, count: trained.append(count))
    monkeypatch.setattr(peer, "run", lambda self, count: looped.append(count))
    contest = prepare()
    contest.ours()
    contest.peer()
    assert trained == [contest.amount]
    assert looped == [contest.peer_amount]
