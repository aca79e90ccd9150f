"""Which panes a window has room for and where, over all sizes."""

import itertools

import pytest
from textual.geometry import Region, Size

from nn_tui.tui.pane_layout import PANES, lesson_strip, pane_regions, visible_panes
from nn_tui.tui.terminal.ascii_output import ascii_only
from tests.tui.screen import opened

EDITED = ("data", "hyperparameters", "weights")
LEAST_WIDTH = 30
"""Columns in which a pane beside others can show something of use, frame included."""
LINES = 3
"""Lines of the window above and below the panes."""


@pytest.fixture(scope="module")
def layouts():
    """Every layout by (width, height, left, zoomed, focused)."""
    asked = itertools.product(range(1, 251), range(1, 81), EDITED, (None, "loss"), ("loss",))
    return {question: visible_panes(*question) for question in asked}


def regions_in(width, height):
    """The visible panes' places in a window with the focus on the hyperparameters."""
    seen = visible_panes(width, height, "hyperparameters", None, "hyperparameters")
    return pane_regions(seen.visible, Size(width, height - LINES))


def test_no_pane_gets_less_room_than_it_can_use():
    for width, height in itertools.product(range(60, 251), range(18, 81)):
        for name, region in regions_in(width, height).items():
            assert region.width >= LEAST_WIDTH, (width, height, name)
            assert region.height >= (6 if name == "loss" else 9), (width, height, name)


def test_the_panes_fill_the_window_and_do_not_overlap():
    for width, height in itertools.product(range(20, 251, 3), range(18, 81)):
        regions = list(regions_in(width, height).values())
        assert sum(region.area for region in regions) == width * (height - LINES)
        assert not any(a.overlaps(b) for a, b in itertools.combinations(regions, 2))


def test_a_lesson_leaves_all_panes_a_place_and_unfolds_where_the_window_is_low():
    for width, height in itertools.product(range(60, 251), range(18, 81)):
        folded, focused = (lesson_strip(width, height, focus) for focus in (False, True))
        assert folded.lines >= 3 and (folded == focused or height < 30)
        seen = visible_panes(width, height, "data", None, "lesson").visible
        regions = pane_regions(seen, Size(width, height - LINES - folded.lines))
        assert min(region.height for region in regions.values()) >= 5, (width, height)
        assert height - LINES - focused.lines >= 7
    assert lesson_strip(59, 24, True).whole and not lesson_strip(59, 24, False).lines


def test_a_window_with_room_for_a_pane_shows_one(layouts):
    for (width, height, *_), layout in layouts.items():
        assert bool(layout.visible) == (width >= 20 and height >= 5)


def test_a_larger_window_never_shows_less(layouts):
    for (width, height, *rest), layout in layouts.items():
        for wider, higher in ((width + 1, height), (width, height + 1)):
            larger = layouts.get((wider, higher, *rest))
            assert larger is None or layout.visible - set(EDITED) <= larger.visible
            assert larger is None or len(layout.visible) <= len(larger.visible)
            assert larger is None or (layout.info, layout.footer) <= (larger.info, larger.footer)


def test_the_network_and_the_loss_are_visible_in_every_window_of_several_panes(layouts):
    for layout in layouts.values():
        assert len(layout.visible) < 2 or {"network", "loss"} <= layout.visible


def test_the_chosen_pane_is_visible(layouts):
    for (width, height, left, zoomed, focused), layout in layouts.items():
        if not layout.visible:
            continue
        if zoomed:
            assert layout.visible == {zoomed}
        elif width < 60 or height < 18:
            assert layout.visible == {focused}
        else:
            assert left in layout.visible


def test_of_the_panes_that_share_a_place_one_is_visible(layouts):
    for layout in layouts.values():
        assert len(layout.visible & {*layout.sharing}) == bool(layout.sharing)


@pytest.mark.parametrize(
    ("width", "height", "left", "visible"),
    [
        (160, 45, "weights", set(PANES)),
        (140, 30, "weights", set(PANES)),
        (100, 30, "weights", set(PANES)),
        (100, 29, "data", {"data", "weights", "network", "loss"}),
        (100, 29, "weights", {"hyperparameters", "weights", "network", "loss"}),
        (99, 44, "data", set(PANES)),
        (99, 43, "data", {"data", "network", "loss"}),
        (80, 24, "weights", {"weights", "network", "loss"}),
        (60, 18, "hyperparameters", {"hyperparameters", "network", "loss"}),
        (59, 18, "hyperparameters", {"network"}),
        (60, 17, "hyperparameters", {"network"}),
        (20, 5, "hyperparameters", {"network"}),
        (19, 5, "hyperparameters", set()),
        (20, 4, "hyperparameters", set()),
    ],
)
def test_the_panes_of_the_design(width, height, left, visible):
    assert visible_panes(width, height, left, None, "network").visible == visible


@pytest.mark.parametrize(
    ("size", "widths", "loss"),
    [
        ((200, 60), (46, 56, 98), 21),
        ((160, 45), (46, 54, 60), 16),
        ((140, 45), (46, 49, 45), 16),
        ((139, 45), (34, 40, 65), 15),
        ((120, 36), (34, 40, 46), 12),
        ((100, 36), (34, 33, 33), 12),
        ((99, 24), (32, 0, 67), 9),
        ((80, 24), (32, 0, 48), 9),
        ((79, 24), (30, 0, 49), 9),
    ],
)
def test_the_sizes_of_the_design(size, widths, loss):
    regions = regions_in(*size)
    left, weights, network = widths
    assert regions["hyperparameters"].width == left
    assert regions.get("weights", Region()).width == weights
    assert regions["network"].width == network
    assert regions["loss"] == Region(left, size[1] - LINES - loss, size[0] - left, loss)


@pytest.mark.parametrize("size", [(79, 24), (80, 24), (99, 24), (100, 36), (139, 45), (140, 45)])
async def test_the_screen_has_the_panes_at_their_places(size):
    async with opened("blog", size) as seen:
        regions = regions_in(*size)
        assert seen.panes == {*regions}
        for name, region in regions.items():
            assert seen.app.query_one(f"#{name}").region == region.translate((0, 1))
        assert seen.cells() == seen.painted_anew()


async def test_panes_that_share_a_place_are_named_in_the_title():
    async with opened("blog", (80, 24)) as seen:
        assert " 1 data  2 Hyper  3 weights " in seen.lines[1][:32]
        await seen.press("1")
        assert " 1 Data  2 hyper  3 weights " in seen.lines[1][:32]
        await seen.press("3", "v")
        assert " 1 2 3 Weights · " in seen.lines[1][:32]
        await seen.resize(120, 29)
        await seen.settled()
        assert " 1 Data  2 hyperparameters " in seen.lines[1][:34]
        assert "3 Weights · ∇" in seen.lines[1][34:]
        await seen.resize(120, 36)
        await seen.settled()
        assert "─ 1 Data " in seen.lines[1][:34]
        assert seen.cells() == seen.painted_anew()


async def test_a_click_on_a_name_in_the_title_shows_that_pane():
    async with opened("blog", (80, 24)) as seen:
        await seen.pilot.click("#hyperparameters", offset=(seen.lines[1].index("weights"), 0))
        await seen.settled()
        assert seen.app.focused.id == "weights"
        assert seen.panes == {"weights", "network", "loss"}


@pytest.mark.parametrize("ascii", [False, True])
async def test_the_pane_in_focus_has_a_heavy_upper_edge(ascii):
    heavy, light = ("=", "-") if ascii else ("━", "─")
    async with opened("blog", (120, 36)) as seen:
        for number, name in enumerate(PANES, 1):
            await seen.press(str(number))
            for other in PANES:
                region = seen.app.query_one(f"#{other}").region
                edge = seen.lines[region.y][region.x + 1 : region.right - 1]
                corner = seen.lines[region.y][region.x]
                assert corner == ("┍" if name == other else "╭")
                edge = ascii_only(edge) if ascii else edge
                assert edge.strip(heavy if name == other else light).startswith(" ")


async def test_a_pane_alone_shortens_its_name_in_a_narrow_window():
    async with opened("blog", (20, 6)) as seen:
        assert seen.lines[1].strip("┍━┑").strip() == "2 Hyper"


async def test_windows_of_any_size_while_training_leave_nothing_behind():
    sizes = [(80, 24), (10, 3), (99, 29), (3, 2), (100, 30), (59, 17), (200, 60), (12, 5)]
    async with opened("circle", (80, 24), "data.samples=40", "training.epochs=0") as seen:
        seen.app.session.toggle()
        for size in (*sizes, (160, 45)):
            await seen.resize(*size)
        assert seen.app.session.running
        seen.app.session.toggle()
        await seen.settled()
        assert seen.panes == {*PANES}
        assert seen.app.focused.id == "hyperparameters"
        assert seen.cells() == seen.painted_anew()


async def test_a_pane_keeps_the_heavy_edge_while_a_value_of_it_is_typed():
    async with opened("blog", (120, 36)) as seen:
        await seen.press("3", "enter", "1")
        region = seen.app.query_one("#weights").region
        assert seen.lines[region.y][region.x : region.right].startswith("┍━ 3 Weights ")
        await seen.press("escape", "5")
        assert seen.lines[region.y][region.x : region.right].startswith("╭─ 3 Weights ")
