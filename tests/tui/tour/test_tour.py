"""The first minute, walked by keys."""

import pytest

from nn_tui.nn.explain.stepper import StepDebugger
from nn_tui.tui.pane_layout import PANES
from nn_tui.tui.screens.explain import ExplainScreen
from nn_tui.tui.tour.pages import PAGES
from tests.tui.screen import opened

SIZES = [(160, 45), (80, 24)]
QUICK = "view.pace=1000"


def tour(seen):
    return seen.app.query_one("#tour")


def title(seen):
    """The title of the page that stands, or nothing."""
    return tour(seen).page.title if tour(seen).display else ""


def told(seen):
    """What stands on the page, in one line."""
    region = tour(seen).content_region
    lines = [line[region.x : region.right] for line in seen.lines[region.y : region.bottom]]
    return " ".join(" ".join(lines).split())


def cursor_field(seen):
    """The hyperparameter that the cursor is on."""
    return seen.app.query_one("#hyperparameters").field.key


def assert_beside(seen):
    """The pane that the page is about has the focus, and the page covers no pane."""
    pane = seen.app.query_one(f"#{tour(seen).page.pane}")
    assert seen.app.focused is pane
    assert tour(seen).page.pane in seen.panes
    for name in seen.panes:
        assert not seen.app.query_one(f"#{name}").region.overlaps(tour(seen).region)
    assert pane.content_size.height >= 4
    assert told(seen).endswith("esc leave")  # nothing is cut off
    assert seen.cells() == seen.painted_anew()


def state(seen):
    """What the page's border says of what is to be done."""
    return str(tour(seen).border_subtitle).rpartition(" · ")[0]


async def begin(seen):
    seen.app.action_first_minute()
    await seen.pilot.pause()
    await seen.settled()


async def choose(seen, name):
    """Open another experiment by the list."""
    await seen.press("o", *name)
    await seen.pilot.pause(0.3)
    await seen.press("enter")


@pytest.mark.parametrize("size", SIZES)
async def test_the_whole_story_by_the_keys_that_it_names(size):
    done = "✓ done: enter continues"
    async with opened("blog", size, QUICK) as seen:
        await begin(seen)
        place = tour(seen).region
        assert title(seen) == "Four samples"
        assert "4 samples of 3 inputs" in told(seen)
        info = " ".join(seen.lines[-2].split())  # whole, at any size
        assert (
            info == "enter next page, backspace back, esc leaves the tour; other keys work as usual"
        )
        assert_beside(seen)

        await seen.press("enter")
        assert title(seen) == "Two matrices"
        assert "W0, 3×4, and W1, 4×1" in told(seen)
        assert "For sample 1 it predicts 0.474; the target is 0" in told(seen)
        assert seen.app.snapshot.train_accuracy == 1.0
        assert "The accuracy of 100 % at epoch 0 is luck" in told(seen)
        assert_beside(seen)

        await seen.press("enter")
        assert title(seen) == "One step"
        assert state(seen) == ""
        assert_beside(seen)
        await seen.press("x")
        assert isinstance(seen.app.screen, ExplainScreen)
        await seen.press("enter", "enter", "escape")
        assert (title(seen), state(seen)) == ("One step", done)
        await seen.press("enter")
        assert title(seen) == "Fifty epochs"
        assert seen.app.snapshot.epoch == 0
        assert_beside(seen)

        await seen.press("space")
        assert (title(seen), state(seen)) == ("Fifty epochs", done)
        await seen.press("enter")
        assert title(seen) == "The loss"
        assert seen.app.snapshot.epoch == 50
        assert "0.109859 at the start, 0.012557 now" in told(seen)
        assert "0.165 0.140 0.844 0.829; the targets are 0 0 1 1" in told(seen)
        assert_beside(seen)

        await seen.press("enter")
        assert title(seen) == "Now something harder"
        assert_beside(seen)
        await choose(seen, "blog-xor")
        assert (title(seen), state(seen)) == ("Now something harder", done)
        await seen.press("enter")
        assert title(seen) == "XOR"
        assert "trains 60,000" in told(seen)
        assert_beside(seen)

        await seen.press("space")
        assert (title(seen), state(seen)) == ("XOR", done)
        await seen.press("enter")
        assert title(seen) == "Fewer units"
        assert_beside(seen)
        assert "The cursor is on the hidden layers" in told(seen)
        assert cursor_field(seen) == "network.hidden"
        assert "the key left removes a unit" in told(seen)
        await seen.press("left", "left")
        assert seen.app.snapshot.recipe.network.hidden == (2,)
        assert state(seen) == ""
        await seen.press("space")
        assert (title(seen), state(seen)) == ("Fewer units", done)
        await seen.press("enter")
        assert title(seen) == "Luck"
        assert "With 2 hidden units the loss is 0.062514 and the accuracy 50.0 %" in told(seen)
        assert state(seen) == "0 of 1 attempts right"
        assert_beside(seen)
        await seen.press("N", "space")
        assert state(seen).endswith(" of 2 attempts right")

        await choose(seen, "spiral")
        assert (title(seen), state(seen)) == ("Luck", done)
        assert "spiral is open now; the next page is about it" in told(seen)
        await seen.press("enter")
        assert title(seen) == "The spiral"
        assert_beside(seen)
        assert tour(seen).region == place
        await seen.press("enter")
        assert title(seen) == ""
        assert seen.cells() == seen.painted_anew()


@pytest.mark.parametrize("size", [*SIZES, (120, 36), (100, 30), (60, 24), (58, 26)])
async def test_the_page_keeps_its_place_covers_no_pane_and_turns_by_its_key_alone(size):
    async with opened("blog", size, QUICK) as seen:
        before = {pane.id: pane.region for pane in seen.app.query("Pane")}
        await begin(seen)
        place = tour(seen).region
        for page in PAGES:
            assert title(seen) == page.title
            assert tour(seen).region == place
            assert place.bottom == size[1] - 2
            assert_beside(seen)
            await seen.press("s", "S")
            assert title(seen) == page.title
            await seen.press("enter")
        assert title(seen) == ""
        assert seen.app.snapshot.recipe.data.source == "blog"  # it did nothing by itself
        assert seen.app.snapshot.epoch == 11 * len(PAGES)
        await seen.press("3", "2")
        assert {pane.id: pane.region for pane in seen.app.query("Pane")} == before


async def test_one_unit_too_few_is_told_with_the_way_back():
    async with opened("blog-xor", (120, 36)) as seen:
        seen.app.tour.panel.begin(fresh=False)
        tour(seen)._turn_to(7)
        assert title(seen) == "Fewer units"
        await seen.press("left", "left", "left")
        assert state(seen) == "1 unit left; right adds one"
        await seen.press("left")
        assert seen.app.snapshot.recipe.network.hidden == ()
        assert state(seen) == "no units left; right adds one"
        await seen.press("right", "right")
        assert state(seen) == ""


async def test_enter_is_the_pages_in_the_line_of_keys_too():
    async with opened("blog", (120, 36)) as seen:
        assert "enter edit" in seen.lines[-1]
        await begin(seen)
        await seen.press("2")
        assert "enter next page" in seen.lines[-1]
        assert "enter edit" not in seen.lines[-1]
        await seen.press("escape")
        assert "enter edit" in seen.lines[-1]
        assert "next page" not in seen.lines[-1]


@pytest.mark.parametrize("pane", "135")
async def test_beside_a_pane_that_has_all_the_room_the_page_stays(pane):
    async with opened("blog", (120, 36)) as seen:
        await begin(seen)
        place = tour(seen).region
        await seen.press(pane, "z")
        assert len(seen.panes) == 1
        assert tour(seen).region == place
        assert not seen.app.focused.region.overlaps(place)
        assert seen.cells() == seen.painted_anew()


async def test_back_and_out_at_any_page_with_the_run_as_it_was():
    async with opened("blog", (80, 24)) as seen:
        await begin(seen)
        await seen.press("backspace")
        assert title(seen) == "Four samples"
        await seen.press("enter", "enter", "s", "backspace")
        assert title(seen) == "Two matrices"
        assert seen.app.snapshot.epoch == 1
        assert seen.app.snapshot.masks == {}  # the pane's backspace cuts weights off
        await seen.press("escape")
        assert title(seen) == ""
        assert "First minute" not in seen.text
        assert seen.info == "ctrl+p finds the first minute again"
        assert seen.app.focused.id == "weights"
        assert seen.cells() == seen.painted_anew()
        await seen.press("backspace")
        assert not seen.app.snapshot.masks["W0"][0, 0]


@pytest.mark.parametrize("size", SIZES)
async def test_the_page_leaves_the_pane_where_one_stands(size):
    async with opened("blog", size) as seen:
        await begin(seen)
        for key, name in zip("12345", PANES, strict=True):
            await seen.press(key)
            assert seen.app.focused.id == name
            assert not seen.app.focused.region.overlaps(tour(seen).region)
            assert title(seen) == "Four samples"
        assert seen.cells() == seen.painted_anew()


async def test_who_types_a_value_has_all_keys():
    async with opened("blog", (120, 36)) as seen:
        await begin(seen)
        seen.app.query_one("#data").action_edit()
        await seen.press("backspace", "7", "enter")
        assert seen.app.snapshot.dataset.inputs[0, 0] == 7
        assert title(seen) == "Four samples"


async def test_another_experiment_in_between_is_told():
    async with opened("blog", (120, 36)) as seen:
        await begin(seen)
        seen.app.session.open("circle")
        await seen.settled()
        assert "This page is about blog, and circle is open now. o lists what" in told(seen)
        await choose(seen, "blog")
        assert "4 samples of 3 inputs" in told(seen)


async def test_from_the_palette_it_opens_the_blog_at_its_start():
    async with opened("moons", (120, 36)) as seen:
        await seen.press("ctrl+p", *"first minute")
        await seen.pilot.pause(0.3)
        await seen.press("enter")
        assert title(seen) == "Four samples"
        assert (seen.app.session.name, seen.app.snapshot.epoch) == ("blog", 0)
        await seen.press("u")
        assert seen.app.session.name == "moons"


async def test_in_a_window_without_room_the_keys_are_the_panes():
    async with opened("blog", (80, 24)) as seen:
        await begin(seen)
        await seen.resize(40, 9)
        await seen.pilot.pause()
        assert title(seen) == ""
        await seen.press("enter")
        assert "Input" in repr(type(seen.app.focused).mro())
        await seen.press("escape")
        await seen.resize(80, 24)
        await seen.pilot.pause()
        assert title(seen) == "Four samples"
        assert_beside(seen)


async def test_keys_that_were_given_are_the_ones_that_are_told():
    async with opened("blog", (120, 36), keys={"explain": ["E"], "tour.on": ["J"]}) as seen:
        await begin(seen)
        assert "J next page" in told(seen)
        await seen.press("J", "J")
        assert "NumPy. E steps through them" in told(seen)


async def test_it_stands_at_the_start_only_where_it_is_asked_for():
    async with opened("blog", (80, 24)) as seen:
        assert title(seen) == ""
        assert seen.app.focused.id == "hyperparameters"
    async with opened("blog", (80, 24), welcome=True) as seen:
        await seen.pilot.pause()
        assert title(seen) == "Four samples"
        assert_beside(seen)
    async with opened("iris", (80, 24), welcome=True) as seen:
        await seen.pilot.pause()
        assert seen.app.session.name == "iris"  # which was asked for
        assert "This page is about blog, and iris is open now" in told(seen)
        assert_beside(seen)


async def test_one_step_has_as_many_lines_as_the_page_says():
    async with opened("blog", (80, 24)) as seen:
        assert len(StepDebugger(seen.app.session.trainer.step()).lines) == 9
        assert "nine lines" in PAGES[2].text
