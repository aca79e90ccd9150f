"""The reference loops do the same work as the trainer."""

import numpy as np
import pytest

from nn_tui import experiment
from nn_tui.bench import training_speed
from nn_tui.bench.reference_loops import (
    BlogTorch,
    FoldedLoop,
    NonlinLoop,
    PlainLoop,
    ScikitLearn,
    TunedLoop,
)
from nn_tui.nn.architecture import flatten
from nn_tui.training.trainer import Trainer
from tests.bench.peers import HAS_TORCH

TORCH = [BlogTorch] if HAS_TORCH else []


@pytest.mark.parametrize("make", [PlainLoop, NonlinLoop, *TORCH])
def test_the_blogs_loops_end_with_the_weights_of_the_trainer(make):
    opened = experiment.load_experiment("blog")
    trainer, loop = Trainer(opened.recipe, opened.dataset), make()
    for epochs in (1, 99, 400):
        loop.run(epochs)
        trainer.run_epochs(epochs)
        weights = trainer.snapshot().weights
        np.testing.assert_allclose(loop.W0, weights["W0"], rtol=1e-11)
        np.testing.assert_allclose(loop.W1, weights["W1"], rtol=1e-11)


@pytest.mark.parametrize("estimator", ["MLPClassifier", "MLPRegressor"])
def test_scikit_learn_trains_all_epochs_without_a_warning(estimator, recwarn):
    peer = ScikitLearn(estimator)
    for epochs in (1, 3, 700):  # its loss hardly changes any more
        peer.run(epochs)
        assert peer.epochs == epochs
    assert not list(recwarn)


@pytest.mark.parametrize(
    ("prepare", "peer"),
    [
        (training_speed.against_plain_loop, PlainLoop),
        (training_speed.against_nonlin_loop, NonlinLoop),
        (training_speed.against_classifier, ScikitLearn),
        (training_speed.against_regressor, ScikitLearn),
        *[(training_speed.against_torch, peer) for peer in TORCH],
    ],
)
def test_each_side_does_the_amount_of_work_of_the_contest(prepare, peer, monkeypatch):
    trained, looped = [], []
    monkeypatch.setattr(Trainer, "run_epochs", lambda self, count: trained.append(count))
    monkeypatch.setattr(peer, "run", lambda self, count: looped.append(count))
    contest = prepare()
    contest.ours()
    contest.peer()
    assert trained == [contest.amount]
    assert looped == [contest.peer_amount]


EPOCHS = 30


@pytest.fixture(params=[(4, 2), (8, 8, 8)], ids=["2-4-2-1", "2-8-8-8-1"])
def trained(request):
    trainer = training_speed.start_spiral(request.param)
    assert trainer.dataset.train_count == trainer.dataset.test_count == 250
    trainer.run_epochs(EPOCHS)
    return trainer


def parameters(loop, network):
    if isinstance(loop, TunedLoop):
        return loop.parameters
    named = {f"W{i}": matrix[:, :-1].T for i, matrix in enumerate(loop.matrices)}
    named |= {f"b{i}": matrix[:, -1] for i, matrix in enumerate(loop.matrices)}
    return flatten(named, network)


@pytest.mark.parametrize("make", [TunedLoop, FoldedLoop])
def test_tuned_loops_have_the_weights_and_losses_of_the_trainer(trained, make):
    start = training_speed.start_spiral(trained.network.sizes[1:-1])
    loop = make(start, training_speed.SPIRAL_BATCH, training_speed.SPIRAL_RATE)
    train, test = loop.run(EPOCHS)
    snapshot = trained.snapshot()
    assert not np.allclose(snapshot.parameters, start.start)
    np.testing.assert_allclose(parameters(loop, trained.network), snapshot.parameters, rtol=1e-9)
    np.testing.assert_allclose(train, snapshot.losses.train_low[1:], rtol=1e-11)
    np.testing.assert_allclose(test, snapshot.losses.test_low[1:], rtol=1e-11)


@pytest.mark.parametrize(
    "against", [training_speed.against_tuned_loop, training_speed.against_folded_loop]
)
def test_both_sides_train_the_network_of_the_benchmark(against, monkeypatch):
    created = []
    for loop in (TunedLoop, FoldedLoop):
        monkeypatch.setattr(loop, "__init__", lambda self, trainer, *_: created.append(trainer))
        monkeypatch.setattr(loop, "run", lambda self, count: created.append(count))
    contest = against(4, 2)()
    contest.peer()
    trainer, count = created
    assert trainer.network.sizes == (2, 4, 2, 1)
    assert (trainer.network.activation, trainer.network.bias) == ("tanh", True)
    assert count == contest.amount == contest.peer_amount
