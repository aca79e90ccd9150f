"""What can be written of a run, apart from the screen that asks for it."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nn_tui.errors import InputError
from nn_tui.fileio import FileAlreadyExists
from nn_tui.files.export_formats import EXPORTS, ExportContext, free_name, write_export
from nn_tui.files.model import read_model
from nn_tui.training.run import Run
from nn_tui.training.scores import run_predictions
from nn_tui.training.trainer import Trainer
from tests.training.runs import blog, recipe


def moment(name="blog", epochs=3, **values):
    trainer = Trainer(recipe(**values), blog())
    trainer.run_epochs(epochs)
    return ExportContext(Run(name, trainer.recipe, trainer.dataset), trainer.snapshot())


@pytest.mark.parametrize("export", [e for e in EXPORTS.values() if e.name != "link"])
def test_an_existing_file_is_replaced_only_on_request(export, tmp_path):
    path = tmp_path / "out"
    path.write_text("mine")
    with pytest.raises(FileAlreadyExists, match="already exists"):
        write_export(export, path, moment(), replace=False)
    assert path.read_text() == "mine"
    write_export(export, path, moment(), replace=True)
    assert path.read_bytes() != b"mine"


@pytest.mark.parametrize("export", EXPORTS.values())
@pytest.mark.parametrize("target", ["real", "nothing"])
def test_a_symbolic_link_is_never_followed(export, target, tmp_path):
    (tmp_path / "real").write_text("mine")
    (tmp_path / "link").symlink_to(target)
    with pytest.raises(InputError, match=f"it is a link to {target}"):
        write_export(export, tmp_path / "link", moment(), replace=True)
    assert (tmp_path / "real").read_text() == "mine"
    assert not (tmp_path / "nothing").exists()


@pytest.mark.parametrize("export", [e for e in EXPORTS.values() if e.name != "link"])
@pytest.mark.parametrize("name", ["mine.csv", "hard.csv"])
def test_the_data_file_of_the_run_is_never_overwritten(export, name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("mine.csv").write_text("mine")
    os.link("mine.csv", "hard.csv")
    of_file = moment()
    run = replace(of_file.run, recipe=of_file.run.recipe.with_value("data.source", "mine.csv"))
    with pytest.raises(InputError, match=r"is the data file of this run; choose another name"):
        write_export(export, tmp_path / name, ExportContext(run, of_file.snapshot), replace=True)
    assert Path("mine.csv").read_text() == "mine"


def test_weights_are_not_exported_mid_epoch(tmp_path):
    whole = moment()
    half = ExportContext(whole.run, replace(whole.snapshot, progress=0.5))
    with pytest.raises(InputError, match="of an unfinished epoch"):
        write_export(EXPORTS["weights"], tmp_path / "w.npz", half, replace=False)


def test_the_weights_are_a_model_that_predicts(tmp_path):
    context = moment()
    write_export(EXPORTS["weights"], tmp_path / "w.npz", context, replace=False)
    model, dataset = read_model(tmp_path / "w.npz"), context.snapshot.dataset
    np.testing.assert_array_equal(
        model.predict(dataset.raw_inputs), run_predictions(context.snapshot)
    )


def test_rows_of_a_long_run_name_the_epochs_they_cover(tmp_path):
    long = moment(epochs=9001)
    write_export(EXPORTS["losses"], tmp_path / "losses.csv", long, replace=False)
    header, *rows = (tmp_path / "losses.csv").read_text().splitlines()
    assert header == (
        "first_epoch,last_epoch,train_low,train_high,test_low,test_high,"
        "train_accuracy_low,train_accuracy_high,baseline_accuracy"
    )
    assert len(rows) == len(long.snapshot.losses)
    assert rows[7].split(",")[:2] == ["7", "7"]
    first, last, low, high, *tests = rows[-1].split(",")
    assert int(first) < int(last) == 9001
    assert float(low) == long.snapshot.train_loss < float(high)
    assert tests[:2] == ["", ""]
    assert 0 <= float(tests[2]) <= float(tests[3]) <= 1 and float(tests[4]) == 0.5


@pytest.mark.parametrize(
    ("name", "offered"),
    [
        ("blog", "blog.py"),
        ("my flowers.csv", "my-flowers.py"),
        ("../../etc/passwd", "passwd.py"),
        ("␀␁ --", "run.py"),
        (".hidden", "hidden.py"),
    ],
)
def test_the_file_name_is_derived_from_the_name_of_the_run(name, offered, tmp_path):
    assert free_name(EXPORTS["script"], moment(name).run, tmp_path) == offered


def test_a_file_name_in_use_gets_a_number(tmp_path):
    (tmp_path / "blog.py").write_text("")
    (tmp_path / "blog-2.py").symlink_to("nowhere")
    assert free_name(EXPORTS["script"], moment().run, tmp_path) == "blog-3.py"


@pytest.mark.parametrize("name", ["n" * 250 + ".csv", "ü" * 125, "�.csv"])
@pytest.mark.parametrize("export", EXPORTS.values())
def test_the_offered_name_is_never_too_long_for_a_file(export, name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run = moment(name).run
    for _ in range(3):
        offered = free_name(export, run, tmp_path)
        assert not Path(offered).exists()
        Path(offered).write_text("taken")
