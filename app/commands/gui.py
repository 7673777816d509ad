"""`theatrum gui`: the window, or a picture of it in a named state."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.console import window_size

STATES = (
    "start",
    "browser",
    "archive",
    "views",
    "tavr",
    "valve",
    "projections",
    "vessel",
    "liver",
    "compare",
    "segment",
    "print",
    "models",
    "strokes",
    "report",
    "send",
    "shortcuts",
)


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "gui",
        help="the window",
        description="Opens the window, on a case or a scan when one is named. With --screenshot it saves what a person "
        "would see and ends.",
        epilog="example: theatrum gui patient.theatrum --screenshot liver.png --state liver --size 1280x800",
    )
    parser.add_argument("path", nargs="?", type=Path, metavar="CASE_OR_PATH")
    parser.add_argument("--samples", action="store_true", help="make the sample cases and open the heart")
    parser.add_argument("--screenshot", type=Path, metavar="OUT.png")
    parser.add_argument("--state", choices=STATES, help="what the picture shows (default: start, or views for a case)")
    parser.add_argument("--size", type=window_size, default=(1280, 800), metavar="1280x800")
    parser.add_argument("--scale", type=float, choices=(1.0, 1.25, 1.5, 1.75, 2.0), default=1.0)
    parser.add_argument("--theme", choices=("dark", "light"), help="default: the one in the settings; dark in pictures")
    parser.add_argument("--force", action="store_true", help="replace an existing picture")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Open the window and stay, or take the picture."""
    from app.launch import prepare_display, run_window
    from planning.errors import InputError

    path = arguments.path
    if path is not None and not path.exists():
        raise InputError(f"{path} is not there", "Check the path", "not_there")
    out = arguments.screenshot
    if out is not None:
        if out.exists() and not arguments.force:
            raise InputError(f"{out.name} exists already", "Choose another name or use --force", "exists")
        if not out.parent.is_dir():
            raise InputError(f"The folder of {out.name} does not exist", "Make it first", "no_folder")
    prepare_display(needs_person=out is None, scale=arguments.scale if out is not None else None)
    if out is None:
        return run_window(path, arguments.theme, samples=arguments.samples)
    from app.window_states import save_screenshot

    state = arguments.state or ("views" if path is not None else "start")
    save_screenshot(out, state, path, arguments.size, arguments.theme or "dark")
    print(out)
    return 0
