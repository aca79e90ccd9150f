"""Themes, colours and glyphs by settings and terminal."""

import pytest
from textual.theme import BUILTIN_THEMES

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


@pytest.mark.parametrize(
    ("theme", "colours", "told"),
    [
        ("nn-ligth", "256", "nn-ligth is not a theme, so nn-dark is used; did you mean nn-light?"),
        ("zzz", "standard", "zzz is not a theme, so ansi-dark is used; the palette lists"),
        ("", "256", "is not a theme, so nn-dark is used"),
        ("\x1b]52;" + "x" * 999, "256", "is not a theme, so nn-dark is used"),
    ],
)
def test_an_unknown_theme_is_told_in_a_sentence_and_the_default_is_used(theme, colours, told):
    looks = appearance_for(Settings(theme=theme), {}, colours)
    assert looks.theme == ("ansi-dark" if colours == "standard" else "nn-dark")
    assert looks.problem.startswith("screen.theme = ")
    assert told in looks.problem
    assert looks.problem.isprintable()
    assert len(looks.problem) < 200


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
