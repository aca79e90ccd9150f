"""The plane of two inputs."""

import numpy as np
import pytest

from nn_tui.tui.drawing.plane import Plane, most_informative_columns, shown_rows
from tests.tui.drawing.drawing import snapshot


def iris():
    return snapshot("iris").dataset


def test_places_cover_the_samples_with_a_margin_row_by_row_from_the_top():
    dataset = snapshot("circle", "data.samples=40").dataset
    raw = Plane(dataset, 0, 1).places(5, 6)
    assert raw.shape == (30, 2)
    x, y = raw.reshape(6, 5, 2).transpose(2, 0, 1)
    assert (np.diff(x, axis=1) > 0).all()
    assert (np.diff(y, axis=0) < 0).all()
    low, high = dataset.raw_inputs.min(axis=0), dataset.raw_inputs.max(axis=0)
    assert (raw.min(axis=0) < low).all() and (raw.max(axis=0) > high).all()
    assert (raw.min(axis=0) > low - 0.2 * (high - low)).all()


def test_other_columns_stand_at_the_mean_of_the_training_samples():
    dataset = iris()
    raw = Plane(dataset, 3, 0).places(4, 4)
    means = dataset.raw_inputs[: dataset.train_count].mean(axis=0)
    for column in (1, 2):
        assert raw[:, column] == pytest.approx(means[column])
    assert len(np.unique(raw[:, 3])) == len(np.unique(raw[:, 0])) == 4


def test_a_single_column_goes_across():
    raw = Plane(snapshot("sine").dataset, 0, None).places(3, 2)
    assert raw.shape == (6, 1)
    assert (raw[:3] == raw[3:]).all()


def test_the_columns_that_tell_most_are_shown_first():
    dataset = iris()
    assert [dataset.raw_names[k] for k in most_informative_columns(dataset)] == [
        "petal_length",
        "petal_width",
    ]
    assert most_informative_columns(snapshot("blog").dataset)[0] == 0
    assert most_informative_columns(snapshot("sine").dataset) == (0, 0)
    diabetes = snapshot("diabetes", epochs=1).dataset
    assert [diabetes.raw_names[k] for k in most_informative_columns(diabetes)] == ["bmi", "s5"]


def test_of_many_samples_every_second_third_is_taken():
    dataset = iris()
    counts = {"all": 150, "training": 120, "test": 30, "no": 0}
    for which, count in counts.items():
        assert len(shown_rows(dataset, which, 1000)[0]) == count
    rows, step = shown_rows(dataset, "all", 60)
    assert step == 3
    assert rows.tolist() == list(range(0, 150, 3))
    assert shown_rows(dataset, "test", 60)[0].min() == dataset.train_count


def test_the_first_plane_is_not_that_of_two_inputs_that_determine_each_other(tmp_path):
    rows = [f"{k % 7},{'mf'[k % 2]},{(k % 2) ^ (k % 11 == 0)}" for k in range(44)]
    path = tmp_path / "people.csv"
    path.write_text("\n".join(["age,sex,survived", *rows]))
    dataset = snapshot(str(path), epochs=0).dataset
    names = [dataset.raw_names[k] for k in most_informative_columns(dataset)]
    assert "age" in names and any(name.startswith("sex=") for name in names)
