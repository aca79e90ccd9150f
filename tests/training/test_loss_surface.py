"""The loss at any parameters, along a weight and over a plane, against brute force."""

from itertools import pairwise

import numpy as np
import pytest

from nn_tui import experiment
from nn_tui.nn.architecture import views
from nn_tui.runs import new_timeline
from nn_tui.training import run_path
from nn_tui.training.loss_plane import path_plane, survey, weight_plane
from nn_tui.training.loss_surface import LossSurface, slice_along
from nn_tui.training.run_path import RunPath, trace_path
from nn_tui.training.trainer import Trainer


def trained(name, *settings, epochs=5):
    timeline = new_timeline(experiment.load_experiment(name, settings))
    timeline.run_for(60.0, epochs)
    return timeline


def xor_loss(snapshot, parameters):
    """The mean loss of the blog's network, written out."""
    W0, W1 = (views(parameters, snapshot.network)[name] for name in ("W0", "W1"))
    sigmoid = lambda x: 1 / (1 + np.exp(-x))  # noqa: E731
    error = snapshot.dataset.targets - sigmoid(sigmoid(snapshot.dataset.inputs @ W0) @ W1)
    return float((error**2).sum() / 2 / len(error))


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("blog", ()),
        ("circle", ("data.samples=40", "training.penalty=l2")),
        ("iris", ("training.class_weights=balanced", "network.dtype=float32")),
        ("iris", ("training.label_smoothing=0.3", "training.clip_norm=0.001")),
        ("hills", ("data.samples=40", "training.optimizer=adam")),
    ],
)
def test_at_the_runs_own_parameters_it_is_the_runs_loss(name, settings):
    snapshot = trained(name, *settings).snapshot()
    surface = LossSurface(snapshot)
    surface.at(snapshot.parameters * 2)
    assert surface.at(snapshot.parameters) == pytest.approx(snapshot.train_loss, rel=1e-6)
    found = surface.gradient(snapshot.parameters)
    assert np.allclose(found, snapshot.gradient, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_gradient_of_changed_lines_is_that_before_it_is_clipped(dtype):
    line = "lines.l1_delta=1 * l1_error * (l1 * (1 - l1))"
    settings = ("training.clip_norm=0.001", f"network.dtype={dtype}")
    plain, changed = (trained("blog", *settings, *more).snapshot() for more in ((), (line,)))
    found = LossSurface(changed).gradient(changed.parameters)
    assert np.allclose(found, plain.gradient, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("name", ["W0", "W1"])
def test_the_curve_of_a_weight_and_its_tangent_are_those_of_the_loss(name):
    snapshot = trained("blog-xor").snapshot()
    found = [*slice_along(snapshot, name, (2, 0), 41)]
    assert [len(one.values) for one in found] == sorted(len(one.values) for one in found)
    made = found[-1]
    assert len(made.values) == 41 and made.values[0] == made.ends[0]

    def summed(value):
        parameters = snapshot.parameters.copy()
        views(parameters, snapshot.network)[name][2, 0] = value
        return 4 * xor_loss(snapshot, parameters)

    assert made.losses == pytest.approx([summed(value) for value in made.values], rel=1e-12)
    assert made.loss == pytest.approx(summed(made.value), rel=1e-12)
    slope = (summed(made.value + 1e-5) - summed(made.value - 1e-5)) / 2e-5
    assert made.gradient == pytest.approx(slope, rel=1e-6)
    assert made.minimum[1] == made.losses.min()


def test_a_path_has_the_runs_own_parameters_and_the_principal_components_of_them():
    timeline = trained("blog-xor", epochs=300)
    snapshot = timeline.snapshot()
    *_, path = trace_path(timeline.run, timeline.recorded_states(), snapshot.seconds)
    assert path.epochs[0] == 0 and path.epochs[-1] == 300
    assert all(a < b for a, b in pairwise(path.epochs))
    trainer = Trainer(timeline.run.recipe, timeline.run.dataset)
    for epoch, parameters in zip(path.epochs[:40], path.parameters, strict=False):
        trainer.run_epochs(int(epoch) - trainer.epoch)
        assert np.array_equal(trainer.snapshot().parameters, parameters)
    plane = path_plane(path)
    _, sizes, vectors = np.linalg.svd(path.parameters - path.parameters.mean(axis=0))
    assert plane.shares == pytest.approx((sizes**2 / (sizes**2).sum())[:2])
    for own, exact in zip(plane.directions, vectors, strict=False):
        assert abs(own @ exact) == pytest.approx(1)
    assert np.array_equal(plane.at(0.0, 0.0), snapshot.parameters)
    x, y = plane.project(path.parameters)[0]
    assert np.allclose((path.parameters[0] - plane.at(x, y)) @ plane.directions.T, 0)


def test_the_path_of_a_large_network_has_few_points(monkeypatch):
    timeline = trained("blog-xor", epochs=300)
    states, count = timeline.recorded_states(), len(timeline.snapshot().parameters)
    monkeypatch.setattr(run_path, "_MOST_BYTES", 10 * 8 * count)
    for known in (states, [states[0], states[-1]]):
        *_, path = trace_path(timeline.run, known, 0.0)
        assert 3 <= len(path.epochs) <= 11
        assert path.epochs[0] == 0 and path.epochs[-1] == 300
        assert np.array_equal(path.parameters[-1], timeline.snapshot().parameters)


def test_a_landscape_is_the_loss_at_every_pixel():
    timeline = trained("blog-xor", epochs=50)
    snapshot = timeline.snapshot()
    *_, path = trace_path(timeline.run, timeline.recorded_states(), snapshot.seconds)
    weights = weight_plane(snapshot.parameters, snapshot.network, ("W0", (0, 1)), ("W1", (2, 0)))
    assert weights.names == ("W0[0,1]", "W1[2,0]")
    for plane, zoom in ((path_plane(path), 1.0), (weights, 4.0)):
        *_, made = survey(snapshot, plane, path, (8, 12), zoom)
        exact = [
            [xor_loss(snapshot, plane.at(*made.place(row, column))) for column in range(12)]
            for row in range(8)
        ]
        assert np.allclose(made.losses, exact, rtol=1e-12)
        column, row = made.pixels(made.points[-1:])[0]
        assert 0 <= column < 12 and 0 <= row < 8
        assert made.place(int(row), int(column)) == pytest.approx((0, 0), abs=made.pixel)
    assert (made.pixels(made.points)[0] != made.pixels(made.points)[-1]).any()


def test_a_path_without_extent_has_no_plane():
    still = RunPath(np.arange(4), np.ones((4, 3)))
    line = RunPath(np.arange(4), np.arange(4.0)[:, None] * np.ones((4, 3)))
    assert path_plane(still) is None and path_plane(line) is None
