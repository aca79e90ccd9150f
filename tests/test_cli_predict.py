"""``nn-tui predict``: a trained model, applied to rows of a new table."""

import csv
import io
import json
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui import cli, experiment
from nn_tui.data.readers.new_table import NewTable
from nn_tui.errors import InputError
from nn_tui.files.model import description, model_of, read_model
from nn_tui.files.weights import write_weights
from nn_tui.training.forward_pass import ForwardPass
from nn_tui.training.scores import run_predictions
from nn_tui.training.trainer import Trainer
from tests.new_tables import encoded

MIXED = "age,kind,height\n" + "".join(
    f"{k % 9},{'abc'[k % 3]},{100 + 7 * (k % 9) + 10 * (k % 3)}\n" for k in range(60)
)
CLASSES = "x,z,kind\n" + "".join(
    f"{k}.5,{k * k % 7},{'no' if k < 20 else 'yes'}\n" for k in range(40)
)


@pytest.fixture
def trained(run_cli, tmp_path):
    """Trains on a table with the options, saves the model; returns the model's path."""

    def train(text, *options):
        (tmp_path / "table.csv").write_text(text)
        words = ("train", tmp_path / "table.csv", "--save", tmp_path / "model.npz", "--force")
        done = run_cli(*words, *(word for option in options for word in ("--set", option)))
        assert done.returncode == 0, done.stderr
        return tmp_path / "model.npz"

    return train


@pytest.fixture
def predict(run_cli, tmp_path):
    def predicted(model, text, *options):
        (tmp_path / "new.csv").write_text(text)
        done = run_cli("predict", model, tmp_path / "new.csv", *options)
        return done, [*csv.DictReader(io.StringIO(done.stdout))]

    return predicted


def test_numbers_are_predicted_in_the_units_of_the_target(trained, predict):
    done, rows = predict(trained(MIXED), "kind,age\na,3\nc,8\n")
    assert [*rows[0]] == ["kind", "age", "predicted_height"]
    values = [float(row["predicted_height"]) for row in rows]
    np.testing.assert_allclose(values, [121, 176], atol=12)
    assert done.stderr == ""


def test_classes_are_predicted_by_name_with_probabilities_on_request(trained, predict):
    _, rows = predict(trained(CLASSES), "x,z\n1,1\n39,1\n", "--proba")
    assert [*rows[0]] == ["x", "z", "predicted_kind", "probability_no", "probability_yes"]
    assert [row["predicted_kind"] for row in rows] == ["no", "yes"]
    for row in rows:
        shares = float(row["probability_no"]), float(row["probability_yes"])
        assert sum(shares) == pytest.approx(1)
        assert (shares[1] > 0.5) == (row["predicted_kind"] == "yes")


def test_several_classes_too(trained, predict):
    table = "x,k\n" + "".join(f"{k},{'abc'[k // 20]}\n" for k in range(60))
    _, rows = predict(trained(table), "x\n2\n30\n58\n", "--proba")
    assert [row["predicted_k"] for row in rows] == ["a", "b", "c"]
    assert sum(float(rows[0][f"probability_{name}"]) for name in "abc") == pytest.approx(1)


def test_missing_values_and_unknown_categories_are_replaced_and_counted(trained, predict):
    done, rows = predict(trained(MIXED), "age,kind\n,a\n3,z\n?,\n")
    assert len(rows) == 3 and all(row["predicted_height"] for row in rows)
    assert "age (2), kind (1)" in done.stderr
    assert "categories that the model has never seen count as none: kind (1)" in done.stderr


def test_a_missing_number_is_the_median_of_training(trained, predict):
    _, (missing, median) = predict(trained(MIXED), "age,kind\n,a\n4,a\n")
    assert missing["predicted_height"] == median["predicted_height"]


def test_an_indicator_says_that_a_value_is_missing(trained, predict):
    table = "x,y\n" + "".join(f"{k if k % 4 else ''},{k}.5\n" for k in range(60))
    model = trained(table, "data.missing=fill")
    assert read_model(model).columns == ("x", "x_missing")
    _, (missing, known) = predict(model, "x,q\n,0\n31,0\n")
    assert missing["predicted_y"] != known["predicted_y"]


def test_the_scaling_is_that_of_the_model_not_of_the_new_rows(trained, predict):
    model = trained(MIXED)
    _, together = predict(model, "age,kind\n1,a\n8,a\n")
    _, (alone,) = predict(model, "age,kind\n8,a\n")
    assert alone["predicted_height"] == together[1]["predicted_height"]


def test_derived_features_are_computed_from_the_new_rows(trained, predict):
    table = "p,q,y\n" + "".join(f"{k},{k % 5},{k * k}.5\n" for k in range(40))
    _, rows = predict(trained(table, "data.features=x1^2,x2"), "p,q\n10,0\n30,0\n")
    assert float(rows[0]["predicted_y"]) < float(rows[1]["predicted_y"])


def test_predictions_on_the_training_table_are_the_runs_own_bit_for_bit(trained, predict, tmp_path):
    model = trained(MIXED)
    _, rows = predict(model, MIXED)
    opened = experiment.load_experiment(str(tmp_path / "table.csv"))
    trainer = Trainer(opened.recipe, opened.dataset)
    trainer.run_epochs(opened.recipe.training.epochs)
    own = run_predictions(trainer.snapshot())[:, 0]
    ages = opened.dataset.raw_inputs[:, 0]
    assert sorted((float(row["age"]), float(row["predicted_height"])) for row in rows) == sorted(
        zip(ages.tolist(), own.tolist(), strict=True)
    )


def test_a_long_table_is_predicted_in_parts_and_its_columns_are_understood_as_a_whole(
    trained, tmp_path, capfdbinary
):
    model, text = trained(MIXED), "kind,age\n" + "a,3\nc,\nz,8\n" * 20_000
    (tmp_path / "long.csv").write_text(text)
    assert cli.main(["predict", str(model), str(tmp_path / "long.csv")]) == 0
    said = capfdbinary.readouterr()
    made = said.out.decode().splitlines()
    assert b"age (20,000)" in said.err and b"kind (20,000)" in said.err
    assert [line.rpartition(",")[0] for line in made] == text.splitlines()
    assert made[0] == "kind,age,predicted_height" and len({*made}) == 4
    # A percent sign far below says what all the numbers are: here, what training did not have.
    (tmp_path / "long.csv").write_text(text + "a,7%\n")
    assert cli.main(["predict", str(model), str(tmp_path / "long.csv"), "-o", "out.csv"]) == 3
    said = capfdbinary.readouterr()
    assert not said.out and b"long.csv: line 2, column age: '3' has no percent sign" in said.err


def test_the_output_is_a_file_that_is_not_overwritten_unless_forced(trained, run_cli, tmp_path):
    model, out = trained(MIXED), tmp_path / "out.csv"
    words = ("predict", model, tmp_path / "table.csv", "-o", out)
    assert run_cli(*words).returncode == 0
    assert out.read_text().startswith("age,kind,height,predicted_height\n")
    again = run_cli(*words)
    assert again.returncode != 0 and "--force" in again.stderr
    assert run_cli(*words, "--force").returncode == 0
    assert run_cli(*words[:3], "-o", tmp_path / "table.csv", "--force").returncode != 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kind\na\n", "the model needs the column age, but the file has kind"),
        ("age,kind\nold,a\n", "line 2, column age: 'old' is not a number"),
        ("1,2\n3,4\n", "no header; the model needs the columns age, kind"),
        ("age,kind\n1,a,5\n", "line 2: there are 3 cells, but the header has 2"),
        ("", "the file is empty"),
        ("age,age\n1,2\n", "needs the column kind, but the file has age, age_2"),
    ],
)
def test_rows_that_do_not_fit_are_refused_with_place_and_reason(trained, predict, text, said):
    done, _ = predict(trained(MIXED), text)
    assert done.returncode == 3 and said in done.stderr
    assert "Traceback" not in done.stderr


def test_what_is_no_model_is_refused(run_cli, tmp_path):
    (tmp_path / "new.csv").write_text("x\n1\n")
    np.savez(tmp_path / "weights.npz", W0=np.ones((1, 1)))
    np.savez(tmp_path / "damaged.npz", W0=np.ones((1, 1)), model=np.array('{"format": 3}'))
    (tmp_path / "text.npz").write_text("no archive")
    for name, said in (
        ("weights.npz", "holds weights only"),
        ("damaged.npz", "damaged, or of another version"),
        ("text.npz", "not an NPZ file"),
        ("nothing", "neither a model file nor a saved run"),
    ):
        word = tmp_path / name if name != "nothing" else name
        done = run_cli("predict", word, tmp_path / "new.csv", "--state-dir", tmp_path)
        assert done.returncode == 3 and said in done.stderr, name


def test_probabilities_of_a_regression_are_refused(trained, predict):
    done, _ = predict(trained(MIXED), "age,kind\n1,a\n", "--proba")
    assert done.returncode == 3 and "--proba needs a model of classes" in done.stderr


def test_a_model_file_is_readable_without_pickle_and_serves_as_weights(trained, run_cli, tmp_path):
    model = trained(MIXED)
    with np.load(model, allow_pickle=False) as arrays:
        assert {"W0", "b0", "W1", "b1", "model"} == set(arrays)
        assert json.loads(str(arrays["model"]))["format"] == "nn-tui-model-1"
    done = run_cli("train", tmp_path / "table.csv", "--weights", model, "--epochs", "0", "--json")
    assert json.loads(done.stdout)["train_loss"] < 0.1


def test_a_run_that_was_saved_predicts_too(run_cli, tmp_path):
    from nn_tui.files.runs.run_store import RunStore
    from tests.files.runs.timelines import saved, timeline, train

    (tmp_path / "table.csv").write_text(MIXED)
    line = timeline(str(tmp_path / "table.csv"))
    train(line, 30)
    store = RunStore(tmp_path / "state" / "runs")
    store.path.mkdir(parents=True)
    folder = saved(line, store)
    words = ("predict", folder.id, tmp_path / "table.csv", "--state-dir", tmp_path / "state")
    done = run_cli(*words)
    assert done.stdout.startswith("age,kind,height,predicted_height\n"), done.stderr
    assert len(done.stdout.splitlines()) == 61


CELL = st.sampled_from(["1", "-2.5", "", "NA", "a", "b", "zz", "3e2"])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=8))
def test_any_cells_are_encoded_as_finite_numbers_or_refused(tmp_path_factory, rows):
    from nn_tui.data.errors import DataError

    path = tmp_path_factory.mktemp("rows") / "new.csv"
    path.write_text("age,kind\n" + "".join(f"{a},{b}\n" for a, b in rows) + "7,a\n")
    columns = ("age", "kind=a", "kind=b", "age_missing")
    try:
        sources, typical = ("age", "kind", "kind", "age"), np.array([4.0, 1.0, 0.0, 0.0])
        raw, replaced = encoded(NewTable(path), columns, sources, typical)
    except DataError as error:
        assert "is not a number" in str(error)
        return
    assert raw.shape[1] == 4 and np.isfinite(raw).all()
    assert (raw[:, 1:3].sum(axis=1) <= 1).all()
    assert raw[:, 3].sum() == replaced.missing.get("age", 0)


def test_a_model_is_read_as_it_was_written(tmp_path):
    for name in ("blog", "circle", "iris", "diabetes", "digits"):
        opened = experiment.load_experiment(name)
        trainer = Trainer(opened.recipe, opened.dataset)
        trainer.run_epochs(1)
        snapshot = trainer.snapshot()
        model = model_of(snapshot)
        write_weights(tmp_path / "model.npz", snapshot.weights, description(model))
        again = read_model(tmp_path / "model.npz")
        raw = opened.dataset.raw_inputs[:20]
        np.testing.assert_array_equal(again.predict(raw), model.predict(raw))
        own = ForwardPass().predictions(snapshot, opened.dataset.inputs[:20])
        np.testing.assert_array_equal(model.predict(raw), own)
        assert again.rule == model.rule


def test_a_model_with_more_layers_than_activations_is_refused(tmp_path):
    opened = experiment.load_experiment(
        "circle", ("network.hidden=4,3", "network.activation=relu,tanh")
    )
    snapshot = Trainer(opened.recipe, opened.dataset).snapshot()
    fields = json.loads(description(model_of(snapshot)))
    fields["sizes"] = [2, 4, 3, 3, 1]
    weights = {f"W{i}": np.ones((a, b)) for i, (a, b) in enumerate(pairwise(fields["sizes"]))}
    biases = {f"b{i}": np.ones(size) for i, size in enumerate(fields["sizes"][1:])}
    write_weights(tmp_path / "model.npz", weights | biases, json.dumps(fields))
    with pytest.raises(InputError, match="is damaged"):
        read_model(tmp_path / "model.npz")


@pytest.mark.parametrize("name", ["a=b", "x_missing"])
def test_a_number_whose_name_looks_like_an_encoding_is_a_number(trained, predict, name):
    table = f"x,{name},y\n" + "".join(f"{k},{k % 7},{k + 5 * (k % 7)}.5\n" for k in range(60))
    done, rows = predict(trained(table), f"x,{name}\n30,6\n30,\n30,3\n")
    assert f"{name} (1)" in done.stderr
    high, missing, median = (float(row["predicted_y"]) for row in rows)
    assert missing == median < high


@pytest.fixture
def train_on(run_cli, tmp_path, trained):
    """Trains on another table with ``--weights``; returns the process and the new model."""

    def train(text, *words):
        (tmp_path / "other.csv").write_text(text)
        saved = tmp_path / "again.npz"
        done = run_cli(
            *("train", tmp_path / "other.csv", "--weights", tmp_path / "model.npz"),
            *("--save", saved, "--force", "--json", "--set", "data.test_fraction=0", *words),
        )
        return done, saved

    return train


def test_weights_of_a_model_bring_its_columns_and_scaling_along(trained, train_on, run_cli):
    model = read_model(trained(MIXED))
    other = "height,kind,age\n" + "".join(f"{300 + k},{'cz'[k % 2]},{50 + k}\n" for k in range(30))
    done, saved = train_on(other, "--epochs", "0")
    assert done.returncode == 0, done.stderr
    assert "columns, classes and scaling are those of model.npz" in done.stderr
    assert "categories that the model has never seen count as none: kind (15)" in done.stderr
    again = read_model(saved)
    assert again.columns == model.columns and again.recipe.network == model.recipe.network
    for was, now in (
        (model.preparation, again.preparation),
        (model.target_scaling, again.target_scaling),
    ):
        assert was.shift.tolist() == now.shift.tolist() and was.size.tolist() == now.size.tolist()
    evaluated = json.loads(run_cli("evaluate", saved, saved.parent / "other.csv", "--json").stdout)
    rmse = json.loads(done.stdout)["metrics"]["train"]["rmse"]
    assert evaluated["metrics"]["model"]["rmse"] == pytest.approx(rmse, rel=1e-9)


def test_weights_of_a_model_bring_its_classes_along(trained, train_on, run_cli):
    model = read_model(trained("x,k\n" + "".join(f"{k},{'abc'[k // 20]}\n" for k in range(60))))
    done, saved = train_on("x,k\n" + "".join(f"{k},{'cb'[k % 2]}\n" for k in range(20)))
    assert done.returncode == 0, done.stderr
    assert read_model(saved).rule == model.rule


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("age,height\n1,2\n3,4\n", "the model needs the column kind; the inputs are age"),
        ("age,kind,height\na,a,1\nb,a,2\n", "the column 'age' is text, but numbers in the model"),
        ("age,kind,height\n1,2,1\n2,3,2\n", "the column 'kind' is numbers, but text in the model"),
        ("age,kind,size\n1,a,1\n2,b,2\n", "no target column 'height'"),
    ],
)
def test_a_table_that_does_not_fit_the_weights_is_refused(trained, train_on, text, said):
    trained(MIXED)
    done, _ = train_on(text)
    assert done.returncode == 3 and said in done.stderr and "Traceback" not in done.stderr


def test_missing_values_are_filled_in_as_in_the_model_of_the_weights(trained, train_on):
    model = read_model(trained(MIXED))
    done, saved = train_on(
        "age,kind,height\n" + "".join(f"{k or ''},a,{k}\n" for k in range(30)),
        *("--epochs", "0", "--set", "data.missing=fill"),
    )
    assert done.returncode == 0, done.stderr
    assert "missing values were filled in as in the model: age (1)" in done.stderr
    assert read_model(saved).columns == model.columns


def test_classes_that_the_model_of_the_weights_does_not_have_are_refused(trained, train_on):
    trained(CLASSES)
    done, _ = train_on("x,z,kind\n1,1,no\n2,2,perhaps\n")
    assert done.returncode == 3
    assert "the model has no class perhaps; its classes are no, yes" in done.stderr
