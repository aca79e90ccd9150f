"""The lines of a training step: forward pass, error, backpropagation, update.

Names are the blog's: ``l0`` is the batch (samples, inputs), ``l1 …`` the activations of the
layers (samples, units), ``W0 …`` the weights, ``y`` the targets. ``l2_error`` is the
negative derivative of the loss with respect to the output, ``l2_delta`` with respect to
its pre-activation; a parameter's ``descent`` is its negative gradient over the batch.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from nn_tui.nn.architecture import Architecture
from nn_tui.nn.concepts import (
    BACKPROPAGATION,
    CHAIN_RULE,
    CLASS_WEIGHTS,
    DROPOUT,
    INPUT_NOISE,
    MEAN_LOSS,
    PREACTIVATION,
    SMOOTHING,
    Reference,
    derivation,
)
from nn_tui.nn.learning_rule import LearningRule
from nn_tui.nn.line_changes import AFTER, changed_line, line_name, own_array

Part = Literal["whole", "first", "rest"]
"""A batch that updates by itself, together with the gradients carried over from the last
epoch (``first``), or whose gradients are carried over to the next epoch (``rest``)."""


class Statement(NamedTuple):
    """A line of code; ``phase`` is forward, error, backward or update.

    ``references`` are ordered by importance. ``original`` is the code of a line that is
    changed, empty for a line that is added, and None for any other.
    """

    phase: str
    code: str
    explanation: str
    references: tuple[Reference, ...] = ()
    original: str | None = None


_NOISY = re.compile(r"\b(l\d+)_(?:dropped|noisy)\b")


def layer_output(network: Architecture, rule: LearningRule, layer: int) -> str:
    """The name of what the next layer reads of a layer, 0 for the inputs."""
    if layer == 0:
        return "l0_noisy" if rule.input_noise else "l0"
    return f"l{layer}_dropped" if rule.dropout and layer < network.depth else f"l{layer}"


def random_inputs(network: Architecture, rule: LearningRule) -> dict[str, int]:
    """The arrays of random numbers that an update reads: their names and columns.

    ``l0_noise`` is from the standard normal distribution, ``l1_random`` … uniform in [0, 1).
    """
    found = {"l0_noise": network.sizes[0]} if rule.input_noise else {}
    if rule.dropout:
        found |= {f"l{i}_random": network.sizes[i] for i in range(1, network.depth)}
    return found


def _kept(layer: int) -> str:
    """The factor of dropout."""
    return f"(l{layer}_random >= dropout) / (1 - dropout)"


def with_changes(statements: Iterable[Statement], rule: LearningRule) -> Iterator[Statement]:
    """Yield the statements with the changes of the ``rule``."""
    changes = dict(rule.lines)
    for statement in statements:
        name = line_name(statement.code) if changes else ""
        change = changes.get(name)
        if not isinstance(change, str):
            yield statement
        elif change:
            code = changed_line(statement.code, change)
            if rule.evaluates:
                code = _NOISY.sub(r"\1", code)
            yield statement._replace(code=code, original=statement.code)
        for added in changes.get(f"{AFTER}{name}", ()):
            if rule.evaluates:
                added = _NOISY.sub(r"\1", added)
            yield Statement(
                statement.phase, own_array(added), "A line that was added.", original=""
            )


def forward_statements(network: Architecture, rule: LearningRule) -> Iterator[Statement]:
    """Yield the forward pass, from ``l0`` to the output layer."""
    yield from with_changes(_forward(network, rule), rule)


def _forward(network: Architecture, rule: LearningRule) -> Iterator[Statement]:
    if rule.input_noise:
        explanation = "Add noise to the inputs, other numbers in every update."
        code = "l0_noisy = l0 + input_noise * l0_noise"
        yield Statement("forward", code, explanation, (INPUT_NOISE,))
    for i in range(1, network.depth + 1):
        activation = network.unit_of(i)
        read = layer_output(network, rule, i - 1)
        expression = f"{read} @ W{i - 1}" + (f" + b{i - 1}" if network.bias else "")
        bias = " and add the biases" if network.bias else ""
        description = f"Multiply {read} by the weights W{i - 1}{bias}"
        if stores_preactivation(network, rule, i):
            explanation = f"{description}: the pre-activations of layer {i}."
            yield Statement("forward", f"z{i} = {expression}", explanation, (PREACTIVATION,))
            expression, description = f"z{i}", f"Take the pre-activations of layer {i}"
        if activation.statements:
            for template in activation.statements:
                code, explanation = (
                    t.format(a=f"l{i}", z=f"z{i}") for t in (template.code, template.explanation)
                )
                yield Statement("forward", code, explanation, (activation,))
            continue
        code = f"l{i} = {activation.apply.format(x=expression)}"
        made = "" if activation.name == "linear" else f", then apply {activation.name}"
        references = (activation,) if expression == f"z{i}" else (PREACTIVATION, activation)
        yield Statement(
            "forward", code, f"{description}{made}: {_describe_output(network, i)}.", references
        )
        if rule.dropout and i < network.depth:
            code = f"l{i}_dropped = l{i} * {_kept(i)}"
            explanation = "Set random units to 0, and scale up the others: their mean stays."
            yield Statement("forward", code, explanation, (DROPOUT,))


def error_statements(network: Architecture, rule: LearningRule) -> Iterator[Statement]:
    """Yield the error of the output layer, or its delta for a fused loss.

    The weight of each sample follows, of a rule with class weights.
    """
    given = [*_smoothed(rule), _error(network, rule), *_sample_weights(rule)]
    yield from with_changes(given, rule)


def _smoothed(rule: LearningRule) -> Iterator[Statement]:
    if rule.smoothing is not None:
        explanation = "Move the targets towards the mean of all classes."
        yield Statement("error", rule.smoothing.code, explanation, (SMOOTHING,))


def _error(network: Architecture, rule: LearningRule) -> Statement:
    i, loss = network.depth, rule.loss_entry
    code = f"{error_name(network, rule)} = {loss.error.format(**_names(network, rule))}"
    if loss.fused:
        explanation = (
            f"With {loss.name} the derivative of the output cancels: delta = target - prediction."
        )
    elif loss.error == "{y} - {a}":
        explanation = f"Compute the error of the predictions l{i}: target minus prediction."
    else:
        explanation = (
            f"Compute the error of the predictions l{i}: the negative derivative of the loss."
        )
    return Statement("error", code, explanation, (loss,))


def _sample_weights(rule: LearningRule) -> Iterator[Statement]:
    if rule.class_weights is not None:
        code = f"sample_weight = {rule.class_weights.code}"
        yield Statement("error", code, "Look up the weight of each sample's class.", _WEIGHTED)


def _total(network: Architecture, rule: LearningRule) -> str:
    """The sum of the losses of a batch, times the loss's ``loss_denominator``."""
    entry = rule.loss_entry
    template = entry.total if rule.class_weights is None else entry.weighted_total
    return template.format(**_names(network, rule))


_WEIGHTED = (CLASS_WEIGHTS,)


def loss_statement(network: Architecture, rule: LearningRule) -> Statement:
    """Return the mean loss of the batch, for monitoring."""
    entry = rule.loss_entry
    samples = f"({entry.loss_denominator} * n)" if entry.loss_denominator > 1 else "n"
    explanation = "Compute the mean loss, for monitoring; the update does not use it."
    references: tuple[Reference, ...] = (entry, MEAN_LOSS)
    if rule.class_weights is not None:
        explanation = "Compute the mean of the weighted losses, for monitoring."
        references = (entry, CLASS_WEIGHTS, MEAN_LOSS)
    code = f"loss = {_total(network, rule)} / {samples}"
    (statement,) = with_changes([Statement("error", code, explanation, references)], rule)
    return statement


def loss_sum_statement(network: Architecture, rule: LearningRule) -> Statement:
    """Return the sum of the losses; the division is left to the reader of the loss."""
    total = _total(network, rule)
    changed = dict(rule.lines).get("loss")
    if isinstance(changed, str):
        total = f"({changed}) * ({rule.loss_entry.loss_denominator} * n)"
    return Statement("error", f"total = {total}", "")


def backward_statements(network: Architecture, rule: LearningRule) -> Iterator[Statement]:
    """Yield backpropagation: from the error of the output to the delta of every layer."""
    yield from with_changes(_backward(network, rule), rule)


def _backward(network: Architecture, rule: LearningRule) -> Iterator[Statement]:
    if rule.class_weights is not None:
        code = f"{error_name(network, rule)} *= sample_weight"
        explanation = "Multiply each sample's row by the weight of its class."
        yield Statement("backward", code, explanation, _WEIGHTED)
    for i in range(network.depth, 0, -1):
        activation = network.unit_of(i)
        output = i == network.depth
        incoming, through = f"l{i + 1}_delta @ W{i}.T", f"W{i}"
        if rule.dropout and not output:
            incoming += f" * {_kept(i)}"
            through += " and the dropout"
        if output and error_name(network, rule) == f"l{i}_delta":
            continue
        if activation.derivative is None:
            explanation = f"Backpropagate the delta through {through}; the derivative is 1."
            references: tuple[Reference, ...] = (BACKPROPAGATION, activation)
            references += (DROPOUT,) if rule.dropout else ()
            yield Statement("backward", f"l{i}_delta = {incoming}", explanation, references)
            continue
        if not output:
            explanation = f"Backpropagate the delta through {through}."
            references = (BACKPROPAGATION, *([DROPOUT] if rule.dropout else []))
            yield Statement("backward", f"l{i}_error = {incoming}", explanation, references)
        explanation = f"Multiply by the derivative of {activation.name} at each unit (chain rule)."
        if activation.jacobian:
            explanation = f"Multiply by the Jacobian of {activation.name} (chain rule)."
        if activation.numeric:
            explanation += " It is taken numerically."
        delta = activation.delta(f"l{i}_error", f"l{i}", f"z{i}")
        references = (activation, *derivation(activation.derivation), CHAIN_RULE)
        yield Statement("backward", f"l{i}_delta = {delta}", explanation, references)


def error_name(network: Architecture, rule: LearningRule) -> str:
    """Return ``l2_delta`` where the output's derivative is 1 or cancels, else ``l2_error``."""
    plain = network.unit_of(network.depth).derivative is None
    kind = "delta" if plain or rule.loss_entry.fused else "error"
    return f"l{network.depth}_{kind}"


def arithmetic_since(network: Architecture, rule: LearningRule) -> int:
    """Return the first ``ARITHMETIC`` version in which these lines give the same bits."""
    fused = error_name(network, rule) == f"l{network.depth}_delta"
    layers = range(1, network.depth if fused else network.depth + 1)
    return max((network.unit_of(i).since for i in layers), default=1)


def stores_preactivation(network: Architecture, rule: LearningRule, layer: int) -> bool:
    """Return whether the pre-activations of ``layer`` are stored, as ``z{layer}``."""
    read_by_loss = layer == network.depth and rule.loss_entry.fused
    return network.unit_of(layer).needs_input or read_by_loss


def _names(network: Architecture, rule: LearningRule) -> dict[str, str]:
    i = network.depth
    targets = "y_smooth" if rule.smoothing is not None else "y"
    return {"y": targets, "a": f"l{i}", "z": f"z{i}", "e": error_name(network, rule)}


def _describe_output(network: Architecture, i: int) -> str:
    return "the predictions" if i == network.depth else f"the activations of hidden layer {i}"
