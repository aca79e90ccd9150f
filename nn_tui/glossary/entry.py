"""An entry of the glossary."""

from typing import NamedTuple


class Entry(NamedTuple):
    """A term. ``also`` are other words for it: recipe keys, views, metrics, abbreviations.

    ``see`` are the names of related entries, ``lesson`` the name of the lesson about it.
    """

    name: str
    definition: str
    formula: str = ""
    source: str = ""
    also: tuple[str, ...] = ()
    see: tuple[str, ...] = ()
    lesson: str = ""
