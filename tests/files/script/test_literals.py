"""Arrays as Python text come back to the last bit."""

import base64
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from nn_tui.files.script import literals
from nn_tui.files.script.literals import assignment, is_packed


def read(lines):
    scope = {"np": np, "b64decode": base64.b64decode, "decompress": zlib.decompress}
    exec(literals.UNPACKED + "\n".join(lines), scope)
    return scope["X"]


NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


@given(
    arrays.arrays(float, arrays.array_shapes(min_dims=1, max_dims=2, max_side=9), elements=NUMBERS),
    st.sampled_from(["float64", "float32"]),
)
def test_numbers_round_trip(array, dtype):
    with np.errstate(over="ignore"):
        made = read(assignment("X", array, dtype))
        assert made.dtype == dtype and made.shape == array.shape
        assert made.tobytes() == array.astype(dtype).tobytes()


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_large_arrays_are_compressed_and_round_trip(dtype):
    array = np.random.default_rng(1).normal(size=(700, 3))
    assert is_packed(array) and not is_packed(array[:9])
    made = read(assignment("X", array, dtype))
    assert made.dtype == dtype and made.tobytes() == array.astype(dtype).tobytes()
    made[0, 0] = 5.0  # an edit may change it
    assert made.flags.c_contiguous


def test_integers_have_no_point_except_with_negative_zero():
    assert assignment("X", np.array([[0.0, 1.0], [-2.0, 3.0]]), "float64") == [
        "X = np.array([[0, 1], [-2, 3]], float)"
    ]
    assert assignment("X", np.array([-0.0, 1.0]), "float64") == ["X = np.array([-0.0, 1.0])"]
    assert assignment("X", np.array([0.5]), "float32") == ["X = np.array([0.5], np.float32)"]


def test_no_line_is_longer_than_a_hundred_columns():
    lines = assignment("X", np.random.default_rng(2).normal(size=(40, 3)), "float64")
    assert len(lines) > 10
    assert max(map(len, lines)) <= 100
