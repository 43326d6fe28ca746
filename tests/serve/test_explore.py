"""A sitting as a page has it: changes, undo, snapshots, saving, restoring; and the same plan when it is planned."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

pytest.importorskip("uvicorn")
pytest.importorskip("starlette")
pytest.importorskip("tomlkit")

from sufficiency.api import read
from sufficiency.api.solving import solve_case
from sufficiency.problems import InputError
from sufficiency.serve.changes import change_of
from sufficiency.serve.estimate import least_of_places, most_of_fee
from sufficiency.serve.steps import read_step

from .sitting import MORE, Served, toy_desk

FEES = {"kind": "fee", "type": "independent", "percent": 10}


def model_file(served: Served) -> Path:
    return served.desk.case.model.path


def test_a_sitting_from_the_first_change_to_the_saved_scenario(served: Served) -> None:
    """Two changes, a snapshot, undo and redo, saved: what is planned then costs what the page showed."""
    before = model_file(served).read_bytes()
    state = served.settled()
    assert state["status"]["words"] == "Certified plan of the model: the plan at hand"
    served.do("change", step=MORE)
    state = served.do("change", step=FEES)
    assert state["status"]["kind"] in ("working", "estimate")
    assert state["steps"] == [
        "Sands School: 40 places from 2026/27",
        "Independent special school: a child costs 10% more",
    ]
    assert served.settled()["answered"]
    answer = served.desk.planner.answer(served.desk.sitting.steps)
    assert answer is not None
    html = served.get("answer")["html"]
    assert "Sands School: 40 places from 2026/27" in html
    served.do("keep", name="  forty   and fees ")
    assert served.do("undo")["steps"] == ["Sands School: 40 places from 2026/27"]
    assert served.do("undo")["steps"] == []
    assert len(served.do("redo")["steps"]) == 1
    assert len(served.do("redo")["steps"]) == 2
    assert not served.get("state")["can"]["redo"]
    assert "forty and fees" in served.get("state")["asked"]
    assert served.settled()["answered"]
    assert model_file(served).read_bytes() == before
    served.do("save", name="forty-and-fees", about='A “hostile” name = "x"\n[scenarios.y]')
    text = model_file(served).read_bytes()
    assert text.startswith(before.rstrip())
    assert tomllib.loads(text.decode())["scenarios"]["forty-and-fees"]["about"].endswith("\n[scenarios.y]")
    planned = solve_case(read(model_file(served), "forty-and-fees"), appraise=False)
    assert planned.plan.objective == pytest.approx(answer.session.plan.objective, rel=1e-9)
    assert planned.plan.money == pytest.approx(answer.session.plan.money, rel=1e-6)


def test_the_same_name_or_a_changed_file_is_refused_and_the_file_left(served: Served) -> None:
    served.settled()
    served.do("change", step={**MORE, "places": 38})
    served.settled()
    before = model_file(served).read_bytes()
    for name, words in (("late", "there is a scenario of this name already"), ("a b", "use letters"), ("base", "base")):
        status, answer = served.post("save", name=name)
        assert status == 422
        assert words in answer["problems"][0]
        assert model_file(served).read_bytes() == before
    model_file(served).write_bytes(before + b"\n# somebody else was here\n")
    status, answer = served.post("save", name="fine")
    assert status == 422
    assert "toy.toml: this file has changed since explore read it" in answer["problems"][0]
    assert model_file(served).read_bytes() == before + b"\n# somebody else was here\n"
    model_file(served).write_bytes(before)
    places = model_file(served).with_name("places.csv")
    table = places.read_bytes()
    places.write_bytes(table + b"\n")
    assert "places.csv: this file has changed" in served.post("save", name="fine")[1]["problems"][0]
    places.write_bytes(table)


def test_a_second_page_that_has_not_seen_the_last_change_is_told(served: Served) -> None:
    status, answer = served.post("undo", revision=served.desk.sitting.revision - 1)
    assert status == 409
    assert "another page" in answer["problems"][0]


def test_a_change_that_the_model_does_not_have_is_said_and_nothing_breaks(served: Served) -> None:
    served.settled()
    served.do("change", step={**MORE, "line": "ZZ"})
    state = served.settled()
    assert state["status"]["kind"] == "failed"
    assert "there is no such line of places" in state["status"]["problems"][0]
    served.do("undo")
    assert served.settled()["status"]["kind"] == "certified"


def test_a_meeting_sees_no_names_of_schools_and_no_small_numbers(served: Served) -> None:
    served.do("clear")
    served.do("change", step=MORE)
    served.settled()
    served.do("meeting", on=True)
    try:
        shown = json.dumps([served.get(what) for what in ("state", "answer", "pictures")])
        for name in ("Sands School", "Quay Primary", "Hill Academy", "The Link"):
            assert name not in shown
        assert "Special school 1" in shown
        assert "fewer than 5" in served.get("answer")["html"]
        assert ">4</td>" not in served.get("answer")["html"].replace("+4</td>", "")
    finally:
        served.do("meeting", on=False)
    assert "Sands School" in json.dumps(served.get("state"))


def test_a_newer_change_takes_the_place_of_one_that_is_being_planned(served: Served) -> None:
    served.do("clear")
    for places in (41, 42, 43):
        served.do("change", step={**MORE, "places": places})
    state = served.settled()
    assert state["steps"] == ["Sands School: 43 places from 2026/27"]
    answer = served.desk.planner.answer(served.desk.sitting.steps)
    assert answer is not None
    places_table = answer.session.case.tables.places
    assert places_table.loc[places_table["line"] == "SP", "places"].max() == 43


def test_progress_comes_as_lines_of_json(served: Served) -> None:
    import http.client

    line = http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)
    line.request("GET", "/api/progress", headers={"X-Sufficiency-Token": served.token})
    answer = line.getresponse()
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    first = json.loads(answer.readline())
    assert first["version"] == served.desk.planner.version
    served.do("meeting", on=False)
    assert json.loads(answer.readline())["version"] > first["version"]
    line.close()


def test_a_crash_loses_nothing(served: Served) -> None:
    """What a server that is started again reads is what was done: history, what-ifs with their figures, snapshots."""
    folder = served.desk.file.parents[2]
    again = toy_desk(folder)
    there, back = served.desk.sitting.document(), again.sitting.document()
    assert again.model_changed is False
    assert back == there
    assert any(one["figures"] for one in back["asked"])
    assert not list(served.desk.file.parent.glob(".*.part"))


def test_a_session_file_of_something_else_is_refused_and_left(tmp_path: Path) -> None:
    file = tmp_path / "results" / "toy" / "explore.json"
    file.parent.mkdir(parents=True)
    for text in ("", "{}", "[1]", '{"sufficiency_explore": 1, "inputs": {}, "history": "x"}', "[" * 99_999):
        file.write_text(text)
        with pytest.raises(InputError, match="no session file that this version can restore"):
            toy_desk(tmp_path)
        assert file.read_text() == text


def test_an_estimate_is_a_bound_that_the_certified_plan_keeps(served: Served) -> None:
    """Four places more cost no less than the prices say; a fee of ten per cent more costs no more than its rise."""
    base = served.desk.planner.base
    assert base is not None
    places, fee = read_step(MORE), read_step(FEES)
    least, most = least_of_places(base, places), most_of_fee(base, fee)
    before = base.session.plan.objective
    more = base.session.what_if(change_of([places], served.desk.case).document).plan.objective - before
    dearer = base.session.what_if(change_of([fee], served.desk.case).document).plan.objective - before
    assert least is not None
    assert most is not None
    assert least < more + 1e-6
    assert 0 < dearer < most + 1e-6
    assert least_of_places(base, read_step({**MORE, "places": 30})) is None
    assert most_of_fee(base, read_step({**FEES, "percent": -10})) is None
