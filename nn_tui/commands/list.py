"""``nn-tui list``: presets, data sets, and the keys and choices of a recipe."""

import argparse
from collections.abc import Iterator, Mapping
from textwrap import wrap

from nn_tui.data.sources import SOURCES
from nn_tui.errors import InputError
from nn_tui.nn.activations import ACTIVATIONS, OUTPUTS
from nn_tui.nn.initializers import INITIALIZERS
from nn_tui.nn.losses import LOSSES, REDUCTIONS
from nn_tui.nn.optimizers import OPTIMIZERS
from nn_tui.nn.regularizers import PENALTIES
from nn_tui.nn.schedules import SCHEDULES
from nn_tui.recipe.fields import FIELDS
from nn_tui.recipe.presets import PRESETS
from nn_tui.text import quoted

_WIDTH = 76


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add ``--definitions``."""
    parser.add_argument(
        "--definitions",
        nargs="?",
        const="",
        metavar="WORD",
        help="what every term means, or those with WORD, and how other libraries define it",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the lists, or the glossary. Raises InputError for a word that it does not have."""
    if arguments.definitions is not None:
        print("\n\n".join(_definitions(arguments.definitions)))
        return 0
    print("\n\n".join("\n".join(_section(title, lines)) for title, lines in _sections().items()))
    return 0


def _definitions(word: str) -> Iterator[str]:
    """The entries of the glossary with ``word``, all by name if it is empty."""
    from nn_tui.glossary.lookup import ENTRIES, find_entry, search_entries
    from nn_tui.library_definitions import definitions_of, lines_of

    beside = definitions_of(word)
    entries = sorted(ENTRIES.values(), key=lambda entry: entry.name.casefold())
    if word:
        exact = find_entry(word)
        entries = [exact] if exact else search_entries(word)
    if not entries and not beside:
        raise InputError(
            f"the glossary has no {quoted(word)}; nn-tui list --definitions has all terms"
        )
    for entry in entries:
        lines = [entry.name, *wrap(entry.definition, _WIDTH)]
        lines += [f"formula  {entry.formula}"] * bool(entry.formula)
        lines += [f"source   {entry.source}"] * bool(entry.source)
        lines += [f"see      {', '.join(entry.see)}"] * bool(entry.see)
        lines += [f"lesson   {entry.lesson}"] * bool(entry.lesson)
        yield "\n  ".join(lines)
    yield from ("\n  ".join(lines_of(definition)) for definition in beside)


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
        "schedules (training.schedule)": {n: e.help for n, e in SCHEDULES.items()},
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
