"""The script of a run: data, initial weights, training loops, predictions.

Training code comes from ``nn.statements``, like the code that trains and is explained on the
screen.
"""

from nn_tui.errors import InputError
from nn_tui.files.script import literals
from nn_tui.files.script.literals import assignment
from nn_tui.files.script.loop_code import (
    ScriptStyle,
    batch_size_lines,
    helper_functions,
    loss_statements,
    step_codes,
    training_loop_code,
)
from nn_tui.files.script.prediction_code import prediction_code
from nn_tui.files.script.segments import Segment, SegmentSetting, segments
from nn_tui.files.script.update_loop import loops, parameters_code
from nn_tui.files.script.variables import Variables
from nn_tui.nn.architecture import views
from nn_tui.nn.initializers import INITIALIZERS
from nn_tui.text import make_printable
from nn_tui.training import model_builder
from nn_tui.training.run import Run

_REPORTS = 10
_MOST_ROWS = 10
"""Largest number of predictions printed at the end."""


def script_of(run: Run, epoch: int) -> str:
    """The code of a script that trains ``run`` up to ``epoch`` and prints its predictions.

    The final weights ``W0 b0 W1 …`` are those of the run, bit for bit.
    """
    parts = list(segments(run, epoch))
    for part in parts:
        if blank := model_builder.blank_lines(part.end.recipe, part.end.dataset):
            raise InputError(f"{blank[0]} is blank; a script needs all lines of the step")
    style = _style(run, epoch, parts)
    variables = Variables(style)
    start = SegmentSetting(run.recipe, run.dataset)
    body = [*variables.samples(start), *([] if style.batched else batch_size_lines(start, "X")), ""]
    body += _initial_weights(run, start)
    body += parameters_code(start) if style.looped else []
    for part in parts:
        body += _segment_code(part, style, variables)
    body += _outcome_code(parts[-1].end, style, epoch)
    body += prediction_code(parts[-1].end)
    packed = any("unpacked(" in line for line in body)
    imports = [*literals.IMPORTS] if packed else []
    if any("datetime(" in line for line in body):
        imports.append("from datetime import datetime")
    if any("re.search(" in line or "re.findall(" in line for line in body):
        imports.append("import re")
    lines = [
        *_header(
            run.name,
            start,
            epoch,
            sorted(imports, key=lambda line: (line.startswith("from"), line)),
        ),
        *_helpers(parts, packed),
        *body,
    ]
    return _join_lines(lines)


def _style(run: Run, epoch: int, parts: list[Segment]) -> ScriptStyle:
    held_out = tuple(part for part in run.dataset.parts if part != "train")
    batched = any(part.setting.batched for part in parts if part.last > part.first)
    noisy = any(part.setting.method.noisy for part in parts)
    looks = batched or noisy or bool(held_out)
    settings = [part.setting for part in parts]
    codes = (code for setting in settings for code in step_codes(setting))
    looped = loops(settings, codes)
    return ScriptStyle(batched, looks, looped, held_out, _every(epoch), len(str(epoch)))


def _every(epochs: int) -> int:
    """Epochs between printed losses: 1, 2, 5, 10, 20 …"""
    steps = [int(step * 10.0**power) for power in range(13) for step in (1, 2, 5)]
    return next(step for step in steps if step * _REPORTS >= epochs)


def _header(name: str, start: SegmentSetting, epoch: int, imports: list[str]) -> list[str]:
    network, training = start.network, start.recipe.training
    sizes = "-".join(map(str, network.sizes))
    units = dict.fromkeys(network.activation_of(i) for i in range(1, network.depth + 1))
    what = f"{sizes} {' '.join(units)}, {training.loss}, {training.optimizer}"
    return [
        f"# {make_printable(name)}: {what}, {epoch:,} epochs.",
        "# Needs only NumPy. The final weights are those of the exported run, bit for bit.",
        "",
        *imports,
        *([""] if imports else []),
        "import numpy as np",
        "",
    ]


def _helpers(parts: list[Segment], packed: bool) -> list[str]:
    used = {name: text for part in parts for name, text in helper_functions(part.setting).items()}
    texts = [used[name] for name in sorted(used)]
    texts = [literals.UNPACKED, *texts] if packed else texts
    return [line for text in texts for line in ("", *text.splitlines(), "", "")]


def _initial_weights(run: Run, start: SegmentSetting) -> list[str]:
    recipe, network = start.recipe, start.network
    dtype, seed = recipe.network.dtype, recipe.network.seed
    if run.start is not None or isinstance(seed, str):
        flat = model_builder.start_parameters(recipe, network) if run.start is None else run.start
        arrays = views(flat, network)
        lines = []
        if run.start is None:
            shown = make_printable(str(seed))
            lines = [f"# TensorFlow Playground's initial weights for the seed {shown}"]
        return lines + [line for name in arrays for line in assignment(name, arrays[name], dtype)]
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


def _segment_code(part: Segment, style: ScriptStyle, variables: Variables) -> list[str]:
    lines = [""]
    if part.first and part.opening:
        edits = "; ".join(str(change.edit) for change in part.opening)
        lines.append(f"# After epoch {part.first:,}: {make_printable(edits)}.")
    for change in part.opening:
        lines += variables.changed(change)
    lines += variables.class_weights(part.setting)
    lines += variables.of_loss(part.setting)
    lines += variables.evaluation(part.setting)
    if part.last == part.first:
        return lines
    lines += variables.needed(part.setting)
    changes: dict[int, list[str]] = {}
    for change in part.within:
        changes.setdefault(change.edit.epoch, []).extend(variables.changed(change))
    changes = {epoch: statements for epoch, statements in changes.items() if statements}
    return [*lines, "", *training_loop_code(part, style, changes)]


def _join_lines(lines: list[str]) -> str:
    """The lines as text, with at most two consecutive empty lines."""
    kept = [line for i, line in enumerate(lines) if line or any(lines[max(0, i - 2) : i])]
    return "\n".join(kept) + "\n"


def _outcome_code(setting: SegmentSetting, style: ScriptStyle, epoch: int) -> list[str]:
    output = f"l{setting.network.depth}"
    lines = [f"{output}, loss = look(X, {style.targets})"]
    if not style.looks:
        lines = ["l0 = X", *(statement.code for statement in loss_statements(setting))]
    title, rows = "Predictions", ""
    if setting.samples > _MOST_ROWS:
        title, rows = f"The first {_MOST_ROWS} predictions", f"[:{_MOST_ROWS}]"
    shown = f"{output}{rows}"
    if setting.dataset.target_scaling is not None:
        shown = f"{output}{rows} * y_deviation + y_mean"
    return [
        "",
        f"# {title}",
        *lines,
        *style.report(str(epoch), "loss"),
        f"print({shown})",
    ]
