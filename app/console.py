"""What the commands share at the terminal: arguments in, JSON, tables and progress out."""

from __future__ import annotations

import argparse
import json
import math
import re
import signal
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from planning.errors import UsageError
from planning.naming import MOST_LETTERS

if TYPE_CHECKING:
    from planning.case.commands import Command
    from planning.case.document import Document

Point = tuple[float, float, float]
# a length of the square of which no more can be told is no place and no direction
FARTHEST = 1e9
# as people write it: Python itself would read "1_5" as fifteen
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)


def _numbers(text: str, count: int, what: str) -> tuple[float, ...]:
    parts = text.replace("−", "-").split(",")
    values = tuple(float(part) for part in parts if NUMBER.fullmatch(part.strip()))
    if any(abs(value) >= FARTHEST for value in values):
        raise argparse.ArgumentTypeError(f"a number is too large, got {text!r}")
    if not len(values) == len(parts) == count:
        raise argparse.ArgumentTypeError(f"{what}, got {text!r}")
    return values


def point(text: str) -> Point:
    """ "x,y,z" in LPS mm. Raises ArgumentTypeError for anything else."""
    x, y, z = _numbers(text, 3, "a point is x,y,z in millimetres")
    return x, y, z


def points(count: int) -> Any:
    """A parser of `count` points separated by blanks."""

    def parse(text: str) -> tuple[Point, ...]:
        found = tuple(point(part) for part in text.split())
        if len(found) != count:
            raise argparse.ArgumentTypeError(f"{count} points x,y,z separated by blanks are needed, got {len(found)}")
        return found

    return parse


def some_points(text: str) -> tuple[Point, ...]:
    """Any number of points separated by blanks, at least one."""
    return tuple(point(part) for part in text.split()) or (point(text),)


def plane(text: str) -> tuple[float, ...]:
    """ "px,py,pz,nx,ny,nz": six finite numbers. A zero normal is an input error of the command, not of the call."""
    return _numbers(text, 6, "a plane is px,py,pz,nx,ny,nz")


def names(text: str) -> tuple[str, ...]:
    """Names separated by commas, blanks around them dropped."""
    found = tuple(part.strip() for part in text.split(",") if part.strip())
    if not found:
        raise argparse.ArgumentTypeError("at least one name is needed")
    return found


def positive(text: str) -> float:
    """A finite number above zero."""
    (value,) = _numbers(text, 1, "a number above zero is needed")
    if value <= 0:
        raise argparse.ArgumentTypeError(f"a number above zero is needed, got {text!r}")
    return value


def whole(text: str) -> int:
    """A whole number."""
    (value,) = _numbers(text, 1, "a whole number is needed")
    if not value.is_integer():
        raise argparse.ArgumentTypeError(f"a whole number is needed, got {text!r}")
    return int(value)


def finite(text: str) -> float:
    """A finite number."""
    (value,) = _numbers(text, 1, "a number is needed")
    return value


def plan_name(text: str) -> str:
    """A name that can stand in one line of a list or report."""
    name = text.strip()
    if not name or not name.isprintable():
        raise argparse.ArgumentTypeError(f"a name of printable characters is needed, got {text!r}")
    if len(name) > MOST_LETTERS:
        raise argparse.ArgumentTypeError(f"a name has {MOST_LETTERS} letters at most, this one has {len(name)}")
    return name


def bed(text: str) -> tuple[float, ...]:
    """ "x,y,z": the printer's size in mm, each above zero."""
    values = _numbers(text, 3, "a bed is x,y,z in millimetres")
    if min(values) <= 0:
        raise argparse.ArgumentTypeError(f"a bed needs sizes above zero, got {text!r}")
    return values


def window_size(text: str) -> tuple[int, int]:
    """ "1280x800": width and height in logical pixels, 640 … 8000."""
    width, _, height = text.lower().partition("x")
    if not (width.isdecimal() and height.isdecimal()) or not all(640 <= int(n) <= 8000 for n in (width, height)):
        raise argparse.ArgumentTypeError(f"a size is WIDTHxHEIGHT like 1280x800, got {text!r}")
    return int(width), int(height)


def plain_json(value: Any) -> Any:
    """JSON values only: numpy numbers and arrays become Python's, NaN and Infinity become null."""
    if isinstance(value, dict) or hasattr(value, "items"):
        return {str(key): plain_json(item) for key, item in value.items()}
    if hasattr(value, "tolist"):
        return plain_json(value.tolist())
    if isinstance(value, (list, tuple)):
        return [plain_json(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def actions_of(parser: argparse.ArgumentParser) -> Callable[..., argparse.ArgumentParser]:
    """Who adds an action with --json to a command that has several: (name, help text, description or the help text)."""
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True, parser_class=type(parser))

    def action(name: str, help_text: str, description: str = "") -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = actions.add_parser(name, help=help_text, description=description or help_text)
        made.add_argument("--json", action="store_true", help="one JSON object on stdout")
        made.set_defaults(action=name)
        return made

    return action


def keep(document: Document, command: Command) -> None:
    """Put a step into the case. From here on a stop is too late: the command ends as done in a moment, and says so."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    document.do(command)


def print_json(command: str, content: dict[str, Any]) -> None:
    """Exactly one JSON object on stdout, with the contract's schema first and warnings always there."""
    whole = {"schema": f"theatrum.{command}/1", **content}
    whole.setdefault("warnings", [])
    sys.stdout.write(json.dumps(plain_json(whole), ensure_ascii=False, allow_nan=False) + "\n")


def print_rows(rows: Iterable[Sequence[str]]) -> None:
    """Aligned columns: the first to the left, the others to the right."""
    table = [[str(cell) for cell in row] for row in rows]
    if not table:
        return
    widths = [max(len(row[n]) for row in table if n < len(row)) for n in range(max(map(len, table)))]
    for row in table:
        cells = [cell.ljust(width) if n == 0 else cell.rjust(width) for n, (cell, width) in enumerate(zip(row, widths))]
        sys.stdout.write("  ".join(cells).rstrip() + "\n")


def print_pairs(pairs: Sequence[tuple[str, str]]) -> None:
    """A name and what is said of it on each line; sentences, unlike numbers, start below each other."""
    width = max(len(name) for name, _ in pairs)
    for name, value in pairs:
        sys.stdout.write(f"{name.ljust(width)}  {value}\n")


def print_warnings(warnings: Iterable[dict[str, str]]) -> None:
    """One line each, after the numbers, on stderr; with the plan's name in front where the warning says one."""
    for warning in warnings:
        whose = f"{warning['plan']}: " if "plan" in warning else ""
        sys.stderr.write(f"look here: {whose}{warning['text']}\n")


def text_number(value: float | None, unit: str, digits: int = 1, plus_minus: float | None = None) -> str:
    """ "476 mm² ± 9", or "–" where there is no number."""
    if value is None:
        return "–"
    uncertain = "" if plus_minus is None else f" ± {plus_minus:.{digits}f}"
    return f"{value:.{digits}f} {unit}{uncertain}".strip()


class ConsoleProgress:
    """Progress on stderr: a bar on a terminal, a line each quarter elsewhere, nothing when quiet."""

    def __init__(self, quiet: bool) -> None:
        self._quiet = quiet
        self._terminal = sys.stderr.isatty()
        self._last_time = 0.0
        self._last_quarter = -1
        self._last_text = ""
        self._drawn = False

    def __call__(self, fraction: float, text: str = "") -> None:
        """Tell; cheap enough to be called for every slice."""
        if self._quiet:
            return
        text = text or self._last_text
        if self._terminal:
            now = time.monotonic()
            if now - self._last_time < 0.1 and fraction < 1.0 and text == self._last_text:
                return
            self._last_time, self._last_text, self._drawn = now, text, True
            filled = round(24 * min(max(fraction, 0.0), 1.0))
            sys.stderr.write(f"\r{text[:48]:<48} {'█' * filled}{'░' * (24 - filled)} {fraction * 100:3.0f} %")
            sys.stderr.flush()
            return
        quarter = int(fraction * 4)
        # a count in the text changes with every file; a line for each would drown the rest
        stem = "".join(letter for letter in text if not letter.isdigit())
        if stem != self._last_text or quarter != self._last_quarter:
            self._last_text, self._last_quarter = stem, quarter
            sys.stderr.write(f"{text} {fraction * 100:.0f} %\n")

    def close(self) -> None:
        """Leave the terminal's line clean."""
        if self._drawn:
            sys.stderr.write("\r" + " " * 80 + "\r")
            sys.stderr.flush()
            self._drawn = False


def refuse_later(feature: str) -> UsageError:
    """The answer to what the contract names but this version does not do yet."""
    return UsageError(f"{feature} is not part of this version of Theatrum", "A later version brings it")
