"""Colours and signs for classes: told apart by colour-blind eyes, and without any colour.

The colours follow Okabe and Ito, in an order in which neighbours differ in brightness too;
no two classes share both colour and sign before there are 56 of them.
"""

from nn_tui.tui.theme import Palette, legible_on

_ON_DARK = ("#3d9bff", "#f59322", "#1cbf93", "#e58ac6", "#efe14a", "#dd5a26", "#b3a6ff")
_ON_LIGHT = ("#0877bd", "#e07b00", "#008a68", "#b5488c", "#8d7d00", "#a8370d", "#6650c0")
_ANSI = ("blue", "yellow", "green", "magenta", "cyan", "red", "white")

_FILLED = "●■▲◆▼◢◤◉"
_HOLLOW = "○□△◇▽◿◸◎"
_TEXTURES = "░▒·:+~-="


def class_colour(number: int, palette: Palette) -> str:
    """The colour of class ``number`` (from 0): ``#rrggbb``, or a name on an ANSI theme."""
    if palette.ansi:
        return _ANSI[number % len(_ANSI)]
    dark = legible_on(palette.background, "#000000", "#ffffff") == "#ffffff"
    colours = _ON_DARK if dark else _ON_LIGHT
    return colours[number % len(colours)]


def class_sign(number: int, trains: bool = True) -> str:
    """The sign of a sample of class ``number``: filled, or hollow if held back for testing."""
    return (_FILLED if trains else _HOLLOW)[number % len(_FILLED)]


def class_texture(number: int) -> str:
    """What a place of class ``number`` is filled with where there are few colours."""
    return _TEXTURES[number % len(_TEXTURES)]
