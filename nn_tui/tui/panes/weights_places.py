"""Where the weights stand on their pane, and where arrows and clicks lead to from there."""

from collections.abc import Sequence

from textual.geometry import Region
from textual.strip import Strip

from nn_tui.tui.drawing.matrix import Matrix, MatrixCursor, clamped, moved_cursor
from nn_tui.tui.drawing.weight_images import WeightImages, draw_weight_images, lay_out_weight_images
from nn_tui.tui.drawing.weight_layout import WeightLayout, lay_out_weights
from nn_tui.tui.drawing.weight_matrices import draw_weights
from nn_tui.tui.theme import Palette


class MatrixView:
    """Every number in a cell of its matrix; ``layout`` is as it was last drawn."""

    def __init__(self) -> None:
        self.layout = WeightLayout()

    def draw(
        self,
        matrices: Sequence[Matrix],
        cursor: MatrixCursor,
        marked: bool,
        width: int,
        height: int,
        palette: Palette,
    ) -> list[Strip]:
        """The matrices, the number of the cursor in sight and ``marked`` or not."""
        self.layout = lay_out_weights(matrices, width, height, cursor, self.layout)
        shown = cursor if marked else None
        return draw_weights(matrices, self.layout, shown, width, height, palette)

    def moved(
        self, matrices: Sequence[Matrix], cursor: MatrixCursor, down: int, right: int
    ) -> MatrixCursor:
        """Where the arrows lead."""
        return moved_cursor(clamped(cursor, matrices), matrices, down, right)

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
    """The weights of each hidden unit as a picture; ``gallery`` is as it was last drawn."""

    def __init__(self) -> None:
        self.gallery: WeightImages | None = None

    def draw(
        self,
        matrices: Sequence[Matrix],
        picture: tuple[int, int],
        cursor: MatrixCursor,
        marked: bool,
        width: int,
        height: int,
        palette: Palette,
    ) -> list[Strip]:
        """The pictures, each of ``picture`` rows and columns, that of the cursor large."""
        unit, first = cursor.column, self.gallery.grid.first if self.gallery is not None else 0
        self.gallery = lay_out_weight_images(picture, matrices[0].width, width, height, unit, first)
        outgoing = matrices[1] if len(matrices) > 1 else None
        return draw_weight_images(
            matrices[0], outgoing, picture, self.gallery, unit, marked, width, height, palette
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
