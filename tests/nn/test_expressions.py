"""Lines compiled to calls in place against Python's own evaluation of the same text."""

import copy
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui.nn.codegen import compile_replay
from nn_tui.nn.compiler import BufferPool, Compiler
from nn_tui.nn.scalars import Scalars
from nn_tui.nn.step import FUNCTIONS
from nn_tui.nn.syntax import Function, names_read

SIZE = 3
NAMES = ("a", "b", "c", "whole")
SCALARS = {"learning_rate": 0.3, "beta2": 0.999, "t": 2.0}


def namespace(dtype, seed=0):
    """Square arrays a, b, c; ``whole`` is a second name for the memory of a; a row and a column."""
    random = np.random.default_rng(seed)
    arrays = {name: random.normal(0, 2, (SIZE, SIZE)).astype(dtype) for name in NAMES[:3]}
    arrays["whole"] = arrays["a"].reshape(-1).reshape(SIZE, SIZE)
    arrays["row"] = random.normal(0, 1, SIZE).astype(dtype)
    arrays["column"] = random.normal(0, 1, (SIZE, 1)).astype(dtype)
    return arrays


def python_function(function):
    return eval(f"lambda x: {function.body}", {"np": np, **PYTHON_FUNCTIONS})


PYTHON_FUNCTIONS: dict[str, object] = {}
PYTHON_FUNCTIONS.update({name: python_function(f) for name, f in FUNCTIONS.items()})
for _name, _function in FUNCTIONS.items():  # again, now that each may call the others
    PYTHON_FUNCTIONS[_name] = python_function(_function)


def python_says(code, arrays):
    """What plain Python makes of the line: the arrays after it, in a copy of the namespace."""
    scope = {name: array.copy() for name, array in arrays.items()}
    scope["whole"] = scope["a"].reshape(-1).reshape(SIZE, SIZE)
    everything = {"np": np, **PYTHON_FUNCTIONS, **SCALARS, "n": 10, **scope}
    target = names_read_target(code)
    before = everything.get(target)
    with np.errstate(all="ignore"):
        exec(code, everything)
    made = everything[target]
    if before is not None and made is not before:
        before[...] = made  # the arrays of a step stay where they are
        made = before
    return made


def names_read_target(code):
    return code.split()[0]


def compiled_says(code, arrays, dtype):
    arrays = copy.deepcopy(arrays)
    arrays["whole"] = arrays["a"].reshape(-1).reshape(SIZE, SIZE)
    compiler = Compiler(
        arrays, Scalars(dtype, **SCALARS), FUNCTIONS, BufferPool(np.dtype(dtype)), {"n": 10}
    )
    calls = compiler.compile_line(code)
    with np.errstate(all="ignore"):
        compile_replay(calls)()
    return arrays[names_read_target(code)]


def scalar_texts():
    leaves = st.sampled_from(["learning_rate", "beta2", "t", "n", "2", "0.01", "1"])
    return st.recursive(
        leaves,
        lambda part: (
            st.builds("({} {} {})".format, part, st.sampled_from("+-*"), part)
            | st.builds("({} ** {})".format, leaves, st.sampled_from(["2", "0.5", "t"]))
            | st.builds("(1 - {} * 0.1)".format, part)
        ),
        max_leaves=4,
    )


def square_texts():
    """Expressions whose value is (SIZE, SIZE), from what lines of a step may say."""
    squares = st.sampled_from(NAMES)
    thin = st.sampled_from(["row", "column"])

    def grow(part):
        other = part | thin | scalar_texts()
        operator = st.sampled_from(["+", "-", "*", "/"])
        functions = [*FUNCTIONS, "np.exp", "np.tanh", "np.sign", "np.abs", "np.sqrt", "np.expm1"]
        reduced = st.builds(
            "{}.{}(axis=1, keepdims=True)".format, part, st.sampled_from(["sum", "max"])
        )
        return st.one_of(
            st.builds("({} {} {})".format, part, operator, other | reduced),
            st.builds("({} {} {})".format, other | reduced, operator, part),
            st.builds("({} @ {})".format, part, part),
            st.builds("({}.T @ {})".format, part, part),
            st.builds("({} @ {}.T)".format, part, part),
            st.builds("(-{})".format, part),
            st.builds("({} ** 2)".format, part),
            st.builds("(1 / {})".format, part),
            st.builds("{}({})".format, st.sampled_from(functions), part),
            st.builds("np.maximum({}, {})".format, part, other),
            st.builds("np.minimum({}, {})".format, part, other),
            st.builds("np.clip({}, -1, 1)".format, part),
            st.builds("({} * ({} >= {}))".format, part, part, other),
        )

    return st.recursive(squares, grow, max_leaves=7)


def lines():
    targets = st.sampled_from([*NAMES, "fresh"])
    assigned = st.builds("{} = {}".format, targets, square_texts()).filter(
        # A new name for an array that has one already is refused, as another test shows.
        lambda code: code.split(" = ")[1] not in NAMES
    )
    operator = st.sampled_from(["+=", "-=", "*=", "/="])
    augmented = st.builds(
        "{} {} {}".format, st.sampled_from(NAMES), operator, square_texts() | scalar_texts()
    )
    return assigned | augmented


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@given(code=lines(), seed=st.integers(0, 50))
@settings(max_examples=400, deadline=None)
def test_a_line_in_place_has_the_bits_of_python(dtype, code, seed):
    arrays = namespace(dtype, seed)
    np.testing.assert_array_equal(
        compiled_says(code, arrays, dtype), python_says(code, arrays).astype(dtype)
    )


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@given(codes=st.lists(lines(), min_size=2, max_size=4), seed=st.integers(0, 50))
@settings(max_examples=100, deadline=None)
def test_lines_after_one_another_do_not_disturb_each_other(dtype, codes, seed):
    """Scratch arrays are shared by lines, and named ones must never be among them."""
    codes = [code.replace("fresh", f"fresh{i}") for i, code in enumerate(codes)]
    arrays = namespace(dtype, seed)
    scope = {"np": np, **PYTHON_FUNCTIONS, **SCALARS, "n": 10, **copy.deepcopy(arrays)}
    scope["whole"] = scope["a"].reshape(-1).reshape(SIZE, SIZE)
    compiler = Compiler(
        arrays, Scalars(dtype, **SCALARS), FUNCTIONS, BufferPool(np.dtype(dtype)), {"n": 10}
    )
    calls = [call for code in codes for call in compiler.compile_line(code)]
    with np.errstate(all="ignore"):
        for code in codes:
            name, is_new = code.split()[0], code.split()[0] not in scope
            before = scope.get(name)
            exec(code, scope)
            if not is_new and scope[name] is not before:
                before[...] = scope[name]
                scope[name] = before
        compile_replay(calls)()
    for name in (*NAMES, *(code.split()[0] for code in codes)):
        np.testing.assert_array_equal(arrays[name], scope[name])


SHAPES = [(1, 1, 1), (1, 5, 3), (10, 1, 4), (10, 4, 1), (7, 17, 9), (64, 33, 10)]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize(("rows", "fan_in", "fan_out"), SHAPES)
@pytest.mark.parametrize(
    "code", ["made = x @ w", "made = x.T @ d", "made = d @ w.T", "made = ones @ d"]
)
def test_products_of_every_shape_have_the_bits_of_matmul(dtype, rows, fan_in, fan_out, code):
    random = np.random.default_rng(4)
    arrays = {
        "x": random.normal(size=(rows, fan_in)).astype(dtype),
        "w": random.normal(size=(fan_in, fan_out)).astype(dtype),
        "d": random.normal(size=(rows, fan_out)).astype(dtype),
        "ones": np.ones(rows, dtype),
    }
    scope = dict(arrays)
    exec(code, scope)
    Compiler(arrays, Scalars(dtype), {}, BufferPool(np.dtype(dtype)), {}).compile_line(code)[0]()
    np.testing.assert_array_equal(arrays["made"], scope["made"])


def test_a_scalar_changed_later_is_followed_without_compiling_again():
    arrays = {"a": np.ones(3), "b": np.ones(3)}
    scalars = Scalars(np.float64, rate=2.0, beta=0.5)
    (call, *more) = Compiler(arrays, scalars, {}, BufferPool(np.dtype(float)), {}).compile_line(
        "a = b * (rate * (1 - beta))"
    )
    assert not more
    call()
    assert arrays["a"].tolist() == [1.0, 1.0, 1.0]
    scalars.set("rate", 6.0)
    call()
    assert arrays["a"].tolist() == [3.0, 3.0, 3.0]


def test_scalar_lines_are_plain_python_arithmetic():
    scalars = Scalars(np.float32, t=0, beta2=0.999, learning_rate=0.001, step_size=0.0)
    compiler = Compiler({"a": np.zeros(2, np.float32)}, scalars, {}, BufferPool(np.dtype("f4")), {})
    calls = [
        *compiler.compile_line("t += 1"),
        *compiler.compile_line("step_size = learning_rate * (1 - beta2 ** t) ** 0.5"),
    ]
    for _ in range(7):
        compile_replay(calls)()
    assert scalars.values["t"] == 7
    assert scalars.values["step_size"] == 0.001 * (1 - 0.999**7) ** 0.5


def test_division_by_a_scalar_zero_is_not_a_number_instead_of_an_exception():
    scalars = Scalars(np.float64, beta=1.0, t=3.0, step=0.0)
    compiler = Compiler({}, scalars, {}, BufferPool(np.dtype(float)), {})
    compile_replay(compiler.compile_line("step = 1 / (1 - beta ** t)"))()
    assert np.isnan(scalars.values["step"])


@pytest.mark.parametrize(
    "code", ["b = a", "f(a)", "b = [a]", "b = a if a else a", "b = a @ a @ unknown(a)"]
)
def test_what_a_line_cannot_say_is_refused_when_it_is_compiled(code):
    compiler = Compiler(
        {"a": np.ones((2, 2))},
        Scalars(),
        {"f": Function("f", "x")},
        BufferPool(np.dtype(float)),
        {},
    )
    with pytest.raises((SyntaxError, KeyError)):
        compiler.compile_line(code)


def test_names_read_are_the_variables_in_order():
    assert names_read("l1 = sigmoid(l0 @ W0 + b0)") == ("l0", "W0", "b0")
    assert names_read("W0 += learning_rate * np.sign(d)") == ("learning_rate", "d", "W0")


def test_compiled_calls_allocate_nothing():
    arrays = {name: np.ones((64, 64)) for name in ("a", "b", "c", "whole")}
    arrays["row"] = np.ones(64)
    code = "a = sigmoid(a @ b + row) * (1 - c ** 2) / np.maximum(whole, 0.5)"
    compiler = Compiler(arrays, Scalars(), FUNCTIONS, BufferPool(np.dtype(float)), {})
    run = compile_replay(compiler.compile_line(code))
    run()
    tracemalloc.start()
    try:
        tracemalloc.reset_peak()
        before, _ = tracemalloc.get_traced_memory()
        for _ in range(200):
            run()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak - before < 4096  # one array of this size takes 32 kB
