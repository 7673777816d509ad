"""`theatrum liver`: a resection plan with volumes and margins."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.console import Point, names, plan_name, plane, points, positive, whole

if TYPE_CHECKING:
    from planning.case.document import Document
    from planning.case.plans import WedgeAsked
    from planning.liver.anatomy import LiverAnatomy
    from planning.liver.limit import RemnantLimit
    from planning.liver.resection import Resection
    from planning.liver.staging import Occlusion


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
        "theatrum liver patient.theatrum --wedge-mm 10 --tumor 1; theatrum liver patient.theatrum --wedge-mm 5 --tumor 2 "
        "--occlude V,VI,VII,VIII --stage 2 --territory V,VI,VII,VIII",
    )
    parser.add_argument("case", type=Path, metavar="CASE")
    parser.add_argument("--organ", type=names, default=("liver",), metavar="NAMES")
    parser.add_argument("--tumors", type=names, metavar="NAMES", help="default: every tumor… and …_tumor")
    parser.add_argument("--portal", type=names, default=(), metavar="NAMES")
    parser.add_argument("--hepatic", type=names, default=(), metavar="NAMES")
    parser.add_argument(
        "--stage",
        type=whole,
        choices=(1, 2),
        default=1,
        action=_Stage,
        help="of the resections that follow (default 1)",
    )
    parser.add_argument("--plane", type=plane, action=_Staged, metavar="PLANE", help="may be given several times")
    parser.add_argument("--remove", choices=("side", "tumor"), default="side")
    parser.add_argument(
        "--wedge-mm", type=positive, action=_Staged, metavar="X", help="least resection with this margin; repeatable"
    )
    parser.add_argument(
        "--tumor",
        type=whole,
        action=_Staged,
        metavar="ID",
        help="number of a tumour (1, 2, …), of each --wedge-mm in turn; default: every tumour",
    )
    parser.add_argument("--spare", type=names, default=(), metavar="NAMES", help="branches that wedges must not hit")
    parser.add_argument(
        "--territory", type=names, action=_Staged, metavar="NAMES", help="branches, segments, or right_hepatectomy …"
    )
    parser.add_argument(
        "--surface", type=Path, action=_Staged, metavar="FILE", help=".stl .ply .obj .vtp .glb .usdz, LPS mm"
    )
    parser.add_argument(
        "--ablation", type=points(2), action=_Staged, metavar='"P P"', help="needle: target and entry; repeatable"
    )
    parser.add_argument("--zone", metavar="NAME", help="ablation zone of the catalogue (default: Sphere 30 mm)")
    parser.add_argument(
        "--occlude", type=names, metavar="NAMES", help="portal branches or segments whose flow is stopped"
    )
    parser.add_argument(
        "--occlusion",
        choices=("before", "embolise", "ligate"),
        help="embolised before stage 1, or embolised (default) or ligated at stage 1",
    )
    parser.add_argument(
        "--remnant-after-ml", type=positive, metavar="ML", help="the remnant as a later study measured it; with --dates"
    )
    parser.add_argument(
        "--remnant-after", metavar="CASE_OR_PLAN", help="the same remnant planned on a later study; with --dates"
    )
    parser.add_argument("--weight-kg", type=positive, metavar="W")
    parser.add_argument("--height-cm", type=positive, metavar="H")
    parser.add_argument(
        "--slv",
        choices=("vauthey", "urata", "vauthey-weight"),
        default="vauthey",
        help="standard liver volume that leads (default vauthey)",
    )
    parser.add_argument(
        "--bsa", choices=("mosteller", "dubois"), default="mosteller", help="body surface (default mosteller)"
    )
    parser.add_argument(
        "--condition",
        metavar="NAME",
        help="normal (20 %%), chemotherapy (30 %%), cirrhosis or hepatitis (40 %%), or a percentage of your own",
    )
    parser.add_argument(
        "--before", metavar="CASE_OR_PLAN", help="the same cut on an earlier study: growth of the remnant since"
    )
    parser.add_argument(
        "--dates",
        type=dates,
        metavar="D1,D2",
        help="days of both studies, 2026-03-01,2026-04-12, the earlier one first",
    )
    parser.add_argument("--recipient-kg", type=positive, metavar="W", help="living donor: who receives what is removed")
    parser.add_argument("--graft-factor", type=positive, metavar="F", help="g of graft for each ml of CT (default 1)")
    parser.add_argument(
        "--anatomy", type=Path, metavar="FILE", help="JSON: corrections of the trees, landmarks and names of segments"
    )
    parser.add_argument("--plan", type=plan_name, metavar="NAME", help="name of the plan; an existing one is replaced")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    parser.add_argument("--quiet", action="store_true", help="no progress")
    parser.set_defaults(run=run)


class _Stage(argparse.Action):
    """The stage of what follows on the command line."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any, option: str | None = None
    ) -> None:
        namespace.stage = values


class _Staged(argparse.Action):
    """Appends the value, and to "…_stages" the stage that was said last."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any, option: str | None = None
    ) -> None:
        for name, value in ((self.dest, values), (f"{self.dest}_stages", namespace.stage)):
            setattr(namespace, name, [*(getattr(namespace, name, None) or []), value])


def run(arguments: argparse.Namespace) -> int:
    """Plan, keep it in the case, tell."""
    from app.console import keep, print_json
    from planning.case.commands import SetPlan
    from planning.case.document import Document
    from planning.case.plans import free_plan_name, liver_record
    from planning.case.standing import with_findings
    from planning.errors import UsageError
    from planning.liver.volumetry import SizeFormulas

    resections, stages = _resections(arguments)
    wedges, occlusion = _wedges(arguments), _occlusion(arguments)
    _check_asides(arguments)
    if occlusion is None and 1 not in (*stages, *(wedge.stage for wedge in wedges)):
        raise UsageError("There is no stage before stage 2", "Give what is done at stage 1, or --occlude NAMES")
    with Document.open(arguments.case) as document:
        name = arguments.plan or free_plan_name(document.case, "liver")
        record = liver_record(
            document,
            name,
            resections,
            wedges=wedges,
            anatomy=_anatomy(arguments.anatomy),
            organ=arguments.organ,
            tumors=arguments.tumors,
            portal=arguments.portal,
            hepatic=arguments.hepatic,
            weight_kg=arguments.weight_kg,
            height_cm=arguments.height_cm,
            formulas=SizeFormulas(arguments.slv.replace("-", "_"), arguments.bsa),
            limit=_limit(arguments.condition),
            stages=stages,
            occlusion=occlusion,
            asides=_asides(arguments, document, name),
        )
        keep(document, SetPlan(record))
        told = with_findings(document.case, record)
    content = {"plan": name, **told.results}
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

    studies = [arguments.before, arguments.remnant_after_ml, arguments.remnant_after]
    given = sum(study is not None for study in studies)
    if bool(given) != (arguments.dates is not None):
        raise UsageError(
            "--before, --remnant-after-ml or --remnant-after belongs together with --dates",
            "Give the other study and both days",
        )
    if given > 1:
        raise UsageError("Two other studies were given", "Give one of --before, --remnant-after-ml and --remnant-after")
    if arguments.graft_factor is not None and arguments.recipient_kg is None:
        raise UsageError("--graft-factor belongs to --recipient-kg", "Give the recipient's weight as well")


def _asides(arguments: argparse.Namespace, document: Document, name: str) -> dict[str, Any]:
    """Growth since an earlier study and a living donor's graft, as far as they are asked for."""
    from planning.case.liver_asides import find_other, graft_asked, growth_asked, remnant_after_asked
    from planning.case.plans import find_structures

    organ = find_structures(document.case, arguments.organ)
    asked: dict[str, Any] = {}
    if arguments.remnant_after_ml is not None:
        asked["remnant_after"] = remnant_after_asked(arguments.remnant_after_ml, *arguments.dates)
    if arguments.remnant_after is not None:
        later, source = find_other(document, name, arguments.remnant_after, organ)
        remnant_ml = float(later.results["flr_ml"])
        asked["remnant_after"] = remnant_after_asked(remnant_ml, *arguments.dates, plan=later.name, case=source)
    if arguments.before is not None:
        earlier, source = find_other(document, name, arguments.before, organ)
        asked["growth"] = growth_asked(earlier, arguments.dates[0], arguments.dates[1], source)
    if arguments.recipient_kg is not None:
        asked["graft"] = graft_asked(arguments.recipient_kg, arguments.graft_factor or 1.0)
    return asked


def _anatomy(path: Path | None) -> LiverAnatomy | None:
    """Of a file with {"corrections", "segments"}, or a plan's JSON. Raises InputError for a file that is none."""
    from planning.errors import InputError, UsageError
    from planning.files.json_text import parsed_json
    from planning.liver.anatomy import LiverAnatomy

    if path is None:
        return None
    try:
        content = parsed_json(path.read_text(encoding="utf-8"))
    except OSError:
        raise InputError(f"{path.name} cannot be read", "Check the name of the file", "not_there") from None
    except ValueError:
        raise InputError(f"{path.name} is no JSON", 'Give {"corrections": [...], "segments": {...}}', "json") from None
    if isinstance(content, dict):
        content = content.get("anatomy", content)
        if not {"corrections", "segments"} & set(content or {}):
            raise InputError(
                f"{path.name} says nothing of a liver's anatomy",
                'Give {"corrections": [...], "segments": {...}}',
                "json",
            )
    try:
        return LiverAnatomy.from_json(content)
    except UsageError as error:
        # what a file says is input, not the call
        raise InputError(f"{path.name}: {error.what}", error.hint, "anatomy") from error


def _limit(text: str | None) -> RemnantLimit | None:
    """The least remnant: a condition's, or a percentage of one's own. Raises UsageError for neither."""
    from planning.liver.limit import OWN, RemnantLimit

    if text is None:
        return None
    try:
        percent = float(text.removesuffix("%"))
    except ValueError:
        return RemnantLimit.of_condition(text)
    return RemnantLimit(percent, OWN)


def _occlusion(arguments: argparse.Namespace) -> Occlusion | None:
    """The portal branches to occlude. Raises UsageError for a way without branches."""
    from planning.errors import UsageError
    from planning.liver.staging import Occlusion

    if arguments.occlude is None:
        if arguments.occlusion is not None:
            raise UsageError("--occlusion belongs to --occlude", "Name the portal branches as well")
        return None
    return Occlusion(tuple(arguments.occlude), arguments.occlusion or "embolise")


def _resections(arguments: argparse.Namespace) -> tuple[list[Resection], list[int]]:
    """What was asked for but wedges, and the stage of each. Raises UsageError where nothing was, InputError for a file
    that is no surface."""
    from planning.errors import UsageError
    from planning.files.meshes import read_mesh
    from planning.geometry import Plane
    from planning.liver.resection import PlaneResection, SurfaceResection, TerritoryResection

    def cut(values: tuple[float, ...]) -> Resection:
        return PlaneResection(Plane(values[:3], values[3:]), arguments.remove)

    found: list[Resection] = []
    stages: list[int] = []
    for name, make in (
        ("plane", cut),
        ("territory", TerritoryResection),
        ("surface", lambda path: SurfaceResection(read_mesh(path), arguments.remove)),
        ("ablation", lambda needle: _ablation(needle, arguments.zone)),
    ):
        found += [make(value) for value in getattr(arguments, name) or ()]
        stages += _stages(arguments, name)
    if arguments.zone is not None and not arguments.ablation:
        raise UsageError("--zone belongs to --ablation", "Give the needle's target and entry as well")
    if not found and not arguments.wedge_mm:
        raise UsageError(
            "A liver plan needs a resection",
            "Give --plane=px,py,pz,nx,ny,nz, --wedge-mm X, --territory NAMES, --surface FILE or --ablation P P",
        )
    return found, stages


def _stages(arguments: argparse.Namespace, name: str) -> list[int]:
    """The stage that stood before each value of an option."""
    return list(getattr(arguments, f"{name}_stages", ()))


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
    spare = tuple(arguments.spare)
    stages = _stages(arguments, "wedge_mm")
    if not tumors:
        return [WedgeAsked(margin, None, spare, stage) for margin, stage in zip(margins, stages, strict=True)]
    several = len(tumors) if len(margins) == 1 else 1
    # --stage may stand before the margin or between it and the tumour
    later = [max(pair) for pair in zip(stages * several, _stages(arguments, "tumor"), strict=True)]
    rows = zip(margins * several, tumors, later, strict=True)
    return [WedgeAsked(margin, tumor, spare, stage) for margin, tumor, stage in rows]


def print_summary(plan: dict[str, Any]) -> None:
    """The numbers a liver surgeon asks for, aligned."""
    from app.console import print_rows, print_warnings, text_number
    from planning.liver.compare import least_margin

    least_mm, spread_mm = least_margin(plan["margin"])
    print(f"Liver plan {plan['plan']} (research use only, not a medical device)")
    print_rows(
        [
            ("Smallest margin", text_number(least_mm, "mm", 1, spread_mm)),
            ("Organ", text_number(plan["organ_ml"], "ml")),
            ("Removed", text_number(plan["removed_ml"], "ml")),
            ("Kept", text_number(plan["kept_ml"], "ml")),
            ("Tumour left behind", text_number(plan["kept_tumor_ml"], "ml")),
            ("Future liver remnant", text_number(plan["flr_percent"], "%")),
            *_standardised_rows(plan),
            ("Viable remnant", text_number(plan["viable_flr_percent"], "%")),
            *_perfusion_rows(plan["perfusion"]),
            *_vessel_rows(plan["vessels_cut"]),
            *_limit_rows(plan.get("remnant_limit")),
        ]
    )
    _print_stages(plan.get("stages"))
    print_rows(_after_rows(plan.get("remnant_after")))
    print_rows([*_growth_rows(plan.get("growth")), *_graft_rows(plan.get("graft"))])
    for tumor in plan["tumors"]:
        print(f"tumour {tumor['id']}: {tumor['volume_ml']:.1f} ml, longest {tumor['longest_diameter_mm']:.1f} mm")
        for vessel in tumor["vessels"][:NEAREST]:
            print(
                f"  {vessel['name']}: {text_number(vessel['distance_mm'], 'mm', 1, vessel['uncertainty_mm'])} away, "
                f"{text_number(vessel['contact_cm2'], 'cm²', 1, vessel['contact_uncertainty_cm2'])} in contact, "
                f"{vessel['diameter_mm']:.1f} mm wide"
            )
    print_warnings(plan["warnings"])


def _perfusion_rows(perfusion: dict[str, Any] | None) -> list[tuple[str, str]]:
    from app.console import text_number

    if perfusion is None:
        return []
    return [
        ("Kept without inflow", text_number(perfusion["devascularised_ml"], "ml")),
        ("Kept and congested", text_number(perfusion["congested_ml"], "ml")),
    ]


def _vessel_rows(cuts: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """How many vessels are cut, and the widest ones."""
    if not cuts:
        return []
    widest = sorted(cuts, key=lambda cut: -cut["diameter_mm"])[:NEAREST]
    told = ", ".join(f"{cut['name']} {cut['diameter_mm']:.1f} mm" for cut in widest)
    return [("Vessels cut", f"{len(cuts)}: {told}{' …' if len(cuts) > len(widest) else ''}")]


def _standardised_rows(plan: dict[str, Any]) -> list[tuple[str, str]]:
    """The standardised remnant by every formula, the chosen one first."""
    from app.console import text_number
    from planning.liver.volumetry import STANDARD_NAMES

    sizes = plan["body_size"]
    rows = [("Standardised remnant", text_number(plan["sflr_percent"], "%"))]
    if plan["sflr_percent"] is not None:
        rows.append(("  by", sizes["sflr_formula"]))
    return rows + [
        (f"  by {STANDARD_NAMES[name]}", text_number(percent, "%"))
        for name, percent in sizes["sflr_by_formula_percent"].items()
        if name != sizes["standard_formula"]
    ]


def _limit_rows(limit: dict[str, Any] | None) -> list[tuple[str, str]]:
    """What the remnant is held against, of what, and who says so."""
    if limit is None:
        return []
    words = _against(limit["measured_percent"], "%", limit["least_percent"])
    rows = [("Remnant against the limit", words), ("  of the", limit["denominator"])]
    return rows + ([("  limit from", limit["source"])] if limit["source"] else [])


STEP_WORDS = {"before": "After the occlusion", "stage_1": "After stage 1", "stage_2": "After stage 2"}


def _print_stages(stages: dict[str, Any] | None) -> None:
    """What goes and what stays at each step."""
    from app.console import print_rows, text_number
    from planning.liver.compare import met_margins
    from planning.liver.staging import OCCLUSIONS

    if stages is None:
        return
    occlusion = stages["occlusion"]
    if occlusion is not None:
        print_rows(
            [
                ("Occluded", f"{', '.join(occlusion['branches'])}, {OCCLUSIONS[occlusion['way']]}"),
                ("Occluded territory", text_number(occlusion["occluded_ml"], "ml")),
                ("Still supplied", _both(occlusion["supplied_ml"], occlusion["supplied_percent"])),
            ]
        )
    steps = stages["steps"]
    margins = [met_margins(step["margin"]) for step in steps]
    print_rows(
        [
            ("", *(STEP_WORDS[step["name"]] for step in steps)),
            ("Removed", *(text_number(step["removed_ml"], "ml") for step in steps)),
            ("Remnant", *(_both(step["flr_ml"], step["flr_percent"]) for step in steps)),
            ("Viable", *(_both(step["viable_ml"], step["viable_flr_percent"]) for step in steps)),
            ("Tumours left", *(", ".join(map(str, step["tumors_left"])) or "none" for step in steps)),
            (
                "Smallest margin",
                *(text_number(m[0]["minimum_mm"], "mm", 1, m[0]["uncertainty_mm"]) if m else "–" for m in margins),
            ),
        ]
    )


def _both(ml: float | None, percent: float | None) -> str:
    from app.console import text_number

    return f"{text_number(ml, 'ml')}, {text_number(percent, '%')}"


def _after_rows(after: dict[str, Any] | None) -> list[tuple[str, str]]:
    if after is None:
        return []
    return [
        ("Remnant as measured later", f"{_both(after['flr_ml'], after['flr_percent'])}, {after['after_on']}"),
        *_growth_rows(after["growth"]),
    ]


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
