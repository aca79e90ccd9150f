"""Samples that are pictures."""

import numpy as np

from nn_tui.data.dataset import Dataset
from nn_tui.tui.drawing.image_grid import draw_thumbnails, lay_out_thumbnails
from nn_tui.tui.drawing.strips import DrawArea
from tests.tui.drawing.drawing import DARK_PALETTE, cells

PIXELS = np.array([[0.0, 16, 16, 0], [16, 16, 0, 0], [0, 0, 0, 16]])


def drawn(said, cursor=-1, classes=("cat", "dog"), train_count=3, targets=(0, 1, 1)):
    numbers = np.array(targets, float)[:, None]
    names = ("r1c1", "r1c2", "r2c1", "r2c2")
    dataset = Dataset("d", PIXELS, numbers, names, ("y",), train_count, classes, (2, 2))
    grid = lay_out_thumbnails(dataset, 60, 6, 0, 0)
    made = np.array(said, float)[:, None]
    return draw_thumbnails(
        dataset,
        "sigmoid",
        grid,
        dataset.encoded("sigmoid"),
        made,
        cursor,
        DrawArea(60, 6, DARK_PALETTE),
    )


def test_pixels_are_grey_and_in_their_places():
    picture = drawn([0, 1, 1])[0]
    dark, light = DARK_PALETTE.background, DARK_PALETTE.foreground
    assert cells(picture)[:2] == [("▀", dark, light), ("▀", light, dark)]


def test_wrong_ones_are_marked_and_test_samples_told_apart():
    captions = drawn([0.1, 0.2, 0.9], train_count=2)[1].text.split()
    assert captions == ["cat→cat", "dog→cat", "✗", "t", "dog→dog"]


def test_quantities_are_numbers():
    assert drawn([0.5, 1.25, 7], classes=(), targets=(1, 2, 3))[1].text.split() == [
        "1→0.500",
        "2→1.250",
        "3→7",
    ]


def test_the_chosen_one_stands_out():
    row = cells(drawn([0, 1, 1], cursor=1)[1])
    marked = [x for x, (_, _, paper) in enumerate(row) if paper == DARK_PALETTE.foreground]
    assert marked and row[marked[0]][0] == "d"


def test_the_chosen_one_is_in_sight_in_any_window():
    pixels = np.zeros((100, 64))
    dataset = Dataset("d", pixels, pixels[:, :1], ("p",) * 64, ("y",), 100, picture=(8, 8))
    for size in ((50, 13), (30, 6), (8, 2), (120, 40)):
        first = 0
        for sample in (0, 99, 50, 51, 3):
            grid = lay_out_thumbnails(dataset, *size, sample, first)
            first = grid.first
            assert sample in grid.shown


def test_large_pictures_are_thinned_out():
    pixels = np.zeros((5, 200 * 300))
    dataset = Dataset("d", pixels, pixels[:, :1], ("p",) * 60000, ("y",), 5, picture=(200, 300))
    grid = lay_out_thumbnails(dataset, 50, 13, 0, 0)
    assert grid.across <= 29 and grid.down <= 13
