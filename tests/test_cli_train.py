"""``nn-tui train`` as its user sees it: numbers, files, exit codes, and nothing else."""

import csv
import json
import os
import pty
import re
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from nn_tui import cli

JSON_KEYS = [
    "experiment",
    "epoch",
    "train_loss",
    "test_loss",
    "train_accuracy",
    "test_accuracy",
    "seconds",
    "epochs_per_second",
    "diverged",
    "metrics",
    "classes",
]
TARGETS = {"blog": [0, 0, 1, 1], "blog-xor": [0, 1, 1, 0]}


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def naive(experiment, epochs):
    """The blog's loop, and the losses before the first and after every epoch."""
    np.random.seed(1)
    W0 = 2 * np.random.random((3, 4)) - 1
    W1 = 2 * np.random.random((4, 1)) - 1
    l0 = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]])
    y = np.array([TARGETS[experiment]]).T
    losses = []
    for _ in range(epochs):
        l1 = sigmoid(l0 @ W0)
        l2 = sigmoid(l1 @ W1)
        l2_error = y - l2
        l2_delta = l2_error * (l2 * (1 - l2))
        l1_error = l2_delta @ W1.T
        l1_delta = l1_error * (l1 * (1 - l1))
        W1 += l1.T @ l2_delta
        W0 += l0.T @ l1_delta
        losses.append(np.mean(l2_error**2) / 2)
    losses.append(np.mean((y - sigmoid(sigmoid(l0 @ W0) @ W1)) ** 2) / 2)
    return W0, W1, losses


def weights_in(path):
    """The weights of a model file."""
    with np.load(path) as arrays:
        return {name: arrays[name] for name in arrays if name != "model"}


def history_in(path):
    with open(path, newline="") as file:
        return list(csv.reader(file))


def wait_for_rows(process, path, rows):
    """Until a history file has that many, for as long as ``process`` lives."""
    while not path.exists() or path.read_text().count("\n") < rows + 1:
        assert process.poll() is None
        time.sleep(0.005)


# The numbers


@pytest.mark.parametrize(
    ("experiment", "epochs"),
    [("blog", 50), ("blog-xor", 50), ("blog-xor", 1_000), ("blog-xor", 60_000)],
)
def test_weights_are_those_of_the_naive_loop_bit_for_bit(run_cli, tmp_path, experiment, epochs):
    own_epochs = () if (experiment, epochs) in (("blog", 50), ("blog-xor", 60_000)) else epochs
    chosen = ("--epochs", str(own_epochs)) if own_epochs else ()
    done = run_cli("train", experiment, *chosen, "--save", "w.npz")
    assert done.returncode == 0, done.stderr
    W0, W1, _ = naive(experiment, epochs)
    saved = weights_in(tmp_path / "w.npz")
    assert list(saved) == ["W0", "W1"]
    assert np.array_equal(saved["W0"], W0)
    assert np.array_equal(saved["W1"], W1)


def test_history_has_every_epoch_from_0_and_agrees_with_the_naive_loop(run_cli, tmp_path):
    done = run_cli("train", "blog", "--history", "h.csv", "--json")
    assert done.returncode == 0
    header, *rows = history_in(tmp_path / "h.csv")
    scores = ["balanced_accuracy", "f1_macro", "log_loss", "roc_auc"]
    assert header == [
        *("epoch", "train_loss", "test_loss", "train_accuracy"),
        *(f"train_{name}" for name in scores),
        *(f"baseline_{name}" for name in ("accuracy", *scores)),
    ]
    assert len(rows) == 51
    assert [row[0] for row in rows] == [str(i) for i in range(51)]
    assert {row[2] for row in rows} == {""}
    losses = [float(row[1]) for row in rows]
    np.testing.assert_allclose(losses, naive("blog", 50)[2], rtol=1e-14)
    assert [repr(loss) for loss in losses] == [row[1] for row in rows]
    assert json.loads(done.stdout)["train_loss"] == losses[-1]


def test_history_has_the_scores_of_every_epoch_beside_their_baseline(tmp_path, capsys):
    for experiment, names in (
        ("diabetes", ("r2", "rmse")),
        ("iris", ("balanced_accuracy", "f1_macro", "log_loss")),
        ("circle", ("balanced_accuracy", "f1_macro", "roc_auc")),
    ):
        words = ("train", experiment, "--epochs", "7", "--set", "training.evaluate_every=3")
        history = str(tmp_path / f"{experiment}.csv")
        assert cli.main([*words, "--json", "--history", history]) == 0
        metrics = json.loads(capsys.readouterr().out)["metrics"]
        assert cli.main([*words[:3], "6", *words[4:], "--json"]) == 0
        at_6 = json.loads(capsys.readouterr().out)["metrics"]
        with open(history) as file:
            rows = [*csv.DictReader(file)]
        assert [row["epoch"] for row in rows] == ["0", "3", "6"]
        for name in names:
            for part in ("train", "test"):
                assert float(rows[-1][f"{part}_{name}"]) == pytest.approx(at_6[part][name])
            (baseline,) = {float(row[f"baseline_{name}"]) for row in rows}
            assert baseline == pytest.approx(metrics["baseline"][name], abs=1e-12)
    again = ("train", "diabetes", "--epochs", "1", "--quiet", "--history")
    assert cli.main([*again, str(tmp_path / "diabetes.csv")]) == 0  # one of its own is replaced


def test_history_of_many_epochs_is_complete_with_test_losses(run_cli, tmp_path):
    words = ("--set", "data.samples=20", "--set", "training.batch_size=all")
    done = run_cli("train", "circle", *words, "--epochs", "9000", "--history", "h.csv", "--json")
    _, *rows = history_in(tmp_path / "h.csv")
    assert [int(row[0]) for row in rows] == list(range(9001))
    assert float(rows[-1][2]) == json.loads(done.stdout)["test_loss"]


def test_weights_continue_where_they_were_saved(run_cli, tmp_path):
    run_cli("train", "blog-xor", "--epochs", "400", "--save", "first.npz")
    run_cli(
        "train", "blog-xor", "--epochs", "600", "--weights", "first.npz", "--save", "second.npz"
    )
    saved = weights_in(tmp_path / "second.npz")
    W0, W1, _ = naive("blog-xor", 1_000)
    assert np.array_equal(saved["W0"], W0)
    assert np.array_equal(saved["W1"], W1)


def test_zero_epochs_save_the_initial_weights_in_layer_order(run_cli, tmp_path):
    done = run_cli("train", "circle", "--epochs", "0", "--save", "w.npz", "--json")
    assert done.returncode == 0
    saved = weights_in(tmp_path / "w.npz")
    assert list(saved) == ["W0", "b0", "W1", "b1", "W2", "b2"]
    assert [saved[name].shape for name in saved] == [(2, 4), (4,), (4, 2), (2,), (2, 1), (1,)]
    assert json.loads(done.stdout)["epochs_per_second"] is None


def test_set_changes_the_recipe_and_weights_files_get_exactly_their_name(run_cli, tmp_path):
    done = run_cli("train", "--set", "network.hidden=5,2", "--save", "weights")
    assert done.returncode == 0
    assert sorted(os.listdir(tmp_path)) == ["weights"]
    shapes = [array.shape for array in weights_in(tmp_path / "weights").values()]
    assert shapes == [(3, 5), (5, 2), (2, 1)]


def test_a_recipe_file(run_cli, tmp_path):
    (tmp_path / "mine.toml").write_text(
        '\ufeff[data]\nsource = "blog-xor"\n[training]\nepochs = 7\n', encoding="utf-8"
    )
    done = run_cli("train", "mine.toml", "--json")
    result = json.loads(done.stdout)
    assert (result["experiment"], result["epoch"]) == ("mine", 7)


# What is printed


def test_json_is_one_object_and_the_only_output(run_cli):
    done = run_cli("train", "blog", "--json")
    assert done.returncode == 0
    assert done.stderr == ""
    assert done.stdout.count("\n") == 1
    result = json.loads(done.stdout)
    assert list(result) == JSON_KEYS
    assert result["experiment"] == "blog"
    assert result["epoch"] == 50
    assert result["train_loss"] == pytest.approx(naive("blog", 50)[2][-1])
    assert result["test_loss"] is None
    assert result["train_accuracy"] == 1.0
    assert result["test_accuracy"] is None
    assert result["seconds"] > 0
    assert result["epochs_per_second"] == pytest.approx(50 / result["seconds"])
    assert result["diverged"] is False


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_accuracy_is_null_where_every_prediction_lies_on_the_threshold(run_cli, seed, dtype):
    """Rounding decided it before: 25, 50 or 75 % of XOR by the seed of the weights."""
    words = ("train", "blog-xor", "--epochs", "6000", "--set", "network.activation=linear")
    made = (f"network.seed={seed}", "training.learning_rate=0.3", f"network.dtype={dtype}")
    sets = [word for assignment in made for word in ("--set", assignment)]
    done = run_cli(*words, *sets, "--json")
    assert json.loads(done.stdout)["train_accuracy"] is None
    assert "accuracy –" in run_cli(*words, *sets).stdout


def test_the_summary_has_losses_predictions_and_files(run_cli):
    done = run_cli("train", "blog", "--save", "w.npz", "--history", "h.csv")
    assert done.stderr == ""
    assert "blog: 50 epochs" in done.stdout
    assert "train loss 0.0125569, accuracy 100 %" in done.stdout
    assert re.search(r"0 +0 +1 +0 +0\.165\n.* 0\.140\n.* 0\.844\n.* 0\.829\n", done.stdout)
    assert "weights saved to w.npz\n" in done.stdout
    assert "losses saved to h.csv, 51 rows\n" in done.stdout
    assert "\x1b" not in done.stdout


def test_quiet_prints_nothing(run_cli):
    done = run_cli("train", "blog", "--quiet", "--set", "data.samples=7")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_an_unused_key_is_noted(run_cli):
    done = run_cli("train", "blog", "--set", "data.samples=7")
    assert done.returncode == 0
    assert done.stderr == ("nn-tui: data.samples has no effect: truth tables are fixed\n")


def test_progress_is_drawn_only_on_a_terminal(tmp_path):
    ours, theirs = pty.openpty()
    drawn = []

    def collect():
        try:
            while chunk := os.read(ours, 4096):
                drawn.append(chunk)
        except OSError:  # the other end is closed
            pass

    reader = threading.Thread(target=collect)
    reader.start()
    done = subprocess.run(
        [sys.executable, "-m", "nn_tui", "train", "blog-xor", "--json", "--epochs", "900000"],
        stdout=subprocess.PIPE,
        stderr=theirs,
        timeout=60,
    )
    os.close(theirs)
    reader.join()
    os.close(ours)
    text = b"".join(drawn).decode()
    assert re.search(r"blog-xor  epoch [\d,]+ of 900,000  loss [\d.e-]+  [\d,]+ epochs/s", text)
    assert text.endswith("\r")
    assert "\x1b" not in text
    result = json.loads(done.stdout)
    assert result["epoch"] == 900_000
    assert result["epochs_per_second"] == pytest.approx(900_000 / result["seconds"])


# What goes wrong


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (("--set", "training.learning_rate=fast"), "training.learning_rate = fast is not allowed"),
        (("--set", "training.learning_rate=-1"), "a number above 0"),
        (("--set", "training.learning_rate=1e400"), "training.learning_rate = 1e400"),
        (("--set", "network.hidden=4,,2"), "network.hidden = 4,,2 is not allowed"),
        (("--set", "network.activation=sigmod"), "did you mean sigmoid?"),
        (("--set", "network.hiden=4"), "did you mean network.hidden?"),
        (("--set", "network.hidden"), "KEY=VALUE"),
        (("--set", "data.source=blog-xr"), "did you mean blog-xor?"),
        (
            ("--set", "training.loss=binary_cross_entropy", "--set", "network.output=tanh"),
            "network.output = tanh is not compatible",
        ),
        (("--weights", "none.npz"), "there is no file none.npz"),
        (("--save", "no/such/folder/w.npz"), "no/such/folder"),
        (("--save", "."), "folder"),
        (("--save", "/dev/null"), "cannot write /dev/null: it is a pipe or a device"),
        (("--history", "no/such/folder/h.csv"), "no/such/folder/h.csv"),
        (("--history", "."), "cannot write ."),
    ],
)
def test_bad_input_is_one_sentence_and_exit_3(run_cli, tmp_path, words, wanted):
    done = run_cli("train", "blog", *words)
    assert done.returncode == 3
    assert done.stdout == ""
    assert wanted in done.stderr
    assert done.stderr.startswith("nn-tui: ")
    assert done.stderr.count("\n") == 1
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("[training]\nlearning_rate = -0.5\n", "training.learning_rate = -0.5 is not allowed"),
        ("[training]\nlearning_rate = 1" + "0" * 400, "training.learning_rate = 1000"),
        ("[training]\nlearning_rate = 1" + "0" * 5000, "too many digits"),
        ("[trainig]\n", "did you mean [training]?"),
        ("[training]\nlearning_rte = 1\n", "did you mean training.learning_rate?"),
        ("training = 3\n", "training = 3 must be a section"),
        ("[network]\nhidden = [4, 0]\n", "network.hidden = [4, 0] is not allowed"),
        ("[network]\nhidden = 4 4\n", "line 2"),
        ("[network]\nactivation = [1]\n", "network.activation = [1] is not allowed"),
        ("[data]\nsource = 'blok'\n", "did you mean blog?"),
        ("a = " + "[" * 5000, "nested too deeply"),
        (b"\xff\xfe[\x00", "not UTF-8 text (line 1)"),
        ('[data]\nsource = "\\u001b]52;c;aGk=\\u0007"\n', "data.source: '␛]52;c;aGk=␇' is"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_bad_recipe_file_is_one_sentence_and_exit_3(run_cli, tmp_path, text, wanted):
    content = text if isinstance(text, bytes) else text.encode()
    (tmp_path / "bad.toml").write_bytes(content)
    done = run_cli("train", "bad.toml")
    assert done.returncode == 3, done.stderr
    assert wanted in done.stderr
    assert done.stderr.count("\n") == 1
    assert "\x1b" not in done.stderr and "Traceback" not in done.stderr


def test_weights_of_another_network_are_refused_with_both_shapes(run_cli, tmp_path):
    np.savez(tmp_path / "w.npz", W0=np.zeros((2, 4)), W1=np.zeros((4, 1)))
    done = run_cli("train", "blog", "--weights", "w.npz")
    assert done.returncode == 3
    assert done.stderr == "nn-tui: w.npz: W0 is 2×4; the network needs 3×4\n"


def test_one_file_for_weights_and_losses_is_a_usage_error(run_cli):
    done = run_cli("train", "--save", "x", "--history", "./x")
    assert done.returncode == 2
    assert "same file" in done.stderr


def test_a_recipe_without_end_needs_a_number_of_epochs(run_cli):
    done = run_cli("train", "blog", "--set", "training.epochs=0")
    assert done.returncode == 2
    assert "add --epochs N" in done.stderr
    assert run_cli("train", "--set", "training.epochs=0", "--epochs", "3").returncode == 0


def test_divergence_exits_4_and_the_last_finite_weights_are_saved(run_cli, tmp_path):
    words = ("--set", "network.output=linear", "--set", "training.learning_rate=1e5")
    done = run_cli("train", *words, "--save", "w.npz", "--history", "h.csv", "--json")
    assert done.returncode == 4
    told = r"nn-tui: epoch \d+ diverged: .*; try a learning rate below [.\d]+\n$"
    assert re.match(told, done.stderr)
    result = json.loads(done.stdout)
    assert result["diverged"] is True
    assert all(np.isfinite(array).all() for array in weights_in(tmp_path / "w.npz").values())
    last = history_in(tmp_path / "h.csv")[-1]
    assert (int(last[0]), float(last[1])) == (result["epoch"], result["train_loss"])

    again = run_cli("train", *words, "--epochs", last[0], "--save", "same.npz")
    assert again.returncode == 4
    for name, array in weights_in(tmp_path / "same.npz").items():
        assert np.array_equal(array, weights_in(tmp_path / "w.npz")[name])


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_disk_that_fills_up_stops_training_and_saves_the_weights(run_cli, tmp_path):
    endless = ("--epochs", "1000000000")
    done = run_cli("train", "blog", *endless, "--history", "/dev/full", "--save", "w.npz")
    assert done.returncode == 3
    assert "cannot write /dev/full: No space left on device" in done.stderr
    assert list(weights_in(tmp_path / "w.npz")) == ["W0", "W1"]


@pytest.mark.parametrize(
    ("number", "name"), [(signal.SIGINT, "SIGINT"), (signal.SIGTERM, "SIGTERM")]
)
def test_a_signal_ends_training_with_everything_written(start_cli, tmp_path, number, name):
    words = ["train", "blog-xor", "--epochs", "1000000000"]
    outputs = ["--save", "w.npz", "--history", "h.csv", "--json"]
    process = start_cli(*words, *outputs)
    wait_for_rows(process, tmp_path / "h.csv", 50)
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 128 + number
    result = json.loads(out)
    assert err == f"nn-tui: stopped by {name} after epoch {result['epoch']:,}\n"
    _, *rows = history_in(tmp_path / "h.csv")
    assert len(rows) == result["epoch"] + 1
    W0, W1, _ = naive("blog-xor", result["epoch"])
    saved = weights_in(tmp_path / "w.npz")
    assert np.array_equal(saved["W0"], W0) and np.array_equal(saved["W1"], W1)


def test_after_a_signal_mid_epoch_the_epoch_is_completed(start_cli, tmp_path):
    sizes = ("--set", "data.samples=600000", "--set", "training.batch_size=10")
    one = start_cli("train", "circle", *sizes, "--epochs", "1", "--save", "one.npz")
    one.communicate(timeout=60)
    process = start_cli(
        "train", "circle", *sizes, "--epochs", "9999", "--save", "w.npz", "--history", "h.csv"
    )
    wait_for_rows(process, tmp_path / "h.csv", 1)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err == "nn-tui: stopped by SIGINT after epoch 1\n"
    assert [row[0] for row in history_in(tmp_path / "h.csv")] == ["epoch", "0", "1"]
    for name, array in weights_in(tmp_path / "one.npz").items():
        assert np.array_equal(array, weights_in(tmp_path / "w.npz")[name])


def test_a_target_loss_ends_training_and_is_reported(run_cli, tmp_path):
    losses = naive("blog", 50)[2]
    limit = losses[20] * 1.000001
    words = ("--set", f"training.stop_loss={limit}", "--history", "h.csv")
    done = run_cli("train", "blog", *words)
    assert done.returncode == 0
    assert "blog: 20 epochs" in done.stdout
    assert "stop" in done.stdout.splitlines()[1]
    assert len(history_in(tmp_path / "h.csv")) == 1 + 21


def test_json_has_precision_and_recall_of_each_class(run_cli):
    classes = json.loads(run_cli("train", "iris", "--json").stdout)["classes"]
    assert [entry["name"] for entry in classes["test"]] == ["setosa", "versicolor", "virginica"]
    assert set(classes["test"][0]) == {"name", "precision", "recall", "f1", "samples"}
    assert sum(entry["samples"] for entry in classes["train"]) == 120


def test_the_report_shows_precision_and_recall_of_each_class(run_cli):
    lines = run_cli("train", "iris", "--epochs", "1").stdout.splitlines()
    (head,) = [at for at, line in enumerate(lines) if "precision  recall  samples" in line]
    assert [line.split()[0] for line in lines[head + 1 : head + 4]] == [
        "setosa",
        "versicolor",
        "virginica",
    ]
