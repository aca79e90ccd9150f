"""``nn-tui list``: presets, data sets, and the keys and choices of a recipe."""

import argparse
from collections.abc import Iterator, Mapping

from nn_tui.data.sources import SOURCES
from nn_tui.nn.activations import ACTIVATIONS, OUTPUTS
from nn_tui.nn.initializers import INITIALIZERS
from nn_tui.nn.losses import LOSSES, REDUCTIONS
from nn_tui.nn.optimizers import OPTIMIZERS
from nn_tui.nn.regularizers import PENALTIES
from nn_tui.recipe.fields import FIELDS
from nn_tui.recipe.presets import PRESETS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add no arguments."""


def run(arguments: argparse.Namespace) -> int:
    """Print the lists."""
    print("\n\n".join("\n".join(_section(title, lines)) for title, lines in _sections().items()))
    return 0


def _sections() -> dict[str, dict[str, str]]:
    return {
        "presets": {name: entry.help for name, entry in PRESETS.items()},
        "data sets (data.source)": SOURCES,
        "activations (network.activation)": {n: e.help for n, e in ACTIVATIONS.items()},
        "output activations (network.output)": OUTPUTS,
        "initializers (network.init)": {n: e.help for n, e in INITIALIZERS.items()},
        "losses (training.loss)": {n: e.help for n, e in LOSSES.items()},
        "reductions (training.reduction)": REDUCTIONS,
        "optimizers (training.optimizer)": {n: e.help for n, e in OPTIMIZERS.items()},
        "regularization (training.penalty)": {n: e.help for n, e in PENALTIES.items()},
        "recipe keys and their defaults (--set KEY=VALUE)": {
            f"{key} = {entry.kind.show(entry.default)}": entry.help for key, entry in FIELDS.items()
        },
    }


def _section(title: str, entries: Mapping[str, str]) -> Iterator[str]:
    yield title
    width = max(len(name) for name in entries)
    for name, help in entries.items():
        yield f"  {name.ljust(width)}  {help}"
