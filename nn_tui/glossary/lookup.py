"""All entries, by name, word and text.

``ENTRIES`` has the terms. Activations, losses, optimizers, initializers and penalties bring their
own help, formula and source, and are added to it. To add a term, add an entry to the terms of its
subject.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from nn_tui.glossary.data_terms import DATA_TERMS
from nn_tui.glossary.entry import Entry
from nn_tui.glossary.network_terms import NETWORK_TERMS
from nn_tui.glossary.score_terms import SCORE_TERMS
from nn_tui.glossary.screen_terms import SCREEN_TERMS
from nn_tui.glossary.training_terms import TRAINING_TERMS
from nn_tui.nn.activations import ACTIVATIONS
from nn_tui.nn.initializers import INITIALIZERS
from nn_tui.nn.losses import LOSSES
from nn_tui.nn.optimizers import OPTIMIZERS
from nn_tui.nn.regularizers import PENALTIES
from nn_tui.nn.schedules import SCHEDULES

_TERMS = (*DATA_TERMS, *NETWORK_TERMS, *TRAINING_TERMS, *SCORE_TERMS, *SCREEN_TERMS)


def _registered() -> Iterable[Entry]:
    """The entries of the registries, which have their own help, formula and source."""
    of_kind: tuple[tuple[str, Mapping[str, Any]], ...] = (
        ("activation", ACTIVATIONS),
        ("loss", LOSSES),
        ("optimizer", OPTIMIZERS),
        ("initialization", INITIALIZERS),
        ("regularization", PENALTIES),
        ("schedule", SCHEDULES),
    )
    for kind, registry in of_kind:
        for name, item in registry.items():
            if name == "none":
                continue
            sentence = f"{item.help[0].upper()}{item.help[1:]}."
            name = f"{name} schedule" if kind == "schedule" else name
            yield Entry(name, sentence, getattr(item, "formula", ""), item.source, see=(kind,))


ENTRIES: dict[str, Entry] = {entry.name: entry for entry in (*_registered(), *_TERMS)}
"""All entries by name."""


@cache
def _words() -> dict[str, Entry]:
    words: dict[str, Entry] = {}
    for entry in ENTRIES.values():
        for word in (entry.name, *entry.also):
            words.setdefault(_plain(word), entry)
    return words


def find_entry(word: str) -> Entry | None:
    """The entry of a term, recipe key, view, metric or abbreviation; None for any other.

    A name with a number, such as ``l2_delta``, is that of any number.
    """
    words, plain = _words(), _plain(word)
    numbered = (re.sub(r"\d+", digit, plain) for digit in "012")
    return next((words[name] for name in (plain, *numbered) if name in words), None)


def entries_in(text: str) -> list[Entry]:
    """The entries that a text names, in the order of their first mention, each once."""
    plain = _plain(text)
    found: dict[str, int] = {}
    for word, entry in _words().items():
        at = re.search(rf"(?<!\w){re.escape(word)}s?(?!\w)", plain) if len(word) > 2 else None
        if at is not None:
            found[entry.name] = min(at.start(), found.get(entry.name, at.start()))
    return [ENTRIES[name] for name in sorted(found, key=lambda name: found[name])]


def search_entries(text: str) -> list[Entry]:
    """The entries that contain ``text``: in a name first, then in other words, then elsewhere."""
    wanted = _plain(text)

    def rank(entry: Entry) -> int:
        if wanted in _plain(entry.name):
            return 0 if _plain(entry.name).startswith(wanted) else 1
        if any(wanted in _plain(word) for word in entry.also):
            return 2
        return 3 if wanted in _plain(f"{entry.definition} {entry.formula}") else 4

    ranked = sorted((rank(entry), _plain(entry.name), entry) for entry in ENTRIES.values())
    return [entry for order, _, entry in ranked if order < 4]


def _plain(word: str) -> str:
    return " ".join(word.split()).casefold()
