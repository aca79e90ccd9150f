"""Contrast and distance of the colours of the themes, computed.

Contrast is WCAG 2.1's; colour vision is simulated with the matrices of Machado, Oliveira and
Fernandes (2009) at full severity; distances are CIE76 in CIELAB (D65).
"""

from itertools import combinations

import numpy as np
import pytest
from rich.color import Color
from textual.theme import BUILTIN_THEMES

from nn_tui.tui.drawing.class_marks import class_colour
from nn_tui.tui.terminal.colours_256 import nearest_number
from nn_tui.tui.theme import DARK, LIGHT, palette_of

PALETTES = {"dark": palette_of(DARK), "light": palette_of(LIGHT)}
READ = ("text", "strong", "muted", "accented", "key", "bad", "test", "train")
VISION = {
    "normal": np.eye(3),
    "protan": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deutan": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritan": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)


def linear(colour):
    """Linear sRGB, (3,)."""
    values = np.array(Color.parse(colour).get_truecolor()) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    bright, dark = sorted((float(XYZ[1] @ linear(c)) for c in (one, other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def lab(colour, vision):
    seen = np.clip(np.array(VISION[vision]) @ linear(colour), 0, 1)
    ratio = XYZ @ seen / (XYZ @ np.ones(3))
    root = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def distance(one, other, vision):
    return float(np.linalg.norm(lab(one, vision) - lab(other, vision)))


def hexes(style):
    return style.color.get_truecolor().hex, style.bgcolor.get_truecolor().hex


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
@pytest.mark.parametrize("role", READ)
def test_text_has_a_contrast_of_at_least_four_and_a_half(palette, role):
    assert contrast(*hexes(getattr(palette, role))) >= 4.5


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_text_on_every_value_colour_has_that_contrast_too(palette):
    for step in range(-16, 17):
        assert contrast(*hexes(palette.filled(step / 16))) >= 4.5, step
        assert contrast(*hexes(palette.filled_faintly(step / 16))) >= 4.5, step


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_negative_and_positive_values_differ_for_every_kind_of_colour_vision(palette, vision):
    assert distance(palette.negative, palette.positive, vision) >= 25


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_training_and_test_curve_differ_for_every_kind_of_colour_vision(palette, vision):
    assert distance(hexes(palette.test)[0], hexes(palette.train)[0], vision) >= 20


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_the_first_four_pins_differ_for_every_kind_of_colour_vision(palette, vision):
    inks = [hexes(palette.series(number))[0] for number in range(4)]
    for one, other in combinations(inks, 2):
        assert distance(one, other, vision) >= 20, (one, other)


def test_the_accent_means_nothing_else():
    for palette in PALETTES.values():
        others = [palette.negative, palette.positive, palette.error, hexes(palette.test)[0]]
        assert hexes(palette.key)[0] == palette.accent
        assert all(distance(palette.accent, other, "normal") >= 25 for other in others)


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_every_kind_is_legible_as_text(palette):
    for number in range(6):
        assert contrast(*hexes(palette.series(number))) >= 4.5, number


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_no_two_roles_share_a_colour_where_there_are_256(palette):
    roles = [palette.negative, palette.positive, palette.accent, palette.error]
    roles += [hexes(palette.test)[0], *map(palette.kind, range(6))]
    shown = [nearest_number(*Color.parse(role).get_truecolor()) for role in roles]
    assert len({*shown}) == len(shown), dict(zip(roles, shown, strict=True))


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_with_256_colours_a_value_has_the_hue_of_its_sign_or_is_grey(palette):
    for step in range(-16, 17):
        red, green, blue = rgb_of_256(palette.colour(step / 16))
        if step <= -8:
            assert red > green > blue, step
        elif step >= 8:
            assert red < green < blue, step
        else:
            assert red == green == blue or (red >= green >= blue) == (step < 0), step


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_text_on_value_colours_stays_readable_with_256_colours(palette):
    for step in range(-16, 17):
        ink, paper = (rgb_of_256(colour) for colour in hexes(palette.filled(step / 16)))
        one, other = (f"#{r:02x}{g:02x}{b:02x}" for r, g, b in (ink, paper))
        assert contrast(one, other) >= 3.5, step


def rgb_of_256(colour):
    number = nearest_number(*Color.parse(colour).get_truecolor())
    return tuple(Color.from_ansi(number).get_truecolor())


def test_in_16_colours_a_kind_is_neither_the_test_set_nor_an_error():
    palette = palette_of(BUILTIN_THEMES["ansi-dark"])
    kinds = {palette.kind(number) for number in range(6)}
    assert palette.ansi and not kinds & {palette.test.color.name, palette.bad.color.name}


@pytest.mark.parametrize("number", range(6))
def test_a_class_has_the_colour_of_its_kind_and_of_two_the_colour_of_its_sign(number):
    palette = PALETTES["dark"]
    assert class_colour(number, 6, palette) == palette.kind(number)
    assert [class_colour(k, 2, palette) for k in range(2)] == [palette.negative, palette.positive]
