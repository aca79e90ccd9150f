"""Whether changed lines fit into their step: names in reach, shapes, what a line may write."""

import keyword
import math
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from nn_tui.nn import statements, update_statements
from nn_tui.nn.activations import ACTIVATIONS
from nn_tui.nn.architecture import Architecture
from nn_tui.nn.learning_rule import LearningRule
from nn_tui.nn.line_changes import (
    AFTER,
    BLANK,
    is_blank_line,
    line_name,
    names_something,
    split_line,
)
from nn_tui.nn.line_grammar import (
    LineError,
    Shape,
    check_expression,
    parse_expression,
    shape_text,
)
from nn_tui.nn.optimizers import SCALARS
from nn_tui.nn.sample_mixing import refuse_mixing
from nn_tui.nn.scalars import RATE_FUNCTIONS, is_rate_expression
from nn_tui.nn.state import COUNTS
from nn_tui.nn.statements import Statement
from nn_tui.nn.syntax import Function, names_read
from nn_tui.nn.update_statements import RATE_LINE
from nn_tui.spelling import did_you_mean

_MOST_NUMBERS = 1_000_000
RATE_NUMBERS = ("base_rate", "epoch")
"""What only the line of the learning rate reads."""
_NEW_NAME = re.compile(r"[a-z][A-Za-z0-9_]{0,30}")
_TAKEN = frozenset(
    (
        *("look", "epoch", "batch", "order", "start", "row", "rows", "predict", "probabilities"),
        *("outputs", "encoded", "classes", "datetime", "re", "np", "unpacked", "loss", "total"),
        *("value", "values", "losses", "descent", "parameters", "weights", "previous", "x"),
        *("columns", "typical"),
    )
)
"""Names that the program or its script uses for something else."""
_STATE = re.compile(r"(weights|biases|parameters|previous|carried)(_|$)")
"""Names of the state: the parameters of all layers, and what the optimizer keeps of them."""
_LAYER = re.compile(r"[lz](\d+)(_error|_delta|_dropped|_noisy|_random|_noise)?")
_NOISY = re.compile(r"(l\d+)_(dropped|noisy)")
_NUMBERS_OF_NOISE = {"dropped": ("random", "dropout"), "noisy": ("noise", "input_noise")}


def is_rate(statement: Statement) -> bool:
    """Whether a line computes the learning rate of an epoch."""
    return statement.code.startswith(f"{RATE_LINE} ")


class StepError(ValueError):
    """A line that does not fit; ``name`` is its name, ``start`` … ``end`` its place.

    The columns count in the whole line, such as ``l1_delta = …``.
    """

    def __init__(self, name: str, code: str, error: LineError) -> None:
        super().__init__(str(error))
        self.name, self.code = name, code
        self.start, self.end, self.incomplete = error.start, error.end, error.incomplete


@dataclass(frozen=True)
class LineScope:
    """What a line may read, in order, and the shape of what it writes.

    ``wanted`` is None for a name that the step does not know.
    """

    names: Mapping[str, Shape]
    wanted: Shape | None
    functions: Mapping[str, Function]
    most_numbers: int


class StepScope:
    """The names of a step with ``rows`` samples, and their shapes.

    ``flexible`` is set where the lines up to the loss must fit any number of samples; ``rows``
    is then one that no layer has.
    """

    def __init__(
        self, network: Architecture, rule: LearningRule, rows: int, flexible: bool = False
    ) -> None:
        self._network, self._rule, self._rows, self._flexible = network, rule, rows, flexible
        self.functions = {
            **{f.name: f for e in ACTIVATIONS.values() if (f := e.function)},
            **{entry.name: entry for entry in rule.functions},
        }
        numbers = [*SCALARS, "n", *COUNTS[:1], *RATE_NUMBERS]
        names: dict[str, Shape] = dict.fromkeys(numbers, "number")
        names |= {"l0": (rows, network.sizes[0]), "y": (rows, network.sizes[-1]), "ones": (rows,)}
        weights = rule.class_weights
        if weights is not None:
            names |= dict.fromkeys(weights.scalars, "number")
            names |= {name: array.shape for name, array in weights.arrays.items()}
        drawn = statements.random_inputs(network, rule)
        names |= {name: (rows, columns) for name, columns in drawn.items()}
        for name, shape in network.shapes().items():
            names[name] = shape
            names |= {f"{name}_{suffix}": shape for suffix in rule.optimizer_entry.memory}
            if name[0] == "W":
                names |= {f"{name}_{suffix}": shape for suffix in rule.weight_memory}
        self.given = names
        largest = max(math.prod(s) for s in names.values() if s != "number")
        self.most_numbers = max(_MOST_NUMBERS, 4 * largest)

    def shape_of(self, name: str) -> Shape | None:
        """The shape that the step's own lines give to a name; None for any other name."""
        if name in self.given:
            return self.given[name]
        if name in ("loss", "squared_norm", "clip_factor"):
            return ()
        if name == "step_size":
            return "number"
        if found := _LAYER.fullmatch(name):
            layer = int(found[1])
            return (
                (self._rows, self._network.sizes[layer]) if layer <= self._network.depth else None
            )
        if name == "y_smooth":
            return (self._rows, self._network.sizes[-1])
        if name == "sample_weight" or re.fullmatch(r"l\d+_total", name):
            return (self._rows, 1)
        parameter = name.split("_")[0]
        return self._network.shapes().get(parameter)

    def scopes(self) -> Iterator[tuple[Statement, LineScope]]:
        """Every line of the step with its scope, in order; the lines are not yet checked."""
        names = dict(self.given)
        for statement in _statements(self._network, self._rule):
            parts = split_line(statement.code)
            target = parts[0] if parts else ""
            wanted = names.get(target) or self.shape_of(target)
            reach = {n: s for n, s in names.items() if self._is_reachable(n, statement)}
            functions = self.functions
            if is_rate(statement):
                reach["np.pi"] = "number"
                functions = {"np.floor": Function("np.floor", "")}
            yield statement, LineScope(reach, wanted, functions, self.most_numbers)
            if target and target != "loss":
                if wanted is None and parts:
                    try:
                        text = parts[2]
                        made = check_expression(text, reach, self.functions, self.most_numbers)
                        names[target] = made
                    except LineError:
                        continue  # lines that read it are refused
                else:
                    assert wanted is not None
                    names[target] = wanted

    def _is_reachable(self, name: str, statement: Statement) -> bool:
        # The rate of an epoch is known before its samples.
        if is_rate(statement):
            return name in RATE_NUMBERS or (name in SCALARS and name != RATE_LINE)
        if name in RATE_NUMBERS:
            return False
        # Predictions are made for any number of rows, without rates, targets and optimizer;
        # evaluations in blocks.
        if statement.phase == "forward":
            if found := _NOISY.match(statement.code):
                suffix, number = _NUMBERS_OF_NOISE[found[2]]
                if name in (f"{found[1]}_{suffix}", number):
                    return True
            return name == "l0" or name in self._network.shapes() or name not in self.given
        return name != "ones" or statement.phase != "error"

    def check(self) -> None:
        """Raise StepError for the first line that does not fit."""
        for statement, scope in self.scopes():
            if self._flexible and statement.phase not in ("forward", "error"):
                return
            if statement.original is None:
                self._check_given(statement, scope)
            else:
                check_line(statement, scope, self._network)

    def _check_given(self, statement: Statement, scope: LineScope) -> None:
        for name in names_read(statement.code):
            if name not in scope.names and self.shape_of(name) != "number":
                error = LineError(f"{name} is left out, but this line reads it", 0, 1)
                raise StepError(name, statement.code, error)


def _statements(network: Architecture, rule: LearningRule) -> Iterator[Statement]:
    yield from statements.forward_statements(network, rule)
    yield from statements.error_statements(network, rule)
    yield statements.loss_statement(network, rule)
    yield from statements.backward_statements(network, rule)
    if (rate := update_statements.rate_statement(rule)) is not None:
        yield rate
    yield from update_statements.update_statements(network, rule)


def check_line(statement: Statement, scope: LineScope, network: Architecture) -> Shape | None:
    """The shape that a changed or added line gives; None for a blank. Raises StepError."""
    code = statement.code
    name = line_name(statement.original) if statement.original else code.split(" ")[0]
    try:
        parts = split_line(code)
        if parts is None:
            raise LineError("a line is an assignment: name = …", 0, len(code))
        target, operator, text = parts
        if statement.original == "":
            _check_new_target(statement, scope, target, operator, network)
        if is_blank_line(code):
            _check_blank(statement, target, operator, network)
            return None
        indent = code.index(operator, len(target)) + len(operator)
        indent += len(code[indent:]) - len(code[indent:].lstrip())
        try:
            made = _checked(text, operator, scope)
            if statement.phase == "forward":
                refuse_mixing(text, network.shapes(), scope.functions)
            if target == RATE_LINE and not is_rate_expression(parse_expression(text)):
                known = ", ".join(f"np.{name}" for name in RATE_FUNCTIONS)
                raise LineError(
                    f"a learning rate is computed from numbers, with {known}", 0, len(text)
                )
            _check_result(target, operator, made, scope, text)
        except LineError as error:
            raise LineError(
                str(error), error.start + indent, error.end + indent, error.incomplete
            ) from None
        return made
    except LineError as error:
        raise StepError(name, code, error) from None


def _check_blank(statement: Statement, target: str, operator: str, network: Architecture) -> None:
    parameter = target.split("_")[0] in network.shapes()
    if statement.original == "":
        raise LineError("a line that is added cannot be blank", 0, len(target))
    if target == "loss":
        raise LineError("the loss cannot be blank", 0, 1)
    layer = operator == "=" and _LAYER.fullmatch(target)
    if statement.phase == "forward" or not (parameter or layer):
        raise LineError(
            "errors, deltas and updates can be blank, other lines cannot", 0, len(target)
        )


def _checked(text: str, operator: str, scope: LineScope) -> Shape:
    if operator == "*=":  # a comparison may be the factor, as in W0_alive *= W0 > 0
        text, added = f"1 * ({text})", 5
        try:
            return check_expression(text, scope.names, scope.functions, scope.most_numbers)
        except LineError as error:
            start = max(0, error.start - added)
            raise LineError(
                str(error), start, max(0, error.end - added), error.incomplete
            ) from None
    return check_expression(text, scope.names, scope.functions, scope.most_numbers)


def _check_result(target: str, operator: str, made: Shape, scope: LineScope, text: str) -> None:
    wanted = scope.wanted
    if wanted is None:
        if made == "number":
            raise LineError(
                "this gives a number; a line that is added gives an array", 0, len(text)
            )
        return
    fits = made == wanted
    if operator != "=" and wanted != "number":
        fits = made == "number" or _broadcasts(made, wanted)
    if {made, wanted} == {"number", ()} and (wanted == () or target == RATE_LINE):
        fits = True
    if not fits:
        gives = f"{target} is {shape_text(wanted)}, this gives {shape_text(made)}"
        raise LineError(gives, 0, len(text))


def _broadcasts(made: Shape, wanted: Shape) -> bool:
    if made == "number" or wanted == "number" or len(made) > len(wanted):
        return made == wanted
    pairs = zip(reversed(made), reversed(wanted), strict=False)
    return all(size in (1, other) for size, other in pairs)


def _check_new_target(
    statement: Statement, scope: LineScope, target: str, operator: str, network: Architecture
) -> None:
    fixed = {"l0", "y", "n", "ones", *COUNTS, *SCALARS, *scope.functions} | _TAKEN
    if _STATE.match(target):
        fixed.add(target)
    fixed |= {name for name in scope.names if name.startswith("class_weight")}
    if statement.phase != "update":
        fixed |= {n for n in scope.names if n.split("_")[0] in network.shapes()}
    if target in fixed:
        raise LineError(f"{target} cannot be changed by a line here", 0, len(target))
    if target in scope.names:
        return
    if operator != "=":
        raise LineError(f"{target} is unknown here; a new name begins with =", 0, len(target))
    if scope.wanted is not None:
        raise LineError(f"{target} is made by a later line", 0, len(target))
    if not _NEW_NAME.fullmatch(target) or keyword.iskeyword(target):
        raise LineError(f"{target} cannot be a name; use small letters", 0, len(target))


def check_step(network: Architecture, rule: LearningRule, batches: Collection[int]) -> None:
    """Raise StepError where the changes of ``rule`` do not fit batches of so many samples."""
    if not rule.lines:
        return
    _check_names(network, rule)
    for rows in dict.fromkeys(batches):
        StepScope(network, rule, rows).check()
    taken = {*network.sizes, *batches, 1, 2, 3}
    other = next(rows for rows in range(5, 10**9) if rows not in taken)
    try:
        StepScope(network, rule, other, flexible=True).check()
    except StepError as error:
        first = next(iter(batches))
        reason = LineError(
            f"this fits only a batch of {first}, not other numbers of samples, such as {other}: "
            f"{error}",
            error.start,
            error.end,
        )
        raise StepError(error.name, error.code, reason) from None


def _check_names(network: Architecture, rule: LearningRule) -> None:
    plain = replace(rule, carry=False, lines=())
    known = [line_name(statement.code) for statement in _statements(network, plain)]
    updates = {line_name(s.code) for s in update_statements.update_statements(network, plain)}
    for name, change in rule.lines:
        inner = name.removeprefix(AFTER)
        problem = ""
        if inner not in known:
            hint = did_you_mean(inner, known, f"it has {', '.join(known)}")
            problem = f"the step has no line {inner}; {hint}"
        elif name != inner and _NOISY.fullmatch(inner):
            before = inner.split("_")[0]
            problem = f"predictions do without {inner}; add lines after {before} or the next one"
        elif known.count(inner) > 1:
            problem = f"{known.count(inner)} lines are called {inner}; they cannot be changed"
        elif inner == RATE_LINE and (name != inner or not change or change == BLANK):
            problem = "the learning rate can be another, but neither left out nor followed by lines"
        elif inner == RATE_LINE and isinstance(change, str) and not names_something(change):
            problem = "the learning rate is assigned with =, not changed in place"
        elif inner == "loss" and (name != inner or not change or change == BLANK):
            problem = "the loss can be another, but neither left out nor followed by lines"
        elif inner == "loss" and isinstance(change, str) and not names_something(change):
            problem = "the loss is assigned with =, not changed in place"
        elif rule.carry and inner in updates:
            problem = "lines of an update cannot be changed with training.partial_batch = carry"
        if problem:
            raise StepError(name, inner, LineError(problem, 0, len(inner)))


def blanks(network: Architecture, rule: LearningRule) -> list[str]:
    """The names of the lines that are blank."""
    if not rule.lines:
        return []
    return [
        line_name(statement.original or statement.code)
        for statement in _statements(network, rule)
        if is_blank_line(statement.code)
    ]
