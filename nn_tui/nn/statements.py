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


_BACKPROPAGATION_PAPER = "Rumelhart, Hinton and Williams, Learning representations, 1986"

PREACTIVATION = Concept(
    "weighted sum",
    "z_j = Σ_i x_i W_ij + b_j",
    "Rosenblatt, The perceptron, 1958",
)
MEAN_LOSS = Concept(
    "mean loss",
    "loss = 1/n Σ L, over the n samples of the batch",
    "empirical risk, Vapnik 1991",
)
BACKPROPAGATION = Concept(
    "backpropagation",
    "-dL/da_i = Σ_j W_ij δ_j: a unit's share in the errors of all it feeds",
    _BACKPROPAGATION_PAPER,
)
CHAIN_RULE = Concept(
    "chain rule",
    "δ = -dL/dz = -dL/da · f'(z)",
    _BACKPROPAGATION_PAPER,
)
BATCH_GRADIENT = Concept(
    "gradient of a batch",
    "-dL/dW_ij = Σ x_i δ_j, -dL/db_j = Σ δ_j, over the samples",
    _BACKPROPAGATION_PAPER,
)
MEAN_REDUCTION = Concept(
    "mean reduction",
    "g = 1/n Σ g of a sample: the rate need not follow the batch's size",
    "Bottou, Large-scale learning with stochastic gradient descent, 2010",
)
PRUNING = Concept(
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

    ``references`` is what there is to read about it, what matters most first.
    """

    phase: str
    code: str
    explanation: str
    references: tuple[Reference, ...] = ()


def forward_statements(network: Architecture, rule: LearningRule) -> Iterator[Statement]:
    """From ``l0`` to the output layer."""
    for i in range(1, network.depth + 1):
        activation = UNITS[network.activation_of(i)]
        total = f"l{i - 1} @ W{i - 1}" + (f" + b{i - 1}" if network.bias else "")
        bias = " and add the biases" if network.bias else ""
        whole = f"Multiply l{i - 1} by the weights W{i - 1}{bias}"
        if stores_preactivation(network, rule, i):
            why = f"{whole}: the weighted sums of layer {i}."
            yield Statement("forward", f"z{i} = {total}", why, (PREACTIVATION,))
            total, whole = f"z{i}", f"Take the sums of layer {i}"
        if activation.statements:
            for template in activation.statements:
                code, why = (
                    t.format(a=f"l{i}", z=f"z{i}") for t in (template.code, template.explanation)
                )
                yield Statement("forward", code, why, (activation,))
            continue
        code = f"l{i} = {activation.apply.format(x=total)}"
        made = "" if activation.name == "linear" else f", then apply {activation.name}"
        ideas = (activation,) if total == f"z{i}" else (PREACTIVATION, activation)
        yield Statement("forward", code, f"{whole}{made}: {_describe_output(network, i)}.", ideas)


def error_statement(network: Architecture, rule: LearningRule) -> Statement:
    """How far, and which way, the output (or its sum) should move."""
    i, loss = network.depth, rule.loss_entry
    code = f"{error_name(network, rule)} = {loss.error.format(**_names(network, rule))}"
    if loss.fused:
        why = f"With {loss.name} the output's slope cancels: the delta is just the difference."
    else:
        why = f"How far each prediction l{i} should move to lower its loss, and which way."
    return Statement("error", code, why, (loss,))


def loss_statement(network: Architecture, rule: LearningRule) -> Statement:
    """The mean loss of the batch, for people to watch."""
    entry = rule.loss_entry
    samples = f"({entry.loss_denominator} * n)" if entry.loss_denominator > 1 else "n"
    total = entry.total.format(**_names(network, rule))
    why = "The mean loss: watched by people, not used by the update."
    return Statement("error", f"loss = {total} / {samples}", why, (entry, MEAN_LOSS))


def loss_sum_statement(network: Architecture, rule: LearningRule) -> Statement:
    """The same without the division, which can wait until somebody looks."""
    total = rule.loss_entry.total.format(**_names(network, rule))
    return Statement("error", f"total = {total}", "")


def backward_statements(network: Architecture, rule: LearningRule) -> Iterator[Statement]:
    """From the error at the output to a delta for every layer."""
    for i in range(network.depth, 0, -1):
        activation = UNITS[network.activation_of(i)]
        output = i == network.depth
        incoming = f"l{i + 1}_delta @ W{i}.T"
        if output and error_name(network, rule) == f"l{i}_delta":
            continue
        if activation.derivative is None:
            why = f"Carry the delta of layer {i + 1} back through W{i}; the slope is 1."
            ideas: tuple[Reference, ...] = (BACKPROPAGATION, activation)
            yield Statement("backward", f"l{i}_delta = {incoming}", why, ideas)
            continue
        if not output:
            why = f"Carry the delta of layer {i + 1} back through W{i}: layer {i}'s share of it."
            yield Statement("backward", f"l{i}_error = {incoming}", why, (BACKPROPAGATION,))
        why = f"Multiply by the derivative of {activation.name} at each unit (chain rule)."
        if activation.jacobian:
            why = f"Carry the error back through {activation.name}, where each output moves all."
        delta = activation.delta(f"l{i}_error", f"l{i}", f"z{i}")
        ideas = (activation, *derivation(activation.derivation), CHAIN_RULE)
        yield Statement("backward", f"l{i}_delta = {delta}", why, ideas)


def update_statements(
    network: Architecture, rule: LearningRule, part: Part = "whole"
) -> Iterator[Statement]:
    """Every parameter's move, the last layer's first, as the blog has it."""
    if part == "rest":
        yield from _carry_statements(network)
        return
    optimizer, penalty = rule.optimizer_entry, rule.penalty_entry
    uses = sum(template.code.count("{d}") for template in optimizer.per_parameter)
    descent: tuple[Reference, ...] = (BATCH_GRADIENT, *([MEAN_REDUCTION] if rule.mean else []))
    descent += (CARRY,) if part == "first" else ()
    for template in optimizer.per_update:
        yield Statement("update", template.code, template.explanation, (optimizer,))
    for name in sorted(network.shapes(), key=lambda name: (-int(name[1:]), name[0] == "b")):
        total = _average(_descent(name, part), rule, part)
        direction = f"({total})"
        if uses > 1:
            direction = f"{name}_descent"
            why = f"Which way, and how strongly, {name} should move: minus its gradient."
            yield Statement("update", f"{direction} = {total}", why, descent)
        moves: list[tuple[StatementTemplate, Reference]] = [
            (template, optimizer) for template in optimizer.per_parameter
        ]
        if name[0] == "W":
            before = [(template, penalty) for template in penalty.pre_update]
            after = [
                (r, penalty if r in penalty.post_update else PRUNING) for r in rule.post_update
            ]
            moves = [*before, *moves, *after]
        for template, entry in moves:
            code = template.code.format(p=name, d=direction)
            ideas = (entry, *descent) if uses == 1 and "{d}" in template.code else (entry,)
            yield Statement("update", code, template.explanation.format(p=name), ideas)


def fused_update_statements(
    network: Architecture, rule: LearningRule, part: Part = "whole"
) -> Iterator[Statement]:
    """The same moves for all parameters together, over the flat vectors.

    Element by element it is the arithmetic of ``update``, so the bits are the same, and
    the number of calls does not grow with the depth.
    """
    if part == "rest":
        yield from _carry_statements(network)
        return
    for name in network.shapes():
        yield Statement("update", f"{name}_descent = {_descent(name, 'whole')}", "")
    if part == "first":
        yield Statement("update", "descent += parameters_carried", "")
    if rule.mean:
        yield Statement("update", f"descent /= {_count(part)}", "")
    penalty = rule.penalty_entry
    for template in rule.optimizer_entry.per_update:
        yield Statement("update", template.code, "")
    for template in penalty.pre_update:
        yield Statement("update", template.code.format(p="weights"), "")
    for template in rule.optimizer_entry.per_parameter:
        yield Statement("update", template.code.format(p="parameters", d="descent"), "")
    for template in rule.post_update:
        yield Statement("update", template.code.format(p="weights"), "")


def error_name(network: Architecture, rule: LearningRule) -> str:
    """``l2_delta`` where the output's slope is 1 or cancels, else ``l2_error``."""
    plain = UNITS[network.output].derivative is None
    kind = "delta" if plain or rule.loss_entry.fused else "error"
    return f"l{network.depth}_{kind}"


def arithmetic_since(network: Architecture, rule: LearningRule) -> int:
    """The version of the arithmetic from which on these lines give the same bits."""
    fused = error_name(network, rule) == f"l{network.depth}_delta"
    layers = range(1, network.depth if fused else network.depth + 1)
    return max((UNITS[network.activation_of(i)].since for i in layers), default=1)


def stores_preactivation(network: Architecture, rule: LearningRule, layer: int) -> bool:
    """Whether the weighted sums of ``layer`` have a name of their own, ``z{layer}``."""
    read_by_loss = layer == network.depth and rule.loss_entry.fused
    return UNITS[network.activation_of(layer)].needs_input or read_by_loss


def _descent(name: str, part: Part) -> str:
    i = int(name[1:])
    total = f"l{i}.T @ l{i + 1}_delta" if name[0] == "W" else f"ones @ l{i + 1}_delta"
    return f"{total} + {name}_carried" if part == "first" else total


def _average(total: str, rule: LearningRule, part: Part) -> str:
    if not rule.mean:
        return total
    return f"({total}) / {_count(part)}" if part == "first" else f"{total} / {_count(part)}"


def _count(part: Part) -> str:
    return "(n + carried)" if part == "first" else "n"


def _carry_statements(network: Architecture) -> Iterator[Statement]:
    ideas = (CARRY, BATCH_GRADIENT)
    for name in network.shapes():
        why = f"Too few samples for an update: keep what they say of {name} for the next one."
        yield Statement("update", f"{name}_carried = {_descent(name, 'rest')}", why, ideas)
    yield Statement("update", "carried = n", "Remember how many samples were kept.", (CARRY,))


def _names(network: Architecture, rule: LearningRule) -> dict[str, str]:
    i = network.depth
    return {"a": f"l{i}", "z": f"z{i}", "e": error_name(network, rule)}


def _describe_output(network: Architecture, i: int) -> str:
    return "the predictions" if i == network.depth else f"what hidden layer {i} says"
