"""Assignments to the variables of a script: data, hyperparameters, optimizer state, edits."""

import re
from collections.abc import Iterable
from textwrap import shorten

from nn_tui.data.preprocessing import compute_features
from nn_tui.files.script import update_loop
from nn_tui.files.script.drawn_samples import DrawnSamples
from nn_tui.files.script.literals import WIDTH, assignment, number_literal
from nn_tui.files.script.loop_code import (
    ScriptStyle,
    evaluation_function,
    scalar_names,
    scalars_of_loss,
)
from nn_tui.files.script.segments import SegmentSetting, SettingChange
from nn_tui.nn.class_weights import ClassWeights
from nn_tui.nn.update_statements import RATE_LINE
from nn_tui.text import make_printable
from nn_tui.training.edits import DatumEdit, ParameterEdit, PruneEdit, RecipeEdit
from nn_tui.training.model_builder import scalar_values
from nn_tui.types import Array


def initial_state(setting: SegmentSetting, looped: bool) -> dict[str, str]:
    """The state variables of a step, with the code of their initial values.

    Where updates are ``looped`` they are dictionaries by the names of the parameters.
    """
    optimizer = setting.method.optimizer_entry
    weights = [name for name in setting.network.shapes() if name[0] == "W"]
    names: dict[str, str] = {}
    if any(rule.code.startswith("t ") for rule in optimizer.per_update):
        names["t"] = "0"
    if looped:
        return names | update_loop.initial_arrays(setting)
    for suffix in (*optimizer.memory, *(["carried"] if setting.carries else [])):
        names |= {f"{p}_{suffix}": f"np.zeros_like({p})" for p in setting.network.shapes()}
    for suffix in setting.method.weight_memory:
        names |= {f"{p}_{suffix}": f"np.ones_like({p})" for p in weights}
    if setting.carries:
        names["carried"] = "0"
    return names


def carried_state(before: SegmentSetting, after: SegmentSetting, looped: bool) -> set[str]:
    """The state variables that keep their values when ``before`` changes to ``after``."""
    names = initial_state(before, looped).keys() & initial_state(after, looped).keys()
    optimizer = after.method.optimizer_entry
    if optimizer.name != before.method.optimizer_entry.name:
        names -= {name for name in names if name == "t" or name.endswith(optimizer.memory)}
    if before.batches != after.batches:
        names -= {name for name in names if name.endswith("carried")}
    return names


_SCALED = {"standard": ("X_mean", "X_deviation"), "minmax": ("X_low", "X_range")}
"""Names of what a scaling subtracts from the inputs, and divides them by."""


def scaled(name: str, setting: SegmentSetting) -> list[str]:
    """The line that turns the array ``name`` of unscaled inputs into the network's inputs."""
    value = name
    if _scales(setting):
        shift, size = _SCALED[setting.recipe.data.scale]
        value = f"({name} - {shift}) / {size}"
    if setting.recipe.network.dtype == "float32":
        value = f"np.float32({value})"
    return [] if value == name else [f"{name} = {value}"]


def _scales(setting: SegmentSetting) -> bool:
    """Whether the inputs are scaled in the script."""
    dataset = setting.dataset
    return dataset.origin is not None and setting.recipe.data.scale in _SCALED


def unscaled(setting: SegmentSetting) -> Array:
    """The inputs (samples, inputs) before scaling."""
    origin = setting.dataset.origin
    if origin is None or not _scales(setting):
        return setting.dataset.inputs
    return compute_features(origin.preparation.chosen, origin.inputs)


_STANDARDIZED = "# The network learns the targets standardized."


class Variables:
    """The variables that the script has defined so far, and assignments to them."""

    def __init__(self, style: ScriptStyle, drawn: DrawnSamples | None) -> None:
        self._style = style
        self._drawn = drawn
        self._scalars: dict[str, float] = {}
        self._state: set[str] = set()
        self._evaluation: list[str] = []
        self._weights: ClassWeights | None = None

    def samples(self, setting: SegmentSetting) -> list[str]:
        """Assignments of inputs and targets, of training and test set."""
        lines = _columns(setting, self._style)
        if self._drawn is not None:
            lines += self._drawn.lines
        for name, rows in self._parts(setting):
            lines += self._inputs(setting, name, rows)
            lines += self._targets(setting, name, rows, self._drawn is not None)
        return lines

    def _inputs(self, setting: SegmentSetting, name: str, rows: slice) -> list[str]:
        origin, array = setting.dataset.origin, f"X{name}"
        lines: list[str] = []
        if self._drawn is None:
            if origin is None or not _scales(setting):
                return assignment(array, setting.dataset.inputs[rows], setting.recipe.network.dtype)
            lines = assignment(array, unscaled(setting)[rows], "float64")
        if not name and origin is not None and _scales(setting):  # the other sets follow
            shift, size = _SCALED[setting.recipe.data.scale]
            lines += assignment(shift, origin.preparation.shift, "float64")
            lines += assignment(size, origin.preparation.size, "float64")
        return [*lines, *scaled(array, setting)]

    def class_weights(self, setting: SegmentSetting) -> list[str]:
        """The weights of the classes, where they are not yet defined with these values."""
        weights = setting.method.class_weights
        if weights is None or weights == self._weights:
            return []
        self._weights = weights
        names = ", ".join(setting.dataset.class_names)
        lines = [shorten(f"# Weights of the classes {names}.", WIDTH, placeholder=" …")]
        lines += (f"{name} = {number_literal(w)}" for name, w in weights.scalars.items())
        dtype = setting.recipe.network.dtype
        for name, array in weights.arrays.items():
            lines += assignment(name, array, dtype)
        return lines

    def of_loss(self, setting: SegmentSetting) -> list[str]:
        """Hyperparameters that the evaluation reads and that are not yet defined."""
        return self._new_scalars(setting, scalars_of_loss(setting))

    def evaluation(self, setting: SegmentSetting) -> list[str]:
        """The function ``look``, if needed and not yet defined in this form."""
        text = evaluation_function(setting) if self._style.looks else []
        if text == self._evaluation:
            return []
        self._evaluation = text
        return ["", "", *text, "", ""]

    def needed(self, setting: SegmentSetting) -> list[str]:
        """Hyperparameters and state that the step reads and that are not yet defined."""
        if setting.method.schedule is not None:
            self._scalars.pop(RATE_LINE, None)  # the loop changes it
        return [*self._new_scalars(setting, scalar_names(setting)), *self._new_state(setting, "")]

    def changed(self, change: SettingChange) -> list[str]:
        """The statements of an edit."""
        before, after, edit = change.before, change.after, change.edit
        lines: list[str] = []
        if not after.same_step(before):
            self._state &= carried_state(before, after, self._style.looped)
        match edit:
            case RecipeEdit():
                lines += self._new_targets(before, after)
                lines += self._new_scalars(
                    after, [n for n in self._scalars if n in scalar_names(after)]
                )
            case ParameterEdit():
                lines.append(f"{_cell(edit.name, edit.index)} = {number_literal(edit.value)}")
                alive = "alive" if self._style.looped else f"{edit.name}_alive"
                if edit.name[0] == "W" and alive in self._state:
                    lines.append(f"{_cell(self._alive(edit.name), edit.index)} = 1")
            case PruneEdit():
                lines += self._new_state(after, "alive")
                names = edit.name, self._alive(edit.name)
                lines += (f"{_cell(name, edit.index)} = 0" for name in names)
            case DatumEdit():
                lines += self._new_sample(before, after, edit.sample)
        return lines

    def _alive(self, name: str) -> str:
        """The array that says which of the weights ``name`` are not pruned."""
        return f'alive["{name}"]' if self._style.looped else f"{name}_alive"

    def _new_scalars(self, setting: SegmentSetting, names: Iterable[str]) -> list[str]:
        known = scalar_values(setting.recipe)
        values = {name: float(known[name]) for name in names}
        new = {name: value for name, value in values.items() if self._scalars.get(name) != value}
        self._scalars |= new
        return [f"{name} = {number_literal(value)}" for name, value in new.items()]

    def _new_state(self, setting: SegmentSetting, ending: str) -> list[str]:
        names = initial_state(setting, self._style.looped)
        new = [name for name in names if name.endswith(ending) and name not in self._state]
        self._state.update(new)
        return [f"{name} = {names[name]}" for name in new]

    def _parts(self, setting: SegmentSetting) -> list[tuple[str, slice]]:
        """Endings of the names of the training set and of the sets only evaluated; their rows."""
        return [(_ending(part), rows) for part, rows in setting.dataset.parts.items()]

    def _targets(
        self, setting: SegmentSetting, name: str, rows: slice, drawn: bool = False
    ) -> list[str]:
        dtype, array = setting.recipe.network.dtype, f"{self._style.targets}{name}"
        scaling = setting.dataset.target_scaling
        if drawn:
            return [f"{array} = np.float32({array})"] if dtype == "float32" else []
        if scaling is None:
            return assignment(array, setting.targets[rows], dtype)
        value = f"({array} - y_mean) / y_deviation"
        if dtype == "float32":
            value = f"np.float32({value})"
        lines = assignment(array, setting.dataset.targets[rows], "float64")
        if not name:  # the other sets follow
            lines.append(_STANDARDIZED)
            lines += assignment("y_mean", scaling.shift, "float64")
            lines += assignment("y_deviation", scaling.size, "float64")
        return [*lines, f"{array} = {value}"]

    def _new_sample(self, before: SegmentSetting, after: SegmentSetting, sample: int) -> list[str]:
        part = after.dataset.part_of(sample)
        name, row = _ending(part), sample - after.dataset.parts[part].start
        old = before.dataset.inputs[sample], before.targets[sample]
        new = after.dataset.inputs[sample], after.targets[sample]
        return [
            f"{_cell(array + name, (row, column))} = {number_literal(value)}"
            for array, was, values in zip(("X", self._style.targets), old, new, strict=True)
            for column, value in enumerate(values)
            if number_literal(value) != number_literal(was[column])
        ]

    def _new_targets(self, before: SegmentSetting, after: SegmentSetting) -> list[str]:
        if before.network == after.network:
            return []
        return [
            line for name, rows in self._parts(after) for line in self._targets(after, name, rows)
        ]


def _columns(setting: SegmentSetting, style: ScriptStyle) -> list[str]:
    """Comments with the names of the columns, unless they are just numbered."""
    dataset, network = setting.dataset, setting.network
    named = {"X": dataset.input_names}
    if network.sizes[-1] > 1:
        named[style.targets] = dataset.classes or dataset.target_names
    titles = {
        array: make_printable(", ".join(names))
        for array, names in named.items()
        if not all(re.fullmatch(r"[xy]?\d*", name) for name in names)
    }
    return [
        shorten(f"# Columns of {array}: {names}.", WIDTH, placeholder=" …")
        for array, names in titles.items()
    ]


def _ending(part: str) -> str:
    return "" if part == "train" else f"_{part}"


def _cell(name: str, index: tuple[int, ...]) -> str:
    """Code of an array element."""
    return f"{name}[{', '.join(map(str, index))}]"
