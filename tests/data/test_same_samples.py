"""Whether two data sets have the same samples, so that losses over them can be compared."""

from dataclasses import replace

import numpy as np

from nn_tui import experiment


def dataset(*assignments):
    return experiment.load_experiment("circle", ("data.samples=40", *assignments)).dataset


def test_features_and_scaling_leave_the_samples_the_same():
    plain = dataset()
    assert plain.has_samples_of(plain)
    assert plain.has_samples_of(dataset("data.features=x1,x1^2"))
    assert plain.has_samples_of(dataset("data.scale=standard"))


def test_other_values_targets_or_test_samples_are_other_samples():
    plain = dataset()
    targets = plain.targets.copy()
    targets[3] = 1 - targets[3]
    for other in (
        dataset("data.seed=5"),
        dataset("data.noise=0.3"),
        dataset("data.samples=42"),
        dataset("data.test_fraction=0.25"),
        replace(plain, targets=targets),
        replace(plain, inputs=plain.inputs[:, :1], origin=None, input_names=("x1",)),
    ):
        assert not plain.has_samples_of(other)
        assert not other.has_samples_of(plain)
    assert np.array_equal(plain.targets, dataset().targets)
