"""`theatrum patient-page`: the case in 3D for the patient: one file that any browser opens, and a turning film."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.console import names

LANGUAGES = ("en", "de")


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "patient-page",
        help="a 3D page in plain words for the patient, and a turning film",
        description="Writes one HTML file that opens without internet, from a USB stick too: the structures in 3D with "
        "names in plain words, to turn, zoom and look through; still pictures where a browser has no 3D. No identifiers "
        "are written. With --movie a film of one turn as well, or alone without -o.",
        epilog="example: theatrum patient-page patient.theatrum -o page.html --plan A --language de --movie turn.webp",
    )
    parser.add_argument("case", type=Path, metavar="CASE")
    parser.add_argument("-o", "--output", type=Path, metavar="OUT.html")
    parser.add_argument("--movie", type=Path, metavar="OUT.gif", help=".gif or .webp: one turn in 8 s")
    parser.add_argument(
        "--structures", type=names, action="extend", metavar="NAMES", help="default: all, or those of the plan"
    )
    parser.add_argument("--plan", metavar="NAME", help="show what a liver plan removes and what stays")
    parser.add_argument("--language", choices=LANGUAGES, default="en", help="of the page (default: en)")
    parser.add_argument("--force", action="store_true", help="replace existing files")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    parser.add_argument("--quiet", action="store_true", help="no progress")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Mesh, simplify, draw, write, tell."""
    from app.console import ConsoleProgress, print_json, print_warnings
    from app.patient.write import write_patient
    from app.went_out import noted_by_command, what_of
    from planning.case.document import Document

    progress = ConsoleProgress(arguments.quiet)
    with Document.open(arguments.case, read_only=True, beside=True) as document:
        content = write_patient(
            document,
            arguments.output,
            film=arguments.movie,
            structures=arguments.structures,
            plan=arguments.plan,
            language=arguments.language,
            force=arguments.force,
            progress=progress,
        )
    progress.close()
    for path in filter(None, (arguments.output, arguments.movie)):
        noted = noted_by_command(arguments.case, what_of("page for the patient", path))
        content["warnings"] = [*content["warnings"], *noted]
    if arguments.json:
        print_json("patient-page", content)
        return 0
    for file in content["files"]:
        print(file)
    print(f"shapes simplified by at most {content['tolerance_mm']:.2f} mm")
    print_warnings(content["warnings"])
    return 0
