"""Code of a segment: the training step in a loop over epochs and batches.

Names are those of the blog. ``X`` and ``y`` are the training set; in a run with
mini-batches, ``X`` and ``Y`` are the training set, ``l0`` and ``y`` a batch.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from nn_tui.files.script import update_loop
from nn_tui.files.script.segments import Segment, SegmentSetting
from nn_tui.nn import statements, update_statements
from nn_tui.nn.optimizers import SCALARS
from nn_tui.nn.statements import Part, Statement
from nn_tui.nn.step import functions_used, source
from nn_tui.nn.syntax import names_read
from nn_tui.training.epoch_noise import STREAM

INDENT = "    "
_IDLE = "# Fewer samples than a batch: no updates."


@dataclass(frozen=True)
class ScriptStyle:
    """Style of a whole script.

    ``batched``: some epochs have mini-batches; ``held_out``: the sets that are only evaluated,
    ``test`` and ``validation``; ``looks``: a function ``look`` computes predictions and loss;
    ``looped``: a loop over a dictionary of parameters updates them.
    The loss is printed every ``every`` epochs, with the epoch in ``places`` columns.
    """

    batched: bool
    looks: bool
    looped: bool
    held_out: tuple[str, ...]
    every: int
    places: int

    @property
    def targets(self) -> str:
        """The name of the training targets."""
        return "Y" if self.batched else "y"

    def report(self, epoch: str, loss: str) -> list[str]:
        """The statement that prints epoch and losses, on one or several lines."""
        texts = [f"epoch {epoch}  loss {{{loss}:.6g}}"]
        for part in self.held_out:
            texts.append(f"  {part} loss {{look(X_{part}, {self.targets}_{part})[1]:.6g}}")
        if len(self.held_out) < 2:
            return [f'print(f"{"".join(texts)}")']
        return ["print(", *indented(f'f"{text}"' for text in texts), ")"]


def loss_statements(setting: SegmentSetting) -> list[Statement]:
    """Statements of the forward pass and the mean loss, without random numbers."""
    network, method = setting.network, setting.method.for_evaluation
    return [
        *statements.forward_statements(network, method),
        *statements.error_statements(network, method),
        statements.loss_statement(network, method),
    ]


def evaluation_function(setting: SegmentSetting) -> list[str]:
    """The function ``look``, which returns predictions and mean loss."""
    output = f"l{setting.network.depth}"
    doc = '"""Predictions for the inputs l0, and their mean loss."""'
    codes = [statement.code for statement in loss_statements(setting)]
    return ["def look(l0, y):", *indented([doc, "n = len(l0)", *codes, f"return {output}, loss"])]


def helper_functions(setting: SegmentSetting) -> dict[str, str]:
    """The code of the functions that the step calls, by name."""
    return {
        f.name: f"def {f.name}(x):\n{INDENT}return {f.body}\n"
        for f in functions_used(_step(setting), setting.method.functions)
    }


def step_codes(setting: SegmentSetting) -> list[str]:
    """The lines of evaluation and training."""
    return [statement.code for statement in _step(setting)]


def scalar_names(setting: SegmentSetting) -> list[str]:
    """The recipe's scalars that the step reads."""
    read = {name for statement in _step(setting) for name in names_read(statement.code)}
    rate = update_statements.rate_statement(setting.method)
    if rate is not None:
        read |= {*names_read(rate.code)}
        read.discard(update_statements.RATE_LINE)
    return [name for name in ("base_rate", *SCALARS) if name in read]


def training_loop_code(
    segment: Segment, style: ScriptStyle, changes: dict[int, list[str]]
) -> list[str]:
    """The loop over the segment's epochs; ``changes`` are statements by epoch."""
    setting = segment.setting
    lines: list[str] = []
    for epoch, code in changes.items():
        lines += [f"if epoch == {epoch}:", *indented(code)]
    lines += _rate(setting)
    lines += _drawn(setting, style)
    if not setting.batched:
        lines += _whole_epoch(setting, style)
    else:
        lines += _report(style, "look(X, Y)[1]")
        lines += [_IDLE] if setting.idle else _batches(setting, style)
    first = f"{segment.first}, " if segment.first else ""
    return [f"for epoch in range({first}{segment.last}):", *indented(lines)]


def scalars_of_loss(setting: SegmentSetting) -> list[str]:
    """The recipe's scalars that the evaluation reads."""
    read = {name for line in loss_statements(setting) for name in names_read(line.code)}
    return [name for name in SCALARS if name in read]


def _ahead(setting: SegmentSetting) -> list[Statement]:
    """The forward pass and the error of an update."""
    network, method = setting.network, setting.method
    return [
        *statements.forward_statements(network, method),
        *statements.error_statements(network, method),
    ]


def _drawn(setting: SegmentSetting, style: ScriptStyle) -> list[str]:
    """The random numbers of an epoch: for whole batches, or in arrays to be cut into batches."""
    sizes = statements.random_inputs(setting.network, setting.method)
    if not sizes:
        return []
    lines = [
        "# Other random numbers in every epoch",
        f"random = np.random.default_rng([{_seed(setting)}, epoch + 1, {STREAM}])",
    ]
    for name, columns in sizes.items():
        draw = "standard_normal" if name.endswith("_noise") else "random"
        code = f"random.{draw}((len(X), {columns}))"
        if setting.recipe.network.dtype == "float32":
            code = f"np.float32({code})"
        lines.append(f"{_epoch_name(setting, name)} = {code}")
    return lines


def _epoch_name(setting: SegmentSetting, name: str) -> str:
    """The name of the random numbers of a whole epoch."""
    return f"epoch_{name}" if setting.batched else name


def _seed(setting: SegmentSetting) -> str:
    seed = setting.recipe.network.seed
    return f"*{seed.encode()!r}" if isinstance(seed, str) else str(seed)


def _rate(setting: SegmentSetting) -> list[str]:
    """The line of the learning rate, where it is not constant; ``epoch`` begins with 0."""
    rate = update_statements.rate_statement(setting.method)
    if rate is None:
        return []
    lines = [f"# {rate.explanation}", rate.code]
    if setting.recipe.network.dtype == "float32":
        lines.append("learning_rate = float(learning_rate)  # a float64 of NumPy would not be cast")
    return lines


def batch_size_lines(setting: SegmentSetting, samples: str) -> list[str]:
    """Lines that define the variables ``n`` and ``ones`` of a batch."""
    kind = ", np.float32" if setting.recipe.network.dtype == "float32" else ""
    ones = [f"ones = np.ones(n{kind})"] if setting.network.bias else []
    return [f"n = len({samples})", *ones]


def indented(lines: Iterable[str]) -> list[str]:
    """The lines, indented by one level."""
    return [INDENT + line if line else line for line in lines]


def _step(setting: SegmentSetting) -> list[Statement]:
    network, method = setting.network, setting.method
    updates = (
        update_statements.update_statements(network, method, part) for part in _parts(setting)
    )
    back = statements.backward_statements(network, method)
    return [
        *loss_statements(setting),
        *_ahead(setting),
        *back,
        *(statement for update in updates for statement in update),
    ]


def _parts(setting: SegmentSetting) -> list[Part]:
    """The kinds of batches in an epoch."""
    if not setting.carries:
        return ["whole"]
    several = setting.samples > 2 * setting.batch
    return ["first", "whole", "rest"] if several else ["first", "rest"]


def _whole_epoch(setting: SegmentSetting, style: ScriptStyle) -> list[str]:
    """A full-batch epoch in the order of the blog, printing the loss in between."""
    network, method = setting.network, setting.method
    begin = ["l0, y = X, Y", *batch_size_lines(setting, "l0")] if style.batched else ["l0 = X"]
    back = [
        *_text(statements.backward_statements(network, method)),
        "# update",
        *_update(setting, style),
    ]
    if method.noisy:
        report = _report(style, f"look(X, {style.targets})[1]")
        forward, *rest = _text(_ahead(setting))
        return [*report, forward, *begin, *rest, *back]
    forward, *rest = _text(loss_statements(setting))
    return [forward, *begin, *rest, *_report(style, "loss"), *back]


def _batches(setting: SegmentSetting, style: ScriptStyle) -> list[str]:
    size, samples, training = setting.batch, setting.samples, setting.recipe.training
    rows = f"start : start + {size}"
    lines: list[str] = []
    if training.shuffle:
        stream = f"np.random.default_rng([{_seed(setting)}, epoch + 1])"
        lines.append(f"order = {stream}.permutation(len(X))")
        begin = [f"batch = order[{rows}]", "l0, y = X[batch], Y[batch]"]
    else:
        begin = [f"l0, y = X[{rows}], Y[{rows}]"]
    for name in statements.random_inputs(setting.network, setting.method):
        begin.append(f"{name} = {_epoch_name(setting, name)}[{rows}]")
    whole = samples - samples % size
    end = str(whole) if training.partial_batch == "drop" and whole < samples else "len(X)"
    network, method = setting.network, setting.method
    trained = [line.code for line in _step(setting) if not line.code.startswith("loss ")]
    reads_n = any("n" in names_read(code) for code in trained)
    counted = reads_n or setting.network.bias or setting.carries
    body = [
        *begin,
        *(batch_size_lines(setting, "l0") if counted else ()),
        *_text([*_ahead(setting), *statements.backward_statements(network, method)]),
        "# update",
        *_update(setting, style),
    ]
    return [*lines, f"for start in range(0, {end}, {size}):", *indented(body)]


def _update(setting: SegmentSetting, style: ScriptStyle) -> list[str]:
    if style.looped:
        return update_loop.update_code(setting)
    tests = {
        "first": "if start == 0:  # includes the samples carried over from the last epoch",
        "whole": f"elif n == {setting.batch}:",
        "rest": "else:  # incomplete batch: carried over to the first update of the next epoch",
    }
    parts = _parts(setting)
    lines: list[str] = []
    for part in parts:
        update = [
            d.code
            for d in update_statements.update_statements(setting.network, setting.method, part)
        ]
        lines += update if len(parts) == 1 else [tests[part], *indented(update)]
    return lines


def _report(style: ScriptStyle, loss: str) -> list[str]:
    statement = style.report(f"{{epoch:>{style.places}}}", loss)
    return [f"if epoch % {style.every} == 0:", *indented(statement)]


def _text(lines: Iterable[Statement]) -> list[str]:
    return source(lines).splitlines()
