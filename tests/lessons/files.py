"""Lesson files for tests."""

from pathlib import Path

from nn_tui.lessons.parsing import parse_lesson

LESSON = """\
title = "A lesson"
summary = "what it shows"
goal = "Bring the training loss below 0.01."
free = ["network.hidden", "weights"]

[recipe]
preset = "blog-xor"
[recipe.network]
hidden = []
[recipe.training]
epochs = 300

[[check]]
that = "train_loss < 0.01"

[[page]]
kind = "predict"
text = "The loss is {train_loss}."
[[page.choice]]
text = "yes"
reply = "For that, 1 would have to be 2."
[[page.choice]]
text = "no"
reply = "Yes."
right = true

[[page]]
kind = "try"
text = "Press `run`."
hints = ["first", "second"]

[[naive]]
name = "no hidden layer"
seeds = [1, 2]

[[solution]]
name = "four units"
seeds = [1, 2]
set = { network.hidden = [4] }
"""


def lesson_of(text=LESSON, name="03-a-lesson.toml"):
    return parse_lesson(text, Path("/nowhere") / name)


def with_check(*checks, text=LESSON):
    """The lesson with other conditions, each labelled."""
    tables = "".join(f'[[check]]\nthat = """{c}"""\nlabel = "a label"\n' for c in checks)
    return lesson_of(text.replace('[[check]]\nthat = "train_loss < 0.01"\n', tables))
