"""``nn-tui check``."""

import json

from nn_tui.cli import main


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
