"""What the browser gets: the page without anything of the model in it, and the parts that are filled in later."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from sufficiency import __version__
from sufficiency.report.page.render import HERE as REPORT
from sufficiency.report.page.render import environment, policy

HERE = Path(__file__).parent
STYLES = (REPORT / "style.css", HERE / "explore.css")
SCRIPTS = (
    *(REPORT / "scripts" / name for name in ("data.js", "map.js", "detail.js", "page.js")),
    *(HERE / "scripts" / name for name in ("server.js", "forms.js", "explore.js")),
)


@cache
def templates() -> Environment:
    """Templates of the page and of the report's."""
    return environment(HERE / "templates")


@cache
def page() -> tuple[str, str]:
    """The page and its Content-Security-Policy: its own scripts and styles, and requests to this server."""
    style = "".join(path.read_text(encoding="utf-8") for path in STYLES)
    scripts = [path.read_text(encoding="utf-8") for path in SCRIPTS]
    text = (
        templates()
        .get_template("explore.html")
        .render(
            style=Markup(style),  # noqa: S704
            scripts=[Markup(script) for script in scripts],  # noqa: S704
            version=__version__,
        )
    )
    return text, f"{policy([style], scripts)}; connect-src 'self'; frame-ancestors 'none'"


def part(name: str, **context: Any) -> str:
    """A part of the page, filled in."""
    return templates().get_template(name).render(**context)
