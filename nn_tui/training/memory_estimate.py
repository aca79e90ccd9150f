"""How much memory a recipe needs for these samples, before any of it is taken."""

from typing import NamedTuple

from nn_tui.data.dataset import Dataset
from nn_tui.memory import available_memory, format_bytes
from nn_tui.nn.architecture import Architecture
from nn_tui.nn.learning_rule import LearningRule
from nn_tui.nn.statements import stores_preactivation
from nn_tui.recipe.recipe import Recipe, RecipeError
from nn_tui.training.batches import WINDOW_BATCHES
from nn_tui.training.epoch_block import block_numbers
from nn_tui.training.evaluator import block_rows
from nn_tui.training.loss_gradient import MOST_WORK
from nn_tui.training.model_builder import build_architecture, build_learning_rule


class MemoryEstimate(NamedTuple):
    """``parameters`` is how many numbers are learned, ``bytes`` what training takes."""

    parameters: int
    bytes: int

    @property
    def size(self) -> str:
        """``bytes`` for people to read, such as ``1.5 GB``."""
        return format_bytes(self.bytes)


def estimate(recipe: Recipe, dataset: Dataset) -> MemoryEstimate:
    """What a trainer takes for the recipe and these samples, the samples not counted."""
    network, how = build_architecture(recipe, dataset), build_learning_rule(recipe)
    itemsize = 4 if recipe.network.dtype == "float32" else 8
    batch = recipe.training.batch_size
    rows = dataset.train_count if isinstance(batch, str) else min(batch, dataset.train_count)
    epoch = dataset.samples * network.sizes[-1] + network.parameter_count
    numbers = (
        (_copies(how) + (rows < dataset.train_count)) * network.parameter_count
        + block_numbers(epoch)
        + _buffers(network, how, rows, 4)
        + _samples(network, dataset, rows, recipe)
        + 2 * _buffers(network, how, min(dataset.samples, block_rows(network)), 2)
    )
    if dataset.train_count * network.weight_count <= MOST_WORK:
        block = min(dataset.train_count, block_rows(network))
        numbers += 5 * network.parameter_count + _buffers(network, how, block, 4)
    # Start weights are drawn and kept in float64 whatever the network computes in.
    drawn = 8 * (network.parameter_count + network.weight_count)
    return MemoryEstimate(network.parameter_count, itemsize * numbers + drawn)


def refuse_too_large(recipe: Recipe, dataset: Dataset) -> None:
    """Raises RecipeError, with the estimate, where this machine has no such memory to give."""
    cost, room = estimate(recipe, dataset), available_memory()
    if cost.bytes > room:
        raise RecipeError(
            f"this network has {cost.parameters:,} numbers to learn and needs about {cost.size} of "
            f"memory; {format_bytes(room)} can be had here; use smaller layers or a smaller batch"
        )


def _copies(how: LearningRule) -> int:
    """Vectors as long as the parameters."""
    optimizer, penalty = how.optimizer_entry, how.penalty_entry
    parameters, descent, previous = 1, 1, 1
    memory = len(optimizer.memory) + len(how.weight_memory) + how.carry
    kept = parameters + descent + previous + memory
    scratch, snapshot = 2, 3
    return 2 * kept + len(penalty.buffers) + scratch + snapshot


def _buffers(network: Architecture, how: LearningRule, rows: int, each: int) -> int:
    """What ``rows`` samples need on their way through the network.

    ``each`` is the number of arrays for a layer: its output, error, delta, and scratch.
    """
    sizes = enumerate(network.sizes[1:], 1)
    return rows * sum(size * (each + stores_preactivation(network, how, i)) for i, size in sizes)


def _samples(network: Architecture, dataset: Dataset, rows: int, recipe: Recipe) -> int:
    """Targets and predictions, and copies of the samples where they must be made."""
    width = network.sizes[0] + network.sizes[-1]
    numbers = 2 * dataset.samples * network.sizes[-1]
    if recipe.network.dtype == "float32":
        numbers += dataset.samples * width
    held = min(dataset.train_count, rows * WINDOW_BATCHES)
    if recipe.training.shuffle or held < dataset.train_count:
        numbers += held * width
    return numbers
