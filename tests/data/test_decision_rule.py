"""Which class an output stands for, and how many samples are classified correctly."""

import numpy as np
import pytest

from nn_tui.data.dataset import Dataset
from nn_tui.data.decision_rule import UNDECIDED, DecisionRule
from nn_tui.data.sources import load_dataset

YES_NO = DecisionRule(0.0, 1.0, ("no", "yes"))
THREE = DecisionRule(0.0, 1.0, ("a", "b", "c"))
LABELS = DecisionRule(0.0, 1.0)


def dataset(targets, train=None, **names):
    targets = np.array(targets, np.float64)
    inputs = np.arange(len(targets), dtype=np.float64)[:, None]
    count = train or len(targets)
    columns = names.pop("columns", ())
    return Dataset("made", inputs, targets, ("x",), columns, count, **names)


def column(*values, dtype=np.float64):
    return np.array(values, dtype)[:, None]


@pytest.mark.parametrize("off", [0.0, 1e-10, -1e-10, 9e-10])
def test_an_output_within_1e9_of_the_threshold_has_no_class(off):
    assert YES_NO.decide(column(0.5 + off, 0.4, 0.6)).tolist() == [UNDECIDED, 0, 1]
    tied = np.array([[0.2, 0.4, 0.4 + off], [0.4, 0.4 + off, 0.2], [0.2, 0.3, 0.5]])
    assert THREE.decide(tied).tolist() == [UNDECIDED, UNDECIDED, 2]


def test_an_output_beyond_1e8_of_the_threshold_has_a_class():
    assert YES_NO.decide(column(0.5 - 1e-8, 0.5 + 1e-8)).tolist() == [0, 1]


def test_in_float32_the_tolerance_is_that_of_its_rounding():
    assert YES_NO.decide(column(0.5 + 2e-7, 0.5001, dtype=np.float32)).tolist() == [UNDECIDED, 1]


def test_the_tolerance_is_measured_in_the_range_of_the_targets():
    tiny = DecisionRule(0.0, 1e-12, ("low", "high"))
    assert tiny.decide(column(0.2e-12, 0.8e-12)).tolist() == [0, 1]


@pytest.mark.parametrize("rule", [YES_NO, THREE, LABELS])
def test_what_is_not_a_number_has_no_class(rule):
    outputs = np.array([[np.nan] * max(1, len(rule.names) if rule is THREE else 1)])
    assert (rule.decide(outputs) == UNDECIDED).all()


def test_there_is_no_accuracy_where_undecided_samples_would_decide_it():
    """A network that has learned nothing of XOR says 0.5 ± 1e-17: 25, 50 or 75 % by rounding."""
    targets = column(0.0, 1.0, 1.0, 0.0)
    noise = np.array([1.0, -1.0, 1.0, 0.0]) * 1e-16
    assert np.isnan(YES_NO.accuracy(0.5 + noise[:, None], targets))
    assert np.isnan(YES_NO.accuracy(column(0.5, 0.9, 0.9, 0.1), targets))


def test_a_few_undecided_samples_of_many_count_as_wrong():
    targets = column(*[1.0] * 200)
    predictions = column(*[0.9] * 198, 0.5, 0.5)
    assert YES_NO.accuracy(predictions, targets) == 0.99


def test_many_epochs_may_be_asked_at_once():
    rng = np.random.default_rng(1)
    for rule, outputs in ((YES_NO, 1), (THREE, 3), (LABELS, 2)):
        targets = (rng.random((50, outputs)) > 0.5).astype(float)
        if rule is THREE:
            targets = np.eye(3)[rng.integers(0, 3, 50)]
        stacked = rng.random((7, 50, outputs))
        stacked[2] = 0.5
        together = rule.accuracy(stacked, targets)
        assert together.shape == (7,)
        np.testing.assert_array_equal(together, [rule.accuracy(one, targets) for one in stacked])
        assert np.isnan(together[2]) and not np.isnan(together[[0, 1, 3]]).any()


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize(("rule", "outputs"), [(YES_NO, 1), (THREE, 3), (LABELS, 2), (LABELS, 1)])
def test_accuracy_counts_what_decide_says(rule, outputs, dtype):
    rng = np.random.default_rng(2)
    targets = rng.integers(0, 2, (300, outputs)).astype(float)
    if rule is THREE:
        targets = np.eye(3)[rng.integers(0, 3, 300)]
        targets[:2] = 0.5  # undecided themselves
    predictions = rng.choice([0.1, 0.5, 0.5 + 4e-10, 0.5 + 1e-8, 0.9, np.nan], (40, 300, outputs))
    predictions[:20] = np.where(rng.random((20, 300, outputs)) < 0.99, targets, predictions[:20])
    predictions = predictions.astype(dtype)
    made, wanted = rule.decide(predictions), rule.decide(targets)
    right, undecided = made == wanted, made == UNDECIDED
    possible = right | undecided
    if rule is LABELS:
        right, possible = right.all(axis=-1), possible.all(axis=-1)
    known, most = right.sum(axis=-1), possible.sum(axis=-1)
    expected = np.where(most - known > 3, np.nan, known / 300)
    np.testing.assert_array_equal(rule.accuracy(predictions, targets), expected)


def test_of_several_labels_all_must_be_right():
    targets = np.array([[0.0, 1.0], [1.0, 1.0], [0.0, 0.0], [1.0, 0.0]])
    predictions = np.array([[0.1, 0.9], [0.9, 0.2], [0.1, 0.2], [0.8, 0.1]])
    assert LABELS.accuracy(predictions, targets) == 0.75


@pytest.mark.parametrize(
    ("targets", "names", "numbers"),
    [
        ([[0], [1], [1]], ("0", "1"), [0, 1, 1]),
        ([[5.5], [2], [2]], ("2", "5.5"), [1, 0, 0]),
        ([[0, 1], [1, 0], [0, 1]], ("1", "2"), [1, 0, 1]),
        ([[0, 0, 1], [1, 0, 0], [0, 1, 0]], ("1", "2", "3"), [2, 0, 1]),
    ],
)
def test_two_values_and_one_hot_columns_are_classes(targets, names, numbers):
    made = dataset(targets)
    assert made.class_names == names and made.class_numbers().tolist() == numbers
    assert made.class_numbers(slice(1, None)).tolist() == numbers[1:]
    rule = made.decision_rule("sigmoid")
    assert rule.decide(made.encoded("sigmoid")).tolist() == numbers


@pytest.mark.parametrize("targets", [[[1], [2], [3]], [[1], [1]], [[0.5, 1], [1, 0]]])
def test_quantities_are_no_classes(targets):
    made = dataset(targets)
    assert made.class_names == () and made.decision_rule("linear") is None


def test_several_binary_columns_are_labels_of_their_own():
    made = dataset([[0, 1], [1, 1], [0, 0]])
    assert made.class_names == () and made.decision_rule("sigmoid") == LABELS


@pytest.mark.parametrize("output", ["linear", "sigmoid", "tanh", "softmax"])
@pytest.mark.parametrize("count", [2, 3])
def test_encoded_targets_are_decided_as_the_classes_that_they_encode(output, count):
    made = dataset([[k % count] for k in range(7)], classes=("a", "b", "c")[:count])
    rule = made.decision_rule(output)
    assert rule.decide(made.encoded(output)).tolist() == made.class_numbers().tolist()
    if count == 2:
        margins = rule.margins(made.encoded(output))
        assert margins.tolist() == (2 * made.class_numbers() - 1).tolist()


def test_a_test_part_of_one_class_is_judged_by_the_same_threshold():
    """All targets are 1 there, which once moved the border of a tanh output from 0 to 0.5."""
    made = dataset([[0], [1], [1], [1]], train=2, classes=("a", "b"))
    targets = made.encoded("tanh", slice(2, None))
    rule = made.decision_rule("tanh")
    assert rule.accuracy(column(0.2, 0.3), targets) == 1.0


def test_the_rule_of_a_truth_table_is_that_of_its_values():
    assert load_dataset("xor").decision_rule("sigmoid") == DecisionRule(0.0, 1.0, ("0", "1"))
