"""The folder of a sweep: continued, damaged, hostile."""

import json
from dataclasses import replace
from multiprocessing import get_context
from random import Random
from time import sleep

import pytest

from nn_tui.errors import InputError
from nn_tui.experiment import dataset_of
from nn_tui.recipe.parsing import from_toml
from nn_tui.recipe.recipe import Recipe
from nn_tui.training.trainer import Trainer
from nn_tui.trials.axes import parse_axis
from nn_tui.trials.plan import SweepPlan
from nn_tui.trials.runner import TrialRunner
from nn_tui.trials.sweep import Sweep
from nn_tui.trials.sweep_folder import SweepFolder

RATES = "training.learning_rate=0.1,1,10,100"


class InThisProcess:
    """Runs trials one after the other."""

    description = "this process"

    def run(self, runner, trials, cancelled):
        for trial in trials:
            if cancelled():
                return
            yield runner.run(trial, cancelled)

    def close(self):
        pass


def plan(*axes, base=None, **options):
    base = base or Recipe().with_value("training.epochs", 20)
    return SweepPlan("blog", base, tuple(map(parse_axis, axes or [RATES])), **options)


DATASET = dataset_of(Recipe())


def sweep(path, made=None, dataset=DATASET, most=99):
    """Train at most ``most`` further trials; return all outcomes."""
    folder = SweepFolder(path)
    running = Sweep(made or plan(), dataset, folder, {})
    try:
        before = len(running.outcomes)
        for _ in running.run(InThisProcess(), lambda: len(running.outcomes) - before >= most):
            pass
    finally:
        folder.close()
    return running


def facts(outcomes):
    return {o.key: (o.status, o.epochs, o.losses, o.metrics, o.baseline) for o in outcomes}


def test_what_is_read_is_what_was_trained_bit_for_bit(tmp_path):
    trained = sweep(tmp_path / "s", plan(RATES, "network.hidden=2|4,2", seeds=2))
    record, base, outcomes = SweepFolder(tmp_path / "s").read()
    assert facts(outcomes) == facts(trained.outcomes.values())
    assert (record.trials, record.values) == (16, (("0.1", "1", "10", "100"), ("2", "4, 2")))
    assert base == plan().base
    recipes = [trial.recipe for trial in trained.plan.trials()]
    for number, recipe in enumerate(recipes, 1):
        assert from_toml((tmp_path / "s" / "recipes" / f"{number}.toml").read_text()) == recipe


def test_a_sweep_continues_where_it_was_also_with_more_values_and_seeds(tmp_path):
    whole = sweep(tmp_path / "whole")
    assert len(sweep(tmp_path / "s", most=2).outcomes) == 2
    again = sweep(tmp_path / "s")
    assert (again.continued, facts(again.outcomes.values())) == (2, facts(whole.outcomes.values()))
    more = sweep(tmp_path / "s", plan("training.learning_rate=10,0.5", seeds=2))
    assert (more.continued, len(more.outcomes)) == (1, 4)
    assert len(SweepFolder(tmp_path / "s").read()[2]) == 7


def test_half_a_line_is_trained_again(tmp_path):
    whole = sweep(tmp_path / "whole")
    sweep(tmp_path / "s", most=3)
    table = tmp_path / "s" / "trials.csv"
    table.write_bytes(table.read_bytes()[:-30])
    shown = SweepFolder(tmp_path / "s")
    assert len(shown.read()[2]) == 2
    assert "incomplete" in shown.notes[0]
    assert facts(sweep(tmp_path / "s").outcomes.values()) == facts(whole.outcomes.values())
    assert facts(SweepFolder(tmp_path / "s").read()[2]) == facts(whole.outcomes.values())


def test_a_trial_that_fails_or_diverges_is_an_outcome(tmp_path):
    rates = "training.learning_rate=1,1000"
    base = plan().base.with_value("training.epochs", 300).with_value("network.output", "linear")
    losses = "training.loss=half_squared_error,binary_cross_entropy"
    trained = sweep(tmp_path / "s", plan(rates, losses, base=base))
    status = {o.key.values: (o.status, o.message) for o in trained.outcomes.values()}
    assert status["1000", "half_squared_error"][0] == "diverged"
    assert status["1", "binary_cross_entropy"][0] == "failed"
    assert "not compatible" in status["1", "binary_cross_entropy"][1]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"dataset": replace(DATASET, train_count=3)}, "its data had other samples"),
        ({"made": plan("training.epochs=3")}, "it varies training.learning_rate"),
        ({"made": plan(folds=2)}, "no folds"),
        (
            {"made": plan(base=plan().base.with_value("network.hidden", (9,)))},
            "it has network.hidden = 4, this command 9",
        ),
    ],
)
def test_another_sweep_does_not_continue_it(tmp_path, change, expected):
    sweep(tmp_path / "s", most=1)
    before = (tmp_path / "s" / "trials.csv").read_bytes()
    with pytest.raises(InputError, match=expected):
        sweep(tmp_path / "s", **change)
    assert (tmp_path / "s" / "trials.csv").read_bytes() == before


def test_two_sweeps_do_not_share_a_folder_at_the_same_time(tmp_path):
    first = SweepFolder(tmp_path / "s")
    first.open(plan(), DATASET.digest)
    with pytest.raises(InputError, match="another nn-tui sweep"):
        SweepFolder(tmp_path / "s").open(plan(), DATASET.digest)
    first.close()
    assert len(sweep(tmp_path / "s").outcomes) == 4


def test_ten_kills_at_random_moments_lose_nothing_and_repeat_nothing(tmp_path):
    made = plan("training.learning_rate=0.1..4:45", "network.hidden=2,3")
    whole = sweep(tmp_path / "whole", made)
    moments = Random(3)
    kept = {}
    for _ in range(10):
        child = get_context("fork").Process(target=sweep, args=(tmp_path / "s", made))
        child.start()
        sleep(moments.uniform(0, 0.04))
        child.kill()
        child.join()
        if (tmp_path / "s" / "sweep.json").exists():
            written = facts(SweepFolder(tmp_path / "s").read()[2])
            assert kept.items() <= written.items()
            kept = written
    sweep(tmp_path / "s", made)
    outcomes = SweepFolder(tmp_path / "s").read()[2]  # which refuses a trial that is there twice
    assert facts(outcomes) == facts(whole.outcomes.values())
    assert sorted(outcome.number for outcome in outcomes) == [*range(1, 91)]
    assert all(SweepFolder(tmp_path / "s").curve(outcome) for outcome in outcomes)


def test_a_folder_whose_making_was_interrupted_is_made_again(tmp_path):
    folder = SweepFolder(tmp_path / "s")
    folder.open(plan(), DATASET.digest)
    folder.close()
    for name in ("trials.csv", "sweep.json"):  # the last to be written
        (tmp_path / "s" / name).unlink()
    (tmp_path / "s" / ".nn-tui-0123abcd.tmp").touch()
    assert len(sweep(tmp_path / "s").outcomes) == 4


def test_what_a_spreadsheet_did_to_the_table_is_read(tmp_path):
    whole = sweep(tmp_path / "s")
    table = tmp_path / "s" / "trials.csv"
    head, _, *rest = table.read_bytes().splitlines(keepends=True)
    table.write_bytes(b"\xef\xbb\xbf" + head + b"".join(rest))  # without the first trial
    again = sweep(tmp_path / "s")
    assert facts(again.outcomes.values()) == facts(whole.outcomes.values())
    assert facts(SweepFolder(tmp_path / "s").read()[2]) == facts(whole.outcomes.values())
    assert [outcome.number for outcome in again.outcomes.values()] == [2, 3, 4, 5]
    again = next(iter(again.plan.trials())).recipe
    assert from_toml((tmp_path / "s" / "recipes" / "5.toml").read_text()) == again


def test_the_losses_of_a_trial_are_kept_in_few_points(tmp_path):
    base = plan().base.with_value("training.epochs", 5000)
    trained = sweep(tmp_path / "s", plan("training.learning_rate=1,1e6", base=base))
    folder = SweepFolder(tmp_path / "s")
    for outcome, trial in zip(trained.outcomes.values(), trained.plan.trials(), strict=True):
        curve = folder.curve(outcome)
        alone = Trainer(trial.recipe, DATASET)
        alone.run_epochs(int(curve.epochs[-1]))
        assert curve.losses["train_loss"][-1] == pytest.approx(
            alone.snapshot().train_loss, rel=1e-5
        )
        assert curve.epochs[0] == 0 and curve.epochs[-1] == outcome.epochs
        assert 50 < len(curve.epochs) <= 100
    (tmp_path / "s" / "curves" / "1.csv").write_text("epoch,train_loss\n=1+1,2\n")
    (tmp_path / "s" / "curves" / "2.csv").unlink()  # as in folders of earlier versions
    assert [folder.curve(outcome) for outcome in trained.outcomes.values()] == [None, None]


def test_a_plan_is_made_again_from_what_the_folder_says(tmp_path):
    axes = (
        "training.learning_rate=0.001..1:5:log",
        "network.hidden=2|4,2",
        "training.momentum=0..0.9",
    )
    made = plan(*axes, random=7, seeds=2)
    sweep(tmp_path / "s", made, most=3)
    record, base, _ = SweepFolder(tmp_path / "s").read()
    assert [*record.plan(base).trials()] == [*made.trials()]
    path = tmp_path / "s" / "sweep.json"
    older = json.loads(path.read_text())
    del older["vary"], older["random"]
    path.write_text(json.dumps(older))
    record, base, outcomes = SweepFolder(tmp_path / "s").read()
    assert {o.key for o in outcomes} <= {trial.key for trial in record.plan(base).trials()}


def test_a_folder_with_other_files_is_left_alone(tmp_path):
    (tmp_path / "thesis.tex").touch()
    with pytest.raises(InputError, match="has other files"):
        sweep(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"thesis.tex"}


def changed_line(old, new):
    return lambda text: text.replace(old, new, 1)


@pytest.mark.parametrize(
    ("name", "change", "expected"),
    [
        ("trials.csv", changed_line("1,0.1,", "1,=1+1,"), "line 2: training.learning_rate = =1"),
        ("trials.csv", changed_line("trial,", "trial,=cmd(),"), "it has the column '=cmd"),
        ("trials.csv", changed_line(",fold", ""), "no column 'fold'"),
        ("trials.csv", changed_line("seed,fold", "fold,seed"), "another order"),
        ("trials.csv", changed_line(",done,", ",well,"), "line 2: the status must be one of"),
        ("trials.csv", changed_line(",done,20,", ",done,=A1,"), "epochs is not a whole number"),
        ("trials.csv", lambda text: text + text.splitlines()[1] + "\n", "an earlier line has"),
        ("trials.csv", lambda text: text + '"\n', "line 4: it has 0 cells"),
        ("trials.csv", lambda text: text + "\0\n", "NUL"),
        ("sweep.json", lambda text: "[" * 100_000, "not that of a sweep"),
        ("sweep.json", lambda text: "{}", "'experiment' is missing"),
        ("sweep.json", changed_line('"training.learning_rate"', '"__class__"'), "not a recipe key"),
        ("sweep.json", changed_line('"trials": 4', '"trials": -4'), "not a whole number"),
        ("recipe.toml", lambda text: "[data]\nsource = 3", "data.source = 3"),
    ],
)
def test_a_hostile_folder_is_refused_in_a_sentence(tmp_path, name, change, expected):
    sweep(tmp_path / "s", most=2)
    path = tmp_path / "s" / name
    path.write_text(change(path.read_text()))
    for attempt in (SweepFolder(tmp_path / "s").read, lambda: sweep(tmp_path / "s")):
        with pytest.raises(InputError, match=expected) as error:
            attempt()
        assert str(path) in str(error.value)


@pytest.mark.parametrize(
    "change",
    [
        {"seeds": 4 * 10**9},
        {"random": 10**17},
        {"vary": ["training.learning_rate=1..2:1000", "training.momentum=0..0.5:1000"], "seeds": 9},
        {"vary": ["__class__=1"]},
    ],
)
def test_a_hostile_plan_is_refused_at_once(tmp_path, change):
    sweep(tmp_path / "s", most=1)
    path = tmp_path / "s" / "sweep.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    record, base, _ = SweepFolder(tmp_path / "s").read()
    with pytest.raises(InputError):
        record.plan(base)


def test_links_out_of_the_folder_are_not_followed(tmp_path):
    sweep(tmp_path / "s", most=1)
    treasure = tmp_path / "treasure"
    treasure.write_text("gold")
    recipe = tmp_path / "s" / "recipes" / "2.toml"
    recipe.symlink_to(treasure)
    with pytest.raises(InputError, match="a link"):
        sweep(tmp_path / "s")
    assert treasure.read_text() == "gold"


def test_the_record_names_the_versions(tmp_path):
    sweep(tmp_path / "s", most=1)
    path = tmp_path / "s" / "sweep.json"
    record = json.loads(path.read_text())
    path.write_text(json.dumps({**record, "versions": ["nn-tui 0.0.1", "NumPy 1.0"]}))
    folder = SweepFolder(tmp_path / "s")
    folder.open(plan(), DATASET.digest)
    folder.close()
    assert "trials of nn-tui 0.0.1, NumPy 1.0" in folder.notes[0]


def test_a_runner_that_is_sent_away_has_the_readings_but_no_prepared_data():
    import pickle

    runner = TrialRunner({})
    trial = next(plan().trials())
    outcome = runner.run(trial, lambda: False)
    sent = pickle.loads(pickle.dumps(runner))
    assert facts([sent.run(trial, lambda: False)]) == facts([outcome])
    assert runner.run(trial, lambda: True) is None
