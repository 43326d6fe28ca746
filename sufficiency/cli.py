"""The command line. Each command calls `sufficiency.api` and says what came of it."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sufficiency import __version__
from sufficiency.codes import normal_code
from sufficiency.problems import CertificateError, InputError, Problem, did_you_mean, shown
from sufficiency.terminal import (
    problems_as_json,
    progress_shown,
    say,
    say_problems,
    show,
    show_json,
)

DONE, BAD_INPUT, STOPPED_EARLY, CERTIFICATE_FAILED, INTERRUPTED = 0, 2, 3, 4, 130

MAP_KINDS = ("demand", "settings", "gap", "journeys", "place_value")
MAP_FORMATS = ("png", "svg")
TEMPLATES = ("csv", "xlsx")
MOST_WARNINGS = 12

Command = TypeVar("Command", bound=Callable[..., Any])

if TYPE_CHECKING:
    TextType = click.ParamType[str]
else:
    # the oldest click allowed has no generic parameter types
    TextType = click.ParamType


class OneOf(TextType):
    """One word of a few, or several with commas between; a slip of the pen is told the nearest."""

    name = "word"

    def __init__(self, known: Sequence[str]) -> None:
        self.known = tuple(known)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The words as the tool spells them, commas between."""
        words = [word for word in str(value).split(",") if word.strip()]
        for word in words or [""]:
            if normal_code(word) not in self.known:
                mend = did_you_mean(normal_code(word), self.known)
                self.fail(f"{shown(word.strip())} is none of {', '.join(self.known)}; {mend}", param, ctx)
        return ",".join(normal_code(word) for word in words)


class Years(TextType):
    """A year, or several with commas between."""

    name = "year"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The years with commas between."""
        words = [word.strip() for word in str(value).split(",")]
        for word in words:
            if not (word.isascii() and word.isdigit() and len(word) == 4):
                self.fail(f"{shown(word)} is no year; write 2026 for 2026/27", param, ctx)
        return ",".join(words)


class Commands(click.Group):
    """The group of commands: every way a run can end becomes one exit status, and bad input never a traceback."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command named; the nearest one is told where there is none of that name."""
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            mend = did_you_mean(args[0], self.commands)
            ctx.fail(f"there is no command {shown(args[0])}; {mend}")
        return super().resolve_command(ctx, args)

    def main(self, args: Sequence[str] | None = None, *more: Any, **named: Any) -> Any:
        """Run the command that `args` name, and exit."""
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="replace")
        words = list(sys.argv[1:] if args is None else args)
        named["standalone_mode"] = False
        sys.exit(_status(lambda: super(Commands, self).main(args, *more, **named), words))


def _status(run: Callable[[], Any], words: list[str]) -> int:
    """Run, say what stopped it, and give the exit status."""
    as_json = "--json" in words
    try:
        status = run()
    except InputError as error:
        _refused(error.problems, as_json)
    except click.ClickException as error:
        _wrong_call(error, as_json)
    except CertificateError as error:
        say(f"the plan found does not pass its own proof, so it is not a result; nothing was saved: {error}")
        say("please report this, with the model if you can share it")
        return CERTIFICATE_FAILED
    except (click.Abort, KeyboardInterrupt):
        say("stopped; no map was saved" if words[:1] == ["map"] else "stopped; nothing was saved")
        return INTERRUPTED
    except OSError as error:
        if error.filename is None:
            raise
        _refused([Problem(error.strerror or "this cannot be opened", str(error.filename))], as_json)
    else:
        return int(status or DONE)
    return BAD_INPUT


def _refused(problems: Sequence[Problem], as_json: bool) -> None:
    say_problems(problems)
    if as_json:
        show_json({"problems": problems_as_json(problems)})


def _wrong_call(error: click.ClickException, as_json: bool) -> None:
    if isinstance(error, click.NoSuchOption) and error.ctx is not None:
        known = [name for option in error.ctx.command.get_params(error.ctx) for name in option.opts if name[0] == "-"]
        message = f"there is no option {shown(error.option_name)}; {did_you_mean(error.option_name, known)}"
        error = click.UsageError(message, error.ctx)
    if as_json:
        show_json({"problems": problems_as_json([Problem(error.format_message())])})
    if isinstance(error, click.UsageError) and error.ctx is not None and "\n" not in error.format_message():
        say(error.ctx.get_usage())
        say(f"Try '{error.ctx.command_path} --help' for help.")
        say(f"Error: {error.format_message()}")
    else:
        # with no command at all the message is the help itself
        error.show()


def _words(given: Sequence[str]) -> list[str]:
    return [word.strip() for text in given for word in text.split(",") if word.strip()]


def _quoted(path: Path) -> str:
    text = str(path)
    return shlex.quote(text) if os.name != "nt" else f'"{text}"' if " " in text else text


_model = click.argument("model", metavar="MODEL", type=click.Path(path_type=Path))
_scenario = click.option(
    "--scenario", metavar="NAME", default="base", help="A scenario of the model file; without it, the model itself."
)
_quiet = click.option("--quiet", is_flag=True, help="No progress and no warnings.")
_json = click.option(
    "--json", "as_json", is_flag=True, help="One JSON document instead of the screen, for other programs."
)


def _folder(told: str) -> Callable[[Command], Command]:
    return click.option(
        "-o", "--output", "folder", metavar="DIR", type=click.Path(path_type=Path), help=told, default=None
    )


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "--version", prog_name="sufficiency", message="%(prog)s %(version)s")
def main() -> None:
    """Plan places for children with special educational needs and disabilities.

    Start with the worked example:

    \b
      sufficiency new my-plan
      sufficiency check my-plan/models/saltmere.toml
      sufficiency plan my-plan/models/saltmere.toml
    """  # noqa: D301


@main.command()
@_model
@_scenario
@click.option("--strict", is_flag=True, help="Count warnings as errors: exit status 2.")
@click.option("--quiet", is_flag=True, help="No progress.")
@_json
def check(model: Path, scenario: str, strict: bool, quiet: bool, as_json: bool) -> int:
    """Read everything, and say all that is wrong with it.

    MODEL is the model file that names your tables. Every problem is told with its file, row and column and the likely
    mend. If the tables can be used, one screen shows places against children.

    \b
    Example:
      sufficiency check models/saltmere.toml
    """  # noqa: D301
    from sufficiency import api

    with progress_shown(quiet) as progress:
        problems, picture = api.inspect(model, scenario, progress)
    worst = any(strict or problem.severity == "error" for problem in problems)
    say_problems(problems)
    if as_json:
        show_json({"problems": problems_as_json(problems), "ok": not worst})
    elif picture is not None:
        show(picture)
    return BAD_INPUT if worst else DONE


@main.command()
@_model
@_scenario
@_folder("Where the result goes; without it, results/MODEL/SCENARIO.")
@click.option("--parquet", is_flag=True, help="Write every table as Parquet too.")
@click.option("--direct", is_flag=True, help="Solve in one piece: slower, the same plan; for checking.")
@click.option(
    "--no-appraisal", is_flag=True, help="Leave out what each option saves and the programmes that come next."
)
@_quiet
@_json
def plan(
    model: Path,
    scenario: str,
    folder: Path | None,
    parquet: bool,
    direct: bool,
    no_appraisal: bool,
    quiet: bool,
    as_json: bool,
) -> int:
    """Find the cheapest plan of places, prove it, and save it.

    The plan says year by year where children can be placed, where places are short and what it costs. The result is a
    folder: CSV tables that open in Excel, a map file (plan.gpkg) that opens in QGIS, and summary.json. An earlier
    result there is replaced once the new one is whole.

    \b
    Example:
      sufficiency plan models/saltmere.toml --scenario free-school-late
    """  # noqa: D301
    from sufficiency import api

    warnings: list[Problem] = []
    with progress_shown(quiet) as progress:
        result, saved = api.plan_to_folder(
            model,
            scenario,
            folder,
            parquet=parquet,
            progress=progress,
            direct=direct,
            appraise=not no_appraisal,
            warn=warnings.extend,
        )
    _say_warnings(warnings, quiet, model, scenario)
    if as_json:
        show_json({**result.summary, "folder": str(saved)})
    else:
        show(api.screen(result))
        show(f"\nResults in {saved} (open plan.gpkg in QGIS, the CSV files in Excel)")
    return _ended(result)


@main.command(name="map")
@_model
@_scenario
@_folder("The folder of the result; without it, results/MODEL/SCENARIO.")
@click.option(
    "--year",
    "years",
    metavar="YEAR",
    type=Years(),
    multiple=True,
    help="Years, as 2026,2035; without it, the first of the plan.",
)
@click.option("--need", "needs", metavar="NEED", multiple=True, help="Only children with these needs, as ASD,SEMH.")
@click.option("--phase", "phases", metavar="PHASE", multiple=True, help="Only these phases, as primary,secondary.")
@click.option(
    "--kind",
    "kinds",
    metavar="KIND",
    type=OneOf(MAP_KINDS),
    multiple=True,
    help=f"{', '.join(MAP_KINDS)}; without it, all.",
)
@click.option(
    "--format", "formats", metavar="FORMAT", type=OneOf(MAP_FORMATS), multiple=True, help="png, svg; without it, both."
)
@_quiet
@_json
def map_command(
    model: Path,
    scenario: str,
    folder: Path | None,
    years: tuple[str, ...],
    needs: tuple[str, ...],
    phases: tuple[str, ...],
    kinds: tuple[str, ...],
    formats: tuple[str, ...],
    quiet: bool,
    as_json: bool,
) -> int:
    """Draw maps of a result, for a paper or a slide.

    The maps go into the folder maps/ of the result. If there is no result of these very tables, the plan is made first.
    For several years, needs or kinds put commas between them, or give the option again.

    \b
    Example:
      sufficiency map models/saltmere.toml --kind gap --year 2026,2035 --need ASD
    """  # noqa: D301
    from sufficiency import api

    warnings: list[Problem] = []
    with progress_shown(quiet) as progress:
        drawn = api.maps_to_folder(
            model,
            scenario,
            folder,
            years=[int(year) for year in _words(years)] or None,
            needs=_words(needs) or None,
            phases=_words(phases) or None,
            kinds=_words(kinds) or MAP_KINDS,
            formats=_words(formats) or MAP_FORMATS,
            progress=progress,
            warn=warnings.extend,
        )
    _say_warnings(warnings, quiet, model, scenario)
    if as_json:
        show_json({"files": [str(file) for file in drawn.files], "planned": drawn.planned})
        return _ended(drawn.result)
    if drawn.planned:
        show("There was no result of these tables, so the plan was made first.")
    show("\n".join(str(file) for file in drawn.files))
    return _ended(drawn.result)


def _ended(result: Any) -> int:
    return STOPPED_EARLY if result.summary["status"] == "stopped" else DONE


@main.command(short_help="Start a model in a new folder.")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--template",
    metavar="FORM",
    type=OneOf(TEMPLATES),
    default=None,
    help="Empty tables to fill in instead of the example: csv (a file a table) or xlsx (one workbook).",
)
def new(folder: Path, template: str | None) -> int:
    """Start a model of your own in a new folder.

    Without --template the folder gets the worked example, a fictional authority with all its tables, to try and to
    change. With it, empty tables with the right column names.

    \b
    Example:
      sufficiency new my-plan --template xlsx
    """  # noqa: D301
    from sufficiency import api

    if template is not None and "," in template:
        raise click.BadParameter("give one of them", param_hint="'--template'")
    files = api.start(folder, template)
    models = [file for file in files if file.suffix == ".toml"]
    first = next((file for file in models if file.stem == "saltmere"), models[0])
    show(f"{len(files)} files in {folder}")
    if template is not None:
        show(f"Fill in the tables in {folder / 'data'}, then:")
        show(f"  sufficiency check {_quoted(first)}")
    else:
        show("Next:")
        show(f"  sufficiency check {_quoted(first)}")
        show(f"  sufficiency plan {_quoted(first)}")
    return DONE


def _say_warnings(warnings: Sequence[Problem], quiet: bool, model: Path, scenario: str) -> None:
    if quiet or not warnings:
        return
    named = "" if scenario == "base" else f" --scenario {scenario}"
    if len(warnings) > MOST_WARNINGS:
        say_problems(warnings, MOST_WARNINGS, f"run `sufficiency check {_quoted(model)}{named}`")
    else:
        say_problems(warnings)
