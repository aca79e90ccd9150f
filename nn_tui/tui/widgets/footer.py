"""The line of keys at the bottom: the most useful keys now, as many as fit."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol, runtime_checkable

from rich.style import Style
from textual.app import App
from textual.events import Click
from textual.screen import Screen
from textual.strip import Strip

from nn_tui.tui.drawing.strips import RowBuilder
from nn_tui.tui.keymap import short_name
from nn_tui.tui.widgets.message_lines import TextLine

_FIRST = ("run", "tour.on")
_LAST = ("open", "help", "quit")
_GAP = 2


@runtime_checkable
class ActionFilter(Protocol):
    """A node that knows which of its actions have an effect now; others are left out."""

    def is_action_useful(self, action: str) -> bool: ...


class KeyHint(NamedTuple):
    """Keys of one group, a label, and the binding id of the first."""

    id: str
    keys: tuple[str, ...]
    word: str

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(short_name(key) for key in self.keys)

    @property
    def width(self) -> int:
        return len(" ".join(["".join(self.names), self.word]))


class KeysLine(TextLine):
    """First run, then the focused pane's keys, then the program's; a click presses a key."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._row = RowBuilder(Style.null())
        self._places: list[tuple[range, str]] = []
        """Cells, and the key that a click on them presses."""

    def lay_out(self, width: int, height: int) -> None:
        palette = self.app.palette
        self._row, self._places = row, places = RowBuilder(palette.text), []
        for hint in fitting(key_hints(self.screen), width - 1):
            row.to(row.width + (_GAP if row.width else 1))
            start = row.width
            for key, name in zip(hint.keys, hint.names, strict=True):
                row.add(name, palette.key)
                places.append((range(start, row.width), key))
                start = row.width
            row.add(f" {hint.word}", palette.muted)
            places.append((range(start, row.width), hint.keys[-1]))

    def draw(self, width: int, height: int) -> list[Strip]:
        return [self._row.strip(width)]

    def on_mount(self) -> None:
        """Draw again whenever the active bindings change."""
        self.screen.bindings_updated_signal.subscribe(self, lambda screen: self.repaint())

    def on_click(self, event: Click) -> None:
        """Press the key clicked on."""
        for places, key in self._places:
            if event.x in places:
                self.app.simulate_key(key)
                return


def key_hints(screen: Screen[object]) -> list[KeyHint]:
    """Return the hints for the active keys, the most important first, grouped."""
    local: list[KeyHint] = []
    program: list[KeyHint] = []
    groups: dict[tuple[object, str], tuple[list[KeyHint], int]] = {}
    actions = set()
    for node, binding, _, _ in screen.active_bindings.values():
        if not binding.show or (node, binding.action) in actions:
            continue
        actions.add((node, binding.action))
        if isinstance(node, ActionFilter) and not node.is_action_useful(binding.action):
            continue
        hints = program if isinstance(node, App) else local
        group = binding.group.description.strip() if binding.group else ""
        if group and (node, group) in groups:
            held, at = groups[node, group]
            held[at] = held[at]._replace(keys=(*held[at].keys, binding.key))
            continue
        groups[node, group] = (hints, len(hints))
        hints.append(KeyHint(binding.id or "", (binding.key,), group or binding.description))
    first = [hint for hint in program if hint.id in _FIRST]
    return [*first, *local, *(hint for hint in program if hint.id not in _FIRST)]


def fitting(hints: Sequence[KeyHint], width: int) -> list[KeyHint]:
    """Return the hints that fit into ``width`` cells; help and quit have priority."""
    last = [hint for hint in hints if hint.id in _LAST]
    kept = _fill(last, [], width)
    others = _fill([hint for hint in hints if hint.id not in _LAST], kept, width)
    return [*others, *kept]


def _fill(hints: Iterable[KeyHint], beside: Sequence[KeyHint], width: int) -> list[KeyHint]:
    kept: list[KeyHint] = []
    for hint in hints:
        if sum(h.width + _GAP for h in (*beside, *kept, hint)) - _GAP <= width:
            kept.append(hint)
    return kept
