"""The views of the weights pane, their titles and hints, and their matrices."""

from collections.abc import Sequence
from dataclasses import replace

from textual.geometry import Region
from textual.strip import Strip

from nn_tui.training.edits import ParameterEdit, PruneEdit
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
from nn_tui.tui.drawing.short_names import short_names
from nn_tui.tui.drawing.strips import DrawArea
from nn_tui.tui.drawing.weight_images import WeightImages, draw_weight_images, lay_out_weight_images
from nn_tui.tui.drawing.weight_layout import WeightLayout, lay_out_weights
from nn_tui.tui.drawing.weight_matrices import chosen_units, describe_units, draw_weights

_COMMON = ("weights", "gradients", "last change", "activations", "health")
_VIEW_NAMES = {
    "weights": "the weights",
    "gradients": "gradients",
    "last change": "changes",
    "activations": "activations",
    "health": "health",
    "pictures": "pictures",
}
PICTURE_KEYS = "an image is a column of W0; `weights.view` shows single weights"
_NOTHING_YET = {
    "gradients": "Gradients appear here after the first epoch; `epoch` trains one.",
    "last change": "Changes appear here after the first epoch; `epoch` trains one.",
}


def weight_views(snapshot: Snapshot | None) -> tuple[str, ...]:
    """Return the possible views, in the order in which ``v`` shows them."""
    return ("pictures", *_COMMON) if picture_of(snapshot) else _COMMON


def picture_of(snapshot: Snapshot | None) -> tuple[int, int] | None:
    """Return height and width of the image that the inputs form, or None."""
    picture = snapshot.dataset.picture if snapshot is not None else None
    if picture is None or snapshot is None:
        return None
    whole = picture[0] * picture[1] == snapshot.network.sizes[0]
    return picture if whole and snapshot.network.depth > 1 else None


def title(view: str, snapshot: Snapshot) -> str:
    """Return the view's title, with what its values refer to; empty for weights."""
    if view == "gradients":
        if not snapshot.gradient_is_current:
            return f"∇ of epoch {_last_epoch(snapshot):,}"
        return f"∇ of the {_reduced(snapshot)} loss"
    if view == "last change":
        return f"last change, epoch {_last_epoch(snapshot):,}" if snapshot.changes else view
    return "" if view == "weights" else view


def is_outdated(view: str, snapshot: Snapshot) -> bool:
    """Whether the view's values refer to earlier weights, samples or another loss."""
    if view == "gradients":
        return not snapshot.gradient_is_current
    return view == "last change" and not snapshot.change_is_current


def _last_epoch(snapshot: Snapshot) -> int:
    """Return the epoch of the last update."""
    return snapshot.epoch + (snapshot.progress > 0)


def _reduced(snapshot: Snapshot) -> str:
    return "mean" if snapshot.recipe.training.reduction == "mean" else "summed"


def _meaning(view: str, snapshot: Snapshot) -> str:
    """Return what a view's values are, if its title does not tell."""
    if view == "last change" and is_outdated(view, snapshot):
        return "values were changed since then; "
    if view != "gradients":
        return ""
    if is_outdated(view, snapshot):
        return "∇ of the last update: too many samples to compute it for these weights; "
    count = snapshot.dataset.train_count
    if _reduced(snapshot) == "mean":
        return f"∇ averaged over all {count:,} training samples; "
    return f"∇ summed over all {count:,} training samples: {count:,} × the mean's; "


def hint(view: str, following: str, snapshot: Snapshot | None) -> str:
    """Return the hint of a view, with key ids in backticks."""
    if view == "pictures":
        return f"arrows choose a unit; {PICTURE_KEYS}"
    next_view = f"`weights.view` shows {_VIEW_NAMES[following]}"
    if view == "health":
        stale = snapshot is not None and not snapshot.gradient_is_current
        of = "∇ of the last update" if stale else "all training samples"
        return f"{of}; ↑↓ choose a layer; {next_view}"
    if view == "activations":
        return f"the output of each unit for the sample selected in pane 1; {next_view}"
    meaning = _meaning(view, snapshot) if snapshot is not None else ""
    if meaning:
        return f"{meaning}{next_view}"
    return f"arrows move, `weights.set` sets the weight, `weights.prune` prunes it, {next_view}"


def nothing_yet(view: str, snapshot: Snapshot) -> str:
    """Return the text shown before the first epoch, if the view needs one; else empty."""
    values = snapshot.changes if view == "last change" else snapshot.has_gradient
    return "" if values else _NOTHING_YET.get(view, "")


class WeightNumbers:
    """Computes the matrices of a view."""

    def __init__(self) -> None:
        self._forward = ForwardPass()

    def __call__(self, view: str, snapshot: Snapshot, sample: int) -> list[Matrix]:
        """Return the matrices; activations are those for ``sample``."""
        dataset = snapshot.dataset
        names = short_names(dataset)
        if view == "activations":
            inputs = dataset.inputs[sample : sample + 1]
            layers = [layer[0] for layer in self._forward.layers(snapshot, inputs)]
            return activation_matrices(
                layers, names.inputs, names.classes, sample, picture_of(snapshot)
            )
        below = view == "weights" and snapshot.gradient_is_current
        what, named = "", snapshot.weights
        if view == "gradients":
            what, named = "∇", snapshot.gradients
        elif view == "last change" and snapshot.changes:
            what, named = "Δ", snapshot.changes
        matrices = parameter_matrices(
            named,
            names.inputs,
            names.classes,
            snapshot.masks,
            what,
            (lambda: snapshot.gradients) if below else None,
        )
        return _without_edited(matrices, snapshot) if view == "last change" else matrices


def _without_edited(matrices: Sequence[Matrix], snapshot: Snapshot) -> list[Matrix]:
    """Mark parameters set or pruned after the last epoch: their last change is unknown."""
    edited: list[set[tuple[int, int]]] = [set() for _ in matrices]
    for edit in () if snapshot.progress else snapshot.edits:
        if isinstance(edit, ParameterEdit | PruneEdit) and edit.epoch >= snapshot.epoch:
            number = int(edit.name[1:])
            edited[number].add(matrices[number].cell_of(edit.name, edit.index))
    return [
        replace(matrix, unknown=frozenset(cells))
        for matrix, cells in zip(matrices, edited, strict=True)
    ]


class MatrixView:
    """Every number in a cell of its matrix; ``layout`` is that of the current picture."""

    def __init__(self) -> None:
        self.layout = WeightLayout()

    def lay_out(
        self, matrices: Sequence[Matrix], cursor: MatrixCursor, width: int, height: int
    ) -> None:
        """Place the matrices with the number under the cursor in sight."""
        layout = lay_out_weights(matrices, width, height, cursor, self.layout)
        self.layout = replace(layout, units=chosen_units(matrices, layout))

    @property
    def paired(self) -> bool:
        """Whether gradients stand below the numbers."""
        return any(place.paired for place in self.layout.places)

    def units(self, matrices: Sequence[Matrix], cursor: MatrixCursor, room: int) -> str:
        """Return in about ``room`` cells what the numbers are in, if not in ones."""
        return describe_units(matrices, self.layout, cursor, room)

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
        """Return the cursor after an arrow key."""
        return moved_cursor(clamped_cursor(cursor, matrices), matrices, down, right)

    def at(self, x: int, y: int) -> MatrixCursor | None:
        """Return the cursor at a cell of the drawing, if a value is there."""
        for place in self.layout.places:
            found = place.at(x, y)
            if found is not None:
                return MatrixCursor(place.matrix, *found)
        return None

    def region(self, cursor: MatrixCursor) -> Region | None:
        """Return the region of a value's line, if it is visible."""
        place = self.layout.place_of(cursor.matrix)
        if place is None:
            return None
        region = place.region(cursor.row, cursor.column)
        return region.crop_size((region.width, 1))


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

    def note(self, matrices: Sequence[Matrix], cursor: MatrixCursor, room: int) -> str:
        """Describe the unit of the cursor in ``room`` cells, or which images are visible."""
        return self.gallery.note(matrices[0], cursor.column, room) if self.gallery else ""

    def moved(self, cursor: MatrixCursor, down: int, right: int) -> MatrixCursor:
        """Return the cursor after an arrow key."""
        if self.gallery is None:
            return cursor
        return MatrixCursor(0, cursor.row, self.gallery.grid.moved(cursor.column, down, right))

    def at(self, x: int, y: int) -> MatrixCursor | None:
        """Return the cursor at a cell of the drawing, if a value is there."""
        unit = self.gallery.grid.at(x, y) if self.gallery is not None else None
        return MatrixCursor(0, 0, unit) if unit is not None else None
