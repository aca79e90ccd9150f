"""``nn-tui export``: an experiment as something to keep or to pass on."""

import argparse
from pathlib import Path

from nn_tui import experiment
from nn_tui.commands.arguments import add_experiment
from nn_tui.commands.messages import say
from nn_tui.errors import InputError
from nn_tui.files.playground_link import link_of_recipe
from nn_tui.files.writing import replace_file
from nn_tui.recipe_text import assigned, check, to_toml

_USAGE = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """EXPERIMENT, ``--set`` and what to make of it."""
    add_experiment(parser)
    parser.add_argument(
        "--link", action="store_true", help="print it as a TensorFlow Playground link"
    )
    parser.add_argument("--recipe", metavar="OUT.toml", help="write it as a recipe file")
    parser.add_argument("--force", action="store_true", help="replace a file that is there")


def run(arguments: argparse.Namespace) -> int:
    """Print the link or write the file; 2 if neither was asked for."""
    if not arguments.link and not arguments.recipe:
        say("nothing to export; say --link or --recipe OUT.toml")
        return _USAGE
    _, recipe = experiment.find(arguments.experiment or "blog")
    for assignment in arguments.set:
        recipe = assigned(recipe, assignment)
    check(recipe)
    if arguments.recipe:
        _write(Path(arguments.recipe), to_toml(recipe), arguments.force)
    if arguments.link:
        print(link_of_recipe(recipe))
    return 0


def _write(path: Path, text: str, force: bool) -> None:
    if path.exists() and not force:
        raise InputError(f"{path} is there already; --force replaces it")
    replace_file(path, lambda file: file.write(text.encode()))
