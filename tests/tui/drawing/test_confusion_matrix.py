"""Actual and predicted classes."""

from dataclasses import replace

import numpy as np

from nn_tui.data.decision_rule import DecisionRule
from nn_tui.training.forward_pass import ForwardPass
from nn_tui.tui.drawing.confusion_counts import count_confusion, evaluate_confusion
from nn_tui.tui.drawing.confusion_matrix import draw_confusion, lay_out_confusion
from nn_tui.tui.drawing.strips import DrawArea
from tests.tui.drawing.drawing import DARK_PALETTE, cells, snapshot

NAMES = ("ant", "bee", "cat")


def made(pairs, names=NAMES, samples=None):
    """From pairs (actual, predicted)."""
    actual, predicted = np.eye(len(names))[np.array(pairs).T]
    rule = DecisionRule(0.0, 1.0, names)
    return count_confusion(predicted, actual, rule, "test", samples or len(pairs))


def lines(of, width=60, height=14):
    return [strip.text for strip in draw_confusion(of, DrawArea(width, height, DARK_PALETTE))]


PAIRS = [(0, 0)] * 5 + [(1, 1)] * 3 + [(1, 2)] * 2 + [(2, 2)] * 7 + [(2, 0)]


def test_rows_are_actual_classes_and_columns_predicted_ones():
    counts = made(PAIRS).counts
    assert counts.tolist() == [[5, 0, 0], [0, 3, 2], [1, 0, 7]]
    rows = [line.split() for line in lines(replace(made(PAIRS), of_classes=()))]
    assert ["actual", "╲", "predicted", "ant", "bee", "cat"] in rows
    for row in (["ant", "5", "·", "·"], ["bee", "·", "3", "2"], ["cat", "1", "·", "7"]):
        assert row in rows


def test_recall_and_precision_of_each_class_are_beside_it_where_there_is_room():
    rows = [" ".join(line.split()) for line in lines(made(PAIRS), 70)]
    assert "actual ╲ predicted ant bee cat recall precision" in rows
    assert "bee · 3 2 60.0 % 100 %" in rows
    assert "cat 1 · 7 87.5 % 77.7 %" in rows
    narrow = draw_confusion(made(PAIRS), DrawArea(24, 14, DARK_PALETTE), (2, 0))
    assert "recall" not in narrow[0].text
    assert narrow[-1].text.startswith("cat: recall 87.5 %")


def test_the_cell_under_the_cursor_is_where_a_click_puts_it():
    of, area = made(PAIRS), DrawArea(70, 14, DARK_PALETTE)
    layout = lay_out_confusion(of, 70, 14)
    for cell in [(0, 0), (1, 2), (2, 0)]:
        plain, marked = draw_confusion(of, area), draw_confusion(of, area, cell)
        changed = {
            (x, y)
            for y, (a, b) in enumerate(zip(plain, marked, strict=True))
            for x, (before, after) in enumerate(zip(cells(a), cells(b), strict=True))
            if before[2] != after[2]
        }
        assert changed
        assert {layout.at(*place) for place in changed} == {cell}
    assert layout.at(1, 1) is None
    assert layout.at(69, 1) is None


def test_it_says_how_many_are_right_and_what_is_confused_most():
    told = " ".join(" ".join(lines(made(PAIRS))).split())
    assert "accuracy 83.3 % · 15 of 18 test samples" in told
    assert "most often confused, 2 times: bee as cat" in told
    assert "no errors" in lines(made([(0, 0), (1, 1)]))[-1]
    assert "once: bee as ant" in lines(made([(0, 0), (1, 0)]))[-1]


def test_right_ones_are_blue_and_mistakes_orange():
    for strip in draw_confusion(made(PAIRS), DrawArea(60, 14, DARK_PALETTE)):
        words = strip.text.split()
        row = cells(strip)
        if words[:1] == ["bee"]:
            paper = {digit: row[strip.text.index(digit)][2] for digit in "32"}
            assert paper == {"3": DARK_PALETTE.colour(0.45), "2": DARK_PALETTE.colour(-0.3)}


def test_mistakes_that_are_equally_frequent_are_all_told_or_counted():
    tied = [(0, 1), (1, 2), (2, 0), (0, 0)]
    told = lines(made(tied), width=120)[-1]
    assert "most often confused, once each: ant as bee, bee as cat, cat as ant" in told
    told = lines(made(tied), width=54)[-1]
    assert told.rstrip() == "most often confused, once each: ant as bee and 2 more"


def test_a_part_of_the_samples_and_undecided_predictions_are_told():
    assert "subset of 9,000" in " ".join(lines(made(PAIRS, samples=9000)))
    said = np.array([[1.0, 0.0], [np.nan, 0.0], [0.5, 0.5]])
    of = count_confusion(
        said, np.eye(2)[[0, 1, 1]], DecisionRule(0.0, 1.0, ("no", "yes")), "training", 3
    )
    assert of.counts.tolist() == [[1, 0], [0, 0]]
    assert "accuracy – · 1 of 3 training samples · 2 undecided" in " ".join(lines(of))
    assert of.accuracy is None


def test_many_classes_are_pixels():
    names = [str(k) for k in range(60)]
    of = made([(k, k) for k in range(60)], names)
    strips = draw_confusion(of, DrawArea(64, 40, DARK_PALETTE))
    assert "60 classes" in strips[0].text
    blue = DARK_PALETTE.colour(1.0)
    assert cells(strips[1])[0][1] == blue
    assert cells(strips[1])[1][2] == blue
    assert cells(strips[30])[59][2] == blue
    small = draw_confusion(of, DrawArea(30, 14, DARK_PALETTE))
    assert "of 60 classes; zoom in" in small[0].text


def test_it_counts_what_the_run_itself_counts():
    seen = snapshot("iris", epochs=30)
    tests = evaluate_confusion(seen, ForwardPass(), True)
    training = evaluate_confusion(seen, ForwardPass(), False)
    assert (tests.subset, tests.evaluated) == ("test", 30)
    assert (training.subset, training.evaluated) == ("training", 120)
    assert tests.accuracy == seen.test_accuracy
    assert training.accuracy == seen.train_accuracy
    two = snapshot("circle", "training.learning_rate=0.1", epochs=40)
    assert evaluate_confusion(two, ForwardPass(), True).accuracy == two.test_accuracy


def test_a_costly_network_is_asked_about_some_samples_only():
    seen = snapshot("iris", "network.hidden=600,600", epochs=0)
    of = evaluate_confusion(seen, ForwardPass(), False)
    assert of.samples == of.evaluated == 120  # few as they are
    wide = snapshot("circle", "data.samples=2000", "network.hidden=300,300", epochs=0)
    of = evaluate_confusion(wide, ForwardPass(), False)
    assert of.samples == 1000
    assert 200 <= of.evaluated < 1000
