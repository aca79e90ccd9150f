"""A learner's progress: kept, bounded, never lost to a damaged file."""

import json

import pytest

from nn_tui.errors import InputError
from nn_tui.lessons.progress import FILE, LessonProgress, read_progress, save_progress
from tests.lessons.files import lesson_of


def test_progress_is_read_as_it_was_saved_and_others_stay(tmp_path):
    one = LessonProgress(run="abc").with_seed(1).with_seed("text").with_answer(2, 1, trained=True)
    one = one.with_hint(3, 2).with_hint(3, 2).with_hint(3, 2)
    state = tmp_path / "not" / "there"
    assert read_progress(state) == {}
    save_progress(state, "xor", one)
    save_progress(state, "bias", LessonProgress(page=2))
    assert read_progress(state) == {"xor": one, "bias": LessonProgress(page=2)}
    assert one.hints == ((3, 2),) and one.trained_first == (2,)


def test_a_star_is_for_a_weight_seed_and_a_prediction_is_given_once():
    lesson, progress = lesson_of(), LessonProgress()
    assert not progress.reached
    for seed in (1, 1, 2, 3, 4):
        progress = progress.with_seed(seed)
    assert progress.stars(lesson) == lesson.stars == 3
    first = progress.with_answer(0, 1, trained=False)
    assert first.with_answer(0, 0, trained=True) == first


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        "[" * 100_000,
        '{"version": 2, "lessons": {}}',
        '{"version": 1, "lessons": {"a": {}}}',
        '{"version": 1, "lessons": {"a": {"page": -1, "answers": [], "hints": [], "seeds": [], '
        '"trained_first": [], "run": ""}}}',
    ],
)
def test_a_damaged_file_is_named_and_not_overwritten(tmp_path, content):
    (tmp_path / FILE).write_text(content)
    for act in (
        lambda: read_progress(tmp_path),
        lambda: save_progress(tmp_path, "xor", LessonProgress()),
    ):
        with pytest.raises(InputError, match=FILE):
            act()
    assert (tmp_path / FILE).read_text() == content


def test_the_file_is_json_with_a_version(tmp_path):
    save_progress(tmp_path, "xor", LessonProgress(page=1))
    assert json.loads((tmp_path / FILE).read_text())["version"] == 1
