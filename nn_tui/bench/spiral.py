"""Mini-batches of ten on two spirals of 250 training points, against loops tuned by hand.

Both sides have the losses of all training and of all test points after every epoch.
"""

from collections.abc import Callable

from nn_tui import experiment
from nn_tui.bench.reference_loops import FoldedLoop
from nn_tui.bench.timing import Contest
from nn_tui.bench.tuned_loop import TunedLoop
from nn_tui.recipe.recipe import Data, Network, Recipe, Training
from nn_tui.training.trainer import Trainer

BATCH = 10
RATE = 0.03
_SPIRAL_EPOCHS = 60


def recipe(hidden: tuple[int, ...]) -> Recipe:
    """Tanh throughout with biases; 500 points, half of them for training, in their order."""
    return Recipe(
        Data("spiral", samples=500, test_fraction=0.5),
        Network(hidden, "tanh", "tanh", bias=True, init="xavier"),
        Training(reduction="mean", learning_rate=RATE, batch_size=BATCH),
    )


def start_spiral(hidden: tuple[int, ...]) -> Trainer:
    """The trainer at epoch 0."""
    wanted = recipe(hidden)
    return Trainer(wanted, experiment.dataset_of(wanted))


def against_tuned_loop(*hidden: int) -> Callable[[], Contest]:
    """Epochs of the trainer and of ``TunedLoop``."""
    return lambda: _spiral_contest(
        start_spiral(hidden), TunedLoop(start_spiral(hidden), BATCH, RATE).run
    )


def against_folded_loop(*hidden: int) -> Callable[[], Contest]:
    """Epochs of the trainer and of ``FoldedLoop``."""
    return lambda: _spiral_contest(
        start_spiral(hidden), FoldedLoop(start_spiral(hidden), BATCH, RATE).run
    )


def _spiral_contest(trainer: Trainer, run: Callable[[int], object]) -> Contest:
    return Contest(
        lambda: trainer.run_epochs(_SPIRAL_EPOCHS),
        lambda: run(_SPIRAL_EPOCHS),
        _SPIRAL_EPOCHS,
        _SPIRAL_EPOCHS,
    )
