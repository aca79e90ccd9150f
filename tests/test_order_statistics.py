"""Distinct values and percentiles agree with NumPy's."""

import numpy as np
import pytest

from nn_tui.order_statistics import distinct, first_places, percentile

SHAPES = [np.array([3.0]), np.array([2, 1, 2, 2, 0]), np.array([-0.5, 7.25, -0.5, 1e300, 3])]


@pytest.mark.parametrize("values", [*SHAPES, np.array([[1, 2], [2, 1]]), np.empty(0)])
def test_distinct_values_are_those_of_numpy(values):
    found = distinct(values)
    assert found.tolist() == np.unique(values).tolist()
    assert found.dtype == values.dtype


@pytest.mark.parametrize("values", SHAPES)
def test_a_value_is_found_where_it_is_first(values):
    assert first_places(values).tolist() == np.unique(values, return_index=True)[1].tolist()


@pytest.mark.parametrize("values", SHAPES)
@pytest.mark.parametrize("share", [0, 17, 50, 95, 100])
def test_percentiles_are_interpolated_as_by_numpy(values, share):
    assert percentile(values, share) == pytest.approx(np.percentile(values, share))


def test_a_percentile_of_infinite_values_is_no_nan():
    assert percentile(np.array([np.inf, np.inf]), 50) == np.inf
