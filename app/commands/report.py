"""`theatrum report`: the case's plans as a PDF, a web page, a table or JSON."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "report",
        help="plans as .pdf, .html, .csv or .json",
        description="Pictures, numbers, definitions and provenance of one or more plans. Without --plan: all plans.",
        epilog="example: theatrum report patient.theatrum -o report.pdf --plan tavr",
    )
    parser.add_argument("case", type=Path, metavar="CASE")
    parser.add_argument("-o", "--output", required=True, type=Path, metavar="OUT.pdf")
    parser.add_argument("--plan", action="append", metavar="NAME", help="may be given several times")
    parser.add_argument("--force", action="store_true", help="replace an existing file")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    parser.add_argument("--quiet", action="store_true", help="no progress")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the report and name it."""
    from app.console import print_json, print_warnings
    from app.report.write import write_report
    from app.went_out import noted_by_command, what_of
    from planning.case.document import Document

    with Document.open(arguments.case, read_only=True, beside=True) as document:
        content = write_report(document, arguments.plan, arguments.output, force=arguments.force)
    content["warnings"] = [*content["warnings"], *noted_by_command(arguments.case, what_of("report", arguments.output))]
    if arguments.json:
        print_json("report", content)
        return 0
    for file in content["files"]:
        print(file)
    print_warnings(content["warnings"])
    return 0
