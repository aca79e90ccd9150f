"""What pinned runs are called: a number, and in a few words what is different about each."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from nn_tui.recipe.fields import FIELDS
from nn_tui.text import make_printable
from nn_tui.training.pin import PinnedRun
from nn_tui.tui.drawing.strips import squeezed
from nn_tui.tui.field_words import field_label, is_relevant
from nn_tui.tui.pin_differences import differing_settings

_LONGEST = 24
_SHORTEST = 12


def label_pins(pins: Iterable[PinnedRun], here: str = "") -> tuple[PinnedRun, ...]:
    """The pins, numbered from 1, each with what tells it from the others.

    ``here`` is the name of the run that they are behind.
    """
    pins = tuple(pins)
    several = len({pin.place.run.name for pin in pins} | ({here} if here else set())) > 1
    words = [_words(pin, several) for pin in pins]
    epochs = [_epoch(pin, word, words) for pin, word in zip(pins, words, strict=True)]
    called = [*zip(words, epochs, strict=True)]
    more = [""] * len(pins)
    for name in dict.fromkeys(called):
        alike = [place for place, other in enumerate(called) if other == name]
        own = differing_settings([pins[place] for place in alike], name[0])
        for place, word in zip(alike, own, strict=True):
            more[place] = f" ({word})" if word else ""
    return tuple(
        replace(pin, label=f"{number} {_fitted(word, epoch + extra)}")
        for number, (pin, word, epoch, extra) in enumerate(
            zip(pins, words, epochs, more, strict=True), 1
        )
    )


def _epoch(pin: PinnedRun, word: str, words: Sequence[str]) -> str:
    """The epoch of a pin, where its ``word`` alone does not tell it apart."""
    alike = words.count(word) > 1 or word == _name(pin)
    return f" {pin.outcome.epoch:,}" if alike else ""


def _fitted(word: str, rest: str) -> str:
    return squeezed(word, max(_SHORTEST, _LONGEST - len(rest))) + rest


def _words(pin: PinnedRun, several: bool) -> str:
    """What is different from its preset; its name if nothing is, or if there are ``several``."""
    recipe, preset = pin.outcome.recipe, pin.place.run.preset or pin.place.run.recipe
    changes = dict(preset.differences(recipe))
    keys = [key for key in FIELDS if key in changes and is_relevant(key)]
    parts = [field_label(key, changes[key]) for key in keys]
    name = _name(pin) if several or not (parts or pin.note) else ""
    parts = parts or ([pin.note] if pin.note else [])
    for shown in range(len(parts), 0, -1):
        more = f" +{len(parts) - shown}" if shown < len(parts) else ""
        words = f"{name} {', '.join(parts[:shown])}{more}".strip()
        if len(words) <= _LONGEST or shown == 1:
            return words
    return name


def _name(pin: PinnedRun) -> str:
    return make_printable(pin.place.run.name)
