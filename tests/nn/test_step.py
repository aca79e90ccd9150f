"""Running, walking and printing a step are one and the same."""

import ast
import itertools
import tracemalloc

import numpy as np
import pytest

from nn_tui.nn.activations import ACTIVATIONS
from nn_tui.nn.architecture import Architecture
from nn_tui.nn.class_weights import ClassWeights
from nn_tui.nn.codegen import compile_replay, rebind_calls
from nn_tui.nn.learning_rule import LearningRule
from nn_tui.nn.losses import LOSSES
from nn_tui.nn.optimizers import OPTIMIZERS
from nn_tui.nn.regularizers import PENALTIES
from nn_tui.nn.state import State
from nn_tui.nn.step import Step, Workspace, functions_used
from nn_tui.nn.syntax import parse_line

SCALARS = {
    "learning_rate": 0.05,
    "momentum": 0.9,
    "beta1": 0.8,
    "beta2": 0.99,
    "rho": 0.99,
    "epsilon": 1e-6,
    "penalty_rate": 0.3,
}
ROWS = 5
PAIRS = [(loss, output) for loss, entry in LOSSES.items() for output in entry.outputs]


ONE, THREE = ClassWeights((0.5, 2.0), 0.0, 1.0, 1), ClassWeights((0.5, 2.0, 3.0), -1.0, 1.0, 3)


def new_step(network, method, dtype="float64", part="whole", seed=3):
    random = np.random.default_rng(seed)
    state = State(network, method, random.normal(0, 1, network.parameter_count), SCALARS, dtype)
    inputs = random.normal(size=(ROWS, network.sizes[0])).astype(dtype)
    targets = random.dirichlet(np.ones(network.sizes[-1]), ROWS).astype(dtype)
    return Step(state, inputs, targets, Workspace(state, ROWS), part=part)


def run(step, times):
    with np.errstate(all="ignore"):
        for _ in range(times):
            step.run()


def walk(step, times):
    with np.errstate(all="ignore"):
        for _ in range(times):
            for _ in step.run_lines():
                pass


def execute(step, times):
    """The printed source as a script: new arrays wherever Python makes them."""
    scope = {"np": np, "n": ROWS, **step.state.scalars.values}
    scope.update({name: array.copy() for name, array in step.arrays.items()})
    for function in functions_used(step.lines):
        exec(f"def {function.name}(x):\n    return {function.body}\n", scope)
    source = compile(step.source(), "step", "exec")
    with np.errstate(all="ignore"):
        for _ in range(times):
            exec(source, scope)
    return scope


def everything_kept(step):
    return {name: a for name, a in step.state.arrays.items() if name.startswith("W")} | {
        name: a for name, a in step.state.arrays.items() if name.startswith("b")
    }


def assert_three_ways_agree(network, method, dtype, part="whole", times=7):
    ran, walked, printed = (new_step(network, method, dtype, part) for _ in range(3))
    start = ran.state.parameters.copy()
    run(ran, times)
    walk(walked, times)
    scope = execute(printed, times)
    assert part == "rest" or not np.array_equal(start, ran.state.parameters)
    for name, array in everything_kept(ran).items():
        if name.endswith(("_descent", "_pull")):
            continue
        np.testing.assert_array_equal(array, walked.state.arrays[name], name)
        np.testing.assert_array_equal(array, scope[name], name)
        assert array.dtype == dtype == scope[name].dtype


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize(("optimizer", "penalty"), itertools.product(OPTIMIZERS, PENALTIES))
@pytest.mark.parametrize("mean", [False, True])
def test_every_optimizer_and_penalty_runs_walks_and_prints_alike(optimizer, penalty, mean, dtype):
    network = Architecture((3, 4, 2), "tanh", "sigmoid", True)
    method = LearningRule("half_squared_error", mean, optimizer, penalty)
    assert_three_ways_agree(network, method, dtype)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize(("loss", "output"), PAIRS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_output_and_loss_runs_walks_and_prints_alike(
    activation, loss, output, dtype
):
    network = Architecture((3, 4, 3, 2), activation, output, True)
    assert_three_ways_agree(network, LearningRule(loss, optimizer="momentum"), dtype, times=3)


@pytest.mark.parametrize("sizes", [(3, 1), (3, 2), (1, 1), (1, 1, 1), (4, 9, 1), (2, 8, 8, 8, 3)])
@pytest.mark.parametrize("bias", [False, True])
def test_every_shape_runs_walks_and_prints_alike(sizes, bias):
    network = Architecture(sizes, "sigmoid", "tanh", bias)
    assert_three_ways_agree(network, LearningRule(mean=True), "float64")


@pytest.mark.parametrize("part", ["first", "rest"])
@pytest.mark.parametrize("mean", [False, True])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_batches_that_carry_run_walk_and_print_alike(part, mean, optimizer):
    network = Architecture((3, 4, 2), "tanh", "sigmoid", True)
    method = LearningRule(mean=mean, optimizer=optimizer, carry=True)
    assert_three_ways_agree(network, method, "float64", part)


def test_source_is_the_blogs_loop():
    step = new_step(Architecture((3, 4, 1), "sigmoid", "sigmoid", False), LearningRule())
    assert step.source().splitlines() == [
        "# forward",
        "l1 = sigmoid(l0 @ W0)",
        "l2 = sigmoid(l1 @ W1)",
        "# error",
        "l2_error = y - l2",
        "loss = np.vdot(l2_error, l2_error) / (2 * n)",
        "# backward",
        "l2_delta = l2_error * (l2 * (1 - l2))",
        "l1_error = l2_delta @ W1.T",
        "l1_delta = l1_error * (l1 * (1 - l1))",
        "# update",
        "W1 += learning_rate * (l1.T @ l2_delta)",
        "W0 += learning_rate * (l0.T @ l1_delta)",
    ]


@pytest.mark.parametrize(
    "activation", [n for n, a in ACTIVATIONS.items() if a.derivative is not None]
)
def test_every_delta_is_the_error_times_the_derivative_as_one_factor(activation):
    step = new_step(Architecture((3, 4, 1), activation, "sigmoid", False), LearningRule())
    for line in step.lines:
        if line.phase == "backward" and line.writes.endswith("_delta"):
            product = parse_line(line.code).value
            assert isinstance(product, ast.BinOp) and isinstance(product.op, ast.Mult)
            assert ast.unparse(product.left) == line.writes.replace("delta", "error")
            slope = ACTIVATIONS[activation if line.writes == "l1_delta" else "sigmoid"].derivative
            layer = line.writes.removesuffix("_delta")
            derivative = slope.format(a=layer, z=f"z{layer[1:]}")
            assert ast.unparse(product.right) == ast.unparse(ast.parse(derivative))


def test_the_delta_of_a_sigmoid_takes_three_calls_and_no_scratch_array():
    """The speed of the blog's loop hangs on it."""
    step = new_step(Architecture((3, 4, 1), "sigmoid", "sigmoid", False), LearningRule())
    free = sum(map(len, step.workspace.pool._free.values()))
    calls = step.compile_lines(["l1_delta = l1_error * (l1 * (1 - l1))"])
    assert [call.func for call in calls] == [np.subtract, np.multiply, np.multiply]
    assert sum(map(len, step.workspace.pool._free.values())) == free


def test_a_walk_yields_each_line_after_it_was_carried_out():
    step = new_step(Architecture((3, 4, 1), "sigmoid", "sigmoid", False), LearningRule())
    before = {name: array.copy() for name, array in step.arrays.items()}
    lines = step.run_lines()
    first = next(lines)
    assert (first.code, first.reads, first.writes) == ("l1 = sigmoid(l0 @ W0)", ("l0", "W0"), "l1")
    np.testing.assert_allclose(
        step.arrays["l1"], 1 / (1 + np.exp(-(step.arrays["l0"] @ before["W0"])))
    )
    assert not step.arrays["l2"].any()
    *_, last = lines
    assert last.writes == "W0"
    assert not np.array_equal(step.arrays["W0"], before["W0"])


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("penalty", PENALTIES)
def test_every_line_is_explained_and_names_arrays_that_exist(optimizer, penalty):
    network = Architecture((3, 4, 2), "swish", "softmax", True)
    method = LearningRule("cross_entropy", True, optimizer, penalty)
    step = new_step(network, method)
    known = {*step.arrays, *step.state.scalars.values, "n"}
    for line in step.lines:
        assert line.explanation.endswith(".") and "{" not in line.explanation
        assert {*line.reads, line.writes} <= known
        assert line.calls


def test_functions_used_are_the_helpers_that_the_source_calls():
    step = new_step(Architecture((3, 4, 2), "elu", "sigmoid", True), LearningRule())
    assert [function.name for function in functions_used(step.lines)] == ["elu", "sigmoid"]


def test_the_same_calls_work_on_another_batch():
    network = Architecture((3, 4, 2), "tanh", "softmax", True)
    step = new_step(network, LearningRule("cross_entropy", True))
    random = np.random.default_rng(8)
    inputs, targets = random.normal(size=(ROWS, 3)), random.dirichlet(np.ones(2), ROWS)
    fresh = State(network, step.state.rule, step.state.parameters, SCALARS)
    Step(fresh, inputs, targets, Workspace(fresh, ROWS)).run()
    moves = [(step.arrays["l0"], inputs), (step.arrays["y"], targets)]
    calls = (*step.forward_calls, *step.backward_calls)
    compile_replay(rebind_calls(calls, moves))()
    np.testing.assert_array_equal(step.state.parameters, fresh.parameters)


def traced(step):
    """Bytes that 30 steps keep, and that they take at most.

    NumPy before 2.3 takes a buffer for a moment where it reduces rows, of one size whatever the
    arrays are; here that is a small one.
    """
    buffer = np.setbufsize(64)
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        run(step, 30)
        after, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        np.setbufsize(buffer)
    return after - before, peak - before


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("output", ["tanh", "softmax"])
def test_running_allocates_nothing(optimizer, output):
    network = Architecture((50, 60, 40), "sigmoid", output, True)
    method = LearningRule("huber", True, optimizer, "l2")
    random = np.random.default_rng(0)
    state = State(network, method, random.normal(size=network.parameter_count), SCALARS)
    inputs, targets = random.normal(size=(300, 50)), random.normal(size=(300, 40))
    step = Step(state, inputs, targets, Workspace(state, 300))
    run(step, 2)
    # Another thread of the test runner may allocate meanwhile, but not every time.
    kept, peak = (min(sizes) for sizes in zip(*(traced(step) for _ in range(3)), strict=True))
    assert kept < 2000
    assert peak < 10_000  # the smallest array of such a step takes 12,000 bytes


@pytest.mark.parametrize(("loss", "output"), PAIRS)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_with_class_weights_the_three_ways_agree(loss, output, dtype):
    for weights in (THREE,) if output == "softmax" else (ONE, THREE):
        network = Architecture((3, 4, weights.outputs), "tanh", output, True)
        rule = LearningRule(loss, True, class_weights=weights)
        assert_three_ways_agree(network, rule, dtype, times=2)
