"""The text of the help: what a pane or a screen is for, and a table of its keys."""

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from inspect import cleandoc
from typing import Any

from textual.content import Content
from textual.dom import DOMNode

from nn_tui.tui.dialogs.dialog import Dialog
from nn_tui.tui.keymap import KeyLine, Keymap, KeyNames, key_lines
from nn_tui.tui.panes.pane import Pane

_TITLE, _KEY, _BOLD, _ID = "bold $primary", "$primary", "bold", "dim"
_KEY_COLUMN = 12
"""The least width of the column of keys, so that most tables align."""
_INDENT, _GAP = 2, 2
_LEAST_WHAT = 10
_MARKED = re.compile(r"`([^`]+)`|\*\*([^*]+)\*\*")


@dataclass(frozen=True)
class Chapter:
    """The help of the program, a pane or a screen: a text and its keys.

    In ``text``, paragraphs are separated by empty lines, a heading begins with ``#``, names of
    keys and code are between backticks, and what stands out between ``**``.
    """

    title: str
    text: str
    lines: tuple[KeyLine, ...]


def chapters(
    program: DOMNode, focused: Pane | None, panes: Iterable[Pane], keymap: Keymap, names: KeyNames
) -> list[Chapter]:
    """Return the chapters: the focused pane, the program, then the other panes."""
    others = [pane for pane in panes if pane is not focused]
    nodes = [node for node in (focused, program, *others) if node is not None]
    return [
        chapter_of(node, node.TITLE if isinstance(node, Pane) else "nn-tui", keymap, names)
        for node in nodes
    ]


def chapter_of(node: DOMNode, title: str, keymap: Keymap, names: KeyNames) -> Chapter:
    """Return the chapter on a node: its ``HELP`` and its keys."""
    text = names.also(node.BINDINGS).with_key_names(cleandoc(node.HELP or ""), "`")
    return Chapter(title, text, tuple(key_lines(node.BINDINGS, keymap)))


def screen_chapters(
    screens: Iterable[type[Dialog[Any]]], keymap: Keymap, names: KeyNames
) -> list[Chapter]:
    """Return a chapter for each screen: a sentence and its keys."""
    return [
        Chapter(
            screen.HELP_TITLE,
            names.with_key_names(screen.HELP_TEXT, "`"),
            tuple(
                line
                for node in (screen, *screen.HELP_PARTS)
                for line in key_lines(node.BINDINGS, keymap)
                if line.id
            ),
        )
        for screen in screens
    ]


def chapter_content(chapter: Chapter, words: Sequence[str], width: int) -> Content:
    """Return the chapter for lines of ``width`` cells, with an empty line below.

    With ``words``, only the text and the lines of keys that contain every one of them; empty
    where none does.
    """
    parts = [*_parts(chapter, words, width)]
    return Content("\n\n").join([*parts, Content()]) if parts else Content()


def _parts(chapter: Chapter, words: Sequence[str], width: int) -> Iterator[Content]:
    lines = [
        line
        for line in chapter.lines
        if contains_all(words, f"{chapter.title} {line.keys} {line.what} {line.id}")
    ]
    whole = contains_all(words, f"{chapter.title} {chapter.text}")
    if (whole or lines) and not (whole and chapter.text.startswith("#")):
        yield Content.styled(chapter.title, _TITLE)
    for paragraph in chapter.text.split("\n\n") if whole else ():
        words_only = " ".join(paragraph.split())
        if paragraph.startswith("#"):
            yield Content.styled(words_only.lstrip("# "), _TITLE)
        elif words_only:
            yield _marked(words_only)
    if lines:
        yield key_table(lines, width)


def _marked(text: str) -> Content:
    """Return ``text`` with the styles of what is marked in it."""
    parts: list[str | tuple[str, str]] = []
    end = 0
    for found in _MARKED.finditer(text):
        parts += [text[end : found.start()], (found[1] or found[2], _KEY if found[1] else _BOLD)]
        end = found.end()
    return Content.assemble(*parts, text[end:])


def key_table(lines: Sequence[KeyLine], width: int) -> Content:
    """Return a table of keys, what they do and, on the right, the ids that settings use."""
    keys = max(_KEY_COLUMN, *(len(line.keys) for line in lines))
    start = min(_INDENT + keys + _GAP, max(_INDENT, width - _LEAST_WHAT))
    rows = []
    for line in lines:
        what = textwrap.wrap(line.what, max(_LEAST_WHAT, width - start)) or [""]
        parts: list[str | tuple[str, str]] = [" " * _INDENT, (line.keys, _BOLD)]
        used = _INDENT + len(line.keys)
        if used + _GAP > start:
            parts.append("\n")
            used = 0
        parts.append(" " * (start - used) + ("\n" + " " * start).join(what))
        used = start + len(what[-1])
        if line.id and used + _GAP + len(line.id) > width:
            parts.append("\n")
            used = 0
        parts.append((" " * max(0, width - used - len(line.id)) + line.id, _ID))
        rows.append(Content.assemble(*parts))
    return Content("\n").join(rows)


def contains_all(words: Iterable[str], text: str) -> bool:
    """Whether ``text`` contains every word, in any case."""
    return all(word in text.lower() for word in words)
