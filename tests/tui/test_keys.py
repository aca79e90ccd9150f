"""Keys by name, and other keys for what one likes."""

import pytest
from textual.binding import Binding

from nn_tui.errors import InputError
from nn_tui.tui.keys import KeyLine, key_lines, key_name, keymap_of

NODES = {
    "": [
        Binding("space", "go", "run", id="run"),
        Binding("space", "stop", "pause", id="run"),
        Binding("s", "train", "epoch", id="epoch", tooltip="Train one epoch"),
        Binding("left_square_bracket", "scale", "halve", id="halve"),
    ],
    "loss": [Binding("y", "log", "log axis", id="loss.log")],
    "weights": [Binding("up,k", "move", "up", id="weights.up")],
}
ALONE = {"": [Binding("space", "go", "run", id="run")]}


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("[", "left_square_bracket"),
        (",", "comma"),
        ("comma", "comma"),
        ("esc", "escape"),
        ("F5", "f5"),
        ("ctrl+r", "ctrl+r"),
        ("R", "R"),
        ("é", "é"),
    ],
)
def test_a_key_has_the_name_that_people_write(written, key):
    assert keymap_of({"run": [written]}, ALONE) == {"run": key}


@pytest.mark.parametrize("name", ["[", ",", "?", "space", "escape", "up", "ctrl+r", "R", "f5"])
def test_a_key_is_shown_as_it_may_be_written(name):
    assert key_name(keymap_of({"run": [name]}, ALONE)["run"]) == name


def test_two_may_change_places_and_one_have_several():
    wanted = {"run": ["s"], "epoch": ["space", "enter"]}
    assert keymap_of(wanted, NODES) == {"run": "s", "epoch": "space,enter"}


def test_the_same_key_in_two_panes_is_no_clash():
    assert keymap_of({"loss.log": ["x"], "weights.up": ["x"]}, NODES)


@pytest.mark.parametrize(
    ("name", "keys", "sentence"),
    [
        ("rnu", ["g"], "keys.rnu is the name of nothing that has a key; did you mean run?"),
        ("zebra", ["g"], "? on the screen shows all names"),
        ("run", ["pgup"], 'keys.run = "pgup" is no key; did you mean pageup?'),
        ("run", ["meta+x"], 'keys.run = "meta+x" is no key'),
        ("run", ["s"], 'keys.run = "s" is taken by epoch; give one of them another key'),
        ("run", ["y"], 'keys.run = "y" is taken by loss.log'),
        ("loss.log", ["["], 'keys.loss.log = "[" is taken by halve'),
        ("run", ["tab"], 'keys.run = "tab" is taken by the program itself'),
    ],
)
def test_what_cannot_be_is_one_sentence(name, keys, sentence):
    with pytest.raises(InputError) as refused:
        keymap_of({name: keys}, NODES)
    assert sentence in str(refused.value)


def test_lines_tell_the_keys_that_count_now():
    assert [*key_lines(NODES[""], {"run": "g,f5"})][1:3] == [
        KeyLine("g f5", "Pause", "run"),
        KeyLine("s", "Train one epoch", "epoch"),
    ]
    assert [line.keys for line in key_lines(NODES["weights"], {})] == ["up k"]
