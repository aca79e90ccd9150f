"""The weights under a person's hands: the cursor, what is asked for, the views."""

import numpy as np
import pytest

from nn_tui.training import loss_gradient
from nn_tui.tui.app import NnTui
from nn_tui.tui.drawing.matrix import MatrixCursor
from nn_tui.tui.panes import health_view
from nn_tui.tui.panes.weights import WeightsPane
from tests.tui.drawing.drawing import DARK_PALETTE
from tests.tui.screen import opened

MIDDLE = (120, 36)
SIZES = [(160, 45), (80, 24), (50, 15)]
SMALL_CIRCLE = ("circle", (160, 45), "data.samples=40", "network.hidden=3")


@pytest.fixture
def asked(monkeypatch):
    """What the pane asks for: names, indices, and texts where there are any."""
    heard = []
    set_parameter, prune = NnTui.on_weights_pane_set, NnTui.on_weights_pane_prune

    async def hear_set(app, event):
        heard.append((event.name, event.index, event.text))
        await set_parameter(app, event)

    def hear_prune(app, event):
        heard.append((event.name, event.index, None))
        prune(app, event)

    monkeypatch.setattr(NnTui, "on_weights_pane_set", hear_set)
    monkeypatch.setattr(NnTui, "on_weights_pane_prune", hear_prune)
    return heard


def pane_of(seen):
    return seen.app.query_one(WeightsPane)


def border(seen):
    """The pane's lower border as the terminal shows it."""
    region = pane_of(seen).region
    return seen.lines[region.bottom - 1][region.x : region.right]


@pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
async def test_a_weight_is_edited_in_place(asked, size):
    async with opened("blog", size) as seen:
        await seen.press("3", "down", "right", "l", "enter")
        editor = pane_of(seen)._editor
        assert float(editor.value) == seen.app.snapshot.weights["W0"][1, 2]
        assert "W0[1,2]: type a number" in seen.info
        assert pane_of(seen).content_region.contains_region(editor.region)
        await seen.type("-0.25")
        assert asked == [("W0", (1, 2), "-0.25")]
        assert not pane_of(seen).editing
        assert seen.app.focused is pane_of(seen)
        assert seen.cells() == seen.painted_anew()


@pytest.mark.parametrize("size", [(160, 45), (120, 36), (80, 24)], ids=lambda s: f"{s[0]}x{s[1]}")
async def test_weights_are_edited_as_two_digits_as_one_and_as_half_blocks(asked, size):
    async with opened("spiral", size, "data.samples=40") as seen:
        await seen.press("3", "down", "right")
        pane = pane_of(seen)
        form = {160: 3, 120: 2, 80: 1}[size[0]]
        assert pane._matrix_view.layout.place_of(0).cell == form
        for name, index in (("W0", (1, 1)), ("W2", (4, 0)), ("b2", (0,))):
            await seen.press("enter")
            assert pane.content_region.contains_region(pane._editor.region)
            await seen.type("-0.25")
            assert asked[-1] == (name, index, "-0.25")
            assert seen.app.snapshot.weights[name][index] == -0.25
            assert seen.cells() == seen.painted_anew()
            pane.cursor = MatrixCursor(2, 0, 3)
            await seen.press("right" if name == "W0" else "down")


async def test_while_training_the_forms_stay_and_so_do_the_places_of_numbers():
    async with opened("spiral", (160, 45), "data.samples=40", "training.learning_rate=3") as seen:
        places = pane_of(seen)._matrix_view.layout.places
        for _ in range(3):
            await seen.train(20)
            assert pane_of(seen)._matrix_view.layout.places == places
        assert max(abs(seen.app.snapshot.weights["W1"]).ravel()) > 9.95
        assert seen.cells() == seen.painted_anew()


async def test_escape_leaves_the_weight_as_it_was(asked):
    async with opened("blog", MIDDLE) as seen:
        await seen.press("3", "enter", "9", "escape")
        assert asked == []
        assert not pane_of(seen).editing
        await seen.press("right")
        assert pane_of(seen).cursor == MatrixCursor(0, 0, 1)


async def test_the_output_bias_too_can_be_set(asked):
    async with opened(*SMALL_CIRCLE) as seen:
        await seen.press("3", *["down"] * 6, "enter")
        assert float(pane_of(seen)._editor.value) == seen.app.snapshot.weights["b1"][0]
        await seen.type("0.5")
        assert asked == [("b1", (0,), "0.5")]


@pytest.mark.parametrize("key", ["delete", "backspace", "X"])
async def test_a_weight_is_pruned(asked, key):
    async with opened("blog", MIDDLE) as seen:
        await seen.press("3", "j", key)
        assert asked == [("W0", (1, 0), None)]


async def test_a_refused_value_stays_in_the_editor():
    async with opened("blog", MIDDLE) as seen:
        before = seen.app.snapshot.weights["W0"][0, 0]
        await seen.press("3", "enter")
        for refused, told in (("0,5x", "must be a number"), ("1e301", "must be a finite number")):
            await seen.type(refused)
            assert pane_of(seen)._editor.value == refused
            assert told in seen.info
            await seen.press(*["backspace"] * len(refused))
        assert seen.app.snapshot.weights["W0"][0, 0] == before
        await seen.type("0.25")
        assert not pane_of(seen).editing
        assert seen.app.snapshot.weights["W0"][0, 0] == 0.25
        await seen.press("enter")
        await seen.type("x")
        await seen.press("escape")
        assert not pane_of(seen).editing
        assert seen.app.snapshot.weights["W0"][0, 0] == 0.25


async def test_the_border_has_the_number_under_the_cursor_live():
    async with opened(*SMALL_CIRCLE) as seen:
        await seen.press("3", "down")
        before = border(seen)
        assert "W0[1,0] x2→h1" in before
        assert f"{seen.app.snapshot.weights['W0'][1, 0]:+.6f}" in before
        await seen.press("s")
        after = border(seen)
        assert f"{seen.app.snapshot.weights['W0'][1, 0]:+.6f}" in after
        assert f"∇{seen.app.snapshot.gradients['W0'][1, 0]:+.1e}"[:4] in after
        assert len(before.split("W0")[0]) == len(after.split("W0")[0])
        assert seen.cells() == seen.painted_anew()


async def test_a_new_number_in_the_border_sends_little_more_than_itself():
    async with opened("blog", MIDDLE) as seen:
        await seen.press("3")
        await seen.pilot.pause()
        seen.feed()
        pane_of(seen).note("W0[0,0] something else")
        await seen.pilot.pause()
        sent = seen.feed()
        assert "something else" in sent
        assert len(sent) < 600


@pytest.mark.parametrize("size", SIZES[::2], ids=lambda s: f"{s[0]}x{s[1]}")
async def test_every_view_shows_something(size):
    async with opened("digits", size, "data.test_fraction=0.9", "network.hidden=20") as seen:
        await seen.press("3")
        met = []
        await seen.train(1)
        for _ in pane_of(seen).views:
            await seen.press("v")
            met.append(pane_of(seen).view)
            region = pane_of(seen).content_region
            inside = [line[region.x : region.right] for line in seen.lines]
            assert any(line.strip() for line in inside[region.y : region.bottom])
            assert seen.cells() == seen.painted_anew()
        assert met == ["weights", "gradients", "last change", "activations", "health", "pictures"]


async def test_before_the_first_epoch_the_views_say_what_fills_them():
    async with opened("blog", (80, 24)) as seen:
        await seen.press("3", "v")
        assert "∇W0 3×4" in seen.text
        await seen.press("v")
        assert "Changes appear here" in seen.text
        await seen.press("s", "v", "v", "v", "v")
        assert pane_of(seen).view == "gradients"
        assert "appear here" not in seen.text
        assert "∇W0 3×4" in seen.text
        await seen.press("v")
        assert "ΔW0 3×4" in seen.text


def title(seen):
    """The pane's upper border as the terminal shows it."""
    region = pane_of(seen).region
    return seen.lines[region.y][region.x : region.right]


@pytest.mark.parametrize(
    ("reduction", "called", "explained"),
    [
        ("sum", "summed loss", "summed over all 4 training samples: 4 × the mean's"),
        ("mean", "mean loss", "∇ averaged over all 4 training samples"),
    ],
)
async def test_the_gradients_name_their_loss_and_follow_an_edit(reduction, called, explained):
    async with opened("blog", (160, 45), f"training.reduction={reduction}") as seen:
        await seen.train(20)
        await seen.press("3", "v")
        assert f"∇ of the {called}" in title(seen)
        assert explained in seen.info
        before = seen.app.snapshot
        await seen.press("enter")
        await seen.type("-3")
        after = seen.app.snapshot
        assert after.epoch == before.epoch and after.gradient_is_current
        assert not np.allclose(after.gradient, before.gradient)
        assert f"∇{after.gradients['W0'][0, 0]:+.1e}"[:4] in border(seen)
        assert seen.cells() == seen.painted_anew()


async def test_gradients_of_earlier_weights_are_dimmed_with_their_epoch(monkeypatch):
    monkeypatch.setattr(loss_gradient, "MOST_WORK", 1)
    async with opened("blog", (160, 45)) as seen:
        await seen.train(20)
        await seen.press("3", "v")
        assert "∇ of epoch 20" in title(seen)
        assert "∇ of the last update: too many samples" in seen.info
        assert is_dimmed(seen)


async def test_the_last_change_is_dimmed_after_a_later_edit():
    async with opened("blog", (160, 45)) as seen:
        await seen.train(20)
        await seen.press("3", "v", "v")
        assert "last change, epoch 20" in title(seen)
        assert not is_dimmed(seen)
        await seen.press("]")
        assert (
            "last change, epoch 20" in title(seen) and "changed since then" in pane_of(seen).info()
        )
        assert is_dimmed(seen)
        await seen.press("s")
        assert "last change, epoch 21" in title(seen)
        assert not is_dimmed(seen)
        assert seen.cells() == seen.painted_anew()


@pytest.mark.parametrize("row", ["weight", "bias"])
async def test_the_last_change_of_a_parameter_set_since_then_is_unknown(row):
    async with opened("blog", (160, 45), "network.bias=true") as seen:
        await seen.train(20)
        await seen.press("3", "v", "v", *(["down"] * 3 if row == "bias" else []))
        name, index = pane_of(seen)._parameter()
        assert name == ("b0" if row == "bias" else "W0")
        assert seen.app.snapshot.changes[name][index] != 0
        before = first_matrix(seen)
        await seen.press("enter", "ctrl+u")
        await seen.type("-3.5")
        assert seen.app.snapshot.weights[name][index] == -3.5
        assert border(seen).split("Δ")[1].split()[0] == "-"
        after = first_matrix(seen)
        line = 4 if row == "bias" else 1
        assert before[line].split()[1] != "-" and after[line].split()[1] == "-"
        assert after[line].split()[2:] == before[line].split()[2:]
        await seen.press("s")
        assert first_matrix(seen)[line].split()[1] != "-"


def first_matrix(seen):
    """The lines of the first matrix in the pane: columns, three inputs, biases."""
    region = pane_of(seen).content_region
    rows = [line[region.x : region.right] for line in seen.lines[region.y : region.bottom]]
    rows = [line for line in rows if line.strip()]
    return [line.split("  b0")[0] for line in rows[:5]]


def is_dimmed(seen):
    """Whether no heading has its full ink."""
    pane = pane_of(seen)
    inks = {
        s.style.color for strip in pane.draw(*pane.content_size) for s in strip if s.text.strip()
    }
    return DARK_PALETTE.accented.color not in inks


async def test_the_activations_are_those_of_the_selected_sample():
    async with opened("blog", MIDDLE) as seen:
        await seen.press("S", "1", "down", "down", "3", "v", "v", "v")
        assert seen.app.chosen_sample == 2
        x, weights = seen.app.snapshot.dataset.inputs[2], seen.app.snapshot.weights
        for value in 1 / (1 + np.exp(-x @ weights["W0"])):
            assert f"{value:+.3f}" in seen.text
        assert "sample 3" in border(seen)


async def test_views_without_parameters_say_where_to_set_them(asked):
    async with opened("digits", MIDDLE, "data.test_fraction=0.9") as seen:
        await seen.press("3", "enter", "delete")
        assert "v shows single weights" in seen.info
        await seen.press("v", "v", "v", "v", "enter", "delete")
        assert "v switches to the weights" in seen.info
        assert asked == []


async def test_a_click_puts_the_cursor_on_a_weight():
    async with opened("blog", MIDDLE) as seen:
        pane = pane_of(seen)
        place = pane._matrix_view.layout.place_of(1)
        region = place.region(0, 2)
        await seen.pilot.click(WeightsPane, offset=(region.x + 3, region.y + 1))
        assert pane.cursor == MatrixCursor(1, 0, 2)
        assert "W1[2,0]" in border(seen)


async def test_a_click_selects_the_unit_of_an_image():
    async with opened("digits", MIDDLE, "data.test_fraction=0.9") as seen:
        pane = pane_of(seen)
        x, y = pane._image_view.gallery.grid.corner(pane._image_view.gallery.grid.columns + 1)
        at = (x + 3, y + 3)
        await seen.pilot.click(WeightsPane, offset=at)
        assert pane.cursor.column == pane._image_view.gallery.grid.columns + 1


async def test_the_cursor_stays_within_a_new_network():
    async with opened("blog", (120, 36)) as seen:
        await seen.press("3", "end", "pagedown", "right")
        for hidden in ("1", "200", ""):
            seen.app.edits.change("network.hidden", hidden)
            await seen.settled()
            await seen.press("down", "right")
            assert seen.cells() == seen.painted_anew()


async def test_a_pruned_weight_is_not_pruned_again():
    async with opened("blog", MIDDLE) as seen:
        await seen.press("3", "X")
        assert seen.info == "W0[0,0] pruned; u undoes it"
        await seen.press("X")
        assert seen.info == "W0[0,0] is already pruned; enter sets it"
        assert len(seen.app.snapshot.edits) == 1


async def test_health_shows_each_layer_and_what_the_next_update_changes():
    async with opened("circle", MIDDLE, "data.samples=40", "network.hidden=4,4") as seen:
        await seen.press("3", "v", "v", "v")
        assert seen.app.snapshot.update is None
        await seen.press("v")
        assert seen.app.snapshot.update is not None
        lines = "\n".join(seen.lines)
        assert "health" in lines and "const." in lines
        assert "l1 4 units" in border(seen)
        await seen.press("down", "down", "down")
        assert "ŷ 1 unit" in border(seen)
        await seen.train(3)
        await seen.press("enter", "X")
        assert seen.app.snapshot.edits == ()
        assert seen.cells() == seen.painted_anew()
        await seen.press("v", "s")
        assert seen.app.snapshot.update is None


async def test_the_health_of_a_large_network_is_measured_in_a_thread(monkeypatch):
    monkeypatch.setattr(health_view, "_AT_ONCE", 0)
    async with opened("circle", MIDDLE, "data.samples=40") as seen:
        await seen.press("3", "v", "v", "v", "v")
        view = pane_of(seen)._health_view
        while view._refinement.result is None or not view._refinement.complete:
            await seen.pilot.pause(0.01)
        assert view._refinement.result.snapshot is seen.app.snapshot
        await seen.pilot.pause()
        assert "const." in "\n".join(seen.lines)


async def test_the_loss_along_the_weight_under_the_cursor_and_its_tangent():
    async with opened("blog", (80, 24)) as seen:
        await seen.press("3", "c")

        async def computed(text):
            curve = pane_of(seen)._slice._refinement
            while not (curve.complete and curve.result.snapshot is seen.app.snapshot):
                await seen.pilot.pause(0.01)
            await seen.pilot.pause()
            assert f"loss along {text}" in seen.text
            return curve.result

        await computed("W0[0,0]")
        await seen.press("right", "s")
        made = await computed("W0[0,1]")
        assert made.gradient == seen.app.snapshot.gradients["W0"][0, 1]
        assert f"slope ∇ {made.gradient:+.4g}" in seen.text
        assert seen.cells() == seen.painted_anew()
        await seen.press("enter")
        await seen.type("3")
        assert (await computed("W0[0,1]")).value == 3.0
        await seen.press("v", "v", "v")
        assert "loss along" not in seen.text
        await seen.press("c", "v", "v", "c")
        assert "loss along" not in seen.text
