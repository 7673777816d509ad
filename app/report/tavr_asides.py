"""What a TAVR report tells where a person asked for it: a mitral valve, a prosthesis in place, the Agatston score."""

from __future__ import annotations

from app.report.content import Cell, Change, Definition, Section, Table
from app.report.describe import quantity
from app.report.tavr_words import STATES, Results, part, rows
from planning.case.model import PlanRecord
from planning.units import text_position, text_quantity, text_value

IN_VALVE_RULE = (
    "Valve in a valve: high risk when the virtual valve comes within 4 mm of an ostium or 2 mm of the aortic wall "
    "(doi 10.1253/circj.CJ-24-1003), which is measured at the sinotubular junction only."
)


def aside_sections(results: Results) -> list[Section]:
    """Those parts that the plan has; none in a plain TAVR plan."""
    made = (_mitral(results), _prosthesis(results), _agatston(results))
    return [section for section in made if section is not None]


def _mitral(results: Results) -> Section | None:
    found = part(results, "mitral")
    if not found:
        return None
    area = quantity(found["area_mm2"], "mm²", found.get("uncertainty_mm2"))
    body = [
        (Cell("Device", True), Cell(f"{found['model']}, {found['size']}"), Cell("verify against the IFU")),
        (Cell("Neo-LVOT, least area", True), Cell(area, True), Cell(f"at {text_position(found['position_mm'])}")),
        (
            Cell("Outflow tract there"),
            Cell(text_quantity(found["lvot_mm2"], "mm²")),
            Cell(f"{text_value(found['left_percent'], 0)} % of it is left"),
        ),
        (
            Cell("Mitral annulus, projected"),
            Cell(text_quantity(part(found, "annulus")["area_mm2"], "mm²")),
            Cell(f"mean diameter {text_quantity(part(found, 'annulus')['mean_diameter_mm'], 'mm')}"),
        ),
    ]
    for row in found["thresholds"]:
        words = {"ok": "over it", "warn": "within ± of it", "bad": "not over it"}[row["state"]]
        limit = f"Limit {text_quantity(row['limit_mm2'], 'mm²')}"
        body.append((Cell(limit), Cell(words, status=STATES.get(row["state"], "")), Cell(str(row["source"]))))
    tables = [Table("", ("", "Value", "Where, source"), body)]
    phases = rows(found, "phases", "rows")
    if phases:
        by_phase = [
            (
                Cell(str(row["label"]) or f"Phase {row['phase'] + 1}"),
                Cell(quantity(row["area_mm2"], "mm²", row["uncertainty_mm2"]) if row["area_mm2"] is not None else "–"),
                Cell(str(row["reason"])),
            )
            for row in phases
        ]
        tables.append(Table("Through the heartbeat", ("Phase", "Neo-LVOT", ""), by_phase))
    note = "Virtual device coaxial with the mitral annulus; section perpendicular to the outflow tract."
    if not phases:
        note += " Told of one phase: end-systole alone overestimates the risk."
    return Section("Mitral valve: neo-LVOT", (tuple(tables),), note=note)


def _prosthesis(results: Results) -> Section | None:
    inside = part(results, "in_valve")
    if not inside:
        return None
    body = [
        (
            Cell(f"{row['model']}, {row['size']}", True),
            Cell(f"{text_value(row['low_mm'], 1)}–{text_value(row['high_mm'], 1)} mm"),
            Cell("fits" if row["fits"] else "does not fit", status="ok" if row["fits"] else "bad"),
            Cell(str(row["source"])),
        )
        for row in inside["sizes"]
    ]
    inner, around = (text_quantity(inside[key], "mm") for key in ("inner_diameter_mm", "perimeter_mm"))
    note = f"True inner diameter {inner}, as stated by a person; its perimeter {around}. {IN_VALVE_RULE}"
    return Section("Prosthesis in place", ((Table("", ("Size", "Perimeter", "", "Source"), body),),), note=note)


def _agatston(results: Results) -> Section | None:
    score = part(results, "agatston")
    if not score:
        return None
    body = [
        (Cell("Agatston score", True), Cell(text_value(score["score"], 0), True), Cell(str(score["image"]))),
        (
            Cell("Volume over 130 HU"),
            Cell(text_quantity(score["volume_mm3"], "mm³")),
            Cell(f"{len(score['islands'])} islands within {text_quantity(score['reach_mm'], 'mm')}"),
        ),
        *(
            (
                Cell(f"Severe stenosis likely, {sex}"),
                Cell("yes" if score["severe_likely"][sex] else "no"),
                Cell(f"from {text_value(limit, 0)}"),
            )
            for sex, limit in score["severe_likely_from"].items()
        ),
    ]
    warnings = " ".join(str(said["text"]) for said in score.get("warnings") or ())
    note = f"Area times weight of islands of 1 mm² or more over 130 HU in slices of 3 mm. {warnings}".strip()
    return Section("Agatston score", ((Table("", ("", "Value", "Where"), body),),), note=note)


def aside_definitions(results: Results) -> list[Definition]:
    """One row a number of these parts."""
    made = []
    found, score, inside = (part(results, key) for key in ("mitral", "agatston", "in_valve"))
    if found:
        words = "least area that the virtual mitral valve leaves of the outflow tract"
        area = quantity(found["area_mm2"], "mm²", found.get("uncertainty_mm2"))
        at = text_position(found["position_mm"])
        made.append(Definition("Neo-LVOT", words, area, "A", "e", at, ("mitral.area_mm2",)))
    if inside:
        value = text_quantity(inside["inner_diameter_mm"], "mm")
        keys = ("in_valve.inner_diameter_mm",)
        made.append(Definition("Inner diameter", "of the prosthesis in place", value, "G", "", "stated", keys))
    if score:
        words = "area × weight over 130 HU, 3 mm slices, no contrast"
        at = f"{score['image']}, {text_position(score['center_mm'])}"
        made.append(
            Definition("Agatston score", words, text_value(score["score"], 0), "A", "", at, ("agatston.score",))
        )
    return made


def aside_changes(plan: PlanRecord) -> list[Change]:
    """What a person placed and stated for these parts."""
    found = []
    mitral, inside, score = (plan.inputs.get(key) for key in ("mitral", "in_valve", "agatston"))
    if mitral:
        count = len(mitral["annulus_mm"])
        found.append(Change("mitral", f"{mitral['model']}, {mitral['size']} in an annulus of {count} points"))
    if inside:
        found.append(Change("prosthesis", f"true inner diameter {text_quantity(inside['inner_diameter_mm'], 'mm')}"))
    if score:
        found.append(Change("Agatston", f"scored in {score['image']} round {text_position(score['center_mm'])}"))
    return found
