"""The command line: how every run ends, and what goes to which stream."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from sufficiency import api
from sufficiency.cli import main
from sufficiency.commands.map import MAP_FORMATS, MAP_KINDS
from sufficiency.commands.report import AGES, REPORT_FORMS
from sufficiency.commands.warned import MOST_WARNINGS
from sufficiency.problems import CertificateError, InputError, Problem
from sufficiency.terminal import _line_a_step, counted, harmless
from tests.tiny import tiny

TOY = Path(__file__).parent / "toy" / "toy.toml"
ROOT = Path(__file__).parent.parent
HEAVY = ("pandas", "geopandas", "pulp", "highspy", "matplotlib", "pydantic", "rich", "openpyxl", "xlsxwriter", "numpy")
HEAVY += ("jinja2",)
COMMANDS = ("check", "forecast", "plan", "compare", "map", "report", "frontier", "worth", "sweep", "new", "deidentify")
COMMANDS += ("join", "explore")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def planned_result(status: str, **more: Any) -> Any:
    return SimpleNamespace(summary={"status": status, **more})


def planned(status: str = "optimal", warnings: tuple[Problem, ...] = (), **more: Any) -> Any:
    """A stand-in for `plan_to_folder`, so that a test of the screen need not solve."""

    def plan_to_folder(*args: Any, progress: Any, warn: Any, **named: Any) -> tuple[Any, Path]:
        progress("Solve", "first")
        progress("Solve", "second")
        progress("Save", "results")
        warn(warnings)
        return planned_result(status, **more), Path("results/toy/base")

    return plan_to_folder


@pytest.fixture
def screened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "screen", lambda result, detail=False: f"the screen{' in detail' if detail else ''}\n")


# ---- how a run ends


def test_plan_saves_and_says_where(here: Path) -> None:
    done = run("plan", TOY, "--direct", "--parquet")
    assert done.exit_code == 0
    assert "Results in results/toy/base (open plan.gpkg in QGIS, the CSV files in Excel)" in done.stdout.replace(
        "\\", "/"
    )
    assert (here / "results/toy/base/summary.json").is_file()
    assert list((here / "results/toy/base").glob("*.parquet"))


def test_check_of_good_tables_shows_the_picture() -> None:
    done = run("check", TOY)
    assert done.exit_code == 0
    assert "FICTIONAL DATA: nobody lives here." in done.stdout
    assert "Read: " in done.stderr


@pytest.mark.parametrize(
    ("severity", "strict", "status"), [("error", False, 2), ("warning", False, 0), ("warning", True, 2)]
)
def test_check_ends_by_the_worst_problem(
    monkeypatch: pytest.MonkeyPatch, severity: Any, strict: bool, status: int
) -> None:
    problems = [Problem("is odd", "a.csv", 3, severity=severity)]
    monkeypatch.setattr(api, "inspect", lambda *args: (problems, "the picture"))
    done = run("check", "m.toml", *(["--strict"] if strict else []))
    assert done.exit_code == status
    assert f"{severity}: a.csv, row 3: is odd" in done.stderr
    assert f"1 {severity}\n" in done.stderr


@pytest.mark.usefixtures("screened")
def test_a_plan_stopped_early_is_3(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "plan_to_folder", planned("stopped"))
    done = run("plan", "m.toml")
    assert done.exit_code == 3
    assert "Results in" in done.stdout


def raising(error: BaseException) -> Any:
    def raises(*args: Any, **named: Any) -> Any:
        raise error

    return raises


def test_a_failed_certificate_is_4(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "plan_to_folder", raising(CertificateError("dual feasibility: 0.3")))
    done = run("plan", "m.toml", "--json")
    assert done.exit_code == 4
    assert done.stdout == ""
    assert "nothing was saved" in done.stderr
    assert "dual feasibility: 0.3" in done.stderr


def test_interrupted_is_130(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "plan_to_folder", raising(KeyboardInterrupt()))
    done = run("plan", "m.toml")
    assert done.exit_code == 130
    assert "stopped; nothing was saved" in done.stderr


def test_a_bug_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "plan_to_folder", raising(ZeroDivisionError("bug")))
    done = run("plan", "m.toml")
    assert done.exit_code == 1
    assert isinstance(done.exception, ZeroDivisionError)


def test_a_file_that_cannot_be_opened_is_bad_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "inspect", raising(PermissionError(13, "Permission denied", "demand.csv")))
    done = run("check", "m.toml")
    assert done.exit_code == 2
    assert "error: demand.csv: Permission denied" in done.stderr


BAD_CALLS = [
    [],
    ["plna", "m.toml"],
    ["plan"],
    ["plan", "absent.toml"],
    ["plan", "."],
    ["plan", ""],
    ["plan", "text.toml"],
    ["plan", "latin.toml"],
    ["plan", "incomplete.toml"],
    ["plan", "unknown-key.toml"],
    ["plan", "no-tables.toml"],
    ["plan", "text.toml/inside.toml"],
    ["plan", "x" * 3000 + ".toml"],
    ["plan", str(TOY), "--scenario", "lat"],
    ["plan", str(TOY), "--scenario", "../../up"],
    ["plan", str(TOY), "-o", "full"],
    ["plan", str(TOY), "-o", "text.toml"],
    ["plan", str(TOY), "-o"],
    ["plan", str(TOY), "--quite"],
    ["plan", str(TOY), "another.toml"],
    ["check", str(TOY), "--json=3"],
    ["map", str(TOY), "--kind", "gpa"],
    ["map", str(TOY), "--format", "pgn"],
    ["map", str(TOY), "--year", "twenty"],
    ["map", str(TOY), "--year", "-1"],
    ["map", "absent.toml"],
    ["report", "absent.toml"],
    ["report", str(TOY), "lat"],
    ["report", str(TOY), "--only", "pages"],
    ["report", str(TOY), "-o", "full"],
    ["worth", "absent.toml"],
    ["worth", str(TOY), "--scenario", "lat"],
    ["worth", str(TOY), "-o", "full"],
    ["new"],
    ["new", "full"],
    ["new", "text.toml"],
    ["new", "fresh", "--template", "cvs"],
    ["new", "fresh", "--template", "csv,xlsx"],
    ["new", "text.toml/inside"],
]


@pytest.mark.parametrize("words", BAD_CALLS, ids=lambda words: " ".join(words)[:40] or "nothing")
def test_a_bad_call_is_2_and_never_a_traceback(here: Path, words: list[str]) -> None:
    (here / "text.toml").write_text("this is no TOML")
    (here / "latin.toml").write_bytes(b'name = "Caf\xe9"')
    (here / "incomplete.toml").write_text('name = "x"\n')
    (here / "unknown-key.toml").write_text(TOY.read_text(encoding="utf-8") + "\n[travle]\n")
    (here / "no-tables.toml").write_text(TOY.read_text(encoding="utf-8"))
    (here / "full").mkdir()
    (here / "full" / "mine.txt").write_text("mine")
    before = {file: file.read_bytes() for file in here.rglob("*") if file.is_file()}
    done = run(*words)
    assert done.exit_code == 2, done.output
    assert isinstance(done.exception, SystemExit)
    assert "Traceback" not in done.output
    assert done.stderr
    assert {file: file.read_bytes() for file in here.rglob("*") if file.is_file()} == before


@pytest.mark.parametrize(
    ("words", "near"),
    [
        (["plna", "m.toml"], "“plan”"),
        (["plan", "m.toml", "--scenaro", "x"], "“--scenario”"),
        (["map", "m.toml", "--kind", "jurneys"], "“journeys”"),
        (["report", "m.toml", "--only", "pagge"], "“page”"),
        (["report", str(TOY), "lat"], "“late”"),
        (["new", "d", "--template", "cvs"], "“csv”"),
        (["plan", str(TOY), "--scenario", "lat"], "“late”"),
    ],
)
def test_the_nearest_name_is_suggested(here: Path, words: list[str], near: str) -> None:
    assert f"did you mean {near}?" in run(*words).stderr


# ---- streams


def test_plan_json_is_one_document(here: Path) -> None:
    done = run("plan", TOY, "--json")
    document = json.loads(done.stdout)
    assert done.exit_code == 0
    assert document["status"] == "optimal"
    assert Path(document["folder"]) == Path("results/toy/base")
    assert "Solve" in done.stderr


def test_json_has_no_number_that_json_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "plan_to_folder", planned(bound=float("inf"), parts=(1.5, float("nan"))))
    document = json.loads(run("plan", "m.toml", "--json").stdout, parse_constant=pytest.fail)
    assert document["bound"] is None
    assert document["parts"] == [1.5, None]


def test_worth_json_is_one_document(here: Path) -> None:
    done = run("worth", TOY, "--json", "--quiet")
    document = json.loads(done.stdout)
    assert done.exit_code == 0
    assert document["missing"] == []
    assert document["fictional"] is True
    assert Path(document["files"][0]) == Path("results/toy/base.worth/worth.csv")
    assert Path(document["files"][0]).exists()
    assert [row["setting"] for row in document["settings"]][:1] == ["100003"]
    assert document["settings"][0]["more"] > document["settings"][1]["more"] > 0
    assert done.stderr == ""


def test_check_json_names_every_part_of_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    problems = [Problem("w", severity="warning"), Problem("is odd", "a.csv", 3, "need", "XX", "fix it", count=4)]
    monkeypatch.setattr(api, "inspect", lambda *args: (problems, None))
    done = run("check", "m.toml", "--json")
    document = json.loads(done.stdout)
    assert done.exit_code == 2
    assert document["ok"] is False
    assert document["problems"][0] == {
        "file": "a.csv",
        "row": 3,
        "column": "need",
        "value": "XX",
        "what": "is odd",
        "fix": "fix it",
        "severity": "error",
        "count": 4,
        "also": [],
    }


@pytest.mark.parametrize("words", [["plan", "absent.toml"], ["plan", "m.toml", "--wrong"], ["map", "m", "--kind", "x"]])
def test_json_of_a_refusal_is_its_problems(here: Path, words: list[str]) -> None:
    done = run(*words, "--json")
    assert done.exit_code == 2
    assert list(json.loads(done.stdout)) == ["problems"]


def test_map_json_and_words(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}

    def maps_to_folder(*args: Any, **named: Any) -> api.MapsDrawn:
        asked.update(named)
        return api.MapsDrawn([Path("maps/gap_2026.png")], planned_result("optimal"), True)

    monkeypatch.setattr(api, "maps_to_folder", maps_to_folder)
    document = json.loads(run("map", "m.toml", "--json").stdout)
    assert document == {
        "fictional": False,
        "illustrative": False,
        "data": "",
        "files": [str(Path("maps/gap_2026.png"))],
        "planned": True,
    }
    assert (asked["kinds"], asked["years"], asked["needs"]) == (MAP_KINDS, None, None)
    done = run("map", "m.toml", "--year", "2026,2030", "--year", "2035", "--need", "ASD", "--kind", "Place value")
    assert "the plan was made first" in done.stdout
    assert (asked["kinds"], asked["years"], asked["needs"]) == (["place_value"], [2026, 2030, 2035], ["ASD"])


def test_map_draws_from_the_result_there_is(here: Path) -> None:
    first = json.loads(run("map", TOY, "--kind", "gap", "--format", "png", "--json").stdout)
    again = json.loads(run("map", TOY, "--kind", "gap", "--format", "png", "--json").stdout)
    assert first["planned"]
    assert not again["planned"]
    assert all(Path(file).is_file() for file in again["files"])


def test_report_json_and_words(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}

    def report_to_folder(model: Path, scenarios: tuple[str, ...], folder: Any, **named: Any) -> api.ReportMade:
        asked.update(named, scenarios=scenarios, folder=folder)
        return api.ReportMade([Path("report/page.html")], planned_result("stopped"), ("base", "late"))

    monkeypatch.setattr(api, "report_to_folder", report_to_folder)
    done = run("report", "m.toml", "late", "-o", "there", "--only", "Page", "--json")
    assert done.exit_code == 3
    document = json.loads(done.stdout)
    assert document == {
        **dict.fromkeys(("fictional", "illustrative", "data")),
        "files": [str(Path("report/page.html"))],
        "planned": ["base", "late"],
        "left_out": [],
    }
    assert (asked["scenarios"], asked["folder"], asked["only"]) == (("late",), Path("there"), ["page"])
    assert "the plan was made first: base, late" in run("report", "m.toml").stdout
    assert asked["only"] is None


@pytest.mark.usefixtures("screened")
def test_quiet_says_nothing_but_the_result(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "plan_to_folder", planned(warnings=(Problem("w", severity="warning"),)))
    done = run("plan", "m.toml", "--quiet")
    assert done.stderr == ""
    assert done.stdout.startswith("the screen\n")


@pytest.mark.usefixtures("screened")
def test_progress_away_from_a_terminal_says_where_a_step_begins_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "plan_to_folder", planned())
    assert run("plan", "m.toml").stderr == "Solve: first\nSolve: second\nSave: results\n"


def test_a_long_step_is_heard_of_every_few_seconds(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = iter([0.0, 1.0, 11.0, 12.0, 13.0])
    monkeypatch.setattr("sufficiency.terminal.time.monotonic", lambda: next(clock))
    print_step = _line_a_step()
    for step, detail in (("Solve", "1"), ("Solve", "2"), ("Solve", "3"), ("Solve", "4"), ("Save", "")):
        print_step(step, detail)
    assert capsys.readouterr().err.split("\n") == ["Solve: 1", "Solve: 3", "Solve: 4", "Save", ""]


def warned(monkeypatch: pytest.MonkeyPatch, *warnings: Problem) -> list[str]:
    monkeypatch.setattr(api, "plan_to_folder", planned(warnings=warnings))
    lines = run("plan", "m.toml", "--scenario", "late").stderr.splitlines()
    return lines[lines.index("Save: results") + 1 :]


@pytest.mark.usefixtures("screened")
def test_hundreds_of_warnings_are_four_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first of each file and column, three at most, and a count: 300 of one file, 2 of another, 1 of none."""
    lines = warned(
        monkeypatch,
        *(Problem(f"line {row} is odd", "places.csv", row, "places", severity="warning") for row in range(2, 302)),
        *(Problem(f"w{column}", "settings.csv", 2, column, severity="warning") for column in ("opens", "closes")),
        Problem("the years are few", severity="warning"),
    )
    assert lines == [
        "warning: places.csv, row 2, column places: line 2 is odd",
        "warning: settings.csv, row 2, column opens: wopens",
        "warning: settings.csv, row 2, column closes: wcloses",
        "303 warnings (places.csv 300, settings.csv 2, the model 1); all: sufficiency check m.toml --scenario late",
    ]


@pytest.mark.usefixtures("screened")
def test_like_warnings_are_one_line_and_a_few_are_all_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    many = [Problem("is odd", "a.csv", row, "places", f"v{row}", severity="warning") for row in range(2, 402)]
    (line,) = warned(monkeypatch, *many)
    assert "(and 399 more rows like it)" in line
    two = (Problem("is odd", "a.csv", row, "places", severity="warning") for row in (2, 3))
    assert len(warned(monkeypatch, *two)) == 2
    assert MOST_WARNINGS == 3


@pytest.mark.usefixtures("screened")
def test_detail_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "plan_to_folder", planned())
    assert run("plan", "m.toml", "--detail").stdout.startswith("the screen in detail\n")


def test_errors_come_before_warnings(monkeypatch: pytest.MonkeyPatch) -> None:
    problems = [Problem("w", severity="warning"), Problem("e1"), Problem("e2")]
    monkeypatch.setattr(api, "plan_to_folder", raising(InputError(problems)))
    lines = run("plan", "m.toml").stderr.splitlines()
    assert lines == ["error: e1", "error: e2", "warning: w", "2 errors, 1 warning"]
    assert counted([]) == ""


@pytest.mark.parametrize("evil", ["\x1b[2J", "\x07", "\r", "\n", "\u202e", "\x9b31m", "\ud800", "\u2028"])
def test_nothing_in_a_file_can_command_the_terminal(monkeypatch: pytest.MonkeyPatch, evil: str) -> None:
    assert not any(ch in harmless(f"a{evil}b") for ch in "\x1b\x07\r\n\u202e\x9b\ud800\u2028")
    monkeypatch.setattr(api, "inspect", lambda *args: ([Problem(f"a{evil}b", f"f{evil}.csv")], f"p{evil}q"))
    done = run("check", "m.toml", "--quiet")
    assert len(done.stderr.splitlines()) == 2
    if evil != "\n":
        assert evil not in done.output


def test_names_with_accents_and_thin_spaces_stay() -> None:
    assert harmless("Ysgol y Bryn, Caffi Ŵyn £5\u00a0m → ½") == "Ysgol y Bryn, Caffi Ŵyn £5\u00a0m → ½"


@pytest.mark.parametrize("encoding", ["ascii", pytest.param("cp1252", marks=pytest.mark.slow)])
def test_a_terminal_without_these_letters_is_no_bug(encoding: str) -> None:
    done = sufficiency("check", str(TOY), environment={"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"})
    assert done.returncode == 0, done.stderr
    assert b"Toy" in done.stdout


# ---- help


def sufficiency(*words: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[bytes]:
    import os

    command = [sys.executable, "-m", "sufficiency", *words]
    return subprocess.run(
        command, capture_output=True, cwd=ROOT, env={**os.environ, **(environment or {})}, check=False
    )


@pytest.mark.parametrize(
    "words", [["--help"], ["--version"], *([command, "--help"] for command in COMMANDS)], ids=" ".join
)
def test_help_imports_nothing_heavy(words: list[str]) -> None:
    script = (
        "import sys\n"
        "from sufficiency.cli import main\n"
        "try:\n"
        f"    main({words!r})\n"
        "except SystemExit as end:\n"
        "    assert not end.code, end.code\n"
        f"print(*[name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr.strip() == ""


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_an_example_that_is_a_right_call(command: str) -> None:
    text = run(command, "--help").stdout
    examples = [line.split()[1:] for line in text.splitlines() if line.startswith("    sufficiency ")]
    assert examples
    assert isinstance(main, click.Group)
    for words in examples:
        main.commands[words[0]].make_context(words[0], words[1:])


def test_kinds_and_formats_of_maps_are_those_that_are_drawn() -> None:
    from sufficiency.report.maps import draw

    assert tuple(draw.KINDS) == MAP_KINDS
    assert tuple(draw.FORMATS) == MAP_FORMATS


def test_forms_of_a_report_and_ages_of_returns_are_those_that_are_made() -> None:
    from sufficiency.api.report_forms import FORMS
    from sufficiency.report.content.returns import AGES as MADE

    assert tuple(FORMS) == REPORT_FORMS
    assert MADE == AGES


@pytest.mark.parametrize("words", [["--only", "page,returns"], ["--age", "start"]])
def test_no_returns_are_published(words: list[str]) -> None:
    done = run("report", "model.toml", "--publish", *words)
    assert done.exit_code == 2
    assert "--publish writes no returns" in done.stderr


def test_both_doors_lead_to_the_same_command() -> None:
    by_module = sufficiency("--version")
    by_file = subprocess.run([sys.executable, "cli.py", "--version"], capture_output=True, cwd=ROOT, check=False)
    assert by_module.returncode == by_file.returncode == 0
    assert by_module.stdout.startswith(b"sufficiency ")


def test_new_says_what_to_do_next(here: Path) -> None:
    done = run("new", "my plan")
    assert done.exit_code == 0
    assert "sufficiency plan" in done.stdout
    assert (here / "my plan" / "models" / "saltmere.toml").is_file()


# ---- streams and disks that take no more


def command(*words: str | Path, **streams: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "sufficiency", *map(str, words)], timeout=300, **streams)


needs_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")


@needs_full
def test_a_full_standard_output_is_reported_and_the_result_is_whole(here: Path) -> None:
    with open("/dev/full", "w") as full:  # noqa: PTH123
        ended = command("plan", tiny(here), "-o", "r", "--quiet", stdout=full, stderr=subprocess.PIPE)
    assert ended.returncode == 2
    assert b"cannot be written" in ended.stderr
    assert b"Traceback" not in ended.stderr
    assert (here / "r" / "summary.json").is_file()


@needs_full
def test_a_full_standard_error_stops_nothing(here: Path) -> None:
    with open("/dev/full", "w") as full:  # noqa: PTH123
        ended = command("plan", tiny(here), "-o", "r", stdout=subprocess.PIPE, stderr=full)
    assert ended.returncode == 0
    assert b"Results in r" in ended.stdout


@pytest.mark.parametrize("closed", ["stdout", "stderr"])
def test_a_reader_that_leaves_stops_nothing(here: Path, closed: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    other = "stderr" if closed == "stdout" else "stdout"
    ended = command("plan", tiny(here), "-o", "r", **{closed: writing, other: subprocess.PIPE})
    os.close(writing)
    assert ended.returncode == 0
    assert b"Traceback" not in (ended.stderr or b"")
    assert (here / "r" / "summary.json").is_file()


@pytest.mark.skipif(os.name == "nt", reason="a shell of its own")
def test_closed_streams_are_no_place_for_results(here: Path) -> None:
    words = [sys.executable, "-m", "sufficiency", "plan", str(tiny(here)), "-o", "r"]
    ended = subprocess.run(["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *words], timeout=300)
    assert ended.returncode == 0
    assert json.loads((here / "r" / "summary.json").read_text(encoding="utf-8"))["status"] == "optimal"


def test_two_models_of_one_name_do_not_share_a_result(here: Path) -> None:
    for folder in ("north", "south"):
        (here / folder).mkdir()
        tiny(here / folder)
    assert run("plan", "north/tiny.toml", "--quiet").exit_code == 0
    assert run("plan", "south/tiny.toml", "--quiet").exit_code == 0  # a copy, file by file
    assert run("plan", "north/tiny.toml", "--quiet").exit_code == 0
    demand = here / "south" / "demand.csv"
    demand.write_text(demand.read_text().replace("2026,5", "2026,6"))
    before = (here / "results" / "tiny" / "base" / "summary.json").read_bytes()
    for words in (("plan", "south/tiny.toml"), ("plan", "south/tiny.toml", "--quiet")):
        refused = run(*words)
        assert refused.exit_code == 2
        assert "holds the result of another model file, north/tiny.toml" in refused.stderr
    assert (here / "results" / "tiny" / "base" / "summary.json").read_bytes() == before
    assert run("plan", here / "north" / "tiny.toml", "--quiet").exit_code == 0
    assert run("plan", "south/tiny.toml", "-o", "results/tiny/base").exit_code == 0
