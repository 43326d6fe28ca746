"""How a run can end: every way is one exit status, and bad input never a traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

import click

from sufficiency.problems import CertificateError, DisclosureError, InputError, Problem, did_you_mean, shown
from sufficiency.terminal import drop_output, problems_as_json, say, say_problems, show_json

_MOST_EXPOSED = 10
DONE, BAD_INPUT, STOPPED_EARLY, CERTIFICATE_FAILED, INTERRUPTED = 0, 2, 3, 4, 130


def exit_status(result: Any) -> int:
    """The exit status of a command that made `result`."""
    early = result.summary["status"] == "stopped" or result.summary.get("interrupted", False)
    return STOPPED_EARLY if early else DONE


class Commands(click.Group):
    """The group of commands: every way a run can end becomes one exit status, and bad input never a traceback."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command named; where there is none, the nearest name is suggested."""
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            fix = did_you_mean(args[0], self.commands)
            ctx.fail(f"there is no command {shown(args[0])}; {fix}")
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
    except DisclosureError as error:
        say("what was to be published gives something away, so nothing was written:")
        for text in error.exposed[:_MOST_EXPOSED]:
            say(f"  {text}")
        if len(error.exposed) > _MOST_EXPOSED:
            say(f"  and {len(error.exposed) - _MOST_EXPOSED:,} more")
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
    "report": "no report was saved; plans made before it are kept and reused",
    "compare": "no comparison was saved; scenarios planned before it are kept and reused",
}


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
