"""`theatrum selftest`: does this installation measure and draw as it should?"""

from __future__ import annotations

import argparse
from typing import Any


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "selftest",
        help="check this installation against known truth",
        description="Geometry, decoders, measurements on phantoms, a rendered picture read back, inference, disk.",
        epilog="example: theatrum selftest --json",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run all checks; 1 when one fails."""
    from app.console import print_json
    from app.selftest import run_checks

    content = run_checks()
    if arguments.json:
        print_json("selftest", content)
    else:
        for check in content["checks"]:
            word = "ok  " if check["ok"] else "FAIL"
            print(f"{word}  {check['name']:<28} {check['seconds']:6.2f} s  {check['detail']}")
    return 0 if content["ok"] else 1
