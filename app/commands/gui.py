"""`theatrum gui`: the window."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("gui", help="the window")
    parser.add_argument("path", nargs="?", type=Path, metavar="CASE_OR_PATH")
    parser.add_argument("--samples", action="store_true", help="make the sample cases and open one")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Open the window."""
    from app.workstation import open_window

    return open_window(arguments.path)
