"""The wheel holds what a planner needs and nothing else, and works in an empty folder outside the checkout."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path
from typing import Any

import pytest

import sufficiency

ROOT = Path(__file__).resolve().parents[1]
BIN = "Scripts" if os.name == "nt" else "bin"


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*build, "--wheel-dir", str(folder), str(ROOT)], check=True, cwd=folder)
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def contents(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def test_the_top_level_is_the_package_and_its_metadata(contents: list[str]) -> None:
    version = project()["project"]["version"]
    assert {name.split("/")[0] for name in contents} == {"sufficiency", f"sufficiency-{version}.dist-info"}


def test_the_wheel_carries_what_a_planner_copies(contents: list[str]) -> None:
    wanted = {
        "sufficiency/py.typed",
        "sufficiency/reference/travel_curve.toml",
        "sufficiency/_shipped/models/saltmere.toml",
        "sufficiency/_shipped/data/saltmere/areas.gpkg",
        "sufficiency/_shipped/data/saltmere/demand.csv",
    }
    assert wanted <= set(contents)


def test_every_module_is_in_the_wheel(contents: list[str]) -> None:
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "sufficiency").rglob("*.py")}
    assert modules <= set(contents)


def test_the_wheel_carries_no_leftovers(contents: list[str]) -> None:
    leftovers = re.compile(r"__pycache__|\.py[cod]$|\.DS_Store|/~\$|/results/|\.gpkg-(wal|shm|journal)$")
    assert [name for name in contents if leftovers.search(name)] == []


def test_the_version_is_written_once_and_said_alike() -> None:
    assert sufficiency.__version__ == project()["project"]["version"]


def test_locked_versions_are_allowed_and_name_only_the_public_index() -> None:
    from packaging.requirements import Requirement

    written = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    locked: dict[str, list[str]] = {}
    for line in filter(None, written.splitlines()):
        pin = Requirement(line)
        (version,) = pin.specifier
        locked.setdefault(pin.name, []).append(version.version)
    declared = project()["project"]
    for text in [*declared["dependencies"], *declared["optional-dependencies"]["test"]]:
        wanted = Requirement(text)
        assert locked[wanted.name.lower()], wanted
        assert all(wanted.specifier.contains(version) for version in locked[wanted.name.lower()]), wanted
    hosts = re.findall(r"(?:https?|file)://[^/\"]*", written + (ROOT / "uv.lock").read_text(encoding="utf-8"))
    assert set(hosts) == {"https://pypi.org", "https://files.pythonhosted.org"}


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel alone; its dependencies are borrowed from the one that runs the tests."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=False)
    python = folder / BIN / Path(sys.executable).name
    if not python.exists():
        python = folder / BIN / ("python.exe" if os.name == "nt" else "python")
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*install, str(wheel)], check=True, cwd=folder)
    asked = [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    site = Path(subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip())
    borrowed = dict.fromkeys(sysconfig.get_path(name) for name in ("purelib", "platlib"))
    (site / "borrowed.pth").write_text("\n".join(borrowed) + "\n", encoding="utf-8")
    return folder


@pytest.mark.slow
def test_the_wheel_starts_and_plans_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    def run(*command: str) -> subprocess.CompletedProcess[str]:
        quiet = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        done = subprocess.run(
            command, cwd=tmp_path, env=quiet, capture_output=True, text=True, encoding="utf-8", check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done

    python, program = str(next((installed / BIN).glob("python*"))), str(next((installed / BIN).glob("sufficiency*")))
    where = run(python, "-c", "import sufficiency; print(sufficiency.__file__)").stdout
    assert str(installed.resolve()) in str(Path(where.strip()).resolve())

    run(program, "new", "X")
    assert "FICTIONAL DATA" in run(program, "check", "X/models/saltmere.toml").stdout
    shutil.copytree(ROOT / "tests" / "toy", tmp_path / "toy")
    run(program, "plan", "toy/toy.toml", "-o", "planned")

    summary = json.loads((tmp_path / "planned" / "summary.json").read_text(encoding="utf-8-sig"))
    assert summary["status"] in ("optimal", "within_gap")
    assert summary["certificate"]["ok"]
