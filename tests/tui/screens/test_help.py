"""Help made from the bindings."""

from nn_tui import experiment
from nn_tui.runs import new_timeline
from nn_tui.tui.app import NnTui
from nn_tui.tui.keymap import KeyLine
from nn_tui.tui.panes.pane import Pane
from nn_tui.tui.screens.help import HelpScreen
from nn_tui.tui.screens.help_text import chapters, key_table
from tests.tui.screen import opened


def shown(seen):
    """The text of the help, whole, as much of it as is not filtered away."""
    texts = seen.app.screen.query("ScrolledText")
    return "\n".join(str(text.content) for text in texts)


async def test_the_focused_pane_comes_first_then_the_program_then_other_panes():
    async with opened("blog", (100, 60)) as seen:
        await seen.press("5")
        panes = seen.app.query(Pane)
        told = chapters(seen.app, seen.app.focused, panes, {}, seen.app.key_names)
        titles = ["Loss", "nn-tui", "Data", "Hyperparameters", "Weights", "Network", "Lesson"]
        assert [chapter.title for chapter in told] == titles
        assert all(chapter.text and chapter.lines for chapter in told)
        await seen.press("?")
        assert seen.text.index("The loss after each epoch") < seen.text.index(
            "A neural network, its data"
        )


async def test_the_name_of_each_key_is_there_to_give_it_another():
    async with opened("blog", (120, 36)) as seen:
        await seen.press("?")
        for binding in seen.app.BINDINGS:
            assert binding.id in shown(seen)


async def test_a_column_fits_many_keys_of_one_action():
    async with opened("blog", (80, 24)) as seen:
        await seen.press("3", "?")
        assert "delete backspace X  Prune the weight" in shown(seen)
        lines = [line for line in shown(seen).split("\n") if "weights." in line]
        cut, up = (next(x for x in lines if name in x) for name in ("weights.prune", "weights.up"))
        assert len(cut.rstrip()) == len(up.rstrip())


async def test_typing_keeps_matching_lines_with_their_pane():
    async with opened("blog", (80, 24)) as seen:
        await seen.press("?", "/", *"ten epochs")
        assert shown(seen).split("\n")[0] == "nn-tui"
        assert "Train ten epochs" in seen.text
        assert "Train one epoch" not in shown(seen)
        await seen.press("escape")
        assert isinstance(seen.app.screen, HelpScreen)
        assert "Train one epoch" in shown(seen)
        await seen.press("escape")
        assert not isinstance(seen.app.screen, HelpScreen)
        assert seen.cells() == seen.painted_anew()


async def test_it_shows_keys_from_the_settings():
    found = experiment.load_experiment("blog")
    app = NnTui(new_timeline(found), keys={"epoch": ["E", "f5"]})
    async with app.run_test(size=(100, 36)) as pilot:
        await pilot.press("E")
        await app.session.settled()
        await pilot.press("f5", "s", "question_mark")
        await app.session.settled()
        assert app.session.trainer.epoch == 2
        told = "\n".join(str(w.content) for w in app.screen.query("ScrolledText"))
        assert "E f5          Train one epoch" in told


def test_the_columns_of_a_key_table_are_aligned():
    lines = [
        KeyLine("tab shift+tab", "To the result", "explain.turn"),
        KeyLine("s", "At the end: leave, and train this epoch", "explain.finish"),
        KeyLine("n", "Follow the next sample", "explain.sample"),
    ]
    rows = key_table(lines, 76).plain.split("\n")
    assert len({row.index(line.what) for row, line in zip(rows, lines, strict=True)}) == 1
    assert {len(row) for row in rows} == {76}
    assert all(row.endswith(line.id) for row, line in zip(rows, lines, strict=True))


def test_a_table_of_keys_has_no_line_that_is_too_wide():
    lines = [KeyLine("ctrl+alt+shift+f5 backspace", "What it does " * 5, "hyperparameters.preset")]
    for width in range(30, 90):
        rows = key_table(lines, width).plain.split("\n")
        assert max(map(len, rows)) <= width
        assert " ".join(" ".join(rows).split()).count("What it does") == 5


async def test_nothing_behind_it_changes():
    async with opened("spiral", (160, 45)) as seen:
        before = seen.cells()
        await seen.press("?")
        during = seen.cells()
        differ = [
            x for y, row in enumerate(before) for x, cell in enumerate(row) if cell != during[y][x]
        ]
        assert (min(differ), max(differ)) == (38, 121)  # the columns of the dialog
        sent = len(seen.app._driver.written)
        await seen.press("escape")
        assert seen.cells() == before
        assert sum(map(len, seen.app._driver.written[sent:])) < 25_000
        assert seen.cells() == seen.painted_anew()


async def test_a_filter_without_matches_shows_so():
    async with opened("blog", (80, 24)) as seen:
        await seen.press("?", "/", *"zebra")
        assert "no matches" in seen.text
        await seen.press(*["backspace"] * 5)
        assert "no matches" not in seen.text
