"""What a line that a user writes may contain, and the shape of its result.

A whitelist: names in reach, numbers, arithmetic, comparisons as factors, transposes, sums and
maxima, and the functions below. Text is checked before it is compiled, nothing in it is
executed, and a refusal names the place. Shapes are inferred, so nothing is allocated.
"""

import ast
import math
from collections.abc import Mapping
from typing import Literal

from nn_tui.spelling import did_you_mean

Shape = tuple[int, ...] | Literal["number"]
"""A scalar such as ``learning_rate`` or ``2 * n`` is a ``number``, not an array."""

UNARY = ("exp", "log", "log1p", "expm1", "sqrt", "abs", "sign", "tanh", "sin", "cos")
BINARY = ("maximum", "minimum", "logaddexp")
METHODS = ("sum", "max", "copy")
FUNCTIONS_SAID = (
    f"lines have {', '.join(f'np.{name}' for name in (*UNARY, *BINARY, 'clip', 'vdot'))}, "
    ".sum() .max() .T"
)

MOST_CHARACTERS = 300
_DEEPEST = 30
_MOST_NODES = 250
_LARGEST_NUMBER = 1e15
_LARGEST_EXPONENT = 100
_SYMBOLS = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.MatMult: "@",
    ast.Pow: "**",
}
_COMPARISONS = (ast.Gt, ast.GtE, ast.Lt)


class LineError(ValueError):
    """What is wrong, and where: the columns ``start`` … ``end`` of the expression.

    ``incomplete`` marks a text that can still become a line, such as ``l1 * (``.
    """

    def __init__(self, message: str, start: int, end: int, incomplete: bool = False) -> None:
        super().__init__(message)
        self.start, self.end = start, max(end, start + 1)
        self.incomplete = incomplete


def parse_expression(text: str) -> ast.expr:
    """The syntax tree of an expression. Raises LineError."""
    if len(text) > MOST_CHARACTERS:
        message = f"a line has at most {MOST_CHARACTERS} characters; this one has {len(text):,}"
        raise LineError(message, MOST_CHARACTERS, len(text))
    for place, character in enumerate(text):
        if not (character.isascii() and character.isprintable()):
            raise LineError(f"{character!r} cannot be in a line", place, place + 1)
        if character in "'\"`;:\\#!{}$?&|^~%":
            raise LineError(f"{character} cannot be in a line", place, place + 1)
    _check_brackets(text)
    try:
        tree = ast.parse(text.strip() or "?", mode="eval").body
    except SyntaxError as error:
        raise _syntax_error(text, error) from None
    except (ValueError, MemoryError, RecursionError, OverflowError):
        raise LineError("this cannot be read as an expression", 0, len(text)) from None
    indent = len(text) - len(text.lstrip())
    nodes = list(ast.walk(tree))
    for node in nodes if indent else ():
        if isinstance(node, ast.expr):
            node.col_offset += indent
            node.end_col_offset = (node.end_col_offset or 0) + indent
    if len(nodes) > _MOST_NODES or _depth(tree) > _DEEPEST:
        raise LineError("this expression is nested too deeply", 0, len(text))
    return tree


def _check_brackets(text: str) -> None:
    opened: list[int] = []
    for place, character in enumerate(text):
        if character in "([":
            opened.append(place)
        elif character in ")]":
            if not opened:
                raise LineError(f"this {character} closes nothing", place, place + 1)
            opened.pop()
        if len(opened) > _DEEPEST:
            raise LineError("this expression is nested too deeply", place, place + 1)
    if opened:
        raise LineError(") is missing", opened[-1], opened[-1] + 1, incomplete=True)


def _syntax_error(text: str, error: SyntaxError) -> LineError:
    end = len(text.rstrip())
    if not end or text.rstrip()[-1] in "+-*/@.,=<>(":
        return LineError("something is missing at the end", end, end + 1, incomplete=True)
    start = max(0, (error.offset or 1) - 1)
    stop = (error.end_offset or 0) - 1
    return LineError("this is not an expression of NumPy", start, stop)


def _depth(tree: ast.AST) -> int:
    deepest, level = 0, [tree]
    while level:
        deepest += 1
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    return deepest


def check_expression(
    text: str,
    names: Mapping[str, Shape],
    functions: Mapping[str, object],
    most_numbers: int = 1_000_000,
) -> Shape:
    """The shape of the result of ``text``, which reads ``names`` and calls helper ``functions``.

    Raises LineError, also where an intermediate result would have more than ``most_numbers``.
    """
    return _Checker(text, names, functions, most_numbers).shape(parse_expression(text))


def shape_text(shape: Shape) -> str:
    """A shape as in a message: ``(4, 1)``, or ``a number``."""
    return "a number" if shape == "number" or not shape else f"{shape}"


class _Checker:
    def __init__(
        self,
        text: str,
        names: Mapping[str, Shape],
        functions: Mapping[str, object],
        most_numbers: int,
    ) -> None:
        self._text = text
        self._names = names
        self._functions = functions
        self._most = most_numbers

    def _error(self, node: ast.AST, message: str) -> LineError:
        start = getattr(node, "col_offset", 0)
        return LineError(message, start, getattr(node, "end_col_offset", None) or len(self._text))

    def _code(self, node: ast.AST) -> str:
        return ast.unparse(node)

    def shape(self, node: ast.expr, factor: bool = False) -> Shape:
        """The shape of ``node``; a comparison must be a ``factor``."""
        match node:
            case ast.Constant():
                return self._constant(node)
            case ast.Name():
                return self._name(node)
            case ast.UnaryOp(op=ast.USub()):
                return self.shape(node.operand)
            case ast.BinOp():
                return self._binary(node)
            case ast.Compare():
                return self._compare(node, factor)
            case ast.Attribute(attr="T"):
                return self._transposed(node)
            case ast.Attribute(value=ast.Name(id="np")) if f"np.{node.attr}" in self._names:
                return self._names[f"np.{node.attr}"]
            case ast.Attribute(value=ast.Name(id="np")):
                raise self._error(node, f"np.{node.attr} is a function; write np.{node.attr}(…)")
            case ast.Attribute():
                raise self._error(node, f"lines have no .{node.attr}; {FUNCTIONS_SAID}")
            case ast.Call():
                return self._call(node)
        raise self._error(node, f"lines have no {_kind(node)}; {FUNCTIONS_SAID}")

    def _constant(self, node: ast.Constant) -> Shape:
        value = node.value
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._error(node, "only numbers can be written out in a line")
        if not abs(value) <= _LARGEST_NUMBER:
            raise self._error(node, f"numbers in a line are at most {_LARGEST_NUMBER:g}")
        return "number"

    def _name(self, node: ast.Name) -> Shape:
        if node.id in self._names:
            return self._names[node.id]
        if node.id == "np" or node.id in self._functions:
            raise self._error(node, f"{node.id} is not an array; write {node.id}(…)")
        known = [name for name in self._names if not name.startswith("_")]
        hint = did_you_mean(node.id, known, f"in reach are {', '.join(known[:12])}")
        raise self._error(node, f"{node.id} is unknown here; {hint}")

    def _binary(self, node: ast.BinOp) -> Shape:
        symbol = _SYMBOLS.get(type(node.op))
        if symbol is None:
            raise self._error(node, "lines have + - * / @ and ** 2, no other operators")
        if symbol == "**":
            return self._power(node)
        left = self.shape(node.left, factor=symbol == "*")
        right = self.shape(node.right, factor=symbol == "*")
        if symbol == "@":
            return self._matmul(node, left, right)
        comparisons = sum(isinstance(n, ast.Compare) for n in (node.left, node.right))
        if comparisons == 2:
            raise self._error(node, "multiply a comparison with an array of numbers")
        return self._broadcast(node, left, right, symbol)

    def _power(self, node: ast.BinOp) -> Shape:
        base, exponent = self.shape(node.left), self.shape(node.right)
        if base != "number":
            if not (isinstance(node.right, ast.Constant) and node.right.value == 2):
                raise self._error(node, "an array can be raised to ** 2 only; multiply for more")
            return base
        if "epoch" in self._names and _is_rounded_or_quotient(node.right):
            return "number"  # of a learning rate: a float, however large
        if exponent != "number":
            raise self._error(node, "an exponent is a number")
        nested = any(
            isinstance(n, ast.BinOp) and isinstance(n.op, ast.Pow)
            for side in (node.left, node.right)
            for n in ast.walk(side)
        )
        right = node.right
        if isinstance(right, ast.UnaryOp):
            right = right.operand
        value = right.value if isinstance(right, ast.Constant) else None
        constant = isinstance(value, int | float) and value <= _LARGEST_EXPONENT
        named = isinstance(right, ast.Name) and right.id != "n"
        names = {n.id for n in ast.walk(node.left) if isinstance(n, ast.Name)}
        if (nested and names <= {"n"}) or not (constant or named):
            raise self._error(node, f"an exponent is a number up to {_LARGEST_EXPONENT}, or t")
        return "number"

    def _matmul(self, node: ast.BinOp, left: Shape, right: Shape) -> Shape:
        if left == "number" or right == "number" or not left or not right:
            raise self._error(node, "@ multiplies matrices; * multiplies by a number")
        if left[-1] != right[0]:
            message = f"{self._code(node)}: {left} @ {right}: columns {left[-1]} ≠ rows {right[0]}"
            hint = ""
            if isinstance(node.right, ast.Name) and right[-1] == left[-1]:
                hint = f". Did you mean {node.right.id}.T?"
            elif isinstance(node.left, ast.Name) and left[0] == right[0]:
                hint = f". Did you mean {node.left.id}.T?"
            elif isinstance(node.right, ast.Attribute) and right[-1] == left[-1]:
                hint = f". Did you mean {self._code(node.right.value)}, without .T?"
            raise self._error(node, message + hint)
        return self._sized(node, left[:-1] + right[1:])

    def _broadcast(self, node: ast.expr, left: Shape, right: Shape, symbol: str) -> Shape:
        if left == "number" or right == "number":
            return right if left == "number" else left
        length = max(len(left), len(right))
        pairs = zip(
            (1,) * (length - len(left)) + left, (1,) * (length - len(right)) + right, strict=True
        )
        sizes = []
        for a, b in pairs:
            if a != b and 1 not in (a, b):
                raise self._error(
                    node, f"{self._code(node)}: the shapes {left} {symbol} {right} do not fit"
                )
            sizes.append(b if a == 1 else a)
        return self._sized(node, tuple(sizes))

    def _sized(self, node: ast.expr, shape: tuple[int, ...]) -> tuple[int, ...]:
        if math.prod(shape) > self._most:
            count = math.prod(shape)
            raise self._error(node, f"{self._code(node)} would have {count:,} numbers: too many")
        return shape

    def _compare(self, node: ast.Compare, factor: bool) -> Shape:
        if len(node.ops) != 1 or not isinstance(node.ops[0], _COMPARISONS):
            raise self._error(node, "a comparison is one of > >= <")
        if not factor:
            raise self._error(node, "a comparison is a factor, as in l1_error * (l1 > 0)")
        left, right = self.shape(node.left), self.shape(node.comparators[0])
        if left == right == "number":
            raise self._error(node, "compare an array")
        return self._broadcast(node, left, right, "with")

    def _transposed(self, node: ast.Attribute) -> Shape:
        if not isinstance(node.value, ast.Name):
            raise self._error(node, ".T follows a name, as in W1.T")
        shape = self.shape(node.value)
        if shape == "number":
            raise self._error(node, f"{node.value.id} is a number and has no .T")
        return shape[::-1]

    def _call(self, node: ast.Call) -> Shape:
        match node.func:
            case ast.Name(id=name) if name in self._functions:
                (shape,) = self._arguments(node, name, 1)
                return self._array(node, shape)
            case ast.Attribute(value=ast.Name(id="np"), attr=name):
                return self._numpy(node, name)
            case ast.Attribute(attr=name) if name in METHODS:
                return self._method(node, node.func.value, name)
            case ast.Name(id=name):
                known = (*self._functions, *(f"np.{n}" for n in (*UNARY, *BINARY, "clip", "vdot")))
                hint = did_you_mean(f"np.{name}", known, FUNCTIONS_SAID)
                raise self._error(node.func, f"lines have no function {name}; {hint}")
        raise self._error(
            node.func, f"lines have no function {self._code(node.func)[:40]}; {FUNCTIONS_SAID}"
        )

    def _array(self, node: ast.Call, shape: Shape) -> Shape:
        return () if shape == "number" else shape

    def _arguments(self, node: ast.Call, name: str, count: int) -> list[Shape]:
        if node.keywords or len(node.args) != count:
            arguments = "1 argument" if count == 1 else f"{count} arguments"
            raise self._error(node, f"{name} takes {arguments}")
        return [self.shape(argument) for argument in node.args]

    def _numpy(self, node: ast.Call, name: str) -> Shape:
        if name in UNARY or f"np.{name}" in self._functions:
            return self._array(node, self._arguments(node, f"np.{name}", 1)[0])
        if name in BINARY:
            left, right = self._arguments(node, f"np.{name}", 2)
            return self._array(node, self._broadcast(node, left, right, "and"))
        if name == "clip":
            value, low, high = self._arguments(node, "np.clip", 3)
            inner = self._broadcast(node, self._broadcast(node, value, low, "and"), high, "and")
            return self._array(node, inner)
        if name == "vdot":
            left, right = self._arguments(node, "np.vdot", 2)
            if left == "number" or right == "number" or math.prod(left) != math.prod(right):
                raise self._error(node, "np.vdot takes two arrays of the same size")
            return ()
        known = [f"np.{n}" for n in (*UNARY, *BINARY, "clip", "vdot")]
        hint = did_you_mean(f"np.{name}", known, FUNCTIONS_SAID)
        raise self._error(node.func, f"lines have no np.{name}; {hint}")

    def _method(self, node: ast.Call, of: ast.expr, name: str) -> Shape:
        shape = self.shape(of)
        if shape == "number":
            raise self._error(node, f"{self._code(of)} is a number and has no .{name}()")
        if name == "copy":
            if node.args or node.keywords:
                raise self._error(node, ".copy() takes no argument")
            return shape
        options: dict[str, object] = {}
        for keyword in node.keywords:
            value = keyword.value
            if keyword.arg not in ("axis", "keepdims") or not isinstance(value, ast.Constant):
                raise self._error(node, f".{name}() takes axis=0 or 1, and keepdims=True")
            options[keyword.arg] = value.value
        axis, keep = options.get("axis"), options.get("keepdims", False)
        axes = [None, *range(len(shape))]
        whole = axis is None or type(axis) is int
        if node.args or not whole or axis not in axes or not isinstance(keep, bool):
            raise self._error(node, f".{name}() takes axis=0 or 1, and keepdims=True")
        if axis is None:
            return (1,) * len(shape) if keep else ()
        assert isinstance(axis, int)
        return shape[:axis] + ((1,) if keep else ()) + shape[axis + 1 :]


def _is_rounded_or_quotient(node: ast.expr) -> bool:
    match node:
        case ast.BinOp(op=ast.Div()):
            return True
        case ast.Call(func=ast.Attribute(value=ast.Name(id="np"), attr="floor")):
            return True
    return False


def _kind(node: ast.AST) -> str:
    words = {
        ast.ListComp: "comprehensions",
        ast.GeneratorExp: "comprehensions",
        ast.Lambda: "lambda",
        ast.Subscript: "indexing",
        ast.List: "lists",
        ast.Tuple: "tuples",
        ast.IfExp: "if",
        ast.BoolOp: "and, or",
        ast.UnaryOp: "not, + before a value",
        ast.Starred: "*",
        ast.NamedExpr: ":=",
        ast.Await: "await",
    }
    return words.get(type(node), type(node).__name__)
