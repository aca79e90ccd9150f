"""Themes, and the palette for drawing cell by cell.

One hue has one meaning: teal is yours (keys, focus, cursor, edits), pink the test set, red an
error. White is the training set. Classes and curves to compare have the colours of kinds.

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
_TRAIN_ON_LIGHT = "#0b0f15"
"""Darker than text: to a protan eye, the test set's colour on light is a dark grey."""
_KINDS_ON_DARK = ("#e8d44d", "#b48cff", "#35a04a", "#9ed5fd", "#d0704f", "#7dffb4")
_KINDS_ON_LIGHT = ("#8a7400", "#6f3fd0", "#0f4a1e", "#2f7d8f", "#681e08", "#4f6b18")
_KINDS_ANSI = ("green", "yellow", "blue", "cyan")
"""Colours of things of one sort: classes, curves to compare, layers.

The first four differ for every kind of colour vision; beyond, symbols and labels tell them
apart. None is the test set's or an error's.
"""
_GUIDE = 0.14
_FAINTER = 0.3
_CONTRAST = 4.5
"""Contrast ratio of legible text (WCAG 2.1, level AA)."""


def _scrollbar_tracks(paper: str) -> dict[str, str]:
    """Variables that give scrollbars the background of the scrolled content."""
    states = ("", "-hover", "-active")
    tracks = {f"scrollbar-background{state}": paper for state in states}
    return {**tracks, "scrollbar-corner-color": paper}


DARK = Theme(
    name="nn-dark",
    primary="#4fd1c5",
    secondary="#f5a142",
    accent="#4fd1c5",
    warning="#e8c268",
    error="#ff6b6b",
    success="#4fd1c5",
    foreground="#d9dfe8",
    background="#0e1116",
    surface="#14181f",
    panel="#1d2430",
    dark=True,
    variables={
        "footer-key-foreground": "#4fd1c5",
        "footer-background": "#0e1116",
        **_scrollbar_tracks("#0e1116"),
    },
)

LIGHT = Theme(
    name="nn-light",
    primary="#00756b",
    secondary="#b85c00",
    accent="#00756b",
    warning="#8a6100",
    error="#b3261e",
    success="#00756b",
    foreground="#252c37",
    background="#f3f5f8",
    surface="#ffffff",
    panel="#e8ebf0",
    dark=False,
    variables={
        "footer-key-foreground": "#00756b",
        "footer-background": "#f3f5f8",
        **_scrollbar_tracks("#f3f5f8"),
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
    def accented(self) -> Style:
        """Headings, what you changed, where you are, and where more is to be seen."""
        return self._ink(self.accent, "cyan")

    @property
    def bad(self) -> Style:
        return self._ink(self.error, "red")

    @property
    def train(self) -> Style:
        """Training curves; bold on ANSI themes, to differ from others without colours."""
        if self.ansi:
            return Style(bold=True)
        return _style(_TRAIN_ON_LIGHT, self.background) if self._light else self.text

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
        return self.accented + Style(bold=True)

    @property
    def cursor(self) -> Style:
        if self.ansi:
            return Style(reverse=True)
        return _style(self.foreground, mix(self.background, self.accent, 0.25), bold=True)

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
        return not self.ansi and _luminance(self.background) > 0.2

    def kind(self, number: int) -> str:
        """The colour of one of several classes, curves or layers; a name on an ANSI theme."""
        if self.ansi:
            return _KINDS_ANSI[number % len(_KINDS_ANSI)]
        colours = _KINDS_ON_LIGHT if self._light else _KINDS_ON_DARK
        return colours[number % len(colours)]

    def series(self, number: int, amount: float = 1.0) -> Style:
        """Foreground of one of several curves to compare, blended in by ``amount`` 0..1."""
        colour = self.kind(number)
        return Style(color=colour, dim=amount < 1) if self.ansi else self.shade(colour, amount)

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
        return _style(self.ink_on(colour), colour)

    def on(self, colour: str) -> Style:
        """Legible text on a cell of that ``colour``; not on ANSI themes."""
        return _style(self.ink_on(colour), colour)

    def filled_faintly(self, value: float) -> Style:
        """Like ``filled``, for text of less importance."""
        if self.ansi:
            return Style(dim=True)
        paper = self.colour(value)
        ink = self.ink_on(paper)
        faint = mix(ink, paper, _FAINTER)
        return _style(faint if contrast(faint, paper) >= _CONTRAST else ink, paper)

    def ink_on(self, paper: str) -> str:
        """A text colour with a contrast of at least 4.5 on ``paper``; not on ANSI themes."""
        ink = legible_on(paper, self.foreground, self.background)
        return ink if contrast(ink, paper) >= _CONTRAST else legible_on(paper, "#000000", "#ffffff")

    def unit(self, value: float) -> Style:
        """A unit of the network, coloured by ``value`` and brighter than the background."""
        if self.ansi:
            return Style(reverse=True)
        value = _within_scale(value)
        colour = mix(mix(self.background, self.foreground, 0.2), self.colour(value), abs(value))
        return _style(self.ink_on(colour), colour, bold=True)

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
        if top == bottom:
            return " ", _style(top, bottom)
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
        negative="#f5932a" if theme.dark else "#e07b00",
        positive="#4ba3ff" if theme.dark else "#0b6fd0",
        accent=theme.accent or "",
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
    """The one of ``inks`` with the highest contrast on ``paper``."""
    return max(inks, key=lambda ink: contrast(ink, paper))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two ``#rrggbb`` colours, 1 to 21 (WCAG 2.1)."""
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@lru_cache(maxsize=1024)
def _luminance(colour: str) -> float:
    """Relative luminance, 0..1 (WCAG 2.1)."""
    shares = (part / 255 for part in Color.parse(colour).get_truecolor())
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _ansi_pixels(top: float, bottom: float) -> tuple[str, Style]:
    """Denser with distance from zero: dots for positive, dashes for negative values."""
    value = (top + bottom) / 2
    ramp = " ░▒▓█" if value > 0 else " --=≡"
    glyph = ramp[round(min(1.0, abs(value)) * 4)] if value == value else "?"
    return glyph, Style(color="blue" if value > 0 else "yellow")
