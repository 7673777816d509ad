"""`theatrum liver`: a resection plan with volumes and margins."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.console import Point, names, plan_name, plane, points, positive

if TYPE_CHECKING:
    from planning.case.document import Document
    from planning.case.plans import WedgeAsked
    from planning.liver.anatomy import LiverAnatomy
    from planning.liver.resection import Resection


NEAREST = 3


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "liver",
        help="volumes, remnant and margin of a resection",
        description="Plans resections of any kind, together. A plane is px,py,pz,nx,ny,nz in LPS millimetres; the side "
        "the normal points to is removed, or with --remove tumor the side that holds the tumour. A wedge is the least "
        "that removes a tumour with a margin and reaches the capsule. A territory is what a branch or segment owns. "
        "A surface file cuts along its triangles: a closed one removes its inside.",
        epilog="examples: theatrum liver patient.theatrum --portal portal_vein --plane=-40,10,60,-1,0,0 --json; "
        "theatrum liver patient.theatrum --wedge-mm 10 --tumor 1",
    )
    parser.add_argument("case", type=Path, metavar="CASE")
    parser.add_argument("--organ", type=names, default=("liver",), metavar="NAMES")
    parser.add_argument("--tumors", type=names, metavar="NAMES", help="default: every tumor… and …_tumor")
    parser.add_argument("--portal", type=names, default=(), metavar="NAMES")
    parser.add_argument("--hepatic", type=names, default=(), metavar="NAMES")
    parser.add_argument("--plane", type=plane, action="append", metavar="PLANE", help="may be given several times")
    parser.add_argument("--remove", choices=("side", "tumor"), default="side")
    parser.add_argument(
        "--wedge-mm", type=positive, action="append", metavar="X", help="least resection with this margin; repeatable"
    )
    parser.add_argument(
        "--tumor", type=int, action="append", metavar="ID", help="of each --wedge-mm in turn; default: every tumour"
    )
    parser.add_argument("--spare", type=names, default=(), metavar="NAMES", help="branches that wedges must not hit")
    parser.add_argument(
        "--territory", type=names, action="append", metavar="NAMES", help="branches, segments, or right_hepatectomy …"
    )
    parser.add_argument(
        "--surface", type=Path, action="append", metavar="FILE", help=".stl .ply .obj .vtp .3mf, LPS mm"
    )
    parser.add_argument(
        "--ablation", type=points(2), action="append", metavar='"P P"', help="needle: target and entry; repeatable"
    )
    parser.add_argument("--zone", metavar="NAME", help="ablation zone of the catalogue (default: Sphere 30 mm)")
    parser.add_argument("--weight-kg", type=positive, metavar="W")
    parser.add_argument("--height-cm", type=positive, metavar="H")
    parser.add_argument(
        "--before", metavar="CASE_OR_PLAN", help="the same cut on an earlier study: growth of the remnant since"
    )
    parser.add_argument("--dates", type=dates, metavar="D1,D2", help="days of both studies, 2026-03-01,2026-04-12")
    parser.add_argument("--recipient-kg", type=positive, metavar="W", help="living donor: who receives what is removed")
    parser.add_argument("--graft-factor", type=positive, metavar="F", help="g of graft for each ml of CT (default 1)")
    parser.add_argument(
        "--anatomy", type=Path, metavar="FILE", help="JSON: corrections of the trees, landmarks and names of segments"
    )
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

    resections = _resections(arguments)
    _check_asides(arguments)
    with Document.open(arguments.case) as document:
        name = arguments.plan or free_plan_name(document.case, "liver")
        record = liver_record(
            document,
            name,
            resections,
            wedges=_wedges(arguments),
            anatomy=_anatomy(arguments.anatomy),
            organ=arguments.organ,
            tumors=arguments.tumors,
            portal=arguments.portal,
            hepatic=arguments.hepatic,
            weight_kg=arguments.weight_kg,
            height_cm=arguments.height_cm,
            asides=_asides(arguments, document, name),
        )
        document.do(SetPlan(record))
    content = {"plan": name, **record.results}
    if arguments.json:
        print_json("liver", content)
    else:
        print_summary(content)
    return 0


def dates(text: str) -> tuple[date, date]:
    """Two ISO days with a comma between them."""
    try:
        first, second = (date.fromisoformat(part.strip()) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"two days like 2026-03-01,2026-04-12 are needed, got {text!r}") from None
    return first, second


def _check_asides(arguments: argparse.Namespace) -> None:
    """Raises UsageError where half of a question is missing."""
    from planning.errors import UsageError

    if (arguments.before is None) != (arguments.dates is None):
        raise UsageError("--before and --dates belong together", "Give the earlier plan or case and both days")
    if arguments.graft_factor is not None and arguments.recipient_kg is None:
        raise UsageError("--graft-factor belongs to --recipient-kg", "Give the recipient's weight as well")


def _asides(arguments: argparse.Namespace, document: Document, name: str) -> dict[str, Any]:
    """Growth since an earlier study and a living donor's graft, as far as they are asked for."""
    from planning.case.liver_asides import find_earlier, graft_asked, growth_asked

    asked: dict[str, Any] = {}
    if arguments.before is not None:
        earlier, source = find_earlier(document, name, arguments.before)
        asked["growth"] = growth_asked(earlier, arguments.dates[0], arguments.dates[1], source)
    if arguments.recipient_kg is not None:
        asked["graft"] = graft_asked(arguments.recipient_kg, arguments.graft_factor or 1.0)
    return asked


def _anatomy(path: Path | None) -> LiverAnatomy | None:
    """Of a file with {"corrections", "segments"}, or a plan's JSON. Raises InputError for a file that is none."""
    import json

    from planning.errors import InputError, UsageError
    from planning.liver.anatomy import LiverAnatomy

    if path is None:
        return None
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise InputError(f"{path.name} cannot be read", "Check the name of the file", "not_there") from None
    except ValueError:
        raise InputError(f"{path.name} is no JSON", 'Give {"corrections": [...], "segments": {...}}', "json") from None
    if isinstance(content, dict):
        content = content.get("anatomy", content)
    try:
        return LiverAnatomy.from_json(content)
    except UsageError as error:
        # what a file says is input, not the call
        raise InputError(f"{path.name}: {error.what}", error.hint, "anatomy") from error


def _resections(arguments: argparse.Namespace) -> list[Resection]:
    """What was asked for but wedges. Raises UsageError where nothing was, InputError for a file that is no surface."""
    from planning.errors import UsageError
    from planning.files.meshes import read_mesh
    from planning.geometry import Plane
    from planning.liver.resection import PlaneResection, SurfaceResection, TerritoryResection

    found: list[Resection] = [
        PlaneResection(Plane(values[:3], values[3:]), arguments.remove) for values in arguments.plane or ()
    ]
    found += [TerritoryResection(chosen) for chosen in arguments.territory or ()]
    found += [SurfaceResection(read_mesh(path), arguments.remove) for path in arguments.surface or ()]
    found += [_ablation(needle, arguments.zone) for needle in arguments.ablation or ()]
    if arguments.zone is not None and not arguments.ablation:
        raise UsageError("--zone belongs to --ablation", "Give the needle's target and entry as well")
    if not found and not arguments.wedge_mm:
        raise UsageError(
            "A liver plan needs a resection",
            "Give --plane=px,py,pz,nx,ny,nz, --wedge-mm X, --territory NAMES, --surface FILE or --ablation P P",
        )
    return found


def _ablation(needle: tuple[Point, ...], zone: str | None) -> Resection:
    """One zone of the catalogue about its needle."""
    import numpy as np

    from planning.liver.ablation import find_zone
    from planning.liver.resection import AblationResection

    row = find_zone(zone or "Sphere 30 mm")
    target, entry = (np.array(place) for place in needle)
    return AblationResection(target, entry, row.long_mm / 2.0, row.short_mm / 2.0, row.name)


def _wedges(arguments: argparse.Namespace) -> list[WedgeAsked]:
    """The wedges asked for. Raises UsageError where tumours and margins do not pair."""
    from planning.case.plans import WedgeAsked
    from planning.errors import UsageError

    margins, tumors = arguments.wedge_mm or [], arguments.tumor or []
    if tumors and not margins:
        raise UsageError("--tumor belongs to --wedge-mm", "Give the margin as well")
    if arguments.spare and not margins:
        raise UsageError("--spare belongs to --wedge-mm", "Give the margin as well")
    if tumors and len(margins) not in (1, len(tumors)):
        raise UsageError(
            f"{len(margins)} margins do not pair with {len(tumors)} tumours", "Give one margin, or one for each tumour"
        )
    if not tumors:
        return [WedgeAsked(margin, None, tuple(arguments.spare)) for margin in margins]
    pairs = zip(margins * len(tumors) if len(margins) == 1 else margins, tumors, strict=True)
    return [WedgeAsked(margin, tumor, tuple(arguments.spare)) for margin, tumor in pairs]


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
    print_rows([*_growth_rows(plan.get("growth")), *_graft_rows(plan.get("graft"))])
    for tumor in plan["tumors"]:
        print(f"tumour {tumor['id']}: {tumor['volume_ml']:.1f} ml, longest {tumor['longest_diameter_mm']:.1f} mm")
        for vessel in tumor["vessels"][:NEAREST]:
            print(
                f"  {vessel['name']}: {vessel['distance_mm']:.1f} mm away, {vessel['contact_cm2']:.1f} cm² in contact, "
                f"{vessel['diameter_mm']:.1f} mm wide"
            )
    print_warnings(plan["warnings"])


def _growth_rows(growth: dict[str, Any] | None) -> list[tuple[str, str]]:
    from app.console import text_number

    if growth is None:
        return []
    limits = growth["limits"]
    rate, points = growth["kinetic_growth_percent_per_week"], growth["degree_of_hypertrophy_points"]
    return [
        ("Days between the studies", str(growth["days"])),
        ("Degree of hypertrophy", _against(points, "points", limits["degree_of_hypertrophy_points"])),
        ("Kinetic growth rate", _against(rate, "% a week", limits["kinetic_growth_percent_per_week"])),
        ("Growth of the remnant", text_number(growth["relative_growth_percent"], "%")),
        ("Limits from", limits["source"]),
    ]


def _graft_rows(graft: dict[str, Any] | None) -> list[tuple[str, str]]:
    from app.console import text_number

    if graft is None:
        return []
    limits = graft["limits"]
    return [
        ("Graft", text_number(graft["graft_g"], "g", 0)),
        ("Graft / recipient weight", _against(graft["grwr_percent"], "%", limits["grwr_percent"], 2)),
        ("Donor keeps", _against(graft["donor_remnant_percent"], "%", limits["donor_remnant_percent"])),
    ]


def _against(value: float | None, unit: str, least: float, digits: int = 1) -> str:
    """A number with the least that is asked of it."""
    from app.console import text_number

    return f"{text_number(value, unit, digits)} ({least:g} asked)"
