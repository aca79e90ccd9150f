"""Nothing that a terminal would obey comes out of ``printable``."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from nn_tui.text import printable


def test_controls_become_visible():
    assert printable("a\x1b]52;c;aGk=\x07\r\n\x7f\x9b31m") == "a␛]52;c;aGk=␇␍␊␡�31m"
    assert printable("abc\u202edef\u2066\u200f\u2028") == "abc�def���"


def test_ordinary_text_stays():
    for text in ("learning rate η = 0.3", "日本語 ×½", "emoji 🙂", ""):
        assert printable(text) == text


@given(st.text())
def test_no_control_is_left_and_no_character_is_lost(text):
    shown = printable(text)
    assert len(shown) == len(text)
    assert not any(unicodedata.category(character) in ("Cc", "Zl", "Zp") for character in shown)
    assert not any(unicodedata.bidirectional(c) in ("RLO", "LRO", "RLI", "PDF") for c in shown)
