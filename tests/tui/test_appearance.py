"""Themes, colours and glyphs by settings and terminal."""

import pytest
from textual.theme import BUILTIN_THEMES

from nn_tui.errors import InputError
from nn_tui.settings import Settings
from nn_tui.tui.appearance import Appearance, appearance_for, ascii_wanted


@pytest.mark.parametrize(
    ("settings", "environment", "colours", "looks"),
    [
        (Settings(), {}, "truecolor", Appearance("nn-dark")),
        (Settings(), {}, "256", Appearance("nn-dark")),
        (Settings(), {}, "standard", Appearance("ansi-dark")),
        (Settings(theme="nn-light"), {}, "standard", Appearance("nn-light")),
        (Settings(theme="nn-light"), {"NO_COLOR": "1"}, "256", Appearance("ansi-dark", True)),
        (Settings(ascii=True), {"LANG": "C.UTF-8"}, "256", Appearance(ascii=True)),
        (Settings(ascii=False), {"LANG": "C"}, "256", Appearance()),
        (Settings(), {"LANG": "C"}, "256", Appearance(ascii=True)),
    ],
)
def test_settings_take_precedence_over_the_terminal(settings, environment, colours, looks):
    assert appearance_for(settings, environment, colours) == looks


def test_the_ansi_theme_is_one_of_textuals():
    assert BUILTIN_THEMES[appearance_for(Settings(), {}, "standard").theme].ansi


def test_an_unknown_theme_is_an_error_that_suggests_the_nearest():
    with pytest.raises(InputError, match="nn-ligth is not a theme; did you mean nn-light"):
        appearance_for(Settings(theme="nn-ligth"), {}, "256")


@pytest.mark.parametrize(
    ("wanted", "environment"),
    [
        (False, {}),
        (False, {"LANG": "de_DE.UTF-8"}),
        (False, {"LANG": "C", "LC_ALL": "en_US.utf8"}),
        (False, {"LC_CTYPE": "C.UTF-8"}),
        (True, {"LANG": "C"}),
        (True, {"LC_ALL": "POSIX", "LANG": "de_DE.UTF-8"}),
        (True, {"LANG": "de_DE.ISO-8859-1"}),
        (True, {"LANG": "C", "LC_CTYPE": "C.UTF-8"}),  # as Python itself makes it of LANG=C
        (True, {"LANG": "de_DE.UTF-8", "TERM": "linux"}),
    ],
)
def test_ascii_is_for_the_console_and_for_other_locales(wanted, environment):
    assert ascii_wanted(environment) == wanted
