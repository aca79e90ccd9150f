"""Calls written out as one function, once or over and over."""

from functools import partial

import numpy as np

from nn_tui.nn.codegen import repeater, replayer


def test_no_calls_are_a_function_too():
    assert replayer([])() is None


def test_a_repeater_keeps_what_every_round_gives():
    value, total, square = np.array([1.0, 2.0]), np.zeros(()), np.zeros(())
    calls = [
        partial(np.add, value, np.array(1.0), value),
        partial(np.add.reduce, value, None, None, total),
        partial(np.multiply, total, total, out=square),
    ]
    kept = np.zeros((2, 4))
    places = [tuple(row[i, ...] for row in kept) for i in range(4)]
    repeater(calls, [total, square])(places[:3])
    assert kept.tolist() == [[5.0, 7.0, 9.0, 0.0], [25.0, 49.0, 81.0, 0.0]]
    assert value.tolist() == [4.0, 5.0]
    assert total == square == 0.0
