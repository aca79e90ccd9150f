"""Settings files, right and wrong."""

import pytest

from nn_tui.errors import InputError
from nn_tui.settings import Settings, read_settings


@pytest.fixture
def read(tmp_path):
    def read(text):
        path = tmp_path / "config.toml"
        path.write_text(text)
        return read_settings(path)

    return read


def test_all_of_it(read):
    assert read(
        "[keys]\n"
        'run = "g"\n'
        'weights.up = ["up", "w"]\n'
        '"loss.log" = ","\n'
        "[screen]\n"
        'theme = "nn-light"\n'
        "ascii = true\n"
    ) == Settings({"run": ("g",), "weights.up": ("up", "w"), "loss.log": (",",)}, "nn-light", True)


def test_an_empty_file_says_nothing(read):
    assert read("") == Settings() == Settings({}, None, None)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[key]", "key is not a section of the settings; did you mean keys?"),
        ("[zebra]", "zebra is not a section of the settings; there are keys, screen"),
        ("keys = 1", "keys must be a section, [keys]"),
        ("[screen]\ntheem = 'x'", "theem is not a key of [screen]; did you mean theme?"),
        ("[screen]\ntheme = 1", "screen.theme must be the name of a theme"),
        ("[screen]\nascii = 'yes'", "screen.ascii must be true or false"),
        ("[keys]\nrun = 1", "keys.run must be a key"),
        ("[keys]\nrun = []", "keys.run must be a key"),
        ("[keys]\nloss.log = ''", "keys.loss.log must be a key"),
        ("[keys", "Expected"),
        ("x = " + "[" * 100_000, "config.toml: "),
    ],
)
def test_what_is_wrong_is_said_with_the_file_and_the_key(read, text, sentence):
    with pytest.raises(InputError) as refused:
        read(text)
    assert sentence in str(refused.value)
    assert "config.toml" in str(refused.value)
    assert "\n" not in str(refused.value)
