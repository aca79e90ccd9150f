"""What a recipe takes, estimated before anything is taken."""

import tracemalloc

import numpy as np
import pytest

from nn_tui.memory import available_memory
from nn_tui.recipe.recipe import RecipeError
from nn_tui.training import memory_estimate as cost
from nn_tui.training.memory_estimate import estimate
from nn_tui.training.trainer import Trainer
from tests.training.runs import flowers, points, recipe

CASES = {
    "wide": (recipe(hidden=(2000,)), lambda: points(100, inputs=200)),
    "deep, with memory": (
        recipe(hidden=(200,) * 8, optimizer="adam", penalty="l1", batch_size=10, bias=True),
        lambda: points(100),
    ),
    "many samples": (recipe(hidden=(16, 16)), lambda: points(50_000, inputs=10)),
    "many batches": (
        recipe(hidden=(16, 16), batch_size=32, shuffle=True),
        lambda: points(100_000, tested=1000, inputs=10),
    ),
    "float32": (
        recipe(
            hidden=(256, 128),
            batch_size=64,
            shuffle=True,
            dtype="float32",
            activation="swish",
            optimizer="rmsprop",
        ),
        lambda: points(2000, tested=500, inputs=300),
    ),
    "classes": (
        recipe(
            hidden=(256, 128),
            batch_size=64,
            output="softmax",
            loss="cross_entropy",
            partial_batch="carry",
            optimizer="adam",
        ),
        lambda: flowers(12_000, 4_000, 8),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_estimate_is_about_what_training_takes(name):
    made, dataset = CASES[name][0], CASES[name][1]()
    Trainer(made, dataset).run_epochs(1)  # the extension compares its products only once
    tracemalloc.start()
    try:
        trainer = Trainer(made, dataset)
        trainer.run_epochs(1)
        trainer.snapshot()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert 0.9 < estimate(made, dataset).bytes / peak < 1.8


@pytest.mark.parametrize(
    "hidden", [(1_000_000, 1_000_000), (100_000,) * 50, (10_000_000, 10_000_000, 10)]
)
def test_absurd_networks_are_refused_before_anything_is_allocated(hidden):
    dataset = points()
    tracemalloc.start()
    try:
        with pytest.raises(RecipeError) as error:
            Trainer(recipe(hidden=hidden), dataset)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 1_000_000
    assert "TB of memory" in str(error.value)


def test_the_refusal_says_how_much_it_would_take_and_how_much_there_is(monkeypatch):
    monkeypatch.setattr(cost, "available_memory", lambda: 12_000_000)
    made, dataset = recipe(hidden=(2000, 2000)), points()
    needed = estimate(made, dataset)
    with pytest.raises(RecipeError) as error:
        Trainer(made, dataset)
    assert needed.parameters == 2 * 2000 + 2000 * 2000 + 2000
    assert str(error.value) == (
        f"this network has 4,006,000 parameters and needs about {needed.size} of memory; "
        "12 MB are available; use smaller layers or a smaller batch"
    )
    small = recipe(hidden=(20,), batch_size=5)
    trainer = Trainer(small, dataset)
    monkeypatch.setattr(cost, "available_memory", lambda: 100)
    with pytest.raises(RecipeError, match="100 bytes are available"):
        trainer.set(small.with_value("training.batch_size", "all"))
    assert trainer.recipe == small


def test_a_batch_that_is_larger_than_the_data_costs_no_more_than_the_data():
    one = estimate(recipe(batch_size=10_000_000), points())
    assert one.bytes == estimate(recipe(), points()).bytes


def test_this_machine_can_give_some_memory():
    room = available_memory()
    block = np.empty(2**20)
    assert block.nbytes < room < 2**60
