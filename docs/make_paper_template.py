"""Write the template of the Cabinet paper that is shipped: `python docs/make_paper_template.py`.

A council takes a copy, changes how its styles look, and names it: `sufficiency report MODEL --template FILE.docx`.
"""

from __future__ import annotations

from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

from sufficiency.report.paper.template import SHIPPED
from sufficiency.report.workbook.style import FONT, HEAD, INK, MARK, QUIET, RULE, SIZE


def template() -> Any:
    """The template as a document."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.3)
    section.top_margin, section.bottom_margin = Cm(2.8), Cm(2.2)
    _styles(document)
    document.add_paragraph("{{ status }}", "Paper status")
    document.add_paragraph("{{ title }}", "Title")
    document.add_paragraph("Report to Cabinet: {{ authority }}", "Subtitle")
    document.add_paragraph("{{ marks }}", "Paper mark")
    document.add_paragraph("{{ front }}")
    document.add_paragraph("{{ body }}")
    section.header.paragraphs[0].text = "{{ status }}"
    section.header.add_paragraph("{{ marks }}", document.styles["Header"])
    foot = section.footer.paragraphs[0]
    foot.text = "{{ title }}\tPage "
    foot.paragraph_format.tab_stops.clear_all()
    foot.paragraph_format.tab_stops.add_tab_stop(section.page_width - section.left_margin - section.right_margin, 2)
    _page_number(foot)
    properties = document.core_properties
    properties.author, properties.comments, properties.title = "", "", ""
    return document


def _styles(document: Any) -> None:
    styles = document.styles
    _look(styles["Normal"], SIZE, INK, after=6)
    styles["Normal"].paragraph_format.line_spacing = 1.12
    for level, size, before in ((1, 16, 18), (2, 13, 12), (3, 11, 10)):
        _look(styles[f"Heading {level}"], size, HEAD if level < 3 else INK, bold=True, before=before, after=4)
    _look(styles["Title"], 24, INK, bold=True, after=4)
    border = styles["Title"].element.pPr.find(qn("w:pBdr"))
    if border is not None:
        styles["Title"].element.pPr.remove(border)
    _look(styles["Subtitle"], 13, QUIET, after=10)
    styles["Subtitle"].font.italic = False
    for name in ("List Bullet", "List Number"):
        _look(styles[name], SIZE, INK, after=4)
    for name in ("Header", "Footer"):
        _look(styles[name], 8, QUIET)
    for name, size, colour, bold in (
        ("Paper status", 11, MARK, True),
        ("Paper mark", 11, MARK, True),
        ("Paper caption", 10.5, INK, True),
        ("Paper note", 8.5, QUIET, False),
        ("Paper cell", 9, INK, False),
        ("Paper statement", SIZE, MARK, True),
    ):
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = styles["Normal"]
        _look(style, size, colour, bold=bold, before=8 if name == "Paper caption" else 0, after=2)
    styles["Paper cell"].paragraph_format.line_spacing = 1.0
    styles["Paper cell"].paragraph_format.space_after = Pt(0)
    _table_style(styles)
    for one in styles.element.iter(qn("w:lang")):
        one.set(qn("w:val"), "en-GB")


def _look(style: Any, size: float, colour: str, *, bold: bool = False, before: float = 0.0, after: float = 0.0) -> None:
    style.font.name, style.font.size, style.font.bold = FONT, Pt(size), bold
    style.font.color.rgb = RGBColor.from_string(colour.removeprefix("#").upper())
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        if "Theme" in name:
            del fonts.attrib[name]
    for name in ("w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(name), FONT)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT


def _table_style(styles: Any) -> None:
    """A rule under the head and under every row, and room above and below the words."""
    style = styles.add_style("Paper table", WD_STYLE_TYPE.TABLE)
    style.base_style = styles["Normal Table"]
    rule, head = RULE.removeprefix("#"), INK.removeprefix("#")
    style.element.append(
        parse_xml(
            f"<w:tblPr {nsdecls('w')}><w:tblBorders>"
            f'<w:top w:val="single" w:sz="8" w:color="{head}"/><w:bottom w:val="single" w:sz="4" w:color="{head}"/>'
            f'<w:insideH w:val="single" w:sz="4" w:color="{rule}"/></w:tblBorders><w:tblCellMar>'
            '<w:top w:w="40" w:type="dxa"/><w:left w:w="40" w:type="dxa"/><w:bottom w:w="40" w:type="dxa"/>'
            '<w:right w:w="40" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        )
    )


def _page_number(paragraph: Any) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)


if __name__ == "__main__":
    template().save(SHIPPED)
