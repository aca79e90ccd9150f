"""From the word a person typed to name, recipe and samples."""

import os

import numpy as np
import pytest

from nn_tui import experiment
from nn_tui.errors import InputError
from nn_tui.recipe.parsing import to_toml, with_typed_value
from nn_tui.recipe.presets import PRESETS
from nn_tui.recipe.recipe import Recipe


def test_nothing_is_the_blog():
    opened = experiment.load_experiment(None)
    assert (opened.name, opened.recipe) == ("blog", Recipe())
    assert opened.dataset.inputs.tolist() == [[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]]
    assert opened.dataset.targets.tolist() == [[0], [0], [1], [1]]
    assert opened.notes == ()


@pytest.mark.parametrize("name", PRESETS)
def test_presets_by_name(name):
    opened = experiment.load_experiment(name)
    assert (opened.name, opened.recipe) == (name, PRESETS[name].recipe)
    assert opened.notes == ()


def test_assignments_apply_in_order_and_are_checked_as_a_whole():
    opened = experiment.load_experiment("blog", ["network.hidden=8", "network.hidden=5"])
    assert opened.recipe.network.hidden == (5,)
    fitting = ["training.loss=binary_cross_entropy", "network.output=auto"]
    for assignments in (fitting, fitting[::-1]):
        assert experiment.load_experiment("blog", assignments).recipe.network.output == "auto"
    with pytest.raises(InputError, match="is not compatible"):
        experiment.load_experiment(
            "blog", ["training.loss=binary_cross_entropy", "network.output=tanh"]
        )


def test_a_recipe_file_in_a_folder_is_called_by_its_stem(tmp_path):
    path = tmp_path / "my recipe.TOML"
    path.write_text(to_toml(PRESETS["circle"].recipe))
    opened = experiment.load_experiment(str(path))
    assert (opened.name, opened.recipe) == ("my recipe", PRESETS["circle"].recipe)


def test_a_preset_wins_over_a_file_of_its_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "blog").write_text("nonsense")
    assert experiment.load_experiment("blog").recipe == Recipe()


def test_drawn_points_follow_the_recipe():
    words = ["data.samples=40", "data.test_fraction=0.25", "data.seed=3"]
    first, again = (
        experiment.load_experiment("circle", words),
        experiment.load_experiment("circle", words),
    )
    assert first.dataset.samples == 40
    assert first.dataset.test_count == 10
    assert (first.dataset.inputs == again.dataset.inputs).all()
    other = experiment.load_experiment("circle", [*words, "data.seed=4"])
    assert (first.dataset.inputs != other.dataset.inputs).any()
    assert experiment.load_experiment("circle").dataset.test_count == 250
    assert experiment.load_experiment("blog", ["data.test_fraction=0.5"]).dataset.test_count == 2


def test_keys_that_do_nothing_are_noted():
    notes = experiment.load_experiment("blog", ["data.noise=0.5", "training.momentum=0.5"]).notes
    assert len(notes) == 2
    assert notes[0].startswith("data.noise has no effect: ")
    assert notes[1] == "training.momentum has no effect: not used by sgd"


def test_what_is_unknown_is_refused_with_the_nearest_name(tmp_path):
    with pytest.raises(InputError, match=r"did you mean blog-xor\? The presets are blog, "):
        experiment.find_recipe("blog-xr")
    with pytest.raises(InputError, match=r"did you mean list\?"):
        experiment.find_recipe("lisst", other_names=["list"])
    with pytest.raises(InputError, match=r"is neither an experiment nor a file in .*The presets"):
        experiment.find_recipe("")
    with pytest.raises(InputError) as caught:
        experiment.find_recipe("x" * 5000)
    assert len(str(caught.value)) < 500
    with pytest.raises(InputError, match=f"there is no file a in {tmp_path}"):
        experiment.find_recipe(f"{tmp_path}/a")


def test_files_that_are_no_recipe_are_refused(tmp_path):
    folder = tmp_path / "folder.toml"
    folder.mkdir()
    pipe = tmp_path / "pipe.toml"
    os.mkfifo(pipe)
    large = tmp_path / "large.toml"
    large.write_bytes(b"#" * 1_000_001)
    (tmp_path / "mine.toml").write_text("")
    for path, said in (
        (folder, "is a folder"),
        (pipe, "is a pipe; name an ordinary file"),
        (large, "larger than 1,000,000 bytes"),
        (tmp_path / "mien.toml", r"there is no file .*did you mean .*mine\.toml\?"),
        (tmp_path / "nowhere" / "mine.toml", "there is no file"),
    ):
        with pytest.raises(InputError, match=said):
            experiment.load_experiment(str(path))


def test_a_mistake_in_a_file_names_the_file(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("[training]\nepochs = -1\n")
    with pytest.raises(InputError, match=r"mine\.toml: training\.epochs = -1 is not allowed"):
        experiment.load_experiment(str(path))


def test_the_samples_of_a_recipe_made_elsewhere():
    recipe = with_typed_value(Recipe(), "data.source", "blog-xor")
    assert experiment.dataset_of(recipe).targets.tolist() == [[0], [1], [1], [0]]
    with pytest.raises(InputError, match=r"data\.source: 'circel' .*did you mean circle\?"):
        experiment.dataset_of(recipe.with_value("data.source", "circel"))


def test_a_target_that_never_changes_is_told(tmp_path):
    (tmp_path / "flat.csv").write_text("a,y\n1,3.5\n2,3.5\n3,3.5\n")
    notes = experiment.load_experiment(str(tmp_path / "flat.csv")).notes
    assert "the target y is constant (3.5), so there is nothing to learn" in notes


@pytest.mark.parametrize(
    ("inputs", "rows", "options", "hidden", "epochs"),
    [
        (2, 50, [], (8,), 200),
        (15, 50, [], (8,), 200),
        (16, 50, [], (16,), 200),
        (40, 50, [], (32,), 200),
        (200, 50, [], (64,), 200),
        (2, 4000, [], (8,), 100),
        (2, 4000, ["training.batch_size=8"], (8,), 25),
        (2, 4000, ["training.batch_size=1"], (8,), 20),
        (2, 4000, ["training.batch_size=all"], (8,), 200),
        (40, 4000, ["network.hidden=5,4", "training.epochs=7"], (5, 4), 7),
    ],
)
def test_the_network_and_the_epochs_of_a_data_file_suit_its_size(
    tmp_path, inputs, rows, options, hidden, epochs
):
    table = np.random.default_rng(1).normal(size=(rows, inputs + 1))
    np.savetxt(tmp_path / "table.csv", table, fmt="%.4f", delimiter=",")
    opened = experiment.load_experiment(str(tmp_path / "table.csv"), options)
    assert opened.recipe.network.hidden == hidden
    assert opened.recipe.training.epochs == epochs


def test_many_updates_of_a_data_file_are_smaller_unless_a_rate_is_set(tmp_path):
    def rate(rows, *options):
        table = np.random.default_rng(1).normal(size=(rows, 3))
        np.savetxt(tmp_path / "table.csv", table, fmt="%.4f", delimiter=",")
        recipe = experiment.load_experiment(str(tmp_path / "table.csv"), options).recipe
        return recipe.training.learning_rate

    assert rate(100) == 0.01
    assert rate(1000) == 0.003
    assert rate(1000, "training.epochs=10") == 0.01
    assert rate(1000, "training.learning_rate=0.02") == 0.02
    assert rate(1000, "training.optimizer=sgd") == 0.01
