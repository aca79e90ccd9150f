"""Where the panes are on a screen, and whether they are whole."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from tests.terminal.harness import PANE_TITLES

_TOP = re.compile(r"[╭┍][─━] (\d[^╭╮┍┑]*)[╮┑]")
"""A pane's upper border, heavy where it has the focus; a title may be cut off, not its number."""
_SHOWN = re.compile(r"\d(?= [A-Z])")
"""The number of the visible pane: where panes share a place, the others have small letters."""


class Frame(NamedTuple):
    """The rectangle of a pane's border; right and bottom are the last column and row."""

    title: str
    left: int
    top: int
    right: int
    bottom: int

    def overlaps(self, other: "Frame") -> bool:
        return (
            self.left <= other.right
            and other.left <= self.right
            and self.top <= other.bottom
            and other.top <= self.bottom
        )


def frames(lines: Sequence[str]) -> list[Frame]:
    """The frames of all panes. Raises AssertionError where one is broken."""
    found = []
    for top, line in enumerate(lines):
        for corner in _TOP.finditer(line):
            number = _SHOWN.search(corner[1]) or corner[1]
            title = next(t for t in PANE_TITLES if t.startswith(number[0]))
            left, right = corner.start(), corner.end() - 1
            bottom = top + 1
            while bottom < len(lines) and lines[bottom][left] == "│":
                assert lines[bottom][right] == "│", f"{title} has a gap at its right"
                bottom += 1
            assert bottom < len(lines), f"{title} has no bottom"
            assert lines[bottom][left] == "╰", f"{title} has a gap at its left"
            assert lines[bottom][right] == "╯", f"{title} has no lower right corner"
            found.append(Frame(title, left, top, right, bottom))
    return found


def check(lines: Sequence[str]) -> list[Frame]:
    """The frames, of which none is broken, blank or covers another."""
    all_frames = frames(lines)
    for number, frame in enumerate(all_frames):
        inside = [
            line[frame.left + 1 : frame.right] for line in lines[frame.top + 1 : frame.bottom]
        ]
        assert "".join(inside).strip(), f"{frame.title} is blank"
        for other in all_frames[:number]:
            assert not frame.overlaps(other), f"{frame.title} lies over {other.title}"
    return all_frames
