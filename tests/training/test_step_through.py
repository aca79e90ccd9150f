"""Updates stepped through line by line, for recipes of every kind."""

import random
import re

import numpy as np
import pytest

from nn_tui.nn.activations import ACTIVATIONS
from nn_tui.nn.explain.arithmetic import cell_arithmetic
from nn_tui.nn.explain.expression_tree import text_of
from nn_tui.nn.explain.stepper import StepDebugger
from nn_tui.nn.step import FUNCTIONS
from tests.training.drawn import COUNT, drawn, trained

NUMBERS = range(COUNT)


def evaluated(text):
    """What the written arithmetic gives, as a person with a calculator would find."""
    text = re.sub(r"\[[\d,]+ more: ([^]]+)\]", r"(\1)", text).replace("·", "*")
    scope = {name: getattr(np, name) for name in dir(np) if not name.startswith("_")}
    scope |= {"max": lambda *values: max(values), "inf": np.inf, "nan": np.nan}
    for function in FUNCTIONS.values():
        body = function.body
        scope[function.name] = lambda x, body=body: eval(body, {"np": np, "x": x})
    with np.errstate(all="ignore"):
        return float(eval(text, scope))


def decimals_agree(value, text):
    """Whether ``value``, rounded as ``text`` is, is what ``text`` says."""
    if value == float(text) or (np.isnan(value) and text == "nan"):
        return True
    mantissa, _, exponent = text.partition("e")
    places = len(mantissa.partition(".")[2]) - int(exponent or 0)
    return abs(value - float(text)) <= 0.5000001 * 10.0**-places


def kept(step):
    """Everything that lasts after a step."""
    saved = step.state.save()
    lasting = {name: array for name, array in saved.arrays.items() if "parameters" in name}
    return lasting | {name: np.array(value) for name, value in saved.counts.items()}


def everything(walk):
    """What lasts, and what the lines up to here have written, in copies."""
    names = [line.writes for line in walk.lines[: walk.position]]
    return kept(walk.step) | {name: np.array(value_of(walk, name)) for name in names}


def value_of(walk, name):
    scalars = walk.step.state.scalars
    return scalars.values[name] if name in scalars else walk.step.arrays[name]


def assert_same(one, other):
    assert one.keys() == other.keys()
    for name, array in one.items():
        np.testing.assert_array_equal(array, other[name], name)


def cells(walk, rng, count=3):
    """Some places in what was written, the corners first."""
    shape = np.shape(walk.result)
    ends = [tuple(0 for _ in shape), tuple(size - 1 for size in shape)]
    inner = [tuple(rng.randrange(size) for size in shape) for _ in range(count)]
    return list(dict.fromkeys(ends + inner))


def test_the_recipes_cover_everything():
    made = [drawn(number)[0] for number in NUMBERS]
    assert {m.network.activation for m in made} == {*ACTIVATIONS}
    assert {len(m.network.hidden) for m in made} == {0, 1, 2, 3}
    for key, count in {
        "training.loss": 5,
        "network.output": 4,
        "training.optimizer": 6,
        "training.penalty": 3,
        "training.partial_batch": 3,
        "training.shuffle": 2,
        "training.reduction": 2,
        "network.dtype": 2,
        "network.bias": 2,
    }.items():
        assert len({m[key] for m in made}) == count, key


@pytest.mark.parametrize("number", NUMBERS)
def test_walking_and_running_give_the_same_bits(number):
    trainer = trained(number)
    walk, ran = StepDebugger(trainer.step()), trainer.step()
    with np.errstate(all="ignore"):
        ran.run()
    walk.go_to(len(walk.lines))
    assert walk.at_end
    assert_same(kept(walk.step), kept(ran))
    if trainer.recipe.training.batch_size == "all":
        trainer.run_epochs(1)
        np.testing.assert_array_equal(trainer.snapshot().parameters, walk.step.state.parameters)


@pytest.mark.parametrize("number", NUMBERS)
def test_back_and_forth_gives_the_same_arrays(number):
    rng = random.Random(number)
    walk = StepDebugger(trained(number).step())
    seen = [everything(walk)]
    while not walk.at_end:
        walk.forward()
        seen.append(everything(walk))
    for _ in range(12):
        walk.go_to(rng.randrange(len(seen)))
        assert_same(everything(walk), seen[walk.position])


@pytest.mark.parametrize("number", NUMBERS)
def test_the_spelled_arithmetic_gives_the_shown_number(number):
    rng = random.Random(number)
    walk = StepDebugger(trained(number).step())
    while not walk.at_end:
        walk.forward()
        for index in cells(walk, rng):
            most, sample = rng.choice([3, 5, 40]), rng.randrange(walk.step.workspace.rows)
            spelled = cell_arithmetic(walk, index, most, sample)
            numbers = text_of(spelled.numbers)
            where = f"{spelled.target} = {text_of(spelled.names)} = {numbers} = {spelled.result}"
            assert decimals_agree(evaluated(numbers), spelled.result), where
            actual = float(np.asarray(walk.result)[index])
            assert decimals_agree(actual, spelled.result), where
            if walk.step.state.dtype == np.float64:
                assert abs(actual - float(spelled.result)) <= 0.0051 * abs(actual), where


@pytest.mark.parametrize("number", NUMBERS)
def test_every_line_has_a_formula_and_its_source(number):
    for line in trained(number, 0).step().lines:
        assert line.references, line.code
        for entry in line.references:
            assert entry.name and entry.formula and entry.source, line.code
        assert line.explanation.endswith("."), line.code
