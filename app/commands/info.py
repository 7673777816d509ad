"""`theatrum info`: what a case holds."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "info",
        help="what a case holds",
        description="Images, structures and plans of a case, with their places and sizes.",
        epilog="example: theatrum info patient.theatrum --json",
    )
    parser.add_argument("case", type=Path, metavar="CASE")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    parser.add_argument("--quiet", action="store_true", help="no progress")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Open to read and tell."""
    from planning.case.document import Document
    from planning.case.importing import case_info

    with Document.open(arguments.case, read_only=True, beside=True) as document:
        print_info(case_info(document), "info" if arguments.json else None)
    return 0


def print_info(info: dict[str, Any], schema: str | None) -> None:
    """Print a case's content as JSON under this schema, or as a table when it is None."""
    from app.console import print_json, print_rows, print_warnings

    if schema is not None:
        info.pop("schema", None)
        print_json(schema, info)
        return
    print(
        f"{Path(info['case']).name}: format {info['format_version']}, {info['journal']} steps, "
        f"identifiers {'kept' if info['identifiers_kept'] else 'not kept'}"
    )
    for image in info["images"]:
        size, spacing = "×".join(map(str, image["size_ijk"])), "×".join(f"{value:.3g}" for value in image["spacing_mm"])
        print(f"image {image['name']}: {image['modality']}, {size} voxels of {spacing} mm, {image['phases']} phase(s)")
    print_rows([(item["name"], f"{item['volume_ml']:.1f} ml", item["source"]) for item in info["structures"]])
    for plan in info["plans"]:
        print(f"plan {plan['name']}: {plan['kind']}, {plan['created']}{', edited' if plan['edited'] else ''}")
    print_warnings(info["warnings"])
