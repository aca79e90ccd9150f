"""A run's script, carried out by a plain Python, ends with the run's weights."""

import random

from nn_tui import experiment
from nn_tui.nn.activations import ACTIVATIONS
from nn_tui.nn.initializers import INITIALIZERS
from nn_tui.nn.losses import LOSSES
from nn_tui.nn.optimizers import OPTIMIZERS
from nn_tui.nn.penalties import PENALTIES
from nn_tui.recipe import Recipe
from nn_tui.training.edits import DatumEdit, ParameterEdit, PruneEdit, RecipeEdit
from nn_tui.training.run import Run
from nn_tui.training.trainer import Trainer
from tests.files.script.running import assert_ends_alike
from tests.training.runs import flowers, points

PAIRS = [(loss, output) for loss, entry in LOSSES.items() for output in entry.outputs]
EVERYTHING = {
    "network.activation": ACTIVATIONS,
    "network.output": {output for _, output in PAIRS},
    "network.init": INITIALIZERS,
    "network.dtype": ("float64", "float32"),
    "training.loss": LOSSES,
    "training.optimizer": OPTIMIZERS,
    "training.penalty": PENALTIES,
    "training.partial_batch": ("keep", "drop", "carry"),
    "training.shuffle": (False, True),
}
EPOCHS = 24


def drawn(number):
    """A recipe and samples for it."""
    chance = random.Random(number)
    loss, output = chance.choice(PAIRS)
    values = {
        "network.hidden": tuple(chance.randint(1, 9) for _ in range(chance.randint(0, 3))),
        "network.activation": chance.choice(list(ACTIVATIONS)),
        "network.output": output,
        "network.bias": chance.random() < 0.6,
        "network.init": chance.choice(list(INITIALIZERS)),
        "network.seed": chance.choice([0, 1, 12345, 2**32 - 1]),
        "network.dtype": chance.choice(["float64", "float32"]),
        "training.loss": loss,
        "training.reduction": chance.choice(["sum", "mean"]),
        "training.optimizer": chance.choice(list(OPTIMIZERS)),
        "training.learning_rate": chance.choice([0.003, 0.01, 0.03]),
        "training.penalty": chance.choice(list(PENALTIES)),
        "training.penalty_rate": 0.02,
        "training.batch_size": chance.choice(["all", 1, 7, 10, 20, 41, 60]),
        "training.partial_batch": chance.choice(["keep", "carry", "drop"]),
        "training.shuffle": chance.random() < 0.5,
    }
    recipe = Recipe()
    for key, value in values.items():
        recipe = recipe.with_value(key, value)
    if recipe.training.batch_size == 60 and recipe.training.partial_batch == "drop":
        recipe = recipe.with_value("training.partial_batch", "keep")
    tested = chance.choice([0, 12])
    if output == "softmax" or chance.random() < 0.3:
        return recipe, flowers(53, tested, chance.choice([2, 3, 5]), seed=number)
    inputs, outputs = chance.randint(1, 9), chance.choice([1, 1, 2, 3])
    return recipe, points(53, tested, inputs, outputs, seed=number)


LIVE = {
    "training.learning_rate": [0.002, 0.007, 0.02],
    "training.reduction": ["sum", "mean"],
    "training.optimizer": list(OPTIMIZERS),
    "training.momentum": [0.5, 0.8],
    "training.beta1": [0.5, 0.95],
    "training.beta2": [0.9, 0.99],
    "training.epsilon": [1e-4, 1e-7],
    "training.penalty": list(PENALTIES),
    "training.penalty_rate": [0.0, 0.05],
    "training.batch_size": ["all", 5, 10, 16],
    "training.partial_batch": ["keep", "carry"],
    "training.shuffle": [True, False],
}


def an_edit(chance, epoch, network, dataset):
    """Any change that a person may make to a run."""
    if chance.random() < 0.4:
        key = chance.choice(list(LIVE))
        return RecipeEdit(epoch, ((key, chance.choice(LIVE[key])),))
    name = chance.choice([*network.shapes()])
    index = tuple(chance.randrange(size) for size in network.shapes()[name])
    if name[0] == "W" and chance.random() < 0.4:
        return PruneEdit(epoch, name, index)
    if chance.random() < 0.5:
        return ParameterEdit(epoch, name, index, chance.uniform(-1, 1))
    columns = dataset.raw_inputs.shape[1]
    column = chance.randrange(columns + dataset.targets.shape[1])
    value = chance.uniform(0, 1)
    if column >= columns and dataset.classes:
        value = float(chance.randrange(len(dataset.classes)))
    return DatumEdit(epoch, chance.randrange(dataset.samples), column, value)


def edited(number, count=3):
    """A run with so many edits on its way, and the trainer that carried it out."""
    recipe, dataset = drawn(number)
    chance = random.Random(-number)
    trainer = Trainer(recipe, dataset)
    edits = []
    for epoch in sorted(chance.choices(range(EPOCHS + 1), k=count)):
        edits.append(an_edit(chance, epoch, trainer.network, dataset))
        trainer.run_epochs(epoch - trainer.epoch)
        trainer.apply(edits[-1])
    trainer.run_epochs(EPOCHS - trainer.epoch)
    assert trainer.epoch == EPOCHS, trainer.diverged
    return Run(f"run {number}", recipe, dataset, edits=tuple(edits)), trainer


def trained(run, epochs):
    trainer = Trainer(run.recipe, run.dataset)
    trainer.run_epochs(epochs)
    assert trainer.epoch == epochs, trainer.diverged
    return run, trainer


def loaded(text, *assignments):
    found = experiment.load(text, assignments)
    return Run(found.name, found.recipe, found.dataset)


def test_72_recipes_over_everything_there_is_end_alike(tmp_path):
    runs = [trained(Run(f"run {i}", *drawn(i)), EPOCHS) for i in range(72)]
    for key, there_is in EVERYTHING.items():
        assert {run.recipe[key] for run, _ in runs} >= set(there_is), key
    assert {len(run.recipe.network.hidden) for run, _ in runs} == {0, 1, 2, 3}
    assert_ends_alike(runs, tmp_path)


def test_the_same_recipes_with_three_live_edits_end_alike(tmp_path):
    assert_ends_alike([edited(i) for i in range(72)], tmp_path)
