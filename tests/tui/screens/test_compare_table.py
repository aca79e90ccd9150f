"""Runs side by side: rows, columns, order."""

from dataclasses import replace

import numpy as np
import pytest

from nn_tui import experiment
from nn_tui.runs import new_timeline
from nn_tui.text import percent
from nn_tui.training.branches import PinnedRun
from nn_tui.training.edits import DatumEdit, ParameterEdit, RecipeEdit
from nn_tui.training.run import Run
from nn_tui.training.snapshot import summarize_run
from nn_tui.tui.drawing.numbers import format_loss
from nn_tui.tui.drawing.sparkline import log_range, sparkline
from nn_tui.tui.screens.compare_table import (
    compare_columns,
    compared_run_help,
    compared_runs,
    ordered,
)
from nn_tui.tui.session.pin_labels import label_pins
from tests.files.runs.timelines import into_an_epoch, train
from tests.tui.drawing.losses import curve


def timeline(name="blog", *assignments, epochs=0):
    line = new_timeline(experiment.load_experiment(name, assignments))
    train(line, epochs)
    return line


def pinned(line, note=""):
    return PinnedRun("", summarize_run(line.snapshot()), line.position, note)


def rows_of(line, pins=()):
    return compared_runs(
        line.run.name, line.position, summarize_run(line.snapshot()), pins, line.branches
    )


def told(rows):
    return [(row.label, row.position.epoch, row.now, row.pin is not None) for row in rows]


def change(line, key="training.learning_rate", value=0.3):
    line.edit(lambda epoch: RecipeEdit(epoch, ((key, value),)))


def anew(line, key, value):
    run = line.run
    line.start(Run(run.name, line.trainer.recipe.with_value(key, value), run.dataset), "anew")


def table(rows):
    return {c.title: [c.text(row) for row in rows] for c in compare_columns(rows)}


# Rows


def test_rows_are_the_current_run_then_pins_then_past_runs_latest_first():
    line = timeline(epochs=10)
    pins = label_pins([pinned(line)])
    anew(line, "network.hidden", (8,))
    train(line, 20)
    anew(line, "network.hidden", (2,))
    train(line, 5)
    rows = rows_of(line, pins)
    assert told(rows) == [
        ("blog", 5, True, False),
        ("1 blog 10", 10, False, True),
        ("blog", 20, False, False),
    ]


def test_a_run_pinned_at_its_current_epoch_is_one_row():
    line = timeline(epochs=10)
    assert told(rows_of(line, label_pins([pinned(line)]))) == [("1 blog 10", 10, True, True)]


def test_only_a_branch_left_by_a_fork_is_a_row_of_its_own():
    line = timeline(epochs=10)
    change(line)
    train(line, 10)
    assert told(rows_of(line)) == [("blog", 20, True, False)]
    line.go_to(15)
    change(line, value=0.1)
    assert told(rows_of(line)) == [("blog", 15, True, False), ("blog", 20, False, False)]


def test_after_going_back_the_end_of_the_run_is_a_row_too():
    line = timeline(epochs=10)
    line.go_to(4)
    assert told(rows_of(line)) == [("blog", 4, True, False), ("blog", 10, False, False)]


def test_a_change_after_the_last_epoch_is_not_a_run():
    line = timeline(epochs=20)
    pins = label_pins([pinned(line)])
    trained = line.snapshot().train_loss
    change(line, value=2.0)
    assert told(rows_of(line, pins)) == [("1 blog 20", 20, True, True)]
    assert rows_of(line, pins)[0].outcome.recipe.training.learning_rate == 1.0
    anew(line, "training.learning_rate", 2.0)
    train(line, 20)
    rows = rows_of(line, pins)
    assert told(rows) == [("blog", 20, True, False), ("1 blog 20", 20, False, True)]
    rates = [row.outcome.recipe.training.learning_rate for row in rows]
    losses = [row.outcome.train_loss for row in rows]
    assert rates == [2.0, 1.0]
    assert losses == [line.snapshot().train_loss, trained] and losses[0] < losses[1]
    assert told(rows_of(line)) == [("blog", 20, True, False), ("blog", 20, False, False)]
    assert rows_of(line)[1].outcome.recipe.training.learning_rate == 1.0


@pytest.mark.parametrize(
    "edit",
    [
        lambda epoch: ParameterEdit(epoch, "W1", (0, 0), 5.0),
        lambda epoch: DatumEdit(epoch, 0, 3, 1.0),
        lambda epoch: RecipeEdit(epoch, (("training.loss", "binary_cross_entropy"),)),
    ],
    ids=["weight", "datum", "loss"],
)
def test_a_summary_leaves_out_changes_that_were_not_trained(edit):
    line = timeline("blog", epochs=20)
    (before,) = rows_of(line)
    line.edit(edit)
    assert line.snapshot().train_loss != before.outcome.train_loss
    (row,) = rows_of(line)
    for name in ("recipe", "train_loss", "train_error", "train_accuracy", "test_loss"):
        assert getattr(row.outcome, name) == getattr(before.outcome, name)
    assert row.outcome.dataset.has_samples_of(before.outcome.dataset)
    assert "changed but not yet trained: " in compared_run_help(row)
    train(line, 1)
    (row,) = rows_of(line)
    assert row.outcome.train_loss == line.snapshot().train_loss
    assert "changed during training: " in compared_run_help(row)


def test_a_change_requested_mid_epoch_is_not_a_run():
    line = timeline("circle", "data.samples=40", "training.batch_size=5", epochs=3)
    into_an_epoch(line)
    change(line, value=0.5)
    (row,) = rows_of(line)
    assert row.outcome.recipe.training.learning_rate != 0.5


# Columns


def test_columns_are_the_keys_that_differ_and_the_metrics_that_exist():
    line = timeline(epochs=10)
    anew(line, "network.hidden", (16, 8))
    train(line, 3)
    seen = table(rows_of(line))
    assert [*seen] == [
        *("run", "train loss", "accuracy", "epoch", "hidden layers", "seconds", "loss by epoch"),
    ]
    assert seen["hidden layers"] == ["16, 8", "4"]
    assert seen["epoch"] == ["3", "10"]


def test_a_line_in_which_runs_differ_is_a_column():
    line = timeline(epochs=10)
    anew(line, "lines.l1_delta", "l1_error")
    train(line, 3)
    assert table(rows_of(line))["line l1_delta"] == ["l1_error", "as it was"]


def test_losses_of_another_function_or_other_data_are_marked():
    line = timeline(epochs=10)
    anew(line, "training.loss", "binary_cross_entropy")
    train(line, 10)
    line.start(Run("xor", line.trainer.recipe, timeline("blog-xor").run.dataset), "xor")
    train(line, 10)
    rows = rows_of(line)
    marks = [text.endswith("≠") for text in table(rows)["train loss"]]
    assert marks == [False, True, True]
    sentences = [compared_run_help(row, rows[0]) for row in rows]
    assert "≠" not in sentences[0]
    assert "≠ its losses are from other data" in sentences[1]
    assert "loss function is half_squared_error, not binary_cross_entropy and" in sentences[2]
    assert "≠" not in "".join(table(rows_of(timeline(epochs=2)))["train loss"])


@pytest.mark.parametrize(
    ("name", "metrics"),
    [
        ("blog", ["train loss", "accuracy"]),
        ("circle", ["train loss", "test loss", "test accuracy"]),
        ("sine", ["train loss", "test loss", "test MAE"]),
    ],
)
def test_a_metric_of_the_test_set_is_labelled_so(name, metrics):
    line = timeline(name, *(["data.samples=20"] if name != "blog" else []), epochs=1)
    seen, now = table(rows_of(line)), line.snapshot()
    assert [*seen][1 : 1 + len(metrics)] == metrics
    part = "test" if "test loss" in metrics else "train"
    value = now.metrics[f"{part}_accuracy" if now.classifies else f"{part}_error"]
    assert seen[metrics[-1]] == [percent(value) if now.classifies else format_loss(value)]


def test_runs_with_and_without_a_test_set_have_a_column_for_each_set():
    line, other = timeline("circle", "data.samples=20", epochs=1), timeline("blog", epochs=1)
    seen = table(rows_of(line, label_pins([pinned(other)])))
    assert seen["test accuracy"] == [percent(line.snapshot().test_accuracy), "-"]
    accuracies = [run.snapshot().train_accuracy for run in (line, other)]
    assert seen["train accuracy"] == [percent(value) for value in accuracies]


def test_a_diverged_run_is_marked_with_the_reason():
    wild = ("network.activation=linear", "network.output=linear", "training.learning_rate=10")
    line = timeline("blog", *wild)
    line.run_for(60, 2000)
    (row,) = rows_of(line)
    assert table([row])["diverged"] == ["✗"]
    assert row.outcome.diverged in compared_run_help(row)
    assert compared_run_help(row).startswith(f"blog at epoch {row.position.epoch}; diverged: ")


def test_a_rows_help_lists_the_changes_during_training():
    line = timeline(epochs=10)
    line.edit(lambda epoch: ParameterEdit(epoch, "W0", (0, 1), 0.5))
    train(line, 1)
    (row,) = rows_of(line)
    assert (
        compared_run_help(row)
        == "blog at epoch 11; changed during training: W0[0,1] = 0.5 after epoch 10"
    )


def test_repeated_steps_of_a_value_are_one_change():
    line = timeline(epochs=10)
    for value in (0.5, 0.25, 0.125):
        change(line, value=value)
    train(line, 5)
    (row,) = rows_of(line)
    assert compared_run_help(row).endswith(
        "changed during training: learning_rate 1 → 0.125 after epoch 10"
    )
    change(line, value=0.25)
    line.edit(lambda epoch: ParameterEdit(epoch, "W0", (0, 1), 0.5))
    line.edit(lambda epoch: ParameterEdit(epoch, "W0", (0, 1), 0.75))
    change(line, value=0.5)
    (row,) = rows_of(line)
    assert compared_run_help(row).endswith(
        "changed during training: learning_rate 1 → 0.125 after epoch 10; "
        "changed but not yet trained: "
        "learning_rate = 0.25 after epoch 15, W0[0,1] = 0.75 after epoch 15, "
        "learning_rate = 0.5 after epoch 15"
    )
    train(line, 1)
    (row,) = rows_of(line)
    assert compared_run_help(row).endswith(
        "changed during training: learning_rate 1 → 0.25 after epochs 10 to 15, "
        "W0[0,1] = 0.75 after epoch 15, learning_rate = 0.5 after epoch 15"
    )


def test_a_weight_set_twice_is_listed_twice():
    line = timeline(epochs=10)
    for value in (0.5, 0.75):
        line.edit(lambda epoch, value=value: ParameterEdit(epoch, "W0", (0, 1), value))
        train(line, 1)
    (row,) = rows_of(line)
    assert "W0[0,1] = 0.5 after epoch 10, W0[0,1] = 0.75 after epoch 11" in compared_run_help(row)


# Order


@pytest.mark.parametrize("down", [False, True])
def test_rows_sort_either_way_and_those_without_a_value_stay_last(down):
    line = timeline(epochs=2)
    (row,) = rows_of(line)
    rows = [
        replace(row, label=str(value), outcome=replace(row.outcome, test_loss=value))
        for value in (0.3, None, 0.1, float("nan"), 0.2)
    ]
    column = next(c for c in compare_columns(rows) if c.title == "test loss")
    labels = [row.label for row in ordered(rows, column, down)]
    assert labels[:3] == (["0.3", "0.2", "0.1"] if down else ["0.1", "0.2", "0.3"])
    assert labels[3:] == ["None", "nan"]


def test_words_and_numbers_of_one_column_sort():
    line = timeline(epochs=2)
    (row,) = rows_of(line)
    rows = []
    for size in ("all", 10, 2):
        recipe = row.outcome.recipe.with_value("training.batch_size", size)
        rows.append(replace(row, label=str(size), outcome=replace(row.outcome, recipe=recipe)))
    column = next(c for c in compare_columns(rows) if c.title == "batch size")
    assert [row.label for row in ordered(rows, column, False)] == ["2", "10", "all"]


# Small curves


def test_a_small_curve_falls_as_the_loss_does_on_a_logarithmic_axis():
    losses = curve(10.0 ** -np.arange(8.0)).losses
    assert sparkline(losses, 8, log_range([losses])) == "█▇▆▅▄▃▂▁"


def test_a_small_curve_shows_where_there_was_no_number_and_is_blank_without_epochs():
    losses = curve([1.0, 1e3, np.nan, np.inf]).losses
    assert sparkline(losses, 4, log_range([losses])) == "▁█××"
    one = curve([1.0]).losses
    assert sparkline(one, 5, log_range([one])) == "     "
    assert log_range([]) == (0.0, 1.0)


def test_a_small_curve_has_a_bar_for_each_recorded_epoch_and_no_more():
    losses = curve([10.0, 1.0]).losses
    assert sparkline(losses, 12, log_range([losses])) == "█▁" + 10 * " "
    seen = table(rows_of(timeline("blog", epochs=1)))
    assert len(seen["loss by epoch"][0].strip()) == 2
    many = curve(np.linspace(2.0, 1.0, 40)).losses
    assert len(sparkline(many, 12, log_range([many])).strip()) == 12


# What pins are called


def labels(*pins):
    return [pin.label for pin in label_pins(pins)]


def test_pins_are_called_by_what_differs_from_their_preset():
    line = timeline(epochs=10)
    first = pinned(line)
    change(line)
    train(line, 10)
    second = pinned(line)
    change(line, "training.optimizer", "adam")
    third = pinned(line)
    assert labels(first, second, third) == ["1 blog 10", "2 lr 0.3", "3 adam, lr 0.3"]
    assert labels(first, third) == ["1 blog 10", "2 adam, lr 0.3"]


def test_pins_that_would_be_called_alike_tell_their_epochs():
    line = timeline(epochs=10)
    change(line)
    first = pinned(line)
    train(line, 1200)
    assert labels(first, pinned(line)) == ["1 lr 0.3 10", "2 lr 0.3 1,210"]


def test_pins_of_several_experiments_tell_their_names():
    assert labels(pinned(timeline()), pinned(timeline("iris"))) == ["1 blog 0", "2 iris 0"]


def test_why_it_was_kept_is_told_where_nothing_differs():
    assert labels(pinned(timeline(), "before the change")) == ["1 before the change"]


def test_pins_that_were_changed_at_other_times_tell_when():
    line = timeline(epochs=2)
    change(line)
    train(line, 8)
    first = pinned(line)
    line.undo()
    train(line, 2)
    change(line)
    train(line, 6)
    assert labels(first, pinned(line)) == ["1 lr 0.3 10 (after 2)", "2 lr 0.3 10 (after 4)"]


def test_a_pin_with_another_value_on_the_way_tells_it_and_one_without_stays_as_it_is():
    line = timeline(epochs=2)
    change(line)
    train(line, 8)
    first = pinned(line)
    line.undo()
    change(line, value=0.5)
    train(line, 1)
    change(line)
    train(line, 7)
    assert labels(first, pinned(line)) == ["1 lr 0.3 10", "2 lr 0.3 10 (once lr 0.5)"]


def test_pins_tell_the_weights_and_cells_that_were_set_by_hand():
    line = timeline(epochs=10)
    first = pinned(line)
    line.edit(lambda epoch: ParameterEdit(epoch, "W0", (0, 1), 0.5))
    second = pinned(line)
    line.undo()
    line.edit(lambda epoch: DatumEdit(epoch, 1, 0, 0.5))
    assert labels(first, second, pinned(line)) == [
        "1 blog 10",
        "2 blog 10 (W0[0,1] = 0.5)",
        "3 blog 10 (x1 of sample 2 = 0.5)",
    ]


def test_pins_that_differ_in_what_their_words_leave_out_tell_that():
    line = timeline("blog")
    for key, value in (
        ("training.optimizer", "nesterov"),
        ("training.learning_rate", 0.123456789),
        ("training.momentum", 0.55),
    ):
        change(line, key, value)
    first = pinned(line)
    change(line, "training.momentum", 0.66)
    assert labels(first, pinned(line)) == [
        "1 nesterov +2 0 (momentum 0.55)",
        "2 nesterov +2 0 (momentum 0.66)",
    ]


def test_the_same_run_pinned_twice_is_called_the_same_but_for_why():
    line = timeline(epochs=10)
    change(line)
    assert labels(pinned(line), pinned(line)) == ["1 lr 0.3 10", "2 lr 0.3 10"]
    left = pinned(line, "before the change")
    assert labels(pinned(line), left) == ["1 lr 0.3 10", "2 lr 0.3 10 (before the change)"]


def test_many_differences_are_counted_and_the_label_stays_short():
    line = timeline("blog", epochs=1)
    for key, value in (
        ("training.optimizer", "nesterov"),
        ("training.learning_rate", 0.123456789),
        ("training.momentum", 0.55),
        ("training.penalty", "l2"),
    ):
        change(line, key, value)
    (label,) = labels(pinned(line))
    assert label == "1 nesterov +3"
    assert len(label) <= 26
