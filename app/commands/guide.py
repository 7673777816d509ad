"""`theatrum guide`: liver, its vessels and tumours found by a few clicks and strokes, without a model."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.console import Point, plan_name, point, points, some_points

if TYPE_CHECKING:
    from planning.case.document import Document
    from planning.case.guided import Guided, Mark
    from planning.liver.segment.liver import PreparedScan

PLACES = '"P P …"'


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "guide",
        help="liver, vessels and tumours from a few clicks, without a model",
        description="Finds a structure from clicks and strokes (LPS millimetres) on the case's CT and puts it into the "
        "case as one step; what was clicked is counted and kept. For structures found by a model see segment.",
        epilog="examples: theatrum guide patient.theatrum liver --click=-60,20,110 --not=-10,40,120; "
        "theatrum guide patient.theatrum vessels --portal=4,2,88 --hepatic=-12,8,140; "
        'theatrum guide patient.theatrum tumor --line "-70,20,104 -38,24,104" --json',
    )
    parser.add_argument("case", type=Path, metavar="CASE")
    targets = parser.add_subparsers(title="structures", metavar="WHAT", required=True, parser_class=type(parser))
    liver = targets.add_parser("liver", help="the liver with its vessels and lesions")
    _add_strokes(liver, "the first lies on plain liver tissue")
    vessels = targets.add_parser("vessels", help="portal vein and hepatic veins of the liver in the case")
    vessels.add_argument("--portal", type=point, action="append", default=[], metavar="P", help="repeatable")
    vessels.add_argument("--hepatic", type=point, action="append", default=[], metavar="P", help="repeatable")
    vessels.add_argument("--not", type=point, action="append", default=[], metavar="P", dest="refused")
    tumor = targets.add_parser("tumor", help="one tumour of the liver")
    tumor.add_argument("--line", type=points(2), action="append", default=[], metavar='"P P"', help="rim to rim")
    _add_strokes(tumor, "or --line")
    tumor.add_argument(
        "--name", type=plan_name, metavar="NAME", help="default: tumor_1, tumor_2, … the first that is free"
    )
    for target, parts in (("liver", liver), ("vessels", vessels), ("tumor", tumor)):
        parts.add_argument("--force", action="store_true", help="replace the structure of that name")
        parts.add_argument("--json", action="store_true", help="one JSON object on stdout")
        parts.add_argument("--quiet", action="store_true", help="no progress")
        parts.set_defaults(target=target)
    parser.set_defaults(run=run)


def _add_strokes(parser: argparse.ArgumentParser, first: str) -> None:
    parser.add_argument("--click", type=point, action="append", default=[], metavar="P", help=f"this; {first}")
    parser.add_argument("--stroke", type=some_points, action="append", default=[], metavar=PLACES, help="this")
    parser.add_argument("--not", type=point, action="append", default=[], metavar="P", dest="refused", help="not this")
    parser.add_argument("--not-stroke", type=some_points, action="append", default=[], metavar=PLACES)


def run(arguments: argparse.Namespace) -> int:
    """Find, put into the case, tell."""
    from app.console import ConsoleProgress, keep, print_json
    from planning.case.document import Document
    from planning.case.guided import count_marks, guided_command
    from planning.errors import CaseError

    progress = ConsoleProgress(arguments.quiet)
    marks = _marks(arguments)
    with Document.open(arguments.case) as document:
        try:
            names = _names(arguments, document)
            taken = [name for name in names if name in document.case.structures]
            if taken and not arguments.force:
                raise CaseError(
                    f"There is a structure named '{taken[0]}' already", "Remove it or use --force", "exists"
                )
            found, preparing_s = _find(arguments.target, document, names, marks, progress)
        finally:
            progress.close()
        keep(document, guided_command(document, found))
    clicks, strokes = count_marks(marks)
    content = {
        "structures": [
            {
                "name": name,
                "voxels": mask.voxel_count,
                "volume_ml": mask.volume_ml,
                "confidence": found.confidence[name],
            }
            for name, mask in found.masks.items()
        ],
        "clicks": clicks,
        "strokes": strokes,
        "seconds": found.seconds,
        "cpu_seconds": found.cpu_seconds,
        "preparing_seconds": preparing_s,
        "warnings": [finding.as_json() for finding in found.findings],
    }
    if arguments.json:
        print_json("guide", content)
    else:
        print_summary(content, found)
    return 0


def print_summary(content: dict[str, Any], found: Guided) -> None:
    """Volumes, clicks and time, then what to look at."""
    from app.console import print_rows, print_warnings, text_number

    print("Found by clicks (research use only, not a medical device)")
    print_rows(
        [
            *((item["name"], text_number(item["volume_ml"], "ml")) for item in content["structures"]),
            *((name, text_number(value, unit, 0)) for name, value, unit in found.facts),
            ("Clicks", str(content["clicks"])),
            ("Strokes", str(content["strokes"])),
            ("Computed in", text_number(content["seconds"] + content["preparing_seconds"], "s")),
        ]
    )
    print_warnings(content["warnings"])


def _marks(arguments: argparse.Namespace) -> tuple[Mark, ...]:
    """What was clicked, "this" before "not this". Raises UsageError without any "this"."""
    from planning.case.guided import HEPATIC, NOT, PORTAL, THIS, Mark
    from planning.errors import UsageError

    def of(kind: str, places: list[Point] | list[tuple[Point, ...]]) -> list[Mark]:
        return [Mark(kind, _rows(place)) for place in places]

    refused = of(NOT, arguments.refused)
    if arguments.target == "vessels":
        wanted = [*of(PORTAL, arguments.portal), *of(HEPATIC, arguments.hepatic)]
        missing = "Give --portal, --hepatic or both"
    else:
        lines = _checked_lines(arguments.line) if arguments.target == "tumor" else []
        wanted = [*of(THIS, lines), *of(THIS, arguments.click), *of(THIS, arguments.stroke)]
        refused += of(NOT, arguments.not_stroke)
        missing = "Give --click" if arguments.target == "liver" else "Give --click or --line"
    if not wanted:
        raise UsageError("No click says what is meant", missing)
    return (*wanted, *refused)


def _checked_lines(lines: list[tuple[Point, ...]]) -> list[tuple[Point, ...]]:
    """The same lines. Raises UsageError for one too short to be a diameter: it would count as a click."""
    from math import dist

    from planning.errors import UsageError
    from planning.liver.segment.tumors import LINE_FROM_MM

    for start, end in lines:
        if dist(start, end) < LINE_FROM_MM:
            raise UsageError(
                f"A line of {dist(start, end):.1f} mm is too short to be a tumour's diameter",
                f"Draw it from rim to rim, {LINE_FROM_MM:g} mm or more, or give --click",
            )
    return lines


def _rows(places: Any) -> Any:
    """(n, 3) of one point or several."""
    import numpy as np

    return np.atleast_2d(np.asarray(places, dtype=np.float64))


def _names(arguments: argparse.Namespace, document: Document) -> tuple[str, ...]:
    """What the structures will be called."""
    from planning.case.guided import HEPATIC_VEINS, LIVER, PORTAL_VEIN, free_tumor_name

    if arguments.target == "liver":
        return (LIVER,)
    if arguments.target == "vessels":
        asked = ((PORTAL_VEIN, arguments.portal), (HEPATIC_VEINS, arguments.hepatic))
        return tuple(name for name, places in asked if places)
    return (arguments.name or free_tumor_name(document.case),)


def _find(
    target: str, document: Document, names: tuple[str, ...], marks: tuple[Mark, ...], progress: Any
) -> tuple[Guided, float]:
    """What the marks give, and the seconds that everything before the first click took."""
    import time

    from planning.case.guided import closed_liver, find_vessels, guide_liver, guide_tumor, guide_vessels
    from planning.case.plans import planning_image
    from planning.errors import InputError
    from planning.liver.segment.liver import prepare_scan
    from planning.progress import part_of

    others = [name for name in document.case.structures if target != "tumor" or name not in names]
    liver = None if target == "liver" else closed_liver(others, document.mask)
    if target == "vessels" and liver is None:
        raise InputError("There is no liver to look for vessels in", "Find the liver first: theatrum guide CASE liver")
    volume = document.volume(planning_image(document.case).name)
    start = time.perf_counter()
    scan: PreparedScan = prepare_scan(volume, progress=part_of(progress, 0.0, 0.4))
    if target == "vessels":
        assert liver is not None
        vessels = find_vessels(scan, liver, progress=part_of(progress, 0.4, 1.0))
        preparing_s = time.perf_counter() - start
        return guide_vessels(vessels, marks), preparing_s
    preparing_s = time.perf_counter() - start
    rest = part_of(progress, 0.4, 1.0)
    if target == "liver":
        return guide_liver(scan, marks, progress=rest), preparing_s
    return guide_tumor(scan, marks, names[0], liver=liver, progress=rest), preparing_s
