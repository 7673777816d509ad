"""The command line: parses, calls, and is the only place that prints errors."""

from __future__ import annotations

import argparse
import importlib
import io
import re
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from planning.errors import Cancelled, InputError, TheatrumError, UsageError
from planning.files.place import system_refusal
from planning.provenance import APPLICATION_VERSION

COMMANDS = (
    "series",
    "importing",
    "info",
    "labels",
    "export",
    "tavr",
    "vessel",
    "liver",
    "kidney",
    "printing",
    "cut_guide",
    "pictures",
    "patient_page",
    "report",
    "segment",
    "guide",
    "models",
    "pacs",
    "dicom",
    "navigate",
    "deidentify",
    "case",
    "demo",
    "selftest",
    "gui",
    "tour",
)

DESCRIPTION = "Surgical planning from a CT: heart, vessels, liver. Research use only, not a medical device."


class _Parser(argparse.ArgumentParser):
    """argparse whose errors are one line, as all of ours are."""

    def error(self, message: str) -> None:  # type: ignore[override]
        sys.stderr.write(f"theatrum: error: {message}{'' if message.endswith('?') else '.'} See {self.prog} --help.\n")
        raise SystemExit(2)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:  # type: ignore[override]
        """What a command does not know is refused by that command, the nearest option offered."""
        found, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.error(self._about(unknown))
        return found, unknown

    def _about(self, unknown: list[str]) -> str:
        from difflib import get_close_matches

        option = next((one.partition("=")[0] for one in unknown if one.startswith("--")), None)
        if option is None:
            return f"unrecognized arguments: {' '.join(unknown)}"
        near = get_close_matches(option, self._option_string_actions, n=1)
        return f"unknown option {option}" + (f", did you mean {near[0]}?" if near else "")


def build_parser() -> argparse.ArgumentParser:
    """The parser with every command of the contract; imports nothing heavy."""
    parser = _Parser(prog="theatrum", description=DESCRIPTION)
    parser.add_argument("--version", action="version", version=f"theatrum {APPLICATION_VERSION}")
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", required=True, parser_class=_Parser)
    for name in COMMANDS:
        importlib.import_module(f"app.commands.{name}").add_parser(subparsers)
    _add_passphrases(parser)
    return parser


def _add_passphrases(parser: argparse.ArgumentParser, *, below_case: bool = False) -> None:
    """Every command that opens a case can be told its pass-phrase in the same way, before its action and after it."""
    from app.passphrase import add_option

    positionals = {action.dest: action.metavar for action in parser._actions if not action.option_strings}
    opens_case = "case" in positionals or positionals.get("path") == "CASE_OR_PATH"
    if opens_case or below_case:
        add_option(parser, is_said_above=not opens_case)
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for child in set(action.choices.values()):
                _add_passphrases(child, below_case=opens_case or below_case)


def join_negative_values(arguments: list[str]) -> list[str]:
    """ "--from -1,2,3" as "--from=-1,2,3": argparse would take a value that begins with a minus for an option."""
    joined: list[str] = []
    for argument in arguments:
        is_value = re.match(r"-[\d.]", argument) and joined and re.fullmatch(r"--[a-z][a-z-]*", joined[-1])
        if is_value:
            joined[-1] += f"={argument}"
        else:
            joined.append(argument)
    return joined


class _Stop:
    """What a stop signal does. asked: one came while the command ran."""

    asked = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        self.asked = True
        raise Cancelled("stopped")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the answer is the exit code of the contract."""
    # a spawned child of the installed program starts here again and must go on as a child
    import multiprocessing

    multiprocessing.freeze_support()
    for stream in (sys.stdout, sys.stderr):
        # JSON is UTF-8 whatever the terminal's locale; a character it lacks must not end a command
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    given = join_negative_values(list(sys.argv[1:] if arguments is None else arguments))
    try:
        parsed = build_parser().parse_args(given)
    except SystemExit as stop:
        return int(stop.code or 0)
    if "" in given and _names_here(parsed):
        return _say("The name of a file is empty", f"Name it, see theatrum {given[0]} --help", 2)
    return _run(parsed)


def _names_here(parsed: argparse.Namespace) -> bool:
    """True where a path is the folder that the program runs in: an empty name would be that, unasked."""
    values = (value if isinstance(value, list) else [value] for value in vars(parsed).values())
    return any(isinstance(one, Path) and one == Path() for several in values for one in several)


def _run(parsed: argparse.Namespace) -> int:
    stop = _Stop()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    try:
        if hasattr(parsed, "passphrase_file"):
            from app.passphrase import install

            install(parsed)
        return int(parsed.run(parsed) or 0)
    except (InputError, UsageError) as error:
        return _say(error.what, error.hint, error.exit_code)
    except (Cancelled, KeyboardInterrupt):
        sys.stderr.write("theatrum: stopped\n")
        return Cancelled.exit_code
    except BrokenPipeError:
        # the reader went away (`theatrum … | head`); there is nobody left to tell
        sys.stderr.close()
        return 0
    except TheatrumError as error:
        return _say(str(error), "", error.exit_code)
    except UnicodeEncodeError as error:
        # a name whose bytes are no letters here; a case and its texts hold letters only
        if "surrogates" not in error.reason:
            return _report_bug()
        return _say("A name holds letters that cannot be read here", "Rename it, or use a UTF-8 locale", 2)
    except OSError as error:
        output = getattr(parsed, "output", None) or getattr(parsed, "screenshot", None)
        refused = system_refusal(error, output if isinstance(output, Path) else None)
        return _say(refused.what, refused.hint, refused.exit_code) if refused is not None else _report_bug()
    except MemoryError:
        # what was begun is taken back by now, as for any other error
        return _say("There is too little memory for this", "Close other programs and try again", 3)
    except Exception:
        if stop.asked:
            # a module that was being loaded in that moment makes an ImportError of the stop
            sys.stderr.write("theatrum: stopped\n")
            return Cancelled.exit_code
        return _report_bug()


def _say(what: str, hint: str, code: int) -> int:
    line = " ".join(f"{what.rstrip('.')}. {hint}".split())
    # a file's name may hold what a terminal obeys
    line = "".join(letter if letter.isprintable() else "?" for letter in line)
    if not line.endswith((".", "!", "?")):
        line += "."
    sys.stderr.write(f"theatrum: error: {line}\n")
    return code


def _report_bug() -> int:
    import logging

    from app.log import start_log
    from app.paths import log_file

    try:
        start_log()
        place = f"The log is in {log_file()}"
    except (OSError, InputError):
        place = "No log can be written"
    logging.getLogger("app.cli").exception("a command stopped unexpectedly")
    sys.stderr.write(f"theatrum: error: Theatrum stopped unexpectedly. {place}.\n")
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
