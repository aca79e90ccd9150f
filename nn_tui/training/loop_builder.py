"""Build from a recipe and a dataset what trains: the state, and the loop of its epochs."""

from dataclasses import replace
from operator import attrgetter

import numpy as np

from nn_tui.data.dataset import Dataset
from nn_tui.nn.architecture import Architecture
from nn_tui.nn.learning_rule import LearningRule
from nn_tui.nn.state import State
from nn_tui.recipe.recipe import Recipe
from nn_tui.training import model_builder
from nn_tui.training.loss_growth import natural_loss
from nn_tui.training.metrics import Metrics
from nn_tui.training.training_loop import TrainingLoop
from nn_tui.types import Array


def build_rule(
    recipe: Recipe, dataset: Dataset, network: Architecture, pruned: bool
) -> LearningRule:
    """The learning rule with what depends on the classes; ``pruned`` if weights are."""
    return replace(
        model_builder.build_learning_rule(recipe),
        pruned=pruned,
        class_weights=model_builder.class_weights(recipe, dataset, network),
        smoothing=model_builder.label_smoothing(recipe, dataset, network),
    )


def build_state(
    recipe: Recipe, network: Architecture, rule: LearningRule, parameters: Array
) -> State:
    """A state with these flat ``parameters`` (parameter_count,), before any update."""
    scalars = model_builder.scalar_values(recipe)
    return State(network, rule, parameters, scalars, recipe.network.dtype)


def build_loop(recipe: Recipe, dataset: Dataset, targets: Array, state: State) -> TrainingLoop:
    """A loop that trains ``state`` on ``dataset`` with its encoded ``targets``, float64."""
    inputs = np.ascontiguousarray(dataset.inputs, state.dtype)
    converted = np.ascontiguousarray(targets, state.dtype)
    metrics = Metrics(dataset, targets, state.network)
    return TrainingLoop(state, inputs, converted, dataset.parts, recipe, metrics)


def unproblematic_loss(recipe: Recipe, dataset: Dataset, targets: Array, state: State) -> float:
    """The loss that a run of the training set can have without having diverged."""
    weights = state.rule.class_weights
    heaviest = 1.0 if weights is None else max(1.0, *weights.values)
    return heaviest * natural_loss(recipe.training.loss, targets[dataset.parts["train"]])


def same_batches(a: Recipe, b: Recipe) -> bool:
    """Whether an epoch of both has the same batches, for the same samples."""
    fields = attrgetter("batch_size", "partial_batch", "shuffle")
    return bool(fields(a.training) == fields(b.training))
