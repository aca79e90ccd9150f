"""The screen in ASCII."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from nn_tui.tui.glyphs import ascii_only


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=20))
def test_nothing_is_left_but_ascii_of_the_same_width(text):
    plain = ascii_only(text)
    assert plain.isascii()
    assert cell_len(plain) == sum(map(cell_len, text))


def test_ascii_and_escape_sequences_stay():
    text = string.printable + "\x1b[1;38;5;14mW0\x1b[0m\x1b]0;title\x07"
    assert ascii_only(text) == text


@pytest.mark.parametrize(
    ("glyphs", "plain"),
    [
        ("╭─ 1 Data ─╮│╰┤", "+- 1 Data -+|++"),
        ("▶ ‖ ✓ ✗ • ○ ● · … ‹›", "> | + x * o # . ~ <>"),
        ("ŷ η × σ ∂ é ² λ", "Y e x s d e 2 l"),
        ("数据", "????"),
        ("⠀⣿⡇⠉⠤⣀⠁⢀⠑⠊⡠⢄", " #|'-_'.\\//\\"),
    ],
)
def test_what_stands_for_what(glyphs, plain):
    assert ascii_only(glyphs) == plain
