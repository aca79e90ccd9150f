"""Tables that people bring: what is said about each, what the network gets, what it learns.

The files are opened by their names alone, without any setting.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from nn_tui import experiment
from nn_tui.files.model import model_of
from nn_tui.training.scores import score_table
from nn_tui.training.trainer import Trainer
from tests.new_tables import inputs_of

CASES = Path(__file__).parent / "cases"


class Case(NamedTuple):
    """Inputs and classes (empty for a regression) of a file, and parts of its notes in order.

    ``least`` are the lowest test scores that training reaches.
    """

    inputs: tuple[str, ...]
    classes: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    least: tuple[tuple[str, float], ...] = ()


FILES = {
    "abc.csv": Case(("x",), ("a", "b", "c"), ("6 rows; input x → k (3 classes)",)),
    "accounting.csv": Case(("x",), (), ("balance: (5) is read as -5",)),
    "binary_01.csv": Case(
        ("x",), ("0", "1"), ("(2 classes)", "data.task = regression"), (("accuracy", 0.8),)
    ),
    "classes_012.csv": Case(("x",), ("0", "1", "2"), ("(3 classes)", "data.task = regression")),
    "comments.csv": Case(("a",), (), ("2 comment lines, which begin with #, were skipped",)),
    "dates.csv": Case(
        ("day", "day_weekday", "day_month"),
        (),
        ("oldest first by day", "ordinal day, weekday, month", "data.order = stratified"),
    ),
    "dollars.csv": Case(("area",), (), ("price: $100 is read as 100",)),
    "houses.csv": Case(
        ("rooms", "area", "age"),
        (),
        (
            "240 rows; inputs rooms, area, age → price (regression, standardized inside); "
            "192 train, 48 test, shuffled and stratified by data seed 0",
        ),
        (("r2", 0.9),),
    ),
    "id_leak.csv": Case(
        ("a", "b"),
        ("a", "b", "c"),
        ("(without id)", "left out: id (numbers the rows); data.features = +id keeps it"),
    ),
    "imbalanced.csv": Case(("a", "b"), ("no", "yes"), ("400 rows",)),
    "index_header.csv": Case(
        ("0", "1"),
        ("0", "1"),
        ("inputs 0, 1 (without column 1) → 2", "left out: column 1 (numbers the rows)"),
    ),
    "latin1.csv": Case(("größe",), ("herb", "süß"), ("it was read as Windows-1252 (Latin-1)",)),
    "na_tokens.csv": Case(("x", "x_missing"), (), ("9 rows", "filled in: x (6)")),
    "numeric_header.csv": Case(
        ("0", "1"),
        ("0", "1"),
        ("its values number the columns; data.header = no reads it as a sample",),
    ),
    "orange_header.tab": Case(
        ("a", "b"), ("x", "y"), ("lines 2 and 3: types and roles of the columns",)
    ),
    "passengers.csv": Case(
        ("age", "fare", "sex=f", "sex=m", "age_missing"),
        ("0", "1"),
        ("left out: name (150 different strings)", "age (29); added age_missing"),
        (("accuracy", 0.6),),
    ),
    "percent.csv": Case(("x",), (), ("share: 10% is read as 10",)),
    "price.csv": Case(("size",), (), ("6 rows; input size → price (regression",)),
    "thousands.csv": Case(("area",), (), ("price: 1,200 is read as 1200 (the comma could also",)),
    "threshold_train.csv": Case(("reading",), ("0", "1"), ("101 rows",), (("accuracy", 0.9),)),
    "title_line.csv": Case(
        ("a",), (), ("line 1 (Quarterly figures) is a title above the table; it was skipped",)
    ),
    "two_classes.csv": Case(("u", "v"), ("a", "b"), ("60 rows",), (("accuracy", 0.9),)),
    "unseen_class.csv": Case(
        ("x",), ("a", "b", "c"), ("7 train, 2 test, shuffled and stratified",), (("accuracy", 0.9),)
    ),
    "whitespace.data": Case(("x1", "x2"), (), ("inputs x1, x2 → y",), (("r2", 0.4),)),
    "whitespace_header.txt": Case(
        ("chins", "situps"), (), ("→ jumps (regression",), (("r2", 0.9),)
    ),
    "years_header.csv": Case(
        ("2019", "2020"), ("0", "1"), ("line 1 (2019, 2020, 2021) was read as column names",)
    ),
}


def test_every_file_is_a_case():
    assert {path.name for path in CASES.iterdir()} == {*FILES, "threshold_new.csv"}


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_read_as_a_newcomer_expects_and_what_was_done_is_said(name):
    case = FILES[name]
    opened = experiment.load_experiment(str(CASES / name))
    assert opened.dataset.input_names == case.inputs
    assert opened.dataset.classes == case.classes
    notes = iter(opened.notes)
    for part in case.said:
        assert any(part in note for note in notes), (part, opened.notes)
    assert np.isfinite(opened.dataset.inputs).all()


@pytest.mark.parametrize("name", [name for name, case in FILES.items() if case.least])
def test_the_default_network_learns_the_file(name):
    opened = experiment.load_experiment(str(CASES / name))
    trainer = Trainer(opened.recipe, opened.dataset)
    trainer.run_epochs(opened.recipe.training.epochs)
    table = score_table(trainer.snapshot())
    for score, least in FILES[name].least:
        assert table.test[score] >= least
        assert table.test[score] > table.baseline[score]


def test_class_weights_raise_the_recall_of_the_rare_class():
    recalls = {}
    for weights in ("none", "balanced"):
        wanted = [f"training.class_weights={weights}"]
        opened = experiment.load_experiment(str(CASES / "imbalanced.csv"), wanted)
        trainer = Trainer(opened.recipe, opened.dataset)
        trainer.run_epochs(opened.recipe.training.epochs)
        table = score_table(trainer.snapshot())
        assert table.baseline["accuracy"] > 0.96 and table.baseline["balanced_accuracy"] == 0.5
        recalls[weights] = {entry.name: entry.recall for entry in table.classes["train"]}
    assert recalls["none"]["yes"] == 0
    assert recalls["balanced"]["yes"] > 0.5


def test_numbers_mean_what_they_say():
    read = {
        name: experiment.load_experiment(str(CASES / name), ["data.order=file"]).dataset.targets
        for name in ("accounting.csv", "dollars.csv", "percent.csv", "thousands.csv")
    }
    assert read["accounting.csv"][:, 0].tolist() == [-5, -1, 4, 8]
    assert read["dollars.csv"][:3, 0].tolist() == [100, 200, 300]
    assert read["percent.csv"][:, 0].tolist() == [10, 20, 30, 40]
    assert read["thousands.csv"][:, 0].tolist() == [1200, 2400, 3600, 4800]


def test_missing_values_in_a_column_are_all_recognized_and_counted():
    table = experiment.load_experiment(str(CASES / "na_tokens.csv")).dataset.table
    assert {column.name: column.missing for column in table} == {"x": 6, "y": 0}


def test_new_readings_above_the_threshold_are_all_of_class_1():
    opened = experiment.load_experiment(str(CASES / "threshold_train.csv"))
    trainer = Trainer(opened.recipe, opened.dataset)
    trainer.run_epochs(opened.recipe.training.epochs)
    model = model_of(trainer.snapshot())
    raw = inputs_of(model, CASES / "threshold_new.csv")
    assert len(raw) == 15
    assert {model.rule.names[int(n)] for n in model.rule.decide(model.predict(raw))} == {"1"}
