"""What the README promises: its commands, and its table of keys."""

import re
import subprocess
from pathlib import Path

from nn_tui.commands import COMMANDS
from nn_tui.fields import FIELDS
from nn_tui.kinds import Choice
from nn_tui.recipe import Recipe
from nn_tui.recipe_text import from_toml

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


def test_the_table_of_keys_is_the_table_of_fields():
    rows = re.findall(r"^\| `([a-z_]+\.[a-z_0-9]+)` \| (.*) \| `(.*)` \|$", README, re.MULTILINE)
    assert [(key, default) for key, _, default in rows] == [
        (key, entry.kind.show(entry.default)) for key, entry in FIELDS.items()
    ]
    for key, values, _ in rows:
        if isinstance(FIELDS[key].kind, Choice):
            assert set(re.findall(r"`(\w+)`", values)) == set(FIELDS[key].kind.choices), key


def test_the_example_recipe_is_one():
    (text,) = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
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
