"""Rows of cells: widths, cutting off, and where two rows differ."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nn_tui.tui.drawing.strips import (
    RowBuilder,
    changed_spans,
    fit_text,
    padded,
    paragraph,
    squeezed,
)

INK = Style(color="red")
STYLES = (Style(), INK, Style(bgcolor="blue", bold=True))
PLAIN = "ab·⠿─ŷ "
WIDE = PLAIN + "世界"


def cells(strip):
    """(character, style) of every cell; the second half of a wide one has no character."""
    found = []
    for text, style, _ in strip:
        for character in text:
            found += [(character, style)] + [("", style)] * (cell_len(character) - 1)
    return found


def strips(alphabet, width):
    """Strips of ``width`` cells in any number of segments."""
    parts = st.tuples(st.text(alphabet, min_size=1, max_size=9), st.sampled_from(STYLES))

    def strip(made):
        return Strip(Segment(*part) for part in made).adjust_cell_length(width, STYLES[0])

    return st.lists(parts, max_size=8).map(strip)


def pairs(alphabet):
    def both(width):
        one = strips(alphabet, width)
        return st.tuples(one, st.one_of(one, st.just(None)), st.integers(0, width))

    # Half of the pairs differ in little: the second is the first with one cell replaced.
    def second(drawn):
        old, new, at = drawn
        if new is None:
            row = cells(old)
            row[at : at + 1] = [("X", INK)] if at < len(row) and row[at][0] else row[at : at + 1]
            new = Strip([Segment(c, s) for c, s in row if c])
            new = new.adjust_cell_length(old.cell_length, STYLES[0])
        return old, new

    return st.integers(1, 40).flatmap(both).map(second)


@given(pairs(PLAIN))
def test_changed_spans_are_just_what_a_comparison_cell_by_cell_finds(pair):
    old, new = pair
    different = [x for x, (a, b) in enumerate(zip(cells(old), cells(new), strict=True)) if a != b]
    wanted = []
    for x in different:
        if wanted and x - wanted[-1][1] < 6:
            wanted[-1] = (wanted[-1][0], x + 1)
        else:
            wanted.append((x, x + 1))
    assert changed_spans(old, new) == wanted


@given(pairs(WIDE))
@example((Strip([Segment("世ab", INK)]), Strip([Segment("ab世", INK)])))
@example((Strip([Segment("世a", INK)]), Strip([Segment("abc", INK)])))
@example((Strip([Segment("世", INK), Segment("a")]), Strip([Segment("ab", INK), Segment("c")])))
def test_with_wide_characters_nothing_changed_is_left_out(pair):
    old, new = pair
    spans = changed_spans(old, new)
    covered = {x for start, stop in spans for x in range(start, stop)}
    for x, (a, b) in enumerate(zip(cells(old), cells(new), strict=True)):
        assert a == b or x in covered
    assert covered <= set(range(new.cell_length))


def test_the_same_strip_has_not_changed():
    strip = RowBuilder(INK).add("abc").strip(10)
    assert changed_spans(strip, strip) == []
    assert changed_spans(strip, RowBuilder(INK).add("abc").strip(10)) == []


def test_where_styles_alone_differ_it_has_changed():
    old, new = (
        RowBuilder(INK).add("abc").strip(3),
        RowBuilder(INK).add("a").add("b", Style()).add("c").strip(3),
    )
    assert changed_spans(old, new) == [(1, 2)]


@given(st.text(WIDE, max_size=30), st.integers(-3, 30), st.booleans())
def test_fit_takes_exactly_its_width(text, width, right):
    made = fit_text(text, width, right)
    assert cell_len(made) == max(0, width)
    if cell_len(text) > width > 0:
        assert made.rstrip(" ").endswith("…")
    else:
        assert text.strip(" ") in made or width <= 0


def test_fit_puts_text_on_the_wanted_side():
    assert fit_text("ab", 5) == "ab   "
    assert fit_text("ab", 5, right=True) == "   ab"
    assert fit_text("世", 5, right=True) == "   世"
    assert fit_text("abcdef", 4) == "abc…"


@given(st.lists(st.tuples(st.text(WIDE, max_size=6), st.sampled_from(STYLES))), st.integers(0, 50))
def test_a_row_keeps_text_and_styles_and_gets_its_width(parts, width):
    row = RowBuilder(STYLES[1])
    for text, style in parts:
        row.add(text, style)
    whole = "".join(text for text, _ in parts)
    assert row.width == cell_len(whole)
    strip = row.strip(width)
    assert strip.cell_length == width == cell_len(strip.text)
    if row.width <= width:
        found = [(c, s) for c, s in cells(strip) if c][: len(whole)]
        assert found == [(c, style) for text, style in parts for c in text]


def test_a_row_joins_neighbours_that_look_alike():
    row = RowBuilder(INK).add("a").add("b").add("c", Style(color="red")).add("d", Style())
    assert [(text, style) for text, style, _ in row.strip(4)] == [("abc", INK), ("d", Style())]


@pytest.mark.parametrize("width", [1, 3, 7, 20])
def test_a_paragraph_loses_no_word_that_fits(width):
    text = "The loss of every epoch is drawn here"
    made = paragraph(text, width, INK)
    assert all(strip.cell_length == width for strip in made)
    written = " ".join(strip.text.strip() for strip in made).split()
    assert [w[:width] for w in text.split()] == [w.rstrip("…") or w for w in written]


def test_padded_cuts_off_and_fills_up():
    rows = [RowBuilder(INK).add(text).strip(3) for text in "abcd"]
    assert [strip.text for strip in padded(rows, 3, 2, INK)] == ["a  ", "b  "]
    assert [strip.text for strip in padded(rows[:1], 3, 3, INK)] == ["a  ", "   ", "   "]


@pytest.mark.parametrize(
    ("width", "text"), [(6, "col…ue"), (7, "col…lue"), (11, "colour=blue"), (2, "c…")]
)
def test_a_squeezed_name_keeps_both_ends(width, text):
    assert squeezed("colour=blue", width) == text


def test_a_squeezed_name_may_have_any_letters():
    assert squeezed("Farbe=grün", 6) == "Far…ün"
    assert cell_len(squeezed("颜色=蓝色的", 6)) == 6
