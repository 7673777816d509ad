"""`theatrum demo`: the whole road on both sample cases."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "demo",
        help="plan both sample cases and write everything",
        description="Makes the sample cases, plans them, and writes cases, reports, printable models and pictures.",
        epilog="example: theatrum demo -o out",
    )
    parser.add_argument("-o", "--output", type=Path, default=Path("out"), metavar="DIR")
    parser.add_argument("--force", action="store_true", help="replace the files of an earlier demo")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    parser.add_argument("--quiet", action="store_true", help="no progress")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the demo and say where its files are."""
    from app.console import ConsoleProgress, print_json
    from app.demo import run_demo

    progress = ConsoleProgress(arguments.quiet)
    content = run_demo(arguments.output, force=arguments.force, progress=progress)
    progress.close()
    if arguments.json:
        print_json("demo", content)
        return 0
    for case in content["cases"]:
        print(case["case"])
        for file in case["files"]:
            print(f"  {file}")
    return 0
