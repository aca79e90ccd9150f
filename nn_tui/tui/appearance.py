"""How the screen looks on this terminal: theme, colour or none, Unicode or ASCII."""

from collections.abc import Mapping
from typing import NamedTuple

from rich.console import Console
from textual.theme import BUILTIN_THEMES

from nn_tui.errors import InputError
from nn_tui.settings import Settings
from nn_tui.spelling import did_you_mean
from nn_tui.tui.theme import DARK, LIGHT

ANSI = "ansi-dark"
"""The theme in the terminal's own 16 colours, or in none."""

THEMES = (DARK.name, LIGHT.name, *sorted(BUILTIN_THEMES))


class Appearance(NamedTuple):
    """Theme name; ``colourless``: no colour is sent; ``ascii``: only ASCII is sent."""

    theme: str = DARK.name
    colourless: bool = False
    ascii: bool = False


def colour_system() -> str | None:
    """The terminal's colour system: ``standard`` (16), ``256``, ``truecolor``, or None."""
    return Console(force_terminal=True).color_system


def appearance_for(
    settings: Settings, environment: Mapping[str, str], colours: str | None
) -> Appearance:
    """What the settings ask for, else what a terminal with such ``colours`` can show.

    NO_COLOR takes precedence over a theme. Raises InputError for an unknown theme.
    """
    if settings.theme is not None and settings.theme not in THEMES:
        hint = did_you_mean(settings.theme, THEMES, f"themes are {', '.join(THEMES)}")
        raise InputError(f"screen.theme = {settings.theme} is not a theme; {hint}")
    colourless = "NO_COLOR" in environment
    theme = settings.theme or (ANSI if colours == "standard" else DARK.name)
    plain = ascii_wanted(environment) if settings.ascii is None else settings.ascii
    return Appearance(ANSI if colourless else theme, colourless, plain)


def ascii_wanted(environment: Mapping[str, str]) -> bool:
    """Whether the terminal is the Linux console, or the locale's encoding is not UTF-8.

    Without any locale, as in many containers, the terminal almost always supports UTF-8.
    """
    if environment.get("TERM") == "linux":
        return True
    names = [environment.get(name, "") for name in ("LC_ALL", "LC_CTYPE", "LANG")]
    if names[2] in ("C", "POSIX") and names[1] in ("C.UTF-8", "C.utf8", "UTF-8"):
        names[1] = ""  # set by Python itself for the C locale
    locale = next((name for name in names if name), "UTF-8").lower()
    return "utf-8" not in locale and "utf8" not in locale
