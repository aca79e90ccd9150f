"""Other keys on the screens that stand over the panes."""

import pytest
from textual.binding import Binding

from nn_tui.errors import InputError
from nn_tui.files.runs.run_store import RunStore
from nn_tui.tui.bindings import BINDINGS
from nn_tui.tui.help_screens import help_screens, screen_bindings
from nn_tui.tui.keymap import NO_KEY, keymap_of
from nn_tui.tui.screens.compare import CompareScreen
from nn_tui.tui.screens.explain import ExplainScreen
from nn_tui.tui.screens.help import HelpScreen
from tests.files.runs import timelines
from tests.tui.screen import opened
from tests.tui.screens.test_open import press

NODES = {"": BINDINGS}
NAMES = sorted(
    {b.id for held in screen_bindings() for b in held if isinstance(b, Binding) and b.id}
)


@pytest.mark.parametrize("name", NAMES)
def test_every_binding_with_an_id_can_have_another_key(name):
    assert keymap_of({name: ["f9"]}, NODES, screen_bindings()) == {name: "f9"}


@pytest.mark.parametrize(
    ("name", "key", "by"),
    [
        ("open.delete", "pageup", "nn-tui itself"),
        ("help.find", "ctrl+c", "quit-at-once"),
    ],
)
def test_a_key_with_two_meanings_on_a_screen_is_an_error(name, key, by):
    with pytest.raises(InputError) as refused:
        keymap_of({name: [key]}, NODES, screen_bindings())
    assert f'keys.{name} = "{key}" is already used by {by}' in str(refused.value)


@pytest.mark.parametrize(
    ("name", "key", "lost"),
    [
        ("compare.sort", "p", {"compare.pin": NO_KEY}),
        ("open.delete", "r", {"open.rename": NO_KEY}),
        ("explain.code.down", "s", {"explain.finish": NO_KEY}),
        ("explain.finish", "pagedown", {"explain.result.page-down": NO_KEY}),
    ],
)
def test_a_default_key_gives_way_to_the_settings_on_a_screen(name, key, lost):
    assert keymap_of({name: [key]}, NODES, screen_bindings()) == {name: key, **lost}


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("compare.sort", ["space"]),  # of the panes below
        ("explain.result.up", ["home"]),  # of the other part
        ("compare.pin", ["r"]),  # of another screen
    ],
)
def test_a_key_with_another_meaning_on_another_screen_is_allowed(name, keys):
    assert keymap_of({name: keys}, NODES, screen_bindings())


async def test_the_compare_screen_uses_the_keys_of_the_settings():
    keys = {"compare.pin": ["P"], "compare.leave": ["f6"], "compare.help": ["f1"]}
    async with opened("blog", (120, 36), keys=keys) as seen:
        await seen.press("S", "C")
        assert "P pins, o saved" in seen.text
        assert "Only one run so far: P pins it" in " ".join(seen.text.split())
        await seen.press("p", "escape")
        assert seen.app.pins == ()
        assert isinstance(seen.app.screen, CompareScreen)
        await seen.press("P", "f1")
        assert len(seen.app.pins) == 1
        assert isinstance(seen.app.screen, HelpScreen)
        assert "f6 " in seen.text
        await seen.press("escape", "f6")
        assert not isinstance(seen.app.screen, CompareScreen)


async def test_the_explain_screen_uses_the_keys_of_the_settings():
    keys = {
        "explain.finish": ["E"],
        "explain.leave": ["f6"],
        "explain.turn": ["w"],
        "explain.formula": ["F"],
        "explain.code.down": ["space"],
    }
    async with opened("blog", (120, 36), keys=keys) as seen:
        await seen.press("x")
        assert "F formula" in seen.text
        await seen.press("s", "space")
        assert seen.app.screen.cursor.walk.position == 2
        await seen.press("w")
        assert seen.app.screen.in_result
        await seen.press("?")
        assert "w moves to the result" in " ".join(seen.text.split())
        await seen.press("escape", "E")
        assert "lines done; enter trains, f6 leaves" in seen.text
        await seen.press("E")
        assert seen.app.snapshot.epoch == 1
        assert not isinstance(seen.app.screen, ExplainScreen)


async def test_the_list_of_saved_runs_uses_the_keys_of_the_settings(tmp_path):
    store = RunStore(tmp_path / "runs")
    line = timelines.timeline("blog-xor")
    found = timelines.saved(line, store)
    found.rename("long night")
    found.release()
    keys = {"open.delete": ["delete"], "open.restore": ["R"], "about-run.back": ["b"]}
    async with opened("blog", (120, 36), store=store, keys=keys) as seen:
        await press(seen, "o", "tab")
        assert "r renames, delete deletes, R restores, i shows details" in seen.text
        await press(seen, "d", "delete")
        assert "long night deleted; R restores it" in seen.text


async def test_help_lists_the_id_of_every_key():
    async with opened("blog", (120, 36), keys={"compare.sort": ["f7"]}) as seen:
        await seen.press("?")
        told = "\n".join(str(w.content) for w in seen.app.screen.query("ScrolledText"))
        assert all(name in told for name in NAMES)
        assert "f7            Sort by this column" in told
        await seen.press("/", *"compare.s")
        assert "Compare" in seen.text and "compare.sort" in seen.text
        assert seen.cells() == seen.painted_anew()


def test_keys_active_while_typing_have_no_id():
    for screen in help_screens():
        if screen.HELP_TITLE in ("Open", "Write"):
            named = [b for b in screen.BINDINGS if b.id]
            assert named
            assert not any(b.priority or b.key == "escape" for b in named)
