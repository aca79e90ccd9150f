"""A validation set is a part of the training samples; the test set stays the same."""

import numpy as np
import pytest

from nn_tui.data.sources import load_dataset


def both(source, fraction, **options):
    return (
        load_dataset(source, **options),
        load_dataset(source, validation_fraction=fraction, **options),
    )


@pytest.mark.parametrize("order", ["file", "random", "stratified"])
@pytest.mark.parametrize("source", ["iris", "moons", "diabetes"])
def test_it_is_taken_from_the_training_samples(source, order):
    plain, divided = both(source, 0.25, order=order, seed=3)
    count = plain.train_count // 4
    assert divided.validation_count == pytest.approx(count, abs=1)
    assert divided.train_count + divided.validation_count == plain.train_count
    tested = plain.parts["test"]
    assert divided.parts["test"] == tested
    np.testing.assert_array_equal(divided.inputs[tested], plain.inputs[tested])
    both_sorted = [np.sort(d.targets[: plain.train_count], axis=0) for d in (plain, divided)]
    np.testing.assert_array_equal(*both_sorted)


def test_it_is_the_same_for_the_same_data_seed_only():
    one, same, other = (
        load_dataset("iris", validation_fraction=0.2, order="random", seed=seed).inputs
        for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)


def test_stratified_it_has_its_share_of_every_class():
    dataset = load_dataset("iris", validation_fraction=0.25, test_fraction=0.2, order="stratified")
    found = np.bincount(dataset.class_numbers(dataset.parts["validation"]))
    assert found.sum() == 30 and found.min() >= 9


def test_in_file_order_it_comes_after_the_training_samples(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("x,y\n" + "".join(f"{i},{(i * 7) % 10}.5\n" for i in range(10)))
    dataset = load_dataset(str(path), validation_fraction=0.25, test_fraction=0.2, order="file")
    parts = {name: dataset.inputs[rows, 0].tolist() for name, rows in dataset.parts.items()}
    assert parts == {"train": [0, 1, 2, 3, 4, 5], "validation": [6, 7], "test": [8, 9]}
    assert [dataset.part_of(sample) for sample in (5, 6, 8)] == ["train", "validation", "test"]


def test_scaling_is_fitted_without_it():
    dataset = load_dataset("iris", validation_fraction=0.5, order="random", scale="standard")
    np.testing.assert_allclose(dataset.inputs[dataset.parts["train"]].mean(axis=0), 0, atol=1e-12)
    assert abs(dataset.inputs[dataset.parts["validation"]].mean(axis=0)).max() > 0.01


def test_too_few_training_samples_are_told():
    dataset = load_dataset("or", test_fraction=0.75, validation_fraction=0.5)
    assert (dataset.train_count, dataset.validation_count) == (1, 0)
    assert any("too few training samples" in note for note in dataset.notes)


def test_the_digest_depends_on_it_and_is_as_before_without():
    plain, divided = both("and", 0.25)
    assert plain.digest != divided.digest and not plain.has_samples_of(divided)


@pytest.mark.parametrize("options", [{"test_fraction": 0.5}, {"validation_fraction": 0.5}])
def test_classes_without_training_samples_are_told(tmp_path, options):
    path = tmp_path / "t.csv"
    path.write_text("x,kind\n" + "".join(f"{i},{kind}\n" for i, kind in enumerate("ababaccb")))
    dataset = load_dataset(str(path), order="file", **options)
    (note,) = dataset.notes
    assert note.startswith("the class 'c' has no training samples")
    assert not load_dataset(str(path), order="stratified", **options).notes
