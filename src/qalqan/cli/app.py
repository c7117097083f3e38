"""All commands of ``qalqan``; each imports what it needs when it runs."""

from __future__ import annotations

import errno
import os
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from qalqan import __version__
from qalqan.cli import commands
from qalqan.cli.console import messages, say, say_json
from qalqan.errors import QalqanError

EXIT_CODES = (
    "Exit codes: 0 done · 1 failed, or something was found wrong · 2 bad input or wrong use · "
    "3 not set up · 4 refused by a policy · 5 in a state that does not allow it · "
    "6 stored data is damaged · 130 stopped by Ctrl-C."
)


class _StoppedError(Exception):
    """Somebody pressed Ctrl-C."""


class _Root(TyperGroup):
    """Lets Ctrl-C reach `run`, which says what became of it; typer ends without a word."""

    def make_context(self, *args: Any, **kwargs: Any) -> Any:
        """Read the arguments."""
        try:
            return super().make_context(*args, **kwargs)
        except KeyboardInterrupt:
            raise _StoppedError from None

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise _StoppedError from None


app = typer.Typer(
    name="qalqan",
    cls=_Root,
    help="The prevention desk: from raw reports to the morning brief.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        say(f"qalqan {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """The prevention desk: from raw reports to the morning brief."""


commands.register(app)


def run(arguments: list[str] | None = None) -> None:
    """Run a command; expected errors become one line and an exit code.

    Parameters
    ----------
    arguments
        What follows ``qalqan``; the process's own arguments by default.
    """
    try:
        app(arguments)
    except QalqanError as error:
        _fail(error.as_dict(), str(error), error.exit_code)
    except BrokenPipeError:
        # Python flushes standard output once more at exit; send that nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        _fail({"code": "system.error", "message": str(error)}, _plain(error), 1)
    except (KeyboardInterrupt, _StoppedError):
        _fail({"code": "stopped", "message": "stopped"}, "stopped; nothing is half-written", 130)
    except Exception as error:
        if not _is_database_error(error):
            raise
        text = f"the database does not answer: {str(error).splitlines()[0]}"
        _fail({"code": "database.error", "message": text}, text, 3)


def _is_database_error(error: Exception) -> bool:
    if "django.db" not in sys.modules:
        return False
    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError

    return isinstance(error, DatabaseError | ImproperlyConfigured)


def _plain(error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return "the disk is full; nothing is half-written"
    if error.errno == errno.EADDRINUSE:
        return "the port is taken; choose another one with --port"
    return f"{error.filename}: {error.strerror}" if error.filename else str(error)


def _fail(data: dict[str, Any], text: str, code: int) -> None:
    if "--json" in sys.argv:
        say_json({"error": data})
    messages().print(f"qalqan: {text}", style="red", markup=False, soft_wrap=True)
    sys.exit(code)
