"""The line of keys."""

import pytest

from nn_tui.tui.widgets.footer import KeyHint, fitting, zones_of
from nn_tui.tui.widgets.value_input import ValueInput
from tests.tui.screen import opened

HINTS = [
    KeyHint("run", ("space",), "run"),
    KeyHint("loss.log", ("y",), "log axis"),
    KeyHint("slower", ("comma", "full_stop"), "pace"),
    KeyHint("help", ("question_mark",), "help"),
    KeyHint("quit", ("q",), "quit"),
]


def width(hints):
    return len("  ".join(f"{' '.join(hint.names)} {hint.word}" for hint in hints))


def test_hints_that_fit_are_whole_and_quit_always_shows():
    met = {}
    for room in range(1, 60):
        kept = fitting(HINTS, room)
        assert width(kept) <= room
        assert [*HINTS] == kept or room < width(HINTS)
        met[room] = [hint.id for hint in kept]
    assert met[6] == ["help"]
    assert met[14] == ["help", "quit"]
    assert met[25] == ["run", "help", "quit"]


LEFT = {
    160: " space run    s epoch  x explain  u undo  < > time │ ",
    120: " space run    s epoch  x explain │ ",
    80: " space run    s epoch  x explain │ ",
    60: " space run    s epoch │ ",
    40: " space run   │ ",
}
RIGHT = {
    160: " │ o open  w write  ? help  q quit ",
    120: " │ o open  w write  ? help  q quit ",
    **dict.fromkeys((80, 60, 40), " │ ? help  q quit "),
}
IMPORTANT = {"1": "v view", "2": "enter edit", "3": "v view", "4": "v view", "5": "y log"}


@pytest.mark.parametrize("size", [(160, 45), (120, 36), (80, 24), (60, 18), (40, 12)])
async def test_the_keys_of_training_and_of_the_program_never_move(size):
    width = size[0]
    async with opened("circle", size, "data.samples=40") as seen:
        for pane, important in IMPORTANT.items():
            await seen.press(pane)
            line = seen.lines[-1]
            assert line.startswith(LEFT[width])
            assert line.endswith(RIGHT[width])
            middle = line.removeprefix(LEFT[width]).removesuffix(RIGHT[width])
            assert width < 60 or important in middle
            for hint in middle.split("  "):
                assert "…" not in hint
        assert seen.cells() == seen.painted_anew()


async def test_a_wide_line_names_the_pane_whose_keys_follow():
    async with opened("circle", (160, 45), "data.samples=40") as seen:
        await seen.press("4")
        assert "│ Network  v view" in seen.lines[-1]
        await seen.press("2")
        assert "│ Hyperparameters  enter edit  left right step" in seen.lines[-1]


@pytest.mark.parametrize("width", range(10, 200))
def test_the_zones_fit_into_the_line(width):
    hints = [KeyHint(name, (name[0],), name) for name in ("log", "smooth", "view", "zoom")]
    program = ("epoch", "explain", "undo", "back-in-time", "open", "write", "help", "quit")
    hints += [HINTS[0], *(KeyHint(name, (name[0],), name) for name in program)]
    zones = zones_of(hints, "Loss", width)
    whole = [*zones.training, *zones.middle, *zones.program]
    assert len({hint.id for hint in whole}) == len(whole)
    parts = [f"{zones.pane}  " * bool(zones.pane), *(hint.width * "x" + "  " for hint in whole)]
    assert len("".join(parts)) <= width + 2
    assert width < 16 or {"help", "quit"} <= {hint.id for hint in whole}
    assert [h.id for h in zones.training] == [h.id for h in zones_of([*hints[4:]], "", width)[0]]


async def test_a_hint_names_what_its_key_does_now_and_nothing_moves():
    async with opened() as seen:
        before = seen.lines[-1]
        assert "space run  " in before
        seen.app.session.running = True
        await seen.pilot.pause()
        assert seen.lines[-1] == before.replace("run  ", "pause")
        seen.app.session.running = False


async def test_a_click_presses_the_key():
    async with opened() as seen:
        at = seen.lines[-1].index("s epoch")
        await seen.pilot.click("#keys", offset=(at + 3, 0))
        await seen.settled()
        assert seen.app.snapshot.epoch == 1
        await seen.press("4")
        at = seen.lines[-1].index(", . pace")
        await seen.pilot.click("#keys", offset=(at, 0))
        await seen.settled()
        assert seen.app.session.recipe.view.pace == 3


async def test_the_hints_of_the_panes_are_whole_in_a_small_window():
    async with opened("blog", (80, 24)) as seen:
        for key in "1345":
            await seen.press(key)
            assert seen.lines[-2].strip() == seen.info
    for experiment in ("sine", "spiral", "iris", "digits"):
        async with opened(experiment, (80, 24)) as seen:
            for key in "134":
                await seen.press(key)
                for _ in range(6):  # as many views as a pane can have
                    assert seen.lines[-2].strip() == seen.info
                    await seen.press("v")
                if key == "1":  # a row of one's own has hints too
                    await seen.press("e")
                    assert seen.lines[-2].strip() == seen.info
                    await seen.press("e")
            await seen.press("enter")
            if len(seen.app.screen_stack) > 1:  # the samples of a cell of the confusion matrix
                await seen.press("escape")
            assert seen.lines[-2].strip() == seen.info


def keys(seen):
    """The line of keys."""
    return seen.lines[-1].strip()


async def test_enter_enlarges_a_unit_or_returns():
    async with opened("circle", (120, 36), "data.samples=40") as seen:
        await seen.press("4")
        assert "enter enlarge" in keys(seen)
        await seen.press("enter")
        assert "enter back" in keys(seen) and "enter enlarge" not in keys(seen)
        await seen.press("enter")
        assert "enter enlarge" in keys(seen) and "enter back" not in keys(seen)


async def test_units_without_an_image_cannot_be_enlarged():
    async with opened("digits", (120, 36), "data.test_fraction=0.9") as seen:
        await seen.press("4")
        assert "enter enlarge" in keys(seen) and "D discretize" not in keys(seen)
        await seen.press("right")
        assert "enter" not in keys(seen)
        await seen.press("enter")  # it still tells why
        assert "only units of the first layer have an image" in seen.info
        await seen.press("left")
        assert "enter enlarge" in keys(seen)


async def test_only_maps_can_be_discretized():
    async with opened("sine", (120, 36), "data.samples=40") as seen:
        await seen.press("4")
        assert "D discretize" in keys(seen)  # maps in the units
        await seen.press("v")
        assert "D discretize" not in keys(seen)  # a curve
        await seen.press("D")
        assert "no map" in seen.info
    async with opened("circle", (120, 36), "data.samples=40", "network.hidden=30,30") as seen:
        await seen.press("4")
        assert "D discretize" in keys(seen)  # maps of one line
        await seen.press("v")
        assert "D discretize" in keys(seen)
        assert "D discretize" in seen.info
        await seen.press("v")
        assert "D discretize" not in keys(seen)  # the confusion


async def test_keys_without_effect_are_left_out():
    async with opened("iris", (120, 36)) as seen:
        await seen.press("3")
        for _ in range(3):
            assert "enter set" in keys(seen)
            await seen.press("v")
        assert "enter" not in keys(seen)  # activations
        await seen.press("1")
        assert "v view" in keys(seen) and "enter edit" in keys(seen)
        await seen.press("v")
        assert "enter edit" not in keys(seen)  # the confusion matrix or the scores


async def test_a_derived_value_cannot_be_edited():
    async with opened("circle", (120, 36), "data.features=x1,x2,x1^2") as seen:
        await seen.press("1", "right")
        assert "enter edit" in keys(seen)
        await seen.press("right")
        assert "enter" not in keys(seen)
        await seen.press("right")
        assert "enter edit" in keys(seen)


async def test_enter_goes_to_the_epoch_of_the_crosshair_only():
    async with opened("blog", (120, 36)) as seen:
        await seen.press("s", "5")
        assert "enter" not in keys(seen)
        await seen.press("c")
        assert "enter go to epoch" in keys(seen)
        await seen.press("escape")
        assert "enter" not in keys(seen)


@pytest.mark.parametrize("pane", ["1", "2", "3"])
async def test_while_editing_the_editors_keys_show(pane):
    async with opened("blog", (80, 24)) as seen:
        await seen.press(pane, "enter", "1")
        assert seen.lines[-1].strip() == "enter set  esc leave"
        await seen.pilot.click("#keys", offset=(4, 0))
        await seen.settled()
        assert not isinstance(seen.app.focused, ValueInput)
        assert "space run" in seen.lines[-1]


@pytest.mark.parametrize("width", [60, 80, 160])
async def test_explain_shows_its_arrows_as_such_and_always_the_way_out(width):
    async with opened("blog", (width, 30)) as seen:
        await seen.press("x")
        keys = seen.lines[-1]
        assert keys.startswith(" ↑ ↓ line  tab result")
        assert keys.rstrip().endswith("? help  esc leave")
