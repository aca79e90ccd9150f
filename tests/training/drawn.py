"""Recipes drawn over everything that a recipe can say, every name at least once."""

import random

from nn_tui.nn.activations import ACTIVATIONS
from nn_tui.nn.losses import LOSSES
from nn_tui.nn.optimizers import OPTIMIZERS
from nn_tui.nn.regularizers import PENALTIES
from nn_tui.training.trainer import Trainer
from tests.training.runs import flowers, points, recipe

COUNT = 72
_PAIRS = [(loss, output) for loss, entry in LOSSES.items() for output in entry.outputs]
_HIDDEN = [(), (3,), (4, 3), (3, 2, 4)]
_BATCHES = [("all", "keep"), (7, "keep"), (7, "drop"), (7, "carry"), (100, "carry"), (100, "keep")]


def drawn(number):
    """Recipe and samples ``number`` 0 … COUNT - 1, always the same."""
    rng = random.Random(number)
    loss, output = _PAIRS[number % len(_PAIRS)]
    size, partial = _BATCHES[number % len(_BATCHES)]
    made = recipe(
        hidden=_HIDDEN[number // 3 % len(_HIDDEN)],
        activation=list(ACTIVATIONS)[number % len(ACTIVATIONS)],
        output=output,
        bias=rng.random() < 0.6,
        init=rng.choice(["uniform", "xavier", "playground"]),
        dtype="float32" if number % 4 == 3 else "float64",
        loss=loss,
        reduction=rng.choice(["sum", "mean"]),
        optimizer=list(OPTIMIZERS)[number // 2 % len(OPTIMIZERS)],
        penalty=list(PENALTIES)[number // 5 % len(PENALTIES)],
        penalty_rate=0.02,
        learning_rate=0.03,
        batch_size=size,
        partial_batch=partial,
        shuffle=rng.random() < 0.5,
    )
    needs_classes = LOSSES[loss].targets == "distribution"
    samples = flowers(24, 4) if needs_classes else points(24, 4, outputs=rng.choice([1, 2]))
    return made, samples


def trained(number, epochs=2):
    """A trainer of the recipe, some epochs on."""
    trainer = Trainer(*drawn(number))
    trainer.run_epochs(epochs)
    return trainer
