"""Requests to a session, carried out between slices of training."""

import asyncio
import itertools
import math
from contextlib import asynccontextmanager

import numpy as np
import pytest

from nn_tui import experiment
from nn_tui.nn.kernels import status
from nn_tui.recipe.presets import PRESETS
from nn_tui.recipe.recipe import RecipeError
from nn_tui.runs import new_timeline
from nn_tui.training import chunk_size
from nn_tui.training.trainer import Trainer
from nn_tui.tui.session import frame_rate
from nn_tui.tui.session.frame_rate import KeyPriority
from nn_tui.tui.session.session import Session
from tests.conftest import ROOT
from tests.files.runs.timelines import replayed

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

    def on_columns(self, snapshot):
        pass

    def on_question(self, question):
        self.questions.append(question)

    def on_explanation(self, debugger, snapshot):
        self.explanations.append((debugger, snapshot))

    def on_running_changed(self):
        pass

    def on_sweep(self):
        pass

    def on_error(self, error):
        raise error

    def is_ready(self):
        return True

    @property
    def last(self):
        return self.snapshots[-1]

    async def settled(self):
        await asyncio.wait_for(self.session.settled(), PATIENCE)

    async def until(self, condition):
        """Wait until ``condition()`` is true."""

        async def watch():
            while not condition():
                await asyncio.sleep(0.005)

        await asyncio.wait_for(watch(), PATIENCE)


class AlwaysClaimed(KeyPriority):
    """A key is always waiting; training continues nevertheless."""

    claimed = property(lambda self: True, lambda self, claimed: None)

    times = 0

    async def wait(self):
        self.times += 1
        await asyncio.sleep(0)


@asynccontextmanager
async def working(text="blog", *assignments):
    found = experiment.load_experiment(text, ["view.pace=0", *assignments])
    recorder = Recorder(new_timeline(found))
    await recorder.settled()
    yield recorder
    recorder.session.close()
    await asyncio.wait_for(recorder.task, PATIENCE)


def trained_parameters(epochs, *assignments):
    """Parameters after ``epochs`` without a session."""
    found = experiment.load_experiment("blog", assignments)
    trainer = Trainer(found.recipe, found.dataset)
    trainer.run_epochs(epochs)
    return trainer.snapshot().parameters


# Running


async def test_train_runs_the_requested_epochs_and_shows_them():
    async with working() as recorder:
        assert recorder.last.epoch == 0
        for epochs, total in ((1, 1), (10, 11), (39, 50)):
            recorder.session.train(epochs)
            await recorder.settled()
            assert recorder.last.epoch == total
        np.testing.assert_array_equal(recorder.last.parameters, trained_parameters(50))


@pytest.mark.parametrize("pace", ["0", "1000"])
async def test_training_pauses_at_its_goal_and_continues_for_as_many_epochs(pace):
    async with working("blog", f"view.pace={pace}") as recorder:
        for total in (50, 100, 150):
            recorder.session.toggle()
            assert recorder.session.running
            await recorder.settled()
            assert recorder.last.epoch == total
            assert not recorder.session.running
            assert recorder.session.finished
            assert recorder.messages[-1] == (
                f"Finished {total} epochs",
                "`run` continues for 50 more",
                False,
            )
        np.testing.assert_array_equal(recorder.last.parameters, trained_parameters(150))


async def test_a_paused_run_does_not_train():
    async with working("blog-xor", "training.epochs=0") as recorder:
        recorder.session.toggle()
        await recorder.until(lambda: recorder.last.epoch > 100)
        recorder.session.toggle()
        await recorder.settled()
        epoch = recorder.last.epoch
        await asyncio.sleep(0.1)
        assert recorder.last.epoch == recorder.session.trainer.epoch == epoch


async def test_no_frame_of_training_is_shown_before_the_effect_of_a_key():
    async with working("blog-xor", "training.epochs=0") as recorder:
        recorder.session.slices.key_priority = AlwaysClaimed()
        recorder.session.toggle()
        await recorder.until(lambda: recorder.session.running and len(recorder.snapshots) == 2)
        await recorder.until(lambda: recorder.session.trainer.epoch > 50_000)
        assert len(recorder.snapshots) == 2
        recorder.session.toggle()
        await recorder.settled()
        assert recorder.last.epoch == recorder.session.trainer.epoch


async def test_a_frame_of_a_paced_run_follows_the_effect_of_a_key_and_is_not_skipped():
    async with working("blog", "view.pace=100", "training.epochs=0") as recorder:
        recorder.session.slices.key_priority = priority = AlwaysClaimed()
        recorder.session.toggle()
        await recorder.until(lambda: len(recorder.snapshots) > 20)
        recorder.session.toggle()
        await recorder.settled()
        assert priority.times > 1.5 * len(recorder.snapshots)  # before each slice and each picture


async def test_a_paced_run_shows_the_epochs_of_every_frame():
    async with working("blog", "view.pace=100") as recorder:
        recorder.session.toggle()
        await recorder.settled()
        epochs = [snapshot.epoch for snapshot in recorder.snapshots]
        assert epochs[-1] == 50
        assert max(np.diff(epochs)) <= 100 / 30 + 1


async def test_train_pauses_a_run():
    async with working("blog-xor", "training.epochs=0") as recorder:
        recorder.session.toggle()
        await recorder.until(lambda: recorder.last.epoch > 0)
        recorder.session.train(1)
        await recorder.settled()
        assert not recorder.session.running


async def test_train_continues_beyond_the_goal():
    async with working() as recorder:
        recorder.session.train(60)
        await recorder.settled()
        assert recorder.last.epoch == 60
        recorder.session.toggle()
        await recorder.settled()
        assert recorder.last.epoch == 110


# Changing


async def test_a_live_change_keeps_the_weights_of_a_running_run():
    async with working("blog-xor", "training.epochs=0") as recorder:
        recorder.session.toggle()
        await recorder.until(lambda: recorder.last.epoch > 100)
        trainer = recorder.session.trainer
        message = recorder.session.change("training.learning_rate", "0.25")
        assert message == ("learning rate is 0.25", "", False)
        await recorder.until(lambda: recorder.last.recipe.training.learning_rate == 0.25)
        assert recorder.session.trainer is trainer
        assert recorder.session.running
        assert recorder.last.epoch > 100


async def test_a_change_of_the_network_restarts_a_running_run():
    async with working("blog-xor", "training.epochs=0") as recorder:
        recorder.session.toggle()
        await recorder.until(lambda: recorder.last.epoch > 100)
        assert recorder.session.change("network.hidden", "5,3") == (
            "hidden layers is 5, 3: restarted",
            "`undo` undoes it",
            False,
        )
        await recorder.until(lambda: recorder.last.network.sizes == (3, 5, 3, 1))
        assert recorder.session.running
        await recorder.until(lambda: recorder.last.epoch > 0)
        first = next(s for s in recorder.snapshots if s.network.sizes == (3, 5, 3, 1))
        assert first.epoch < 100_000


async def test_several_requests_at_once_are_all_carried_out():
    async with working() as recorder:
        recorder.session.change("network.hidden", "5")
        recorder.session.change("network.activation", "tanh")
        recorder.session.change("training.learning_rate", "0.5")
        assert recorder.session.requested_recipe.network.hidden == (5,)
        assert recorder.session.recipe.network.hidden == (4,)
        recorder.session.change("training.learning_rate", "0.25")
        await recorder.settled()
        assert recorder.last.network.sizes == (3, 5, 1)
        assert recorder.last.network.activation == "tanh"
        assert recorder.last.recipe.training.learning_rate == 0.25
        assert recorder.session.requested_recipe == recorder.session.recipe


async def test_a_change_of_epochs_moves_the_goal():
    async with working() as recorder:
        recorder.session.change("training.epochs", "80")
        recorder.session.toggle()
        await recorder.settled()
        assert recorder.last.epoch == 80


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
async def test_an_invalid_value_is_refused_with_its_key_and_the_allowed_values(key, text, allowed):
    async with working() as recorder:
        recipe = recorder.session.recipe
        with pytest.raises(RecipeError) as refused:
            recorder.session.change(key, text)
        assert str(refused.value).startswith(f"{key} = {text} is not allowed")
        assert allowed in str(refused.value)
        await recorder.settled()
        assert recorder.session.recipe is recipe
        assert recorder.session.requested_recipe is recipe


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [
        ("network.hidden", "10000000,10000000", "memory"),
        ("data.source", "no-such-thing", "no-such-thing"),
    ],
)
async def test_a_request_that_fails_changes_nothing(key, text, said):
    async with working("blog-xor", "training.epochs=0") as recorder:
        recorder.session.toggle()
        await recorder.until(lambda: recorder.last.epoch > 0)
        before = recorder.session.trainer, recorder.session.name, recorder.session.preset
        recorder.session.change(key, text)
        await recorder.until(lambda: recorder.messages)
        text, _, bad = recorder.messages[-1]
        assert bad
        assert said in text
        assert (recorder.session.trainer, recorder.session.name, recorder.session.preset) == before
        assert recorder.session.requested_recipe[key] != text
        epoch = recorder.last.epoch
        await recorder.until(lambda: recorder.last.epoch > epoch)


async def test_requests_after_a_failed_one_are_carried_out():
    async with working() as recorder:
        recorder.session.change("network.hidden", "10000000,10000000")
        recorder.session.change("training.learning_rate", "0.5")
        await recorder.settled()
        assert recorder.last.network.sizes == (3, 4, 1)
        assert recorder.last.recipe.training.learning_rate == 0.5


async def test_changes_made_before_a_question_is_answered_are_kept(tmp_path):
    path = tmp_path / "gaps.csv"
    path.write_text("a,b,c,y\n1,2,3,0\n,3,4,1\n4,5,6,1\n")
    async with working("blog", "network.output=linear") as recorder:
        recorder.session.change("data.source", str(path))
        recorder.session.change("training.learning_rate", "0.25")
        await recorder.settled()
        assert recorder.last.recipe.data.source == "blog"
        recorder.questions[0].take("drop these rows")
        await recorder.settled()
        recipe = recorder.last.recipe
        assert (recipe.data.source, recipe.data.missing) == (str(path), "drop")
        assert recipe.training.learning_rate == 0.25


async def test_an_experiment_that_cannot_be_opened_does_not_replace_the_current_one(tmp_path):
    (tmp_path / "huge.toml").write_text("network.hidden = [10000000, 10000000]\n")
    async with working() as recorder:
        recorder.session.open(str(tmp_path / "huge.toml"))
        await recorder.settled()
        assert recorder.messages[-1].bad
        assert recorder.session.name == "blog"
        assert recorder.session.preset == PRESETS["blog"].recipe.with_value("view.pace", 0.0)
        assert recorder.last.dataset.name == "blog"


# Restarts


async def test_a_restart_is_a_new_run_with_the_same_initial_weights_and_recipe():
    async with working() as recorder:
        start = recorder.last.parameters
        recorder.session.change("training.learning_rate", "0.5")
        recorder.session.train(20)
        await recorder.settled()
        old = recorder.session.trainer
        recorder.session.restart()
        await recorder.settled()
        assert recorder.session.trainer is not old
        assert old.epoch == 20
        assert recorder.last.epoch == 0
        assert len(recorder.last.losses) == 1
        assert recorder.last.recipe.training.learning_rate == 0.5
        np.testing.assert_array_equal(recorder.last.parameters, start)


async def test_a_restart_of_a_running_run_stops_the_old_one():
    async with working("blog-xor", "training.epochs=0") as recorder:
        recorder.session.toggle()
        await recorder.until(lambda: recorder.last.seconds > 0.5)  # more than there are in a slice
        old = recorder.session.trainer
        recorder.session.restart()
        await recorder.until(lambda: recorder.session.trainer is not old)
        reached = old.epoch
        await recorder.until(lambda: len(recorder.snapshots) > 2 and recorder.last.epoch > 0)
        recorder.session.toggle()
        await recorder.settled()
        assert old.epoch == reached
        trained = [snapshot.seconds for snapshot in recorder.snapshots]
        assert sum(b < a for a, b in itertools.pairwise(trained)) == 1


async def test_each_redraw_gives_other_weights():
    async with working() as recorder:
        starts = [recorder.last.parameters]
        for _ in range(3):
            recorder.session.redraw_weights()
            await recorder.settled()
            starts.append(recorder.last.parameters)
        assert len({tuple(start) for start in starts}) == 4


async def test_weights_are_redrawn_if_the_seed_is_a_string():
    async with working("circle", "network.seed=0.60520", "data.samples=20") as recorder:
        start = recorder.last.parameters
        recorder.session.redraw_weights()
        await recorder.settled()
        assert recorder.messages == []
        assert not np.array_equal(recorder.last.parameters, start)


async def test_an_opened_experiment_is_paused_at_epoch_0():
    async with working("blog-xor", "training.epochs=0") as recorder:
        recorder.session.toggle()
        await recorder.until(lambda: recorder.last.epoch > 0)
        recorder.session.open("circle")
        await recorder.settled()
        assert recorder.session.name == "circle"
        assert recorder.session.preset == recorder.session.recipe == PRESETS["circle"].recipe
        assert recorder.last.epoch == 0
        assert recorder.last.dataset.name == "circle"
        recorder.session.train(2)
        await recorder.settled()
        assert recorder.last.epoch == 2


# Divergence and target loss

WILD = ("network.activation=linear", "network.output=linear", "training.learning_rate=10")


@pytest.mark.parametrize("ask", ["toggle", "train"])
async def test_a_diverged_run_pauses_with_advice(ask):
    async with working("blog", *WILD) as recorder:
        recorder.session.toggle() if ask == "toggle" else recorder.session.train(50)
        await recorder.settled()
        text, advice, bad = recorder.messages[-1]
        assert bad
        assert "diverged" in text
        assert advice.endswith(f"sets {recorder.session.trainer.smaller_rate:g}")
        assert not recorder.session.running
        assert not recorder.session.finished
        assert recorder.last.diverged
        assert np.isfinite(recorder.last.parameters).all()
        recorder.session.restart()
        recorder.session.change("training.learning_rate", "0.01")
        recorder.session.train(5)
        await recorder.settled()
        assert recorder.last.epoch == 5
        assert not recorder.last.diverged


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
async def test_recover_returns_to_the_best_epoch_with_a_stable_learning_rate(good, more):
    async with working("blog", *WILD[:2], "training.learning_rate=0.01", *more) as recorder:
        session, rate, best = recorder.session, 400.0, good
        session.train(good)
        await recorder.settled()
        session.change("training.learning_rate", str(rate))
        session.train(500)
        await recorder.settled()
        assert recorder.last.diverged
        smaller = session.trainer.smaller_rate
        assert smaller < 0.1
        session.recover()
        await recorder.settled()
        assert recorder.last.epoch == best
        assert not recorder.last.diverged
        assert recorder.last.recipe.training.learning_rate == smaller
        assert recorder.messages[-1] == (
            f"back at epoch {best:,} with learning rate {smaller:g}",
            "`undo` undoes it",
            False,
        )
        here = recorder.last.parameters
        session.train(1)
        await recorder.settled()
        again = replayed(session.timeline.run, recorder.last.epoch).snapshot()
        np.testing.assert_array_equal(recorder.last.parameters, again.parameters)
        session.undo()
        await recorder.settled()
        assert recorder.last.epoch == best
        assert recorder.last.recipe.training.learning_rate == rate
        np.testing.assert_array_equal(recorder.last.parameters, here)


async def test_one_recovery_is_enough_if_the_stability_limit_is_known():
    async with working("blog", *WILD, "training.learning_rate=1000") as recorder:
        recorder.session.train(200)
        await recorder.settled()
        assert recorder.last.diverged
        recorder.session.recover()
        recorder.session.train(500)
        await recorder.settled()
        assert recorder.last.epoch == 500
        assert recorder.last.train_loss < 0.1


async def test_repeated_recoveries_reach_a_stable_learning_rate():
    carried = ("training.partial_batch=carry", "training.batch_size=3")  # of no known limit
    async with working("blog", *WILD, *carried) as recorder:
        for _ in range(20):
            recorder.session.train(500)
            await recorder.settled()
            if not recorder.last.diverged:
                break
            recorder.session.recover()
            await recorder.settled()
        assert recorder.last.epoch >= 500
        assert recorder.last.train_loss < 0.1


async def test_a_run_that_overfits_ends_with_the_epoch_to_go_back_to():
    passengers = str(ROOT / "tests/data/cases/passengers.csv")
    async with working(passengers) as recorder:
        recorder.session.toggle()
        await recorder.settled()
        best = recorder.last.best
        assert recorder.last.test_loss > 1.25 * best.loss and 0 < best.epoch < 50
        assert recorder.messages[-1] == (
            f"Finished 200 epochs; overfitting: the test loss was lowest at epoch {best.epoch}",
            "`best` goes there; `run` continues for 200 more",
            False,
        )


async def test_a_run_with_a_rising_loss_ends_with_a_warning():
    linear = ("network.hidden=", "network.output=linear", "training.learning_rate=0.33")
    async with working("blog", *linear) as recorder:
        recorder.session.toggle()
        await recorder.settled()
        assert recorder.session.finished and not recorder.last.diverged
        assert recorder.last.epoch == 50
        text, _, bad = recorder.messages[-1]
        assert bad
        assert text.startswith("Finished 50 epochs; the loss has risen from ")


@pytest.mark.parametrize("ask", ["toggle", "train"])
async def test_the_target_loss_stops_training_which_can_continue(ask):
    async with working("blog-xor", "training.stop_loss=0.1") as recorder:
        recorder.session.toggle() if ask == "toggle" else recorder.session.train(60_000)
        await recorder.settled()
        text, advice, _ = recorder.messages[-1]
        assert "below training.stop_loss = 0.1" in text
        assert advice == "`run` continues"
        stopped = recorder.last.epoch
        assert 0 < stopped < 60_000
        recorder.session.toggle()
        await recorder.settled()
        assert recorder.last.epoch > stopped


# Closing


async def test_close_waits_for_one_slice_at_most():
    async with working("blog-xor", "training.epochs=0") as recorder:
        recorder.session.toggle()
        await recorder.until(lambda: recorder.last.epoch > 0)


async def test_close_does_not_wait_for_the_requested_epochs():
    async with working("circle", "network.hidden=400,400") as recorder:
        recorder.session.train(10**9)
        await recorder.until(lambda: recorder.session.trainer.seconds > 0)


async def test_a_closed_session_is_settled():
    async with working() as recorder:
        recorder.session.close()
        await asyncio.wait_for(recorder.task, PATIENCE)
        await recorder.settled()


# Explaining


async def test_an_explanation_pauses_and_does_not_change_the_run():
    async with working("blog", "training.epochs=0") as recorder:
        recorder.session.toggle()
        await recorder.until(lambda: recorder.last.epoch > 0)
        recorder.session.explain()
        await recorder.settled()
        ((debugger, snapshot),) = recorder.explanations
        assert not recorder.session.running
        assert debugger.position == 1
        assert snapshot.epoch == recorder.last.epoch
        start = debugger.step.state.parameters.copy()
        np.testing.assert_array_equal(start, recorder.last.parameters)
        debugger.go_to(len(debugger.lines))
        recorder.session.train(1)
        await recorder.settled()
        np.testing.assert_array_equal(recorder.last.parameters, debugger.step.state.parameters)


async def test_an_explanation_follows_earlier_requests():
    async with working() as recorder:
        recorder.session.open("iris")
        recorder.session.explain()
        await recorder.settled()
        ((debugger, snapshot),) = recorder.explanations
        assert snapshot.dataset.name == "iris"
        assert debugger.step.state.network == snapshot.network


async def test_a_pin_of_another_experiment_is_labelled_with_its_name():
    async with working() as recorder:
        recorder.session.change("training.learning_rate", "0.5")
        recorder.session.train(3)
        recorder.session.pin()
        await recorder.settled()
        assert recorder.session.pins[0].label == "1 lr 0.5"
        recorder.session.open("circle")
        await recorder.settled()
        assert recorder.session.pins[0].label == "1 blog lr 0.5"
        recorder.session.undo()
        await recorder.settled()
        assert recorder.session.pins[0].label == "1 lr 0.5"


async def test_a_regression_that_has_learned_nothing_says_so_when_it_is_finished():
    settings = ("data.target_scale=none", "training.epochs=2")
    async with working("diabetes", *settings) as recorder:
        recorder.session.toggle()
        await recorder.until(lambda: any("R²" in message.text for message in recorder.messages))
        message = next(message for message in recorder.messages if "R²" in message.text)
        assert message.bad and "data.target_scale = standard" in message.text


@pytest.mark.parametrize("ask", ["key", "pause", "request", "close"])
async def test_what_is_asked_ends_a_long_stretch_of_epochs_in_the_extension(ask, monkeypatch):
    """Without it, the epochs trained together here take minutes."""
    if not status.is_used():
        pytest.skip("epochs run as Python functions, a few at a time")
    monkeypatch.setattr(chunk_size, "_MOST_EPOCHS", 10**12)
    monkeypatch.setattr(chunk_size, "_UNWATCHED", 10**12)
    monkeypatch.setattr(frame_rate, "_LONGEST_SLICE", math.inf)
    monkeypatch.setattr(frame_rate.FramePacer, "slice_seconds", 1e6)
    async with working("blog", "training.evaluate_every=100000", "training.epochs=0") as seen:
        session, runner = seen.session, seen.session.worker.trainer.runner
        runner._chunk.epochs = 10**12
        session.toggle()
        parameters = runner.loop.state.parameters  # which the extension changes in place
        await seen.until(lambda: not np.array_equal(parameters, runner.start))
        assert runner.epoch == 0
        if ask == "key":
            session.slices.key_priority.claim()
            await seen.until(lambda: runner.epoch > 0)
            session.slices.key_priority.frame_sent()
            session.pause()
        elif ask == "request":
            session.redraw_weights()
            await seen.until(lambda: seen.session.worker.trainer.runner is not runner)
            session.pause()
        else:
            {"pause": session.pause, "close": session.close}[ask]()
        await seen.until(lambda: runner.epoch > 0)
