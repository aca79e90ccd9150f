"""Themes, the palette for drawing cell by cell, and the colours and symbols of classes.

Negative values are orange, positive blue, as in TensorFlow Playground: a pair that is safe for
colour-blind users. Zero has the background's colour.
"""

from dataclasses import dataclass
from functools import lru_cache

from rich.color import Color
from rich.style import Style
from textual.theme import Theme

STEPS = 16
"""Number of shades on each side of zero."""

_TEST_ON_DARK, _TEST_ON_LIGHT = "#f5679f", "#c2185b"
_SERIES_ON_DARK = ("#e8d44d", "#b48cff", "#35a04a", "#9ed5fd", "#d0704f", "#7dffb4")
_SERIES_ON_LIGHT = ("#8a7400", "#6f3fd0", "#0f4a1e", "#2f7d8f", "#681e08", "#4f6b18")
_ANSI_SERIES = ("green", "cyan", "yellow", "red", "blue")
"""Colours of curves to compare; the run itself and its test curve have others."""
_GUIDE = 0.14


def _scrollbar_tracks(paper: str) -> dict[str, str]:
    """Variables that give scrollbars the background of the scrolled content."""
    states = ("", "-hover", "-active")
    tracks = {f"scrollbar-background{state}": paper for state in states}
    return {**tracks, "scrollbar-corner-color": paper}


DARK = Theme(
    name="nn-dark",
    primary="#5fa8ff",
    secondary="#f5a142",
    accent="#7fd1b9",
    warning="#e8c268",
    error="#ff7a6b",
    success="#7fd1b9",
    foreground="#d8dee8",
    background="#10141b",
    surface="#161b24",
    panel="#1d2430",
    dark=True,
    variables={
        "footer-key-foreground": "#5fa8ff",
        "footer-background": "#10141b",
        **_scrollbar_tracks("#10141b"),
    },
)

LIGHT = Theme(
    name="nn-light",
    primary="#0b62b8",
    secondary="#b85c00",
    accent="#11776a",
    warning="#8a6100",
    error="#b3261e",
    success="#11776a",
    foreground="#1d2430",
    background="#f7f8fa",
    surface="#ffffff",
    panel="#e8ebf0",
    dark=False,
    variables={
        "footer-key-foreground": "#0b62b8",
        "footer-background": "#f7f8fa",
        **_scrollbar_tracks("#f7f8fa"),
    },
)


@dataclass(frozen=True)
class Palette:
    """Styles for drawing; colours are ``#rrggbb``, or empty on an ANSI theme."""

    background: str
    foreground: str
    negative: str
    positive: str
    accent: str
    warning: str
    error: str
    border: str
    ansi: bool = False
    ascii: bool = False

    # Text

    @property
    def text(self) -> Style:
        return _style(self.foreground, self.background)

    @property
    def muted(self) -> Style:
        return Style(dim=True) if self.ansi else self._grey(0.55, 0.66)

    @property
    def faint(self) -> Style:
        return Style(dim=True) if self.ansi else self._grey(0.3, 0.45)

    @property
    def strong(self) -> Style:
        return self.text + Style(bold=True)

    @property
    def heading(self) -> Style:
        return self._ink(self.accent, "cyan")

    @property
    def good(self) -> Style:
        return self._ink(self.accent, "green")

    @property
    def caution(self) -> Style:
        return self._ink(self.warning, "yellow")

    @property
    def bad(self) -> Style:
        return self._ink(self.error, "red")

    @property
    def train(self) -> Style:
        """Training curves; bold on ANSI themes, to differ from others without colours."""
        return Style(bold=True) if self.ansi else self.text

    @property
    def test(self) -> Style:
        return self._ink(_TEST_ON_LIGHT if self._light else _TEST_ON_DARK, "magenta")

    @property
    def guide(self) -> Style | None:
        """Grid lines; None where they would look like curves."""
        if self.ansi or self.ascii:
            return None
        return self.shade(self.foreground, _GUIDE)

    @property
    def key(self) -> Style:
        return self._ink(self.positive, "blue") + Style(bold=True)

    @property
    def cursor(self) -> Style:
        if self.ansi:
            return Style(reverse=True)
        return _style(self.foreground, mix(self.background, self.positive, 0.32), bold=True)

    @property
    def chosen(self) -> Style:
        """The single cell under a cursor."""
        if self.ansi:
            return Style(reverse=True, bold=True)
        return _style(self.background, self.foreground, bold=True)

    def shade(self, colour: str, amount: float) -> Style:
        """Foreground ``colour``, blended into the background: 0 invisible, 1 full."""
        return _style(mix(self.background, colour, amount), self.background)

    def _grey(self, on_dark: float, on_light: float) -> Style:
        """Grey foreground; a light background needs more of it."""
        return self.shade(self.foreground, on_light if self._light else on_dark)

    @property
    def _light(self) -> bool:
        return not self.ansi and _brightness(self.background) > 127

    def series(self, number: int, amount: float = 1.0) -> Style:
        """Foreground of one of several curves to compare, blended in by ``amount`` 0..1."""
        if self.ansi:
            return Style(color=_ANSI_SERIES[number % len(_ANSI_SERIES)], dim=amount < 1)
        inks = _SERIES_ON_LIGHT if self._light else _SERIES_ON_DARK
        return self.shade(inks[number % len(inks)], amount)

    def fainter(self, style: Style, amount: float) -> Style:
        """``style``'s foreground, blended into the background: 0 invisible, 1 full."""
        if self.ansi or style.color is None:
            return style + Style(dim=True)
        return self.shade(style.color.get_truecolor().hex, amount)

    def dimmed(self, style: Style) -> Style:
        """``style`` with both colours halfway to the background."""
        if self.ansi or style.color is None:
            return style + Style(dim=True)
        inks = (c.get_truecolor().hex if c else "" for c in (style.color, style.bgcolor))
        ink, paper = (mix(self.background, c, 0.5) if c else "" for c in inks)
        return _style(ink, paper, bool(style.bold))

    def _ink(self, colour: str, ansi: str) -> Style:
        return Style(color=ansi) if self.ansi else _style(colour, self.background)

    # Values from -1 to 1

    def filled(self, value: float) -> Style:
        """A cell filled with the colour of ``value``, its text legible."""
        if self.ansi:
            return self.inked(value)
        colour = self.colour(value)
        return _style(legible_on(colour, self.foreground, self.background), colour)

    def unit(self, value: float) -> Style:
        """A unit of the network, coloured by ``value`` and brighter than the background."""
        if self.ansi:
            return Style(reverse=True)
        value = _within_scale(value)
        colour = mix(mix(self.background, self.foreground, 0.2), self.colour(value), abs(value))
        return _style(legible_on(colour, self.foreground, self.background), colour, bold=True)

    def inked(self, value: float) -> Style:
        """Text in the colour of ``value``, always visible."""
        value = _within_scale(value)
        if self.ansi:
            if abs(value) < 1 / STEPS:
                return Style(dim=True)
            return Style(color="blue" if value > 0 else "yellow", bold=abs(value) > 0.5)
        value = max(abs(value), 0.25) * (1 if value >= 0 else -1)
        return _style(self.colour(value), self.background)

    def pixels(self, top: float, bottom: float) -> tuple[str, Style]:
        """Character and style of a cell that shows one value above another."""
        if self.ansi:
            return _ansi_pixels(top, bottom)
        if self.ascii:
            return " ", _style("", self.colour((top + bottom) / 2))
        return self.halves(self.colour(top), self.colour(bottom))

    def halves(self, top: str, bottom: str) -> tuple[str, Style]:
        """Character and style of a cell with one colour above another; not on ANSI themes."""
        if self.ascii:
            return " ", _style("", mix(top, bottom, 0.5))
        return "▀", _style(top, bottom)

    def colour(self, value: float) -> str:
        """The colour of ``value`` in -1..1, one of ``2 * STEPS + 1``."""
        value = _within_scale(value)
        step = round(abs(value) * STEPS)
        return mix(self.background, self.positive if value > 0 else self.negative, step / STEPS)


def palette_of(theme: Theme, ascii: bool = False) -> Palette:
    """The palette of a Textual theme; with ``ascii``, without half blocks."""
    ansi = theme.name.startswith("ansi") or getattr(theme, "ansi", False)
    dark = DARK if theme.dark else LIGHT
    surface = theme.surface or dark.surface or ""
    return Palette(
        background="" if ansi else surface,
        foreground="" if ansi else (theme.foreground or dark.foreground or ""),
        negative="#f59322" if theme.dark else "#e07b00",
        positive="#3d9bff" if theme.dark else "#0877bd",
        accent=theme.accent or "",
        warning=theme.warning or "",
        error=theme.error or "",
        border=theme.panel or "",
        ansi=bool(ansi),
        ascii=ascii,
    )


def _within_scale(value: float) -> float:
    """Clip ``value`` to -1..1; NaN is 0."""
    return max(-1.0, min(1.0, value)) if value == value else 0.0


@lru_cache(maxsize=4096)
def _style(ink: str, paper: str = "", bold: bool = False) -> Style:
    return Style(color=ink or None, bgcolor=paper or None, bold=bold or None)


@lru_cache(maxsize=4096)
def mix(start: str, end: str, amount: float) -> str:
    """Interpolate between two ``#rrggbb`` colours; ``amount`` in 0..1."""
    if not start or not end:
        return end
    a, b = (Color.parse(colour).get_truecolor() for colour in (start, end))
    parts = (round(x + (y - x) * amount) for x, y in zip(a, b, strict=True))
    return "#" + "".join(f"{part:02x}" for part in parts)


@lru_cache(maxsize=4096)
def legible_on(paper: str, *inks: str) -> str:
    """The one of ``inks`` that differs most from ``paper`` in brightness."""
    return max(inks, key=lambda ink: abs(_brightness(ink) - _brightness(paper)))


def _brightness(colour: str) -> float:
    red, green, blue = Color.parse(colour).get_truecolor()
    return 0.299 * red + 0.587 * green + 0.114 * blue


def _ansi_pixels(top: float, bottom: float) -> tuple[str, Style]:
    """Denser with distance from zero: dots for positive, dashes for negative values."""
    value = (top + bottom) / 2
    ramp = " ░▒▓█" if value > 0 else " --=≡"
    glyph = ramp[round(min(1.0, abs(value)) * 4)] if value == value else "?"
    return glyph, Style(color="blue" if value > 0 else "yellow")


_ON_DARK = ("#3d9bff", "#f59322", "#1cbf93", "#e58ac6", "#efe14a", "#dd5a26", "#b3a6ff")
_ON_LIGHT = ("#0877bd", "#e07b00", "#008a68", "#b5488c", "#8d7d00", "#a8370d", "#6650c0")
_ANSI = ("blue", "yellow", "green", "magenta", "cyan", "red", "white")
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
    if palette.ansi:
        return _ANSI[number % len(_ANSI)]
    dark = legible_on(palette.background, "#000000", "#ffffff") == "#ffffff"
    colours = _ON_DARK if dark else _ON_LIGHT
    return colours[number % len(colours)]


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
    return Style(color=legible_on(colour, palette.foreground, palette.background), bgcolor=colour)


def class_texture(number: int) -> str:
    """The fill character of a class on ANSI themes."""
    return _TEXTURES[number % len(_TEXTURES)]
