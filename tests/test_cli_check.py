"""``nn-tui check``."""

import ast
import json

import pytest

from nn_tui.cli import main
from nn_tui.nn.scalars import Scalars


def test_check_prints_a_line_for_every_matrix_and_says_that_all_agree(capsys):
    assert main(["check", "blog", "--epochs", "3"]) == 0
    said = capsys.readouterr().out
    assert "epoch 3" in said and "all gradients agree" in said
    assert all(f"\n{name}" in said for name in ("W1", "W0", "l2_error", "l1_delta"))


def test_check_prints_one_json_object(capsys):
    assert main(["check", "blog", "--set", "network.bias=true", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["agrees"] and found["derivative_of"] == "sum" and found["faults"] == []
    assert [entry["name"] for entry in found["parameters"]] == ["W1", "b1", "W0", "b0"]
    assert all(entry["relative_error"] < 1e-8 for entry in found["parameters"])


def test_a_wrong_line_is_named_with_what_is_wrong_and_the_exit_code_is_5(capsys):
    words = ["check", "blog", "--set", "lines.l1_delta=-l1_error * (l1 * (1 - l1))"]
    assert main(words) == 5
    said = capsys.readouterr().out
    assert "✗ l1_delta = -l1_error" in said and "the sign is wrong" in said
    assert main([*words, "--json"]) == 5
    (fault,) = json.loads(capsys.readouterr().out)["faults"]
    assert fault["name"] == "l1_delta"


def test_lines_of_a_recipe_file_are_used_and_a_wrong_one_is_refused(capsys, tmp_path):
    recipe = tmp_path / "mine.toml"
    recipe.write_text('[lines]\n"W1 +=" = "-= learning_rate * (l1.T @ l2_delta)"\n')
    assert main(["check", str(recipe)]) == 5
    assert "✗ W1 -= learning_rate" in capsys.readouterr().out
    recipe.write_text('[lines]\nl1_delta = "l1_eror * l1"\n')
    assert main(["check", str(recipe)]) == 3
    assert "did you mean l1_error" in capsys.readouterr().err
    recipe.write_text('[lines]\nl1_delta = "?"\n')
    assert main(["check", str(recipe)]) == 3
    assert "l1_delta is blank" in capsys.readouterr().err
    assert main(["train", str(recipe), "--quiet"]) == 3
    assert main(["export", str(recipe), "--script", "-"]) == 3


def test_gradients_that_are_no_numbers_do_not_agree(run_cli):
    line = "lines.l1_delta=l1_error / (l1 - l1)"
    done = run_cli("check", "blog", "--set", line, "--json")
    assert done.returncode == 5
    report = json.loads(done.stdout)
    assert not report["agrees"]
    assert report["faults"][0]["explanation"] == (
        "l1_delta has values that are infinite or not a number."
    )
    assert report["intermediates"][-1]["agreeing"] == 0


EXPLOIT = (
    "[c for c in ().__class__.__base__.__subclasses__() if c.__name__ == '_wrap_close'][0]"
    ".__init__.__globals__['system']('touch exploited') * 0.1"
)


@pytest.mark.parametrize(
    "lines",
    [
        {"after l1": ["m = ?"], "step_size": EXPLOIT},
        {"after l1": ["m = l0 @"], "step_size": EXPLOIT},
        {"after l1": [f"m = {EXPLOIT}"]},
        {"step_size": EXPLOIT},
        {"l2_total": "?", "step_size": EXPLOIT},
    ],
)
def test_no_line_of_a_recipe_is_evaluated_before_it_is_checked(run_cli, tmp_path, lines):
    recipe = ['[data]\nsource = "blog"\n[training]\noptimizer = "adam"\n[lines]']
    recipe += [f"{json.dumps(name)} = {json.dumps(line)}" for name, line in lines.items()]
    (tmp_path / "r.toml").write_text("\n".join(recipe))
    for words in (("train", "--epochs", "1"), ("check",), ("export", "--script", "s.py")):
        done = run_cli(words[0], "r.toml", *words[1:])
        assert done.returncode == 3, done.stderr
        assert done.stderr.startswith("nn-tui: ") and done.stderr.count("\n") == 1
    assert not (tmp_path / "exploited").exists()


def test_numbers_of_a_line_are_arithmetic_and_nothing_else():
    scalars = Scalars(rate=2.0)
    for text in (EXPLOIT, "abs(rate)", "rate.real", "rate if rate else 1", "'a'", "[rate][0]"):
        with pytest.raises(SyntaxError, match="unsupported expression"):
            scalars.array(ast.parse(text, mode="eval").body)
    assert scalars.array(ast.parse("-rate ** 2 / 4 + 1", mode="eval").body) == 0.0
