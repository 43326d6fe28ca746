"""From a return of children to a plan: nothing that says who a child is leaves the return, by any way out."""

from __future__ import annotations

import base64
import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from sufficiency.cli import main
from tests.open_data.made import write_downloads
from tests.sources.made_return import MadeReturn, made_return

SCHOOLS = ("140001", "140002", "140004", "140008")
POSTCODES = re.compile(rb"ZZ\d\s*\d+QQ", re.IGNORECASE)
WORDS = re.compile(rb"[A-Za-z0-9]+")


class Chain:
    """A made return beside made downloads, and all that commands have said so far."""

    def __init__(self, folder: Path, children: int, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SUFFICIENCY_CACHE", str(folder / "cache"))
        monkeypatch.chdir(folder)
        self.folder = folder
        self.made: MadeReturn = made_return(children, urns=SCHOOLS)
        self.downloads = write_downloads(folder / "downloads").folder
        self.extract = self.made.write_csv(folder / "return")
        self.lookup = self.made.write_postcodes(folder / "lookup.csv")
        self.table = self.made.write_table(folder / "downloads" / "children.csv")  # where it should not be
        self.said: list[str] = []

    def run(self, *words: str | Path, status: int = 0) -> Result:
        done = CliRunner().invoke(main, [str(word) for word in words])
        self.said += [done.stdout, done.stderr]
        assert done.exit_code == status, done.stderr
        return done

    def to_a_model(self) -> Path:
        """Counts of the return, and a model built on them."""
        counts = self.downloads / "counts.csv"
        self.run("deidentify", self.extract, "--postcodes", self.lookup, "-o", counts)
        self.run("new", "norfolk", "--la", "926", "--from", self.downloads)
        (model,) = (self.folder / "norfolk" / "models").glob("*.toml")
        return model

    def files_written(self) -> list[Path]:
        given = {self.lookup, self.table, *self.extract.iterdir()}
        return [file for file in self.folder.rglob("*") if file.is_file() and file not in given]

    def leaks(self) -> list[str]:
        """Where something personal is: files, and what was said."""
        people = self.made.modules["person"]
        names = {
            str(value).encode().lower()
            for column in ("surname", "forename", "upn", "uniquelearnernumber")
            for value in people[column]
        }
        born = pd.to_datetime(people["personbirthdate"], format="%Y-%b-%d 00:00:00").drop_duplicates()
        days = [day.strftime(form).encode() for day in born for form in ("%Y-%b-%d", "%Y-%m-%d", "%d/%m/%Y")]

        def personal(content: bytes) -> bool:
            words = {word.lower() for word in WORDS.findall(content)}
            return bool(words & names or POSTCODES.search(content) or any(day in content for day in days))

        found = [str(file) for file in self.files_written() for part in contents(file) if personal(part)]
        return found + ["said" for text in self.said if personal(text.encode())]


def contents(file: Path) -> Iterator[bytes]:
    """A file's bytes, and what is packed inside it: members of a ZIP, columns of Parquet, data of a page."""
    data = file.read_bytes()
    yield data
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield from (archive.read(name) for name in archive.namelist())
    if data[:4] == b"PAR1":
        yield pd.read_parquet(file).to_csv().encode()
    for packed in re.findall(rb"[A-Za-z0-9+/=]{200,}", data) if file.suffix == ".html" else ():
        try:
            yield gzip.decompress(base64.b64decode(packed))
        except (ValueError, OSError, EOFError, zlib.error):
            continue


def test_nothing_personal_leaves_a_return_of_50(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chain = Chain(tmp_path, 50, monkeypatch)
    model = chain.to_a_model()
    chain.run("check", model)
    placements = pd.read_csv(model.parent.parent / "data" / "placements.csv", encoding="utf-8-sig")
    assert placements["children"].sum() == 50
    for faulty in (chain.table, chain.extract / "Blade-Export_15-01-2026_person.csv"):
        text = model.read_text(encoding="utf-8")
        named = re.sub(r'placements = ".*"', f'placements = "{faulty.as_posix()}"', text)
        wrong = model.with_name("wrong.toml")
        wrong.write_text(named, encoding="utf-8")
        assert "identifies children" in chain.run("check", wrong, status=2).stderr
        wrong.unlink()
    chain.run("join", model, "--from", chain.downloads, status=2)  # the return is there, and no file to join
    assert chain.leaks() == []
    (tmp_path / "leak.csv").write_text(f"x,{chain.made.personal[0]}", encoding="utf-8")
    assert chain.leaks() == [str(tmp_path / "leak.csv")]


@pytest.mark.slow
def test_nothing_personal_leaves_a_return_of_5000_up_to_its_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain = Chain(tmp_path, 5_000, monkeypatch)
    model = chain.to_a_model()
    chain.run("check", model)
    chain.run("plan", model)
    chain.run("report", model, "--only", "page,workbook")
    written = {file.name for file in chain.files_written()}
    assert {"counts.csv", "placements.csv", "summary.json", "page.html", "workbook.xlsx"} <= written
    assert chain.leaks() == []
