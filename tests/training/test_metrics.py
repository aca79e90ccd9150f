"""Accuracy, errors and gradient norms are recorded of every evaluated epoch."""

import contextlib
import io
import json

import numpy as np
import pytest

from nn_tui import experiment
from nn_tui.cli import main
from nn_tui.recipe.presets import PRESETS
from nn_tui.training import epoch_block
from nn_tui.training.edits import DatumEdit
from nn_tui.training.metrics import METRICS, Metric, Metrics, recorded
from nn_tui.training.run import Run, RunPosition
from nn_tui.training.snapshot import summarize_run
from nn_tui.training.trainer import Trainer
from nn_tui.tui.drawing.chart_series import chart_content, chart_views
from nn_tui.tui.screens.compare_table import compare_columns, compared_runs
from tests.training.runs import blog, flowers, points, recipe, same_curve
from tests.tui.drawing.drawing import DARK_PALETTE

SHORT = (1, 4, 6)
"""Epochs at which presets are compared."""


def start(name, **values):
    opened = experiment.load_experiment(name)
    made = opened.recipe
    for key, value in values.items():
        made = made.with_value(f"training.{key}", value)
    return Trainer(made, opened.dataset)


def at(curve, name, epoch):
    """The value recorded of an epoch, None where it is NaN."""
    (found,) = curve.band(name).low[curve.first == epoch].tolist()
    return None if np.isnan(found) else found


@pytest.mark.parametrize("name", PRESETS)
def test_the_recorded_curve_is_what_train_prints_after_each_number_of_epochs(name):
    trainer = start(name)
    trainer.run_epochs(max(SHORT))
    curve = trainer.snapshot().losses
    assert curve.first.tolist() == list(range(max(SHORT) + 1))
    for epochs in SHORT:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            code = main(["train", name, "--set", f"training.epochs={epochs}", "--json"])
        assert code == 0
        told = json.loads(printed.getvalue())
        assert told["epoch"] == epochs
        for figure in ("train_loss", "test_loss", "train_accuracy", "test_accuracy"):
            assert at(curve, figure, epochs) == told[figure], (figure, epochs)


@pytest.mark.parametrize("every", [1, 3])
@pytest.mark.parametrize("name", PRESETS)
def test_every_epochs_snapshot_is_what_the_history_has_of_it(name, every):
    looked, whole = (start(name, evaluate_every=every) for _ in range(2))
    whole.run_epochs(6)
    curve = whole.snapshot().losses
    assert curve.first.tolist() == list(range(0, 7, every))
    for epoch in range(7):
        snapshot = looked.snapshot()
        if epoch % every == 0:
            figures = ("train_accuracy", "test_accuracy", "train_error", "test_error")
            for figure in figures:
                assert at(curve, figure, epoch) == getattr(snapshot, figure)
        looked.run_epochs(1)


def test_slices_of_random_lengths_with_snapshots_between_record_the_same():
    random = np.random.default_rng(1)
    for name in ("blog-xor", "spiral"):
        epochs = 9_000 if name == "blog-xor" else 40
        whole, sliced = start(name), start(name)
        whole.run_epochs(epochs)
        while sliced.epoch < epochs:
            sliced.run_for(random.uniform(0, 0.02), epochs)
            sliced.snapshot()
        same_curve(sliced.snapshot().losses, whole.snapshot().losses)


@pytest.mark.parametrize("every", [1, 3])
@pytest.mark.parametrize("batch_size", ["all", 10])
def test_where_few_epochs_fit_into_memory_the_same_is_recorded(batch_size, every, monkeypatch):
    made = recipe(batch_size=batch_size, learning_rate=0.05, evaluate_every=every, bias=True)
    together = Trainer(made, points(tested=13))
    assert together.runner.loop._block.copies
    monkeypatch.setattr(epoch_block, "_NUMBERS", 1)
    singly = Trainer(made, points(tested=13))
    assert not singly.runner.loop._block.copies
    for trainer in (together, singly):
        trainer.run_epochs(500)
    same_curve(singly.snapshot().losses, together.snapshot().losses)


# Gradient norms


def norms(gradients):
    """Of each layer's weights and biases together, of gradients by name."""
    layers = range(sum(name.startswith("W") for name in gradients))
    flat = [
        np.concatenate([g.ravel() for n, g in gradients.items() if n[1:] == str(layer)])
        for layer in layers
    ]
    return [float(np.sqrt((vector**2).sum())) for vector in flat]


def recorded_norms(curve, epoch):
    return [at(curve, f"gradient_norm_{layer}", epoch) for layer in (1, 2)]


def test_of_all_samples_the_norm_is_that_of_the_epochs_gradient():
    trainer = Trainer(recipe(bias=True, learning_rate=0.05), points())
    for epoch in range(1, 20):
        trainer.run_epochs(1)
        snapshot = trainer.snapshot()
        step = norms({n: change / 0.05 for n, change in snapshot.changes.items()})
        assert recorded_norms(snapshot.losses, epoch) == pytest.approx(step, rel=1e-9)
    assert recorded_norms(snapshot.losses, 0) == [None, None]


@pytest.mark.parametrize(("partial", "updates"), [("keep", 6), ("drop", 5), ("carry", 5)])
def test_of_mini_batches_the_norm_is_that_of_the_mean_gradient_of_the_epochs_updates(
    partial, updates
):
    made = recipe(bias=True, learning_rate=0.05, batch_size=10, partial_batch=partial)
    trainer = Trainer(made, points(53))
    for epoch in range(1, 10):
        trainer.run_epochs(1)
        snapshot = trainer.snapshot()
        # By sgd, the parameters moved by the rate times the sum of all gradients.
        mean = {n: change / 0.05 / updates for n, change in snapshot.changes.items()}
        assert recorded_norms(snapshot.losses, epoch) == pytest.approx(norms(mean), rel=1e-9)


@pytest.mark.parametrize("scale", [1e-200, 1.0, 1e200])
def test_the_norm_of_a_very_small_or_large_gradient_is_a_number(scale):
    trainer = Trainer(recipe(), blog())
    metrics = Metrics(trainer.dataset, trainer.dataset.targets, trainer.network)
    gradients = np.zeros((3, 16))
    gradients[0, :2] = 3 * scale, 4 * scale
    gradients[1, 12:] = scale
    predictions = [np.zeros((3, 4, 1))]
    found = dict(zip(metrics.names, metrics.rows(predictions, gradients, 1), strict=True))
    np.testing.assert_allclose(found["gradient_norm_1"], [5 * scale, 0, 0])
    np.testing.assert_allclose(found["gradient_norm_2"], [0, 2 * scale, 0])


# Changes on the way


def test_where_a_change_makes_quantities_of_classes_accuracy_ends_and_errors_go_on():
    trainer = Trainer(recipe(), blog())
    trainer.run_epochs(5)
    trainer.apply(DatumEdit(5, 0, 3, 0.5))
    trainer.run_epochs(5)
    curve = trainer.snapshot().losses
    known = np.isfinite(curve.band("train_accuracy").low)
    assert known.tolist() == [True] * 6 + [False] * 5
    assert np.isfinite(curve.band("train_error").low).all()


def test_without_a_test_set_nothing_of_one_is_recorded():
    assert not any("test" in name for name in Trainer(recipe(), blog()).history.names)
    names = Trainer(recipe(output="softmax", loss="cross_entropy"), flowers()).history.names
    assert {"test_loss", "test_accuracy", "test_error"} < set(names)


# A metric is added in one place


@pytest.fixture
def largest_error(monkeypatch):
    def compute(predictions, targets, rule):
        return np.abs(targets - predictions).max(axis=(1, 2), initial=0.0)

    monkeypatch.setitem(METRICS, "largest", Metric("largest", "largest error", compute))


def test_a_metric_in_the_registry_is_recorded_shown_and_printed(largest_error, capsys):
    trainer = start("moons")
    trainer.run_epochs(3)
    snapshot = trainer.snapshot()
    assert {"train_largest", "test_largest"} < set(trainer.history.names)
    for part in ("train", "test"):
        value = snapshot.metrics[f"{part}_largest"]
        assert value == at(snapshot.losses, f"{part}_largest", 3) > snapshot.train_error
    views = chart_views(snapshot)
    assert views == ["loss", "accuracy", "largest", "gradient"]
    content = chart_content("largest", snapshot, (), DARK_PALETTE)
    assert content.name == "largest error"
    assert [c.latest for c in content.curves] == [
        snapshot.metrics["train_largest"],
        snapshot.metrics["test_largest"],
    ]
    place = RunPosition(Run("moons", snapshot.recipe, snapshot.dataset), 3)
    rows = compared_runs("moons", place, summarize_run(snapshot), (), ())
    assert "test largest error" in [column.title for column in compare_columns(rows)]
    assert main(["train", "moons", "--set", "training.epochs=3", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["test_largest"] == snapshot.metrics["test_largest"]


def test_a_run_of_before_a_metric_was_added_continues_and_records_it(largest_error, monkeypatch):
    with monkeypatch.context() as earlier:
        earlier.delitem(METRICS, "largest")
        trainer = start("moons")
        trainer.run_epochs(3)
        frame = trainer.keyframe()
    continued = start("moons")
    continued.restore(frame)
    continued.run_epochs(1)
    curve = continued.snapshot().losses
    assert [at(curve, "train_largest", epoch) is not None for epoch in range(5)] == [False] * 4 + [
        True
    ]


def test_every_metric_has_the_name_it_is_registered_by_and_no_name_of_another_column():
    assert all(metric.name == name for name, metric in METRICS.items())
    columns = recorded(Trainer(recipe(), blog()).network, ("train", "test"))
    assert len(set(columns)) == len(columns)
