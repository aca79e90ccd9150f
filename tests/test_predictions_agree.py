"""The run, ``predict``, ``evaluate`` and the exported script agree, bit for bit.

For random tables: types of columns, missing values, categories that training has never seen.
"""

import csv
import io
from datetime import datetime

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nn_tui import experiment
from nn_tui.commands.evaluate import predicted_rows
from nn_tui.commands.model_argument import table_for
from nn_tui.data.decision_rule import UNDECIDED
from nn_tui.errors import InputError
from nn_tui.files.model import description, model_of, read_model
from nn_tui.files.script.script import script_of
from nn_tui.files.weights import write_weights
from nn_tui.nn.architecture import Architecture
from nn_tui.nn.learning_rule import LearningRule
from nn_tui.nn.predictor import outputs_of
from nn_tui.training.run import Run
from nn_tui.training.scores import run_predictions, score_table, scores
from nn_tui.training.trainer import Trainer
from tests.new_tables import inputs_of

MISSING = st.sampled_from(["", "NA", "?", "nan"])
NUMBERS = st.one_of(
    st.integers(-50, 50).map(str),
    st.floats(-1e3, 1e3, allow_nan=False).map(repr),
    st.sampled_from(["1e-3", "+2.5", "0", "-0.0", "100"]),
)
TEXTS = st.sampled_from(["red", "green", "blue", "a b", 'a "b"', "x=1", "é"])
UNSEEN = st.sampled_from(["black", "RED", "reds", "x"])
WHOLE = st.integers(-99_999, 99_999)
DAYS = st.datetimes(datetime(1950, 1, 1), datetime(2068, 12, 31)).map(
    lambda moment: moment.replace(microsecond=0)
)
AMOUNTS = [
    WHOLE.map(lambda value: f"${value:,}.50"),
    WHOLE.map(lambda value: f"{value / 8} %"),
    WHOLE.map(lambda value: f"({-value})" if value < 0 else f"{value:,}"),
    WHOLE.map(lambda value: f"{value / 4} EUR".replace(".", ",")),
    WHOLE.map(lambda value: f"{value / 4}".replace(".", ",")),
    WHOLE.map(lambda value: f"{value / 4}D2"),
]
"""Numbers as people write them, a column each."""
DATES = ["%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y %H:%M", "%Y-%m-%dT%H:%M:%S", "%d/%m/%y"]
KINDS = ["number", "text", "amount", "date"]
TARGETS = {
    "number": st.floats(-1e3, 1e3, allow_nan=False).map(repr),
    "whole": st.sampled_from(["0", "1", "2"]),
    "binary": st.sampled_from(["0", "1"]),
    "text": st.sampled_from(["yes", "no", "perhaps"]),
}
NAMES = ["age", "size in m", "kind=b", "x_missing", "y"]
OPTIONS = {
    "network.dtype": ["float64", "float32"],
    "data.scale": ["standard", "minmax", "none"],
    "data.test_fraction": ["0", "0.2"],
    "network.activation": ["tanh", "relu"],
}


@st.composite
def tables(draw):
    """Names, training rows and new rows of cells, and options."""
    kinds = draw(
        st.lists(st.sampled_from(["number", "text", "amount", "date"]), min_size=1, max_size=4)
    )
    kind = draw(st.sampled_from([*TARGETS]))
    names = [*NAMES[: len(kinds)], "target"]

    date_form = draw(st.sampled_from(DATES))
    dates = DAYS.map(lambda moment: moment.strftime(date_form))
    forms = [
        {"number": NUMBERS, "text": TEXTS, "date": dates, "amount": draw(st.sampled_from(AMOUNTS))}[
            of
        ]
        for of in kinds
    ]

    def rows(count, unseen):
        columns = []
        for of, form in zip(kinds, forms, strict=True):
            cell = st.one_of(form, UNSEEN) if unseen and of == "text" else form
            some = st.one_of(cell, cell, cell, cell, MISSING) if draw(st.booleans()) else cell
            columns.append(draw(st.lists(some, min_size=count, max_size=count)))
        columns.append(draw(st.lists(TARGETS[kind], min_size=count, max_size=count)))
        return [*map(list, zip(*columns, strict=True))]

    options = [f"{key}={draw(st.sampled_from(choices))}" for key, choices in OPTIONS.items()]
    return (
        names,
        rows(draw(st.integers(6, 20)), False),
        rows(draw(st.integers(1, 6)), True),
        options,
    )


def written(path, names, rows):
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([names, *rows])
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


def trained(path, options):
    try:
        opened = experiment.load_experiment(
            str(path), ["data.missing=fill", "network.hidden=3", *options]
        )
        trainer = Trainer(opened.recipe, opened.dataset)
    except InputError:
        assume(False)
    trainer.run_epochs(2)
    return Run(opened.name, opened.recipe, opened.dataset), trainer.snapshot()


def script_functions(run):
    scope = {"print": lambda *_: None}
    exec(compile(script_of(run, 2), "script", "exec"), scope)
    return scope


@settings(max_examples=60)
@given(tables())
def test_predictions_have_the_same_bits_wherever_they_are_made(tmp_path_factory, table):
    names, rows, new_rows, options = table
    folder = tmp_path_factory.mktemp("agree")
    path = written(folder / "table.csv", names, rows)
    exact = "network.dtype=float64" in options  # float32 bits depend on the order of the rows
    run, snapshot = trained(path, [*([] if exact else ["data.order=file"]), *options])
    write_weights(folder / "model.npz", snapshot.weights, description(model_of(snapshot)))
    model = read_model(folder / "model.npz")

    def predicted(file):
        return model.predict(inputs_of(model, file))

    inputs = run.dataset.raw_inputs
    own = run_predictions(snapshot)
    theirs = inputs_of(model, path), predicted(path)
    assert sorted(zip(map(bytes, inputs), map(bytes, own), strict=True)) == sorted(
        zip(*(map(bytes, values) for values in theirs), strict=True)
    )

    scope = script_functions(run)
    for cells in (rows, new_rows):
        there = predicted(written(folder / "new.csv", names, cells))
        for given_as in (
            [dict(zip(names, row, strict=True)) for row in cells],
            [[row[names.index(name)] for name in scope["typical"]] for row in cells],
        ):
            said = scope["predict"](given_as)
            if model.rule is None:
                assert np.asarray(said, float).tobytes() == there[:, 0].tobytes()
                continue
            name = "probabilities" if model.probabilities else "outputs"
            assert np.asarray(scope[name](given_as), float).tobytes() == there.tobytes()
            for number, word in zip(model.rule.decide(there), said, strict=True):
                assert number == UNDECIDED or word == model.rule.names[number]


@pytest.mark.parametrize(
    "features",
    ["x1^2,x1*x2,sin(x2)", "x2,x1", "second", "-first", "kind=b,first", "kind", "-kind,-first"],
)
def test_selected_and_derived_inputs_are_computed_by_the_script_too(tmp_path, features):
    three = "kind" in features
    names = ["first", "second", *(["kind"] if three else []), "target"]
    random = np.random.default_rng(5)
    rows = [
        [f"{a:.3f}", f"{b:.3f}", *("abc"[k % 3] if three else ""), f"{a * b:.4f}"]
        for k, (a, b) in enumerate(random.normal(size=(15, 2)))
    ]
    path = written(tmp_path / "table.csv", names, rows)
    run, snapshot = trained(path, ["data.order=file", f"data.features={features}"])
    own = run_predictions(snapshot)[:, 0]
    scope = script_functions(run)
    said = scope["predict"]([dict(zip(names, row, strict=True)) for row in rows])
    assert said.tobytes() == own.tobytes()


@settings(max_examples=40)
@given(tables())
def test_a_model_evaluated_on_its_own_table_has_the_scores_of_the_run(tmp_path_factory, table):
    names, rows, _, options = table
    path = written(tmp_path_factory.mktemp("agree") / "table.csv", names, rows)
    run, snapshot = trained(
        path,
        ["data.order=file", *(o for o in options if "test_fraction" not in o)],
    )
    model = model_of(snapshot)
    table = table_for(model, str(path))
    predictions, targets, _ = table.read(lambda parts: predicted_rows(model, parts))
    assert targets.known.all()
    np.testing.assert_array_equal(
        targets.values, run.dataset.output_targets(snapshot.network.output)
    )
    split = slice(run.dataset.train_count, None)
    own = score_table(snapshot)
    found = scores(predictions[split], targets.values[split], model.rule, model.probable_outputs)
    assert found == own.test


@settings(max_examples=40)
@given(tables())
def test_shuffled_or_not_the_inputs_of_a_row_have_the_same_bits(tmp_path_factory, table):
    names, rows, _, options = table
    path = written(tmp_path_factory.mktemp("agree") / "table.csv", names, rows)
    run, snapshot = trained(path, options)
    model = model_of(snapshot)
    raw = inputs_of(model, path)
    inputs = raw if model.preparation is None else model.preparation.apply(raw)
    assert sorted(map(tuple, inputs.tolist())) == sorted(map(tuple, run.dataset.inputs.tolist()))


def test_a_row_is_predicted_with_the_same_bits_whatever_rows_are_beside_it():
    """BLAS alone rounds the last rows of a matrix, and matrices of other sizes, differently."""
    random = np.random.default_rng(1)
    for sizes in ((3, 8, 1), (30, 16, 2), (600, 9, 1)):
        network = Architecture(sizes, "tanh", "linear", True)
        given = LearningRule(), random.normal(size=network.parameter_count)
        inputs = random.normal(size=(700, sizes[0]))
        whole, order = outputs_of(network, *given, inputs), random.permutation(700)
        np.testing.assert_array_equal(outputs_of(network, *given, inputs[order]), whole[order])
        np.testing.assert_array_equal(outputs_of(network, *given, inputs[5:134]), whole[5:134])
