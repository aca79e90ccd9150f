"""Histories as earlier versions saved them."""

import numpy as np
import pytest

from nn_tui.files.runs.history_versions import read_history, with_looks
from nn_tui.training.history import BUCKETS, EXACT


def first_version(buckets, width=4, begun=0):
    """As the first version packed a loss that is its epoch, a test loss twice that."""
    epochs = np.arange(EXACT + buckets * width + 3 * begun)
    first = np.concatenate([epochs[:EXACT], epochs[EXACT::width]])[: EXACT + buckets + begun]
    last = np.append(first[1:] - 1, epochs[-1])
    points = np.column_stack([first, last, first, last, 2 * first, 2 * last])
    arrays = {"points": points[: EXACT + buckets], "bucket": points[EXACT + buckets :]}
    return arrays, {"width": width, "in_bucket": 3 * begun}


@pytest.mark.parametrize("begun", [0, 1])
@pytest.mark.parametrize("buckets", [0, 5, BUCKETS])
def test_a_history_of_the_first_version_opens(buckets, begun):
    arrays, counts = first_version(buckets, begun=begun)
    history = read_history(arrays, counts)
    curve = history.curve()
    assert curve.last[-1] == np.concatenate([*arrays.values()])[-1, 1]
    np.testing.assert_array_equal(curve.train_low, curve.first)
    np.testing.assert_array_equal(curve.train_high, curve.last)
    np.testing.assert_array_equal(curve.test_middle, curve.first + curve.last)
    history.append(np.array([10**6]), np.array([[1.0], [2.0]]))
    assert history.curve().train_high[-1] == 1


def test_metrics_of_the_first_version_are_known_for_single_epochs_only():
    history = read_history(*first_version(5))
    looks = np.zeros((4, 7))
    looks[:, 0] = [0, 10, EXACT + 5, EXACT + 6]
    looks[:, 1] = [0.25, 0.5, 0.75, 1.0]
    curve = with_looks(history, looks).curve()
    low, _, high = curve.band("train_accuracy")
    known = np.flatnonzero(np.isfinite(low))
    assert known.tolist() == [0, 10, EXACT + 1]
    assert low[known].tolist() == [0.25, 0.5, 0.75]
    assert high[known].tolist() == [0.25, 0.5, 1.0]
    np.testing.assert_array_equal(curve.train_low, history.curve().train_low)
    assert np.isnan(curve.band("gradient_norm_1").low).all()


@pytest.mark.parametrize("looks", [np.zeros(7), np.zeros((2, 4)), np.full((2, 7), np.nan)])
def test_looks_of_the_wrong_shape_are_refused(looks):
    with pytest.raises(ValueError, match="looks"):
        with_looks(read_history(*first_version(5)), looks)
