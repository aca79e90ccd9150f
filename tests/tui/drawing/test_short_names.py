"""The short names of columns: prefixes of words, one for each column, the same in all panes."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from nn_tui.data.dataset import Dataset
from nn_tui.tui.drawing.short_names import LONGEST_CLASS, LONGEST_NAME, short_names, shortened


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("price", "price"),
        ("living_area", "liv_area"),
        ("sepal length (cm)", "sep_len"),
        ("number_of_rooms", "num_room"),
        ("distance_to_center", "dis_cen"),
        ("housing_median_age", "hous_age"),
        ("HouseMedianAge", "HouseAge"),
        ("population", "populat"),
        ("colour=blue", "col=blue"),
        ("sensor_temperature_12", "senso_12"),
        ("pixel_10_12", "pi_10_12"),
        ("sin(living_area)", "sin_area"),
        ("建築年数平均値", "建築年数"),
        ("住宅_面積合計", "住宅_面"),
    ],
)
def test_a_short_name_is_made_of_prefixes_of_the_words(name, short):
    assert shortened([name], 8) == {name: short}


@pytest.mark.parametrize(
    "names",
    [
        ("length (cm)", "length (in)"),
        ("concavity error", "concave points error"),
        ("居住面積平方", "居住面積平米"),
        ("aaaaaaaaaaaaaa", "aaaaaaaaaaaaab", "aaaaaaaaaaaaac"),
        ("living_area", "liv_area"),
        tuple(f"some_very_long_name_{k}" for k in range(2000)),
    ],
    ids=lambda names: names[0],
)
def test_names_that_begin_alike_stay_different(names):
    short = shortened(names, 8)
    assert len({*short.values()}) == len(names)
    assert all(cell_len(name) <= 8 for name in short.values())


def test_a_name_that_fits_is_never_taken_by_another():
    assert shortened(["living_area", "liv_area"], 8)["liv_area"] == "liv_area"


@example(["111=1"], 4)
@given(st.lists(st.text("abAB_ .(c)数12=ー\u0301", max_size=16), max_size=12), st.integers(4, 12))
def test_short_names_of_any_letters_differ_and_fit(names, width):
    short = shortened(names, width)
    assert {*short} == {*names}
    assert len({*short.values()}) == len({*names})
    assert all(cell_len(text) <= width for text in short.values())


@given(st.lists(st.text(min_size=1, max_size=30), max_size=8))
def test_short_names_of_any_characters_fit(names):
    assert all(cell_len(text) <= LONGEST_NAME for text in shortened(names, LONGEST_NAME).values())


def test_inputs_targets_and_classes_of_a_data_set_have_short_names():
    inputs = np.zeros((4, 2))
    data = Dataset(
        "houses",
        inputs,
        np.zeros((4, 1)),
        ("living_area", "living_areas"),
        ("selling_price",),
        4,
        ("cheap and cheerful", "expensive"),
    )
    found = short_names(data)
    assert found.raw == found.inputs
    names = (*found.inputs, *found.targets)
    assert len({*names}) == 3
    assert max(map(cell_len, names)) <= LONGEST_NAME
    assert max(map(cell_len, found.classes)) <= LONGEST_CLASS
    assert found.classes[1] == "expensive"
