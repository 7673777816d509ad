"""What a liver report says beside its numbers: resections in words, tumours' vessels, ablation, plans compared, growth."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.i18n import inside, local, mark, said, text_position, text_quantity, text_value, tr
from app.report.content import Beside, Cell, Curve, Line, Table
from app.report.describe import quantity
from planning.case.liver_asides import is_chosen
from planning.case.model import PlanRecord
from planning.liver.compare import Limits, PlanRow, compare_plans, judge_plan, met_margins, rank_plans, say_place
from planning.liver.describe import branch_words, say_branches, say_resection, say_resections
from planning.liver.limit import STANDARD
from planning.liver.staging import OCCLUSIONS
from planning.liver.volumetry import BODY_SURFACE_RANGE_M2, STANDARD_NAMES, SURFACE_NAMES

NEAR_MM = 10.0
MOST_NEAR, LEAST_SHARE = 4, 0.02
STEP_WORDS = {"before": mark("After the occlusion"), "stage_1": mark("After stage 1"), "stage_2": mark("After stage 2")}
CONDITION_WORDS = {
    "normal": mark("Normal liver"),
    "chemotherapy": mark("After chemotherapy"),
    "cirrhosis": mark("Cirrhosis or hepatitis"),
    "own": mark("Limit of one’s own"),
    "": mark("Condition not described"),
}
# as many as stand beside a plan and its resections
WHY_LETTERS = 92
TREE_WORDS = {"couinaud": mark("segment"), "portal": mark("portal branch"), "hepatic": mark("hepatic vein")}


def resection_rows(plan: PlanRecord) -> list[tuple[str, str]]:
    """Each resection of a plan so that it could be given again, with what it removes."""
    rows = []
    for number, (asked, found) in enumerate(zip(plan.inputs["resections"], plan.results["resections"], strict=True), 1):
        alone, only = (text_quantity(found.get(key), "ml") for key in ("removed_ml", "only_ml"))
        words = tr("{cut}: removes {volume} alone", cut=said(say_resection(asked)), volume=alone)
        if found.get("only_ml") is not None and only != alone:
            words += tr(", {volume} of it no other removes", volume=only)
        head = (
            tr("Cut {number}, stage {stage}", number=number, stage=asked.get("stage", 1))
            if plan.results.get("stages")
            else tr("Cut {number}", number=number)
        )
        rows.append((head, words))
    occlusion = plan.inputs.get("occlusion")
    if occlusion is not None:
        rows.append((tr("Occlusion"), _occlusion_words(occlusion)))
    return rows


def _occlusion_words(occlusion: Mapping[str, Any]) -> str:
    """ "portal branch 1 and portal branch 4, embolised before stage 1"."""
    return f"{said(say_branches(occlusion['branches']))}, {said(OCCLUSIONS[occlusion['way']])}"


def stage_table(results: Mapping[str, Any], *, short: bool = False) -> Table | None:
    """What goes and what stays at each step; None for a plan of one stage. short: what decides, for the first page."""
    stages = results.get("stages")
    if stages is None:
        return None
    steps, last = stages["steps"], stages["steps"][-1]

    def row(name: str, cell: Any) -> tuple[Cell, ...]:
        return Cell(name, True), *(cell(step) for step in steps)

    def both(ml: str, percent: str) -> Any:
        return lambda step: Cell(f"{text_quantity(step[ml], 'ml')} · {text_quantity(step[percent], '%')}")

    def left(step: Mapping[str, Any]) -> Cell:
        names = ", ".join(f"T{number}" for number in step["tumors_left"])
        return Cell(names or tr("none"), status="bad" if names and step is last else "")

    def margin(step: Mapping[str, Any]) -> Cell:
        met = met_margins(step["margin"])
        return Cell(quantity(met[0]["minimum_mm"], "mm", met[0]["uncertainty_mm"]) if met else "–")

    def done(step: Mapping[str, Any]) -> Cell:
        return Cell(", ".join(tr("cut {number}", number=number) for number in step["resections"]) or "–")

    def cut(step: Mapping[str, Any]) -> Cell:
        widths = [one["diameter_mm"] for one in step["vessels_cut"]]
        return Cell(
            tr("{count}, largest {width}", count=len(widths), width=text_quantity(max(widths), "mm"))
            if widths
            else tr("none")
        )

    deciding = [
        row(tr("Removed at this stage"), lambda step: Cell(text_quantity(step["removed_ml"], "ml"))),
        row(tr("Remnant without tumour"), both("flr_ml", "flr_percent")),
        row(tr("Viable: inflow and drainage"), both("viable_ml", "viable_flr_percent")),
    ]
    header = ("", *(tr(STEP_WORDS[step["name"]]) for step in steps))
    if short:
        after = results.get("remnant_after")
        note = tr("Growth between the stages was not measured and is not assumed.")
        if after is not None:
            note = tr(
                "Measured on {after_on}: {flr_ml}, {flr_percent} of the liver without tumour of this plan’s own scan.",
                after_on=after["after_on"],
                flr_ml=text_quantity(after["flr_ml"], "ml"),
                flr_percent=text_quantity(after["flr_percent"], "%"),
            )
        return Table(
            tr("Stages"),
            header,
            [*deciding, row(tr("Tumours left"), left)],
            note=" ".join((note, tr("More on the details page."))),
        )
    rows = [
        row(tr("Resections"), done),
        *deciding,
        row(tr("Without portal inflow"), lambda step: Cell(text_quantity(step["devascularised_ml"], "ml"))),
        row(tr("Congested"), lambda step: Cell(text_quantity(step["congested_ml"], "ml"))),
        row(tr("Least margin"), margin),
        row(tr("Tumours left"), left),
        row(tr("Vessels cut"), cut),
    ]
    return Table(tr("Stages"), header, rows, note=_stage_note(results, stages["occlusion"]))


def _stage_note(results: Mapping[str, Any], occlusion: Mapping[str, Any] | None) -> str:
    """What is occluded, what the numbers are of, and whether growth between the stages was measured."""
    words = []
    if occlusion is not None:
        whole = _occlusion_words(occlusion)
        words.append(
            tr(
                "{branches}: {occluded_ml} occluded, {supplied_ml} ({supplied_percent}) keep "
                "their flow; of the final remnant {kept_occluded_ml} are occluded.",
                branches=f"{whole[:1].upper()}{whole[1:]}",
                occluded_ml=text_quantity(occlusion["occluded_ml"], "ml"),
                supplied_ml=text_quantity(occlusion["supplied_ml"], "ml"),
                supplied_percent=text_quantity(occlusion["supplied_percent"], "%"),
                kept_occluded_ml=text_quantity(occlusion["kept_occluded_ml"], "ml"),
            )
        )
    words.append(
        tr("Margins of stage 2 are those of all that is removed; percentages are of the liver without tumour.")
    )
    words.append(
        tr("Growth between the stages was not measured and is not assumed.")
        if results.get("remnant_after") is None
        else tr("Growth as measured stands below; the numbers here are those of the plan’s own scan.")
    )
    return " ".join(words)


def body_table(results: Mapping[str, Any]) -> Table | None:
    """The remnant by each formula of the standard liver volume, and against the limit; None without body weight."""
    sizes, limit = results.get("body_size") or {}, results.get("remnant_limit")
    by_formula = sizes.get("sflr_by_formula_percent") or {}
    rows = []
    for key, percent in sorted(by_formula.items(), key=lambda one: one[0] != sizes["standard_formula"]):
        leads = key == sizes["standard_formula"]
        name = tr(
            "sFLR, {formula} (leads)" if leads and len(by_formula) > 1 else "sFLR, {formula}",
            formula=said(STANDARD_NAMES[key]),
        )
        volume = tr("of {volume}", volume=text_quantity(sizes["standard_liver_ml"][key], "ml"))
        rows.append((Cell(name, leads), Cell(text_quantity(percent, "%")), Cell(volume)))
    if limit is not None:
        words = tr(
            "{percent:g} % of the {denominator}",
            percent=limit["least_percent"],
            denominator=said(limit["denominator"]),
        )
        for name, value, enough in (
            (tr("Least remnant"), limit["measured_percent"], limit["enough"]),
            (tr("Least remnant, viable part"), limit["viable_percent"], limit["enough_viable"]),
        ):
            if value is not None:
                rows.append((*_asked(name, text_quantity(value, "%"), enough), Cell(words)))
    if not rows:
        return None
    return Table(
        tr("Remnant against the body"), ("", tr("Measured"), tr("Of, asked")), rows, note=_body_note(sizes, limit)
    )


def _body_note(sizes: Mapping[str, Any], limit: Mapping[str, Any] | None) -> str:
    words = []
    if sizes.get("body_surface_m2") is not None:
        low, high = BODY_SURFACE_RANGE_M2
        surface = sizes["body_surface_m2"]
        fits = (
            ""
            if low <= surface <= high
            else tr(", outside the {low:g}–{high:g} m² that the formulas were fitted to", low=low, high=high)
        )
        words.append(
            tr(
                "Body surface {surface:.2f} m² ({formula}){fits}.",
                surface=surface,
                formula=SURFACE_NAMES[sizes["surface_formula"]],
                fits=fits,
            )
        )
    if limit is not None:
        condition = tr(CONDITION_WORDS[limit["condition"] or ""])
        words.append(f"{condition}{': ' + said(limit['source']) if limit['source'] else ''}.")
        if limit["of"] == "flr_percent" and limit["denominator"] == STANDARD:
            words.append(tr("Without body size the liver without tumour stands for the standard liver volume."))
    return " ".join(words)


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
                    Cell(said(branch_words(vessel["name"]))),
                    Cell(
                        tr("runs into it") if away < 0.0 else text_quantity(away, "mm", vessel.get("uncertainty_mm")),
                        status="warn" if away < 1.0 else "",
                    ),
                    Cell(text_quantity(vessel["contact_cm2"], "cm²", vessel.get("contact_uncertainty_cm2"))),
                    Cell(text_quantity(vessel["diameter_mm"], "mm")),
                    Cell(text_position(vessel["at_mm"])),
                )
            )
    known = any("vessels" in tumor for tumor in results["tumors"])
    return Table(
        tr("Vessels near the tumours"),
        ("", tr("Vessel"), tr("Distance"), tr("Contact"), tr("Diameter"), tr("Place, patient mm")),
        rows,
        note=tr(
            "Within {reach:g} mm. Distance from the tumour’s surface to the vessel’s wall; "
            "contact: tumour surface within 1 mm of it. A thin vessel’s wall is known to about "
            "half a voxel.",
            reach=NEAR_MM,
        )
        if rows
        else "",
        empty=tr("No vessel of a named tree within {reach:g} mm of a tumour.", reach=NEAR_MM)
        if known
        else tr("No vessel tree or tumour was named."),
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
    named = [f"{said(name.removeprefix(f'{tree}_'))} {100.0 * share:.0f} %" for name, share in shares]
    return f"{tr(TREE_WORDS[tree])} {', '.join(named)}"


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
                    Cell(tr("Cut {number}", number=number), True),
                    Cell(zone.get("device") or tr("zone of its own size")),
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
        note = tr(
            "Probability of at least {wanted:g} mm everywhere, from 4000 needle places: needle "
            "off by {lateral_mm:g} mm (sd) on each axis across and {depth_mm:g} mm along it (3.7 "
            "mm mean lateral error, doi 10.3389/fonc.2021.713685), zone {size:g} % off its "
            "chart. Surface within 5 mm of the capsule is left out. Zone sizes are the makers’: "
            "verify them.",
            wanted=rows and zones[0][1]["ablative_margin"][0]["wanted_mm"],
            lateral_mm=model["lateral_mm"],
            depth_mm=model["depth_mm"],
            size=100.0 * model["zone_share"],
        )
    return Table(
        tr("Ablation"),
        ("", tr("Zone"), tr("Tumour"), tr("Least margin"), tr("Probability"), tr("At the capsule")),
        rows,
        note=note,
        empty=tr("No zone touches a tumour."),
    )


def aside_tables(results: Mapping[str, Any]) -> list[Table]:
    """Growth since an earlier study and a donor's graft, where the plan has them, each against what is asked."""
    found = []
    growth, graft = results.get("growth"), results.get("graft")
    header = ("", tr("Measured"), tr("Asked"))
    after = results.get("remnant_after")
    if after is not None:
        found.append(_later_table(after, results.get("remnant_limit"), header))
    if growth is not None:
        limits = growth["limits"]
        source = _whose(growth)
        rows = _growth_rows(growth)
        note = tr(
            "{before_on} to {after_on} ({days} days), against {source}, of {value}. Limits: {limits}.",
            before_on=growth["before_on"],
            after_on=growth["after_on"],
            days=growth["days"],
            source=source,
            value="sFLR" if growth["of"] == "sflr_percent" else "FLR",
            limits=said(limits["source"]),
        )
        found.append(Table(tr("Growth of the remnant"), header, rows, note=note))
    if graft is not None:
        limits = graft["limits"]
        rows = [
            _asked(tr("Graft"), _figure(graft["graft_g"], "g", 0), None) + (Cell(""),),
            _asked(tr("Graft / recipient weight"), _figure(graft["grwr_percent"], "%", 2), graft["enough_graft"])
            + (Cell(local(f"{limits['grwr_percent']:g} %")),),
            _asked(tr("The donor keeps"), _figure(graft["donor_remnant_percent"], "%"), graft["enough_donor_remnant"])
            + (Cell(local(f"{limits['donor_remnant_percent']:g} %")),),
        ]
        note = tr(
            "Recipient {weight:g} kg, {factor:g} g of graft for each ml of CT.",
            weight=graft["recipient_kg"],
            factor=graft["factor_g_per_ml"],
        )
        found.append(Table(tr("Living donor"), header, rows, note=note))
    return found


def _later_table(after: Mapping[str, Any], limit: Mapping[str, Any] | None, header: tuple[str, ...]) -> Table:
    """The remnant as a later study measured it, against what is asked, and how it grew to that."""
    growth = after["growth"]
    held = None if limit is None else limit["of"]
    words = (
        ""
        if limit is None
        else tr(
            "{percent:g} % of the {denominator}",
            percent=limit["least_percent"],
            denominator=said(limit["denominator"]),
        )
    )
    rows = [(*_asked(tr("Planned remnant"), _figure(after["planned_ml"], "ml"), None), Cell(""))]
    rows.append((*_asked(tr("Measured remnant"), _figure(after["flr_ml"], "ml"), None), Cell("")))
    for name, key in ((tr("Measured FLR"), "flr_percent"), (tr("Measured sFLR"), "sflr_percent")):
        if after[key] is not None:
            is_held = key == held
            cells = _asked(name, text_quantity(after[key], "%"), after.get("enough") if is_held else None)
            rows.append((*cells, Cell(words if is_held else "")))
    source = _whose(after) if after["plan"] else tr("entered")
    note = tr(
        "{before_on} to {after_on} ({days} days), {source}. Percentages are of this plan’s "
        "own scan: of its liver without tumour, and of the standard liver volume. Limits of "
        "growth: {limits}.",
        before_on=after["before_on"],
        after_on=after["after_on"],
        days=growth["days"],
        source=source,
        limits=said(growth["limits"]["source"]),
    )
    return Table(tr("Remnant on a later study"), header, [*rows, *_growth_rows(growth)], note=note)


def _growth_rows(growth: Mapping[str, Any]) -> list[tuple[Cell, ...]]:
    limits = growth["limits"]
    points, rate = growth["degree_of_hypertrophy_points"], growth["kinetic_growth_percent_per_week"]
    return [
        _asked(tr("Degree of hypertrophy"), _figure(points, tr("points")), growth["enough_hypertrophy"])
        + (
            Cell(
                tr(
                    "{count:g} points",
                    count=limits["degree_of_hypertrophy_points"],
                )
            ),
        ),
        _asked(tr("Kinetic growth rate"), _figure(rate, tr("% a week")), growth["enough_kinetic_growth"])
        + (
            Cell(
                tr(
                    "{percent:g} % a week",
                    percent=limits["kinetic_growth_percent_per_week"],
                )
            ),
        ),
        _asked(tr("Relative growth of the remnant"), _figure(growth["relative_growth_percent"], "%"), None)
        + (Cell(""),),
    ]


def _asked(name: str, figure: str, is_enough: bool | None) -> tuple[Cell, Cell]:
    return Cell(name, True), Cell(figure, status=_enough(is_enough))


def _figure(value: float | None, unit: str, decimals: int = 1) -> str:
    return "–" if value is None else f"{text_value(value, decimals)} {unit}"


def _enough(is_enough: bool | None) -> Any:
    return "" if is_enough is None else "ok" if is_enough else "bad"


def _whose(study: Mapping[str, Any]) -> str:
    """ "plan A of case"."""
    if not study["case"]:
        return tr("plan {plan}", plan=study["plan"])
    return tr("plan {plan} of {case}", plan=study["plan"], case=said(study["case"]))


def plan_line(plan: PlanRecord, count: int) -> str:
    """ "Wedges about T1 and T2 · chosen from 3 plans"."""
    words = said(say_resections(plan.inputs["resections"]))
    stages = plan.results.get("stages")
    if stages is not None:
        operations = sum(step["name"] != "before" for step in stages["steps"])
        first = [tr("two stages")] if operations > 1 else []
        first += [tr("portal branches occluded")] if stages["occlusion"] is not None else []
        # first, because a long list of resections is cut short
        head = ", ".join(first)
        words = f"{head[:1].upper()}{head[1:]}: {inside(words)}"
    if is_chosen(plan) and count > 1:
        return tr("{plan} · chosen from {count} plans", plan=words, count=count)
    return tr("{plan} · one of {count} plans", plan=words, count=count) if count > 1 else words


def compared(plans: Sequence[PlanRecord], plan: PlanRecord, limits: Limits) -> Beside | None:
    """Chart and table of the case's liver plans; None with one plan only."""
    if len(plans) < 2:
        return None
    rows = compare_plans([(other.name, other.results) for other in plans])
    return Beside(tr("Plans compared"), _chart(rows, limits), _table(plans, rows, plan, limits))


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
        (tr("Plan"), tr("Margin"), tr("Viable") if viable else tr("Remnant"), tr("Removed"), tr("Vessels")),
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
    y_range = (max(min(*remnants, limits.remnant_percent) - 8.0, 0.0), min(max(remnants) + 8.0, 105.0))
    asked = Line(
        tr("{limit:g} mm asked", limit=limits.margin_mm),
        [(limits.margin_mm, y_range[0]), (limits.margin_mm, y_range[1])],
        True,
    )
    bars = [
        Line("", [(low, remnant), (margin, remnant)])
        for low, margin, remnant in zip(lows, margins, remnants, strict=True)
    ]
    return Curve(
        tr("Margin against remnant"),
        [],
        tr("least margin, mm"),
        tr("viable remnant, %") if all(row.is_viable for row in shown) else tr("remnant, %"),
        x_range,
        y_range,
        marks=[
            (margin, remnant, tr("{name}, beaten", name=row.name) if row.beaten_by else row.name)
            for row, margin, remnant in zip(shown, margins, remnants, strict=True)
        ],
        lines=(asked, *bars),
        levels=((limits.remnant_percent, tr("{limit:g} % asked", limit=limits.remnant_percent)),),
    )


def _in_words(row: PlanRow) -> PlanRow:
    """The row with its branches' names as a sentence has them."""
    words = [branch_words(name) for name in row.cut_names]
    return replace(row, cut_names=tuple(name[:1].lower() + name[1:] for name in words))


def reasons(plans: Sequence[PlanRecord], limits: Limits) -> Table:
    """Each plan's resections, and why it stands where it does."""
    rows = compare_plans([(other.name, other.results) for other in plans])
    ranked = [_in_words(row) for row in rank_plans(rows, limits)]
    by_name = {other.name: other for other in plans}
    cells = []
    for number, row in enumerate(ranked, 1):
        first, *others = textwrap.wrap(said(say_place(row, ranked, limits)), WHY_LETTERS)
        resections = said(say_resections(by_name[row.name].inputs["resections"]))
        cells.append((Cell(str(number), False), Cell(row.name, True), Cell(resections), Cell(first)))
        cells += [(Cell(""), Cell(""), Cell(""), Cell(line)) for line in others]
    return Table(
        tr("Plans in their order"),
        ("", tr("Plan"), tr("Resections"), tr("Why")),
        cells if len(plans) > 1 else (),
        note=tr("Limits met with their ± first, then tumours left, then the remnant, then the margin.")
        if len(plans) > 1
        else "",
        empty=tr("There is one liver plan in this case."),
    )
