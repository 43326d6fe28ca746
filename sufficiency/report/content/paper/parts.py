"""What a Cabinet paper is made of: sections of sentences, lists, tables, charts and statements that officers give."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from sufficiency.report.content.exhibit import Exhibit
from sufficiency.report.content.figure import Figure
from sufficiency.report.content.words import Words

TO_CONFIRM = "[to be confirmed]"
"""Stands on the front page for what only the council knows."""


@dataclass(frozen=True)
class Statement:
    """A statement that an officer gives; the tool never writes it."""

    officer: str

    @property
    def text(self) -> str:
        """As it stands in the paper until the officer has written it."""
        return f"[{self.officer} to complete]"


@dataclass(frozen=True)
class Points:
    """A list; `numbered` where its items are referred to."""

    items: tuple[Words, ...]
    numbered: bool = False


class Step(StrEnum):
    """What a bar of a waterfall is."""

    TOTAL = "a total"
    LESS = "what is taken off the total before"


@dataclass(frozen=True)
class Waterfall:
    """A chart of bars from one total to the next; figures are pounds. `table`: the same figures, under the chart."""

    bars: tuple[tuple[str, Figure, Step], ...]
    table: Exhibit


@dataclass(frozen=True)
class Lines:
    """A chart of the rows of a table by year, each row a line; the table stands under it."""

    table: Exhibit


Block = Words | Statement | Points | Exhibit | Waterfall | Lines


@dataclass(frozen=True)
class Section:
    """A heading with what stands under it."""

    title: str
    blocks: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = field(default=())

    def all_blocks(self) -> Iterator[Block]:
        """Its blocks and those of the sections in it, in order."""
        yield from self.blocks
        for one in self.sections:
            yield from one.all_blocks()


@dataclass(frozen=True)
class Paper:
    """A draft Cabinet paper. `marks`: what every reader has to know first; `front`: rows of the table on the front
    page.
    """

    title: str
    authority: str
    marks: tuple[str, ...]
    front: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]

    @property
    def statements(self) -> int:
        """Statements that officers have still to give."""
        return sum(isinstance(block, Statement) for one in self.sections for block in one.all_blocks())

    @property
    def status(self) -> str:
        """What the front page says of them."""
        many = "statement" if self.statements == 1 else "statements"
        return f"DRAFT: {self.statements} officer {many} outstanding"


def some(*blocks: Block | None) -> tuple[Block, ...]:
    """The blocks that have something in them."""
    return tuple(block for block in blocks if block)
