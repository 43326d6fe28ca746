"""The forms of a report: which there are, what makes each, and which are asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sufficiency.model import Model
from sufficiency.problems import InputError, Problem, did_you_mean, shown
from sufficiency.standing import ILLUSTRATIVE
from sufficiency.tables.origin import standing_of

if TYPE_CHECKING:
    from sufficiency.report.content.document import Content
    from sufficiency.report.content.returns import Returns
    from sufficiency.report.content.tables import Omitted, Planned, Table

COMPARED = ("measures", "deficit")
"""Tables of a scenario that figures beside those of the plan are read from."""


@dataclass(frozen=True)
class Material:
    """What a form is made of: all that the report says; the result, its case and the results of scenarios beside it;
    tables for people. `template`: of the paper, read and checked; None: the one shipped. `age`: which age the bands of
    returns are about; None: the one that each of DfE's forms asks for.
    """

    content: Content
    planned: Planned
    tables: Sequence[Table | Omitted]
    template: bytes | None = None
    age: str | None = None

    @cached_property
    def returns(self) -> Returns:
        """The returns to DfE."""
        from sufficiency.report.content.returns import returns_of

        return returns_of(self.planned, self.age)


@dataclass(frozen=True)
class Form:
    """A form of a report: its file, and what makes it."""

    file: str
    make: Callable[[Material], bytes]


def _page(material: Material) -> bytes:
    from sufficiency.report.page.render import page_of

    return page_of(material.content).encode()


def _workbook(material: Material) -> bytes:
    from sufficiency.report.workbook import workbook_of

    return workbook_of(material.planned, material.tables, material.content.finds)


def _paper(material: Material) -> bytes:
    from sufficiency.report.paper import docx_of

    return docx_of(material.content, material.template)


def _returns(material: Material) -> bytes:
    from sufficiency.report.returns import returns_workbook

    return returns_workbook(material.returns, material.planned)


PAPER, RETURNS = "paper", "returns"
FORMS: Mapping[str, Form] = {
    "page": Form("page.html", _page),
    "workbook": Form("workbook.xlsx", _workbook),
    PAPER: Form("cabinet-paper.docx", _paper),
    RETURNS: Form("returns.xlsx", _returns),
}
"""Forms of a report by name."""
NO_PAPER = (
    "the Cabinet paper is not written for a model that is illustrative, built from published data: put in the "
    "council’s own placements and places first"
)


def paper_allowed(model: Model) -> bool:
    """Whether a model may have a Cabinet paper: not while it is illustrative."""
    return standing_of(model) is not ILLUSTRATIVE


def forms_asked(only: Sequence[str] | None) -> tuple[str, ...]:
    """The forms in `only`, none meaning all. Raises InputError for a name that is none."""
    unknown = [name for name in only or () if name not in FORMS]
    if unknown:
        raise InputError(
            [
                Problem(
                    f"{shown(name)} is no form of a report; there is {', '.join(FORMS)}", fix=did_you_mean(name, FORMS)
                )
                for name in unknown
            ]
        )
    return tuple(name for name in FORMS if not only or name in only)


def read_look(template: Path, forms: Sequence[str]) -> bytes:
    """The template of the paper, read and checked. Raises InputError, also where the paper is not asked for."""
    from sufficiency.report.paper import read_template

    if PAPER not in forms:
        raise InputError(
            [
                Problem(
                    "a template is for the paper, which is not asked for", fix=f"add {PAPER} to --only, or leave it out"
                )
            ]
        )
    return read_template(template)


def refuse_age(age: str, forms: Sequence[str]) -> None:
    """Raises InputError for an age that returns cannot be banded by, or where returns are not asked for."""
    from sufficiency.report.content.returns import AGES

    if age not in AGES:
        what = f"{shown(age)} is no way to count ages; there is {', '.join(AGES)}"
        raise InputError([Problem(what, fix=did_you_mean(age, AGES))])
    if RETURNS not in forms:
        what = "an age is for the returns, which are not asked for"
        raise InputError([Problem(what, fix=f"add {RETURNS} to --only, or leave it out")])
