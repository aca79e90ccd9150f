"""The lines of the open screen: entries by group, in columns."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.text import Text
from textual.widgets.option_list import Option

from nn_tui.tui.drawing.numbers import format_loss
from nn_tui.tui.drawing.strips import fit_text, squeezed
from nn_tui.tui.screens.open_items import DATA, GROUPS, LESSONS, RECIPES, RUNS, OpenItem, ago

_BRIEF = {RUNS: 6, LESSONS: 2, RECIPES: 4, DATA: 6}
"""The number of entries shown per group in brief, so that all groups are in view."""

_EXPERIMENT, _EPOCH, _LOSS, _WHEN = 12, 13, 10, 14
_AFTER_NAME = _EXPERIMENT + _EPOCH + _LOSS + _WHEN + 5


@dataclass(frozen=True)
class OpenListing:
    """The options of a list; the id of each entry is its index in ``items``."""

    options: list[Option]
    items: list[OpenItem]


def list_items(found: Sequence[OpenItem], brief: bool, width: int, now: float) -> OpenListing:
    """Return items by group, in lines of ``width`` cells; if ``brief`` only the first of each.

    ``now`` is in seconds since 1970.
    """
    options: list[Option] = []
    listed: list[OpenItem] = []
    for group in GROUPS:
        members = [item for item in found if item.group == group]
        shown = members[: _BRIEF.get(group, len(members))] if brief else members
        if shown:
            options.append(Option(heading(group, width), disabled=True))
        for item in shown:
            options.append(Option(row(item, width, now), id=str(len(listed))))
            listed.append(item)
        more = len(members) - len(shown)
        if more:
            options.append(_remark(f"{more:,} more: type to filter, tab shows all"))
    return OpenListing(options, listed)


def empty_runs(width: int, reason: str) -> list[Option]:
    """Return the group of saved runs when it is empty, with the reason."""
    return [Option(heading(RUNS, width), disabled=True), _remark(reason)]


def heading(group: str, width: int) -> Text:
    """Return the line above a group; above runs it names the columns."""
    line = Text(f" {group}", "bold", no_wrap=True)
    if group == RUNS:
        line.pad_right(max(0, _name_width(width) + 1 - len(line)))
        line.append(f" {'experiment':<{_EXPERIMENT}}{'epoch':>{_EPOCH}}", "not bold dim")
        line.append(f"  {'loss':<{_LOSS}}  saved", "not bold dim")
    return line


def row(item: OpenItem, width: int, now: float) -> Text:
    """Return an entry in ``width`` cells; ``now`` is in seconds since 1970."""
    if item.run is None:
        name = squeezed(item.name, width - 2)
        line = Text(f" {name:<14}", no_wrap=True, overflow="ellipsis")
        return line.append(f"  {item.help}", "dim")
    checkpoint = item.run.checkpoint
    line = Text(f" {fit_text(item.name, _name_width(width))}", no_wrap=True, overflow="ellipsis")
    experiment = item.help if item.help != item.name else ""
    line.append(f" {fit_text(experiment, _EXPERIMENT)}", "dim")
    line.append(f"{checkpoint.epoch:>{_EPOCH},}  {format_loss(checkpoint.train_loss):<{_LOSS}}  ")
    return line.append(item.status or ago(now - checkpoint.saved_at), "dim")


def _name_width(width: int) -> int:
    return max(8, width - 1 - _AFTER_NAME)


def _remark(text: str) -> Option:
    return Option(Text(f" {text}", "dim"), disabled=True)
