"""Preset recipes, and the default recipe of a data file."""

from collections.abc import Set
from typing import NamedTuple

from nn_tui.data.dataset import Dataset
from nn_tui.nn.losses import LOSSES
from nn_tui.recipe.recipe import Data, Network, Recipe, Training, View


class Preset(NamedTuple):
    """A named recipe with a line of help."""

    name: str
    help: str
    recipe: Recipe


_FAST = View(pace=0)


def _adam(rate: float, batch: int, epochs: int, loss: str = "half_squared_error") -> Training:
    return Training(
        loss=loss,
        reduction="mean",
        optimizer="adam",
        learning_rate=rate,
        batch_size=batch,
        shuffle=True,
        epochs=epochs,
    )


_ENTRIES = (
    Preset("blog", "the blog's experiment: 3-4-1, sigmoid, 50 epochs", Recipe()),
    Preset(
        "blog-xor",
        "the same network learns XOR, in 60,000 epochs",
        Recipe(Data("blog-xor"), training=Training(epochs=60_000), view=_FAST),
    ),
    Preset(
        "circle",
        "a disc inside a ring: TensorFlow Playground's start page, 2-4-2-1 tanh",
        Recipe(
            Data("circle"),
            Network((4, 2), "tanh", "tanh", bias=True, init="playground"),
            Training(reduction="mean", learning_rate=0.03, batch_size=10, epochs=1000),
            _FAST,
        ),
    ),
    Preset(
        "spiral",
        "two interleaved spirals, 2-16-16-1 tanh with Adam",
        Recipe(
            Data("spiral", seed=2),
            Network((16, 16), "tanh", "tanh", bias=True, init="xavier"),
            _adam(0.01, 25, 600),
            _FAST,
        ),
    ),
    Preset(
        "moons",
        "two half-moons, classified with cross-entropy, 2-8-1",
        Recipe(
            Data("moons", noise=0.1),
            Network((8,), "tanh", "sigmoid", bias=True, init="xavier"),
            _adam(0.03, 10, 200, "binary_cross_entropy"),
            _FAST,
        ),
    ),
    Preset(
        "hills",
        "2-D regression: three peaks and three valleys, 2-12-12-1",
        Recipe(
            Data("hills", samples=1200),
            Network((12, 12), "tanh", "linear", bias=True, init="xavier"),
            _adam(0.01, 20, 300),
            _FAST,
        ),
    ),
    Preset(
        "sine",
        "1-D regression: a noisy sine curve, 1-8-8-1",
        Recipe(
            Data("sine", noise=0.1),
            Network((8, 8), "tanh", "linear", bias=True, init="xavier"),
            _adam(0.01, 10, 200),
            _FAST,
        ),
    ),
    Preset(
        "iris",
        "150 flowers, four measurements, three species: 4-8-3 softmax",
        Recipe(
            Data("iris", scale="standard"),
            Network((8,), "tanh", "softmax", bias=True, init="xavier"),
            _adam(0.01, 16, 100, "cross_entropy"),
            _FAST,
        ),
    ),
    Preset(
        "digits",
        "1,797 handwritten digits, 8×8 pixels: 64-64-10 softmax",
        Recipe(
            Data("digits", scale="minmax"),
            Network((64,), "relu", "softmax", bias=True, init="he"),
            _adam(0.003, 32, 40, "cross_entropy"),
            _FAST,
        ),
    ),
    Preset(
        "diabetes",
        "disease progression from ten measurements of 442 patients: 10-16-1",
        Recipe(
            Data("diabetes", scale="standard", target_scale="auto", order="stratified"),
            Network((16,), "tanh", "linear", bias=True, init="xavier"),
            _adam(0.003, 32, 60),
            _FAST,
        ),
    ),
)

PRESETS: dict[str, Preset] = {entry.name: entry for entry in _ENTRIES}
"""Presets by name; ``nn-tui`` opens the first one by default."""


def recipe_for_file(path: str) -> Recipe:
    """Return the default recipe of a data file: 8 tanh units, Adam, 20 % test set.

    The output and the loss follow the targets: see ``recipe_for_samples``; ``sized_for_samples``
    suits the network's size to a table with many columns.
    """
    return Recipe(
        data=Data(
            source=path,
            header="auto",
            columns="auto",
            task="auto",
            scale="standard",
            target_scale="auto",
            missing="fill",
            test_fraction=0.2,
            order="by_date",
        ),
        network=Network((8,), "tanh", "auto", bias=True, init="xavier"),
        training=Training(
            reduction="mean",
            optimizer="adam",
            learning_rate=0.01,
            batch_size=32,
            shuffle=True,
            epochs=200,
        ),
        view=View(pace=0),
    )


_FEWEST_UNITS, _MOST_UNITS = 8, 64
_UPDATES = 10_000
_FEWEST_EPOCHS = 20
_MANY_UPDATES, _SMALL_RATE = 2000, 0.003


def sized_for_samples(recipe: Recipe, dataset: Dataset, kept: Set[str] = frozenset()) -> Recipe:
    """Return a data file's recipe with the size and the epochs that suit the samples.

    The hidden layer has as many units as there are inputs, rounded down to a power of two, from
    8 to 64: a smaller layer would lose what many inputs say. The epochs are as many as the
    recipe's, but no more than it takes for 10,000 updates, and at least 20. From 2,000 updates on
    the steps are smaller: they are enough, and the network overfits less. Keys that are ``kept``
    are not changed.
    """
    inputs, training = dataset.inputs.shape[1], recipe.training
    units = min(_MOST_UNITS, max(_FEWEST_UNITS, 1 << (inputs.bit_length() - 1)))
    if "network.hidden" not in kept:
        recipe = recipe.with_value("network.hidden", (units,))
    size = training.batch_size
    batches = 1 if isinstance(size, str) else -(-dataset.train_count // size)
    epochs = min(training.epochs, max(_FEWEST_EPOCHS, _UPDATES // batches))
    if "training.epochs" not in kept:
        recipe = recipe.with_value("training.epochs", epochs)
    many = batches * recipe.training.epochs >= _MANY_UPDATES
    if many and kept.isdisjoint(("training.learning_rate", "training.optimizer")):
        recipe = recipe.with_value("training.learning_rate", _SMALL_RATE)
    return recipe


def recipe_for_samples(recipe: Recipe, dataset: Dataset) -> Recipe:
    """Return the recipe with the loss that suits the targets and the output activation.

    For classes this is the cross-entropy of the output, if there is one; the output
    ``auto`` then becomes sigmoid for two classes, softmax for more.
    """
    if not dataset.classes:
        return recipe
    automatic = "sigmoid" if len(dataset.classes) == 2 else "softmax"
    output = automatic if recipe.network.output == "auto" else recipe.network.output
    losses = (name for name, entry in LOSSES.items() if entry.outputs == (output,))
    return recipe.with_value("training.loss", next(losses, recipe.training.loss))


def before_new_target(recipe: Recipe) -> Recipe:
    """Return the recipe to load samples of another target with, if its loss may be chosen anew.

    That is where the output is ``auto``; ``recipe_for_samples`` chooses the loss afterwards. A
    loss that takes any target is kept.
    """
    chosen = recipe.network.output == "auto" and LOSSES[recipe.training.loss].targets != "any"
    return recipe.with_value("training.loss", "half_squared_error") if chosen else recipe
