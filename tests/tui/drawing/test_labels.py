"""Names in little room: whole, or shortened so that they are still told apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from nn_tui.tui.drawing.labels import distinct_labels

IRIS = ("sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)")


@pytest.mark.parametrize(
    ("width", "short"),
    [
        (17, IRIS),
        (12, ("sepal length", "sepal width", "petal length", "petal width")),
        (8, ("sepal l…", "sepal w…", "petal l…", "petal w…")),
        (5, ("se le", "se wi", "pe le", "pe wi")),
        (4, ("SeLe", "SeWi", "PeLe", "PeWi")),
    ],
)
def test_the_flowers_measures_in_every_width(width, short):
    assert distinct_labels(IRIS, width) == short


@pytest.mark.parametrize(
    ("names", "width", "short"),
    [
        (("setosa", "versicolor", "virginica"), 5, ("seto…", "vers…", "virg…")),
        (("colour=blue", "colour=black"), 7, ("c…=blue", "…=black")),
        (("kind=ash", "kind=beech", "kind=oak"), 7, ("ki…=ash", "…=beech", "ki…=oak")),
        (("kind=ash", "kind=beech", "kind=oak"), 5, ("…=ash", "=bee…", "…=oak")),
        (("sepal length", "sepal width", "kind=ash"), 7, ("length", "width", "ki…=ash")),
        (("a=b", "種類=ash", "size"), 6, ("a=b", "…=ash", "size")),
        (("petal_length", "petal_width"), 6, ("length", "width")),
        (("aaaaaaaxbbbbbb", "aaaaaaaybbbbbb"), 6, ("1 aaa…", "2 aaa…")),
        (("x1", "a much longer name"), 6, ("x1", "a muc…")),
    ],
)
def test_what_tells_names_apart_is_what_stays(names, width, short):
    assert distinct_labels(names, width) == short


@given(st.lists(st.text("ab_ .c数=", max_size=12), max_size=9, unique=True), st.integers(5, 12))
def test_nine_names_of_any_letters_are_told_apart_and_fit(names, width):
    short = distinct_labels(tuple(names), width)
    assert len({*short}) == len(names)
    assert all(cell_len(name) <= width for name in short)
