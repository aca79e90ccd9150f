"""The line of a TOML text on which a key or table is written, for messages."""

import re
from collections.abc import Sequence

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"""^\s*["']?([\w.\-\[\], ]+?)["']?\s*=""")
_MOST_READ = 300
"""Characters of a line that are matched: the patterns' time is quadratic in the blanks."""
_MULTILINE = ('"""', "'''")


def line_of(text: str, path: Sequence[str | int]) -> int:
    """Return the line, from 1, of ``path``, such as ``("page", 2, "text")``.

    The line of its table where the key is not found, 1 without a line.
    """
    lines: dict[tuple[str | int, ...], int] = {}
    table: list[str | int] = []
    counts: dict[tuple[str | int, ...], int] = {}
    quoted = ""
    for number, line in enumerate(text.split("\n"), start=1):
        if quoted:
            quoted = "" if quoted in line else quoted
            continue
        before, start = 0, line[:_MOST_READ]
        if header := _HEADER.match(start):
            table = _table(header[2].split("."), header[1] == "[[", counts)
            where = table
        elif key := _KEY.match(start):
            where, before = [*table, *key[1].strip().split(".")], len(table)
            quoted = next((mark for mark in _MULTILINE if line.count(mark) % 2), "")
        else:
            continue
        for length in range(before + 1, len(where) + 1):
            lines.setdefault(tuple(where[:length]), number)
    known = (tuple(path[:length]) for length in range(len(path), 0, -1))
    return next((lines[place] for place in known if place in lines), 1)


def _table(
    names: list[str], is_array: bool, counts: dict[tuple[str | int, ...], int]
) -> list[str | int]:
    """The path of a table; a name of an array of tables is followed by its newest index."""
    path: list[str | int] = []
    for i, name in enumerate(names):
        path.append(name.strip().strip("\"'"))
        key = tuple(path)
        if is_array and i == len(names) - 1:
            counts[key] = counts.get(key, -1) + 1
        if key in counts:
            path.append(counts[key])
    return path
