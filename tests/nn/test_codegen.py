"""Calls written out as one function, once or over and over."""

from functools import partial

import numpy as np

from nn_tui.nn.codegen import compile_repeat, compile_replay


def test_no_calls_are_a_function_too():
    assert compile_replay([])() is None


def test_a_repeater_keeps_what_every_round_gives():
    value, total, square = np.array([1.0, 2.0]), np.zeros(()), np.zeros(())
    calls = [
        partial(np.add, value, np.array(1.0), value),
        partial(np.add.reduce, value, None, None, total),
        partial(np.multiply, total, total, out=square),
    ]
    totals, squares = np.zeros(4), np.zeros(4)
    compile_repeat([(calls, [(total, totals), (square, squares)])], 4)(range(3))
    assert totals.tolist() == [5.0, 7.0, 9.0, 0.0]
    assert squares.tolist() == [25.0, 49.0, 81.0, 0.0]
    assert value.tolist() == [4.0, 5.0]
    assert total == square == 0.0


def test_each_part_of_a_round_has_its_own_places():
    value, copy = np.array([1.0, 2.0]), np.zeros(2)
    room = np.zeros((4, 2))
    room[0] = value
    read, write = [partial(np.copyto, copy, value)], [partial(np.add, copy, copy, value)]
    compile_repeat([(read, [(value, room[:-1])]), (write, [(value, room[1:])])], 3)(range(3))
    assert room.tolist() == [[1.0, 2.0], [2.0, 4.0], [4.0, 8.0], [8.0, 16.0]]
    assert value.tolist() == [1.0, 2.0]


def test_views_and_methods_of_an_array_move_with_it():
    flat, product = np.zeros(6), np.zeros((2, 2))
    matrix, last = flat[:4].reshape(2, 2), flat[4:]
    calls = [partial(matrix.dot, matrix, product), partial(np.add, last, 1.0, last)]
    rooms = np.arange(12.0).reshape(2, 6)
    compile_repeat([(calls, [(flat, rooms)])], 2)(range(1, 2))
    moved = np.arange(6.0, 10.0).reshape(2, 2)
    np.testing.assert_array_equal(product, moved @ moved)
    assert rooms[1].tolist() == [6.0, 7.0, 8.0, 9.0, 11.0, 12.0]
    assert rooms[0].tolist() == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]
    assert not flat.any()
