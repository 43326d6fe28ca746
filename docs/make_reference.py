"""Write the reference pages from what they describe: commands, columns, keys of the model file, families of rows.

python docs/make_reference.py            writes docs/reference/*.md
python docs/make_reference.py --check    says which page differs, and what has no meaning; exit status 1 then
"""

from __future__ import annotations

import sys
import types
import typing
from collections.abc import Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, Literal

import click
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sufficiency.codes import LEVELS, NEEDS, SETTING_TYPES
from sufficiency.model import Model
from sufficiency.model.tables import TablePaths
from sufficiency.model.travel import TRANSPORTED_SHARE
from sufficiency.plan.rows.catalogue import CONSTRAINTS, VARIABLES
from sufficiency.report.content import KINDS as KINDS_OF_FIGURES
from sufficiency.report.content.table_kinds import TABLE_KINDS
from sufficiency.tables.schema.columns import Column, TableSpec
from sufficiency.tables.schema.forecast import FORECAST_INPUTS, FORECAST_OUTPUTS
from sufficiency.tables.schema.inputs import INPUTS
from sufficiency.tables.schema.own_files import OWN_FILES
from sufficiency.tables.schema.results import OUTPUTS
from sufficiency.tables.schema.studies import COMPARISONS, STUDIES
from sufficiency.tables.schema.sweep import SWEEPS

FOLDER = Path(__file__).resolve().parent / "reference"
MADE = "<!-- Made by `python docs/make_reference.py`; change what it describes, not this page. -->\n\n"

KINDS = {
    "id": "name or number",
    "text": "text",
    "need": "need",
    "phase": "phase",
    "level": "level",
    "type": "type of setting",
    "year": "year",
    "number": "number",
    "flag": "yes or no",
    "needs": "needs",
    "phases": "phases",
    "levels": "levels",
    "ids": "names",
    "numbers": "numbers",
}


def table(header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A Markdown table; bars in cells are kept from ending them."""
    lines = [header, tuple("---" for _ in header), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines) + "\n"


def code(value: object) -> str:
    """`value` as code."""
    return f"`{value}`"


def sentence(text: str | None) -> str:
    """Text on one line."""
    return " ".join((text or "").split())


def commands_page() -> str:
    """Every command as its `--help` says it."""
    from sufficiency.cli import main

    context = click.Context(main, info_name="sufficiency", terminal_width=100, **main.context_settings)
    page = MADE + "# The command line\n\nThe same words come from `--help`.\n\n"
    page += f"```text\n{main.get_help(context)}\n```\n"
    for name, command in commands():
        inner = click.Context(command, info_name=name, parent=context, terminal_width=100)
        page += f"\n## {name}\n\n```text\n{command.get_help(inner)}\n```\n"
    return page


def commands() -> list[tuple[str, click.Command]]:
    """Every command with its name, in the order of its name."""
    from sufficiency.cli import main

    assert isinstance(main, click.Group)
    context = click.Context(main, info_name="sufficiency")
    found = ((name, main.get_command(context, name)) for name in main.list_commands(context))
    return sorted((name, command) for name, command in found if command is not None)


def limits(column: Column) -> str:
    """What a number may be."""
    if column.minimum is not None and column.maximum is not None:
        return f"{column.minimum:g} to {column.maximum:g}"
    if column.minimum is not None:
        return f"{column.minimum:g} or more"
    return "" if column.maximum is None else f"at most {column.maximum:g}"


def blank_cell(column: Column) -> str:
    """What a blank cell does."""
    if not column.blank:
        return "not allowed"
    if column.default in (None, ""):
        if column.name == "can_meet":
            return "none"
        return {"needs": "all", "phases": "all", "levels": "all"}.get(column.kind, "allowed")
    if isinstance(column.default, bool):
        return "yes" if column.default else "no"
    return f"{column.default:g}" if isinstance(column.default, float | int) else str(column.default)


def input_table(spec: TableSpec) -> str:
    """One table a planner gives."""
    rows = [
        (
            code(column.name),
            column.meaning,
            KINDS[column.kind],
            column.unit,
            limits(column),
            "yes" if column.required else "",
            blank_cell(column),
        )
        for column in spec.columns
    ]
    names = ("column", "meaning", "kind", "unit", "allowed", "required", "blank cell")
    text = f"\n### {spec.name}\n\n{spec.meaning}.\n\n"
    if spec.key:
        text += f"One row for each {', '.join(code(name) for name in spec.key)}.\n\n"
    return text + table(names, rows)


def other_headings(spec: TableSpec) -> str:
    """The other headings by which the columns of a table are known."""
    known: dict[str, list[str]] = {}
    for word, name in spec.words.items():
        known.setdefault(name, []).append(word.replace("_", " "))
    return "\n" + "".join(f"- {code(name)}: {', '.join(words)}\n" for name, words in known.items())


def output_table(spec: TableSpec) -> str:
    """One table a plan writes."""
    rows = [(code(column.name), column.meaning, column.unit) for column in spec.columns]
    return f"\n### {spec.name}.csv\n\n{spec.meaning}.\n\n" + table(("column", "meaning", "unit"), rows)


def codes_table(heading: str, codes: dict[str, str]) -> str:
    """Codes with their words."""
    return f"\n### {heading}\n\n" + table(("code", "meaning"), [(code(key), text) for key, text in codes.items()])


def tables_page() -> str:
    """Every column that is read or written."""
    return "".join(
        (
            MADE,
            "# Tables\n\n",
            "A table is a CSV file, a Parquet file, a sheet of a workbook (`book.xlsx#sheet`) or a map layer ",
            "(`map.gpkg#layer`). Column names are fixed; further columns are ignored. A year is the September ",
            "in which an academic year starts: 2026 means 2026/27. Money is in pounds, distance in km, time in ",
            "minutes one way. Several codes in one cell have spaces between them.\n\n## What you give\n",
            *(input_table(spec) for spec in INPUTS.values()),
            "\n## What a forecast is made from\n\n",
            "One of the three columns of ages is enough, and blanks in all of them mean all ages.\n",
            *(input_table(spec) for spec in FORECAST_INPUTS.values()),
            "\n## What other teams have\n\n",
            "`sufficiency join` finds these by their headings. Below each are other headings that it knows.",
            "\n",
            *(input_table(spec) + other_headings(spec) for spec in OWN_FILES.values()),
            "\n## What a plan writes\n\n",
            "CSV in UTF-8 that Excel opens as it is; with `--parquet`, Parquet too. In CSV files the name of an area, ",
            "a setting, an option and a budget line stands after its code (`area_name`, `setting_name`, ",
            "`option_name`, `budget_line_name`); Parquet has the columns below alone.\n",
            *(output_table(spec) for spec in OUTPUTS.values()),
            "\n## What a study writes\n\n",
            "In a folder of its own, with its picture beside it.\n",
            *(output_table(spec) for spec in STUDIES.values()),
            "\n## What a sweep writes\n\n",
            "`draws` and `draws_by_year` in Parquet, the others in CSV, and `sweep.json`.\n",
            *(output_table(spec) for spec in SWEEPS.values()),
            "\n## What a comparison writes\n",
            *(output_table(spec) for spec in COMPARISONS.values()),
            "\n## What a forecast writes\n",
            *(output_table(spec) for spec in FORECAST_OUTPUTS.values()),
            "\n## Codes\n",
            codes_table("Primary need", NEEDS),
            codes_table("Type of setting", SETTING_TYPES),
            codes_table("Level of provision", LEVELS),
        )
    )


def allowed(annotation: Any) -> str:
    """The kind of value of a key, in words."""
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Literal:
        return " or ".join(code(f'"{value}"') for value in inner)
    if origin is typing.Annotated:
        return allowed(inner[0])
    if origin in (typing.Union, types.UnionType):
        return " or ".join(dict.fromkeys(allowed(part) for part in inner if part is not type(None)))
    if origin is list:
        return f"list of {plural(allowed(inner[0]))}"
    if origin is tuple:
        return f"list of {len(inner)} {plural(allowed(inner[0]))}"
    if origin is dict:
        return f"{allowed(inner[0])} = {allowed(inner[1])}, …"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "section"
    return {str: "text", int: "whole number", float: "number", bool: "true or false", Any: "any value"}[annotation]


def plural(words: str) -> str:
    """Several of a kind."""
    return words if words in {"text", "any value"} else words + "s"


def default_of(field: FieldInfo) -> str:
    """The default as the model file would say it."""
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    if isinstance(value, BaseModel):
        return ""
    return "" if value in (None, {}, [], "") else code(toml(value))


def toml(value: Any) -> str:
    """A value as TOML."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(toml(item) for item in value) + "]"
    if isinstance(value, float) and value.is_integer():
        return f"{int(value):_}"
    return f'"{value}"' if isinstance(value, str) else str(value)


def section_of(annotation: Any) -> type[BaseModel] | None:
    """The section inside an annotation, where there is one."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, (section_of(part) for part in typing.get_args(annotation))), None)


def sections() -> Iterator[tuple[str, type[BaseModel]]]:
    """Every section of the model file with its heading, the file itself first."""
    waiting: list[tuple[str, type[BaseModel]]] = [("", Model)]
    while waiting:
        path, section = waiting.pop(0)
        yield path, section
        inside = [
            (name, field.annotation, found)
            for name, field in section.model_fields.items()
            if (found := section_of(field.annotation))
        ]
        waiting[:0] = [(key_path(path, name, annotation), found) for name, annotation, found in inside]


def key_path(path: str, name: str, annotation: Any) -> str:
    """Where a section stands in the file; `NAME` is one that the planner gives."""
    named = f"{path}.{name}" if path else name
    return f"{named}.NAME" if typing.get_origin(annotation) is dict else named


def model_page() -> str:
    """Every key of the model file."""
    page = (
        MADE
        + "# The model file\n\n"
        + (
            "One TOML file says what is planned, from which tables and how. A key that is left out has the "
            "default shown; an unknown key is an error that names the nearest known one.\n"
        )
    )
    for path, section in sections():
        page += f"\n## {code(f'[{path}]') if path else 'At the top'}\n\n{sentence(section.__doc__)}\n\n"
        rows = [
            (code(name), allowed(field.annotation), default_of(field), meaning(section, name))
            for name, field in section.model_fields.items()
            if not isinstance(field.annotation, type) or not issubclass(field.annotation, BaseModel)
        ]
        page += table(("key", "value", "default", "meaning"), rows)
    shares = [(code(kind), f"{share:g}") for kind, share in TRANSPORTED_SHARE.items()]
    return page + "\n## Default `transported_share`\n\n" + table(("type", "share"), shares)


def mathematics_page() -> str:
    """The whole program: the prose of `docs/parts/mathematics.txt` round the catalogue's variables and constraints."""
    words = (Path(__file__).parent / "parts" / "mathematics.txt").read_text(encoding="utf-8")
    for place, families in (("{variables}", VARIABLES), ("{constraints}", CONSTRAINTS)):
        header = ("", "family", "symbol", "for all", "equation", "meaning", "unit")
        rows = [
            (str(one.number), code(name), one.symbol, one.indices, one.equation, one.meaning, one.unit)
            for name, one in families.items()
        ]
        words = words.replace(place, table(header, rows).rstrip())
    return MADE + words


def figures_page() -> str:
    """Every headline figure with the cell it is read from."""
    page = MADE + (
        "# Headline figures and their cells\n\n"
        "Every figure on the screen of a plan, and on the page that `report` writes, is a cell of one of the plan's "
        "tables. Here is which: open the file, "
        "find the row whose cells are as shown (a name in italics stands for the year, line, type or option asked "
        "about), and read the column. A name means one thing, on the screen, in the tables and in `summary.json`, but "
        "for a few words that [Set the plan against the money](../how-to/money.md) lists.\n\n"
        "Financial years are cash. Present values are in pounds of the first plan year. `today` is the base year; it "
        "stands beside every year of the plan, so read it in the first.\n\n"
    )
    rows = []
    for kind in (*KINDS_OF_FIGURES, *TABLE_KINDS):
        row = [f"{column} = {code(cell) if cell else 'blank'}" for column, cell in kind.where.items()]
        row += [f"{column} = *{column}*" for column in kind.by]
        columns = ", ".join(code(column) for column in kind.columns)
        rows.append((code(kind.name), kind.meaning, kind.unit, code(f"{kind.table}.csv"), "; ".join(row), columns))
    return page + table(("figure", "meaning", "unit", "file", "row", "column"), rows)


PAGES = {
    "command-line.md": commands_page,
    "tables.md": tables_page,
    "model-file.md": model_page,
    "mathematics.md": mathematics_page,
    "figures.md": figures_page,
}


def undocumented() -> list[str]:
    """What lacks a meaning: a column, a key, a section, a family, a command or one of its options."""
    specs = [
        spec
        for tables in (
            INPUTS,
            FORECAST_INPUTS,
            OWN_FILES,
            OUTPUTS,
            FORECAST_OUTPUTS,
            COMPARISONS,
            STUDIES,
            SWEEPS,
        )
        for spec in tables.values()
    ]
    missing = [f"table {spec.name}" for spec in specs if not spec.meaning]
    missing += [f"{spec.name}.{column.name}" for spec in specs for column in spec.columns if not column.meaning]
    missing += [
        f"{spec.name}.{column.name}: unit"
        for spec in (*INPUTS.values(), *FORECAST_INPUTS.values(), *OWN_FILES.values())
        for column in spec.columns
        if column.kind == "number" and not column.unit and column.name not in UNITLESS
    ]
    for path, section in sections():
        missing += [] if section.__doc__ else [f"section [{path}]"]
        missing += [
            f"{path}.{name}".lstrip(".")
            for name, field in section.model_fields.items()
            if not meaning(section, name) and section_of(field.annotation) is None
        ]
    missing += [
        f"family {name}: {field.name}"
        for name, one in (VARIABLES | CONSTRAINTS).items()
        for field in fields(one)
        if not getattr(one, field.name)
    ]
    for name, command in commands():
        missing += [] if command.help else [f"command {name}"]
        missing += [
            f"{name} {option.opts[0]}"
            for option in command.params
            if isinstance(option, click.Option) and not option.help
        ]
    return missing


UNITLESS = {"imd_decile", "match", "overfill", "smallest_fill"}
"""Shares and ranks: numbers without a unit."""


def meaning(section: type[BaseModel], name: str) -> str:
    """What a key means; the path of a table means that table."""
    if section is TablePaths:
        return (INPUTS | FORECAST_INPUTS)[name].meaning + "."
    return sentence(section.model_fields[name].description)


def differing() -> list[str]:
    """The pages that differ from what they describe."""
    wanted = {name: make() for name, make in PAGES.items()}
    there = {name: (FOLDER / name).read_text(encoding="utf-8") if (FOLDER / name).is_file() else "" for name in PAGES}
    return [name for name in PAGES if wanted[name] != there[name]]


def main(arguments: list[str]) -> int:
    """Write the pages, or check them."""
    if arguments == ["--check"]:
        faults = [f"docs/reference/{name} differs: run `python docs/make_reference.py`" for name in differing()]
        faults += [f"no meaning: {what}" for what in undocumented()]
        print("\n".join(faults) or "The reference pages say what the program does.")
        return int(bool(faults))
    FOLDER.mkdir(exist_ok=True)
    for name, make in PAGES.items():
        (FOLDER / name).write_text(make(), encoding="utf-8")
        print(f"docs/reference/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
