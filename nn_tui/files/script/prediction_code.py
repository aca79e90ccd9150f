"""Code of the function ``predict`` of a script: from rows of the table to its target.

It encodes and scales as the run does, and passes forward with the same statements, so that
predictions have the same bits.
"""

import json
import re
import textwrap
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from nn_tui.data.dataset import Dataset
from nn_tui.data.fitted import FittedData
from nn_tui.data.preprocessing import Chosen
from nn_tui.data.raw_columns import INDICATOR, groups_of
from nn_tui.data.readers.date_formats import date_text
from nn_tui.data.readers.missing_values import MARKERS
from nn_tui.data.table_column import TableColumn
from nn_tui.files.script.cell_code import ScriptColumn, date_code, number_code, reads_iso_dates
from nn_tui.files.script.literals import WIDTH, items_assignment, number_literal
from nn_tui.files.script.loop_code import indented
from nn_tui.files.script.segments import SegmentSetting
from nn_tui.files.script.variables import scaled
from nn_tui.nn import statements
from nn_tui.nn.activations import UNITS
from nn_tui.nn.predictor import PREDICTED_TOGETHER
from nn_tui.nn.step import source
from nn_tui.text import make_printable

_MOST_CELLS = 8
"""Most columns of the row that is predicted as an example."""

_MISSING = (
    "def is_missing(cell):",
    "    return cell is None or cell != cell or str(cell).strip().lower() in MISSING",
)


class PredictionCode(NamedTuple):
    """The function ``predict`` with what it needs, and a call of it; empty without a table."""

    functions: list[str]
    example: list[str]


def prediction_code(setting: SegmentSetting) -> PredictionCode:
    """The function ``predict`` and a call of it; nothing for samples that are no table."""
    dataset = setting.dataset
    if not dataset.columns:
        return PredictionCode([], [])
    fitted = FittedData.of(dataset)
    columns, made = _columns(fitted, dataset.table)
    lines = ["", "", "# Predictions for rows of the table.", *_settings(columns, setting)]
    lines += ["", "", *_MISSING, "", "", *_encoded(columns), "", ""]
    lines += [*_forward(setting, columns, made), "", ""]
    return PredictionCode(lines, _example(dataset, fitted, columns))


def _columns(
    fitted: FittedData, described: Sequence[TableColumn]
) -> tuple[list[ScriptColumn], list[str]]:
    """The columns that inputs are made of, and the raw columns in the order they are encoded in."""
    used, by_name = _used(fitted), {column.name: column for column in described}
    columns: list[ScriptColumn] = []
    made: list[str] = []
    marked: list[str] = []
    for name, numbers in groups_of(fitted.sources).items():
        if used.isdisjoint(numbers):
            continue
        encoded = [n for n in numbers if fitted.columns[n] != name + INDICATOR]
        names = [fitted.columns[n] for n in encoded]
        mark = len(encoded) < len(numbers)
        made += names
        marked += [name + INDICATOR] if mark else []
        about = by_name.get(name, TableColumn(name))
        if about.kind == "date":
            parts = tuple(text.removeprefix(f"{name}_") for text in names[1:])
            usual = tuple(fitted.typical[encoded].tolist())
            columns.append(ScriptColumn(name, usual, parts=parts, marked=mark, table=about))
            continue
        if names == [name]:
            median = float(fitted.typical[encoded[0]])
            columns.append(ScriptColumn(name, median, marked=mark, table=about))
            continue
        categories = tuple(text.removeprefix(f"{name}=") for text in names)
        most = categories[int(fitted.typical[encoded].argmax())]
        columns.append(ScriptColumn(name, most, categories, marked=mark))
    return columns, [*made, *marked]


def _chosen(fitted: FittedData) -> Sequence[Chosen]:
    if fitted.preparation is None:
        return tuple(enumerate(fitted.columns))
    return fitted.preparation.chosen


def _used(fitted: FittedData) -> set[int]:
    """The raw columns that the inputs are computed from."""
    used: set[int] = set()
    for column, _ in _chosen(fitted):
        if isinstance(column, int):
            used.add(column)
        else:
            used |= {k for k in (0, 1) if f"x{k + 1}" in column.name}
    return used


def _settings(columns: Sequence[ScriptColumn], setting: SegmentSetting) -> list[str]:
    """Assignments of what a row is encoded with, and of the classes."""
    texts = any(column.categories for column in columns)
    what = "median or most frequent category" if texts else "median"
    lines = [f"# What replaces a missing value: the {what} of the training set."]
    lines += items_assignment(
        "typical", "{}", [f"{_text(c.name)}: {_value(c.typical)}" for c in columns]
    )
    if texts:
        lines.append("# One-hot encoded columns.")
        lines += items_assignment(
            "categories",
            "{}",
            [f"{_text(c.name)}: [{_texts(c.categories)}]" for c in columns if c.categories],
        )
    dates = [f"{_text(c.name)}: [{_texts(c.parts)}]" for c in columns if c.parts is not None]
    if dates:
        lines.append("# Dates: their ordinal day and these parts are inputs.")
        lines += items_assignment("dates", "{}", dates)
    numbers = [column for column in columns if column.is_number]
    commas = [_text(column.name) for column in numbers if column.comma]
    if 0 < len(commas) < len(numbers):
        lines.append("# These have a decimal comma.")
        lines += items_assignment("comma", "[]", commas)
    marked = [_text(column.name) for column in columns if column.marked]
    if marked:
        lines.append("# These have another input, which is 1 where the value is missing.")
        lines += items_assignment("marked", "[]", marked)
    rule = setting.dataset.decision_rule(setting.network.output)
    if rule is not None and rule.names:
        lines += items_assignment("classes", "[]", [_text(name) for name in rule.names])
    return [*lines, *items_assignment("MISSING", "[]", [_text(word) for word in MARKERS])]


def _encoded(columns: Sequence[ScriptColumn]) -> list[str]:
    """The functions that make a row's inputs before scaling."""
    texts = any(column.categories for column in columns)
    dates = any(column.parts is not None for column in columns)
    unknown = "; an unknown category is none of the known ones" if texts else ""
    function, number = number_code(columns)
    helpers = [*([*function, "", ""] if function else []), *date_code(columns)]
    body = [
        f'"""The inputs of a row before scaling{unknown}."""',
        "if not isinstance(row, dict):",
        "    row = dict(zip(typical, row, strict=True))",
        "inputs = []",
        "for name, usual in typical.items():",
        "    cell = usual if is_missing(row[name]) else row[name]",
    ]
    cases: list[tuple[str, str]] = []
    if texts:
        known = "[str(cell).strip() == category for category in categories[name]]"
        cases.append(("name in categories", f"inputs += {known}"))
    if dates:
        of_date = "usual if is_missing(row[name]) else date_inputs(cell, dates[name])"
        cases.append(("name in dates", f"inputs += {of_date}"))
    for place, (condition, code) in enumerate(cases):
        body += [f"    {'elif' if place else 'if'} {condition}:", f"        {code}"]
    added = f"inputs.append({number})"
    if any(column.is_number for column in columns):
        body += ["    else:", f"        {added}"] if cases else [f"    {added}"]
    marks = ""
    if any(column.marked for column in columns):
        marks = " + [is_missing(row[name]) for name in marked]"
    return [*helpers, "def encoded(row):", *indented([*body, f"return inputs{marks}"])]


def _forward(
    setting: SegmentSetting, columns: Sequence[ScriptColumn], made: Sequence[str]
) -> list[str]:
    """The functions that compute the outputs and predict."""
    dataset, network = setting.dataset, setting.network
    fitted = FittedData.of(dataset)
    targets = make_printable(", ".join(dataset.target_names))
    names = _texts_for_docs([column.name for column in columns])
    rows = f"rows: dicts by column name, or lists of {names}."
    forward = [
        "l0 = np.array([encoded(row) for row in rows], float)",
        *_selected(fitted, made),
        *_whole_blocks(network.sizes[0]),
        *scaled("l0", setting),
        *source(statements.forward_statements(network, setting.method.for_evaluation)).splitlines()[
            1:
        ],
    ]
    rule, output = dataset.decision_rule(network.output), f"l{network.depth}"
    if rule is None or not rule.names:
        value = output
        if dataset.target_scaling is not None:
            value = f"({output} * y_deviation + y_mean)"
        value += "[: len(rows), 0]" if network.sizes[-1] == 1 else "[: len(rows)]"
        doc = _docstring(f"Predict {targets} of {rows}")
        return ["def predict(rows):", *indented([*doc, *forward, f"return {value}"])]
    name = "probabilities" if UNITS[network.output].range == (0.0, 1.0) else "outputs"
    if network.sizes[-1] > 1:
        what, choice = name, f"classes[k] for k in {name}(rows).argmax(axis=1)"
    else:
        what = f"{name} of {make_printable(rule.names[1])}"
        above = f"value > {number_literal(rule.threshold)}"
        choice = f"classes[int({above})] for value in {name}(rows)[:, 0]"
    return [
        f"def {name}(rows):",
        *indented(
            [*_docstring(f"The {what} for {rows}"), *forward, f"return {output}[: len(rows)]"]
        ),
        "",
        "",
        "def predict(rows):",
        *indented(
            [
                *_docstring(f"Predict {targets} of rows as ``{name}`` takes them."),
                f"return [{choice}]",
            ]
        ),
    ]


def _whole_blocks(inputs: int) -> list[str]:
    """The lines that fill up the rows as ``outputs_of`` does."""
    return [
        "# BLAS rounds the last rows differently: with zeros below, a row's bits are its own.",
        f"l0 = np.vstack([l0, np.zeros((-len(l0) % {PREDICTED_TOGETHER}, {inputs}))])",
    ]


def _selected(fitted: FittedData, made: Sequence[str]) -> list[str]:
    """The line that computes or selects inputs; nothing if they are what is encoded."""
    chosen = _chosen(fitted)
    if all(isinstance(column, int) for column, _ in chosen):
        places = [made.index(fitted.columns[c]) for c, _ in chosen if isinstance(c, int)]
        if places == [*range(len(made))]:
            return []
        return [f"l0 = l0[:, [{', '.join(map(str, places))}]]"]
    columns = ", ".join(
        f"l0[:, {made.index(fitted.columns[c])}]" if isinstance(c, int) else _formula(c.name)
        for c, _ in chosen
    )
    values = {
        f"x{k + 1}": made.index(name) for k, name in enumerate(fitted.columns) if name in made
    }
    lines = [f"{x} = l0[:, {place}]" for x, place in values.items() if x in columns]
    return [*lines, f"l0 = np.column_stack([{columns}])"]


def _formula(feature: str) -> str:
    """Code of a feature such as ``sin(x1)`` or ``x1^2``."""
    code = re.sub(r"(x\d)\^2", r"\1 * \1", feature).replace("sin", "np.sin")
    return re.sub(r" ?\* ?", " * ", code)


def _example(dataset: Dataset, fitted: FittedData, columns: Sequence[ScriptColumn]) -> list[str]:
    """A call of ``predict`` for the first sample."""
    if len(columns) > _MOST_CELLS:
        return []
    sample = dict(zip(fitted.columns, dataset.raw_inputs[0].tolist(), strict=True))
    cells = []
    for column in columns:
        value: str | float | None
        if column.categories:
            shares = [sample[f"{column.name}={text}"] for text in column.categories]
            value = column.categories[shares.index(1.0)] if 1.0 in shares else None
        elif column.parts is not None:
            shown = _text(date_text(sample[column.name]))
            iso = reads_iso_dates(columns)
            cells.append(
                f"{_text(column.name)}: {shown if iso else f'datetime.fromisoformat({shown})'}"
            )
            continue
        else:
            value = sample[column.name]
        if column.marked and sample[column.name + INDICATOR]:
            value = None
        cells.append(f"{_text(column.name)}: {_value(value)}")
    lines = items_assignment("row", "{}", cells)
    return ["# The first row of the training set.", *lines, "print(predict([row]))"]


def _value(value: str | float | tuple[float, ...] | None) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, float):
        return (
            str(int(value)) if value.is_integer() and abs(value) < 1e15 else number_literal(value)
        )
    return "None" if value is None else _text(value)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _texts(values: Iterable[str]) -> str:
    return ", ".join(map(_text, values))


def _texts_for_docs(names: Sequence[str]) -> str:
    """Names in a docstring; of many, the first and the last."""
    shown = [make_printable(name) for name in names]
    return ", ".join(shown) if len(shown) <= 6 else f"{shown[0]}, {shown[1]} … {shown[-1]}"


def _docstring(text: str) -> list[str]:
    """A docstring, in lines of at most the script's width."""
    safe = text.replace("\\", "/").replace('"', "'")
    return textwrap.wrap(f'"""{safe}"""', WIDTH - 4, break_long_words=False)
