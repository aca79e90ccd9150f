"""Early stopping: where a run has no lower loss for some epochs, and its best epoch."""

from dataclasses import replace

import numpy as np
import pytest

from nn_tui.training.edits import DatumEdit, RecipeEdit
from nn_tui.training.run import Run
from nn_tui.training.stopping import PatienceCheck
from nn_tui.training.timeline import Timeline
from nn_tui.training.trainer import Trainer
from tests.training.runs import flowers, recipe, same

WAYS = {
    "full batch": recipe(learning_rate=0.1, output="softmax", loss="cross_entropy"),
    "mini-batches": recipe(
        learning_rate=0.05, output="softmax", loss="cross_entropy", batch_size=7, shuffle=True
    ),
    "some losses": recipe(
        learning_rate=0.1, output="softmax", loss="cross_entropy", evaluate_every=3
    ),
}


def noisy(validation=0, test=20):
    """Samples of which a network learns the noise by heart."""
    dataset = flowers(60, test)
    kinds = np.random.default_rng(0).permutation(dataset.targets)
    mixed = np.where(np.arange(60)[:, None] % 3 == 0, kinds, dataset.targets)
    count = dataset.train_count - validation
    return replace(dataset, targets=mixed, train_count=count, validation_count=validation)


def patient(made, patience, **values):
    return replace(made, training=replace(made.training, patience=patience, **values))


def expected(made, dataset, patience, column, most=3000):
    """The last and the best epoch by a plain loop over the recorded losses."""
    trainer = Trainer(made, dataset)
    trainer.run_epochs(most)
    curve, best, lowest = trainer.history.curve(), 0, np.inf
    for epoch, loss in zip(curve.first, curve.band(column).low, strict=True):
        if loss < lowest:
            best, lowest = int(epoch), loss
        elif epoch - best >= patience:
            return int(epoch), best
    raise AssertionError("the loss was lower and lower")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("validation", "test", "column"),
    [(15, 20, "validation_loss"), (0, 20, "test_loss"), (15, 0, "validation_loss")],
)
@pytest.mark.parametrize("stride", [3000, 1])
def test_a_run_stops_after_so_many_epochs_without_a_lower_loss(
    way, validation, test, column, stride
):
    dataset = noisy(validation, test)
    last, best = expected(WAYS[way], dataset, 12, column, 1500)
    trainer = Trainer(patient(WAYS[way], 12), dataset)
    while not trainer.stopped:
        trainer.run_epochs(stride)
    assert (trainer.epoch, trainer.best.epoch) == (last, best)
    name = column.split("_")[0]
    assert trainer.stopped == (
        f"stopped at epoch {last:,}: no lower {name} loss for 12 epochs; best at epoch {best:,}"
    )


def test_without_patience_the_run_is_the_same_and_does_not_stop():
    dataset, made = noisy(15), WAYS["full batch"]
    plain, stopping = Trainer(made, dataset), Trainer(patient(made, 12), dataset)
    stopping.run_epochs(3000)
    plain.run_epochs(stopping.epoch)
    assert not plain.stopped
    same(plain, replace_recipe(stopping, plain.recipe))


def replace_recipe(trainer, made):
    trainer.recipe = made
    return trainer


def test_a_stopped_run_can_be_continued_for_as_many_epochs_again():
    trainer = Trainer(patient(WAYS["full batch"], 12), noisy(15))
    trainer.run_epochs(3000)
    last, best = trainer.epoch, trainer.best
    trainer.clear_stop()
    trainer.run_epochs(3000)
    assert (trainer.epoch, trainer.best) == (last + 12, best)


def test_a_change_is_given_as_many_epochs():
    trainer = Trainer(patient(WAYS["full batch"], 12), noisy(15))
    trainer.run_epochs(trainer_end(trainer) - 3)
    epoch = trainer.epoch
    trainer.apply(RecipeEdit(epoch, (("training.learning_rate", 1e-9),)))
    trainer.run_epochs(100)
    assert trainer.epoch == epoch + 12


def trainer_end(trainer):
    other = Trainer(trainer.recipe, trainer.dataset)
    other.run_epochs(3000)
    return other.epoch


def test_losses_that_are_not_comparable_begin_a_new_search():
    trainer = Trainer(WAYS["full batch"], noisy(15))
    trainer.run_epochs(20)
    before = trainer.best
    trainer.apply(DatumEdit(20, 0, 0, 1.0))  # a training sample
    assert trainer.best == before
    trainer.apply(DatumEdit(20, trainer.dataset.train_count, 0, 1.0))  # a validation sample
    assert trainer.best is None
    trainer.run_epochs(3)
    assert trainer.best.epoch > 20


def test_a_run_that_is_taken_up_within_its_patience_stops_where_it_would_have():
    whole = Trainer(patient(WAYS["full batch"], 12), noisy(15))
    whole.run_epochs(3000)
    trainer = Trainer(whole.recipe, whole.dataset)
    trainer.run_epochs(whole.epoch - 5)
    resumed = Trainer(whole.recipe, whole.dataset)
    resumed.restore(trainer.keyframe())
    resumed.run_epochs(3000)
    assert (resumed.epoch, resumed.best) == (whole.epoch, whole.best)
    old = Trainer(whole.recipe, whole.dataset)
    old.restore(replace(trainer.keyframe(), best=None))  # saved by an earlier version
    old.run_epochs(3000)
    assert (old.epoch, old.best) == (whole.epoch, whole.best)


def test_restoring_the_best_epoch_has_its_weights_bit_for_bit():
    made = patient(WAYS["mini-batches"], 12, restore_best=True)
    timeline = Timeline(Run("noisy", made, noisy(15)))
    while not timeline.trainer.stopped:
        timeline.run_for(0.05, 3000)
    last, best = timeline.trainer.epoch, timeline.trainer.best
    assert timeline.restore_best() == best and timeline.trainer.epoch == best.epoch < last
    direct = Trainer(made, noisy(15))
    direct.run_epochs(best.epoch)
    same(direct, timeline.trainer)
    assert timeline.best == best and timeline.furthest == last
    assert timeline.snapshot().best == best
    timeline.go_to(last)
    assert timeline.trainer.best == best


def test_the_best_epoch_of_a_run_that_went_back_is_that_of_the_whole_run():
    timeline = Timeline(Run("noisy", WAYS["full batch"], noisy(15)))
    timeline.run_for(1e9, 200)
    best = timeline.trainer.best
    timeline.go_to(5)
    assert timeline.trainer.best.epoch <= 5 and timeline.best == best


@pytest.mark.parametrize("seed", range(20))
def test_epochs_at_once_are_checked_as_one_by_one(seed):
    random = np.random.default_rng(seed)
    losses, patience = random.integers(0, 8, 40).astype(float), int(random.integers(1, 8))
    check = PatienceCheck()
    check.append(np.arange(1), np.array([5.0]))
    at_once = check.would_reach(np.arange(1, 41), losses, patience)
    reached = False
    for epoch, loss in enumerate(losses, 1):
        check.append(np.array([epoch]), np.array([loss]))
        reached |= check.reached(epoch, patience)
    assert at_once == reached


def test_a_run_that_was_replayed_beyond_its_stop_continues_for_as_many_epochs():
    timeline = Timeline(Run("noisy", patient(WAYS["full batch"], 12), noisy(15)))
    timeline.run_for(1e9, 3000)
    last = timeline.trainer.epoch
    timeline.go_to(3)
    timeline.go_to(last)
    timeline.run_for(1e9, 3000)
    assert timeline.trainer.epoch == last + 12
