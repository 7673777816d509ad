"""`theatrum print`: structures as files for a 3D printer or viewer."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.console import bed, names, plane, positive


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "print",
        help="printable files, read back and compared with the segmentation",
        description="Writes surfaces (.3mf .stl .obj .ply .glb .usdz) and proves them on the file as read back.",
        epilog="example: theatrum print patient.theatrum -o liver.3mf --structures liver,tumor_1 --json",
    )
    parser.add_argument("case", type=Path, metavar="CASE")
    parser.add_argument("-o", "--output", required=True, type=Path, metavar="OUT")
    parser.add_argument("--structures", type=names, metavar="NAMES", help="default: all")
    parser.add_argument("--plan", metavar="NAME", help="print the parts of a liver plan: removed and kept")
    parser.add_argument("--hollow-mm", type=positive, metavar="X", help="leave a wall of X mm")
    parser.add_argument("--cut", type=plane, metavar="PLANE", help="px,py,pz,nx,ny,nz: in two by a plane")
    parser.add_argument("--pegs", action="store_true", help="with --cut: two pegs and sockets, 0.3 mm apart")
    parser.add_argument("--base", action="store_true", help="a plate under the largest part, joined to it")
    parser.add_argument("--bed-mm", type=bed, metavar="X,Y,Z")
    parser.add_argument("--tolerance-mm", type=positive, default=0.1, metavar="0.1")
    parser.add_argument("--draco", action="store_true", help="a .glb a fifth the size; not every viewer opens it")
    parser.add_argument("--force", action="store_true", help="replace existing files")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    parser.add_argument("--quiet", action="store_true", help="no progress")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Mesh, write, read back, compare, tell."""
    from app.console import ConsoleProgress, print_json, print_rows, print_warnings
    from planning.case.document import Document
    from planning.case.printing import print_parts
    from planning.geometry import Plane
    from planning.printing.plan import make_print

    cut = None if arguments.cut is None else Plane(arguments.cut[:3], arguments.cut[3:])
    progress = ConsoleProgress(arguments.quiet)
    with Document.open(arguments.case, read_only=True) as document:
        parts = print_parts(document, arguments.structures, arguments.plan)
        content = make_print(
            parts,
            arguments.output,
            tolerance_mm=arguments.tolerance_mm,
            hollow_mm=arguments.hollow_mm,
            cut=cut,
            pegs=arguments.pegs,
            base=arguments.base,
            bed_mm=arguments.bed_mm,
            draco=arguments.draco,
            force=arguments.force,
            progress=progress,
        )
    progress.close()
    if arguments.json:
        print_json("print", content)
        return 0
    rows: list[tuple[str, ...]] = [("part", "triangles", "ml", "closed", "mean mm", "largest mm")]
    rows += [
        (
            part["name"],
            str(part["triangles"]),
            f"{part['volume_ml']:.2f}",
            "yes" if part["watertight"] else "no",
            f"{part['deviation_mean_mm']:.3f}",
            f"{part['deviation_max_mm']:.2f}",
        )
        for part in content["objects"]
    ]
    print_rows(rows)
    for file in (*content["files"], *content["beside"]):
        print(file)
    print_warnings(content["warnings"])
    return 0
