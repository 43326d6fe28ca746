"""`sufficiency explore`: what-ifs in the browser, on the planner's own machine."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import click

from sufficiency.commands.options import model_argument
from sufficiency.problems import InputError, Problem
from sufficiency.terminal import show

NEEDED = ("starlette", "uvicorn", "tomlkit")


@click.command()
@model_argument
@click.option(
    "--port", metavar="N", type=click.IntRange(1, 65535), help="The port to serve on. Default: any that is free."
)
@click.option("--no-browser", is_flag=True, help="Do not open a browser: print the address only.")
def explore(model: Path, port: int | None, no_browser: bool) -> int:
    """Try what-ifs of a model in the browser.

    Prints one line, the address of a page on this machine, and opens it. Change places, schemes, fees, children, rules
    and levers there; every plan shown is proven, and set beside the plan of the model. The model file is written only
    when you save a what-if as a scenario. What you tried is kept in results/MODEL/explore.json, and is there again the
    next time. Only this machine can reach the page, and only with that address. Ctrl-C ends it.

    \b
    Example:
      sufficiency explore models/saltmere.toml
    """  # noqa: D301
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        what = f"explore needs {', '.join(missing)}, which is not installed"
        raise InputError([Problem(what, fix="run: pip install 'sufficiency[explore]'")])
    from sufficiency.serve.run import serve

    serve(model, port or 0, not no_browser, show)
    return 0
