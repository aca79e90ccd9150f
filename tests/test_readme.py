"""What the README promises: its commands, its keys, its examples."""

import argparse
import re
import subprocess
from importlib import import_module
from pathlib import Path

import pytest

from nn_tui import experiment
from nn_tui.commands import COMMANDS, OPEN
from nn_tui.recipe.field_types import ChoiceField
from nn_tui.recipe.fields import FIELDS
from nn_tui.recipe.parsing import from_toml
from nn_tui.recipe.presets import PRESETS
from nn_tui.recipe.recipe import Recipe
from nn_tui.runs import new_timeline
from nn_tui.settings import read_settings
from nn_tui.tui.app import NnTui
from nn_tui.tui.appearance import THEMES
from nn_tui.tui.keymap import key_name, keys_of
from nn_tui.tui.panes.data import DataPane
from nn_tui.tui.panes.hyperparameters import HyperparametersPane
from nn_tui.tui.panes.lesson import LessonPane
from nn_tui.tui.panes.loss import LossPane
from nn_tui.tui.panes.network import NetworkPane
from nn_tui.tui.panes.weights import WeightsPane

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


def test_the_table_of_keys_is_the_table_of_fields():
    rows = re.findall(r"^\| `([a-z_]+\.[a-z_0-9]+)` \| (.*) \| `(.*)` \|$", README, re.MULTILINE)
    assert [(key, default) for key, _, default in rows] == [
        (key, entry.kind.show(entry.default)) for key, entry in FIELDS.items()
    ]
    for key, values, _ in rows:
        if isinstance(FIELDS[key].kind, ChoiceField):
            assert set(re.findall(r"`(\w+)`", values)) == set(FIELDS[key].kind.choices), key


def test_the_example_recipe_is_one():
    (text,) = re.findall(r"```toml\n(\[data\].*?)```", README, re.DOTALL)
    assert from_toml(text) != Recipe()


def test_every_command_is_described():
    for name in COMMANDS:
        assert f"nn-tui {name}" in README


def test_one_line_opens_the_program_and_one_runs_the_tests():
    lines = re.findall(r"^python3 -m venv .*$", README, re.MULTILINE)
    assert [line.rsplit("&& ", 1)[1] for line in lines] == [
        ".venv/bin/nn-tui",
        ".venv/bin/python -m pytest",
    ]


def test_the_checks_run_the_readmes_own_command():
    script = (ROOT / ".ci" / "run").read_text()
    (pattern,) = re.findall(r"grep -Ex '(.*)' README.md", script)
    found = subprocess.run(
        ["grep", "-Ex", pattern, ROOT / "README.md"], capture_output=True, text=True, check=True
    )
    assert found.stdout.count("\n") == 1
    assert "[test]" not in script


def test_every_key_of_the_program_and_of_its_panes_is_told():
    section = README[README.index("## Keys") : README.index("## Understanding")]
    told = {*re.findall(r"`(\S+)`", section), *"12345", "up", "down", "escape"}
    for node in (
        *(NnTui, DataPane, HyperparametersPane, WeightsPane, NetworkPane, LossPane),
        LessonPane,
    ):
        for binding in node.BINDINGS:
            for key in keys_of(binding, {}):
                assert key_name(key) in told, f"{node.__name__}: {binding.id}"


@pytest.mark.parametrize("name", [OPEN, *COMMANDS])
def test_every_option_is_told_at_its_command(name):
    section = README[README.index("## The command line") :]
    start = section.index("nn-tui [EXP" if name == OPEN else f"\nnn-tui {name}")
    told = section[start : section.index("\nnn-tui ", start + 1)]
    parser = argparse.ArgumentParser(add_help=False)
    import_module(f"nn_tui.commands.{name}").add_arguments(parser)
    for action in parser._actions:
        assert all(option in told for option in action.option_strings)
        assert all(choice in told for choice in action.choices or ())


def test_every_preset_theme_of_our_own_and_picture_that_is_named_is_there():
    told = README[README.index("- a preset:") : README.index("- a recipe file")]
    assert re.findall(r"`([\w-]+)`", told) == [*PRESETS]
    for name in re.findall(r"\]\((screenshots/.*?)\)", README):
        assert (ROOT / name).is_file()


def test_the_example_settings_are_some(tmp_path):
    (text,) = re.findall(r"```toml\n(\[keys\].*?)```", README, re.DOTALL)
    file = tmp_path / "config.toml"
    file.write_text(text)
    settings = read_settings(file)
    assert settings.theme in THEMES
    assert (
        NnTui(new_timeline(experiment.load_experiment("blog")), keys=settings.keys).keymap["run"]
        == "g"
    )
