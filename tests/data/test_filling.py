"""Missing inputs are filled in from the training set; columns are left out by name."""

import numpy as np
import pytest

from nn_tui import experiment
from nn_tui.data.readers.missing_values import is_missing
from nn_tui.errors import InputError


def load(tmp_path, text, *assignments):
    path = tmp_path / "table.csv"
    path.write_text(text)
    return experiment.load_experiment(str(path), assignments).dataset


FILL = ("data.missing=fill", "data.scale=none", "data.order=file", "data.test_fraction=0.5")


@pytest.mark.parametrize(
    "cell",
    ["", " ", "NA", "N/A", "#N/A", "NaN", "null", "None", "?", "-", ".", "<NA>", "(null)", "n/a"],
)
def test_every_usual_mark_of_a_missing_value_is_one(cell, tmp_path):
    assert is_missing(cell)
    made = load(tmp_path, f"x,y\n1,1.5\n3,2.5\n{cell},3.5\n9,4.5\n", *FILL)
    assert made.raw_inputs[2, 0] == 2


@pytest.mark.parametrize("cell", ["0", "-1", ".5", "no", "nothing", "--"])
def test_other_cells_are_values(cell):
    assert not is_missing(cell)


def test_numbers_get_the_median_of_the_training_set(tmp_path):
    made = load(tmp_path, "x,y\n1,1.5\n2,2.5\n9,3.5\n100,1.5\n,2.5\n300,4.5\n", *FILL)
    assert made.train_count == 3
    assert made.raw_inputs[4, 0] == 2


def test_texts_get_the_most_frequent_category_of_the_training_set(tmp_path):
    rows = ["a,1.5", "b,2.5", "b,3.5", "a,4.5", ",2.5", "a,3.5"]
    made = load(tmp_path, "k,y\n" + "\n".join(rows) + "\n", *FILL)
    assert made.raw_names == ("k=a", "k=b", "k_missing")
    assert made.raw_inputs[4].tolist() == [0, 1, 1]


@pytest.mark.parametrize(("rows", "indicator"), [(20, True), (60, False)])
def test_an_indicator_is_added_where_five_percent_or_more_are_missing(tmp_path, rows, indicator):
    lines = [f"{k},{k}.5" for k in range(rows - 1)] + [",0.5"]
    made = load(tmp_path, "x,y\n" + "\n".join(lines) + "\n", *FILL)
    assert ("x_missing" in made.raw_names) == indicator
    if indicator:
        assert made.raw_inputs[:, 1].sum() == 1
    assert any("x (1)" in note for note in made.notes)


def test_rows_without_a_target_are_dropped(tmp_path):
    made = load(tmp_path, "x,y\n1,1.5\n2,\n3,3.5\n,4.5\n", *FILL)
    assert made.samples == 3 and np.isfinite(made.raw_inputs).all()
    assert "1 row without a target was dropped" in made.notes


def test_a_column_without_any_training_value_is_zero(tmp_path):
    made = load(tmp_path, "x,z,y\n,1,1.5\n,2,2.5\n3,3,3.5\n4,4,4.5\n", *FILL)
    assert made.raw_inputs[0, 0] == 0


def test_arrays_are_filled_in_too(tmp_path):
    table = np.arange(20.0).reshape(10, 2)
    table[1, 0] = np.nan
    np.save(tmp_path / "table.npy", table)
    made = experiment.load_experiment(str(tmp_path / "table.npy"), FILL).dataset
    assert np.isfinite(made.inputs).all() and made.samples == 10


def test_missing_values_that_are_refused_are_told_with_both_ways_to_handle_them(tmp_path):
    with pytest.raises(InputError, match=r"data\.missing=drop, or fill them in with .*=fill"):
        load(tmp_path, "x,y\n1,1.5\n,2.5\n3,3.5\n", "data.missing=refuse")


# Columns left out

TABLE = "name,age,fare,y\n" + "".join(f"{'pq'[k % 2]},{k},{k * k},{k}.5\n" for k in range(12))


@pytest.mark.parametrize(
    ("features", "names"),
    [
        ("-name", ("age", "fare")),
        ("-name,-fare", ("age",)),
        ("-age", ("name=p", "name=q", "fare")),
    ],
)
def test_a_leading_minus_leaves_a_column_out(tmp_path, features, names):
    assert load(tmp_path, TABLE, f"data.features={features}").input_names == names


def test_a_column_of_a_built_in_set_too():
    names = experiment.load_experiment("iris", ["data.features=-petal_width"]).dataset.input_names
    assert names == ("sepal_length", "sepal_width", "petal_length")
    assert experiment.load_experiment("circle", ["data.features=-x1"]).dataset.input_names == (
        "x2",
    )


@pytest.mark.parametrize(
    ("features", "said"),
    [
        ("-nmae", "did you mean name"),
        ("-name,age", "with and without a leading -"),
        ("-name,-age,-fare", "leaves out every input"),
    ],
)
def test_leaving_out_what_is_not_there_or_everything_is_refused(tmp_path, features, said):
    with pytest.raises(InputError, match=said):
        load(tmp_path, TABLE, f"data.features={features}")


def test_a_name_that_begins_with_a_minus_is_a_name(tmp_path):
    made = load(tmp_path, "-a,b,y\n" + "1,2,1.5\n2,1,2.5\n" * 5, "data.features=-a")
    assert made.input_names == ("-a",)
