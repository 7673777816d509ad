"""The content of a liver report, from the plan's results."""

from __future__ import annotations

from typing import Any

from app.report.content import Cell, Definition, KeyBox, Note, NumberRow, Numbers, Picture, ReportContent, Table
from app.report.describe import (
    first_heads,
    foot_line,
    image_line,
    import_line,
    places,
    program_rows,
    subject_line,
    warning_notes,
    worst,
)
from planning.case.document import Document
from planning.case.model import PlanRecord
from planning.case.plans import planning_image
from planning.units import text_position, text_quantity

ASKED_MARGIN_MM = 5.0
LEAST_REMNANT_PERCENT = 40.0
# `_notes` says these with their numbers
SAID_BY_NOTES = ("tumor_left", "cut_through_tumor")


def liver_content(document: Document, plan: PlanRecord, pictures: list[Picture]) -> ReportContent:
    """Everything the report of this liver plan says."""
    results, image = plan.results, planning_image(document.case)
    margin = results["margin"]
    asked_mm = float(plan.inputs.get("asked_margin_mm") or ASKED_MARGIN_MM)
    asked_percent = float(plan.inputs.get("least_remnant_percent") or LEAST_REMNANT_PERCENT)
    others = [item for item in results.get("warnings", []) if item["code"] not in SAID_BY_NOTES]
    notes = _notes(results) + warning_notes({"warnings": others}, image)
    return ReportContent(
        title=f"Liver resection plan “{plan.name}”",
        subject=subject_line(document, image),
        kind="liver",
        plan=plan.name,
        lines=(image_line(image), import_line(image)),
        boxes=(
            KeyBox(
                f"Least margin, T{margin['tumor_id']} to cut" if margin["tumor_id"] else "Least margin",
                text_quantity(margin["minimum_mm"], "mm"),
                _minus(margin["uncertainty_mm"]),
                f"{asked_mm:g} asked · segmentation error apart",
                margin_status(margin, asked_mm),
            ),
            KeyBox(
                "Future liver remnant",
                text_quantity(results["flr_percent"], "%"),
                "",
                f"{asked_percent:.0f} asked",
                remnant_status(results["flr_percent"], asked_percent),
            ),
            KeyBox(
                "Removed",
                text_quantity(results["removed_ml"], "ml"),
                _share(results),
                f"kept {_ml(results, 'kept_ml')}",
            ),
            KeyBox("Look at", places(len(notes)), "", first_heads(notes), worst(notes)),
        ),
        pictures=pictures,
        numbers=_numbers(results, asked_mm, asked_percent),
        tables=(_tumors(results),),
        detail_tables=(_territories(results), _vessels(results)),
        notes=notes,
        signature_title="Liver board",
        signatures=("Agreed plan", "Two-stage or embolisation", "Access", "Read by, date"),
        definitions=_definitions(results),
        program=program_rows(document, plan),
        limits=(
            "The margin’s ± is one-sided: how much smaller the true distance to the segmented tumour may be. The "
            "segmentation’s own error is not in it.",
            "A voxel is removed or kept as a whole by its centre, so removed and kept add up to the organ.",
            "CT volumes over-read specimen weight by 5 to 20 % (blood).",
            "The parenchymal margin and the distance to vessels are two numbers; the capsule is no margin.",
        ),
        foot=foot_line(document, plan, image),
        warnings=[(item["code"], item["text"]) for item in results.get("warnings", [])],
    )


def margin_status(margin: Any, asked_mm: float = ASKED_MARGIN_MM) -> Any:
    """ok where the margin less its uncertainty meets what is asked, warn where only the number does, bad below."""
    value = margin["minimum_mm"]
    if value is None:
        return ""
    if value < asked_mm:
        return "bad"
    return "ok" if value - (margin["uncertainty_mm"] or 0.0) >= asked_mm else "warn"


def remnant_status(percent: float | None, asked_percent: float = LEAST_REMNANT_PERCENT) -> Any:
    """The same for the remnant, whose uncertainty is the segmentation's and not estimated."""
    if percent is None:
        return ""
    return "ok" if percent >= asked_percent else "bad"


def _minus(value: float | None) -> str:
    return "" if value is None else f"± {value:.1f}"


def _ml(results: Any, key: str) -> str:
    return text_quantity(results[key], "ml")


def _share(results: Any) -> str:
    return text_quantity(100.0 * results["removed_ml"] / results["organ_ml"], "%") if results["organ_ml"] else ""


def _notes(results: Any) -> list[Note]:
    notes = []
    if results["kept_tumor_ml"] > 0:
        notes.append(
            Note("Tumour left behind", f"{_ml(results, 'kept_tumor_ml')} of tumour stay in the kept part.", "bad")
        )
    if (results["margin"]["minimum_mm"] or 0.0) < 0:
        depth = text_quantity(-results["margin"]["minimum_mm"], "mm")
        which = results["margin"]["tumor_id"]
        notes.append(Note("Cut through a tumour", f"The cut passes through T{which}, {depth} deep.", "bad"))
    return notes


def _numbers(results: Any, asked_mm: float, asked_percent: float) -> list[Numbers]:
    margin = results["margin"]
    volumes = [
        NumberRow("Liver with tumours", results["organ_ml"], "ml"),
        NumberRow("Tumours", sum(tumor["volume_ml"] for tumor in results["tumors"]), "ml"),
        NumberRow("Removed", results["removed_ml"], "ml"),
        NumberRow("Kept", results["kept_ml"], "ml"),
        NumberRow("Tumour kept", results["kept_tumor_ml"], "ml", status="bad" if results["kept_tumor_ml"] > 0 else ""),
        NumberRow(
            "Future remnant, FLR",
            results["flr_percent"],
            "%",
            status=remnant_status(results["flr_percent"], asked_percent),
        ),
        NumberRow("Standardised FLR", results["sflr_percent"], "%"),
        NumberRow("FLR / body weight", (results.get("body_size") or {}).get("flr_bw_percent"), "%"),
        NumberRow("Viable remnant", results["viable_flr_percent"], "%"),
    ]
    margins = [
        NumberRow(
            f"T{item['id']} to cut",
            item["minimum_mm"],
            "mm",
            item.get("uncertainty_mm", margin["uncertainty_mm"]),
            status=margin_status({"uncertainty_mm": margin["uncertainty_mm"], **item}, asked_mm),
        )
        for item in margin["by_tumor"][:6]
    ]
    return [
        Numbers(
            "Volumes", volumes, "FLR = (kept − kept tumour) / (liver − tumours). A dash was not measured: see page 2."
        ),
        Numbers("Margins", margins, "" if margins else "No tumour was named."),
    ]


def _tumors(results: Any) -> Table:
    by_id = {item["id"]: item["minimum_mm"] for item in results["margin"]["by_tumor"]}
    rows = [
        (
            Cell(f"T{tumor['id']}", True),
            Cell(_ml(tumor, "volume_ml")),
            Cell(text_quantity(tumor["longest_diameter_mm"], "mm")),
            Cell(text_quantity(by_id.get(tumor["id"]), "mm")),
            Cell(text_position(tumor["centroid_mm"])),
        )
        for tumor in results["tumors"]
    ]
    return Table(
        "Tumours",
        ("", "Volume", "Longest diameter", "To the cut", "Centre, patient mm"),
        rows,
        empty="No tumour was named in this plan.",
    )


def _territories(results: Any) -> Table:
    found = results.get("territories", [])
    rows = [(Cell(item["name"], True), Cell(item["tree"]), Cell(_ml(item, "volume_ml"))) for item in found[:16]]
    note = "Each voxel belongs to the named branch whose centreline is nearest (Euclidean distance)."
    return Table(
        "Territories",
        ("Branch", "Tree", "Volume"),
        rows,
        note=note if rows else "",
        empty="No vessel tree was named in this plan.",
    )


def _vessels(results: Any) -> Table:
    rows = [
        (
            Cell(item["name"], True),
            Cell(item["tree"]),
            Cell(text_quantity(item["diameter_mm"], "mm")),
            Cell(text_position(item["at_mm"])),
        )
        for item in results.get("vessels_cut", [])[:12]
    ]
    return Table(
        "Vessels the cut meets",
        ("Vessel", "Tree", "Diameter", "Place, patient mm"),
        rows,
        empty="None found, or no vessel tree was named.",
    )


def _definitions(results: Any) -> list[Definition]:
    margin = results["margin"]
    at = text_position(margin["at_mm"]) if margin["at_mm"] else "–"
    rows = [
        Definition("Organ", "union of the named structures and tumours, to the voxel", _ml(results, "organ_ml")),
        Definition("Removed", "voxels whose centre lies strictly on the removed side", _ml(results, "removed_ml")),
        Definition("Kept", "organ less removed", _ml(results, "kept_ml")),
        Definition("FLR", "100 · (kept − kept tumour) / (organ − tumours)", text_quantity(results["flr_percent"], "%")),
        Definition(
            "sFLR",
            "FLR volume / standard liver volume (Vauthey: −794.41 + 1267.28 · BSA, Mosteller)",
            text_quantity(results["sflr_percent"], "%"),
        ),
        Definition(
            "Viable FLR",
            "kept, portal inflow and hepatic drainage both intact",
            text_quantity(results["viable_flr_percent"], "%"),
        ),
        Definition(
            "Least margin",
            "least distance from the tumour’s sub-voxel surface to the cut inside the organ",
            text_quantity(margin["minimum_mm"], "mm", margin["uncertainty_mm"]),
            "A",
            "s",
            at,
        ),
    ]
    for tumor in results["tumors"][:8]:
        rows.append(
            Definition(
                f"T{tumor['id']} longest",
                "greatest width of the sub-voxel surface",
                text_quantity(tumor["longest_diameter_mm"], "mm"),
                "A",
                "s",
                text_position(tumor["centroid_mm"]),
            )
        )
    return rows
