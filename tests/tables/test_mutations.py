"""Random harm to the toy's files: never a traceback, never a wrong exit status, never an earlier result touched."""

from __future__ import annotations

import csv
import io
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from sufficiency.cli import main
from tests.tables.faults import TOY

FILES = sorted(path.name for path in TOY.iterdir() if path.suffix in {".csv", ".geojson", ".toml"})
CELLS = (
    "", "0", "-1", "1e9", "NaN", "n/a", "<5", "Total", "any", "awaiting", "unknown", "?", "#REF!", "2026/27", "202627",
    "15/01/2027", "1905-07-18", "46266", "£1,000", "£63k", "12 (est.)", "1.00001E+05", "0100001", "E01003296", "ASC",
    "Y7-11", "KS3", "Reception to Y6", "ARP", "Quay Primary base", "North Hill", "\u200b", "\u001b[31m", "a,b", 'a"b',
    "x" * 400, "=1+1", "١٢", "½", "12,5", "50%", "true", "inf", "-0.0", "1_000",
)  # fmt: skip
Rows = list[list[str]]


def harmed_rows(rows: Rows, lot: random.Random) -> None:
    """One habit of people with spreadsheets, done to the rows in place."""
    row, column = lot.randrange(len(rows)), lot.randrange(len(rows[0]))
    column = min(column, len(rows[row]) - 1)
    habits: list[Callable[[], object]] = [
        lambda: rows[row].__setitem__(column, lot.choice(CELLS)),
        lambda: rows[row].__setitem__(column, lot.choice(rows[lot.randrange(len(rows))] or [""])),
        lambda: rows.pop(row),
        lambda: rows.insert(row, list(rows[row])),
        lambda: rows.insert(0, ["High needs 2026/27"]),
        lambda: rows.insert(lot.randrange(len(rows)), list(rows[0])),
        lambda: rows.append(["Total", *[""] * (len(rows[0]) - 1)]),
        lambda: rows.append(["Source: SEN2"]),
        lambda: [line.pop(min(column, len(line) - 1)) for line in rows if line],
        lambda: [line.insert(min(column, len(line)), "") for line in rows],
        lambda: rows.__setitem__(slice(None), [list(line) for line in zip(*rows, strict=False)]),
        lambda: lot.shuffle(rows),
        lambda: rows.__setitem__(slice(row, None), []),
        lambda: [line.__setitem__(min(column, len(line) - 1), lot.choice(CELLS)) for line in rows[1:] if line],
        lambda: rows[0].__setitem__(
            min(column, len(rows[0]) - 1), rows[0][column % len(rows[0])][:10] + lot.choice(" _*")
        ),
    ]
    lot.choice(habits)()


def harmed(text: str, name: str, lot: random.Random) -> bytes:
    """The text of a file with up to three kinds of harm done to it, as bytes."""
    if name.endswith(".csv") and lot.random() < 0.8:
        rows = [row for row in csv.reader(io.StringIO(text)) if row]
        for _ in range(lot.randint(1, 3)):
            if rows and rows[0] and all(rows):
                harmed_rows(rows, lot)
        out = io.StringIO()
        csv.writer(out, delimiter=lot.choice(",,,,;\t")).writerows(rows)
        text = lot.choice(["", "", "", "sep=,\r\n"]) + out.getvalue()
        return text.encode(lot.choice(["utf-8", "utf-8-sig", "utf-16"]), errors="replace")
    data = bytearray(text.encode())
    for _ in range(lot.randint(1, 4)):
        place = lot.randrange(len(data) + 1)
        how = lot.randrange(4)
        if how == 0:
            data[place : place + lot.randint(1, 40)] = b""
        elif how == 1:
            data[place:place] = lot.choice(CELLS).encode()
        elif how == 2 and data:
            data[place % len(data)] = lot.randrange(256)
        else:
            data[place:place] = data[max(place - 30, 0) : place]
    return bytes(data)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def run(*words: str) -> tuple[int, str]:
    """Exit status and output; an exception that is no exit is a traceback."""
    done = CliRunner().invoke(main, list(words))
    assert done.exception is None or isinstance(done.exception, SystemExit), (words, repr(done.exception))
    assert "Traceback" not in done.output
    return done.exit_code, done.output


def mutations(seed: int, count: int, folder: Path, plan_every: int) -> None:
    """`count` harmed copies of the toy, each checked; where `check` refuses, one in `plan_every` is planned too. It is
    refused likewise, and the earlier result stays as it was.
    """
    earlier = folder / "earlier"
    earlier.mkdir()
    (earlier / "summary.json").write_text("{}")
    before = contents(earlier)
    for number in range(count):
        lot = random.Random(f"{seed}-{number}")
        model = folder / "model"
        shutil.copytree(TOY, model)
        name = lot.choice(FILES)
        (model / name).write_bytes(harmed((TOY / name).read_text(encoding="utf-8"), name, lot))
        status, said = run("check", "--quiet", str(model / "toy.toml"))
        assert status in {0, 2}, (seed, number, status, said)
        assert (status == 2) == ("error:" in said), (seed, number, said)
        if status == 2 and number % plan_every == 0:
            planned, said = run("plan", "--quiet", str(model / "toy.toml"), "-o", str(earlier))
            assert planned == 2, (seed, number, planned, said)
        assert contents(earlier) == before, (seed, number)
        shutil.rmtree(model)


def test_some_random_harm(tmp_path: Path) -> None:
    mutations(seed=1, count=25, folder=tmp_path, plan_every=5)


@pytest.mark.slow
def test_much_random_harm(tmp_path: Path) -> None:
    """The environment variable MUTATIONS says how much: two thousand take half an hour."""
    mutations(seed=2, count=int(os.environ.get("MUTATIONS", "200")), folder=tmp_path, plan_every=10)
