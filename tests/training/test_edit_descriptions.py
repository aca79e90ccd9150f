"""Descriptions of edits."""

from nn_tui.experiment import load_experiment
from nn_tui.training.edit_descriptions import describe_edit
from nn_tui.training.edits import DatumEdit, ParameterEdit, PruneEdit, RecipeEdit
from nn_tui.training.run import Run
from nn_tui.training.timeline import Timeline

IRIS = load_experiment("iris").dataset


def test_a_change_that_the_data_cannot_have_is_told_by_its_numbers():
    assert describe_edit(DatumEdit(3, 0, 0, 2.5), IRIS) == "sepal_length of sample 1 = 2.5"
    assert describe_edit(DatumEdit(3, 0, 4, 1.0), IRIS) == "species of sample 1 = versicolor"
    assert describe_edit(DatumEdit(3, 0, 4, 9.0), IRIS) == "species of sample 1 = 9"
    assert describe_edit(DatumEdit(3, 0, 7, 9.0), IRIS) == "sample 1 column 8 = 9"


def test_other_changes_are_told_as_they_are():
    edit = ParameterEdit(3, "W0", (0, 1), 0.5)
    assert describe_edit(edit, IRIS) == str(edit) == "W0[0,1] = 0.5"


def test_what_is_undone_is_told_by_its_two_values_in_order():
    opened = load_experiment("blog")
    line = Timeline(Run("blog", opened.recipe, opened.dataset))
    hidden = opened.recipe.with_value("network.hidden", ())
    line.start(Run("blog", hidden, opened.dataset), "hidden layers none")
    assert line.undo() == "hidden layers none → 4"
    assert line.redo() == "hidden layers 4 → none"
    line.undo()
    weight = line.snapshot().weights["W0"][1, 2]
    line.edit(lambda epoch: ParameterEdit(epoch, "W0", (1, 2), 0.5))
    line.edit(lambda epoch: PruneEdit(epoch, "W0", (1, 2)))
    line.edit(lambda epoch: ParameterEdit(epoch, "W0", (1, 2), 0.25))
    assert line.undo() == "W0[1,2] 0.25 → pruned"
    assert line.undo() == "W0[1,2] pruned → 0.5"
    assert line.undo() == f"W0[1,2] 0.5 → {weight:g}"
    line.edit(lambda epoch: DatumEdit(epoch, 0, 3, 1.0))
    assert line.undo() == "y of sample 1: 1 → 0"
    line.edit(lambda epoch: RecipeEdit(epoch, (("training.optimizer", "adam"),)))
    assert line.undo() == "optimizer adam → sgd"


def test_another_experiment_is_undone_by_its_name():
    opened, other = load_experiment("blog"), load_experiment("iris")
    line = Timeline(Run("blog", opened.recipe, opened.dataset))
    line.start(Run("iris", other.recipe, other.dataset), "iris opened")
    assert line.undo() == "iris opened"
