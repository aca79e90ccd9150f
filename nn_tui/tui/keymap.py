"""Keys by name: how they are written, and which binding has which.

A binding is known by its id, those of panes with the pane's name before a dot.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from textual.app import App
from textual.binding import Binding, BindingType
from textual.keys import Keys, format_key, key_to_character
from textual.screen import Screen

from nn_tui.errors import InputError
from nn_tui.text import did_you_mean

Keymap = Mapping[str, str]
"""Keys, with commas between them, by the id of the binding that has them instead of its own."""

_MODIFIERS = ("ctrl", "alt", "shift")
_NAMED = {key.value for key in Keys if not key.value.startswith("<")} | {"space"}
_SYNONYMS = {"esc": "escape", "return": "enter", "del": "delete"}


class KeyLine(NamedTuple):
    """What help says of a binding: its keys, what it does, its id."""

    keys: str
    what: str
    id: str


_MOVES = {
    "up": ("up,k", "Up"),
    "down": ("down,j", "Down"),
    "left": ("left,h", "Left"),
    "right": ("right,l", "Right"),
    "page-up": ("pageup", "Page up"),
    "page-down": ("pagedown", "Page down"),
    "first": ("home", "First"),
    "last": ("end", "Last"),
}
"""Keys and description of each movement."""


def movement_bindings(
    prefix: str, actions: Mapping[str, str], named: Mapping[str, str] = MappingProxyType({})
) -> list[BindingType]:
    """Return bindings that the line of keys leaves out, with ids such as ``prefix.up``.

    ``actions`` are the actions by movement, ``named`` are descriptions that differ.
    """
    return [
        Binding(keys, actions[move], named.get(move, name), id=f"{prefix}.{move}", show=False)
        for move, (keys, name) in _MOVES.items()
        if move in actions
    ]


def key_lines(bindings: Iterable[BindingType], keymap: Keymap) -> Iterator[KeyLine]:
    """A line for each binding, with the keys that it has now."""
    for binding in bindings:
        if isinstance(binding, Binding) and not binding.system:
            names = " ".join(key_name(key) for key in keys_of(binding, keymap))
            what = binding.tooltip or binding.description
            yield KeyLine(names, f"{what[:1].upper()}{what[1:]}", binding.id or "")


def keys_of(binding: Binding, keymap: Keymap) -> list[str]:
    """The keys of a binding, by Textual's names."""
    text = keymap.get(binding.id, binding.key) if binding.id else binding.key
    return [_textual_name(key.strip()) for key in text.split(",")]


def key_name(key: str) -> str:
    """A key as people and settings call it: ``[``, ``space``, ``ctrl+r``."""
    return key if key in _NAMED or "+" in key else format_key(key)


def short_name(key: str) -> str:
    """The name of a key where room is scarce and sentences say ``esc``."""
    return "esc" if key == "escape" else key_name(key)


class KeyNames:
    """The first key of each binding, by the binding's name, as sentences call it."""

    def __init__(self, nodes: Iterable[Iterable[BindingType]], keymap: Keymap) -> None:
        self._keymap = keymap
        self._bindings = {
            binding.id: binding
            for held in nodes
            for binding in held
            if isinstance(binding, Binding) and binding.id
        }

    def __getitem__(self, name: str) -> str:
        return short_name(keys_of(self._bindings[name], self._keymap)[0])

    def also(self, bindings: Iterable[BindingType]) -> "KeyNames":
        """These, and the keys of a screen's own ``bindings``."""
        return KeyNames([self._bindings.values(), bindings], self._keymap)

    def with_key_names(self, text: str, around: str = "") -> str:
        """``text`` with a key, ``around`` it a sign or none, where it has a name in backticks.

        What else is in backticks stays. For sentences of the program's, never for data.
        """

        def key(found: re.Match[str]) -> str:
            name = found[1]
            return f"{around}{self[name]}{around}" if name in self._bindings else found[0]

        return re.sub("`([^`]+)`", key, text)


def keymap_of(
    wanted: Mapping[str, Sequence[str]],
    nodes: Mapping[str, Iterable[BindingType]],
    screens: Sequence[Iterable[BindingType]] = (),
) -> dict[str, str]:
    """The keymap that settings ask for.

    ``nodes`` are the bindings of the program (under an empty name) and of each pane,
    ``screens`` those that count together where a screen stands over the panes.
    Raises InputError for an id or a key that there is not, and where a key would do two
    things at one place.
    """
    if not wanted:
        return {}
    everything = (*nodes.values(), *screens)
    bindings = {b.id for held in everything for b in held if isinstance(b, Binding) and b.id}
    keymap = {}
    for name, keys in wanted.items():
        if name not in bindings:
            hint = did_you_mean(name, bindings, "? on the screen shows all names")
            raise InputError(f"keys.{name} is the name of nothing that has a key; {hint}")
        keymap[name] = ",".join(_known(name, key) for key in keys)
    own = (Screen.BINDINGS, App.BINDINGS)
    for held in nodes.values():
        _refuse_clashes((held, nodes[""], *own), keymap)
    everywhere = [b for b in nodes[""] if isinstance(b, Binding) and b.priority and not _tours(b)]
    for held in screens:
        _refuse_clashes((everywhere, held, *own), keymap)
    return keymap


def _tours(binding: Binding) -> bool:
    """Whether it is a key of the first minute, which stands among the panes only."""
    return (binding.id or "").startswith("tour.")


def _known(name: str, text: str) -> str:
    key = _SYNONYMS.get(text.lower(), text)
    *modifiers, last = key.split("+") if len(key) > 1 else [key]
    last = last.lower() if len(last) > 1 else last
    character = last if len(last) == 1 else key_to_character(last)
    good = last in _NAMED or (character is not None and character.isprintable())
    if not good or any(modifier not in _MODIFIERS for modifier in modifiers):
        hint = did_you_mean(text.lower(), _NAMED, "keys are called as ? shows them")
        raise InputError(f'keys.{name} = "{text}" is no key; {hint}')
    return "+".join([*modifiers, _textual_name(last)])


def _textual_name(key: str) -> str:
    """``[`` as Textual calls it."""
    if key == ",":  # else it would be taken for what stands between two keys
        return "comma"
    return next(iter(Binding.make_bindings([Binding(key, "")]))).key


def _refuse_clashes(together: Iterable[Iterable[BindingType]], keymap: Keymap) -> None:
    """Raises InputError where, at that place, a key that was given does something else too."""
    holders: dict[str, str] = {}
    for held in together:
        for binding in held:
            if not isinstance(binding, Binding):
                continue
            name = binding.id or ""
            for key in keys_of(binding, keymap):
                other = holders.setdefault(key, name)
                if other != name and (given := [n for n in (other, name) if n in keymap]):
                    taker = name if given[0] == other else other
                    raise InputError(
                        f'keys.{given[0]} = "{key_name(key)}" is taken by '
                        f"{taker or 'the program itself'}; give one of them another key"
                    )
