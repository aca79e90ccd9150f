"""The screens that have a chapter in the help and keys that settings can change."""

from typing import Any

from textual.binding import BindingType
from textual.dom import DOMNode

from nn_tui.tui.dialogs.dialog import Dialog


def help_screens() -> list[type[Dialog[Any]]]:
    """Every screen with a ``HELP_TITLE``, in the order of the help.

    They are imported only here, when asked for: some take long to load.
    """
    from nn_tui.tui.screens.columns import ColumnsScreen
    from nn_tui.tui.screens.compare import CompareScreen
    from nn_tui.tui.screens.explain import ExplainScreen
    from nn_tui.tui.screens.export import ExportScreen
    from nn_tui.tui.screens.glossary import GlossaryScreen
    from nn_tui.tui.screens.help import HelpScreen
    from nn_tui.tui.screens.lessons import LessonsScreen
    from nn_tui.tui.screens.open import OpenScreen
    from nn_tui.tui.screens.resume import ResumeScreen
    from nn_tui.tui.screens.run_details import RunDetailsScreen
    from nn_tui.tui.screens.sweep import SweepScreen
    from nn_tui.tui.screens.sweep_setup import SweepSetup

    return [
        ExplainScreen,
        CompareScreen,
        SweepScreen,
        SweepSetup,
        OpenScreen,
        ColumnsScreen,
        RunDetailsScreen,
        ExportScreen,
        LessonsScreen,
        GlossaryScreen,
        ResumeScreen,
        HelpScreen,
    ]


def screen_bindings() -> list[list[BindingType]]:
    """The bindings that are active together: a screen's, with those of each of its parts."""
    together = []
    for screen in help_screens():
        of_screen = _bindings(screen)
        together += [[*_bindings(part), *of_screen] for part in screen.HELP_PARTS] or [of_screen]
    return together


def _bindings(node: type[DOMNode]) -> list[BindingType]:
    """The bindings of a class and its bases."""
    return [binding for kind in node.__mro__ for binding in vars(kind).get("BINDINGS", ())]
