"""What is wrong with a derivative that a line computes, as far as its numbers tell.

Each guess is tested: a sentence is returned only if the derivative that it describes has the
numbers that the line computed.
"""

from collections.abc import Iterable, Iterator

import numpy as np

from nn_tui.nn.activations import UNITS, Activation
from nn_tui.nn.architecture import Architecture
from nn_tui.nn.compiler import BufferPool, Compiler
from nn_tui.nn.gradient_comparison import Comparison, GradientCheck, weights_read
from nn_tui.nn.scalars import Scalars
from nn_tui.nn.step import FUNCTIONS
from nn_tui.nn.syntax import Function
from nn_tui.types import Array

_CLOSE = 1e-5


def explain_fault(check: GradientCheck, fault: Comparison, network: Architecture) -> str:
    """One or two sentences on ``fault``, one of ``check.faults``."""
    if not np.isfinite(fault.analytic[fault.compared]).all():
        return f"{fault.name} has values that are infinite or not a number."
    with np.errstate(all="ignore"):
        found = next(_guesses(check, fault, network), None) or _ratios(fault)
    loss = next(line for line in check.lines if line.writes == "loss")
    if check.lines[fault.line].original and fault.name in loss.reads:
        found += f" The loss line reads {fault.name}, so the loss changes with it."
    elif loss.original and fault.line < check.lines.index(loss):
        found += " The loss line is changed: the derivatives are those of that loss."
    return found


def ratios(entry: Comparison) -> Array:
    """analytic / numeric of the compared entries whose numeric derivative is not rounding."""
    a, n = entry.analytic[entry.compared], entry.numeric[entry.compared]
    seen = np.abs(n) > max(10 * entry.noise, 1e-6 * float(np.abs(n).max(initial=0.0)))
    made: Array = a[seen] / n[seen]
    return made


def constant_ratio(entry: Comparison) -> float | None:
    """The number by which all numeric derivatives are multiplied; None without one."""
    a, n = entry.analytic[entry.compared], entry.numeric[entry.compared]
    square = float(n @ n)
    if not square:
        return None
    factor = float(a @ n) / square
    return factor if _same(a, factor * n) and factor else None


def _same(a: Array, b: Array) -> bool:
    return float(np.linalg.norm(a - b)) <= _CLOSE * float(np.linalg.norm(a) + np.linalg.norm(b))


def _guesses(check: GradientCheck, fault: Comparison, network: Architecture) -> Iterator[str]:
    yield from _by_factor(check, fault)
    whole = fault.analytic
    square = bool(fault.compared.all()) and whole.ndim == 2 and whole.shape[0] == whole.shape[1]
    if square and _same(whole.T, fault.numeric):
        yield f"{fault.name} is transposed: its rows are where its columns should be."
    if fault.is_parameter:
        yield from _of_parameter(check, fault)
    elif fault.name.endswith("_delta"):
        yield from _of_delta(check, fault, network)
    else:
        yield from _of_error(check, fault)


def _by_factor(check: GradientCheck, fault: Comparison) -> Iterator[str]:
    name, n = fault.name, check.rows
    number = int(fault.compared.sum())
    all_ratios = f"All {number} ratios are" if number > 1 else "The ratio is"
    if not fault.analytic[fault.compared].any():
        yield f"{name} is 0 everywhere; the loss does change with {fault.of}."
    factor = constant_ratio(fault)
    if factor is None:
        return
    sign = ""
    if factor < 0:
        towards = (
            "The update adds the negative gradient."
            if fault.is_parameter
            else f"{name} is the negative derivative of the loss: target minus prediction, and on "
            "from there."
        )
        if np.isclose(factor, -1, rtol=_CLOSE):
            yield f"{all_ratios} -1: the sign is wrong. {towards}"
            return
        sign = ", and the sign is wrong"
    size = abs(factor)
    if n > 2 and np.isclose(size, n, rtol=_CLOSE):
        yield (
            f"{name} is n = {n} times too large{sign}: the sum over the samples instead of their "
            "mean (divide by n)."
        )
    elif n > 2 and np.isclose(size, 1 / n, rtol=_CLOSE):
        yield (
            f"{name} is n = {n} times too small{sign}: the mean over the samples instead of their "
            "sum (divided by n once too often)."
        )
    else:
        yield (
            f"{all_ratios} {factor:.4g}: {name} has a constant factor that the derivative of the "
            f"loss has not{sign}."
        )


def _of_parameter(check: GradientCheck, fault: Comparison) -> Iterator[str]:
    values, layer = check.values, int(fault.name[1:])
    delta, error = f"l{layer + 1}_delta", f"l{layer + 1}_error"
    read = weights_read(values, layer)
    if fault.name[0] == "b":
        candidates = {error: f"{error} instead of {delta}"}
        descents = {n: values[n].sum(axis=0) for n in candidates if n in values}
    else:
        names = (*(f"l{i}" for i in range(20)), f"z{layer}", read)
        inputs = [n for n in dict.fromkeys(names) if n in values]
        pairs = [(left, right) for left in inputs for right in (delta, error) if right in values]
        descents = {
            f"{left}.T @ {right}": values[left].T @ values[right]
            for left, right in pairs
            if values[left].shape[1] == fault.analytic.shape[0]
            and values[right].shape[1] == fault.analytic.shape[1]
        }
        square = values[read]
        if square.shape[0] == square.shape[1]:
            descents[f"{read} @ {delta}"] = square @ values[delta]
    right = delta if fault.name[0] == "b" else f"{read}.T @ {delta}"
    for code, descent in descents.items():
        if code != right and constant_multiple(fault.analytic, descent):
            wanted = f"the sum of {delta} over the samples" if right == delta else right
            yield f"These are the numbers of {code}; the gradient of {fault.name} is {wanted}."


def constant_multiple(a: Array, b: Array) -> bool:
    """Whether ``a`` is a multiple of ``b``, not 0."""
    a, b = a.ravel(), b.ravel()
    square = float(b @ b)
    factor = float(a @ b) / square if square else 0.0
    return bool(factor) and _same(a, factor * b)


def _of_error(check: GradientCheck, fault: Comparison) -> Iterator[str]:
    values, layer = check.values, int(fault.name[1 : fault.name.index("_")])
    weights = values.get(f"W{layer}")
    if weights is None:
        return
    delta, error = f"l{layer + 1}_delta", f"l{layer + 1}_error"
    wanted = f"{delta} @ W{layer}.T"
    if error in values and _same(fault.analytic, values[error] @ weights.T):
        yield f"These are the numbers of {error} @ W{layer}.T: {delta} is wanted, not {error}."
    incoming = values.get(delta)
    if incoming is None:
        return
    square = weights.shape[0] == weights.shape[1]
    if square and _same(fault.analytic, incoming @ weights):
        yield f"W{layer} is not transposed: each unit gets {wanted}, its outgoing weights."
    if incoming.shape == fault.analytic.shape and _same(fault.analytic, incoming):
        yield f"These are the numbers of {delta}: the weights W{layer}.T are missing."


def _of_delta(check: GradientCheck, fault: Comparison, network: Architecture) -> Iterator[str]:
    values, layer = check.values, int(fault.name[1 : fault.name.index("_")])
    error, output, total = f"l{layer}_error", f"l{layer}", f"z{layer}"
    unit = network.unit_of(layer)
    activation = unit.name
    made_by = _Derivatives(network.functions, values.get(output), values.get(total))
    if error not in values or not _agrees(check, error):
        return
    e, a = values[error], fault.analytic
    if _same(a, e):
        yield f"The derivative of {activation} is missing: these are the numbers of {error}."
    for name, entry in UNITS.items():
        made = made_by.of(entry)
        if name != activation and made is not None and _same(a, e * made):
            yield (
                f"The factor is the derivative of {name}; the activation of this layer is "
                f"{activation}."
            )
    for made, sentence in _misplaced(unit, output, total, made_by):
        if made is not None and _same(a, e * made):
            yield sentence
    true = made_by.of(unit)
    if true is not None:
        if _same(a, e * true * true):
            yield f"The derivative of {activation} is applied twice."
        if _same(a, true):
            yield f"{error} is missing: these are the numbers of the derivative alone."
    yield from _by_broadcast(fault, e, error)


def _by_broadcast(fault: Comparison, e: Array, error: str) -> Iterator[str]:
    seen = np.abs(e) > 1e-9 * float(np.abs(e).max(initial=0.0))
    if fault.analytic.shape[1] < 2 or not seen.all():
        return
    n, units = fault.analytic.shape
    factor = fault.analytic / e
    if _same(factor, np.broadcast_to(factor[:, :1], factor.shape)):
        yield (
            f"{fault.name} is {error} times a factor ({n}, 1), one for each sample; NumPy "
            f"broadcasts it over the {units} units. Each unit needs its own."
        )
    elif n > 1 and _same(factor, np.broadcast_to(factor[:1], factor.shape)):
        yield (
            f"{fault.name} is {error} times a factor (1, {units}), the same for every sample. "
            "Each sample needs its own."
        )


def _misplaced(
    unit: Activation, output: str, total: str, derivatives: "_Derivatives"
) -> Iterator[tuple[Array | None, str]]:
    """The derivative of ``unit`` at wrong places, and what that means."""
    a, z = derivatives.output, derivatives.total
    if unit.jacobian:
        return
    if a is not None and "{a}" in (unit.derivative or ""):
        again = derivatives.evaluate(unit.apply.format(x="x"), {"x": a})
        sentence = f"{output} is already the output of {unit.name}; this applies it once more."
        yield derivatives.of(unit, again, z), sentence
        yield derivatives.of(unit, again, a), sentence
    yield derivatives.of(unit, z, z), f"The derivative is taken at {total} instead of {output}."
    yield derivatives.of(unit, a, a), f"The derivative is taken at {output} instead of {total}."


def _agrees(check: GradientCheck, name: str) -> bool:
    return all(entry.agrees for entry in check.intermediates if entry.name == name)


class _Derivatives:
    """Derivatives of activations at the ``output`` and the pre-activations ``total`` of a layer."""

    def __init__(
        self, functions: Iterable[Function], output: Array | None, total: Array | None
    ) -> None:
        self._functions = {**FUNCTIONS, **{entry.name: entry for entry in functions}}
        self.output, self.total = output, total

    def of(self, unit: Activation, *at: Array | None) -> Array | None:
        """The derivative, also elsewhere; None where an array that it reads is missing."""
        if not unit.derivative:
            return None
        found = dict(zip("az", at or (self.output, self.total), strict=True))
        arrays = {key: array for key, array in found.items() if array is not None}
        if any(f"{{{key}}}" in unit.derivative and key not in arrays for key in found):
            return None
        return self.evaluate(unit.derivative.format(a="a", z="z"), arrays)

    def evaluate(self, code: str, arrays: dict[str, Array]) -> Array:
        """The value of an expression that reads ``arrays``."""
        made = dict(arrays)
        pool = BufferPool(np.dtype(np.float64))
        compiler = Compiler(made, Scalars(), self._functions, pool, {})
        for call in compiler.compile_line(f"result = {code}"):
            call()
        return made["result"]


def _ratios(fault: Comparison) -> str:
    found = ratios(fault)
    if not len(found):
        return f"{fault.name} should be 0, where it was compared, and is not."
    return (
        f"The ratios of {fault.name} to the numeric derivative go from {found.min():.3g} to "
        f"{found.max():.3g}; no single factor explains them."
    )
