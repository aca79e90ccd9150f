"""The terminal shows what was painted, for few bytes."""

import random

import pyte
import pytest
from rich.cells import cell_len
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style

from nn_tui.tui.terminal.screen_diff import ChangedCells, ScreenBuffer

WIDTH, HEIGHT = 30, 5
COLOURS = ColorSystem.TRUECOLOR
STYLES = [
    Style(color="#ff0000", bgcolor="#101010"),
    Style(color="#00ff00", bgcolor="#101010"),
    Style(color="#00ff00", bgcolor="#303030", bold=True),
    Style(color="bright_red", bgcolor="blue"),
    Style(color="color(200)", bgcolor="color(17)", underline=True),
    Style(reverse=True),
    Style(dim=True),
    Style(),
]


class Terminal:
    def __init__(self):
        self.screen = pyte.Screen(WIDTH, HEIGHT)
        self.stream = pyte.Stream(self.screen)

    def cells(self):
        rows = []
        for y in range(HEIGHT):
            rows.append([])
            for x in range(WIDTH):
                c = self.screen.buffer[y][x]
                hidden = c.data == " " and not (c.reverse or c.underscore)
                rows[-1].append((" ", c.bg) if hidden else tuple(c))
        return rows


def line(rng, alphabet, width=WIDTH):
    """Segments that fill a row."""
    segments = []
    while (left := width - sum(cell_len(s.text) for s in segments)) > 0:
        text = "".join(rng.choices(alphabet, k=rng.randint(1, 8)))
        while cell_len(text) > left:
            text = text[:-1]
        segments.append(Segment(text or " ", rng.choice(STYLES)))
    return segments


@pytest.mark.parametrize("alphabet", ["ab  ", "a⠿▀│ ŷ", "a世 界b "])
def test_any_updates_in_sequence_show_what_a_full_paint_shows(alphabet):
    rng = random.Random(alphabet)
    shown, seen = ScreenBuffer(), Terminal()
    rows = [line(rng, alphabet) for _ in range(HEIGHT)]
    for _ in range(60):
        fresh = Terminal()
        changed = rng.sample(range(HEIGHT), rng.randint(1, HEIGHT))
        for y in changed:
            if rng.random() < 0.5:
                rows[y] = line(rng, alphabet)
            else:
                at = rng.randrange(len(rows[y]))
                rows[y][at] = Segment(rows[y][at].text, rng.choice(STYLES))
        everything = [ChangedCells(y, 0, row, (0, WIDTH)) for y, row in enumerate(rows)]
        seen.stream.feed(shown.update(everything, COLOURS, WIDTH))
        fresh.stream.feed(ScreenBuffer().update(everything, COLOURS, WIDTH))
        assert seen.cells() == fresh.cells()
        assert [row.rstrip() for row in seen.screen.display] == [
            "".join(s.text for s in row).rstrip() for row in rows
        ]


def test_only_columns_within_the_bounds_are_sent():
    shown, seen = ScreenBuffer(), Terminal()
    dots = [Segment("." * WIDTH, STYLES[0])]
    seen.stream.feed(shown.update([ChangedCells(0, 0, dots, (0, WIDTH))], COLOURS, WIDTH))
    piece = ChangedCells(0, 2, [Segment("abc", STYLES[0]), Segment("defg", STYLES[1])], (4, 7))
    seen.stream.feed(shown.update([piece], COLOURS, WIDTH))
    assert seen.screen.display[0] == "....cde" + "." * (WIDTH - 7)


def sent(before, after):
    shown = ScreenBuffer()
    shown.update([ChangedCells(0, 0, before, (0, WIDTH))], COLOURS, WIDTH)
    return shown.update([ChangedCells(0, 0, after, (0, WIDTH))], COLOURS, WIDTH)


def test_unchanged_cells_are_not_sent():
    row = [Segment("epoch 12", STYLES[0])]
    assert sent(row, list(row)) == ""


def test_the_foreground_of_blanks_is_not_sent():
    assert sent([Segment("   ", STYLES[0])], [Segment("   ", STYLES[1])]) == ""
    assert sent([Segment("   ", STYLES[5])], [Segment("   ", STYLES[0])]) != ""


def test_a_changed_digit_costs_its_position_and_colours():
    before, after = ([Segment(f"epoch {n}", STYLES[0])] for n in (12, 13))
    assert sent(before, after) == "\x1b[38;2;255;0;0;48;2;16;16;16m\x1b[1;8H3\x1b[m"


def test_short_gaps_are_sent_and_long_ones_skipped():
    (short, long), style = ("a12b", "a12345678b"), Style()
    assert sent([Segment(short, style)], [Segment("c12d", style)]) == "\x1b[1Hc12d"
    assert sent([Segment(long, style)], [Segment("c12345678d", style)]) == "\x1b[1Hc\x1b[8Cd"


def test_neighbours_share_their_background_code():
    text = sent([Segment("  ", STYLES[0])], [Segment("a", STYLES[0]), Segment("b", STYLES[1])])
    assert text.count("48;2;16;16;16") == 1


def test_a_style_is_selected_once_wherever_its_cells_are():
    shown = ScreenBuffer()
    stripes = [Segment("a", STYLES[0]), Segment("b", STYLES[1])] * 10
    rows = [ChangedCells(y, 0, stripes, (0, WIDTH)) for y in range(HEIGHT)]
    text = shown.update(rows, COLOURS, WIDTH)
    assert text.count("38;2;255;0;0") == text.count("38;2;0;255;0") == 1
    assert len(text) < HEIGHT * 20 * 6


def test_blanks_are_sent_with_text_on_the_same_background():
    text = sent([Segment("  ", STYLES[3])], [Segment("  ", STYLES[0]), Segment("a", STYLES[1])])
    assert text == "\x1b[38;2;0;255;0;48;2;16;16;16m\x1b[1H  a\x1b[m"


def test_forgotten_cells_are_sent_again():
    row = ChangedCells(0, 0, [Segment("epoch", STYLES[0])], (0, WIDTH))
    shown = ScreenBuffer()
    first = shown.update([row], COLOURS, WIDTH)
    shown.forget()
    assert shown.update([row], COLOURS, WIDTH) == first


def test_a_blank_before_a_cell_that_stays_does_not_give_it_the_next_colour():
    shown, seen = ScreenBuffer(), Terminal()
    accent, muted = STYLES[0], STYLES[1]
    for mark, number in (("x", "0"), (" ", "3")):
        segments = [Segment(f"{mark}v", accent), Segment(number, muted)]
        piece = ChangedCells(0, 0, segments, (0, 3))
        seen.stream.feed(shown.update([piece], COLOURS, WIDTH))
    assert [seen.screen.buffer[0][x].fg for x in (1, 2)] == ["ff0000", "00ff00"]


def test_of_pieces_that_overlap_the_last_is_shown():
    shown, seen = ScreenBuffer(), Terminal()
    pieces = [ChangedCells(0, 0, [Segment("ab", style)], (0, 2)) for style in STYLES[:2][::-1]]
    pieces.append(ChangedCells(0, 0, [Segment("cd", STYLES[1])], (0, 1)))
    seen.stream.feed(shown.update(pieces, COLOURS, WIDTH))
    cells = [seen.screen.buffer[0][x] for x in (0, 1)]
    assert [(c.data, c.fg) for c in cells] == [("c", "00ff00"), ("b", "ff0000")]
