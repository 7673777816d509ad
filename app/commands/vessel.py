"""`theatrum vessel`: centreline and sections of a vessel between two points."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.console import plan_name, point, positive, some_points
from planning.errors import UsageError

if TYPE_CHECKING:
    from planning.case.model import Case

STATION_KEYS = ("s_mm", "min_diameter_mm", "max_diameter_mm", "area_mm2")


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
    parser.add_argument(
        "--via",
        type=some_points,
        default=(),
        metavar='"P …"',
        help="lead the centreline through these places, in order",
    )
    parser.add_argument(
        "--edits",
        type=Path,
        metavar="FILE",
        help="sections corrected by hand: a .json list of position_mm, normal and pins_mm, or an exported plan",
    )
    inside = parser.add_mutually_exclusive_group()
    inside.add_argument("--structure", metavar="NAME", help="stay inside this structure")
    inside.add_argument(
        "--mesh", type=Path, metavar="FILE", help="stay inside this surface (.stl .ply .obj .vtp, LPS mm)"
    )
    parser.add_argument("--step-mm", type=positive, default=1.0, metavar="1")
    parser.add_argument(
        "--evar",
        nargs="?",
        const=(),
        type=point,
        metavar="RENAL",
        help="neck and sac of an aortic aneurysm, from the lowest renal artery at this point downwards",
    )
    parser.add_argument(
        "--compare",
        metavar="PLAN",
        help="growth since another plan of this case, or of another study: its name, or a .json that --json wrote",
    )
    parser.add_argument("--years", type=positive, metavar="X", help="time since that study, for growth a year")
    parser.add_argument("--plan", type=plan_name, metavar="NAME", help="name of the plan; an existing one is replaced")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    parser.add_argument("--quiet", action="store_true", help="no progress")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Measure, keep the plan in the case, tell."""
    from app.console import ConsoleProgress, print_json, print_rows, print_warnings, text_number
    from planning.case.commands import SetPlan
    from planning.case.document import Document
    from planning.case.plans import check_plan_kind, free_plan_name, vessel_record
    from planning.files.meshes import read_mesh

    if arguments.years is not None and arguments.compare is None:
        raise UsageError("--years belongs to --compare", "Name the plan to compare with")
    mesh = read_mesh(arguments.mesh) if arguments.mesh is not None else None
    progress = ConsoleProgress(arguments.quiet)
    with Document.open(arguments.case) as document:
        # what cannot be is told before anything long is begun
        name = arguments.plan or free_plan_name(document.case, "vessel")
        check_plan_kind(document.case, name, "vessel")
        edits = _edits(arguments.edits)
        other = None if arguments.compare is None else _other_plan(document.case, arguments.compare)
        record = vessel_record(
            document,
            name,
            arguments.start,
            arguments.end,
            structure=arguments.structure,
            mesh=mesh,
            via_mm=arguments.via,
            lumen_edits=edits,
            step_mm=arguments.step_mm,
            progress=progress,
        )
        more = _more(other, record.results, arguments)
        record = replace(record, results={**record.results, **more})
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
            *_edited_row(content),
        ]
    )
    _print_more(content)
    print_warnings(content["warnings"])
    return 0


def _edits(path: Path | None) -> list[Any]:
    """The edited sections of a file: a list of them, or a plan that was exported."""
    import json

    from planning.errors import InputError

    if path is None:
        return []
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read as edited sections", "Give a .json file") from error
    found = content.get("inputs", content).get("lumen_edits") if isinstance(content, dict) else content
    if not isinstance(found, list):
        raise InputError(f"{path} holds no edited sections", "Give a list, or a plan that was exported")
    return found


def _edited_row(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    from app.console import text_number

    edited = [station["s_mm"] for station in content["stations"] if station.get("edited") == "here"]
    return [("Edited by hand", "at " + ", ".join(text_number(s, "mm") for s in edited))] if edited else []


def _more(other: Mapping[str, Any] | None, results: Mapping[str, Any], arguments: argparse.Namespace) -> dict[str, Any]:
    """What --evar and --compare add to the plan."""
    from planning.vessel.compare import compare_plans
    from planning.vessel.evar import evar_measures

    more: dict[str, Any] = {}
    if arguments.evar is not None:
        more["evar"] = evar_measures(results, arguments.evar or None)
    if other is not None:
        more["comparison"] = compare_plans(other, results, years=arguments.years)
    return more


def _other_plan(case: Case, name: str) -> Mapping[str, Any]:
    """The results of a vessel plan of this case, or of a file."""
    import json

    from planning.errors import InputError

    if name in case.plans:
        plan = case.plans[name]
        if plan.kind != "vessel":
            raise InputError(f"The plan '{name}' is a {plan.kind} plan", "Compare with a vessel plan")
        return plan.results
    if not name.lower().endswith(".json"):
        raise InputError(
            f"There is no plan named '{name}' in this case",
            f"It has: {', '.join(sorted(case.plans)) or 'none'}; a plan of another study is given as a .json file",
        )
    try:
        content = json.loads(Path(name).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{name} cannot be read as a plan", "Write one with --json or export") from error
    found = content.get("results", content) if isinstance(content, dict) else None
    if not _is_vessel_plan(found):
        raise InputError(f"{name} holds no vessel plan", "Write one with --json or export")
    return dict(found)


def _is_vessel_plan(found: Any) -> bool:
    """Whether a file's content has the numbers that a comparison reads."""
    from numbers import Real

    try:
        line, length = [[*point] for point in found["centerline_mm"]], found["length_mm"]
        closed = [row for row in found["stations"] if row["closed"]]
        arcs = [row["calcium_arc_deg"] for row in closed]
        values = [row[key] for row in closed for key in STATION_KEYS]
    except (TypeError, KeyError):
        return False
    numbers = [length, *values, *(arc for arc in arcs if arc is not None), *(x for point in line for x in point)]
    return len(line) > 1 and {len(point) for point in line} == {3} and all(isinstance(x, Real) for x in numbers)


def _print_more(content: Mapping[str, Any]) -> None:
    """The lines that --evar and --compare add."""
    from app.console import print_rows, print_warnings, text_number

    evar, comparison = content.get("evar"), content.get("comparison")
    if evar is not None:
        neck, sac = evar["neck"], evar["aneurysm"]
        print_rows(
            [
                ("Neck length", text_number(neck["length_mm"], "mm")),
                *((f"Neck at {at} mm", text_number(neck[f"d{at}_mm"], "mm")) for at in (0, 5, 10, 15)),
                ("Conicity", text_number(neck["conicity_percent"], "%")),
                ("Suprarenal angle", text_number(evar["suprarenal_deg"], "°")),
                ("Infrarenal angle", text_number(evar["infrarenal_deg"], "°")),
                ("Greatest diameter", "–" if sac is None else _at(sac, "max_diameter_mm")),
            ]
        )
        print_warnings(evar["warnings"])
    if comparison is not None:
        grown = comparison["greatest_growth"]
        a_year = grown["per_year_mm"]
        rows = [
            ("Greatest growth", _at(grown, "growth_mm")),
            ("Uncertainty", text_number(grown["uncertainty_mm"], "mm")),
            ("Mean growth", text_number(comparison["mean_growth_mm"], "mm")),
        ]
        if a_year is not None:
            rows.insert(1, ("Growth a year", text_number(a_year, "mm")))
        print_rows(rows)
        print_warnings(comparison["warnings"])


def _at(extreme: dict[str, Any] | None, key: str) -> str:
    from app.console import text_number

    if not extreme:
        return "–"
    return f"{text_number(extreme.get(key), 'mm')} at {text_number(extreme['s_mm'], 'mm')}"
