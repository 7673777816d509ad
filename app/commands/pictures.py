"""`theatrum pictures`: a liver plan's views for the operating room, and a page for the theatre's screen."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "pictures",
        help="a liver plan's views for the operating room",
        description="Writes large pictures of a liver plan into a folder: from the front, from below, onto each cut, to the "
        "tumour by the shortest way, the vessels that are divided, the parts moved apart; and theatre.png and theatre.pdf, "
        "a page in huge type for the screen in the theatre. No identifiers are written on them.",
        epilog="example: theatrum pictures patient.theatrum pictures-A --plan A",
    )
    parser.add_argument("case", type=Path, metavar="CASE")
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--plan", required=True, metavar="NAME")
    parser.add_argument("--force", action="store_true", help="replace existing files")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    parser.add_argument("--quiet", action="store_true", help="no progress")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Draw and name the files."""
    from app.console import ConsoleProgress, print_json, print_warnings
    from app.report.theatre import write_pictures
    from app.went_out import noted_by_command, what_of
    from planning.case.document import Document

    progress = ConsoleProgress(arguments.quiet)
    with Document.open(arguments.case, read_only=True, beside=True) as document:
        content = write_pictures(document, arguments.plan, arguments.folder, force=arguments.force, progress=progress)
    progress.close()
    noted = noted_by_command(arguments.case, what_of("pictures of a plan", arguments.folder))
    content["warnings"] = [*content["warnings"], *noted]
    if arguments.json:
        print_json("pictures", content)
        return 0
    for file in content["files"]:
        print(file)
    print_warnings(content["warnings"])
    return 0
