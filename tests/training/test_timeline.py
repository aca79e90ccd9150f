"""Edits, undo and redo, any epoch: always the run that its recipe and edits tell."""

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from nn_tui.data.errors import DataError
from nn_tui.recipe.recipe import RecipeError
from nn_tui.training.edit_effects import samples_after
from nn_tui.training.edits import DatumEdit, ParameterEdit, PruneEdit, RecipeEdit
from nn_tui.training.keyframes import Keyframes
from nn_tui.training.run import Run, RunPosition
from nn_tui.training.timeline import Timeline
from nn_tui.training.trainer import Trainer
from tests.training.runs import blog, flowers, points, recipe, same_curve


def timeline(*, dataset=None, **values):
    return Timeline(Run("a run", recipe(**values), dataset or blog("xor")))


def train(line, epochs):
    goal = line.trainer.epoch + epochs
    while line.trainer.epoch < goal and not line.trainer.diverged:
        line.run_for(60, goal)


def rate(value):
    return lambda epoch: RecipeEdit(epoch, (("training.learning_rate", value),))


def replayed(position):
    """A trainer that carries out a run's edits one by one, knowing nothing of keyframes."""
    run = position.run
    trainer = Trainer(run.recipe, run.dataset)
    for edit in run.edits:
        if edit.epoch <= position.epoch:
            trainer.run_epochs(edit.epoch - trainer.epoch)
            trainer.apply(edit)
    trainer.run_epochs(position.epoch - trainer.epoch)
    return trainer


def same_moment(line, position):
    """Whether the timeline stands at ``position``, to the last bit."""
    wanted, have = replayed(position).snapshot(), line.snapshot()
    assert have.epoch == wanted.epoch
    assert have.recipe == wanted.recipe
    assert have.edits == wanted.edits
    for name in ("parameters", "gradient", "change"):
        np.testing.assert_array_equal(getattr(have, name), getattr(wanted, name), name)
    np.testing.assert_array_equal(have.dataset.inputs, wanted.dataset.inputs)
    np.testing.assert_array_equal(have.dataset.targets, wanted.dataset.targets)
    same_curve(have.losses, wanted.losses)
    assert have.train_loss == wanted.train_loss
    assert have.test_loss == wanted.test_loss
    assert (have.mask is None) == (wanted.mask is None)


def test_undo_stands_before_the_edit_and_redo_where_one_was():
    line = timeline()
    train(line, 30)
    line.edit(rate(0.25))
    before = line.run.until(29)
    train(line, 12)
    after = line.run
    assert line.undo() == "learning rate 0.25 → 1"
    same_moment(line, RunPosition(before, 30))
    assert line.undo() == ""
    assert line.redo() == "learning rate 1 → 0.25"
    same_moment(line, RunPosition(after, 42))
    assert line.redo() == ""


def test_a_change_of_the_past_forks_and_the_old_run_can_be_had_again():
    line = timeline()
    train(line, 50)
    old = line.run
    line.go_to(20)
    assert line.snapshot().ahead is not None
    assert line.snapshot().ahead.last[-1] == 50
    left = line.edit(rate(3.0))
    assert left.run is old
    assert left.furthest == 50
    assert line.snapshot().ahead is None
    assert line.snapshot().losses.last[-1] == 20
    train(line, 5)
    same_moment(line, RunPosition(line.run, 25))
    line.jump(left.end, "the old run")
    same_moment(line, RunPosition(old, 50))
    line.undo()
    assert line.trainer.epoch == 25


def test_going_on_in_the_past_without_a_change_makes_the_same_edits_again():
    line = timeline()
    for value in (0.5, 2.0, 0.1):
        train(line, 10)
        line.edit(rate(value))
    train(line, 10)
    run = line.run
    for epoch in (0, 10, 15, 20, 31, 40):
        line.go_to(epoch)
        same_moment(line, RunPosition(run, epoch))
    line.go_to(5)
    train(line, 35)
    same_moment(line, RunPosition(run, 40))
    train(line, 3)
    assert line.run is run
    assert line.furthest == 43


def test_another_start_is_undone_too():
    line = timeline()
    train(line, 20)
    line.start(Run("other", recipe(hidden=(2,)), blog()), "hidden layers 2")
    train(line, 3)
    assert line.undo() == "hidden layers 2 → 4"
    assert line.trainer.epoch == 20
    assert line.run.name == "a run"
    line.redo()
    assert line.trainer.epoch == 3
    assert line.trainer.network.sizes == (3, 2, 1)


REFUSED = {
    "no such matrix": (lambda e: ParameterEdit(e, "W7", (0, 0), 1.0), "network has no W7"),
    "outside": (lambda e: ParameterEdit(e, "W0", (3, 0), 1.0), "W0[3,0] does not exist; W0 is 3×4"),
    "infinite": (lambda e: ParameterEdit(e, "W0", (0, 0), np.inf), "must be a finite number"),
    "no such sample": (lambda e: DatumEdit(e, 4, 0, 1.0), "4 samples of 4 columns"),
    "not a number": (lambda e: DatumEdit(e, 0, 0, np.nan), "must be a finite number"),
    "other network": (
        lambda e: RecipeEdit(e, (("network.hidden", (5,)),)),
        "restart to train it",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_changes_nothing(name):
    make, words = REFUSED[name]
    line = timeline()
    train(line, 7)
    run = line.run
    with pytest.raises((RecipeError, DataError)) as refused:
        line.edit(make)
    assert words in str(refused.value)
    assert line.run is run
    assert line.undoable == ""
    same_moment(line, RunPosition(run, 7))


def test_a_bias_is_not_cut_off():
    line = timeline(bias=True)
    with pytest.raises(RecipeError, match="only weights"):
        line.edit(lambda epoch: PruneEdit(epoch, "b0", (1,)))


def test_a_weight_that_was_cut_off_stays_zero_until_it_is_set():
    line = timeline(optimizer="adam", learning_rate=0.1)
    train(line, 5)
    line.edit(lambda epoch: PruneEdit(epoch, "W0", (1, 2)))
    train(line, 20)
    assert line.snapshot().weights["W0"][1, 2] == 0
    assert not line.snapshot().masks["W0"][1, 2]
    line.edit(lambda epoch: ParameterEdit(epoch, "W0", (1, 2), 0.5))
    train(line, 1)
    assert line.snapshot().weights["W0"][1, 2] not in (0, 0.5)
    assert line.snapshot().masks["W0"].all()


def test_a_class_is_changed_and_features_follow_their_column():
    line = timeline(dataset=flowers(), output="softmax", loss="cross_entropy")
    dataset = line.trainer.dataset
    line.edit(lambda epoch: DatumEdit(epoch, 3, 2, (dataset.targets[3, 0] + 1) % 3))
    train(line, 2)
    assert line.trainer.dataset.targets[3, 0] != dataset.targets[3, 0]
    with pytest.raises(DataError, match="is not a class"):
        line.edit(lambda epoch: DatumEdit(epoch, 3, 2, 7.0))
    assert samples_after(dataset, line.run.edits).targets[3, 0] == (dataset.targets[3, 0] + 1) % 3


def test_keyframes_stay_within_their_room():
    trainer = Trainer(recipe(hidden=(64,)), points())
    kept = Keyframes(trainer, room=2_000_000)
    for _ in range(60):
        trainer.run_epochs(3)
        kept.keep(trainer)
        assert kept.nbytes <= 2_000_000
    assert kept.nearest(180, ()).epoch > 0


def test_keyframes_of_a_large_network_stay_within_64_mb():
    values = {"hidden": (256, 128), "optimizer": "adam", "dtype": "float32", "learning_rate": 1e-3}
    trainer = Trainer(recipe(**values), points(20, inputs=784, outputs=10))
    kept = Keyframes(trainer)
    for _ in range(24):
        trainer.run_epochs(1)
        kept.keep(trainer)
        assert kept.nbytes <= 64 * 2**20
    assert kept.nearest(24, ()).epoch > 12


class Sitting(RuleBasedStateMachine):
    """Anything a person may do, in any order; a fresh trainer must come to the same."""

    @initialize(
        optimizer=st.sampled_from(["sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam"]),
        batch=st.sampled_from(["all", 5, 16]),
        partial=st.sampled_from(["keep", "carry"]),
        shuffle=st.booleans(),
        penalty=st.sampled_from(["none", "l1"]),
    )
    def begin(self, optimizer, batch, partial, shuffle, penalty):
        self.line = timeline(
            dataset=points(23, tested=4),
            hidden=(3,),
            optimizer=optimizer,
            learning_rate=0.05,
            batch_size=batch,
            partial_batch=partial,
            shuffle=shuffle,
            penalty=penalty,
            penalty_rate=0.01,
        )
        self.line._replayer._keyframes._interval = 0.0

    @rule(epochs=st.integers(1, 12))
    def run(self, epochs):
        train(self.line, epochs)

    @rule(value=st.floats(0.001, 0.2))
    def change_the_rate(self, value):
        self.line.edit(rate(value))

    @rule(
        key=st.sampled_from(
            [
                ("training.optimizer", "adam"),
                ("training.optimizer", "momentum"),
                ("training.batch_size", 7),
                ("training.batch_size", "all"),
                ("training.penalty", "l2"),
                ("training.loss", "huber"),
            ]
        )
    )
    def change_the_method(self, key):
        self.line.edit(lambda epoch: RecipeEdit(epoch, (key,)))

    @rule(row=st.integers(0, 1), column=st.integers(0, 2), value=st.floats(-1, 1))
    def set_a_weight(self, row, column, value):
        self.line.edit(lambda epoch: ParameterEdit(epoch, "W0", (row, column), value))

    @rule(row=st.integers(0, 1), column=st.integers(0, 2))
    def cut_a_weight_off(self, row, column):
        self.line.edit(lambda epoch: PruneEdit(epoch, "W0", (row, column)))

    @rule(sample=st.integers(0, 22), column=st.integers(0, 2), value=st.floats(0, 1))
    def change_a_datum(self, sample, column, value):
        self.line.edit(lambda epoch: DatumEdit(epoch, sample, column, value))

    @rule()
    def undo(self):
        self.line.undo()

    @rule()
    def redo(self):
        self.line.redo()

    @rule(share=st.floats(0, 1))
    def travel(self, share):
        self.line.go_to(round(share * self.line.furthest))

    @invariant()
    def is_what_recipe_and_edits_tell(self):
        if hasattr(self, "line"):
            same_moment(self.line, self.line.position)


Sitting.TestCase.settings = settings(max_examples=5, stateful_step_count=60, deadline=None)
TestSitting = Sitting.TestCase


def test_what_broke_off_is_torn_until_it_is_mended_at_the_last_moment_kept(monkeypatch):
    line = timeline()
    line.run_for(60, 10)
    line.edit(lambda epoch: RecipeEdit(epoch, (("training.learning_rate", 0.5),)))
    line.run_for(60, 20)
    line.go_to(10)
    wanted = line.snapshot().parameters
    line.go_to(20)
    real = Trainer.run_for

    def breaks_off(trainer, *words):
        real(trainer, *words)
        trainer.runner.loop.state.parameters[0] = 1e9
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(Trainer, "run_for", breaks_off)
        with pytest.raises(ZeroDivisionError):
            line.run_for(60, 30)
    assert line.corrupted and not line.whole
    line.repair()
    assert line.whole and not line.corrupted
    line.go_to(10)
    np.testing.assert_array_equal(line.snapshot().parameters, wanted)
    assert line.run.edits and line.undo() == "learning rate 0.5 → 1"


def test_what_is_refused_tears_nothing():
    line = timeline()
    line.run_for(60, 10)
    with pytest.raises(RecipeError):
        line.edit(lambda epoch: ParameterEdit(epoch, "W9", (0, 0), 1.0))
    assert line.whole
