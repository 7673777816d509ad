"""`theatrum tour`: the whole job in the real window by events on its widgets, with a picture at each step."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.console import window_size


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "tour",
        help="the whole job in the real window, pictured step by step",
        description="Drives the window through opening, looking, structures, planning, report and print by mouse and "
        "keys on its widgets, on copies of the sample cases, and saves a picture at each step.",
        epilog="example: theatrum tour -o pictures",
    )
    parser.add_argument("-o", "--output", required=True, type=Path, metavar="DIR")
    parser.add_argument("--size", type=window_size, default=(1280, 800), metavar="1280x800")
    parser.add_argument("--force", action="store_true", help="replace existing pictures")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Drive the window and tell what was saved."""
    from app.console import print_json
    from app.launch import prepare_display

    prepare_display(needs_person=False, scale=None)
    from app.tour import run_tour

    steps = run_tour(arguments.output, size=arguments.size, force=arguments.force)
    if arguments.json:
        print_json("tour", {"steps": [{"name": name, "file": str(file)} for name, file in steps]})
        return 0
    for name, file in steps:
        print(f"{file}  {name}")
    return 0
