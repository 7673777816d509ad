"""`theatrum kidney`: a kidney's tumours by R.E.N.A.L., what clamping does, and what a resection leaves."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.console import names, plan_name, plane, positive, whole

if TYPE_CHECKING:
    from planning.case.plans import WedgeAsked
    from planning.liver.resection import Resection


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "kidney",
        help="R.E.N.A.L. score, clamp territories and partial resection of a kidney's tumours",
        description="Scores each tumour of one kidney by R.E.N.A.L. (Kutikov and Uzzo 2009) with the slice that proves "
        "each letter and the doubt near a limit, measures the surface that touches parenchyma, tells which branch of the "
        "artery to clamp, and what a resection removes and keeps. A plane is px,py,pz,nx,ny,nz in LPS millimetres and "
        "removes the side the normal points to; a wedge is the least that removes a tumour with a margin. Structures "
        "that are not named are taken by their names in the case.",
        epilog="examples: theatrum kidney patient.theatrum --kidney kidney_left --tumors kidney_tumor "
        "--sinus renal_pelvis --artery renal_artery --json; theatrum kidney patient.theatrum --wedge-mm 5",
    )
    parser.add_argument("case", type=Path, metavar="CASE")
    parser.add_argument("--kidney", type=names, metavar="NAMES", help="parenchyma of one kidney")
    parser.add_argument("--tumors", type=names, metavar="NAMES")
    parser.add_argument("--sinus", type=names, metavar="NAMES", help="collecting system or sinus")
    parser.add_argument("--artery", type=names, metavar="NAMES")
    parser.add_argument("--vein", type=names, metavar="NAMES")
    parser.add_argument("--plane", type=plane, action="append", metavar="PLANE", help="may be given several times")
    parser.add_argument("--remove", choices=("side", "tumor"), default="side")
    parser.add_argument(
        "--wedge-mm", type=positive, action="append", metavar="X", help="least resection with this margin; repeatable"
    )
    parser.add_argument(
        "--tumor",
        type=whole,
        action="append",
        metavar="ID",
        help="number of a tumour (1, 2, …), of each --wedge-mm in turn; default: every tumour",
    )
    parser.add_argument("--spare", type=names, default=(), metavar="NAMES", help="branches that wedges must not hit")
    parser.add_argument("--territory", type=names, action="append", metavar="NAMES", help="what artery branches feed")
    parser.add_argument(
        "--surface", type=Path, action="append", metavar="FILE", help=".stl .ply .obj .vtp .glb .usdz, LPS mm"
    )
    parser.add_argument("--margin-mm", type=positive, metavar="X", help="margin asked for (default 5)")
    parser.add_argument(
        "--clamp",
        type=names,
        metavar="NAMES",
        help="artery branches; default: those that feed a tumour that is cut, and its margin",
    )
    parser.add_argument("--plan", type=plan_name, metavar="NAME", help="name of the plan; an existing one is replaced")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    parser.add_argument("--quiet", action="store_true", help="no progress")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Plan, keep it in the case, tell."""
    from app.console import keep, print_json
    from planning.case.commands import SetPlan
    from planning.case.document import Document
    from planning.case.kidney_plans import KIND, kidney_record, kidney_roles
    from planning.case.plans import free_plan_name
    from planning.case.standing import with_findings

    resections, wedges = _resections(arguments), _wedges(arguments)
    with Document.open(arguments.case) as document:
        name = arguments.plan or free_plan_name(document.case, KIND)
        roles = kidney_roles(
            document.case,
            organ=arguments.kidney,
            tumors=arguments.tumors,
            sinus=arguments.sinus,
            artery=arguments.artery,
            vein=arguments.vein,
        )
        record = kidney_record(
            document,
            name,
            roles,
            resections,
            wedges=wedges,
            margin_mm=arguments.margin_mm,
            clamp=arguments.clamp,
        )
        keep(document, SetPlan(record))
        told = with_findings(document.case, record)
    content = {"plan": name, **told.results}
    if arguments.json:
        print_json("kidney", content)
    else:
        print_summary(content)
    return 0


def _resections(arguments: argparse.Namespace) -> list[Resection]:
    """What was asked for but wedges. Raises InputError for a file that is no surface."""
    from planning.files.meshes import read_mesh
    from planning.geometry import Plane
    from planning.liver.resection import PlaneResection, SurfaceResection, TerritoryResection

    planes = [PlaneResection(Plane(one[:3], one[3:]), arguments.remove) for one in arguments.plane or ()]
    territories = [TerritoryResection(chosen) for chosen in arguments.territory or ()]
    surfaces = [SurfaceResection(read_mesh(path), arguments.remove) for path in arguments.surface or ()]
    return [*planes, *territories, *surfaces]


def _wedges(arguments: argparse.Namespace) -> list[WedgeAsked]:
    """The wedges asked for: one margin for each tumour named, or one for all. Raises UsageError where they do not pair."""
    from planning.case.plans import WedgeAsked
    from planning.errors import UsageError

    margins, tumors = arguments.wedge_mm or [], arguments.tumor or []
    if not margins and (tumors or arguments.spare):
        raise UsageError("--tumor and --spare belong to --wedge-mm", "Give the margin as well")
    spare = tuple(arguments.spare)
    if not tumors:
        return [WedgeAsked(margin, None, spare) for margin in margins]
    if len(margins) not in (1, len(tumors)):
        raise UsageError(
            f"{len(margins)} margins do not pair with {len(tumors)} tumours", "Give one margin, or one for each tumour"
        )
    shared = margins * len(tumors) if len(margins) == 1 else margins
    return [WedgeAsked(margin, tumor, spare) for margin, tumor in zip(shared, tumors, strict=True)]


def print_summary(content: dict[str, Any]) -> None:
    """Each tumour's letters with their places, the clamps, and what the resections leave."""
    from app.console import print_warnings

    print(f"Kidney plan {content['plan']} (research use only, not a medical device)")
    for tumor in content["tumors"]:
        _print_tumor(tumor)
    _print_clamps(content)
    _print_cut(content)
    print_warnings(content["warnings"])


def _print_tumor(tumor: dict[str, Any]) -> None:
    from app.console import print_rows

    renal = tumor["renal"]
    total = "not known" if renal["total"] is None else f"{renal['total']}{renal['suffix']}"
    others = renal["possible_totals"]
    within = f" ({others[0]} to {others[-1]} possible)" if len(others) > 1 else ""
    print(f"tumour {tumor['id']}: R.E.N.A.L. {total}{within}, {renal['complexity']}; {tumor['volume_ml']:.1f} ml")
    print_rows([_letter_row(letter) for letter in renal["letters"]])
    words = ", complex" if tumor["complex_contact"] else ""
    print(
        f"  contact {tumor['contact_cm2']:.1f} ± {tumor['contact_uncertainty_cm2']:.1f} cm²{words} "
        f"(2πrd as a cross-check: {tumor['contact_formula_cm2']:.1f} cm²)"
    )


def _letter_row(letter: dict[str, Any]) -> tuple[str, str, str, str]:
    """ "E", "1", "62 ± 4 % of its volume outside the kidney's outline", "at 12.0, −3.0, 40.5"."""
    points = "–" if letter["points"] is None else "/".join(str(one) for one in letter["possible_points"])
    value, spread = letter["value"], letter["uncertainty"]
    digits = 2 if letter["unit"] == "cm" else 1
    figure = value if isinstance(value, str) else "" if value is None else f"{value:.{digits}f}"
    figure += "" if spread is None else f" ± {spread:.{digits}f}"
    places = "; ".join(_place(place) for place in letter["at_mm"])
    words = f"{figure} {letter['unit']}".strip() + f" {letter['text']}"
    return f"  {letter['letter']}", points, words.strip(), f"at {places}" if places else ""


def _print_clamps(content: dict[str, Any]) -> None:
    from app.console import print_rows, text_number

    clamping = content["clamping"]
    chosen = () if clamping is None else clamping["names"]
    rows = []
    for clamp in content["clamps"]:
        fed = [one for one in clamp["tumors"] if one["margin_share"] >= 0.005]
        words = ", ".join(f"T{one['id']} with margin {100.0 * one['margin_share']:.0f} %" for one in fed)
        rows.append(
            (
                f"Clamp {clamp['name']}" + (" *" if clamp["name"] in chosen else ""),
                text_number(clamp["volume_ml"], "ml"),
                text_number(clamp["share_percent"], "%", 0),
                text_number(clamp["diameter_mm"], "mm wide"),
                f"at {_place(clamp['clamp_mm'])}" + (f", feeds {words}" if fed else ""),
            )
        )
    print_rows(rows)
    if clamping is None or not chosen:
        return
    which = "proposed" if clamping["is_proposed"] else "chosen"
    print_rows(
        [
            (f"Parenchyma behind the clamps ({which}, *)", text_number(clamping["territory_parenchyma_ml"], "ml")),
            ("  kept, without blood while clamped", text_number(clamping["ischaemic_kept_ml"], "ml")),
            ("  tumour beside it", text_number(clamping["territory_tumor_ml"], "ml")),
            ("Kept parenchyma, main artery clamped", text_number(clamping["main_artery_kept_ml"], "ml")),
        ]
    )


def _print_cut(content: dict[str, Any]) -> None:
    from app.console import print_rows, text_number
    from planning.liver.compare import least_margin

    if not content["resections"]:
        return
    (least_mm, spread_mm), perfusion = least_margin(content["margin"]), content["perfusion"]
    rows = [
        ("Smallest margin", text_number(least_mm, "mm", 1, spread_mm)),
        ("Kidney", text_number(content["organ_ml"], "ml")),
        ("Removed", text_number(content["removed_ml"], "ml")),
        ("Kept", text_number(content["kept_ml"], "ml")),
        ("Kept parenchyma", text_number(content["kept_parenchyma_percent"], "%")),
    ]
    if perfusion is not None:
        rows.append(("Kept, its artery cut", text_number(perfusion["devascularised_ml"], "ml")))
    print_rows(rows)


def _place(at_mm: list[float]) -> str:
    return ",".join(f"{value:.1f}" for value in at_mm)
