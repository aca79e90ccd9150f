"""User settings: key bindings and appearance.

A TOML file with two sections; all keys are optional::

    [keys]                      # by the names that ? shows behind each key
    run = "g"
    weights.up = ["up", "i"]

    [screen]
    theme = "nn-light"          # a theme chosen in the palette is stored here
    ascii = true

Names of bindings and themes are checked when the screen opens.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from nn_tui.errors import InputError
from nn_tui.fileio import read_text, reason, replace_file
from nn_tui.spelling import did_you_mean

_MOST_BYTES = 1_000_000
_SECTIONS = ("keys", "screen")
_SCREEN = ("theme", "ascii")
_THEME = re.compile(r"""theme["']?[ \t]*=[ \t]*("[^"\n]*"|'[^'\n]*')""")
_SCREEN_TITLE = re.compile(r"^[ \t]*\[[ \t]*screen[ \t]*\][^\n]*\n?", re.MULTILINE)


@dataclass(frozen=True)
class Settings:
    """``keys`` by binding name; ``theme`` and ``ascii`` are None if not set.

    ``path`` is the file in which a theme is stored; it may be missing. None without one.
    """

    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    theme: str | None = None
    ascii: bool | None = None
    path: Path | None = field(default=None, compare=False)


def read_settings(path: Path) -> Settings:
    """Read the settings file. Raises InputError, which names the file and key."""
    return _parsed(read_text(path, _MOST_BYTES), path)


def write_theme(path: Path, theme: str) -> None:
    """Store ``screen.theme`` in the settings file; all else in it stays, comments too.

    The file and its folder are made if they are missing. Raises InputError.
    """
    text = read_text(path, _MOST_BYTES) if os.path.lexists(path) else ""
    new = _with_theme(text, theme, _parsed(text, path), path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot write {path}: {reason(error)}") from None
    replace_file(path, lambda file: file.write(new.encode()))


def _with_theme(text: str, theme: str, old: Settings, path: Path) -> str:
    """Return the text of the settings with another theme.

    TOML has many ways to write a key, so each possible edit is checked by its effect.
    """
    wanted = replace(old, theme=theme)
    for candidate in _edits(text, theme):
        try:
            if _parsed(candidate, path) == wanted:
                return candidate
        except InputError:
            continue
    raise InputError(f"cannot change screen.theme in {path}; set it there by hand")


def _edits(text: str, theme: str) -> Iterator[str]:
    """Yield texts in which the theme may have been set."""
    end = "\r\n" if "\r\n" in text else "\n"
    line = f'theme = "{theme}"{end}'
    for found in _THEME.finditer(text):
        yield f'{text[: found.start(1)]}"{theme}"{text[found.end(1) :]}'
    for found in _SCREEN_TITLE.finditer(text):
        before, after = text[: found.end()], text[found.end() :]
        yield f"{before}{'' if before.endswith(end) else end}{line}{after}"
    closed = text if not text or text.endswith("\n") else text + end
    yield f"{closed}{end if text else ''}[screen]{end}{line}"
    yield f"screen.{line}{text}"


def _parsed(text: str, path: Path) -> Settings:
    import tomllib  # without a settings file there is nothing to parse: start-up time

    try:
        return replace(_settings(tomllib.loads(text)), path=path)
    except InputError:
        raise
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: {error}") from None


def _settings(tables: Mapping[str, Any]) -> Settings:
    for name, table in tables.items():
        _known(name, _SECTIONS, "is not a section of the settings")
        if not isinstance(table, Mapping):
            raise ValueError(f"{name} must be a section, [{name}]")
    screen = tables.get("screen", {})
    for name in screen:
        _known(name, _SCREEN, "is not a key of [screen]")
    theme, plain = screen.get("theme"), screen.get("ascii")
    if not isinstance(theme, str | None):
        raise ValueError("screen.theme must be the name of a theme, such as nn-light")
    if not isinstance(plain, bool | None):
        raise ValueError("screen.ascii must be true or false")
    return Settings(dict(_keys(tables.get("keys", {}), "")), theme, plain)


def _keys(table: Mapping[str, Any], before: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield names and their keys; ``loss.log`` may be quoted or not."""
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _keys(value, f"{before}{name}.")
            continue
        keys = (value,) if isinstance(value, str) else value
        if not isinstance(keys, list | tuple) or not keys:
            raise ValueError(f'keys.{before}{name} must be a key such as "g", or a list of them')
        if not all(isinstance(key, str) and key for key in keys):
            raise ValueError(f'keys.{before}{name} must be a key such as "g", or a list of them')
        yield before + name, tuple(keys)


def _known(name: str, names: Iterable[str], complaint: str) -> None:
    if name not in (names := tuple(names)):
        hint = did_you_mean(name, names, f"there are {', '.join(names)}")
        raise ValueError(f"{name} {complaint}; {hint}")
