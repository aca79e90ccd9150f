"""How the screen looks on the terminal there is: theme, colours or none, glyphs or ASCII."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from rich.console import Console
from textual.theme import BUILTIN_THEMES

from nn_tui.errors import InputError
from nn_tui.settings import Settings
from nn_tui.text import did_you_mean
from nn_tui.tui.base_app import BaseApp
from nn_tui.tui.terminal.ascii_output import ascii_driver
from nn_tui.tui.theme import DARK, LIGHT, Palette, palette_of
from nn_tui.tui.widgets.canvas import Canvas

ANSI = "ansi-dark"
"""The theme in the terminal's own sixteen colours, or in none."""

THEMES = (DARK.name, LIGHT.name, *sorted(BUILTIN_THEMES))


class Appearance(NamedTuple):
    """``colourless``: no colour at all is sent; ``ascii``: nothing but ASCII is."""

    theme: str = DARK.name
    colourless: bool = False
    ascii: bool = False


def colour_system() -> str | None:
    """How many colours the terminal says it has: ``standard`` (16), ``256``, ``truecolor``."""
    return Console(force_terminal=True).color_system


def appearance_for(
    settings: Settings, environment: Mapping[str, str], colours: str | None
) -> Appearance:
    """What the settings ask for, else what a terminal of such ``colours`` can show.

    NO_COLOR goes before a theme. Raises InputError for a theme that there is not.
    """
    if settings.theme is not None and settings.theme not in THEMES:
        hint = did_you_mean(settings.theme, THEMES, f"there are {', '.join(THEMES)}")
        raise InputError(f"screen.theme = {settings.theme} is no theme; {hint}")
    colourless = "NO_COLOR" in environment
    theme = settings.theme or (ANSI if colours == "standard" else DARK.name)
    plain = ascii_wanted(environment) if settings.ascii is None else settings.ascii
    return Appearance(ANSI if colourless else theme, colourless, plain)


def ascii_wanted(environment: Mapping[str, str]) -> bool:
    """Whether the terminal is Linux's console, or the locale another than UTF-8.

    Where no locale is set at all, as in many containers, the terminal knows UTF-8 nearly
    always.
    """
    if environment.get("TERM") == "linux":
        return True
    names = [environment.get(name, "") for name in ("LC_ALL", "LC_CTYPE", "LANG")]
    if names[2] in ("C", "POSIX") and names[1] in ("C.UTF-8", "C.utf8", "UTF-8"):
        names[1] = ""  # Python itself has set it, for a locale of C
    locale = next((name for name in names if name), "UTF-8").lower()
    return "utf-8" not in locale and "utf8" not in locale


class ThemedApp(BaseApp):
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
