"""The update of a script with many parameters: one loop over a dictionary of them.

The arithmetic of ``nn.update_statements``, with the same bits: arrays are updated in place, so
that ``W0``, ``b0`` … of the other lines are those of the dictionary.
"""

from collections.abc import Iterable

from nn_tui.files.script.literals import items_assignment
from nn_tui.files.script.segments import SegmentSetting
from nn_tui.nn import update_statements
from nn_tui.nn.line_changes import line_name
from nn_tui.nn.syntax import names_read
from nn_tui.nn.templates import StatementTemplate

_MOST_UNROLLED = 2
"""Most parameters that every script updates line by line, as the blog does."""
_INDENT = "    "


def loops(settings: Iterable[SegmentSetting], codes: Iterable[str]) -> bool:
    """Whether a script with these settings updates its parameters in a loop.

    ``codes`` are the lines of its steps. Lines that differ from parameter to parameter, of
    changed steps and of samples carried over, need their own names, and so do names that
    lines use already. A single line per parameter stays as it is in the blog.
    """
    settings = list(settings)
    if len(settings[0].network.shapes()) <= _MOST_UNROLLED:
        return False
    if not any(_several_lines(setting) for setting in settings):
        return False
    if any(
        setting.carries or update_statements.updates_changed(setting.network, setting.method)
        for setting in settings
    ):
        return False
    used = {name for code in codes for name in (line_name(code), *names_read(code))}
    used |= {name for setting in settings for name in dict(setting.recipe.functions)}
    return used.isdisjoint(_names(settings))


def parameters_code(setting: SegmentSetting) -> list[str]:
    """The dictionary of all parameters."""
    items = [f'"{name}": {name}' for name in setting.network.shapes()]
    return items_assignment("parameters", "{}", items)


def initial_arrays(setting: SegmentSetting) -> dict[str, str]:
    """The state of optimizer and penalty, with the code of its initial values."""
    each = "for name, p in parameters.items()"
    weights = f'{each} if name[0] == "W"' if setting.network.bias else each
    method = setting.method
    return {
        **{x: f"{{name: np.zeros_like(p) {each}}}" for x in method.optimizer_entry.memory},
        **{x: f"{{name: np.ones_like(p) {weights}}}" for x in method.weight_memory},
    }


def update_code(setting: SegmentSetting) -> list[str]:
    """The statements of an update."""
    network, method = setting.network, setting.method
    gradients = update_statements.negative_gradients(network, method)
    lines = [template.code for template in method.optimizer_entry.per_update]
    lines += ["descent = {", *(f'{_INDENT}"{n}": {code},' for n, code in gradients.items()), "}"]
    body: list[str] = []
    if method.clip:
        lines.append("squared_norm = sum(np.vdot(d, d) for d in descent.values())")
        lines.append(update_statements.CLIP_FACTOR)
        body.append("descent[name] *= clip_factor")
    of_all = [template for template, _ in update_statements.moves(method, "b")]
    of_weights = [template for template, _ in update_statements.moves(method, "W")]
    first = of_weights.index(of_all[0])
    for templates, only_weights in (
        (of_weights[:first], network.bias),
        (of_all, False),
        (of_weights[first + len(of_all) :], network.bias),
    ):
        codes = [_code(template, setting) for template in templates]
        if only_weights and codes:
            codes = ['if name[0] == "W":', *(_INDENT + code for code in codes)]
        body += codes
    return [*lines, "for name, p in parameters.items():", *(_INDENT + line for line in body)]


def _several_lines(setting: SegmentSetting) -> bool:
    method = setting.method
    return method.clip or any(len(update_statements.moves(method, kind)) > 1 for kind in "Wb")


def _names(settings: Iterable[SegmentSetting]) -> set[str]:
    """The names that the loop needs."""
    names = {"parameters", "descent", "name", "p", "d"}
    for setting in settings:
        names |= initial_arrays(setting).keys() | {*setting.method.penalty_entry.buffers}
    return names


def _code(template: StatementTemplate, setting: SegmentSetting) -> str:
    """The line for the parameters ``p`` with the name ``name``."""
    code = template.code
    for suffix in initial_arrays(setting):
        code = code.replace(f"{{p}}_{suffix}", f"{suffix}[name]")
    for suffix in setting.method.penalty_entry.buffers:
        code = code.replace(f"{{p}}_{suffix}", suffix)
    return code.format(p="p", d="descent[name]")
