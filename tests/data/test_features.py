"""Features and scaling: what the network sees of the raw columns."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from nn_tui.data import sources
from nn_tui.data.errors import DataError
from nn_tui.data.preprocessing import (
    FEATURES,
    SCALINGS,
    feature_names,
    fit_preparation,
    fit_scaling,
)

ALL = ("x1", "x2", "x1^2", "x2^2", "x1*x2", "sin(x1)", "sin(x2)")


def write(folder, text):
    path = folder / "own.csv"
    path.write_text(text)
    return str(path)


def test_every_feature_is_what_its_name_says():
    made = sources.load_dataset("spiral", features=ALL)
    assert made.input_names == ALL == tuple(FEATURES)
    x1, x2 = made.raw_inputs.T
    for name, values in zip(ALL, made.inputs.T, strict=True):
        formula = name.replace("^", "**").replace("sin", "np.sin")
        expected = eval(formula, {"np": np, "x1": x1, "x2": x2})
        np.testing.assert_allclose(values, expected, atol=1e-15)


def test_the_order_is_the_networks_however_they_are_named():
    made = sources.load_dataset("circle", features=["sin(x2)", "x1*x2", "x1", "x1"])
    assert made.input_names == ("x1", "x1*x2", "sin(x2)")


def test_features_of_named_columns_carry_the_names(tmp_path):
    path = write(tmp_path, "height,weight,y\n1,2,3\n4,5,6\n")
    for features in (["x1", "x1*x2", "sin(x2)"], ["height", "height*weight", "sin(weight)"]):
        made = sources.load_dataset(path, features=features)
        assert made.input_names == ("height", "height*weight", "sin(weight)")
        np.testing.assert_allclose(made.inputs[1], [4, 20, np.sin(5)])
    assert feature_names(("height", "weight"))[2] == "height^2"


def test_a_columns_own_name_goes_before_the_short_name(tmp_path):
    path = write(tmp_path, "x2,x1,y\n1,2,3\n4,5,6\n")
    made = sources.load_dataset(path, features=["x2", "x2^2"])
    np.testing.assert_array_equal(made.inputs, [[1, 1], [4, 16]])


def test_columns_are_chosen_by_name(tmp_path):
    path = write(tmp_path, "a,b,c,color,y\n1,2,3,red,0\n4,5,6,blue,1\n")
    assert sources.load_dataset(path, features=["c", "a"]).input_names == ("a", "c")
    assert sources.load_dataset(path, features=["color"]).input_names == ("color=blue", "color=red")
    made = sources.load_dataset(path, features=["color=red", "a"])
    assert made.input_names == ("a", "color=red")
    np.testing.assert_array_equal(made.inputs, [[1, 1], [4, 0]])


def test_an_unknown_feature_is_refused_with_a_hint(tmp_path):
    with pytest.raises(DataError, match=r"no input 'x1\^3'; did you mean x1\^2\?"):
        sources.load_dataset("circle", features=["x1^3"])
    with pytest.raises(DataError, match="the inputs are x1, x2, x3"):
        sources.load_dataset("blog", features=["colour"])


def test_a_column_that_is_not_chosen_may_be_anything(tmp_path):
    rows = "".join(f"name{i},,{i},{i}\n" for i in range(300))
    path = write(tmp_path, "name,gap,a,y\n" + rows)
    assert sources.load_dataset(path, features=["a"]).inputs.shape == (300, 1)
    with pytest.raises(DataError, match=r"line 102, column 1 \(name\).*maximum of 100 categories"):
        sources.load_dataset(path)


@pytest.mark.parametrize("scale", SCALINGS)
def test_any_point_of_the_plane_is_prepared_as_the_samples_are(scale):
    made = sources.load_dataset("gauss", noise=0.2, features=ALL, scale=scale)
    assert made.raw_names == ("x1", "x2") and made.raw_inputs.shape == (500, 2)
    np.testing.assert_array_equal(made.prepare(made.raw_inputs), made.inputs)
    grid = np.array([[0.0, 0.0], [3.0, -4.0]])
    assert made.prepare(grid).shape == (2, 7)


def test_standard_scaling_is_fitted_on_the_training_part_alone():
    raw = sources.load_dataset("diabetes")
    made = sources.load_dataset("diabetes", scale="standard")
    train = made.inputs[: made.train_count]
    np.testing.assert_allclose(train.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(train.std(axis=0), 1, atol=1e-12)
    assert np.abs(made.inputs.mean(axis=0)).max() > 1e-3
    np.testing.assert_array_equal(made.raw_inputs, raw.inputs)
    np.testing.assert_array_equal(made.targets, raw.targets)


def test_minmax_scaling_is_fitted_on_the_training_part_alone():
    made = sources.load_dataset("iris", scale="minmax")
    train = made.inputs[: made.train_count]
    np.testing.assert_array_equal(train.min(axis=0), 0)
    np.testing.assert_allclose(train.max(axis=0), 1)


@pytest.mark.parametrize("scale", ["standard", "minmax"])
@pytest.mark.parametrize("value", [0.0, 0.1, -7.0, 1e300])
def test_a_column_that_never_changes_stays_finite(scale, value):
    raw = np.column_stack([np.full(10, value), np.arange(10.0)])
    _, inputs = fit_preparation(raw, ("same", "other"), 10, (), scale)
    np.testing.assert_allclose(inputs[:, 0], 0, atol=1e-12)
    assert np.isfinite(inputs).all()


@pytest.mark.parametrize("scale", ["standard", "minmax"])
def test_a_column_that_changes_only_in_the_test_part_stays_in_proportion(scale):
    raw = np.column_stack([[0.1] * 9 + [0.6], np.arange(10.0)])
    _, inputs = fit_preparation(raw, ("late", "other"), 9, (), scale)
    np.testing.assert_allclose(inputs[:, 0], [0] * 9 + [0.5])


@given(arrays(float, (6, 2), elements=st.floats(-1e100, 1e100)), st.sampled_from([*SCALINGS]))
def test_scaling_never_gives_what_is_no_number(raw, scale):
    shift, size = fit_scaling(scale, raw)
    assert np.isfinite((raw - shift) / size).all()


def test_numbers_too_large_for_a_feature_are_refused(tmp_path):
    path = write(tmp_path, "a,b,y\n1e200,2,3\n4,5,6\n")
    with pytest.raises(DataError, match=r"the input a\^2 is infinite"):
        sources.load_dataset(path, features=["x1^2"])


def test_without_features_and_scaling_nothing_is_copied():
    made = sources.load_dataset("blog")
    assert made.raw_inputs is made.inputs and made.raw_names == made.input_names
    points = np.ones((2, 3))
    assert made.prepare(points) is points


def test_all_arrays_are_read_only():
    made = sources.load_dataset("circle", features=["x1"], scale="minmax")
    for array in (made.inputs, made.targets, made.raw_inputs):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


@pytest.mark.parametrize("scale", ["standard", "minmax"])
@pytest.mark.parametrize("large", ["1e308", "1.7e308"])
def test_a_column_too_large_to_be_measured_is_refused_not_set_to_zero(tmp_path, scale, large):
    path = tmp_path / "own.csv"
    path.write_text(f"a,b,y\n{large},2,3\n-{large},1,0\n0,1,1\n3,2,1\n")
    with pytest.raises(DataError, match=rf"the input a cannot be scaled with data.scale = {scale}"):
        sources.load_dataset(str(path), scale=scale)
    assert sources.load_dataset(str(path)).inputs[0, 0] == float(large)
