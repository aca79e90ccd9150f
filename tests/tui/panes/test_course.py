"""Every lesson of the course, from its start to its tick, by the keys that it names."""

import pytest

from nn_tui.lessons.catalog import course_files
from nn_tui.lessons.open_lesson import OpenLesson
from nn_tui.lessons.parsing import read_lesson
from nn_tui.recipe.fields import FIELDS
from nn_tui.tui.drawing.lesson_page import draw_lesson, most_scrolled, wrapped
from nn_tui.tui.drawing.strips import DrawArea
from nn_tui.tui.theme import DARK, palette_of
from tests.tui.screen import opened, until

LESSONS = {lesson.name: lesson for lesson in map(read_lesson, course_files())}
STRIP = (116, 5)
"""Columns and lines of the open lesson's page in a window of 120 × 36."""
LINE = "l1_error*(l1*(1-l1))"
BY_HAND = {
    "edge-of-stability": [{"training.learning_rate": rate} for rate in (0.505, 0.52)],
    "luck": ["2", "enter", "4", "enter", "M", "enter", "space"],
    "symmetry": ["R", "3", "down", "down", "down", "enter", *"0.1", "enter", "space"],
    "features": [
        *["2", "enter", "enter", "down", "down", "enter", "down", "enter", "escape", "space"],
        *["up", "enter", *"xor-cloud", "enter", "down", "enter", *["down"] * 4, "enter", "escape"],
        "space",
    ],
    "backpropagation": ["x", "e", *LINE, "enter", "g", "escape"],
    "wrong-sign": ["x", "g", "g", "e", "ctrl+u", *f"l1_delta = {LINE}", "enter", "g", "escape"],
}
"""What the learner does where it is not one change of hyperparameters: keys, or such changes."""


async def change(seen, values):
    """Change hyperparameters by keys, and train again from the start."""
    pane = seen.app.query_one("#hyperparameters")
    await seen.press("2")
    for key, value in values.items():
        if pane.field is None or pane.field.key != key:
            await seen.press("home")
        while pane.field is None or pane.field.key != key:
            await seen.press("down")
        await seen.press("enter", *FIELDS[key].kind.show(value), "enter")
    await seen.press("R", "space")


async def do(seen, lesson):
    """Read on to the task, open every hint and do what is asked."""
    pane = seen.app.query_one("#lesson")
    for page in lesson.pages[: [page.kind for page in lesson.pages].index("try")]:
        if page.choices:
            await seen.press("enter")
            assert pane.lesson.prediction[1] == 0
        await seen.press("enter")
    await seen.press(*"a" * len(pane.lesson.page.hints))
    assert not pane.lesson.hints_left and not pane.lesson.goal.reached
    (run, *_) = lesson.solutions[0].runs
    for step in BY_HAND.get(lesson.name, [dict(run.values)]):
        await (seen.press(step) if isinstance(step, str) else change(seen, step))
    await until(lambda: pane.lesson.progress.reached)


@pytest.mark.parametrize("size", [(160, 45), (120, 36), (80, 24)], ids=lambda s: f"{s[0]}x{s[1]}")
async def test_every_lesson_can_be_done_by_its_keys(size):
    async with opened("blog", size) as seen:
        for name in LESSONS:
            seen.app.open_lesson(LESSONS[name].path)
            await until(lambda name=name: (o := seen.app.lessons.lesson) and o.lesson.name == name)
            await seen.settled()
            try:
                await do(seen, LESSONS[name])
            except (AssertionError, TimeoutError) as error:
                raise AssertionError(f"lesson {name}: {error}\n{seen.text}") from error


def drawn(lesson, scrolled=0):
    """What a window of 120 × 36 shows of the page of a lesson."""
    strips = draw_lesson(lesson, 0, DrawArea(*STRIP, palette_of(DARK)), scrolled)
    return [strip.text for strip in strips]


def read_on(lesson):
    """All words of the page, scrolled to its end; without its goal."""
    seen = [*map(str.strip, (row.partition("│")[0] for row in drawn(lesson)))]
    most = most_scrolled(lesson, DrawArea(*STRIP, palette_of(DARK)))
    for line in range(1, most + 1):
        rows = drawn(lesson, line)
        assert "↑ more" in rows[0]
        assert any("↓ more" in row for row in rows) == (line < most)
        seen += [row.partition("│")[0].strip() for row in rows[-1:]]
    return " ".join(" ".join(seen).replace("↓ more", "").replace("↑ more", "").split())


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=[*LESSONS])
def test_every_page_can_be_read_in_a_window_of_36_lines(lesson):
    """Texts, answers with their reasons, and hints; a text or an answer needs no scrolling."""
    palette = palette_of(DARK)

    def lines(text, width):
        return len(wrapped(text.without_figures("`{}`".format), width, palette.text, palette))

    choices = [range(len(page.choices)) or (None,) for page in lesson.pages]
    for given in range(max(map(len, choices))):
        opened = OpenLesson(lesson, key_name="`{}`".format)
        for page in lesson.pages:
            assert lines(page.text, 57 if page.choices else 73) <= 5
            if page.choices:
                answered = min(given, len(page.choices) - 1)
                assert not most_scrolled(opened, DrawArea(*STRIP, palette))
                opened.answer(answered)
                reply = opened.reply(page.choices[answered]).replace("`", "")
                right = " ".join(row.partition("│")[2].strip() for row in drawn(opened))
                assert reply in right and not most_scrolled(opened, DrawArea(*STRIP, palette))
            for _ in page.hints:
                opened.open_hint()
            words = read_on(opened)
            for hint in opened.hints:
                assert hint.replace("`", "") in words
            shown, answer = opened.prediction or (None, None)
            if page.kind == "see" and answer is not None:
                assert opened.reply(shown.choices[answer]).replace("`", "") in words
            opened.turn(1)
