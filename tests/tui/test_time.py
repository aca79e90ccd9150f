"""Undo, redo, any epoch, pins and the list of changes, by keyboard."""

import numpy as np
import pytest

from tests.tui.screen import opened
from tests.tui.session.test_session import WILD


@pytest.mark.parametrize("size", [(160, 45), (80, 24)])
async def test_a_change_is_undone_and_done_again_with_all_panes_following(size):
    async with opened("blog", size) as seen:
        await seen.press("S", "S", "]")
        await seen.press("S")
        after = seen.app.snapshot
        assert after.recipe.training.learning_rate == 2
        await seen.press("u")
        assert seen.app.snapshot.epoch == 20
        assert seen.app.snapshot.recipe.training.learning_rate == 1
        assert "undone: learning rate 2 → 1; epoch 20" in seen.info
        assert "epoch 20" in seen.lines[0]
        await seen.press("ctrl+r")
        assert seen.app.snapshot.epoch == 30
        np.testing.assert_array_equal(seen.app.snapshot.parameters, after.parameters)
        assert seen.cells() == seen.painted_anew()
        await seen.press("u", "u")
        assert seen.info == "nothing to undo"


async def test_back_and_forward_in_time_show_that_epoch():
    async with opened("blog-xor") as seen:
        await seen.train(1000)
        last = seen.app.snapshot
        await seen.press("<", "<")
        assert seen.app.snapshot.epoch == 980
        assert seen.app.snapshot.ahead.last[-1] == 1000
        assert "epoch 980 of 1,000" in seen.info
        await seen.press(">", ">", ">")
        assert seen.app.snapshot.epoch == 1000
        assert "epoch 1,000 is the last one" in seen.info
        np.testing.assert_array_equal(seen.app.snapshot.parameters, last.parameters)


async def test_before_the_first_epoch_there_is_no_other():
    async with opened("blog") as seen:
        await seen.press("<")
        assert seen.info == "epoch 0 is the first one; space trains"


async def test_an_epoch_more_makes_what_was_said_of_the_last_one_go():
    async with opened("blog") as seen:
        await seen.train(12)
        await seen.press("<")
        assert "epoch 11 of 12" in seen.info
        await seen.press("s")
        assert "epoch 11" not in seen.info


async def test_a_change_in_the_past_forks_and_pins_what_was_left():
    async with opened("blog-xor") as seen:
        await seen.train(100)
        await seen.press("<", "<", "]")
        assert seen.app.snapshot.epoch == 98
        (pin,) = seen.app.pins
        assert pin.outcome.epoch == 100
        await seen.train(10)
        assert seen.app.snapshot.epoch == 108
        await seen.press("5")
        assert pin.label in seen.text


async def test_pins_are_kept_until_all_are_dropped():
    async with opened("blog") as seen:
        await seen.press("S", "p", "R", "]", "S", "p")
        assert len(seen.app.pins) == 2
        await seen.press("P")
        assert seen.app.pins == ()


async def test_a_restart_and_another_experiment_are_undone():
    async with opened("blog") as seen:
        await seen.press("S", "S", "R")
        assert seen.app.snapshot.epoch == 0
        seen.app.session.open("circle")
        await seen.settled()
        assert seen.app.session.name == "circle"
        await seen.press("u", "u")
        assert seen.app.session.name == "blog"
        assert seen.app.snapshot.epoch == 20


async def test_a_weight_and_a_datum_are_changed_by_hand_and_back():
    async with opened("blog") as seen:
        await seen.press("S", "3", "enter")
        await seen.type("0.5")
        assert seen.app.snapshot.weights["W0"][0, 0] == 0.5
        await seen.press("X")
        assert seen.app.snapshot.weights["W0"][0, 0] == 0
        await seen.press("S")
        assert seen.app.snapshot.weights["W0"][0, 0] == 0
        await seen.press("1", "enter")
        await seen.type("0.25")
        assert seen.app.snapshot.dataset.raw_inputs[0, 0] == 0.25
        await seen.press("u", "u", "u")
        assert seen.app.snapshot.epoch == 10
        assert seen.app.snapshot.dataset.raw_inputs[0, 0] == 0
        assert seen.app.snapshot.edits == ()


async def test_cells_set_by_hand_stay_where_other_features_are_chosen():
    async with opened("iris") as seen:
        seen.app.session.set_datum(0, 3, "2.5")
        seen.app.session.set_datum(0, 0, "1.5")
        seen.app.edits.change("data.features", "sepal_width, petal_width")
        await seen.settled()
        assert seen.app.snapshot.dataset.raw_inputs[0, 1] == 2.5
        gone = "the value is gone that you set of 1 cell of the data"
        assert seen.info.endswith(f": restarted; {gone}; u undoes it")
        await seen.press("u")
        assert seen.app.snapshot.dataset.raw_inputs[0].tolist()[::3] == [1.5, 2.5]


@pytest.mark.parametrize(
    ("key", "done"),
    [("R", "restarted with the same weights"), ("N", "restarted with new weights")],
)
async def test_a_restart_says_that_weights_set_by_hand_are_gone(key, done):
    async with opened("blog") as seen:
        await seen.press("S", key)
        assert seen.info == done
        seen.app.session.set_parameter("W0", (0, 0), "0.5")
        seen.app.session.set_datum(0, 0, "0.25")
        await seen.press(key)
        assert seen.info == f"{done}; the value is gone that you set of 1 weight; u undoes it"
        assert seen.app.snapshot.dataset.raw_inputs[0, 0] == 0.25
        await seen.press("u")
        assert seen.app.snapshot.weights["W0"][0, 0] == 0.5


async def test_a_loss_that_cells_set_by_hand_cannot_have_is_refused_and_all_stays():
    async with opened("blog", (160, 45), "network.output=linear") as seen:
        seen.app.session.set_datum(0, 3, "7")
        await seen.settled()
        run = seen.app.session.timeline.run
        seen.app.edits.change("training.loss", "binary_cross_entropy")
        await seen.settled()
        assert "needs targets from 0 to 1" in seen.info
        assert seen.app.session.timeline.run is run
        assert seen.app.snapshot.dataset.targets[0, 0] == 7


async def test_what_was_changed_in_the_data_is_told_by_the_names_of_column_and_class(tmp_path):
    path = tmp_path / "trees.csv"
    rows = [f"{i},{'oak' if i % 2 else 'elm'}" for i in range(8)]
    path.write_text("\n".join(["height,kind", *rows]))
    async with opened(str(path), (160, 45), "data.order=file") as seen:
        sample = int(seen.app.snapshot.dataset.targets[0, 0] == 0)
        await seen.press("1", *["down"] * sample, "enter")
        await seen.type("2.5")
        assert seen.info == f"height of sample {sample + 1} = 2.5; u undoes it"
        await seen.press("right", "enter")
        await seen.type("elm")
        told = f"kind of sample {sample + 1} = elm"
        assert seen.info == f"{told}; u undoes it"
        await seen.press("U")
        assert f"2 {told}" in seen.text
        await seen.press("escape", "u")
        assert seen.info == f"undone: kind of sample {sample + 1}: elm → oak; epoch 0"


async def test_what_is_no_number_is_told_with_the_place_it_was_typed_in():
    async with opened("blog") as seen:
        await seen.press("1", "down", "right", "enter")
        await seen.type("abc")
        assert seen.info == "x2 of sample 2 = abc is not allowed: it must be a number"


@pytest.mark.parametrize("pane", ["1", "2", "3"])
async def test_what_was_refused_is_there_again_to_be_mended(pane):
    async with opened("blog") as seen:
        await seen.press(pane, "enter")
        await seen.type("0,5x")
        assert "0,5x" in seen.info
        await seen.press("enter")
        assert seen.app.focused.value == "0,5x"
        await seen.press("escape", "enter")
        assert seen.app.focused.value != "0,5x"


@pytest.mark.parametrize(("typed", "sentence"), [("abc", "must be a number"), ("1e999", "finite")])
async def test_what_is_no_number_leaves_the_weight_as_it_was(typed, sentence):
    async with opened("blog") as seen:
        before = seen.app.snapshot.weights["W0"][0, 0]
        await seen.press("3", "enter")
        await seen.type(typed)
        assert sentence in seen.info
        assert seen.app.snapshot.weights["W0"][0, 0] == before


async def test_the_changes_are_listed_and_lead_back_to_their_epoch():
    async with opened("blog") as seen:
        await seen.press("U")
        assert "this run has no changes yet" in seen.info
        await seen.press("S", "]", "S", "]", "S", "U")
        assert "1 learning_rate = 2" in seen.text
        assert "after epoch 20" in seen.text
        await seen.press("enter")
        assert seen.app.snapshot.epoch == 20


async def test_after_a_divergence_one_key_goes_back_with_a_smaller_rate():
    async with opened("blog", (120, 36), *WILD) as s:
        before = s.app.snapshot.recipe.training.learning_rate
        await s.train(50)
        assert s.app.snapshot.diverged
        await s.press("[")
        assert not s.app.snapshot.diverged
        assert s.app.snapshot.recipe.training.learning_rate <= before / 2
        losses = s.app.snapshot.losses.train_low
        assert losses[-1] == losses.min()


PATIENT = (
    "training.patience=10",
    "training.epochs=500",
    "training.restore_best=true",
    "data.noise=0.3",
    "data.validation_fraction=0.2",
)


async def test_a_run_ends_at_its_best_epoch_and_continues_from_its_end():
    async with opened("moons", (160, 45), *PATIENT) as seen:
        await seen.press("space")
        await seen.settled()
        best, last = seen.app.snapshot.epoch, seen.app.session.timeline.furthest
        assert last == best + 10
        assert f"stopped at epoch {last}: no lower validation loss for 10 epochs" in seen.info
        assert f"back at epoch {best}, the best" in seen.info
        await seen.press("space")
        await seen.settled()
        assert seen.app.session.timeline.furthest >= last + 10


async def test_a_key_goes_to_the_best_epoch():
    async with opened("moons", (160, 45), *PATIENT[-2:]) as seen:
        await seen.train(150)
        best = seen.app.snapshot.best
        await seen.press("b")
        assert seen.app.snapshot.epoch == best.epoch < 140
        assert seen.app.snapshot.validation_loss == best.loss
        assert f"epoch {best.epoch} of 150 has the lowest validation loss" in seen.info
        assert any(f"best {best.epoch}" in line for line in seen.lines)
