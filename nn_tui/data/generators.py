"""Generators of random datasets of any size.

``circle``, ``xor-cloud``, ``gauss``, ``spiral``, ``plane`` and ``hills`` are TensorFlow
Playground's (dataset.ts): with its random numbers they give identical points. To add a
generator, write a function and add an entry to ``_ENTRIES``. Exported scripts contain the
functions: they read nothing but NumPy, their arguments and ``between``.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from nn_tui.data.dataset import Dataset
from nn_tui.data.random_streams import RandomStream, random_stream
from nn_tui.data.split import split_samples
from nn_tui.memory import check_memory
from nn_tui.types import Array

Draw = Callable[[RandomStream, int, float], tuple[Array, Array]]

_NUMBERS_PER_POINT = 12  # random numbers, results and temporaries


class Generator(NamedTuple):
    """A generator: ``draw(stream, samples, noise)`` returns points (samples, inputs) and targets.

    Targets (samples,) are class numbers, or continuous where ``classes`` is empty. ``noise``
    describes the effect of the noise level 0..0.8.
    """

    name: str
    help: str
    noise: str
    draw: Draw
    input_names: tuple[str, ...] = ("x1", "x2")
    classes: tuple[str, ...] = ("orange", "blue")


def between(low: float | Array, high: float | Array, uniform: Array) -> Array:
    """Return numbers from ``low`` to ``high``, for ``uniform`` numbers in [0, 1)."""
    return uniform * (high - low) + low


def _circle(stream: RandomStream, samples: int, noise: float) -> tuple[Array, Array]:
    drawn = stream.uniform(samples, 4)
    inner = np.arange(samples) < samples // 2
    radius = between(np.where(inner, 0, 3.5), np.where(inner, 2.5, 5), drawn[:, 0])
    angle = between(0, 2 * np.pi, drawn[:, 1])
    points = np.column_stack([radius * np.sin(angle), radius * np.cos(angle)])
    judged = points + between(-5, 5, drawn[:, 2:]) * noise
    return points, np.sqrt((judged**2).sum(axis=1)) < 2.5


def _xor_cloud(stream: RandomStream, samples: int, noise: float) -> tuple[Array, Array]:
    drawn = stream.uniform(samples, 4)
    points = between(-5, 5, drawn[:, :2])
    points += np.where(points > 0, 0.3, -0.3)
    judged = points + between(-5, 5, drawn[:, 2:]) * noise
    return points, judged[:, 0] * judged[:, 1] >= 0


def _gauss(stream: RandomStream, samples: int, noise: float) -> tuple[Array, Array]:
    upper = np.arange(samples) < samples // 2
    deviation = np.sqrt(0.5 + 7 * noise)
    points = np.where(upper, 2, -2)[:, None] + deviation * stream.normal(samples, 2)
    return points, upper


def _spiral(stream: RandomStream, samples: int, noise: float) -> tuple[Array, Array]:
    first = samples // 2
    parts = (first, samples - first)
    place = np.concatenate([np.arange(n) for n in parts])
    n = np.repeat(np.maximum(1, parts), parts)
    blue = np.arange(samples) < first
    # The Playground's order of operations: any other changes the last bits.
    turn = 1.75 * place / n * 2 * np.pi + np.where(blue, 0, np.pi)
    points = (place / n * 5)[:, None] * np.column_stack([np.sin(turn), np.cos(turn)])
    return points + between(-1, 1, stream.uniform(samples, 2)) * noise, blue


def _moons(stream: RandomStream, samples: int, noise: float) -> tuple[Array, Array]:
    angle = np.pi * stream.uniform(samples, 1)[:, 0]
    upper = np.arange(samples) < samples // 2
    arch = np.column_stack([np.cos(angle) - 0.5, np.sin(angle) - 0.25])
    points = np.where(upper, 1, -1)[:, None] * arch
    return 3 * (points + noise * stream.normal(samples, 2)), upper


def _checkerboard(stream: RandomStream, samples: int, noise: float) -> tuple[Array, Array]:
    drawn = stream.uniform(samples, 4)
    points = between(-6, 6, drawn[:, :2])
    judged = points + between(-6, 6, drawn[:, 2:]) * noise
    return points, np.floor(judged / 3).sum(axis=1) % 2 == 0


def _plane(stream: RandomStream, samples: int, noise: float) -> tuple[Array, Array]:
    drawn = stream.uniform(samples, 4)
    points = between(-6, 6, drawn[:, :2])
    judged = points + between(-6, 6, drawn[:, 2:]) * noise
    return points, judged.sum(axis=1) / 10


def _hills(stream: RandomStream, samples: int, noise: float) -> tuple[Array, Array]:
    drawn = stream.uniform(samples, 4)
    points = between(-6, 6, drawn[:, :2])
    judged = points + between(-6, 6, drawn[:, 2:]) * noise
    height = np.zeros(samples)
    peaks = {(-4, 2.5): 1, (0, 2.5): -1, (4, 2.5): 1, (-4, -2.5): -1, (0, -2.5): 1, (4, -2.5): -1}
    for centre, sign in peaks.items():
        distance = np.sqrt(((judged - centre) ** 2).sum(axis=1))
        hill = np.clip(1 - distance / 2, 0, 1)
        height = np.where(hill > np.abs(height), sign * hill, height)
    return points, height


def _sine(stream: RandomStream, samples: int, noise: float) -> tuple[Array, Array]:
    drawn = stream.uniform(samples, 2)
    x = between(-np.pi, np.pi, drawn[:, 0])
    return x[:, None], np.sin(x) + between(-1, 1, drawn[:, 1]) * noise


_LABEL_NOISE = "random shift of each point before its class is decided, relative to the width"
_POSITION_NOISE = "random shift of each point"

_ENTRIES = (
    Generator("circle", "a disc inside a ring", _LABEL_NOISE, _circle),
    Generator(
        "xor-cloud",
        "XOR: four squares, opposite squares in the same class",
        _LABEL_NOISE,
        _xor_cloud,
    ),
    Generator("gauss", "two Gaussian clusters, one per class", "width of the clusters", _gauss),
    Generator("spiral", "two interleaved spirals", _POSITION_NOISE, _spiral),
    Generator("moons", "two interleaving half-moons", _POSITION_NOISE, _moons),
    Generator("checkerboard", "4×4 checkerboard", _LABEL_NOISE, _checkerboard),
    Generator(
        "plane",
        "a tilted plane: the target is (x1 + x2) / 10",
        "random shift of each point before its target is computed",
        _plane,
        classes=(),
    ),
    Generator(
        "hills",
        "2-D regression: three peaks and three valleys",
        "random shift of each point before its target is computed",
        _hills,
        classes=(),
    ),
    Generator(
        "sine",
        "1-D regression: one period of the sine",
        "noise of the targets",
        _sine,
        input_names=("x",),
        classes=(),
    ),
)

GENERATORS: dict[str, Generator] = {entry.name: entry for entry in _ENTRIES}
"""Generators by name."""


def draw_points(name: str, stream: RandomStream, samples: int, noise: float) -> Dataset:
    """Generate ``samples`` points, unshuffled and unsplit.

    Raises InputError for more points than fit into memory.
    """
    generator = GENERATORS[name]
    check_memory(samples, _NUMBERS_PER_POINT, f"{samples:,} points")
    points, targets = generator.draw(stream, samples, noise)
    return Dataset(
        name,
        np.ascontiguousarray(points, np.float64),
        targets.astype(np.float64)[:, None],
        generator.input_names,
        ("y",),
        samples,
        generator.classes,
    )


def generate(
    name: str, samples: int, noise: float, seed: int | str, test_fraction: float
) -> Dataset:
    """Generate ``samples`` points, shuffled and split; ``noise`` is a fraction 0..0.8.

    Reproducible for a given seed; a string is a seed of TensorFlow Playground.
    """
    stream = random_stream(seed)
    return split_samples(draw_points(name, stream, samples, noise), test_fraction, stream)
