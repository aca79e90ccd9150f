"""Numbers of weights in cells: their widths never depend on them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.tui.drawing.weight_numbers import (
    COMPACT,
    format_extreme,
    format_gradient,
    format_ninths,
    format_number,
    format_power,
    unit_exponent,
    unit_name,
)

ANY = st.floats() | st.sampled_from([0.0, -0.0, 9.995, 99.95, -999.5, 1e308, -5e-324])


@given(ANY, st.integers(3, 12))
def test_every_number_has_exactly_the_width_of_its_cell(value, width):
    assert len(format_number(value, width)) == width


@given(ANY, st.floats(1e-6, 1e300))
def test_ninths_have_two_cells(value, scale):
    assert len(format_ninths(value, scale)) == 2


@given(ANY)
@pytest.mark.parametrize("form", [format_gradient, format_extreme, format_power])
def test_numbers_below_others_have_seven_cells(form, value):
    assert len(form(value)) == COMPACT


@pytest.mark.parametrize(
    ("width", "text"),
    [(8, "  +2.278"), (6, "+2.278"), (5, "+2.28"), (4, "+2.3"), (3, " +2")],
)
def test_a_narrower_cell_has_fewer_decimals(width, text):
    assert format_number(2.278, width) == text


def test_two_digits_in_tenths():
    assert format_number(-9.04 * 10, 3) == "-90"
    assert format_number(0.03 * 10, 3) == "  0"


def test_what_does_not_fit_is_told_from_what_does():
    assert format_number(123.0, 3) == "+##"
    assert format_number(-1e12, 4) == "-###"
    assert format_number(-1e5, 4) == "-1e5"
    assert format_number(math.nan, 3) == "NaN"
    assert format_number(-math.inf, 3) == " -∞"


def test_ninths_of_the_full_colour():
    assert [format_ninths(x, 2.0) for x in (2.0, -1.0, 0.1, -0.01, 50.0)] == [
        "+9",
        "-4",
        " 0",
        " 0",
        "+9",
    ]
    assert format_ninths(math.nan, 2.0) == " ?"
    assert format_ninths(-math.inf, 2.0) == "-∞"


def test_small_gradients_keep_their_magnitude():
    assert format_gradient(-0.0165) == "-0.0165"
    assert format_gradient(-3.2e-5) == "-3.2e-5"
    assert format_gradient(123.4) == "+123.40"
    assert format_extreme(-0.0075) == "-0.0075"


@pytest.mark.parametrize(
    ("scale", "name"),
    [
        (3.0, "in tenths"),
        (0.6, "in tenths"),
        (0.3, "in hundredths"),
        (0.03, "in thousandths"),
        (30.0, ""),
        (300.0, "in tens"),
        (99.6, "in tens"),
        (3e-5, "in 1e-6"),
    ],
)
def test_two_digits_are_in_the_power_of_ten_that_fills_them(scale, name):
    exponent = unit_exponent(scale, True)
    assert unit_name(exponent, True) == name
    assert "#" not in format_number(scale / 10.0**exponent, 3)


@pytest.mark.parametrize("two_digits", [True, False])
def test_a_unit_is_kept_while_a_scale_wavers_about_a_limit(two_digits):
    met, last = [], None
    for scale in (0.2, 0.09, 0.11, 0.09, 0.3, 0.09, 0.11):
        last = unit_exponent(scale, two_digits, last)
        met.append(last)
    assert len({*met}) == 1


@given(st.floats(1e-5, 1e12), st.floats(1e-5, 1e12), st.booleans())
def test_a_unit_that_no_longer_serves_is_left(before, now, two_digits):
    exponent = unit_exponent(now, two_digits, unit_exponent(before, two_digits))
    if two_digits:
        assert "#" not in format_number(now / 10.0**exponent, 3)
        assert round(now / 10.0**exponent) >= 4
    assert math.isfinite(now / 10.0**exponent)
