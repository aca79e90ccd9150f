"""Lines of strangers: whatever is not in the grammar is refused in a sentence, at once."""

import contextlib
import time

import pytest

from nn_tui.nn.line_grammar import LineError, check_expression, parse_expression
from nn_tui.nn.scalars import is_rate_expression
from nn_tui.recipe.parsing import check_recipe, from_mapping
from nn_tui.recipe.recipe import RecipeError

NAMES = {"l1": (4, 4), "l2": (4, 1), "W1": (4, 1), "n": "number", "t": "number", "beta2": "number"}
_ATTRIBUTES = [
    "__class__",
    "__dict__",
    "__doc__",
    "__init__",
    "__subclasshook__",
    "__reduce__",
    "__array_interface__",
    "base",
    "ctypes",
    "data",
    "dtype",
    "flat",
    "imag",
    "itemsize",
    "nbytes",
    "ndim",
    "real",
    "shape",
    "size",
    "strides",
    "tofile",
    "tobytes",
    "dump",
    "dumps",
    "fill",
    "resize",
    "setflags",
    "view",
    "astype",
    "byteswap",
    "choose",
    "item",
    "itemset",
    "partition",
    "ptp",
    "put",
]
_BUILTINS = [
    "__import__",
    "open",
    "eval",
    "exec",
    "compile",
    "input",
    "print",
    "getattr",
    "setattr",
    "delattr",
    "globals",
    "locals",
    "vars",
    "dir",
    "type",
    "object",
    "super",
    "id",
    "hash",
    "help",
    "breakpoint",
    "exit",
    "quit",
    "memoryview",
    "bytearray",
    "range",
    "list",
    "dict",
    "tuple",
    "set",
    "map",
    "filter",
    "iter",
    "next",
    "max",
    "min",
    "sum",
    "abs",
    "pow",
    "round",
    "divmod",
    "len",
    "str",
    "int",
    "float",
]
_NUMPY = [
    "ones",
    "zeros",
    "empty",
    "full",
    "arange",
    "linspace",
    "eye",
    "identity",
    "tile",
    "repeat",
    "kron",
    "outer",
    "einsum",
    "load",
    "save",
    "savez",
    "fromfile",
    "loadtxt",
    "savetxt",
    "genfromtxt",
    "memmap",
    "lib",
    "random",
    "ctypeslib",
    "f2py",
    "testing",
    "core",
    "frompyfunc",
    "vectorize",
    "apply_along_axis",
    "fromfunction",
    "source",
    "info",
    "show_config",
    "pad",
    "roll",
]
HOSTILE = [
    *(f"l1.{name}" for name in _ATTRIBUTES),
    *(f"l1.{name}()" for name in _ATTRIBUTES),
    *(f"{name}(l1)" for name in _BUILTINS),
    *(f"np.{name}((10**9, 10**9))" for name in _NUMPY),
    *("[x for x in l1]", "(x for x in l1)", "{x: 1 for x in l1}", "{*l1}", "[*l1]", "(*l1,)"),
    *("lambda: l1", "l1 if l1 else l2", "l1 and l2", "not l1", "~l1", "+l1", "l1 or l2"),
    *("l1[0]", "l1[:]", "l1[l1]", "l1[...]", "...", "None", "True", "'a'", '"a" * 10**9', "b'a'"),
    *("f'{l1}'", "l1 := 3", "(l1 := 3)", "await l1", "yield l1", "l1; l2", "l1\nl2", "l1 # x"),
    *("10**10**10", "9**9**9**9", "n**n**n", "((99**99)**99)**99", "2 ** 10**10", "n ** 1e9"),
    *(
        "l1 ** 1000000",
        "l1 ** l1",
        "l1 ** n",
        "1e999",
        "10" * 100,
        "9" * 5000,
        "1e308 * 1e308 * l1",
    ),
    *("-" * 200 + "l1", "(" * 100 + "l1" + ")" * 100, "(" * 1000, "l1" + "+l1" * 200, "-" * 5000),
    *("l1 // 2", "l1 % 2", "l1 << 3", "l1 & l1", "l1 | l1", "l1 == l1", "l1 is l1", "l1 in l1"),
    *("l1 > l1 > l1", "l1 > 0", "(l1 > 0) * (l1 > 0)", "-(l1 > 0)", "(l1 > 0).sum()", "l1 != l1"),
    *("l1 @ l1 @ l2 @ l2.T @ l1.T.T", "np", "np.exp", "np.exp(l1, l1)", "np.exp(l1, out=l1)"),
    *(
        "np.exp(*l1)",
        "np.exp(**l1)",
        "np.clip(l1)",
        "l1.sum(5)",
        "l1.sum(axis=9)",
        "l1.sum(out=l1)",
    ),
    *("l1.sum(axis=n)", "l1.max(initial=1)", "l1.T.T", "(l1 + l1).T", "np.vdot(l1, l2)", "", " "),
    *(
        "l1\u200b",
        "ｌ１",
        "l1 × 2",
        "l1\x00",
        "import os",
        "del l1",
        "l1 = l2",
        "l1 += 1",
        "@l1",
        "l1.",
    ),
    *("np.lib.npyio.load('x')", "np.random.seed(0)", "l1.sum.__self__", "().__class__", "1 .real"),
    *(
        "l1 .__class__",
        "l1.T.__class__",
        "np.exp.__class__(l1)",
        "np.__dict__",
        "sigmoid.__globals__",
    ),
]


OF_NUMBERS = ("l1 ** l1",)
"""Arithmetic that arrays do not have, and numbers do."""


def test_there_are_200_hostile_lines():
    assert len(set(HOSTILE)) >= 200


def test_every_hostile_line_and_function_is_refused_in_a_sentence_at_once():
    for text in HOSTILE:
        began = time.process_time()
        with pytest.raises(LineError) as refused:
            check_expression(text, NAMES, {"sigmoid": None})
            pytest.fail(f"accepted: {text[:80]}")
        with pytest.raises(RecipeError):
            from_mapping({"functions": {"evil": text.replace("l1", "x")}})
            pytest.fail(f"accepted as a function: {text[:80]}")
        with pytest.raises(RecipeError):
            from_mapping({"functions": {"evil_derivative": text.replace("l1", "x")}})
            pytest.fail(f"accepted as a derivative: {text[:80]}")
        with pytest.raises(RecipeError):
            check_recipe(
                from_mapping({"network": {"activation": [text, "tanh"], "hidden": [2, 2]}})
            )
            pytest.fail(f"accepted as an activation: {text[:80]}")
        with contextlib.suppress(LineError):
            check_expression(text, {"l1": "number", "np.pi": "number"}, {"np.floor": None})
            assert text in OF_NUMBERS or not is_rate_expression(parse_expression(text))
        # CPU time of this process, which no other load lengthens: two orders above what is usual
        assert time.process_time() - began < 0.05, text[:80]
        said = str(refused.value)
        assert said and len(said) < 400 and "\n" not in said
        assert 0 <= refused.value.start < refused.value.end


def test_products_that_would_allocate_much_are_refused():
    many = {"l1": (100_000, 4), "l2": (100_000, 1)}
    with pytest.raises(LineError, match="10,000,000,000 numbers: too many"):
        check_expression("l1 @ l1.T", many, {})
    with pytest.raises(LineError, match="too many"):
        check_expression("l2 * l2.T", many, {})


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("l1 * (1 - l1)", (4, 4)),
        ("l2 @ W1.T", (4, 4)),
        ("(l1 * (l1 > 0)).sum(axis=1, keepdims=True)", (4, 1)),
        ("np.vdot(l1, l1) / (2 * n)", ()),
        ("(1 - beta2 ** t) ** 0.5", "number"),
        ("sigmoid(np.clip(l1, -1, n))", (4, 4)),
        ("-np.logaddexp(l1, 0) ** 2", (4, 4)),
        ("l1.T.copy()", (4, 4)),
    ],
)
def test_the_shape_of_a_line_is_inferred(text, shape):
    assert check_expression(text, NAMES, {"sigmoid": None}) == shape
