"""Snapshots to draw, and every picture drawn in the one way the panes draw it."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
from textual.theme import BUILTIN_THEMES

from nn_tui import experiment
from nn_tui.data.decision_rule import DecisionRule
from nn_tui.nn.predictor import Predictor
from nn_tui.recipe.field_groups import GROUPS
from nn_tui.recipe.recipe import Recipe
from nn_tui.training.forward_pass import ForwardPass
from nn_tui.training.model_builder import build_learning_rule
from nn_tui.training.trainer import Trainer
from nn_tui.tui.bindings import BINDINGS
from nn_tui.tui.drawing.activation_diagram import (
    ActivationDiagram,
    draw_activations,
    lay_out_activation_diagram,
)
from nn_tui.tui.drawing.chart_view import ChartView
from nn_tui.tui.drawing.confusion_counts import count_confusion
from nn_tui.tui.drawing.confusion_matrix import draw_confusion
from nn_tui.tui.drawing.data_table import draw_data_table, lay_out_table
from nn_tui.tui.drawing.decision_map import MapStyle, draw_decision_map, draw_unit_map
from nn_tui.tui.drawing.diagram_layout import UnitBox
from nn_tui.tui.drawing.hyperparameter_list import draw_hyperparameters
from nn_tui.tui.drawing.hyperparameter_rows import ListView
from nn_tui.tui.drawing.image_grid import draw_thumbnails, lay_out_thumbnails
from nn_tui.tui.drawing.loss_chart import LossChart
from nn_tui.tui.drawing.matrix import MatrixCursor, activation_matrices, parameter_matrices
from nn_tui.tui.drawing.network_diagram import (
    NetworkDiagram,
    UnitNames,
    UnitPictures,
    draw_diagram,
    lay_out_network,
)
from nn_tui.tui.drawing.plane import Plane, most_informative_columns
from nn_tui.tui.drawing.scatter import draw_scatter, scatter_plane
from nn_tui.tui.drawing.status_bar import Status, draw_status
from nn_tui.tui.drawing.strips import DrawArea, padded
from nn_tui.tui.drawing.unit_detail import DetailNames, draw_unit_detail, map_of_detail
from nn_tui.tui.drawing.unit_maps import unit_maps
from nn_tui.tui.drawing.weight_images import draw_weight_images, lay_out_weight_images
from nn_tui.tui.drawing.weight_layout import WeightLayout, lay_out_weights
from nn_tui.tui.drawing.weight_matrices import draw_weights
from nn_tui.tui.keymap import KeyNames
from nn_tui.tui.panes.loss import LossPane
from nn_tui.tui.theme import DARK, LIGHT, palette_of

PALETTES = {
    "dark": palette_of(DARK),
    "light": palette_of(LIGHT),
    "ansi": palette_of(next(t for name, t in BUILTIN_THEMES.items() if "ansi" in name)),
}
DARK_PALETTE = PALETTES["dark"]
KEYS = KeyNames([BINDINGS, LossPane.BINDINGS], {})


@lru_cache
def snapshot(text="blog", *assignments, epochs=3):
    """An experiment after so many epochs."""
    found = experiment.load_experiment(text, assignments)
    trainer = Trainer(found.recipe, found.dataset)
    trainer.run_epochs(epochs)
    return trainer.snapshot()


def filled(seen, value):
    """The snapshot with every weight and bias equal to ``value``."""
    return replace(seen, parameters=np.full_like(seen.parameters, value))


def with_metrics(seen, **metrics):
    """The snapshot with some metrics replaced."""
    return replace(seen, metrics={**seen.metrics, **metrics})


def predictions(seen, rows):
    predictor = Predictor(seen.network, build_learning_rule(seen.recipe), len(rows))
    return predictor.layers(seen.parameters, rows)[-1].copy()


def matrices(seen):
    dataset = seen.dataset
    return parameter_matrices(seen.weights, dataset.input_names, dataset.classes, seen.masks)


def weights(seen, width, height, palette=DARK_PALETTE, cursor=None):
    return of_matrices(matrices(seen), width, height, palette, cursor or MatrixCursor())


def of_matrices(shown, width, height, palette=DARK_PALETTE, cursor=None):
    layout = lay_out_weights(shown, width, height, cursor or MatrixCursor(), WeightLayout())
    return draw_weights(shown, layout, cursor, DrawArea(width, height, palette))


def activations(seen, width, height, palette=DARK_PALETTE, sample=0):
    dataset = seen.dataset
    inputs = dataset.inputs[sample : sample + 1]
    predictor = Predictor(seen.network, build_learning_rule(seen.recipe), 1)
    layers = [inputs[0], *(layer[0] for layer in predictor.layers(seen.parameters, inputs))]
    shown = activation_matrices(layers, dataset.input_names, dataset.classes, sample)
    return of_matrices(shown, width, height, palette, MatrixCursor())


def gallery(seen, width, height, palette=DARK_PALETTE, unit=0):
    """The units' weights as pictures one pixel high, or of whatever shape there is."""
    shown = matrices(seen)
    inputs = len(shown[0].weights)
    picture = seen.dataset.picture or (1, inputs)
    places = lay_out_weight_images(picture, shown[0].width, width, height, unit, 0)
    outgoing = shown[1] if len(shown) > 1 else None
    return draw_weight_images(
        shown[0], outgoing, picture, places, unit, True, DrawArea(width, height, palette)
    )


def asking(seen):
    """What asks the snapshot's network about raw inputs."""
    forward = ForwardPass()
    return lambda raw: forward.layers(seen, seen.dataset.prepare(raw))


def plane(seen):
    dataset = seen.dataset
    across, up = most_informative_columns(dataset)
    return Plane(dataset, across, up if len(dataset.raw_names) > 1 else None)


def diagram(seen, width, height, palette=DARK_PALETTE, mapped=False, cursor=None):
    names = UnitNames(seen.dataset.input_names, seen.dataset.classes)
    drawn = NetworkDiagram(seen.network, seen.weights, names, seen.masks)
    single = seen.network.sizes[-1] == 1
    plan = lay_out_network(drawn, width, height, mapped, cursor, single, detail=True)
    pictures = UnitPictures()
    if plan and (plan.mapped or plan.result):
        made, detailed = (), ()
        if plan.result:
            box = plan.boxes[-1][0]
            made = boundary(seen, box.width, box.height, palette, legend=False)
        if plan.detail:
            own = next(box for box in plan.boxes[cursor[0]] if box.unit == cursor)
            room = plan.detail
            detailed = unit_detail(seen, room.width, room.height, palette, own)
        maps = unit_maps(seen, asking(seen), plane(seen), plan.mapped)
        pictures = UnitPictures(maps, made, detailed)
    area = DrawArea(width, height, palette)
    return draw_diagram(drawn, plan, pictures, cursor, area, edges_of=cursor)


def mapped_diagram(seen, width, height, palette=DARK_PALETTE):
    return diagram(seen, width, height, palette, mapped=True, cursor=(1, 0))


def unit_detail(seen, width, height, palette=DARK_PALETTE, own=None):
    """The unit of a box described, with its map where that is larger than in the box."""
    own = own or UnitBox(1, 0, 0, 0, 4, 2)
    unit, layer = own.unit, own.layer
    by_layer = UnitNames(seen.dataset.input_names, seen.dataset.classes)
    last = seen.network.depth
    before, here, behind = (
        by_layer.of_layer(seen.network, k) if 0 <= k <= last else ()
        for k in (layer - 1, layer, layer + 1)
    )
    names = DetailNames(before, here[unit[1]], behind)
    room = UnitBox(*unit, 0, 0, width, height)
    box, codes = map_of_detail(room, own, len(names.behind)), None
    if box:
        codes = unit_maps(seen, asking(seen), plane(seen), [box])[unit]
    return draw_unit_detail(seen, unit, names, codes, DrawArea(width, height, palette))


def activation_diagram(seen, width, height, palette=DARK_PALETTE, sample=0, cursor=None):
    """The network over the samples as pictures, one pixel high if they are none."""
    dataset = seen.dataset
    dataset = replace(dataset, picture=dataset.picture or (1, len(dataset.raw_names)))
    seen = replace(seen, dataset=dataset)
    layers = ForwardPass().layers(seen, dataset.inputs[sample : sample + 1])
    names = UnitNames((), dataset.classes).of_layer(seen.network, seen.network.depth)
    drawn = ActivationDiagram(
        seen, seen.dataset.raw_inputs[sample], sample, [layer[0] for layer in layers], tuple(names)
    )
    at = cursor or (1, 0)
    assert drawn.describe(at)
    plan = lay_out_activation_diagram(seen, names, (width, height), at)
    return draw_activations(drawn, plan, cursor, DrawArea(width, height, palette))


def data_table(seen, width, height, palette=DARK_PALETTE, first=0, cursor=None, column=0):
    dataset = seen.dataset
    at = (first if cursor is None else cursor, column)
    outputs = seen.network.sizes[-1]
    table = lay_out_table(dataset, outputs, width, height, at, first)
    targets = dataset.encoded(seen.network.output, table.rows)
    made = predictions(seen, dataset.inputs[table.rows])
    mark = None if cursor is None else at
    return draw_data_table(dataset, seen.network.output, table, targets, made, mark, width, palette)


def scatter(seen, width, height, palette=DARK_PALETTE, cursor=0):
    """The samples over their first two inputs."""
    dataset = seen.dataset
    names = (*dataset.input_names, "none")[:2]
    inputs = np.column_stack([dataset.inputs, dataset.inputs])[:, :2]
    flat = replace(dataset, inputs=inputs, input_names=names, origin=None)
    plane = scatter_plane(flat, np.arange(dataset.samples), width, height)
    return draw_scatter(flat, plane, cursor, DrawArea(width, height, palette))


def thumbnails(seen, width, height, palette=DARK_PALETTE, cursor=0):
    """The samples as pictures, one pixel high if they are none."""
    dataset = seen.dataset
    dataset = replace(dataset, picture=dataset.picture or (1, len(dataset.raw_names)))
    grid = lay_out_thumbnails(dataset, width, height, cursor, 0)
    rows = slice(grid.shown.start, grid.shown.stop)
    output = seen.network.output
    targets = dataset.encoded(output, rows)
    made = predictions(seen, dataset.inputs[rows])
    return draw_thumbnails(
        dataset, output, grid, targets, made, cursor, DrawArea(width, height, palette)
    )


def boundary(
    seen,
    width,
    height,
    palette=DARK_PALETTE,
    look=MapStyle(),  # noqa: B008
    legend=True,
):
    area = DrawArea(width, height, palette)
    return draw_decision_map(seen, asking(seen), plane(seen), look, area, legend)


def unit(seen, width, height, palette=DARK_PALETTE, unit=(1, 0)):
    return draw_unit_map(
        seen, asking(seen), plane(seen), MapStyle(), unit, DrawArea(width, height, palette)
    )


def confusion_matrix(seen, width, height, palette=DARK_PALETTE):
    dataset = seen.dataset
    rule = dataset.decision_rule(seen.network.output) or DecisionRule(0.0, 1.0, ("low", "high"))
    said = predictions(seen, dataset.inputs)
    targets = dataset.encoded(seen.network.output)
    made = count_confusion(said, targets, rule, "test", len(said))
    return draw_confusion(made, DrawArea(width, height, palette))


LINEAR = ChartView(axes=frozenset({("loss", False)}))
LOG = ChartView(axes=frozenset({("loss", True)}))


def loss(seen, width, height, palette=DARK_PALETTE, view=LINEAR, pins=()):
    return LossChart(seen, pins, view, DrawArea(width, height, palette), KEYS).draw()


def log_loss(seen, width, height, palette=DARK_PALETTE):
    return loss(seen, width, height, palette, LOG)


def hyperparameters(seen, width, height, palette=DARK_PALETTE, first=0, cursor="training.loss"):
    recipe, view = seen.recipe, ListView(frozenset(GROUPS), unused=True)
    return draw_hyperparameters(
        recipe, Recipe(), view, cursor, True, first, "v", DrawArea(width, height, palette)
    )


def status(seen, width, height=1, palette=DARK_PALETTE, running=False, finished=False):
    return [draw_status(seen, Status("blog", running, finished), width, palette)]


PICTURES = (
    weights,
    activations,
    gallery,
    diagram,
    mapped_diagram,
    unit_detail,
    activation_diagram,
    data_table,
    scatter,
    thumbnails,
    boundary,
    unit,
    confusion_matrix,
    loss,
    log_loss,
    hyperparameters,
    status,
)


def lines(picture, seen, width, height, **options):
    """The picture as text, exactly ``height`` lines of it."""
    strips = picture(seen, width, height, **options)
    return [strip.text for strip in padded(strips, width, height, DARK_PALETTE.text)]


def text(picture, seen, width, height, **options):
    return "\n".join(lines(picture, seen, width, height, **options))


def cells(strip):
    """(character, ink, paper) of every cell of a strip without wide characters."""
    return [
        (
            character,
            style.color.name if style.color else "",
            style.bgcolor.name if style.bgcolor else "",
        )
        for part, style, _ in strip
        for character in part
    ]
