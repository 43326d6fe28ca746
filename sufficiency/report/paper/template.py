"""A council's template of the paper: checked before anything is planned, and filled in with nothing but fields.

A template is a file from elsewhere. It may only print fields: Jinja runs in its sandbox with escaping on, and every
expression that is more than the name of a field is refused before it runs. What would run or fetch something when the
paper is opened in Word (macros, embedded objects, links to other files) is refused as well.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import NoReturn
from zipfile import BadZipFile, ZipFile

from docx.enum.style import WD_STYLE_TYPE
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, nodes
from jinja2.exceptions import TemplateSyntaxError
from jinja2.sandbox import SandboxedEnvironment

from sufficiency.problems import InputError, Problem

SHIPPED = Path(__file__).with_name("template.docx")
TEXTS = ("title", "authority", "status", "marks")
"""Fields that are words."""
PARTS = ("front", "body")
"""Fields that stand alone in a paragraph, in whose place tables and text are put."""
STYLES = {
    **dict.fromkeys(
        (
            *("Heading 1", "Heading 2", "Heading 3", "List Bullet", "List Number"),
            *("Paper caption", "Paper note", "Paper cell", "Paper statement"),
        ),
        WD_STYLE_TYPE.PARAGRAPH,
    ),
    "Paper table": WD_STYLE_TYPE.TABLE,
}
MOST_BYTES, MOST_UNPACKED, MOST_FILES = 20_000_000, 100_000_000, 2_000
_RUNS = re.compile(rb"vbaProject|/embeddings/|/activeX/|oleObject|aFChunk|attachedTemplate", re.IGNORECASE)
_FETCHES = re.compile(rb"\b(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|LINK|IMPORT|DATABASE)\b")
_EXTERNAL = re.compile(rb"<Relationship\b[^>]*TargetMode\s*=\s*[\"']External[\"'][^>]*>", re.IGNORECASE)


class FieldsOnly(SandboxedEnvironment):
    """Jinja that prints the fields of the paper and does nothing else."""

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for node in tree.find_all(nodes.Node):
            if not isinstance(node, nodes.Output | nodes.TemplateData | nodes.Name):
                raise TemplateSyntaxError("a template prints fields, such as {{ title }}, and nothing else", 1)
        return tree


def token(part: str) -> str:
    """What stands in the filled template where a part is put."""
    return f"⟦sufficiency {part}⟧"


def read_template(path: Path | None = None) -> bytes:
    """The bytes of a template that can be filled in; without a path, the one shipped.

    Raises InputError with every problem: the file cannot be read or is no Word document, holds what runs or fetches,
    does more than print fields, or lacks a field or a style.
    """
    file = path or SHIPPED
    try:
        if file.stat().st_size > MOST_BYTES:
            _refuse(file, "the template is too large", "leave out its pictures: 20 MB is the most")
        raw = file.read_bytes()
    except OSError as error:
        _refuse(file, f"the template cannot be read: {error.strerror or error}", f"the one shipped is {SHIPPED}")
    _refuse_unsafe(file, raw)
    filled(raw, dict.fromkeys(TEXTS, "x"), file)
    return raw


def filled(raw: bytes, texts: Mapping[str, str], file: Path) -> DocxTemplate:
    """A template with its texts in, and a token where each part goes."""
    environment = FieldsOnly(autoescape=True, undefined=StrictUndefined)
    try:
        template = DocxTemplate(BytesIO(raw))
        template.init_docx()
        used = template.get_undeclared_template_variables(environment)
        problems = [*_fields(file, used), *_styles(file, template)]
        if problems:
            raise InputError(problems)
        template.render({**texts, **{part: token(part) for part in PARTS}}, environment, autoescape=True)
    except TemplateError as error:
        _refuse(file, f"the template cannot be filled in: {error.message}", "write only fields such as {{ title }}")
    except InputError:
        raise
    except Exception as error:  # what a broken file makes the readers raise is theirs to choose
        _refuse(file, f"the template is no whole Word document ({type(error).__name__})", "save it again as .docx")
    problems = [
        Problem(
            f"the field {part} does not stand alone in a paragraph",
            file=str(file),
            fix=f"put {{{{ {part} }}}} into a paragraph of its own, outside tables and text boxes",
        )
        for part in PARTS
        if sum(one.text.strip() == token(part) for one in template.paragraphs) != 1
    ]
    if problems:
        raise InputError(problems)
    return template


def _fields(file: Path, used: set[str]) -> list[Problem]:
    known = (*TEXTS, *PARTS)
    there = f"the fields are {', '.join(known)}"
    unknown = [
        Problem(f"{name} is no field of the paper", file=str(file), fix=there) for name in sorted(used - {*known})
    ]
    lacking = [
        Problem(
            f"the template lacks the field {name}", file=str(file), fix=f"write {{{{ {name} }}}} where it is to stand"
        )
        for name in known
        if name not in used
    ]
    return [*unknown, *lacking]


def _styles(file: Path, template: DocxTemplate) -> list[Problem]:
    there = {(style.name, style.type) for style in template.docx.styles}
    return [
        Problem(
            f"the template lacks the {'table' if kind == WD_STYLE_TYPE.TABLE else 'paragraph'} style {name}",
            file=str(file),
            fix=f"start from the one shipped, {SHIPPED}, and change how its styles look",
        )
        for name, kind in STYLES.items()
        if (name, kind) not in there
    ]


def _refuse_unsafe(file: Path, raw: bytes) -> None:
    try:
        with ZipFile(BytesIO(raw)) as archive:
            held = archive.infolist()
            if len(held) > MOST_FILES or sum(one.file_size for one in held) > MOST_UNPACKED:
                _refuse(file, "the template is too large once unpacked", "leave out its pictures")
            if "word/document.xml" not in archive.namelist():
                _refuse(file, "the template is no Word document", "save it as .docx")
            contents = {one.filename: archive.read(one) for one in held if not one.is_dir()}
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError):
        _refuse(file, "the template is no Word document", "save it as .docx")
    for name, content in contents.items():
        text = name.lower().endswith((".xml", ".rels"))
        external = [one for one in _EXTERNAL.findall(content) if b"/hyperlink" not in one] if text else []
        declared = text and re.search(rb"<!(DOCTYPE|ENTITY)", content, re.IGNORECASE)
        if _RUNS.search(f"/{name}".encode()) or (text and _RUNS.search(content)):
            _refuse(file, f"the template holds a macro or an embedded object ({name})", "save it without, as .docx")
        if external:
            _refuse(file, f"the template links to another file ({name})", "embed pictures, and detach its own template")
        if declared:
            _refuse(file, f"the template declares entities ({name})", "save it again from Word")
        if text and any(_FETCHES.search(one) for one in _field_codes(content)):
            _refuse(file, f"a field of the template fetches something ({name})", "leave the field out")


def _field_codes(content: bytes) -> list[bytes]:
    """The codes of Word's own fields."""
    inside = re.findall(rb"<w:instrText\b[^>]*>([^<]*)<", content)
    simple = re.findall(rb"<w:fldSimple\b[^>]*w:instr\s*=\s*[\"']([^\"']*)", content)
    return [b"".join(inside), *simple]


def _refuse(file: Path, what: str, fix: str) -> NoReturn:
    raise InputError([Problem(what, file=str(file), fix=fix)])
