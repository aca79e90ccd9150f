"""``nn-tui export`` from outside."""

import json
import subprocess
import sys

import numpy as np

from nn_tui.files.runs.checkpoint import checkpoint_of
from nn_tui.files.runs.run_store import RunStore
from nn_tui.recipe.parsing import from_toml
from nn_tui.recipe.presets import PRESETS
from nn_tui.training.edits import PruneEdit, RecipeEdit
from tests.files.runs.timelines import change, saved, timeline, train
from tests.files.script.running import assert_same, carried_out


def test_an_exported_recipe_can_be_opened(run_cli, tmp_path):
    path = tmp_path / "mine.toml"
    done = run_cli("export", "spiral", "--set", "network.hidden=5", "--recipe", path)
    assert done.returncode == 0, done.stderr
    wanted = PRESETS["spiral"].recipe.with_value("network.hidden", (5,))
    assert from_toml(path.read_text()) == wanted
    assert run_cli("train", path, "--epochs", "1", "--quiet").returncode == 0


def test_an_existing_file_is_replaced_only_with_force(run_cli, tmp_path):
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


def test_an_unsupported_recipe_is_reported_with_the_options_that_help(run_cli):
    refused = run_cli("export", "circle", "--link")
    assert refused.returncode == 3 and refused.stdout == ""
    assert "data.seed = 0 (needs a string such as 0.5)" in refused.stderr
    changes = ("--set", "data.seed=0.5", "--set", "network.seed=0.5")
    assert f"; add {' '.join(changes)}" in refused.stderr
    assert run_cli("export", "circle", "--link", *changes).stdout.startswith("https://play")


def test_unsupported_data_is_reported(run_cli):
    done = run_cli("export", "iris", "--link")
    assert done.returncode == 3
    assert "data.source = iris" in done.stderr
    assert "--set" not in done.stderr  # other data would make it a different experiment
    assert done.stdout == ""


def test_without_an_output_the_options_are_listed(run_cli):
    done = run_cli("export", "blog")
    assert done.returncode == 2
    assert "--link" in done.stderr


def test_a_script_prints_losses_and_predictions_and_needs_nothing_of_the_program(run_cli, tmp_path):
    path = tmp_path / "mine.py"
    assert run_cli("export", "blog", "--script", path, "--epochs", "7").returncode == 0
    done = subprocess.run(
        [sys.executable, "-I", path], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-5].startswith("epoch 7  loss 0.0")
    assert done.stdout.count("[") == 5


def test_a_script_ends_where_the_run_stops_by_itself(run_cli, tmp_path):
    stop = "training.stop_loss=0.05"
    assert run_cli("export", "--set", stop, "--script", tmp_path / "s.py").returncode == 0
    trained = run_cli("train", "--set", stop, "--json", "--quiet")
    assert f"range({json.loads(trained.stdout)['epoch']}):" in (tmp_path / "s.py").read_text()


def test_a_run_without_end_needs_a_number_of_epochs(run_cli, tmp_path):
    words = ("export", "blog", "--set", "training.epochs=0", "--script", tmp_path / "s.py")
    refused = run_cli(*words)
    assert refused.returncode == 2 and "--epochs N" in refused.stderr
    assert run_cli(*words, "--epochs", "0").returncode == 0


def test_an_invalid_recipe_is_reported_and_nothing_is_written(run_cli, tmp_path):
    path = tmp_path / "s.py"
    words = ("training.batch_size=9", "training.partial_batch=drop")
    refused = run_cli("export", "--set", words[0], "--set", words[1], "--script", path)
    assert refused.returncode == 3 and "nothing would be trained" in refused.stderr
    assert not path.exists()


def test_a_symbolic_link_is_not_followed_even_with_force(run_cli, tmp_path):
    (tmp_path / "real.py").write_text("# mine\n")
    (tmp_path / "link.py").symlink_to("real.py")
    refused = run_cli("export", "--script", tmp_path / "link.py", "--force")
    assert refused.returncode == 3 and "it is a link to real.py" in refused.stderr
    assert (tmp_path / "real.py").read_text() == "# mine\n"


def test_recipe_and_script_of_one_export_are_of_one_run(run_cli, tmp_path):
    """A playground link without a seed draws one."""
    script, recipe = tmp_path / "s.py", tmp_path / "r.toml"
    words = ("--script", script, "--recipe", recipe, "--epochs", "1")
    assert run_cli("export", "#dataset=xor", *words).returncode == 0
    seed = from_toml(recipe.read_text()).network.seed
    assert f"for the seed {seed}" in script.read_text()


def test_a_saved_run_is_exported_with_its_edits(run_cli, state_dir, tmp_path):
    line = timeline("blog")
    train(line, 20)
    change(line)
    train(line, 10)
    saved(line, RunStore(state_dir / "runs")).rename("mine")
    script, toml = tmp_path / "s.py", tmp_path / "r.toml"
    done = run_cli("export", "mine", "--script", script, "--recipe", toml)
    assert done.returncode == 0, done.stderr
    assert from_toml(toml.read_text()).training.learning_rate == 0.5
    assert_same(line.run, line.trainer, carried_out([script.read_text()], tmp_path)[0][1])
    refused = run_cli("export", "mine", "--set", "network.seed=2", "--link")
    assert refused.returncode == 3 and "--set applies to experiments" in refused.stderr


def test_a_saved_run_is_exported_as_a_link_without_edits_of_weights(run_cli, state_dir):
    line = timeline("#dataset=circle&seed=0.5")
    train(line, 10)
    line.edit(lambda epoch: RecipeEdit(epoch, (("training.learning_rate", 0.3),)))
    folder = saved(line, RunStore(state_dir / "runs"))
    done = run_cli("export", folder.id, "--link")
    assert done.returncode == 0 and done.stderr == ""
    assert "dataset=circle" in done.stdout and "learningRate=0.3" in done.stdout
    line.edit(lambda epoch: PruneEdit(epoch, "W0", (0, 0)))
    folder.save(checkpoint_of(line))
    done = run_cli("export", folder.id, "--link")
    assert done.returncode == 0
    assert "1 change of weights or data left out of the recipe or link" in done.stderr


def test_a_saved_run_of_a_missing_file_is_exported_from_its_saved_data(
    run_cli, state_dir, tmp_path
):
    path = tmp_path / "mine.csv"
    path.write_text("a,b,y\n1,2,3\n2,1,0\n0,1,1\n")
    line = timeline(str(path))
    train(line, 5)
    folder = saved(line, RunStore(state_dir / "runs"))
    folder.save_dataset(line.run.dataset, lambda: False)
    path.unlink()
    script = tmp_path / "s.py"
    assert run_cli("export", folder.id, "--script", script).returncode == 0
    assert_same(line.run, line.trainer, carried_out([script.read_text()], tmp_path)[0][1])


def test_a_script_ends_at_the_best_epoch_of_a_run_that_restores_it(run_cli, tmp_path):
    sets = ("training.patience=10", "training.restore_best=true", "data.validation_fraction=0.2")
    words = ["moons", "--epochs", "300", *(word for text in sets for word in ("--set", text))]
    assert run_cli("export", *words, "--script", tmp_path / "s.py").returncode == 0
    done = run_cli("train", *words, "--json", "--quiet", "--save", tmp_path / "w.npz")
    found = json.loads(done.stdout)
    assert found["epoch"] == found["best_epoch"] == found["last_epoch"] - 10
    assert found["stopped"].startswith(f"stopped at epoch {found['last_epoch']}: no lower valid")
    script = tmp_path / "s.py"
    script.write_text(script.read_text() + "np.savez('found.npz', W0=W0, W1=W1, b0=b0, b1=b1)\n")
    subprocess.run([sys.executable, script], cwd=tmp_path, check=True, capture_output=True)
    with np.load(tmp_path / "w.npz") as saved, np.load(tmp_path / "found.npz") as made:
        for name in made:
            np.testing.assert_array_equal(made[name], saved[name])
