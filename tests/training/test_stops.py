"""Where a run stops by itself: it blew up, or it is good enough."""

from dataclasses import replace

import numpy as np
import pytest

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
        trainer.run_epochs(epoch)
        if trainer.epoch < epoch:
            return previous
        previous = trainer.snapshot()
    raise AssertionError("it never diverged")


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
        if way == "at once":
            trainer.run_epochs(100_000)
        elif way == "one by one":
            trainer.run_epochs(1)
        else:
            trainer.run_for(0.01)
    snapshot = trainer.snapshot()
    assert snapshot.epoch == wanted.epoch
    np.testing.assert_array_equal(snapshot.parameters, wanted.parameters)
    assert np.isfinite(snapshot.parameters).all()
    assert np.isfinite(recorded.train).all()
    assert snapshot.diverged.startswith(f"epoch {wanted.epoch + 1:,} diverged: ")
    assert f"; the weights of epoch {wanted.epoch:,} are kept; try " in snapshot.diverged
    assert snapshot.diverged.endswith("a smaller learning rate")


def test_the_divergence_is_where_a_plain_loop_has_its_first_infinite_number():
    dataset = points(20, inputs=2)
    made = recipe(activation="linear", output="linear", learning_rate=0.2, hidden=())
    trainer = Trainer(made, dataset)
    W0 = trainer.snapshot().weights["W0"].copy()
    trainer.run_epochs(100_000)
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
        "epoch 1 diverged: a weight is not finite, likely because a learning rate of 1e+06 is too "
        "large; the weights of epoch 0 are kept; try a smaller learning rate"
    )
    np.testing.assert_array_equal(trainer.snapshot().parameters, trainer.start)


@pytest.mark.parametrize(
    ("factor", "samples", "more", "why", "remedy"),
    [
        (1000, 20, {}, "the inputs go up to ", "try data.scale = standard or a smaller"),
        (1, 300, {}, "the gradients of 300 samples are added up", "training.reduction = mean or"),
        (1, 300, {"batch_size": 10}, "a learning rate of 100000 is too large", "try a smaller"),
        (1, 20, {}, "a learning rate of 100000 is too large", "try a smaller learning rate"),
    ],
)
def test_the_sentence_says_what_is_likely_the_matter(factor, samples, more, why, remedy):
    dataset = points(samples, inputs=2)
    dataset = replace(dataset, inputs=factor * dataset.inputs)
    made = recipe(activation="relu", output="linear", learning_rate=1e5, **more)
    trainer = Trainer(made, dataset)
    trainer.run_epochs(10_000)
    assert f", likely because {why}" in trainer.diverged
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
    trainer.go_on()
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
