"""The numbers of a column: as wide as they need, never wider, never cut."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.tui.drawing.column_numbers import WIDEST_NUMBER, formats_of

FINITE = st.floats(-1e307, 1e307)


def texts(values):
    (numbers,) = formats_of(np.array(values, float)[:, None])
    return numbers.width, [numbers.text(value) for value in values]


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ([0, 1, 1], ["0", "1", "1"]),
        ([39.3, 55, 102.9], ["39.3", "55.0", "102.9"]),
        ([-4.97512, 0.2189, 3.5], ["-4.975", "0.219", "3.500"]),
        ([0.038076, -0.044642], ["0.03808", "-0.0446"]),
        ([1200.5, 3.25], ["1200.50", "3.25"]),
        ([1e300, 1e-300], ["1.0e300", "1e-300"]),
        ([-0.0, 2.0], ["0", "2"]),
    ],
)
def test_few_decimals_are_shown_in_full_and_many_rounded(values, shown):
    width, found = texts(values)
    assert found == shown
    assert width == max(map(len, shown))


@given(st.lists(FINITE, min_size=1, max_size=12))
def test_all_numbers_fit_in_the_width_of_their_column(values):
    width, shown = texts(values)
    assert width <= WIDEST_NUMBER
    for text, value in zip(shown, values, strict=True):
        assert 1 <= len(text) <= width
        assert abs(float(text) - value) <= max(0.5 * abs(value), 0.05 * max(map(abs, values)))


@given(st.floats(), st.lists(FINITE, min_size=1, max_size=5))
def test_any_other_number_keeps_the_width_too(value, values):
    (numbers,) = formats_of(np.array(values, float)[:, None])
    assert 1 <= len(numbers.text(value)) <= numbers.width


def test_a_single_fraction_among_very_many_whole_numbers_is_not_rounded_away():
    values = np.zeros((50_000, 1))
    values[777] = 0.5
    (numbers,) = formats_of(values)
    assert numbers.text(0.5) == "0.5"
