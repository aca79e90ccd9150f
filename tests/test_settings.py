"""Settings files, right and wrong."""

import pytest

from nn_tui.errors import InputError
from nn_tui.settings import Settings, read_settings, write_theme


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


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", '[screen]\ntheme = "nn-dark"\n'),
        ('[keys]\nrun = "g"', '[keys]\nrun = "g"\n\n[screen]\ntheme = "nn-dark"\n'),
        (
            '# mine\n[screen]  # looks\nascii = true\n\n[keys]\nrun = "g"\n',
            '# mine\n[screen]  # looks\ntheme = "nn-dark"\nascii = true\n\n[keys]\nrun = "g"\n',
        ),
        ("[screen]", '[screen]\ntheme = "nn-dark"\n'),
        (
            "[screen]\n# theme = 'a'\ntheme = 'nn-light' # bright\n",
            "[screen]\n# theme = 'a'\ntheme = \"nn-dark\" # bright\n",
        ),
        ('screen.theme = "nn-light"\n', 'screen.theme = "nn-dark"\n'),
        ("screen.ascii = true\n", 'screen.theme = "nn-dark"\nscreen.ascii = true\n'),
        (
            "screen = { 'theme' = \"x\", ascii = true }\n",
            "screen = { 'theme' = \"nn-dark\", ascii = true }\n",
        ),
        ("[screen]\r\nascii = true\r\n", '[screen]\r\ntheme = "nn-dark"\r\nascii = true\r\n'),
        ('[screen]\ntheme = "nn-dark"\n', '[screen]\ntheme = "nn-dark"\n'),
    ],
)
def test_a_theme_is_stored_and_the_rest_of_the_file_stays(tmp_path, before, after):
    path = tmp_path / "config.toml"
    path.write_bytes(before.encode())
    write_theme(path, "nn-dark")
    assert path.read_bytes().decode() == after
    assert read_settings(path).theme == "nn-dark"


def test_a_theme_is_stored_where_there_is_no_file_yet(tmp_path):
    path = tmp_path / "new" / "folder" / "config.toml"
    write_theme(path, "nn-light")
    assert read_settings(path) == Settings(theme="nn-light")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[screen\n", "config.toml: Expected"),
        ("screen = { ascii = true }\n", "cannot change screen.theme in "),
        ('[screen]\ntheme = """\nnn-light"""\n', "cannot change screen.theme in "),
    ],
)
def test_settings_that_cannot_be_changed_stay_as_they_are(tmp_path, text, sentence):
    path = tmp_path / "config.toml"
    path.write_text(text)
    with pytest.raises(InputError, match=sentence):
        write_theme(path, "nn-dark")
    assert path.read_text() == text


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"cannot write .*config\.toml: "):
        write_theme(tmp_path / "file" / "folder" / "config.toml", "nn-dark")
