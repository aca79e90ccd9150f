"""The page of the first minute: a panel in a place of its own, which turns by keys alone."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from rich.style import Style
from textual import getters
from textual.content import Content
from textual.events import Click
from textual.geometry import Region, Size
from textual.reactive import var
from textual.strip import Strip
from textual.widgets import Input

from nn_tui.recipe.presets import PRESETS
from nn_tui.text import brief, make_printable, percent
from nn_tui.training.forward_pass import ForwardPass
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.base_app import BaseApp
from nn_tui.tui.drawing.numbers import format_loss, format_plain
from nn_tui.tui.drawing.strips import RowBuilder, blank
from nn_tui.tui.keymap import KeyNames
from nn_tui.tui.pane_layout import column_for
from nn_tui.tui.panes.hyperparameters import HyperparametersPane
from nn_tui.tui.theme import Palette
from nn_tui.tui.tour.pages import PAGES, TourPage, TourState
from nn_tui.tui.widgets.canvas import Canvas

_GAP = 2


def draw_page(
    text: str, keys: Sequence[tuple[str, str]], width: int, palette: Palette, height: int = 0
) -> list[Strip]:
    """``text`` has keys between backticks; ``keys`` are keys and what each does.

    The keys are the last lines of ``height``, which is as much as there has to be by default.
    """
    texts = [row.strip(width) for row in _text_rows(text, width, palette)]
    foot = [row.strip(width) for row in _key_rows(keys, width, palette)]
    return [*texts, *[blank(width, palette.text)] * (height - len(texts) - len(foot)), *foot]


def _text_rows(text: str, width: int, palette: Palette) -> Iterator[RowBuilder]:
    row = RowBuilder(palette.text)
    is_key = False
    for word in text.split():
        if row.width and row.width + 1 + len(word.replace("`", "")) > width:
            yield row
            row = RowBuilder(palette.text)
        row.add(" " if row.width else "")
        for i, part in enumerate(word.split("`")):
            is_key = is_key ^ bool(i)
            row.add(part, palette.key if is_key else palette.text)
    yield row


def _key_rows(
    keys: Sequence[tuple[str, str]], width: int, palette: Palette
) -> Iterator[RowBuilder]:
    row = RowBuilder(palette.text)
    for key, what in keys:
        if row.width and row.width + _GAP + len(f"{key} {what}") > width:
            yield row
            row = RowBuilder(palette.text)
        row.add(" " * _GAP if row.width else "")
        row.add(key, palette.key).add(f" {what}", palette.muted)
    yield row


_MOST_SAMPLES = 4


def facts_of(snapshot: Snapshot) -> dict[str, str]:
    """What texts may name in braces."""
    dataset, curve = snapshot.dataset, snapshot.losses
    inputs = np.array(dataset.inputs[:_MOST_SAMPLES])
    answers = ForwardPass().layers(snapshot, inputs)[-1]
    targets = dataset.targets[:_MOST_SAMPLES]
    matrices = [
        f"{name}, {'×'.join(map(str, array.shape))}"
        for name, array in snapshot.weights.items()
        if array.ndim == 2
    ]
    return {
        "samples": f"{dataset.samples:,}",
        "inputs": f"{len(dataset.input_names):,}",
        "matrices": ", and ".join(matrices),
        "hidden": ", ".join(map(str, snapshot.recipe.network.hidden)) or "no",
        "epochs": f"{snapshot.recipe.training.epochs:,}",
        "answers": " ".join(f"{value:.3f}" for value in answers[:, 0]),
        "targets": " ".join(format_plain(float(value)) for value in targets[:, 0]),
        "first_answer": f"{answers[0, 0]:.3f}",
        "first_target": format_plain(float(targets[0, 0])),
        "first_loss": format_loss(float(curve.train_low[0]) if len(curve.train_low) else None),
        "loss": format_loss(snapshot.train_loss),
        "accuracy": percent(snapshot.train_accuracy),
    }


_COLUMN = Size(80, 24)
"""The least window in which the page stands in the left column."""
_LEAST_WIDTH = 28
_LEAST_PANE = 6
"""Lines that are left to a pane at least."""
_STATUS, _FOOT = 1, 2


class Place(NamedTuple):
    """Where the page stands, and whether only the left column makes room for it."""

    region: Region
    in_column: bool


def place_for(window: Size, height_at: Callable[[int], int]) -> Place | None:
    """At the foot of the left column, else along the foot of all panes; None without room.

    ``height_at`` says how many lines the highest page of a width needs.
    """
    foot, body = window.height - _FOOT, window.height - _FOOT - _STATUS
    widths = [(column_for(window.width), True)] if _COLUMN.width <= window.width else []
    if window.height < _COLUMN.height:
        widths = []
    for width, in_column in (*widths, (window.width, False)):
        lines = height_at(width) if width >= _LEAST_WIDTH else body
        if body - lines >= _LEAST_PANE:
            return Place(Region(0, foot - lines, width, lines), in_column)
    return None


_FRAME = 2
_PADDING = 2
_OWN = ("tour.on", "tour.back", "tour.end")
_INFO = "{0} next page, {1} back, {2} leaves the tour; other keys work as usual"
_ELSEWHERE = (
    "This page is about {about}, and {source} is open now. `open` lists what can be opened: "
    "choose {about} there. `tour.end` leaves the first minute, and `palette` finds it again."
)
_USUAL: Mapping[str, str] = defaultdict(lambda: "0" * 9)
"""Facts as long as they are on average."""
_ARRIVED = "{source} is open now; the next page is about it."


class TourPanel(Canvas):
    """The panes make room for it and keep all keys but the three of its own.

    It stays where it is, as high as its highest page, until it is left.
    """

    DEFAULT_CSS = """
    TourPanel {
        display: none;
        layer: tour;
        position: absolute;
        border: round $accent;
        border-title-color: $accent;
        border-title-style: bold;
        border-subtitle-color: $accent;
        background: $panel;
        padding: 0 1;
    }
    """

    app = getters.app(BaseApp)

    snapshot: var[Snapshot | None] = var(None, init=False)
    """What the page's numbers are from; bound to the app's."""

    def __init__(self) -> None:
        super().__init__(id="tour")
        self._standing = False
        self._at = 0
        self._explained = False
        self._lines: dict[int, int] = {}
        self._attempts: dict[tuple[object, ...], bool] = {}

    @property
    def palette(self) -> Palette:
        """The app's palette; where there are colours, with a background other than the panes'."""
        palette = self.app.palette
        return palette if palette.ansi else replace(palette, background=palette.border)

    @property
    def paper(self) -> Style:
        return self.palette.text

    @property
    def page(self) -> TourPage:
        """What is told now."""
        return PAGES[self._at]

    @property
    def has_keys(self) -> bool:
        """Whether its keys are its own: it is in sight, and nobody types a value."""
        base = self.app.screen_stack[0]
        return self.display and self.app.screen is base and not isinstance(base.focused, Input)

    def info(self) -> str:
        """Whose the keys are, instead of the hint of the page's pane; empty where it stands."""
        if not self.has_keys or self.app.active_pane != self.page.pane or self.page.field:
            return ""
        return _INFO.format(*(self._keys[name] for name in _OWN))

    # Going

    def begin(self, fresh: bool = True) -> None:
        """Stand on the first page, ``fresh`` with the blog's experiment as it comes."""
        session, blog = self.app.session, PRESETS["blog"]
        wanted = replace(session.requested_recipe, view=blog.recipe.view)
        changed = wanted != blog.recipe or session.trainer.epoch or session.trainer.edits
        if fresh and changed:
            self.app.session.open(blog.name)
        self._standing = True
        self._attempts.clear()
        self._turn_to(0)

    def go(self, pages: int) -> None:
        """Turn a page; behind the last the walk ends."""
        if self._at + pages < len(PAGES):
            self._turn_to(max(0, self._at + pages))
        else:
            self.end()

    def end(self) -> None:
        """Go away; the palette brings it back."""
        self._standing = False
        self.app.update_layout()
        self.app.show_message(f"{self._keys['palette']} finds the first minute again")

    def explained(self) -> None:
        """A step was walked through."""
        self._explained = True
        self.call_after_refresh(self._look)

    def _turn_to(self, page: int) -> None:
        self._at = page
        self._explained = False
        self.border_title = f"First minute · {self.page.title}"
        if self.page.field:
            self.app.query_one(HyperparametersPane).stand_on(self.page.field)
        self.app.action_pane(self.page.pane)
        self.app.update_layout()
        self._look()
        self.app.show_message()

    def _scene(self) -> TourState | None:
        if self.snapshot is None:
            return None
        return TourState(self.snapshot, self.app.session.running, self._explained)

    def _done(self, scene: TourState) -> bool:
        """Whether what the page asks for is done."""
        return self.page.done is not None and self.page.done(scene)

    def _source_text(self, scene: TourState) -> str:
        """The name of the open data, safe to draw; a backtick would start a key."""
        return brief(make_printable(scene.source)).replace("`", "'")

    def _elsewhere(self, scene: TourState) -> bool:
        """Whether other samples are open than the page is about."""
        return self.page.about not in ("", scene.source)

    def watch_snapshot(self) -> None:
        """Show the new numbers, and what is done; the page stays."""
        if self._standing:
            self._look()

    def _look(self) -> None:
        scene = self._scene()
        if scene is not None:
            self._count(scene)
            place = f"{self._at + 1}/{len(PAGES)}"
            state = self._keys.with_key_names(self._state(scene), "")
            told = f"{state} · {place}" if state else place
            if told != str(self.border_subtitle):
                self.border_subtitle = Content(told)
        self.repaint()

    def _state(self, scene: TourState) -> str:
        """How far one is with what the page asks for, in a few words."""
        page = self.page
        if self._done(scene):
            return f"✓ done: {self._keys['tour.on']} goes on"
        if self._elsewhere(scene):
            return ""
        if page.attempts and self._attempts:
            made, right = len(self._attempts), sum(self._attempts.values())
            return f"{right} of {made} attempts right"
        return page.astray(scene)

    def _count(self, scene: TourState) -> None:
        """Note how an attempt of the kind that pages count came out, once it is trained."""
        seen = scene.snapshot
        about = {page.about for page in PAGES if page.attempts}
        if scene.source in about and scene.trained and seen.recipe.network.hidden == (2,):
            self._attempts[seen.recipe.network.seed, seen.edits] = seen.train_accuracy == 1

    # Standing

    def place(self, window: Size) -> Place | None:
        """Where it stands in a window of that size; None where it does not."""
        return place_for(window, self._height_at) if self._standing else None

    def stand(self, place: Place | None) -> None:
        """Be at ``place``."""
        if place is not None:
            self.styles.offset = (place.region.x, place.region.y)
            self.styles.width, self.styles.height = place.region.size
        if self.display != (place is not None):
            self.display = place is not None
            self.app.refresh_bindings()
            self.app.show_message()

    def _height_at(self, width: int) -> int:
        """Lines that the longest page needs, with usual numbers where others are open now."""
        inner = width - _FRAME - _PADDING
        scene = self._scene()
        if scene is None:
            return self._lines.get(width, 0)
        here = facts_of(scene.snapshot)
        facts = {"": here, scene.source: here}
        texts = [page.text.format_map(facts.get(page.about, _USUAL)) for page in PAGES]
        texts.append(_ELSEWHERE.format(about="blog-xor", source=self._source_text(scene)))
        longest = max(len(self._drawn(text, inner)) for text in texts)
        self._lines[width] = max(self._lines.get(width, 0), longest + _FRAME)
        return self._lines[width]

    def draw(self, width: int, height: int) -> list[Strip]:
        scene = self._scene()
        if scene is None:
            return []
        if self._elsewhere(scene):
            text = _ARRIVED if self._done(scene) else _ELSEWHERE
            text = text.format(about=self.page.about, source=self._source_text(scene))
        else:
            text = self.page.text.format(**facts_of(scene.snapshot))
        return self._drawn(text, width, height)

    def _drawn(self, text: str, width: int, height: int = 0) -> list[Strip]:
        told = self._keys.with_key_names(text, "`")
        return draw_page(told, self._hints(width), width, self.palette, height)

    def _hints(self, width: int) -> list[tuple[str, str]]:
        """Its keys and what they do; the way back only where they have room in a line."""
        words = ("next page", "back", "leave")
        hints = [(self._keys[name], word) for name, word in zip(_OWN, words, strict=True)]
        length = sum(len(f"{key} {word}  ") for key, word in hints)
        return hints if length <= width else [hints[0], hints[2]]

    @property
    def _keys(self) -> KeyNames:
        return self.app.key_names

    def on_click(self, event: Click) -> None:
        """A click is as good as the key that goes on."""
        event.stop()
        self.go(1)
