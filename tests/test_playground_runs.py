"""TensorFlow Playground's reference runs through the command line alone: CSV in, files out."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

RUNS = sorted((Path(__file__).parent / "playground").glob("[0-9]*.json"))
PENALTIES = {None: "none", "none": "none", "L1": "l1", "L2": "l2"}


def settings(run):
    size = run["batch_size"]
    rate = run.get("regularization_rate") or 0
    return {
        "data.test_fraction": len(run["test_inputs"])
        / (len(run["inputs"]) + len(run["test_inputs"])),
        "data.order": "file",
        "network.hidden": ",".join(map(str, run["layer_sizes"][1:-1])),
        "network.activation": run["hidden_activation"],
        "network.output": run["output_activation"],
        "network.bias": "true",
        "training.reduction": "mean",
        "training.learning_rate": run["learning_rate"],
        "training.batch_size": size,
        "training.partial_batch": "carry",
        "training.penalty": PENALTIES[run.get("regularization")],
        "training.penalty_rate": rate,
        "training.loss": "half_squared_error",
        "training.optimizer": "sgd",
        "training.shuffle": "false",
        "data.scale": "none",
        "data.target_scale": "none",
        "training.epochs": run["epochs"],
    }


@pytest.mark.parametrize("path", RUNS, ids=lambda path: path.stem)
def test_every_loss_and_weight_is_the_playgrounds(path, run_cli, tmp_path):
    run = json.loads(path.read_text())
    with open(tmp_path / "points.csv", "w", newline="") as file:
        table = csv.writer(file)
        table.writerow([f"in{k}" for k in range(len(run["inputs"][0]))] + ["target"])
        for part in ("", "test_"):
            rows = zip(run[f"{part}inputs"], run[f"{part}targets"], strict=True)
            for inputs, target in rows:
                value = target[0] if isinstance(target, list) else target
                table.writerow([*map(repr, inputs), repr(value)])
    initial = run["initial"]
    named = {f"W{i}": np.array(w) for i, w in enumerate(initial["weights"])}
    named |= {f"b{i}": np.array(b) for i, b in enumerate(initial["biases"])}
    np.savez(tmp_path / "start.npz", **named)
    changes = [word for key, value in settings(run).items() for word in ("--set", f"{key}={value}")]
    files = ["--weights", tmp_path / "start.npz", "--save", tmp_path / "end.npz"]
    files += ["--history", tmp_path / "losses.csv"]
    done = run_cli("train", tmp_path / "points.csv", *changes, *files, "--quiet")
    assert done.returncode == 0, done.stderr
    with open(tmp_path / "losses.csv") as file:
        rows = list(csv.DictReader(file))
    train = np.array([float(row["train_loss"]) for row in rows])
    assert np.abs(train - run["result"]["loss_train"]).max() < 1e-9
    if run["test_inputs"]:
        test = np.array([float(row["test_loss"]) for row in rows])
        assert np.abs(test - run["result"]["loss_test"]).max() < 1e-9
    end = np.load(tmp_path / "end.npz")
    final = run["result"]["final"]
    for i, (weights, biases) in enumerate(zip(final["weights"], final["biases"], strict=True)):
        assert np.abs(end[f"W{i}"] - weights).max() < 1e-9
        assert np.abs(end[f"b{i}"] - biases).max() < 1e-9
