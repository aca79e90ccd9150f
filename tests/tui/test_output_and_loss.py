"""On the screen too, every output and loss trains, or is refused by a sentence that names it."""

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
async def test_what_is_set_last_stays_or_is_refused_and_what_else_changes_is_told(
    tmp_path, file, first
):
    path = tmp_path / f"{file.replace(' ', '_')}.csv"
    path.write_text(FILES[file])
    async with working(str(path)) as seen:
        session = seen.session
        for output, loss in PAIRS:
            wanted = {"network.output": output, "training.loss": loss}
            for key in sorted(wanted, reverse=first == "training.loss"):
                before, said = session.recipe, len(seen.said)
                try:
                    told = session.change(key, wanted[key])
                except RecipeError as error:
                    assert wanted[key] in str(error)
                    continue
                await seen.settled()
                assert not session.failed
                recipe = session.recipe
                if recipe[key] == wanted[key]:
                    assert incompatibility(recipe.network.output, recipe.training.loss) is None
                    others = [k for k, _ in before.differences(recipe) if k != key]
                    assert all(recipe[k] in told for k in others)
                else:
                    refusals = " ".join(sentence for sentence, bad in seen.said[said:] if bad)
                    assert recipe == before
                    assert wanted[key] in refusals
            session.train(1)
            await seen.settled()
            assert not session.failed
