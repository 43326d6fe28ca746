"""Reading a model file: TOML into a `Model`, and every fault of it in a planner's words."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from sufficiency.model import Model
from sufficiency.model.tables import TablePaths
from sufficiency.problems import InputError, Problem, did_you_mean, share_for, unseen_sign, written


def read_model(path: str | Path) -> Model:
    """Read a model file. Raises InputError that lists everything wrong with it."""
    path = Path(path)
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise InputError([Problem("this is not an ordinary file", str(path), fix="name a model file on disk")])
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise InputError([Problem("there is no such model file", str(path), fix=_model_beside(path))]) from None
    except IsADirectoryError:
        raise InputError([Problem("this is a folder; name the model's .toml file in it", str(path))]) from None
    except UnicodeDecodeError:
        raise InputError([Problem("the file is not UTF-8 text", str(path), fix="save it as UTF-8")]) from None
    except tomllib.TOMLDecodeError as error:
        raise InputError([_toml_problem(path, error)]) from None
    except (RecursionError, ValueError):
        what = "a number in it is too long, or its brackets are too deep"
        raise InputError([Problem(what, str(path), fix="compare it with the example")]) from None
    return parse_model(document, path)


def parse_model(document: dict[str, Any], path: Path) -> Model:
    """Make a `Model` of a TOML document read from `path`. Raises InputError that lists every fault."""
    problems = [
        Problem(
            f"{_spelled(keys)}: it contains an invisible character ({sign})",
            str(path),
            _line_of(path, keys),
            fix="type it again",
        )
        for keys, sign in _unseen(document, [])
    ]
    tried = document
    taken: set[tuple[Any, ...]] = set()
    while True:
        try:
            model = Model.model_validate(tried)
            break
        except ValidationError as error:
            # values wrong in themselves are taken out, so that values that do not fit together are listed too
            faults = _one_of_several_forms(error.errors())
            details = [one for one in faults if not (one["type"] == "missing" and one["loc"] in taken)]
            taken |= {one["loc"] for one in details}
            problems += [problem for detail in details for problem in _field_problems(path, detail, document)]
            left = _without(tried, [detail["loc"] for detail in faults])
            if left == tried:  # nothing more can be taken out
                break
            tried = left
    if problems:
        raise InputError(list(dict.fromkeys(problems)))
    model._path = path
    model._raw = document
    return model


def _unseen(value: Any, keys: list[Any]) -> Iterator[tuple[list[Any], str]]:
    """Where a document has signs that are not seen, in keys and in texts, and the first of each."""
    if isinstance(value, dict):
        for key, inner in value.items():
            sign = unseen_sign(str(key))
            if sign:
                yield keys, sign
            else:
                yield from _unseen(inner, [*keys, key])
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _unseen(inner, [*keys, place])
    elif isinstance(value, str) and (sign := unseen_sign(value)):
        yield keys, sign


def _one_of_several_forms(details: list[Any]) -> list[Any]:
    """What is wrong, listed once where a value may take several forms: for the form that it has, a table or not."""
    by_place: dict[Any, Any] = {}
    for number, detail in enumerate(details):
        form = next((place for place, key in enumerate(detail["loc"]) if not _is_a_key(key)), None)
        if form is None:
            by_place[number] = detail
            continue
        table = detail["loc"][form].startswith("dict")
        is_table = table and detail["type"] != "dict_type"
        if is_table or not table:
            at = detail["loc"][:form]
            by_place[at if not table else (*at, number)] = detail
    deeper = {key[:-1] for key in by_place if isinstance(key, tuple) and key and isinstance(key[-1], int)}
    return [detail for key, detail in by_place.items() if key not in deeper]


_FILL_IN: dict[str, Any] = {"name": "?", "base_year": 2025, "years": [2026, 2026]}
"""What stands in for keys that must be there and are wrong, while the rest of a model file is looked at."""


def _without(document: dict[str, Any], places: list[tuple[Any, ...]]) -> dict[str, Any]:
    """`document` without the values at `places`; what must be there is filled in."""
    left: dict[str, Any] = deepcopy(document)
    for place in sorted(places, key=lambda place: [str(key).zfill(6) for key in place], reverse=True):
        inner: Any = left
        keys = [key for key in place if _is_a_key(key)]
        for number, key in enumerate(keys):
            if not (isinstance(inner, dict) and key in inner):
                break
            items = inner[key] if isinstance(inner[key], list) else None
            index = keys[number + 1] if items is not None and number + 1 < len(keys) else None
            if isinstance(index, int) and items is not None and index < len(items) and isinstance(items[index], dict):
                del items[index]
                break
            if items is not None or number + 1 == len(keys):
                del inner[key]
                break
            inner = inner[key]
    if any(place and place[0] in {"base_year", "years"} for place in places):
        left |= {key: _FILL_IN[key] for key in ("base_year", "years")}
    if any(place and place[0] == "tables" for place in places):
        tables = left.get("tables")
        named = tables if isinstance(tables, dict) else {}
        left["tables"] = {name: "?" for name, field in TablePaths.model_fields.items() if field.is_required()} | named
    return _FILL_IN | left if any(place == ("name",) for place in places) else left


def _is_a_key(key: Any) -> bool:
    """Whether a part of a place is a key of the file, not the name that pydantic gives to one of several forms."""
    return not (isinstance(key, str) and ("[" in key or key in {"float", "int", "literal"}))


def _model_beside(path: Path) -> str:
    folder = path.parent if path.parent.is_dir() else Path()
    return did_you_mean(path.name, [file.name for file in sorted(folder.glob("*.toml"))], "check the path")


_TOML_WORDS = {
    "Expected newline": "there is more on it than a key and its value",
    "Expected '=' after a key": "there is no = between a key and its value",
    "Invalid value": "the value after = is not a number, text in quotes, true, false or a list",
    "Unclosed": "a bracket is opened and not closed",
    "Unterminated string": "a quotation mark is opened and not closed",
    "Illegal character": "a quotation mark is opened and not closed, or there is an invisible character",
    "Invalid statement": "it is neither a [section], a key = value nor a # note",
    "Expected ']'": "the bracket of a section is not closed",
    "Invalid initial character": "a key is missing, or has signs that need quotes",
}
"""What the TOML reader finds, as a planner would say it."""


def _toml_problem(path: Path, error: tomllib.TOMLDecodeError) -> Problem:
    match = re.search(r"\(at line (\d+), column \d+\)", str(error))
    what = re.sub(r"\s*\(at .*\)$", "", str(error))
    why = next((words for sign, words in _TOML_WORDS.items() if sign in what), "")
    said = f"this line cannot be read{why and ': '}{why}"
    fix = 'write text in "quotes" and numbers without £ or commas'
    if re.search(r"Unescaped|[Ee]scape|hex value", what):
        fix = "write paths with / in place of \\"
    elif re.search(r"[Oo]verwrite|twice|more than once", what):
        said, fix = "this key or section is there already", "keep one of the two"
    return Problem(said, str(path), row=int(match[1]) if match else None, fix=fix)


_PLAIN_WORDS = {
    "bool_type": "must be true or false, without quotes",
    "bool_parsing": "must be true or false, without quotes",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "string_type": 'must be text in "quotes"',
    "list_type": "must be a list in [brackets]",
    "tuple_type": "must be a list in [brackets]",
    "dict_type": "must be a table: [section] or {{ key = value }}",
    "model_type": "must be a table: [section] or {{ key = value }}",
    "finite_number": "must be a number, not nan or inf",
    "int_from_float": "must be a whole number",
    "greater_than_equal": "must be {ge:,.15g} or more",
    "greater_than": "must be more than {gt:,.15g}",
    "less_than_equal": "must be {le:,.15g} or less",
    "less_than": "must be less than {lt:,.15g}",
    "too_short": "must not be empty",
    "string_too_short": "must not be empty",
    "literal_error": "must be {expected}",
    "missing": "must have two, the first and the last, as [2026, 2035]",
    "too_long": "must have two, the first and the last, as [2026, 2035]",
}
"""What pydantic finds, as a planner would say it."""


def _field_problems(path: Path, detail: Any, document: dict[str, Any]) -> list[Problem]:
    keys = _as_written([key for key in detail["loc"] if _is_a_key(key)], document)
    where = _spelled(keys)
    value = "" if isinstance(detail["input"], dict | list | tuple | bool) else written(detail["input"])
    row = _line_of(path, keys)
    if detail["type"] == "extra_forbidden":
        known = _known_keys(keys[:-1])
        fix = did_you_mean(str(keys[-1]), known)
        return [Problem(f"{where} is not a key of the model file", str(path), row, fix=fix)]
    if detail["type"] == "missing" and isinstance(keys[-1], str):
        return [Problem(f"{where} is missing", str(path), fix=f"add {where} to the model file")]
    if not keys:
        faults = detail["msg"].removeprefix("Value error, ").splitlines()
        return [Problem(fault, str(path)) for fault in faults]
    words = _PLAIN_WORDS.get(detail["type"])
    if detail["type"] == "missing":
        where = _spelled(keys[:-1])
    if isinstance(detail["input"], float) and math.isnan(detail["input"]):
        words = _PLAIN_WORDS["finite_number"]
    said = words.format(**detail.get("ctx", {})) if words else detail["msg"].removeprefix("Value error, ")
    shares = 1 in {detail.get("ctx", {}).get("le"), detail.get("ctx", {}).get("lt")}
    fix = share_for(float(detail["input"])) if shares else _number_meant(detail["input"])
    return [Problem(f"{where}: {fault}", str(path), row, value=value, fix=fix) for fault in said.splitlines()]


def _number_meant(given: Any) -> str:
    """What to write for `£9m` or `9,000,000` in quotes; nothing for anything else."""
    bare = given.replace(" ", "").replace(",", "").casefold() if isinstance(given, str) else ""
    match = re.fullmatch(r"£(\d+(?:\.\d+)?)(k|m)", bare) or re.fullmatch(r"£?(\d+(?:\.\d+)?)()", bare)
    times = {"k": 1e3, "m": 1e6, "": 1.0}
    return f"write {float(match[1]) * times[match[2]]:.15g}, without quotes" if match else ""


def _spelled(keys: list[Any]) -> str:
    """`rules.share 2.types`: keys with points between, items of a list counted from one."""
    return "".join(f" {key + 1}" if isinstance(key, int) else f".{key}" for key in keys).strip(". ")


def _as_written(keys: list[Any], document: Any) -> list[Any]:
    """The keys, without the position in a list where the file has a single section."""
    written = []
    for key in keys:
        if isinstance(key, int) and isinstance(document, dict):
            continue
        written.append(key)
        try:
            document = document[key]
        except (KeyError, IndexError, TypeError):
            document = None
    return written


def _known_keys(keys: list[Any]) -> list[str]:
    section: Any = Model
    for key in keys:
        if isinstance(section, type) and issubclass(section, BaseModel) and key in section.model_fields:
            section = _inner_model(section.model_fields[key].annotation)
    return list(section.model_fields) if isinstance(section, type) and issubclass(section, BaseModel) else []


def _inner_model(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        deeper = _inner_model(inner)
        if deeper is not None:
            return deeper
    return None


def _line_of(path: Path, keys: list[Any]) -> int | None:
    """The line of the file that sets the last named key, looked for from the line of the key it is in: good enough to
    open the editor at the right place.
    """
    if not any(isinstance(key, str) for key in keys) or not path.is_file():
        return None
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    lines = [line.split("#", 1)[0] for line in text.splitlines()]
    at = None
    for place, key in enumerate(keys):
        if isinstance(key, int):
            name = re.escape(".".join(str(part) for part in keys[:place]))
            listed = [number for number, line in enumerate(lines) if re.match(rf"\s*\[\[\s*{name}\s*\]\]", line)]
            at = listed[key] if key < len(listed) else at
            continue
        sets = re.compile(rf"(?:^|[\s{{.,]){re.escape(key)}\s*=|^\s*\[.*\b{re.escape(key)}\b.*\]")
        at = next((number for number in range(at or 0, len(lines)) if sets.search(lines[number])), at)
    return None if at is None else at + 1
