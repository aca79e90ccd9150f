"""Replicas: one experiment with several consecutive weight seeds."""

from nn_tui.recipe.recipe import Recipe, RecipeError

MOST_REPLICAS = 1024
"""The largest number of replicas."""
LARGEST_SEED = 2**32 - 1
"""The largest weight seed that is a number."""


def replica_seeds(recipe: Recipe) -> range:
    """Return the weight seeds of the replicas: ``network.seed`` and those that follow it.

    Raises RecipeError where no seeds follow it: it is a string, or too large.
    """
    first, count = recipe.network.seed, recipe.training.replicas
    if isinstance(first, str):
        raise RecipeError(
            f"training.replicas = {count} needs a network.seed that can be counted up; "
            f"{first!r} is a string; set network.seed to an integer"
        )
    if first + count - 1 > LARGEST_SEED:
        raise RecipeError(
            f"training.replicas = {count} needs the weight seeds from {first} on; the largest "
            f"is {LARGEST_SEED}; set a smaller network.seed"
        )
    return range(first, first + count)


def check_replicas(recipe: Recipe) -> None:
    """Raise RecipeError where the recipe has replicas, but no seeds for them."""
    if recipe.training.replicas > 1:
        replica_seeds(recipe)


def replica_recipe(recipe: Recipe, seed: int) -> Recipe:
    """Return the recipe of the replica with that weight seed, as a run of its own."""
    return recipe.with_value("network.seed", seed).with_value("training.replicas", 1)
