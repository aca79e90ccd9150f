"""A training step: one update of the parameters from one batch.

``statements`` has the lines; this module compiles them for the arrays of a batch. Training
replays ``forward_calls`` (forward, error) and ``backward_calls`` (backward, update);
Explain runs ``lines`` one at a time. Both are compiled from the same text.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nn_tui.nn import statements, update_statements
from nn_tui.nn.activations import ACTIVATIONS
from nn_tui.nn.codegen import compile_replay
from nn_tui.nn.compiler import BufferPool, Call, Compiler
from nn_tui.nn.concepts import Reference
from nn_tui.nn.line_changes import is_blank_line
from nn_tui.nn.state import State
from nn_tui.nn.statements import Part, Statement
from nn_tui.nn.syntax import Function, functions_called, names_read, parse_line, target_name
from nn_tui.nn.update_statements import RATE_LINE
from nn_tui.types import Array

FUNCTIONS: dict[str, Function] = {
    entry.function.name: entry.function for entry in ACTIVATIONS.values() if entry.function
}


@dataclass(frozen=True)
class StepLine:
    """A compiled line.

    ``reads`` and ``writes`` are names in ``Step.arrays`` or of scalars; ``calls`` compute
    the result in place, without allocation.
    """

    phase: str
    code: str
    explanation: str
    reads: tuple[str, ...]
    writes: str
    calls: tuple[Call, ...]
    references: tuple[Reference, ...] = ()
    original: str | None = None
    """As in ``Statement``."""

    def run(self) -> None:
        """Execute the line."""
        for call in self.calls:
            call()


class Workspace:
    """Buffers for batches of one size, shared by all steps with such batches.

    Without ``backward`` there are only buffers for the forward pass and the error.
    """

    def __init__(self, state: State, rows: int, backward: bool = True) -> None:
        self.rows = rows
        self.pool = BufferPool(state.dtype)
        network = state.network
        self.arrays: dict[str, Array] = {
            "ones": np.ones(rows, state.dtype),
            "loss": np.zeros((), state.dtype),
            "total": np.zeros((), state.dtype),
        }
        for i, size in enumerate(network.sizes[1:], 1):
            kinds = ["l{}"]
            if backward or i == network.depth:
                kinds += ["l{}_error", "l{}_delta"]
            if statements.stores_preactivation(network, state.rule, i):
                kinds.append("z{}")
            if backward and statements.layer_output(network, state.rule, i) != f"l{i}":
                kinds.append("l{}_dropped")
            for kind in kinds:
                self.arrays[kind.format(i)] = np.zeros((rows, size), state.dtype)
        if backward and state.rule.input_noise:
            self.arrays["l0_noisy"] = np.zeros((rows, network.sizes[0]), state.dtype)
        if state.rule.smoothing is not None:
            self.arrays["y_smooth"] = np.zeros((rows, network.sizes[-1]), state.dtype)


class Step:
    """The lines compiled for one batch.

    ``l0`` is (samples, inputs) and ``y`` (samples, outputs), both of the state's dtype and
    used without a copy. ``workspace`` has the same number of rows. ``output`` (samples,
    outputs) receives the predictions instead of the workspace. A ``part`` other than
    ``whole`` requires a learning rule with ``carry``. ``noise`` are the random numbers that
    an update reads (``statements.random_inputs``), (samples, columns); without them the step
    only evaluates.
    """

    def __init__(
        self,
        state: State,
        l0: Array,
        y: Array,
        workspace: Workspace,
        output: Array | None = None,
        part: Part = "whole",
        noise: Mapping[str, Array] | None = None,
    ) -> None:
        self.state = state
        self.noise = dict(noise or {})
        self.rule = state.rule if noise is not None else state.rule.for_evaluation
        self.workspace = workspace
        self.part = part
        self.arrays: dict[str, Array] = {**state.arrays, **workspace.arrays, "l0": l0, "y": y}
        self.arrays |= self.noise
        if output is not None:
            self.arrays[f"l{state.network.depth}"] = output
        constants = {"n": workspace.rows}
        own = (*state.network.functions, *state.rule.functions)
        self.functions = {**FUNCTIONS, **{entry.name: entry for entry in own}}
        """The helper functions that lines call."""
        self._compiler = Compiler(
            self.arrays, state.scalars, self.functions, workspace.pool, constants
        )
        network, rule = state.network, self.rule
        self._forward_statements = (
            *statements.forward_statements(network, rule),
            *statements.error_statements(network, rule),
        )
        self._loss_statement = statements.loss_statement(network, rule)
        self._backward_statements = tuple(statements.backward_statements(network, rule))
        # Compiled first: forward lines may allocate arrays that later lines read.
        self.forward_calls = self._compile(self._forward_statements)
        """From the batch to the error."""

    @cached_property
    def loss_sum_calls(self) -> tuple[Call, ...]:
        """Compute the sum of the losses into ``arrays["total"]``; after ``forward_calls``."""
        return self._compile([statements.loss_sum_statement(self.state.network, self.rule)])

    @cached_property
    def backward_calls(self) -> tuple[Call, ...]:
        """From the error to new parameters; after ``forward_calls``."""
        at_once = update_statements.fused_update_statements(
            self.state.network, self.rule, self.part
        )
        return self._compile([*self._backward_statements, *at_once])

    @cached_property
    def lines(self) -> tuple[StepLine, ...]:
        """All lines of the step, with separate updates for each parameter."""
        update = update_statements.update_statements(self.state.network, self.rule, self.part)
        rate = update_statements.rate_statement(self.state.rule) if self.part != "rest" else None
        return tuple(
            self._compile_line(d)
            for d in (
                *self._forward_statements,
                self._loss_statement,
                *self._backward_statements,
                *([rate] if rate else ()),
                *update,
            )
        )

    @cached_property
    def forward_lines(self) -> tuple[StepLine, ...]:
        """The lines of the forward pass, from the inputs to the predictions."""
        return tuple(
            self._compile_line(statement)
            for statement in statements.forward_statements(
                self.state.network, self.rule.for_evaluation
            )
        )

    def run(self) -> None:
        """Execute one update."""
        self._update()

    @cached_property
    def _update(self) -> Call:
        return compile_replay((*self.forward_calls, *self.backward_calls))

    def run_lines(self) -> Iterator[StepLine]:
        """Execute one update line by line; each line is yielded after its execution."""
        for line in self.lines:
            line.run()
            yield line

    def source(self) -> str:
        """Return the step as Python source, with a comment for each phase."""
        return source(self.lines)

    def _compile_line(self, statement: Statement) -> StepLine:
        code, original = statement.code, statement.original
        blank = is_blank_line(code)
        calls = () if blank else self._calls(code)
        writes = code.split(" ")[0] if blank else target_name(parse_line(code))
        reads = () if blank else names_read(code)
        why = statement.explanation
        return StepLine(
            statement.phase, code, why, reads, writes, calls, statement.references, original
        )

    def _calls(self, code: str) -> tuple[Call, ...]:
        rate = self.state.rule.schedule is not None and code.startswith(f"{RATE_LINE} =")
        return (self.state.set_rate,) if rate else self._compiler.compile_line(code)

    def _compile(self, lines: Iterable[Statement]) -> tuple[Call, ...]:
        # A blank computes nothing; a step with one is shown, and never trained.
        return self.compile_lines(line.code for line in lines if not is_blank_line(line.code))

    def compile_lines(self, codes: Iterable[str]) -> tuple[Call, ...]:
        """Compile further lines that use this step's arrays."""
        return tuple(call for code in codes for call in self._compiler.compile_line(code))


def source(lines: Iterable[StepLine | Statement]) -> str:
    """Return lines as Python source, with a comment for each phase."""
    text: list[str] = []
    phase = ""
    for line in lines:
        if line.phase != phase:
            phase = line.phase
            text.append(f"# {phase}")
        text.append(line.code)
    return "\n".join(text) + "\n"


def functions_used(
    lines: Iterable[StepLine | Statement], further: Iterable[Function] = ()
) -> tuple[Function, ...]:
    """Return the helper functions that ``lines`` call, in alphabetical order.

    ``further`` functions are those of a recipe.
    """
    known = {**FUNCTIONS, **{entry.name: entry for entry in further}}
    codes = [line.code for line in lines if not is_blank_line(line.code)]
    names = {name for code in codes for name in functions_called(code)}
    return tuple(known[name] for name in sorted(names))
