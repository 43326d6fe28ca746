"""The forms of a release: made of what is published alone, and no true figure in any of them."""

from __future__ import annotations

import base64
import gzip
import html
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
import pytest

from sufficiency.api.publishing import announced_settings, formed, public_of
from sufficiency.report.disclosure.audit import audit
from sufficiency.report.disclosure.catalogue import CATALOGUE, LEFT_OUT
from sufficiency.report.disclosure.publish import Asked, publish
from sufficiency.result import Result
from sufficiency.result.folder import save
from tests.solved import toy_case, toy_result

SCALE = 1.013719
"""True numbers of children are multiplied by it: they then end in decimals that stand nowhere else."""
FORMS = ("page.html", "workbook.xlsx", "cabinet-paper.docx")


def seeded() -> Result:
    """The toy's plan with every number of children scaled, so that all tables still are of the same children."""
    frames = {name: frame.copy() for name, frame in toy_result().frames.items()}
    for name, table in CATALOGUE.items():
        for column in table.counts if name in frames else ():
            rows = frames[name]["unit"] == "children" if name == "measures" else slice(None)
            frames[name].loc[rows, column] *= SCALE
    return replace(toy_result(), frames=frames)


def true_numbers() -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The true numbers of children of the seeded plan, above 1, that are not whole."""
    found = []
    for name, frame in seeded().frames.items():
        for column in CATALOGUE[name].counts if name in CATALOGUE else ():
            rows = frame["unit"] == "children" if name == "measures" else slice(None)
            found.append(frame.loc[rows, column].to_numpy(dtype=float))
    every = np.unique(np.concatenate(found))
    return np.asarray(every[(every > 1.0) & (np.abs(every - np.round(every)) > 0.01)])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("seeded") / "base"
    case, result = toy_case(), seeded()
    save(result, base)
    announced = announced_settings(case)
    forms = formed(case, {"base": result}, announced, FORMS)
    publish({"base": result}, base, Asked(announced=announced, public=public_of(case, result), forms=forms))
    return base / "published"


def texts(file: Path) -> Iterator[str]:
    """What anybody reads in a file: its words and numbers, and not where lines are drawn."""
    if file.suffix in {".xlsx", ".docx"}:
        with zipfile.ZipFile(file) as parts:
            for name in parts.namelist():
                if name.endswith(".xml"):
                    yield re.sub(r"<[^>]*>", " ", parts.read(name).decode())
    elif file.suffix == ".gpkg":
        for layer in pyogrio.list_layers(file)[:, 0]:
            yield pyogrio.read_dataframe(file, layer=layer, read_geometry=False).to_csv()
    elif file.suffix == ".html":
        data = page_data(file)
        yield json.dumps([data["layers"], data["settings"], data["flows"]])
        yield re.sub(r"<[^>]*>", " ", re.sub(r"(?s)<(script|style).*?</\1>", " ", file.read_text(encoding="utf-8")))
    elif file.suffix == ".svg":
        yield " ".join(re.findall(r">([^<]+)</t", file.read_text(encoding="utf-8")))
    elif file.suffix in {".csv", ".json"}:
        yield file.read_text(encoding="utf-8-sig")


def page_data(file: Path) -> dict[str, object]:
    """The data that a page carries for its scripts."""
    match = re.search(r'id="map-data">([^<]*)<', file.read_text(encoding="utf-8"))
    assert match
    found: dict[str, object] = json.loads(gzip.decompress(base64.b64decode(match.group(1))))
    return found


def test_no_true_number_stands_in_any_file(folder: Path) -> None:
    true = true_numbers()
    assert len(true) > 50
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert {file.suffix for file in files} == {".xlsx", ".docx", ".gpkg", ".html", ".svg", ".png", ".csv", ".json"}
    for file in files:
        for text in texts(file):
            numbers = np.array([float(one.replace(",", "")) for one in re.findall(r"\d[\d,]*\.\d{3,}", text)])
            near = np.abs(numbers[:, None] - true[None, :]).min(axis=1, initial=np.inf)
            assert not np.any(near < 1e-3), (file.name, numbers[near < 1e-3][:3])


def test_every_figure_is_a_published_cell_and_children_are_multiples_of_5(folder: Path) -> None:
    figures = json.loads((folder / "figures.json").read_text(encoding="utf-8"))
    assert len(figures) > 50
    assert all(figure["value"] % 5 == 0 for figure in figures if figure["unit"] == "children")
    assert {figure["row"]["scenario"] for figure in figures} == {"base"}
    known = {figure["id"] for figure in figures}
    page = (folder / "page.html").read_text(encoding="utf-8")
    assert set(re.findall(r'data-figure="([^"]+)"', page)) <= {html.escape(one) for one in known}


def test_says_in_one_sentence_why_figures_end_in_0_and_5(folder: Path) -> None:
    why = "Numbers of children end in 0 or 5 because each was rounded"
    assert why in (folder / "page.html").read_text(encoding="utf-8")
    for name in ("workbook.xlsx", "cabinet-paper.docx"):
        assert any(why in text for text in texts(folder / name)), name


def test_the_paper_says_nothing_of_waiting_and_process_that_the_release_does_not_hold(folder: Path) -> None:
    """A rounded 0 does not show that nobody waits, and which schemes need a process is not in the tables."""
    words = " ".join(texts(folder / "cabinet-paper.docx"))
    for unfounded in (
        "Nobody waits;",
        "because the model assumes",
        "no statutory process",
        "agree at once",
        "agree by",
        "was not worked out",
        "Not planned for",
    ):
        assert unfounded not in words
    assert "How the options fare at the gates and on scores is not published" in words


def test_the_workbook_speaks_only_of_what_is_in_it(folder: Path) -> None:
    with zipfile.ZipFile(folder / "workbook.xlsx") as archive:
        book = html.unescape(archive.read("xl/workbook.xml").decode())
    sheets = {name.split()[0] for name in re.findall(r'<sheet name="([^"]+)"', book)}
    words = list(texts(folder / "workbook.xlsx"))
    notes = " ".join(text for text in words if not text.startswith("Source:"))
    assert set(re.findall(r"\b[TP]\d+[a-e]?\b", notes)) <= sheets
    assert not any("Blank cells: ." in text or "2025/26 is today" in text for text in words)


def test_a_setting_has_its_name_beside_its_code(folder: Path) -> None:
    words = " ".join(texts(folder / "workbook.xlsx"))
    assert "Quay Primary base" in words


def test_says_how_far_money_is_rounded(folder: Path) -> None:
    """£90,000 of capital stands as £0 of spending, so the reader has to know the step."""
    assert any("Pounds are rounded to £1,000,000" in text for text in texts(folder / "workbook.xlsx"))


def test_names_what_is_left_out(folder: Path) -> None:
    notes = pd.read_csv(folder / "tables" / "notes.csv", encoding="utf-8-sig")
    assert list(notes["what"]) == [what for what, _ in LEFT_OUT]
    words = " ".join(notes["what"])
    for left in ("impact", "spend_by_area", "interest", "place_values", "range", "sites not announced", "provider"):
        assert left in words, left
    assert "What is left out" in (folder / "page.html").read_text(encoding="utf-8")


def test_keeps_saying_that_the_data_are_made_up(folder: Path) -> None:
    assert "Fictional data" in (folder / "page.html").read_text(encoding="utf-8")
    assert any("FICTIONAL DATA" in text for text in texts(folder / "cabinet-paper.docx"))


def leaking(folder: Path, there: Path) -> Path:
    copy = there / "published"
    shutil.copytree(folder, copy)
    assert audit(copy).ok
    return copy


def test_a_column_leaked_into_the_map_file_is_caught(folder: Path, tmp_path: Path) -> None:
    copy = leaking(folder, tmp_path)
    areas = pyogrio.read_dataframe(copy / "plan.gpkg", layer="areas")
    (copy / "plan.gpkg").unlink()
    year = next(name for name in areas if name.startswith("demand_"))
    pyogrio.write_dataframe(areas.assign(**{year: 7.0}, fill=0.5), copy / "plan.gpkg", layer="areas")
    found = audit(copy).exposed
    assert f"plan.gpkg, areas, column {year}: 7 is not a multiple of 5" in found
    assert "plan.gpkg, areas, column fill: not known to be safe" in found


def test_a_number_leaked_into_the_workbook_is_caught(folder: Path, tmp_path: Path) -> None:
    copy = leaking(folder, tmp_path)
    book = copy / "workbook.xlsx"
    with zipfile.ZipFile(book) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    sheet = next(
        name for name, part in parts.items() if "worksheets/sheet" in name and b"<v>5</v>" in part and "3" in name
    )
    parts[sheet] = parts[sheet].replace(b"<v>5</v>", b"<v>7.25</v>", 1)
    with zipfile.ZipFile(book, "w") as new:
        for name, part in parts.items():
            new.writestr(name, part)
    assert any("workbook.xlsx" in text and "7.25 stands in no published table" in text for text in audit(copy).exposed)


def test_a_number_leaked_into_the_page_is_caught(folder: Path, tmp_path: Path) -> None:
    copy = leaking(folder, tmp_path)
    page = copy / "page.html"
    text = page.read_text(encoding="utf-8")
    data = page_data(page)
    data["layers"]["demand"]["counts"][0][0][0] = 3  # type: ignore[index]
    packed = base64.b64encode(gzip.compress(json.dumps(data).encode())).decode()
    page.write_text(re.sub(r'(id="map-data">)[^<]*<', rf"\g<1>{packed}<", text), encoding="utf-8")
    assert audit(copy).exposed == ("page.html, areas: 3 is not a multiple of 5",)
