"""Shorten names to a width so that they stay distinct."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise, takewhile

from rich.cells import cell_len

from nn_tui.tui.drawing.strips import fit_text, squeezed

_WORD = re.compile(r"[^\s_.-]+[\s_.-]*")
_BETWEEN = " _.-"
_MOST_NAMES = 500
"""Most names that are shortened distinct."""


@lru_cache(maxsize=64)
def distinct_labels(names: tuple[str, ...], width: int) -> tuple[str, ...]:
    """Shorten each name to at most ``width`` cells, keeping different names different.

    Names that all fit are unchanged. Otherwise the first of these that keeps them distinct:
    shorten the column of one-hot inputs (``kind=ash``) before the category; drop the words
    that all names begin or end with, and cut the end, the middle, or the ends of words;
    number the names.
    """
    if all(cell_len(name) <= width for name in names):
        return names
    ways: tuple[Callable[[Sequence[str], int], list[str]], ...] = (_cut_end, _cut_middle, _by_words)
    if any("=" in name for name in names):
        ways = (_by_category, *ways)
    for shorten in ways if len(names) <= _MOST_NAMES else ():
        shortened = shorten(names, width)
        if _distinct(names, shortened):
            return tuple(shortened)
    shortened = [
        fit_text(f"{number} {name}", width).rstrip() for number, name in enumerate(names, 1)
    ]
    return tuple(
        shortened if _distinct(names, shortened) else [squeezed(name, width) for name in names]
    )


def _by_category(names: Sequence[str], width: int) -> list[str]:
    """The category of each ``column=category``, after as much of its column as fits."""
    plain = tuple(name for name in names if "=" not in name)
    short = dict(zip(plain, distinct_labels(plain, width), strict=True))
    return [short[name] if name in short else _category(name, width) for name in names]


def _category(name: str, width: int) -> str:
    column, _, value = name.partition("=")
    room = max(0, width - 1 - cell_len(value))
    column = fit_text(column, min(room, cell_len(column))).strip()
    value = f"={value}"
    return column + fit_text(value, min(width - cell_len(column), cell_len(value)))


def _cut_end(names: Sequence[str], width: int) -> list[str]:
    """The words that differ, cut at the end."""
    own = _own_words(names)
    return [fit_text(name, min(width, cell_len(name))) for name in map(_joined, own)]


def _cut_middle(names: Sequence[str], width: int) -> list[str]:
    """The words that differ, cut in the middle."""
    return [squeezed(_joined(words), width) for words in _own_words(names)]


def _by_words(names: Sequence[str], width: int) -> list[str]:
    """The first letters of the words that differ, as many as fit.

    Words are separated by spaces, or capitalized where that saves a letter of each.
    """
    words = _own_words(names)
    for letters in range(width, 0, -1):
        cut = [[word.rstrip(_BETWEEN)[:letters] for word in name] for name in words]
        for shortened in (
            [" ".join(name) for name in cut],
            ["".join(word[:1].upper() + word[1:] for word in name) for name in cut],
        ):
            if all(cell_len(name) <= width for name in shortened):
                return shortened
    return _cut_middle(names, width)


def _own_words(names: Sequence[str]) -> list[list[str]]:
    """The words of each name without those that all names begin or end with."""
    words = [_WORD.findall(name) for name in names]
    first = _shared(words)
    last = _shared([name[first:][::-1] for name in words])
    return [name[first : len(name) - last] for name in words]


def _joined(words: Sequence[str]) -> str:
    return "".join(words).rstrip(_BETWEEN)


def _shared(words: Sequence[Sequence[str]]) -> int:
    """Number of words that all names begin with, at least one word of each left over."""
    places = zip(*words, strict=False)
    alike = [*takewhile(lambda place: len({_joined([word]) for word in place}) == 1, places)]
    return max(0, min(len(alike), min(map(len, words)) - 1))


def _distinct(names: Sequence[str], shortened: Sequence[str]) -> bool:
    """Whether different names stayed different and none is empty."""
    pairs = sorted(zip(shortened, names, strict=True))
    return all(shortened) and all(a[0] != b[0] or a[1] == b[1] for a, b in pairwise(pairs))
