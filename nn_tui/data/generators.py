"""Sets of points drawn at random, as many as one likes.

``circle``, ``xor-cloud``, ``gauss``, ``spiral``, ``plane`` and ``hills`` are TensorFlow
Playground's (dataset.ts): given its random numbers instead of NumPy's they are its very
points. To add a set, write a function and add an entry to ``GENERATORS``.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from nn_tui.data.dataset import Dataset
from nn_tui.data.random_streams import RandomStream, random_stream
from nn_tui.data.split import split_samples
from nn_tui.memory import refuse_too_much
from nn_tui.types import Array

Draw = Callable[[RandomStream, int, float], tuple[Array, Array]]

_NUMBERS_PER_POINT = 12  # drawn, kept and in between

_HILLS = np.array([(-4, 2.5), (0, 2.5), (4, 2.5), (-4, -2.5), (0, -2.5), (4, -2.5)])
_HILL_SIGNS = np.array([1, -1, 1, -1, 1, -1])


class Shape(NamedTuple):
    """One entry: ``draw(chance, samples, noise)`` gives points (samples, inputs) and targets.

    Targets are (samples,): class numbers, or quantities where ``classes`` is empty.
    ``noise`` says what the noise, a fraction from 0 to 0.8, does.
    """

    name: str
    help: str
    noise: str
    draw: Draw
    input_names: tuple[str, ...] = ("x1", "x2")
    classes: tuple[str, ...] = ("orange", "blue")


def _between(low: float | Array, high: float | Array, chances: Array) -> Array:
    return chances * (high - low) + low


def _circle(chance: RandomStream, samples: int, noise: float) -> tuple[Array, Array]:
    drawn = chance.uniform(samples, 4)
    inner = np.arange(samples) < samples // 2
    radius = _between(np.where(inner, 0, 3.5), np.where(inner, 2.5, 5), drawn[:, 0])
    angle = _between(0, 2 * np.pi, drawn[:, 1])
    points = np.column_stack([radius * np.sin(angle), radius * np.cos(angle)])
    judged = points + _between(-5, 5, drawn[:, 2:]) * noise
    return points, np.sqrt((judged**2).sum(axis=1)) < 2.5


def _xor_cloud(chance: RandomStream, samples: int, noise: float) -> tuple[Array, Array]:
    drawn = chance.uniform(samples, 4)
    points = _between(-5, 5, drawn[:, :2])
    points += np.where(points > 0, 0.3, -0.3)
    judged = points + _between(-5, 5, drawn[:, 2:]) * noise
    return points, judged[:, 0] * judged[:, 1] >= 0


def _gauss(chance: RandomStream, samples: int, noise: float) -> tuple[Array, Array]:
    upper = np.arange(samples) < samples // 2
    deviation = np.sqrt(0.5 + 7 * noise)
    points = np.where(upper, 2, -2)[:, None] + deviation * chance.normal(samples, 2)
    return points, upper


def _spiral(chance: RandomStream, samples: int, noise: float) -> tuple[Array, Array]:
    first = samples // 2
    parts = (first, samples - first)
    place = np.concatenate([np.arange(n) for n in parts])
    n = np.repeat(np.maximum(1, parts), parts)
    blue = np.arange(samples) < first
    # In the playground's order of operations: another one differs in the last bits.
    turn = 1.75 * place / n * 2 * np.pi + np.where(blue, 0, np.pi)
    points = (place / n * 5)[:, None] * np.column_stack([np.sin(turn), np.cos(turn)])
    return points + _between(-1, 1, chance.uniform(samples, 2)) * noise, blue


def _moons(chance: RandomStream, samples: int, noise: float) -> tuple[Array, Array]:
    angle = np.pi * chance.uniform(samples, 1)[:, 0]
    upper = np.arange(samples) < samples // 2
    arch = np.column_stack([np.cos(angle) - 0.5, np.sin(angle) - 0.25])
    points = np.where(upper, 1, -1)[:, None] * arch
    return 3 * (points + noise * chance.normal(samples, 2)), upper


def _checkerboard(chance: RandomStream, samples: int, noise: float) -> tuple[Array, Array]:
    drawn = chance.uniform(samples, 4)
    points = _between(-6, 6, drawn[:, :2])
    judged = points + _between(-6, 6, drawn[:, 2:]) * noise
    return points, np.floor(judged / 3).sum(axis=1) % 2 == 0


def _plane(chance: RandomStream, samples: int, noise: float) -> tuple[Array, Array]:
    drawn = chance.uniform(samples, 4)
    points = _between(-6, 6, drawn[:, :2])
    judged = points + _between(-6, 6, drawn[:, 2:]) * noise
    return points, judged.sum(axis=1) / 10


def _hills(chance: RandomStream, samples: int, noise: float) -> tuple[Array, Array]:
    drawn = chance.uniform(samples, 4)
    points = _between(-6, 6, drawn[:, :2])
    judged = points + _between(-6, 6, drawn[:, 2:]) * noise
    height = np.zeros(samples)
    for centre, sign in zip(_HILLS, _HILL_SIGNS, strict=True):
        distance = np.sqrt(((judged - centre) ** 2).sum(axis=1))
        hill = np.clip(1 - distance / 2, 0, 1)
        height = np.where(hill > np.abs(height), sign * hill, height)
    return points, height


def _sine(chance: RandomStream, samples: int, noise: float) -> tuple[Array, Array]:
    drawn = chance.uniform(samples, 2)
    x = _between(-np.pi, np.pi, drawn[:, 0])
    return x[:, None], np.sin(x) + _between(-1, 1, drawn[:, 1]) * noise


_BLURS = "how far from a point its class is looked up, as a fraction of the whole width"

_ENTRIES = (
    Shape("circle", "a disc of one class inside a ring of the other", _BLURS, _circle),
    Shape("xor-cloud", "four squares, opposite ones of the same class", _BLURS, _xor_cloud),
    Shape("gauss", "two round clouds, one per class", "how wide the clouds are", _gauss),
    Shape("spiral", "two arms wound into each other", "how far points stray", _spiral),
    Shape("moons", "two half-moons that interlock", "how far points stray", _moons),
    Shape("checkerboard", "sixteen fields, neighbours of different classes", _BLURS, _checkerboard),
    Shape(
        "plane",
        "a slope: the target is (x1 + x2) / 10",
        "how far from a point its height is looked up",
        _plane,
        classes=(),
    ),
    Shape(
        "hills",
        "three hills and three hollows; a height to be met",
        "how far from a point its height is looked up",
        _hills,
        classes=(),
    ),
    Shape(
        "sine",
        "one wave of the sine: one input, one quantity",
        "how far targets stray from the curve",
        _sine,
        input_names=("x",),
        classes=(),
    ),
)

GENERATORS: dict[str, Shape] = {entry.name: entry for entry in _ENTRIES}
"""Generated sets by name."""


def draw_points(name: str, chance: RandomStream, samples: int, noise: float) -> Dataset:
    """``samples`` points of that shape in the order drawn, none of them held back.

    Raises DataError for more than the memory holds.
    """
    shape = GENERATORS[name]
    refuse_too_much(samples, _NUMBERS_PER_POINT, f"{samples:,} points")
    points, targets = shape.draw(chance, samples, noise)
    return Dataset(
        name,
        np.ascontiguousarray(points, np.float64),
        targets.astype(np.float64)[:, None],
        shape.input_names,
        ("y",),
        samples,
        shape.classes,
    )


def generate(
    name: str, samples: int, noise: float, seed: int | str, test_fraction: float
) -> Dataset:
    """``samples`` points of the shape, shuffled; ``noise`` is a fraction 0..0.8.

    The same seed gives the same points; a text is TensorFlow Playground's kind of seed.
    """
    stream = random_stream(seed)
    return split_samples(draw_points(name, stream, samples, noise), test_fraction, stream)
