"""What a terminal answers is none of a person's keys."""

import pytest
from textual._xterm_parser import XTermParser

from nn_tui.tui.answers import AnswerFilter


@pytest.mark.parametrize(
    ("came", "typed", "answers"),
    [
        (["jk"], "jk", 0),
        (["\x1b[0n"], "", 1),
        (["j\x1b[0nk\x1b[0n"], "jk", 1),
        (["j\x1b[0", "nk"], "jk", 1),
        (["j\x1b[", "0nk"], "jk", 1),
        (["j\x1b", "[0nk"], "jk", 1),
        (["j", *"\x1b[0n", "k", *"\x1b[0n"], "jk", 2),  # as a serial line brings it
        (["\x1b", "[A"], "\x1b[A", 0),
        ([*"\x1b[A"], "\x1b[A", 0),
        (["\x1b", "\x1b[0n"], "\x1b", 1),
        (["\x1b[0", "x"], "\x1b[0x", 0),
        (["[0n"], "[0n", 0),
    ],
)
def test_answers_are_taken_out_wherever_they_are_cut(came, typed, answers):
    filtered = AnswerFilter()
    seen = list(map(filtered, came))
    assert "".join(text for text, _ in seen) + filtered.release() == typed
    assert [answered for _, answered in seen].count(True) == answers


def test_what_would_become_of_an_answer_that_is_not_taken_out():
    """Textual takes it for keys, one of which halves the learning rate."""
    parser = XTermParser()
    keys = [event.key for text in ("\x1b[0n" * 10, "") for event in parser.feed(text)]
    assert "left_square_bracket" in keys


@pytest.mark.parametrize("key", ["\x1b[A", "\x1b[1;5C", "é"])
def test_no_key_has_to_wait_for_the_next(key):
    assert AnswerFilter()(key) == (key, False)


@pytest.mark.parametrize("key", ["\x1b", "\x1b["])
def test_what_begins_like_an_answer_waits_a_moment_and_is_a_key_then(key):
    filtered = AnswerFilter()
    assert filtered(key) == ("", False)
    assert filtered.release() == key
    assert filtered.release() == ""
    assert filtered("[0n") == ("[0n", False)
