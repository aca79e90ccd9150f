"""Recipe fields of training: where they are inactive, and which values are refused."""

import pytest

from nn_tui.nn.optimizers import OPTIMIZERS, SCALARS
from nn_tui.recipe.fields import FIELDS
from nn_tui.recipe.parsing import from_toml, to_toml, with_typed_value
from nn_tui.recipe.recipe import Recipe, RecipeError
from tests.training.runs import recipe


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("name", ["momentum", "beta1", "beta2", "rho", "epsilon"])
def test_numbers_that_an_optimizer_does_not_read_say_so(optimizer, name):
    reason = FIELDS[f"training.{name}"].inactive_reason(recipe(optimizer=optimizer))
    used = name in OPTIMIZERS[optimizer].scalars
    assert reason == ("" if used else f"not used by {optimizer}")


@pytest.mark.parametrize(
    ("key", "idle", "used", "reason"),
    [
        ("penalty_rate", {}, {"penalty": "l1"}, "only with regularization"),
        ("partial_batch", {}, {"batch_size": 3}, "only with mini-batches"),
        ("shuffle", {}, {"batch_size": 3}, "only with mini-batches"),
    ],
)
def test_fields_that_do_nothing_say_why(key, idle, used, reason):
    field = FIELDS[f"training.{key}"]
    assert field.inactive_reason(recipe(**idle)) == reason
    assert field.inactive_reason(recipe(**used)) == ""


def test_every_number_that_lines_read_is_a_live_field():
    for name in SCALARS:
        (field,) = (field for key, field in FIELDS.items() if key.split(".")[1] == name)
        assert field.live


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("network.dtype", "float16"),
        ("training.beta1", "1"),
        ("training.beta2", "-0.1"),
        ("training.epsilon", "0"),
        ("training.penalty", "L3"),
        ("training.penalty_rate", "-1"),
        ("training.batch_size", "0"),
        ("training.learning_rate", "1e308"),
        ("training.partial_batch", "none"),
        ("training.shuffle", "maybe"),
        ("training.stop_loss", "0"),
        ("training.evaluate_every", "0"),
        ("network.hidden", "0"),
        ("network.hidden", ",".join(["1"] * 51)),
    ],
)
def test_values_that_make_no_sense_are_refused(key, text):
    with pytest.raises(RecipeError, match=f"^{key} = .* is not allowed: it must be "):
        with_typed_value(Recipe(), key, text)


def test_a_recipe_survives_its_file():
    made = recipe(
        hidden=(8, 4),
        dtype="float32",
        activation="swish",
        output="softmax",
        loss="cross_entropy",
        optimizer="adam",
        beta1=0.8,
        beta2=0.99,
        epsilon=1e-6,
        penalty="l1",
        penalty_rate=0.01,
        batch_size=32,
        partial_batch="carry",
        shuffle=True,
        stop_loss=0.01,
        evaluate_every=10,
    )
    assert from_toml(to_toml(made)) == made
    assert from_toml(to_toml(Recipe())) == Recipe()
