"""The baseline of the screen is that of ``score_table``."""

import math

import pytest

from nn_tui.training.baseline import baseline_of
from nn_tui.training.scores import decisive_scores, score_table
from tests.tui.drawing.drawing import snapshot

SETS = ["blog", "circle", "iris", "diabetes", "hills", "digits"]


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("part", ["data.validation_fraction=0.2", "data.test_fraction=0"])
def test_it_is_that_of_all_scores(name, part):
    seen = snapshot(name, part, epochs=2)
    found, table = baseline_of(seen.dataset, seen.network.output), score_table(seen)
    assert found.accuracy == table.baseline["accuracy"]
    for mine, theirs in ((found.error, "mae"), (found.rmse, "rmse")):
        expected = table.baseline[theirs]
        assert (mine is None) == (expected is None)
        assert mine is None or math.isclose(mine, expected)
    alone = decisive_scores(seen)
    for name, value in table.decisive.items():
        assert alone[name] == pytest.approx(value, rel=1e-9)
