"""Numbers as text that does not dance."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.tui.drawing.numbers import (
    format_datum,
    format_fixed,
    format_loss,
    format_plain,
    format_rate,
    format_signed,
)


@given(st.floats(), st.integers(6, 12))
def test_fixed_has_its_width_and_the_value_as_far_as_it_is_told(value, width):
    text = format_fixed(value, width)
    assert len(text) == width
    if math.isnan(value):
        assert text.strip() == "NaN"
    elif math.isinf(value):
        assert text.strip() == ("+∞" if value > 0 else "-∞")
    elif 1e-3 <= abs(value) < 1000:
        assert float(text) == pytest.approx(value, abs=0.0051, rel=0.5)
    elif 1e-99 < abs(value) < 1e308 or value == 0:
        assert float(text) == pytest.approx(value, rel=0.5)


@given(st.floats(allow_nan=False))
def test_signed_has_a_sign_that_is_legible_without_colour(value):
    text = format_signed(value)
    assert len(text) == 7
    assert text.strip()[0] == ("-" if math.copysign(1, value) < 0 else "+")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.5, " 0.5000"),
        (-0.5, "-0.5000"),
        (12.3456, "12.3456"),
        (-12.3456, "-12.346"),
        (99999.5, "99999.5"),
        (1e7, "1e7".rjust(7)),
        (3e-5, "3e-5".rjust(7)),
        (None, "      -"),
        (0.0, " 0.0000"),
    ],
)
def test_fixed(value, text):
    assert format_fixed(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(1.0, "1"), (-3.0, "-3"), (0.25, "0.250"), (1e9, "1e9"), (0.0, "0")]
)
def test_a_datum_is_written_as_a_person_would(value, text):
    assert format_plain(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.012557, "0.012557"),
        (0.0, "0.000000"),
        (9.99999999, "10.00000"),
        (4321.0, "4321.000"),
        (99999.4, "99999.40"),
        (1.5e-7, "1.500e-7"),
        (250000.0, "2.500e5"),
        (math.nan, "NaN"),
        (None, "-"),
    ],
)
def test_a_loss(value, text):
    assert format_loss(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0/s"), (0.25, "0.25/s"), (12.4, "12/s"), (9999, "9,999/s"), (151_900, "152k/s")],
)
def test_a_rate(value, text):
    assert format_rate(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (4.0, "4"),
        (5.8, "5.8"),
        (151.6, "151.6"),
        (-4.10651, "-4.107"),
        (-0.634912, "-0.635"),
        (123456.75, "123457"),
        (math.nan, "NaN"),
    ],
)
def test_a_datum_has_no_more_digits_than_there_are(value, text):
    assert format_datum(value, 6) == text


@given(st.floats())
def test_a_datum_fits(value):
    assert len(format_datum(value, 6)) <= 7
