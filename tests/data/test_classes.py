"""The order of classes, as people would sort them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.data.labels import as_classes, natural_order
from nn_tui.data.sources import load_dataset


@pytest.mark.parametrize(
    "ordered",
    [
        ["a2", "a10", "b1"],
        ["-1", "0", "1", "1.5", "10"],
        ["2", "10", "ten"],
        ["Blue", "green", "Red"],
        ["a", "a1b2", "a1b10"],
        ["2024-01-09", "2024-01-10", "2024-10-01"],
    ],
)
def test_natural_order(ordered):
    assert natural_order(reversed(ordered)) == ordered


@given(st.lists(st.text(max_size=6), unique=True))
def test_the_order_does_not_depend_on_the_file(texts):
    assert natural_order(texts) == natural_order(reversed(texts))
    assert sorted(natural_order(texts)) == sorted(texts)


def test_a_truth_table_can_be_classes():
    made = load_dataset("xor", classes=True)
    assert made.classes == ("0", "1") and made.output_count("softmax") == 2
    assert as_classes(made) is made
