"""`theatrum vessel`: centreline and sections of a vessel between two points."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.console import point, positive


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "vessel",
        help="centreline, sections and least diameter between two points",
        description="Measures the lumen of a contrast-filled vessel. Points are patient coordinates, LPS millimetres.",
        epilog="example: theatrum vessel patient.theatrum --from=-12.5,30,88 --to=-30,42,-120 --json",
    )
    parser.add_argument("case", type=Path, metavar="CASE")
    parser.add_argument("--from", dest="start", required=True, type=point, metavar="P")
    parser.add_argument("--to", dest="end", required=True, type=point, metavar="P")
    inside = parser.add_mutually_exclusive_group()
    inside.add_argument("--structure", metavar="NAME", help="stay inside this structure")
    inside.add_argument(
        "--mesh", type=Path, metavar="FILE", help="stay inside this surface (.stl .ply .obj .vtp, LPS mm)"
    )
    parser.add_argument("--step-mm", type=positive, default=1.0, metavar="1")
    parser.add_argument("--plan", metavar="NAME", help="name of the plan; an existing one is replaced")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    parser.add_argument("--quiet", action="store_true", help="no progress")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Measure, keep the plan in the case, tell."""
    from app.console import ConsoleProgress, print_json, print_rows, print_warnings, text_number
    from planning.case.commands import SetPlan
    from planning.case.document import Document
    from planning.case.plans import free_plan_name, vessel_record
    from planning.files.meshes import read_mesh

    mesh = read_mesh(arguments.mesh) if arguments.mesh is not None else None
    progress = ConsoleProgress(arguments.quiet)
    with Document.open(arguments.case) as document:
        name = arguments.plan or free_plan_name(document.case, "vessel")
        record = vessel_record(
            document,
            name,
            arguments.start,
            arguments.end,
            structure=arguments.structure,
            mesh=mesh,
            step_mm=arguments.step_mm,
            progress=progress,
        )
        document.do(SetPlan(record))
    progress.close()
    content = {"plan": name, **record.results}
    if arguments.json:
        print_json("vessel", content)
        return 0
    least, greatest = content["minimum"], content["maximum"]
    print(f"Vessel plan {name} (research use only, not a medical device)")
    print_rows(
        [
            ("Length", text_number(content["length_mm"], "mm")),
            ("Chord", text_number(content["chord_mm"], "mm")),
            ("Tortuosity", text_number(content["tortuosity"], "", 3)),
            ("Least diameter", _at(least, "min_diameter_mm")),
            ("Greatest diameter", _at(greatest, "max_diameter_mm")),
            ("Sections", str(len(content["stations"]))),
        ]
    )
    print_warnings(content["warnings"])
    return 0


def _at(extreme: dict[str, Any] | None, key: str) -> str:
    from app.console import text_number

    if not extreme:
        return "–"
    return f"{text_number(extreme.get(key), 'mm')} at {text_number(extreme['s_mm'], 'mm')}"
