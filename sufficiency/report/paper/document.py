"""Blocks of the paper as Word has them: headings, text, lists, tables and pictures put before one paragraph."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from math import sqrt
from typing import Any

from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from sufficiency.report.content.exhibit import Cell, Exhibit
from sufficiency.report.content.figure import Figure
from sufficiency.report.content.paper import Block, Lines, Points, Section, Statement, Waterfall
from sufficiency.report.content.words import Bare, plain
from sufficiency.report.paper import drawn
from sufficiency.report.workbook.text import clean

LANGUAGE = "en-GB"
A4_WIDE = Cm(21)
MANY = 8
"""More columns are set in smaller type."""
LONGEST_NUMBER = 24
"""Characters of a cell among figures: `not known`, `£1.2m to £1.4m`."""
SHORT = 12
"""Characters that every column of words has room for."""
MOST_ROWS_TOGETHER = 18
"""Rows of a table that stays on one page."""


class Writer:
    """Writes blocks before a paragraph of a document."""

    def __init__(self, document: Document, before: Paragraph) -> None:
        self._document = document
        self._before = before
        self._styles = {str(one.name): one.style_id for one in document.styles}  # python-docx looks each up again
        section = document.sections[0]
        page, left, right = section.page_width, section.left_margin, section.right_margin
        self._width = Emu((page or A4_WIDE) - (left or 0) - (right or 0))

    def section(self, one: Section, level: int = 1) -> None:
        """A section under its heading, and the sections in it a level below."""
        self.paragraph(one.title, f"Heading {level}")
        for block in one.blocks:
            self.block(block)
        for part in one.sections:
            self.section(part, min(level + 1, 3))

    def block(self, block: Block) -> None:
        """One block."""
        if isinstance(block, Statement):
            self.paragraph(block.text, "Paper statement")
        elif isinstance(block, Points):
            for item in block.items:
                self.paragraph(plain(item), "List Number" if block.numbered else "List Bullet")
        elif isinstance(block, Waterfall):
            self._picture(block.table, drawn.waterfall(block), "Bars from each total to the next")
        elif isinstance(block, Lines):
            self._picture(
                block.table, drawn.lines(block.table), "Lines by academic year, one for each row of the table"
            )
        elif isinstance(block, Exhibit):
            self.exhibit(block)
        else:
            self.paragraph(plain(block))

    def paragraph(self, text: str, style: str = "Normal") -> Paragraph:
        """One paragraph."""
        made = self._before.insert_paragraph_before(clean(text))
        made._p.style = self._styles[style]
        return made

    def exhibit(self, one: Exhibit) -> None:
        """A table under its finding, with its notes."""
        self._titled(one)
        self.table(one.heads, one.rows, plain(one.finding))
        self._noted(one)

    def _titled(self, one: Exhibit) -> None:
        for text, style in ((plain(one.finding), "Paper caption"), (one.about, "Paper note")):
            if text:
                self.paragraph(text, style).paragraph_format.keep_with_next = True

    def _noted(self, one: Exhibit) -> None:
        for note in one.notes:
            self.paragraph(plain(note), "Paper note")
        self.paragraph("", "Paper note")

    def _picture(self, table: Exhibit, png: bytes, what: str) -> None:
        """A chart with words for those who do not see it, and its figures in a table below."""
        self._titled(table)
        held = self.paragraph("")
        held.paragraph_format.keep_with_next = True
        shape = held.add_run().add_picture(BytesIO(png), width=self._width)
        properties = shape._inline.docPr
        properties.set("descr", clean(f"{plain(table.finding)}. {what}. The figures are in the table below."))
        properties.set("title", "Chart")
        self.table(table.heads, table.rows, plain(table.finding))
        self._noted(table)

    def table(self, heads: Sequence[str], rows: Sequence[Sequence[Cell]], title: str) -> None:
        """A table whose head is repeated on every page it runs over, and whose rows are not split."""
        wide = max(len(heads), *(len(row) for row in rows))
        table = self._document.add_table(rows=0, cols=wide, style="Paper table")
        table.alignment = WD_TABLE_ALIGNMENT.LEFT
        table.autofit = False
        every = [[*row, *[""] * (wide - len(row))] for row in rows]
        numbers = [_are_numbers([row[at] for row in every]) for at in range(wide)]
        self._row(table, [*heads, *[""] * (wide - len(heads))], numbers, head=True)
        for at, row in enumerate(every):
            self._row(table, row, numbers, keep=len(every) <= MOST_ROWS_TOGETHER and at < len(every) - 1)
        titles: list[Cell] = [*heads, *[""] * (wide - len(heads))]
        longest = [max(len(plain(row[at])) for row in (titles, *every)) for at in range(wide)]
        self._widths(table, numbers, longest)
        _mark(table, clean(title))
        self._before._p.addprevious(table._tbl)

    def _row(
        self, table: Table, cells: Sequence[Cell], numbers: Sequence[bool], *, head: bool = False, keep: bool = False
    ) -> None:
        row = table.add_row()  # type: ignore[no-untyped-call]
        properties = row._tr.get_or_add_trPr()
        for name in ("w:cantSplit", *(["w:tblHeader"] if head else [])):
            properties.append(OxmlElement(name))
        for at, (cell, held) in enumerate(zip(cells, row.cells, strict=True)):
            paragraph = _only_paragraph(held, self._styles["Paper cell"])
            run = paragraph.add_run(clean(plain(cell)))
            run.bold = True if head else None
            if len(cells) > MANY:
                run.font.size = Pt(7)
            if at and numbers[at]:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            paragraph.paragraph_format.keep_with_next = True if head or keep else None

    def _widths(self, table: Table, numbers: Sequence[bool], longest: Sequence[int]) -> None:
        """Words take what figures leave, by the root of the characters in their longest cell."""
        figures = sum(numbers[1:])
        share = 0.8 if len(numbers) > MANY else 0.72
        each = min(Cm(2.6), Emu(int(self._width * share / max(figures, 1)))) if figures else Cm(0)
        texts = [at for at in range(len(numbers)) if at == 0 or not numbers[at]]
        length = {at: sqrt(max(SHORT, longest[at])) for at in texts}
        left = (self._width - each * figures) / sum(length.values())
        wide = [int(left * length[at]) if at in texts else int(each) for at in range(len(numbers))]
        for column, width in zip(table._tbl.tblGrid.findall(qn("w:gridCol")), wide, strict=True):
            column.set(qn("w:w"), str(int(width / 635)))
        for row in table.rows:
            for cell, width in zip(row.cells, wide, strict=True):
                cell.width = Emu(width)


def _are_numbers(cells: Sequence[Cell]) -> bool:
    """Whether most of the cells of a column are figures, and no other needs room for words."""
    held = [cell for cell in cells if cell]
    if any(len(plain(cell)) > LONGEST_NUMBER for cell in held):
        return False
    return 2 * sum(isinstance(cell, Figure | Bare) for cell in held) > len(held)


def _only_paragraph(cell: _Cell, style: str) -> Paragraph:
    paragraph: Paragraph = cell.paragraphs[0]
    paragraph._p.style = style
    return paragraph


def _mark(table: Table, title: str) -> None:
    """What the table is called, for those who hear it read."""
    properties: Any = table._tbl.tblPr
    for name in ("w:tblCaption", "w:tblDescription"):
        mark = OxmlElement(name)
        mark.set(qn("w:val"), title)
        properties.append(mark)


def speak_british(document: Document) -> None:
    """Set the language of the document, wherever its styles say another."""
    styles = document.styles.element
    for one in styles.iter(qn("w:lang")):
        one.set(qn("w:val"), LANGUAGE)
    defaults = styles.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    if defaults is not None and defaults.find(qn("w:lang")) is None:
        held = OxmlElement("w:lang")
        held.set(qn("w:val"), LANGUAGE)
        defaults.append(held)
    for one in document.element.body.iter(qn("w:lang")):
        one.set(qn("w:val"), LANGUAGE)
    document.core_properties.language = LANGUAGE
