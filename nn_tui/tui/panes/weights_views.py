"""What the weights pane can show of a snapshot: which views there are, and their numbers."""

from collections.abc import Sequence

from textual.geometry import Region
from textual.strip import Strip

from nn_tui.training.forward_pass import ForwardPass
from nn_tui.training.snapshot import Snapshot
from nn_tui.tui.drawing.matrix import (
    Matrix,
    MatrixCursor,
    activation_matrices,
    clamped_cursor,
    moved_cursor,
    parameter_matrices,
)
from nn_tui.tui.drawing.strips import DrawArea
from nn_tui.tui.drawing.weight_images import WeightImages, draw_weight_images, lay_out_weight_images
from nn_tui.tui.drawing.weight_layout import WeightLayout, lay_out_weights
from nn_tui.tui.drawing.weight_matrices import draw_weights

_COMMON = ("weights", "gradients", "last change", "activations")
_CALLED = {
    "weights": "the weights",
    "gradients": "gradients",
    "last change": "changes",
    "activations": "activations",
    "pictures": "pictures",
}
PICTURE_KEYS = "a picture is a column of W0; `weights.view` shows single weights"
_NOTHING_YET = {
    "gradients": "Here will be how the loss changes with every weight; `epoch` trains an epoch.",
    "last change": "Here will be how far the last epoch moved every weight; `epoch` trains one.",
}


def weight_views(snapshot: Snapshot | None) -> tuple[str, ...]:
    """What can be shown, in the order in which ``v`` shows it."""
    return ("pictures", *_COMMON) if picture_of(snapshot) else _COMMON


def picture_of(snapshot: Snapshot | None) -> tuple[int, int] | None:
    """Height and width of the picture that the inputs of hidden units are, if they are one."""
    picture = snapshot.dataset.picture if snapshot is not None else None
    if picture is None or snapshot is None:
        return None
    whole = picture[0] * picture[1] == snapshot.network.sizes[0]
    return picture if whole and snapshot.network.depth > 1 else None


def title(view: str, snapshot: Snapshot) -> str:
    """The view's name behind the pane's, and what exactly its numbers are; empty for weights."""
    if view == "gradients":
        if not snapshot.gradient_is_current:
            return f"gradients of epoch {_last_epoch(snapshot):,}"
        return f"gradients of the {_reduced(snapshot)} loss"
    if view == "last change":
        return f"last change, epoch {_last_epoch(snapshot):,}" if snapshot.changes else view
    return "" if view == "weights" else view


def is_of_before(view: str, snapshot: Snapshot) -> bool:
    """Whether the view's numbers are not of the weights, samples and loss that are shown."""
    if view == "gradients":
        return not snapshot.gradient_is_current
    return view == "last change" and not snapshot.change_is_current


def _last_epoch(snapshot: Snapshot) -> int:
    """The epoch of the last update."""
    return snapshot.epoch + (snapshot.progress > 0)


def _reduced(snapshot: Snapshot) -> str:
    return "mean" if snapshot.recipe.training.reduction == "mean" else "summed"


def _meaning(view: str, snapshot: Snapshot) -> str:
    """What the numbers of a view are, in a few words; empty where its title says it all."""
    if view == "last change" and is_of_before(view, snapshot):
        return "something was changed since then; "
    if view != "gradients":
        return ""
    if is_of_before(view, snapshot):
        return "∇ of the last update: too many samples to compute it for these weights; "
    count = snapshot.dataset.train_count
    if _reduced(snapshot) == "mean":
        return f"∇ over all {count:,} training samples; "
    return f"∇ summed over all {count:,} training samples, {count:,} × that of the loss shown; "


def hint(view: str, following: str, snapshot: Snapshot | None) -> str:
    """What one can do in a view, and which comes next; keys by their names."""
    if view == "pictures":
        return f"arrows choose a unit; {PICTURE_KEYS}"
    further = f"`weights.view` shows {_CALLED[following]}"
    if view == "activations":
        return f"what each unit says to the sample chosen in pane 1; {further}"
    meaning = _meaning(view, snapshot) if snapshot is not None else ""
    if meaning:
        return f"{meaning}{further}"
    return f"arrows move, `weights.set` sets the weight, `weights.prune` cuts it off, {further}"


def nothing_yet(view: str, snapshot: Snapshot) -> str:
    """What will be there, if the view shows what only an epoch brings about; else empty."""
    there = snapshot.changes if view == "last change" else snapshot.has_gradient
    return "" if there else _NOTHING_YET.get(view, "")


class WeightNumbers:
    """The matrices of a view; those of activations are asked for."""

    def __init__(self) -> None:
        self._forward = ForwardPass()

    def __call__(self, view: str, snapshot: Snapshot, sample: int) -> list[Matrix]:
        """The matrices, and those of the activations of ``sample``."""
        dataset = snapshot.dataset
        if view == "activations":
            inputs = dataset.inputs[sample : sample + 1]
            layers = [layer[0] for layer in self._forward.layers(snapshot, inputs)]
            names = dataset.input_names, dataset.classes
            return activation_matrices(layers, *names, sample, picture_of(snapshot))
        others = {"gradients": ("∇", snapshot.gradients), "last change": ("Δ", snapshot.changes)}
        what, named = others.get(view, ("", {}))
        return parameter_matrices(
            named or snapshot.weights,
            dataset.input_names,
            dataset.classes,
            snapshot.masks,
            what,
        )


class MatrixView:
    """Every number in a cell of its matrix; ``layout`` is that of the current picture."""

    def __init__(self) -> None:
        self.layout = WeightLayout()

    def lay_out(
        self, matrices: Sequence[Matrix], cursor: MatrixCursor, width: int, height: int
    ) -> None:
        """Place the matrices with the number under the cursor in sight."""
        self.layout = lay_out_weights(matrices, width, height, cursor, self.layout)

    def draw(
        self,
        matrices: Sequence[Matrix],
        cursor: MatrixCursor | None,
        area: DrawArea,
    ) -> list[Strip]:
        """Return the matrices, with the cursor if there is one."""
        return draw_weights(matrices, self.layout, cursor, area)

    def moved(
        self, matrices: Sequence[Matrix], cursor: MatrixCursor, down: int, right: int
    ) -> MatrixCursor:
        """Where the arrows lead."""
        return moved_cursor(clamped_cursor(cursor, matrices), matrices, down, right)

    def at(self, x: int, y: int) -> MatrixCursor | None:
        """What is at a place of the picture."""
        for place in self.layout.places:
            found = place.at(x, y)
            if found is not None:
                return MatrixCursor(place.matrix, *found)
        return None

    def region(self, cursor: MatrixCursor) -> Region | None:
        """The line in which a number stands, if it is in sight."""
        place = self.layout.place_of(cursor.matrix)
        if place is None:
            return None
        region = place.region(cursor.row, cursor.column)
        return region.translate((0, (region.height - 1) // 2))


class ImageView:
    """The weights of each hidden unit as an image; ``gallery`` is the current layout."""

    def __init__(self) -> None:
        self.gallery: WeightImages | None = None

    def lay_out(
        self,
        matrices: Sequence[Matrix],
        picture: tuple[int, int],
        cursor: MatrixCursor,
        width: int,
        height: int,
    ) -> None:
        """Place images of ``picture`` rows and columns, that of the cursor in sight."""
        unit, first = cursor.column, self.gallery.grid.first if self.gallery is not None else 0
        self.gallery = lay_out_weight_images(picture, matrices[0].width, width, height, unit, first)

    def draw(
        self,
        matrices: Sequence[Matrix],
        picture: tuple[int, int],
        unit: int,
        marked: bool,
        area: DrawArea,
    ) -> list[Strip]:
        """Return the images, that of ``unit`` enlarged and ``marked`` or not."""
        if self.gallery is None:
            return []
        outgoing = matrices[1] if len(matrices) > 1 else None
        return draw_weight_images(
            matrices[0],
            outgoing,
            picture,
            self.gallery,
            unit,
            marked,
            area,
        )

    def note(self) -> str:
        """Which of them are in sight."""
        return self.gallery.note() if self.gallery is not None else ""

    def moved(self, cursor: MatrixCursor, down: int, right: int) -> MatrixCursor:
        """Where the arrows lead."""
        if self.gallery is None:
            return cursor
        return MatrixCursor(0, cursor.row, self.gallery.grid.moved(cursor.column, down, right))

    def at(self, x: int, y: int) -> MatrixCursor | None:
        """What is at a place of the picture."""
        unit = self.gallery.grid.at(x, y) if self.gallery is not None else None
        return MatrixCursor(0, 0, unit) if unit is not None else None
