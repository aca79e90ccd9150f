"""The network pane under a person's hands."""

import re

import numpy as np
import pytest

from nn_tui.training.forward_pass import ForwardPass
from nn_tui.training.scores import score_table
from nn_tui.training.unit_samples import highest_samples
from tests.tui.screen import opened, until

SMALL = ("circle", (160, 45), "data.samples=40")


def pane(seen):
    return seen.app.query_one("#network")


def subtitle(seen):
    return str(pane(seen).border_subtitle)


def picture(seen):
    region = pane(seen).content_region
    return [line[region.x : region.right] for line in seen.lines[region.y : region.bottom]]


def papers(seen):
    region = pane(seen).content_region
    rows = seen.cells()[region.y : region.bottom - 1]
    return {c.paper for row in rows for c in row[region.x : region.right]}


@pytest.mark.parametrize(
    ("name", "views"),
    [
        ("circle", ["l1.1 tanh", "decision boundary · x1 → x2 ↑", "confusion · test"]),
        ("hills", ["l1.1 tanh", "contour · x1 → x2 ↑", "predicted against true · test"]),
        ("iris", ["h1 in l1 tanh", "pet_len → pet_wid ↑", "confusion · test"]),
        ("digits", ["h1 in l1 relu", "confusion · test"]),
        ("sine", ["l1.1 tanh", "fitted curve", "predicted against true · test"]),
        ("blog", ["h1 in l1 sigmoid", "x1 → x2 ↑ · other inputs", "confusion · training"]),
    ],
)
async def test_v_goes_through_the_views_there_are(name, views):
    async with opened(name, (160, 45)) as seen:
        await seen.press("s", "4")
        for view in [*views, views[0]]:
            assert subtitle(seen).startswith(view) or view in subtitle(seen)
            assert any(line.strip() for line in picture(seen))
            await seen.press("v")


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (40, 12), (20, 6)])
async def test_every_view_shows_something_at_every_size(size):
    async with opened("iris", size) as seen:
        await seen.press("4")
        for _ in range(3):
            await seen.press("v", "z")
            assert any(line.strip() for line in picture(seen)), subtitle(seen)
            await seen.press("z")
            assert any(line.strip() for line in picture(seen)), subtitle(seen)
        assert seen.cells() == seen.painted_anew()


async def test_the_information_line_says_what_one_can_do_in_the_view():
    async with opened("hills", (120, 36), "data.samples=40") as seen:
        await seen.press("4")
        assert "arrows choose a unit" in seen.info
        await seen.press("v")
        assert "t samples" in seen.info


async def test_a_key_that_comes_before_the_pane_was_ever_drawn_counts():
    async with opened("circle", (120, 36), "data.samples=40") as seen:
        pane(seen).action_view()
        await seen.press("4")
        assert subtitle(seen).startswith("decision boundary")


async def test_arrows_and_hjkl_choose_a_unit_and_enter_shows_it_large():
    async with opened(*SMALL) as seen:
        await seen.press("4")
        assert subtitle(seen).startswith("l1.1 tanh · bias ")
        assert subtitle(seen).endswith("in 2 out 2")
        await seen.press("down", "j")
        assert subtitle(seen).startswith("l1.3 ")
        assert any("▸l1.3" in line for line in picture(seen))
        await seen.press("k", "up", "up", "right")
        assert subtitle(seen).startswith("l2.1 ")
        await seen.press("l", "l")
        assert subtitle(seen).startswith("ŷ in l3")
        await seen.press("left", "h", "h", "h")
        assert subtitle(seen).startswith("x1 in l0") or subtitle(seen).startswith("x2 in l0")
        await seen.press("right", "enter")
        assert subtitle(seen).startswith("l1.")
        assert not any("▸" in line for line in picture(seen))
        assert "esc goes back" in seen.info
        assert any("-1 " in line and " 1" in line for line in picture(seen))
        await seen.press("right")
        assert subtitle(seen).startswith("l2.")
        await seen.press("escape")
        assert any("▸l2." in line for line in picture(seen))
        await seen.press("enter", "enter")
        assert any("▸l2." in line for line in picture(seen))


async def test_escape_leaves_the_unit_first_and_the_zoom_after_it():
    async with opened(*SMALL) as seen:
        await seen.press("4", "z", "enter", "escape")
        assert seen.panes == {"network"}
        assert any("▸l1.1" in line for line in picture(seen))
        await seen.press("escape")
        assert len(seen.panes) == 5


async def test_a_click_chooses_a_unit():
    async with opened(*SMALL) as seen:
        await seen.press("1")
        region = pane(seen).content_region
        y, line = next((y, line) for y, line in enumerate(seen.lines) if "l2.2" in line[region.x :])
        await seen.pilot.click(offset=(line.index("l2.2", region.x), y))
        await seen.pilot.pause()
        assert seen.app.focused is pane(seen)
        assert subtitle(seen).startswith("l2.2 ")


async def test_one_key_makes_few_colours_and_the_same_key_all_again():
    async with opened(*SMALL, "training.learning_rate=0.3") as seen:
        await seen.train(60)
        await seen.press("4", "v", "t", "t", "t")
        smooth = papers(seen)
        assert seen.info == "the map shows no samples"
        await seen.press("D")
        assert len(papers(seen)) < 6 < len(smooth)
        await seen.press("D")
        assert papers(seen) == smooth
        await seen.press("v", "v", "D")
        few = papers(seen)
        await seen.press("D")
        assert len(few) < len(papers(seen))


async def test_other_inputs_are_chosen_for_the_map():
    async with opened("iris", (160, 45)) as seen:
        await seen.press("4", "v")
        before = picture(seen)
        await seen.press("i")
        assert subtitle(seen).startswith("sep_len → pet_wid ↑")
        await seen.press("I")
        assert subtitle(seen).startswith("sep_len → sep_wid ↑")
        assert picture(seen) != before
        await seen.press("i")
        assert subtitle(seen).startswith("pet_len → sep_wid ↑")
    async with opened(*SMALL) as seen:
        await seen.press("4", "v", "i")
        assert "more than two" in seen.info
        assert subtitle(seen) == "decision boundary · x1 → x2 ↑"


async def test_the_confusion_matrix_counts_test_or_training_samples():
    async with opened("iris", (160, 45)) as seen:
        await seen.press("S", "4", "v", "v")
        assert "of 30 test samples" in seen.text
        await seen.press("t")
        assert subtitle(seen).startswith("confusion · training samples · setosa right: ")
        assert "of 120 training samples" in seen.text


async def test_pictures_have_no_map_but_their_units_have_weights():
    async with opened("digits", (160, 45)) as seen:
        await seen.press("4", "i")
        assert "more than two" in seen.info
        await seen.press("down", "enter")
        assert subtitle(seen).startswith("h2 in l1 relu")
        assert not any("[]" in line for line in picture(seen))
        await seen.press("escape", "left", "left")
        assert subtitle(seen).startswith("h2 in l1 relu")
        assert any("[" in line for line in picture(seen))
        await seen.press("right", "enter")
        assert "only units of the first layer" in seen.info
        assert subtitle(seen).startswith("0 in l2 softmax · output ")


async def test_the_diagram_of_pictures_shows_the_sample_chosen_in_the_data_pane():
    async with opened("digits", (160, 45)) as seen:
        await seen.train(2)
        await seen.press("1")
        assert subtitle(seen).startswith("sample 1 · ")
        before = picture(seen)
        await seen.press("right")
        assert subtitle(seen).startswith("sample 2 · ")
        assert picture(seen) != before
        assert seen.cells() == seen.painted_anew()


async def test_a_click_chooses_a_unit_of_a_grid():
    async with opened("digits", (120, 36)) as seen:
        region = pane(seen).content_region
        y = next(y for y, line in enumerate(seen.lines) if "╭──" in line[region.x : region.right])
        x = seen.lines[y].index("╭", region.x)
        await seen.pilot.click(offset=(x + 3, y + 2))
        await seen.pilot.pause()
        assert subtitle(seen).startswith("h10 in l1 relu")


async def test_only_the_edges_of_the_chosen_unit_have_colours():
    def inks(seen):
        region = pane(seen).content_region
        rows = seen.cells()[region.y : region.bottom]
        return {c.ink for row in rows for c in row[region.x : region.right] if c.text >= "⠀"}

    async with opened("spiral", (160, 45)) as seen:
        await seen.press("1")
        without = inks(seen)
        await seen.press("4")
        faint = seen.app.palette.faint.color.name.removeprefix("#")
        assert faint in inks(seen)
        assert faint not in without


async def test_another_experiment_begins_with_its_own_view():
    async with opened("iris", (160, 45)) as seen:
        await seen.press("4", "v", "v", "1")
        assert "confusion" in subtitle(seen)
        seen.app.session.open("circle")
        await seen.settled()
        assert subtitle(seen) == "diagram"


async def test_a_smaller_network_keeps_the_cursor_on_a_unit():
    async with opened(*SMALL) as seen:
        await seen.press("4", "right", "right")
        seen.app.edits.change("network.hidden", "2")
        await seen.settled()
        assert subtitle(seen).startswith("ŷ in l2")
        await seen.press("left", "down", "down")
        seen.app.edits.change("network.hidden", "1")
        await seen.settled()
        assert subtitle(seen).startswith("h1 in l1")


async def test_a_view_that_does_not_show_is_not_computed():
    async with opened("iris", (160, 45)) as seen:
        await seen.press("4", "v", "v")
        asked = []
        forward = pane(seen)._views.evaluation.forward
        layers = forward.layers
        forward.layers = lambda s, x: asked.append(len(x)) or layers(s, x)
        await seen.press("s")
        assert asked and set(asked) == {30}
        await seen.press("3", "z")
        del asked[:]
        await seen.press("s")
        assert not asked


async def test_counting_other_samples_says_again_what_the_keys_do():
    async with opened("iris", (120, 36)) as seen:
        await seen.press("4", "v", "v", "D")
        assert seen.info.startswith("D discretizes the colours of maps")
        await seen.press("t")
        assert "t test or training" in seen.info


async def test_where_an_edit_leaves_no_classes_the_confusion_matrix_gives_way():
    async with opened("blog", (120, 36)) as seen:
        await seen.press("4", "v", "v")
        assert "confusion" in subtitle(seen)
        seen.app.session.set_datum(0, len(seen.app.snapshot.dataset.raw_names), "0.5")
        await until(lambda: "confusion" not in subtitle(seen))
        assert any(line.strip() for line in picture(seen))


async def test_a_cell_of_the_confusion_matrix_lists_its_samples_and_leads_to_one():
    async with opened("iris", (160, 45)) as seen:
        await seen.train(3)
        await seen.press("4", "v", "v", "t")
        snapshot = seen.app.snapshot
        dataset = snapshot.dataset
        rule = dataset.decision_rule(snapshot.network.output)
        train = slice(dataset.train_count)
        actual = dataset.class_numbers(train)
        made = ForwardPass().predictions(snapshot, dataset.inputs[train])
        predicted = rule.decide(made)
        wrong = next(i for i in range(dataset.train_count) if actual[i] != predicted[i])
        pair = int(actual[wrong]), int(predicted[wrong])
        await seen.press(*["down"] * pair[0], *["right"] * pair[1])
        inside = {i for i in range(len(actual)) if (actual[i], predicted[i]) == pair}
        names = dataset.class_names
        assert f"{names[pair[0]]} as {names[pair[1]]}: {len(inside)}" in subtitle(seen)
        await seen.press("enter")
        listed = {int(found) - 1 for found in re.findall(r"#(\d+) +ŷ", seen.text)}
        assert listed
        assert listed <= inside
        surest = max(inside, key=lambda sample: made[sample, pair[1]])
        await seen.press("enter")
        assert seen.app.focused.id == "data"
        assert seen.app.chosen_sample == surest == seen.app.query_one("#data").cursor.sample


async def test_predicted_values_are_drawn_against_true_ones():
    async with opened("diabetes", (160, 45)) as seen:
        await seen.train(30)
        await seen.press("4", "v", "v")
        assert subtitle(seen).startswith("predicted against true · test samples · R² ")
        r2 = score_table(seen.app.snapshot).test["r2"]
        assert subtitle(seen).endswith(f"R² {r2:.3f}")
        text = seen.text
        assert "ŷ = y" in text
        await seen.press("t")
        assert "training samples" in subtitle(seen)
        assert seen.text != text


async def test_the_samples_that_excite_a_unit_are_listed_and_gone_to():
    async with opened("circle", (120, 36), "data.samples=40", "network.hidden=3") as seen:
        await seen.train(5)
        await seen.press("4", "down", "m")
        while "highest activation of h2" not in seen.text:
            await seen.pilot.pause(0.01)
        snapshot = seen.app.snapshot
        z = snapshot.dataset.inputs @ snapshot.weights["W0"] + snapshot.weights["b0"]
        highest = int(np.tanh(z[:, 1]).argmax())
        await seen.press("enter")
        assert seen.app.chosen_sample == highest
        found = highest_samples(snapshot, 1, 1)
        assert np.allclose([value for _, value in found], np.sort(np.tanh(z[:, 1]))[::-1])
        outputs = ForwardPass().layers(snapshot, snapshot.dataset.inputs)[-1][:, 0]
        assert np.allclose([v for _, v in highest_samples(snapshot, 2, 0)], np.sort(outputs)[::-1])
        assert highest_samples(snapshot, 0, 1)[0][0] == snapshot.dataset.inputs[:, 1].argmax()
