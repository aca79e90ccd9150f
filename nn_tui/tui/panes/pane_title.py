"""The title of a pane: its number, name and view, and the panes that share its place."""

from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len
from textual.content import Content

from nn_tui.tui.pane_layout import NUMBERED

_NUMBER, _OWN, _OTHER = "$accent", "$foreground", "$foreground dim not bold"
_APART = "   "
"""Before an entry of the legend."""
_BRIEF = {"hyperparameters": "Hyper"}


class Tab(NamedTuple):
    """A pane named in a title; ``name`` is its id, ``title`` what the title says of it."""

    name: str
    title: str

    @property
    def text(self) -> str:
        """Number and title."""
        return f"{NUMBERED.index(self.name) + 1} {self.title}".rstrip()


def tabs_of(name: str, view: str, sharing: Sequence[str], room: int) -> list[Tab]:
    """The panes that the title of pane ``name`` names, in the longest form for ``room`` cells.

    ``sharing`` are the panes of which only this one is visible, itself among them; the names
    of the others are in lower case, or left out.
    """
    behind = f" · {view}" if view else ""
    own = f"{name.capitalize()}{behind}"
    brief = f"{_BRIEF.get(name, name.capitalize())}{behind}"
    if name not in sharing:
        whole = Tab(name, own)
        return [whole if len(whole.text) <= room else Tab(name, brief)]
    ways = (
        [Tab(other, own if other == name else other) for other in sharing],
        [
            Tab(other, brief if other == name else _BRIEF.get(other, other).lower())
            for other in sharing
        ],
        [Tab(other, own if other == name else "") for other in sharing],
        [Tab(other, brief if other == name else "") for other in sharing],
    )
    return next((way for way in ways if len(tabs_text(way)) <= room), ways[-1])


def title_of(tabs: Sequence[Tab], name: str) -> Content:
    """The title with these ``tabs``, that of pane ``name`` in the foreground."""
    pieces: list[tuple[str, str]] = []
    for gap, tab in zip(_gaps(tabs), tabs, strict=True):
        number, title = tab.text[:1], tab.text[1:]
        pieces += [(gap, ""), (number, _NUMBER), (title, _OWN if tab.name == name else _OTHER)]
    return Content.assemble(*(piece for piece in pieces if piece[0]))


Legend = tuple[tuple[str, str], ...]
"""Texts with the style of each, which explain the marks and colours of a pane."""


def legend_width(text: str) -> int:
    """The cells of an entry of a legend, with the blanks before it."""
    return cell_len(text) + len(_APART)


def with_legend(title: Content, legend: Legend, room: int) -> Content:
    """``title`` and as many entries of the ``legend``, from the first, as fit into ``room``."""
    for text, style in legend:
        longer = Content.assemble(title, _APART, (text, style or _OTHER))
        if longer.cell_length > room:
            break
        title = longer
    return title


def tab_at(tabs: Sequence[Tab], x: int) -> str:
    """The id of the pane named at cell ``x`` of a title, or an empty string."""
    start = 0
    for gap, tab in zip(_gaps(tabs), tabs, strict=True):
        start += len(gap)
        if start <= x < start + len(tab.text):
            return tab.name
        start += len(tab.text)
    return ""


def tabs_text(tabs: Sequence[Tab]) -> str:
    """The text of a title."""
    return "".join(gap + tab.text for gap, tab in zip(_gaps(tabs), tabs, strict=True))


def _gaps(tabs: Sequence[Tab]) -> list[str]:
    """The blanks before each tab: two, but one where only this pane has a name."""
    bare = any(not tab.title for tab in tabs)
    return ["", *[" " if bare else "  "] * (len(tabs) - 1)]
