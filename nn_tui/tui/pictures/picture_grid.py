"""Small pictures in rows, scrolled so that the chosen one is in sight."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ImageGrid:
    """``count`` pictures of ``across`` x ``down`` cells, from ``left`` on, ``first`` at the top."""

    count: int
    left: int
    across: int
    down: int
    columns: int
    lines: int
    first: int

    @property
    def shown(self) -> range:
        """The pictures in sight."""
        return range(self.first, min(self.count, self.first + self.columns * self.lines))

    def corner(self, picture: int) -> tuple[int, int]:
        """The upper left cell of a picture in sight."""
        line, column = divmod(picture - self.first, self.columns)
        return self.left + column * self.across, line * self.down

    def at(self, x: int, y: int) -> int | None:
        """The picture at a cell of the screen."""
        column, line = (x - self.left) // self.across, y // self.down
        picture = self.first + line * self.columns + column
        inside = 0 <= column < self.columns and 0 <= line < self.lines
        return picture if inside and picture in self.shown else None

    def moved(self, picture: int, down: int, right: int) -> int:
        """The picture so many lines and columns on."""
        return max(0, min(self.count - 1, picture + right + down * max(1, self.columns)))


def lay_out_grid(
    count: int,
    left: int,
    cell: tuple[int, int],
    size: tuple[int, int],
    chosen: int,
    first: int,
) -> ImageGrid:
    """As many pictures of ``cell`` (cells across, lines) as ``size`` (width, height) takes.

    ``first`` is the first picture in sight if ``chosen`` is then in sight too.
    """
    across, down = cell
    columns, lines = max(0, (size[0] - left + 1) // across), size[1] // down
    if columns and lines:
        line, top = chosen // columns, first // columns
        top = min(max(top, line - lines + 1), line)
        first = max(0, min(top, -(-count // columns) - lines)) * columns
    return ImageGrid(count, left, across, down, columns, lines, first)
