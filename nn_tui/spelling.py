"""Suggestions for misspelled names: ``did you mean …?``."""

from collections.abc import Iterable, Mapping

from nn_tui.text import make_printable


def suggest(
    name: str, names: Iterable[str], synonyms: Mapping[str, Iterable[str]] | None = None
) -> tuple[str, ...]:
    """Return the ``names`` that a misspelled ``name`` may mean; empty if none is close.

    In order of preference: equal except for case and hyphens, a synonym, the only name with
    that prefix, the only name with those initials (``lr`` for ``learning_rate``), the closest
    name by its letters.
    """
    from difflib import get_close_matches  # only needed for a misspelled name

    names = tuple(dict.fromkeys(names))
    word = _plain(name)
    meant = {*(synonyms or {}).get(word, ())}
    initials = ["".join(part[:1] for part in _plain(known).split("_")) for known in names]
    exact = [known for known in names if _plain(known) == word]
    certain = exact or [known for known in names if known in meant]
    begun = [known for known in names if _plain(known).startswith(word)]
    abbreviated = [known for known, short in zip(names, initials, strict=True) if short == word]
    for found in (begun, abbreviated):
        if len(word) > 1 and len(found) == 1:
            certain = certain or found
    return tuple(certain or get_close_matches(name, names, 1))


def did_you_mean(
    name: str,
    names: Iterable[str],
    otherwise: str = "",
    synonyms: Mapping[str, Iterable[str]] | None = None,
) -> str:
    """Return ``did you mean …?`` with the suggested names, or ``otherwise``."""
    near = suggest(name, names, synonyms)
    return f"did you mean {make_printable(' or '.join(near))}?" if near else otherwise


def _plain(name: str) -> str:
    return name.strip().lower().replace("-", "_").replace(" ", "_")
