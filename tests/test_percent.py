"""Accuracy reads the same everywhere."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.cli import main
from nn_tui.text import percent


@pytest.mark.parametrize(
    ("fraction", "shown"),
    [
        (1.0, "100 %"),
        (0.996, "99.6 %"),
        (0.99999, "99.9 %"),
        (1 - 1e-12, "99.9 %"),
        (0.29, "29.0 %"),
        (0.0, "0.0 %"),
        (None, "–"),
        (float("nan"), "–"),
    ],
)
def test_accuracy_is_rounded_down_so_that_100_means_all(fraction, shown):
    assert percent(fraction) == shown


@given(st.integers(1, 10**9), st.data())
def test_no_wrong_prediction_is_rounded_away(count, data):
    right = data.draw(st.integers(0, count))
    assert (percent(right / count) == "100 %") == (right == count)


@given(st.integers(0, 1000))
def test_whole_tenths_stay_as_they_are(tenths):
    shown = "100 %" if tenths == 1000 else f"{tenths / 10:.1f} %"
    assert percent(tenths / 1000) == shown


def test_the_summary_of_train_rounds_as_the_screen_does(capsys):
    """0.9958… of the samples: once 99.58 % in the one and 100 % in the other."""
    arguments = ["train", "digits", "--epochs", "3", "--set", "data.test_fraction=0.2"]
    assert main([*arguments, "--json"]) == 0
    accuracy = json.loads(capsys.readouterr().out)["test_accuracy"]
    assert main(arguments) == 0
    out = capsys.readouterr().out
    assert f"accuracy {percent(accuracy)}\n" in out
