"""Recipes, samples and comparisons that the tests of training share."""

import numpy as np

from nn_tui.data.dataset import Dataset
from nn_tui.recipe.recipe import Recipe
from nn_tui.training.curve import Curve
from nn_tui.training.trainer import Trainer

BLOG_INPUTS = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]], float)
BLOG_TARGETS = {"blog": np.array([[0, 0, 1, 1]], float).T, "xor": np.array([[0, 1, 1, 0]], float).T}


def recipe(*sections, **values):
    """The blog's recipe with fields changed: ``recipe(batch_size=10, hidden=(4, 2))``."""
    made = Recipe()
    for name, value in values.items():
        section = "network" if hasattr(made.network, name) else "training"
        made = made.with_value(f"{section}.{name}", value)
    return made


def blog(name="blog"):
    names = ("x1", "x2", "x3")
    return Dataset("blog", BLOG_INPUTS.copy(), BLOG_TARGETS[name].copy(), names, ("y",), 4)


def points(count=53, tested=0, inputs=2, outputs=1, seed=11):
    """Numbers as targets, all between 0 and 1; the last ``tested`` are held back."""
    random = np.random.default_rng(seed)
    return Dataset(
        "points",
        random.normal(size=(count, inputs)),
        random.uniform(size=(count, outputs)),
        tuple(f"x{i}" for i in range(inputs)),
        tuple(f"y{i}" for i in range(outputs)),
        count - tested,
    )


def flowers(count=60, tested=20, classes=3, seed=5):
    """Clouds of as many classes, two inputs."""
    random = np.random.default_rng(seed)
    number = random.integers(0, classes, count)
    centres = 3 * np.column_stack([np.cos(np.arange(classes) * 2), np.sin(np.arange(classes) * 2)])
    return Dataset(
        "flowers",
        centres[number] + random.normal(size=(count, 2)),
        number[:, None].astype(float),
        ("x1", "x2"),
        ("kind",),
        count - tested,
        tuple("abcdefgh"[:classes]),
    )


class Recorded:
    """A listener that remembers every loss."""

    def __init__(self, trainer):
        self.epochs, self.train, self.test = [], [], []
        trainer.listeners.append(self)

    def __call__(self, epochs, losses):
        self.epochs += epochs.tolist()
        self.train += losses["train"].tolist()
        self.test += losses.get("test", epochs * np.nan).tolist()


def same(one: Trainer, other: Trainer) -> None:
    """Both runs are at the same place, bit for bit."""
    mine, theirs = one.snapshot(), other.snapshot()
    assert mine.epoch == theirs.epoch
    np.testing.assert_array_equal(mine.parameters, theirs.parameters)
    np.testing.assert_array_equal(mine.gradient, theirs.gradient)
    for name in ("train_loss", "test_loss", "train_error", "train_accuracy"):
        assert repr(getattr(mine, name)) == repr(getattr(theirs, name)), name  # NaN equals NaN
    same_curve(mine.losses, theirs.losses)


def same_curve(one: Curve, other: Curve) -> None:
    """Both have the same losses and metrics of the same epochs, bit for bit."""
    np.testing.assert_array_equal(one.first, other.first)
    np.testing.assert_array_equal(one.last, other.last)
    assert list(one.bands) == list(other.bands)
    for name in one.bands:
        for mine, theirs in zip(one.band(name), other.band(name), strict=True):
            np.testing.assert_array_equal(mine, theirs, name)
