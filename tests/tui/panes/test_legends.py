"""The upper border of a pane says what its marks and colours mean."""

import pytest
from textual.content import Content

from tests.tui.screen import opened


def title(seen, pane):
    return Content.from_markup(seen.app.query_one(f"#{pane}").border_title).plain


async def test_orange_and_blue_are_signs_and_the_classes_of_a_single_output():
    async with opened("blog", (160, 45)) as seen:
        assert "orange: − or 0   blue: + or 1" in title(seen, "network")
        assert seen.app.snapshot.train_accuracy == 1  # no sample is wrong: no mark to explain
        assert "wrong" not in title(seen, "data") + title(seen, "network")
    async with opened("spiral", (160, 45)) as seen:
        assert "− orange   + blue   ✗ wrong" in title(seen, "network")


async def test_with_several_classes_they_are_signs_only():
    async with opened("iris", (160, 45)) as seen:
        assert title(seen, "network").endswith("orange −   blue +")


@pytest.mark.parametrize(("size", "told"), [((120, 36), True), ((100, 30), False)])
async def test_a_narrow_border_names_both_colours_or_none(size, told):
    async with opened("blog", size) as seen:
        assert ("orange −   blue +" in title(seen, "network")) == told
        assert ("orange" in title(seen, "network")) == told


async def test_signs_in_the_weights_are_named_where_they_are_shown():
    async with opened("blog", (160, 45)) as seen:
        await seen.press("s")
        assert title(seen, "weights").endswith("∇ gradient   Δ last change")
        seen.app.query_one("#weights").focus()
        await seen.press("v")
        assert "last change" not in title(seen, "weights")


async def test_only_classes_can_be_wrong():
    async with opened("iris", (160, 45)) as seen:
        assert title(seen, "data").endswith("✗ wrong")
    async with opened("sine", (160, 45)) as seen:
        assert "wrong" not in title(seen, "data") + title(seen, "network")


async def test_a_shared_place_names_its_panes_instead():
    async with opened("blog", (80, 24)) as seen:
        await seen.press("1")
        assert "wrong" not in title(seen, "data")
        assert "2 hyper" in title(seen, "data")


async def test_a_pane_beside_a_shared_place_keeps_its_legend():
    async with opened("blog", (80, 24)) as seen:
        assert "blue: + or 1" in title(seen, "network")
