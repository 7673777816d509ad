"""`theatrum series`: what is in a folder tree, zip, DICOMDIR or file, without importing."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "series",
        help="what is in a folder, zip, DICOMDIR or file",
        description="Lists the series found, their geometry and problems, without importing anything.",
        epilog="example: theatrum series ~/scans/disc1 --json",
    )
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    parser.add_argument("--quiet", action="store_true", help="no progress")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Scan and list."""
    from app.console import ConsoleProgress, print_json, print_rows
    from planning.dicom.scan import scan

    progress = ConsoleProgress(arguments.quiet)
    found = scan(arguments.paths, progress=progress, thumbnails=False)
    progress.close()
    if arguments.json:
        print_json(
            "series",
            {
                "series": [series.as_json() for series in found.series],
                "skipped": [{"file": str(item.file), "reason": item.reason} for item in found.skipped],
                "warnings": [finding.as_json() for finding in found.findings],
            },
        )
        return 0
    rows: list[tuple[str, ...]] = [("series", "kind", "files", "size", "spacing mm", "phases", "usable")]
    for series in found.series:
        size = "×".join(str(n) for n in series.size_ijk)
        spacing = "–" if series.spacing_mm is None else "×".join(f"{value:.3g}" for value in series.spacing_mm)
        rows.append(
            (
                f"{series.index}  {series.modality}  {series.description}",
                series.kind,
                str(series.file_count),
                size,
                spacing,
                str(series.phases),
                "yes" if series.importable else "no",
            )
        )
    print_rows(rows)
    for series in found.series:
        for problem in series.problems:
            print(f"  {series.index}: {problem.text}")
    for item in found.skipped:
        print(f"skipped {item.file}: {item.reason}")
    return 0
