"""The content of a vessel report, from the plan's results."""

from __future__ import annotations

from typing import Any

from app.i18n import said, text_position, text_quantity, tr
from app.plan_titles import kind_words
from app.report.content import (
    Cell,
    Curve,
    Definition,
    KeyBox,
    Line,
    NumberRow,
    Numbers,
    Picture,
    ReportContent,
    Table,
)
from app.report.describe import (
    first_heads,
    foot_line,
    image_line,
    import_line,
    places,
    program_rows,
    quantity,
    subject_line,
    warning_notes,
    worst,
)
from app.report.edited_lumen import vessel_edits
from app.report.vessel_beside import (
    GROWTH_LETTERS,
    beside_boxes,
    beside_definitions,
    beside_edits,
    beside_notes,
    beside_numbers,
    beside_sections,
)
from planning.case.document import Document
from planning.case.model import PlanRecord
from planning.case.plans import planning_image


def vessel_content(document: Document, plan: PlanRecord, pictures: list[Picture]) -> ReportContent:
    """Everything the report of this vessel plan says."""
    results, image = plan.results, planning_image(document.case)
    least, greatest = results["minimum"] or {}, results["maximum"] or {}
    notes = [*warning_notes(results, image), *beside_notes(results)]
    open_count = sum(not station["closed"] for station in results["stations"])
    return ReportContent(
        title=kind_words("vessel") if plan.name == "vessel" else tr("Vessel plan “{name}”", name=plan.name),
        subject=subject_line(document, image),
        kind="vessel",
        plan=plan.name,
        lines=(image_line(image), import_line(image)),
        boxes=(
            *(beside_boxes(results) or _boxes(results, least)),
            KeyBox(tr("Look at"), places(len(notes)), "", first_heads(notes), worst(notes)),
        ),
        pictures=[*pictures[:2], _diameters(results), *pictures[2:]],
        numbers=[
            Numbers(
                tr("Vessel"),
                [
                    NumberRow(tr("Length"), results["length_mm"], "mm"),
                    NumberRow(tr("Chord"), results["chord_mm"], "mm"),
                    NumberRow(tr("Tortuosity"), results["tortuosity"], ""),
                    NumberRow(tr("Least diameter"), least.get("min_diameter_mm"), "mm", least.get("uncertainty_mm")),
                    NumberRow(
                        tr("Ø from area there"), least.get("area_diameter_mm"), "mm", least.get("uncertainty_mm")
                    ),
                    NumberRow(
                        tr("Greatest diameter"), greatest.get("max_diameter_mm"), "mm", greatest.get("uncertainty_mm")
                    ),
                    NumberRow(tr("Sections"), float(len(results["stations"])), "", text=str(len(results["stations"]))),
                    NumberRow(tr("Left out, not closed"), float(open_count), "", text=str(open_count)),
                ],
                _about_spread(least),
            ),
            *beside_numbers(results),
        ],
        tables=(),
        sections=beside_sections(results),
        detail_tables=(_stations(results),),
        notes=notes,
        signature_title=tr("Read"),
        signatures=(tr("Vessel"), tr("Use"), tr("Remarks"), tr("Read by, date")),
        definitions=(
            Definition(
                tr("Length"),
                tr("arc length of the smoothed centreline of section centroids"),
                text_quantity(results["length_mm"], "mm"),
                keys=("length_mm",),
            ),
            Definition(
                tr("Least diameter"),
                tr("least caliper width, running median of three stations"),
                quantity(least.get("min_diameter_mm"), "mm", least.get("uncertainty_mm")),
                "E" if least.get("edited") else "A",
                "" if least.get("uncertainty_mm") is None else "e s",
                _place(results, least),
                ("minimum.min_diameter_mm",),
            ),
            Definition(
                tr("Tortuosity"), tr("length / chord"), text_quantity(results["tortuosity"], ""), keys=("tortuosity",)
            ),
            Definition(tr("Closed"), tr("a section whose lumen is one closed curve; others carry no number"), ""),
            *beside_definitions(results),
        ),
        edits=[*_given_points(plan), *vessel_edits(plan), *beside_edits(plan.inputs, results)],
        uncertainty_letters=_letters(results, least),
        uncertainty_note=_about_spread(least),
        program=program_rows(document, plan),
        limits=(tr("Sections at a branch, an opening or the scan’s border are left out, not guessed."),),
        foot=foot_line(document, plan, image),
        warnings=[(item["code"], said(item["text"])) for item in results.get("warnings", [])],
    )


def _about_spread(least: Any) -> str:
    """What stands behind the ±, or why there is none."""
    if least.get("uncertainty_mm") is None:
        return tr("± was not estimated: the section was given as a surface, or measured by an earlier version.")
    return tr("± is half of the 95 % interval of where the image’s edge lies; movement is not in it.")


def _letters(results: Any, least: Any) -> str:
    """What the letters of the table of definitions mean."""
    if results.get("comparison") is not None:
        return tr(GROWTH_LETTERS)
    return tr("not estimated") if least.get("uncertainty_mm") is None else tr("e edge, s spacing")


def _boxes(results: Any, least: Any) -> tuple[KeyBox, ...]:
    """The key numbers of a vessel."""
    return (
        KeyBox(
            tr("Least diameter"),
            quantity(least.get("min_diameter_mm"), "mm", least.get("uncertainty_mm")),
            "",
            tr("{distance} from the first point", distance=text_quantity(least.get("s_mm"), "mm")),
        ),
        KeyBox(
            tr("Length"),
            text_quantity(results["length_mm"], "mm"),
            "",
            tr("chord {length}", length=text_quantity(results["chord_mm"], "mm")),
        ),
        KeyBox(tr("Tortuosity"), text_quantity(results["tortuosity"], ""), "", tr("length / chord")),
    )


def _given_points(plan: PlanRecord) -> list[tuple[str, str]]:
    """The two points that a person gave."""
    if plan.inputs.get("ends") == "automatic":
        return []
    names = ((tr("From", "a place"), "from_mm"), (tr("To", "a place"), "to_mm"))
    return [(name, text_position(plan.inputs[key])) for name, key in names if plan.inputs.get(key) is not None]


def _place(results: Any, extreme: Any) -> str:
    stations = results["stations"]
    if not stations or extreme.get("s_mm") is None:
        return ""
    nearest = min(stations, key=lambda station: abs(station["s_mm"] - extreme["s_mm"]))
    return text_position(nearest["position_mm"])


def _diameters(results: Any) -> Curve:
    """Least and greatest width along the vessel, with a gap where a section is not closed."""

    def along(key: str) -> list[tuple[float, float] | None]:
        return [
            (station["s_mm"], station[key]) if station["closed"] and station[key] is not None else None
            for station in results["stations"]
        ]

    least_line, greatest_line = along("min_diameter_mm"), along("max_diameter_mm")
    top = max((point[1] for point in (*least_line, *greatest_line) if point is not None), default=10.0)
    least = results["minimum"] or {}
    marks = (
        []
        if least.get("s_mm") is None
        else [(least["s_mm"], least["min_diameter_mm"], text_quantity(least["min_diameter_mm"], "mm"))]
    )
    return Curve(
        tr("Diameter along the vessel, mm"),
        (),
        tr("mm from the first point"),
        "mm",
        (0.0, max(results["length_mm"], 1.0)),
        (0.0, 1.15 * top),
        marks,
        lines=(Line(tr("least"), least_line), Line(tr("greatest"), greatest_line, dashed=True, accent=True)),
    )


def _lumen_words(station: Any) -> str:
    words = tr("closed") if station["closed"] else tr("not closed")
    if not station.get("edited"):
        return words
    return ", ".join((words, tr("edited") if station["edited"] == "here" else tr("near an edit")))


def _stations(results: Any) -> Table:
    stations = results["stations"]
    step = max(1, len(stations) // 14)
    rows = [
        (
            Cell(text_quantity(station["s_mm"], "mm")),
            Cell(text_quantity(station["min_diameter_mm"], "mm")),
            Cell(text_quantity(station["max_diameter_mm"], "mm")),
            Cell(text_quantity(station["area_mm2"], "mm²")),
            Cell(text_quantity(station.get("calcium_arc_deg"), "°")),
            Cell(_lumen_words(station), status="" if station["closed"] else "warn"),
            Cell(text_position(station["position_mm"])),
        )
        for station in stations[::step]
    ]
    return Table(
        tr("Sections"),
        (tr("Along"), tr("Least"), tr("Greatest"), tr("Area"), tr("Calcium arc"), tr("Lumen"), tr("Place, patient mm")),
        rows,
        note=""
        if step == 1
        else tr("Every {step}th of {count} sections; all are in the plan’s CSV.", step=step, count=len(stations)),
    )
