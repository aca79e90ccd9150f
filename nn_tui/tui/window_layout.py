"""Shows the panes and lines that a window has room for; zooms and moves the focus between them.

``pane_layout`` decides which these are. In the smallest windows only the status line is left, in
the form of ``draw_compact_status``.
"""

from collections.abc import Callable

from textual.geometry import Size

from nn_tui.tui.base_app import BaseApp
from nn_tui.tui.pane_body import PaneBody
from nn_tui.tui.pane_layout import (
    LESSON,
    MIDDLE,
    PANES,
    STATUS_ONLY,
    TALL,
    LessonStrip,
    left_panes,
    lesson_strip,
    visible_panes,
)
from nn_tui.tui.panes.lesson import LessonPane
from nn_tui.tui.panes.pane import Pane
from nn_tui.tui.widgets.footer import KeysLine
from nn_tui.tui.widgets.message_lines import Banner, InfoLine, StatusLine


class WindowLayout:
    """Gives the panes of ``app`` the room there is; one of them may have all of it.

    ``update`` lays out everything again: it calls ``apply``. ``lesson`` has a strip below the
    other panes while a lesson is open.
    """

    def __init__(self, app: BaseApp, update: Callable[[], None], lesson: LessonPane) -> None:
        self._app = app
        self._update = update
        self._lesson = lesson
        self.active = "hyperparameters"
        """Id of the pane that last had the focus."""
        self._left = self._narrow_left = self.active
        self._zoomed = ""

    @property
    def focused_pane(self) -> Pane | None:
        """The pane that has the focus, or contains the widget that has it."""
        app = self._app
        focused = app.screen_stack[0].focused if app.screen_stack else None
        while focused is not None and not isinstance(focused, Pane):
            focused = focused.parent  # type: ignore[assignment]
        return focused

    def activate(self, name: str) -> None:
        """Keep the pane with id ``name`` visible in every window."""
        self.active = name
        self.reveal(name)

    def reveal(self, name: str) -> None:
        """Show the pane with id ``name`` at the next ``apply``, if it shares a place."""
        if name in left_panes(MIDDLE):
            self._left = name
        if name in left_panes(0):
            self._narrow_left = name

    def activate_focused(self) -> None:
        """Keep the pane that has the focus visible in every window."""
        if (pane := self.focused_pane) is not None:
            self.activate(str(pane.id))

    def apply(self, size: Size) -> None:
        """Lay out a window of that ``size``."""
        width, height = size
        active, left = self.active, self._left if width >= MIDDLE else self._narrow_left
        if active == LESSON and self._lesson.lesson is None:
            active = left
        seen = visible_panes(width, height, left, self._zoomed or None, active)
        base = self._app.screen_stack[0]
        strip = self._strip_in(width, height)
        visible = seen.visible - {LESSON}
        if strip.lines and not strip.folded and height < TALL:
            visible = frozenset({self._beside_lesson})
        for pane in base.query(Pane):
            if pane is not self._lesson:
                pane.display = pane.id in visible
                pane.share_place(seen.sharing)
        self._show_lesson(strip)
        base.query_one(PaneBody).display = bool(visible)
        base.query_one(StatusLine).styles.height = 1 if seen.visible else "1fr"
        base.query_one(InfoLine).display = seen.info
        base.query_one(Banner).fit_into(seen.info, width)
        base.query_one(KeysLine).display = seen.footer
        self._app.query_one(StatusLine).repaint()
        if base.focused is None and (active in visible or self._lesson.display):
            base.query_one(f"#{active}").focus()

    def _strip_in(self, width: int, height: int) -> LessonStrip:
        """The strip of the lesson, which may be zoomed; without a lesson it has no lines."""
        if self._lesson.lesson is None or width < STATUS_ONLY[0] or height < STATUS_ONLY[1]:
            return LessonStrip(0)
        if self._zoomed == LESSON:
            return LessonStrip(0, whole=True)
        return lesson_strip(width, height, self.active == LESSON and not self._zoomed)

    def _show_lesson(self, strip: LessonStrip) -> None:
        self._lesson.display = strip.whole or strip.lines > 0
        self._lesson.styles.height = "1fr" if strip.whole else strip.lines
        self._lesson.fold(strip.folded)

    @property
    def _beside_lesson(self) -> str:
        """The pane that stays above an unfolded lesson: the one that its page is about."""
        lesson = self._lesson.lesson
        pane = lesson.page.pane if lesson is not None else ""
        return pane if pane in PANES else "network"

    def go_to(self, name: str) -> None:
        """Show the pane with id ``name``, wherever it is, and move the focus to it."""
        app = self._app
        self.activate(name)
        if self._zoomed:
            self._zoomed = name
        pane = app.query_one(f"#{name}", Pane)
        pane.display = app.query_one(PaneBody).display = True
        app.screen.set_focus(pane)  # at once: the next key may be meant for it
        app.pane_focused(name)  # Textual may report the focus only after the next key
        app.call_after_refresh(self._update)

    def go_by(self, panes: int) -> bool:
        """Move the focus so many visible panes on, in the order of their numbers.

        Return False, and do nothing, while another screen covers the panes.
        """
        if self._app.screen is not self._app.screen_stack[0]:
            return False
        names = [pane.id for pane in self._app.screen_stack[0].query(Pane) if pane.display]
        if names:
            at = names.index(self.active) if self.active in names else 0
            self.go_to(str(names[(at + panes) % len(names)]))
        return True

    def toggle_zoom(self) -> None:
        """Give the focused pane the whole window, or all panes their places again."""
        pane = self.focused_pane
        self._zoomed = "" if self._zoomed or pane is None else str(pane.id)
        self._update()

    @property
    def zoomed(self) -> bool:
        """Whether a pane has the whole window."""
        return bool(self._zoomed)

    def unzoom(self) -> None:
        """Give all panes their places again."""
        self._zoomed = ""
        self._update()
