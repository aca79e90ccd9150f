"""The whole screen, as it was when a person last looked at it and found it good.

Where it is meant to look otherwise: look at it, then ``pytest -n0 --snapshot-update`` with the
path of this file.
"""

import asyncio

import pytest

from nn_tui import experiment
from nn_tui.runs import new_timeline
from nn_tui.tui.app import NnTui
from tests.tui.screen import PATIENCE

SIZES = [(160, 45), (120, 36), (80, 24), (200, 60)]


def trained(epochs, *keys):
    """Train so many epochs, then press keys."""

    async def go(pilot):
        session = pilot.app.session
        session.train(epochs)
        await asyncio.wait_for(session.settled(), PATIENCE)
        await pilot.press(*keys)
        await asyncio.wait_for(session.settled(), PATIENCE)
        await pilot.pause()

    return go


@pytest.mark.parametrize(
    ("name", "epochs", "keys"),
    [("blog", 50, ["5", "c"]), ("circle", 40, ["4"])],
    ids=["blog", "circle"],
)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_screen_looks_as_it_did(name, epochs, keys, size, snap_compare):
    found = experiment.load_experiment(name, [])
    app = NnTui(new_timeline(found))
    assert snap_compare(app, terminal_size=size, run_before=trained(epochs, *keys))
