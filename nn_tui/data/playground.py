"""TensorFlow Playground's own points and weights, from the text that seeds its link.

A page load there is fully determined by the link: points, their shuffle and then the
weights come from one stream of random numbers, in this order.
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
"""The playground's names of its data sets, and ours."""


@dataclass(frozen=True, eq=False)
class PlaygroundExperiment:
    """The points, and the stream where they left it: the weights are drawn from it next.

    ``draw_weights("playground", sizes, stream)`` gives the playground's weights. A stream
    can be drawn from only once; for the same weights again make the experiment again.
    """

    dataset: Dataset
    stream: SeedRandom


def sample_count(name: str) -> int:
    """How many points the playground draws of the set of that name (its or ours)."""
    return 500 if GENERATORS[SETS.get(name, name)].classes else 1200


def playground_experiment(
    seed: str, name: str, noise_percent: float = 0.0, train_percent: float = 50.0
) -> PlaygroundExperiment:
    """What the page with this seed and these data shows.

    ``name`` is the playground's or ours. ``train_percent`` is not clipped there: below 0
    it counts from the end, as a slice does. Raises DataError for noise beyond 0 to 80 and
    where no point is left to train on.
    """
    samples = sample_count(name)
    if not 0 <= noise_percent <= 80:
        raise DataError(f"noise = {noise_percent:g} is not allowed: it must be 0 to 80 percent")
    if math.isnan(train_percent):
        raise DataError("percTrainData is not a number: it must be a percentage above 0")
    share = min(max(samples * train_percent / 100, -samples), samples)
    train_count = len(range(samples)[: math.floor(share)])
    if train_count == 0:
        raise DataError(f"percTrainData = {train_percent:g} leaves no point to train on")
    stream = SeedRandom(seed)
    points = draw_points(SETS.get(name, name), stream, samples, noise_percent / 100)
    shuffled = split_samples(points, 0.0, stream)
    return PlaygroundExperiment(replace(shuffled, train_count=train_count), stream)


def weight_stream(seed: str, name: str, samples: int, noise: float) -> SeedRandom:
    """The stream behind ``sources.load(name, seed=seed, …)``, ready for the weights.

    ``noise`` is a fraction here, as in a recipe.
    """
    stream = SeedRandom(seed)
    split_samples(draw_points(name, stream, samples, noise), 0.0, stream)
    return stream
