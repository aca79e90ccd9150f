"""The loops tuned by hand do what the trainer does, losses included."""

import numpy as np
import pytest

from nn_tui.bench import training_speed as spiral
from nn_tui.bench.reference_loops import FoldedLoop, TunedLoop
from nn_tui.nn.architecture import flatten

EPOCHS = 30


@pytest.fixture(params=[(4, 2), (8, 8, 8)], ids=["2-4-2-1", "2-8-8-8-1"])
def trained(request):
    trainer = spiral.start_spiral(request.param)
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
def test_the_same_weights_and_losses_as_the_trainer(trained, make):
    start = spiral.start_spiral(trained.network.sizes[1:-1])
    loop = make(start, spiral.BATCH, spiral.RATE)
    train, test = loop.run(EPOCHS)
    snapshot = trained.snapshot()
    assert not np.allclose(snapshot.parameters, start.start)
    np.testing.assert_allclose(parameters(loop, trained.network), snapshot.parameters, rtol=1e-9)
    np.testing.assert_allclose(train, snapshot.losses.train_low[1:], rtol=1e-11)
    np.testing.assert_allclose(test, snapshot.losses.test_low[1:], rtol=1e-11)


@pytest.mark.parametrize("against", [spiral.against_tuned_loop, spiral.against_folded_loop])
def test_both_sides_have_the_network_that_is_named(against, monkeypatch):
    made = []
    for loop in (TunedLoop, FoldedLoop):
        monkeypatch.setattr(loop, "__init__", lambda self, trainer, *_: made.append(trainer))
        monkeypatch.setattr(loop, "run", lambda self, count: made.append(count))
    contest = against(4, 2)()
    contest.peer()
    trainer, count = made
    assert trainer.network.sizes == (2, 4, 2, 1)
    assert (trainer.network.activation, trainer.network.bias) == ("tanh", True)
    assert count == contest.amount == contest.peer_amount
