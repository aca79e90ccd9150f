"""The looks of the screen: its themes, the palette that pictures are drawn with, or ASCII."""

from typing import Any

from textual.app import App

from nn_tui.tui.appearance import Appearance
from nn_tui.tui.terminal.ascii_output import ascii_driver
from nn_tui.tui.theme import DARK, LIGHT, Palette, palette_of
from nn_tui.tui.widgets.canvas import Canvas


class ThemedApp(App[int]):
    """An app in its ``looks``, whose pictures follow when a person takes another theme."""

    def __init__(self, looks: Appearance, **options: Any) -> None:
        self.looks = looks
        # Without colours Textual must know before it is made: it chooses a filter then.
        super().__init__(ansi_color=True if looks.colourless else None, **options)
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = looks.theme
        self.stylesheet.set_variables(self.get_css_variables())
        self._dressed_for = self.theme
        if looks.ascii:
            self.driver_class = ascii_driver(self.driver_class)

    @property
    def palette(self) -> Palette:
        """The colours of the current theme."""
        return palette_of(self.current_theme, self.looks.ascii)

    def watch_theme(self, theme: str) -> None:
        """All pictures take the new colours."""
        if self.is_running:
            self.call_after_refresh(self._recolour)

    def refresh_css(self, animate: bool = True) -> None:
        """Read the styles again; not for the theme that they were first read with."""
        first, self._dressed_for = self._dressed_for, ""
        if first != self.theme:
            super().refresh_css(animate)

    def _recolour(self) -> None:
        for canvas in self.query(Canvas):
            canvas.forget()
