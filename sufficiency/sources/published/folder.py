"""A folder of downloads: which published files are in it, and what stands in the way of those that cannot be used."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sufficiency.caches import file_hash
from sufficiency.problems import InputError, Problem
from sufficiency.progress import Progress, silent
from sufficiency.sources.published import recognise as known
from sufficiency.sources.published.cache import cached
from sufficiency.sources.published.kinds import KINDS, NOT_USED

MOST_FILES = 2_000
_SMALL = 200_000
"""Bytes under which a file is looked at rather than looked up."""

_UNUSABLE = {
    known.ZIP: ("this is a zip: what is inside is not read", "unpack it in this folder"),
    known.PASSWORD: ("this workbook has a password", "open it, save it without the password"),
    known.OLD_WORKBOOK: ("this is a workbook of a kind that is not read", "save it as .xlsx or as CSV"),
    known.EMPTY: ("the file is empty: the download failed", "download it again"),
    known.PAGE: ("this is a web page, not the file it links to", "download the file itself"),
}


@dataclass(frozen=True)
class Download:
    """A file of a folder that is used. `called`: its path inside the folder, as outputs write it."""

    kind: str
    path: Path
    called: str
    part: str
    sha256: str


@dataclass(frozen=True)
class Downloads:
    """The files found, by kind, and `notes` on those not used."""

    found: dict[str, Download]
    notes: tuple[Problem, ...]

    @property
    def missing(self) -> list[str]:
        """The kinds of which there is no file."""
        return [code for code in KINDS if code not in self.found]


def find_downloads(folder: Path, but: Path | None = None, progress: Progress = silent) -> Downloads:
    """The published files in a folder and the folders inside it, but for the folder `but`.

    Raises InputError where the folder cannot be read, where two different files are of one kind, and where a file that
    is needed is not there.
    """
    notes: list[Problem] = []
    by_kind: dict[str, list[Download]] = {}
    for path in files_in(folder, but):
        called = printable(path.relative_to(folder).as_posix())
        progress("Look at", called)
        try:
            sha256 = file_hash(path)
            what = recognised(path, sha256)
        except OSError as error:
            why = f"this file cannot be read: {error.strerror or error}"
            notes.append(Problem(why, called, fix="close it elsewhere, or copy it again", severity="warning"))
            continue
        if what.kind in KINDS:
            by_kind.setdefault(what.kind, []).append(Download(what.kind, path, called, what.part, sha256))
        else:
            notes += _not_used(what, called)
    chosen, twice = _one_of_each(by_kind, notes)
    problems = [*twice, *_needed(chosen, notes)]
    if problems:
        raise InputError([*problems, *notes])
    return Downloads(chosen, tuple(notes))


def files_in(folder: Path, but: Path | None) -> list[Path]:
    """The files of a folder and the folders inside it, but for hidden ones and those of the folder `but`. Raises
    InputError where it cannot be read, and where it holds too many.
    """
    if not folder.is_dir():
        what = "this is not a folder" if folder.exists() else "there is no such folder"
        raise InputError([Problem(what, printable(str(folder)), fix="name the folder your downloads are in")])
    try:
        every = (path for path in folder.rglob("*") if path.is_file() and not _hidden(path, folder))
        files = sorted(path for path in every if but is None or not path.resolve().is_relative_to(but))
    except OSError as error:
        what = f"the folder cannot be read: {error.strerror or error}"
        raise InputError([Problem(what, printable(str(folder)))]) from None
    if len(files) > MOST_FILES:
        what = f"this folder holds {len(files):,} files"
        raise InputError([Problem(what, printable(str(folder)), fix="put the downloads in a folder of their own")])
    return files


def _hidden(path: Path, folder: Path) -> bool:
    inside = path.relative_to(folder).parts
    return any(part.startswith((".", "~$", "__MACOSX")) for part in inside)


def printable(name: str) -> str:
    """A name with every sign that could command a terminal made visible."""
    return "".join(sign if sign.isprintable() else "�" for sign in name)


def recognised(path: Path, sha256: str) -> known.Recognised:
    """What a file is; for a large one from the cache."""
    if path.stat().st_size < _SMALL:
        return known.recognise(path)

    def look() -> pd.DataFrame:
        what = known.recognise(path)
        return pd.DataFrame({"kind": [what.kind], "part": [what.part], "says": [what.says]})

    row = cached(sha256, "kind", path.suffix.casefold(), look).iloc[0]
    return known.Recognised(str(row["kind"]), str(row["part"]), str(row["says"]))


def _not_used(what: known.Recognised, called: str) -> list[Problem]:
    if what.kind in NOT_USED:
        return [Problem(f"not used: {NOT_USED[what.kind]}", called, severity="warning")]
    if what.kind == known.DAMAGED:
        return [Problem(what.says, called, fix="download it again", severity="warning")]
    if what.kind in _UNUSABLE:
        why, fix = _UNUSABLE[what.kind]
        return [Problem(why, called, fix=fix, severity="warning")]
    return []


def _one_of_each(by_kind: dict[str, list[Download]], notes: list[Problem]) -> tuple[dict[str, Download], list[Problem]]:
    """One file of each kind. Copies of one file are one; two different files of a kind are a problem."""
    chosen: dict[str, Download] = {}
    problems: list[Problem] = []
    for kind, files in by_kind.items():
        with_wards = [file for file in files if file.part == known.WARDS]
        first = chosen[kind] = (with_wards or files)[0]
        others = [file for file in (with_wards or files) if file.sha256 != first.sha256]
        notes += [
            Problem(f"the same file as {first.called}", file.called, severity="warning")
            for file in files
            if file is not first and file.sha256 == first.sha256
        ]
        notes += [
            Problem(f"not used: {first.called} has wards too", file.called, severity="warning")
            for file in files
            if with_wards and file.part != known.WARDS
        ]
        if others:
            what = f"two files are “{KINDS[kind].title}”: this one and {others[0].called}"
            fix = "keep the one you want in the folder, and move the other elsewhere"
            problems.append(Problem(what, first.called, fix=fix))
    return chosen, problems


def _needed(chosen: dict[str, Download], notes: list[Problem]) -> list[Problem]:
    """A problem for each file that is needed and not there."""
    blocked = [note.file for note in notes if note.fix]
    hint = f" (or is it in {blocked[0]}?)" if blocked else ""
    return [
        Problem(f"no file is “{kind.title}”{hint}: without it {kind.without}", fix=f"download it from {kind.where}")
        for kind in KINDS.values()
        if kind.needed and kind.code not in chosen
    ]
