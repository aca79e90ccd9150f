"""``nn-tui train --folds``: the scores of a cross-validation beside the baseline's."""

import json
import statistics

import pytest

from nn_tui import experiment
from nn_tui.cli import main
from nn_tui.data.folds import Fold
from nn_tui.training.scores import score_table
from nn_tui.training.trainer import Trainer


def test_a_fold_is_the_run_on_its_training_samples_and_the_mean_is_that_of_all(capsys):
    words = ["train", "iris", "--folds", "3", "--epochs", "15"]
    assert main([*words, "--json", "--quiet"]) == 0
    report = json.loads(capsys.readouterr().out)
    opened = experiment.load_experiment("iris", fold=Fold(2, 3))
    trainer = Trainer(opened.recipe, opened.dataset)
    trainer.run_epochs(15)
    snapshot = trainer.snapshot()
    second = report["folds"][1]
    assert (second["fold"], second["test_loss"]) == (2, snapshot.test_loss)
    assert second["metrics"]["test"] == score_table(snapshot).test
    for name in ("accuracy", "log_loss"):
        values = [fold["metrics"]["test"][name] for fold in report["folds"]]
        assert report["mean"][name] == pytest.approx(statistics.mean(values))
        assert report["sd"][name] == pytest.approx(statistics.stdev(values))
    base = [fold["metrics"]["baseline"]["accuracy"] for fold in report["folds"]]
    assert report["baseline"]["accuracy"] == pytest.approx(statistics.mean(base))
    assert report["mean"]["r2"] is None

    assert main(words) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:3] for line in lines[1:4]] == [[str(n), "of", "3"] for n in (1, 2, 3)]
    mean, sd = report["mean"]["accuracy"], report["sd"]["accuracy"]
    base_mean, base_sd = statistics.mean(base), statistics.stdev(base)
    assert lines[5].split("accuracy")[1].split() == (
        f"{100 * mean:.1f} ± {100 * sd:.1f} % {100 * base_mean:.1f} ± {100 * base_sd:.1f} %".split()
    )


def test_a_fold_that_diverges_is_named_and_left_out_of_the_mean(capsys):
    words = ["--set", "network.output=linear", "--set", "training.learning_rate=1000"]
    assert main(["train", "blog", *words, "--epochs", "200", "--folds", "2", "--json"]) == 4
    printed = capsys.readouterr()
    assert "fold 1 of 2: " in printed.err
    assert set(json.loads(printed.out)["mean"].values()) == {None}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--folds", "1"], "from 2 to 1,000"),
        (["--folds", "two"], "from 2 to 1,000"),
        (["--folds", "5"], "blog has 4"),
        (["--folds", "2", "--seeds", "2"], "use one of them"),
        (["--folds", "2", "--save", "out.npz"], "use one of them"),
    ],
)
def test_what_cannot_be_cross_validated_is_refused_in_a_sentence(words, expected, capsys):
    assert main(["train", "blog", *words]) in (2, 3)
    assert expected in capsys.readouterr().err
