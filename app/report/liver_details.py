"""What a liver report says beside its numbers: resections in words, tumours' vessels, ablation, plans compared, growth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.report.content import Beside, Cell, Curve, Line, Table
from app.report.describe import quantity
from planning.case.liver_asides import is_chosen
from planning.case.model import PlanRecord
from planning.liver.compare import Limits, PlanRow, compare_plans, judge_plan, rank_plans, say_place
from planning.liver.describe import branch_words, say_resection, say_resections
from planning.units import text_position, text_quantity, text_value

NEAR_MM = 10.0
MOST_NEAR, LEAST_SHARE = 4, 0.02
TREE_WORDS = {"couinaud": "segment", "portal": "portal branch", "hepatic": "hepatic vein"}


def resection_rows(plan: PlanRecord) -> list[tuple[str, str]]:
    """Each resection of a plan so that it could be given again, with what it removes."""
    rows = []
    for number, (asked, found) in enumerate(zip(plan.inputs["resections"], plan.results["resections"], strict=True), 1):
        words = f"{say_resection(asked)}: removes {text_quantity(found['removed_ml'], 'ml')} alone"
        rows.append((f"Cut {number}", words))
    return rows


def tumor_vessels(results: Mapping[str, Any]) -> Table:
    """The vessels nearest to each tumour: a distance of its own, never merged with the margin to the cut."""
    rows = []
    for tumor in results["tumors"]:
        near = [one for one in tumor.get("vessels", ()) if one["distance_mm"] <= NEAR_MM][:MOST_NEAR]
        for number, vessel in enumerate(near):
            away = vessel["distance_mm"]
            rows.append(
                (
                    Cell(f"T{tumor['id']}" if not number else "", True),
                    Cell(branch_words(vessel["name"])),
                    Cell(
                        "runs into it" if away < 0.0 else text_quantity(away, "mm"), status="warn" if away < 1.0 else ""
                    ),
                    Cell(f"{text_value(vessel['contact_cm2'], 1)} cm²"),
                    Cell(text_quantity(vessel["diameter_mm"], "mm")),
                    Cell(text_position(vessel["at_mm"])),
                )
            )
    known = any("vessels" in tumor for tumor in results["tumors"])
    return Table(
        "Vessels near the tumours",
        ("", "Vessel", "Distance", "Contact", "Diameter", "Place, patient mm"),
        rows,
        note=f"Within {NEAR_MM:g} mm. Distance from the tumour’s surface to the vessel’s wall; contact: tumour surface "
        "within 1 mm of it. A thin vessel’s wall is known to about half a voxel."
        if rows
        else "",
        empty=f"No vessel of a named tree within {NEAR_MM:g} mm of a tumour."
        if known
        else "No vessel tree or tumour was named.",
    )


def place_words(tumor: Mapping[str, Any]) -> str:
    """ "segment VII 82 %, VIII 18 %" of the first tree that a plan knows; "" for none."""
    territories = tumor.get("territories") or {}
    tree = next((tree for tree in TREE_WORDS if territories.get(tree)), None)
    if tree is None:
        return ""
    # a file keeps names in their order, not shares
    largest = sorted(territories[tree].items(), key=lambda one: -one[1])
    shares = [(name, share) for name, share in largest if share >= LEAST_SHARE][:3]
    named = [f"{name.removeprefix(f'{tree}_')} {100.0 * share:.0f} %" for name, share in shares]
    return f"{TREE_WORDS[tree]} {', '.join(named)}"


def ablation_table(results: Mapping[str, Any]) -> Table | None:
    """Each zone's margin about its tumour with its probability and the error model; None without a zone."""
    zones = [(number, row) for number, row in enumerate(results["resections"], 1) if row["kind"] == "ablation"]
    if not zones:
        return None
    rows, model = [], None
    for number, zone in zones:
        for one in zone.get("ablative_margin") or ():
            model = model or one["error"]
            wanted, chance = one["wanted_mm"], one["probability"]
            rows.append(
                (
                    Cell(f"Cut {number}", True),
                    Cell(zone.get("device") or "zone of its own size"),
                    Cell(f"T{one['tumor_id']}"),
                    Cell(
                        text_quantity(one["minimum_mm"], "mm"),
                        status="" if one["minimum_mm"] is None else "ok" if one["minimum_mm"] >= wanted else "bad",
                    ),
                    Cell("–" if chance is None else f"{100.0 * chance:.0f} %"),
                    Cell(f"{100.0 * one['at_capsule_share']:.0f} %"),
                )
            )
    note = ""
    if model is not None:
        note = (
            f"Probability of at least {rows and zones[0][1]['ablative_margin'][0]['wanted_mm']:g} mm everywhere, from "
            f"4000 needle places: needle off by {model['lateral_mm']:g} mm (sd) on each axis across and "
            f"{model['depth_mm']:g} mm along it (3.7 mm mean lateral error, doi 10.3389/fonc.2021.713685), zone "
            f"{100.0 * model['zone_share']:g} % off its chart. Surface within 5 mm of the capsule is left out. Zone sizes "
            "are the makers’: verify them."
        )
    return Table(
        "Ablation",
        ("", "Zone", "Tumour", "Least margin", "Probability", "At the capsule"),
        rows,
        note=note,
        empty="No zone touches a tumour.",
    )


def aside_tables(results: Mapping[str, Any]) -> list[Table]:
    """Growth since an earlier study and a donor's graft, where the plan has them, each against what is asked."""
    found = []
    growth, graft = results.get("growth"), results.get("graft")
    header = ("", "Measured", "Asked")
    if growth is not None:
        limits = growth["limits"]
        source = f"plan {growth['plan']}" + (f" of {growth['case']}" if growth["case"] else "")
        points, rate = growth["degree_of_hypertrophy_points"], growth["kinetic_growth_percent_per_week"]
        rows = [
            _asked("Degree of hypertrophy", _figure(points, "points"), growth["enough_hypertrophy"])
            + (Cell(f"{limits['degree_of_hypertrophy_points']:g} points"),),
            _asked("Kinetic growth rate", _figure(rate, "% a week"), growth["enough_kinetic_growth"])
            + (Cell(f"{limits['kinetic_growth_percent_per_week']:g} % a week"),),
            _asked("Relative growth of the remnant", _figure(growth["relative_growth_percent"], "%"), None)
            + (Cell(""),),
        ]
        note = (
            f"{growth['before_on']} to {growth['after_on']} ({growth['days']} days), against {source}, of "
            f"{'sFLR' if growth['of'] == 'sflr_percent' else 'FLR'}. Limits: {limits['source']}."
        )
        found.append(Table("Growth of the remnant", header, rows, note=note))
    if graft is not None:
        limits = graft["limits"]
        rows = [
            _asked("Graft", _figure(graft["graft_g"], "g", 0), None) + (Cell(""),),
            _asked("Graft / recipient weight", _figure(graft["grwr_percent"], "%", 2), graft["enough_graft"])
            + (Cell(f"{limits['grwr_percent']:g} %"),),
            _asked("The donor keeps", _figure(graft["donor_remnant_percent"], "%"), graft["enough_donor_remnant"])
            + (Cell(f"{limits['donor_remnant_percent']:g} %"),),
        ]
        note = f"Recipient {graft['recipient_kg']:g} kg, {graft['factor_g_per_ml']:g} g of graft for each ml of CT."
        found.append(Table("Living donor", header, rows, note=note))
    return found


def _asked(name: str, figure: str, is_enough: bool | None) -> tuple[Cell, Cell]:
    return Cell(name, True), Cell(figure, status=_enough(is_enough))


def _figure(value: float | None, unit: str, decimals: int = 1) -> str:
    return "–" if value is None else f"{text_value(value, decimals)} {unit}"


def _enough(is_enough: bool | None) -> Any:
    return "" if is_enough is None else "ok" if is_enough else "bad"


def plan_line(plan: PlanRecord, count: int) -> str:
    """ "Wedges about T1 and T2 · chosen from 3 plans"."""
    words = say_resections(plan.inputs["resections"])
    if is_chosen(plan) and count > 1:
        return f"{words} · chosen from {count} plans"
    return f"{words} · one of {count} plans" if count > 1 else words


def compared(plans: Sequence[PlanRecord], plan: PlanRecord, limits: Limits) -> Beside | None:
    """Chart and table of the case's liver plans; None with one plan only."""
    if len(plans) < 2:
        return None
    rows = compare_plans([(other.name, other.results) for other in plans])
    return Beside("Plans compared", _chart(rows, limits), _table(plans, rows, plan, limits))


def _table(plans: Sequence[PlanRecord], rows: Sequence[PlanRow], plan: PlanRecord, limits: Limits) -> Table:
    cells = []
    for other, row in zip(plans, rows, strict=True):
        margin, remnant = judge_plan(row, limits)
        cells.append(
            (
                Cell(other.name, True),
                Cell(quantity(row.margin_mm, "mm", row.margin_uncertainty_mm), status=margin),  # type: ignore[arg-type]
                Cell(text_quantity(row.remnant_percent, "%"), status=remnant),  # type: ignore[arg-type]
                Cell(text_quantity(row.removed_ml, "ml")),
                Cell(str(len(other.results.get("vessels_cut", [])))),
            )
        )
    viable = all(row.is_viable for row in rows)
    return Table(
        "",
        ("Plan", "Margin", "Viable" if viable else "Remnant", "Removed", "Vessels"),
        cells,
        chosen=plans.index(plan) if plan in plans else None,
    )


def _chart(rows: Sequence[PlanRow], limits: Limits) -> Curve | None:
    shown = [row for row in rows if row.margin_mm is not None and row.remnant_percent is not None]
    if not shown:
        return None
    margins = [row.margin_mm or 0.0 for row in shown]
    lows = [(row.margin_mm or 0.0) - (row.margin_uncertainty_mm or 0.0) for row in shown]
    remnants = [row.remnant_percent or 0.0 for row in shown]
    x_range = (min(0.0, *lows), max(*margins, 1.5 * limits.margin_mm) * 1.12)
    y_range = (max(min(*remnants, limits.remnant_percent) - 8.0, 0.0), min(max(*remnants) + 8.0, 105.0))
    asked = Line(
        f"{limits.margin_mm:g} mm asked", [(limits.margin_mm, y_range[0]), (limits.margin_mm, y_range[1])], True
    )
    bars = [
        Line("", [(low, remnant), (margin, remnant)])
        for low, margin, remnant in zip(lows, margins, remnants, strict=True)
    ]
    return Curve(
        "Margin against remnant",
        [],
        "least margin, mm",
        "viable remnant, %" if all(row.is_viable for row in shown) else "remnant, %",
        x_range,
        y_range,
        marks=[
            (margin, remnant, f"{row.name}, beaten" if row.beaten_by else row.name)
            for row, margin, remnant in zip(shown, margins, remnants, strict=True)
        ],
        lines=(asked, *bars),
        levels=((limits.remnant_percent, f"{limits.remnant_percent:g} asked"),),
    )


def reasons(plans: Sequence[PlanRecord], limits: Limits) -> Table:
    """Each plan's resections, and why it stands where it does."""
    rows = compare_plans([(other.name, other.results) for other in plans])
    ranked = rank_plans(rows, limits)
    by_name = {other.name: other for other in plans}
    cells = [
        (
            Cell(str(number), False),
            Cell(row.name, True),
            Cell(say_resections(by_name[row.name].inputs["resections"])),
            Cell(say_place(row, ranked, limits)),
        )
        for number, row in enumerate(ranked, 1)
    ]
    return Table(
        "Plans in their order",
        ("", "Plan", "Resections", "Why"),
        cells if len(plans) > 1 else (),
        note="Limits met with their ± first, then tumours left, then the remnant, then the margin."
        if len(plans) > 1
        else "",
        empty="There is one liver plan in this case.",
    )
