"""Snapshots to draw, and every picture drawn in the one way the panes draw it."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
from textual.theme import BUILTIN_THEMES

from nn_tui import experiment
from nn_tui.nn.predictor import Predictor
from nn_tui.training.plan import method
from nn_tui.training.trainer import Trainer
from nn_tui.tui.forward import Forward
from nn_tui.tui.pictures.boundary import Look, draw_boundary, draw_unit
from nn_tui.tui.pictures.chart_view import ChartView
from nn_tui.tui.pictures.confusion import draw_confusion
from nn_tui.tui.pictures.confusion_count import confusion
from nn_tui.tui.pictures.data_table import draw_data_table
from nn_tui.tui.pictures.diagram import Drawn, Names, draw_diagram, plan_of
from nn_tui.tui.pictures.hyperparameters import draw_hyperparameters
from nn_tui.tui.pictures.loss_chart import LossChart
from nn_tui.tui.pictures.plane import Plane, telling_columns
from nn_tui.tui.pictures.status import Status, draw_status
from nn_tui.tui.pictures.unit_maps import shows_weights, unit_maps, weight_maps
from nn_tui.tui.pictures.weights import draw_weights, matrices_of
from nn_tui.tui.strips import padded
from nn_tui.tui.theme import DARK, LIGHT, palette_of

PALETTES = {
    "dark": palette_of(DARK),
    "light": palette_of(LIGHT),
    "ansi": palette_of(next(t for name, t in BUILTIN_THEMES.items() if "ansi" in name)),
}
DARK_PALETTE = PALETTES["dark"]


@lru_cache
def snapshot(text="blog", *assignments, epochs=3):
    """An experiment after so many epochs."""
    found = experiment.load(text, assignments)
    trainer = Trainer(found.recipe, found.dataset)
    trainer.run_epochs(epochs)
    return trainer.snapshot()


def filled(seen, value):
    """The snapshot with every weight and bias equal to ``value``."""
    return replace(seen, parameters=np.full_like(seen.parameters, value))


def predictions(seen, rows):
    predictor = Predictor(seen.network, method(seen.recipe), len(rows))
    return predictor.layers(seen.parameters, rows)[-1].copy()


def weights(seen, width, height, palette=DARK_PALETTE):
    named = seen.weights
    matrices = matrices_of(named, seen.dataset.input_names, seen.dataset.classes)
    return draw_weights(matrices, width, height, palette)


def asking(seen):
    """What asks the snapshot's network about raw inputs."""
    forward = Forward()
    return lambda raw: forward.layers(seen, seen.dataset.prepare(raw))


def plane(seen):
    dataset = seen.dataset
    across, up = telling_columns(dataset)
    return Plane(dataset, across, up if len(dataset.raw_names) > 1 else None)


def diagram(seen, width, height, palette=DARK_PALETTE, mapped=False, cursor=None):
    names = Names(seen.dataset.input_names, seen.dataset.classes)
    picture = seen.dataset.picture if shows_weights(seen) else None
    drawn = Drawn(seen.network, seen.weights, names, seen.living, picture)
    plan = plan_of(drawn, width, height, mapped, cursor)
    maps = {}
    if mapped and plan and plan.lines > 1:
        if picture:
            maps = weight_maps(seen, plan)
        else:
            maps = unit_maps(seen, asking(seen), plane(seen), plan)
    return draw_diagram(drawn, plan, maps, cursor, width, height, palette)


def mapped_diagram(seen, width, height, palette=DARK_PALETTE):
    return diagram(seen, width, height, palette, mapped=True, cursor=(1, 0))


def data_table(seen, width, height, palette=DARK_PALETTE, first=0, cursor=-1):
    dataset = seen.dataset
    rows = slice(first, first + max(1, height - 1))
    targets = dataset.encoded(seen.network.output)[rows]
    made = predictions(seen, dataset.inputs[rows])
    return draw_data_table(dataset, targets, made, first, cursor, width, height, palette)


def boundary(seen, width, height, palette=DARK_PALETTE, look=Look()):  # noqa: B008
    return draw_boundary(seen, asking(seen), plane(seen), look, width, height, palette)


def unit(seen, width, height, palette=DARK_PALETTE, unit=(1, 0)):
    return draw_unit(seen, asking(seen), plane(seen), Look(), unit, width, height, palette)


def confusion_matrix(seen, width, height, palette=DARK_PALETTE):
    dataset = seen.dataset
    classes = dataset.classes or ("low", "high")
    said = predictions(seen, dataset.inputs)
    targets = dataset.targets[:, 0] % len(classes)
    made = confusion(said, targets, classes, 0.5, "test", len(said))
    return draw_confusion(made, width, height, palette)


LINEAR, LOG = ChartView(), ChartView(logarithmic=frozenset({"loss"}))


def loss(seen, width, height, palette=DARK_PALETTE, view=LINEAR, pins=()):
    return LossChart(seen, pins, view, width, height, palette).draw()


def log_loss(seen, width, height, palette=DARK_PALETTE):
    return loss(seen, width, height, palette, LOG)


def hyperparameters(seen, width, height, palette=DARK_PALETTE, first=0, cursor="training.loss"):
    recipe = seen.recipe
    return draw_hyperparameters(recipe, recipe, cursor, True, first, width, height, palette)


def status(seen, width, height=1, palette=DARK_PALETTE, running=False, finished=False):
    return [draw_status(seen, Status("blog", running, finished), width, palette)]


PICTURES = (
    weights,
    diagram,
    mapped_diagram,
    data_table,
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
