"""No number whatever breaks a picture: finite, huge, tiny, infinite or not a number.

Every case fills what a snapshot (or a step, or a table) holds with numbers that hypothesis
draws, and draws it. The last tests find a module or a ``draw…`` function that no case reaches.
"""

import ast
import sys
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.strip import Strip

import nn_tui.tui
from nn_tui import experiment
from nn_tui.data.dataset import Dataset
from nn_tui.data.input_form import InputForm
from nn_tui.data.table_column import KINDS, TableColumn
from nn_tui.glossary.lookup import find_entry, search_entries
from nn_tui.lessons.open_lesson import OpenLesson
from nn_tui.nn.explain.expression_tree import TextPiece
from nn_tui.nn.explain.stepper import StepDebugger
from nn_tui.nn.gradient_check import check_gradients
from nn_tui.nn.line_check import LineScope
from nn_tui.recipe.field_groups import GROUPS
from nn_tui.recipe.fields import FIELDS
from nn_tui.training.curve import Curve
from nn_tui.training.forward_pass import ForwardPass
from nn_tui.training.layer_health import measure_health
from nn_tui.training.loss_plane import Landscape, LossPlane, path_plane
from nn_tui.training.loss_surface import WeightSlice, slice_range
from nn_tui.training.replica_results import ReplicaResult, ReplicaResults
from nn_tui.training.run_path import RunPath
from nn_tui.training.scores import score_table
from nn_tui.training.trainer import Trainer
from nn_tui.trials.axes import Axis
from nn_tui.trials.outcome import Outcome
from nn_tui.trials.plan import SweepPlan
from nn_tui.trials.sweep_results import SweepResults
from nn_tui.trials.trial_curve import sampled_curve
from nn_tui.tui.drawing import numbers
from nn_tui.tui.drawing.chart_band import quartile_curve
from nn_tui.tui.drawing.chart_curves import draw_curves
from nn_tui.tui.drawing.chart_series import ChartCurve, chart_views
from nn_tui.tui.drawing.chart_view import ChartView
from nn_tui.tui.drawing.column_details import draw_details
from nn_tui.tui.drawing.column_list import (
    ROLE_MARKS,
    ColumnChoice,
    count_distinct,
    draw_columns,
)
from nn_tui.tui.drawing.confusion_counts import evaluate_confusion
from nn_tui.tui.drawing.confusion_matrix import draw_confusion
from nn_tui.tui.drawing.data_summary import draw_data_summary
from nn_tui.tui.drawing.decision_map import MapStyle
from nn_tui.tui.drawing.epoch_axis import ChartFrame, empty_chart
from nn_tui.tui.drawing.explain_cursor import ExplainCursor
from nn_tui.tui.drawing.field_explanation import explain_field, explain_group
from nn_tui.tui.drawing.function_plot import FunctionSamples, draw_function, plot_inputs
from nn_tui.tui.drawing.glossary_page import draw_entries, draw_entry
from nn_tui.tui.drawing.gradient_table import draw_gradient_check
from nn_tui.tui.drawing.health_table import describe_layer, draw_health
from nn_tui.tui.drawing.heat_map import draw_heat_map
from nn_tui.tui.drawing.input_table import draw_inputs, lay_out_inputs
from nn_tui.tui.drawing.labels import distinct_labels
from nn_tui.tui.drawing.lesson_page import draw_folded, draw_lesson, stepper
from nn_tui.tui.drawing.line_edit import draw_line_edit
from nn_tui.tui.drawing.loss_landscape import (
    describe_point,
    draw_landscape,
    lay_out_landscape,
    loss_levels,
)
from nn_tui.tui.drawing.matrix import (
    Matrix,
    MatrixCursor,
    activation_matrices,
    describe_activation,
    describe_parameter,
    unit_names,
)
from nn_tui.tui.drawing.network_diagram import UnitNames as UnitNames
from nn_tui.tui.drawing.network_diagram import describe_unit
from nn_tui.tui.drawing.parallel_coordinates import draw_parallel
from nn_tui.tui.drawing.pixel_canvas import draw_canvas, lay_out_canvas
from nn_tui.tui.drawing.plane import plane_points
from nn_tui.tui.drawing.prediction_bars import (
    draw_nearest,
    draw_prediction,
    predicted_words,
)
from nn_tui.tui.drawing.replica_curves import replica_curves
from nn_tui.tui.drawing.residual_plot import (
    describe_residuals,
    draw_residuals,
    evaluate_residuals,
)
from nn_tui.tui.drawing.sample_path import draw_sample_path
from nn_tui.tui.drawing.scores import draw_scores
from nn_tui.tui.drawing.seed_strip import draw_seeds, strip_height
from nn_tui.tui.drawing.sparkline import log_range, sparkline
from nn_tui.tui.drawing.status_bar import draw_compact_status
from nn_tui.tui.drawing.step_arithmetic import (
    add_pieces,
    draw_arithmetic,
    draw_code,
    draw_formula,
    wrap_pieces,
)
from nn_tui.tui.drawing.step_arrays import draw_arrays
from nn_tui.tui.drawing.step_tables import NamedTable, TableAxis, TableNames, ValueTable
from nn_tui.tui.drawing.strips import DrawArea, RowBuilder
from nn_tui.tui.drawing.sweep_form import SweepDraft, draw_sweep_form
from nn_tui.tui.drawing.sweep_progress import SweepState, draw_sweep_progress
from nn_tui.tui.drawing.sweep_ranking import draw_ranking
from nn_tui.tui.drawing.trial_curves import NamedCurve, draw_trial_curves
from nn_tui.tui.drawing.unit_maps import draw_unit_weights
from nn_tui.tui.drawing.value_axis import linear_axis
from nn_tui.tui.drawing.weight_slice import draw_slice
from tests.lessons.files import lesson_of
from tests.tui.drawing import drawing as facade
from tests.tui.drawing.drawing import PALETTES, PICTURES
from tests.tui.drawing.losses import pin

pytestmark = pytest.mark.filterwarnings("error")  # NumPy's would be written over the screen

NAN, INF = float("nan"), float("inf")
TELLING = [
    *(0.0, -0.0, 1.0, -1.0, 0.5, 1e-7, 1e39, 3.5e38, 1e300, 1e308, -1e308),
    *(sys.float_info.max, -sys.float_info.max, sys.float_info.min, 5e-324, -5e-324, 1e-310),
    *(INF, -INF, NAN, 1e160, -1e155, 88.8, 745.2, 1e16, 999999.5, 0.00049999),
]
NUMBERS = st.lists(st.sampled_from(TELLING) | st.floats(), min_size=1, max_size=12)
SIZES = st.sampled_from([(1, 1), (7, 4), (20, 10), (34, 20), (78, 20), (158, 40)])
DTYPES = st.sampled_from([np.float64, np.float32])
LOOKS = st.sampled_from(sorted(PALETTES))

EXPERIMENTS = {
    "blog": (),
    "circle": ("data.samples=20",),
    "hills": ("data.samples=20",),
    "sine": ("data.samples=20",),
    "iris": (),
    "moons": ("data.samples=20", "network.dtype=float32"),
}
EXPERIMENT = st.sampled_from(sorted(EXPERIMENTS))


def numbers_in(values, shape, dtype=np.float64):
    """An array of that shape that repeats ``values``."""
    with np.errstate(all="ignore"):
        return np.resize(np.array(values), shape).astype(dtype)


@cache
def seen(name):
    return facade.snapshot(name, *EXPERIMENTS[name], epochs=2)


def filled(name, values, dtype, data):
    """The snapshot of an experiment, with the numbers in place of all its own."""
    base = seen(name)
    count, epochs = len(base.parameters), np.arange(9.0)
    low, high = numbers_in(values, 9), numbers_in(values[::-1], 9)
    bands = {name: [low, high, low[::-1]] for name in base.losses.bands}
    curve = Curve(epochs, epochs, bands)
    # Whether samples have been held back is no matter of their numbers.
    tests = base.dataset.test_count > 0
    number = float(values[0])
    return replace(
        base,
        dataset=any_data(base.dataset, values) if data else base.dataset,
        epoch=8,
        evaluated=8,
        parameters=numbers_in(values, count, dtype),
        gradient_source=lambda: numbers_in(values[::-1], count, dtype),
        change=numbers_in(values, count, dtype),
        mask=np.resize([True, True, False], count),
        losses=curve,
        ahead=curve,
        train_loss=number,
        test_loss=number if tests else None,
        metrics=dict.fromkeys(base.metrics, number),
        epochs_per_second=abs(number) if number < INF else 1.0,
    )


def any_data(dataset, values):
    """Samples with such numbers; class numbers stay what they are."""
    inputs = numbers_in(values, dataset.inputs.shape)
    targets = dataset.targets
    if not dataset.classes:
        targets = numbers_in(values, targets.shape)
    return Dataset(
        dataset.name,
        inputs,
        targets,
        dataset.input_names,
        dataset.target_names,
        dataset.train_count,
        dataset.classes,
    )


def whole(strips, width, height=None):
    """Strips are as wide as the picture, and no style was forgotten."""
    for strip in strips:
        assert isinstance(strip, Strip)
        assert strip.cell_length == width
        assert all(style is not None for _, style, _ in strip)
    assert height is None or len(strips) <= height


# Cases: each draws something from a snapshot


def loss_views(snapshot, width, height, palette):
    """Every subject of the loss chart, on both axes, with a pinned run and a crosshair."""
    bands = {name: band[0] for name, band in snapshot.losses.bands.items()}
    losses = bands.pop("train_loss"), bands.pop("test_loss", None)
    pins = [pin("other", *losses, metrics=bands)]
    view = ChartView(crosshair=3)
    views = chart_views(snapshot)
    for _ in views:
        for shown in (view.with_axis(True), view.with_axis(False), view.smoother()):
            yield facade.loss(snapshot, width, height, palette, shown, pins)
        view = view.next_view(views)


def many_runs(snapshot, width, height, palette):
    """The median and the quartiles of several runs."""
    runs = np.stack([values for band in snapshot.losses.bands.values() for values in band])
    points = quartile_curve(snapshot.losses.first, runs)
    values = points.range((0.0, 8.0))
    if width < 12 or height < 4 or not len(values):
        return
    frame = ChartFrame.showing(8, 0, width - 8, height - 2, (0.0, 8.0))
    axis = linear_axis(float(values.min()), float(values.max()), frame.lines)
    grid = empty_chart(width, frame, axis, palette).copy()
    shown = ChartCurve("median", points, None, palette.train, shaded=True)
    draw_curves(grid, frame, axis, [shown], ChartView(), palette)
    yield grid.strips()


def curves(snapshot, width, height, palette):
    """The function of one input, and curves as small as words."""
    points = np.resize(snapshot.parameters, 9).astype(float)[:, None]
    said = np.resize(snapshot.gradient, 2 * width)
    plot_inputs(points, width)
    area = DrawArea(width, height, palette)
    yield draw_function(said, FunctionSamples(points, points[:, 0], 5), area, 2)
    yield draw_function(said, FunctionSamples(points, np.empty(0), 0), area)
    assert len(sparkline(snapshot.losses, width, log_range([snapshot.losses]))) == width


def words(snapshot, width, height, palette):
    """What is said of a parameter and of a unit, and the smallest screen."""
    shown = facade.matrices(snapshot)
    cursor = MatrixCursor(0, 0, 0)
    assert describe_parameter(snapshot, shown[0], cursor, width)
    assert len(distinct_labels(snapshot.dataset.input_names, width)) == snapshot.network.sizes[0]
    layers = [numbers_in(snapshot.parameters, size) for size in snapshot.network.sizes]
    made = activation_matrices(layers, snapshot.dataset.input_names, snapshot.dataset.classes, 0)
    assert describe_activation(made, cursor, 0, width)
    names = UnitNames(snapshot.dataset.input_names, snapshot.dataset.classes)
    for layer in range(snapshot.network.depth + 1):
        assert describe_unit(snapshot, names, (layer, 0))
    yield draw_compact_status(snapshot, DrawArea(width, height, palette))


def a_lesson(snapshot, width, height, palette):
    """A lesson's pages, with the numbers of the run in text and goal."""
    lesson = OpenLesson(lesson_of(), key_name="`{}`".format)
    lesson.observe(1, snapshot)
    for turns in (0, 1):
        lesson.turn(turns)
        yield draw_lesson(lesson, 1, DrawArea(width, height, palette))
        yield draw_folded(lesson, "`6` opens", DrawArea(width, 2, palette))
        assert stepper(lesson).here in stepper(lesson).text
        if turns == 0:
            lesson.answer(0)
        lesson.open_hint()


def weight_picture(snapshot, width, height, palette):
    """A unit's weights as a picture of pixels."""
    dataset = replace(snapshot.dataset, picture=(1, snapshot.dataset.inputs.shape[1]))
    yield draw_unit_weights(replace(snapshot, dataset=dataset), 0, DrawArea(width, height, palette))


def discrete(snapshot, width, height, palette):
    """The decision map in few colours, with all samples."""
    for which in ("all", "test", "none"):
        yield facade.boundary(snapshot, width, height, palette, MapStyle(True, which))


def large_matrices(snapshot, width, height, palette):
    """Matrices that show as pixels."""
    weights = numbers_in(snapshot.parameters, (60, 90), snapshot.parameters.dtype)
    names = unit_names(1, 60, 2), unit_names(1, 90, 2)
    yield facade.of_matrices([Matrix("W0", weights, weights[0], *names)], width, height, palette)


def table_of_samples(snapshot, width, height, palette):
    """The table with its cursor, and the line below it."""
    yield [draw_data_summary(snapshot, width, palette)]
    yield facade.data_table(snapshot, width, height, palette, cursor=1, column=1)


def confusions(snapshot, width, height, palette):
    """The confusion matrix of whatever the network says."""
    if snapshot.dataset.classes:
        for tests in (True, False):
            yield draw_confusion(
                evaluate_confusion(snapshot, ForwardPass(), tests), DrawArea(width, height, palette)
            )


def residuals(snapshot, width, height, palette):
    """Predicted against true values, whatever they are."""
    if snapshot.dataset.decision_rule(snapshot.network.output) is None:
        found = evaluate_residuals(snapshot, ForwardPass(), True)
        assert describe_residuals(found, width)
        area = DrawArea(width, height, palette)
        yield draw_residuals(found, int(found.rows[0]) if len(found.rows) else 0, area)[:height]


def tried(snapshot, width, height, palette):
    """A try row: its form, its prediction, the samples nearest to it."""
    dataset, area = snapshot.dataset, DrawArea(width, height, palette)
    form, cells = InputForm(dataset), InputForm(dataset).cells_of(0)
    layout = lay_out_inputs(form.columns, width, height, 0, 0)
    yield draw_inputs(form.columns, cells, cells, layout, 0, area)[:height]
    made = ForwardPass().predictions(snapshot, dataset.inputs[:1])[0]
    assert predicted_words(snapshot, made)
    yield draw_prediction(snapshot, made, area)
    yield draw_nearest(snapshot, [0, 1], area)


def drawings(snapshot, width, height, palette):
    """A picture to draw on."""
    pixels = numbers_in(snapshot.parameters, (6, 5), np.float64)
    layout = lay_out_canvas((6, 5), width, height)
    if layout.width <= width and layout.height <= height:
        for cursor in (None, (0, 0), (5, 4)):
            strips = draw_canvas(pixels, cursor, layout, palette)
            yield [strip.adjust_cell_length(width, palette.text) for strip in strips]


def columns(snapshot, width, height, palette):
    """The columns of a table."""
    names = snapshot.dataset.raw_names
    choices = [
        ColumnChoice(TableColumn(name, kind, role=role, reason=role, example=name), role)
        for name, kind, role in zip(names * 3, KINDS, (*ROLE_MARKS, *ROLE_MARKS), strict=False)
    ]
    assert isinstance(count_distinct(snapshot.dataset), dict)
    yield draw_columns(choices, {}, 0, 0, DrawArea(width, height, palette))[:height]


def health(snapshot, width, height, palette):
    """The health of layers with such weights, gradients and updates."""
    report = measure_health(replace(snapshot, update=snapshot.change))
    assert describe_layer(report, 0, width)
    yield draw_health(report, 0, DrawArea(width, height, palette))[:height]


def loss_along_a_weight(snapshot, width, height, palette):
    """A curve of such losses at a weight with such a value and gradient."""
    values = np.resize(snapshot.parameters.astype(float), 9)
    ends = slice_range(values, float(values[0]))
    inputs, name = np.linspace(*ends, 9), "W0"
    for gradient in (None, float(values[1])):
        number = float(values[0])
        made = WeightSlice(snapshot, name, (0, 0), ends, inputs, values, number, number, gradient)
        yield draw_slice(made, DrawArea(width, height, palette))


def landscape(snapshot, width, height, palette):
    """The losses over a plane, and the path on it, whatever the losses are."""
    lines = lay_out_landscape(height).lines
    values = snapshot.parameters.astype(float)
    points = np.resize(values, (5, 2))
    path = RunPath(np.arange(5), np.resize(values, (5, len(values))))
    losses = np.resize(values, (2 * lines, width))
    for plane in (
        LossPlane(values, np.zeros((2, len(values))), ("W0[0,0]", "W0[1,0]")),
        path_plane(path),
    ):
        if plane is not None:
            made = Landscape(snapshot, plane, path, points, (-1.0, -1.0), 0.1, losses)
            for cursor in (None, (0, 0)):
                foot = describe_point(made, 0, 0, width) if cursor else ""
                yield draw_landscape(made, cursor, foot, DrawArea(width, height, palette))
    assert len(loss_levels(losses)) < 9


def many_seeds(snapshot, width, height, palette):
    """Replicas with such losses: their curves, and the strip of their losses."""
    losses = numbers_in(snapshot.parameters, 14).tolist()
    results = [
        ReplicaResult(seed, 8, loss, snapshot.losses, "diverged" if seed == 3 else "")
        for seed, loss in enumerate(losses, 1)
    ]
    for count, target in ((14, "none"), (3, 0.5)):
        made = snapshot.recipe.with_value("training.stop_loss", target)
        replicas = ReplicaResults(made, results[:count], 1)
        assert replica_curves(replicas, palette)
        tall = strip_height(replicas, width, height)
        yield draw_seeds(replicas, DrawArea(width, tall, palette))


def explanations(snapshot, width, height, palette):
    """What fields and groups mean, and pages of the glossary, beside such numbers."""
    area = DrawArea(width, height, palette)
    value = f"{snapshot.train_loss:g}"
    for key in ("training.learning_rate", "training.optimizer", "data.source"):
        yield explain_field(FIELDS[key], snapshot.recipe, area)
        yield draw_entry(find_entry(key), value, 0, area)
    yield explain_group(GROUPS["data"], snapshot.recipe, area)
    yield draw_entries(search_entries("loss"), 1, area)


def all_scores(snapshot, width, height, palette):
    """The scores of whatever the network says."""
    yield draw_scores(score_table(snapshot), DrawArea(width, height, palette))


def sweeps(snapshot, width, height, palette):
    """Sweeps of one to three keys, with such numbers as results and as values."""
    numbers = [float(v) for v in snapshot.losses.bands["train_loss"][0]]
    curve = sampled_curve(snapshot.losses)
    rates = tuple(dict.fromkeys(v for v in numbers if np.isfinite(v)))[:3] or (1.0,)
    axes = (
        Axis("training.learning_rate", rates),
        Axis("network.hidden", ((), (4,), (16, 8))),
        Axis("network.bias", (False, True)),
    )
    area = DrawArea(width, height, palette)
    for count in (1, 2, 3):
        plan = SweepPlan("any", snapshot.recipe, axes[:count], seeds=2)
        outcomes = [
            Outcome(trial.key, trial.setting, "done", 8, {"train_loss": numbers[at % 9]})
            for at, trial in enumerate(plan.trials())
        ]
        for known in (outcomes, outcomes[:3], []):
            results = SweepResults(plan, known)
            chosen = results.ranking[-1] if known else None
            yield draw_ranking(results, 1 if known else 0, area)
            yield [draw_sweep_progress(results, SweepState(True, "x", 1e9), width, palette)]
            yield draw_parallel(results, chosen, area)
            if count == 2:
                for cursor in ((0, 0), (len(rates) - 1, 2)):
                    yield draw_heat_map(results, cursor, area)
        yield draw_sweep_form(SweepDraft("any", snapshot.recipe, axes[:count], 2), 0, area)
    named = [
        NamedCurve("a", curve, name, "1", chosen, number)
        for name, chosen, number in (("train_loss", True, 0), ("test_loss", False, None))
    ]
    yield draw_trial_curves(named, area, "a hint")


def details_of_columns(snapshot, width, height, palette):
    """The values of a column, and what is trained."""
    for name, kind in zip((*snapshot.dataset.raw_names, "other"), KINDS, strict=False):
        column = TableColumn(name, kind, role="input", example=name, missing=len(name))
        for changed in (False, True):
            yield draw_details(snapshot, column, changed, DrawArea(width, height, palette))


CHARTS = (facade.loss, facade.log_loss, loss_views, many_runs)

OF_SNAPSHOTS = (
    *(p for p in PICTURES if p is not facade.confusion_matrix and p not in CHARTS),
    confusions,
    residuals,
    tried,
    drawings,
    columns,
    details_of_columns,
    all_scores,
    explanations,
    health,
    landscape,
    loss_along_a_weight,
    many_seeds,
    sweeps,
    curves,
    words,
    weight_picture,
    discrete,
    a_lesson,
    large_matrices,
    table_of_samples,
)


def drawn(case, snapshot, width, height, palette):
    """Everything that a case draws, and whether it is whole."""
    if case in PICTURES:
        whole(case(snapshot, width, height, palette=palette), width)
        return
    for strips in case(snapshot, width, height, palette):
        whole(strips, width if case is not words else strips[0].cell_length)


@pytest.mark.parametrize("case", OF_SNAPSHOTS, ids=lambda case: case.__name__)
@settings(max_examples=25, deadline=None)
@given(name=EXPERIMENT, values=NUMBERS, dtype=DTYPES, size=SIZES, look=LOOKS, data=st.booleans())
def test_no_number_breaks_a_picture_of_a_snapshot(case, name, values, dtype, size, look, data):
    drawn(case, filled(name, values, dtype, data), *size, PALETTES[look])


@pytest.mark.parametrize("case", CHARTS, ids=lambda case: case.__name__)
@settings(max_examples=25, deadline=None)
@given(name=EXPERIMENT, values=NUMBERS, size=SIZES, look=LOOKS)
def test_no_number_breaks_the_loss_chart(case, name, values, size, look):
    drawn(case, filled(name, values, np.float64, False), *size, PALETTES[look])


# Cases: the explanation of a step


def guide(name, values, activation):
    """A walk through a step from such parameters."""
    found = experiment.load_experiment(
        name, (*EXPERIMENTS[name], f"network.activation={activation}")
    )
    trainer = Trainer(found.recipe, found.dataset)
    step = trainer.step()
    parameters = step.state.arrays["parameters"]
    parameters[...] = numbers_in(values, len(parameters), parameters.dtype)
    walk = StepDebugger(step, trainer.first_samples())
    names = TableNames(
        trainer.network, found.dataset.input_names, found.dataset.classes, walk.samples
    )
    return ExplainCursor(walk, names)


def names_of_units(network):
    """Names of the inputs and of the outputs."""
    first, last = network.sizes[0], network.sizes[-1]
    return tuple(f"x{k}" for k in range(first)), tuple(f"c{k}" for k in range(last))


def explained(made, width, height, palette):
    """All that is drawn of every line of a step, and of its gradients."""
    area = DrawArea(width, height, palette)
    with suppress(ValueError):  # the loss is not finite
        check = check_gradients(made.walk.step, 3)
        network = made.walk.step.state.network
        whole(draw_gradient_check(check, network, area), width, height)
    scope = LineScope({"l0": (4, 3), "beta1": "number"}, (4, 4), {}, 1000)
    for problem, incomplete in (("", False), ("wrong", False), ("missing", True)):
        whole(draw_line_edit("l1", scope, problem, incomplete, area), width, height)
    while True:
        walk = made.walk
        whole(draw_arrays(made, DrawArea(width, height, palette)), width, height)
        parts = UnitNames(*names_of_units(walk.step.state.network))
        whole(draw_sample_path(walk, 0, parts, "#1", area), width, height)
        whole(draw_arithmetic(made, DrawArea(width, height, palette)), width, height)
        whole(draw_formula(made, width, palette), width)
        whole(draw_code(walk.lines, walk.position, DrawArea(width, height, palette)), width, height)
        if walk.at_end:
            return
        made.go(1)
        made.move(1, 1)


ACTIVATIONS = st.sampled_from(["sigmoid", "tanh", "swish", "softplus", "elu", "sine", "relu"])


@settings(max_examples=20, deadline=None)
@given(name=EXPERIMENT, values=NUMBERS, activation=ACTIVATIONS, size=SIZES, look=LOOKS)
def test_no_number_breaks_the_explanation_of_a_step(name, values, activation, size, look):
    explained(guide(name, values, activation), *size, PALETTES[look])


@pytest.mark.parametrize(
    ("assignments", "value"),
    [
        (("network.dtype=float32",), 1e39),
        (("network.activation=swish", "network.output=linear"), 1e160),
    ],
)
def test_a_step_that_overflows_is_explained(assignments, value):
    """What ended the program."""
    found = experiment.load_experiment("blog", assignments)
    trainer = Trainer(found.recipe, found.dataset)
    step = trainer.step()
    with np.errstate(all="ignore"):
        step.state.arrays["W0"][2] = value  # the input that is 1 in every sample
    walk = StepDebugger(step, trainer.first_samples())
    names = TableNames(
        trainer.network, found.dataset.input_names, found.dataset.classes, walk.samples
    )
    for palette in PALETTES.values():
        explained(ExplainCursor(walk, names), 95, 30, palette)
        walk.go_to(0)


# Cases: single parts


@settings(max_examples=100, deadline=None)
@given(
    values=NUMBERS,
    dtype=DTYPES,
    shape=st.tuples(st.integers(1, 9), st.integers(1, 9)),
    look=LOOKS,
    tall=st.integers(1, 3),
    at=st.tuples(st.integers(0, 8), st.integers(0, 8)),
)
def test_no_number_breaks_a_table(values, dtype, shape, look, tall, at):
    rows, columns = (TableAxis("units", count) for count in shape)
    table = NamedTable("W0", numbers_in(values, shape, dtype), rows, columns, 2)
    index = at[0] % shape[0], at[1] % shape[1]
    for grid in (
        ValueTable(table, "result", cursor=index),
        ValueTable(table, dependencies=[(index[0], None)]),
    ):
        for row in grid.sized(tall, 12).draw(PALETTES[look]):
            assert row.width <= grid.sized(tall, 12).width


@settings(max_examples=25, deadline=None)
@given(value=st.sampled_from(TELLING) | st.floats(), look=LOOKS)
def test_no_number_breaks_a_text_or_a_colour(value, look):
    palette = PALETTES[look]
    for width in (6, 7, 9):
        for write in (numbers.format_fixed, numbers.format_signed):
            assert len(write(value, width)) >= min(width, 3)
        assert numbers.format_datum(value, width)
    assert numbers.format_plain(value) and numbers.format_loss(value) and numbers.format_rate(value)
    for style in (palette.unit, palette.inked, palette.filled):
        assert style(value) is not None
    assert palette.pixels(value, -value)[1] is not None
    add_pieces(
        *wrap_pieces([TextPiece("1", value)], 9), RowBuilder(palette.text), palette.text, palette
    )


@settings(max_examples=20, deadline=None)
@given(across=NUMBERS, up=NUMBERS, size=SIZES)
def test_no_number_breaks_the_places_of_points(across, up, size):
    count = min(len(across), len(up))
    places = np.column_stack([across[:count], up[:count]])
    made = plane_points(np.arange(count), places, (places.min(axis=0), places.max(axis=0)), *size)
    for place in ((0, 0), (size[0] - 1, size[1] - 1)):
        assert 0 <= made.at(*place) < count
    assert 0 <= made.next(0, 1, 0) < count


# What no case reaches

FOLDERS = ("drawing",)


def modules():
    """Every module that draws, as its path within the package ``nn_tui.tui``."""
    root = Path(nn_tui.tui.__file__).parent
    return {
        path.relative_to(root).as_posix(): path
        for folder in FOLDERS
        for path in (root / folder).glob("*.py")
        if path.name != "__init__.py"
    }


@cache
def reached():
    """Files and names of the functions that the cases call."""
    calls = set()

    def note(frame, event, argument):
        if event == "call":
            calls.add((frame.f_code.co_filename, frame.f_code.co_name))

    distinct_labels.cache_clear()  # what other tests have asked is called again
    before = sys.getprofile()
    sys.setprofile(note)
    try:
        for name in EXPERIMENTS:
            snapshot = filled(name, [0.5, -1.0, 2.0], np.float64, False)
            for case in (*OF_SNAPSHOTS, *CHARTS):
                drawn(case, snapshot, 78, 20, PALETTES["dark"])
            explained(guide(name, [0.5, -0.25], "sigmoid"), 78, 20, PALETTES["dark"])
        made = plane_points(np.arange(2), np.eye(2), (np.zeros(2), np.ones(2)), 9, 9)
        made.at(0, 0)
        wrap_pieces([TextPiece("1", 1.0)], 9)
    finally:
        sys.setprofile(before)
    return calls


def test_every_module_that_draws_is_drawn_from_here():
    files = {file for file, _ in reached()}
    missing = [name for name, path in modules().items() if str(path) not in files]
    assert missing == [], "add a case above that draws what is new"


def test_every_function_that_draws_is_called_from_here():
    missing = []
    for name, path in modules().items():
        called = {function for file, function in reached() if file == str(path)}
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("draw"):
                missing += [f"{name}: {node.name}"] if node.name not in called else []
    assert missing == [], "add a case above that draws what is new"
