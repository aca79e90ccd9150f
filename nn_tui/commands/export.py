"""``nn-tui export``: write an experiment or a saved run as a script, a recipe or a link."""

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
from nn_tui.runs import saved_position
from nn_tui.training.edits import RecipeEdit
from nn_tui.training.run import Run, RunPosition
from nn_tui.training.trainer import Trainer

_USAGE = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add EXPERIMENT, ``--set`` and one option for each format."""
    add_experiment(parser)
    parser.add_argument("--link", action="store_true", help="print a TensorFlow Playground link")
    parser.add_argument(
        "--recipe", metavar="OUT.toml", help="write a recipe file; - is standard output"
    )
    parser.add_argument(
        "--script",
        metavar="OUT.py",
        help="write a Python script that needs only NumPy and trains the same weights bit for bit; "
        "- is standard output",
    )
    add_epochs(parser, "number of epochs of the script (overrides the recipe or the saved run)")
    add_force(parser)
    add_state_dir(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write the requested outputs; 2 if there are none. Raises InputError."""
    named = {"--script": arguments.script, "--recipe": arguments.recipe}
    outputs = {option: Output(option, name) for option, name in named.items() if name}
    if not (arguments.link or outputs):
        print_message("nothing to export; add --script OUT.py, --recipe OUT.toml or --link")
        return _USAGE
    folder = _saved_run(arguments)
    read = [] if folder else file_read(arguments.experiment, PRESETS)
    _check(outputs.values(), read, arguments)
    position: RunPosition | None = None
    if folder is not None:
        position = _saved_position(folder, arguments)
    elif arguments.script:
        position = _final_position(arguments)
        if position is None:
            return _USAGE
    if position is None:
        recipe = experiment.recipe_of(arguments.experiment, arguments.set)
    else:
        recipe = _recipe_at(position)
    check_inputs_kept(outputs.values(), file_read(recipe.data.source, SOURCES))
    if folder is not None and position is not None and (arguments.recipe or arguments.link):
        _report_omitted_edits(position)
    texts = {}
    if position is not None and arguments.script:
        texts["--script"] = script_of(position.run, position.epoch)
    if arguments.recipe:
        texts["--recipe"] = to_toml(recipe)
    link = _link(recipe, changeable=folder is None) if arguments.link else ""
    for option, text in texts.items():
        _write(outputs[option], text.encode())
    if link:
        print(link)
    return 0


def _check(outputs: Collection[Output], read: list[str], arguments: argparse.Namespace) -> None:
    """Raise InputError if an output cannot be written or must not be overwritten."""
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


def _saved_position(folder: RunFolder, arguments: argparse.Namespace) -> RunPosition:
    """The last epoch of a saved run, or epoch ``--epochs``."""
    if arguments.set:
        raise InputError("--set applies to experiments only; a saved run is exported unchanged")
    position, warnings = saved_position(folder)
    for warning in warnings:
        print_message(warning)
    return position if arguments.epochs is None else RunPosition(position.run, arguments.epochs)


def _final_position(arguments: argparse.Namespace) -> RunPosition | None:
    """The last epoch of a new run; None, with a message, if training has no end."""
    opened = experiment.load_experiment(arguments.experiment, arguments.set)
    epochs = opened.recipe.training.epochs if arguments.epochs is None else arguments.epochs
    if arguments.epochs is None and not epochs:
        print_message(f"{opened.name} trains without end (training.epochs = 0); add --epochs N")
        return None
    for note in opened.notes:
        print_message(note)
    trainer = Trainer(opened.recipe, opened.dataset)  # reports settings that do not fit the data
    training = opened.recipe.training
    if training.stop_loss != "none" or training.patience or training.restore_best:
        trainer.run_epochs(epochs)  # the epoch is known only after training
        epochs = trainer.epoch
        if training.restore_best and trainer.best is not None and not trainer.diverged:
            epochs = trainer.best.epoch
    return RunPosition(Run(opened.name, opened.recipe, opened.dataset), epochs)


def _link(recipe: Recipe, changeable: bool) -> str:
    """The link; raises InputError, with the options that help if the recipe is ``changeable``."""
    try:
        return link_of_recipe(recipe)
    except NoLink as error:
        if not changeable or "data.source" in dict(error.changes):
            raise  # other data would make it a different experiment
        options = " ".join(f"--set {shlex.quote(f'{key}={text}')}" for key, text in error.changes)
        raise InputError(f"{error}; add {options}") from None


def _recipe_at(position: RunPosition) -> Recipe:
    recipe = position.run.recipe
    for edit in position.run.until(position.epoch).edits:
        if isinstance(edit, RecipeEdit):
            recipe = edit.applied_to(recipe)
    return recipe


def _report_omitted_edits(position: RunPosition) -> None:
    edits = position.run.until(position.epoch).edits
    others = sum(not isinstance(edit, RecipeEdit) for edit in edits)
    if others:
        count = "1 change" if others == 1 else f"{others} changes"
        print_message(
            f"{count} of weights or data left out of the recipe or link; --script includes them"
        )


def _write(output: Output, content: bytes) -> None:
    if output.standard:
        write_standard(content)
    else:
        replace_file(output.path, lambda file: file.write(content))
