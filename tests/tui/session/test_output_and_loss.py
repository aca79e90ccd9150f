"""In a session, every output and loss trains, or is refused by a message that names it."""

import itertools

import pytest

from nn_tui.nn.activations import OUTPUTS, incompatibility
from nn_tui.nn.losses import LOSSES
from nn_tui.recipe.recipe import RecipeError
from tests.test_output_and_loss import FILES
from tests.tui.session.test_session import working

PAIRS = [*itertools.product(("auto", *OUTPUTS), LOSSES)]


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("first", ["network.output", "training.loss"])
async def test_the_last_value_is_kept_or_refused_and_other_changes_are_reported(
    tmp_path, file, first
):
    path = tmp_path / f"{file.replace(' ', '_')}.csv"
    path.write_text(FILES[file])
    async with working(str(path)) as recorder:
        session = recorder.session
        for output, loss in PAIRS:
            wanted = {"network.output": output, "training.loss": loss}
            for key in sorted(wanted, reverse=first == "training.loss"):
                before, count = session.recipe, len(recorder.messages)
                try:
                    message = session.change(key, wanted[key])
                except RecipeError as error:
                    assert wanted[key] in str(error)
                    continue
                await recorder.settled()
                assert not session.failed
                recipe = session.recipe
                if recipe[key] == wanted[key]:
                    assert incompatibility(recipe.network.output, recipe.training.loss) is None
                    others = [k for k, _ in before.differences(recipe) if k != key]
                    assert all(recipe[k] in message.text for k in others)
                else:
                    refusals = " ".join(text for text, _, bad in recorder.messages[count:] if bad)
                    assert recipe == before
                    assert wanted[key] in refusals
            session.train(1)
            await recorder.settled()
            assert not session.failed
