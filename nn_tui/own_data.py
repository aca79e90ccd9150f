"""A first recipe for a person's own file: something that learns, to be changed from there."""

from nn_tui.data.dataset import Dataset
from nn_tui.nn.losses import LOSSES
from nn_tui.recipe.recipe import Data, Network, Recipe, Training, View

DATA_SUFFIXES = (".csv", ".tsv", ".npz", ".npy")


def recipe_for_file(path: str) -> Recipe:
    """One hidden layer of 8 tanh units and Adam on scaled columns, a fifth held back.

    The output follows the targets: see ``fitted_to``.
    """
    return Recipe(
        data=Data(source=path, scale="standard", test_fraction=0.2),
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


def recipe_for_samples(recipe: Recipe, dataset: Dataset) -> Recipe:
    """The recipe with the loss that suits the targets and the output, which stays as it is.

    For classes it is the cross-entropy that the output allows, if any; ``auto`` becomes
    softmax by that.
    """
    if not dataset.classes:
        return recipe
    output = "softmax" if recipe.network.output == "auto" else recipe.network.output
    own = (name for name, entry in LOSSES.items() if entry.outputs == (output,))
    return recipe.with_value("training.loss", next(own, recipe.training.loss))
