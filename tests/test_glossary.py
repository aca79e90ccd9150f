"""The glossary has every word of the screen."""

from pathlib import Path

import pytest

from nn_tui.cli import main
from nn_tui.glossary.lookup import ENTRIES, find_entry, search_entries
from nn_tui.lessons.catalog import course_files
from nn_tui.lessons.parsing import read_lesson
from nn_tui.library_definitions import DEFINITIONS, markdown_table
from nn_tui.nn.activations import ACTIVATIONS
from nn_tui.nn.losses import LOSSES
from nn_tui.nn.optimizers import OPTIMIZERS
from nn_tui.recipe.fields import FIELDS
from nn_tui.training.metrics import METRICS
from nn_tui.training.scores import SCORES
from nn_tui.tui.drawing.chart_series import GRADIENT, LANDSCAPE, LOSS
from nn_tui.tui.panes.data_views import VIEWS
from nn_tui.tui.panes.network_views import _KINDS
from nn_tui.tui.panes.weights_views import _COMMON
from nn_tui.tui.screens.sweep_selection import HEAT_MAP, PARALLEL, RANKING

NETWORK_VIEWS = ("diagram", "confusion", "residuals", "curve", *_KINDS, *_KINDS.values())
STATUS = ("running", "paused", "ready", "finished", "diverged", "epoch", "loss", "test", "accuracy")


@pytest.mark.parametrize(
    "word",
    [
        *FIELDS,
        *(view.NAME for view in VIEWS),
        *_COMMON,
        *NETWORK_VIEWS,
        *(LOSS, GRADIENT, LANDSCAPE, "gradient norm", "train", "test", "validation"),
        *(metric.label for metric in METRICS.values()),
        *(label for score in SCORES.items() for label in (score[0], score[1].label)),
        *STATUS,
        *(HEAT_MAP, PARALLEL, RANKING, "sweep", "trial"),
        *("R²", "speed", "baseline", "seed", "log", "best", "pin"),
        *("x1", "y", "ŷ", "y − ŷ", "W0", "b0", "z", "∇", "l1_delta", "l0", "neuron", "synapse"),
        *ACTIVATIONS,
        *LOSSES,
        *OPTIMIZERS,
    ],
)
def test_every_field_view_metric_curve_and_status_word_is_explained(word):
    entry = find_entry(word)
    assert entry is not None, f"{word} needs an entry in nn_tui/glossary.py, or is one's `also`"
    assert len(entry.definition) > 20


def test_every_fields_label_leads_to_its_own_entry():
    for key, field in FIELDS.items():
        assert find_entry(field.label) is not None, field.label
        assert key in find_entry(key).also


def test_references_lead_somewhere():
    lessons = {read_lesson(path).name for path in course_files()}
    for entry in ENTRIES.values():
        assert all(name in ENTRIES and name != entry.name for name in entry.see), entry.name
        assert not entry.lesson or entry.lesson in lessons, entry.name


def test_no_word_means_two_things():
    of_entries = ({word.casefold() for word in (e.name, *e.also)} for e in ENTRIES.values())
    words = [word for of_entry in of_entries for word in of_entry]
    assert sorted(words) == sorted(set(words))


def test_definitions_are_short_sentences():
    for entry in ENTRIES.values():
        assert entry.definition.endswith(".") and len(entry.definition) <= 260, entry.name


def test_a_search_finds_names_before_texts():
    assert search_entries("learning")[0].name == "learning rate"
    assert [entry.name for entry in search_entries("synapse")] == ["weight"]
    assert search_entries("xyzzy") == []


def test_the_command_line_shows_it(capsys):
    assert main(["list", "--definitions", "train_loss"]) == 0
    assert capsys.readouterr().out.startswith("loss\n  How wrong")
    assert main(["list", "--definitions"]) == 0
    assert capsys.readouterr().out.count("\n\n") == len(ENTRIES) + len(DEFINITIONS) - 1
    assert main(["list", "--definitions", "xyzzy\x1b"]) == 3
    assert "'xyzzy␛'" in capsys.readouterr().err


def test_definitions_stand_beside_those_of_other_libraries(capsys):
    assert main(["list", "--definitions", "adam"]) == 0
    shown = capsys.readouterr().out
    assert all(title in shown for title in ("PyTorch", "Keras", "scikit-learn", "theirs"))
    readme = Path("README.md").read_text(encoding="utf-8")
    for line in markdown_table():
        assert line in readme, "README has the table of nn_tui/library_definitions.py"
