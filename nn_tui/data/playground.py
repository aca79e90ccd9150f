"""TensorFlow Playground's points and weights, reproduced from the seed of its link.

The link determines a page completely: points, shuffling and weights are drawn, in this
order, from one stream of random numbers.
"""

import math
from dataclasses import dataclass, replace

from nn_tui.data.dataset import Dataset
from nn_tui.data.errors import DataError
from nn_tui.data.generators import GENERATORS, draw_points
from nn_tui.data.random_streams import SeedRandom
from nn_tui.data.split import split_samples

SETS: dict[str, str] = {
    "circle": "circle",
    "xor": "xor-cloud",
    "gauss": "gauss",
    "spiral": "spiral",
    "reg-plane": "plane",
    "reg-gauss": "hills",
}
"""Dataset names: TensorFlow Playground's, and those of ``GENERATORS``."""


@dataclass(frozen=True, eq=False)
class PlaygroundExperiment:
    """The points, and the random stream after them, from which the weights are drawn.

    ``initial_weights("playground", sizes, stream)`` returns the Playground's weights. A
    stream can be used only once.
    """

    dataset: Dataset
    stream: SeedRandom


def sample_count(name: str) -> int:
    """Return the Playground's number of points of a dataset (either name)."""
    return 500 if GENERATORS[SETS.get(name, name)].classes else 1200


def playground_experiment(
    seed: str, name: str, noise_percent: float = 0.0, train_percent: float = 50.0
) -> PlaygroundExperiment:
    """Return the data and random stream of the page with this seed and settings.

    ``name`` is either name of a dataset. The page does not clip ``train_percent``: below 0
    it counts from the end, like a slice. Raises DataError for noise outside 0..80 and for
    an empty training set.
    """
    samples = sample_count(name)
    if not 0 <= noise_percent <= 80:
        raise DataError(f"noise = {noise_percent:g} is not allowed: it must be 0 to 80 percent")
    if math.isnan(train_percent):
        raise DataError("percTrainData is not a number; it must be a percentage above 0")
    share = min(max(samples * train_percent / 100, -samples), samples)
    train_count = len(range(samples)[: math.floor(share)])
    if train_count == 0:
        raise DataError(f"percTrainData = {train_percent:g} leaves no training samples")
    stream = SeedRandom(seed)
    points = draw_points(SETS.get(name, name), stream, samples, noise_percent / 100)
    shuffled = split_samples(points, 0.0, stream)
    return PlaygroundExperiment(replace(shuffled, train_count=train_count), stream)


def weight_stream(seed: str, name: str, samples: int, noise: float) -> SeedRandom:
    """Return the random stream after the points of a recipe's dataset, for the weights.

    ``noise`` is a fraction, as in a recipe.
    """
    stream = SeedRandom(seed)
    split_samples(draw_points(name, stream, samples, noise), 0.0, stream)
    return stream
