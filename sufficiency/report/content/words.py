"""Sentences made of words and figures, so that a form can print each figure with the cell it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from string import Formatter

from sufficiency.report.content.figure import Figure


@dataclass(frozen=True)
class Bare:
    """A figure printed without its minus, where the words around it say which way it goes: `£2m over`."""

    figure: Figure

    @property
    def text(self) -> str:
        """As it is printed."""
        return self.figure.text.removeprefix("−")


Shown = Figure | Bare
Piece = str | Shown
Words = tuple[Piece, ...]


def say(pattern: str, **parts: Piece | Words | None) -> Words:
    """`pattern` with each `{name}` replaced by that figure or text; nothing at all where a figure is None."""
    if any(part is None for part in parts.values()):
        return ()
    pieces: list[Piece] = []
    for literal, name, _, _ in Formatter().parse(pattern):
        if literal:
            pieces.append(literal)
        if name is not None:
            part = parts[name]
            pieces += part if isinstance(part, tuple) else [part] if part is not None else []
    return tuple(pieces)


def joined(*sentences: Words) -> Words:
    """Sentences one after another, a space between; those with nothing in them left out."""
    pieces: list[Piece] = []
    for words in sentences:
        if words:
            pieces += [" ", *words] if pieces else words
    return tuple(pieces)


def plain(words: Words | Piece | None) -> str:
    """Words as text."""
    if words is None:
        return ""
    if isinstance(words, tuple):
        return "".join(plain(piece) for piece in words)
    return words if isinstance(words, str) else words.text


def in_a_list(names: Sequence[Words | str]) -> Words:
    """`A, B and C` of words that may hold figures."""
    pieces: list[Piece] = []
    for number, name in enumerate(names):
        if number:
            pieces.append(" and " if number == len(names) - 1 else ", ")
        pieces += [name] if isinstance(name, str) else name
    return tuple(pieces)
