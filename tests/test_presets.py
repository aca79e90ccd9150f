"""The presets that come along: each runs, and the hard ones learn what they promise."""

import pytest

from nn_tui import experiment
from nn_tui.recipe.presets import PRESETS
from nn_tui.training.trainer import Trainer


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_opens_and_its_loss_falls(name):
    opened = experiment.load_experiment(name)
    trainer = Trainer(opened.recipe, opened.dataset)
    before = trainer.snapshot().train_loss
    trainer.run_epochs(3)
    assert trainer.snapshot().train_loss < before
    assert not opened.notes


@pytest.mark.parametrize(("name", "least"), [("iris", 0.95), ("digits", 0.96), ("spiral", 0.99)])
def test_the_fixed_seed_reaches_the_accuracy_on_samples_never_trained_on(name, least):
    opened = experiment.load_experiment(name)
    trainer = Trainer(opened.recipe, opened.dataset)
    trainer.run_epochs(opened.recipe.training.epochs)
    assert trainer.snapshot().test_accuracy >= least


def test_diabetes_does_better_than_the_mean():
    opened = experiment.load_experiment("diabetes")
    trainer = Trainer(opened.recipe, opened.dataset)
    trainer.run_epochs(opened.recipe.training.epochs)
    dataset = opened.dataset
    split = dataset.train_count
    mean = dataset.targets[:split].mean()
    guess = ((dataset.targets[split:] - mean) ** 2).mean() / 2
    assert trainer.snapshot().test_loss < 0.75 * guess
