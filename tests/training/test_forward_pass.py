"""What pictures show of a network is what it predicts, in its own precision."""

import numpy as np
import pytest

from nn_tui import experiment
from nn_tui.training.forward_pass import ForwardPass
from nn_tui.training.trainer import Trainer
from nn_tui.tui.drawing.confusion_counts import evaluate_confusion


def after(epochs, *assignments):
    found = experiment.load_experiment("blog-xor", assignments)
    trainer = Trainer(found.recipe, found.dataset)
    trainer.run_epochs(epochs)
    return trainer.snapshot()


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_predictions_are_in_the_precision_of_the_network(dtype):
    seen = after(20, f"network.dtype={dtype}")
    said = ForwardPass().predictions(seen, seen.dataset.inputs)
    assert said.dtype == dtype
    error = float(np.mean(np.abs(seen.dataset.targets - said)))
    assert error == pytest.approx(seen.train_error, abs=1e-7)


def test_another_precision_or_loss_makes_the_buffers_anew():
    forward = ForwardPass()
    for words in (("network.dtype=float32",), (), ("training.loss=binary_cross_entropy",)):
        seen = after(2, *words)
        said = forward.predictions(seen, seen.dataset.inputs)
        np.testing.assert_array_equal(said, ForwardPass().predictions(seen, seen.dataset.inputs))
        assert said.dtype == seen.recipe.network.dtype


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_confusion_matrix_is_as_undecided_as_the_accuracy(dtype):
    words = ("network.activation=linear", "training.learning_rate=0.3", f"network.dtype={dtype}")
    seen = after(6000, *words)
    made = evaluate_confusion(seen, ForwardPass(), tests=False)
    assert seen.train_accuracy is None and made.accuracy is None
    assert made.undecided == 4
