"""Frozen dataclasses behave as those of the standard library."""

import copy
import dataclasses
import pickle
from dataclasses import FrozenInstanceError, asdict, field, replace

import pytest

from nn_tui import frozen


def pair(**options):
    """The same class, made by the standard library and by us."""
    made = []
    for decorator in (dataclasses.dataclass, frozen.dataclass):

        @decorator(frozen=True, **options)
        class Point:
            """A point."""

            x: int
            y: float = 2.5
            tags: list[str] = field(default_factory=list)
            note: str = field(default="", compare=False)

            def __post_init__(self):
                if self.x < 0:
                    raise ValueError("x")

        made.append(Point)
    return made


@pytest.mark.parametrize("options", [{}, {"eq": False}, {"kw_only": True}], ids=str)
def test_it_behaves_as_the_standard_librarys(options):
    theirs, ours = (kind(x=1, note="a") for kind in pair(**options))
    assert repr(ours) == repr(theirs)
    assert asdict(ours) == asdict(theirs) == {"x": 1, "y": 2.5, "tags": [], "note": "a"}
    assert type(ours).__match_args__ == type(theirs).__match_args__
    for point in (theirs, ours):
        other = replace(point, note="b")
        assert (other.note, other.tags is point.tags) == ("b", True)
        assert (other == point) == options.get("eq", True)
        assert replace(point, y=0.0) != point
        assert point.tags is not type(point)(x=1).tags
        assert copy.deepcopy(point).tags == []
        for change in (lambda p: setattr(p, "x", 2), lambda p: delattr(p, "x")):
            with pytest.raises(FrozenInstanceError, match="field 'x'"):
                change(point)
        with pytest.raises(ValueError, match="x"):
            type(point)(x=-1)
        with pytest.raises(TypeError, match="missing 1 required"):
            type(point)()
        with pytest.raises(TypeError, match="unexpected"):
            type(point)(x=1, z=1)
        if options.get("kw_only"):
            with pytest.raises(TypeError, match="positional"):
                type(point)(1)


@frozen.dataclass(frozen=True)
class Circle:
    """A circle."""

    radius: float

    def __repr__(self):
        return "circle"


@frozen.dataclass(frozen=True)
class Ring(Circle):
    """A ring."""

    width: float = 1.0


def test_equal_ones_hash_alike_and_other_kinds_differ():
    assert len({Circle(1), Circle(1), Circle(2)}) == 2
    assert Ring(1) == Ring(1, 1.0) != Circle(1)
    assert pickle.loads(pickle.dumps(Ring(3, 2))) == Ring(radius=3, width=2)


def test_methods_of_the_class_stay():
    assert repr(Circle(1)) == "circle"
