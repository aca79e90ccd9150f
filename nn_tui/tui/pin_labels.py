"""What pinned runs are called: a number, and in a few words what is different about each."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from nn_tui.fields import FIELDS
from nn_tui.printable import printable
from nn_tui.training.pin import Pin
from nn_tui.tui.strips import squeezed

_LONGEST = 24
_WORDS = {
    "training.learning_rate": "lr",
    "training.batch_size": "batch",
    "training.optimizer": "",
    "training.loss": "",
    "network.hidden": "hidden",
    "network.activation": "",
    "network.seed": "seed",
    "network.dtype": "",
    "network.init": "init",
}
"""Short words for keys; none where the value speaks for itself."""
_NO_MATTER = ("view.", "training.epochs")
"""Keys that change nothing in a curve."""


def labelled(pins: Iterable[Pin], here: str = "") -> tuple[Pin, ...]:
    """The pins, numbered from 1, each with what tells it from the others.

    ``here`` is the name of the run that they are behind.
    """
    pins = tuple(pins)
    several = len({pin.place.run.name for pin in pins} | ({here} if here else set())) > 1
    words = [_words(pin, several) for pin in pins]
    labels = (_label(pin, word, words) for pin, word in zip(pins, words, strict=True))
    return tuple(
        replace(pin, label=f"{number} {label}")
        for number, (pin, label) in enumerate(zip(pins, labels, strict=True), 1)
    )


def short(key: str, value: Any) -> str:
    """A field and its value in a word or two, as in ``lr 0.3``."""
    word = _WORDS.get(key, FIELDS[key].label)
    return f"{word} {printable(FIELDS[key].kind.show(value)).replace(', ', '-')}".strip()


def _label(pin: Pin, word: str, words: Sequence[str]) -> str:
    alike = words.count(word) > 1 or word == _name(pin)
    epoch = f" {pin.outcome.epoch:,}" if alike else ""
    return squeezed(word, _LONGEST - len(epoch)) + epoch


def _words(pin: Pin, several: bool) -> str:
    """What is different from its preset; its name if nothing is, or if there are ``several``."""
    recipe, preset = pin.outcome.recipe, pin.place.run.preset or pin.place.run.recipe
    changes = dict(preset.differences(recipe))
    keys = [key for key in FIELDS if key in changes and not key.startswith(_NO_MATTER)]
    parts = [short(key, changes[key]) for key in keys]
    name = _name(pin) if several or not (parts or pin.note) else ""
    parts = parts or ([pin.note] if pin.note else [])
    for shown in range(len(parts), 0, -1):
        more = f" +{len(parts) - shown}" if shown < len(parts) else ""
        words = f"{name} {', '.join(parts[:shown])}{more}".strip()
        if len(words) <= _LONGEST or shown == 1:
            return words
    return name


def _name(pin: Pin) -> str:
    return printable(pin.place.run.name)
