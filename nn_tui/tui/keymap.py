"""Key bindings by name: which keys they have, and how keys are written.

The name of a binding is its id; ids of a pane start with the pane's name and a dot.
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
from nn_tui.spelling import did_you_mean

Keymap = Mapping[str, str]
"""Comma-separated keys by binding id; they replace the binding's own."""

_MODIFIERS = ("ctrl", "alt", "shift")
_NAMED = {key.value for key in Keys if not key.value.startswith("<")} | {"space"}
_SYNONYMS = {"esc": "escape", "return": "enter", "del": "delete"}
NO_KEY = "no-key"
"""What stands in a keymap for a binding without a key; no terminal sends it."""
_RENAMED = {"tour.on": "lesson.next", "tour.back": "lesson.back", "tour.end": "lesson.leave"}
"""Names of bindings by those that they had in earlier versions."""


class KeyLine(NamedTuple):
    """A line of the help: the keys of a binding, what it does, its id."""

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
    """A line for each binding, with its current keys."""
    for binding in bindings:
        if isinstance(binding, Binding) and not binding.system:
            names = " ".join(key_name(key) for key in keys_of(binding, keymap))
            what = binding.tooltip or binding.description
            yield KeyLine(names, f"{what[:1].upper()}{what[1:]}", binding.id or "")


def keys_of(binding: Binding, keymap: Keymap) -> list[str]:
    """The keys of a binding, in Textual's names."""
    text = keymap.get(binding.id, binding.key) if binding.id else binding.key
    return [_textual_name(key.strip()) for key in text.split(",") if key != NO_KEY]


def key_name(key: str) -> str:
    """A key as written on the screen and in settings: ``[``, ``space``, ``ctrl+r``."""
    return key if key in _NAMED or "+" in key else format_key(key)


def short_name(key: str) -> str:
    """The name of a key in messages, where ``escape`` is ``esc``."""
    return "esc" if key == "escape" else key_name(key)


class KeyNames:
    """The first key of each binding, by binding id, as written in messages.

    For one that has none it is the palette's, which lists every action.
    """

    def __init__(self, nodes: Iterable[Iterable[BindingType]], keymap: Keymap) -> None:
        self._keymap = keymap
        self._bindings = {
            binding.id: binding
            for held in nodes
            for binding in held
            if isinstance(binding, Binding) and binding.id
        }

    def __getitem__(self, name: str) -> str:
        keys = keys_of(self._bindings[name], self._keymap)
        return short_name(keys[0]) if keys else self["palette"] if name != "palette" else "–"

    def also(self, bindings: Iterable[BindingType]) -> "KeyNames":
        """These names and those of ``bindings``."""
        return KeyNames([self._bindings.values(), bindings], self._keymap)

    def with_key_names(self, text: str, around: str = "") -> str:
        """Replace each binding id in backticks by its key, with ``around`` on both sides.

        Anything else in backticks stays. Not for texts that contain data.
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
    """Make the keymap that the settings define.

    ``nodes`` are the bindings of the app (under an empty name) and of each pane,
    ``screens`` those that are active together on each screen over the panes.
    Where a key of the settings is another binding's by default, that one loses it: it may be
    younger than the settings. Raises InputError for an unknown id or key, and if a key has two
    meanings in one place that cannot give way.
    """
    if not wanted:
        return {}
    everything = (*nodes.values(), *screens)
    bindings = {b.id: b for held in everything for b in held if isinstance(b, Binding) and b.id}
    keymap = {}
    for name, keys in current_names(wanted).items():
        if name not in bindings:
            hint = did_you_mean(name, bindings, "? on the screen lists all names")
            raise InputError(f"keys.{name} is not the name of a key binding; {hint}")
        keymap[name] = ",".join(_known(name, key) for key in keys)
    given = frozenset(keymap)
    own = (Screen.BINDINGS, App.BINDINGS)
    for held in nodes.values():
        _settle_clashes((held, nodes[""], *own), keymap, given)
    everywhere = [b for b in nodes[""] if isinstance(b, Binding) and b.priority]
    for held in screens:
        _settle_clashes((everywhere, held, *own), keymap, given)
    return keymap


def current_names(wanted: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    """``wanted`` with the present names of bindings; what is given under such a name stays."""
    return {_RENAMED.get(name, name): keys for name, keys in wanted.items()} | {
        name: keys for name, keys in wanted.items() if name not in _RENAMED
    }


def keys_given_away(
    wanted: Mapping[str, Sequence[str]], keymap: Keymap, bindings: Iterable[BindingType]
) -> str:
    """Tell which ``bindings`` lost a default key to the settings ``wanted``; empty if none."""
    given = current_names(wanted)
    takers = {key: name for name in given for key in keymap[name].split(",")}
    losers: dict[str, list[str]] = {}
    for binding in bindings:
        name = binding.id if isinstance(binding, Binding) else None
        if not isinstance(binding, Binding) or name is None or name in given or name not in keymap:
            continue
        for key in keys_of(binding, {}):
            if key in takers and key not in keymap[name].split(","):
                lost = losers.setdefault(key, [])
                lost += [name] if name not in lost else []
    told = [
        f"{key_name(key)} is {takers[key]}, no longer {' or '.join(lost)}"
        for key, lost in losers.items()
    ]
    return f"as the settings say, {'; '.join(told)}" if told else ""


def _known(name: str, text: str) -> str:
    key = _SYNONYMS.get(text.lower(), text)
    *modifiers, last = key.split("+") if len(key) > 1 else [key]
    last = last.lower() if len(last) > 1 else last
    character = last if len(last) == 1 else key_to_character(last)
    good = last in _NAMED or (character is not None and character.isprintable())
    if not good or any(modifier not in _MODIFIERS for modifier in modifiers):
        hint = did_you_mean(text.lower(), _NAMED, "? on the screen shows how keys are written")
        raise InputError(f'keys.{name} = "{text}" is not a key; {hint}')
    return "+".join([*modifiers, _textual_name(last)])


def _textual_name(key: str) -> str:
    """Textual's name of a key such as ``[``."""
    if key == ",":  # else it would separate two keys
        return "comma"
    return next(iter(Binding.make_bindings([Binding(key, "")]))).key


def _settle_clashes(
    together: Iterable[Iterable[BindingType]], keymap: dict[str, str], given: frozenset[str]
) -> None:
    """Take from bindings in one place the keys that the settings, ``given``, give to others.

    Raises InputError if two of the settings claim a key, or if it is not a binding's that may
    lose it.
    """
    bindings = [b for held in together for b in held if isinstance(b, Binding)]
    holders: dict[str, str] = {}
    for name, key in ((b.id, k) for b in bindings if b.id in given for k in keys_of(b, keymap)):
        assert name is not None
        if (other := holders.setdefault(key, name)) != name:
            raise _clash(other, key, name)
    for binding in bindings:
        keys, name = keys_of(binding, keymap), binding.id or ""
        taken = [key for key in keys if holders.get(key, name) != name]
        if taken and (not name or binding.priority):
            raise _clash(holders[taken[0]], taken[0], name)
        if taken:
            keymap[name] = ",".join(key for key in keys if key not in taken) or NO_KEY


def _clash(name: str, key: str, taker: str) -> InputError:
    return InputError(
        f'keys.{name} = "{key_name(key)}" is already used by {taker or "nn-tui itself"}; '
        "give one of them another key"
    )
