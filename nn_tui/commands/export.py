"""``nn-tui export``: an experiment or a saved run as something to keep or to pass on."""

import argparse
import shlex
from collections.abc import Collection

from nn_tui import experiment, paths
from nn_tui.commands.console import print_message
from nn_tui.commands.options import add_epochs, add_experiment, add_force, add_state_dir, file_read
from nn_tui.data.sources import SOURCES
from nn_tui.errors import InputError
from nn_tui.fileio import check_new, check_writable, replace_file
from nn_tui.files.outputs import (
    Output,
    check_apart,
    check_inputs_kept,
    check_replaceable,
    write_standard,
)
from nn_tui.files.playground_export import NoLink, link_of_recipe
from nn_tui.files.runs.run_folder import RunFolder
from nn_tui.files.runs.run_store import RunStore
from nn_tui.files.script.script import script_of
from nn_tui.recipe.parsing import to_toml
from nn_tui.recipe.presets import PRESETS
from nn_tui.recipe.recipe import Recipe
from nn_tui.runs import saved
from nn_tui.training.edits import RecipeEdit
from nn_tui.training.run import Run, RunPosition
from nn_tui.training.trainer import Trainer

_USAGE = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """EXPERIMENT, ``--set`` and what to make of it."""
    add_experiment(parser)
    parser.add_argument(
        "--link", action="store_true", help="print it as a TensorFlow Playground link"
    )
    parser.add_argument(
        "--recipe", metavar="OUT.toml", help="write it as a recipe file; - is standard output"
    )
    parser.add_argument(
        "--script",
        metavar="OUT.py",
        help="write it as a Python file that needs only NumPy and trains the same weights; - is "
        "standard output",
    )
    add_epochs(parser, "let the script train so many, whatever the recipe or the saved run says")
    add_force(parser)
    add_state_dir(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the link, write the files; 2 if none was asked for.

    Raises InputError.
    """
    named = {"--script": arguments.script, "--recipe": arguments.recipe}
    outputs = {option: Output(option, name) for option, name in named.items() if name}
    if not (arguments.link or outputs):
        print_message("nothing to export; say --script OUT.py, --recipe OUT.toml or --link")
        return _USAGE
    folder = _saved_run(arguments)
    read = [] if folder else file_read(arguments.experiment, PRESETS)
    _check(outputs.values(), read, arguments)
    place: RunPosition | None = None
    if folder is not None:
        place = _left(folder, arguments)
    elif arguments.script:
        place = _planned(arguments)
        if place is None:
            return _USAGE
    if place is None:
        recipe = experiment.recipe_of(arguments.experiment, arguments.set)
    else:
        recipe = _recipe_at(place)
    check_inputs_kept(outputs.values(), file_read(recipe.data.source, SOURCES))
    if folder is not None and place is not None and (arguments.recipe or arguments.link):
        _say_what_is_left_out(place)
    texts = {}
    if place is not None and arguments.script:
        texts["--script"] = script_of(place.run, place.epoch)
    if arguments.recipe:
        texts["--recipe"] = to_toml(recipe)
    link = _link(recipe, changeable=folder is None) if arguments.link else ""
    for option, text in texts.items():
        _write(outputs[option], text.encode())
    if link:
        print(link)
    return 0


def _check(outputs: Collection[Output], read: list[str], arguments: argparse.Namespace) -> None:
    """Raises InputError where one of the outputs must not be written, whatever is in it."""
    check_apart([*outputs], printing="--link" if arguments.link else "")
    check_inputs_kept(outputs, read)
    check_replaceable(outputs, arguments.force)
    for output in outputs:
        if not output.standard:
            check_new(output.path, replace=True)
            check_writable(output.path)


def _saved_run(arguments: argparse.Namespace) -> RunFolder | None:
    word = arguments.experiment
    if not word or word in PRESETS:
        return None
    try:
        return RunStore(paths.state_dir(arguments.state_dir) / "runs").find(word)
    except paths.NoHome:
        return None


def _left(folder: RunFolder, arguments: argparse.Namespace) -> RunPosition:
    """Where a saved run was left, or another epoch of it."""
    if arguments.set:
        raise InputError("--set is for experiments; a saved run is exported as it is")
    place, warnings = saved(folder)
    for warning in warnings:
        print_message(warning)
    return place if arguments.epochs is None else RunPosition(place.run, arguments.epochs)


def _planned(arguments: argparse.Namespace) -> RunPosition | None:
    """Where a run of the experiment would end; None, and a sentence, if it never would."""
    opened = experiment.load_experiment(arguments.experiment, arguments.set)
    epochs = opened.recipe.training.epochs if arguments.epochs is None else arguments.epochs
    if arguments.epochs is None and not epochs:
        print_message(f"{opened.name} never stops by itself (training.epochs = 0); say --epochs N")
        return None
    for note in opened.notes:
        print_message(note)
    trainer = Trainer(opened.recipe, opened.dataset)  # says what does not fit
    if opened.recipe.training.stop_loss != "none":
        trainer.run_epochs(epochs)  # only training tells where it stops
        epochs = trainer.epoch
    return RunPosition(Run(opened.name, opened.recipe, opened.dataset), epochs)


def _link(recipe: Recipe, changeable: bool) -> str:
    """The link; raises InputError, with what to say instead where a recipe is ``changeable``."""
    try:
        return link_of_recipe(recipe)
    except NoLink as error:
        if not changeable or "data.source" in dict(error.changes):
            raise  # with other samples it would be another experiment
        instead = " ".join(f"--set {shlex.quote(f'{key}={text}')}" for key, text in error.changes)
        raise InputError(f"{error}; with {instead} there is one") from None


def _recipe_at(place: RunPosition) -> Recipe:
    recipe = place.run.recipe
    for edit in place.run.until(place.epoch).edits:
        if isinstance(edit, RecipeEdit):
            recipe = edit.applied_to(recipe)
    return recipe


def _say_what_is_left_out(place: RunPosition) -> None:
    edits = place.run.until(place.epoch).edits
    others = sum(not isinstance(edit, RecipeEdit) for edit in edits)
    if others:
        count = "1 change" if others == 1 else f"{others} changes"
        print_message(
            f"{count} of weights or data had no place in a recipe or link; --script has them"
        )


def _write(output: Output, content: bytes) -> None:
    if output.standard:
        write_standard(content)
    else:
        replace_file(output.path, lambda file: file.write(content))
