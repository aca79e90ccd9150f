"""The script of a run, executed by Python and NumPy alone, ends with the run's weights."""

import random
import re
from dataclasses import replace

import numpy as np
import pytest

from nn_tui import experiment
from nn_tui.data.generators import GENERATORS
from nn_tui.errors import InputError
from nn_tui.files.script.literals import number_literal
from nn_tui.files.script.script import script_of
from nn_tui.nn.activations import ACTIVATIONS
from nn_tui.nn.architecture import views
from nn_tui.nn.initializers import INITIALIZERS
from nn_tui.nn.losses import LOSSES
from nn_tui.nn.optimizers import OPTIMIZERS
from nn_tui.nn.regularizers import PENALTIES
from nn_tui.nn.schedules import SCHEDULES
from nn_tui.recipe.recipe import Recipe
from nn_tui.training.edits import DatumEdit, ParameterEdit, PruneEdit, RecipeEdit
from nn_tui.training.forward_pass import ForwardPass
from nn_tui.training.run import Run
from nn_tui.training.trainer import Trainer
from tests.files.script.running import assert_ends_alike
from tests.training.runs import flowers, points, recipe

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
    if recipe.training.batch_size in (41, 60) and recipe.training.partial_batch == "drop":
        recipe = recipe.with_value("training.partial_batch", "keep")
    tested = chance.choice([0, 12])
    if output == "softmax" or chance.random() < 0.3:
        dataset = validated(flowers(53, tested, chance.choice([2, 3, 5]), seed=number), number)
        return weighted(recipe, number), dataset
    inputs, outputs = chance.randint(1, 9), chance.choice([1, 1, 2, 3])
    return recipe, validated(points(53, tested, inputs, outputs, seed=number), number)


def weighted(recipe, number):
    """The recipe, every second time with class weights."""
    value = "balanced" if number % 2 else "none"
    return recipe.with_value("training.class_weights", value)


def validated(dataset, number):
    """The dataset, every third time with a validation set."""
    count = 6 if number % 3 == 1 else 0
    return replace(dataset, train_count=dataset.train_count - count, validation_count=count)


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
    "training.rho": [0.8, "beta2"],
    "training.clip_norm": ["none", 0.1],
    "training.schedule": list(SCHEDULES),
    "training.input_noise": [0.0, 0.2],
    "network.dropout": [0.0, 0.3],
}


def an_edit(chance, epoch, network, dataset):
    """Any change that a person may make to a run."""
    if dataset.classes and chance.random() < 0.1:
        weights = tuple(float(1 + number) for number in range(len(dataset.classes)))
        value = chance.choice(["none", "balanced", weights])
        return RecipeEdit(epoch, (("training.class_weights", value),))
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
    found = experiment.load_experiment(text, assignments)
    return Run(found.name, found.recipe, found.dataset)


def test_72_recipes_end_with_the_same_weights(tmp_path):
    runs = [trained(Run(f"run {i}", *drawn(i)), EPOCHS) for i in range(72)]
    for key, there_is in EVERYTHING.items():
        assert {run.recipe[key] for run, _ in runs} >= set(there_is), key
    assert {len(run.recipe.network.hidden) for run, _ in runs} == {0, 1, 2, 3}
    assert_ends_alike(runs, tmp_path)


def test_recipes_with_three_edits_end_with_the_same_weights(tmp_path):
    assert_ends_alike([edited(i) for i in range(72)], tmp_path)


PRESETS = [
    ("blog", 50),
    ("blog-xor", 3000),
    ("circle", 60),
    ("spiral", 20),
    ("moons", 20),
    ("hills", 10),
    ("sine", 20),
    ("iris", 60),
    ("diabetes", 30),
    ("digits", 2),
]
PLAYGROUND = [
    "#dataset=spiral&seed=0.12345&noise=20&batchSize=7&regularization=L1&regularizationRate=0.01",
    "#problem=regression&regDataset=reg-gauss&seed=text&networkShape=3,3&activation=relu",
]


def test_presets_and_playground_links_end_with_the_same_weights(tmp_path):
    runs = [trained(loaded(name), epochs) for name, epochs in PRESETS]
    runs += [trained(loaded(link), 15) for link in PLAYGROUND]
    texts, printed = assert_ends_alike(runs, tmp_path)
    for text, said, (_, trainer) in zip(texts, printed, runs, strict=True):
        compile(text, "script", "exec")
        snapshot = trainer.snapshot()
        last = next(line for line in said.splitlines() if line.startswith(f"epoch {trainer.epoch}"))
        losses = [float(word) for word in last.replace("test loss", "loss").split("loss")[1:]]
        wanted = [snapshot.train_loss, snapshot.test_loss][: len(losses)]
        np.testing.assert_allclose(losses, wanted, rtol=1e-5)
        assert (snapshot.test_loss is None) == (len(losses) == 1)


def test_the_data_of_a_file_is_included_whatever_its_column_names(tmp_path):
    rows = ['size,"""; import os\\",colour,kind']
    rows += [
        f"{i / 7!r},{-i * 1e-9!r},{'red' if i % 3 else 'blue'},{'ab'[i % 2]}" for i in range(9)
    ]
    path = tmp_path / 'own "file" # \\N{x}\nraise.csv'
    path.write_text("\n".join(rows) + "\n")
    runs = [
        trained(loaded(str(path), "network.bias=true", *more), 12)
        for more in (
            (),
            ("network.output=softmax", "training.loss=cross_entropy", "data.scale=standard"),
            ("data.test_fraction=0.3", "training.batch_size=2", "network.dtype=float32"),
        )
    ]
    assert_ends_alike(runs, tmp_path)


def test_given_initial_weights_are_written_to_the_script(tmp_path):
    run = loaded("moons", "network.dtype=float32")
    start = np.random.default_rng(2).normal(size=33)
    run = Run(run.name, run.recipe, run.dataset, start)
    network = Trainer(run.recipe, run.dataset).network
    trainer = Trainer(run.recipe, run.dataset, views(start, network))
    trainer.run_epochs(5)
    texts, _ = assert_ends_alike([(run, trainer)], tmp_path)
    assert "np.random.seed" not in texts[0]


def test_at_epoch_zero_the_weights_are_the_initial_weights(tmp_path):
    assert_ends_alike([trained(loaded("blog"), 0), trained(loaded("iris"), 0)], tmp_path)


def test_a_batch_larger_than_the_data_trains_nothing(tmp_path):
    run = loaded("blog", "training.batch_size=9", "training.partial_batch=carry")
    assert_ends_alike([trained(run, 3)], tmp_path)


def test_a_string_seed_gives_the_same_shuffle(tmp_path):
    link = "#seed=\u00e9'\\&dataset=xor&batchSize=10"
    run = loaded(link, "training.shuffle=true")
    assert_ends_alike([trained(run, 4)], tmp_path)


def carried_out_here(run):
    """The run and its trainer, at the epoch of the last edit and three more."""
    trainer = Trainer(run.recipe, run.dataset)
    for edit in run.edits:
        trainer.run_epochs(edit.epoch - trainer.epoch)
        trainer.apply(edit)
    trainer.run_epochs(3)
    return run, trainer


def test_carried_over_samples_count_unless_batches_change(tmp_path):
    carrying = recipe(batch_size=10, partial_batch="carry", optimizer="momentum", reduction="mean")
    edits = (
        RecipeEdit(3, (("training.optimizer", "sgd"),)),
        RecipeEdit(6, (("training.batch_size", 7),)),
    )
    run = Run("carried", carrying, points(53), edits=edits)
    text, _ = assert_ends_alike([carried_out_here(run)], tmp_path)
    assert text[0].count("\n    carried = 0\n") == 2


def test_two_edits_after_the_same_epoch_are_both_applied(tmp_path):
    edits = (
        RecipeEdit(5, (("training.learning_rate", 0.2),)),
        RecipeEdit(5, (("training.optimizer", "momentum"),)),
        RecipeEdit(5, (("training.optimizer", "sgd"),)),
        ParameterEdit(5, "W0", (1, 1), -0.25),
        RecipeEdit(8, (("training.optimizer", "adam"),)),
        PruneEdit(12, "W1", (0, 0)),
    )
    run = loaded("blog")
    run = Run(run.name, run.recipe, run.dataset, edits=edits)
    run, trainer = carried_out_here(run)
    assert_ends_alike([(run, trainer)], tmp_path)
    assert trainer.snapshot().weights["W1"][0, 0] == 0


def test_later_edits_are_not_applied(tmp_path):
    run = loaded("blog")
    late = Run(run.name, run.recipe, run.dataset, edits=(ParameterEdit(9, "W0", (0, 0), 5.0),))
    assert script_of(late, 8) == script_of(run, 8)


BLOG = """
# blog: 3-4-1 sigmoid, half_squared_error, sgd, 50 epochs.
# Needs only NumPy. The final weights are those of the exported run, bit for bit.

import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


# The samples: inputs X, targets y.
X = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]], float)
y = np.array([[0], [0], [1], [1]], float)
n = len(X)

# The initial weights: uniform in -1..1; used in the blog.
np.random.seed(1)
W0 = 2 * np.random.random((3, 4)) - 1
W1 = 2 * np.random.random((4, 1)) - 1

# The hyperparameters.
learning_rate = 1.0

# Training: forward, error, backward and update in every epoch.
for epoch in range(50):
    # forward
    l0 = X
    l1 = sigmoid(l0 @ W0)
    l2 = sigmoid(l1 @ W1)
    # error
    l2_error = y - l2
    loss = np.vdot(l2_error, l2_error) / (2 * n)
    if epoch % 5 == 0:
        print(f"epoch {epoch:>2}  loss {loss:.6g}")
    # backward
    l2_delta = l2_error * (l2 * (1 - l2))
    l1_error = l2_delta @ W1.T
    l1_delta = l1_error * (l1 * (1 - l1))
    # update
    W1 += learning_rate * (l1.T @ l2_delta)
    W0 += learning_rate * (l0.T @ l1_delta)

# Predictions.
l0 = X
l1 = sigmoid(l0 @ W0)
l2 = sigmoid(l1 @ W1)
l2_error = y - l2
loss = np.vdot(l2_error, l2_error) / (2 * n)
print(f"epoch 50  loss {loss:.6g}")
print(l2)
"""


def test_the_scripts_of_generated_data_and_truth_tables_do_not_grow_by_a_function_predict():
    for name in ("blog", "circle", "sine"):
        assert "predict(" not in script_of(loaded(name), 0)


def test_the_script_of_scaled_inputs_holds_them_in_their_own_units():
    text = script_of(loaded("iris"), 0)
    assert "[6.1, 2.8, 4.0, 1.3]" in text
    assert "X = (X - X_mean) / X_deviation" in text
    assert "X_test = (X_test - X_mean) / X_deviation" in text
    assert 'row = {"sepal_length": 6.1, "sepal_width": 2.8' in text


def test_the_blogs_script_is_the_blogs_code():
    assert script_of(loaded("blog"), 50) == BLOG.lstrip()
    assert len(BLOG.splitlines()) <= 60


def test_an_edit_that_changes_the_code_is_named_in_a_comment():
    run = loaded("blog")
    edits = (
        RecipeEdit(10, (("training.learning_rate", 0.5),)),
        DatumEdit(20, 3, 3, 0.5),
        RecipeEdit(30, (("training.optimizer", "momentum"),)),
        PruneEdit(40, "W0", (2, 1)),
    )
    text = script_of(Run(run.name, run.recipe, run.dataset, edits=edits), 50)
    for said in (
        "for epoch in range(30):\n    if epoch == 10:\n        learning_rate = 0.5\n"
        "    if epoch == 20:\n        y[3, 0] = 0.5\n    # forward\n",
        "\n# After epoch 30: optimizer = momentum.\nmomentum = 0.9\n"
        "W0_velocity = np.zeros_like(W0)\n",
        "\n# After epoch 40: W0[2,1] pruned.\nW0_alive = np.ones_like(W0)\n",
        "\nW0[2, 1] = 0\nW0_alive[2, 1] = 0\n",
        "for epoch in range(40, 50):\n",
        "    W0 *= W0_alive\n",
    ):
        assert said in text, said


def test_the_script_of_scaled_targets_holds_them_in_their_own_units(tmp_path):
    path = tmp_path / "price.csv"
    path.write_text("size,price\n" + "".join(f"{k},{3000 * k + 7.5}\n" for k in range(50, 70)))
    run = trained(loaded(str(path)), 30)
    (text,), (printed,) = assert_ends_alike([run], tmp_path)
    snapshot = run[1].snapshot()
    split = snapshot.dataset.train_count
    assert "standardized" in text
    assert f"{snapshot.dataset.targets[0, 0]:.1f}" in text
    shown = np.array(re.findall(r"\[+ *([-+.e0-9]+) *\]", printed), float)
    predictions = ForwardPass().predictions(snapshot, snapshot.dataset.inputs[:split])
    *several, example = shown  # the last one is what ``predict`` says of the first row
    np.testing.assert_allclose(several, predictions[: len(several), 0], rtol=1e-6)
    assert example == several[0]


def test_what_a_generator_drew_is_drawn_by_the_script(tmp_path):
    changes = (
        (),
        ("network.dtype=float32", "data.scale=standard", "data.validation_fraction=0.2"),
        ("training.batch_size=all", "data.test_fraction=0", "data.noise=0.3"),
    )
    runs = []
    for number, name in enumerate(GENERATORS):
        words = [f"data.source={name}", "data.samples=60", "network.hidden=4"]
        more = changes[number % len(changes)]
        runs.append(trained(loaded("spiral", *words, *more), 3))
    softmax = ("network.output=softmax", "training.loss=cross_entropy")
    runs.append(trained(loaded("moons", "data.samples=60", *softmax), 3))
    texts, _ = assert_ends_alike(runs, tmp_path)
    for text in texts:
        assert "(random, 60, " in text and "np.array([[" not in text
        assert len(text.splitlines()) < 120


def test_samples_that_are_not_what_the_generator_draws_are_written_as_numbers(tmp_path):
    run = loaded("moons", "data.samples=40")
    inputs = run.dataset.inputs.copy()
    inputs[3, 1] = np.nextafter(inputs[3, 1], 9)
    run = replace(run, dataset=replace(run.dataset, inputs=inputs))
    (text,), _ = assert_ends_alike([trained(run, 3)], tmp_path)
    assert "(random, 40, " not in text and number_literal(inputs[3, 1]) in text


def test_many_parameters_are_updated_in_one_loop_and_many_samples_are_last():
    lines = script_of(loaded("iris"), 5).splitlines()
    loop = lines.index("            for name, p in parameters.items():")
    assert [line.split()[0] for line in lines[loop + 1 : loop + 4]] == [
        "mean[name]",
        "squares[name]",
        "p",
    ]
    places = [
        next(k for k, line in enumerate(lines) if line.startswith(begin))
        for begin in ("def train(X, Y, X_test", "def predict(", "X = np.array([", "train(X, Y, X_")
    ]
    assert places == sorted(places)
    assert places[0] < 10 and places[-1] > len(lines) - 6


def test_functions_of_the_recipe_keep_their_names(tmp_path):
    """Those that the script would otherwise use itself: for its loop, its samples, its sets."""
    runs = []
    for name in ("mean", "descent", "between", "spiral", "random", "train", "encoded", "typical"):
        source = "iris" if name in ("train", "encoded", "typical") else "spiral"
        run = loaded(source, "network.hidden=3,3")
        own = replace(run.recipe, functions=((name, "x * np.tanh(x)"),))
        own = own.with_value("network.activation", name)
        runs.append(trained(replace(run, recipe=own), 3))
    assert_ends_alike(runs, tmp_path)


@pytest.mark.parametrize("name", ["order", "start", "epoch", "learning_rate", "len", "sum"])
def test_a_function_with_a_name_that_the_script_needs_is_refused(name):
    run = loaded("spiral", "network.hidden=3,3")
    own = replace(run.recipe, functions=((name, "x * np.tanh(x)"),))
    run = replace(run, recipe=own.with_value("network.activation", name))
    with pytest.raises(InputError, match=rf"^functions\.{name}: .* choose another name$"):
        script_of(run, 2)
