"""``nn-tui train --seeds``: each seed as a run of its own, and what they have in common."""

import json

import numpy as np
import pytest

from nn_tui import experiment
from nn_tui.cli import main
from nn_tui.training.trainer import Trainer


def test_every_seed_is_saved_with_the_weights_of_a_run_of_its_own(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    words = ["iris", "--set", "network.seed=4", "--epochs", "12"]
    assert main(["train", *words, "--seeds", "3", "--save", "out.npz", "--json", "--quiet"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert [entry["seed"] for entry in report["seeds"]] == [4, 5, 6]
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"out-{s}.npz" for s in (4, 5, 6)]
    for entry in report["seeds"]:
        assert main(["train", *words, "--set", f"network.seed={entry['seed']}", "--json"]) == 0
        alone = json.loads(capsys.readouterr().out)
        assert [entry[key] for key in ("train_loss", "test_loss", "metrics")] == [
            alone[key] for key in ("train_loss", "test_loss", "metrics")
        ]
        opened = experiment.load_experiment("iris", [f"network.seed={entry['seed']}"])
        trainer = Trainer(opened.recipe, opened.dataset)
        trainer.run_epochs(12)
        with np.load(tmp_path / f"out-{entry['seed']}.npz") as saved:
            for name, weights in trainer.snapshot().weights.items():
                assert np.array_equal(saved[name], weights)


def test_the_table_ends_with_quantiles_and_what_the_seeds_have_in_common(capsys):
    words = ["--set", "network.hidden=2", "--set", "training.stop_loss=0.01"]
    assert main(["train", "blog-xor", *words, "--epochs", "20000", "--seeds", "10"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[1:11]] == [str(seed) for seed in range(1, 11)]
    assert [line.split()[0] for line in lines[11:16]] == [
        *("lowest", "lower", "median", "upper", "highest")
    ]
    assert lines[-1].endswith("5 below 0.01, 3 at 1/16, 2 at 1/12")


def test_a_seed_that_diverges_does_not_end_the_others(capsys):
    words = ["--set", "network.hidden=", "--set", "training.learning_rate=1000"]
    words += ["--set", "network.output=linear", "--epochs", "200", "--seeds", "2"]
    assert main(["train", "blog", *words]) == 4
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[1] for line in lines[1:3]] == ["✗", "✗"]
    assert lines[-1].endswith("2 diverged")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--seeds", "0"], "from 1 to 1,024"),
        (["--seeds", "2", "--set", "network.seed=0.5"], "set network.seed to an integer"),
        (["--seeds", "2", "--set", "network.seed=4294967295"], "smaller network.seed"),
        (["--seeds", "2", "--weights", "in.npz"], "use one of them"),
        (["--seeds", "2", "--save", "-"], "is one file"),
    ],
)
def test_what_cannot_be_trained_with_seeds_is_refused_in_a_sentence(words, expected, capsys):
    assert main(["train", "blog", *words]) in (2, 3)
    assert expected in capsys.readouterr().err
