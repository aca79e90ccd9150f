"""A trained model: its weights, and all that is needed to predict from rows of a new table.

In a file it is an NPZ archive of the weights ``W0 b0 …`` and a text, ``model``, in JSON.
"""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from nn_tui.data.dataset import lowest_target
from nn_tui.data.decision_rule import DecisionRule
from nn_tui.data.fitted import FittedData
from nn_tui.data.preprocessing import FEATURES, Preparation, TargetScaling
from nn_tui.errors import InputError
from nn_tui.fileio import reason, regular_file
from nn_tui.files.weights import DESCRIPTION, read_weights
from nn_tui.nn.activations import UNITS
from nn_tui.nn.architecture import Architecture, flatten
from nn_tui.nn.line_changes import forward_changes
from nn_tui.nn.line_check import check_step
from nn_tui.nn.predictor import outputs_of
from nn_tui.recipe.parsing import from_toml, to_toml
from nn_tui.recipe.recipe import Recipe
from nn_tui.text import make_printable
from nn_tui.training.baseline import constant_prediction
from nn_tui.training.model_builder import architecture_of, build_learning_rule
from nn_tui.training.snapshot import Snapshot
from nn_tui.types import Array

_FORMAT = "nn-tui-model-1"
_MOST_BYTES = 16 * 2**20
_MOST_NUMBERS = 100_000_000


@dataclass(frozen=True, eq=False)
class Model:
    """A network with its preprocessing.

    ``columns`` are the raw columns, such as ``age`` and ``sex=f``, and ``sources`` the columns
    of a table they are made of; ``typical`` (raw columns,) replaces missing values.
    ``preparation`` is None where the raw columns are the inputs. ``rule`` is how outputs become
    classes, None for regression. ``table`` are all columns of the table, empty without one.
    ``written`` is how the cells of its columns are written, as in ``TableColumn``.
    ``baseline`` (outputs,) is the best constant prediction on the training set, encoded as
    the outputs are; None in models saved by earlier versions.
    """

    recipe: Recipe
    network: Architecture
    parameters: Array
    columns: tuple[str, ...]
    sources: tuple[str, ...]
    typical: Array
    preparation: Preparation | None
    target_names: tuple[str, ...]
    target_scaling: TargetScaling | None
    rule: DecisionRule | None
    table: tuple[str, ...] = ()
    baseline: Array | None = None
    written: Mapping[str, str] = field(default_factory=dict)

    @property
    def probable_outputs(self) -> bool:
        """Whether the outputs are from 0 to 1."""
        return UNITS[self.network.output].range == (0.0, 1.0)

    @property
    def probabilities(self) -> bool:
        """Whether the outputs are probabilities of classes."""
        return self.rule is not None and bool(self.rule.names) and self.probable_outputs

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes of a target that is a class number, as in ``Dataset.classes``."""
        rule = self.rule
        if rule is None or len(self.target_names) > 1:
            return ()
        as_encoded = (rule.low, rule.high) == (lowest_target(self.network.output), 1.0)
        return rule.names if as_encoded else ()

    @property
    def fitted(self) -> FittedData:
        """What was fitted to the training set."""
        return FittedData(
            self.columns,
            self.sources,
            self.typical,
            self.preparation,
            self.target_names,
            self.target_scaling,
            self.classes,
            self.table,
            written=self.written,
        )

    def predict(self, raw: Array) -> Array:
        """The outputs (rows, outputs) for ``raw`` (rows, raw columns), in the target's units."""
        inputs = raw if self.preparation is None else self.preparation.apply(raw)
        rule, dtype = build_learning_rule(self.recipe), self.recipe.network.dtype
        outputs = outputs_of(self.network, rule, self.parameters, inputs, dtype)
        return outputs if self.target_scaling is None else self.target_scaling.decode(outputs)


def model_of(snapshot: Snapshot) -> Model:
    """The model of a run at its current epoch."""
    dataset = snapshot.dataset
    rule = dataset.decision_rule(snapshot.network.output)
    targets = dataset.output_targets(snapshot.network.output, slice(dataset.train_count))
    fitted = FittedData.of(dataset)
    return Model(
        recipe=snapshot.recipe,
        network=snapshot.network,
        parameters=snapshot.parameters,
        columns=fitted.columns,
        sources=fitted.sources,
        typical=fitted.typical,
        preparation=fitted.preparation,
        target_names=fitted.target_names,
        target_scaling=fitted.target_scaling,
        rule=rule,
        table=fitted.table,
        baseline=constant_prediction(targets, rule),
        written=fitted.written,
    )


def description(model: Model) -> str:
    """The model without its weights, as JSON."""
    fields: dict[str, Any] = {
        "format": _FORMAT,
        "recipe": to_toml(model.recipe),
        "sizes": model.network.sizes,
        "output": model.network.output,
        "columns": model.columns,
        "sources": model.sources,
        "typical": model.typical.tolist(),
        "targets": model.target_names,
        "table": model.table,
        "written": model.written,
    }
    if model.baseline is not None:
        fields["baseline"] = model.baseline.tolist()
    if (preparation := model.preparation) is not None:
        fields["inputs"] = [
            [column if isinstance(column, int) else column.name, name]
            for column, name in preparation.chosen
        ]
        fields["shift"], fields["size"] = preparation.shift.tolist(), preparation.size.tolist()
    if (scaling := model.target_scaling) is not None:
        fields["target_shift"], fields["target_size"] = (
            scaling.shift.tolist(),
            scaling.size.tolist(),
        )
    if (rule := model.rule) is not None:
        fields["classes"] = {"low": rule.low, "high": rule.high, "names": rule.names}
    return json.dumps(fields)


def read_model(path: Path) -> Model:
    """The model in a file. Raises InputError for anything else, or a damaged file."""
    arrays = read_weights(path, _MOST_NUMBERS)
    text = _description(path)
    if text is None:
        raise InputError(
            f"{path} holds weights only, without the columns and scalings that they belong to; "
            "save it again with nn-tui train … --save"
        )
    try:
        return _model(json.loads(text), arrays)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, InputError) as error:
        raise InputError(f"{path} is damaged, or of another version: {error}") from None


def is_model(path: Path) -> bool:
    """Whether a file of weights also says what their inputs and outputs are."""
    try:
        with zipfile.ZipFile(regular_file(path)) as archive:
            return f"{DESCRIPTION}.npy" in archive.NameToInfo
    except (OSError, zipfile.BadZipFile, InputError):
        return False


def _description(path: Path) -> str | None:
    try:
        with zipfile.ZipFile(regular_file(path)) as archive:
            entry = archive.NameToInfo.get(f"{DESCRIPTION}.npy")
            if entry is None:
                return None
            if entry.file_size > _MOST_BYTES:
                raise InputError(f"{path}: its description is too large")
            content = archive.read(entry)
        return str(np.load(io.BytesIO(content), allow_pickle=False))
    except (OSError, zipfile.BadZipFile) as error:
        text = reason(error) if isinstance(error, OSError) else str(error)
        raise InputError(f"cannot read {path}: {text}") from None
    except ValueError as error:
        raise InputError(f"{path} is damaged: {error}") from None


def _model(fields: Mapping[str, Any], arrays: Mapping[str, Array]) -> Model:
    if fields["format"] != _FORMAT:
        raise ValueError("unknown format")
    recipe = from_toml(fields["recipe"])
    sizes = tuple(map(int, fields["sizes"]))
    network = architecture_of(recipe, sizes, str(fields["output"]))
    columns = tuple(make_printable(str(name)) for name in fields["columns"])
    preparation = None
    if "inputs" in fields:
        chosen = tuple(
            (FEATURES[c] if isinstance(c, str) else range(len(columns))[c], make_printable(str(n)))
            for c, n in fields["inputs"]
        )
        preparation = Preparation(
            chosen, _numbers(fields["shift"], sizes[0]), _numbers(fields["size"], sizes[0])
        )
    scaling = None
    if "target_shift" in fields:
        scaling = TargetScaling(
            _numbers(fields["target_shift"], sizes[-1]), _numbers(fields["target_size"], sizes[-1])
        )
    rule = None
    if (classes := fields.get("classes")) is not None:
        names = tuple(make_printable(str(name)) for name in classes["names"])
        rule = DecisionRule(float(classes["low"]), float(classes["high"]), names)
    if UNITS.keys().isdisjoint({network.output}):
        raise ValueError(f"unknown activation {network.output}")
    if not isinstance(network.activation, str) and len(network.activation) < network.depth - 1:
        raise ValueError(f"{len(network.activation)} activations of {network.depth - 1} layers")
    lines = forward_changes(recipe.lines)
    check_step(network, replace(build_learning_rule(recipe), carry=False, lines=lines), [5])
    return Model(
        recipe,
        network,
        flatten(arrays, network),
        columns,
        _names(fields["sources"], len(columns)),
        _numbers(fields["typical"], len(columns)),
        preparation,
        tuple(make_printable(str(name)) for name in fields["targets"]),
        scaling,
        rule,
        tuple(make_printable(str(name)) for name in fields.get("table", ())),
        _numbers(fields["baseline"], sizes[-1]) if "baseline" in fields else None,
        {make_printable(name): str(how) for name, how in fields.get("written", {}).items()},
    )


def _names(values: Any, count: int) -> tuple[str, ...]:
    if len(values) != count:
        raise ValueError("names that do not fit")
    return tuple(make_printable(str(name)) for name in values)


def _numbers(values: Any, count: int) -> Array:
    array = np.array(values, np.float64)
    if array.shape != (count,) or not np.isfinite(array).all():
        raise ValueError("numbers that do not fit")
    return array
