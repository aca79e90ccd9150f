"""Changes in words."""

from nn_tui.experiment import load
from nn_tui.training.edits import DatumEdit, ParameterEdit
from nn_tui.training.told import described

IRIS = load("iris").dataset


def test_a_change_that_the_data_cannot_have_is_told_by_its_numbers():
    assert described(DatumEdit(3, 0, 0, 2.5), IRIS) == "sepal_length of sample 1 = 2.5"
    assert described(DatumEdit(3, 0, 4, 1.0), IRIS) == "species of sample 1 = versicolor"
    assert described(DatumEdit(3, 0, 4, 9.0), IRIS) == "species of sample 1 = 9"
    assert described(DatumEdit(3, 0, 7, 9.0), IRIS) == "sample 1 column 8 = 9"


def test_other_changes_are_told_as_they_are():
    edit = ParameterEdit(3, "W0", (0, 1), 0.5)
    assert described(edit, IRIS) == str(edit) == "W0[0,1] = 0.5"
