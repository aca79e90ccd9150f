"""Panes, screens and views are listed where the app looks for them."""

import importlib
import pkgutil

import pytest
from textual.binding import Binding

import nn_tui.tui.dialogs
import nn_tui.tui.panes
import nn_tui.tui.screens
from nn_tui.tui.dialogs.dialog import Dialog
from nn_tui.tui.help_screens import help_screens
from nn_tui.tui.pane_layout import NUMBERED as NUMBERED_NAMES
from nn_tui.tui.panes.data_views import VIEWS, DataView
from nn_tui.tui.panes.pane import Pane
from tests.tui.screen import opened


def defined_in(package, base):
    """Every subclass of ``base`` defined in a module of ``package``."""
    found = []
    for info in pkgutil.iter_modules(package.__path__):
        module = importlib.import_module(f"{package.__name__}.{info.name}")
        found += [
            kind
            for kind in vars(module).values()
            if isinstance(kind, type)
            and issubclass(kind, base)
            and kind.__module__ == module.__name__
        ]
    return found


NUMBERED = [pane for pane in defined_in(nn_tui.tui.panes, Pane) if "NUMBER" in vars(pane)]
SCREENS = [*defined_in(nn_tui.tui.screens, Dialog), *defined_in(nn_tui.tui.dialogs, Dialog)]


@pytest.mark.parametrize("pane", NUMBERED)
async def test_every_pane_is_listed_composed_and_described(pane):
    name = pane.TITLE.lower()
    assert NUMBERED_NAMES[pane.NUMBER - 1 : pane.NUMBER] == (name,), f"add {name!r} in pane_layout"
    assert pane.HELP, f"give {pane.__name__} a HELP text"
    async with opened("blog", (160, 45)) as seen:
        assert seen.app.query(pane), f"yield {pane.__name__} in NnTui.compose"


@pytest.mark.parametrize("screen", SCREENS)
def test_every_screen_whose_keys_have_ids_is_in_the_help(screen):
    if not any(isinstance(b, Binding) and b.id for b in vars(screen).get("BINDINGS", ())):
        return
    assert screen in help_screens(), f"add {screen.__name__} to help_screens() in help_screens"
    assert screen.HELP_TITLE, f"give {screen.__name__} a HELP_TITLE"
    assert screen.HELP_TEXT, f"give {screen.__name__} a HELP_TEXT"


def test_every_view_of_the_data_is_listed():
    named = {kind for kind in defined_in(nn_tui.tui.panes, DataView) if "NAME" in vars(kind)}
    assert named == {*VIEWS}, "add the view to VIEWS in data_views"
