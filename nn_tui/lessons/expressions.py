"""Expressions of lessons: checks such as ``train_loss < 0.01``, and figures in texts.

They have the syntax of Python and a small vocabulary: the words of ``measures``,
``recipe.SECTION.KEY``, ``edits.KIND``, a weight or bias such as ``W1[0, 0]``, numbers, strings,
``+ - * /``, comparisons, ``and or not``, ``abs(x)``, and over the runs of a lesson
``any all count distinct min max``, as in ``count(run.test_loss < 0.1 for run in runs)``.
Each allowed node is translated into a function; nothing is ever passed to ``eval``.
"""

import ast
import operator
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from nn_tui.lessons.errors import LessonError
from nn_tui.lessons.measures import EDITS, MEASURES, LessonRun, LiveRun
from nn_tui.recipe.parsing import find_field
from nn_tui.recipe.recipe import RecipeError
from nn_tui.spelling import did_you_mean
from nn_tui.text import quoted

MOST_CHARACTERS = 400
_MOST_LOOPS = 2
_MOST_ROUNDS = 20_000
"""Rounds of loops over runs in one evaluation: those of 64 runs with each other, several times."""
_LARGEST = 1e300
"""Numbers whose arithmetic stays finite, or becomes unknown."""
_PARAMETER = re.compile(r"[Wb]\d{1,3}")
_QUOTED = ("predictions", "targets")
COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
"""The comparisons by their symbol."""
_SYMBOLS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}
_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
OVER_RUNS = ("any", "all", "count", "distinct", "min", "max")


@dataclass
class Scope:
    """What an expression is evaluated on: the run that is open, and all runs of the lesson."""

    run: LiveRun
    runs: Sequence[LessonRun] = ()
    loops: dict[str, LessonRun] = field(default_factory=dict)
    rounds: int = 0

    @classmethod
    def of(cls, run: LiveRun, earlier: Iterable[LessonRun]) -> "Scope":
        """That of a run after ``earlier`` ones; a run of several recipes is none of ``runs``."""
        return cls(run, (*earlier, run) if run.is_of_one_recipe else (*earlier,))


Evaluate = Callable[[Scope], Any]


class GoalComparison(NamedTuple):
    """``value SYMBOL limit``; ``limit`` depends on no run, ``word`` is a measure or empty."""

    word: str
    value: Evaluate
    symbol: str
    limit: Any


@dataclass(frozen=True, eq=False)
class CheckExpression:
    """A translated expression. ``words`` are the measures of the open run that it reads.

    ``run_words`` are those of all runs, ``run_edits`` the kinds of edits of these. ``loops`` tells
    whether it has loops over runs, ``now`` whether it reads a weight or a prediction.
    """

    text: str
    function: Evaluate
    words: frozenset[str]
    run_words: frozenset[str]
    run_edits: frozenset[str]
    loops: bool
    now: bool
    comparison: GoalComparison | None

    def evaluate(self, scope: Scope) -> Any:
        """The value; None where something does not apply. Raises LessonError."""
        scope.rounds = 0
        try:
            return self.function(scope)
        except TypeError:
            raise LessonError(
                f"{quoted(self.text)} compares or computes values of different types"
            ) from None


def parse_check(text: str) -> CheckExpression:
    """Translate an expression. Raises LessonError."""
    shown = quoted(text.strip())
    if len(text) > MOST_CHARACTERS:
        raise LessonError(f"{shown} is longer than {MOST_CHARACTERS} characters")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(" ".join(text.split()), mode="eval").body
        parser = _Parser()
        function = parser.translate(tree)
    except SyntaxError:
        raise LessonError(f"{shown} is not an expression such as train_loss < 0.01") from None
    except (RecursionError, MemoryError, ValueError) as error:
        if isinstance(error, LessonError):
            raise
        raise LessonError(f"{shown} is nested too deeply, or a number is too long") from None
    return CheckExpression(
        text=text.strip(),
        function=function,
        words=frozenset(parser.words),
        run_words=frozenset(parser.run_words),
        run_edits=frozenset(parser.run_edits),
        loops=parser.loops,
        now=parser.now,
        comparison=_comparison(tree),
    )


def _comparison(tree: ast.expr) -> GoalComparison | None:
    if not isinstance(tree, ast.Compare) or len(tree.ops) != 1:
        return None
    symbol, limit = _SYMBOLS.get(type(tree.ops[0])), _Parser()
    right = limit.translate(tree.comparators[0])
    if symbol is None or not limit.constant:
        return None
    word = tree.left.id if isinstance(tree.left, ast.Name) else ""
    try:
        value = right(None)  # type: ignore[arg-type]
    except TypeError:
        value = None
    written = quoted(ast.unparse(tree.comparators[0]))
    if value is None:
        raise LessonError(f"{written} has no value that something could be compared with")
    if word in MEASURES and not isinstance(value, int | float):
        raise LessonError(f"{word} is a number; it cannot be compared with {written}")
    return GoalComparison(word, _Parser().translate(tree.left), symbol, value)


class _Parser:
    """Translates the nodes of one expression, and notes what they read."""

    def __init__(self) -> None:
        self.words: set[str] = set()
        self.run_words: set[str] = set()
        self.run_edits: set[str] = set()
        self.loops = False
        self.now = False
        self.constant = True
        self._loops: list[str] = []

    def translate(self, node: ast.expr) -> Evaluate:
        """The function of a node. Raises LessonError for one that is not allowed."""
        match node:
            case ast.Constant(value=int() | float() as value) if not abs(value) <= _LARGEST:
                raise LessonError(f"{quoted(ast.unparse(node))} is too large a number")
            case ast.Constant(value=bool() | int() | float() | str() as value):
                return lambda scope: value
            case ast.Tuple(elts=elements) | ast.List(elts=elements):
                parts = [self.translate(element) for element in elements]
                return lambda scope: tuple(part(scope) for part in parts)
            case ast.Name(id=name):
                return self._word(name)
            case ast.Attribute():
                return self._attribute(node)
            case ast.Subscript(value=ast.Name(id=name), slice=index):
                return self._parameter(name, index)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                inner = self.translate(operand)
                return lambda scope: not inner(scope)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                inner = self.translate(operand)
                return lambda scope: _compute(operator.neg, inner(scope))
            case ast.BinOp(op=op) if type(op) in _ARITHMETIC:
                compute = _ARITHMETIC[type(op)]
                left, right = self.translate(node.left), self.translate(node.right)
                return lambda scope: _compute(compute, left(scope), right(scope))
            case ast.BoolOp(op=ast.And(), values=values):
                parts = [self.translate(value) for value in values]
                return lambda scope: all(part(scope) for part in parts)
            case ast.BoolOp(op=ast.Or(), values=values):
                parts = [self.translate(value) for value in values]
                return lambda scope: any(part(scope) for part in parts)
            case ast.Compare():
                return self._compare(node)
            case ast.Call(func=ast.Name(id="abs"), args=[argument], keywords=[]):
                inner = self.translate(argument)
                return lambda scope: _compute(abs, inner(scope))
            case ast.Call(
                func=ast.Name(id=name), args=[ast.GeneratorExp() as loop], keywords=[]
            ) if name in OVER_RUNS:
                return self._over_runs(name, loop)
        raise LessonError(
            f"{quoted(ast.unparse(node))} is not allowed in an expression; README lists what is"
        )

    def _word(self, name: str) -> Evaluate:
        self.constant = False
        if name in MEASURES:
            self.words.add(name)
            return lambda scope: scope.run.measure(name)
        if name in _QUOTED:
            self.now = True
            return lambda scope: scope.run.quoted(name)
        if name in self._loops or name in ("runs", "recipe", "edits"):
            example = {
                "runs": "count(run.diverged for run in runs)",
                "recipe": "recipe.training.epochs",
                "edits": "edits.weights",
            }.get(name, f"{name}.train_loss")
            raise LessonError(f"{name} has no value by itself; write for example {example}")
        raise LessonError(_unknown(name, [*MEASURES, *_QUOTED, "recipe", "edits", "runs"]))

    def _attribute(self, node: ast.Attribute) -> Evaluate:
        self.constant = False
        path = _dotted(node)
        if path and path[0] in self._loops:
            variable, path = path[0], path[1:]

            def run_of(scope: Scope) -> LessonRun:
                return scope.loops[variable]

            if len(path) == 1:
                (word,) = path
                if word not in MEASURES:
                    raise LessonError(_unknown(word, [*MEASURES, "recipe", "edits"]))
                self.run_words.add(word)
                return lambda scope: run_of(scope).measure(word)
        else:
            variable = ""

            def run_of(scope: Scope) -> LessonRun:
                return scope.run

        match path:
            case ["recipe", section, key]:
                try:
                    known = find_field(f"{section}.{key}").key
                except RecipeError as error:
                    raise LessonError(str(error)) from None
                return lambda scope: run_of(scope).recipe[known]
            case ["edits", kind]:
                if kind not in EDITS:
                    raise LessonError(_unknown(f"edits.{kind}", [f"edits.{k}" for k in EDITS]))
                if variable:
                    self.run_edits.add(kind)
                return lambda scope: run_of(scope).edit_count(kind)
        raise LessonError(
            f"{quoted(ast.unparse(node))} is not known; write recipe.SECTION.KEY, "
            f"{', '.join(f'edits.{kind}' for kind in EDITS)}"
        )

    def _parameter(self, name: str, index: ast.expr) -> Evaluate:
        places = index.elts if isinstance(index, ast.Tuple) else [index]
        at = tuple(
            place.value
            for place in places
            if isinstance(place, ast.Constant) and type(place.value) is int
        )
        if not _PARAMETER.fullmatch(name) or len(at) != len(places):
            raise LessonError(f"{quoted(name)} with an index is not a weight such as W0[2, 1]")
        self.constant, self.now = False, True
        return lambda scope: scope.run.parameter(name, at)

    def _compare(self, node: ast.Compare) -> Evaluate:
        operands = [self.translate(operand) for operand in (node.left, *node.comparators)]
        if any(type(op) not in _SYMBOLS for op in node.ops):
            raise LessonError(f"comparisons are {' '.join(COMPARISONS)}")
        symbols = [_SYMBOLS[type(op)] for op in node.ops]

        def compare(scope: Scope) -> bool:
            values = [operand(scope) for operand in operands]
            pairs = zip(values, symbols, values[1:], strict=False)
            return all(holds(left, symbol, right) for left, symbol, right in pairs)

        return compare

    def _over_runs(self, name: str, loop: ast.GeneratorExp) -> Evaluate:
        self.constant, self.loops = False, True
        variables: list[str] = []
        conditions: list[list[ast.expr]] = []
        for part in loop.generators:
            if not (isinstance(part.target, ast.Name) and isinstance(part.iter, ast.Name)):
                raise LessonError("a loop is written: for run in runs")
            if part.iter.id != "runs" or part.is_async:
                raise LessonError(f"a loop is over runs, not over {quoted(part.iter.id)}")
            if part.target.id in (*self._loops, *variables, *MEASURES, "recipe", "edits", "runs"):
                raise LessonError(f"the name {part.target.id} is taken; name the run otherwise")
            variables.append(part.target.id)
            conditions.append(part.ifs)
        if len(self._loops) + len(variables) > _MOST_LOOPS:
            raise LessonError(f"at most {_MOST_LOOPS} loops over runs can be within each other")
        filters: list[list[Evaluate]] = []
        outer = list(self._loops)
        for variable, tests in zip(variables, conditions, strict=True):
            self._loops.append(variable)
            filters.append([self.translate(test) for test in tests])
        element = self.translate(loop.elt)
        self._loops = outer

        def values(scope: Scope, depth: int = 0) -> Iterator[Any]:
            if depth == len(variables):
                yield element(scope)
                return
            for run in scope.runs:
                scope.rounds += 1
                if scope.rounds > _MOST_ROUNDS:
                    raise LessonError(f"this check takes more than {_MOST_ROUNDS:,} steps")
                scope.loops[variables[depth]] = run
                if all(test(scope) for test in filters[depth]):
                    yield from values(scope, depth + 1)

        return lambda scope: _aggregate(name, values(scope))


def _aggregate(name: str, values: Iterator[Any]) -> Any:
    match name:
        case "any":
            return any(values)
        case "all":
            return all(values)
        case "count":
            return sum(map(bool, values))
        case "distinct":
            return len({value for value in values if value is not None})
    known = [value for value in values if value is not None]
    if not known:
        return None
    return min(known) if name == "min" else max(known)


def _compute(function: Callable[..., Any], *values: Any) -> Any:
    """A function of numbers; None where one of them, or the result, is not known."""
    if any(value is None for value in values):
        return None
    if not all(isinstance(value, int | float) for value in values):
        raise TypeError  # a string or a list of layers times a number could be of any length
    try:
        result = function(*values)
    except (ZeroDivisionError, OverflowError):
        return None
    return result if abs(result) <= _LARGEST else None


def holds(left: Any, symbol: str, right: Any) -> bool:
    """Whether a comparison holds; a value that does not apply is neither small nor large."""
    if symbol not in ("==", "!=") and (left is None or right is None):
        return False
    return bool(COMPARISONS[symbol](left, right))


def _dotted(node: ast.expr) -> list[str]:
    """The names of ``a.b.c``; empty for anything else."""
    if isinstance(node, ast.Name):
        return [node.id]
    if isinstance(node, ast.Attribute) and (before := _dotted(node.value)):
        return [*before, node.attr]
    return []


def _unknown(name: str, names: Sequence[str]) -> str:
    hint = did_you_mean(name, names, f"the words are {', '.join(names)}")
    return f"{quoted(name)} is not known; {hint}"
