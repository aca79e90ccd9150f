"""The bundled sets against scikit-learn's copies of the same data."""

import numpy as np
import pytest
from sklearn import datasets

from nn_tui.data import sources
from nn_tui.data.builtin import BUNDLED

sizes = {"iris": (150, 4), "digits": (1797, 64), "diabetes": (442, 10)}


@pytest.mark.parametrize("name", BUNDLED)
def test_the_numbers_are_scikit_learns(name):
    options = {"scaled": False} if name == "diabetes" else {}
    theirs = getattr(datasets, f"load_{name}")(**options)
    made = sources.load_dataset(name, test_fraction=0, order="file")
    np.testing.assert_array_equal(made.inputs, theirs.data)
    np.testing.assert_array_equal(made.targets[:, 0], theirs.target)


@pytest.mark.parametrize("name", BUNDLED)
def test_sizes_and_split(name):
    made = sources.load_dataset(name)
    assert made.inputs.shape == sizes[name]
    assert made.train_count == int(sizes[name][0] * 0.8 + 1e-9)
    assert made.name == name


def test_classes_and_pictures():
    iris, digits, diabetes = (sources.load_dataset(name) for name in ("iris", "digits", "diabetes"))
    assert iris.classes == ("setosa", "versicolor", "virginica")
    assert digits.classes == tuple("0123456789") and digits.picture == (8, 8)
    assert (digits.inputs.min(), digits.inputs.max()) == (0, 16)
    assert diabetes.classes == () and diabetes.target_names == ("progression",)
    assert diabetes.input_names[:3] == ("age", "sex", "bmi")


def test_the_test_part_is_like_the_rest():
    """The file is sorted by species: without a shuffle the test part would be one species."""
    for seed in range(5):
        made = sources.load_dataset("iris", seed=seed)
        counts = np.bincount(made.targets[made.train_count :, 0].astype(int), minlength=3)
        assert counts.min() >= 4


def test_the_order_is_the_seeds():
    whole = sources.load_dataset("iris", order="file", test_fraction=0)
    made = sources.load_dataset("iris", seed=9)
    order = np.random.default_rng(9).permutation(150)
    np.testing.assert_array_equal(made.inputs, whole.inputs[order])
    np.testing.assert_array_equal(made.targets, whole.targets[order])
    assert not np.array_equal(made.inputs, sources.load_dataset("iris", seed=10).inputs)


def test_bundled_rows_are_shuffled_even_if_all_of_them_train():
    """Their files are sorted: mini-batches in that order would hold one class each."""
    made = sources.load_dataset("iris", test_fraction=0, seed=4)
    assert made.test_count == 0
    order = np.random.default_rng(4).permutation(150)
    np.testing.assert_array_equal(made.targets[:, 0], order // 50)


def test_another_column_may_be_the_target():
    made = sources.load_dataset(
        "iris", target=["petal_width"], features=["petal_length", "species"]
    )
    assert made.target_names == ("petal_width",) and made.classes == ()
    assert made.input_names == (
        "petal_length",
        "species=setosa",
        "species=versicolor",
        "species=virginica",
    )


def test_a_part_of_the_pixels_is_no_picture():
    made = sources.load_dataset("digits", features=["r1c3", "r4c4"])
    assert made.input_names == ("r1c3", "r4c4") and made.picture is None
    assert made.classes == tuple("0123456789")
