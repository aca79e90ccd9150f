"""The script of a run: data, initial weights, training loops, predictions.

Training code comes from ``nn.statements``, like the code that trains and is explained on the
screen.
"""

import ast
import re
from collections.abc import Sequence

from nn_tui.errors import InputError
from nn_tui.files.script import literals
from nn_tui.files.script.drawn_samples import drawn_samples
from nn_tui.files.script.literals import assignment
from nn_tui.files.script.loop_code import (
    ScriptStyle,
    batch_size_lines,
    helper_functions,
    indented,
    loss_statements,
    step_codes,
    training_loop_code,
)
from nn_tui.files.script.prediction_code import PredictionCode, prediction_code
from nn_tui.files.script.segments import Segment, SegmentSetting, segments
from nn_tui.files.script.update_loop import loops, parameters_code
from nn_tui.files.script.variables import Variables, initial_state, unscaled
from nn_tui.nn.architecture import views
from nn_tui.nn.initializers import INITIALIZERS
from nn_tui.text import make_printable
from nn_tui.training import model_builder
from nn_tui.training.run import Run

_REPORTS = 10
_MOST_LINES_FIRST = 20
"""Most lines of samples at the top of a script; more are at its end."""
_BUILTINS = ("dict", "float", "int", "isinstance", "len", "print", "range", "str", "sum", "zip")
"""Functions of Python that scripts call."""
_MOST_ROWS = 10
"""Largest number of predictions printed at the end."""


def script_of(run: Run, epoch: int) -> str:
    """The code of a script that trains ``run`` up to ``epoch`` and prints its predictions.

    The final weights ``W0 b0 W1 …`` are those of the run, bit for bit. Raises InputError for
    blank lines, and for functions with names that a script needs.
    """
    parts = list(segments(run, epoch))
    for part in parts:
        if blank := model_builder.blank_lines(part.end.recipe, part.end.dataset):
            raise InputError(f"{blank[0]} is blank; a script needs all lines of the step")
    style = _style(run, epoch, parts)
    start = SegmentSetting(run.recipe, run.dataset)
    helpers = {
        name: text for part in parts for name, text in helper_functions(part.setting).items()
    }
    drawn = drawn_samples(start, unscaled(start), style.targets, helpers)
    variables = Variables(style, drawn)
    samples = [f"# The samples: inputs X, targets {style.targets}.", *variables.samples(start)]
    training = [*([] if style.batched else batch_size_lines(start, "X")), ""]
    training += _initial_weights(run, start)
    training += parameters_code(start) if style.looped else []
    for part in parts:
        training += _segment_code(part, style, variables)
    training += _outcome_code(parts[-1].end, style, epoch)
    _check_names(helpers, training)
    prediction = prediction_code(parts[-1].end)
    if both := helpers.keys() & _defined(prediction.functions):
        said = f"# No function predict: the recipe has a function {min(both)} of its own."
        prediction = PredictionCode(["", said], [])
    body = [*samples, *training, *prediction.functions, *prediction.example]
    if len(samples) > _MOST_LINES_FIRST and helpers.keys().isdisjoint(
        {"train", *_defined([*samples, *prediction.functions])}
    ):
        body = _data_last(start, style, samples, training, prediction)
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
        *_functions(drawn.functions if drawn else (), helpers, packed),
        *body,
    ]
    return _join_lines(lines)


def _data_last(
    start: SegmentSetting,
    style: ScriptStyle,
    samples: list[str],
    training: list[str],
    prediction: PredictionCode,
) -> list[str]:
    """The script with its samples below a function that trains."""
    sets = ["" if part == "train" else f"_{part}" for part in start.dataset.parts]
    arrays = ", ".join(f"{array}{ending}" for ending in sets for array in ("X", style.targets))
    lines = [
        "",
        "",
        f"def train({arrays}):",
        *indented(
            [
                '"""Train the network, and print its losses and predictions."""',
                f"global {', '.join(start.network.shapes())}",
                *(line for i, line in enumerate(training) if line or training[i - 1]),
            ]
        ),
    ]
    return [
        *lines,
        *(prediction.functions or ["", ""]),
        *samples,
        "",
        f"train({arrays})",
        *(["", *prediction.example] if prediction.example else []),
    ]


def _check_names(helpers: dict[str, str], training: list[str]) -> None:
    """Raise InputError for a function of the recipe with a name that training uses itself."""
    stored = {
        node.id
        for node in ast.walk(ast.parse("\n".join(training)))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    if both := helpers.keys() & {*stored, *_BUILTINS}:
        raise InputError(
            f"functions.{min(both)}: a script has a variable or function of this name itself; "
            "choose another name"
        )


def _defined(lines: list[str]) -> set[str]:
    """The names that lines of a module define."""
    return {*re.findall(r"^(?:def )?(\w+)(?: = |\()", "\n".join(lines), re.MULTILINE)}


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


def _functions(drawing: Sequence[str], helpers: dict[str, str], packed: bool) -> list[str]:
    texts = [*drawing, *(helpers[name] for name in sorted(helpers))]
    texts = [literals.UNPACKED, *texts] if packed else texts
    return [line for text in texts for line in ("", *text.splitlines(), "", "")]


def _initial_weights(run: Run, start: SegmentSetting) -> list[str]:
    recipe, network = start.recipe, start.network
    dtype, seed = recipe.network.dtype, recipe.network.seed
    if run.start is not None or isinstance(seed, str):
        flat = model_builder.start_parameters(recipe, network) if run.start is None else run.start
        arrays = views(flat, network)
        lines = ["# The initial weights."]
        if run.start is None:
            shown = make_printable(str(seed))
            lines = [f"# TensorFlow Playground's initial weights for the seed {shown}."]
        return lines + [line for name in arrays for line in assignment(name, arrays[name], dtype)]
    entry = INITIALIZERS[recipe.network.init]
    lines = [f"# The initial weights: {entry.help}."]
    lines += [f"np.random.seed({seed})"] if "np.random" in entry.code else []
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
    needed = variables.needed(part.setting)
    if needed and not part.first:
        state = initial_state(part.setting, style.looped)
        and_state = ", and the optimizer's state" if state else ""
        lines.append(f"# The hyperparameters{and_state}.")
    lines += needed
    changes: dict[int, list[str]] = {}
    for change in part.within:
        changes.setdefault(change.edit.epoch, []).extend(variables.changed(change))
    changes = {epoch: statements for epoch, statements in changes.items() if statements}
    lines.append("")
    if not part.first:
        where = "every batch of every epoch" if part.setting.batched else "every epoch"
        lines.append(f"# Training: forward, error, backward and update in {where}.")
    return [*lines, *training_loop_code(part, style, changes)]


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
        f"# {title}.",
        *lines,
        *style.report(str(epoch), "loss"),
        f"print({shown})",
    ]
