"""The content of a liver report, from the plan's results."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.i18n import local, mark, said, text_position, text_quantity, text_value, tr
from app.report.content import Cell, Definition, KeyBox, Note, NumberRow, Numbers, Picture, ReportContent, Table
from app.report.describe import (
    bare,
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
from app.report.liver_details import (
    ablation_table,
    aside_tables,
    body_table,
    compared,
    place_words,
    plan_line,
    reasons,
    resection_rows,
    stage_table,
    tumor_vessels,
)
from planning.case.document import Document
from planning.case.model import PlanRecord
from planning.case.plans import planning_image
from planning.liver.compare import Limits
from planning.liver.describe import branch_words
from planning.liver.limit import UNSAID_PERCENT
from planning.liver.volumetry import STANDARD_NAMES, SURFACE_NAMES

ASKED_MARGIN_MM = 5.0
MOST_VESSELS = 14
MOST_MARGINS = 5
LEAST_TOLD_ML = 0.05
STANDARD_FORMULAS = {
    "vauthey": "−794.41 + 1267.28 · BSA",
    "urata": "706.2 · BSA + 2.4",
    "vauthey_weight": mark("18.51 · weight + 191.8"),
}
TREES = {"couinaud": mark("segments"), "portal": mark("portal"), "hepatic": mark("hepatic")}
TERRITORY_TITLES = {
    "couinaud": mark("segments"),
    "portal": mark("nearest portal branch"),
    "hepatic": mark("nearest hepatic vein"),
}
TERRITORY_ROWS = (
    (mark("Whole"), "volume_ml"),
    (mark("Removed"), "removed_ml"),
    (mark("Congested"), "congested_ml"),
    (mark("No inflow"), "devascularised_ml"),
)
MOST_COLUMNS, MOST_TERRITORY_ROWS = 10, 24
# `_notes` says these with their numbers
SAID_BY_NOTES = ("tumor_left", "cut_through_tumor")


def liver_content(document: Document, plan: PlanRecord, pictures: list[Picture]) -> ReportContent:
    """Everything the report of this liver plan says."""
    results, image = plan.results, planning_image(document.case)
    margin = results["margin"]
    asked_mm = float(plan.inputs.get("asked_margin_mm") or ASKED_MARGIN_MM)
    asked_percent = float(plan.inputs.get("least_remnant_percent") or UNSAID_PERCENT)
    least, least_status = decisive_margin(margin, asked_mm)
    others = [item for item in results.get("warnings", []) if item["code"] not in SAID_BY_NOTES]
    notes = _notes(results) + warning_notes({"warnings": others}, image)
    plans = [other for other in document.case.plans.values() if other.kind == "liver"]
    limits = Limits(asked_mm, asked_percent)
    beside = compared(plans, plan, limits)
    own_tables = [table for table in (stage_table(results), body_table(results)) if table is not None]
    ablation = ablation_table(results)
    return ReportContent(
        title=tr("Liver resection plan “{name}”", name=plan.name),
        subject=subject_line(document, image),
        kind="liver",
        plan=plan.name,
        lines=(f"{image_line(image)} · {import_line(image)}", plan_line(plan, len(plans))),
        boxes=(
            KeyBox(
                tr("Least margin") if least["id"] is None else tr("Least margin, T{id} to cut", id=least["id"]),
                text_quantity(least["minimum_mm"], "mm"),
                _minus(least["uncertainty_mm"]),
                tr("{limit:g} mm asked", limit=asked_mm) + _other_tumors(margin, least),
                least_status,
            ),
            _remnant_box(results, asked_percent),
            KeyBox(
                tr("Removed"),
                text_quantity(results["removed_ml"], "ml"),
                _share(results),
                tr("kept {volume}", volume=_ml(results, "kept_ml")),
            ),
            KeyBox(tr("Look at"), places(len(notes)), "", first_heads(notes), worst(notes)),
        ),
        pictures=pictures,
        numbers=_numbers(results, asked_mm, asked_percent),
        # stages decide more than territories, which the details page has too
        tables=(
            stage_table(results, short=True) or _territory_table(results),
            *(() if beside is not None else (_alone(),)),
        ),
        beside=beside,
        detail_tables=(
            *own_tables,
            *aside_tables(results),
            *(() if ablation is None else (ablation,)),
            _tumors(results),
            tumor_vessels(results),
            reasons(plans, limits),
            _territories(results),
            _vessels(results),
        ),
        notes=notes,
        signature_title=tr("Liver board"),
        signatures=(tr("Agreed plan"), tr("Two-stage or embolisation"), tr("Access"), tr("Read by, date")),
        definitions=_definitions(results),
        program=program_rows(document, plan),
        uncertainty_title=tr("What the ± of a margin is made of"),
        uncertainty_note=tr(
            "Slice thickness, voxel size and the tumour’s curvature, calibrated on phantoms of "
            "known margin. The segmentation’s own error is not in it; volumes carry no ± because "
            "theirs is the segmentation’s alone."
        ),
        uncertainty_letters=tr("s spacing"),
        edits=resection_rows(plan),
        limits=(
            tr(
                "The margin’s ± is one-sided: how much smaller the true distance to the segmented "
                "tumour may be. The segmentation’s own error is not in it."
            ),
            tr("A voxel is removed or kept as a whole by its centre, so removed and kept add up to the organ."),
            tr("CT volumes over-read specimen weight by 5 to 20 % (blood)."),
            tr("The parenchymal margin and the distance to vessels are two numbers; the capsule is no margin."),
        ),
        foot=foot_line(document, plan, image),
        warnings=[(item["code"], said(item["text"])) for item in results.get("warnings", [])],
    )


def margin_status(margin: Any, asked_mm: float = ASKED_MARGIN_MM) -> Any:
    """ok where the margin less its uncertainty meets what is asked, warn where only the number does, bad below."""
    value = margin["minimum_mm"]
    if value is None:
        return ""
    if value < asked_mm:
        return "bad"
    return "ok" if value - (margin["uncertainty_mm"] or 0.0) >= asked_mm else "warn"


def remnant_status(percent: float | None, asked_percent: float = UNSAID_PERCENT) -> Any:
    """The same for the remnant, whose uncertainty is the segmentation's and not estimated."""
    if percent is None:
        return ""
    return "ok" if percent >= asked_percent else "bad"


def stays(item: Any) -> bool:
    """Whether a tumour of margin.by_tumor is left behind, wholly or in part; its distance to the cut is no margin."""
    return bool(item.get("side", "removed") != "removed")


def decisive_margin(margin: Any, asked_mm: float = ASKED_MARGIN_MM) -> tuple[Any, Any]:
    """(the tumour of by_tumor that decides the plan's margin, status): the least of those that are removed or divided.

    The status is the worst of theirs, since one with a wider ± may miss what the least one meets; a tumour that stays
    makes it bad whatever the margins are. Without a margin id and numbers are None.
    """
    left = any(stays(item) for item in margin["by_tumor"])
    reached = [
        item for item in margin["by_tumor"] if item["minimum_mm"] is not None and item.get("side", "removed") != "kept"
    ]
    if not reached:
        return {"id": None, "minimum_mm": None, "uncertainty_mm": None, "at_mm": None}, "bad" if left else ""
    least = min(reached, key=lambda item: item["minimum_mm"])
    # plans of earlier versions hold one uncertainty and place for all tumours
    shared = {key: margin[key] for key in ("uncertainty_mm", "at_mm")}
    found = {margin_status({**shared, **item}, asked_mm) for item in reached} | ({"bad"} if left else set())
    return {**shared, **least}, next(status for status in ("bad", "warn", "ok") if status in found)


def _other_tumors(margin: Any, least: Any) -> str:
    """The tumours that stay, or else the one with the next smallest margin, for the line under the key number."""
    left = [f"T{item['id']}" for item in margin["by_tumor"] if stays(item)]
    if left:
        words = tr("{tumors} stays", tumors=left[0]) if len(left) == 1 else tr("{tumors} stay", tumors=", ".join(left))
        return f" · {words}"
    others = [item for item in margin["by_tumor"] if item["minimum_mm"] is not None and item["id"] != least["id"]]
    others = sorted(others, key=lambda item: item["minimum_mm"])[:1]
    return "".join(f" · T{item['id']} {text_quantity(item['minimum_mm'], 'mm')}" for item in others)


def _remnant_box(results: Any, asked_percent: float) -> KeyBox:
    """The viable remnant, which decides; without vessel trees the future liver remnant stands for it."""
    viable, flr = results["viable_flr_percent"], results["flr_percent"]
    status, asked = remnant_verdict(results, asked_percent)
    if viable is None:
        return KeyBox(tr("Future liver remnant", "in a box"), text_quantity(flr, "%"), "", asked, status)
    return KeyBox(
        tr("Viable remnant", "in a box"),
        text_quantity(viable, "%"),
        "",
        f"{asked} · FLR {text_quantity(flr, '%')}",
        status,
    )


def _standard_limit(results: Any) -> Any:
    """The plan's limit where it is of the standard liver volume and that is known, else None."""
    limit = results.get("remnant_limit")
    return limit if limit is not None and limit["of"] == "sflr_percent" else None


def remnant_verdict(results: Any, asked_percent: float) -> tuple[Any, str]:
    """Status and words of the remnant that decides; where the limit's own denominator says otherwise, it is named."""
    viable, limit = results["viable_flr_percent"], _standard_limit(results)
    status = remnant_status(results["flr_percent"] if viable is None else viable, asked_percent)
    asked = tr("{limit:.0f} % asked", limit=asked_percent)
    if limit is None:
        return status, asked
    enough, percent = ("enough", "measured_percent") if viable is None else ("enough_viable", "viable_percent")
    own = "ok" if limit[enough] else "bad"
    return own, asked if own == status else tr(
        "{asked}, sFLR {share}", asked=asked, share=text_quantity(limit[percent], "%")
    )


def _minus(value: float | None) -> str:
    return "" if value is None else local(f"± {value:.1f}")


def _ml(results: Any, key: str) -> str:
    return text_quantity(results[key], "ml")


def _share(results: Any) -> str:
    return text_quantity(100.0 * results["removed_ml"] / results["organ_ml"], "%") if results["organ_ml"] else ""


def _notes(results: Any) -> list[Note]:
    notes = []
    if results["kept_tumor_ml"] > 0:
        much = _ml(results, "kept_tumor_ml") if results["kept_tumor_ml"] >= LEAST_TOLD_ML else tr("Less than 0.1 ml")
        notes.append(Note(tr("Tumour left behind"), tr("{much} of tumour stay in the kept part.", much=much), "bad"))
    if (results["margin"]["minimum_mm"] or 0.0) < 0:
        depth = text_quantity(-results["margin"]["minimum_mm"], "mm")
        which = results["margin"]["tumor_id"]
        notes.append(
            Note(
                tr("Cut through a tumour"),
                tr("The cut passes through T{which}, {depth} deep.", which=which, depth=depth),
                "bad",
            )
        )
    return notes


def _numbers(results: Any, asked_mm: float, asked_percent: float) -> list[Numbers]:
    margin, perfusion = results["margin"], results.get("perfusion") or {}
    by_weight = (results.get("body_size") or {}).get("flr_bw_percent")
    formula = (results.get("body_size") or {}).get("standard_formula", "vauthey")
    standard = ((results.get("body_size") or {}).get("standard_liver_ml") or {}).get(formula)
    # those that stay and then the smallest first; a tumour without a cut near it comes last
    nearest = sorted(
        margin["by_tumor"],
        key=lambda item: (not stays(item), float("inf") if item["minimum_mm"] is None else item["minimum_mm"]),
    )
    limit = _standard_limit(results)
    volumes = [
        NumberRow(tr("Liver with tumours"), results["organ_ml"], "ml"),
        NumberRow(tr("Tumours"), sum(tumor["volume_ml"] for tumor in results["tumors"]), "ml"),
        NumberRow(tr("Removed"), results["removed_ml"], "ml"),
        NumberRow(tr("Kept"), results["kept_ml"], "ml"),
        NumberRow(
            tr("Tumour kept"), results["kept_tumor_ml"], "ml", status="bad" if results["kept_tumor_ml"] > 0 else ""
        ),
        NumberRow(
            tr("Future remnant, FLR"),
            results["flr_percent"],
            "%",
            # a limit of the standard volume is not this one's
            status=remnant_status(results["flr_percent"], asked_percent) if limit is None else "",
        ),
        NumberRow(
            tr("Standardised FLR"),
            results["sflr_percent"],
            "%",
            status="" if limit is None else "ok" if limit["enough"] else "bad",
        ),
        NumberRow(
            tr("FLR / body weight"),
            by_weight,
            "%",
            text="" if by_weight is None else text_value(by_weight, 2),
        ),
        NumberRow(tr("Congested"), perfusion.get("congested_ml"), "ml"),
        NumberRow(tr("Without inflow"), perfusion.get("devascularised_ml"), "ml"),
        NumberRow(
            tr("Viable remnant"),
            results["viable_flr_percent"],
            "%",
            status=remnant_verdict(results, asked_percent)[0] if results["viable_flr_percent"] is not None else "",
        ),
    ]
    margins = [
        NumberRow(
            tr(_stays_words(item), id=item["id"]),
            item["minimum_mm"],
            "mm",
            item.get("uncertainty_mm", margin["uncertainty_mm"]),
            status=_tumor_status(item, margin, asked_mm),
        )
        for item in nearest[:MOST_MARGINS]
    ]
    longest = [
        NumberRow(tr("T{id} longest", id=tumor["id"]), tumor["longest_diameter_mm"], "mm")
        for tumor in results["tumors"][:2]
    ]
    cut = sorted(results.get("vessels_cut", []), key=lambda item: -item["diameter_mm"])[:2]
    vessels = [NumberRow(tr("{vessel}, cut", vessel=_words(item["name"])), item["diameter_mm"], "mm") for item in cut]
    note = tr("FLR = (kept − kept tumour) / (liver − tumours).")
    if standard is not None:
        note += " " + tr(
            "Standard volume {volume} ({formula}).",
            volume=text_quantity(standard, "ml"),
            formula=said(STANDARD_NAMES[formula]),
        )
    return [
        Numbers(tr("Volumes"), volumes, note),
        Numbers(
            tr("Margins and vessels"),
            [*margins, *longest, *vessels],
            _margins_note(len(nearest)),
        ),
    ]


def _margins_note(count: int) -> str:
    if not count:
        return tr("No tumour was named in this plan.")
    more = count - MOST_MARGINS
    return tr("%n tumour(s) farther from the cut: details page.", "", more) if more > 0 else ""


def _stays_words(item: Any) -> str:
    """How a tumour's margin is called, by where the tumour stays."""
    words = {"kept": mark("T{id} stays, to cut"), "both": mark("T{id} stays in part, to cut")}
    return words.get(item.get("side", "removed"), mark("T{id} to cut"))


def _tumor_status(item: Any, margin: Any, asked_mm: float) -> Any:
    """The status of one tumour's margin; bad for one that stays, however far the cut is."""
    return "bad" if stays(item) else margin_status({"uncertainty_mm": margin["uncertainty_mm"], **item}, asked_mm)


def _words(name: str) -> str:
    """ "portal_side_branch" → "Portal side branch", "VII" → "Segment VII"."""
    words = branch_words(name)
    return said(words[:1].upper() + words[1:])


def _territory_table(results: Any) -> Table:
    """What the plan does to each segment where they are named, else to each portal branch, else to each hepatic vein."""
    found = results.get("territories", [])
    tree = next((tree for tree in TREES if any(item["tree"] == tree for item in found)), None)
    own = [item for item in found if item["tree"] == tree]
    if tree != "couinaud":
        own = sorted(own, key=lambda item: -item["volume_ml"])
    shown = own[:MOST_COLUMNS]
    rows = [
        (Cell(tr(words)), *(_loss(item.get(key)) for item in shown), _loss(_sum(own, key), strong=True))
        for words, key in TERRITORY_ROWS
        # a plan of an earlier version knows volumes only
        if all(key in item for item in own)
    ]
    names = [_short_name(item["name"], tree) for item in shown]
    left_out = len(own) - len(shown)
    note = tr("The {count} largest of {whole};", count=len(shown), whole=len(own)) + " " if left_out else ""
    note += tr("Each voxel is of the nearest branch.") + " " if tree != "couinaud" else ""
    note += tr("Congested and without inflow: tissue that stays. More on the details page.")
    return Table(
        tr("Territories: {tree}, ml", tree=tr(TERRITORY_TITLES.get(tree or "", ""))) if tree else tr("Territories"),
        ("", *names, tr("all")),
        rows if own else (),
        note=note[:1].upper() + note[1:],
        empty=tr("No vessel tree was named in this plan."),
        right_aligned=True,
    )


def _short_name(name: str, tree: str | None) -> str:
    """ "VII", "3", "stem": a column's head under a title that tells the tree."""
    return said(name.removeprefix(f"{tree}_"))


def _sum(items: Sequence[Any], key: str) -> float | None:
    values = [item[key] for item in items]
    return None if None in values else float(sum(values))


def _loss(value: float | None, *, strong: bool = False) -> Cell:
    """Millilitres; "–" for nothing, so that the eye finds what there is."""
    return Cell(bare(value, "ml") if value is not None and value >= LEAST_TOLD_ML else "–", strong)


def _alone() -> Table:
    """The heading stays where there is nothing to compare."""
    return Table(tr("Plans compared"), (), (), empty=tr("There is one liver plan in this case."))


def _tumors(results: Any) -> Table:
    by_id = {item["id"]: item for item in results["margin"]["by_tumor"]}
    nothing: dict[str, Any] = {"minimum_mm": None}
    rows = [
        (
            Cell(f"T{tumor['id']}", True),
            Cell(_ml(tumor, "volume_ml")),
            Cell(text_quantity(tumor["longest_diameter_mm"], "mm")),
            Cell(place_words(tumor)),
            _to_cut(by_id.get(tumor["id"], nothing)),
            Cell(text_position(tumor["centroid_mm"])),
        )
        for tumor in results["tumors"]
    ]
    return Table(
        tr("Tumours"),
        ("", tr("Volume"), tr("Longest diameter"), tr("Lies in"), tr("To the cut"), tr("Centre, patient mm")),
        rows,
        empty=tr("No tumour was named in this plan."),
    )


def _to_cut(item: Any) -> Cell:
    """ "6.2 mm"; "stays, 12.3 mm" for a tumour that is left behind."""
    distance = text_quantity(item["minimum_mm"], "mm")
    words = {
        "kept": tr("stays, {distance}", distance=distance),
        "both": tr("stays in part, {distance}", distance=distance),
    }
    return Cell(words.get(item.get("side", "removed"), distance), status="bad" if stays(item) else "")


def _territories(results: Any) -> Table:
    found = results.get("territories", [])
    shown = found[:MOST_TERRITORY_ROWS]
    columns = [(words, key) for words, key in TERRITORY_ROWS if all(key in item for item in shown)]
    left_out = len(found) - len(shown)
    note = tr("Each voxel belongs to the named branch whose centreline is nearest (Euclidean distance).")
    note += " " + tr("{count} more are in the plan’s JSON.", count=left_out) if left_out else ""
    return Table(
        tr("Territories"),
        ("", *(f"{tr(words)}, ml" for words, _ in columns)),
        [(Cell(_words(item["name"]), True), *(_loss(item[key]) for _, key in columns)) for item in shown],
        note=note if shown else "",
        empty=tr("No vessel tree was named in this plan."),
        right_aligned=True,
    )


def _vessels(results: Any) -> Table:
    rows = [
        (
            Cell(_words(item["name"]), True),
            Cell(tr(TREES[item["tree"]])),
            Cell(text_quantity(item["diameter_mm"], "mm")),
            Cell(text_position(item["at_mm"])),
        )
        for item in sorted(results.get("vessels_cut", []), key=lambda item: -item["diameter_mm"])[:MOST_VESSELS]
    ]
    left_out = len(results.get("vessels_cut", [])) - len(rows)
    return Table(
        tr("Vessels the cut meets"),
        (tr("Vessel"), tr("Tree"), tr("Diameter"), tr("Place, patient mm")),
        rows,
        note=tr("The widest; {count} thinner ones are in the plan’s JSON.", count=left_out) if left_out > 0 else "",
        empty=tr("None found, or no vessel tree was named."),
    )


def _formula_words(results: Any) -> str:
    """The formulas that lead, written out."""
    sizes = results.get("body_size") or {}
    standard, surface = sizes.get("standard_formula", "vauthey"), sizes.get("surface_formula", "mosteller")
    words = f"{said(STANDARD_NAMES[standard])}: {local(tr(STANDARD_FORMULAS[standard]))}"
    return words if standard == "vauthey_weight" else f"{words}, {SURFACE_NAMES[surface]}"


def _definitions(results: Any) -> list[Definition]:
    least, _ = decisive_margin(results["margin"])
    at = text_position(least["at_mm"]) if least["at_mm"] else "–"
    rows = [
        Definition(
            tr("Organ"), tr("union of the named structures and tumours, to the voxel"), _ml(results, "organ_ml")
        ),
        Definition(
            tr("Removed"), tr("voxels whose centre lies strictly on the removed side"), _ml(results, "removed_ml")
        ),
        Definition(tr("Kept"), tr("organ less removed"), _ml(results, "kept_ml")),
        Definition(
            "FLR", tr("100 · (kept − kept tumour) / (organ − tumours)"), text_quantity(results["flr_percent"], "%")
        ),
        Definition(
            "sFLR",
            tr("FLR volume / standard liver volume ({formula})", formula=_formula_words(results)),
            text_quantity(results["sflr_percent"], "%"),
        ),
        Definition(
            tr("Viable FLR"),
            tr("kept, portal inflow and hepatic drainage both intact")
            + (", " + tr("occluded branches without inflow") if (results.get("stages") or {}).get("occlusion") else ""),
            text_quantity(results["viable_flr_percent"], "%"),
        ),
        Definition(
            tr("Least margin", "in a row"),
            tr("least distance from a removed tumour’s sub-voxel surface to the cut inside the organ"),
            quantity(least["minimum_mm"], "mm", least["uncertainty_mm"]),
            "A",
            "s",
            at,
        ),
    ]
    for tumor in results["tumors"][:8]:
        rows.append(
            Definition(
                tr("T{id} longest", id=tumor["id"]),
                tr("greatest width of the sub-voxel surface"),
                text_quantity(tumor["longest_diameter_mm"], "mm"),
                "A",
                "s",
                text_position(tumor["centroid_mm"]),
            )
        )
    return rows
