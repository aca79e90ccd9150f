"""How the screen looks on this terminal: theme, colour or none, Unicode or ASCII."""

from collections.abc import Mapping
from typing import NamedTuple

from rich.console import Console
from textual.theme import BUILTIN_THEMES

from nn_tui.settings import Settings
from nn_tui.spelling import did_you_mean
from nn_tui.text import brief, make_printable
from nn_tui.tui.theme import DARK, LIGHT

ANSI = "ansi-dark"
"""The theme in the terminal's own 16 colours, or in none."""

THEMES = (DARK.name, LIGHT.name, *sorted(BUILTIN_THEMES))


class Appearance(NamedTuple):
    """Theme name; ``colourless``: no colour is sent; ``ascii``: only ASCII is sent.

    ``problem`` says what is wrong with the settings; empty if nothing is.
    """

    theme: str = DARK.name
    colourless: bool = False
    ascii: bool = False
    problem: str = ""


def colour_system() -> str | None:
    """The terminal's colour system: ``standard`` (16), ``256``, ``truecolor``, or None."""
    return Console(force_terminal=True).color_system


def appearance_for(
    settings: Settings, environment: Mapping[str, str], colours: str | None
) -> Appearance:
    """What the settings ask for, else what a terminal with such ``colours`` can show.

    NO_COLOR takes precedence over a theme. An unknown theme is a ``problem``, and the
    default is used in its place.
    """
    default = ANSI if colours == "standard" else DARK.name
    theme, problem = default if settings.theme is None else settings.theme, ""
    if theme not in THEMES:
        hint = did_you_mean(theme, THEMES, "the palette lists all themes")
        shown = brief(make_printable(theme))
        problem = f"screen.theme = {shown} is not a theme, so {default} is used; {hint}"
        theme = default
    colourless = "NO_COLOR" in environment
    plain = ascii_wanted(environment) if settings.ascii is None else settings.ascii
    return Appearance(ANSI if colourless else theme, colourless, plain, problem)


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
