"""`theatrum tavr`: a TAVR plan from hinge points."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.console import points, positive


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "tavr",
        help="annulus, root, projections and valve sizes from hinge points",
        description="Measures the aortic annulus and root. Points are patient coordinates, LPS millimetres.",
        epilog='example: theatrum tavr patient.theatrum --hinges "-12.1,30.2,88 3.4,18.9,92.7 9.8,36.0,95.1" --json',
    )
    parser.add_argument("case", type=Path, metavar="CASE")
    parser.add_argument("--hinges", type=points(3), metavar='"N R L"', help="non-coronary, right, left hinge point")
    parser.add_argument("--ostia", type=points(2), metavar='"LEFT RIGHT"', help="lowest rim points of the ostia")
    parser.add_argument("--calcium-hu", type=positive, metavar="X", help="fixed calcium threshold")
    parser.add_argument("--phase", type=int, default=0, metavar="K", help="number of the phase, from 0")
    parser.add_argument("--plan", metavar="NAME", help="name of the plan; an existing one is replaced")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Measure, keep the plan in the case, tell."""
    from app.console import print_json
    from planning.case.commands import SetPlan
    from planning.case.document import Document
    from planning.case.plans import free_plan_name, tavr_record
    from planning.errors import MeasurementError

    with Document.open(arguments.case) as document:
        if arguments.hinges is None:
            raise MeasurementError(
                "Hinge points are not found automatically in this version", 'Give them: --hinges "N R L"'
            )
        name = arguments.plan or free_plan_name(document.case, "tavr")
        record = tavr_record(
            document,
            name,
            arguments.hinges,
            ostia_mm=arguments.ostia,
            calcium_hu=arguments.calcium_hu,
            phase=arguments.phase,
        )
        document.do(SetPlan(record))
    content = {"plan": name, **record.results}
    if arguments.json:
        print_json("tavr", content)
    else:
        print_summary(content)
    return 0


def print_summary(plan: dict[str, Any]) -> None:
    """The numbers a heart team asks for, aligned."""
    from app.console import print_rows, print_warnings, text_number
    from planning.units import text_carm

    annulus, unsure = plan["annulus"], plan["annulus"]["uncertainty"]
    print(f"TAVR plan {plan['plan']} (research use only, not a medical device)")
    rows = [
        ("Annulus area", text_number(annulus["area_mm2"], "mm²", 0, unsure["area_mm2"])),
        ("Annulus perimeter", text_number(annulus["perimeter_mm"], "mm", 1, unsure["perimeter_mm"])),
        ("Shortest diameter", text_number(annulus["min_diameter_mm"], "mm", 1, unsure["min_diameter_mm"])),
        ("Longest diameter", text_number(annulus["max_diameter_mm"], "mm", 1, unsure["max_diameter_mm"])),
        ("Area diameter", text_number(annulus["area_diameter_mm"], "mm")),
        ("Perimeter diameter", text_number(annulus["perimeter_diameter_mm"], "mm")),
        ("Eccentricity", text_number(annulus["eccentricity"], "", 2)),
        ("Aortic angulation", text_number(plan["angulation_deg"], "°")),
        ("Left coronary height", text_number(plan["coronaries"]["left_height_mm"], "mm")),
        ("Right coronary height", text_number(plan["coronaries"]["right_height_mm"], "mm")),
    ]
    for key, title in (("three_cusp", "Three-cusp view"), ("cusp_overlap", "Cusp overlap view")):
        view = plan["projections"][key]
        rows.append((title, text_carm(view["lao_deg"], view["cra_deg"])))
    fitting = [device for device in plan.get("devices", []) if device["fits"]]
    rows += [
        (f"{device['model']} {device['size']}", f"{device['oversizing_area_percent'] or 0:+.0f} % by area")
        for device in fitting
        if device["oversizing_area_percent"] is not None
    ]
    print_rows(rows)
    for reason in plan["quality"]["reasons"]:
        print(f"quality: {reason}")
    print_warnings(plan["warnings"])
