"""``nn-tui evaluate``: the scores of a trained model on another labelled file."""

import json

import numpy as np
import pytest

CLASSES = "x,z,kind\n" + "".join(
    f"{k},{k * k % 7},{'no' if k < 20 else 'yes'}\n" for k in range(40)
)
NUMBERS = "age,kind,height\n" + "".join(
    f"{k % 9},{'abc'[k % 3]},{100 + 7 * (k % 9) + 10 * (k % 3)}\n" for k in range(60)
)


@pytest.fixture
def trained(run_cli, tmp_path):
    """Trains on a table, saves the model; returns the model's path and what ``--json`` said."""

    def train(text, *options):
        (tmp_path / "table.csv").write_text(text)
        words = ("train", tmp_path / "table.csv", "--save", tmp_path / "model.npz", "--json")
        done = run_cli(
            *words, "--force", *(word for option in options for word in ("--set", option))
        )
        assert done.returncode == 0, done.stderr
        return tmp_path / "model.npz", json.loads(done.stdout)

    return train


@pytest.fixture
def evaluate(run_cli, tmp_path):
    def evaluated(model, text, *options):
        (tmp_path / "new.csv").write_text(text)
        return run_cli("evaluate", model, tmp_path / "new.csv", *options)

    return evaluated


@pytest.mark.parametrize(
    ("text", "options"),
    [
        (CLASSES, ()),
        (CLASSES, ("network.output=softmax",)),
        (CLASSES.replace("no", "0").replace("yes", "1"), ()),
        (CLASSES.replace("no", "0").replace("yes", "1"), ("data.task=by_loss",)),
        (NUMBERS, ()),
        (NUMBERS, ("data.target=age,height",)),
        (NUMBERS, ("data.target=kind",)),
        (CLASSES.replace("x,z,kind\n", ""), ()),
    ],
)
def test_the_scores_of_the_test_rows_are_those_of_training(trained, evaluate, text, options):
    model, said = trained(text, "data.order=file", "data.test_fraction=0.6", *options)
    lines = text.splitlines(keepends=True)
    header = lines[:1] if lines[0][0].isalpha() else []
    rows = lines[len(header) :]
    done = evaluate(model, "".join([*header, *rows[-int(0.6 * len(rows)) :]]), "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["evaluated"] == found["rows"] == int(0.6 * len(rows))
    for part, trained_part in (("model", "test"), ("baseline", "baseline")):
        for name, value in said["metrics"][trained_part].items():
            assert found["metrics"][part][name] == pytest.approx(value, abs=1e-9), name


def test_the_table_has_the_model_beside_the_baseline(trained, evaluate):
    model, _ = trained(CLASSES)
    done = evaluate(model, CLASSES)
    assert done.stdout.startswith("new.csv: 40 rows evaluated\n")
    words = [line.split() for line in done.stdout.splitlines()[1:]]
    assert words[0] == ["model", "baseline"]
    assert words[1][0] == "accuracy" and words[1][-2:] == ["50.0", "%"]
    assert words[5][:2] == ["ROC", "AUC"]
    assert words[6] == ["precision", "recall", "samples"]
    assert [(line[0], line[-1]) for line in words[7:]] == [("no", "20"), ("yes", "20")]


def test_what_is_missing_or_unknown_is_counted_and_told(trained, evaluate):
    model, _ = trained(NUMBERS.replace("height", "size"), "data.target=kind")
    text = "age,kind,size\n1,a,107\n,b,117\n2,,110\n3,zebra,120\n4,zebra,120\n"
    found = json.loads(evaluate(model, text, "--json").stdout)
    assert found["rows"] == 5 and found["evaluated"] == 2
    assert found["missing_values"] == {"age": 1}
    assert found["missing_targets"] == 1 and found["unknown_classes"] == {"zebra": 2}
    said = evaluate(model, text).stderr
    assert "age (1)" in said and "1 row without a target is left out" in said
    assert "classes that the model does not have are left out: zebra (2)" in said


def test_classes_that_are_numbers_are_recognized_however_they_are_written(trained, evaluate):
    table = "x,k\n" + "".join(f"{n},{n // 20}\n" for n in range(60))
    model, _ = trained(table)
    found = json.loads(evaluate(model, "x,k\n3,0.0\n30,1.00\n58,2e0\n40,1.5\n", "--json").stdout)
    assert found["evaluated"] == 3 and found["unknown_classes"] == {"1.5": 1}
    assert found["metrics"]["model"]["accuracy"] == 1.0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("age,kind\n1,a\n", "to evaluate, the rows need their target, the column height"),
        ("age,height\n1,100\n", "the model needs the column kind, but the file has age, height"),
        ("age,kind,height\n1,a,tall\n", "line 2, column height: 'tall' is not a number"),
        ("age,kind,height\n1,a,\n", "no row has a target"),
    ],
)
def test_rows_that_cannot_be_evaluated_are_refused(trained, evaluate, text, said):
    model, _ = trained(NUMBERS)
    done = evaluate(model, text)
    assert done.returncode == 3 and said in done.stderr and "new.csv" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_known_class_the_known_ones_are_named(trained, evaluate):
    model, _ = trained(CLASSES)
    done = evaluate(model, "x,z,kind\n1,1,perhaps\n")
    assert done.returncode == 3
    assert "no row has a class that the model has; its classes are no, yes" in done.stderr


def test_a_model_saved_without_a_baseline_is_evaluated_without_it(trained, evaluate, tmp_path):
    model, _ = trained(CLASSES)
    with np.load(model) as arrays:
        kept = dict(arrays)
    fields = json.loads(str(kept["model"]))
    del fields["baseline"], fields["table"]
    kept["model"] = np.array(json.dumps(fields))
    np.savez(tmp_path / "earlier.npz", **kept)
    done = evaluate(tmp_path / "earlier.npz", CLASSES, "--json")
    assert json.loads(done.stdout)["metrics"]["baseline"] is None
    assert "baseline" not in evaluate(tmp_path / "earlier.npz", CLASSES).stdout
