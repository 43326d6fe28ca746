"""Kinds of words that options of the command line take."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from sufficiency.codes import normal_code
from sufficiency.problems import did_you_mean, shown

if TYPE_CHECKING:
    TextType = click.ParamType[str]
else:
    # the oldest click allowed has no generic parameter types
    TextType = click.ParamType


class OneOf(TextType):
    """One word of a few, or several with commas between; for a misspelt word the nearest is suggested."""

    name = "word"

    def __init__(self, known: Sequence[str]) -> None:
        self.known = tuple(known)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The words as the tool spells them, commas between."""
        words = [word for word in str(value).split(",") if word.strip()]
        for word in words or [""]:
            if normal_code(word) not in self.known:
                fix = did_you_mean(normal_code(word), self.known)
                self.fail(f"{shown(word.strip())} is none of {', '.join(self.known)}; {fix}", param, ctx)
        return ",".join(normal_code(word) for word in words)


class Years(TextType):
    """A year, or several with commas between."""

    name = "year"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The years with commas between."""
        words = [word.strip() for word in str(value).split(",")]
        for word in words:
            if not (word.isascii() and word.isdigit() and len(word) == 4):
                self.fail(f"{shown(word)} is not a year; write 2026 for 2026/27", param, ctx)
        return ",".join(words)
