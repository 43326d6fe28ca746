"""The Cabinet paper as sections of sentences, tables and statements; no form of it works anything out."""

from __future__ import annotations

from sufficiency.report.content.document import Content
from sufficiency.report.content.paper.asks import reasons, recommendations
from sufficiency.report.content.paper.families import impact_on_families
from sufficiency.report.content.paper.front import front_rows, marks, summary
from sufficiency.report.content.paper.money import likely_overspend, which_areas
from sufficiency.report.content.paper.options import options_considered
from sufficiency.report.content.paper.parts import (
    Block,
    Lines,
    Paper,
    Points,
    Section,
    Statement,
    Step,
    Waterfall,
)
from sufficiency.report.content.paper.position import position
from sufficiency.report.content.paper.statements import implications
from sufficiency.report.words import academic_year

__all__ = ["Block", "Lines", "Paper", "Points", "Section", "Statement", "Step", "Waterfall", "paper_of"]


def paper_of(content: Content) -> Paper:
    """The draft Cabinet paper on what a report says. Never for a model that is only illustrative."""
    story = content.story
    first, last = story.years[0], story.last
    return Paper(
        f"Places for children with special educational needs and disabilities, {_span(first, last)}",
        str(story.summary["model"]),
        marks(story),
        front_rows(),
        (
            summary(content),
            recommendations(content),
            reasons(content),
            position(content),
            likely_overspend(content),
            which_areas(content),
            options_considered(content),
            impact_on_families(content),
            *implications(content),
        ),
    )


def _span(first: int, last: int) -> str:
    return academic_year(first) if first == last else f"{academic_year(first)} to {academic_year(last)}"
