"""The Cabinet paper as a Word document: what Word and a screen reader need, and templates from elsewhere."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from click.testing import CliRunner
from docx import Document
from docx.oxml.ns import qn
from docx.shared import RGBColor

from sufficiency.api import report_forms
from sufficiency.api.reporting import report_to_folder
from sufficiency.cli import main
from sufficiency.problems import InputError
from sufficiency.report.paper import SHIPPED, docx_of, read_template
from sufficiency.report.workbook.text import clean
from sufficiency.standing import ILLUSTRATIVE

from ..tiny import tiny
from .pages import toy_content
from .test_paper import toy_docx, toy_paper


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tiny(tmp_path)


def made() -> Any:
    return Document(BytesIO(toy_docx()))


def changed(tmp_path: Path, change: Callable[[Any], object]) -> Path:
    """The shipped template after a change."""
    document = Document(str(SHIPPED))
    change(document)
    file = tmp_path / "ours.docx"
    document.save(str(file))
    return file


def with_part(tmp_path: Path, name: str, content: bytes) -> Path:
    """The shipped template with a part of its package put in, or in place of the one there."""
    file = tmp_path / "ours.docx"
    with ZipFile(SHIPPED) as old, ZipFile(file, "w", ZIP_DEFLATED) as new:
        for one in old.namelist():
            if one != name:
                new.writestr(one, old.read(one))
        new.writestr(name, content)
    return file


def test_headings_are_nested() -> None:
    levels = [int(one.style.name[-1]) for one in made().paragraphs if one.style.name.startswith("Heading")]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert {1, 2, 3} == set(levels)


def test_the_head_of_every_table_is_repeated_and_its_rows_stay_whole() -> None:
    tables = made().tables
    assert len(tables) > 15
    for table in tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))


def test_every_picture_has_words() -> None:
    pictures = list(made().element.body.iter(qn("wp:docPr")))
    assert len(pictures) == 2
    for one in pictures:
        assert "The figures are in the table below." in one.get("descr")
    assert len({one.get("id") for one in pictures}) == len(pictures)


def test_it_is_in_british_english() -> None:
    document = made()
    said = {one.get(qn("w:val")) for one in document.styles.element.iter(qn("w:lang"))}
    assert said == {"en-GB"}
    assert document.core_properties.language == "en-GB"


def test_the_shipped_template_is_as_its_script_writes_it() -> None:
    script = runpy.run_path(str(Path(__file__).parents[2] / "docs" / "make_paper_template.py"))
    held = BytesIO()
    script["template"]().save(held)
    with ZipFile(held) as new, ZipFile(SHIPPED) as old:
        assert sorted(new.namelist()) == sorted(old.namelist())
        for name in new.namelist():
            assert new.read(name) == old.read(name), name


def test_a_council_restyles_it(tmp_path: Path) -> None:
    """Its colours, its words around the fields, and the fields in another order."""

    def change(document: Any) -> None:
        document.styles["Heading 1"].font.color.rgb = RGBColor(0x11, 0x55, 0x22)
        document.paragraphs[0].insert_paragraph_before("Borough of Saltmere", "Title")

    document = Document(BytesIO(docx_of(toy_content(), read_template(changed(tmp_path, change)))))
    assert document.paragraphs[0].text == "Borough of Saltmere"
    assert document.styles["Heading 1"].font.color.rgb == RGBColor(0x11, 0x55, 0x22)
    assert any(one.text == "Executive summary" for one in document.paragraphs)


@pytest.mark.parametrize(
    "hostile",
    [
        "{{ title.__class__.__mro__ }}",
        "{{ ''.__class__ }}",
        "{{ title|attr('x') }}",
        "{% for x in title %}{{ title }}{% endfor %}",
        "{% set x = title %}",
        "{% include 'x' %}",
        "{{ range(9) }}",
        "{{ 9 * 9 }}",
        "{{ title",
    ],
)
@pytest.mark.parametrize("where", ["body", "header"])
def test_a_template_does_nothing_but_print_fields(tmp_path: Path, hostile: str, where: str) -> None:
    def change(document: Any) -> None:
        held = document.sections[0].header if where == "header" else document
        held.add_paragraph(hostile)

    with pytest.raises(InputError, match="the template cannot be filled in"):
        read_template(changed(tmp_path, change))


def test_a_template_tells_all_that_it_lacks_at_once(tmp_path: Path) -> None:
    def change(document: Any) -> None:
        for one in list(document.paragraphs):
            if one.text in ("{{ body }}", "{{ front }}"):
                one._p.getparent().remove(one._p)
        document.add_paragraph("{{ chair }}")
        document.styles["Paper cell"].delete()

    with pytest.raises(InputError) as refused:
        read_template(changed(tmp_path, change))
    words = [str(one) for one in refused.value.problems]
    assert len(words) == 4
    assert all("ours.docx" in one for one in words)
    assert "chair is no field of the paper" in words[0]
    assert "the template lacks the field front" in words[1]
    assert "the template lacks the field body" in words[2]
    assert "the template lacks the paragraph style Paper cell" in words[3]


def test_the_body_stands_in_a_paragraph_of_its_own(tmp_path: Path) -> None:
    def change(document: Any) -> None:
        next(one for one in document.paragraphs if one.text == "{{ body }}").text = "Here: {{ body }}"

    with pytest.raises(InputError, match="the field body does not stand alone in a paragraph"):
        read_template(changed(tmp_path, change))


RELATIONSHIP = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r9" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" Target="http://evil.example/x" '
    b'TargetMode="External"/></Relationships>'
)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("word/vbaProject.bin", b"x", "holds a macro or an embedded object"),
        ("word/embeddings/oleObject1.bin", b"x", "holds a macro or an embedded object"),
        ("word/_rels/header9.xml.rels", RELATIONSHIP % b"image", "links to another file"),
        ("word/_rels/settings.xml.rels", RELATIONSHIP % b"attachedTemplate", "holds a macro or an embedded object"),
        ("word/more.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x/>', "declares entities"),
        (
            "word/more.xml",
            b'<w:p xmlns:w="w"><w:instrText>DDE</w:instrText><w:instrText>AUTO c:\\x</w:instrText></w:p>',
            "fetches something",
        ),
        ("word/document.xml", b"<not xml", "is no whole Word document"),
    ],
)
def test_what_would_run_or_fetch_is_refused(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read_template(with_part(tmp_path, name, content))


def test_a_template_that_is_none_is_refused(tmp_path: Path) -> None:
    text, empty = tmp_path / "a.docx", tmp_path / "b.docx"
    text.write_text("not a document")
    with ZipFile(empty, "w") as archive:
        archive.writestr("x", "x")
    for file in (text, empty):
        with pytest.raises(InputError, match="the template is no Word document"):
            read_template(file)
    for file in (tmp_path / "none.docx", tmp_path):
        with pytest.raises(InputError, match="the template cannot be read"):
            read_template(file)


def test_a_small_file_that_unpacks_to_a_huge_one_is_refused(tmp_path: Path) -> None:
    file = with_part(tmp_path, "word/media/x.bin", b"\0" * 110_000_000)
    assert file.stat().st_size < 1_000_000
    with pytest.raises(InputError, match="too large once unpacked"):
        read_template(file)


def test_with_a_bad_template_nothing_is_planned_or_written(here: Path) -> None:
    bad = here.parent / "bad.docx"
    bad.write_text("x")
    run = CliRunner().invoke(main, ["report", str(here), "--template", str(bad)])
    assert run.exit_code == 2
    assert "no Word document" in run.output
    assert "Traceback" not in run.output
    assert not Path("results").exists()


def test_a_template_is_for_the_paper(here: Path) -> None:
    with pytest.raises(InputError, match="a template is for the paper"):
        report_to_folder(here, only=["page"], template=SHIPPED)


def test_the_paper_of_a_model_is_written_with_its_figures(here: Path) -> None:
    made = report_to_folder(here, only=["paper"], template=SHIPPED)
    assert [file.name for file in made.files] == ["cabinet-paper.docx", "workings.csv", "figures.json"]
    assert any(one.text == "Executive summary" for one in Document(str(made.files[0])).paragraphs)


def test_an_illustrative_model_gets_no_paper(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_forms, "standing_of", lambda model: ILLUSTRATIVE)
    with pytest.raises(InputError, match="not written for a model that is illustrative"):
        report_to_folder(here, only=["paper"])
    assert not Path("results").exists()
    made = report_to_folder(here)
    assert "cabinet-paper.docx" not in [file.name for file in made.files]
    assert made.left_out


def test_text_from_files_is_never_code(tmp_path: Path) -> None:
    """A model whose name is an expression is printed as it stands."""
    told = toy_content()
    summary = told.story.summary | {"model": "{{ 7 * 7 }} <w:p> & co\x07"}
    story = replace(told.story, result=replace(told.story.result, summary=summary))
    document = Document(BytesIO(docx_of(replace(told, story=story))))
    assert f"Report to Cabinet: {clean('{{ 7 * 7 }} <w:p> & co' + chr(7))}" in [one.text for one in document.paragraphs]
    assert toy_paper().authority
