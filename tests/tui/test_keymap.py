"""Keys by name, and other keys for what one likes."""

import pytest
from textual.binding import Binding

from nn_tui import experiment
from nn_tui.errors import InputError
from nn_tui.runs import new_timeline
from nn_tui.tui.app import NnTui
from nn_tui.tui.keymap import (
    NO_KEY,
    KeyLine,
    KeyNames,
    key_lines,
    key_name,
    keymap_of,
    keys_given_away,
    keys_of,
)
from tests.tui.screen import opened

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
def test_a_key_has_a_readable_name(written, key):
    assert keymap_of({"run": [written]}, ALONE) == {"run": key}


@pytest.mark.parametrize("name", ["[", ",", "?", "space", "escape", "up", "ctrl+r", "R", "f5"])
def test_a_key_is_shown_as_it_may_be_written(name):
    assert key_name(keymap_of({"run": [name]}, ALONE)["run"]) == name


def test_two_bindings_may_swap_keys_and_one_may_have_several():
    wanted = {"run": ["s"], "epoch": ["space", "enter"]}
    assert keymap_of(wanted, NODES) == {"run": "s", "epoch": "space,enter"}


def test_the_same_key_in_two_panes_is_no_clash():
    assert keymap_of({"loss.log": ["x"], "weights.up": ["x"]}, NODES)


@pytest.mark.parametrize(
    ("name", "keys", "sentence"),
    [
        ("rnu", ["g"], "keys.rnu is not the name of a key binding; did you mean run?"),
        ("zebra", ["g"], "? on the screen lists all names"),
        ("run", ["pgup"], 'keys.run = "pgup" is not a key; did you mean pageup?'),
        ("run", ["meta+x"], 'keys.run = "meta+x" is not a key'),
        ("run", ["tab"], 'keys.run = "tab" is already used by nn-tui itself'),
    ],
)
def test_an_invalid_setting_is_an_error_in_one_sentence(name, keys, sentence):
    with pytest.raises(InputError) as refused:
        keymap_of({name: keys}, NODES)
    assert sentence in str(refused.value)


def test_two_of_the_settings_cannot_have_the_same_key_in_one_place():
    with pytest.raises(InputError) as refused:
        keymap_of({"run": ["g"], "loss.log": ["g"]}, NODES)
    assert 'keys.loss.log = "g" is already used by run; give one' in str(refused.value)


@pytest.mark.parametrize(
    ("name", "key", "lost", "told"),
    [
        ("run", "s", {"epoch": NO_KEY}, "s is run, no longer epoch"),
        ("run", "y", {"loss.log": NO_KEY}, "y is run, no longer loss.log"),
        ("run", "k", {"weights.up": "up"}, "k is run, no longer weights.up"),
        ("loss.log", "[", {"halve": NO_KEY}, "[ is loss.log, no longer halve"),
    ],
)
def test_a_default_key_gives_way_to_the_settings(name, key, lost, told):
    keymap = keymap_of({name: [key]}, NODES)
    (written,) = keys_of(Binding(key, "", id=name), {})
    assert keymap == {name: written, **lost}
    bindings = [binding for held in NODES.values() for binding in held]
    assert keys_given_away({name: [key]}, keymap, bindings) == f"as the settings say, {told}"


def test_names_of_earlier_versions_are_known():
    nodes = {"": [], "lesson": [Binding("enter", "next", id="lesson.next")]}
    assert keymap_of({"tour.on": ["f5"]}, nodes) == {"lesson.next": "f5"}
    both = {"lesson.next": ["f6"], "tour.on": ["f5"]}
    assert keymap_of(both, nodes) == {"lesson.next": "f6"}


YOUNGER = [
    ("run", "G"),
    ("run", "a"),
    ("run", "A"),
    ("run", "6"),
    ("run", "m"),
    ("run", "c"),
    ("weights.set", "a"),
    ("loss.log", "e"),
    ("loss.crosshair", "k"),
    ("explain.finish", "a"),
    ("help.find", "A"),
    ("tour.on", "f5"),
]
"""What settings could say before these were keys of younger bindings."""


@pytest.mark.parametrize(("name", "key"), YOUNGER)
def test_settings_older_than_a_default_key_start_the_program(name, key):
    line = new_timeline(experiment.load_experiment("blog"))
    assert key in NnTui(line, keys={name: [key]}).keymap.values()


async def test_what_the_settings_take_from_a_default_is_told_and_found_in_the_palette():
    async with opened("blog", (120, 36), keys={"run": ["G"], "zoom": ["a"]}) as seen:
        assert seen.info.startswith(
            "as the settings say, G is run, no longer sweep; a is zoom, no longer about"
        )
        await seen.press("G")
        assert seen.app.snapshot.epoch == 50
        await seen.press("a")
        assert seen.panes == {"hyperparameters"}
        await seen.press("?")
        assert "no-key" not in "".join(
            str(w.content) for w in seen.app.screen.query("ScrolledText")
        )
        await seen.press("escape")
        assert seen.app.key_names["sweep"] == "ctrl+p"


def test_key_lines_show_the_current_keys():
    assert [*key_lines(NODES[""], {"run": "g,f5"})][1:3] == [
        KeyLine("g f5", "Pause", "run"),
        KeyLine("s", "Train one epoch", "epoch"),
    ]
    assert [line.keys for line in key_lines(NODES["weights"], {})] == ["up k"]


def test_a_binding_id_in_backticks_becomes_its_first_key():
    names = KeyNames(NODES.values(), {"run": "escape,f5"})
    assert names["run"] == "esc"
    assert names.with_key_names("`run` trains; `weights.up` is up") == "esc trains; up is up"
    assert names.with_key_names("`halve` halves `W0`", "`") == "`[` halves `W0`"


OTHERS = {
    "run": ["g", "f2"],
    "epoch": ["E"],
    "help": ["f1"],
    "undo": ["~"],
    "halve": [";"],
    "back": ["ctrl+x"],
    "compare": ["ctrl+k"],
    "unpin": ["ctrl+u"],
    "zoom": ["Z"],
    "weights.view": ["W"],
    "weights.set": ["e"],
    "hyperparameters.preset": ["@"],
    "loss.crosshair": ["K"],
}


async def test_messages_name_the_keys_of_the_settings():
    async with opened("blog", (120, 36), "training.epochs=20", keys=OTHERS) as seen:
        assert seen.info == "g trains, E one epoch, f1 helps, q saves and quits"
        await seen.press("5")
        assert "press g to" in " ".join(seen.text.split())
        assert "K reads values off the curve" in seen.info
        await seen.press("3")
        assert seen.info == "arrows move, e sets the weight, delete prunes it, W shows gradients"
        await seen.press("W", "W")
        place = seen.app.query_one("#weights").content_region
        told = " ".join(line[place.x : place.right] for line in seen.lines)
        assert "first epoch; E trains one." in " ".join(told.split())
        await seen.press("2", ";")
        assert "@ resets to 1" in told_here(seen)
        await seen.press("~")
        assert seen.info.startswith("undone: ")
        await seen.press("p")
        assert seen.info.endswith("; ctrl+k compares the runs, ctrl+u removes all pins")
        await seen.press("g")
        assert seen.info == "Finished 20 epochs; g continues for 20 more"
        await seen.press("<")
        assert "; g continues from here" in seen.info


def told_here(seen):
    seen.app.show_message()
    return seen.info


async def test_a_change_and_a_divergence_name_the_keys_that_undo_them():
    linear = ("network.activation=linear", "network.output=linear", "training.learning_rate=1000")
    async with opened("blog", (120, 36), *linear, keys=OTHERS) as seen:
        seen.app.edits.change("network.hidden", "3")
        await seen.settled()
        assert seen.info == "hidden layers is 3: restarted; ~ undoes it"
        await seen.train(200)
        assert "; ; goes back to the best epoch and sets 0.066" in seen.info


async def test_help_texts_name_the_keys_of_the_settings():
    async with opened("blog", (120, 36), keys=OTHERS) as seen:
        await seen.press("3", "f1")
        text = " ".join(seen.text.split())
        assert "e sets a value by hand" in text
        assert "W changes to the gradients" in text


@pytest.mark.parametrize("experiment", ["blog", "circle", "sine"])
async def test_no_view_shows_a_binding_id_in_place_of_its_key(experiment):
    async with opened(experiment, (100, 30), "data.samples=20") as seen:
        for pane in "12345":
            await seen.press(pane)
            for _ in range(4):
                assert "`" not in seen.text
                await seen.press("v")
