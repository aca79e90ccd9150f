"""The truth tables, read as truth tables."""

import numpy as np
import pytest

from nn_tui.data import sources
from nn_tui.data.builtin import TABLES

RULES = {
    "blog": lambda a, b, one: a,
    "blog-xor": lambda a, b, one: a ^ b,
    "and": lambda a, b: a & b,
    "or": lambda a, b: a | b,
    "xor": lambda a, b: a ^ b,
}


@pytest.mark.parametrize("name", TABLES)
def test_every_row_follows_the_rule(name):
    made = sources.load_dataset(name)
    rows = {tuple(map(int, row)) for row in made.inputs}
    assert len(rows) == 4 and {row[:2] for row in rows} == {(0, 0), (0, 1), (1, 0), (1, 1)}
    assert all(row[2:] in ((), (1,)) for row in rows)
    for row, target in zip(made.inputs, made.targets[:, 0], strict=True):
        assert target == RULES[name](*map(int, row))


@pytest.mark.parametrize("name", TABLES)
def test_every_row_trains_in_a_fixed_order(name):
    made = sources.load_dataset(name, seed=5)
    assert (made.train_count, made.test_count) == (4, 0)
    np.testing.assert_array_equal(made.inputs[:, :2], [[0, 0], [0, 1], [1, 0], [1, 1]])
    assert made.input_names == ("x1", "x2", "x3")[: made.inputs.shape[1]]


def test_the_last_rows_are_held_back_if_one_asks_for_it():
    made = sources.load_dataset("xor", test_fraction=0.25)
    assert made.train_count == 3 and made.inputs[3].tolist() == [1, 1]


def test_xor_is_a_product_away_from_a_line():
    made = sources.load_dataset("xor", features=["x1", "x2", "x1*x2"])
    np.testing.assert_array_equal(made.inputs @ [1, 1, -2], made.targets[:, 0])
