"""Replicas trained side by side: each is bit for bit the run of its seed alone."""

from dataclasses import replace

import numpy as np
import pytest

from nn_tui import experiment
from nn_tui.recipe.recipe import RecipeError
from nn_tui.training.edits import DatumEdit, ParameterEdit, PruneEdit, RecipeEdit
from nn_tui.training.run import Run
from nn_tui.training.timeline import Timeline
from nn_tui.training.trainer import Trainer
from tests.training.runs import blog, points, recipe


def timeline_of(dataset, **values):
    return Timeline(Run("x", recipe(**values), dataset))


def train(timeline, epoch):
    while timeline.epoch < epoch and timeline.group.training:
        timeline.run_for(0.02, epoch)


def alone(timeline, seed):
    """The trainer of that seed as a run of its own, at the epoch of the group."""
    run = timeline.run
    own = run.recipe.with_value("network.seed", seed).with_value("training.replicas", 1)
    single = Timeline(replace(run, recipe=own))
    while single.epoch < timeline.epoch:
        single.run_for(0.02, timeline.epoch)
    return single.trainer


def assert_each_is_alone(timeline):
    for seed, member in zip(timeline.group.seeds, timeline.group.members, strict=True):
        single = alone(timeline, seed)
        assert member.trainer.epoch == single.epoch
        assert np.array_equal(member.trainer.snapshot().parameters, single.snapshot().parameters), (
            seed
        )
        losses, expected = member.trainer.history.curve(), single.history.curve()
        assert np.array_equal(losses.train_middle, expected.train_middle), seed


@pytest.mark.parametrize(
    ("name", "epochs", "words"),
    [
        ("blog-xor", 3000, ["network.hidden=2"]),
        ("iris", 40, []),
        ("spiral", 12, ["training.optimizer=adam", "training.shuffle=true"]),
    ],
)
def test_twenty_replicas_have_the_weights_that_their_seeds_alone_give(name, epochs, words):
    opened = experiment.load_experiment(name, [*words, "training.replicas=20"])
    timeline = Timeline(Run(name, opened.recipe, opened.dataset))
    train(timeline, epochs)
    assert len(timeline.group.members) == 20
    for seed, member in zip(range(1, 21), timeline.group.members, strict=True):
        single = Trainer(
            experiment.load_experiment(name, [*words, f"network.seed={seed}"]).recipe,
            opened.dataset,
        )
        single.run_epochs(epochs)
        assert np.array_equal(member.trainer.snapshot().parameters, single.snapshot().parameters)


@pytest.mark.parametrize(
    "edit",
    [
        lambda epoch: RecipeEdit(epoch, (("training.learning_rate", 0.3),)),
        lambda epoch: ParameterEdit(epoch, "W0", (0, 1), 0.75),
        lambda epoch: PruneEdit(epoch, "W1", (2, 0)),
        lambda epoch: DatumEdit(epoch, 1, 0, 0.5),
    ],
)
def test_an_edit_is_one_of_all_replicas_and_is_undone_for_all(edit):
    timeline = timeline_of(blog("xor"), replicas=3)
    train(timeline, 60)
    before = [m.trainer.snapshot().parameters for m in timeline.group.members]
    timeline.edit(edit)
    train(timeline, 130)
    assert all(member.trainer.edits == timeline.run.edits for member in timeline.group.members)
    assert_each_is_alone(timeline)
    timeline.undo()
    after = [m.trainer.snapshot().parameters for m in timeline.group.members]
    assert timeline.epoch == 60
    assert np.array_equal(before, after)


def test_all_replicas_go_to_an_earlier_epoch_and_forward_again():
    timeline = timeline_of(blog("xor"), replicas=3)
    train(timeline, 200)
    whole = [member.trainer.history.curve().train_middle for member in timeline.group.members]
    timeline.go_to(77)
    assert_each_is_alone(timeline)
    for index in range(3):
        timeline.show_replica(index)
        ahead = timeline.snapshot().ahead
        assert ahead is not None and np.array_equal(ahead.train_middle, whole[index])
    assert timeline.furthest == 200
    timeline.go_to(200)
    assert_each_is_alone(timeline)
    assert timeline.snapshot().ahead is None
    timeline.go_to(50)
    timeline.edit(lambda epoch: RecipeEdit(epoch, (("training.learning_rate", 0.5),)))
    assert timeline.snapshot().ahead is None


def test_a_replica_opened_as_a_run_of_its_own_goes_on_without_the_others_until_undo():
    timeline = timeline_of(blog("xor"), replicas=4)
    train(timeline, 100)
    timeline.show_replica(2)
    assert timeline.snapshot().recipe.network.seed == 3
    timeline.open_replica("seed 3 opened")
    assert timeline.group is None
    assert timeline.recipe.network.seed == 3
    timeline.run_for(5, 150)
    assert timeline.epoch == 150
    timeline.go_to(30)
    assert np.array_equal(
        timeline.snapshot().parameters, alone_at(timeline.run.recipe, 30).snapshot().parameters
    )
    timeline.undo()
    assert [m.trainer.epoch for m in timeline.group.members] == [100] * 4
    assert_each_is_alone(timeline)


def alone_at(own, epoch):
    trainer = Trainer(own, blog("xor"))
    trainer.run_epochs(epoch)
    return trainer


def test_a_replica_that_diverges_stays_behind_and_the_others_continue():
    dataset, rate = points(20, inputs=3), 0.5
    for _ in range(40):  # a rate at which some diverge, and some not yet
        values = {"output": "linear", "activation": "relu", "learning_rate": rate}
        timeline = timeline_of(dataset, replicas=8, **values)
        train(timeline, 60)
        results = timeline.snapshot().replicas
        diverged = [r for r in results.results if r.diverged]
        if 0 < len(diverged) < 8:
            break
        rate *= 1.25 if not diverged else 0.85
    assert timeline.epoch == 60
    assert {r.epoch for r in results.results if not r.diverged} == {60}
    assert all(results.results[i].diverged for i in results.order[-len(diverged) :])
    assert f"{len(diverged)} diverged" in results.summary or not results.summary
    timeline.edit(lambda epoch: RecipeEdit(epoch, (("training.learning_rate", 0.001),)))
    train(timeline, 90)
    assert timeline.epoch == 90


def test_the_target_loss_stops_no_single_replica_but_is_what_they_are_counted_by():
    timeline = timeline_of(blog(), replicas=3, stop_loss=0.01)
    train(timeline, 20)
    assert not timeline.group.below_target
    assert timeline.snapshot().replicas.summary.startswith("0 below 0.01")
    train(timeline, 2000)
    assert timeline.group.below_target
    assert timeline.snapshot().replicas.summary == "3 below 0.01"


def test_an_interrupted_slice_leaves_replicas_that_the_next_one_takes_along():
    timeline = timeline_of(points(400, inputs=6), replicas=3, hidden=(64, 64), batch_size=1)
    timeline.run_for(0.01, None, lambda: True)
    train(timeline, 2)
    assert_each_is_alone(timeline)


def test_memory_is_estimated_for_all_replicas_before_any_is_made(monkeypatch):
    monkeypatch.setattr("nn_tui.training.memory_estimate.available_memory", lambda: 30_000_000)
    assert timeline_of(blog(), replicas=2).epoch == 0
    with pytest.raises(RecipeError, match=r"these 1,000 networks have .* or fewer replicas"):
        timeline_of(blog(), replicas=1000)
