"""What holds for every picture, at every size, of every network."""

import numpy as np
import pytest
from rich.cells import cell_len

from nn_tui.data.dataset import Dataset
from nn_tui.recipe.recipe import Recipe
from nn_tui.training.trainer import Trainer
from tests.tui.drawing.drawing import PALETTES, PICTURES, filled, snapshot

SIZES = [
    *((1, 1), (1, 7), (2, 2), (3, 3), (5, 1), (7, 4), (11, 3), (12, 4), (18, 2), (20, 10)),
    *((28, 13), (34, 20), (53, 24), (78, 20), (158, 40), (300, 3), (4, 90)),
]
FEW = "data.samples=40"
CLASSES = ("network.output=softmax", "training.loss=cross_entropy", "training.learning_rate=1e-4")


def one_sample():
    """A single point: nothing has a range."""
    point = Dataset("one", np.array([[2.0, 2.0]]), np.array([[1.0]]), ("a", "b"), ("y",), 1)
    trainer = Trainer(Recipe(), point)
    trainer.run_epochs(2)
    return trainer.snapshot()


NETWORKS = {
    "blog at the start": lambda: snapshot(epochs=0),
    "blog": lambda: snapshot(epochs=50),
    "without hidden layers": lambda: snapshot("blog", "network.hidden="),
    "deep": lambda: snapshot("blog", "network.hidden=" + ",".join("3" * 50)),
    "wide": lambda: snapshot("blog", "network.hidden=300"),
    "wide and deep": lambda: snapshot("circle", FEW, "network.hidden=60,40,30"),
    "circle": lambda: snapshot("circle", FEW),
    "many outputs": lambda: snapshot("blog", "data.source=digits", *CLASSES, epochs=1),
    "quantities": lambda: snapshot(
        "blog", "data.source=diabetes", "network.output=linear", "training.learning_rate=1e-9"
    ),
    "one sample": one_sample,
    "not a number": lambda: filled(snapshot("circle", FEW), np.nan),
    "infinite": lambda: filled(snapshot("circle", FEW), np.inf),
    "minus infinite": lambda: filled(snapshot("blog"), -np.inf),
    "all zero": lambda: filled(snapshot("blog"), 0.0),
    "huge": lambda: filled(snapshot("circle", FEW), 1e300),
    "tiny": lambda: filled(snapshot("blog"), -1e-300),
}


@pytest.mark.filterwarnings("error")  # NumPy's would be written over the screen
@pytest.mark.parametrize("picture", PICTURES, ids=lambda p: p.__name__)
@pytest.mark.parametrize("network", NETWORKS)
def test_rows_are_as_wide_as_the_picture_and_not_all_blank(network, picture):
    seen = NETWORKS[network]()
    for palette in PALETTES.values() if network in ("blog", "circle", "infinite") else (None,):
        for width, height in SIZES:
            options = {"palette": palette} if palette else {}
            strips = picture(seen, width, height, **options)
            assert strips, (width, height)
            for strip in strips:
                assert strip.cell_length == cell_len(strip.text) == width, (width, height)
                # A segment without a style breaks where there are no colours.
                assert all(style is not None for _, style, _ in strip), (width, height)
                assert strip.text.isprintable(), (width, height)
            if width >= 18:
                assert any(strip.text.strip() for strip in strips), (width, height)
