"""How a list of what can be opened looks: headings, and a line for each entry."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.text import Text
from textual.widgets.option_list import Option

from nn_tui.tui.drawing.numbers import format_loss
from nn_tui.tui.drawing.strips import fit_strip, squeezed
from nn_tui.tui.screens.open_items import DATA, GROUPS, RECIPES, RUNS, OpenItem, ago

READING = "being read"
NONE_YET = "none yet: every run that you train is kept by itself"
UNREADABLE = "could not be read"
_FIRST_ONES = {RUNS: 6, RECIPES: 4, DATA: 6}
"""So many of a group show in brief, so that all groups are in sight."""

_EXPERIMENT, _EPOCH, _LOSS, _WHEN = 12, 13, 10, 14
_AFTER_NAME = _EXPERIMENT + _EPOCH + _LOSS + _WHEN + 5


@dataclass(frozen=True)
class OpenListing:
    """``options`` of a list; the id of each entry is its place in ``openings``."""

    options: list[Option]
    openings: list[OpenItem]


def open_listing(found: Sequence[OpenItem], brief: bool, width: int, now: float) -> OpenListing:
    """What was found, by groups; in ``brief`` only the first ones of each.

    Lines have ``width`` cells; ``now`` is in seconds since 1970.
    """
    options: list[Option] = []
    order: list[OpenItem] = []
    for group in GROUPS:
        here = [opening for opening in found if opening.group == group]
        shown = here[: _FIRST_ONES.get(group, len(here))] if brief else here
        if shown:
            options.append(Option(heading(group, width), disabled=True))
        for opening in shown:
            options.append(Option(row(opening, width, now), id=str(len(order))))
            order.append(opening)
        more = len(here) - len(shown)
        if more:
            options.append(_aside(f"{more:,} more: type to find them, tab shows all"))
    return OpenListing(options, order)


def no_runs(width: int, words: str) -> list[Option]:
    """The group of saved runs without any; ``words`` say why."""
    return [Option(heading(RUNS, width), disabled=True), _aside(words)]


def heading(group: str, width: int) -> Text:
    """The line above a group; above runs it names the columns."""
    line = Text(f" {group}", "bold", no_wrap=True)
    if group == RUNS:
        line.pad_right(max(0, _name_width(width) + 1 - len(line)))
        line.append(f" {'experiment':<{_EXPERIMENT}}{'epoch':>{_EPOCH}}", "not bold dim")
        line.append(f"  {'loss':<{_LOSS}}  saved", "not bold dim")
    return line


def row(opening: OpenItem, width: int, now: float) -> Text:
    """An entry in ``width`` cells; ``now`` in seconds since 1970."""
    if opening.run is None:
        name = squeezed(opening.name, width - 2)
        line = Text(f" {name:<14}", no_wrap=True, overflow="ellipsis")
        return line.append(f"  {opening.help}", "dim")
    checkpoint = opening.run.checkpoint
    line = Text(
        f" {fit_strip(opening.name, _name_width(width))}", no_wrap=True, overflow="ellipsis"
    )
    experiment = opening.help if opening.help != opening.name else ""
    line.append(f" {fit_strip(experiment, _EXPERIMENT)}", "dim")
    line.append(f"{checkpoint.epoch:>{_EPOCH},}  {format_loss(checkpoint.train_loss):<{_LOSS}}  ")
    return line.append(opening.mark or ago(now - checkpoint.saved_at), "dim")


def _name_width(width: int) -> int:
    return max(8, width - 1 - _AFTER_NAME)


def _aside(words: str) -> Option:
    return Option(Text(f" {words}", "dim"), disabled=True)
