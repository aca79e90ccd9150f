"""The start does only what the first picture needs."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from nn_tui.tui.app import NnTui
from nn_tui.tui.base_app import BACKGROUND
from nn_tui.tui.panes.pane import Pane
from tests.tui.screen import opened

ROOT = Path(__file__).parents[2]

OPENED = """
import asyncio, sys
from nn_tui import experiment
from nn_tui.runs import new_timeline
from nn_tui.tui.app import NnTui

async def main():
    app = NnTui(new_timeline(experiment.load_experiment("{name}")))
    app.load_ahead = lambda: None  # half a second after the start
    async with app.run_test(size=(160, 45)) as pilot:
        await pilot.pause()

asyncio.run(main())
found = {{*sys.modules}} & {{*"{late}".split()}}
assert not found, found
"""
LATE = (
    "numpy.ma plotext tomllib tomli_w nn_tui.nn.explain.stepper nn_tui.training.scores "
    "nn_tui.tui.command_palette nn_tui.tui.dialogs.choose nn_tui.tui.terminal.ascii_output "
    "nn_tui.tui.drawing.confusion_matrix"
)
"""Modules that a later key needs at the earliest."""


@pytest.mark.slow
@pytest.mark.parametrize("name", ["blog", "digits"])
def test_the_first_picture_imports_nothing_that_is_needed_later(name):
    done = subprocess.run(
        [sys.executable, "-c", OPENED.format(name=name, late=LATE)],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr


async def test_screens_are_loaded_before_a_key_opens_one(monkeypatch):
    async with opened("blog", made=NnTui) as seen:
        monkeypatch.delitem(sys.modules, "nn_tui.tui.screens.compare", raising=False)
        seen.app.load_ahead()
        await seen.app.workers.wait_for_complete(
            [worker for worker in seen.app.workers if worker.group == BACKGROUND]
        )
        assert "nn_tui.tui.screens.compare" in sys.modules


@pytest.mark.parametrize("size", [(160, 45), (80, 24)])
async def test_a_pane_is_drawn_once_at_start_and_again_with_the_focus(size, monkeypatch):
    drawn = Counter()
    draw = Pane._draw_padded

    def counted(pane, width, height):
        drawn[pane.id] += 1
        return draw(pane, width, height)

    monkeypatch.setattr(Pane, "_draw_padded", counted)
    async with opened("blog", size, made=NnTui) as seen:
        assert seen.app.focused.id == "hyperparameters"
    focused = drawn.pop("hyperparameters")
    assert focused <= 2
    assert drawn, "no pane was drawn"
    assert set(drawn.values()) == {1}, drawn
