"""The Cabinet paper as a Word document: what the content says, in the look of a template."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from docx.text.paragraph import Paragraph

from sufficiency.report.content.document import Content
from sufficiency.report.content.paper import Paper, paper_of
from sufficiency.report.paper.document import Writer, speak_british
from sufficiency.report.paper.template import SHIPPED, filled, read_template, token
from sufficiency.report.workbook.text import clean

__all__ = ["SHIPPED", "document_of", "docx_of", "read_template"]


def docx_of(content: Content, template: bytes | None = None) -> bytes:
    """The paper on a report's content as the bytes of a .docx. `template`: as `read_template` gives it; without one,
    that shipped.
    """
    return document_of(paper_of(content), read_template() if template is None else template)


def document_of(paper: Paper, template: bytes) -> bytes:
    """A paper in a template that has been read and checked."""
    texts = {
        "title": paper.title,
        "authority": paper.authority,
        "status": paper.status,
        "marks": " ".join(paper.marks),
    }
    made = filled(template, {name: clean(text) for name, text in texts.items()}, Path("template"))
    document = made.docx
    places = {part: _place(document.paragraphs, part) for part in ("front", "body")}
    Writer(document, places["front"]).table(("", "For the council to fill in"), paper.front, "The meeting")
    body = Writer(document, places["body"])
    for section in paper.sections:
        body.section(section)
    for place in places.values():
        place._p.getparent().remove(place._p)
    speak_british(document)
    properties = document.core_properties
    properties.title, properties.subject = clean(paper.title)[:255], clean(paper.status)[:255]
    held = BytesIO()
    document.save(held)
    return held.getvalue()


def _place(paragraphs: Iterable[Paragraph], part: str) -> Paragraph:
    return next(one for one in paragraphs if one.text.strip() == token(part))
