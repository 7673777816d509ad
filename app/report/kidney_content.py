"""The content of a kidney report, from the plan's results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from app.i18n import inside, local, mark, said, structure_name, text_position, text_quantity, text_value, tr
from app.report.content import Cell, Definition, KeyBox, Note, NumberRow, Numbers, ReportContent, Section, Table
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
from app.report.liver_content import decisive_margin, margin_status, stays
from planning.case.document import Document
from planning.case.model import PlanRecord
from planning.case.plans import planning_image
from planning.kidney.letters import LIMITS, NAMES, SOURCE
from planning.liver.describe import say_resection, say_resections

if TYPE_CHECKING:
    from app.report.kidney_pictures import KidneyPictures

FIRST_PAGE = ("R", "E", "N", "L")
IN_A_ROW = 3
LEVEL_STATUS: Mapping[str, Any] = {"low": "ok", "moderate": "warn", "high": "bad"}
FED_SHARE = 0.005
DEFINED = {
    "R": mark("greatest diameter of the tumour's smooth surface"),
    "E": mark(
        "share of its volume outside the outline that the kidney had: the convex hull of its "
        "parenchyma, over the tumour continued with the curvature of the wall around it"
    ),
    "N": mark("least distance from the tumour's surface to the sinus or collecting system"),
    "A": mark("side of the plane through the kidney's long axis and its hilum; x within 15 % of its half depth"),
    "L": mark("share between the polar lines, the axial levels where the sinus begins and ends in the kidney"),
}


def kidney_content(document: Document, plan: PlanRecord, pictures: KidneyPictures | None) -> ReportContent:
    """Everything the report of this kidney plan says."""
    results, image = plan.results, planning_image(document.case)
    asked_mm = float(plan.inputs["asked_margin_mm"])
    notes = [*_notes(results), *warning_notes(results, image)]
    has_cut = bool(results["resections"])
    first = results["tumors"][0] if results["tumors"] else None
    plans = [other for other in document.case.plans.values() if other.kind == "kidney"]
    return ReportContent(
        title=tr("Kidney plan “{name}”", name=plan.name),
        subject=subject_line(document, image),
        kind="kidney",
        plan=plan.name,
        lines=(f"{image_line(image)} · {import_line(image)}", _plan_line(plan, len(plans))),
        boxes=(
            _score_box(first),
            _margin_box(results, asked_mm) if has_cut else _contact_box(first),
            _kept_box(results) if has_cut else _clamp_box(results),
            KeyBox(tr("Look at"), places(len(notes)), "", first_heads(notes), worst(notes)),
        ),
        pictures=[] if pictures is None or first is None else _first_page(pictures, first),
        numbers=_numbers(results, asked_mm),
        tables=(_letters_table(results), _clamps_table(results), _plans_table(plans, plan)),
        sections=() if pictures is None else _sections(pictures),
        detail_tables=(_vessels_table(results), _tumors_table(results)),
        notes=notes,
        signature_title=tr("Tumour board"),
        signatures=(tr("Agreed plan"), tr("Clamping"), tr("Access"), tr("Read by, date")),
        definitions=_definitions(plan),
        program=program_rows(document, plan),
        uncertainty_title=tr("What the ± is made of"),
        uncertainty_note=tr(
            "Voxel size and slice thickness, calibrated on tilted phantoms whose letters are "
            "known; for the outside share also how the outline is continued over the tumour. The "
            "labels' own error is not in it. Where the ± reaches a limit of a letter, both "
            "points are told."
        ),
        uncertainty_letters=tr("s spacing"),
        edits=_edits(plan),
        limits=(
            tr("R.E.N.A.L. describes the tumour's anatomy; it does not tell the outcome."),
            tr(
                "Without a named sinus the kidney's hollow stands for it, which is said above; N and "
                "L then need a look."
            ),
            tr(
                "Clamp territories follow the nearest labelled branch: collaterals and unlabelled "
                "arteries are not in them."
            ),
            tr("A voxel is removed or kept as a whole by its centre, so removed and kept add up to the kidney."),
        ),
        foot=foot_line(document, plan, image),
        warnings=[(item["code"], said(item["text"])) for item in results.get("warnings", [])],
    )


def score_words(renal: Mapping[str, Any]) -> str:
    """ "9ah"; "–" where a letter is not known."""
    return "–" if renal["total"] is None else f"{renal['total']}{renal['suffix']}"


def _score_box(tumor: Any) -> KeyBox:
    if tumor is None:
        return KeyBox("R.E.N.A.L.", "–", "", tr("no tumour is named"))
    renal = tumor["renal"]
    totals = renal["possible_totals"]
    within = (
        tr("{low} to {high} possible", low=totals[0], high=totals[-1])
        if len(totals) > 1
        else tr("no letter near a limit")
    )
    status = LEVEL_STATUS.get(renal["complexity"], "")
    return KeyBox(
        tr("R.E.N.A.L. of T{id}", id=tumor["id"]), score_words(renal), said(renal["complexity"]), within, status
    )


def _margin_box(results: Any, asked_mm: float) -> KeyBox:
    least, status = decisive_margin(results["margin"], asked_mm)
    spread = least["uncertainty_mm"]
    beside = "" if spread is None else local(f"± {spread:.1f}")
    title = tr("Least margin") if least["id"] is None else tr("Least margin, T{id} to cut", id=least["id"])
    return KeyBox(
        title, text_quantity(least["minimum_mm"], "mm"), beside, tr("{limit:g} mm asked", limit=asked_mm), status
    )


def _contact_box(tumor: Any) -> KeyBox:
    if tumor is None:
        return KeyBox(tr("Contact surface"), "–", "", tr("no tumour is named"))
    spread = local(f"± {tumor['contact_uncertainty_cm2']:.1f}")
    words = tr("20 cm² or more is complex")
    status: Any = "warn" if tumor["complex_contact"] else "ok"
    return KeyBox(tr("Contact surface"), text_quantity(tumor["contact_cm2"], "cm²"), spread, words, status)


def _kept_box(results: Any) -> KeyBox:
    kept = text_quantity(results["kept_parenchyma_percent"], "%")
    return KeyBox(
        tr("Kept parenchyma"),
        kept,
        "",
        tr("{volume} kept", volume=text_quantity(results["kept_parenchyma_ml"], "ml")),
    )


def _clamp_box(results: Any) -> KeyBox:
    clamping = results["clamping"]
    if clamping is None or not clamping["names"]:
        return KeyBox(tr("Kept without blood"), "–", "", tr("no clamp"))
    percent = clamping["ischaemic_kept_percent"]
    beside = "" if percent is None else f"{percent:.0f} %"
    return KeyBox(
        tr("Kept without blood"), text_quantity(clamping["ischaemic_kept_ml"], "ml"), beside, tr("while clamped")
    )


def _notes(results: Any) -> list[Note]:
    if not results["resections"] or not results["kept_tumor_ml"] > 0:
        return []
    left = text_quantity(results["kept_tumor_ml"], "ml")
    return [Note(tr("Tumour left behind"), tr("{left} of tumour stay in the kept part.", left=left), "bad")]


def _plan_line(plan: PlanRecord, count: int) -> str:
    """ "Wedge about T1 · one of 2 plans"."""
    words = said(say_resections(plan.inputs["resections"])) if plan.inputs["resections"] else tr("No resection")
    return tr("{plan} · one of {count} plans", plan=words, count=count) if count > 1 else words


def _roles_words(plan: PlanRecord) -> str:
    named = ", ".join(map(structure_name, [*plan.inputs["organ"], *plan.inputs["tumors"]]))
    sinus = ", ".join(map(structure_name, plan.inputs["sinus"])) or tr("not named")
    return tr("{named}; sinus: {sinus}", named=named, sinus=sinus)


def _first_page(pictures: KidneyPictures, tumor: Any) -> list[Any]:
    own = pictures.letters.get(tumor["id"], ())
    return [one for one in own if _letter_of(one.caption) in FIRST_PAGE][:4]


def _letter_of(caption: str) -> str:
    """ "R" of "T1 R, 2 of 3: …"."""
    return caption.split(" ")[1][:1]


def _sections(pictures: KidneyPictures) -> tuple[Section, ...]:
    found = []
    for number, own in pictures.letters.items():
        if own:
            rows = [own[start : start + IN_A_ROW] for start in range(0, len(own), IN_A_ROW)]
            found.append(Section(tr("T{number}: the slice that proves each letter", number=number), rows))
    if pictures.clamp:
        found.append(Section(tr("Clamps"), [pictures.clamp]))
    if pictures.cut:
        found.append(Section(tr("Resection"), [pictures.cut]))
    return tuple(found)


def _numbers(results: Any, asked_mm: float) -> list[Numbers]:
    margin, clamping = results["margin"], results["clamping"] or {}
    volumes = [
        NumberRow(tr("Kidney with tumours"), results["organ_ml"], "ml"),
        NumberRow(tr("Parenchyma"), results["parenchyma_ml"], "ml"),
        NumberRow(tr("Tumours"), sum(tumor["volume_ml"] for tumor in results["tumors"]), "ml"),
        NumberRow(tr("Removed"), results["removed_ml"], "ml"),
        NumberRow(tr("Kept"), results["kept_ml"], "ml"),
        NumberRow(tr("Kept parenchyma"), results["kept_parenchyma_percent"], "%"),
        NumberRow(tr("Kept, its artery cut"), (results["perfusion"] or {}).get("devascularised_ml"), "ml"),
        NumberRow(tr("Kept, clamped"), clamping.get("ischaemic_kept_ml"), "ml"),
        NumberRow(tr("Kept, main artery clamped"), clamping.get("main_artery_kept_ml"), "ml"),
    ]
    tumors = []
    for tumor in results["tumors"]:
        name = f"T{tumor['id']}"
        spread = tumor["contact_uncertainty_cm2"]
        tumors += [
            NumberRow(tr("{name} contact surface", name=name), tumor["contact_cm2"], "cm²", spread),
            NumberRow(tr("{name} 2πrd, cross-check", name=name), tumor["contact_formula_cm2"], "cm²"),
        ]
    margins = [
        NumberRow(
            tr("T{id} to cut", id=item["id"]),
            item["minimum_mm"],
            "mm",
            item["uncertainty_mm"],
            status="bad" if stays(item) else margin_status(item, asked_mm),
        )
        for item in margin["by_tumor"]
        if results["resections"]
    ]
    note = "" if results["resections"] else tr("This plan has no resection: nothing is removed.")
    return [
        Numbers(tr("Volumes"), volumes, tr("Parenchyma is the kidney less its tumours; kept and clamped are of it.")),
        Numbers(tr("Contact and margins"), [*tumors[:6], *margins[:5]], note),
    ]


def _letters_table(results: Any) -> Table:
    rows = []
    for tumor in results["tumors"]:
        cells = [Cell(f"T{tumor['id']}", True)]
        for letter in tumor["renal"]["letters"]:
            is_open = len(letter["possible_points"]) > 1
            cells.append(Cell(_letter_words(letter), status="warn" if is_open else ""))
        rows.append((*cells, Cell(score_words(tumor["renal"]), True), Cell(said(tumor["renal"]["complexity"]))))
    return Table(
        "R.E.N.A.L.",
        ("", *map(said, NAMES), tr("Sum"), tr("Complexity")),
        rows,
        note=tr("Points in brackets; two where the ± reaches a limit."),
        empty=tr("No tumour was named in this plan."),
    )


def _letter_words(letter: Mapping[str, Any], *, spread: bool = False) -> str:
    """ "3.98 cm (1 or 2)"; with its ± "3.98 ± 0.05 cm (1 or 2)"."""
    value, possible = letter["value"], tr(" or ").join(str(one) for one in letter["possible_points"])
    if letter["letter"] == "A":
        return possible or "–"
    if value is None:
        return "–"
    unit = letter["unit"].split(" ")[0]
    digits = {"cm": 2, "mm": 1}.get(unit, 0)
    beside = f" ± {text_value(letter['uncertainty'], digits)}" if spread and letter["uncertainty"] is not None else ""
    return f"{text_value(value, digits)}{beside} {unit} ({possible})"


def _clamps_table(results: Any) -> Table:
    chosen = () if results["clamping"] is None else results["clamping"]["names"]
    rows = []
    marked = None
    for number, clamp in enumerate(results["clamps"]):
        fed = [one for one in clamp["tumors"] if one["margin_share"] >= FED_SHARE]
        words = ", ".join(f"T{one['id']} {100.0 * one['margin_share']:.0f} %" for one in fed) or "–"
        is_chosen = clamp["name"] in chosen
        marked = number if is_chosen and marked is None else marked
        rows.append(
            (
                Cell(_branch(clamp["name"]), True),
                Cell(tr("clamped") if is_chosen else ""),
                Cell(text_quantity(clamp["diameter_mm"], "mm")),
                Cell(text_quantity(clamp["volume_ml"], "ml")),
                Cell(words),
                Cell(text_position(clamp["clamp_mm"])),
            )
        )
    margin = 0.0 if results["clamping"] is None else results["clamping"]["margin_mm"]
    return Table(
        tr("Branches of the artery"),
        (tr("Branch"), "", tr("Diameter"), tr("Feeds"), tr("Of tumours with margin"), tr("Clamp at, patient mm")),
        rows,
        chosen=marked,
        note=tr("Nearest branch; the margin about a tumour is {margin:g} mm.", margin=margin) if rows else "",
        empty=tr("No artery was named in this plan."),
    )


def _branch(name: str) -> str:
    return tr("Branch {number}", number=name.rpartition("_")[2])


def _vessels_table(results: Any) -> Table:
    rows = [
        (
            Cell(_branch(item["name"]), True),
            Cell(text_quantity(item["diameter_mm"], "mm")),
            Cell(text_position(item["at_mm"])),
        )
        for item in results["vessels_cut"]
    ]
    return Table(
        tr("Arteries the cut meets"),
        (tr("Branch"), tr("Diameter"), tr("Place, patient mm")),
        rows,
        empty=tr("None, or no artery was named."),
    )


def _tumors_table(results: Any) -> Table:
    rows = [
        (
            Cell(f"T{tumor['id']}", True),
            Cell(text_quantity(tumor["volume_ml"], "ml")),
            Cell(text_quantity(tumor["longest_diameter_mm"], "mm")),
            Cell(text_position(tumor["centroid_mm"])),
        )
        for tumor in results["tumors"]
    ]
    return Table(
        tr("Tumours"),
        ("", tr("Volume"), tr("Longest diameter"), tr("Centre, patient mm")),
        rows,
        empty=tr("No tumour was named in this plan."),
    )


def _edits(plan: PlanRecord) -> tuple[tuple[str, str], ...]:
    """What a person decided."""
    clamp = plan.inputs["clamp"]
    words = tr("as proposed") if clamp is None else ", ".join(_branch(name) for name in clamp) or tr("none")
    cuts = [
        (
            tr("Cut {number}", number=number),
            tr(
                "{cut}: removes {volume} alone",
                cut=said(say_resection(asked)),
                volume=text_quantity(found["removed_ml"], "ml"),
            ),
        )
        for number, (asked, found) in enumerate(zip(plan.inputs["resections"], plan.results["resections"]), 1)
    ]
    return ((tr("Clamps"), words), *(cuts or [(tr("Resections"), tr("none"))]))


def _plans_table(plans: Sequence[PlanRecord], plan: PlanRecord) -> Table:
    """The case's kidney plans beside each other."""
    rows = []
    for other in plans:
        results, asked_mm = other.results, float(other.inputs["asked_margin_mm"])
        least, status = decisive_margin(results["margin"], asked_mm)
        has_cut = bool(results["resections"])
        rows.append(
            (
                Cell(other.name, True),
                Cell(said(say_resections(other.inputs["resections"])) if has_cut else tr("No resection")),
                Cell(
                    quantity(least["minimum_mm"], "mm", least["uncertainty_mm"]) if has_cut else "–",
                    status=status if has_cut else "",
                ),
                Cell(text_quantity(results["removed_ml"], "ml")),
                Cell(text_quantity(results["kept_parenchyma_percent"], "%")),
                Cell(text_quantity((results["clamping"] or {}).get("ischaemic_kept_ml"), "ml")),
            )
        )
    return Table(
        tr("Plans compared"),
        (tr("Plan"), tr("Resection"), tr("Margin"), tr("Removed"), tr("Kept parenchyma"), tr("Kept, clamped")),
        rows if len(rows) > 1 else (),
        chosen=plans.index(plan) if plan in plans else None,
        empty=tr("There is one kidney plan in this case."),
    )


def _definitions(plan: PlanRecord) -> list[Definition]:
    results = plan.results
    first = results["tumors"][0] if results["tumors"] else None
    rows = []
    for letter in () if first is None else first["renal"]["letters"]:
        name = letter["letter"]
        spread = letter["uncertainty"]
        rows.append(
            Definition(
                f"{name}, {inside(said(NAMES[name]))}",
                f"{tr(DEFINED[name])}. {said(LIMITS[name])}",
                _letter_words(letter, spread=True),
                uncertainty_from="" if spread is None else "s",
                place="" if letter["slice"] is None else text_position(letter["slice"]["origin_mm"]),
            )
        )
    contact = crossed = touches = "–"
    if first is not None:
        contact = quantity(first["contact_cm2"], "cm²", first["contact_uncertainty_cm2"])
        crossed = text_quantity(first["contact_formula_cm2"], "cm²")
        touches = tr("yes") if "h" in first["renal"]["suffix"] else tr("no")
    least, _ = decisive_margin(results["margin"], float(plan.inputs["asked_margin_mm"]))
    clamped = (results["clamping"] or {}).get("territory_ml")
    return [
        Definition(
            tr("Kidney"),
            tr("union of {structures}", structures=_roles_words(plan)),
            text_quantity(results["organ_ml"], "ml"),
        ),
        *rows,
        Definition(
            "h",
            tr("the tumour touches the main artery or vein, before they divide. Score: {source}", source=SOURCE),
            touches,
        ),
        Definition(
            tr("Contact surface"),
            tr("tumour surface whose neighbour, 1 mm outwards, is parenchyma; 20 cm² is complex"),
            contact,
            uncertainty_from="s",
        ),
        Definition(
            "2πrd",
            tr("r radius of the ball of the same volume, d depth below the outline; a cross-check only"),
            crossed,
        ),
        Definition(
            tr("Clamped"),
            tr(
                "voxels whose nearest branch of the artery is clamped; proposed is each branch that "
                "feeds at least 2 % of a tumour that is cut, with its margin. A branch feeds tumour "
                "too; what is kept counts parenchyma alone"
            ),
            text_quantity(clamped, "ml"),
        ),
        Definition(
            tr("Kept parenchyma"),
            tr("100 · (kept − kept tumour) / (kidney − tumours)"),
            text_quantity(results["kept_parenchyma_percent"], "%"),
        ),
        Definition(
            tr("Least margin", "in a row"),
            tr("least distance from a removed tumour's surface to the cut inside the kidney"),
            quantity(least["minimum_mm"], "mm", least["uncertainty_mm"]),
            uncertainty_from="" if least["uncertainty_mm"] is None else "s",
            place=text_position(least["at_mm"]) if least["at_mm"] else "",
        ),
    ]
