"""``nn-tui export`` from outside."""

from nn_tui.presets import PRESETS
from nn_tui.recipe_text import from_toml


def test_a_recipe_file_holds_the_experiment_and_opens_again(run_cli, tmp_path):
    path = tmp_path / "mine.toml"
    done = run_cli("export", "spiral", "--set", "network.hidden=5", "--recipe", path)
    assert done.returncode == 0, done.stderr
    wanted = PRESETS["spiral"].recipe.with_value("network.hidden", (5,))
    assert from_toml(path.read_text()) == wanted
    assert run_cli("train", path, "--epochs", "1", "--quiet").returncode == 0


def test_a_file_that_is_there_is_replaced_only_by_force(run_cli, tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("# mine\n")
    refused = run_cli("export", "blog", "--recipe", path)
    assert refused.returncode == 3
    assert "--force" in refused.stderr
    assert path.read_text() == "# mine\n"
    assert run_cli("export", "blog", "--recipe", path, "--force").returncode == 0
    assert from_toml(path.read_text()) == PRESETS["blog"].recipe


def test_a_link_goes_to_standard_output(run_cli):
    done = run_cli("export", "#seed=0.5&dataset=spiral", "--link")
    assert done.returncode == 0
    assert done.stdout.startswith("https://playground.tensorflow.org/#")
    assert "dataset=spiral" in done.stdout and "seed=0.5" in done.stdout


def test_what_has_no_link_is_said_in_a_sentence(run_cli):
    done = run_cli("export", "iris", "--link")
    assert done.returncode == 3
    assert "data.source = iris" in done.stderr
    assert done.stdout == ""


def test_asked_for_nothing_it_says_what_it_could_do(run_cli):
    done = run_cli("export", "blog")
    assert done.returncode == 2
    assert "--link" in done.stderr
