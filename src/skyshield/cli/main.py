"""The ``skyshield`` command: dispatch, and one shape for every error.

Only the module of the command asked for is imported (all of them for ``--help``), and each imports what it
needs inside its function, so that help is instant. Whatever goes wrong leaves one line on standard error:
``error: WHERE: WHAT; HOW TO MEND``.
"""

import importlib
import os
import sys
from typing import Annotated, Any, NoReturn

import typer

from skyshield.core.errors import BAD_INPUT, FAILED, MACHINE, SkyShieldError, machine_error, one_line
from skyshield.version import VERSION

COMMANDS = ("run", "compare", "record", "scenario", "catalogue")
INTERRUPTED = 130
SUMMARY = """Judge how Europe could protect Ukraine's skies: play air-protection zones on the public raid record.

Example: skyshield run --out study

Policy analysis on public data. Set SKYSHIELD_TRACEBACK=1 to see where in the program an error arose.
"""

_USAGE_ERROR: type[BaseException] = next(c for c in typer.BadParameter.__mro__ if c.__name__ == "ClickException")


def build(names: tuple[str, ...]) -> typer.Typer:
    """Return the application with the named commands."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True, help=SUMMARY,
                      rich_markup_mode=None)

    @app.callback()
    def root(version: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False) -> None:
        pass

    for name in names:
        module = importlib.import_module(f"skyshield.cli.{name}")
        app.add_typer(module.app)  # an application without a name lends its commands, one with a name is a group
    return app


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line and leave with its exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    sys.exit(_guarded(words))


def _guarded(words: list[str]) -> int:
    if words == ["--version"]:
        typer.echo(VERSION)
        return 0
    try:
        return _dispatch(words)
    except SkyShieldError as error:
        return _fail(error)
    except _USAGE_ERROR as error:
        return _fail(_usage(error))
    except (KeyboardInterrupt, typer.Abort):
        _fail(SkyShieldError("skyshield", "interrupted", "run the same command again; a study with --out goes on"))
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (OSError, MemoryError) as error:
        where = getattr(error, "filename", None)
        return _fail(machine_error(str(where or "skyshield"), error))
    except Exception as error:  # a defect of ours, still told in one line  # noqa: BLE001
        return _fail(SkyShieldError("skyshield", f"internal error ({type(error).__name__}: {error})",
                                    "report it with the command and SKYSHIELD_TRACEBACK=1", FAILED))


def _dispatch(words: list[str]) -> int:
    asked = tuple(w for w in words[:1] if w in COMMANDS)
    command = typer.main.get_command(build(asked or COMMANDS))
    result: Any = command.main(args=words, prog_name="skyshield", standalone_mode=False)
    sys.stdout.flush()
    return result if isinstance(result, int) else 0


def _usage(error: BaseException) -> SkyShieldError:
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "skyshield"
    message = error.format_message() if hasattr(error, "format_message") else str(error)
    if type(error).__name__ == "NoArgsIsHelpError":
        typer.echo(message)
        return SkyShieldError(command, "no command is given", "choose one of those listed", BAD_INPUT)
    return SkyShieldError(command, message.strip().rstrip("."), f"see '{command} --help'", BAD_INPUT)


def _fail(error: SkyShieldError) -> int:
    if os.environ.get("SKYSHIELD_TRACEBACK") == "1":
        import traceback

        traceback.print_exc()
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.stderr.write(f"error: {one_line(str(error), limit=1000)}\n")
    return error.exit_code if error.exit_code in (FAILED, BAD_INPUT, MACHINE) else FAILED
