"""The loss curve as CSV."""

import csv
import os

import numpy as np
import pytest

from nn_tui.errors import InputError
from nn_tui.experiment import dataset_of
from nn_tui.files.loss_csv import (
    LossCsvFile,
    baseline_columns,
    is_loss_csv,
    loss_columns,
    loss_csv_text,
)
from nn_tui.files.outputs import Output
from nn_tui.recipe.presets import PRESETS
from nn_tui.training.trainer import Trainer


def test_rows_are_written_immediately_and_exactly(tmp_path):
    path = tmp_path / "h.csv"
    losses = [0.1, 1 / 3, 1e-300, 5e-324, 123456789.123456789]
    with LossCsvFile(Output("--history", str(path))) as history:
        assert path.read_text() == "epoch,train_loss,test_loss\n"
        history.append(np.array([0.0]), {"train": np.array([0.5])})
        assert path.read_text().splitlines()[1:] == ["0,0.5,"]
        both = {"train": np.array(losses), "test": np.array(losses[::-1])}
        history.append(np.arange(1, 6), both)
        history.append(np.array([10**12]), {"train": np.array([1.0])})
    with open(path, newline="") as file:
        rows = list(csv.reader(file))[1:]
    assert [row[0] for row in rows] == ["0", "1", "2", "3", "4", "5", "1000000000000"]
    assert [float(row[1]) for row in rows[1:6]] == losses
    assert [float(row[2]) for row in rows[1:6]] == losses[::-1]
    assert (history.rows, history.error) == (7, "")


def test_a_file_that_cannot_be_opened_is_an_error(tmp_path):
    with pytest.raises(InputError, match=r"cannot write .*nowhere.*: No such file"):
        LossCsvFile(Output("--history", str(tmp_path / "nowhere" / "h.csv")))
    with pytest.raises(InputError, match=r"cannot write .*: Is a directory"):
        LossCsvFile(Output("--history", str(tmp_path)))


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_disk_is_reported_but_not_raised(tmp_path):
    with LossCsvFile(Output("--history", "/dev/full")) as history:
        history.append(np.array([0.0]), {"train": np.array([0.5])})
    assert history.error == "cannot write /dev/full: No space left on device"
    assert history.rows == 0


def test_a_run_with_a_validation_set_has_a_column_for_its_loss(tmp_path):
    path, one = tmp_path / "h.csv", np.array([1.0])
    names = ("train_loss", "test_loss", "validation_loss")
    with LossCsvFile(Output("--history", str(path)), names) as history:
        history.append(np.array([0]), {"train": one, "test": 2 * one, "validation": 3 * one})
    assert path.read_text() == "epoch,train_loss,test_loss,validation_loss\n0,1.0,2.0,3.0\n"
    assert is_loss_csv(path)


def test_the_metrics_of_each_epoch_are_beside_those_of_the_baseline(tmp_path):
    """In the file of ``train --history`` and in the export of the screen alike."""
    for source, metric in (("iris", "accuracy"), ("hills", "error")):
        recipe = PRESETS[source].recipe
        trainer = Trainer(recipe, dataset_of(recipe))
        snapshot = trainer.snapshot()
        columns = loss_columns(trainer.history.names, snapshot.classifies)
        baseline = baseline_columns(trainer.dataset, trainer.network.output)
        path = tmp_path / f"{source}.csv"
        with LossCsvFile(Output("--history", str(path)), columns, baseline) as file:
            trainer.listeners.append(file.append)
            trainer.run_epochs(5)
        assert is_loss_csv(path)
        written = list(csv.DictReader(path.open(newline="")))
        snapshot = trainer.snapshot()
        exported = loss_csv_text(snapshot.losses, snapshot.classifies, baseline).splitlines()
        assert path.read_text().splitlines() == [exported[0], *exported[2:]]  # without epoch 0
        for part in ("train", "test"):
            assert float(written[-1][f"{part}_{metric}"]) == snapshot.metrics[f"{part}_{metric}"]
        assert float(written[-1][f"baseline_{metric}"]) == baseline[f"baseline_{metric}"]
