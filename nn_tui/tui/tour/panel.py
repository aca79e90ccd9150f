"""The page of the first minute that stands on the screen, beside the pane it speaks of."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from rich.style import Style
from textual.events import Click
from textual.reactive import var
from textual.strip import Strip
from textual.widgets import Input

from nn_tui.recipe.presets import PRESETS
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.keymap import KeyNames
from nn_tui.tui.panes.hyperparameters import HyperparametersPane
from nn_tui.tui.panes.pane import Pane
from nn_tui.tui.pictures.page import draw_page
from nn_tui.tui.theme import Palette
from nn_tui.tui.tour.facts import facts_of
from nn_tui.tui.tour.pages import PAGES, Page, Scene
from nn_tui.tui.tour.place import place_for
from nn_tui.tui.widgets.canvas import Canvas

if TYPE_CHECKING:
    from nn_tui.tui.app import NnTui

_FRAME = 2
_PADDING = 2
_OWN = ("tour.on", "tour.back", "tour.end")
_INFO = "{0}, {1} and {2} are for the first minute; other keys do what they do"
_ELSEWHERE = (
    "This page is about {about}, and {source} is open now. `tour.on` opens {about} again; or "
    "go on by yourself: `tour.end` ends the walk."
)


class Tour(Canvas):
    """It lies over other panes and leaves them all keys but the three of its own."""

    DEFAULT_CSS = """
    Tour {
        display: none;
        layer: tour;
        position: absolute;
        border: round $accent;
        border-title-color: $accent;
        border-title-style: bold;
        border-subtitle-color: $text-muted;
        background: $panel;
        padding: 0 1;
    }
    """

    snapshot: var[Snapshot | None] = var(None, init=False)
    """What the page's numbers are from; bound to the app's."""

    def __init__(self) -> None:
        super().__init__(id="tour")
        self._standing = False
        self._at = 0
        self._explained = False
        self._waiting = False
        """Whether the page asks for something that was not done when it came."""

    @property
    def lab(self) -> "NnTui":
        """The program this is a part of."""
        return cast("NnTui", self.app)

    @property
    def palette(self) -> Palette:
        """The program's, on paper that stands out from the panes."""
        palette = self.lab.palette
        return replace(palette, background=palette.border or palette.background)

    @property
    def paper(self) -> Style:
        return self.palette.text

    @property
    def page(self) -> Page:
        """What is told now."""
        return PAGES[self._at]

    @property
    def has_keys(self) -> bool:
        """Whether its keys are its own: it is in sight, and nobody types a value."""
        base = self.lab.screen_stack[0]
        return self.display and self.lab.screen is base and not isinstance(base.focused, Input)

    def info(self) -> str:
        """Whose the keys are, instead of the hint of the page's pane; empty where it stands."""
        if not self.has_keys or self.lab.here != self.page.pane or self.page.field:
            return ""
        return _INFO.format(*(self._keys[name] for name in _OWN))

    # Going

    def begin(self) -> None:
        """Stand on the first page, with the blog's experiment as it comes."""
        session, blog = self.lab.session, PRESETS["blog"]
        wanted = replace(session.wanted, view=blog.recipe.view)
        if wanted != blog.recipe or session.trainer.epoch or session.trainer.edits:
            self.lab.session.open(blog.name)
        self._standing = True
        self._turn_to(0)

    def go(self, pages: int) -> None:
        """Turn a page, or do for a person what this one asks for."""
        scene = self._scene()
        if pages < 0:
            self._turn_to(max(0, self._at + pages))
        elif scene is None:
            return
        elif self._elsewhere(scene):
            self.lab.session.open(self.page.about)
        elif self._asks(scene) and self.page.wish is not None:
            self.page.wish.do(self.lab)
        elif self._at + 1 < len(PAGES):
            self._turn_to(self._at + 1)
        else:
            self.end()

    def end(self) -> None:
        """Go away; the palette brings it back."""
        self._standing = self.display = False
        self.lab.refresh_bindings()
        self.lab.tell(f"{self._keys['palette']} finds the first minute again")

    def explained(self) -> None:
        """A step was walked through."""
        self._explained = True
        self.call_after_refresh(self._look)

    def _turn_to(self, page: int) -> None:
        self._at = page
        self._explained = False
        self.border_title = f"First minute · {self.page.title}"
        self.border_subtitle = f"{page + 1}/{len(PAGES)}"
        if self.page.field:
            self.lab.query_one(HyperparametersPane).stand_on(self.page.field)
        self.lab.action_pane(self.page.pane)
        scene = self._scene()
        wish = self.page.wish
        self._waiting = wish is not None and (scene is None or not wish.met(scene))
        self.make_way()
        self.lab.tell()

    def _scene(self) -> Scene | None:
        if self.snapshot is None:
            return None
        return Scene(self.snapshot, self.lab.session.running, self._explained)

    def _asks(self, scene: Scene) -> bool:
        """Whether the page asks for something that is neither done nor being done."""
        wish = self.page.wish
        return self._waiting and wish is not None and not (scene.running or wish.met(scene))

    def _elsewhere(self, scene: Scene) -> bool:
        """Whether other samples are open than the page is about."""
        return self.page.about not in ("", scene.source)

    def watch_snapshot(self) -> None:
        """Tell the new numbers; turn the page if they are what it waits for."""
        if self._standing:
            self._look()

    def _look(self) -> None:
        scene, wish = self._scene(), self.page.wish
        if scene and self._waiting and self.has_keys and wish is not None and wish.met(scene):
            self._turn_to(self._at + 1)
        else:
            self.make_way()

    # Standing

    def on_mount(self) -> None:
        """Find the place anew whenever the panes have theirs."""
        self.screen.screen_layout_refresh_signal.subscribe(self, lambda screen: self.make_way())

    def make_way(self) -> None:
        """Stand beside the pane that a person is in and, if it can be, the page's."""
        if not self._standing:
            return
        base = self.lab.screen_stack[0]
        panes = {pane.id: pane.region for pane in base.query(Pane) if pane.is_on_screen}
        left = base.query_one("#left")
        place = place_for(
            base.query_one("#body").region,
            left.region.width if left.display else 0,
            lambda width: len(self._rows(width - _FRAME - _PADDING)) + _FRAME,
            [panes[name] for name in (self.lab.here, self.page.pane) if name in panes],
        )
        if place is not None:
            self.styles.offset = (place.x, place.y)
            self.styles.width, self.styles.height = place.width, place.height
        if self.display != (place is not None):
            self.display = place is not None
            self.lab.refresh_bindings()
            self.lab.tell()
        self.repaint()

    def draw(self, width: int, height: int) -> list[Strip]:
        return self._rows(width)

    def _rows(self, width: int) -> list[Strip]:
        scene = self._scene()
        if scene is None:
            return []
        if self._elsewhere(scene):
            text, verb = _ELSEWHERE, "opens it"
            facts: Mapping[str, str] = {"about": self.page.about, "source": scene.source}
        else:
            last = self._at + 1 == len(PAGES)
            text, verb = self.page.text, "ends" if last else "goes on"
            verb = "does it" if self._asks(scene) else verb
            facts = facts_of(scene.snapshot)
        told = self._keys.told(text.format(**facts), "`")
        return draw_page(told, self._hints(verb), width, self.palette)

    def _hints(self, verb: str) -> list[tuple[str, str]]:
        """Its keys and what they do here."""
        on, back, end = (self._keys[name] for name in _OWN)
        hints = [(on, verb)]
        if self._at > 0:
            hints.append((back, "back"))
        if self._at + 1 < len(PAGES):
            hints.append((end, "ends"))
        return hints

    @property
    def _keys(self) -> KeyNames:
        return self.lab.key_names

    def on_click(self, event: Click) -> None:
        """A click is as good as the key that goes on."""
        event.stop()
        self.go(1)
