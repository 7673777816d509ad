"""`theatrum export`: images, label maps, surfaces and plans out, the kind chosen by the file's ending."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "export",
        help="an image, label map, surface or plan out",
        description="By ending: .nii.gz .nrrd .mha an image or label map; .stl .ply .obj .glb .vtp one structure's "
        "surface; .json .csv a plan. A liver plan into an image file is 1 = removed, 2 = kept.",
        epilog="example: theatrum export patient.theatrum liver.stl --structure liver",
    )
    parser.add_argument("case", type=Path, metavar="CASE")
    parser.add_argument("output", type=Path, metavar="OUT")
    parser.add_argument("--image", metavar="NAME")
    parser.add_argument("--labels", action="store_true", help="the structures as a label map")
    parser.add_argument("--structure", metavar="NAME")
    parser.add_argument("--plan", metavar="NAME")
    parser.add_argument("--force", action="store_true", help="replace an existing file")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    parser.add_argument("--quiet", action="store_true", help="no progress")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the file and name it."""
    from app.console import print_json, print_warnings
    from planning.case.document import Document
    from planning.case.exporting import export_case

    with Document.open(arguments.case, read_only=True) as document:
        told = export_case(
            document,
            arguments.output,
            image=arguments.image,
            labels=arguments.labels,
            structure=arguments.structure,
            plan=arguments.plan,
            force=arguments.force,
        )
    content = {"files": [str(arguments.output)], **(told or {})}
    if arguments.json:
        print_json("export", content)
        return 0
    for file in content["files"]:
        print(file)
    print_warnings(content.get("warnings", []))
    return 0
