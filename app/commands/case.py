"""`theatrum case`: look after a case file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.console import refuse_later


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "case",
        help="verify a case file",
        description="verify reads every byte of a case and compares it with its hashes. recover, encrypt and decrypt "
        "come with a later version.",
        epilog="example: theatrum case verify patient.theatrum",
    )
    parser.add_argument("action", choices=("verify", "recover", "encrypt", "decrypt"))
    parser.add_argument("case", type=Path, metavar="CASE")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Verify; a damaged case is an input that cannot be used (3)."""
    from app.console import print_json
    from planning.case.verify import verify_case

    if arguments.action != "verify":
        raise refuse_later(f"theatrum case {arguments.action}")
    told = verify_case(arguments.case)
    if arguments.json:
        print_json("case", {"case": str(arguments.case), "ok": True, **told})
    else:
        print(f"{arguments.case.name} is whole")
    return 0
