"""Where a person stands in a walk."""

import numpy as np
import pytest

from nn_tui import experiment
from nn_tui.nn.explain.stepper import StepDebugger
from nn_tui.training.trainer import Trainer
from nn_tui.tui.drawing.explain_cursor import ExplainCursor
from nn_tui.tui.drawing.step_tables import TableNames, table_saturation


def guide(text="blog", *assignments):
    found = experiment.load_experiment(text, assignments)
    trainer = Trainer(found.recipe, found.dataset)
    walk = StepDebugger(trainer.step(), trainer.first_samples())
    dataset = found.dataset
    return ExplainCursor(
        walk, TableNames(trainer.network, dataset.input_names, dataset.classes, walk.samples)
    )


def at(made, code):
    """The guide, at a line."""
    while made.walk.line.code != code:
        assert not made.walk.at_end, f"no line says {code}"
        made.go(1)
    return made


def test_it_begins_with_the_first_line_done():
    made = guide()
    assert (made.walk.position, made.sample, made.index) == (1, 0, (0, 0))
    made.go(-5)
    assert made.walk.position == 1


def test_moves_end_at_the_edges():
    made = guide()
    made.move(-1, -1)
    assert made.index == (0, 0)
    made.move(100, 100)
    assert made.index == (3, 3)
    assert made.sample == 3


def test_rows_of_a_weight_matrix_are_not_samples():
    made = at(guide(), "W0 += learning_rate * (l0.T @ l1_delta)")
    made.follow(3)
    made.move(1, 2)
    assert (made.sample, made.index) == (3, (1, 2))
    assert made.dependencies() == {
        "learning_rate": [()],
        "l0": [(None, 1)],
        "l1_delta": [(None, 2)],
        "W0": [(1, 2)],
    }


def test_another_line_keeps_the_sample_and_a_column_that_it_has():
    made = guide()
    made.move(2, 3)
    made.go(1)
    assert made.index == (2, 0)
    made.go(-1)
    assert made.index == (2, 3)


def test_what_there_is_to_see():
    made = at(guide(), "W1 += learning_rate * (l1.T @ l2_delta)")
    view = made.view
    assert view.numbers == [("learning_rate", 1.0)]
    assert [table.name for table in view.reads] == ["l1", "l2_delta"]
    assert not np.array_equal(view.before.values, view.after.values)
    made.go(-1)
    assert made.view.before is None
    assert made.view.after.name == "l1_delta"


@pytest.mark.parametrize(
    ("code", "shape", "rows", "columns", "index"),
    [
        ("l1 = np.tanh(l0 @ W0 + b0)", "16 samples × 8 units", "3 #93", "2 h3", (3, 2)),
        ("z2 = l1 @ W1 + b1", "16 samples × 3 outputs", "3 #93", "2 virginica", (3, 2)),
        ("l2_total = l2.sum(axis=1, keepdims=True)", "16 samples × 1 sum", "3 #93", "2", (3, 2)),
        ("W1_descent = l1.T @ l2_delta / n", "8 units × 3 outputs", "3 h4", "2 virginica", (3, 2)),
        ("b1_descent = ones @ l2_delta / n", "3 outputs", "", "2 virginica", (2,)),
        ("t += 1", "", "", "", ()),
    ],
)
def test_every_array_says_what_its_axes_are(code, shape, rows, columns, index):
    table = at(guide("iris"), code).view.after
    assert table.shape == shape
    assert table.rows.labels([3], 20) == [rows] or not table.rows.word
    assert table.columns.labels([2], 20) == [columns] or not table.columns.word
    row = 0 if len(index) < 2 else index[0]
    assert table.index(row, 2) == index


def test_the_ones_that_add_up_samples_stand_below_one_another():
    view = at(guide("iris"), "b1_descent = ones @ l2_delta / n").view
    ones = next(table for table in view.reads if table.name == "ones")
    assert ones.values.shape == (16, 1)
    assert ones.shape == "16 samples"
    assert ones.index(5, 0) == (5,)
    assert ones.cell((None,)) == (None, 0)


def test_the_colour_scale_is_that_of_the_largest_finite_number():
    assert table_saturation(np.array([[1.0, -3.0], [np.nan, np.inf]])) == 3.0
    assert table_saturation(np.zeros((2, 2))) > 0
    assert table_saturation(np.full((1000, 1000), 2.0)) == 2.0


@pytest.mark.parametrize("name", ["blog", "iris"])
def test_samples_are_called_as_in_the_data_also_where_they_are_shuffled(name):
    made = guide(name)
    made.follow(2)
    found = experiment.load_experiment(name, ())
    number = int(made.sample_name.removeprefix("#"))
    row = found.dataset.inputs[number - 1].astype(made.walk.step.arrays["l0"].dtype)
    np.testing.assert_array_equal(made.walk.step.arrays["l0"][2], row)
    assert made.view.after.rows.labels([2], 20) == [f"2 #{number}"]
    assert name == "iris" or number == 3
