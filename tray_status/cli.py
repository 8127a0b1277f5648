"""Where the program begins and ends: signals first, then all else; the only user of `sys.exit`.

Importing this loads next to nothing, so that from its first moments on a signal never ends in a traceback.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from .system.signals import obey_signals, remember_signals

INTERRUPTED = 130
"""What shells expect of a command that Ctrl+C ended."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the program. Exits with the contract's codes."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    if given[:1] in (["prompt"], ["completion-pages"]):
        sys.exit(_at_once(given[0], given[1:]))
    remember_signals()
    code = run(arguments, entered=True)
    remember_signals()  # whoever is impatient gets no traceback for it
    sys.exit(code)


def _at_once(command: str, arguments: Sequence[str]) -> int:
    """What a shell asks for at each prompt, or key: next to nothing is loaded for it."""
    try:
        if command == "prompt":
            from .prompt import main as answer
        else:
            from .completing import main as answer
        return answer(arguments)
    except KeyboardInterrupt:
        return INTERRUPTED


def run(arguments: Sequence[str] | None = None, *, entered: bool = False) -> int:
    """Run the program and return its exit code.

    `entered` says that this is the whole process, whose signals may be handled.
    """
    _mend_streams()
    code = _code(arguments, entered)
    if (trouble := _let_go()) is not None and code == 0:
        from .errors import NotPrinted

        return _fail(NotPrinted(f"standard output cannot be written to: {trouble}"), 1)
    return code


def _code(arguments: Sequence[str] | None, entered: bool) -> int:
    from .errors import TrayStatusError, UsageError

    try:
        return _run(sys.argv[1:] if arguments is None else arguments, entered)
    except SystemExit as ended:  # argparse: 0 for help, 2 for wrong options
        return ended.code if isinstance(ended.code, int) else 0
    except KeyboardInterrupt:
        return INTERRUPTED
    except UsageError as error:
        return _fail(error, 2)
    except TrayStatusError as error:
        return _fail(error, 1)
    except BrokenPipeError:
        return 0  # whoever read our output has gone


def _run(arguments: Sequence[str], entered: bool) -> int:
    from .commands.arguments import environment_of, parse
    from .commands.printing import configure_logging
    from .config.file import home_problem
    from .errors import UsageError
    from .system.folders import HOME_VARIABLE

    options = parse(list(arguments))
    configure_logging(options.verbose)
    environment = environment_of(options, os.environ)
    if options.run is not None:
        if entered:
            obey_signals()
        if problem := home_problem(environment.get(HOME_VARIABLE)):
            source = "--home" if options.home else HOME_VARIABLE
            raise UsageError(f"{source}: {problem}; name a folder, which may be one that is not there yet")
        return int(options.run(options, environment))
    from . import app

    return app.run(options, environment)


def _fail(error: Exception, code: int) -> int:
    """Say the one line that a person gets of an error; where nobody can be told, the code has to do."""
    from .commands.printing import note

    note(f"tray-status: {error}")
    return code


def _mend_streams() -> None:
    """A stream that was closed before the program began goes nowhere; what one cannot show fails nothing."""
    if os.name == "posix":
        # Or the next file to be opened, such as the history, would become what is printed to.
        while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
            os.set_inheritable(number, True)
        os.close(number)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - as long as the process
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _let_go() -> str | None:
    """What cannot be written now goes nowhere, so that Python's own flush at the end does not fail either.

    Says why standard output could not be written to, where that was not for want of a reader.
    """
    trouble = None
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError) as error:
            if stream is sys.stdout and isinstance(error, OSError) and not isinstance(error, BrokenPipeError):
                trouble = error.strerror or str(error)
            try:
                void = os.open(os.devnull, os.O_WRONLY)
                os.dup2(void, stream.fileno())
                os.close(void)
            except (OSError, ValueError):
                pass
    return trouble
