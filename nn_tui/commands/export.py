"""``nn-tui export``: an experiment as something to keep or to pass on."""

import argparse
from pathlib import Path

from nn_tui import experiment
from nn_tui.commands.arguments import add_epochs, add_experiment
from nn_tui.commands.messages import say
from nn_tui.errors import InputError
from nn_tui.experiment import Experiment
from nn_tui.files.playground_link import link_of_recipe
from nn_tui.files.script.script import script_of
from nn_tui.files.writing import AlreadyThere, check_new, replace_file
from nn_tui.recipe import Recipe
from nn_tui.recipe_text import assigned, check, to_toml
from nn_tui.training.run import Run
from nn_tui.training.trainer import Trainer

_USAGE = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """EXPERIMENT, ``--set`` and what to make of it."""
    add_experiment(parser)
    parser.add_argument(
        "--link", action="store_true", help="print it as a TensorFlow Playground link"
    )
    parser.add_argument("--recipe", metavar="OUT.toml", help="write it as a recipe file")
    parser.add_argument(
        "--script",
        metavar="OUT.py",
        help="write it as a Python file that needs only NumPy and trains the same weights",
    )
    add_epochs(parser, "let the script train so many, whatever the recipe says")
    parser.add_argument("--force", action="store_true", help="replace a file that is there")


def run(arguments: argparse.Namespace) -> int:
    """Print the link, write the files; 2 if none was asked for."""
    if not (arguments.link or arguments.recipe or arguments.script):
        say("nothing to export; say --script OUT.py, --recipe OUT.toml or --link")
        return _USAGE
    for path in (arguments.recipe, arguments.script):
        if path:
            _check_new(Path(path), arguments.force)
    script = ""
    if arguments.script:
        opened = experiment.load(arguments.experiment, arguments.set)
        recipe = opened.recipe
        epochs = recipe.training.epochs if arguments.epochs is None else arguments.epochs
        if arguments.epochs is None and not epochs:
            say(f"{opened.name} never stops by itself (training.epochs = 0); say --epochs N")
            return _USAGE
        script = _script(opened, epochs)
    else:
        recipe = _recipe(arguments)
    if script:
        replace_file(Path(arguments.script), lambda file: file.write(script.encode()))
    if arguments.recipe:
        replace_file(Path(arguments.recipe), lambda file: file.write(to_toml(recipe).encode()))
    if arguments.link:
        print(link_of_recipe(recipe))
    return 0


def _recipe(arguments: argparse.Namespace) -> Recipe:
    _, recipe = experiment.find(arguments.experiment or "blog")
    for assignment in arguments.set:
        recipe = assigned(recipe, assignment)
    check(recipe)
    return recipe


def _script(opened: Experiment, epochs: int) -> str:
    for note in opened.notes:
        say(note)
    trainer = Trainer(opened.recipe, opened.dataset)  # says what does not fit
    if opened.recipe.training.stop_loss != "none":
        trainer.run_epochs(epochs)  # only training tells where it stops
        epochs = trainer.epoch
    return script_of(Run(opened.name, opened.recipe, opened.dataset), epochs)


def _check_new(path: Path, force: bool) -> None:
    try:
        check_new(path, force)
    except AlreadyThere as error:
        raise InputError(f"{error}; --force replaces it") from None
