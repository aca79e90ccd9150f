"""The short names of a data set: at most eight cells, the same in every pane.

A short name is made of prefixes of the words: ``living_area`` becomes ``liv_area``, and
``sepal length (cm)`` becomes ``sep_len``. It is found once for all columns of a data set, so
that different columns have different names, however much room a pane has.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from rich.cells import cell_len, get_character_cell_size

from nn_tui.data.dataset import Dataset

LONGEST_NAME = 8
"""Cells of the longest short name of a column."""
LONGEST_CLASS = 10
"""Cells of the longest short name of a class."""

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+|\d+")
_UNIT = re.compile(r"\s+[(\[][^()\[\]]*[)\]]\s*$")
_KEPT_GAPS = frozenset("_.-=/:")
_LEGIBLE = 3  # letters of a word; words in the middle are left out before others get shorter
_LONGEST_NUMBER = 4  # cells of a number that is never shortened
_MOST_NAMES = 300
"""Most names that are shortened by their words; more take too long."""
_VOWELS = frozenset("aeiouyAEIOUY")


class ShortNames(NamedTuple):
    """Short names of the raw columns, the network's inputs, the targets and the classes."""

    raw: tuple[str, ...]
    inputs: tuple[str, ...]
    targets: tuple[str, ...]
    classes: tuple[str, ...]


def short_names(dataset: Dataset) -> ShortNames:
    """Return the short names of a data set."""
    return _of_names(dataset.raw_names, dataset.input_names, dataset.target_names, dataset.classes)


@lru_cache(maxsize=16)
def _of_names(
    raw: tuple[str, ...],
    inputs: tuple[str, ...],
    targets: tuple[str, ...],
    classes: tuple[str, ...],
) -> ShortNames:
    columns = shortened((*raw, *inputs, *targets), LONGEST_NAME)
    of_classes = shortened(classes, LONGEST_CLASS)
    return ShortNames(
        tuple(columns[name] for name in raw),
        tuple(columns[name] for name in inputs),
        tuple(columns[name] for name in targets),
        tuple(of_classes[name] for name in classes),
    )


def shortened(names: Iterable[str], width: int) -> dict[str, str]:
    """Return a short name of at most ``width`` cells for each name, all different.

    A name that fits stays as it is. Others take the first of these that no other name takes:
    prefixes of the first and last words, of all words, or as many letters as fit; start and
    end with an ellipsis; a start with a number.
    """
    found: dict[str, str] = {}
    left = []
    for name in dict.fromkeys(names):
        if _cells(name) <= width:
            found[name] = name
        else:
            left.append(name)
    taken = {*found.values()}
    for shorten in _WAYS if len(left) <= _MOST_NAMES else (_both_ends,):
        tried = {name: shorten(name, width) for name in left}
        often = Counter(tried.values())
        for name, short in tried.items():
            fits = bool(short) and _cells(short) <= width  # numbers are never cut
            if fits and often[short] == 1 and short not in taken:
                found[name] = short
        taken = {*found.values()}
        left = [name for name in left if name not in found]
    numbers: Counter[str] = Counter()
    for name in left:
        found[name] = _numbered(name, width, taken, numbers)
        taken.add(found[name])
    return found


class _Word(NamedTuple):
    """A word, what joins it to the word before, and its width in cells."""

    gap: str
    text: str
    width: int
    is_number: bool


def _ends_of_words(name: str, width: int) -> str:
    """Prefixes of the words, without a unit in brackets; of the first and the last if many."""
    words = _words_of(_UNIT.sub("", name) or name)
    while (place := _middle_of(words)) and _letters(words, width) < _LEGIBLE:
        left_out, after = words[place], words[place + 1]
        gap = "=" if "=" in (left_out.gap, after.gap) else after.gap or left_out.gap
        words[place : place + 2] = [after._replace(gap=gap)]
    return _evenly_cut(words, width)


def _middle_of(words: Sequence[_Word]) -> int:
    """The place of a word that may be left out, or 0."""
    places = range(1, len(words) - 1)
    return next((place for place in places if not words[place].is_number), 0)


def _all_words(name: str, width: int) -> str:
    return _evenly_cut(_words_of(name), width)


def _all_letters(name: str, width: int) -> str:
    """Prefixes of all words; the first words get the letters that are left over."""
    words = _words_of(name)
    lengths = _cut_to(words, _letters(words, width))
    spare = width - _length(words, lengths)
    for place, word in enumerate(words):
        more = min(spare, word.width - lengths[place])
        lengths[place] += more
        spare -= more
    return _joined(words, lengths)


def _both_ends(name: str, width: int) -> str:
    """The start and the end, with an ellipsis between them."""
    end = (width - 1) // 2
    return f"{_cut(name, width - 1 - end)}…{_cut(name[::-1], end)[::-1]}"


_WAYS: tuple[Callable[[str, int], str], ...] = (
    _ends_of_words,
    _all_words,
    _all_letters,
    _both_ends,
)


def _numbered(name: str, width: int, taken: set[str], numbers: Counter[str]) -> str:
    """The start of the name and the lowest free number."""
    start = _cut(name, width // 2)
    while True:
        numbers[start] += 1
        number = str(numbers[start])
        short = _cut(name, width - len(number)) + number
        if short not in taken:
            return short


def _words_of(name: str) -> list[_Word]:
    words: list[_Word] = []
    end = 0
    for found in _WORDS.finditer(name):
        text, start = found[0], found.start()
        between = name[end:start].strip()
        gap = "" if not words or start == end else between if between in _KEPT_GAPS else "_"
        is_number = len(text) <= _LONGEST_NUMBER and text.isdigit()
        words.append(_Word(gap, text, _cells(text), is_number))
        end = found.end()
    return words


def _evenly_cut(words: Sequence[_Word], width: int) -> str:
    """Cut the words to equal lengths, then use the cells that are left over.

    They complete words, and put a consonant after a vowel, as in ``num_room``. A single word
    ends with a consonant, too.
    """
    lengths = _cut_to(words, _letters(words, width))
    spare = width - _length(words, lengths)
    for place in sorted(range(len(words)), key=lambda place: words[place].width):
        rest = words[place].width - lengths[place]
        if rest <= spare:
            lengths[place] += rest
            spare -= rest
    for place, (_, text, _, _) in enumerate(words):
        last, following = _around(text, lengths[place])
        if spare and last in _VOWELS and following and following not in _VOWELS:
            lengths[place] += 1
            spare -= 1
    if len(words) == 1 and lengths[0] < words[0].width:
        while lengths[0] > width - 2 and _around(words[0].text, lengths[0])[0] in _VOWELS:
            lengths[0] -= 1
    return _joined(words, lengths)


def _around(text: str, width: int) -> tuple[str, str]:
    """The last letter of the first ``width`` cells, and the letter that follows; "" if wide."""
    if not text.isascii():
        return "", ""
    return text[max(0, width - 1) : width], text[width : width + 1]


def _letters(words: Sequence[_Word], width: int) -> int:
    """The largest length that all words can be cut to, numbers left whole; 0 if none is left."""
    for letters in range(width, 0, -1):
        if _length(words, _cut_to(words, letters)) <= width:
            return letters
    return 0


def _cut_to(words: Sequence[_Word], letters: int) -> list[int]:
    return [
        length if is_number or length < letters else letters for _, _, length, is_number in words
    ]


def _length(words: Sequence[_Word], lengths: Sequence[int]) -> int:
    return sum(lengths) + sum([len(word.gap) for word in words])


def _joined(words: Sequence[_Word], lengths: Sequence[int]) -> str:
    """The words in their lengths; empty if a word has no letter left."""
    cut = [_cut(word.text, length) for word, length in zip(words, lengths, strict=True)]
    if not all(cut):
        return ""
    return "".join([word.gap + text for word, text in zip(words, cut, strict=True)])


def _cut(text: str, width: int) -> str:
    """The first characters, at most ``width`` cells."""
    if text.isascii():
        return text[:width]
    for place, character in enumerate(text):
        width -= get_character_cell_size(character)
        if width < 0:
            return text[:place]
    return text


def _cells(text: str) -> int:
    return len(text) if text.isascii() else cell_len(text)
