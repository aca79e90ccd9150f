"""The keys of the screens that stand over the panes, for settings and for help.

What is typed into a line there cannot be a key: keys that count while one types, such as
those that leave, have no names and stay what they are.
"""

from typing import TYPE_CHECKING, Any, NamedTuple, cast

from textual.binding import BindingType
from textual.dom import DOMNode
from textual.screen import Screen

from nn_tui.tui.keymap import KeyNames

if TYPE_CHECKING:
    from nn_tui.tui.app import NnTui


class HelpTopic(NamedTuple):
    """A screen, what help says of it, and the parts of it that have keys of their own."""

    title: str
    text: str
    screen: type[DOMNode]
    parts: tuple[type[DOMNode], ...] = ()


def keyed_screens() -> list[HelpTopic]:
    """All of them; read only when they are asked for, since some take long to load."""
    from nn_tui.tui.screens.compare import CompareScreen
    from nn_tui.tui.screens.explain import ExplainScreen
    from nn_tui.tui.screens.explain_panels import ArraysPanel, CodePanel
    from nn_tui.tui.screens.export import ExportScreen
    from nn_tui.tui.screens.help import HelpScreen
    from nn_tui.tui.screens.open import OpenScreen
    from nn_tui.tui.screens.resume import ResumeScreen
    from nn_tui.tui.screens.run_details import RunDetailsScreen

    parts = (CodePanel, ArraysPanel)
    return [
        HelpTopic("Explain", "The next step line by line.", ExplainScreen, parts),
        HelpTopic("Compare", "This run beside others.", CompareScreen),
        HelpTopic("Open", "What can be opened; letters count in the list.", OpenScreen),
        HelpTopic("A saved run", "What is known of it, from the list of `open`.", RunDetailsScreen),
        HelpTopic("Write", "What can be written; letters count in the list.", ExportScreen),
        HelpTopic("An unfinished run", "Offered at the start.", ResumeScreen),
        HelpTopic("Help", "This text.", HelpScreen),
    ]


def screen_bindings() -> list[list[BindingType]]:
    """The bindings that count together: those of a screen, and of a screen with each part."""
    together = []
    for keyed in keyed_screens():
        of_screen = _bindings(keyed.screen)
        together += [[*_bindings(part), *of_screen] for part in keyed.parts] or [of_screen]
    return together


def names_on(screen: Screen[Any]) -> KeyNames:
    """The keys as sentences on that screen call them, its own among them."""
    return cast("NnTui", screen.app).key_names.also(screen.BINDINGS)


def _bindings(node: type[DOMNode]) -> list[BindingType]:
    """Its own, and those of what it is a kind of."""
    return [binding for kind in node.__mro__ for binding in vars(kind).get("BINDINGS", ())]
