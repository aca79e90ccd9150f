"""Build from a recipe and a dataset: architecture, learning rule, initial weights, targets."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.random import RandomState

from nn_tui.data.dataset import Dataset, lowest_target
from nn_tui.data.generators import GENERATORS
from nn_tui.data.playground import weight_stream
from nn_tui.data.preprocessing import joined_names
from nn_tui.data.random_streams import SeedRandom
from nn_tui.nn.activations import resolve_output
from nn_tui.nn.architecture import Architecture, flatten
from nn_tui.nn.class_weights import ClassWeights, balanced_weights
from nn_tui.nn.initializers import WeightStream, initial_weights
from nn_tui.nn.label_smoothing import LabelSmoothing
from nn_tui.nn.learning_rule import LearningRule
from nn_tui.nn.line_check import StepError, blanks, check_step
from nn_tui.nn.losses import LOSSES
from nn_tui.nn.optimizers import SCALARS
from nn_tui.nn.own_activations import SINGLE_SPACING, SPACING, functions_of
from nn_tui.nn.scalars import Scalars
from nn_tui.nn.schedules import RateSchedule, rate_schedule
from nn_tui.nn.syntax import Function, parse_line
from nn_tui.nn.update_statements import rate_statement
from nn_tui.recipe.parsing import check_output
from nn_tui.recipe.recipe import Recipe, RecipeError
from nn_tui.spelling import did_you_mean
from nn_tui.text import make_printable, quoted
from nn_tui.types import Array

_USUAL_EPOCHS = 100
"""The length of a schedule where neither it nor the number of epochs is given."""


def build_architecture(recipe: Recipe, dataset: Dataset) -> Architecture:
    """The recipe's architecture for this dataset."""
    loss = recipe.training.loss
    output = resolve_output(recipe.network.output, loss, bool(dataset.classes))
    outputs = dataset.output_count(output)
    sizes = (dataset.inputs.shape[1], *recipe.network.hidden, outputs)
    return architecture_of(recipe, sizes, output)


def architecture_of(recipe: Recipe, sizes: tuple[int, ...], output: str) -> Architecture:
    """The recipe's architecture with these layer ``sizes`` and this ``output`` activation."""
    network = recipe.network
    names = [network.activation] if isinstance(network.activation, str) else network.activation
    functions = functions_of(names, functions_in(recipe))
    spacing = SINGLE_SPACING if functions and network.dtype == "float32" else SPACING
    return Architecture(sizes, network.activation, output, network.bias, functions, spacing)


def functions_in(recipe: Recipe) -> tuple[Function, ...]:
    """The functions of the recipe."""
    return tuple(Function(name, body) for name, body in recipe.functions)


def build_learning_rule(recipe: Recipe) -> LearningRule:
    """The recipe's learning rule."""
    training = recipe.training
    return LearningRule(
        loss=training.loss,
        mean=training.reduction == "mean",
        optimizer=training.optimizer,
        penalty=training.penalty,
        carry=training.partial_batch == "carry" and training.batch_size != "all",
        dropout=bool(recipe.network.dropout and recipe.network.hidden),
        input_noise=training.input_noise > 0,
        clip=training.clip_norm != "none",
        schedule=schedule_of(recipe),
        lines=recipe.lines,
        functions=functions_in(recipe),
    )


def schedule_of(recipe: Recipe) -> RateSchedule | None:
    """The schedule of the learning rate; None of a constant one."""
    training = recipe.training
    length, warmup = training.schedule_epochs, training.warmup_epochs
    if isinstance(length, str):
        length = training.epochs or _USUAL_EPOCHS
    return rate_schedule(
        training.schedule,
        length,
        None if isinstance(warmup, str) else warmup,
        training.decay_factor,
        training.final_rate,
    )


def rate_at(recipe: Recipe, epoch: int) -> float:
    """The learning rate of ``epoch``, 1 for the first."""
    return float(rates_at(recipe, np.array([float(epoch)]))[0])


def rates_at(recipe: Recipe, epochs: Array) -> Array:
    """The learning rates of ``epochs``, (n,), 1 for the first."""
    rate = rate_statement(build_learning_rule(recipe))
    if rate is None:
        return np.full(len(epochs), recipe.training.learning_rate)
    scalars = Scalars(np.float64, **scalar_values(recipe), epoch=0.0)
    return scalars.evaluate_over(parse_line(rate.code).value, "epoch", epochs - 1.0)


def check_lines(recipe: Recipe, dataset: Dataset, network: Architecture) -> None:
    """Raise RecipeError where a changed line does not fit into the step."""
    if not recipe.lines:
        return
    rule = replace(
        build_learning_rule(recipe),
        class_weights=class_weights(recipe, dataset, network),
        smoothing=label_smoothing(recipe, dataset, network),
    )
    try:
        check_step(network, rule, batch_sizes(recipe, dataset.train_count))
    except StepError as error:
        place = make_printable(error.code[error.start : error.end])
        at = f", at {place}" if place and place != error.code else ""
        raise RecipeError(f"lines.{error.name}{at}: {error}") from None


def blank_lines(recipe: Recipe, dataset: Dataset) -> list[str]:
    """The names of the lines that are blank, in their order."""
    return blanks(build_architecture(recipe, dataset), build_learning_rule(recipe))


def batch_sizes(recipe: Recipe, samples: int) -> tuple[int, ...]:
    """The numbers of samples of a batch: of a complete one, and of the last if it is smaller."""
    size = recipe.training.batch_size
    if isinstance(size, str) or size >= samples:
        return (samples,)
    rest = samples % size
    return (size, rest) if rest and recipe.training.partial_batch == "keep" else (size,)


def class_weights(recipe: Recipe, dataset: Dataset, network: Architecture) -> ClassWeights | None:
    """The weights of the classes of ``dataset``, None without any.

    Those that are ``balanced`` have the class frequencies of the training set. Raises
    RecipeError without classes, and for an unknown class or another number of classes.
    """
    setting, names = recipe.training.class_weights, dataset.class_names
    if setting == "none":
        return None
    if not names:
        raise RecipeError(
            f"training.class_weights = {_shown(setting)} needs one class for each sample; the "
            f"targets of {dataset.name} are numbers; set it to none"
        )
    if setting == "balanced":
        numbers = dataset.class_numbers(dataset.parts["train"])
        values = balanced_weights(np.bincount(numbers, minlength=len(names)).tolist())
    else:
        values = _weights_by_class(tuple(setting), names)
    low, high = (lowest_target(network.output), 1.0) if dataset.classes else dataset.levels
    return ClassWeights(values, low, high, network.sizes[-1])


def label_smoothing(
    recipe: Recipe, dataset: Dataset, network: Architecture
) -> LabelSmoothing | None:
    """The smoothing of the targets, None without any. Raises RecipeError without classes."""
    if not recipe.training.label_smoothing:
        return None
    if not dataset.class_names:
        raise RecipeError(
            f"training.label_smoothing = {recipe.training.label_smoothing:g} needs one class for "
            f"each sample; the targets of {dataset.name} are numbers; set it to 0"
        )
    low, high = (lowest_target(network.output), 1.0) if dataset.classes else dataset.levels
    return LabelSmoothing(low, high, network.sizes[-1])


def _weights_by_class(setting: tuple[Any, ...], names: Sequence[str]) -> tuple[float, ...]:
    """Of ``setting``, a weight for each class, or strings ``name:weight`` for some of them."""
    if not isinstance(setting[0], str):
        if len(setting) != len(names):
            raise RecipeError(
                f"training.class_weights = {_shown(setting)} has {len(setting)} "
                f"weight{'s'[: len(setting) > 1]} for {len(names)} classes, in the order "
                f"{joined_names(names)}"
            )
        return tuple(float(value) for value in setting)
    found = dict(entry.rsplit(":", 1) for entry in setting)
    for name in found:
        if name not in names:
            hint = did_you_mean(name, names, f"the classes are {joined_names(names)}")
            raise RecipeError(f"training.class_weights: there is no class {quoted(name)}; {hint}")
    return tuple(float(found.get(name, 1)) for name in names)


def _shown(setting: str | tuple[Any, ...]) -> str:
    if isinstance(setting, str):
        return setting
    return ", ".join(v if isinstance(v, str) else f"{v:g}" for v in setting)


def scalar_values(recipe: Recipe) -> dict[str, float]:
    """The recipe's hyperparameters that the statements of a step read, by name."""
    settings = {**vars(recipe.network), **vars(recipe.training)}
    values = {name: settings[name] for name in SCALARS}
    if values["rho"] == "beta2":
        values["rho"] = recipe.training.beta2
    values["base_rate"] = recipe.training.learning_rate
    return {name: 0.0 if isinstance(value, str) else value for name, value in values.items()}


def start_parameters(recipe: Recipe, network: Architecture) -> Array:
    """The flat parameters (parameter_count,) before the first epoch."""
    stream = _stream(recipe)
    named: dict[str, Array] = {}
    for i, (weights, biases) in enumerate(
        initial_weights(recipe.network.init, network.sizes, stream)
    ):
        named[f"W{i}"] = weights
        if network.bias:
            named[f"b{i}"] = biases
    return flatten(named, network)


def _stream(recipe: Recipe) -> WeightStream:
    """The random stream of the initial weights.

    A seed that is a string is TensorFlow Playground's, which draws points and weights from
    one stream: if the points have the same seed, the weights continue after them.
    """
    data, seed = recipe.data, recipe.network.seed
    if not isinstance(seed, str):
        return RandomState(seed)
    if seed == data.seed and data.source in GENERATORS:
        return weight_stream(seed, data.source, data.samples, data.noise)
    return SeedRandom(seed)


def targets(recipe: Recipe, dataset: Dataset, network: Architecture) -> Array:
    """The encoded targets (samples, outputs), float64.

    Raises RecipeError where the loss does not fit these targets or the output activation.
    """
    check_output(network.output, recipe.training.loss)
    encoded = dataset.encoded(network.output)
    wanted = LOSSES[recipe.training.loss].targets
    problem = ""
    if wanted != "any" and (encoded.min() < 0 or encoded.max() > 1):
        problem = f"needs targets from 0 to 1; those of {dataset.name} go from "
        problem += f"{encoded.min():g} to {encoded.max():g}"
    elif wanted == "distribution" and not np.allclose(encoded.sum(axis=1), 1):
        problem = f"needs classes, or targets that add up to 1; those of {dataset.name} do not; "
        problem += "binary_cross_entropy takes any from 0 to 1"
    if problem:
        raise RecipeError(f"training.loss = {recipe.training.loss} {problem}")
    return encoded


def check_batches(recipe: Recipe, samples: int) -> None:
    """Raise RecipeError if no epoch would have an update."""
    training = recipe.training
    size = training.batch_size
    if isinstance(size, int) and size > samples and training.partial_batch == "drop":
        raise RecipeError(
            f"training.batch_size = {size:,} is more than the {samples:,} training "
            "samples, and training.partial_batch = drop skips an incomplete batch: nothing would "
            "be trained; use a smaller batch or keep"
        )


def check_live(recipe: Recipe, dataset: Dataset, network: Architecture) -> None:
    """Raise RecipeError if a run of ``network`` cannot continue with ``recipe``."""
    wanted = build_architecture(recipe, dataset)
    if wanted.sizes != network.sizes:
        raise RecipeError(
            f"the network would have the layers {_sizes(wanted)} instead of {_sizes(network)}; "
            "restart to train it"
        )
    units, mine = ((n.activation, n.functions, n.bias) for n in (wanted, network))
    if units != mine:
        raise RecipeError("the network would have another activation or bias; restart to train it")
    targets(recipe, dataset, wanted)
    class_weights(recipe, dataset, wanted)
    label_smoothing(recipe, dataset, wanted)
    check_lines(recipe, dataset, wanted)
    check_batches(recipe, dataset.train_count)


def _sizes(network: Architecture) -> str:
    return "-".join(str(size) for size in network.sizes)
