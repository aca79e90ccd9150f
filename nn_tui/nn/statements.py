"""The lines of a training step: forward pass, error, backpropagation, update.

Names are the blog's: ``l0`` is the batch (samples, inputs), ``l1 …`` the activations of the
layers (samples, units), ``W0 …`` the weights, ``y`` the targets. ``l2_error`` is the
negative derivative of the loss with respect to the output, ``l2_delta`` with respect to
its pre-activation; a parameter's ``descent`` is its negative gradient over the batch.
"""

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple, Protocol

from nn_tui.nn.architecture import Architecture
from nn_tui.nn.learning_rule import LearningRule
from nn_tui.nn.line_changes import AFTER, changed_line, line_name, own_array
from nn_tui.nn.templates import StatementTemplate


class Reference(Protocol):
    """Name, formula and source shown with a line; every registry entry has them."""

    @property
    def name(self) -> str: ...

    @property
    def formula(self) -> str: ...

    @property
    def source(self) -> str: ...


class Concept(NamedTuple):
    """A reference that is not a registry entry."""

    name: str
    formula: str
    source: str


def derivation(text: str) -> tuple[Concept, ...]:
    """Return the derivation of a derivative as a reference; empty for an empty text."""
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
    "-dL/da_i = Σ_j W_ij δ_j, over the units j of the next layer",
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
    "g = 1/n Σ g over samples: the learning rate is independent of the batch size",
    "Bottou, Large-scale learning with stochastic gradient descent, 2010",
)
CLASS_WEIGHTS = Concept(
    "class weights",
    "loss = 1/n Σ w L, -dL/da ← w · (-dL/da); balanced: w = n / (classes · n_class)",
    "King and Zeng, Logistic regression in rare events data, 2001; class_weight in Keras",
)
CLIPPING = Concept(
    "gradient clipping",
    "g ← g · c / max(‖g‖, c), with the norm over all parameters",
    "Pascanu, Mikolov and Bengio, On the difficulty of training recurrent networks, 2013",
)
PRUNING = Concept(
    "pruning",
    "w ← 0 after every update, for pruned weights",
    "LeCun, Denker and Solla, Optimal brain damage, 1990",
)
CARRY = Concept(
    "gradients carried over",
    "an incomplete last batch is completed by the next epoch's first batch",
    "TensorFlow Playground (playground.ts, oneStep)",
)


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
            yield statement._replace(code=code, original=statement.code)
        for added in changes.get(f"{AFTER}{name}", ()):
            yield Statement(
                statement.phase, own_array(added), "A line that was added.", original=""
            )


def forward_statements(network: Architecture, rule: LearningRule) -> Iterator[Statement]:
    """Yield the forward pass, from ``l0`` to the output layer."""
    yield from with_changes(_forward(network, rule), rule)


def _forward(network: Architecture, rule: LearningRule) -> Iterator[Statement]:
    for i in range(1, network.depth + 1):
        activation = network.unit_of(i)
        expression = f"l{i - 1} @ W{i - 1}" + (f" + b{i - 1}" if network.bias else "")
        bias = " and add the biases" if network.bias else ""
        description = f"Multiply l{i - 1} by the weights W{i - 1}{bias}"
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


def error_statements(network: Architecture, rule: LearningRule) -> Iterator[Statement]:
    """Yield the error of the output layer, or its delta for a fused loss.

    The weight of each sample follows, of a rule with class weights.
    """
    given = [_error(network, rule), *_sample_weights(rule)]
    yield from with_changes(given, rule)


def _error(network: Architecture, rule: LearningRule) -> Statement:
    i, loss = network.depth, rule.loss_entry
    code = f"{error_name(network, rule)} = {loss.error.format(**_names(network, rule))}"
    if loss.fused:
        explanation = (
            f"With {loss.name} the derivative of the output cancels: delta = target - prediction."
        )
    elif loss.error == "y - {a}":
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
        incoming = f"l{i + 1}_delta @ W{i}.T"
        if output and error_name(network, rule) == f"l{i}_delta":
            continue
        if activation.derivative is None:
            explanation = f"Backpropagate the delta through W{i}; the derivative is 1."
            references: tuple[Reference, ...] = (BACKPROPAGATION, activation)
            yield Statement("backward", f"l{i}_delta = {incoming}", explanation, references)
            continue
        if not output:
            explanation = f"Backpropagate the delta through W{i}."
            yield Statement("backward", f"l{i}_error = {incoming}", explanation, (BACKPROPAGATION,))
        explanation = f"Multiply by the derivative of {activation.name} at each unit (chain rule)."
        if activation.jacobian:
            explanation = f"Multiply by the Jacobian of {activation.name} (chain rule)."
        if activation.numeric:
            explanation += " It is taken numerically."
        delta = activation.delta(f"l{i}_error", f"l{i}", f"z{i}")
        references = (activation, *derivation(activation.derivation), CHAIN_RULE)
        yield Statement("backward", f"l{i}_delta = {delta}", explanation, references)


RATE_LINE = "learning_rate"


def rate_statement(rule: LearningRule) -> Statement | None:
    """Return the line that computes the learning rate of an epoch; None of a constant one."""
    if rule.schedule is None:
        return None
    schedule = rule.schedule
    made = Statement("update", schedule.code, schedule.explanation, (schedule.entry,))
    (statement,) = with_changes([made], rule)
    return statement


def update_statements(
    network: Architecture, rule: LearningRule, part: Part = "whole"
) -> Iterator[Statement]:
    """Yield the updates of all parameters, last layer first, as in the blog."""
    yield from with_changes(_updates(network, rule, part), rule)


def _updates(network: Architecture, rule: LearningRule, part: Part) -> Iterator[Statement]:
    if part == "rest":
        yield from _carry_statements(network)
        return
    optimizer, penalty = rule.optimizer_entry, rule.penalty_entry
    uses = sum(template.code.count("{d}") for template in optimizer.per_parameter)
    descent: tuple[Reference, ...] = (BATCH_GRADIENT, *([MEAN_REDUCTION] if rule.mean else []))
    descent += (CARRY,) if part == "first" else ()
    for template in optimizer.per_update:
        yield Statement("update", template.code, template.explanation, (optimizer,))
    if rule.clip:
        for name in _last_layer_first(network):
            yield _named_descent(name, rule, part, descent)
        yield from _clip_factor(network)
    for name in _last_layer_first(network):
        direction = f"({_average(_descent(name, part), rule, part)})"
        if rule.clip:
            direction = f"{name}_descent"
            explanation = f"Shorten the negative gradient of {name}."
            yield Statement("update", f"{direction} *= clip_factor", explanation, (CLIPPING,))
        elif uses > 1:
            direction = f"{name}_descent"
            yield _named_descent(name, rule, part, descent)
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
            plain = uses == 1 and not rule.clip and "{d}" in template.code
            references = (entry, *descent) if plain else (entry,)
            yield Statement("update", code, template.explanation.format(p=name), references)


def _last_layer_first(network: Architecture) -> list[str]:
    return sorted(network.shapes(), key=lambda name: (-int(name[1:]), name[0] == "b"))


def _named_descent(
    name: str, rule: LearningRule, part: Part, references: tuple[Reference, ...]
) -> Statement:
    code = f"{name}_descent = {_average(_descent(name, part), rule, part)}"
    return Statement("update", code, f"Compute the negative gradient of {name}.", references)


def _clip_factor(network: Architecture) -> Iterator[Statement]:
    """The factor, at most 1, that limits the norm of the gradient of all parameters."""
    operator, explanation = "=", "Sum the squares of the gradient, over all parameters."
    for name in _last_layer_first(network):
        code = f"squared_norm {operator} np.vdot({name}_descent, {name}_descent)"
        yield Statement("update", code, explanation, (CLIPPING,))
        operator, explanation = "+=", f"Add those of {name}."
    code = "clip_factor = clip_norm / np.maximum(np.sqrt(squared_norm), clip_norm)"
    explanation = "Compute the factor that limits the gradient's norm to clip_norm; at most 1."
    yield Statement("update", code, explanation, (CLIPPING,))


def fused_update_statements(
    network: Architecture, rule: LearningRule, part: Part = "whole"
) -> Iterator[Statement]:
    """Yield the updates of all parameters at once, over the flat vectors.

    The element-wise arithmetic of ``update_statements``, with the same bits; the number of
    calls does not grow with the depth. Where the lines of an update are changed, they are
    those of ``update_statements``, after the negative gradients.
    """
    if updates_changed(network, rule):
        for name in network.shapes():
            yield Statement(
                "update", f"{name}_descent = {_average(_descent(name, part), rule, part)}", ""
            )
        yield from update_statements(network, rule, part)
        return
    if part == "rest":
        yield from _carry_statements(network)
        return
    for name in network.shapes():
        yield Statement("update", f"{name}_descent = {_descent(name, 'whole')}", "")
    if part == "first":
        yield Statement("update", "descent += parameters_carried", "")
    if rule.mean:
        yield Statement("update", f"descent /= {_count(part)}", "")
    if rule.clip:
        yield from _clip_factor(network)
        yield Statement("update", "descent *= clip_factor", "")
    penalty = rule.penalty_entry
    for template in rule.optimizer_entry.per_update:
        yield Statement("update", template.code, "")
    for template in penalty.pre_update:
        yield Statement("update", template.code.format(p="weights"), "")
    for template in rule.optimizer_entry.per_parameter:
        yield Statement("update", template.code.format(p="parameters", d="descent"), "")
    for template in rule.post_update:
        yield Statement("update", template.code.format(p="weights"), "")


def updates_changed(network: Architecture, rule: LearningRule) -> bool:
    """Return whether lines of the update are changed or added."""
    if not rule.lines:
        return False
    names = {line_name(statement.code) for statement in _updates(network, rule, "whole")}
    return any(name.removeprefix(AFTER) in names for name, _ in rule.lines)


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


def _descent(name: str, part: Part) -> str:
    i = int(name[1:])
    expression = f"l{i}.T @ l{i + 1}_delta" if name[0] == "W" else f"ones @ l{i + 1}_delta"
    return f"{expression} + {name}_carried" if part == "first" else expression


def _average(expression: str, rule: LearningRule, part: Part) -> str:
    if not rule.mean:
        return expression
    return (
        f"({expression}) / {_count(part)}" if part == "first" else f"{expression} / {_count(part)}"
    )


def _count(part: Part) -> str:
    return "(n + carried)" if part == "first" else "n"


def _carry_statements(network: Architecture) -> Iterator[Statement]:
    references = (CARRY, BATCH_GRADIENT)
    for name in network.shapes():
        explanation = (
            f"Incomplete batch: carry the negative gradient of {name} over to the next update."
        )
        yield Statement(
            "update", f"{name}_carried = {_descent(name, 'rest')}", explanation, references
        )
    yield Statement("update", "carried = n", "Store the number of samples carried over.", (CARRY,))


def _names(network: Architecture, rule: LearningRule) -> dict[str, str]:
    i = network.depth
    return {"a": f"l{i}", "z": f"z{i}", "e": error_name(network, rule)}


def _describe_output(network: Architecture, i: int) -> str:
    return "the predictions" if i == network.depth else f"the activations of hidden layer {i}"
