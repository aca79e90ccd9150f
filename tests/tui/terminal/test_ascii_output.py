"""The screen in ASCII."""

import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

import nn_tui
from nn_tui.tui.drawing.class_marks import class_sign
from nn_tui.tui.terminal.ascii_output import ascii_only


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=20))
def test_any_text_becomes_ascii_of_the_same_width(text):
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
def test_characters_are_replaced_by_similar_ones(glyphs, plain):
    assert ascii_only(glyphs) == plain


@pytest.mark.parametrize("trains", [True, False])
def test_the_symbols_of_eight_classes_differ(trains):
    assert len({ascii_only(class_sign(number, 8, trains)) for number in range(8)}) == 8


def test_test_samples_have_another_symbol():
    for number in range(8):
        assert ascii_only(class_sign(number, 8)) != ascii_only(class_sign(number, 8, trains=False))


def test_symbols_of_high_low_and_middle_values_differ_in_training_and_test():
    assert len({ascii_only(sign) for sign in "●○•◦·"}) == 5


def test_nothing_that_the_program_draws_becomes_a_question_mark():
    drawn = {
        character
        for file in Path(nn_tui.__file__).parent.rglob("*.py")
        if file.name not in ("ascii_output.py", "text.py") and file.parent.name != "readers"
        for character in file.read_text(encoding="utf-8")
    }
    assert [c for c in sorted(drawn) if not c.isascii() and "?" in ascii_only(c)] == []
