"""What a terminal answers is none of a person's keys."""

import pytest

from nn_tui.tui.answers import AnswerFilter


@pytest.mark.parametrize(
    ("came", "typed", "answered"),
    [
        (["jk"], "jk", False),
        (["\x1b[0n"], "", True),
        (["j\x1b[0nk\x1b[0n"], "jk", True),
        (["j\x1b[0", "nk"], "jk", True),
        (["\x1b", "[A"], "\x1b[A", False),
        (["\x1b[0", "x"], "\x1b[0x", False),
    ],
)
def test_answers_are_taken_out_wherever_they_are_cut(came, typed, answered):
    seen = list(map(AnswerFilter(), came))
    assert "".join(text for text, _ in seen) == typed
    assert any(was for _, was in seen) == answered


@pytest.mark.parametrize("key", ["\x1b", "\x1b[", "\x1b[A", "\x1b[1;5C", "é"])
def test_no_key_has_to_wait_for_the_next(key):
    assert AnswerFilter()(key) == (key, False)
