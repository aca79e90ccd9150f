"""The line of keys at the bottom, in three zones: training, the focused pane, the program."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol, runtime_checkable

from rich.style import Style
from textual.app import App
from textual.events import Click
from textual.screen import Screen
from textual.strip import Strip

from nn_tui.tui.drawing.strips import RowBuilder
from nn_tui.tui.keymap import NO_KEY, short_name
from nn_tui.tui.widgets.message_lines import TextLine

_TRAINING = ("run", "epoch", "explain", "undo", "back-in-time")
_PROGRAM = ("open", "write", "help", "quit")
_ZONES = ((140, 5, 4), (100, 3, 4), (80, 3, 2), (60, 2, 2), (0, 1, 2))
"""(least width, hints of training, last hints of the program) in windows of that width."""
_NAMED = 140
"""Least width at which the middle zone begins with the pane's name."""
_LAST = ("help", "quit", "explain.help", "explain.leave", "columns.back")
"""Hints that are shown wherever one fits: for more keys, and the way out."""
_RUN_WIDTH = len("pause")
_GAP, _SEPARATOR = 2, " │ "


@runtime_checkable
class ActionFilter(Protocol):
    """A node that knows which of its actions have an effect now; others are left out."""

    def is_action_useful(self, action: str) -> bool: ...


class KeyHint(NamedTuple):
    """Keys of one group, a label, and the binding id of the first."""

    id: str
    keys: tuple[str, ...]
    word: str
    shown: tuple[str, ...] = ()
    """How a binding wants its key to be written, or empty, for each key."""

    @property
    def names(self) -> tuple[str, ...]:
        shown = self.shown or ("",) * len(self.keys)
        return tuple(sign or short_name(key) for key, sign in zip(self.keys, shown, strict=True))

    @property
    def width(self) -> int:
        return len(" ".join([*self.names, self.word]))


class Zones(NamedTuple):
    """The hints of the line from left to right; ``pane`` is the name of the focused pane.

    Those of training and of the program depend on the width only, so that they never move.
    """

    training: Sequence[KeyHint]
    pane: str
    middle: Sequence[KeyHint]
    program: Sequence[KeyHint]


class KeysLine(TextLine):
    """Keys of training, of the focused pane and of the program; a click presses a key."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._row = RowBuilder(Style.null())
        self._requested = False
        self._places: list[tuple[range, str]] = []
        """Cells, and the key that a click on them presses."""

    def lay_out(self, width: int, height: int) -> None:
        palette = self.app.palette
        self._row, self._places = RowBuilder(palette.text).add(" "), []
        zones = zones_of(key_hints(self.screen), self.app.active_pane.capitalize(), width)
        self._add(zones.training)
        if zones.training:
            self._row.add(_SEPARATOR, palette.faint)
        if zones.pane:
            self._row.add(f"{zones.pane}  ", palette.text)
        self._add(zones.middle)
        if zones.program:
            self._row.to(width - 1 - _width(zones.program) - len(_SEPARATOR))
            self._row.add(_SEPARATOR, palette.faint)
            self._add(zones.program)

    def _add(self, hints: Sequence[KeyHint]) -> None:
        row, palette = self._row, self.app.palette
        for i, hint in enumerate(hints):
            row.add(" " * _GAP if i else "")
            start = row.width
            for j, (key, name) in enumerate(zip(hint.keys, hint.names, strict=True)):
                row.add(" " if j else "").add(name, palette.key)
                self._places.append((range(start, row.width), key))
                start = row.width
            row.add(f" {hint.word}", palette.muted)
            self._places.append((range(start, row.width), hint.keys[-1]))

    def draw(self, width: int, height: int) -> list[Strip]:
        return [self._row.strip(width)]

    def on_mount(self) -> None:
        """Draw again whenever the active bindings change."""
        self.screen.bindings_updated_signal.subscribe(self, self._draw_soon)

    def _draw_soon(self, screen: Screen[object]) -> None:
        """Draw once where a key or a snapshot changes the bindings several times."""
        if not self._requested:
            self._requested = True
            self.call_later(self._draw_now)

    def _draw_now(self) -> None:
        self._requested = False
        self.repaint()

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
        if not binding.show or binding.key == NO_KEY or (node, binding.action) in actions:
            continue
        actions.add((node, binding.action))
        if isinstance(node, ActionFilter) and not node.is_action_useful(binding.action):
            continue
        hints = program if isinstance(node, App) else local
        group = binding.group.description.strip() if binding.group else ""
        if group and (node, group) in groups:
            held, at = groups[node, group]
            hint, sign = held[at], binding.key_display or ""
            held[at] = hint._replace(keys=(*hint.keys, binding.key), shown=(*hint.shown, sign))
            continue
        groups[node, group] = (hints, len(hints))
        signs = (binding.key_display or "",)
        hints.append(KeyHint(binding.id or "", (binding.key,), group or binding.description, signs))
    return [*local, *program]


def zones_of(hints: Sequence[KeyHint], pane: str, width: int) -> Zones:
    """The hints that fit into a line of that ``width``, in zones; the most important ones.

    In the middle are the keys of the pane, then those of the program that have no place of
    their own. Without the keys of training, as while a value is typed, there is one zone.
    """
    by_id = {hint.id: hint for hint in hints}
    left, right = next(counts for least, *counts in _ZONES if width >= least)
    training = [_steady(by_id[name]) for name in _TRAINING[:left] if name in by_id]
    program = [by_id[name] for name in _PROGRAM[-right:] if name in by_id]
    outer = _width(training) + _width(program) + 2 + 2 * len(_SEPARATOR)
    if not training or outer > width:
        return Zones([], "", fitting(hints, width - 2), [])
    named = f"{pane}  " if width >= _NAMED and pane else ""
    rest = [hint for hint in hints if hint.id not in (*_TRAINING, *_PROGRAM)]
    middle = _fill(rest, [], width - outer - len(named))
    return Zones(training, pane if named else "", middle, program)


def _steady(hint: KeyHint) -> KeyHint:
    """The hint as wide as it ever is: its key runs training or pauses it."""
    return hint._replace(word=hint.word.ljust(_RUN_WIDTH)) if hint.id == "run" else hint


def _width(hints: Sequence[KeyHint]) -> int:
    return max(0, sum(hint.width + _GAP for hint in hints) - _GAP)


def fitting(hints: Sequence[KeyHint], width: int) -> list[KeyHint]:
    """Return the hints that fit into ``width`` cells; help and the way out have priority."""
    last = [hint for hint in hints if hint.id in _LAST]
    kept = _fill(last, [], width)
    others = _fill([hint for hint in hints if hint.id not in _LAST], kept, width)
    return [*others, *kept]


def _fill(hints: Iterable[KeyHint], beside: Sequence[KeyHint], width: int) -> list[KeyHint]:
    kept: list[KeyHint] = []
    for hint in hints:
        if _width([*beside, *kept, hint]) <= width:
            kept.append(hint)
    return kept
