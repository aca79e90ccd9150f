"""Every output with every loss on a data file: it trains as it was set, or is refused by name."""

import itertools
import json

import numpy as np
import pytest

from nn_tui import experiment
from nn_tui.cli import main
from nn_tui.errors import InputError
from nn_tui.nn.activations import OUTPUTS
from nn_tui.nn.losses import LOSSES
from nn_tui.training.trainer import Trainer

FILES = {
    "three classes": "x,k\n1,a\n2,b\n3,c\n4,a\n5,b\n6,c\n",
    "two classes": "u,v,kind\n-1,0,a\n2,1,b\n-3,1,a\n1,1,b\n-2,2,a\n3,0,b\n",
    "prices": "size,price\n50,150000\n60,180000\n70,210000\n80,240000\n90,270000\n",
    "fractions": "x,y\n1,0.5\n2,1.5\n3,2.25\n4,3\n5,4.5\n",
    "zero and one": "x,y\n1,0\n2,1\n3,1\n0,0\n4,1\n",
    "whole numbers": "x,y\n1,0\n2,1\n3,2\n4,0\n5,1\n6,2\n",
}
SET = [
    *(("auto", loss) for loss in LOSSES),
    *itertools.product(OUTPUTS, [None, *LOSSES]),
    (None, None),
    *((None, loss) for loss in LOSSES),
]


def assignments(output, loss):
    values = {"network.output": output, "training.loss": loss}
    return [f"{key}={value}" for key, value in values.items() if value is not None]


@pytest.fixture(params=FILES)
def file(request, tmp_path):
    path = tmp_path / f"{request.param.replace(' ', '_')}.csv"
    path.write_text(FILES[request.param])
    return path


@pytest.mark.parametrize(("output", "loss"), SET)
def test_it_trains_as_it_was_set_or_is_refused_by_name(file, output, loss):
    words = assignments(output, loss)
    try:
        found = experiment.load_experiment(str(file), words)
        trainer = Trainer(found.recipe, found.dataset)
    except InputError as error:
        said = str(error)
        assert any(f"{key} = {value}" in said for key, value in (w.split("=") for w in words)), said
        return
    if output is not None:
        assert found.recipe.network.output == output
        assert output in ("auto", trainer.network.output)
    if loss is not None:
        assert found.recipe.training.loss == loss
    trainer.run_epochs(2)
    assert np.isfinite(trainer.snapshot().train_loss)


@pytest.mark.parametrize(
    ("output", "loss", "sizes"),
    [
        ("sigmoid", "binary_cross_entropy", 3),
        ("softmax", "cross_entropy", 3),
        ("tanh", "half_squared_error", 3),
        (None, "cross_entropy", 3),
    ],
)
def test_the_loss_of_classes_suits_the_output_that_was_set(tmp_path, output, loss, sizes):
    path = tmp_path / "abc.csv"
    path.write_text(FILES["three classes"])
    found = experiment.load_experiment(str(path), assignments(output, None))
    assert found.recipe.training.loss == loss
    assert Trainer(found.recipe, found.dataset).network.sizes[-1] == sizes


@pytest.mark.parametrize(("output", "loss"), [("sigmoid", None), ("softmax", "half_squared_error")])
def test_the_command_line_ends_in_order(tmp_path, capsys, output, loss):
    path = tmp_path / "abc.csv"
    path.write_text(FILES["three classes"])
    words = [word for a in assignments(output, loss) for word in ("--set", a)]
    assert main(["train", str(path), *words, "--epochs", "2", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["epoch"] == 2


@pytest.mark.parametrize(("output", "loss"), [(None, None), ("sigmoid", None), (None, "huber")])
def test_the_recipe_that_is_exported_of_a_file_trains_the_same_losses(
    file, tmp_path, capsys, output, loss
):
    words = [word for a in assignments(output, loss) for word in ("--set", a)]
    recipe, ours, theirs = (tmp_path / name for name in ("r.toml", "ours.csv", "theirs.csv"))
    train = ["--epochs", "3", "--quiet", "--history"]
    assert main(["export", str(file), *words, "--recipe", str(recipe)]) == 0
    assert main(["train", str(file), *words, *train, str(ours)]) == 0
    assert main(["train", str(recipe), *train, str(theirs)]) == 0
    assert ours.read_text() == theirs.read_text()


def test_what_needs_classes_is_named_where_targets_are_quantities(tmp_path):
    path = tmp_path / "f.csv"
    path.write_text(FILES["fractions"])
    for word in ("network.output=softmax", "training.loss=cross_entropy"):
        with pytest.raises(
            InputError, match=f"{word.replace('=', ' = ')} requires classes, but the"
        ):
            experiment.load_experiment(str(path), [word])
