"""What a check read and found, so that it is made again only where something that it read is another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FunctionType, MethodType
from typing import Any, Generic, TypeVar

import pandas as pd
from pydantic import BaseModel

Value = TypeVar("Value")
Read = dict[tuple[str, str], Any]
"""What was read, by whose it is (`model`, `tables`) and its name."""


class Notes:
    """What is being read, by each piece of work that is under way."""

    def __init__(self) -> None:
        self._open: list[Read] = []

    def add(self, read: Read) -> None:
        """Say that something was read."""
        for one in self._open:
            one.update(read)

    @contextmanager
    def taken(self) -> Iterator[Read]:
        """All that is read from here on, until it ends."""
        read: Read = {}
        self._open.append(read)
        try:
            yield read
        finally:
            self._open.pop()


class Noted:
    """Stands for a model or tables, and notes which of their fields are read, through properties and methods too."""

    def __init__(self, whose: str, of: Any, notes: Notes) -> None:
        self._whose, self._of, self._notes = whose, of, notes

    def __getattr__(self, name: str) -> Any:
        own = getattr(type(self._of), name, None)
        if isinstance(own, property) and own.fget is not None:
            return own.fget(self)
        if isinstance(own, FunctionType):
            return MethodType(own, self)
        value = getattr(self._of, name)
        self._notes.add({(self._whose, name): value})
        return value


class Remembered:
    """By work, what came of it and what it had read: the first time, and the last."""

    def __init__(self) -> None:
        self._known: dict[str, list[tuple[Read, Any]]] = {}

    def recall(self, work: str, current: dict[str, Any]) -> tuple[Read, Any] | None:
        """What came of it, if that read only what is the same in the `current` model and tables."""
        for read, value in self._known.get(work, ()):
            if all(same(getattr(current[whose], name), was) for (whose, name), was in read.items()):
                return read, value
        return None

    def keep(self, work: str, read: Read, value: Any) -> None:
        """Remember what came of it."""
        known = self._known.setdefault(work, [])
        known[1:] = [(read, value)]

    def __reduce__(self) -> tuple[type[Remembered], tuple[()]]:
        return Remembered, ()


class Fact(Generic[Value]):
    """What several checks rest on: worked out once an inspection, and remembered as checks are."""

    def __init__(self, work: Callable[[Any], Value]) -> None:
        self._work, self._name, self.__doc__ = work, work.__name__, work.__doc__

    def __get__(self, inspection: Any, owner: object = None) -> Value:
        known: dict[str, tuple[Read, Any]] = inspection.facts
        if self._name not in known:
            known[self._name] = remembered(inspection, f"fact {self._name}", lambda: self._work(inspection))
        read, value = known[self._name]
        inspection.notes.add(read)
        return value  # type: ignore[no-any-return]


def remembered(inspection: Any, work: str, make: Callable[[], Any]) -> tuple[Read, Any]:
    """What comes of some work and what it reads, as remembered or made now."""
    known = inspection.memory.recall(work, inspection.current)
    if known is None:
        with inspection.notes.taken() as read:
            value = make()
        inspection.memory.keep(work, read, value)
        return read, value
    return known  # type: ignore[no-any-return]


def same(one: Any, other: Any) -> bool:
    """Whether two values are certainly the same: frames if they are one, sections if the same keys are written."""
    if one is other:
        return True
    if isinstance(one, pd.DataFrame) or isinstance(other, pd.DataFrame) or type(one) is not type(other):
        return False
    if isinstance(one, BaseModel):
        return bool(one.model_dump(exclude_unset=True) == other.model_dump(exclude_unset=True))
    return bool(one == other)
