"""The open lesson on the explain screen: the same page as below the panes."""

from nn_tui.tui.pane_layout import lesson_strip
from nn_tui.tui.panes.lesson import LessonPane


class ExplainLesson(LessonPane):
    """Shows the page of the ``laboratory``'s lesson; hidden if none is open."""

    DEFAULT_CSS = "ExplainLesson { display: none; }"

    def __init__(self, laboratory: LessonPane) -> None:
        super().__init__()
        self._laboratory = laboratory

    def on_mount(self) -> None:
        """Show the lesson, and its figures after each change of the run."""
        self.show(self._laboratory.lesson, self._laboratory.next_title)
        self.watch(self.app, "snapshot", self._follow)

    def _follow(self) -> None:
        self.snapshot = self.app.snapshot

    def fit_into(self, width: int, height: int) -> int:
        """Take its lines of a window of that size; return how many."""
        if self._laboratory.lesson is None:
            return 0
        strip = lesson_strip(width, height, self.has_focus)
        self.display = strip.lines > 0
        self.styles.height = strip.lines
        self.fold(strip.folded)
        return strip.lines

    def keys_to_place(self, pane: str) -> list[tuple[str, str]]:
        if pane == "explain":
            return []
        return [(self.app.key_names.also(self.screen.BINDINGS)["explain.leave"], "back to the run")]

    def action_leave(self) -> None:
        """Back to the code; the lesson stays."""
        self.screen.query_one("#code").focus()
