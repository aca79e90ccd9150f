"""Changed lines: the same bits by the kernels, by Python, through time, and in the script."""

import contextlib
import io
import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui.experiment import load_experiment
from nn_tui.files.runs.edit_log import edit_from_json, edit_to_json
from nn_tui.files.script.script import script_of
from nn_tui.nn.line_check import StepError, check_step
from nn_tui.recipe.parsing import from_toml, to_toml
from nn_tui.recipe.recipe import RecipeError
from nn_tui.training.edit_effects import check_edits
from nn_tui.training.edits import RecipeEdit
from nn_tui.training.model_builder import (
    batch_sizes,
    build_architecture,
    build_learning_rule,
)
from nn_tui.training.run import Run
from nn_tui.training.timeline import Timeline
from nn_tui.training.trainer import Trainer

WIDE = st.sampled_from(["l1_error", "l1", "(1 - l1)", "l2_delta @ W1.T", "l1_error * l1"])
NARROW = st.sampled_from(["l2", "y", "l2_error", "(y - l2)"])
PAIRS = st.sampled_from(["+", "-", "*"])
ONE = st.sampled_from(["np.tanh", "np.sin", "np.abs", "np.sign", "sigmoid", "bend"])
TWO = st.sampled_from(["np.maximum", "np.minimum"])


def grown(atoms):
    """Expressions of the shape of the atoms, or broadcast to it."""
    return st.recursive(
        atoms,
        lambda inner: st.one_of(
            st.builds("({} {} {})".format, inner, PAIRS, inner),
            st.builds("{}({})".format, ONE, inner),
            st.builds("{}({}, {})".format, TWO, inner, inner),
            st.builds("{} * ({} > 0.1)".format, inner, inner),
            st.builds("({}) ** 2".format, inner),
            st.builds("0.5 * {}".format, inner),
            st.builds("({} / (1 + learning_rate))".format, inner),
            st.builds("({}) * ({}).sum(axis=1, keepdims=True)".format, inner, inner),
            st.builds("np.clip({}, -1, 1)".format, inner),
        ),
        max_leaves=4,
    )


CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "l1_delta": grown(WIDE),
        "l2_error": grown(st.sampled_from(["y - l2", "(y - l2)"])),
        "l2_delta": grown(NARROW),
        "W0 +=": st.sampled_from(
            ["-= learning_rate * (l0.T @ l1_delta)", "l0.T @ l1_delta / n", "= W0 * 0.9"]
        ),
        "loss": st.sampled_from(["np.abs(y - l2).sum() / n", "np.vdot(l2_error, l2_error) / n"]),
        "after l1_error": st.sampled_from(
            [("g = np.tanh(l1_error)", "l1_error += g"), ("l1_error *= 0.5",)]
        ),
    },
)


def with_changes(recipe, changes):
    recipe = recipe.with_value("functions.bend", "x / (1 + np.abs(x))")
    for name, change in changes.items():
        recipe = recipe.with_value(f"lines.{name}", change)
    return recipe


def run_script(run, epoch):
    names = {}
    with contextlib.redirect_stdout(io.StringIO()), np.errstate(all="ignore"):
        exec(script_of(run, epoch), names)
    return np.concatenate([names["W0"].ravel(), names["W1"].ravel()])


@settings(max_examples=25, deadline=None)
@given(CHANGES, st.booleans())
def test_a_changed_step_gives_the_same_bits_everywhere(changes, batched):
    opened = load_experiment("blog", ["training.batch_size=3"] if batched else [])
    recipe, data = with_changes(opened.recipe, changes), opened.dataset
    assert from_toml(to_toml(recipe)) == recipe
    compiled, called = Trainer(recipe, data), Trainer(recipe, data)
    called.runner.loop.do_without_extension()
    compiled.run_epochs(6)
    called.run_epochs(6)
    weights = compiled.runner.loop.state.parameters
    assert weights.tobytes() == called.runner.loop.state.parameters.tobytes()
    if not compiled.diverged:
        assert run_script(Run("blog", recipe, data), 6).tobytes() == weights.tobytes()


def test_a_change_of_a_line_is_an_edit_with_undo_time_and_script():
    opened = load_experiment("blog")
    timeline = Timeline(Run("blog", opened.recipe, opened.dataset))
    timeline.trainer.run_epochs(5)
    change = (
        ("lines.l1_delta", "l1_error"),
        ("lines.W1 +=", "-= learning_rate * (l1.T @ l2_delta)"),
    )
    timeline.edit(lambda epoch: RecipeEdit(epoch, change))
    timeline.trainer.run_epochs(5)
    later = timeline.trainer.runner.loop.state.parameters.copy()
    assert run_script(timeline.run, 10).tobytes() == later.tobytes()
    timeline.go_to(3)
    assert timeline.trainer.recipe.lines == ()
    timeline.go_to(10)
    assert timeline.trainer.runner.loop.state.parameters.tobytes() == later.tobytes()
    (edit,) = timeline.run.edits
    assert edit_from_json(json.loads(json.dumps(edit_to_json(edit)))) == edit
    timeline.undo()
    assert timeline.trainer.recipe.lines == ()


def test_with_mini_batches_a_changed_update_carries_no_samples_over():
    opened = load_experiment("blog", ["training.batch_size=3", "training.partial_batch=carry"])
    recipe = opened.recipe.with_value("lines.W0 +=", "-= learning_rate * (l0.T @ l1_delta)")
    with pytest.raises(RecipeError, match="partial_batch = carry"):
        Trainer(recipe, opened.dataset)


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("l1_delta", "l1_eror", "did you mean l1_error"),
        ("l1_delta", "l2_delta * 1", r"l1_delta is \(4, 4\), this gives \(4, 1\)"),
        ("l1_delta", "l1_error * (l2_delta @ W1)", r"columns 1 ≠ rows 4. Did you mean W1.T\?"),
        ("l1_delta", "np.relu(l1)", "lines have no np.relu"),
        ("l1_delta", "W0_alive", "unknown"),
        ("l1_delta", "loss * l1", "unknown"),
        ("l1", "sigmoid(l0 @ W0) * n", "n is unknown here"),
        ("l1", "sigmoid(l0 @ W0) * l0.T @ l0", "do not fit|columns"),
        ("l1", "sigmoid(l0 @ W0).T", ".T follows a name"),
        ("l1_delta", "", "left out"),
        ("l1_dleta", "l1", "did you mean l1_delta"),
        ("after l1", ("W0 *= 2",), "cannot be changed"),
        ("after l1", ("epoch = l1 * 2",), "cannot be changed"),
        ("after l1", ("l1_error = l1 * 2",), "made by a later line"),
        ("loss", "?", "neither left out"),
    ],
)
def test_a_line_that_does_not_fit_is_refused_with_what_is_wrong(name, change, said):
    opened = load_experiment("blog")
    recipe = opened.recipe.with_value(f"lines.{name}", change)
    with pytest.raises(RecipeError, match=said):
        Trainer(recipe, opened.dataset)


def test_a_forward_line_must_fit_any_number_of_samples():
    opened = load_experiment("blog")
    recipe = opened.recipe.with_value("lines.l1", "sigmoid(l0 @ W0 @ l0 @ W0)")
    with pytest.raises(RecipeError, match="columns"):
        Trainer(recipe, opened.dataset)
    recipe = opened.recipe.with_value("lines.l1", "sigmoid((l0 @ W0) @ (l0 @ W0))")
    with pytest.raises(RecipeError, match="this fits only a batch of 4"):
        Trainer(recipe, opened.dataset)


def test_a_refused_change_leaves_the_run_as_it_is():
    opened = load_experiment("blog")
    trainer = Trainer(opened.recipe, opened.dataset)
    with pytest.raises(RecipeError):
        trainer.apply(RecipeEdit(0, (("lines.l1_delta", "l2_delta"),)))
    trainer.run_epochs(2)
    assert trainer.edits == () and trainer.recipe == opened.recipe


def test_every_line_of_the_registries_is_accepted_as_it_is():
    """What the program writes itself can be typed: the grammar has no gaps."""
    for name, assignments in (
        ("digits", ["training.optimizer=adam", "training.penalty=l1"]),
        (
            "spiral",
            ["network.activation=swish", "training.loss=huber", "training.optimizer=rmsprop"],
        ),
        ("moons", ["network.activation=elu", "training.class_weights=balanced"]),
    ):
        opened = load_experiment(name, assignments)
        network = build_architecture(opened.recipe, opened.dataset)
        trainer = Trainer(opened.recipe, opened.dataset)
        recipe = opened.recipe
        for line in trainer.step().lines:
            target, operator, text = line.code.split(" ", 2)
            key = target if operator == "=" else f"{target} {operator}"
            recipe = recipe.with_value(f"lines.{key}", text)
        weights = trainer.runner.loop.state.rule.class_weights
        rule = replace(build_learning_rule(recipe), class_weights=weights)
        try:
            check_step(network, rule, batch_sizes(recipe, opened.dataset.train_count))
        except StepError as error:
            raise AssertionError((name, error.name, error.code, str(error))) from None


@pytest.mark.parametrize("body", [None, "x @ x.T @ x"])
def test_an_activation_of_the_recipe_stays_what_it_is(body):
    """Only a journal that somebody wrote has such an edit."""
    found = load_experiment("blog", ("functions.own=x * 2", "network.activation=own"))
    edit = RecipeEdit(2, (("functions.own", body),))
    with pytest.raises(RecipeError, match="another activation"):
        check_edits([edit], found.recipe, found.dataset)
