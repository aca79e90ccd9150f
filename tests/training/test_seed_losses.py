"""Losses of several seeds: quantiles are losses of runs, equal ones are a group."""

import math

import pytest

from nn_tui.training.seed_losses import describe_losses, quantile, sorted_by_loss

XOR = [0.06254, 0.00063, 0.06254, 0.00018, 0.08338, 0.08338, 0.00027, 0.00018, 0.06254, 0.00074]


def test_the_median_is_the_loss_of_the_lower_middle_run():
    assert quantile(XOR, 0.5) == 0.00074
    assert quantile([3.0, math.nan, 1.0], 0.5) == 1.0
    assert math.isnan(quantile([math.nan], 0.5))


def test_the_order_is_by_loss_with_diverged_runs_last():
    assert sorted_by_loss([0.3, math.nan, 0.1]) == [2, 0, 1]


@pytest.mark.parametrize(
    ("losses", "target", "expected"),
    [
        (XOR, 0.01, "5 below 0.01, 3 at 1/16, 2 at 1/12"),
        (XOR, None, "2 at 0.00018, 3 at 1/16, 2 at 1/12, 3 at other losses"),
        ([0.2, 0.5, math.nan], 0.3, "1 below 0.3, 1 above, 1 diverged"),
        ([0.211, 0.31, 0.47], None, ""),
        ([0.0, 0.0], None, "2 at 0"),
        ([0.253, 0.272, 0.287, 0.295, 0.2951, 0.3, 0.313], None, ""),
        (
            [*[0.1] * 2, *[0.15] * 9, *[0.21] * 2, *[0.3] * 7, *[0.4] * 5, *[0.53] * 3],
            None,
            "9 at 0.15, 7 at 0.3, 5 at 0.4, 3 at 0.53, 4 at other losses",
        ),
    ],
)
def test_runs_with_the_same_loss_are_named_together(losses, target, expected):
    assert describe_losses(losses, target) == expected
