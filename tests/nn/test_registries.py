"""Every entry of the engine's registries is complete, and documented in the README."""

from pathlib import Path

import pytest

from nn_tui.nn.activations import UNITS
from nn_tui.nn.initializers import INITIALIZERS
from nn_tui.nn.losses import LOSSES
from nn_tui.nn.optimizers import OPTIMIZERS
from nn_tui.nn.regularizers import PENALTIES

README = (Path(__file__).parents[2] / "README.md").read_text()
REGISTRIES = (UNITS, INITIALIZERS, LOSSES, OPTIMIZERS, PENALTIES)
ENTRIES = {
    f"{type(entry).__name__.lower()} {name}": entry
    for registry in REGISTRIES
    for name, entry in registry.items()
}


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
def test_every_entry_has_a_help_and_a_source_and_is_in_the_readme(entry):
    assert entry.help and entry.help[0] not in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    assert not entry.help.endswith("."), "help is a phrase, not a sentence"
    assert len(entry.help) <= 80, f"shorten the help of {entry.name}: lists have one line"
    assert entry.source, f"name the source of {entry.name}"
    assert f"`{entry.name}`" in README, f"list `{entry.name}` in the table of keys of README.md"


@pytest.mark.parametrize("registry", REGISTRIES)
def test_entries_have_their_own_names(registry):
    assert all(entry.name == name for name, entry in registry.items())
