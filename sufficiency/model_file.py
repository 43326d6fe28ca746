"""Reading a model file: TOML into a `Model`, and every fault of it in a planner's words."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from sufficiency.model import Model
from sufficiency.problems import InputError, Problem, did_you_mean


def read_model(path: str | Path) -> Model:
    """Read a model file. Raises InputError that lists everything wrong with it."""
    path = Path(path)
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise InputError([Problem("there is no such model file", str(path), mend=_model_beside(path))]) from None
    except IsADirectoryError:
        raise InputError([Problem("this is a folder; name the model's .toml file in it", str(path))]) from None
    except UnicodeDecodeError:
        raise InputError([Problem("the file is not UTF-8 text", str(path), mend="save it as UTF-8")]) from None
    except tomllib.TOMLDecodeError as error:
        raise InputError([_toml_problem(path, error)]) from None
    except (RecursionError, ValueError):
        what = "a number in it is too long, or its brackets are too deep"
        raise InputError([Problem(what, str(path), mend="compare it with the example")]) from None
    return parse_model(document, path)


def parse_model(document: dict[str, Any], path: Path) -> Model:
    """Make a `Model` of a TOML document read from `path`. Raises InputError that lists every fault."""
    try:
        model = Model.model_validate(document)
    except ValidationError as error:
        raise InputError([_field_problem(path, detail, document) for detail in error.errors()]) from None
    model._path = path
    model._raw = document
    return model


def _model_beside(path: Path) -> str:
    folder = path.parent if path.parent.is_dir() else Path()
    return did_you_mean(path.name, [file.name for file in sorted(folder.glob("*.toml"))], "check the path")


def _toml_problem(path: Path, error: tomllib.TOMLDecodeError) -> Problem:
    found = re.search(r"\(at line (\d+), column \d+\)", str(error))
    what = re.sub(r"\s*\(at .*\)$", "", str(error))
    return Problem(
        f"this line is not TOML: {what}",
        str(path),
        row=int(found[1]) if found else None,
        mend='write text in "quotes" and numbers without £ or commas',
    )


def _field_problem(path: Path, detail: Any, document: dict[str, Any]) -> Problem:
    keys = [key for key in detail["loc"] if not (isinstance(key, str) and ("[" in key or key in {"float", "literal"}))]
    keys = _as_written(keys, document)
    where = ".".join(str(key) for key in keys)
    value = "" if isinstance(detail["input"], dict | list) else str(detail["input"])
    row = _line_of(path, keys)
    if detail["type"] == "extra_forbidden":
        known = _known_keys(keys[:-1])
        return Problem(
            f"{where} is not a key of the model file", str(path), row, mend=did_you_mean(str(keys[-1]), known)
        )
    if detail["type"] == "missing":
        return Problem(f"{where} is missing", str(path), mend=f"add {where} to the model file")
    message = detail["msg"].removeprefix("Value error, ")
    return Problem(f"{where}: {message}" if where else message, str(path), row, value=value)


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
        found = _inner_model(inner)
        if found is not None:
            return found
    return None


def _line_of(path: Path, keys: list[Any]) -> int | None:
    """The first line of the file that sets the last named key: good enough to open the editor at the right place."""
    named = [key for key in keys if isinstance(key, str)]
    if not named or not path.is_file():
        return None
    pattern = re.compile(rf"(?:^|[\s{{.,]){re.escape(named[-1])}\s*=|^\s*\[.*\b{re.escape(named[-1])}\b.*\]")
    for number, line in enumerate(path.read_text(encoding="utf-8-sig", errors="replace").splitlines(), 1):
        if pattern.search(line.split("#", 1)[0]):
            return number
    return None
