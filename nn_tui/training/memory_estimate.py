"""Estimate the memory that training a recipe needs, before any is allocated."""

from typing import NamedTuple

from nn_tui.data.dataset import Dataset
from nn_tui.memory import available_memory, format_bytes
from nn_tui.nn.architecture import Architecture
from nn_tui.nn.learning_rule import LearningRule
from nn_tui.nn.statements import random_inputs, stores_preactivation
from nn_tui.recipe.recipe import Recipe, RecipeError
from nn_tui.training.batches import WINDOW_BATCHES
from nn_tui.training.epoch_block import block_numbers
from nn_tui.training.evaluator import block_rows
from nn_tui.training.history import most_bytes
from nn_tui.training.loss_gradient import MOST_WORK
from nn_tui.training.metrics import recorded
from nn_tui.training.model_builder import build_architecture, build_learning_rule


class MemoryEstimate(NamedTuple):
    """The number of parameters, and the bytes that training takes."""

    parameters: int
    bytes: int

    @property
    def size(self) -> str:
        """``bytes`` as text, such as ``1.5 GB``."""
        return format_bytes(self.bytes)


def estimate(recipe: Recipe, dataset: Dataset) -> MemoryEstimate:
    """The memory of the trainers of all replicas, without the dataset, which they share."""
    network, rule = build_architecture(recipe, dataset), build_learning_rule(recipe)
    itemsize = 4 if recipe.network.dtype == "float32" else 8
    batch = recipe.training.batch_size
    rows = dataset.train_count if isinstance(batch, str) else min(batch, dataset.train_count)
    epoch = dataset.samples * network.sizes[-1] + network.parameter_count
    numbers = (
        (_copies(rule) + (rows < dataset.train_count)) * network.parameter_count
        + block_numbers(epoch)
        + _buffers(network, rule, rows, 4)
        + _samples(network, dataset, rows, recipe)
        + dataset.train_count * sum(random_inputs(network, rule).values())
        + 2 * _buffers(network, rule, min(dataset.samples, block_rows(network)), 2)
    )
    if dataset.train_count * network.weight_count <= MOST_WORK:
        block = min(dataset.train_count, block_rows(network))
        numbers += 5 * network.parameter_count + _buffers(network, rule, block, 4)
    # Initial weights are drawn and kept in float64 whatever the network's dtype.
    drawn = 8 * (network.parameter_count + network.weight_count)
    each = itemsize * numbers + drawn
    replicas = recipe.training.replicas
    if replicas > 1:
        each += most_bytes(len(recorded(network, dataset.parts)))
    return MemoryEstimate(network.parameter_count, replicas * each)


def refuse_too_large(recipe: Recipe, dataset: Dataset) -> None:
    """Raise RecipeError, with the estimate, if it exceeds the available memory."""
    cost, room = estimate(recipe, dataset), available_memory()
    if cost.bytes > room:
        replicas = recipe.training.replicas
        what, fewer = "this network has", "use smaller layers or a smaller batch"
        has = f"{cost.parameters:,} parameters and needs"
        if replicas > 1:
            what, fewer = f"these {replicas:,} networks have", f"{fewer}, or fewer replicas"
            has = f"{cost.parameters:,} parameters each and need"
        raise RecipeError(
            f"{what} {has} about {cost.size} of memory; {format_bytes(room)} are available; {fewer}"
        )


def _copies(rule: LearningRule) -> int:
    """The number of vectors with the size of the parameters."""
    optimizer, penalty = rule.optimizer_entry, rule.penalty_entry
    parameters, descent, previous = 1, 1, 1
    memory = len(optimizer.memory) + len(rule.weight_memory) + rule.carry
    kept = parameters + descent + previous + memory
    scratch, snapshot = 2, 3
    return 2 * kept + len(penalty.buffers) + scratch + snapshot


def _buffers(network: Architecture, rule: LearningRule, rows: int, each: int) -> int:
    """The numbers that a step with ``rows`` samples holds.

    ``each`` is the number of arrays for a layer: its output, error, delta, and scratch.
    """
    sizes = enumerate(network.sizes[1:], 1)
    return rows * sum(size * (each + stores_preactivation(network, rule, i)) for i, size in sizes)


def _samples(network: Architecture, dataset: Dataset, rows: int, recipe: Recipe) -> int:
    """Targets, predictions, and copies of the samples where needed."""
    width = network.sizes[0] + network.sizes[-1]
    numbers = 2 * dataset.samples * network.sizes[-1]
    if recipe.network.dtype == "float32":
        numbers += dataset.samples * width
    held = min(dataset.train_count, rows * WINDOW_BATCHES)
    if recipe.training.shuffle or held < dataset.train_count:
        numbers += held * width
    return numbers
