"""PyTorch's side of the digits does the trainer's work, on one thread."""

import numpy as np
import torch

from nn_tui.bench import training_speed as digits


def test_the_same_losses_as_the_trainer():
    trainer = digits.start_digits()
    assert trainer.network.sizes == (64, 128, 64, 10)
    losses = digits.DigitsTorch(digits.start_digits()).run(4)
    trainer.run_epochs(4)
    assert losses[-1] < losses[0] / 3
    np.testing.assert_allclose(losses, trainer.snapshot().losses.train_low[1:], rtol=2e-3)
    assert torch.get_num_threads() == 1


def test_speeds_are_in_samples():
    contest = digits.digits_against_torch()
    assert contest.amount % 1797 == contest.peer_amount % 1797 == 0
