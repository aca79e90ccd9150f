"""Shows the panes and lines that a window has room for; zooms and moves the focus between them.

``pane_layout`` decides which these are. In the smallest windows only the status line is left, in
the form of ``draw_compact_status``.
"""

from collections.abc import Callable

from textual.geometry import Size

from nn_tui.tui.base_app import BaseApp
from nn_tui.tui.pane_body import PaneBody
from nn_tui.tui.pane_layout import MIDDLE, left_panes, visible_panes
from nn_tui.tui.panes.pane import Pane
from nn_tui.tui.widgets.footer import KeysLine
from nn_tui.tui.widgets.message_lines import Banner, InfoLine, StatusLine


class WindowLayout:
    """Gives the panes of ``app`` the room there is; one of them may have all of it.

    ``update`` lays out everything again: it calls ``apply``.
    """

    def __init__(self, app: BaseApp, update: Callable[[], None]) -> None:
        self._app = app
        self._update = update
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
        if name in left_panes(MIDDLE):
            self._left = name
        if name in left_panes(0):
            self._narrow_left = name

    def activate_focused(self) -> None:
        """Keep the pane that has the focus visible in every window."""
        if (pane := self.focused_pane) is not None:
            self.activate(str(pane.id))

    def apply(self, size: Size, taken: int = 0) -> None:
        """Lay out a window of that ``size``, of whose left column ``taken`` lines are in use."""
        width, height = size
        active, left = self.active, self._left if width >= MIDDLE else self._narrow_left
        seen = visible_panes(width, height, left, self._zoomed or None, active, taken)
        base = self._app.screen_stack[0]
        for pane in base.query(Pane):
            pane.display = pane.id in seen.visible
            pane.share_place(seen.sharing)
        body = base.query_one(PaneBody)
        body.display = bool(seen.visible)
        body.leave_free(taken)
        base.query_one(StatusLine).styles.height = 1 if seen.visible else "1fr"
        base.query_one(InfoLine).display = seen.info
        base.query_one(Banner).fit_into(seen.info, width)
        base.query_one(KeysLine).display = seen.footer
        self._app.query_one(StatusLine).repaint()
        if base.focused is None and active in seen.visible:
            base.query_one(f"#{active}").focus()

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

    def unzoom(self) -> None:
        """Give all panes their places again."""
        self._zoomed = ""
        self._update()
