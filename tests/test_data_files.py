"""A person's own file as an experiment, from the command line to what is learned."""

import json

import numpy as np
import pytest


def write_flowers(path, classes=("a", "b", "c"), rows=150, sorted_rows=False):
    random = np.random.default_rng(3)
    kind = np.arange(rows) * len(classes) // rows if sorted_rows else np.arange(rows) % len(classes)
    points = kind[:, None] * 2.0 + random.normal(size=(rows, 2)) * 0.3
    lines = [f"{x:.4f};{y:.4f};{classes[k]}" for (x, y), k in zip(points, kind, strict=True)]
    path.write_text("width;height;kind\n" + "\n".join(lines) + "\n")


@pytest.mark.parametrize("classes", [("a", "b"), ("a", "b", "c")])
def test_text_in_the_last_column_makes_classes_that_are_learned(run_cli, tmp_path, classes):
    write_flowers(tmp_path / "flowers.csv", classes)
    done = run_cli("train", tmp_path / "flowers.csv", "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["test_accuracy"] > 0.9
    assert said["experiment"] == "flowers.csv"


def test_sorted_rows_are_shuffled_before_the_test_part_is_taken_and_that_is_said(run_cli, tmp_path):
    write_flowers(tmp_path / "flowers.csv", ("a", "b"), sorted_rows=True)
    words = ("train", tmp_path / "flowers.csv", "--json", "--set", "data.test_fraction=0.5")
    assert json.loads(run_cli(*words).stdout)["test_accuracy"] > 0.9
    done = run_cli(*words, "--set", "data.order=auto")
    assert "sorted by the target" in done.stderr
    assert json.loads(done.stdout)["test_accuracy"] > 0.9
    kept = run_cli(*words, "--set", "data.order=file")
    assert json.loads(kept.stdout)["test_accuracy"] < 0.5


def test_numbers_are_met_as_they_are(run_cli, tmp_path):
    x = np.random.default_rng(1).uniform(-1, 1, (200, 2))
    y = x[:, 0] - x[:, 1]
    rows = "\n".join(f"{a!r},{b!r},{c!r}" for (a, b), c in zip(x.tolist(), y.tolist(), strict=True))
    (tmp_path / "sum.csv").write_text(rows + "\n")
    done = run_cli("train", tmp_path / "sum.csv", "--json")
    said = json.loads(done.stdout)
    assert said["train_accuracy"] is None
    assert said["test_loss"] < 0.005


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("a,b\n1,2\n3\n", "line 3"),
        ("a,b\n1,2\n3,x\n" + "5,6\n4,7\n6,8\n1,9\n" * 3, "line 3"),
        ("", "empty"),
        ("a,b\n1,1e400\n2,3\n", "line 2"),
    ],
)
def test_a_broken_file_is_refused_in_one_sentence(run_cli, tmp_path, content, said):
    (tmp_path / "broken.csv").write_text(content)
    done = run_cli("train", tmp_path / "broken.csv")
    assert done.returncode == 3
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_rows_with_gaps_are_dropped_on_demand_and_counted(run_cli, tmp_path):
    lines = "\n".join(f"{k},{2 * k}" for k in range(20))
    (tmp_path / "gaps.csv").write_text(f"a,b\n{lines}\n7,\n,9\n")
    done = run_cli("train", tmp_path / "gaps.csv", "--epochs", "1", "--set", "data.missing=drop")
    assert done.returncode == 0
    assert "2 rows" in done.stderr


def test_a_target_and_columns_by_name(run_cli, tmp_path):
    write_flowers(tmp_path / "flowers.csv")
    done = run_cli(
        *("train", tmp_path / "flowers.csv", "--epochs", "1", "--save", tmp_path / "w.npz"),
        *("--set", "data.target=height", "--set", "data.features=kind"),
    )
    assert done.returncode == 0, done.stderr
    assert np.load(tmp_path / "w.npz")["W0"].shape == (3, 8)


@pytest.mark.parametrize("kind", ["one-hot", "several binary outputs"])
def test_binary_targets_of_an_array_file_have_an_accuracy(run_cli, tmp_path, kind):
    inputs = np.random.default_rng(3).normal(size=(120, 2))
    right, above = inputs[:, 0] > 0, inputs[:, 1] > 0
    second = ~right if kind == "one-hot" else above
    np.savez(tmp_path / "two.npz", X=inputs, y=np.column_stack([right, second]).astype(float))
    said = json.loads(run_cli("train", tmp_path / "two.npz", "--json").stdout)
    assert said["train_accuracy"] > 0.9
    assert said["test_accuracy"] > 0.8
