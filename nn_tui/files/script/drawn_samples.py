"""Code that draws the samples of a generator in a script, in place of their numbers."""

import inspect
import re
from collections.abc import Collection
from dataclasses import dataclass

from nn_tui.data.dataset import Dataset, lowest_target
from nn_tui.data.generators import GENERATORS, between, draw_points
from nn_tui.data.random_streams import random_stream
from nn_tui.files.script.literals import number_literal
from nn_tui.files.script.segments import SegmentSetting
from nn_tui.types import Array

_ANNOTATED = re.compile(r"(\w+): [^,)]+")


@dataclass(frozen=True)
class DrawnSamples:
    """The functions that draw the samples, and the lines that call them."""

    functions: tuple[str, ...]
    lines: tuple[str, ...]


def drawn_samples(
    setting: SegmentSetting, unscaled: Array, targets: str, taken: Collection[str]
) -> DrawnSamples | None:
    """Return code that draws inputs ``X`` and ``targets`` before any scaling, split into sets.

    None where the dataset is not what the generator draws with the recipe's seed, bit for bit,
    or where the names of its functions are ``taken``. ``unscaled`` are the inputs (samples,
    inputs) before scaling.
    """
    data, dataset = setting.recipe.data, setting.dataset
    generator = GENERATORS.get(data.source)
    if generator is None or isinstance(data.seed, str) or dataset.target_scaling is not None:
        return None
    if dataset.samples != data.samples:
        return None
    stream = random_stream(data.seed)
    drawn = draw_points(data.source, stream, data.samples, data.noise)
    order = stream.order(data.samples)
    if not (_same(drawn.inputs[order], unscaled) and _same(drawn.targets[order], dataset.targets)):
        return None
    try:
        functions = [_plain(inspect.getsource(f)) for f in (between, generator.draw)]
    except OSError:  # installed without its source
        return None
    name = generator.draw.__name__.strip("_")
    functions = functions if "between(" in functions[1] else functions[1:]
    if {name, "between", "random", "order"} & {*taken}:
        return None
    lines = [
        f"# {generator.help[0].upper()}{generator.help[1:]}, in random order.",
        f"random = np.random.default_rng({data.seed})",
        f"X, {targets} = {name}(random, {data.samples}, {number_literal(data.noise)})",
        "order = random.permutation(len(X))",
        f"X, {targets} = X[order], {_encoded(setting, targets)}",
        *(line for array in ("X", targets) for line in _split(array, dataset)),
    ]
    return DrawnSamples(tuple(functions), tuple(lines))


def _same(mine: Array, theirs: Array) -> bool:
    return mine.shape == theirs.shape and mine.tobytes() == theirs.tobytes()


def _plain(code: str) -> str:
    """The function without annotations, drawing from a generator of NumPy."""
    head, _, body = code.partition("\n")
    head = _ANNOTATED.sub(r"\1", head.partition(" ->")[0].rstrip(":")) + ":"
    code = f"{head}\n{body}".replace("def _", "def ")
    code = code.replace("stream.uniform(", "random.random(")
    code = code.replace("stream.normal(", "random.standard_normal(").replace("stream", "random")
    return re.sub(r"(random\.\w+)\((samples, \d+)\)", r"\1((\2))", code)


def _encoded(setting: SegmentSetting, targets: str) -> str:
    """The targets in the order drawn, one column per output."""
    if not setting.dataset.classes:
        return f"{targets}[order, None]"
    low = lowest_target(setting.network.output)
    if setting.network.sizes[-1] == 1:
        return f"np.where({targets}[order, None], 1.0, {number_literal(low)})"
    return f"np.where({targets}[order, None] == [False, True], 1.0, {number_literal(low)})"


def _split(array: str, dataset: Dataset) -> list[str]:
    """The line that splits an array into training, validation and test set."""
    parts = sorted(dataset.parts.items(), key=lambda part: part[1].start)
    if len(parts) < 2:
        return []
    names = ", ".join(array if part == "train" else f"{array}_{part}" for part, _ in parts)
    starts = ", ".join(str(rows.start) for _, rows in parts[1:])
    return [f"{names} = np.split({array}, [{starts}])"]
