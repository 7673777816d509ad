"""`theatrum liver`: a resection plan with volumes and margins."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.console import names, plan_name, plane, positive, refuse_later


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "liver",
        help="volumes, remnant and margin of a resection",
        description="Plans a resection by planes. A plane is px,py,pz,nx,ny,nz in LPS millimetres; the side the "
        "normal points to is removed, or with --remove tumor the side that holds the tumour.",
        epilog="example: theatrum liver patient.theatrum --portal portal_vein --plane=-40,10,60,-1,0,0 --json",
    )
    parser.add_argument("case", type=Path, metavar="CASE")
    parser.add_argument("--organ", type=names, default=("liver",), metavar="NAMES")
    parser.add_argument("--tumors", type=names, metavar="NAMES", help="default: every tumor… and …_tumor")
    parser.add_argument("--portal", type=names, default=(), metavar="NAMES")
    parser.add_argument("--hepatic", type=names, default=(), metavar="NAMES")
    parser.add_argument("--plane", type=plane, action="append", metavar="PLANE", help="may be given several times")
    parser.add_argument("--remove", choices=("side", "tumor"), default="side")
    parser.add_argument("--wedge-mm", type=positive, metavar="X", help="comes with a later version")
    parser.add_argument("--tumor", type=int, metavar="ID", help="comes with a later version")
    parser.add_argument("--territory", type=names, metavar="NAMES", help="comes with a later version")
    parser.add_argument("--surface", type=Path, metavar="FILE", help="comes with a later version")
    parser.add_argument("--weight-kg", type=positive, metavar="W")
    parser.add_argument("--height-cm", type=positive, metavar="H")
    parser.add_argument("--plan", type=plan_name, metavar="NAME", help="name of the plan; an existing one is replaced")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    parser.add_argument("--quiet", action="store_true", help="no progress")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Plan, keep it in the case, tell."""
    from app.console import print_json
    from planning.case.commands import SetPlan
    from planning.case.document import Document
    from planning.case.plans import free_plan_name, liver_record
    from planning.errors import UsageError
    from planning.geometry import Plane
    from planning.liver.resection import PlaneResection

    for value, option in (
        (arguments.wedge_mm, "--wedge-mm"),
        (arguments.territory, "--territory"),
        (arguments.surface, "--surface"),
        (arguments.tumor, "--tumor"),
    ):
        if value is not None:
            raise refuse_later(f"A resection by {option}")
    if not arguments.plane:
        raise UsageError("A liver plan needs a resection", "Give --plane=px,py,pz,nx,ny,nz")
    resections = [PlaneResection(Plane(values[:3], values[3:]), arguments.remove) for values in arguments.plane]
    with Document.open(arguments.case) as document:
        name = arguments.plan or free_plan_name(document.case, "liver")
        record = liver_record(
            document,
            name,
            resections,
            organ=arguments.organ,
            tumors=arguments.tumors,
            portal=arguments.portal,
            hepatic=arguments.hepatic,
            weight_kg=arguments.weight_kg,
            height_cm=arguments.height_cm,
        )
        document.do(SetPlan(record))
    content = {"plan": name, **record.results}
    if arguments.json:
        print_json("liver", content)
    else:
        print_summary(content)
    return 0


def print_summary(plan: dict[str, Any]) -> None:
    """The numbers a liver surgeon asks for, aligned."""
    from app.console import print_rows, print_warnings, text_number

    margin = plan["margin"]
    print(f"Liver plan {plan['plan']} (research use only, not a medical device)")
    print_rows(
        [
            ("Smallest margin", text_number(margin["minimum_mm"], "mm", 1, margin["uncertainty_mm"])),
            ("Organ", text_number(plan["organ_ml"], "ml")),
            ("Removed", text_number(plan["removed_ml"], "ml")),
            ("Kept", text_number(plan["kept_ml"], "ml")),
            ("Tumour left behind", text_number(plan["kept_tumor_ml"], "ml")),
            ("Future liver remnant", text_number(plan["flr_percent"], "%")),
            ("Standardised remnant", text_number(plan["sflr_percent"], "%")),
            ("Viable remnant", text_number(plan["viable_flr_percent"], "%")),
        ]
    )
    for tumor in plan["tumors"]:
        print(f"tumour {tumor['id']}: {tumor['volume_ml']:.1f} ml, longest {tumor['longest_diameter_mm']:.1f} mm")
    print_warnings(plan["warnings"])
