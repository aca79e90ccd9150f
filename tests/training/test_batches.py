"""Batches against loops written out: short ones kept, dropped or carried, shuffled or not."""

import numpy as np
import pytest

from nn_tui.recipe.recipe import RecipeError
from nn_tui.training.trainer import Trainer
from tests.nn import plain
from tests.training.runs import Recorded, points, recipe


def loop(made, dataset, start, epochs):
    """Plain gradient descent over batches; the mean loss after each epoch."""
    rate, mean = made.training.learning_rate, made.training.reduction == "mean"
    size, rule = made.training.batch_size, made.training.partial_batch
    count = dataset.train_count
    X, y = dataset.inputs[:count], dataset.targets[:count]
    W0, W1, b0, b1 = (start[name].copy() for name in ("W0", "W1", "b0", "b1"))
    sums, summed = [0, 0, 0, 0], 0
    losses = []
    for epoch in range(1, epochs + 1):
        order = np.arange(count)
        if made.training.shuffle:
            order = np.random.default_rng([made.network.seed, epoch]).permutation(count)
        for i, sample in enumerate(order, 1):
            l0 = X[sample : sample + 1]
            l1 = np.tanh(l0 @ W0 + b0)
            l2 = np.tanh(l1 @ W1 + b1)
            l2_delta = (y[sample : sample + 1] - l2) * (1 - l2**2)
            l1_delta = l2_delta @ W1.T * (1 - l1**2)
            found = (l0.T @ l1_delta, l1.T @ l2_delta, l1_delta[0], l2_delta[0])
            sums = [total + one for total, one in zip(sums, found, strict=True)]
            summed += 1
            if i % size == 0 or (i == count and rule == "keep"):
                for parameter, total in zip((W0, W1, b0, b1), sums, strict=True):
                    parameter += rate * total / (summed if mean else 1)
                sums, summed = [0, 0, 0, 0], 0
        if rule == "drop":
            sums, summed = [0, 0, 0, 0], 0
        made_now = np.tanh(np.tanh(X @ W0 + b0) @ W1 + b1)
        losses.append(np.mean(np.sum((y - made_now) ** 2, axis=1)) / 2)
    return {"W0": W0, "W1": W1, "b0": b0, "b1": b1}, losses


def batch_recipe(**values):
    network = {"activation": "tanh", "output": "tanh", "bias": True}
    return recipe(**{**network, "learning_rate": 0.05, **values})


@pytest.mark.parametrize("shuffle", [False, True])
@pytest.mark.parametrize("reduction", ["sum", "mean"])
@pytest.mark.parametrize("rule", ["keep", "drop", "carry"])
@pytest.mark.parametrize("size", [1, 4, 7, 10, 22, 44])
def test_updates_are_those_of_a_loop_over_samples(size, rule, reduction, shuffle):
    dataset = points(50, tested=6)
    made = batch_recipe(batch_size=size, partial_batch=rule, reduction=reduction, shuffle=shuffle)
    trainer = Trainer(made, dataset)
    recorded = Recorded(trainer)
    start = trainer.snapshot().weights
    trainer.run_epochs(9)
    wanted, losses = loop(made, dataset, start, 9)
    for name, array in trainer.snapshot().weights.items():
        np.testing.assert_allclose(array, wanted[name], rtol=1e-10, atol=1e-13)
    np.testing.assert_allclose(recorded.train, losses, rtol=1e-10)


@pytest.mark.parametrize("shuffle", [False, True])
@pytest.mark.parametrize(("count", "rule"), [(384, "keep"), (390, "carry"), (389, "keep")])
def test_windows_of_batches_are_seamless(count, rule, shuffle):
    """Batches of 3: a window holds 128 of them, 384 samples."""
    dataset = points(count + 400, tested=400)
    made = batch_recipe(batch_size=3, partial_batch=rule, shuffle=shuffle, reduction="mean")
    trainer = Trainer(made, dataset)
    start = trainer.snapshot().weights
    trainer.run_epochs(2)
    wanted, _ = loop(made, dataset, start, 2)
    for name, array in trainer.snapshot().weights.items():
        np.testing.assert_allclose(array, wanted[name], rtol=1e-9, atol=1e-12)


def test_a_batch_larger_than_the_data_never_updates_where_it_is_carried():
    trainer = Trainer(batch_recipe(batch_size=60, partial_batch="carry"), points(50))
    before = trainer.snapshot()
    trainer.run_epochs(5)
    after = trainer.snapshot()
    assert after.epoch == 5
    np.testing.assert_array_equal(before.parameters, after.parameters)
    assert after.train_loss == before.train_loss


def test_a_batch_larger_than_the_data_is_all_of_it_where_it_is_kept():
    one = Trainer(batch_recipe(batch_size=60), points(50))
    all_of_it = Trainer(batch_recipe(), points(50))
    for trainer in (one, all_of_it):
        trainer.run_epochs(5)
    np.testing.assert_array_equal(one.snapshot().parameters, all_of_it.snapshot().parameters)


def test_a_batch_larger_than_the_data_is_refused_where_it_is_dropped():
    with pytest.raises(RecipeError) as error:
        Trainer(batch_recipe(batch_size=60, partial_batch="drop"), points(50, tested=8))
    assert str(error.value) == (
        "training.batch_size = 60 is more than the 42 training samples, and "
        "training.partial_batch = drop skips an incomplete batch: nothing would be trained; "
        "use a smaller batch or keep"
    )


def test_any_epochs_order_can_be_had_by_itself():
    """A run that is given the state of an epoch goes on as the run that came there."""
    made = batch_recipe(batch_size=7, shuffle=True)
    trainer = Trainer(made, points(50))
    trainer.run_epochs(6)
    step = trainer.step()
    order = np.random.default_rng([1, 7]).permutation(50)
    np.testing.assert_array_equal(step.arrays["l0"], points(50).inputs[order[:7]])


@pytest.mark.parametrize("rule", ["keep", "carry"])
def test_the_step_shown_is_the_one_that_comes_next(rule):
    made = batch_recipe(batch_size=49, partial_batch=rule, reduction="mean")
    one, other = (Trainer(made, points(50)) for _ in range(2))
    for trainer in (one, other):
        trainer.run_epochs(2)
    step = one.step()
    for _ in step.run_lines():
        pass
    assert ("W0_carried" in step.source()) == (rule == "carry")
    dataset = points(50)
    first_batch = Trainer(made.with_value("training.partial_batch", "drop"), dataset)
    np.testing.assert_array_equal(step.arrays["l0"], dataset.inputs[:49])
    assert first_batch.step().source() != step.source() or rule == "keep"
    other.run_epochs(1)
    if rule == "carry":  # the rest of one sample changes nothing
        np.testing.assert_array_equal(step.state.parameters, other.snapshot().parameters)


def test_losses_are_of_all_samples_whatever_the_batches():
    dataset = points(5000, tested=4500)
    trainer = Trainer(batch_recipe(batch_size=100), dataset)
    trainer.run_epochs(1)
    snapshot = trainer.snapshot()
    named = snapshot.weights
    for part, made in ((slice(500), snapshot.train_loss), (slice(500, None), snapshot.test_loss)):
        X, y = dataset.inputs[part], dataset.targets[part]
        losses = plain.losses(named, 2, X, y, "tanh", "tanh", "half_squared_error")
        assert made == pytest.approx(losses.mean(), rel=1e-12)
