"""`theatrum cut-guide`: a printable guide that sits on the liver and shows where a plan cuts."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.console import bed, point, positive, whole


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "cut-guide",
        help="a printable guide that sits on the liver's capsule along a cut",
        description="A shell on the capsule on both sides of a liver plan's cut, with a slot where the cut goes. It is "
        "laid on from one direction and has nothing under an overhang; what that direction does not reach is told. "
        "The wing with the hole lies on the part that is removed. For research and teaching only.",
        epilog="example: theatrum cut-guide patient.theatrum -o guide.3mf --plan A --cut 1 --slot-mm 1.5 --json",
    )
    parser.add_argument("case", type=Path, metavar="CASE")
    parser.add_argument(
        "-o", "--output", required=True, type=Path, metavar="OUT", help=".3mf .stl .obj .ply .glb .usdz"
    )
    parser.add_argument("--plan", required=True, metavar="NAME")
    parser.add_argument("--cut", type=whole, action="append", metavar="N", help="of the plan, from 1 (default: all)")
    parser.add_argument("--slot-mm", type=positive, default=1.5, metavar="1.5")
    parser.add_argument("--clearance-mm", type=positive, default=0.4, metavar="0.4", help="between capsule and guide")
    parser.add_argument("--thickness-mm", type=positive, default=3.0, metavar="3")
    parser.add_argument("--wing-mm", type=positive, default=18.0, metavar="18", help="width on each side of the cut")
    parser.add_argument("--bridge-mm", type=positive, default=6.0, metavar="6", help="bars across the slot")
    parser.add_argument(
        "--from", dest="direction", type=point, metavar="X,Y,Z", help="laid on from there (LPS direction)"
    )
    parser.add_argument("--bed-mm", type=bed, metavar="X,Y,Z")
    parser.add_argument("--force", action="store_true", help="replace existing files")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    parser.add_argument("--quiet", action="store_true", help="no progress")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Make the guides, write them, read them back and tell what they are worth."""
    import numpy as np

    from app.console import ConsoleProgress, print_json, print_rows, print_warnings
    from app.went_out import noted_by_command, what_of
    from planning.case.document import Document
    from planning.case.guiding import print_guides
    from planning.liver.guide import GuideShape

    shape = GuideShape(
        slot_mm=arguments.slot_mm,
        clearance_mm=arguments.clearance_mm,
        thickness_mm=arguments.thickness_mm,
        wing_mm=arguments.wing_mm,
        bridge_mm=arguments.bridge_mm,
    )
    progress = ConsoleProgress(arguments.quiet)
    with Document.open(arguments.case, read_only=True, beside=True) as document:
        content = print_guides(
            document,
            arguments.plan,
            arguments.cut or (),
            arguments.output,
            shape,
            direction=None if arguments.direction is None else np.array(arguments.direction),
            bed_mm=arguments.bed_mm,
            force=arguments.force,
            progress=progress,
        )
    progress.close()
    noted = noted_by_command(arguments.case, what_of("cutting guides", arguments.output))
    content["warnings"] = [*content["warnings"], *noted]
    if arguments.json:
        print_json("cut-guide", content)
        return 0
    rows: list[tuple[str, ...]] = [("guide", "follows mm", "of mm", "gap mm", "ml", "closed")]
    rows += [
        (
            guide["name"],
            f"{guide['covered_mm']:.0f}",
            f"{guide['line_mm']:.0f}",
            f"{guide['gap_mean_mm']:.2f}",
            f"{row['volume_ml']:.2f}",
            "yes" if row["watertight"] and not row["self_intersections"] else "no",
        )
        for guide, row in zip(content["guides"], content["objects"], strict=True)
    ]
    print_rows(rows)
    for file in content["files"]:
        print(file)
    print_warnings(content["warnings"])
    return 0
