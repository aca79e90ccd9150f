"""The lines of a training step, written as a person would write them.

Names are the blog's: ``l0`` is the batch (samples, inputs), ``l1 …`` the layers' outputs
(samples, units), ``W0 …`` the weights, ``y`` the targets. ``l2_error`` is how far and
which way an output should move, ``l2_delta`` the same for its weighted sum; a parameter's
``descent`` is minus the gradient of the batch's loss.
"""

from collections.abc import Iterator
from typing import Literal, NamedTuple, Protocol

from nn_tui.nn.activations import UNITS
from nn_tui.nn.architecture import Architecture
from nn_tui.nn.learning_rule import LearningRule
from nn_tui.nn.templates import StatementTemplate


class Reference(Protocol):
    """What there is to read about a line; every entry of a registry is one."""

    @property
    def name(self) -> str: ...

    @property
    def formula(self) -> str: ...

    @property
    def source(self) -> str: ...


class Concept(NamedTuple):
    """One that is in no registry, since no recipe can choose another."""

    name: str
    formula: str
    source: str


def derivation(text: str) -> tuple[Concept, ...]:
    """Why a derivative is what it is; nothing where that is plain."""
    return (Concept("derivative", text, "differential calculus"),) if text else ()


_BACKPROPAGATION = "Rumelhart, Hinton and Williams, Learning representations, 1986"

WEIGHTED_SUM = Concept(
    "weighted sum",
    "z_j = Σ_i x_i W_ij + b_j",
    "Rosenblatt, The perceptron, 1958",
)
BATCH_LOSS = Concept(
    "mean loss",
    "loss = 1/n Σ L, over the n samples of the batch",
    "empirical risk, Vapnik 1991",
)
CARRIED_BACK = Concept(
    "backpropagation",
    "-dL/da_i = Σ_j W_ij δ_j: a unit's share in the errors of all it feeds",
    _BACKPROPAGATION,
)
SLOPE = Concept(
    "chain rule",
    "δ = -dL/dz = -dL/da · f'(z)",
    _BACKPROPAGATION,
)
DESCENT = Concept(
    "gradient of a batch",
    "-dL/dW_ij = Σ x_i δ_j, -dL/db_j = Σ δ_j, over the samples",
    _BACKPROPAGATION,
)
AVERAGE = Concept(
    "mean reduction",
    "g = 1/n Σ g of a sample: the rate need not follow the batch's size",
    "Bottou, Large-scale learning with stochastic gradient descent, 2010",
)
CUT = Concept(
    "pruning by hand",
    "w ← 0 after every update, for the weights that were cut off",
    "LeCun, Denker and Solla, Optimal brain damage, 1990",
)
CARRY = Concept(
    "samples carried over",
    "a short last batch updates nothing; its sums count in the next epoch's first update",
    "TensorFlow Playground (playground.ts, oneStep)",
)


Part = Literal["whole", "first", "rest"]
"""What a batch is to the epoch: updates by itself, updates with what the last epoch left
over (``first``), or is left over for the next epoch (``rest``)."""


class Statement(NamedTuple):
    """A line before it is compiled; ``phase`` is forward, error, backward or update.

    ``about`` is what there is to read about it, what matters most first.
    """

    phase: str
    code: str
    explanation: str
    about: tuple[Reference, ...] = ()


def forward_statements(network: Architecture, method: LearningRule) -> Iterator[Statement]:
    """From ``l0`` to the output layer."""
    for i in range(1, network.depth + 1):
        activation = UNITS[network.activation_of(i)]
        total = f"l{i - 1} @ W{i - 1}" + (f" + b{i - 1}" if network.bias else "")
        bias = " and add the biases" if network.bias else ""
        whole = f"Multiply l{i - 1} by the weights W{i - 1}{bias}"
        if stores_preactivation(network, method, i):
            why = f"{whole}: the weighted sums of layer {i}."
            yield Statement("forward", f"z{i} = {total}", why, (WEIGHTED_SUM,))
            total, whole = f"z{i}", f"Take the sums of layer {i}"
        if activation.rules:
            for rule in activation.rules:
                code, why = (t.format(a=f"l{i}", z=f"z{i}") for t in (rule.code, rule.explanation))
                yield Statement("forward", code, why, (activation,))
            continue
        code = f"l{i} = {activation.apply.format(x=total)}"
        made = "" if activation.name == "linear" else f", then apply {activation.name}"
        ideas = (activation,) if total == f"z{i}" else (WEIGHTED_SUM, activation)
        yield Statement("forward", code, f"{whole}{made}: {_layer(network, i)}.", ideas)


def error_statement(network: Architecture, method: LearningRule) -> Statement:
    """How far, and which way, the output (or its sum) should move."""
    i, loss = network.depth, method.loss_entry
    code = f"{error_name(network, method)} = {loss.error.format(**_names(network, method))}"
    if loss.fused:
        why = f"With {loss.name} the output's slope cancels: the delta is just the difference."
    else:
        why = f"How far each prediction l{i} should move to lower its loss, and which way."
    return Statement("error", code, why, (loss,))


def loss_statement(network: Architecture, method: LearningRule) -> Statement:
    """The mean loss of the batch, for people to watch."""
    entry = method.loss_entry
    samples = f"({entry.per} * n)" if entry.per > 1 else "n"
    total = entry.total.format(**_names(network, method))
    why = "The mean loss: watched by people, not used by the update."
    return Statement("error", f"loss = {total} / {samples}", why, (entry, BATCH_LOSS))


def loss_sum_statement(network: Architecture, method: LearningRule) -> Statement:
    """The same without the division, which can wait until somebody looks."""
    total = method.loss_entry.total.format(**_names(network, method))
    return Statement("error", f"total = {total}", "")


def backward_statements(network: Architecture, method: LearningRule) -> Iterator[Statement]:
    """From the error at the output to a delta for every layer."""
    for i in range(network.depth, 0, -1):
        activation = UNITS[network.activation_of(i)]
        output = i == network.depth
        incoming = f"l{i + 1}_delta @ W{i}.T"
        if output and error_name(network, method) == f"l{i}_delta":
            continue
        if activation.slope is None:
            why = f"Carry the delta of layer {i + 1} back through W{i}; the slope is 1."
            ideas: tuple[Reference, ...] = (CARRIED_BACK, activation)
            yield Statement("backward", f"l{i}_delta = {incoming}", why, ideas)
            continue
        if not output:
            why = f"Carry the delta of layer {i + 1} back through W{i}: layer {i}'s share of it."
            yield Statement("backward", f"l{i}_error = {incoming}", why, (CARRIED_BACK,))
        why = f"Multiply by the derivative of {activation.name} at each unit (chain rule)."
        if activation.jacobian:
            why = f"Carry the error back through {activation.name}, where each output moves all."
        delta = activation.delta(f"l{i}_error", f"l{i}", f"z{i}")
        ideas = (activation, *derivation(activation.derivation), SLOPE)
        yield Statement("backward", f"l{i}_delta = {delta}", why, ideas)


def update_statements(
    network: Architecture, method: LearningRule, part: Part = "whole"
) -> Iterator[Statement]:
    """Every parameter's move, the last layer's first, as the blog has it."""
    if part == "rest":
        yield from _leave(network)
        return
    optimizer, penalty = method.optimizer_entry, method.penalty_entry
    uses = sum(rule.code.count("{d}") for rule in optimizer.each)
    descent: tuple[Reference, ...] = (DESCENT, *([AVERAGE] if method.mean else []))
    descent += (CARRY,) if part == "first" else ()
    for rule in optimizer.once:
        yield Statement("update", rule.code, rule.explanation, (optimizer,))
    for name in sorted(network.shapes(), key=lambda name: (-int(name[1:]), name[0] == "b")):
        total = _average(_descent(name, part), method, part)
        direction = f"({total})"
        if uses > 1:
            direction = f"{name}_descent"
            why = f"Which way, and how strongly, {name} should move: minus its gradient."
            yield Statement("update", f"{direction} = {total}", why, descent)
        moves: list[tuple[StatementTemplate, Reference]] = [
            (rule, optimizer) for rule in optimizer.each
        ]
        if name[0] == "W":
            before = [(rule, penalty) for rule in penalty.before]
            after = [(r, penalty if r in penalty.after else CUT) for r in method.after]
            moves = [*before, *moves, *after]
        for rule, entry in moves:
            code = rule.code.format(p=name, d=direction)
            ideas = (entry, *descent) if uses == 1 and "{d}" in rule.code else (entry,)
            yield Statement("update", code, rule.explanation.format(p=name), ideas)


def fused_update_statements(
    network: Architecture, method: LearningRule, part: Part = "whole"
) -> Iterator[Statement]:
    """The same moves for all parameters together, over the flat vectors.

    Element by element it is the arithmetic of ``update``, so the bits are the same, and
    the number of calls does not grow with the depth.
    """
    if part == "rest":
        yield from _leave(network)
        return
    for name in network.shapes():
        yield Statement("update", f"{name}_descent = {_descent(name, 'whole')}", "")
    if part == "first":
        yield Statement("update", "descent += parameters_carried", "")
    if method.mean:
        yield Statement("update", f"descent /= {_count(part)}", "")
    penalty = method.penalty_entry
    for rule in method.optimizer_entry.once:
        yield Statement("update", rule.code, "")
    for rule in penalty.before:
        yield Statement("update", rule.code.format(p="weights"), "")
    for rule in method.optimizer_entry.each:
        yield Statement("update", rule.code.format(p="parameters", d="descent"), "")
    for rule in method.after:
        yield Statement("update", rule.code.format(p="weights"), "")


def error_name(network: Architecture, method: LearningRule) -> str:
    """``l2_delta`` where the output's slope is 1 or cancels, else ``l2_error``."""
    plain = UNITS[network.output].slope is None
    kind = "delta" if plain or method.loss_entry.fused else "error"
    return f"l{network.depth}_{kind}"


def arithmetic_since(network: Architecture, method: LearningRule) -> int:
    """The version of the arithmetic from which on these lines give the same bits."""
    fused = error_name(network, method) == f"l{network.depth}_delta"
    layers = range(1, network.depth if fused else network.depth + 1)
    return max((UNITS[network.activation_of(i)].since for i in layers), default=1)


def stores_preactivation(network: Architecture, method: LearningRule, layer: int) -> bool:
    """Whether the weighted sums of ``layer`` have a name of their own, ``z{layer}``."""
    read_by_loss = layer == network.depth and method.loss_entry.fused
    return UNITS[network.activation_of(layer)].needs_input or read_by_loss


def _descent(name: str, part: Part) -> str:
    i = int(name[1:])
    total = f"l{i}.T @ l{i + 1}_delta" if name[0] == "W" else f"ones @ l{i + 1}_delta"
    return f"{total} + {name}_carried" if part == "first" else total


def _average(total: str, method: LearningRule, part: Part) -> str:
    if not method.mean:
        return total
    return f"({total}) / {_count(part)}" if part == "first" else f"{total} / {_count(part)}"


def _count(part: Part) -> str:
    return "(n + carried)" if part == "first" else "n"


def _leave(network: Architecture) -> Iterator[Statement]:
    ideas = (CARRY, DESCENT)
    for name in network.shapes():
        why = f"Too few samples for an update: keep what they say of {name} for the next one."
        yield Statement("update", f"{name}_carried = {_descent(name, 'rest')}", why, ideas)
    yield Statement("update", "carried = n", "Remember how many samples were kept.", (CARRY,))


def _names(network: Architecture, method: LearningRule) -> dict[str, str]:
    i = network.depth
    return {"a": f"l{i}", "z": f"z{i}", "e": error_name(network, method)}


def _layer(network: Architecture, i: int) -> str:
    return "the predictions" if i == network.depth else f"what hidden layer {i} says"
