"""Text made safe to show, and names that may have been meant."""

import os
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.recipe.fields import FIELDS
from nn_tui.recipe.synonyms import CHOICES, KEYS
from nn_tui.spelling import did_you_mean, suggest
from nn_tui.text import as_unicode, file_name, make_printable


def test_controls_become_visible():
    assert make_printable("a\x1b]52;c;aGk=\x07\r\n\x7f\x9b31m") == "a␛]52;c;aGk=␇␍␊␡�31m"
    assert make_printable("abc\u202edef\u2066\u200f\u2028") == "abc�def���"


def test_ordinary_text_stays():
    for text in ("learning rate η = 0.3", "日本語 ×½", "emoji 🙂", ""):
        assert make_printable(text) == text


@given(st.text())
def test_no_control_is_left_and_no_character_is_lost(text):
    shown = make_printable(text)
    assert len(shown) == len(text)
    assert not any(unicodedata.category(character) in ("Cc", "Zl", "Zp") for character in shown)
    assert not any(unicodedata.bidirectional(c) in ("RLO", "LRO", "RLI", "PDF") for c in shown)


NAMES = ("learning_rate", "hidden", "hidden_activation", "batch_size", "epochs", "sgd")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Learning-Rate", ("learning_rate",)),  # exactly, but for case and hyphens
        ("eta", ("learning_rate",)),  # a synonym
        ("size", ("batch_size", "epochs")),  # a synonym of two
        ("learn", ("learning_rate",)),  # the only one that begins so
        ("bs", ("batch_size",)),  # initials
        ("hiden", ("hidden",)),  # a slip
        ("", ()),
        ("zzz", ()),
    ],
)
def test_the_name_that_was_meant(typed, meant):
    synonyms = {"eta": ("learning_rate",), "size": ("batch_size", "epochs")}
    assert suggest(typed, NAMES, synonyms) == meant


def test_a_suggestion_is_safe_to_show_and_has_an_alternative():
    assert did_you_mean("mien", ["min\x1b"]) == "did you mean min␛?"
    assert did_you_mean("zzz", NAMES, "there are six") == "there are six"
    assert did_you_mean("alpha", ["rate", "size"], synonyms={"alpha": ("rate", "size")}) == (
        "did you mean rate or size?"
    )


def test_synonyms_lead_to_keys_and_values_that_there_are():
    keys = {key.split(".")[1] for key in FIELDS}
    values = {name for field in FIELDS.values() for name in getattr(field.kind, "choices", ())}
    assert {meant for found in KEYS.values() for meant in found} <= keys
    assert {meant for found in CHOICES.values() for meant in found} <= values
    assert not {*KEYS} & keys and not {*CHOICES} & values


@given(st.binary(min_size=1, max_size=30).filter(lambda name: b"\0" not in name))
def test_any_name_of_a_file_is_stored_as_unicode_and_given_back(name):
    text = os.fsdecode(name)
    assert file_name(as_unicode(text).encode().decode()) == text


@pytest.mark.parametrize("name", ["file:a%20b.csv", "file:", "file:caf%C3%A9", "100%.csv", "café"])
def test_a_name_that_is_unicode_is_stored_as_it_is(name):
    assert as_unicode(name) == name == file_name(name)


def test_a_name_that_is_not_utf8_is_stored_as_a_uri():
    assert as_unicode(os.fsdecode(b"sub/caf\xe9 1.csv")) == "file:sub/caf%E9%201.csv"
