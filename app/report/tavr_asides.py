"""What a TAVR report tells where a person asked for it: a mitral valve, a prosthesis in place, the Agatston score."""

from __future__ import annotations

from app.i18n import mark, said, text_position, text_quantity, text_value, tr
from app.report.content import Cell, Change, Definition, Section, Table
from app.report.describe import quantity
from app.report.tavr_words import STATES, VERIFY, Results, part, rows
from planning.case.model import PlanRecord

IN_VALVE_RULE = mark(
    "Valve in a valve: high risk when the virtual valve comes within 4 mm of an ostium "
    "or 2 mm of the aortic wall (doi 10.1253/circj.CJ-24-1003), which is measured at the "
    "sinotubular junction only."
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
        (Cell(tr("Device"), True), Cell(f"{found['model']}, {found['size']}"), Cell(tr(VERIFY))),
        (
            Cell(tr("Neo-LVOT, least area"), True),
            Cell(area, True),
            Cell(tr("at {place}", place=text_position(found["position_mm"]))),
        ),
        (
            Cell(tr("Outflow tract there")),
            Cell(text_quantity(found["lvot_mm2"], "mm²")),
            Cell(tr("{percent} % of it is left", percent=text_value(found["left_percent"], 0))),
        ),
        (
            Cell(tr("Mitral annulus, projected")),
            Cell(text_quantity(part(found, "annulus")["area_mm2"], "mm²")),
            Cell(
                tr(
                    "mean diameter {diameter}",
                    diameter=text_quantity(part(found, "annulus")["mean_diameter_mm"], "mm"),
                )
            ),
        ),
    ]
    for row in found["thresholds"]:
        words = {"ok": tr("over it"), "warn": tr("within ± of it"), "bad": tr("not over it")}[row["state"]]
        limit = tr("Limit {area}", area=text_quantity(row["limit_mm2"], "mm²"))
        body.append((Cell(limit), Cell(words, status=STATES.get(row["state"], "")), Cell(said(str(row["source"])))))
    tables = [Table("", ("", tr("Value"), tr("Where, source")), body)]
    phases = rows(found, "phases", "rows")
    if phases:
        by_phase = [
            (
                Cell(said(str(row["label"])) or tr("Phase {number}", number=row["phase"] + 1)),
                Cell(quantity(row["area_mm2"], "mm²", row["uncertainty_mm2"]) if row["area_mm2"] is not None else "–"),
                Cell(said(str(row["reason"]))),
            )
            for row in phases
        ]
        tables.append(Table(tr("Through the heartbeat"), (tr("Phase"), tr("Neo-LVOT"), ""), by_phase))
    note = tr("Virtual device coaxial with the mitral annulus; section perpendicular to the outflow tract.")
    if not phases:
        note += " " + tr("Told of one phase: end-systole alone overestimates the risk.")
    return Section(tr("Mitral valve: neo-LVOT"), (tuple(tables),), note=note)


def _prosthesis(results: Results) -> Section | None:
    inside = part(results, "in_valve")
    if not inside:
        return None
    body = [
        (
            Cell(f"{row['model']}, {row['size']}", True),
            Cell(f"{text_value(row['low_mm'], 1)}–{text_value(row['high_mm'], 1)} mm"),
            Cell(tr("fits") if row["fits"] else tr("does not fit"), status="ok" if row["fits"] else "bad"),
            Cell(said(str(row["source"]))),
        )
        for row in inside["sizes"]
    ]
    inner, around = (text_quantity(inside[key], "mm") for key in ("inner_diameter_mm", "perimeter_mm"))
    note = tr("True inner diameter {inner}, as stated by a person; its perimeter {around}.", inner=inner, around=around)
    note = f"{note} {tr(IN_VALVE_RULE)}"
    return Section(
        tr("Prosthesis in place"), ((Table("", (tr("Size"), tr("Perimeter"), "", tr("Source")), body),),), note=note
    )


def _agatston(results: Results) -> Section | None:
    score = part(results, "agatston")
    if not score:
        return None
    body = [
        (Cell(tr("Agatston score"), True), Cell(text_value(score["score"], 0), True), Cell(str(score["image"]))),
        (
            Cell(tr("Volume over 130 HU")),
            Cell(text_quantity(score["volume_mm3"], "mm³")),
            Cell(
                tr(
                    "{count} islands within {reach}",
                    count=len(score["islands"]),
                    reach=text_quantity(score["reach_mm"], "mm"),
                )
            ),
        ),
        *(
            (
                Cell(tr("Severe stenosis likely, {sex}", sex=said(sex))),
                Cell(tr("yes") if score["severe_likely"][sex] else tr("no")),
                Cell(tr("from {limit}", limit=text_value(limit, 0))),
            )
            for sex, limit in score["severe_likely_from"].items()
        ),
    ]
    warnings = " ".join(said(str(warning["text"])) for warning in score.get("warnings") or ())
    rule = tr("Area times weight of islands of 1 mm² or more over 130 HU in slices of 3 mm.")
    note = f"{rule} {warnings}".strip()
    return Section(tr("Agatston score"), ((Table("", ("", tr("Value"), tr("Where")), body),),), note=note)


def aside_definitions(results: Results) -> list[Definition]:
    """One row a number of these parts."""
    made = []
    found, score, inside = (part(results, key) for key in ("mitral", "agatston", "in_valve"))
    if found:
        words = tr("least area that the virtual mitral valve leaves of the outflow tract")
        area = quantity(found["area_mm2"], "mm²", found.get("uncertainty_mm2"))
        at = text_position(found["position_mm"])
        made.append(Definition(tr("Neo-LVOT"), words, area, "A", "e", at, ("mitral.area_mm2",)))
    if inside:
        value = text_quantity(inside["inner_diameter_mm"], "mm")
        keys = ("in_valve.inner_diameter_mm",)
        made.append(
            Definition(tr("Inner diameter"), tr("of the prosthesis in place"), value, "G", "", tr("stated"), keys)
        )
    if score:
        words = tr("area × weight over 130 HU, 3 mm slices, no contrast")
        at = f"{score['image']}, {text_position(score['center_mm'])}"
        made.append(
            Definition(tr("Agatston score"), words, text_value(score["score"], 0), "A", "", at, ("agatston.score",))
        )
    return made


def aside_changes(plan: PlanRecord) -> list[Change]:
    """What a person placed and stated for these parts."""
    found = []
    mitral, inside, score = (plan.inputs.get(key) for key in ("mitral", "in_valve", "agatston"))
    if mitral:
        count = len(mitral["annulus_mm"])
        found.append(
            Change(
                tr("mitral"),
                tr(
                    "{model}, {size} in an annulus of {count} points",
                    model=mitral["model"],
                    size=mitral["size"],
                    count=count,
                ),
            )
        )
    if inside:
        found.append(
            Change(
                tr("prosthesis"),
                tr(
                    "true inner diameter {diameter}",
                    diameter=text_quantity(inside["inner_diameter_mm"], "mm"),
                ),
            )
        )
    if score:
        found.append(
            Change(
                "Agatston",
                tr(
                    "scored in {image} round {place}",
                    image=score["image"],
                    place=text_position(score["center_mm"]),
                ),
            )
        )
    return found
