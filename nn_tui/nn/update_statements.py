"""The lines of an update: the learning rate of the epoch, gradients, optimizer, regularization."""

from collections.abc import Iterator

from nn_tui.nn.architecture import Architecture
from nn_tui.nn.concepts import BATCH_GRADIENT, CARRY, CLIPPING, MEAN_REDUCTION, PRUNING, Reference
from nn_tui.nn.learning_rule import LearningRule
from nn_tui.nn.line_changes import AFTER, line_name
from nn_tui.nn.statements import Part, Statement, layer_output, with_changes
from nn_tui.nn.templates import StatementTemplate

RATE_LINE = "learning_rate"
CLIP_FACTOR = "clip_factor = clip_norm / np.maximum(np.sqrt(squared_norm), clip_norm)"


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
        yield from _carry_statements(network, rule)
        return
    optimizer = rule.optimizer_entry
    uses = sum(template.code.count("{d}") for template in optimizer.per_parameter)
    descent: tuple[Reference, ...] = (BATCH_GRADIENT, *([MEAN_REDUCTION] if rule.mean else []))
    descent += (CARRY,) if part == "first" else ()
    for template in optimizer.per_update:
        yield Statement("update", template.code, template.explanation, (optimizer,))
    if rule.clip:
        for name in _last_layer_first(network):
            yield _named_descent(network, rule, name, part, descent)
        yield from _clip_factor(network)
    for name in _last_layer_first(network):
        direction = f"({_average(_descent(network, rule, name, part), rule, part)})"
        if rule.clip:
            direction = f"{name}_descent"
            explanation = f"Shorten the negative gradient of {name}."
            yield Statement("update", f"{direction} *= clip_factor", explanation, (CLIPPING,))
        elif uses > 1:
            direction = f"{name}_descent"
            yield _named_descent(network, rule, name, part, descent)
        for template, entry in moves(rule, name):
            code = template.code.format(p=name, d=direction)
            plain = uses == 1 and not rule.clip and "{d}" in template.code
            references = (entry, *descent) if plain else (entry,)
            yield Statement("update", code, template.explanation.format(p=name), references)


def moves(rule: LearningRule, name: str) -> list[tuple[StatementTemplate, Reference]]:
    """Return the lines that update the parameters ``name``, in order, and where they are from."""
    optimizer, penalty = rule.optimizer_entry, rule.penalty_entry
    steps: list[tuple[StatementTemplate, Reference]] = [
        (template, optimizer) for template in optimizer.per_parameter
    ]
    if name[0] != "W":
        return steps
    before = [(template, penalty) for template in penalty.pre_update]
    after = [(r, penalty if r in penalty.post_update else PRUNING) for r in rule.post_update]
    return [*before, *steps, *after]


def negative_gradients(network: Architecture, rule: LearningRule) -> dict[str, str]:
    """Return the code of the negative gradient of all parameters, last layer first."""
    return {
        name: _average(_descent(network, rule, name, "whole"), rule, "whole")
        for name in _last_layer_first(network)
    }


def _last_layer_first(network: Architecture) -> list[str]:
    return sorted(network.shapes(), key=lambda name: (-int(name[1:]), name[0] == "b"))


def _named_descent(
    network: Architecture,
    rule: LearningRule,
    name: str,
    part: Part,
    references: tuple[Reference, ...],
) -> Statement:
    code = f"{name}_descent = {_average(_descent(network, rule, name, part), rule, part)}"
    return Statement("update", code, f"Compute the negative gradient of {name}.", references)


def _clip_factor(network: Architecture) -> Iterator[Statement]:
    """The factor, at most 1, that limits the norm of the gradient of all parameters."""
    operator, explanation = "=", "Sum the squares of the gradient, over all parameters."
    for name in _last_layer_first(network):
        code = f"squared_norm {operator} np.vdot({name}_descent, {name}_descent)"
        yield Statement("update", code, explanation, (CLIPPING,))
        operator, explanation = "+=", f"Add those of {name}."
    explanation = "Compute the factor that limits the gradient's norm to clip_norm; at most 1."
    yield Statement("update", CLIP_FACTOR, explanation, (CLIPPING,))


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
                "update",
                f"{name}_descent = {_average(_descent(network, rule, name, part), rule, part)}",
                "",
            )
        yield from update_statements(network, rule, part)
        return
    if part == "rest":
        yield from _carry_statements(network, rule)
        return
    for name in network.shapes():
        yield Statement("update", f"{name}_descent = {_descent(network, rule, name, 'whole')}", "")
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


def _descent(network: Architecture, rule: LearningRule, name: str, part: Part) -> str:
    i = int(name[1:])
    left = layer_output(network, rule, i)
    expression = f"{left}.T @ l{i + 1}_delta" if name[0] == "W" else f"ones @ l{i + 1}_delta"
    return f"{expression} + {name}_carried" if part == "first" else expression


def _average(expression: str, rule: LearningRule, part: Part) -> str:
    if not rule.mean:
        return expression
    return (
        f"({expression}) / {_count(part)}" if part == "first" else f"{expression} / {_count(part)}"
    )


def _count(part: Part) -> str:
    return "(n + carried)" if part == "first" else "n"


def _carry_statements(network: Architecture, rule: LearningRule) -> Iterator[Statement]:
    references = (CARRY, BATCH_GRADIENT)
    for name in network.shapes():
        explanation = (
            f"Incomplete batch: carry the negative gradient of {name} over to the next update."
        )
        yield Statement(
            "update",
            f"{name}_carried = {_descent(network, rule, name, 'rest')}",
            explanation,
            references,
        )
    yield Statement("update", "carried = n", "Store the number of samples carried over.", (CARRY,))
