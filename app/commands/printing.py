"""`theatrum print`: structures as files for a 3D printer or viewer."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.console import bed, names, plane, positive, some_points

if TYPE_CHECKING:
    from planning.printing.options import PrintOptions

PLAN = "plan"


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
    parser.add_argument("--structures", type=names, action="extend", metavar="NAMES", help="default: all")
    parser.add_argument("--plan", metavar="NAME", help="print the parts of a liver plan: removed and kept")
    parser.add_argument("--hollow-mm", type=positive, metavar="X", help="leave a wall of X mm")
    parser.add_argument("--drain", action="store_true", help="with --hollow-mm: holes as the printer needs them")
    parser.add_argument(
        "--vessel-walls",
        type=positive,
        metavar="X",
        help="vessels and the heart's rooms as a wall of X mm round the blood",
    )
    parser.add_argument("--open", type=some_points, metavar="POINTS", help="with --vessel-walls: ends that are open")
    parser.add_argument(
        "--shell", action="store_true", help="organs seen through, with room for the other parts inside"
    )
    parser.add_argument(
        "--cut",
        type=plane_or_plan,
        metavar="PLANE|plan",
        help="px,py,pz,nx,ny,nz: in two by a plane; plan: along --plan",
    )
    parser.add_argument(
        "--pegs", action="store_true", help="where parts are cut: two pegs and sockets that fit one way"
    )
    parser.add_argument(
        "--clearance-mm", type=positive, metavar="X", help="between peg and socket (default: the printer's)"
    )
    parser.add_argument("--base", action="store_true", help="a plate with scale bar, R and L, and a label")
    parser.add_argument(
        "--label", metavar="TEXT", help="on the base; never a patient's name or number (default: Theatrum)"
    )
    parser.add_argument("--marks", action="store_true", help="R and L engraved in the largest part")
    parser.add_argument(
        "--fix",
        type=fix_kinds,
        nargs="?",
        const=(),
        metavar="KINDS",
        help="mend what is found: holes,triangles,crossings,crumbs,drains,walls; loose and voids only where named",
    )
    parser.add_argument("--orient", action="store_true", help="turn parts so that they need the least supports")
    parser.add_argument("--split", action="store_true", help="cut what is larger than the bed")
    parser.add_argument("--nest", action="store_true", help="parts side by side, on as many plates as they need")
    parser.add_argument(
        "--printer", metavar="NAME", help="bed, clearance, walls and holes of a printer, e.g. fff-256, sla-145"
    )
    parser.add_argument("--material", metavar="NAME", help="what cost and time are estimated for, e.g. pla")
    parser.add_argument("--bed-mm", type=bed, metavar="X,Y,Z")
    parser.add_argument(
        "--scale", type=positive, metavar="PERCENT", help="of life size (default: 100); walls, pegs and gaps stay in mm"
    )
    parser.add_argument("--tolerance-mm", type=positive, default=0.1, metavar="0.1")
    parser.add_argument("--draco", action="store_true", help="a .glb a tenth the size; not every viewer opens it")
    parser.add_argument("--force", action="store_true", help="replace existing files")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    parser.add_argument("--quiet", action="store_true", help="no progress")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Mesh, write, read back, compare, tell."""
    from app.console import ConsoleProgress, print_json, print_rows, print_warnings
    from app.went_out import noted_by_command, what_of
    from planning.case.document import Document
    from planning.case.printing import print_parts
    from planning.printing.plan import check_print_place, make_print

    options = _options(arguments)
    check_print_place(arguments.output, arguments.force)
    progress = ConsoleProgress(arguments.quiet)
    with Document.open(arguments.case, read_only=True, beside=True) as document:
        parts = print_parts(document, arguments.structures, arguments.plan, along_plan=arguments.cut == PLAN)
        content = make_print(
            parts,
            arguments.output,
            options,
            force=arguments.force,
            progress=progress,
        )
    progress.close()
    noted = noted_by_command(arguments.case, what_of("model to print", arguments.output))
    content["warnings"] = [*content["warnings"], *noted]
    content["fixable"] = _fixable(content, arguments.fix)
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
    guess = content["estimate"]
    if guess is not None:
        print(
            f"about {guess['used_ml']:.0f} ml of {guess['material_title']}, {guess['mass_g']:.0f} g, "
            f"{guess['cost']:.2f} {guess['currency']}, {guess['hours']:.1f} h"
        )
    for fix in content["fixes"]:
        print(f"{fix['object']}: {fix['text']}")
    print_warnings(content["warnings"])
    for option, objects in content["fixable"].items():
        print(f"{option} mends {', '.join(objects)}")
    return 0


def fix_kinds(text: str) -> tuple[str, ...]:
    """Kinds of fixes, with commas."""
    from planning.printing.fixing import KINDS

    asked = names(text)
    unknown = next((kind for kind in asked if kind not in KINDS), None)
    if unknown is not None:
        raise argparse.ArgumentTypeError(f"no fix is called {unknown!r}: use {', '.join(KINDS)}")
    return asked


def _fixable(content: dict[str, Any], asked: tuple[str, ...] | None) -> dict[str, list[str]]:
    """What an option would mend of the faults that are left: the objects by option."""
    from planning.printing.fixing import kind_of

    tried = {(row["object"], row["fix"]) for row in content["fixes"]}
    found: dict[str, list[str]] = {}
    for row in content["objects"]:
        for fault in row["faults"]:
            kind = kind_of(fault.get("fix", ""))
            if not kind or (row["name"], fault["fix"]) in tried or kind in (asked or ()):
                continue
            objects = found.setdefault(f"--fix {kind}", [])
            if row["name"] not in objects:
                objects.append(row["name"])
    return found


def plane_or_plan(text: str) -> Any:
    """A plane's six numbers, or "plan"."""
    return PLAN if text.strip().lower() == PLAN else plane(text)


def _options(arguments: argparse.Namespace) -> PrintOptions:
    """What is asked for, held against what can be made. Raises UsageError, InputError."""
    from planning.errors import UsageError
    from planning.geometry import Plane
    from planning.printing.options import LABEL, PrintOptions

    along_plan = arguments.cut == PLAN
    if along_plan and arguments.plan is None:
        raise UsageError("The plan to cut along is not named", "Give --plan NAME")
    if arguments.label is not None and not arguments.base:
        raise UsageError("A label is written on the base", "Give --base too")
    bed_mm = arguments.bed_mm
    return PrintOptions(
        tolerance_mm=arguments.tolerance_mm,
        hollow_mm=arguments.hollow_mm,
        vessel_walls_mm=arguments.vessel_walls,
        open_at_mm=arguments.open or (),
        drain=arguments.drain,
        shell=arguments.shell,
        cut=None if arguments.cut is None or along_plan else Plane(arguments.cut[:3], arguments.cut[3:]),
        pegs=arguments.pegs,
        clearance_mm=arguments.clearance_mm,
        base=arguments.base,
        label=LABEL if arguments.label is None else arguments.label,
        marks=arguments.marks,
        orient=arguments.orient,
        split=arguments.split,
        nest=arguments.nest,
        bed_mm=None if bed_mm is None else (bed_mm[0], bed_mm[1], bed_mm[2]),
        printer=arguments.printer,
        material=arguments.material,
        draco=arguments.draco,
        scale=1.0 if arguments.scale is None else arguments.scale / 100.0,
        mend=arguments.fix,
        parted=along_plan or arguments.plan is not None,
    )
