"""Plans of a liver as the comparison's table and plot show them, from their results alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.i18n import mark, said, text_value, tr
from app.panels.quantities import plain
from app.panes.compare_pane import PlanCell, PlanColumn
from app.panes.pareto_pane import ParetoDot
from app.panes.plan_colors import plan_color
from planning.case.liver_asides import is_chosen
from planning.case.model import PlanRecord
from planning.liver.compare import Limits, PlanRow, judge_plan
from planning.liver.volumetry import STANDARD_NAMES

NO_TREES = mark("Portal and hepatic veins are needed")
NO_MARGIN = mark("No cut comes near a tumour that is removed")
ROW_NAMES = (
    mark("Least margin, mm"),
    mark("Viable remnant, %"),
    mark("Future remnant, %"),
    mark("Removed, ml"),
    mark("Kept, ml"),
    mark("Remnant / weight, %"),
    mark("Congested, ml"),
    mark("Without inflow, ml"),
    mark("Tumours left"),
    mark("Vessels cut"),
)
ABLATION_NAME = mark("Full ablation margin, %")
STAGES_NAME, BETWEEN_NAME, LATER_NAME = (
    mark("Stages"),
    mark("Viable after stage 1, %"),
    mark("Remnant measured later, %"),
)
FUTURE_NAME = mark("Future remnant, %")


def row_names(plans: Sequence[PlanRecord]) -> tuple[str, ...]:
    """Names of the table's rows; standardised remnant, stages, growth and ablation have theirs where a plan knows of them."""
    names = list(ROW_NAMES)
    if any(plan.results.get("sflr_percent") is not None for plan in plans):
        names.insert(names.index(FUTURE_NAME) + 1, _standard_name(plans))
    if any(plan.results.get("stages") for plan in plans):
        names += [STAGES_NAME, BETWEEN_NAME]
    if any(plan.results.get("remnant_after") for plan in plans):
        names.append(LATER_NAME)
    if any(_ablations(plan.results) for plan in plans):
        names.append(ABLATION_NAME)
    return tuple(names)


def _formula(results: Mapping[str, Any]) -> str:
    """The name of the standard liver volume that leads; plans of earlier versions have Vauthey's."""
    return said(STANDARD_NAMES[(results.get("body_size") or {}).get("standard_formula", "vauthey")])


def _standard_name(plans: Sequence[PlanRecord]) -> str:
    formulas = {_formula(plan.results) for plan in plans}
    return tr("sFLR {formula}, %", formula=formulas.pop()) if len(formulas) == 1 else tr("sFLR, %")


def column_of(plan: PlanRecord, row: PlanRow, limits: Limits, names: Sequence[str], rows: Sequence[str]) -> PlanColumn:
    """One plan's column for these rows. names: of all plans, for its colour."""
    results = plan.results
    margin, remnant = judge_plan(row, limits)
    perfusion = results.get("perfusion") or {}
    weight = (results.get("body_size") or {}).get("flr_bw_percent")
    viable, flr = results.get("viable_flr_percent"), results.get("flr_percent")
    spread = row.margin_uncertainty_mm
    cells = {
        "Least margin, mm": PlanCell(
            plain(row.margin_mm, "mm"), "" if spread is None else plain(spread, "mm"), margin, NO_MARGIN
        ),
        "Viable remnant, %": PlanCell(plain(viable, "%"), "", remnant if viable is not None else "", NO_TREES),
        "Future remnant, %": PlanCell(
            plain(flr, "%"),
            "",
            _at_least(None if flr is None else flr * (row.to_standard or 1.0), limits.remnant_percent),
        ),
        "Removed, ml": PlanCell(plain(results["removed_ml"], "ml")),
        "Kept, ml": PlanCell(plain(results["kept_ml"], "ml")),
        "Remnant / weight, %": PlanCell(
            "–" if weight is None else text_value(weight, 2),
            reason=tr("Body weight is missing: enter it at the resection"),
        ),
        "Congested, ml": PlanCell(plain(perfusion.get("congested_ml"), "ml"), reason=NO_TREES),
        "Without inflow, ml": PlanCell(plain(perfusion.get("devascularised_ml"), "ml"), reason=NO_TREES),
        "Tumours left": PlanCell(
            tumors_left(row.left, len(row.left)),
            state="bad" if row.left else "",
            short=tumors_left(row.left, 1),
        ),
        "Vessels cut": PlanCell(_vessels(results), reason=NO_TREES, short=str(len(results.get("vessels_cut", [])))),
        **{name: _standard_cell(results, name) for name in rows if name.startswith("sFLR")},
        STAGES_NAME: PlanCell(_stage_words(results), short=_stage_words(results)[:1]),
        BETWEEN_NAME: PlanCell(_between(results), reason=tr("This plan has one stage")),
        LATER_NAME: _later_cell(results, limits),
        ABLATION_NAME: PlanCell(_ablated(results), reason=tr("This plan has no ablation zone")),
    }
    # a missing number has a reason, others need none
    shown = [cells[name] for name in rows]
    told = tuple(c if c.text == "–" else PlanCell(c.text, c.spread, c.state, short=c.short) for c in shown)
    ink = plan_color(plan.name, names, on_panel=True)
    return PlanColumn(plan.name, ink, told, is_chosen(plan), is_beaten=bool(row.beaten_by))


def dots_of(rows: Sequence[PlanRow], names: Sequence[str]) -> tuple[tuple[ParetoDot, ...], tuple[str, ...]]:
    """The plot's dots, and the names of plans that have no margin or no remnant."""
    dots, left_out = [], []
    for row in rows:
        if row.margin_mm is None or row.remnant_percent is None:
            left_out.append(row.name)
            continue
        dots.append(
            ParetoDot(
                row.name,
                plan_color(row.name, names, on_panel=True),
                row.margin_mm,
                row.remnant_percent,
                row.margin_uncertainty_mm or 0.0,
                bool(row.beaten_by),
            )
        )
    return tuple(dots), tuple(left_out)


def tumors_left(ids: Sequence[int], most: int) -> str:
    """ "none", "T1, T2"; beyond `most` names "T1 +2": never a number alone, which would read as a tumour's name."""
    if not ids:
        return tr("none")
    named = ", ".join(f"T{number}" for number in ids[:most])
    return named if len(ids) <= most else f"{named} +{len(ids) - most}"


def _at_least(value: float | None, limit: float) -> str:
    return "" if value is None else "ok" if value >= limit else "bad"


def _standard_cell(results: Mapping[str, Any], name: str) -> PlanCell:
    """With its formula where the plans differ in it."""
    percent = results.get("sflr_percent")
    words = "" if percent is None or name != "sFLR, %" else f" {_formula(results)}"
    return PlanCell(f"{plain(percent, '%')}{words}", reason=tr("Body weight and height are missing"))


def _later_cell(results: Mapping[str, Any], limits: Limits) -> PlanCell:
    """The remnant as a later study measured it, of the liver without tumour of the plan's own."""
    percent = (results.get("remnant_after") or {}).get("flr_percent")
    return PlanCell(
        plain(percent, "%"), "", _at_least(percent, limits.remnant_percent), tr("No later study was measured")
    )


def _stage_words(results: Mapping[str, Any]) -> str:
    """ "1", "2", "2, occluded"."""
    stages = results.get("stages")
    if stages is None:
        return "1"
    count = sum(step["name"] != "before" for step in stages["steps"])
    return tr("{count}, occluded", count=count) if stages["occlusion"] is not None else str(count)


def _between(results: Mapping[str, Any]) -> str:
    """Viable remnant after the first of two stages."""
    steps = [step for step in (results.get("stages") or {}).get("steps", ()) if step["name"] != "before"]
    return plain(steps[0]["viable_flr_percent"], "%") if len(steps) > 1 else "–"


def _vessels(results: Mapping[str, Any]) -> str:
    cut = results.get("vessels_cut", [])
    if not cut and not results.get("territories"):
        return "–"
    if not cut:
        return tr("none")
    return tr(
        "{count}, largest {width} mm", count=len(cut), width=text_value(max(one["diameter_mm"] for one in cut), 1)
    )


def _ablations(results: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [one for row in results["resections"] for one in row.get("ablative_margin") or ()]


def _ablated(results: Mapping[str, Any]) -> str:
    """The least probability of the margin over a plan's zones and tumours."""
    found = [one["probability"] for one in _ablations(results) if one["probability"] is not None]
    return text_value(100.0 * min(found), 0) if found else "–"
