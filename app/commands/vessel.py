"""`theatrum vessel`: centreline and sections of a vessel between two points."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.console import plan_name, point, positive, some_points
from planning.errors import UsageError

if TYPE_CHECKING:
    from planning.case.document import Document
    from planning.case.model import Case, PlanRecord
    from planning.progress import Progress


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "vessel",
        help="centreline, sections and least diameter between two points",
        description="Measures the lumen of a contrast-filled vessel. Points are patient coordinates, LPS millimetres.",
        epilog="example: theatrum vessel patient.theatrum --from=-12.5,30,88 --to=-30,42,-120 --json",
    )
    parser.add_argument("case", type=Path, metavar="CASE")
    parser.add_argument("--from", dest="start", type=point, metavar="P")
    parser.add_argument("--to", dest="end", type=point, metavar="P")
    parser.add_argument(
        "--auto",
        action="store_true",
        help="find both ends: of the vessel that holds the point of --from, of the aorta without one",
    )
    parser.add_argument("--branches", action="store_true", help="find and measure the branches of the vessel too")
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
        help="growth since another vessel plan: its name in this case, or another case or .json that --json wrote",
    )
    parser.add_argument("--years", type=positive, metavar="X", help="time since that study, for growth a year")
    parser.add_argument("--plan", type=plan_name, metavar="NAME", help="name of the plan; an existing one is replaced")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    parser.add_argument("--quiet", action="store_true", help="no progress")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Measure, keep the plan in the case, tell."""
    from app.console import ConsoleProgress, keep, print_json, print_rows, print_warnings, text_number
    from planning.case.commands import SetPlan
    from planning.case.document import Document
    from planning.case.plans import check_plan_kind, free_plan_name
    from planning.case.standing import with_findings
    from planning.case.vessel_plans import measured_again, with_tree
    from planning.files.meshes import read_mesh

    _check_ends(arguments)
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
        start, end = _ends(document, arguments, progress)
        _check_renal(document, arguments, start, end)
        record = measured_again(
            document,
            None,
            name,
            start,
            end,
            ends="automatic" if arguments.auto else "by hand",
            structure=arguments.structure,
            mesh=mesh,
            via_mm=arguments.via,
            lumen_edits=edits,
            step_mm=arguments.step_mm,
            progress=progress,
        )
        if arguments.branches:
            record = with_tree(document, record, measure=True, progress=progress)
        record = _more(other, record, arguments)
        keep(document, SetPlan(record))
        told = with_findings(document.case, record)
    progress.close()
    content = {"plan": name, **told.results}
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
    from planning.errors import InputError
    from planning.files.json_text import parsed_json

    if path is None:
        return []
    try:
        content = parsed_json(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read as edited sections", "Give a .json file") from error
    inputs = content.get("inputs", content) if isinstance(content, dict) else content
    found = inputs.get("lumen_edits") if isinstance(inputs, dict) else content
    if not isinstance(found, list):
        raise InputError(f"{path} holds no edited sections", "Give a list, or a plan that was exported")
    return found


def _edited_row(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    from app.console import text_number

    edited = [station["s_mm"] for station in content["stations"] if station.get("edited") == "here"]
    return [("Edited by hand", "at " + ", ".join(text_number(s, "mm") for s in edited))] if edited else []


def _check_ends(arguments: argparse.Namespace) -> None:
    """Two points, or --auto with at most the first one."""
    if arguments.auto and arguments.end is not None:
        raise UsageError("--auto finds both ends: --to cannot be given with it", "Leave one of them out")
    if not arguments.auto and (arguments.start is None or arguments.end is None):
        raise UsageError("A vessel needs --from and --to", "Give both points, or --auto to find the ends")
    if arguments.branches and (arguments.structure is not None or arguments.mesh is not None):
        raise UsageError("--branches are found in the image", "Leave --structure and --mesh out")


def _ends(
    document: Document, arguments: argparse.Namespace, progress: Progress
) -> tuple[Sequence[float], Sequence[float]]:
    from planning.case.vessel_plans import automatic_ends

    if not arguments.auto:
        return arguments.start, arguments.end
    found = automatic_ends(document, arguments.start, progress=progress)
    return found.start_mm.tolist(), found.end_mm.tolist()


def _check_renal(
    document: Document, arguments: argparse.Namespace, start: Sequence[float], end: Sequence[float]
) -> None:
    """The renal point of --evar, before the vessel is measured; not where something else than the image leads the way."""
    from planning.case.vessel_plans import vessel_volume
    from planning.vessel.evar import check_renal

    if arguments.evar and arguments.structure is None and arguments.mesh is None and not arguments.via:
        check_renal(vessel_volume(document), start, end, arguments.evar)


def _more(other: tuple[str, Mapping[str, Any]] | None, record: PlanRecord, arguments: argparse.Namespace) -> PlanRecord:
    """The plan with what --evar and --compare add. Raises MeasurementError where the vessel does not allow it."""
    from planning.case.vessel_plans import with_comparison, with_evar
    from planning.vessel.compare import compare_plans
    from planning.vessel.evar import evar_measures

    if arguments.evar is not None:
        renal = arguments.evar or None
        # in the window a reading that is not possible waits for other ends; a command says so and ends
        evar_measures(record.results, renal)
        record = with_evar(record, renal)
    if other is not None:
        compare_plans(other[1], record.results, years=arguments.years)
        record = with_comparison(record, *other, arguments.years)
    return record


def _other_plan(case: Case, name: str) -> tuple[str, Mapping[str, Any]]:
    """What it is called, and the results of a vessel plan of this case or of a file."""
    from planning.case.vessel_plans import CASE_SUFFIX, vessel_of_case, vessels_of_file

    if name in case.plans or not name.lower().endswith((".json", CASE_SUFFIX)):
        return name, vessel_of_case(case, name)
    found = vessels_of_file(Path(name))
    first = next(iter(found))
    return f"{Path(name).stem}: {first}", found[first]


def _print_more(content: Mapping[str, Any]) -> None:
    """The lines that --evar and --compare add."""
    from app.console import print_rows, print_warnings, text_number

    evar, comparison, tree = content.get("evar"), content.get("comparison"), content.get("tree")
    if tree is not None:
        print_rows([(row["name"], _branch(row)) for row in tree["branches"] if not row["is_main"]])
        print_warnings(tree["warnings"])
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
                *((f"{side.capitalize()} landing zone", _landing(evar["iliac"][side])) for side in ("right", "left")),
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


def _branch(row: Mapping[str, Any]) -> str:
    from app.console import text_number

    measured, length = row["measured"], text_number(row["length_mm"], "mm")
    if measured is None:
        return f"{length} long; {row['reason'].lower()}"
    least = measured["minimum"]["min_diameter_mm"]
    return f"{length} long, least {text_number(least, 'mm')}"


def _landing(side: Mapping[str, Any]) -> str:
    from app.console import text_number

    if side["reason"]:
        return f"– ({side['reason'][0].lower()}{side['reason'][1:]})"
    return f"{text_number(side['mean_diameter_mm'], 'mm')}, common iliac {text_number(side['length_mm'], 'mm')} long"


def _at(extreme: dict[str, Any] | None, key: str) -> str:
    from app.console import text_number

    if not extreme:
        return "–"
    width = text_number(extreme.get(key), "mm", plus_minus=extreme.get("uncertainty_mm"))
    return f"{width} at {text_number(extreme['s_mm'], 'mm')}"
