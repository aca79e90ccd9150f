"""Colours for terminals with 256: the nearest one to the eye, of the same hue where there is one.

Rounding red, green and blue to the cube's six levels, as Rich does, turns a dark orange red or
olive and a dark blue teal: a hue with another meaning. Distances here are in Oklab
(Ottosson 2020), where lightness, chroma and hue are about even to the eye.
"""

from functools import cache, lru_cache

import numpy as np
from rich.color import Color
from rich.style import Style

from nn_tui.types import Array

_LEVELS = (0, 95, 135, 175, 215, 255)
_GREYS = range(8, 248, 10)
_FIRST = 16
"""The number of the first colour of the cube; those before differ from terminal to terminal."""
_HUE = 6.0
"""How much a difference of hue counts, compared with one of lightness or chroma."""
_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_OKLAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


@lru_cache(maxsize=8192)
def with_256_colours(style: Style) -> Style:
    """Return ``style`` with the nearest colours of 256 in place of RGB colours."""
    return style + Style(color=_nearest(style.color), bgcolor=_nearest(style.bgcolor))


def _nearest(colour: Color | None) -> Color | None:
    if colour is None or colour.triplet is None:
        return colour
    return Color.from_ansi(nearest_number(*colour.triplet))


@lru_cache(maxsize=4096)
def nearest_number(red: int, green: int, blue: int) -> int:
    """Return the number, 16 to 255, of the colour nearest to components 0 … 255."""
    known = _palette()
    wanted = _oklab(np.array([[red, green, blue]]))[0]
    chroma = np.hypot(known[:, 1], known[:, 2]) - np.hypot(*wanted[1:])
    across = ((known[:, 1:] - wanted[1:]) ** 2).sum(axis=1)
    hue = np.maximum(0.0, across - chroma**2)
    distance = (known[:, 0] - wanted[0]) ** 2 + chroma**2 + _HUE * hue
    return _FIRST + int(distance.argmin())


@cache
def _palette() -> Array:
    """Return the 240 colours in Oklab, (240, 3)."""
    cube = [(r, g, b) for r in _LEVELS for g in _LEVELS for b in _LEVELS]
    return _oklab(np.array([*cube, *((grey,) * 3 for grey in _GREYS)]))


def _oklab(colours: Array) -> Array:
    """Convert sRGB components 0 … 255, (n, 3), to Oklab, (n, 3)."""
    shares = colours / 255
    linear = np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)
    lab: Array = np.cbrt(linear @ _TO_LMS.T) @ _TO_OKLAB.T
    return lab
