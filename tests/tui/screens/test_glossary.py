"""The glossary on demand: about what is under the cursor, and any other word."""

from nn_tui.glossary.lookup import ENTRIES, entries_in, find_entry
from nn_tui.tui.screens.explain import ExplainScreen
from nn_tui.tui.screens.glossary import GlossaryScreen
from tests.tui.screen import opened, until


def about(seen):
    """The entry that is shown, and where."""
    screen = seen.app.screen
    assert isinstance(screen, GlossaryScreen)
    return screen.query_one("GlossaryPage").entry.name


async def test_it_tells_what_is_under_the_cursor_beside_it_and_leads_on():
    async with opened("blog", (80, 24)) as seen:
        await seen.press("2", "a")
        assert about(seen) == "learning rate" and "learning rate = 1" in seen.text
        assert "w ← w − η · gradient" in seen.text
        assert "  learning rate " in seen.lines[2]  # it stays in sight
        await seen.press("right", "left", "enter")
        assert about(seen) == "update"
        await seen.press("backspace", "/", *"synap")
        assert "weight" in seen.text and "loss" not in seen.lines[10]
        await seen.press("enter")
        assert about(seen) == "weight"
        await seen.press("escape")

        for keys, word in (
            (["1"], "input"),
            (["1", "right", "right", "right"], "target"),
            (["3"], "weight"),
            (["3", "v"], "gradient"),
            (["4"], "unit"),
            (["5"], "loss"),
            (["5", "v"], "accuracy"),
            (["x", "enter", "enter"], "error"),
        ):
            await seen.press(*keys, "a")
            assert about(seen) == word
            await seen.press("a")
        assert seen.cells() == seen.painted_anew()
        assert isinstance(seen.app.screen, ExplainScreen)
        await seen.press("escape", "?", "A")
        assert isinstance(seen.app.screen, GlossaryScreen) and "type to filter" in seen.text
        await seen.press(
            "escape", "escape", "A", *"learning rate", "enter", *["right"] * 5, "enter"
        )
        await until(lambda: seen.app.query_one("#lesson").lesson is not None)
        await seen.settled()
        assert "The learning rate" in seen.text
        await seen.press("A")
        assert seen.app.screen.query_one("GlossaryPage").found[0].name == "learning rate"


def test_words_of_a_text_lead_to_their_entries():
    found = [
        entry.name for entry in entries_in("The learning rates of l2_delta. Loss, and losses.")
    ]
    assert found == ["learning rate", "delta", "loss"]
    assert find_entry("l7_delta") is ENTRIES["delta"] and find_entry("7_delta") is None
