"""The session: what a person asks for, carried out between slices of training."""

import asyncio
import itertools
from contextlib import asynccontextmanager

import numpy as np
import pytest

from nn_tui import experiment
from nn_tui.recipe.presets import PRESETS
from nn_tui.recipe.recipe import RecipeError
from nn_tui.runs import new_timeline
from nn_tui.training.trainer import Trainer
from nn_tui.tui.session.pacing import KeyPriority
from nn_tui.tui.session.session import Session
from tests.files.runs.sittings import replayed

PATIENCE = 60.0


class Recorder:
    """A listener that records the snapshots and messages of a session at work."""

    def __init__(self, timeline):
        self.messages, self.questions, self.explanations = [], [], []
        self.session = Session(timeline, 30, self)
        self.snapshots = [timeline.snapshot()]
        self.task = asyncio.create_task(self.session.work())

    def on_snapshot(self, snapshot):
        self.snapshots.append(snapshot)

    def on_message(self, message):
        self.messages.append(message)

    def on_question(self, question):
        self.questions.append(question)

    def on_explanation(self, debugger, snapshot):
        self.explanations.append((debugger, snapshot))

    def on_running_changed(self):
        pass

    def is_ready(self):
        return True

    @property
    def last(self):
        return self.snapshots[-1]

    async def settled(self):
        await asyncio.wait_for(self.session.settled(), PATIENCE)

    async def until(self, condition):
        """Wait until something is so."""

        async def watch():
            while not condition():
                await asyncio.sleep(0.005)

        await asyncio.wait_for(watch(), PATIENCE)


class Claimed(KeyPriority):
    """A key is always there; training is let go on all the same."""

    claimed = property(lambda self: True, lambda self, claimed: None)

    times = 0

    async def wait(self):
        self.times += 1
        await asyncio.sleep(0)


@asynccontextmanager
async def working(text="blog", *assignments):
    found = experiment.load_experiment(text, ["view.pace=0", *assignments])
    seen = Recorder(new_timeline(found))
    await seen.settled()
    yield seen
    seen.session.close()
    await asyncio.wait_for(seen.task, PATIENCE)


def naive(epochs, *assignments):
    """The parameters after so many epochs without a session."""
    found = experiment.load_experiment("blog", assignments)
    trainer = Trainer(found.recipe, found.dataset)
    trainer.run_epochs(epochs)
    return trainer.snapshot().parameters


# Running


async def test_it_trains_as_many_epochs_as_asked_for_and_shows_them():
    async with working() as seen:
        assert seen.last.epoch == 0
        for epochs, total in ((1, 1), (10, 11), (39, 50)):
            seen.session.train(epochs)
            await seen.settled()
            assert seen.last.epoch == total
        np.testing.assert_array_equal(seen.last.parameters, naive(50))


@pytest.mark.parametrize("pace", ["0", "1000"])
async def test_at_the_last_epoch_it_pauses_says_so_and_goes_on_for_as_many(pace):
    async with working("blog", f"view.pace={pace}") as seen:
        for total in (50, 100, 150):
            seen.session.toggle()
            assert seen.session.running
            await seen.settled()
            assert seen.last.epoch == total
            assert not seen.session.running
            assert seen.session.finished
            assert seen.messages[-1] == (
                f"Finished {total} epochs",
                "`run` continues for 50 more",
                False,
            )
        np.testing.assert_array_equal(seen.last.parameters, naive(150))


async def test_it_pauses_and_stays_where_it_is():
    async with working("blog-xor", "training.epochs=0") as seen:
        seen.session.toggle()
        await seen.until(lambda: seen.last.epoch > 100)
        seen.session.toggle()
        await seen.settled()
        epoch = seen.last.epoch
        await asyncio.sleep(0.1)
        assert seen.last.epoch == seen.session.trainer.epoch == epoch


async def test_no_picture_of_training_is_made_while_a_key_waits_to_be_seen():
    async with working("blog-xor", "training.epochs=0") as seen:
        seen.session.slices.key_priority = Claimed()
        seen.session.toggle()
        await seen.until(lambda: seen.session.running and len(seen.snapshots) == 2)
        await seen.until(lambda: seen.session.trainer.epoch > 50_000)
        assert len(seen.snapshots) == 2
        seen.session.toggle()
        await seen.settled()
        assert seen.last.epoch == seen.session.trainer.epoch


async def test_a_picture_of_a_paced_run_comes_after_what_a_key_did_and_is_not_left_out():
    async with working("blog", "view.pace=100", "training.epochs=0") as seen:
        seen.session.slices.key_priority = priority = Claimed()
        seen.session.toggle()
        await seen.until(lambda: len(seen.snapshots) > 20)
        seen.session.toggle()
        await seen.settled()
        assert priority.times > 1.5 * len(seen.snapshots)  # before each slice and each picture


async def test_a_paced_run_shows_every_bit_of_the_way():
    async with working("blog", "view.pace=100") as seen:
        seen.session.toggle()
        await seen.settled()
        epochs = [snapshot.epoch for snapshot in seen.snapshots]
        assert epochs[-1] == 50
        assert max(np.diff(epochs)) <= 100 / 30 + 1


async def test_stepping_pauses_a_run():
    async with working("blog-xor", "training.epochs=0") as seen:
        seen.session.toggle()
        await seen.until(lambda: seen.last.epoch > 0)
        seen.session.train(1)
        await seen.settled()
        assert not seen.session.running


async def test_stepping_goes_beyond_the_last_epoch():
    async with working() as seen:
        seen.session.train(60)
        await seen.settled()
        assert seen.last.epoch == 60
        seen.session.toggle()
        await seen.settled()
        assert seen.last.epoch == 110


# Changing


async def test_a_live_change_while_it_runs_goes_on_with_the_same_weights():
    async with working("blog-xor", "training.epochs=0") as seen:
        seen.session.toggle()
        await seen.until(lambda: seen.last.epoch > 100)
        trainer = seen.session.trainer
        message = seen.session.change("training.learning_rate", "0.25")
        assert message == ("learning rate is 0.25", "", False)
        await seen.until(lambda: seen.last.recipe.training.learning_rate == 0.25)
        assert seen.session.trainer is trainer
        assert seen.session.running
        assert seen.last.epoch > 100


async def test_a_change_of_the_network_while_it_runs_starts_another_run_that_runs():
    async with working("blog-xor", "training.epochs=0") as seen:
        seen.session.toggle()
        await seen.until(lambda: seen.last.epoch > 100)
        assert seen.session.change("network.hidden", "5,3") == (
            "hidden layers is 5, 3: restarted",
            "`undo` undoes it",
            False,
        )
        await seen.until(lambda: seen.last.network.sizes == (3, 5, 3, 1))
        assert seen.session.running
        await seen.until(lambda: seen.last.epoch > 0)
        first = next(s for s in seen.snapshots if s.network.sizes == (3, 5, 3, 1))
        assert first.epoch < 100_000


async def test_what_is_asked_for_at_once_is_all_done():
    async with working() as seen:
        seen.session.change("network.hidden", "5")
        seen.session.change("network.activation", "tanh")
        seen.session.change("training.learning_rate", "0.5")
        assert seen.session.requested_recipe.network.hidden == (5,)
        assert seen.session.recipe.network.hidden == (4,)
        seen.session.change("training.learning_rate", "0.25")
        await seen.settled()
        assert seen.last.network.sizes == (3, 5, 1)
        assert seen.last.network.activation == "tanh"
        assert seen.last.recipe.training.learning_rate == 0.25
        assert seen.session.requested_recipe == seen.session.recipe


async def test_more_epochs_move_the_goal():
    async with working() as seen:
        seen.session.change("training.epochs", "80")
        seen.session.toggle()
        await seen.settled()
        assert seen.last.epoch == 80


@pytest.mark.parametrize(
    ("key", "text", "allowed"),
    [
        ("training.learning_rate", "abc", "a number above 0"),
        ("training.learning_rate", "-1", "a number above 0"),
        ("training.learning_rate", "1e400", "a number above 0"),
        ("training.learning_rate", "nan", "a number above 0"),
        ("network.hidden", "4,,2", "comma-separated layer sizes"),
        ("network.hidden", "0", "comma-separated layer sizes"),
        ("network.activation", "sigmoidd", "did you mean sigmoid?"),
        ("training.batch_size", "0", "'all' or a whole number"),
    ],
)
async def test_a_wrong_value_is_refused_with_the_key_and_what_is_allowed(key, text, allowed):
    async with working() as seen:
        recipe = seen.session.recipe
        with pytest.raises(RecipeError) as refused:
            seen.session.change(key, text)
        assert str(refused.value).startswith(f"{key} = {text} is not allowed")
        assert allowed in str(refused.value)
        await seen.settled()
        assert seen.session.recipe is recipe
        assert seen.session.requested_recipe is recipe


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [
        ("network.hidden", "10000000,10000000", "memory"),
        ("data.source", "no-such-thing", "no-such-thing"),
    ],
)
async def test_what_turns_out_to_be_impossible_leaves_everything_as_it_was(key, text, said):
    async with working("blog-xor", "training.epochs=0") as seen:
        seen.session.toggle()
        await seen.until(lambda: seen.last.epoch > 0)
        before = seen.session.trainer, seen.session.name, seen.session.preset
        seen.session.change(key, text)
        await seen.until(lambda: seen.messages)
        text, _, bad = seen.messages[-1]
        assert bad
        assert said in text
        assert (seen.session.trainer, seen.session.name, seen.session.preset) == before
        assert seen.session.requested_recipe[key] != text
        epoch = seen.last.epoch
        await seen.until(lambda: seen.last.epoch > epoch)


async def test_what_is_asked_for_after_an_impossible_thing_is_done():
    async with working() as seen:
        seen.session.change("network.hidden", "10000000,10000000")
        seen.session.change("training.learning_rate", "0.5")
        await seen.settled()
        assert seen.last.network.sizes == (3, 4, 1)
        assert seen.last.recipe.training.learning_rate == 0.5


async def test_what_was_changed_before_one_is_answered_stays_so(tmp_path):
    """Whether rows with missing values are left out."""
    path = tmp_path / "gaps.csv"
    path.write_text("a,b,c,y\n1,2,3,0\n,3,4,1\n4,5,6,1\n")
    async with working("blog", "network.output=linear") as seen:
        seen.session.change("data.source", str(path))
        seen.session.change("training.learning_rate", "0.25")
        await seen.settled()
        assert seen.last.recipe.data.source == "blog"
        seen.questions[0].drop_rows()
        await seen.settled()
        recipe = seen.last.recipe
        assert (recipe.data.source, recipe.data.missing) == (str(path), "drop")
        assert recipe.training.learning_rate == 0.25


async def test_an_experiment_that_cannot_be_opened_leaves_the_old_one(tmp_path):
    (tmp_path / "huge.toml").write_text("network.hidden = [10000000, 10000000]\n")
    async with working() as seen:
        seen.session.open(str(tmp_path / "huge.toml"))
        await seen.settled()
        assert seen.messages[-1].bad
        assert seen.session.name == "blog"
        assert seen.session.preset == PRESETS["blog"].recipe.with_value("view.pace", 0.0)
        assert seen.last.dataset.name == "blog"


# Beginning again


async def test_a_restart_is_another_run_from_the_same_weights_with_the_same_recipe():
    async with working() as seen:
        start = seen.last.parameters
        seen.session.change("training.learning_rate", "0.5")
        seen.session.train(20)
        await seen.settled()
        old = seen.session.trainer
        seen.session.restart()
        await seen.settled()
        assert seen.session.trainer is not old
        assert old.epoch == 20
        assert seen.last.epoch == 0
        assert len(seen.last.losses) == 1
        assert seen.last.recipe.training.learning_rate == 0.5
        np.testing.assert_array_equal(seen.last.parameters, start)


async def test_a_restart_while_it_runs_drops_the_old_run():
    async with working("blog-xor", "training.epochs=0") as seen:
        seen.session.toggle()
        await seen.until(lambda: seen.last.seconds > 0.5)  # more than there are in a slice
        old = seen.session.trainer
        seen.session.restart()
        await seen.until(lambda: seen.session.trainer is not old)
        reached = old.epoch
        await seen.until(lambda: len(seen.snapshots) > 2 and seen.last.epoch > 0)
        seen.session.toggle()
        await seen.settled()
        assert old.epoch == reached
        trained = [snapshot.seconds for snapshot in seen.snapshots]
        assert sum(b < a for a, b in itertools.pairwise(trained)) == 1


async def test_new_weights_are_others_each_time():
    async with working() as seen:
        starts = [seen.last.parameters]
        for _ in range(3):
            seen.session.redraw_weights()
            await seen.settled()
            starts.append(seen.last.parameters)
        assert len({tuple(start) for start in starts}) == 4


async def test_new_weights_where_the_seed_is_a_text():
    async with working("circle", "network.seed=0.60520", "data.samples=20") as seen:
        start = seen.last.parameters
        seen.session.redraw_weights()
        await seen.settled()
        assert seen.messages == []
        assert not np.array_equal(seen.last.parameters, start)


async def test_another_experiment_takes_the_place_paused():
    async with working("blog-xor", "training.epochs=0") as seen:
        seen.session.toggle()
        await seen.until(lambda: seen.last.epoch > 0)
        seen.session.open("circle")
        await seen.settled()
        assert seen.session.name == "circle"
        assert seen.session.preset == seen.session.recipe == PRESETS["circle"].recipe
        assert seen.last.epoch == 0
        assert seen.last.dataset.name == "circle"
        seen.session.train(2)
        await seen.settled()
        assert seen.last.epoch == 2


# Standing still

WILD = ("network.activation=linear", "network.output=linear", "training.learning_rate=10")


@pytest.mark.parametrize("ask", ["toggle", "train"])
async def test_a_run_that_blows_up_says_so_and_how_to_go_on(ask):
    async with working("blog", *WILD) as seen:
        seen.session.toggle() if ask == "toggle" else seen.session.train(50)
        await seen.settled()
        text, advice, bad = seen.messages[-1]
        assert bad
        assert "diverged" in text
        assert advice.endswith(f"sets {seen.session.trainer.smaller_rate:g}")
        assert not seen.session.running
        assert not seen.session.finished
        assert seen.last.diverged
        assert np.isfinite(seen.last.parameters).all()
        seen.session.restart()
        seen.session.change("training.learning_rate", "0.01")
        seen.session.train(5)
        await seen.settled()
        assert seen.last.epoch == 5
        assert not seen.last.diverged


@pytest.mark.parametrize(
    ("good", "more"),
    [
        (0, ()),  # worse from the first epoch on
        (0, ("training.evaluate_every=2",)),
        (21, ()),
        (21, ("training.optimizer=momentum",)),
        (21, ("training.evaluate_every=7",)),
    ],
)
async def test_after_a_divergence_it_goes_back_to_the_best_epoch_with_a_stable_rate(good, more):
    async with working("blog", *WILD[:2], "training.learning_rate=0.01", *more) as seen:
        session, rate, best = seen.session, 400.0, good
        session.train(good)
        await seen.settled()
        session.change("training.learning_rate", str(rate))
        session.train(500)
        await seen.settled()
        assert seen.last.diverged
        smaller = session.trainer.smaller_rate
        assert smaller < 0.1
        session.recover()
        await seen.settled()
        assert seen.last.epoch == best
        assert not seen.last.diverged
        assert seen.last.recipe.training.learning_rate == smaller
        assert seen.messages[-1] == (
            f"back at epoch {best:,} with learning rate {smaller:g}",
            "`undo` undoes it",
            False,
        )
        here = seen.last.parameters
        session.train(1)
        await seen.settled()
        again = replayed(session.timeline.run, seen.last.epoch).snapshot()
        np.testing.assert_array_equal(seen.last.parameters, again.parameters)
        session.undo()
        await seen.settled()
        assert seen.last.epoch == best
        assert seen.last.recipe.training.learning_rate == rate
        np.testing.assert_array_equal(seen.last.parameters, here)


async def test_where_the_limit_is_known_a_single_recovery_is_enough():
    async with working("blog", *WILD, "training.learning_rate=1000") as seen:
        seen.session.train(200)
        await seen.settled()
        assert seen.last.diverged
        seen.session.recover()
        seen.session.train(500)
        await seen.settled()
        assert seen.last.epoch == 500
        assert seen.last.train_loss < 0.1


async def test_halving_again_and_again_it_learns_in_the_end():
    carried = ("training.partial_batch=carry", "training.batch_size=3")  # of no known limit
    async with working("blog", *WILD, *carried) as seen:
        for _ in range(20):
            seen.session.train(500)
            await seen.settled()
            if not seen.last.diverged:
                break
            seen.session.recover()
            await seen.settled()
        assert seen.last.epoch >= 500
        assert seen.last.train_loss < 0.1


async def test_a_run_whose_loss_still_rises_ends_with_a_warning():
    linear = ("network.hidden=", "network.output=linear", "training.learning_rate=0.33")
    async with working("blog", *linear) as seen:
        seen.session.toggle()
        await seen.settled()
        assert seen.session.finished and not seen.last.diverged
        assert seen.last.epoch == 50
        text, _, bad = seen.messages[-1]
        assert bad
        assert text.startswith("Finished 50 epochs; the loss has risen from ")


@pytest.mark.parametrize("ask", ["toggle", "train"])
async def test_a_loss_to_stop_at_stops_and_one_can_go_on(ask):
    async with working("blog-xor", "training.stop_loss=0.1") as seen:
        seen.session.toggle() if ask == "toggle" else seen.session.train(60_000)
        await seen.settled()
        text, advice, _ = seen.messages[-1]
        assert "below training.stop_loss = 0.1" in text
        assert advice == "`run` continues"
        stopped = seen.last.epoch
        assert 0 < stopped < 60_000
        seen.session.toggle()
        await seen.settled()
        assert seen.last.epoch > stopped


# Leaving


async def test_leaving_waits_for_a_slice_at_most():
    async with working("blog-xor", "training.epochs=0") as seen:
        seen.session.toggle()
        await seen.until(lambda: seen.last.epoch > 0)


async def test_leaving_does_not_wait_for_all_epochs_that_were_asked_for():
    async with working("circle", "network.hidden=400,400") as seen:
        seen.session.train(10**9)
        await seen.until(lambda: seen.session.trainer.seconds > 0)


async def test_nothing_is_left_to_wait_for_after_leaving():
    async with working() as seen:
        seen.session.close()
        await asyncio.wait_for(seen.task, PATIENCE)
        await seen.settled()


# Explaining


async def test_it_pauses_and_hands_over_a_walk_that_leaves_the_run_alone():
    async with working("blog", "training.epochs=0") as seen:
        seen.session.toggle()
        await seen.until(lambda: seen.last.epoch > 0)
        seen.session.explain()
        await seen.settled()
        ((walk, snapshot),) = seen.explanations
        assert not seen.session.running
        assert walk.position == 1
        assert snapshot.epoch == seen.last.epoch
        start = walk.step.state.parameters.copy()
        np.testing.assert_array_equal(start, seen.last.parameters)
        walk.go_to(len(walk.lines))
        seen.session.train(1)
        await seen.settled()
        np.testing.assert_array_equal(seen.last.parameters, walk.step.state.parameters)


async def test_a_walk_is_of_what_was_asked_for_before_it():
    async with working() as seen:
        seen.session.open("iris")
        seen.session.explain()
        await seen.settled()
        ((walk, snapshot),) = seen.explanations
        assert snapshot.dataset.name == "iris"
        assert walk.step.state.network == snapshot.network


async def test_behind_another_experiment_a_pinned_curve_has_the_name_of_its_own():
    async with working() as seen:
        seen.session.change("training.learning_rate", "0.5")
        seen.session.train(3)
        seen.session.pin()
        await seen.settled()
        assert seen.session.pins[0].label == "1 lr 0.5"
        seen.session.open("circle")
        await seen.settled()
        assert seen.session.pins[0].label == "1 blog lr 0.5"
        seen.session.undo()
        await seen.settled()
        assert seen.session.pins[0].label == "1 lr 0.5"
