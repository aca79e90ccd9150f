"""A run is the same, bit for bit, however it is divided into calls."""

import tracemalloc

import numpy as np
import pytest

from nn_tui.training import batches as epochs_module
from nn_tui.training import chunk_size
from nn_tui.training import partial_epoch as open_epoch_module
from nn_tui.training.trainer import Trainer
from tests.training.runs import Recorded, blog, flowers, points, recipe, same

RUNS = {
    "full batch": (recipe(bias=True, learning_rate=0.05), lambda: points(), 1000),
    "full batch, some losses": (
        recipe(learning_rate=0.05, evaluate_every=7),
        lambda: points(tested=9),
        1000,
    ),
    "mini-batches": (recipe(batch_size=10, learning_rate=0.05), lambda: points(tested=13), 1000),
    "mini-batches, some losses": (
        recipe(batch_size=10, learning_rate=0.05, evaluate_every=4),
        lambda: points(tested=13),
        200,
    ),
    "shuffled": (recipe(batch_size=10, learning_rate=0.05, shuffle=True), lambda: points(), 1000),
    "dropped": (recipe(batch_size=10, partial_batch="drop"), lambda: points(), 200),
    "carried, with memory": (
        recipe(
            batch_size=10,
            partial_batch="carry",
            reduction="mean",
            optimizer="adam",
            learning_rate=0.01,
            penalty="l1",
            penalty_rate=0.1,
            shuffle=True,
            bias=True,
        ),
        lambda: points(tested=5),
        1000,
    ),
    "windows": (
        recipe(batch_size=3, learning_rate=0.01, optimizer="momentum", momentum=0.5),
        lambda: points(800, tested=11),
        30,
    ),
    "shuffled windows, float32": (
        recipe(batch_size=3, learning_rate=0.01, shuffle=True, dtype="float32"),
        lambda: points(800),
        30,
    ),
    "classes": (
        recipe(
            batch_size=8,
            output="softmax",
            loss="cross_entropy",
            reduction="mean",
            optimizer="rmsprop",
            learning_rate=0.01,
        ),
        flowers,
        300,
    ),
}


def start(name):
    made, dataset, epochs = RUNS[name]
    return Trainer(made, dataset()), epochs


@pytest.fixture(scope="module")
def whole():
    """Each run in one call."""
    known = {}

    def run(name):
        if name not in known:
            trainer, epochs = start(name)
            trainer.run_epochs(epochs)
            assert trainer.epoch == epochs and not trainer.diverged
            known[name] = trainer
        return known[name]

    return run


@pytest.mark.parametrize("name", RUNS)
def test_ten_pieces_are_one(name, whole):
    trainer, epochs = start(name)
    for _ in range(10):
        trainer.run_epochs(epochs // 10)
        trainer.snapshot()
    same(trainer, whole(name))


@pytest.mark.parametrize("name", RUNS)
def test_slices_of_time_are_one(name, whole):
    trainer, epochs = start(name)
    while trainer.epoch < epochs:
        trainer.run_for(0.004, last_epoch=epochs)
    same(trainer, whole(name))


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("name", RUNS)
def test_stopping_after_every_piece_of_every_epoch_changes_nothing(name, large, whole, monkeypatch):
    """Large updates are taken apart into their calls, small ones are a piece each."""
    monkeypatch.setattr(chunk_size, "_SECONDS", 0.0)
    monkeypatch.setattr(open_epoch_module, "_EXTRA_SECONDS", 0.0)
    if large:
        monkeypatch.setattr(epochs_module, "_LARGE_UPDATE", 0)
    trainer, epochs = start(name)
    some = min(epochs, 10 if large else 60)
    slices = 0
    while trainer.epoch < some:
        trainer.run_for(0.0, last_epoch=some)
        slices += 1
        if slices % 5 == 0:
            trainer.snapshot()
    assert slices > some
    monkeypatch.undo()
    trainer.run_epochs(epochs - some)
    same(trainer, whole(name))


def test_run_for_keeps_to_its_last_epoch_and_seconds_are_counted():
    trainer = Trainer(recipe(), blog())
    trainer.run_for(5.0, last_epoch=1234)
    assert trainer.epoch == 1234
    trainer.run_for(5.0, last_epoch=1000)
    assert trainer.epoch == 1234
    snapshot = trainer.snapshot()
    assert 0 < snapshot.seconds < 5
    assert snapshot.epochs_per_second >= 0


def test_the_same_seed_gives_the_same_run_and_another_seed_another():
    one, again, other = (
        Trainer(recipe(batch_size=10, shuffle=True, seed=seed), points()) for seed in (3, 3, 4)
    )
    for trainer in (one, again, other):
        trainer.run_epochs(20)
    same(one, again)
    assert not np.array_equal(one.snapshot().parameters, other.snapshot().parameters)


# In the middle of an epoch


@pytest.fixture
def interrupted(monkeypatch):
    """A run of mini-batches that was left in the middle of its third epoch."""
    monkeypatch.setattr(chunk_size, "_SECONDS", 0.0)
    trainer = Trainer(recipe(batch_size=10, learning_rate=0.1), points(tested=3))
    trainer.run_epochs(2)
    trainer.run_for(0.0)
    trainer.run_for(0.0)
    return trainer


def test_a_snapshot_in_mid_epoch_has_the_weights_as_they_stand(interrupted):
    snapshot = interrupted.snapshot()
    at_rest = Trainer(interrupted.recipe, interrupted.dataset)
    at_rest.run_epochs(2)
    last = at_rest.snapshot()
    assert (snapshot.epoch, snapshot.evaluated) == (2, 2)
    assert 0 < snapshot.progress < 1
    assert not np.array_equal(snapshot.parameters, last.parameters)
    assert (snapshot.train_loss, snapshot.train_error) == (last.train_loss, last.train_error)
    assert last.progress == 0
    assert len(snapshot.losses) == 3


def test_figures_in_mid_epoch_are_those_of_the_last_one_even_while_the_next_are_made(monkeypatch):
    monkeypatch.setattr(chunk_size, "_SECONDS", 0.0)
    trainer, reference = (Trainer(recipe(), points(tested=9)) for _ in range(2))
    for run in (trainer, reference):
        run.run_epochs(2)
    trainer.run_for(0.0)  # new weights and predictions, but no losses yet
    left, last = trainer.snapshot(), reference.snapshot()
    assert 0 < left.progress < 1 and not np.array_equal(left.parameters, last.parameters)
    assert (left.evaluated, left.train_error) == (2, last.train_error)
    assert (left.train_loss, left.test_loss) == (last.train_loss, last.test_loss)


def test_an_epoch_left_in_the_middle_is_finished_first(interrupted):
    interrupted.run_epochs(1)
    reference = Trainer(interrupted.recipe, interrupted.dataset)
    reference.run_epochs(3)
    same(interrupted, reference)


def test_a_change_in_mid_epoch_takes_effect_at_its_end(interrupted):
    changed = recipe(batch_size=4, learning_rate=0.02, optimizer="adam", shuffle=True)
    interrupted.set(changed)
    assert interrupted.snapshot().recipe == changed
    interrupted.run_epochs(4)
    reference = Trainer(recipe(batch_size=10, learning_rate=0.1), interrupted.dataset)
    reference.run_epochs(3)
    reference.set(changed)
    reference.run_epochs(3)
    same(interrupted, reference)


def test_walking_a_step_disturbs_nothing(interrupted):
    for _ in interrupted.step().run_lines():
        pass
    interrupted.run_epochs(5)
    reference = Trainer(interrupted.recipe, interrupted.dataset)
    reference.run_epochs(7)
    same(interrupted, reference)


def test_in_mid_epoch_the_step_is_that_of_the_epochs_start(interrupted):
    reference = Trainer(interrupted.recipe, interrupted.dataset)
    reference.run_epochs(interrupted.epoch)
    mine, theirs = interrupted.step(), reference.step()
    assert not np.array_equal(interrupted.snapshot().parameters, mine.state.parameters)
    np.testing.assert_array_equal(mine.state.parameters, theirs.state.parameters)
    np.testing.assert_array_equal(mine.arrays["l0"], theirs.arrays["l0"])


def test_the_speed_counts_parts_of_epochs(interrupted):
    interrupted.run_for(0.0)
    assert interrupted.snapshot().epochs_per_second > 0


# Memory


@pytest.mark.parametrize("name", ["full batch", "mini-batches", "windows"])
def test_running_on_takes_no_more_memory(name):
    trainer, _ = start(name)
    trainer.run_epochs(50)
    tracemalloc.start()
    try:
        trainer.run_epochs(20)
        before, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        trainer.run_epochs(100)
        after, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < 20_000  # a page of the history
    assert peak - before < 3_000_000  # a block of epochs (1 MB) and the temporaries of its metrics


def test_listeners_hear_of_every_epoch_once_and_in_order():
    trainer = Trainer(recipe(), blog())
    recorded = Recorded(trainer)
    for _ in range(5):
        trainer.run_epochs(3)
        trainer.run_for(0.001)
    assert recorded.epochs == list(range(1, trainer.epoch + 1))


@pytest.mark.parametrize("batch_size", ["all", 10])
def test_a_slice_ends_soon_after_it_is_interrupted(batch_size):
    trainer = Trainer(recipe(batch_size=batch_size), blog() if batch_size == "all" else points())
    asked = 0

    def interrupted():
        nonlocal asked
        asked += 1
        return asked == 3

    trainer.run_for(1000.0, interrupted=interrupted)
    assert asked == 3
