"""User settings: key bindings and appearance.

A TOML file with two sections; all keys are optional::

    [keys]                      # by the names that ? shows behind each key
    run = "g"
    weights.up = ["up", "i"]

    [screen]
    theme = "nn-light"
    ascii = true

Names of bindings and themes are checked when the screen opens.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nn_tui.errors import InputError
from nn_tui.fileio import read_text
from nn_tui.spelling import did_you_mean

_MOST_BYTES = 1_000_000
_SECTIONS = ("keys", "screen")
_SCREEN = ("theme", "ascii")


@dataclass(frozen=True)
class Settings:
    """``keys`` by binding name; ``theme`` and ``ascii`` are None if not set."""

    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    theme: str | None = None
    ascii: bool | None = None


def read_settings(path: Path) -> Settings:
    """Read the settings file. Raises InputError, which names the file and key."""
    try:
        tables = tomllib.loads(read_text(path, _MOST_BYTES))
        return _settings(tables)
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
