"""The panel of the tour, the first minute: its current page and how far the user is."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from rich.style import Style
from textual import getters
from textual.content import Content
from textual.events import Click
from textual.geometry import Size
from textual.reactive import var
from textual.strip import Strip
from textual.widgets import Input

from nn_tui.recipe.presets import PRESETS
from nn_tui.text import brief, make_printable
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.base_app import BaseApp
from nn_tui.tui.panes.hyperparameters import HyperparametersPane
from nn_tui.tui.theme import Palette
from nn_tui.tui.tour.facts import facts_of
from nn_tui.tui.tour.page_layout import PanelPlace, draw_page, place_for
from nn_tui.tui.tour.pages import PAGES, TourPage, TourState
from nn_tui.tui.widgets.canvas import Canvas

_FRAME = 2
_PADDING = 2
_OWN = ("tour.on", "tour.back", "tour.end")
_INFO = "{0} next page, {1} back, {2} leaves the tour; other keys work as usual"
_ELSEWHERE = (
    "This page is about {about}, and {source} is open now. `open` lists what can be opened: "
    "choose {about} there. `tour.end` ends the first minute, and `palette` finds it again."
)
_USUAL: Mapping[str, str] = defaultdict(
    lambda: "0" * 9,
    answers="0.000 0.000 0.000 0.000",
    targets="0 0 0 0",
    matrices="W0, 3×4, and W1, 4×1",
)
"""Facts as long as those of the data that a page is about."""
_ARRIVED = "{source} is open now; the next page is about it."


class TourPanel(Canvas):
    """A page of the tour beside the panes, which keep all keys except its own three.

    It keeps its place and size, that of its longest page, until the tour ends.
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
    """Source of the page's numbers; bound to the app's."""

    def __init__(self) -> None:
        super().__init__(id="tour")
        self._active = False
        self._index = 0
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
        """The current page."""
        return PAGES[self._index]

    @property
    def has_keys(self) -> bool:
        """Whether its keys are active: it is visible, and no value is being typed."""
        base = self.app.screen_stack[0]
        return self.display and self.app.screen is base and not isinstance(base.focused, Input)

    def info(self) -> str:
        """A message about its keys, in place of the hint of the page's pane; else empty."""
        if not self.has_keys or self.app.active_pane != self.page.pane or self.page.field:
            return ""
        return _INFO.format(*(self.app.key_names[name] for name in _OWN))

    # Pages

    def begin(self, fresh: bool = True) -> None:
        """Show the first page; if ``fresh``, open the blog's experiment unless it is unchanged."""
        session, blog = self.app.session, PRESETS["blog"]
        wanted = replace(session.requested_recipe, view=blog.recipe.view)
        changed = wanted != blog.recipe or session.trainer.epoch or session.trainer.edits
        if fresh and changed:
            self.app.session.open(blog.name)
        self._active = True
        self._attempts.clear()
        self._turn_to(0)

    def go(self, pages: int) -> None:
        """Turn ``pages`` pages; after the last, end the tour."""
        if self._index + pages < len(PAGES):
            self._turn_to(max(0, self._index + pages))
        else:
            self.end()

    def end(self) -> None:
        """Hide the panel; the palette starts the tour again."""
        self._active = False
        self.app.update_layout()
        self.app.show_message(f"{self.app.key_names['palette']} finds the first minute again")

    def explained(self) -> None:
        """The explain screen was closed."""
        self._explained = True
        self.call_after_refresh(self._update)

    def _turn_to(self, page: int) -> None:
        self._index = page
        self._explained = False
        self.border_title = f"First minute · {self.page.title}"
        if self.page.field:
            self.app.query_one(HyperparametersPane).stand_on(self.page.field)
        self.app.action_pane(self.page.pane)
        self.app.update_layout()
        self._update()
        self.app.show_message()

    def _state(self) -> TourState | None:
        if self.snapshot is None:
            return None
        return TourState(self.snapshot, self.app.session.running, self._explained)

    def _done(self, state: TourState) -> bool:
        """Whether the page's task is done."""
        return self.page.done is not None and self.page.done(state)

    def _source_text(self, state: TourState) -> str:
        """The name of the open data, safe to draw; a backtick would start a key."""
        return brief(make_printable(state.source)).replace("`", "'")

    def _elsewhere(self, state: TourState) -> bool:
        """Whether data other than the page's is open."""
        return self.page.about not in ("", state.source)

    def watch_snapshot(self) -> None:
        """Show the new numbers and the progress."""
        if self._active:
            self._update()

    def _update(self) -> None:
        state = self._state()
        if state is not None:
            self._count(state)
            place = f"{self._index + 1}/{len(PAGES)}"
            progress = self.app.key_names.with_key_names(self._progress(state), "")
            subtitle = f"{progress} · {place}" if progress else place
            if subtitle != str(self.border_subtitle):
                self.border_subtitle = Content(subtitle)
        self.repaint()

    def _progress(self, state: TourState) -> str:
        """The progress of the page's task, in a few words."""
        page = self.page
        if self._done(state):
            return f"✓ done: {self.app.key_names['tour.on']} continues"
        if self._elsewhere(state):
            return ""
        if page.attempts and self._attempts:
            count, right = len(self._attempts), sum(self._attempts.values())
            return f"{right} of {count} attempts right"
        return page.astray(state)

    def _count(self, state: TourState) -> None:
        """Store the result of an attempt that pages count, once it is trained."""
        seen = state.snapshot
        about = {page.about for page in PAGES if page.attempts}
        if state.source in about and state.trained and seen.recipe.network.hidden == (2,):
            self._attempts[seen.recipe.network.seed, seen.edits] = seen.train_accuracy == 1

    # Place and drawing

    def place(self, window: Size) -> PanelPlace | None:
        """Its place in a window of that size; None if it is hidden."""
        return place_for(window, self._height_at) if self._active else None

    def show_at(self, place: PanelPlace | None) -> None:
        """Move to ``place``, or hide."""
        if place is not None:
            self.styles.offset = (place.region.x, place.region.y)
            self.styles.width, self.styles.height = place.region.size
        if self.display != (place is not None):
            self.display = place is not None
            self.app.refresh_bindings()
            self.app.show_message()

    def _height_at(self, width: int) -> int:
        """Lines of the longest page, with average numbers for data that is not open."""
        inner = width - _FRAME - _PADDING
        state = self._state()
        if state is None:
            return self._lines.get(width, 0)
        current = facts_of(state.snapshot)
        facts = {"": current, state.source: current}
        texts = [
            page.text.format_map(of)
            for page in PAGES
            for of in (facts.get(page.about, _USUAL), _USUAL)
        ]
        texts.append(_ELSEWHERE.format(about="blog-xor", source=self._source_text(state)))
        longest = max(len(self._drawn(text, inner)) for text in texts)
        self._lines[width] = max(self._lines.get(width, 0), longest + _FRAME)
        return self._lines[width]

    def draw(self, width: int, height: int) -> list[Strip]:
        state = self._state()
        if state is None:
            return []
        if self._elsewhere(state):
            text = _ARRIVED if self._done(state) else _ELSEWHERE
            text = text.format(about=self.page.about, source=self._source_text(state))
        else:
            text = self.page.text.format(**facts_of(state.snapshot))
        return self._drawn(text, width, height)

    def _drawn(self, text: str, width: int, height: int = 0) -> list[Strip]:
        text = self.app.key_names.with_key_names(text, "`")
        return draw_page(text, self._hints(width), width, self.palette, height)

    def _hints(self, width: int) -> list[tuple[str, str]]:
        """Its keys and what they do; the key back only if all fit into a line."""
        words = ("next page", "back", "leave")
        hints = [(self.app.key_names[name], word) for name, word in zip(_OWN, words, strict=True)]
        length = sum(len(f"{key} {word}  ") for key, word in hints)
        return hints if length <= width else [hints[0], hints[2]]

    def on_click(self, event: Click) -> None:
        """Turn the page."""
        event.stop()
        self.go(1)
