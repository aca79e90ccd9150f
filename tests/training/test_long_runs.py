"""Losses of many epochs run at once equal those of single epochs."""

import numpy as np
import pytest

from nn_tui import experiment
from nn_tui.training.trainer import Trainer


@pytest.mark.parametrize("settings", [[], ["data.test_fraction=0.5", "network.dtype=float32"]])
def test_every_loss_of_a_long_run_is_kept_in_its_place(settings):
    opened = experiment.load_experiment(
        "circle",
        ["data.samples=12", "training.batch_size=all", "data.test_fraction=0", *settings],
    )
    together, singly = (Trainer(opened.recipe, opened.dataset).runner.loop for _ in range(2))
    epochs = range(1, 1 + together.room(0))
    assert len(epochs) > 500
    done, (train, *tests) = together.run(epochs)
    assert done == len(epochs)
    one_by_one = [singly.run(range(epoch, epoch + 1))[1] for epoch in epochs]
    np.testing.assert_array_equal(train, [losses[0][0] for losses in one_by_one])
    assert len(tests) == bool(settings)
    for test in tests:
        np.testing.assert_array_equal(test, [losses[1][0] for losses in one_by_one])
    for a, b in zip(together.losses(), singly.losses(), strict=True):
        np.testing.assert_array_equal(a, b)
    assert together.losses()[0] == train[-1:]
    together.refresh()
    assert together.losses()[0] == pytest.approx(train[-1:])
