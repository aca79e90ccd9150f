"""K-fold cross-validation: which samples are tested in which fold."""

import numpy as np
import pytest

from nn_tui import experiment
from nn_tui.data.folds import Fold, all_folds
from nn_tui.data.readers import csv_reader
from nn_tui.errors import InputError
from nn_tui.experiment import dataset_of
from tests.data.test_same_samples import dataset as circle


def folds_of(name, count, *assignments):
    recipe = experiment.recipe_of(name, assignments)
    return [dataset_of(recipe, fold=fold) for fold in all_folds(count)]


def rows(dataset, part):
    where = dataset.parts[part]
    return sorted(map(tuple, np.column_stack([dataset.raw_inputs, dataset.targets])[where]))


@pytest.mark.parametrize("name", ["circle", "digits", "diabetes", "blog", "sine"])
def test_every_sample_is_tested_once_and_never_trained_in_the_same_fold(name):
    folds = folds_of(name, 4)
    everything = sorted(rows(folds[0], "train") + rows(folds[0], "test"))
    assert sorted(row for fold in folds for row in rows(fold, "test")) == everything
    for fold in folds:
        assert sorted(rows(fold, "train") + rows(fold, "test")) == everything
    assert max(f.test_count for f in folds) - min(f.test_count for f in folds) <= 1


def test_every_class_has_its_share_of_each_fold():
    for dataset in folds_of("iris", 7):
        counts = np.bincount(dataset.class_numbers(dataset.parts["test"]))
        assert set(counts) <= {50 // 7, 50 // 7 + 1}


def test_a_seed_gives_the_same_folds_and_another_seed_others():
    first, again, other = (
        rows(folds_of("circle", 3, f"data.seed={seed}")[1], "test") for seed in (1, 1, 2)
    )
    assert first == again != other


def test_scaling_and_filled_values_are_fitted_without_the_tested_samples(tmp_path):
    path = tmp_path / "data.csv"
    lines = [f"{100 * (i == 9) + i},{'' if i == 4 else i},{i % 2}" for i in range(10)]
    path.write_text("\n".join(["a,b,y", *lines]) + "\n")
    words = ["data.order=file", "data.scale=minmax", "data.missing=fill"]
    *_, last = folds_of(str(path), 5, *words)
    assert rows(last, "test")[0][0] == 8  # rows in the file's order: the last fold is the last two
    assert last.inputs[:, 0].max() == 109 / 7  # the range of the other eight rows is 7
    assert last.raw_inputs[4, 1] == 3  # the median of 0 1 2 3 5 6 7


def test_validation_samples_are_those_of_the_training_part():
    for dataset in folds_of("iris", 5, "data.validation_fraction=0.25"):
        assert (dataset.train_count, dataset.validation_count, dataset.test_count) == (90, 30, 30)


def test_more_folds_than_samples_are_refused():
    with pytest.raises(InputError, match="5 folds need at least 5 samples; blog has 4"):
        folds_of("blog", 5)


def test_a_file_is_read_once_for_all_folds(tmp_path, monkeypatch):
    path = tmp_path / "data.csv"
    path.write_text("a,y\n" + "".join(f"{i},{i % 2}\n" for i in range(10)))
    recipe, readings = experiment.recipe_of(str(path)), {}
    dataset_of(recipe, fold=Fold(1, 5), readings=readings)
    monkeypatch.setattr(csv_reader, "read_csv", None)
    path.unlink()
    assert dataset_of(recipe, fold=Fold(2, 5), readings=readings).test_count == 2
    assert circle().test_count == 20
