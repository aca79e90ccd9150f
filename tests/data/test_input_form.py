"""A row that a person types: the same numbers as ``nn-tui predict`` makes of it."""

import random

import numpy as np
import pytest

from nn_tui import experiment
from nn_tui.data.input_form import InputForm

TABLE = "age,sex,town,cost\n" + "".join(
    f"{age},{sex},{town},{cost}\n"
    for age, sex, town, cost in [
        (30, "f", "Rome", 1.5),
        ("", "m", "Oslo", 2.5),
        (50, "f", "Oslo", 3.25),
        (40, "m", "Bern", 7),
        ("NA", "f", "Rome", 2),
        (20, "m", "Bern", 3),
    ]
    * 4
)


def form_of(tmp_path, *assignments, text=TABLE):
    path = tmp_path / "table.csv"
    path.write_text(text)
    found = experiment.load_experiment(str(path), ["data.missing=fill", *assignments])
    return found.dataset, InputForm(found.dataset)


@pytest.mark.parametrize("features", ["all", "-town", "sex,town", "age"])
def test_the_cells_of_a_sample_give_its_inputs(tmp_path, features):
    dataset, form = form_of(tmp_path, f"data.features={features}")
    for sample in range(dataset.samples):
        raw = form.encode(form.cells_of(sample))
        assert np.array_equal(dataset.prepare(raw)[0], dataset.inputs[sample])


@pytest.mark.parametrize("name", ["blog", "circle", "iris", "digits", "diabetes"])
def test_the_cells_of_built_in_samples_give_their_inputs(name):
    dataset = experiment.load_experiment(name).dataset
    form = InputForm(dataset)
    for sample in random.Random(1).sample(range(dataset.samples), min(20, dataset.samples)):
        raw = form.encode(form.cells_of(sample))
        assert np.array_equal(dataset.prepare(raw)[0], dataset.inputs[sample])


def test_only_columns_that_the_network_uses_are_asked_for(tmp_path):
    _, form = form_of(tmp_path, "data.features=-town")
    assert [column.name for column in form.columns] == ["age", "sex"]
    assert form.columns[1].categories == ("f", "m")
    assert (form.columns[0].low, form.columns[0].high) == (20, 50)


def test_missing_unknown_and_unusual_values_are_told(tmp_path):
    _, form = form_of(tmp_path)
    assert form.remark(0, "35") == ""
    assert form.remark(0, "900") == "age = 900: the training set has 20 to 50"
    assert form.remark(0, "NA").startswith("age is missing: 35, the median of training")
    assert "unknown, so it counts as none of Bern, Oslo, Rome" in form.remark(2, "Paris")
    assert form.remark(2, "Rome") == ""
    unknown = form.encode(["35", "f", "Paris"])[0]
    assert not unknown[[i for i, n in enumerate(form._dataset.raw_names) if "town" in n]].any()


def test_what_is_no_number_is_refused(tmp_path):
    _, form = form_of(tmp_path)
    assert form.columns[0].refusal("old") == "age: 'old' is not a number"
    assert form.columns[0].refusal("inf")
    assert form.columns[0].refusal("") == ""
    assert form.columns[1].refusal("x") == ""


def test_arrow_keys_go_to_round_numbers_and_through_the_categories(tmp_path):
    _, form = form_of(tmp_path)
    assert form.stepped(0, "31", 1) == "34"
    assert form.stepped(0, "34", -1) == "32"
    assert [form.stepped(2, text, 1) for text in ("Bern", "Rome", "Paris")] == [
        *("Oslo", "Bern", "Bern")
    ]
