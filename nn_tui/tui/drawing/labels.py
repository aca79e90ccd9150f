"""Names that have to share little room, shortened so that they are still told apart."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise, takewhile

from rich.cells import cell_len

from nn_tui.tui.drawing.strips import fit_text, squeezed

_WORD = re.compile(r"[^\s_.-]+[\s_.-]*")
_BETWEEN = " _.-"
_LOOKED_AT = 500
"""Names that are told apart; of more than that nobody reads any."""


@lru_cache(maxsize=64)
def distinct_labels(names: tuple[str, ...], width: int) -> tuple[str, ...]:
    """Each name in at most ``width`` cells, different ones differently if that can be.

    If all fit they stay as they are. Else the values of columns of texts (``kind=ash``)
    stay whole, and what is before them is cut; or they lose the words that all begin or end
    with, and their end, their middle, or the ends of their words, whatever first tells all
    apart; where nothing does, each begins with its number.
    """
    if all(cell_len(name) <= width for name in names):
        return names
    ways: tuple[Callable[[Sequence[str], int], list[str]], ...] = (_ended, _cut, _by_words)
    if any("=" in name for name in names):
        ways = (_valued, *ways)
    for way in ways if len(names) <= _LOOKED_AT else ():
        made = way(names, width)
        if _differ(names, made):
            return tuple(made)
    made = [fit_text(f"{number} {name}", width).rstrip() for number, name in enumerate(names, 1)]
    return tuple(made if _differ(names, made) else [squeezed(name, width) for name in names])


def _valued(names: Sequence[str], width: int) -> list[str]:
    """The value of each ``column=value`` behind what there is room for of its column."""
    plain = tuple(name for name in names if "=" not in name)
    short = dict(zip(plain, distinct_labels(plain, width), strict=True))
    return [short[name] if name in short else _value(name, width) for name in names]


def _value(name: str, width: int) -> str:
    column, _, value = name.partition("=")
    room = max(0, width - 1 - cell_len(value))
    column = fit_text(column, min(room, cell_len(column))).strip()
    value = f"={value}"
    return column + fit_text(value, min(width - cell_len(column), cell_len(value)))


def _ended(names: Sequence[str], width: int) -> list[str]:
    """What each has for itself, without its end."""
    own = _own_words(names)
    return [fit_text(name, min(width, cell_len(name))) for name in map(_joined, own)]


def _cut(names: Sequence[str], width: int) -> list[str]:
    """What each has for itself, without its middle."""
    return [squeezed(_joined(words), width) for words in _own_words(names)]


def _by_words(names: Sequence[str], width: int) -> list[str]:
    """The first letters of each name's own words, as many as there is room for.

    Words stand apart, or, where that takes a letter of each, begin with a capital.
    """
    words = _own_words(names)
    for letters in range(width, 0, -1):
        cut = [[word.rstrip(_BETWEEN)[:letters] for word in name] for name in words]
        for made in (
            [" ".join(name) for name in cut],
            ["".join(word[:1].upper() + word[1:] for word in name) for name in cut],
        ):
            if all(cell_len(name) <= width for name in made):
                return made
    return _cut(names, width)


def _own_words(names: Sequence[str]) -> list[list[str]]:
    """The words of each name without those that all begin or end with."""
    words = [_WORD.findall(name) for name in names]
    first = _shared(words)
    last = _shared([name[first:][::-1] for name in words])
    return [name[first : len(name) - last] for name in words]


def _joined(words: Sequence[str]) -> str:
    return "".join(words).rstrip(_BETWEEN)


def _shared(words: Sequence[Sequence[str]]) -> int:
    """How many words all begin with, short of the whole of any."""
    places = zip(*words, strict=False)
    alike = [*takewhile(lambda place: len({_joined([word]) for word in place}) == 1, places)]
    return max(0, min(len(alike), min(map(len, words)) - 1))


def _differ(names: Sequence[str], made: Sequence[str]) -> bool:
    """Whether different names became different ones, none of them empty."""
    pairs = sorted(zip(made, names, strict=True))
    return all(made) and all(a[0] != b[0] or a[1] == b[1] for a, b in pairwise(pairs))
