"""Lesson files: what they may hold, and the sentences for what is wrong."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui.errors import InputError
from nn_tui.lessons.errors import LessonError
from nn_tui.lessons.parsing import parse_lesson, read_lesson
from nn_tui.text import make_printable
from tests.lessons.files import LESSON, lesson_of


def test_number_and_name_are_those_of_the_file():
    lesson = lesson_of()
    assert (lesson.number, lesson.name) == (3, "a-lesson")
    assert lesson_of(name="own.toml").number == 0
    assert lesson.recipe.data.source == "blog-xor" and lesson.recipe.network.hidden == ()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('title = "A lesson"', "", "line 1: title: is missing"),
        ('title = "A lesson"', 'titel = "A lesson"', "title: is missing"),
        ("free = [", "fre = [", "line 4: fre: is not a key here; did you mean free?"),
        ('"network.hidden", "weights"', '"network.hiden"', "line 4: free: network.hiden"),
        ('preset = "blog-xor"', 'preset = "blog-xr"', "line 7: recipe.preset"),
        ("hidden = []", 'hidden = "many"', "line 9: recipe.network.hidden"),
        ("epochs = 300", "epochs = 0", "line 11: recipe.training.epochs: a lesson's run has 1 to"),
        ("epochs = 300", "epochs = 1_000_000", "a lesson's run has 1 to 100,000 epochs"),
        ("train_loss < 0.01", "train_los < 0.01", "line 14: check.that: 'train_los' is not known"),
        ("train_loss < 0.01", "abs(train_loss) < 0.01", "line 13: check.label: is missing"),
        ('kind = "predict"', 'kind = "guess"', "line 17: page.kind: 'guess' is not allowed"),
        ("{train_loss}", "{train_loss", "line 18: page.text: a single {"),
        ("right = true", "", "a prediction has 2 to 5 choices, and one is right"),
        ('kind = "try"', 'kind = "see"\npain = "data"', "line 29: page.pain: is not a key here"),
        ("[[naive]]", "[[naiv]]", "line 32: naiv: is not a key here"),
        ("seeds = [1, 2]\nset", "seeds = [-1]\nset", "solution.seeds"),
        ("network.hidden = [4]", "network.hiden = [4]", "line 39: solution.set"),
        (
            "network.hidden = [4]",
            'network.activation = "tanh"',
            "activation is fixed in this lesson; hidden layers and the value of a weight can",
        ),
        ("set = {", 'weights = { "X0" = 1 }\nset = {', "X0: is not a weight"),
        ("set = {", 'weights = { "W0[0,0]" = nan }\nset = {', "must be a finite number"),
        ("[recipe]", "[recipe]\n[recipe.data]\nsource = '/etc/passwd'\n[recipe]", "TOML"),
        ("[recipe.network]", "[recipe.data]\nsource = '/etc/passwd'\n[recipe.network]", "folder"),
        ("[recipe.network]", "[recipe.data]\nsource = '../x.csv'\n[recipe.network]", "folder"),
        ('goal = "', 'goal = "' + "x" * 200, "has 235 characters; at most 160 fit"),
        ("hints = [", "hints = [" + '"h",' * 11, "at most 10"),
    ],
)
def test_a_broken_file_is_refused_with_line_and_reason(old, new, words):
    assert old in LESSON
    with pytest.raises(LessonError) as error:
        lesson_of(LESSON.replace(old, new, 1))
    assert str(error.value).startswith("03-a-lesson.toml") and words in str(error.value)


def test_control_characters_become_visible():
    lesson = lesson_of(LESSON.replace("A lesson", "A \\u001b[31m\\u202elesson"))
    assert lesson.title == make_printable("A \x1b[31m\u202elesson")
    with pytest.raises(LessonError) as error:
        lesson_of(LESSON.replace("train_loss < 0.01", "\\u001b]52;c;x\\u0007"))
    assert "\x1b" not in str(error.value)


def test_a_data_file_is_that_in_the_lessons_folder():
    text = LESSON.replace("[recipe.network]", "[recipe.data]\nsource = 'x.csv'\n[recipe.network]")
    assert lesson_of(text).recipe.data.source == "/nowhere/x.csv"


@settings(max_examples=150)
@given(st.data())
def test_a_file_with_any_damage_is_refused_in_one_sentence(data):
    at = data.draw(st.integers(0, len(LESSON)))
    cut = data.draw(st.integers(0, 30))
    put = data.draw(st.text(st.sampled_from("[]{}=\"'\\\n.,#1a\x1b"), max_size=8))
    try:
        parse_lesson(LESSON[:at] + put + LESSON[at + cut :], Path("x.toml"))
    except InputError as error:
        assert make_printable(str(error)) == str(error)


@pytest.mark.parametrize(
    "text",
    [
        "a" + ".a" * 5000 + " = 1",
        "a = " + "[" * 5000,
        "a = 1" + "0" * 5000,
        "x = \x00",
        "[" + " " * 90_000,
    ],
)
def test_a_hostile_file_is_refused_in_one_sentence(text):
    with pytest.raises(LessonError):
        parse_lesson(text, Path("x.toml"))


def test_a_large_file_is_not_read(tmp_path):
    file = tmp_path / "x.toml"
    file.write_text("#" * 100_001)
    with pytest.raises(InputError, match="100"):
        read_lesson(file)
