"""The ``skyshield`` command: dispatch, and one shape for every error.

Only the module of the command asked for is imported (all of them for ``--help``), and each imports what it
needs inside its function, so that help is instant. Whatever goes wrong leaves one line on standard error:
``error: WHERE: WHAT; HOW TO MEND``.
"""

import contextlib
import importlib
import io
import os
import sys
from typing import Annotated, NoReturn

import typer

from skyshield.cli.completing import ASKED, complete
from skyshield.core.errors import BAD_INPUT, FAILED, MACHINE, SkyShieldError, machine_error, one_line
from skyshield.version import VERSION

COMMANDS = ("run", "compare", "record", "fit", "backtest", "verify", "sensitivity", "explore", "strategy", "claims",
            "report", "export", "monitor", "scenario", "catalogue", "app", "completion")
INTERRUPTED = 130
SUMMARY = """Judge how Europe could protect Ukraine's skies: play air-protection zones on the public raid record.

Example: skyshield run --out study

Policy analysis on public data. Set SKYSHIELD_TRACEBACK=1 to see where in the program an error arose.
"""

_USAGE_ERROR: type[BaseException] = next(c for c in typer.BadParameter.__mro__ if c.__name__ == "ClickException")


def _print_version(requested: bool) -> None:
    if requested:
        typer.echo(VERSION)
        raise typer.Exit


def build(names: tuple[str, ...]) -> typer.Typer:
    """Return the application with the named commands."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True, help=SUMMARY,
                      rich_markup_mode=None)

    @app.callback()
    def root(version: Annotated[bool, typer.Option("--version", callback=_print_version, is_eager=True,
                                                   help="Print the version and leave.")] = False) -> None:
        pass

    for name in names:
        module = importlib.import_module(f"skyshield.cli.{name}")
        app.add_typer(module.app)  # an application without a name lends its commands, one with a name is a group
    return app


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line and leave with its exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    if os.environ.get(ASKED):
        _complete(words)
    sys.exit(_guarded(words))


def _complete(words: list[str]) -> NoReturn:
    """Answer a shell that asks what the last word may become; whatever goes wrong, a shell hears nothing of it."""
    with contextlib.suppress(Exception):
        sys.stdout.write("".join(f"{word}\n" for word in complete(words, build, COMMANDS)))
        sys.stdout.flush()
    sys.exit(0)


def _guarded(words: list[str]) -> int:
    try:
        _open_streams()
        return _dispatch(words)
    except SkyShieldError as error:
        return _fail(error)
    except _USAGE_ERROR as error:
        return _fail(_usage(error, words))
    except (KeyboardInterrupt, typer.Abort):
        _fail(SkyShieldError("skyshield", "interrupted", "run the same command again, a study with --out goes on"))
        return INTERRUPTED
    except (BrokenPipeError, SystemExit):  # rich leaves by SystemExit when the reader of a pipe has gone
        _forget_output()
        return 0
    except (OSError, MemoryError) as error:
        where = getattr(error, "filename", None)
        return _fail(machine_error(str(where or "skyshield"), error))
    except Exception as error:  # a defect of ours, still told in one line  # noqa: BLE001
        return _fail(SkyShieldError("skyshield", f"internal error ({type(error).__name__}: {error})",
                                    "report it with the command and SKYSHIELD_TRACEBACK=1", FAILED))


def _open_streams() -> None:
    """Write UTF-8 to files and pipes whatever the locale; a terminal shows what it can."""
    if sys.stdout is None:
        raise SkyShieldError("standard output", "is closed", "leave it open or send it to a file", MACHINE)
    if isinstance(sys.stdout, io.TextIOWrapper):
        if sys.stdout.isatty():
            sys.stdout.reconfigure(errors="replace")
        else:
            sys.stdout.reconfigure(encoding="utf-8", errors="replace")


def _dispatch(words: list[str]) -> int:
    """Run the command asked for; not through typer's own main, which swallows interrupts and closed pipes."""
    requested = tuple(w for w in words[:1] if w in COMMANDS)
    command = typer.main.get_command(build(requested or COMMANDS))
    code = 0
    try:
        with command.make_context("skyshield", list(words)) as context:
            command.invoke(context)
    except typer.Exit as done:
        code = done.exit_code
    except _USAGE_ERROR as error:
        if type(error).__name__ != "NoArgsIsHelpError":
            raise
        typer.echo(str(error))
        raise SkyShieldError(_path(error, words), "no command is given", "choose one of those listed") from None
    sys.stdout.flush()
    _tell_cache_fault()
    return code


def _tell_cache_fault() -> None:
    """Say in one line if what this process compiled is lost; the compiler is asked only if it was loaded."""
    compiler = sys.modules.get("skyshield.core.jit")
    fault = None if compiler is None else compiler.cache_fault()
    if fault is not None:
        typer.echo(f"note: {fault}", err=True)


def _path(error: BaseException, words: list[str]) -> str:
    context = getattr(error, "ctx", None)
    if context is not None:
        return str(context.command_path)
    return " ".join(("skyshield", *(w for w in words[:1] if w in COMMANDS)))


def _usage(error: BaseException, words: list[str]) -> SkyShieldError:
    message = error.format_message() if hasattr(error, "format_message") else str(error)
    path = _path(error, words)
    return SkyShieldError(path, message.strip().rstrip("."), f"see '{path} --help'", BAD_INPUT)


def _fail(error: SkyShieldError) -> int:
    if os.environ.get("SKYSHIELD_TRACEBACK") == "1":
        import traceback

        traceback.print_exc()
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        _forget_output()
    with contextlib.suppress(OSError, ValueError, AttributeError):  # nobody listens: the exit code still tells
        sys.stderr.write(f"error: {one_line(str(error), limit=1000)}\n")
        sys.stderr.flush()
    return error.exit_code if error.exit_code in (FAILED, BAD_INPUT, MACHINE) else FAILED


def _forget_output() -> None:
    """Let what is still buffered go nowhere, so that leaving does not complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
