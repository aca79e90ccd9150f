"""Colours and symbols of classes.

Two classes have the colours of negative and positive values, as in TensorFlow Playground.
"""

from rich.style import Style

from nn_tui.tui.theme import Palette, mix

_ANSI_OF_TWO = ("yellow", "blue")

_OF_TWO, _OF_TWO_TEST = "○●", "◦•"
_FILLED = "●■▲◆▼◢◤◉"
_HOLLOW = "○□△◇▽◿◸◎"
_TEXTURES = "░▒·:+~-="

_FILL = 0.75  # a filled cell has at most this share of the full colour


def class_colour(number: int, count: int, palette: Palette) -> str:
    """The colour of a class: ``#rrggbb``, or a colour name on an ANSI theme."""
    if count == 2:
        named = _ANSI_OF_TWO if palette.ansi else (palette.negative, palette.positive)
        return named[number]
    return palette.kind(number)


def class_sign(number: int, count: int, trains: bool = True) -> str:
    """The symbol of a sample; of test samples small with two classes, else hollow."""
    if count == 2:
        return (_OF_TWO if trains else _OF_TWO_TEST)[number]
    return (_FILLED if trains else _HOLLOW)[number % len(_FILLED)]


def class_ink(number: int, count: int, palette: Palette) -> Style:
    """The foreground of a class on the pane's background."""
    colour = class_colour(number, count, palette)
    if palette.ansi:
        return Style(color=colour, bold=count == 2 or None)
    return palette.shade(colour, 1.0)


def class_fill(number: int, count: int, share: float, palette: Palette) -> Style:
    """A cell filled with the colour of a class; ``share`` in 0..1 is the strength."""
    if count == 2:
        return palette.filled(_FILL * share * (1 if number else -1))
    if palette.ansi:
        return class_ink(number, count, palette)
    colour = mix(palette.background, class_colour(number, count, palette), _FILL * share)
    return Style(color=palette.ink_on(colour), bgcolor=colour)


def class_texture(number: int) -> str:
    """The fill character of a class on ANSI themes."""
    return _TEXTURES[number % len(_TEXTURES)]
