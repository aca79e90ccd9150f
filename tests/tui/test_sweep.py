"""Sweeps on the screen: set up, trained in processes beside the laboratory, opened, kept."""

import re

import pytest

from nn_tui.experiment import dataset_of
from nn_tui.files.runs.run_store import RunStore
from nn_tui.recipe.recipe import Recipe
from nn_tui.runs import reopen_run
from nn_tui.training.trainer import Trainer
from nn_tui.trials.axes import Axis
from nn_tui.trials.plan import SweepPlan
from nn_tui.trials.ranking import format_short
from nn_tui.trials.sweep_folder import SweepFolder
from nn_tui.tui.app import NnTui
from nn_tui.tui.session import sweep_board
from nn_tui.tui.session.sweep_proposal import extended, propose_axis, resized, shifted
from tests.tui.screen import opened, until


@pytest.fixture(autouse=True)
def one_process(monkeypatch):
    monkeypatch.setattr(sweep_board, "default_jobs", lambda: 1)


def short(setting):
    return format_short("train_loss", setting.median)


async def test_a_sweep_is_set_up_trained_opened_undone_and_kept(tmp_path):
    store = RunStore(tmp_path / "runs")
    async with opened("blog", (160, 45), "training.epochs=30", store=store) as seen:
        board = seen.app.session.sweeps
        await seen.press("G")
        assert "x learning rate" in seen.text and "‹0.1 … 10›" in seen.text
        assert "15 trials on 1 process" in seen.text
        command = "nn-tui sweep blog --vary training.learning_rate=0.1,0.3,1,3,10 --seeds 3"
        assert command in seen.text
        await seen.press("[", "[", "tab", *["backspace"] * 20, *"0.1,0", "enter")
        assert "learning_rate = 0 is not allowed" in seen.text
        await seen.press("backspace", *"1,4", "enter", "+", *"hidden", "enter")
        assert "y hidden layers" in seen.text
        await seen.press("[", "[", "tab", *["backspace"] * 20, *"2|3,2", "enter")
        assert "18 trials" in seen.text  # 3 rates, 2 networks, 3 seeds
        await seen.press("down", "down", "left", "down", "left")  # two seeds, 20 epochs
        assert "12 trials" in seen.text
        await seen.press("enter")

        await until(lambda: board.results is not None and board.results.outcomes)
        await seen.press("escape", "s")  # the laboratory is usable meanwhile
        assert seen.app.session.position.epoch == 1
        await until(lambda: not board.running)
        await seen.press("u")
        await seen.press("G")
        results = board.results
        assert "12 of 12 trials" in seen.lines[0] and "heat map" in seen.text
        data = dataset_of(Recipe())
        for outcome in results.outcomes:
            recipe = results.plan.recipe_of(outcome.setting)
            seeded = recipe.with_value("network.seed", int(outcome.key.seed))
            alone = Trainer(seeded, data)
            alone.run_epochs(20)
            assert outcome.value("train_loss") == alone.snapshot().train_loss
        best, worst = results.ranking[0], results.ranking[-1]
        assert f"★ {short(best)}" in seen.text and f"{short(worst)}" in seen.text
        await until(lambda: all(board.curve(outcome) for outcome in best.outcomes))
        await seen.settled()
        assert "seed 1" in seen.text and "seed 2" in seen.text

        await seen.press("enter")
        chosen = seen.app.session
        assert chosen.recipe.training.learning_rate == best.setting[0]
        assert chosen.recipe.network.hidden == best.setting[1]
        assert chosen.position.epoch == 20
        assert seen.app.snapshot.train_loss == best.median
        assert "trial opened: learning rate" in seen.info and "G to the sweep" in seen.info
        await seen.press("G", "+")  # from the trial, too, the results grow where they are
        if results.edges:
            await until(lambda: not board.running)
            grown = board.results
            kept = {outcome.number for outcome in grown.outcomes}
            assert {outcome.number for outcome in results.outcomes} < kept
            assert len(kept) == grown.plan.count == 20
        await seen.press("escape", "u")
        assert chosen.recipe.network.hidden == (4,) and chosen.recipe.training.epochs == 30
        (kept,) = board.saved()

    trials = len(SweepFolder(kept).read()[2])
    assert trials == (20 if results.edges else 12)
    (run,) = [entry for entry in store.entries() if (entry.folder.sweeps).is_dir()]
    app = NnTui(reopen_run(run.folder, store).timeline)
    assert app.session.sweep_progress == ""
    async with opened("blog", (80, 24), "training.epochs=30", store=store) as seen:
        seen.app.session.reopen(run.folder)
        await seen.settled()
        await seen.press("G")
        await until(lambda: seen.app.session.sweeps.results is not None)
        await seen.settled()
        assert "✓ swept" in seen.lines[0] and f"{trials} of {trials} trials" in seen.lines[0]
        assert f"★ {short(seen.app.session.sweeps.results.best)}" in seen.text
        for view in ("parallel", "ranking", "curves"):
            await seen.press("v")
            assert f"· {view}" in seen.text
        await seen.press("space")
        assert f"all {trials} trials are trained" in seen.text


async def test_a_paused_sweep_goes_on_also_after_the_program_was_closed(tmp_path):
    store = RunStore(tmp_path / "runs")
    async with opened("blog", (120, 36), "training.epochs=300000", store=store) as seen:
        board = seen.app.session.sweeps
        await seen.press("G", "enter")
        await until(lambda: board.results is not None and board.results.outcomes)
        await seen.press("escape")
        line = seen.lines[0]
        assert re.search(r"sweep \d+/15", line) or not board.running
        await seen.press("G", "space")
        await until(lambda: not board.running)
        await seen.settled()
        done = len(board.results.outcomes)
        assert done == 15 or "‖ paused" in seen.lines[0]
        executor = board._executor
    assert executor._pool is None  # its processes have ended
    (run,) = store.entries()
    async with opened("blog", (120, 36), store=store) as seen:
        seen.app.session.reopen(run.folder)
        await seen.settled()
        board = seen.app.session.sweeps
        await seen.press("G")
        await until(lambda: board.results is not None)
        assert len(board.results.outcomes) == done
        if done < 15:
            await seen.press("space")
            await until(lambda: len(board.results.outcomes) > done)


async def test_a_range_that_cannot_grow_is_not_said_to_do_so():
    slow = ("training.epochs=5", "training.learning_rate=0.001")
    async with opened("blog", (120, 36), *slow) as seen:
        board = seen.app.session.sweeps
        axis = Axis("network.hidden", ((1,), (2,), (3,)))
        board.begin(SweepPlan("blog", seen.app.session.requested_recipe, (axis,)))
        await until(lambda: board.results is not None and not board.running)
        await seen.press("G")
        assert board.results.edges and "beyond it" not in seen.text
        await seen.press("+")
        assert "no further values can be added there; e changes the values" in seen.text


def test_values_are_proposed_around_the_present_one():
    recipe = Recipe().with_value("network.hidden", (16,))

    def values(key, change=lambda axis: axis, **options):
        return change(propose_axis(key, recipe, **options)).values

    assert values("training.learning_rate") == (0.1, 0.3, 1, 3, 10)
    assert values("network.hidden") == ((4,), (8,), (16,), (32,), (64,))
    recipe = recipe.with_value("network.hidden", (8,))
    assert values("network.hidden") == ((2,), (4,), (8,), (16,), (32,))
    recipe = recipe.with_value("network.hidden", (4, 2))
    assert values("network.hidden", lambda a: shifted(a, 1))[0] == (4, 1)
    assert values("network.bias") == (False, True)
    assert "adam" in values("training.optimizer")
    assert values("training.learning_rate", lambda a: shifted(a, 1)) == (0.3, 1, 3, 10, 30)
    assert values("training.learning_rate", lambda a: resized(a, -1)) == (0.1, 0.3, 1, 3)
    assert values("training.epochs", lambda a: resized(a, 1)) == (10, 20, 50, 100, 200, 500)
    assert extended(Axis("training.epochs", (1, 2, 5)), -1) is None  # 0 trains without end
    assert values("network.bias", lambda a: shifted(a, 1)) == (False, True)
