"""Continuous targets are scaled for training only: everything shown is in their own units."""

import numpy as np
import pytest

from nn_tui import experiment
from nn_tui.data import sources
from nn_tui.data.errors import DataError
from nn_tui.errors import InputError
from nn_tui.files.runs.dataset_file import read_dataset, write_dataset
from nn_tui.training.trainer import Trainer

HOUSES = "area,price\n" + "".join(f"{k},{1e5 + 3000 * k}\n" for k in range(10, 40))


@pytest.fixture
def houses(tmp_path):
    path = tmp_path / "houses.csv"
    path.write_text(HOUSES)
    return str(path)


def test_a_file_with_continuous_targets_trains_on_standardized_ones(houses):
    dataset = experiment.load_experiment(houses).dataset
    learned = dataset.encoded("linear")
    split = dataset.train_count
    assert learned[:split].mean() == pytest.approx(0, abs=1e-12)
    assert learned[:split].std() == pytest.approx(1)
    assert dataset.targets.min() >= 1e5
    np.testing.assert_allclose(dataset.decode(learned), dataset.targets)
    np.testing.assert_array_equal(dataset.output_targets("linear"), dataset.targets)


@pytest.mark.parametrize(
    "assignments",
    [
        ["data.target_scale=none"],
        ["network.output=sigmoid"],  # cannot reach standardized targets
    ],
)
def test_targets_stay_as_they_are_where_that_is_asked_for_or_needed(houses, assignments):
    assert experiment.load_experiment(houses, assignments).dataset.target_scaling is None


@pytest.mark.parametrize("source", ["blog", "sine", "iris", "xor"])
def test_generated_points_classes_and_truth_tables_are_never_scaled(source):
    assert sources.load_dataset(source, target_scale="auto").target_scaling is None


def test_a_constant_target_is_shifted_only():
    dataset = sources.load_dataset("diabetes", target_scale="standard")
    assert dataset.target_scaling.size > 0
    from nn_tui.data.preprocessing import TargetScaling

    scaling = TargetScaling.fit(np.full((3, 1), 7.0))
    assert (scaling.encode(np.full((3, 1), 7.0)) == 0).all()


def test_targets_that_overflow_are_refused_with_the_setting():
    from nn_tui.data.preprocessing import TargetScaling

    with pytest.raises(DataError, match=r"data\.target_scale = standard"):
        TargetScaling.fit(np.array([[1e308], [-1e308], [1.7e308]]))


def test_the_scaling_is_saved_with_the_data_of_a_run(houses, tmp_path):
    dataset = experiment.load_experiment(houses).dataset
    write_dataset(tmp_path / "data", dataset)
    saved = read_dataset(tmp_path / "data")
    np.testing.assert_array_equal(saved.encoded("linear"), dataset.encoded("linear"))


def test_the_error_is_in_the_units_of_the_target(houses):
    opened = experiment.load_experiment(houses)
    trainer = Trainer(opened.recipe, opened.dataset)
    assert trainer.snapshot().train_error > 1000
    trainer.run_epochs(200)
    assert 1 < trainer.snapshot().train_error < 30_000


def test_a_default_recipe_learns_targets_as_they_are(tmp_path, houses):
    """Recipes and runs written before targets could be scaled train as they did."""
    recipe = tmp_path / "old.toml"
    recipe.write_text(
        f'[data]\nsource = "{houses}"\n[network]\noutput = "linear"\n[training]\nepochs = 1\n'
    )
    assert experiment.load_experiment(str(recipe)).dataset.target_scaling is None


# Task


def load(tmp_path, rows, *assignments):
    path = tmp_path / "table.csv"
    path.write_text("x,y\n" + "".join(f"{k},{row}\n" for k, row in enumerate(rows)))
    return experiment.load_experiment(str(path), assignments)


@pytest.mark.parametrize(
    ("values", "loss", "classes"),
    [
        ([0, 1] * 10, "binary_cross_entropy", ("0", "1")),
        ([0, 1, 2] * 10, "cross_entropy", ("0", "1", "2")),
        ([3, 4, 5, 6, 8] * 4, "cross_entropy", ("3", "4", "5", "6", "8")),
        (["a", "b"] * 10, "binary_cross_entropy", ("a", "b")),
        ([1, 2, 3, 4], "half_squared_error", ()),  # each only once
        (range(30), "half_squared_error", ()),
        ([0.5, 1.5] * 10, "half_squared_error", ()),
        ([1000, 2000] * 10, "half_squared_error", ()),
        ([1, 90] * 10, "half_squared_error", ()),
    ],
)
def test_few_small_whole_numbers_are_classes(tmp_path, values, loss, classes):
    opened = load(tmp_path, values)
    assert (opened.dataset.classes, opened.recipe.training.loss) == (classes, loss)
    noted = any("data.task = regression" in note for note in opened.notes)
    assert noted == (bool(classes) and "a" not in classes)


def test_the_task_can_be_set(tmp_path):
    assert load(tmp_path, [0, 1, 2] * 5, "data.task=regression").dataset.classes == ()
    made = load(tmp_path, [10, 200, 3000] * 5, "data.task=classification").dataset
    assert made.classes == ("10", "200", "3000")


@pytest.mark.parametrize(
    ("values", "assignments", "said"),
    [
        (["a", "b"] * 5, ["data.task=regression"], "data.task = regression needs numbers"),
        ([0.5, 1.5] * 5, ["data.task=classification"], "data.task = classification requires"),
        (
            [0, 1] * 5,
            ["data.task=regression", "training.loss=cross_entropy"],
            "data.task = regression; change one",
        ),
    ],
)
def test_a_task_that_does_not_fit_is_refused(tmp_path, values, assignments, said):
    with pytest.raises(InputError, match=said.replace(".", r"\.")):
        load(tmp_path, values, *assignments)


# Split


def test_a_stratified_test_set_has_every_class_in_proportion(tmp_path):
    values = ["a"] * 50 + ["b"] * 30 + ["c"] * 20
    dataset = load(tmp_path, values).dataset
    tested = np.bincount(dataset.class_numbers()[dataset.train_count :].astype(int))
    assert list(tested) == [10, 6, 4]


def test_a_class_of_one_sample_is_a_training_sample(tmp_path):
    dataset = load(tmp_path, ["a"] * 10 + ["b"] * 9 + ["c"]).dataset
    assert 2 in dataset.class_numbers()[: dataset.train_count]


def test_a_stratified_test_set_has_low_and_high_targets(tmp_path):
    dataset = load(tmp_path, [k * 1.5 for k in range(100)]).dataset
    tested = np.sort(dataset.targets[dataset.train_count :, 0])
    assert len(tested) == 20 and (np.diff(tested) == 7.5).all()


def test_the_data_seed_decides_the_split(tmp_path):
    first, again, other = (
        load(tmp_path, ["a", "b"] * 20, f"data.seed={seed}").dataset.raw_inputs[:, 0].tolist()
        for seed in (0, 0, 1)
    )
    assert first == again != other and sorted(first) == sorted(other)
