"""The lines of a stretch of epochs: those of the step, in a loop over epochs and batches.

Names are the blog's. ``X`` and ``y`` are the training samples; where a run has batches,
``X`` and ``Y`` are all of them and ``l0`` and ``y`` those of a batch.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from nn_tui.files.script.segments import Segment, SegmentSetting
from nn_tui.nn import statements as drafts
from nn_tui.nn.optimizers import SCALARS
from nn_tui.nn.statements import Part, Statement
from nn_tui.nn.step import functions_used, source
from nn_tui.nn.syntax import names_read

INDENT = "    "
_IDLE = "# There are never enough samples for a batch: nothing is learned."


@dataclass(frozen=True)
class ScriptStyle:
    """How a whole script is written.

    ``batched`` where any of its epochs has batches, ``tested`` where samples are held back;
    with ``looks`` there is a function ``look`` for losses and predictions. ``every`` is the
    number of epochs from one printed loss to the next, ``places`` the width of an epoch's.
    """

    batched: bool
    looks: bool
    tested: bool
    every: int
    places: int

    @property
    def targets(self) -> str:
        """What the training targets are called."""
        return "Y" if self.batched else "y"

    def report(self, epoch: str, loss: str) -> str:
        """The statement that prints the losses after an epoch."""
        test = f"  test loss {{look(X_test, {self.targets}_test)[1]:.6g}}" if self.tested else ""
        return f'print(f"epoch {epoch}  loss {{{loss}:.6g}}{test}")'


def loss_statements(setting: SegmentSetting) -> list[Statement]:
    """From the samples to their mean loss."""
    network, method = setting.network, setting.method
    return [
        *drafts.forward_statements(network, method),
        drafts.error_statement(network, method),
        drafts.loss_statement(network, method),
    ]


def evaluation_function(setting: SegmentSetting) -> list[str]:
    """A function that gives predictions and mean loss of any samples."""
    output = f"l{setting.network.depth}"
    doc = '"""The predictions for l0, and their mean loss."""'
    codes = [draft.code for draft in loss_statements(setting)]
    return ["def look(l0, y):", *indented([doc, "n = len(l0)", *codes, f"return {output}, loss"])]


def helper_functions(setting: SegmentSetting) -> dict[str, str]:
    """The helper functions that the step calls, by name, each as text."""
    return {
        f.name: f"def {f.name}(x):\n{INDENT}return {f.body}\n"
        for f in functions_used(_step(setting))
    }


def scalar_names(setting: SegmentSetting) -> list[str]:
    """The numbers of the recipe that the step reads."""
    read = {name for draft in _step(setting) for name in names_read(draft.code)}
    return [name for name in SCALARS if name in read]


def training_loop_code(
    stretch: Segment, style: ScriptStyle, changes: dict[int, list[str]]
) -> list[str]:
    """The loop over the stretch's epochs; ``changes`` are statements after an epoch."""
    setting = stretch.setting
    lines: list[str] = []
    for epoch, statements in changes.items():
        lines += [f"if epoch == {epoch}:", *indented(statements)]
    if not setting.batched:
        lines += _whole_epoch(setting, style)
    else:
        lines += _report(style, "look(X, Y)[1]")
        lines += [_IDLE] if setting.idle else _batches(setting)
    first = f"{stretch.first}, " if stretch.first else ""
    return [f"for epoch in range({first}{stretch.last}):", *indented(lines)]


def batch_size_lines(setting: SegmentSetting, samples: str) -> list[str]:
    """What the lines read of the batch besides the samples themselves."""
    kind = ", np.float32" if setting.recipe.network.dtype == "float32" else ""
    ones = [f"ones = np.ones(n{kind})"] if setting.network.bias else []
    return [f"n = len({samples})", *ones]


def indented(lines: Iterable[str]) -> list[str]:
    """The lines one step further to the right."""
    return [INDENT + line if line else line for line in lines]


def _step(setting: SegmentSetting) -> list[Statement]:
    network, method = setting.network, setting.method
    updates = (drafts.update_statements(network, method, part) for part in _parts(setting))
    back = drafts.backward_statements(network, method)
    return [*loss_statements(setting), *back, *(draft for update in updates for draft in update)]


def _parts(setting: SegmentSetting) -> list[Part]:
    """What the batches of an epoch are to it."""
    if not setting.carries:
        return ["whole"]
    several = setting.samples > 2 * setting.batch
    return ["first", "whole", "rest"] if several else ["first", "rest"]


def _whole_epoch(setting: SegmentSetting, style: ScriptStyle) -> list[str]:
    """All samples at once, in the blog's order: the loss is printed on the way."""
    network, method = setting.network, setting.method
    begin = ["l0, y = X, Y", *batch_size_lines(setting, "l0")] if style.batched else ["l0 = X"]
    back = [
        *drafts.backward_statements(network, method),
        *drafts.update_statements(network, method),
    ]
    forward, *there = _text(loss_statements(setting))
    return [forward, *begin, *there, *_report(style, "loss"), *_text(back)]


def _batches(setting: SegmentSetting) -> list[str]:
    size, samples, training = setting.batch, setting.samples, setting.recipe.training
    rows = f"start : start + {size}"
    lines: list[str] = []
    if training.shuffle:
        seed = setting.recipe.network.seed
        numbers = f"*{seed.encode()!r}" if isinstance(seed, str) else str(seed)
        lines.append(f"order = np.random.default_rng([{numbers}, epoch + 1]).permutation(len(X))")
        begin = [f"batch = order[{rows}]", "l0, y = X[batch], Y[batch]"]
    else:
        begin = [f"l0, y = X[{rows}], Y[{rows}]"]
    whole = samples - samples % size
    end = str(whole) if training.partial_batch == "drop" and whole < samples else "len(X)"
    network, method = setting.network, setting.method
    ahead: list[Statement] = [
        *drafts.forward_statements(network, method),
        drafts.error_statement(network, method),
    ]
    counted = setting.method.mean or setting.network.bias or setting.carries
    body = [
        *begin,
        *(batch_size_lines(setting, "l0") if counted else ()),
        *_text([*ahead, *drafts.backward_statements(network, method)]),
        "# update",
        *_update(setting),
    ]
    return [*lines, f"for start in range(0, {end}, {size}):", *indented(body)]


def _update(setting: SegmentSetting) -> list[str]:
    tests = {
        "first": "if start == 0:  # with what the last epoch left over",
        "whole": f"elif n == {setting.batch}:",
        "rest": "else:  # too few for an update: the next epoch's first counts them in",
    }
    parts = _parts(setting)
    lines: list[str] = []
    for part in parts:
        update = [d.code for d in drafts.update_statements(setting.network, setting.method, part)]
        lines += update if len(parts) == 1 else [tests[part], *indented(update)]
    return lines


def _report(style: ScriptStyle, loss: str) -> list[str]:
    statement = style.report(f"{{epoch:>{style.places}}}", loss)
    return [f"if epoch % {style.every} == 0:", INDENT + statement]


def _text(lines: Iterable[Statement]) -> list[str]:
    return source(lines).splitlines()
