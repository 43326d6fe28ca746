"""The command line. Each command calls `sufficiency.api` and says what came of it."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from sufficiency import __version__
from sufficiency.deadline import Stop, ctrl_c_asks
from sufficiency.parameters import OneOf, Years
from sufficiency.problems import CertificateError, InputError, Problem, did_you_mean, shown
from sufficiency.progress import Progress
from sufficiency.terminal import (
    drop_output,
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
        _open_what_is_closed()
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="replace")
        words = list(sys.argv[1:] if args is None else args)
        named["standalone_mode"] = False
        sys.exit(_status(lambda: super(Commands, self).main(args, *more, **named), words))


def _open_what_is_closed() -> None:
    """Have a closed standard stream go nowhere: else the next file opened would take its number, and its output."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    for name, number in (("stdout", 1), ("stderr", 2)):
        if getattr(sys, name) is None:  # NumPy 2.0 writes to it as it is imported
            setattr(sys, name, open(number, "w", encoding="utf-8", errors="replace", closefd=False))  # noqa: SIM115


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
    except (click.Abort, KeyboardInterrupt) as error:
        saved = SAVED_WHEN_STOPPED.get(words[0] if words else "", "nothing was saved")
        why = str(error) or str(error.__cause__ or "")  # click hides the interruption behind its own
        say(f"stopped; {saved}: {why}" if why else f"stopped; {saved}")
        return INTERRUPTED
    except OSError as error:
        drop_output()
        if isinstance(error, BrokenPipeError):
            return DONE  # the reader of the help has left
        what = error.strerror or "this cannot be opened"
        if error.filename is not None:
            _refused([Problem(what, str(error.filename))], as_json)
        else:
            _refused([Problem(f"standard output or a file cannot be written: {what}")], as_json=False)
    else:
        return int(status or DONE)
    return BAD_INPUT


SAVED_WHEN_STOPPED = {
    "map": "no map was saved",
    "compare": "no comparison was saved; scenarios planned before it are kept, and used again",
}


@contextmanager
def _stoppable(quiet: bool, so_far: str = "the best plan so far") -> Iterator[tuple[Progress, Stop]]:
    """Progress as asked for, and the first Ctrl-C while solving an end with what there is."""

    def told() -> None:
        say(f"stopping with {so_far}; press Ctrl-C again to stop at once without saving")

    with progress_shown(quiet) as progress, ctrl_c_asks(told) as stop:
        yield progress, stop


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
    result there is replaced once the new one is whole. Ctrl-C while it solves saves the best plan so far (exit status
    3); pressed again it stops at once and saves nothing (130).

    \b
    Example:
      sufficiency plan models/saltmere.toml --scenario free-school-late
    """  # noqa: D301
    from sufficiency import api

    warnings: list[Problem] = []
    with _stoppable(quiet) as (progress, stop):
        result, saved = api.plan_to_folder(
            model,
            scenario,
            folder,
            parquet=parquet,
            progress=progress,
            direct=direct,
            appraise=not no_appraisal,
            warn=warnings.extend,
            stop=stop,
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
    with _stoppable(quiet) as (progress, stop):
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
            stop=stop,
        )
    _say_warnings(warnings, quiet, model, scenario)
    if as_json:
        show_json({"files": [str(file) for file in drawn.files], "planned": drawn.planned})
        return _ended(drawn.result)
    if drawn.planned:
        show("There was no result of these tables, so the plan was made first.")
    show("\n".join(str(file) for file in drawn.files))
    return _ended(drawn.result)


@main.command()
@_model
@_scenario
@_folder("Where the table and the picture go; without it, results/MODEL/SCENARIO.frontier.")
@click.option(
    "--points", metavar="N", type=click.IntRange(2, 50), default=8, show_default=True, help="How many plans to make."
)
@_quiet
@_json
def frontier(model: Path, scenario: str, folder: Path | None, points: int, quiet: bool, as_json: bool) -> int:
    """Show what fairer journeys cost: plans from the cheapest to the fairest.

    Each plan is the cheapest under a limit on long journeys (the fairness rule of the model file). The result is a
    table, frontier.csv, and a picture.

    \b
    Example:
      sufficiency frontier models/saltmere.toml --points 6
    """  # noqa: D301
    from sufficiency import api

    warnings: list[Problem] = []
    with _stoppable(quiet, "the plans so far") as (progress, stop):
        found, files = api.frontier_to_folder(model, scenario, folder, points, progress, warnings.extend, stop)
    _say_warnings(warnings, quiet, model, scenario)
    if as_json:
        rows = found.points.to_dict("records")
        show_json(
            {"points": rows, "missing": found.missing, "kappa": found.kappa, "files": [str(file) for file in files]}
        )
    else:
        show(api.frontier_screen(found))
        show("\n" + "\n".join(str(file) for file in files))
    return STOPPED_EARLY if found.missing else DONE


@main.command()
@_model
@_scenario
@_folder("Where the table goes; without it, results/MODEL/SCENARIO.worth.")
@_quiet
@_json
def worth(model: Path, scenario: str, folder: Path | None, quiet: bool, as_json: bool) -> int:
    """Show what every setting is worth: what the plan would cost more if it closed.

    Each setting is closed in turn before the first plan year, and the plan is solved again from its prices. The result
    is a table, worth.csv, dearest first. It is no proposal to close anything: the children there move at once in this
    calculation, and worths do not add up.

    \b
    Example:
      sufficiency worth models/saltmere.toml
    """  # noqa: D301
    from sufficiency import api

    warnings: list[Problem] = []
    with _stoppable(quiet, "the settings so far") as (progress, stop):
        found, files = api.setting_worth_to_folder(model, scenario, folder, progress, warnings.extend, stop)
    _say_warnings(warnings, quiet, model, scenario)
    if as_json:
        show_json({**api.worth_document(found), "files": [str(file) for file in files]})
    else:
        show(api.worth_screen(found))
        show("\n" + "\n".join(str(file) for file in files))
    return STOPPED_EARLY if found.missing else DONE


@main.command()
@_model
@click.argument("scenarios", metavar="[SCENARIO]...", nargs=-1)
@_folder("Where the comparison goes, each result in a folder inside it; without it, results/MODEL.")
@_quiet
@_json
def compare(model: Path, scenarios: tuple[str, ...], folder: Path | None, quiet: bool, as_json: bool) -> int:
    """Set scenarios side by side: money, places, journeys, and whose place differs.

    Plans the model itself (base) and each SCENARIO, all of the model file where none is named, in one go. Results that
    were made from these very inputs are used again. What each option saves is left to `plan`. Among plans of the same
    cost each scenario's is the closest to the base plan, so that a difference is real. Writes comparison.csv (a row a
    figure), comparison_wide.csv (a column a scenario) and comparison_moves.csv (children placed otherwise), and the
    result of every scenario beside them.

    \b
    Example:
      sufficiency compare models/saltmere.toml free-school-late free-school-cancelled
    """  # noqa: D301
    from sufficiency import api

    warnings: list[Problem] = []
    with _stoppable(quiet, "the best plans so far") as (progress, stop):
        comparison, saved = api.compare_to_folder(
            model, scenarios, folder, progress=progress, warn=warnings.extend, stop=stop
        )
    _say_warnings(warnings, quiet, model, "base")
    if as_json:
        show_json({**api.compare_summary(comparison), "folder": str(saved)})
    else:
        show(api.compare_screen(comparison))
        if comparison.reused:
            show(f"\nUsed again, made from these very inputs: {', '.join(comparison.reused)}")
        show(f"\nComparison in {saved} (comparison_wide.csv opens in Excel), each result in a folder inside it")
    ended = max(_ended(result) for result in comparison.results.values())
    return STOPPED_EARLY if comparison.missing else ended


def _ended(result: Any) -> int:
    early = result.summary["status"] == "stopped" or result.summary.get("interrupted", False)
    return STOPPED_EARLY if early else DONE


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


@main.command(short_help="Forecast demand from a history of plans.")
@_model
@_scenario
@_folder("Where the forecast goes; without it, results/MODEL/SCENARIO-forecast.")
@click.option(
    "--backtest", is_flag=True, help="Hide the last one, two and three years, forecast them and say how wrong."
)
@click.option("--parquet", is_flag=True, help="Write every table as Parquet too.")
@_quiet
@_json
def forecast(
    model: Path, scenario: str, folder: Path | None, backtest: bool, parquet: bool, quiet: bool, as_json: bool
) -> int:
    """Forecast the children who need a specialist place, by need, phase, area and year.

    MODEL names a history of EHC plans, as coarse or as fine as you have it, and what else you know: people by age,
    plans begun and ended, homes to come. The result is a folder: demand.csv, which a model may name as its demand,
    the same children at every level with intervals, plots, and, with --backtest, how wrong it would have been on your
    own past beside simpler forecasts. With a [forecast] section in the model file, `plan` uses the forecast by
    itself.

    \b
    Example:
      sufficiency forecast models/saltmere.toml --backtest
    """  # noqa: D301
    from sufficiency import api

    warnings: list[Problem] = []
    with progress_shown(quiet) as progress:
        made = api.forecast_to_folder(model, scenario, folder, backtest, parquet, progress, warnings.extend)
    if not quiet:
        say_problems(warnings, MOST_WARNINGS, "see summary.json")
    if as_json:
        show_json({**made.summary, "folder": str(made.folder)})
    else:
        show(made.shown)
        show(f"\nForecast in {made.folder} (open the CSV files in Excel; the plots are PNG)")
    return DONE


def _say_warnings(warnings: Sequence[Problem], quiet: bool, model: Path, scenario: str) -> None:
    if quiet or not warnings:
        return
    named = "" if scenario == "base" else f" --scenario {scenario}"
    if len(warnings) > MOST_WARNINGS:
        say_problems(warnings, MOST_WARNINGS, f"run `sufficiency check {_quoted(model)}{named}`")
    else:
        say_problems(warnings)
