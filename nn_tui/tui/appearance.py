"""How the screen looks on the terminal there is: theme, colours or none, glyphs or ASCII."""

from collections.abc import Mapping
from typing import NamedTuple

from rich.console import Console
from textual.theme import BUILTIN_THEMES

from nn_tui.errors import InputError
from nn_tui.settings import Settings
from nn_tui.text import did_you_mean
from nn_tui.tui.theme import DARK, LIGHT

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
