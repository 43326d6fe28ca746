"""A what-if written into the model file as a scenario: the text there stays as it is, the scenario goes under it."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import tomlkit

from sufficiency.api.asking import Session
from sufficiency.case import Case
from sufficiency.model_file import parse_model
from sufficiency.problems import InputError, Problem
from sufficiency.result.summary import input_hashes
from sufficiency.scenarios import faults_of
from sufficiency.serve.changes import Change, change_of
from sufficiency.serve.session_file import write_whole
from sufficiency.serve.steps import Steps

WHOLE = 1 - 1e-6
"""Share of an option that is all of it."""


def save_scenario(
    case: Case, inputs: Mapping[str, Any], steps: Steps, answer: Session, name: str, about: str = ""
) -> None:
    """Add the scenario `name` to the model file. What opens in the answer is decided in it, so that `plan` opens the
    same. Raises InputError where a file has changed since it was read (`inputs`), where the name is taken or cannot be
    a scenario's, and where what was written would not be read as it is meant; then the file stays as it was.
    """
    path = case.model.path
    content = path.read_bytes()
    _refuse_changed(case, inputs, content)
    text = content.decode("utf-8")
    before = tomllib.loads(text.removeprefix("\ufeff"))
    if name in before.get("scenarios", {}):
        raise InputError(
            [Problem("there is a scenario of this name already", path.name, value=name, fix="choose another")]
        )
    wanted = scenario_document(case, steps, answer, about)
    ending = "\r\n" if "\r\n" in text else "\n"
    block = "\n".join(scenario_lines(name, wanted)).replace("\n", ending)
    whole = f"{text.rstrip()}{ending}{ending}{block}{ending}"
    _refuse_misread(case, whole, {**before, "scenarios": {**before.get("scenarios", {}), name: wanted}}, name)
    write_whole(path.resolve(), whole.encode("utf-8"), like=path)


def _refuse_changed(case: Case, inputs: Mapping[str, Any], content: bytes) -> None:
    now = input_hashes(case)
    now["model"] = {**now.get("model", {}), "sha256": hashlib.sha256(content).hexdigest()}
    changed = [name for name, known in inputs.items() if now.get(name) != known]
    if changed:
        fix = "nothing was written: note what you tried, stop explore and start it again; the session is restored"
        what = "this file has changed since explore read it"
        raise InputError([Problem(what, str(inputs[name]["file"]), fix=fix) for name in changed])


def _refuse_misread(case: Case, text: str, meant: dict[str, Any], name: str) -> None:
    path = Path(case.model.path)
    try:
        document = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError:
        what = "a section cannot be added under this file: it writes its scenarios in another form"
        raise InputError([Problem(what, path.name, fix="write each as a section, as [scenarios.name]")]) from None
    if document != meant:
        raise InputError([Problem("what would be written reads differently from what is meant", path.name)])
    errors = [one for one in faults_of(parse_model(document, path), case.tables, name) if one.severity == "error"]
    if errors:
        raise InputError(errors)


def scenario_document(case: Case, steps: Steps, answer: Session, about: str) -> dict[str, Any]:
    """The scenario as the model file is to hold it."""
    change = change_of(steps, case)
    _decide_openings(change, case, answer)
    fairness = answer.case.model.rules.fairness
    if fairness is not None and case.model.rules.fairness is not None and case.model.rules.fairness.kappa is None:
        change.set("rules", "fairness", value={"kappa": fairness.kappa})
    document = _plain(change.document)
    return {"about": about, **document} if about else document


def _decide_openings(change: Change, case: Case, answer: Session) -> None:
    """Have each option open when it does in the answer, and leave out those that do not. Those that open in part stay
    to be chosen: a model file cannot say it.
    """
    options = answer.case.tables.options
    if options is None:
        return
    decided = {
        name: parts[0].year
        for name, parts in answer.openings.items()
        if len(parts) == 1 and parts[0].part >= WHOLE and name not in case.model.rules.committed
    }
    if decided:
        change.set("rules", "committed", value=decided)
    closed = [name for name in dict.fromkeys(options["option"].astype(str)) if name not in answer.openings]
    if closed:
        change.put("remove", {"table": "options", "where": {"option": closed}})


def opens_in_part(answer: Session) -> list[str]:
    """Options that open in part, which a saved scenario leaves to be chosen."""
    return [name for name, parts in answer.openings.items() if len(parts) > 1 or parts[0].part < WHOLE]


def _plain(value: Any) -> Any:
    """As TOML holds it: keys are text, tuples are lists."""
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def scenario_lines(name: str, document: dict[str, Any]) -> Iterator[str]:
    """The section of a scenario, a change a line."""
    yield f"[scenarios.{_key(name)}]"
    for key, value in document.items():
        if key == "set":
            for section, inner in value.items():
                yield from (f"set.{_key(section)}.{_key(one)} = {_value(held)}" for one, held in inner.items())
        elif isinstance(value, list):
            yield f"{key} = ["
            yield from (f"    {_value(row)}," for row in value)
            yield "]"
        else:
            yield f"{_key(key)} = {_value(value)}"


def _key(name: str) -> str:
    return (
        tomlkit.key(name).as_string()
        if name.replace("-", "").replace("_", "").isalnum() and name.isascii()
        else (tomlkit.string(name).as_string())
    )


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(key)} = {_value(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_value(inner) for inner in value) + "]"
    return str(tomlkit.item(value).as_string())
