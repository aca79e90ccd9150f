"""How well the samples are predicted, in the line below them."""

import math

import pytest

from nn_tui.tui.drawing.data_summary import draw_data_summary
from tests.tui.drawing.drawing import DARK_PALETTE, snapshot, with_metrics


def told(seen, width):
    return draw_data_summary(seen, width, DARK_PALETTE).text.rstrip()


def test_accuracy_says_of_which_set_it_is():
    seen = with_metrics(snapshot("moons"), train_accuracy=0.98, test_accuracy=0.678)
    whole = "accuracy: 250 train 98.0 %, t 250 test 67.8 % (most frequent class: 50.0 %)"
    assert told(seen, 76) == whole
    assert told(seen, 60) == "accuracy: 250 train 98.0 %, t 250 test 67.8 % (50.0 %)"
    assert told(seen, 50) == "accuracy 98.0 % train, t 67.8 % test (50.0 %)"
    assert told(seen, 40) == "98.0 % train, t 67.8 % test (50.0 %)"
    assert told(seen, 30) == "98.0 % train, t 67.8 % test"


def test_the_error_of_quantities_says_of_which_set_it_is():
    seen = with_metrics(snapshot("hills"), train_error=0.0123, test_error=0.5)
    assert told(seen, 65) == "mean |y - ŷ|: 600 train 0.012, t 600 test 0.500 (mean: 0.180)"
    assert told(seen, 40) == "MAE 0.012 train, t 0.500 test (0.180)"
    wide = with_metrics(snapshot("hills"), train_error=2.371e5, test_error=2.329e5)
    assert told(wide, 30) == "MAE 237,100, t 232,900"


def test_where_there_is_room_the_error_stands_beside_accuracy():
    seen = with_metrics(snapshot("moons"), train_error=0.0123, test_error=0.5)
    assert told(seen, 130).endswith(" %) · mean |y - ŷ| 0.012 train, 0.500 test")


@pytest.mark.parametrize("accuracy", [None, 1.0])
def test_without_a_test_set_there_is_one_figure(accuracy):
    seen = with_metrics(snapshot(), train_accuracy=accuracy, train_error=0.5)
    shown = "–" if accuracy is None else "100 %"
    least = "(most frequent class: 50.0 %)"
    assert told(seen, 80) == f"4 samples · accuracy {shown} {least} · mean |y - ŷ| 0.500"
    assert told(seen, 40) == f"4 samples · accuracy {shown}"


@pytest.mark.parametrize(
    ("error", "shown"),
    [(1.3e158, "1.300e158"), (2.5e-6, "2.500e-6"), (math.inf, "+∞"), (None, "-"), (0.0, "0.000")],
)
def test_any_error_is_short_and_keeps_its_label(error, shown):
    seen = with_metrics(snapshot("hills"), train_error=error, test_error=error)
    expected = f"mean |y - ŷ|: 600 train {shown}, t 600 test {shown} (mean: 0.180)"
    assert told(seen, 80) == expected
    assert told(seen, 42).startswith(("mean |y - ŷ|", "MAE"))
    assert told(seen, 42).replace("y - ŷ", "").count(shown) == 2
