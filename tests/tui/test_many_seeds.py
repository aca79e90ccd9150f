"""Many seeds on the screen: one experiment from several weight seeds, one of them in the panes."""

from nn_tui import experiment
from nn_tui.files.runs.run_store import RunStore
from nn_tui.runs import reopen_run
from nn_tui.training.trainer import Trainer
from tests.tui.screen import opened


async def test_the_seed_question_of_xor_is_answered_in_under_ten_keys(tmp_path):
    words = ("training.epochs=20000", "training.stop_loss=0.01", "view.pace=0")
    async with opened("blog-xor", (160, 45), *words) as seen:
        await seen.press("2", "down", "down", "left", "left")
        assert seen.app.session.recipe.network.hidden == (2,)
        await seen.press("M")
        assert "seeds 1-10, about" in seen.text
        await seen.press("enter")
        assert "replicas is 10: restarted; u undoes it" in seen.info
        assert "seed 1 of 1-10" in seen.lines[0] and "epoch 0/20,000" in seen.lines[0]
        await seen.press("space")
        assert seen.info.startswith("Finished 20,000 epochs of 10 seeds: 5 below 0.01, 3 at 1/16")
        assert "10 seeds, training loss: 5 below 0.01, 3 at 1/16, 2 at 1/12" in seen.text
        await seen.press("5", ")")
        session = seen.app.session
        assert "seed 9 of 1-10" in seen.lines[0]  # behind seed 1 in the order of losses
        assert seen.app.snapshot.recipe.network.seed == 9
        own = experiment.load_experiment("blog-xor", ["network.hidden=2", "network.seed=9"])
        alone = Trainer(own.recipe, own.dataset)
        alone.run_epochs(20000)
        assert (seen.app.snapshot.parameters == alone.snapshot().parameters).all()

        await seen.press("enter")
        assert "seed 9 is a run of its own now" in seen.info
        assert session.timeline.group is None
        assert "seed 9 of" not in seen.lines[0]
        assert session.position.epoch == 20000
        await seen.press("s")
        assert session.position.epoch == 20001
        await seen.press("u")
        assert "seed 9 of 1-10" in seen.lines[0]
        assert {m.trainer.epoch for m in session.timeline.group.members} == {20000}

        await seen.press("<")
        assert {m.trainer.epoch for m in session.timeline.group.members} == {19900}
        await seen.press("[")
        assert all(len(m.trainer.edits) == 1 for m in session.timeline.group.members)


async def test_a_number_that_is_not_allowed_stays_in_the_prompt_with_the_reason():
    async with opened("blog", (80, 24)) as seen:
        await seen.press("M", "backspace", "backspace", *"2000")
        assert "from 1 to 1,024" in seen.text
        await seen.press("enter")
        assert "how many networks?" in seen.text
        await seen.press("escape")
        assert seen.app.session.recipe.training.replicas == 1


def test_a_saved_run_reopens_with_all_its_replicas_and_the_one_shown(tmp_path):
    from tests.files.runs.timelines import change, saved, timeline, train

    line = timeline("blog-xor", "training.replicas=3")
    whole = timeline("blog-xor", "training.replicas=3")
    for each in (line, whole):
        train(each, 40)
        change(each, 0.5)
        train(each, 10)
    line.show_replica(2)
    store = RunStore(tmp_path / "runs")
    again = reopen_run(saved(line, store), store).timeline
    assert again.trainer.recipe.network.seed == 3
    train(again, 25)
    train(whole, 25)
    for one, other in zip(again.group.members, whole.group.members, strict=True):
        assert one.trainer.epoch == other.trainer.epoch == 75
        a, b = one.trainer.snapshot(), other.trainer.snapshot()
        assert (a.parameters == b.parameters).all()
        assert (a.losses.train_middle == b.losses.train_middle).all()
    assert again.undo()
    assert again.epoch == 40
