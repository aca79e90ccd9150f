"""Manual edits are carried over to a new run whose samples are the same."""

import numpy as np
import pytest

from nn_tui import experiment
from nn_tui.recipe.recipe import RecipeError
from nn_tui.training.edit_effects import edits_kept, edits_lost, samples_after
from nn_tui.training.edits import DatumEdit, ParameterEdit, PruneEdit, RecipeEdit
from nn_tui.training.trainer import Trainer

EDITS = (
    DatumEdit(3, 0, 0, 2.5),
    RecipeEdit(4, (("training.learning_rate", 0.5),)),
    DatumEdit(5, 1, 3, 0.25),
    DatumEdit(7, 1, 3, 0.75),
    DatumEdit(8, 2, 4, 1.0),
)
"""Two cells of petals and sepals, one of them twice, and a class of iris."""


def carried(text, *assignments, before=(), edits=EDITS):
    old = experiment.load_experiment(text, before)
    new = experiment.load_experiment(text, (*before, *assignments))
    return edits_kept(edits, old.dataset, new.dataset, new.recipe), new.dataset


@pytest.mark.parametrize(
    "assignment",
    ["data.scale=none", "data.test_fraction=0.4", "network.hidden=2", "data.features=all"],
)
def test_where_the_columns_stay_so_do_all_cells(assignment):
    kept, _ = carried("iris", assignment)
    assert [(e.epoch, e.sample, e.column, e.value) for e in kept] == [
        (0, 0, 0, 2.5),
        (0, 1, 3, 0.25),
        (0, 1, 3, 0.75),
        (0, 2, 4, 1.0),
    ]


def test_cells_go_with_their_column_to_its_new_place():
    kept, dataset = carried("iris", "data.features=petal_width,sepal_width")
    made = samples_after(dataset, kept)
    assert made.raw_inputs[1, dataset.raw_names.index("petal_width")] == 0.75
    assert made.targets[2, 0] == 1
    assert len(kept) == 3
    changed = np.flatnonzero(made.raw_inputs != dataset.raw_inputs)
    assert len(changed) == 1


def test_features_made_from_a_column_follow_its_cells():
    edits = (DatumEdit(2, 7, 1, 3.0),)
    kept, dataset = carried("circle", "data.features=x1,x2^2", edits=edits)
    assert kept == (DatumEdit(0, 7, 1, 3.0),)
    assert samples_after(dataset, kept).inputs[7, 1] == 9


@pytest.mark.parametrize("assignment", ["data.seed=5", "data.order=file", "data.source=digits"])
def test_other_samples_or_others_in_their_place_have_none_of_the_cells(assignment):
    assert carried("iris", assignment)[0] == ()


def test_a_target_that_becomes_an_input_keeps_its_cells(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("a,b,c\n1,2,3\n2,3,5\n4,5,7\n")
    edits = (DatumEdit(1, 0, 2, 9.5), DatumEdit(1, 1, 0, 8.5))
    kept, dataset = carried(str(path), "data.target=b", edits=edits)
    assert dataset.raw_names == ("a", "c")
    assert kept == (DatumEdit(0, 0, 1, 9.5), DatumEdit(0, 1, 0, 8.5))


def test_numbers_that_become_classes_keep_none_of_theirs(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("a,b\n1,0\n2,1\n4,2\n")
    edits = (DatumEdit(1, 0, 1, 0.5), DatumEdit(1, 1, 0, 8.5))
    kept, dataset = carried(str(path), "training.loss=cross_entropy", edits=edits)
    assert dataset.classes == ("0", "1", "2")
    assert kept == (DatumEdit(0, 1, 0, 8.5),)


def test_what_the_new_run_cannot_have_refuses_it():
    before = ("network.output=linear",)
    loss = ("training.loss=binary_cross_entropy", "network.output=auto")
    with pytest.raises(RecipeError, match="needs targets from 0 to 1"):
        carried("blog", *loss, before=before, edits=(DatumEdit(1, 0, 3, 7.0),))


@pytest.mark.parametrize(
    ("edits", "left", "words"),
    [
        (EDITS, EDITS, ""),
        (EDITS[1:2], (), ""),
        (EDITS, EDITS[:1], "the values are gone that you set of 2 cells of the data"),
        (EDITS[2:4], (), "the value is gone that you set of 1 cell of the data"),
        ((ParameterEdit(1, "b0", (0,), 1.0),), (), "the value is gone that you set of 1 weight"),
        (
            (PruneEdit(1, "W0", (0, 0)), ParameterEdit(2, "W0", (0, 0), 1.0), *EDITS[:1]),
            (),
            "the values are gone that you set of 1 cell of the data and 1 weight",
        ),
    ],
)
def test_what_is_gone_is_counted_each_thing_once(edits, left, words):
    assert edits_lost(edits, left) == words


@pytest.mark.parametrize("setting", ["class_weights=balanced", "label_smoothing=0.2"])
def test_a_target_between_two_classes_is_refused_where_there_must_be_classes(setting):
    found = experiment.load_experiment("blog", (f"training.{setting}",))
    trainer = Trainer(found.recipe, found.dataset)
    trainer.run_epochs(2)
    with pytest.raises(RecipeError, match="needs one class for each sample"):
        trainer.apply(DatumEdit(2, 0, 3, 0.5))
    assert trainer.edits == () and trainer.dataset is found.dataset
