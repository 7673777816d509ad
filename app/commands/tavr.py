"""`theatrum tavr`: a TAVR plan from the CT alone, or from given hinge points."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.console import finite, plan_name, point, points, positive, some_points, whole
from planning.errors import UsageError

if TYPE_CHECKING:
    from planning.case.document import Document
    from planning.case.tavr_plans import AutomaticStart
    from planning.progress import Progress
    from planning.tavr.inputs import TavrInputs

PHASES_A_LINE = 4


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "tavr",
        help="annulus, root, projections, valve sizes and access",
        description="Finds and measures the aortic root, chooses views and sizes, and measures the access routes. "
        "Points are patient coordinates, LPS millimetres.",
        epilog='example: theatrum tavr patient.theatrum --valve "SAPIEN 3 26" --json',
    )
    parser.add_argument("case", type=Path, metavar="CASE")
    parser.add_argument(
        "--hinges",
        type=points(3),
        metavar='"N R L"',
        help="non-coronary, right, left hinge point; without it they are found",
    )
    parser.add_argument("--ostia", type=points(2), metavar='"LEFT RIGHT"', help="lowest rim points of the ostia")
    parser.add_argument("--calcium-hu", type=positive, metavar="X", help="fixed calcium threshold")
    parser.add_argument(
        "--phase", type=whole, metavar="K", help="number of the phase, from 0 (default: systole, or 0 with --hinges)"
    )
    parser.add_argument("--valve", metavar='"MODEL SIZE"', help='valve that is placed, e.g. "SAPIEN 3 26"')
    parser.add_argument("--depth-mm", type=positive, metavar="X", help="its depth below the annulus")
    parser.add_argument("--rotation-deg", type=finite, default=0.0, metavar="X", help="its turn about the root's axis")
    parser.add_argument(
        "--inner-diameter-mm",
        type=positive,
        metavar="X",
        help="true inner diameter of the prosthesis that the valve goes into (valve in valve)",
    )
    parser.add_argument("--sheath", metavar="NAME", help="sheath that the routes are held against")
    parser.add_argument(
        "--routes",
        type=Path,
        metavar="FILE",
        help="routes as corrected by hand: ends, places on the way, edited sections, exclusions (.json as a plan's inputs "
        "have them, or an exported plan)",
    )
    parser.add_argument("--no-access", action="store_true", help="leave the access routes out")
    parser.add_argument(
        "--agatston",
        type=point,
        metavar="P",
        help="calcium score round this point of a scan without contrast; kept in the plan where the case has one",
    )
    parser.add_argument("--agatston-image", metavar="NAME", help="series that is scored (default: the first one)")
    parser.add_argument(
        "--mitral",
        metavar='"MODEL SIZE"',
        help="what this mitral valve leaves of the outflow tract, kept in the plan; needs --mitral-annulus",
    )
    parser.add_argument(
        "--mitral-annulus", type=some_points, metavar='"P P …"', help="six points or more round the mitral annulus"
    )
    parser.add_argument("--plan", type=plan_name, metavar="NAME", help="name of the plan; an existing one is replaced")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    parser.add_argument("--quiet", action="store_true", help="no progress")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Find, measure, keep the plan in the case, tell."""
    from app.commands.told import tell_agatston, tell_neo_lvot
    from app.console import ConsoleProgress, keep, print_json
    from planning.case.commands import Batch, SetPlan
    from planning.case.document import Document
    from planning.case.plans import check_plan_kind, free_plan_name
    from planning.case.standing import with_findings
    from planning.case.tavr_plans import EVERYTHING, root_structure, tavr_record
    from planning.progress import part_of

    if arguments.agatston is not None:
        return tell_agatston(arguments)
    if arguments.agatston_image is not None:
        raise UsageError("--agatston-image belongs to --agatston", "Give the point that is scored")
    if arguments.mitral is not None or arguments.mitral_annulus is not None:
        return tell_neo_lvot(arguments)
    progress = ConsoleProgress(arguments.quiet)
    with Document.open(arguments.case) as document:
        name = arguments.plan or free_plan_name(document.case, "tavr")
        check_plan_kind(document.case, name, "tavr")
        inputs, found = _inputs(document, arguments, part_of(progress, 0.0, 0.4))
        parts = EVERYTHING - {"access"} if arguments.no_access else EVERYTHING
        record = tavr_record(
            document,
            name,
            inputs,
            parts=parts,
            phases=None if found is None else found.phases,
            progress=part_of(progress, 0.4, 1.0),
        )
        # the lumen is stored only when the plan stands: a plan that is refused leaves nothing in the case
        root = None if found is None else root_structure(document, found.estimate)
        keep(document, SetPlan(record) if root is None else Batch((root, SetPlan(record)), "Plan the root"))
        told = with_findings(document.case, record)
    progress.close()
    content = {"plan": name, **told.results}
    if arguments.json:
        print_json("tavr", content)
    else:
        print_summary(content)
    return 0


def _inputs(
    document: Document, arguments: argparse.Namespace, progress: Progress
) -> tuple[TavrInputs, AutomaticStart | None]:
    """What is planned with, and the root where it was found by itself."""
    from dataclasses import replace

    import numpy as np

    from planning.access.sheaths import choose_sheath
    from planning.case.tavr_plans import automatic_inputs
    from planning.tavr.calcium import check_threshold
    from planning.tavr.in_valve import in_valve_json
    from planning.tavr.inputs import TavrInputs

    # wrong names are told before anything long is begun
    chosen = _valve(arguments.valve, arguments.depth_mm, arguments.rotation_deg)
    choose_sheath(arguments.sheath, chosen)
    inside = None if arguments.inner_diameter_mm is None else {"inner_diameter_mm": arguments.inner_diameter_mm}
    in_valve_json(inside)
    check_threshold(arguments.calcium_hu)
    routes = _routes(arguments.routes)
    found = None
    if arguments.hinges is None:
        found = automatic_inputs(document, arguments.phase, progress=progress)
        inputs = found.inputs
    else:
        inputs = TavrInputs(hinges_mm=np.array(arguments.hinges), phase=arguments.phase or 0)
    if arguments.ostia is not None:
        left, right = (np.array(point) for point in arguments.ostia)
        inputs = replace(inputs, ostia_mm=(left, right))
    return replace(
        inputs,
        calcium_hu=arguments.calcium_hu,
        valve=chosen,
        in_valve=inside,
        sheath=arguments.sheath,
        **routes,
    ), found


def _routes(path: Path | None) -> dict[str, Any]:
    """What was decided about access routes in a file."""
    from planning.access.corrections import decided_routes
    from planning.errors import InputError
    from planning.files.json_text import parsed_json

    if path is None:
        return {}
    try:
        content = parsed_json(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read", "Give a .json file") from error
    return decided_routes(content)


def _valve(asked: str | None, depth_mm: float | None, rotation_deg: float) -> dict[str, Any] | None:
    """The valve of "MODEL SIZE"; without a depth the maker's target. Raises InputError for one not in the catalogue."""
    from planning.tavr.devices import find_device
    from planning.tavr.valve import DEFAULT_DEPTH_MM

    if asked is None:
        if depth_mm is not None:
            raise UsageError("--depth-mm belongs to --valve", "Name the valve")
        return None
    model, _, size = _as_written(asked).rpartition(" ")
    device = find_device(model, size)
    target = DEFAULT_DEPTH_MM if device.depth is None else device.depth.target_mm
    depth = target if depth_mm is None else depth_mm
    if depth > device.frame_height_mm:
        raise UsageError(
            f"A depth of {depth:g} mm is more than the whole frame of {device.frame_height_mm:g} mm",
            "Give the depth below the annulus",
        )
    return {"model": device.model, "size": device.size, "depth_mm": depth, "rotation_deg": rotation_deg}


def _as_written(asked: str) -> str:
    """The catalogue's spelling of "MODEL SIZE", whatever its capitals and blanks; as asked where there is none."""
    from planning.tavr.devices import devices

    known = {f"{device.model} {device.size}".casefold(): f"{device.model} {device.size}" for device in devices()}
    return known.get(" ".join(asked.split()).casefold(), asked.strip())


def print_summary(plan: dict[str, Any]) -> None:
    """The numbers a heart team asks for, aligned."""
    from app.console import print_rows, print_warnings

    print(f"TAVR plan {plan['plan']} (research use only, not a medical device)")
    print_rows(
        [
            *_root_rows(plan),
            *_phase_rows(plan),
            *_view_rows(plan),
            *_valve_rows(plan),
            *_obstruction_rows(plan),
            *_access_rows(plan),
        ]
    )
    for reason in plan["quality"]["reasons"]:
        print(f"quality: {reason}")
    for place in plan["root"]["look_here"]:
        print(f"look here: {place['text']}")
    print_warnings(plan["warnings"])


def _root_rows(plan: dict[str, Any]) -> list[tuple[str, str]]:
    from app.console import text_number

    annulus, unsure = plan["annulus"], plan["annulus"]["uncertainty"]
    heights = plan["coronaries"]
    return [
        (
            "Hinge points",
            ", ".join(sorted({plan["landmarks"][f"hinge_{key}"]["source"] for key in ("ncc", "rcc", "lcc")})),
        ),
        ("Annulus area", text_number(annulus["area_mm2"], "mm²", 0, unsure["area_mm2"])),
        ("Annulus perimeter", text_number(annulus["perimeter_mm"], "mm", 1, unsure["perimeter_mm"])),
        ("Shortest diameter", text_number(annulus["min_diameter_mm"], "mm", 1, unsure["min_diameter_mm"])),
        ("Longest diameter", text_number(annulus["max_diameter_mm"], "mm", 1, unsure["max_diameter_mm"])),
        ("Area diameter", text_number(annulus["area_diameter_mm"], "mm")),
        ("Perimeter diameter", text_number(annulus["perimeter_diameter_mm"], "mm")),
        ("Eccentricity", text_number(annulus["eccentricity"], "", 2)),
        ("Aortic angulation", text_number(plan["angulation_deg"], "°")),
        (
            "Left coronary height",
            text_number(heights["left_height_mm"], "mm", 1, heights.get("left_uncertainty_mm")),
        ),
        (
            "Right coronary height",
            text_number(heights["right_height_mm"], "mm", 1, heights.get("right_uncertainty_mm")),
        ),
        (
            "Calcium",
            text_number(plan["calcium"]["total_mm3"], "mm³", 0, plan["calcium"].get("uncertainty_mm3")),
        ),
    ]


def _phase_rows(plan: dict[str, Any]) -> list[tuple[str, str]]:
    """The areas through the heartbeat, a few phases a line, and where the annulus is widest."""
    from app.console import text_number

    phases = plan.get("phases")
    if not phases:
        return []
    curve = phases["curve"]

    def called(row: dict[str, Any]) -> str:
        return str(row["label"]) or f"phase {row['phase']}"

    areas = [f"{called(row).replace(' % of R–R', ' %')} {text_number(row['area_mm2'], '', 0)}" for row in curve]
    shown = [("Phase measured", called(curve[phases["measured_phase"]]))]
    for first in range(0, len(areas), PHASES_A_LINE):
        shown.append(("" if first else "Area by phase, mm²", ", ".join(areas[first : first + PHASES_A_LINE])))
    if phases["systole"] is not None:
        best = curve[phases["systole"]]
        widest = text_number(best["area_mm2"], "mm²", 0, best["uncertainty_mm2"])
        shown.append(("Widest", f"{called(best)}, {widest}"))
    lost = [f"{called(row)}: {row['reason']}" for row in curve if row["reason"]]
    return [*shown, *(("Not measured", words) for words in lost)]


def _view_rows(plan: dict[str, Any]) -> list[tuple[str, str]]:
    from planning.units import text_carm

    views = plan["projections"]
    return [
        (title, text_carm(views[key]["lao_deg"], views[key]["cra_deg"]))
        for key, title in (("three_cusp", "Three-cusp view"), ("cusp_overlap", "Cusp overlap view"))
    ]


def _valve_rows(plan: dict[str, Any]) -> list[tuple[str, str]]:
    from app.console import text_number

    fitting = [device for device in plan["devices"] if device["fits"]]
    rows = [
        (f"{device['model']} {device['size']}", f"{device['oversizing_area_percent']:+.0f} % by area")
        if device["oversizing_area_percent"] is not None
        else (
            f"{device['model']} {device['size']}",
            f"{device['oversizing_perimeter_percent'] or 0:+.0f} % by perimeter",
        )
        for device in fitting
    ]
    valve = plan.get("valve")
    if valve is not None:
        how = "Placed" if valve["chosen"] else "Proposed, best distances"
        rows.append((f"{how}: {valve['model']} {valve['size']}", f"{valve['depth_mm']:.1f} mm below the annulus"))
        rows += [
            (title, text_number(valve[key], "mm"))
            for key, title in (("vtc_left_mm", "VTC left"), ("vtc_right_mm", "VTC right"), ("vtstj_mm", "VTSTJ"))
        ]
        sides = (plan.get("obstruction") or {}).items()
        rows += [
            (f"Coronary obstruction, {side}", said["text"])
            for side, said in sides
            if isinstance(said, dict) and said.get("state") != "ok"
        ]
    return rows


def _access_rows(plan: dict[str, Any]) -> list[tuple[str, str]]:
    from app.console import text_number
    from planning.access.plan import NAMES

    routes = [
        (
            f"{route['rank']}. {route['name']}",
            f"{text_number(route['minimum']['min_diameter_mm'], 'mm')}, {route['text']}",
        )
        for route in plan["access"]["routes"]
        if route.get("minimum")
    ]
    lost = [
        (NAMES.get(missing["key"], "Access"), missing["text"].removeprefix(f"{NAMES.get(missing['key'])}: "))
        for missing in plan["access"]["missing"]
    ]
    return [*routes, *lost]


def _obstruction_rows(plan: dict[str, Any]) -> list[tuple[str, str]]:
    """Of a valve in a valve, whose rule is another one than a native valve's."""
    if not plan.get("in_valve"):
        return []
    inside = plan["in_valve"]
    fitting = [f"{row['model']} {row['size']}" for row in inside["sizes"] if row["fits"]]
    return [
        ("Inner diameter", f"{inside['inner_diameter_mm']:.1f} mm, {', '.join(fitting) or 'no size of the catalogue'}"),
        *(("Valve in valve", f"{side['headline']}. {side['text']}") for side in plan["obstruction"].values()),
    ]
