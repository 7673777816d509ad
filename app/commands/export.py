"""`theatrum export`: images, label maps, surfaces and plans out, the kind chosen by the file's ending."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.console import names
from planning.errors import UsageError


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "export",
        help="an image, label map, surface or plan out",
        description="By ending: .nii.gz .nrrd .mha an image or label map; .stl .ply .obj .glb .usdz .vtp one structure's "
        "surface; .json .csv a plan, or with --measurements what was measured by hand. A liver plan into an image file is "
        "1 = removed, 2 = kept. With --parts the solids of a liver plan: what is kept and removed, tumours and vessels as the "
        "cut parts them; into one .3mf .glb .usdz .obj file, or into a folder with a file each.",
        epilog="examples: theatrum export patient.theatrum liver.stl --structure liver; "
        "theatrum export patient.theatrum parts --plan A --parts --format ply",
    )
    parser.add_argument("case", type=Path, metavar="CASE")
    parser.add_argument("output", type=Path, metavar="OUT")
    parser.add_argument("--image", metavar="NAME")
    parser.add_argument("--labels", action="store_true", help="the structures as a label map")
    parser.add_argument("--structure", metavar="NAME")
    parser.add_argument("--plan", metavar="NAME")
    parser.add_argument("--measurements", action="store_true", help="what was measured by hand, as .json or .csv")
    parser.add_argument("--parts", action="store_true", help="the parts of the liver plan as closed surfaces")
    parser.add_argument(
        "--territories", type=names, default=(), metavar="TREES", help="with --parts: portal, hepatic, couinaud too"
    )
    parser.add_argument(
        "--format",
        choices=("stl", "ply", "obj", "glb", "usdz", "3mf", "vtp"),
        help="of the files in a folder (default: stl)",
    )
    parser.add_argument("--force", action="store_true", help="replace an existing file")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    parser.add_argument("--quiet", action="store_true", help="no progress")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the file and name it."""
    from app.console import print_json, print_warnings
    from app.went_out import noted_by_command, what_of
    from planning.case.document import Document
    from planning.case.exporting import export_case

    if arguments.parts:
        return _run_parts(arguments)
    if arguments.territories or arguments.format:
        raise UsageError("--territories and --format belong to --parts", "Give --parts too")
    with Document.open(arguments.case, read_only=True, beside=True) as document:
        told = export_case(
            document,
            arguments.output,
            image=arguments.image,
            labels=arguments.labels,
            structure=arguments.structure,
            plan=arguments.plan,
            measurements=arguments.measurements,
            force=arguments.force,
        )
    content = {"files": [str(arguments.output)], **(told or {})}
    kind = (
        "plan" if arguments.plan else "structure" if arguments.structure else "labels" if arguments.labels else "image"
    )
    kind = "measurements" if arguments.measurements else kind
    noted = noted_by_command(arguments.case, what_of(kind, arguments.output))
    content["warnings"] = [*content.get("warnings", []), *noted]
    if arguments.json:
        print_json("export", content)
        return 0
    for file in content["files"]:
        print(file)
    print_warnings(content.get("warnings", []))
    return 0


def _run_parts(arguments: argparse.Namespace) -> int:
    """Write a liver plan's parts and tell what each holds."""
    from app.console import ConsoleProgress, print_json, print_rows, print_warnings
    from app.went_out import noted_by_command, what_of
    from planning.case.document import Document
    from planning.case.exporting_parts import TOGETHER, export_parts

    if arguments.image is not None or arguments.labels or arguments.structure is not None or arguments.measurements:
        raise UsageError("--parts are a plan's", "Leave --image, --labels, --structure and --measurements out")
    if arguments.plan is None:
        raise UsageError("--parts needs a liver plan", "Give --plan NAME")
    together = arguments.output.suffix.lower()
    if arguments.format is not None and together in TOGETHER and together != f".{arguments.format}":
        raise UsageError(f"--format {arguments.format} does not go with one '{together}' file", "Give one of the two")
    progress = ConsoleProgress(arguments.quiet)
    with Document.open(arguments.case, read_only=True, beside=True) as document:
        content = export_parts(
            document,
            arguments.output,
            arguments.plan,
            territories=arguments.territories,
            kind=f".{arguments.format or 'stl'}",
            force=arguments.force,
            progress=progress,
        )
    progress.close()
    noted = noted_by_command(arguments.case, what_of("parts of a plan", arguments.output))
    content["warnings"] = [*content["warnings"], *noted]
    if arguments.json:
        print_json("export", content)
        return 0
    rows: list[tuple[str, ...]] = [("part", "ml", "voxels ml", "triangles", "closed")]
    rows += [
        (
            part["name"],
            f"{part['volume_ml']:.2f}",
            f"{part['voxels_ml']:.2f}",
            str(part["triangles"]),
            "yes" if part["watertight"] and not part["self_intersections"] else "no",
        )
        for part in content["parts"]
    ]
    print_rows(rows)
    for file in content["files"]:
        print(file)
    print_warnings(content["warnings"])
    return 0
