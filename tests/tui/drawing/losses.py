"""Runs whose losses went as a test says, and what is seen of them in a chart."""

import re
from dataclasses import replace

import numpy as np

from nn_tui.training.branches import PinnedRun
from nn_tui.training.curve import Curve
from nn_tui.training.run import Run, RunPosition
from nn_tui.training.snapshot import summarize_run
from nn_tui.training.stopping import BestEpoch
from nn_tui.tui.drawing.chart_view import ChartView
from tests.tui.drawing.drawing import DARK_PALETTE, cells, lines, loss, snapshot

TRAIN, TEST = DARK_PALETTE.train.color.name, DARK_PALETTE.test.color.name


def curve(train, test=None, **metrics):
    """A snapshot whose loss and metrics went this way; with ``test``, there is a test set."""
    train = np.asarray(train, float)
    held = np.full(len(train), np.nan) if test is None else np.asarray(test, float)
    epochs = np.arange(len(train), dtype=float)
    recorded = {"train_loss": train, "test_loss": held, **metrics}
    watched = train if test is None else held
    best = int(np.where(np.isnan(watched), np.inf, watched).argmin())
    return replace(
        snapshot(),
        epoch=len(train) - 1,
        best=BestEpoch(best, float(watched[best])),
        losses=Curve(epochs, epochs, {name: [v] * 3 for name, v in recorded.items()}),
        train_loss=float(train[-1]),
        test_loss=None if test is None else float(held[-1]),
    )


def inked(strips, ink):
    """Column and line of all cells of that colour with dots in them."""
    return [
        (x, y)
        for y, strip in enumerate(strips)
        for x, (character, colour, _) in enumerate(cells(strip))
        if colour == ink and 0x2800 < ord(character) < 0x2900
    ]


def behind(ink):
    """The ink of the extremes behind a line."""
    return DARK_PALETTE.shade(ink, 0.45).color.name


def body(drawn):
    """The lines of a chart from its first column on, without axes."""
    return [re.split("[│┤]", line, maxsplit=1)[1] for line in drawn[:-2]]


def ticks(drawn):
    """The labels of the axis of values, from the top, by line."""
    return {y: line.split("┤")[0].strip() for y, line in enumerate(drawn) if "┤" in line}


def pin(label, train, test=None, metrics=None, **changed):
    seen = replace(curve(train, test, **(metrics or {})), **changed)
    return PinnedRun(
        label, summarize_run(seen), RunPosition(Run(label, seen.recipe, seen.dataset), seen.epoch)
    )


def crosshair(seen, epoch, width=100, height=20, pins=(), **view):
    view = ChartView(crosshair=epoch, **view)
    return lines(loss, seen, width, height, view=view, pins=pins)
