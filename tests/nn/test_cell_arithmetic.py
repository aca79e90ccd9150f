"""Arithmetic as it is written out, for lines whose numbers are known."""

import numpy as np
import pytest

from nn_tui.nn.architecture import Architecture
from nn_tui.nn.class_weights import ClassWeights
from nn_tui.nn.explain.arithmetic import cell_arithmetic
from nn_tui.nn.explain.dependencies import cell_dependencies
from nn_tui.nn.explain.expression_tree import significant_digits, text_of
from nn_tui.nn.explain.stepper import StepDebugger
from nn_tui.nn.learning_rule import LearningRule
from nn_tui.nn.state import State
from nn_tui.nn.step import Step, Workspace

SCALARS = {
    "learning_rate": 0.5,
    "momentum": 0.9,
    "beta1": 0.8,
    "beta2": 0.99,
    "rho": 0.9,
    "epsilon": 1e-6,
}
INPUTS = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]], float)
TARGETS = np.array([[0, 0, 1, 1]], float).T


def walked(sizes=(3, 4, 1), method=None, inputs=INPUTS, targets=TARGETS, output="sigmoid"):
    """A walk over the blog's samples; the weights are the blog's if the sizes are."""
    network = Architecture(sizes, "sigmoid", output, False)
    start = 2 * np.random.RandomState(1).random_sample(network.parameter_count) - 1
    state = State(network, method or LearningRule(), start, SCALARS)
    return StepDebugger(Step(state, inputs, targets, Workspace(state, len(inputs))))


def after(walk, code):
    """The walk, gone on until a line was carried out."""
    while walk.position == 0 or walk.line.code != code:
        assert not walk.at_end, f"no line says {code}"
        walk.forward()
    return walk


def written(walk, index, **options):
    """``target = names = numbers = result`` as one text."""
    made = cell_arithmetic(walk, index, **options)
    return " = ".join([made.target, text_of(made.names), text_of(made.numbers), made.result])


def test_a_unit_of_the_blog():
    walk = after(walked(), "l1 = sigmoid(l0 @ W0)")
    assert written(walk, (0, 2)) == (
        "l1[0,2] = sigmoid(l0[0,0]·W0[0,2] + l0[0,1]·W0[1,2] + l0[0,2]·W0[2,2])"
        " = sigmoid(0·(-1.000) + 0·(-0.627) + 1·(-0.162)) = 0.460"
    )


def test_a_delta_keeps_the_lines_own_parentheses():
    walk = after(walked(), "l2_delta = l2_error * (l2 * (1 - l2))")
    assert written(walk, (1, 0)) == (
        "l2_delta[1,0] = l2_error[1,0]·(l2[1,0]·(1 - l2[1,0]))"
        " = (-0.489)·(0.489·(1 - 0.489)) = -0.122"
    )


def test_a_transposed_matrix_is_told_by_the_places_on_the_screen():
    walk = after(walked(), "l1_error = l2_delta @ W1.T")
    made = "l1_error[2,3] = l2_delta[2,0]·W1[3,0] = 0.1132·0.3409 = 0.0386"
    assert written(walk, (2, 3)) == made


def test_a_weight_begins_with_what_it_was_and_has_digits_enough_to_show_its_move():
    walk = after(walked(), "W1 += learning_rate * (l1.T @ l2_delta)")
    text = written(walk, (0, 0))
    assert text.startswith("W1[0,0] = W1[0,0] + learning_rate·(l1[0,0]·l2_delta[0,0] + ")
    assert " = -0.59110 + 0.5·(0.44857·(-0.11811) + " in text
    tiny = walked(method=LearningRule(optimizer="momentum"))
    tiny.step.state.scalars.set("learning_rate", 1e-4)
    after(tiny, "W1 += W1_velocity")
    before, now = float(tiny.read("W1")[0, 0]), cell_arithmetic(tiny, (0, 0)).result
    assert significant_digits(before, len(now) - 3) != now


@pytest.mark.parametrize(
    ("code", "index", "worked"),
    [
        ("l1 = sigmoid(l0 @ W0)", (0, 0), "sigmoid(-0.206)"),
        ("l2_error = y - l2", (0, 0), ""),
        ("loss = np.vdot(l2_error, l2_error) / (2 * n)", (), "0.879 / 8"),
        ("l2_delta = l2_error * (l2 * (1 - l2))", (0, 0), "(-0.474)·0.249"),
        ("l1_error = l2_delta @ W1.T", (2, 3), ""),
        ("W1 += learning_rate * (l1.T @ l2_delta)", (0, 0), "-0.591 + (-0.00658)"),
    ],
)
def test_between_the_numbers_and_the_result_every_operand_is_worked_out(code, index, worked):
    assert text_of(cell_arithmetic(after(walked(), code), index).evaluated) == worked


def test_class_weights_are_written_out():
    rule = LearningRule(class_weights=ClassWeights((0.5, 3.0), 0.0, 1.0, 1))
    walk = after(
        walked(method=rule), "sample_weight = (1 - y) * class_weight_0 + y * class_weight_1"
    )
    assert written(walk, (2, 0)) == (
        "sample_weight[2,0] = (1 - y[2,0])·class_weight_0 + y[2,0]·class_weight_1"
        " = (1 - 1)·0.5 + 1·3 = 3"
    )
    after(walk, "l2_error *= sample_weight")
    made = cell_arithmetic(walk, (2, 0))
    assert text_of(made.names) == "l2_error[2,0]·sample_weight[2,0]"
    assert float(walk.result[2, 0]) == pytest.approx(float(made.result), abs=5e-4)


@pytest.mark.parametrize("output", ["sigmoid", "softmax"])
@pytest.mark.parametrize(
    "method", [LearningRule(), LearningRule(optimizer="adam"), LearningRule("huber", mean=True)]
)
def test_each_expression_that_is_written_gives_the_next(method, output):
    """As a reader would check it who has nothing but what is written."""
    walk = walked((3, 4, 2), method, targets=np.eye(2)[[0, 0, 1, 1]], output=output)
    known = {name: getattr(np, name) for name in ("exp", "sign", "sqrt", "log", "clip")}
    known |= {"maximum": np.maximum, "max": max, "sigmoid": lambda x: 1 / (1 + np.exp(-x))}
    checked = 0
    while not walk.at_end:
        walk.forward()
        for index in np.ndindex(np.shape(walk.result)):
            made = cell_arithmetic(walk, index, most=99)
            for pieces in (made.numbers, made.evaluated):
                if pieces:
                    value = float(eval(text_of(pieces).replace("·", "*"), known))
                    decimals = len(made.result.partition("e")[0].partition(".")[2])
                    scale = float("1e" + (made.result.partition("e")[2] or "0"))
                    assert round(value / scale, decimals) == pytest.approx(
                        float(made.result) / scale, abs=1e-9
                    )
                    checked += 1
    assert checked > 50


def test_numbers_that_are_no_arrays():
    walk = walked(method=LearningRule(optimizer="adam"))
    assert written(after(walk, "t += 1"), ()) == "t = t + 1 = 0 + 1 = 1"
    after(walk, "step_size = learning_rate * (1 - beta2 ** t) ** 0.5 / (1 - beta1 ** t)")
    assert written(walk, ()) == (
        "step_size = learning_rate·(1 - beta2 ** t) ** 0.5 / (1 - beta1 ** t)"
        " = 0.5·(1 - 0.99 ** 1) ** 0.5 / (1 - 0.8 ** 1) = 0.250"
    )


@pytest.fixture
def wide():
    """Seventy inputs, so that sums are long."""
    random = np.random.default_rng(2)
    inputs, targets = random.normal(size=(40, 70)), random.uniform(size=(40, 2))
    return walked((70, 3, 2), inputs=inputs, targets=targets)


def test_a_long_sum_is_folded_in_the_middle_and_adds_up(wide):
    made = cell_arithmetic(after(wide, "l1 = sigmoid(l0 @ W0)"), (5, 1), most=4)
    assert text_of(made.names) == (
        "sigmoid(l0[5,0]·W0[0,1] + l0[5,1]·W0[1,1] + l0[5,2]·W0[2,1] + [66 more]"
        " + l0[5,69]·W0[69,1])"
    )
    rest = wide.read("l0")[5, 3:69] @ wide.read("W0")[3:69, 1]
    assert f"[66 more: {significant_digits(float(rest))}" in text_of(made.numbers)


def test_the_sample_that_is_followed_is_never_folded_away(wide):
    after(wide, "W1 += learning_rate * (l1.T @ l2_delta)")
    names = text_of(cell_arithmetic(wide, (1, 0), most=4, sample=17).names)
    assert "[15 more] + l1[17,1]·l2_delta[17,0] + [21 more] + l1[39,1]·l2_delta[39,0]" in names
    after(wide := walked((70, 3, 2), inputs=wide.read("l0"), targets=wide.read("y")), LOSS)
    assert "l2_error[17,0]·l2_error[17,0]" in text_of(cell_arithmetic(wide, (), 4, 17).names)


LOSS = "loss = np.vdot(l2_error, l2_error) / (2 * n)"


def test_a_single_term_is_not_folded(wide):
    after(wide, "W1 += learning_rate * (l1.T @ l2_delta)")
    assert "[1 more" not in text_of(cell_arithmetic(wide, (1, 0), most=4, sample=3).names)


def test_negative_terms_stand_in_parentheses():
    walk = after(walked((3, 2), LearningRule("absolute_error")), "l1_error = np.sign(y - l1)")
    assert written(walk, (0, 0)).startswith("l1_error[0,0] = sign(y[0,0] - l1[0,0]) = sign(0 - ")
    walk = after(walked((3, 2)), "l1_delta = l1_error * (l1 * (1 - l1))")
    assert "(-0." in written(walk, (0, 0))


def test_what_a_cell_is_made_from():
    walk = after(walked(), "W0 += learning_rate * (l0.T @ l1_delta)")
    assert cell_dependencies(walk.line.code, (2, 1), walk.values()) == [
        ("learning_rate", ()),
        ("l0", (None, 2)),
        ("l1_delta", (None, 1)),
        ("W0", (2, 1)),
    ]


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.62949, 3, "0.629"),
        (-0.0194321, 3, "-0.0194"),
        (12.34567, 3, "12.346"),
        (0.5, 3, "0.5"),
        (3.0, 3, "3"),
        (0.0, 3, "0"),
        (-0.0, 3, "0"),
        (0.00012345, 3, "1.23e-4"),
        (1234567.0, 3, "1.23e6"),
        (1e9, 3, "1e9"),
        (2500.125, 3, "2500.1"),
        (1 / 3, 17, "0.3333333333333333"),
        (1e-300, 17, "1e-300"),
        (float("nan"), 3, "nan"),
        (float("-inf"), 3, "-inf"),
    ],
)
def test_numbers_as_text(value, digits, text):
    assert significant_digits(value, digits) == text
