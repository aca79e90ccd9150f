"""The landscape of the loss under a person's hands."""

import asyncio

import pytest

from nn_tui.tui.dialogs.weights_prompt import parse_weights
from nn_tui.tui.panes.loss import LossPane
from tests.tui.screen import PATIENCE, opened

SHAPES = {"W0": (3, 4), "W1": (4, 1), "b0": (4,)}


async def computed(seen):
    """Wait until the landscape of what is shown is complete."""

    async def wait():
        while True:
            landscape = seen.app.query_one(LossPane).landscape
            if landscape.is_complete(seen.app.snapshot):
                return
            await seen.pilot.pause(0.01)

    await asyncio.wait_for(wait(), PATIENCE)
    await seen.pilot.pause()


async def test_the_landscape_is_seen_read_and_walked_to():
    async with opened("blog", (80, 24)) as seen:
        await seen.press("5", "v", "v", "v")
        await seen.train(5)
        await computed(seen)
        seen.app.session.open("blog-xor")
        await seen.settled()
        assert seen.app.query_one(LossPane).landscape.made is None  # the other run's losses
        assert "landscape" in seen.text
        while "A landscape over the path" not in seen.text:
            await seen.pilot.pause(0.01)
        await seen.train(200)
        await computed(seen)
        text = seen.text
        assert "plane of the path" in text and "○" in text and "200" in text
        assert "y log" not in seen.lines[-1] and "e weights" in seen.lines[-1]
        await seen.press("c", *["left"] * 40)
        assert "nearest: epoch 0" in seen.text
        await seen.press("enter")
        assert seen.app.snapshot.epoch == 0
        await seen.press("escape", "e")
        assert "Landscape over two weights" in seen.text
        await seen.type("W0[0,9] W1[0,0]")
        assert "W0 is 3×4" in seen.text
        await seen.press("ctrl+u")
        await seen.type("W0[0,1] W1[2,0]")
        await computed(seen)
        assert seen.app.query_one(LossPane).landscape.made.plane.names == ("W0[0,1]", "W1[2,0]")
        assert "two weights" in seen.text
        await seen.press("+")
        await computed(seen)
        assert seen.cells() == seen.painted_anew()
        seen.app.session.change("network.hidden", "1")  # which has no W1[2,0]
        await seen.settled()
        await seen.pilot.pause()
        assert seen.app.query_one(LossPane).landscape.choice.weights is None
        seen.app.session.running = True
        await seen.pilot.pause(0.05)
        seen.app.session.running = False


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("W0[0,1]", "two weights are needed"),
        ("W0[0,1] W1", "two weights are needed"),
        ("W0[0,1] W2[0,0]", "no W2; the network has W0, W1, b0"),
        ("W0[3,0] b0[1]", "W0 is 3×4"),
        ("W0[0,1] b0[0,0]", "b0 is 4"),
        ("b0[1] b0[1]", "must differ"),
        ("W0[0,1] W1[0,0] b0[1]", "two weights are needed"),
    ],
)
def test_what_is_no_pair_of_weights_is_refused(text, told):
    with pytest.raises(ValueError, match=told):
        parse_weights(text, SHAPES)


def test_pairs_of_weights():
    assert parse_weights("W0[0,1], b0[3]", SHAPES) == (("W0", (0, 1)), ("b0", (3,)))
    assert parse_weights("  ", SHAPES) is None


async def test_a_network_with_one_input_has_two_weights_to_begin_with():
    async with opened("sine", (100, 30)) as seen:
        await seen.press("5")
        while seen.app.query_one(LossPane).landscape is None:
            await seen.press("v")
        await seen.press("e", "enter")
        assert seen.app.query_one(LossPane).landscape.choice.weights == (
            ("W0", (0, 0)),
            ("W0", (0, 1)),
        )
