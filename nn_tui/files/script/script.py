"""The script of a run: its data, its start weights, its loops, its prediction.

Every line that trains comes from ``nn.drafts``, as the lines that run and the lines that
are explained do.
"""

from nn_tui.files.script import literals
from nn_tui.files.script.literals import assignment
from nn_tui.files.script.loop_code import (
    ScriptStyle,
    batch_size_lines,
    helper_functions,
    loss_statements,
    training_loop_code,
)
from nn_tui.files.script.segments import Segment, SegmentSetting, segments
from nn_tui.files.script.variables import Variables
from nn_tui.nn.architecture import views
from nn_tui.nn.initializers import INITIALIZERS
from nn_tui.text import make_printable
from nn_tui.training import model_builder as plan
from nn_tui.training.run import Run

_REPORTS = 10
_MOST_ROWS = 10
"""Of the predictions that are printed at the end."""


def script_of(run: Run, epoch: int) -> str:
    """Python text that trains ``run`` from its start to ``epoch`` and prints what came of it.

    The weights it ends with, ``W0 b0 W1 …``, are the run's own, bit for bit.
    """
    parts = list(segments(run, epoch))
    style = _style(run, epoch, parts)
    variables = Variables(style)
    start = SegmentSetting(run.recipe, run.dataset)
    body = [*variables.samples(start), *([] if style.batched else batch_size_lines(start, "X")), ""]
    body += _start_weights(run, start)
    for part in parts:
        body += _trained(part, style, variables)
    body += _shown(parts[-1].end, style, epoch)
    packed = any("unpacked(" in line for line in body)
    lines = [*_head(run.name, start, epoch, packed), *_helpers(parts, packed), *body]
    return _spaced(lines)


def _style(run: Run, epoch: int, parts: list[Segment]) -> ScriptStyle:
    tested = run.dataset.test_count > 0
    batched = any(part.setting.batched for part in parts if part.last > part.first)
    return ScriptStyle(batched, batched or tested, tested, _every(epoch), len(str(epoch)))


def _every(epochs: int) -> int:
    """Epochs from one printed loss to the next: 1, 2, 5, 10, 20 …"""
    steps = [int(step * 10.0**power) for power in range(13) for step in (1, 2, 5)]
    return next(step for step in steps if step * _REPORTS >= epochs)


def _head(name: str, start: SegmentSetting, epoch: int, packed: bool) -> list[str]:
    network, training = start.network, start.recipe.training
    sizes = "-".join(map(str, network.sizes))
    units = dict.fromkeys(network.activation_of(i) for i in range(1, network.depth + 1))
    what = f"{sizes} {' '.join(units)}, {training.loss}, {training.optimizer}"
    imports = [*literals.IMPORTS, ""] if packed else []
    return [
        f"# {make_printable(name)}: {what}, {epoch:,} epochs.",
        "# Needs only NumPy, and ends with the weights of the run that it was written from.",
        "",
        *imports,
        "import numpy as np",
        "",
    ]


def _helpers(parts: list[Segment], packed: bool) -> list[str]:
    used = {name: text for part in parts for name, text in helper_functions(part.setting).items()}
    texts = [used[name] for name in sorted(used)]
    texts = [literals.UNPACKED, *texts] if packed else texts
    return [line for text in texts for line in ("", *text.splitlines(), "", "")]


def _start_weights(run: Run, start: SegmentSetting) -> list[str]:
    recipe, network = start.recipe, start.network
    dtype, seed = recipe.network.dtype, recipe.network.seed
    if run.start is not None or isinstance(seed, str):
        flat = plan.start_parameters(recipe, network) if run.start is None else run.start
        named = views(flat, network)
        lines = []
        if run.start is None:
            lines = [
                f"# TensorFlow Playground's start weights for the seed {make_printable(str(seed))}"
            ]
        return lines + [line for name in named for line in assignment(name, named[name], dtype)]
    entry = INITIALIZERS[recipe.network.init]
    lines = [f"np.random.seed({seed})"] if "np.random" in entry.code else []
    kind = ", np.float32" if dtype == "float32" else ""
    for name, shape in network.shapes().items():
        if name[0] == "b":
            fill = f"np.full({shape[0]}, {entry.bias}{kind})"
            lines.append(f"{name} = {fill if entry.bias else f'np.zeros({shape[0]}{kind})'}")
        else:
            drawn = entry.line(*shape)
            lines.append(f"{name} = {f'np.float32({drawn})' if kind else drawn}")
    return lines


def _trained(part: Segment, style: ScriptStyle, variables: Variables) -> list[str]:
    lines = [""]
    if part.first and part.opening:
        edits = "; ".join(str(change.edit) for change in part.opening)
        lines.append(f"# After epoch {part.first:,}: {make_printable(edits)}.")
    for change in part.opening:
        lines += variables.changed(change)
    lines += variables.looks(part.setting)
    if part.last == part.first:
        return lines
    lines += variables.needed(part.setting)
    changes: dict[int, list[str]] = {}
    for change in part.within:
        changes.setdefault(change.edit.epoch, []).extend(variables.changed(change))
    changes = {epoch: statements for epoch, statements in changes.items() if statements}
    return [*lines, "", *training_loop_code(part, style, changes)]


def _spaced(lines: list[str]) -> str:
    """The lines as text, with no more than two empty ones together."""
    kept = [line for i, line in enumerate(lines) if line or any(lines[max(0, i - 2) : i])]
    return "\n".join(kept) + "\n"


def _shown(setting: SegmentSetting, style: ScriptStyle, epoch: int) -> list[str]:
    output = f"l{setting.network.depth}"
    lines = [f"{output}, loss = look(X, {style.targets})"]
    if not style.looks:
        lines = ["l0 = X", *(draft.code for draft in loss_statements(setting))]
    said, rows = "the predictions", ""
    if setting.samples > _MOST_ROWS:
        said, rows = f"the first {_MOST_ROWS} predictions", f"[:{_MOST_ROWS}]"
    return [
        "",
        f"# {said}",
        *lines,
        style.report(str(epoch), "loss"),
        f"print({output}{rows})",
    ]
