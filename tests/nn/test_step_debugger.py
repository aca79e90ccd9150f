"""Going through a step forwards and back."""

import numpy as np

from tests.nn.test_cell_arithmetic import after, walked


def test_at_first_nothing_is_done():
    walk = walked()
    assert walk.position == 0
    assert walk.line is walk.lines[0]
    walk.back()
    assert walk.position == 0


def test_a_line_read_the_arrays_as_they_were_before_it():
    walk = walked()
    before = walk.step.arrays["W1"].copy()
    after(walk, "W1 += learning_rate * (l1.T @ l2_delta)")
    np.testing.assert_array_equal(walk.read("W1"), before)
    assert not np.array_equal(walk.result, before)
    assert walk.values().keys() == {"learning_rate", "l1", "l2_delta", "W1"}
    assert walk.read("learning_rate") == 0.5


def test_going_back_undoes_and_going_on_does_it_again():
    walk = walked()
    start = walk.step.arrays["W0"].copy()
    walk.go_to(len(walk.lines))
    end = walk.step.arrays["W0"].copy()
    walk.forward()
    assert walk.at_end
    walk.go_to(0)
    np.testing.assert_array_equal(walk.step.arrays["W0"], start)
    walk.go_to(1000)
    np.testing.assert_array_equal(walk.step.arrays["W0"], end)
    walk.go_to(-5)
    assert walk.position == 0


def test_arrays_of_the_batch_are_not_copied_to_go_back():
    walk = walked()
    walk.go_to(len(walk.lines))
    pairs = zip(walk.lines, walk._saved_values, strict=True)
    assert [line.writes for line, before in pairs if before is not None] == ["W1", "W0"]
