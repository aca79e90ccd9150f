"""Painting only what changed: the terminal shows what a fresh paint would."""

import random

import pytest
from rich.style import Style
from textual.app import App
from textual.geometry import Region
from textual.widget import Widget

from nn_tui.tui.drawing.strips import RowBuilder
from nn_tui.tui.panes.pane import Pane
from nn_tui.tui.widgets.canvas import Canvas
from tests.tui.screen import opened, watched

WIDTH, HEIGHT = 40, 10
INKS = [Style(color=c, bgcolor="#101010") for c in ("#ff0000", "#00ff00")]
PAPER = INKS[0]


class Sheet(Canvas):
    """Shows ``picture``, a list of rows of (character, style)."""

    DEFAULT_CSS = "Sheet { border: round white; }"
    paper = PAPER

    def __init__(self, picture):
        super().__init__()
        self.picture = picture
        self.asked = []

    def draw(self, width, height):
        strips = []
        for cells in self.picture:
            row = RowBuilder(PAPER)
            for character, style in cells:
                row.add(character, style)
            strips.append(row.strip(width))
        return strips

    def refresh(self, *regions, **options):
        if hasattr(self, "asked"):
            self.asked.append(regions)
        return super().refresh(*regions, **options)


class SheetApp(App):
    CSS = "Screen { layout: vertical; }"

    def __init__(self, picture):
        super().__init__()
        self.sheet = Sheet(picture)

    def compose(self):
        yield self.sheet


async def test_a_picture_without_any_width_is_not_drawn():
    app = SheetApp(blank_picture())
    async with watched(app, (WIDTH, HEIGHT)) as seen:
        drawn = []
        app.sheet.draw = lambda width, height: drawn.append((width, height)) or []
        await seen.resize(2, HEIGHT)
        app.sheet.refresh()
        await seen.pilot.pause()
        assert [size for size in drawn if not size[0]] == []


def blank_picture():
    return [[(" ", PAPER)] * (WIDTH - 2) for _ in range(HEIGHT - 2)]


def changed(picture, rng, alphabet):
    """The picture with a few cells, a row, or everything replaced."""
    new = [list(row) for row in picture]
    kind = rng.random()
    for y, row in enumerate(new):
        for x in range(len(row)):
            if kind < 0.1 or (kind < 0.3 and y == 3) or rng.random() < 0.02:
                row[x] = (rng.choice(alphabet), rng.choice(INKS))
    return new


async def test_the_regions_asked_for_are_just_what_changed_and_the_terminal_follows():
    rng = random.Random(5)
    app = SheetApp(blank_picture())
    async with watched(app, (WIDTH, HEIGHT)) as seen:
        for _ in range(40):
            old, new = app.sheet.picture, changed(app.sheet.picture, rng, "ab ⠿")
            app.sheet.asked.clear()
            app.sheet.picture = new
            app.sheet.repaint()
            wanted = {
                (x, y)
                for y in range(HEIGHT - 2)
                for x in range(WIDTH - 2)
                if old[y][x] != new[y][x]
            }
            regions = [region for regions in app.sheet.asked for region in regions]
            assert all(app.sheet.asked) or not wanted
            asked = {
                (x, y) for r in regions for x in range(r.x, r.right) for y in range(r.y, r.bottom)
            }
            assert wanted <= asked
            # Only gaps too short to jump over are asked for without need.
            for x, y in asked - wanted:
                assert any((x - d, y) in wanted for d in range(1, 7))
                assert any((x + d, y) in wanted for d in range(1, 7))
            await seen.pilot.pause()
            assert seen.cells() == seen.painted_anew()


async def test_wide_characters_leave_nothing_behind():
    rng = random.Random(6)
    app = SheetApp(blank_picture())
    async with watched(app, (WIDTH, HEIGHT)) as seen:
        for _ in range(20):
            app.sheet.picture = changed(app.sheet.picture, rng, "ab 世界")
            app.sheet.repaint()
            await seen.pilot.pause()
            assert seen.cells() == seen.painted_anew()


async def test_a_picture_that_stays_asks_for_nothing():
    app = SheetApp(blank_picture())
    async with watched(app, (WIDTH, HEIGHT)) as seen:
        app.sheet.asked.clear()
        app.sheet.repaint()
        await seen.pilot.pause()
        assert app.sheet.asked == []


async def test_a_new_size_asks_for_everything():
    app = SheetApp(blank_picture())
    async with watched(app, (WIDTH, HEIGHT)) as seen:
        await seen.resize(WIDTH + 5, HEIGHT + 2)
        assert () in app.sheet.asked
        assert seen.cells() == seen.painted_anew()


async def test_nobody_looks_nothing_is_drawn():
    app = SheetApp(blank_picture())
    async with watched(app, (WIDTH, HEIGHT)) as seen:
        app.sheet.display = False
        await seen.pilot.pause()
        app.sheet.picture = None  # drawing that would fail
        app.sheet.repaint()


async def test_regions_are_relative_to_the_content_not_to_the_border():
    app = SheetApp(blank_picture())
    async with watched(app, (WIDTH, HEIGHT)):
        app.sheet.picture = blank_picture()
        app.sheet.picture[0][0] = ("X", INKS[1])
        app.sheet.asked.clear()
        app.sheet.repaint()
        assert app.sheet.asked == [(Region(0, 0, 1, 1),)]


@pytest.mark.parametrize(
    ("experiment", "size", "epochs"),
    [
        ("blog", (160, 45), (1, 1, 5, 40, 200)),
        ("blog", (80, 24), (1, 3, 7)),
        ("blog-xor", (120, 36), (1, 500, 3000)),
        ("circle", (160, 45), (1, 2, 5, 10)),
    ],
)
async def test_after_every_snapshot_the_terminal_shows_what_a_fresh_paint_would(
    experiment, size, epochs
):
    async with opened(experiment, size) as seen:
        for count in epochs:
            await seen.train(count)
            assert seen.cells() == seen.painted_anew()


async def test_an_epoch_sends_no_pane_whole(monkeypatch):
    async with opened("blog", (160, 45)) as seen:
        await seen.train(30)
        sent = seen.feed()
        refreshed, original = [], Widget.refresh

        def refresh(widget, *regions, **options):
            if isinstance(widget, Pane):
                refreshed.append(regions)
            return original(widget, *regions, **options)

        monkeypatch.setattr(Widget, "refresh", refresh)
        await seen.train(1)
        assert refreshed
        assert all(refreshed)
        assert 0 < len(seen.feed()) < len(sent)


def cells_of(strips):
    """(character, colours, bold) of every cell of each strip."""
    return [
        [(c, str(style.color), str(style.bgcolor), style.bold) for t, style, _ in strip for c in t]
        for strip in strips
    ]


@pytest.mark.parametrize("key", ["1", "4"])
async def test_rows_have_the_borders_that_textual_gives_them(key):
    async with opened("iris", (120, 36)) as seen:
        await seen.press(key)
        compared = 0
        for pane in seen.app.query(Pane):
            width, height = pane.outer_size
            if height < 10 or not pane.is_on_screen:
                continue
            for crop in (
                Region(0, 0, width, height),
                Region(0, 3, width, height - 3),
                Region(5, 2, width - 9, 7),
            ):
                ours = cells_of(Canvas.render_lines(pane, crop))
                assert ours == cells_of(Widget.render_lines(pane, crop)), (pane.id, crop)
                compared += len(ours)
        assert compared > 100
