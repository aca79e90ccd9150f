"""Frozen dataclasses that are made in a fraction of the time.

The standard library compiles four to six methods for each frozen class, until Python 3.13 each
on its own: for the 78 classes of a start more than a quarter of the time of all imports. Here
only ``__init__`` is compiled; the other methods are closures.
"""

import dataclasses
from collections.abc import Iterable
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Literal, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass as dataclass
else:

    def dataclass(
        *, frozen: Literal[True], eq: bool = True, kw_only: bool = False
    ) -> "Callable[[type[_T]], type[_T]]":
        """Decorate as ``dataclasses.dataclass`` does; all fields are parameters of ``__init__``.

        ``dataclasses.replace``, ``fields`` and ``asdict`` work as usual. Methods that the class
        defines itself stay.
        """

        def decorate(cls: type[_T]) -> type[_T]:
            plain = dataclasses.dataclass(init=False, repr=False, eq=False, kw_only=kw_only)
            entries = dataclasses.fields(plain(cls))
            methods = {
                "__init__": _init(cls, entries),
                "__repr__": _repr,
                "__setattr__": _refuse_to_assign,
                "__delattr__": _refuse_to_delete,
            }
            if eq:
                methods |= _comparison(entry.name for entry in entries if entry.compare)
            for name, method in methods.items():
                if name not in vars(cls):
                    setattr(cls, name, method)
            return cls

        return decorate


_T = TypeVar("_T")
_UNSET: Any = object()


def _init(cls: type, entries: tuple["dataclasses.Field[Any]", ...]) -> Any:
    """Compile ``__init__``, whose parameters are the fields in their order."""
    names: dict[str, Any] = {"_set": object.__setattr__, "_UNSET": _UNSET}
    positional: list[str] = ["self"]
    keywords: list[str] = []
    body: list[str] = []
    for entry in entries:
        name = value = parameter = entry.name
        if entry.default is not dataclasses.MISSING:
            names[f"_default_{name}"] = entry.default
            parameter = f"{name}=_default_{name}"
        elif entry.default_factory is not dataclasses.MISSING:
            names[f"_new_{name}"] = entry.default_factory
            parameter = f"{name}=_UNSET"
            value = f"_new_{name}() if {name} is _UNSET else {name}"
        (keywords if entry.kw_only else positional).append(parameter)
        body.append(f" _set(self, {name!r}, {value})")
    if hasattr(cls, "__post_init__"):
        body.append(" self.__post_init__()")
    parameters = ", ".join(positional + (["*", *keywords] if keywords else []))
    exec("\n".join([f"def __init__({parameters}):", *body, " pass"]), names)
    made = names["__init__"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    return made


def _comparison(names: Iterable[str]) -> dict[str, Any]:
    """``__eq__`` and ``__hash__`` of the fields ``names`` and the class."""
    compared = attrgetter("__class__", *names)

    def equal(self: object, other: object) -> Any:
        return compared(self) == compared(other) if type(other) is type(self) else NotImplemented

    def hash_of(self: object) -> int:
        return hash(compared(self))

    return {"__eq__": equal, "__hash__": hash_of}


def _repr(self: Any) -> str:
    values = (f"{entry.name}={getattr(self, entry.name)!r}" for entry in dataclasses.fields(self))
    return f"{type(self).__qualname__}({', '.join(values)})"


def _refuse_to_assign(self: object, name: str, value: object) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(self: object, name: str) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")
