"""Where a run stops by itself: it blew up, or it is good enough."""

import math
from dataclasses import replace

import numpy as np
import pytest

from nn_tui.training.learning_rate_limit import stability_limit
from nn_tui.training.loss_growth import LossGrowth, natural_loss
from nn_tui.training.trainer import Trainer
from tests.training.runs import Recorded, blog, flowers, points, recipe, same

PLAIN = {"hidden": (), "output": "linear"}
WILD = {
    "full batch": recipe(**PLAIN, learning_rate=1.0),
    "full batch, some losses": recipe(**PLAIN, learning_rate=1.0, evaluate_every=10),
    "mini-batches": recipe(**PLAIN, learning_rate=0.2, batch_size=10),
    "carried": recipe(
        **PLAIN,
        learning_rate=0.2,
        batch_size=9,
        partial_batch="carry",
        shuffle=True,
        optimizer="momentum",
        penalty="l2",
        penalty_rate=0.1,
    ),
    "float32": recipe(**PLAIN, learning_rate=0.2, batch_size=10, dtype="float32"),
    "deep": recipe(activation="softplus", output="linear", learning_rate=0.3, batch_size=10),
}


def last_finite(made, dataset):
    """Epoch by epoch with a run of its own each, up to the one that is not finite."""
    previous = None
    for epoch in range(1, 500):
        trainer = Trainer(made, dataset)
        trainer.replay(epoch, math.inf)  # which no growing loss stops
        if trainer.epoch < epoch:
            return previous
        previous = trainer.snapshot()
    raise AssertionError("it never diverged")


def advance(trainer, way):
    if way == "at once":
        trainer.run_epochs(100_000)
    elif way == "one by one":
        trainer.run_epochs(1)
    else:
        trainer.run_for(0.01)


@pytest.mark.parametrize("name", WILD)
@pytest.mark.parametrize("way", ["at once", "one by one", "by time"])
def test_divergence_is_noticed_in_its_epoch_and_the_last_finite_weights_are_kept(name, way):
    dataset = points(53, tested=13, inputs=3)
    dataset.inputs.setflags(write=True)
    dataset.inputs[:] *= 4
    wanted = last_finite(WILD[name], dataset)
    trainer = Trainer(WILD[name], dataset)
    recorded = Recorded(trainer)
    for _ in range(2000):
        advance(trainer, way)
        if "the loss has risen" in trainer.diverged:
            trainer.clear_stop()
    snapshot = trainer.snapshot()
    assert snapshot.epoch == wanted.epoch
    np.testing.assert_array_equal(snapshot.parameters, wanted.parameters)
    assert np.isfinite(snapshot.parameters).all()
    assert np.isfinite(recorded.train).all()
    assert snapshot.diverged.startswith(f"epoch {wanted.epoch + 1:,} diverged: ")
    assert f"; the weights of epoch {wanted.epoch:,} are kept; " in snapshot.diverged


def test_the_divergence_is_where_a_plain_loop_has_its_first_infinite_number():
    dataset = points(20, inputs=2)
    made = recipe(activation="linear", output="linear", learning_rate=0.2, hidden=())
    trainer = Trainer(made, dataset)
    W0 = trainer.snapshot().weights["W0"].copy()
    trainer.replay(100_000, math.inf)
    epoch = 0
    with np.errstate(all="ignore"):
        while True:
            before = W0.copy()
            W0 += 0.2 * (dataset.inputs.T @ (dataset.targets - dataset.inputs @ W0))
            loss = np.mean((dataset.targets - dataset.inputs @ W0) ** 2)
            if not np.isfinite(loss):
                break
            epoch += 1
    assert trainer.epoch == epoch > 10
    np.testing.assert_allclose(trainer.snapshot().weights["W0"], before, rtol=1e-6)


def test_a_diverged_run_goes_on_with_a_smaller_learning_rate():
    made = recipe(**PLAIN, learning_rate=50.0)
    trainer = Trainer(made, blog())
    trainer.run_epochs(1000)
    assert trainer.diverged
    stuck = trainer.epoch
    trainer.run_epochs(10)
    trainer.run_for(0.01)
    assert trainer.epoch == stuck
    trainer.set(made.with_value("training.learning_rate", 1e-9))
    assert not trainer.snapshot().diverged
    trainer.run_epochs(10)
    assert trainer.epoch == stuck + 10


def test_an_infinite_weight_is_noticed_even_where_every_loss_is_finite():
    """tanh of an infinite sum is 1: the loss would never tell."""
    made = recipe(
        hidden=(1,),
        activation="tanh",
        output="linear",
        loss="absolute_error",
        learning_rate=1e6,
    )
    weights = {"W0": np.full((1, 1), 1e-3), "W1": np.full((1, 1), 1e303)}
    trainer = Trainer(made, points(inputs=1), weights)
    trainer.run_epochs(10)
    assert trainer.diverged == (
        "epoch 1 diverged: a weight is not finite; the weights of epoch 0 are kept; try a smaller "
        "learning rate"
    )
    np.testing.assert_array_equal(trainer.snapshot().parameters, trainer.start)


@pytest.mark.parametrize("way", ["at once", "one by one", "by time"])
def test_a_loss_that_grows_without_bound_is_told_long_before_it_is_infinite(way):
    made = recipe(**PLAIN)
    made = made.with_value("training.learning_rate", 1.5 * stable(made, points()))
    wanted = Trainer(made, points())
    wanted.run_epochs(100_000)
    assert wanted.epoch > 10
    trainer = Trainer(made, points())
    for _ in range(200):
        advance(trainer, way)
    snapshot, first = trainer.snapshot(), trainer.history.curve().train_low[0]
    assert 1e6 * first < snapshot.train_loss < 1e12 * first
    same(trainer, wanted)
    told = f"epoch {trainer.epoch} diverged: the loss has risen from "
    assert snapshot.diverged.startswith(told)


def test_a_growing_loss_is_told_at_the_same_epoch_after_going_back():
    made = recipe(**PLAIN)
    rate = 1.1 * stable(made, points())
    trainer, frames = Trainer(made.with_value("training.learning_rate", rate), points()), []
    for _ in range(100):
        frames.append(trainer.keyframe())
        trainer.run_epochs(7)
    assert trainer.diverged
    frames = [frame for frame in frames if frame.epoch < trainer.epoch]
    stopped, said = trainer.epoch, trainer.diverged
    for frame in frames:
        trainer.restore(frame)
        trainer.run_epochs(10_000)
        assert (trainer.epoch, trainer.diverged) == (stopped, said)


def test_training_past_a_growing_loss_goes_on_when_told_until_it_is_infinite():
    trainer = Trainer(recipe(**PLAIN, learning_rate=1.0), points())
    trainer.run_epochs(100_000)
    grown = trainer.epoch
    trainer.clear_stop()
    trainer.run_epochs(100_000)
    assert trainer.epoch > 4 * grown
    assert f"epoch {trainer.epoch + 1} diverged: the loss is infinite" in trainer.diverged


WELL = {
    "log-loss near zero": (flowers(count=40, tested=0, classes=2), {"learning_rate": 1.0}),
    "noisy mini-batches": (points(60), {"learning_rate": 1.0, "batch_size": 2, "shuffle": True}),
    "inputs in thousands": (
        replace(flowers(classes=2), inputs=5000 * flowers(classes=2).inputs),
        {"learning_rate": 10.0, "hidden": (), "batch_size": 10},
    ),
    "adam at a large rate": (points(), {"learning_rate": 50.0, "optimizer": "adam"}),
}


@pytest.mark.parametrize("name", WELL)
def test_a_run_that_only_overshoots_is_not_called_diverged(name):
    dataset, values = WELL[name]
    if dataset.classes:
        values = {"loss": "binary_cross_entropy", "output": "sigmoid", **values}
    trainer = Trainer(recipe(**values), dataset)
    trainer.run_epochs(1000)
    assert trainer.epoch == 1000
    assert not trainer.diverged


def test_a_tiny_loss_that_rises_again_is_neither_rising_nor_diverged():
    """A network that fits perfectly, with one weight moved by an edit at a time."""
    growth = LossGrowth()
    growth.append(np.arange(100), np.geomspace(1e-14, 1e-9, 100))
    assert growth.rises == 99
    assert not growth.exceeds(1e6 * natural_loss("binary_cross_entropy", np.ones((4, 1))))


def test_rises_are_counted_alike_however_the_losses_come_in():
    random = np.random.default_rng(3)
    losses = np.exp(np.cumsum(random.normal(0.3, 0.3, 400)))
    epochs = np.arange(400)
    for limit in (10.0, 1e6, 1e20):
        single, at = LossGrowth(), []
        for epoch, value in zip(epochs, losses, strict=True):
            single.append(np.array([epoch]), np.array([value]))
            if single.exceeds(limit):
                at.append(epoch)
        for size in (2, 7, 33, 400):
            chunked = LossGrowth()
            for i in range(0, 400, size):
                hits = chunked.would_exceed(losses[i : i + size], limit)
                assert hits == any(i <= epoch < i + size for epoch in at)
                chunked.append(epochs[i : i + size], losses[i : i + size])
            assert vars(chunked) == vars(single)


def test_a_rise_too_small_to_be_divergence_is_told_as_a_rise():
    made = recipe(**PLAIN, learning_rate=1.0, reduction="mean")
    limit = stable(made, points())
    trainer = Trainer(made.with_value("training.learning_rate", 1.02 * limit), points())
    trainer.run_epochs(60)
    assert not trainer.diverged
    assert trainer.snapshot().rising.startswith("the loss has risen from ")
    calm = Trainer(made.with_value("training.learning_rate", 0.98 * limit), points())
    calm.run_epochs(60)
    assert calm.snapshot().rising == ""


# Why


def stable(made, dataset):
    """The stability limit by its definition, from all eigenvalues."""
    inputs = dataset.inputs[: dataset.train_count]
    if made.network.bias:
        inputs = np.column_stack([inputs, np.ones(len(inputs))])
    hessian = inputs.T @ inputs
    if made.training.reduction == "mean":
        hessian /= len(inputs)
    if made.training.penalty == "l2":
        weights = dataset.inputs.shape[1]
        hessian[range(weights), range(weights)] += made.training.penalty_rate
    momentum = made.training.momentum
    factor = {
        "sgd": 2,
        "momentum": 2 * (1 + momentum),
        "nesterov": 2 * (1 + momentum) / (1 + 2 * momentum),
    }[made.training.optimizer]
    return factor / np.linalg.eigvalsh(hessian)[-1]


LINEAR = {
    "sum": {},
    "mean": {"reduction": "mean"},
    "bias": {"bias": True},
    "l2": {"penalty": "l2", "penalty_rate": 3.0, "bias": True},
    "momentum": {"optimizer": "momentum", "momentum": 0.7},
    "nesterov": {"optimizer": "nesterov", "momentum": 0.9},
    "float32": {"dtype": "float32"},
}


@pytest.mark.parametrize("name", LINEAR)
def test_the_reason_given_is_the_limit_above_which_the_run_diverges(name):
    dataset = points(80, tested=20, inputs=5, outputs=2)
    made = recipe(**PLAIN, **LINEAR[name])
    limit = stable(made, dataset)
    above = Trainer(made.with_value("training.learning_rate", 1.05 * limit), dataset)
    above.run_epochs(20_000)
    assert f"; learning rate {1.05 * limit:g} > " in above.diverged
    assert f"/λmax = {limit:.3g}; " in above.diverged
    assert above.diverged.endswith(f"a learning rate below {limit:.3g}")
    assert 0.85 * limit < 2 * above.smaller_rate < 1.1 * limit
    below = Trainer(made.with_value("training.learning_rate", 0.95 * limit), dataset)
    below.run_epochs(20_000)
    assert not below.diverged


def test_of_a_network_with_hidden_layers_the_limit_is_that_at_its_initial_weights():
    made = recipe(activation="tanh", output="linear", learning_rate=1.0, reduction="mean")
    dataset = points(40)
    dataset = replace(dataset, targets=1000 * dataset.targets)
    trainer = Trainer(made, dataset)
    step = trainer.step()

    def gradient(parameters):
        step.state.parameters[...] = parameters
        step.run()
        return -step.state.arrays["descent"].copy()

    step.state.scalars.set("learning_rate", 0.0)
    start, size = trainer.start, len(trainer.start)
    columns = [
        (gradient(start + 1e-6 * unit) - gradient(start - 1e-6 * unit)) / 2e-6
        for unit in np.eye(size)
    ]
    limit = 2 / np.linalg.eigvalsh((np.array(columns) + np.array(columns).T) / 2)[-1]
    found = stability_limit(
        made, trainer.network, start, dataset.inputs, dataset.targets, dataset.train_count
    )
    assert found.rate == pytest.approx(limit, rel=1e-4)
    assert found.scope == " at the initial weights"


def test_the_rate_to_try_is_stable_where_the_limit_is_known():
    made = recipe(**PLAIN)
    limit = stable(made, points())
    trainer = Trainer(made.with_value("training.learning_rate", 1000 * limit), points())
    trainer.run_epochs(1000)
    assert 0.85 * limit < trainer.smaller_rate < limit
    trainer.set(made.with_value("training.learning_rate", trainer.smaller_rate))
    trainer.run_epochs(1000)
    assert not trainer.diverged and not trainer.rising


def test_where_no_limit_is_known_no_reason_is_given():
    made = recipe(**PLAIN, learning_rate=1e300, optimizer="adam")
    trainer = Trainer(made, points())
    trainer.run_epochs(10_000)
    assert trainer.diverged.startswith("epoch 1 diverged: the loss is infinite; ")
    assert trainer.diverged.endswith("; try a smaller learning rate")
    assert trainer.smaller_rate == 0.5e300


@pytest.mark.parametrize(
    ("factor", "samples", "more", "remedy"),
    [
        (1000, 20, {}, "; try data.scale = standard or a "),
        (1, 300, {}, "; try training.reduction = mean or a "),
        (1, 300, {"batch_size": 10}, "; try a "),
        (1, 20, {}, "; try a "),
    ],
)
def test_what_is_advised_can_be_done(factor, samples, more, remedy):
    dataset = points(samples, inputs=2)
    dataset = replace(dataset, inputs=factor * dataset.inputs, targets=1000 * dataset.targets)
    made = recipe(activation="relu", output="linear", learning_rate=1e5, **more)
    trainer = Trainer(made, dataset)
    trainer.run_epochs(10_000)
    assert remedy in trainer.diverged


# Good enough


@pytest.fixture(params=["full batch", "mini-batches", "carried", "some losses"])
def learning(request):
    values = {
        "full batch": {},
        "mini-batches": {"batch_size": 10, "shuffle": True},
        "carried": {
            "batch_size": 7,
            "partial_batch": "carry",
            "optimizer": "adam",
            "learning_rate": 0.01,
        },
        "some losses": {"evaluate_every": 7, "batch_size": 10},
    }[request.param]
    return recipe(**{"learning_rate": 0.1, "reduction": "mean", "hidden": (6,), **values})


def stop_case(made):
    """A limit that the run comes below somewhere on its way, and the epoch where it does."""
    trainer = Trainer(made, flowers(classes=2))
    recorded = Recorded(trainer)
    trainer.run_epochs(400)
    limit = (recorded.train[0] + min(recorded.train)) / 2
    first = next(e for e, x in zip(recorded.epochs, recorded.train, strict=True) if x < limit)
    return made.with_value("training.stop_loss", limit), first, recorded


@pytest.mark.parametrize("way", ["at once", "one by one", "by time"])
def test_training_stops_in_the_very_epoch_where_the_loss_falls_below(learning, way):
    made, first, _ = stop_case(learning)
    trainer = Trainer(made, flowers(classes=2))
    for _ in range(450):
        if way == "at once":
            trainer.run_epochs(400)
        elif way == "one by one":
            trainer.run_epochs(1)
        else:
            trainer.run_for(0.002)
    assert trainer.epoch == first
    reference = Trainer(learning, flowers(classes=2))
    reference.run_epochs(first)
    same(trainer, reference)
    limit = made.training.stop_loss
    assert trainer.snapshot().stopped == (
        f"epoch {first:,}: the training loss is {trainer.snapshot().train_loss:.6g}, below "
        f"training.stop_loss = {limit:g}"
    )


def test_training_stops_even_where_the_loss_dips_and_rises_again():
    made = recipe(
        batch_size=4, shuffle=True, learning_rate=3.0, reduction="mean", activation="tanh"
    )
    trainer = Trainer(made, points())
    recorded = Recorded(trainer)
    trainer.run_epochs(400)
    lowest = min(recorded.train)
    epoch = recorded.train.index(lowest) + 1
    assert max(recorded.train[epoch:]) > lowest * 1.01
    stopping = Trainer(made.with_value("training.stop_loss", lowest * 1.0001), points())
    stopping.run_epochs(400)
    assert stopping.epoch == epoch and stopping.stopped


def test_a_stopped_run_goes_on_when_told_as_if_it_had_never_stopped(learning):
    made, first, unstopped = stop_case(learning)
    trainer = Trainer(made, flowers(classes=2))
    recorded = Recorded(trainer)
    trainer.run_epochs(400)
    trainer.clear_stop()
    assert not trainer.snapshot().stopped
    trainer.run_epochs(400 - first)
    assert trainer.epoch == 400
    assert (recorded.epochs, recorded.train) == (unstopped.epochs, unstopped.train)


def test_another_limit_is_heeded_again(learning):
    made, first, recorded = stop_case(learning)
    trainer = Trainer(made, flowers(classes=2))
    trainer.run_epochs(400)
    lower = min(recorded.train) * 1.0001
    trainer.set(made.with_value("training.stop_loss", lower))
    assert not trainer.stopped
    trainer.run_epochs(400)
    assert first < trainer.epoch <= 400
    assert trainer.stopped and trainer.snapshot().train_loss < lower


# Some losses


@pytest.mark.parametrize("batch_size", ["all", 10])
def test_losses_are_had_at_every_so_many_epochs_and_at_the_end_when_one_looks(batch_size):
    made = recipe(batch_size=batch_size, learning_rate=0.05)
    every = Trainer(made, points(tested=9))
    some = Trainer(made.with_value("training.evaluate_every", 7), points(tested=9))
    all_losses, some_losses = Recorded(every), Recorded(some)
    for trainer in (every, some):
        trainer.run_epochs(20)
    assert some_losses.epochs == [7, 14]
    assert some_losses.train == [all_losses.train[6], all_losses.train[13]]
    assert some_losses.test == [all_losses.test[6], all_losses.test[13]]
    mine, theirs = some.snapshot(), every.snapshot()
    np.testing.assert_array_equal(mine.parameters, theirs.parameters)
    assert (mine.train_loss, mine.test_loss) == (theirs.train_loss, theirs.test_loss)
    assert mine.losses.first.tolist() == [0, 7, 14]
