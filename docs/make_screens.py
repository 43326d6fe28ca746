"""Write the screens and the picture that pages show, from a plan of the example.

python docs/make_screens.py                              plans models/saltmere.toml (some minutes), then writes
python docs/make_screens.py --result results/saltmere/base   takes a result of it that is there
python docs/make_screens.py --check [--result FOLDER]    says which page differs; exit status 1 then

A page has a block of the screen between fences after a line `<!-- screen: headline -->` (all that `sufficiency plan`
prints), or `<!-- screen: What opens -->` (the block of `--detail` that begins with these words, in the headline first).
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from pathlib import Path

import sufficiency as sf
from sufficiency.report.screens.plan import screen
from sufficiency.result import Result

ROOT = Path(__file__).resolve().parents[1]
MODEL = ROOT / "models" / "saltmere.toml"
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
SHOWN = re.compile(r"(?P<mark><!-- screen: (?P<what>[^>]+) -->\n)```text\n(?P<text>.*?)```\n", re.S)
PICTURE = ROOT / "docs" / "images" / "saltmere-gap.png"
PICTURE_OF = {"kinds": ("gap",), "needs": None, "phases": None, "formats": ("png",)}
WIDTH, COLOURS = 1400, 128
"""Pixels across, and colours, of the picture: few enough for a small file, and the map is flat."""


def shown(result: Result, what: str) -> str:
    """What a page shows of a screen. Raises LookupError where no block begins with these words."""
    if what == "headline":
        return screen(result)
    for block in screen(result, detail=True).rstrip().split("\n\n"):
        if block.startswith(what):
            return f"{block}\n"
    raise LookupError(f"no block of the screen begins with “{what}”")


def page_with(result: Result, text: str) -> str:
    """A page with its screens as the result has them."""
    return SHOWN.sub(lambda found: f"{found['mark']}```text\n{shown(result, found['what'])}```\n", text)


def differing(result: Result) -> list[Path]:
    """The pages that show another screen than the result has."""
    texts = {page: page.read_text(encoding="utf-8") for page in PAGES}
    return [page for page, text in texts.items() if page_with(result, text) != text]


def draw(result: Result, file: Path) -> None:
    """The picture: where places are short in the middle year of the plan."""
    from PIL import Image

    from sufficiency.report.maps.draw import draw_maps

    year = sum(result.summary["years"]) // 2
    with tempfile.TemporaryDirectory() as folder:
        (drawn,) = draw_maps(result, Path(folder), years=[year], **PICTURE_OF)
        with Image.open(drawn) as whole:
            small = whole.convert("RGB").resize((WIDTH, round(whole.height * WIDTH / whole.width)), Image.LANCZOS)
    file.parent.mkdir(exist_ok=True)
    small.quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)


def main(arguments: list[str]) -> int:
    """Write the pages and the picture, or check the pages."""
    parser = argparse.ArgumentParser(description="Write the screens and the picture that pages show.")
    parser.add_argument("--result", type=Path, help="a result of models/saltmere.toml; without it, it is planned")
    parser.add_argument("--check", action="store_true", help="say which page differs, and write nothing")
    given = parser.parse_args(arguments)
    result = sf.load(given.result) if given.result else sf.solve(sf.read(MODEL))
    pages = differing(result)
    for page in pages:
        print(f"{page.relative_to(ROOT)}{' differs' if given.check else ''}")
        if not given.check:
            page.write_text(page_with(result, page.read_text(encoding="utf-8")), encoding="utf-8")
    if given.check:
        return int(bool(pages))
    draw(result, PICTURE)
    print(PICTURE.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
