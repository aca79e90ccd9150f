"""The same run by the extension and by Python, and whether they agree bit for bit."""

import itertools
from collections.abc import Iterator

import numpy as np

from nn_tui.nn.activations import ACTIVATIONS
from nn_tui.nn.kernels import status
from nn_tui.nn.losses import LOSSES
from nn_tui.nn.optimizers import OPTIMIZERS
from nn_tui.nn.regularizers import PENALTIES
from nn_tui.nn.schedules import SCHEDULES
from nn_tui.recipe.recipe import Recipe
from nn_tui.training.trainer import Trainer
from tests.training.runs import flowers, points, recipe, same

_RATES = {"adam": 0.01, "rmsprop": 0.003, "adagrad": 0.03}
_OUTPUTS = [(loss, output) for loss, entry in LOSSES.items() for output in entry.outputs]
_SCHEDULES = [name for schedule in SCHEDULES for name in (schedule, "constant")]
_HIDDEN = [(), (1,), (4, 2), (3, 17, 5), (8,), (2, 1, 3)]
_BATCHES = [
    (size, partial, shuffle)
    for size in (1, 7, 10, 40)
    for partial in ("keep", "drop", "carry")
    for shuffle in (False, True)
]


def dataset_for(made: Recipe):
    return flowers(60, 20) if made.network.output == "softmax" else points(53, 13)


def combinations(everything: bool) -> Iterator[Recipe]:
    """Recipes with every entry of the registries, full and mini-batch, in both dtypes.

    ``everything`` is every activation with every loss and output, optimizer, penalty and dtype,
    and every kind of batch with these; otherwise every pair of them in turn.
    """
    if everything:
        chosen = itertools.product(ACTIVATIONS, _OUTPUTS, OPTIMIZERS, PENALTIES, (0, 1))
    else:
        count = len(ACTIVATIONS) * len(_OUTPUTS)
        pairs = itertools.product(ACTIVATIONS, _OUTPUTS)
        rules = itertools.product(OPTIMIZERS, PENALTIES, (0, 1))
        endless = itertools.islice(itertools.cycle(rules), count)
        chosen = ((*pair, *rule) for pair, rule in zip(pairs, endless, strict=True))
    random = np.random.default_rng(5)
    for number, (activation, (loss, output), optimizer, penalty, wide) in enumerate(chosen):
        values = {
            "activation": activation,
            "output": output,
            "loss": loss,
            "optimizer": optimizer,
            "penalty": penalty,
            "penalty_rate": 0.02,
            "dtype": "float64" if wide else "float32",
            "hidden": _HIDDEN[number % len(_HIDDEN)],
            "bias": bool(random.integers(2)),
            "reduction": ("sum", "mean")[random.integers(2)],
            "learning_rate": _RATES.get(optimizer, 0.02) * (1, 1, 40)[random.integers(3)],
            "evaluate_every": (1, 1, 3)[random.integers(3)],
            "schedule": _SCHEDULES[number % len(_SCHEDULES)],
            "clip_norm": ("none", "none", 0.3)[number % 3],
            "dropout": (0.0, 0.0, 0.0, 0.4)[number % 4],
            "input_noise": (0.0, 0.0, 0.0, 0.0, 0.1)[number % 5],
        }
        for batch in (None, _BATCHES[number % len(_BATCHES)]):
            if batch is not None:
                size, partial, shuffle = batch
                values |= {"batch_size": size, "partial_batch": partial, "shuffle": shuffle}
            yield recipe(**values)


def start(made: Recipe, way: str, monkeypatch) -> Trainer:
    """A trainer that runs ``on`` the extension or with it ``off``; asserts that it does."""
    monkeypatch.setenv(status.SWITCH, way)
    trainer = Trainer(made, dataset_for(made))
    assert (trainer.runner.loop.compiled is not None) == (way == "on")
    return trainer


def agree(made: Recipe, monkeypatch, counts=(1, 6, 8)) -> Trainer:
    """Train both ways; the trainer that used the extension, after all that was compared."""
    ways = [start(made, way, monkeypatch) for way in ("off", "on")]
    for trainer in ways:
        for count in counts:
            trainer.run_epochs(count)
    python, compiled = ways
    same_run(python, compiled)
    return compiled


def same_run(python: Trainer, compiled: Trainer) -> None:
    """Both are at the same place with the same state, down to the sign of a zero."""
    same(python, compiled)
    assert python.diverged == compiled.diverged
    one, other = python.runner.loop, compiled.runner.loop
    for name, array in one.state.save().arrays.items():
        same_bits(array, other.state.arrays[name], name)
    assert repr(one.state.scalars.values) == repr(other.state.scalars.values)
    for mine, theirs in zip(one.predictions, other.predictions, strict=True):
        same_bits(mine, theirs, "predictions")


def same_bits(one, other, what="") -> None:
    """Two arrays are equal in every bit; any NaN equals any other."""
    both = np.isnan(one) & np.isnan(other)
    kind = f"i{one.itemsize}"
    differ = (
        np.ascontiguousarray(one).view(kind) != np.ascontiguousarray(other).view(kind)
    ) & ~both
    assert not differ.any(), f"{what}: {one[differ]} against {other[differ]}"
