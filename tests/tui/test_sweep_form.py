"""The form of a sweep names the command that does the same."""

from nn_tui.trials.axes import Axis
from nn_tui.trials.plan import SweepPlan
from tests.tui.screen import opened, until


async def test_the_form_is_about_the_experiment_of_the_sweep_shown():
    async with opened("blog", (120, 36), "training.epochs=5", "network.activation=tanh") as seen:
        board = seen.app.session.sweeps
        axis = Axis("training.learning_rate", (1.0, 3.0))
        board.begin(SweepPlan("blog", seen.app.session.requested_recipe, (axis,)))
        await until(lambda: board.results is not None and not board.running)
        seen.app.session.open("circle")  # which has tanh, and a test set
        await seen.settled()
        await seen.press("G", "e")
        assert "compared by the train loss" in seen.text
        assert "nn-tui sweep blog --set network.activation=tanh --vary" in seen.text


async def test_the_command_of_the_form_has_what_a_recipe_changes(tmp_path):
    own = tmp_path / "own.toml"
    own.write_text('[data]\nsource = "circle"\nsamples = 60\n')
    async with opened(str(own), (120, 36)) as seen:
        await seen.press("G")
        assert "nn-tui sweep circle --set data.samples=60" in seen.text
