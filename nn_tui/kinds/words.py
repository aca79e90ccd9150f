"""Words: any text, or a list of names."""

import csv
from dataclasses import dataclass

from nn_tui.kinds.kind import FieldType, Value
from nn_tui.text import make_printable


@dataclass(frozen=True)
class TextField(FieldType):
    """Any text that is not empty and not longer than the name of a file can be."""

    allowed: str = "a name"
    most: int = 4096

    def parse(self, text: str) -> Value:
        return self.check(text.strip())

    def check(self, value: object) -> Value:
        if not isinstance(value, str) or not 0 < len(value) <= self.most:
            raise self.refuse()
        return value

    def show(self, value: Value) -> str:
        return make_printable(value)


@dataclass(frozen=True)
class NameList(FieldType):
    """Names in order, visible as a dataset's are; there may be none: that is ``nothing``."""

    what: str
    nothing: str

    @property
    def allowed(self) -> str:  # type: ignore[override]
        return f"{self.what} with commas between them, or {self.nothing}"

    def parse(self, text: str) -> Value:
        if text.strip().lower() in ("", self.nothing):
            return ()
        return self.check(
            [name.strip() for name in next(csv.reader([text], skipinitialspace=True), [])]
        )

    def check(self, value: object) -> Value:
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list | tuple) or len(value) > 10_000:
            raise self.refuse()
        if not all(isinstance(name, str) and name for name in value):
            raise self.refuse()
        return tuple(make_printable(name) for name in value)

    def show(self, value: Value) -> str:
        return ", ".join(map(_quoted, value)) or self.nothing


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"' if "," in name or '"' in name else name
