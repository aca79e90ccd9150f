"""One sample on its way through the diagram, stepped with the lines of Explain."""

import numpy as np

from nn_tui import experiment
from nn_tui.nn.explain.stepper import StepDebugger
from nn_tui.training.trainer import Trainer
from nn_tui.tui.drawing.sample_path import SampleWay
from tests.tui.screen import opened


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def test_units_and_edges_carry_what_the_textbook_computes():
    found = experiment.load_experiment("blog", ())
    trainer = Trainer(found.recipe, found.dataset)
    trainer.run_epochs(10)
    walk = StepDebugger(trainer.step())
    weights = {name: array.copy() for name, array in trainer.snapshot().weights.items()}
    l0, y = found.dataset.inputs[2], found.dataset.targets[2]
    l1 = sigmoid(l0 @ weights["W0"])
    l2 = sigmoid(l1 @ weights["W1"])
    l2_delta = (y - l2) * l2 * (1 - l2)
    l1_delta = (weights["W1"] @ l2_delta) * l1 * (1 - l1)
    way = SampleWay(walk, 2)
    assert way.activations[1] is None and not way.edges(0).any() and way.active is None
    while walk.line.writes != "l2" or not walk.position:
        walk.forward()
    way = SampleWay(walk, 2)
    assert np.allclose(way.activations[1], l1) and np.allclose(way.activations[2], l2)
    assert way.active == 2 and not way.backward
    assert np.allclose(way.edges(0).sum(axis=0), l0 @ weights["W0"])
    assert np.allclose(way.edges(1), l1[:, None] * weights["W1"])
    while walk.line.writes != "l1_delta":
        walk.forward()
    way = SampleWay(walk, 2)
    assert way.backward and way.active == 1
    assert np.allclose(way.deltas[2], l2_delta) and np.allclose(way.deltas[1], l1_delta)
    assert np.allclose(way.edges(1).sum(axis=1), weights["W1"] @ l2_delta)
    assert np.allclose(way.edges(0), weights["W0"] * l1_delta)


async def test_the_diagram_follows_the_lines_and_the_sample():
    async with opened("blog", (80, 24)) as seen:
        await seen.press("x", "d")
        text = seen.text
        assert "sample #1 forward" in text and "ŷ " in text and "·" in text
        walk = seen.app.screen.cursor.walk
        await seen.press("down", "n")
        assert "sample #2 forward" in seen.text
        assert f"ŷ {walk.step.arrays['l2'][1, 0]:+.3f}" in seen.text
        while walk.line.writes != "l1_delta":
            await seen.press("down")
        assert "sample #2 backward" in seen.text
        assert f"δ{walk.step.arrays['l1_delta'][1, 3]:+.3f}" in seen.text
        assert seen.cells() == seen.painted_anew()
        await seen.press("g")
        assert "sample #2 backward" not in seen.text
        await seen.press("d")
        assert "sample #2 backward" in seen.text
        await seen.press("d")
        assert "l1_delta" in seen.text and "sample #2 backward" not in seen.text
