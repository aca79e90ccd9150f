"""What a step may have besides its rule: the same bits in every way to run it.

By the extension and by Python, in slices, through time and undo, saved and resumed, and by
the exported script.
"""

import contextlib
import io
from dataclasses import replace

import numpy as np
import pytest

from nn_tui.files.script.script import script_of
from nn_tui.recipe.parsing import from_toml, to_toml
from nn_tui.training.edits import RecipeEdit
from nn_tui.training.run import Run
from nn_tui.training.run_replayer import RunReplayer
from nn_tui.training.timeline import Timeline
from nn_tui.training.trainer import Trainer
from tests.training.runs import flowers, points, recipe, same

BATCHES = (
    {},
    {"batch_size": 10},
    {"batch_size": 7, "partial_batch": "carry", "shuffle": True},
    {"batch_size": 11, "partial_batch": "drop", "evaluate_every": 3},
)
OWN = (("own", "np.sin(x) + x * 0"),)
KINDS = {
    "cosine": {"schedule": "cosine", "schedule_epochs": 9, "final_rate": 0.1},
    "one cycle": {"schedule": "one_cycle", "optimizer": "adam", "learning_rate": 0.02},
    "step": {"schedule": "step", "schedule_epochs": 3, "dtype": "float32", "penalty": "l2"},
    "clip": {"clip_norm": 0.05, "optimizer": "adam", "learning_rate": 0.02},
    "clip and carry": {"clip_norm": 0.02, "reduction": "mean", "penalty": "l1"},
    "list": {"activation": ("relu", "own"), "functions": OWN},
    "own": {"activation": "own", "functions": (("own_derivative", "np.cos(x)"), *OWN)},
    "own narrow": {"activation": ("sigmoid", "own"), "functions": OWN, "dtype": "float32"},
    "clip narrow": {"clip_norm": 0.5, "dtype": "float32"},
}


def made(name, batches):
    values = {
        "hidden": (5, 3),
        "activation": "tanh",
        "bias": True,
        "learning_rate": 0.1,
        "penalty_rate": 0.01,
        **KINDS[name],
        **batches,
    }
    functions = values.pop("functions", ())
    return replace(recipe(**values), functions=tuple(sorted(functions)))


def data_for(made):
    return flowers(60, 20) if made.network.output == "softmax" else points(53, 13)


def weights_of_script(run, epoch):
    names = {}
    with contextlib.redirect_stdout(io.StringIO()), np.errstate(all="ignore"):
        exec(script_of(run, epoch), names)
    return {name: names[name] for name in names if name[0] in "Wb" and name[1:].isdigit()}


def assert_script_ends_alike(run, trainer):
    for name, array in weights_of_script(run, trainer.epoch).items():
        assert array.dtype == trainer.runner.loop.state.dtype
        np.testing.assert_array_equal(array, trainer.runner.loop.state.arrays[name], name)


@pytest.mark.parametrize("number", range(len(BATCHES)))
@pytest.mark.parametrize("name", KINDS)
def test_every_way_to_run_a_step_gives_the_same_bits(name, number):
    wanted = made(name, BATCHES[number])
    data = data_for(wanted)
    assert from_toml(to_toml(wanted)) == wanted
    compiled, called, sliced = (Trainer(wanted, data) for _ in range(3))
    called.runner.loop.do_without_extension()
    assert compiled.runner.loop.compiled is not None
    compiled.run_epochs(5)
    compiled.run_epochs(7)
    called.run_epochs(12)
    moved = False
    while sliced.epoch < 12:
        sliced.runner._run_pieces(0.0)
        partial = sliced.partial_epoch
        if partial is not None and sliced.epoch == 3 and not moved:  # saved, continued elsewhere
            moved, keyframe, sliced = True, sliced.keyframe(), Trainer(wanted, data)
            sliced.restore(keyframe)
            sliced.enter(partial)
    for other in (called, sliced):
        same(compiled, other)
    assert_script_ends_alike(Run("points", wanted, data), compiled)


@pytest.mark.parametrize("name", KINDS)
def test_it_can_be_changed_in_the_middle_undone_and_returned_to(name):
    wanted = made(name, BATCHES[1])
    data = data_for(wanted)
    plain = recipe(hidden=(5, 3), activation="tanh", bias=True, learning_rate=0.1, batch_size=10)
    for key in ("network.dtype", "network.activation"):
        plain = plain.with_value(key, wanted[key])
    plain = replace(plain, functions=wanted.functions)
    timeline = Timeline(Run("points", plain, data))
    timeline.trainer.run_epochs(4)
    timeline.edit(lambda epoch: RecipeEdit(epoch, timeline.trainer.recipe.differences(wanted)))
    timeline.trainer.run_epochs(4)
    timeline.edit(lambda epoch: RecipeEdit(epoch, (("training.learning_rate", 0.05),)))
    timeline.trainer.run_epochs(4)
    run = timeline.run
    assert_script_ends_alike(run, timeline.trainer)
    again = RunReplayer(run)
    again.go_to(run, 12, lambda: False)
    same(again.trainer, timeline.trainer)
    timeline.go_to(2)
    timeline.go_to(12)
    same(again.trainer, timeline.trainer)
    back = timeline.trainer.recipe.differences(plain)
    timeline.edit(lambda epoch: RecipeEdit(epoch, back))
    timeline.trainer.run_epochs(3)
    assert timeline.trainer.recipe == plain
    assert_script_ends_alike(timeline.run, timeline.trainer)


def test_the_gradient_of_an_update_is_no_longer_than_the_limit():
    """torch.nn.utils.clip_grad_norm_, without the 1e-6 that it adds to the norm."""
    data = points(20)
    free = Trainer(recipe(hidden=(4,), bias=True, learning_rate=1.0), data)
    clipped = Trainer(recipe(hidden=(4,), bias=True, learning_rate=1.0, clip_norm=0.1), data)
    start = free.runner.start
    free.run_epochs(1)
    clipped.run_epochs(1)
    gradient, short = (t.runner.loop.state.parameters - start for t in (free, clipped))
    norm = np.linalg.norm(gradient)
    assert norm > 0.1
    np.testing.assert_allclose(short, gradient * min(1, 0.1 / norm), rtol=1e-12)
