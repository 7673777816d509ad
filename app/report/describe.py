"""Lines about the case and its image that every report shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.i18n import local, mark, said, text_quantity, tr
from app.report.content import Note, Status
from app.samples import label_words
from planning.case.document import Document
from planning.case.manifest import dumps, plain, text_sha256
from planning.case.model import Image, PlanRecord
from planning.case.plans import planning_image
from planning.case.untrue_slices import has_lost_slices
from planning.provenance import APPLICATION_VERSION
from planning.units import THIN_SPACE

# words for the codes that stand above a warning's sentence in "Look at these before you sign"
HEADS = {
    "stored_earlier": mark("Stored earlier"),
    "enclosed_structure": mark("Enclosed structure"),
    "weight_missing": mark("Body weight"),
    "trees_missing": mark("Vessel trees"),
    "thick_slices": mark("Slices"),
    "thin_walls_accepted": mark("Thin walls accepted"),
    "loose_parts_accepted": mark("Loose parts accepted"),
    "faults_accepted": mark("Faults accepted"),
    "filled_slices": mark("Filled slices"),
    "lost_slices": mark("Lost slices"),
    "gantry_tilt": mark("Tilted scan"),
    "hinge_order": mark("Hinge order"),
    "phase_unknown": mark("Heart phase"),
    "access_missing": mark("Access"),
    "coronary_missing": mark("Coronary height"),
    "stj_missing": mark("Sinotubular junction"),
    "not_hu": mark("Image values"),
    "coronary_low": mark("Coronary height"),
    "ostium_missing": mark("Coronary height"),
    "unclear_edge": mark("Annulus edge"),
    "estimates_differ": mark("Two estimates"),
    "cusp_names": mark("Cusp names"),
    "leaflets_unclear": mark("Leaflets"),
    "sinus_missing": mark("Sinuses"),
    "lvot_missing": mark("Outflow tract"),
    "tract_open": mark("Outflow tract"),
    "root_cut": mark("Root at the scan’s edge"),
    "weak_contrast": mark("Contrast"),
    "faint_lumen": mark("Contrast"),
    "image_quality": mark("Image quality"),
    "point_moved": mark("Moved point"),
    "not_closed": mark("Open section"),
    "evar_lost": mark("Aneurysm"),
    "comparison_lost": mark("Growth"),
    "no_body_size": mark("Body size"),
    "body_surface_range": mark("Body surface"),
    "small_remnant": mark("Small remnant"),
    "limit_denominator": mark("Least remnant"),
    "remnant_below_limit": mark("Least remnant"),
    "viable_below_limit": mark("Least remnant"),
    "occluded_remnant": mark("Occluded remnant"),
    "empty_stage": mark("Stages"),
    "no_couinaud": mark("Segments"),
    "no_viable_remnant": mark("Viable remnant"),
    "no_portal_tree": mark("Portal tree"),
    "no_hepatic_tree": mark("Hepatic veins"),
    "portal_pieces": mark("Portal tree"),
    "hepatic_pieces": mark("Hepatic veins"),
    "no_tumor": mark("Tumours"),
    "tumor_elsewhere": mark("Tumours"),
    "letter_in_doubt": mark("Close to a limit"),
    "sinus_guessed": mark("Renal sinus"),
    "no_sinus": mark("Renal sinus"),
    "sinus_outside": mark("Renal sinus"),
    "no_artery": mark("Renal artery"),
    "no_clamp": mark("Renal artery"),
    "clamp_short": mark("Clamps"),
    "tumor_specks": mark("Tumours"),
    "no_cut_surface": mark("Cut"),
    "nothing_removed": mark("Cut"),
    "nothing_kept": mark("Cut"),
    "agatston_region": mark("Agatston score"),
    "agatston_slices": mark("Agatston score"),
    "bicuspid": mark("Bicuspid valve"),
    "by_start": mark("Growth"),
    "calcium_left_out": mark("Calcium"),
    "cava": mark("Vena cava"),
    "coronary_anomalous": mark("Coronaries"),
    "coronary_extra": mark("Coronaries"),
    "coronary_high": mark("Coronaries"),
    "couinaud_landmarks": mark("Segments"),
    "cusps_unclear": mark("Cusp names"),
    "cut_through_tumor": mark("Cut"),
    "dim_contrast": mark("Contrast"),
    "empty_organ": mark("Organ"),
    "empty_tumor": mark("Tumours"),
    "gap_crossed": mark("Vessel"),
    "leaflet_missing": mark("Leaflets"),
    "loose_vessels": mark("Vessel trees"),
    "lumen_only": mark("Aneurysm"),
    "mitral": mark("Mitral valve"),
    "model_unsure": mark("Model"),
    "no_annulus": mark("Annulus"),
    "no_cava": mark("Vena cava"),
    "no_neck_end": mark("Aneurysm"),
    "no_parenchyma": mark("Parenchyma"),
    "no_renal": mark("Aneurysm"),
    "no_tree_roots": mark("Vessel trees"),
    "not_met": mark("Limits"),
    "organ_at_edge": mark("Organ"),
    "organ_pieces": mark("Organ"),
    "ostia_swapped": mark("Coronary ostia"),
    "ostium_below": mark("Coronary ostia"),
    "ostium_far": mark("Coronary ostia"),
    "phase_diastole": mark("Heart phase"),
    "raised_level": mark("Vessel"),
    "roots_by_position": mark("Vessel trees"),
    "segment_missing": mark("Segments"),
    "segment_name": mark("Segments"),
    "segment_unsure": mark("Segments"),
    "segments_by_hand": mark("Segments"),
    "segments_doubtful": mark("Segments"),
    "septum_missing": mark("Membranous septum"),
    "tree_correction": mark("Vessel trees"),
    "trees_touch": mark("Vessel trees"),
    "tumor_at_edge": mark("Tumours"),
    "tumor_empty": mark("Tumours"),
    "tumor_left": mark("Tumours"),
    "tumor_outside": mark("Tumours"),
    "tumor_pale": mark("Tumours"),
    "two_ways": mark("Vessel"),
    "wide_parts": mark("Vessel"),
}


# what no plan is carried out with: it stands first
GRAVE = frozenset(("stored_earlier", "nothing_kept", "nothing_removed", "remnant_below_limit", "viable_below_limit"))
# where something is, not how large: a part's ± is not theirs
PLACES = (
    "s_mm",
    "level_mm",
    "depth_mm",
    "distance_mm",
    "greatest_at_mm",
    "outer_mm",
    "chord_mm",
    "before_mm",
    "after_mm",
    "per_year_mm",
    "uncertainty_mm",
)
SEXES = {"F": mark("female"), "M": mark("male"), "O": mark("other")}
LANDMARK_WORDS = {
    "hinge_ncc": mark("hinge N"),
    "hinge_rcc": mark("hinge R"),
    "hinge_lcc": mark("hinge L"),
    "ostium_left": mark("left ostium"),
    "ostium_right": mark("right ostium"),
}


def case_words(document: Document) -> str:
    """What the case is called wherever it is told to others: its label, else its file's name where it keeps identifiers.

    A file may be called after a patient: a case without identifiers and label is just a case.
    """
    label = label_words(document.case.label)
    return label or (document.path.stem if document.case.identifiers_kept else tr("Case"))


def subject_line(document: Document, image: Image) -> str:
    """Case label, age and sex; the name and number only in a case that was told to keep them."""
    parts = [case_words(document)]
    study = image.study
    if study.get("age"):
        parts.append(_age(study["age"]))
    sex = SEXES.get(study.get("sex", ""))
    if sex:
        parts.append(tr(sex))
    parts += [f"{key} {value}" for key, value in document.case.identifiers.items() if value]
    return " · ".join(parts)


def image_line(image: Image, phase: int = 0) -> str:
    """Modality, phase, voxel size and kernel of the image that was measured."""
    spacing = " × ".join(local(f"{value:.2f}") for value in image.grid.spacing_mm)
    parts = [image.study.get("description") or image.name, f"{spacing} mm"]
    if image.phases[phase]:
        parts.append(said(image.phases[phase]))
    if image.study.get("kernel"):
        parts.append(tr("kernel {kernel}", kernel=image.study["kernel"]))
    return " · ".join(parts)


def import_line(image: Image) -> str:
    """What the import had to do to the geometry."""
    if image.filled_slices and not has_lost_slices(image):
        return tr("%n slice(s) interpolated, marked in the case", "", len(image.filled_slices))
    if image.findings:
        return " · ".join(said(finding.text).rstrip(".") for finding in image.findings[:2])
    return tr("one voxel grid, no gaps, no tilt")


def foot_line(document: Document, plan: PlanRecord, image: Image, phase: int = 0) -> str:
    """Plan, state and image hash: enough to find the very data again."""
    digest = image.arrays[phase].sha256
    return tr(
        "{case} · plan “{name}”, state {state} · {steps} · image sha256 {digest}",
        case=case_words(document),
        name=plan.name,
        state=_state_in(document, plan),
        steps=tr("%n step(s)", "", document.journal_length),
        digest=f"{digest[:8]}…{digest[-4:]}",
    )


def _age(age: str) -> str:
    """ "81 y" from "081Y"; what is told in months or days stays as it is."""
    years = age.lstrip("0")
    return tr("{years} y", years=years.removesuffix("Y")) if years.endswith("Y") else years


def plan_state(plan: PlanRecord) -> str:
    """ "8f3a 21c0": names this plan's inputs and results; any change of either changes it."""
    digest = text_sha256(dumps({"inputs": plain(plan.inputs), "results": plain(plan.results)}))
    return f"{digest[:4]} {digest[4:8]}"


def program_rows(document: Document, plan: PlanRecord) -> list[tuple[str, str]]:
    """Program, data and state, for the second page."""
    image = planning_image(document.case)
    digest = image.arrays[0].sha256
    return [
        (
            tr("Program"),
            tr(
                "Theatrum {version}, definitions version {definitions}",
                version=APPLICATION_VERSION,
                definitions=plan.definitions_version,
            ),
        ),
        *_measured_by(plan),
        (
            tr("Plan made"),
            tr("{when} UTC, {source}", when=plan.created.replace("T", " ")[:16], source=said(plan.provenance.source)),
        ),
        (tr("Image"), f"sha256 {digest[:8]} … {digest[-8:]}"),
        (
            tr("Case state"),
            tr(
                "{state}, {steps}, chain unbroken",
                state=_state_in(document, plan),
                steps=tr("%n step(s)", "", document.journal_length),
            ),
        ),
    ]


def _measured_by(plan: PlanRecord) -> list[tuple[str, str]]:
    """The version that measured the numbers, where it is another one than tells them."""
    version = plan.provenance.application_version
    return [] if version == APPLICATION_VERSION else [(tr("Measured by"), tr("version {version}", version=version))]


def _state_in(document: Document, plan: PlanRecord) -> str:
    """Of the plan as the case holds it, without what is only told beside it."""
    return plan_state(document.case.plans.get(plan.name, plan))


def warning_notes(results: Any, image: Image) -> list[Note]:
    """Every warning of the plan and of the import, as notes."""
    told = [(item["code"], item["text"]) for item in results.get("warnings", [])]
    told += [one for one in ((finding.code, finding.text) for finding in image.findings) if one not in told]
    return [Note(_head(code), _sentence(said(text)), "bad" if code in GRAVE else "warn") for code, text in told]


def _sentence(text: str) -> str:
    """Some warnings come without their full stop."""
    return text if text.endswith((".", "?", ":")) else f"{text}."


def _head(code: str) -> str:
    return tr(HEADS[code]) if code in HEADS else code.replace("_", " ").capitalize()


def quantity(value: float | None, unit: str, plus_minus: float | None = None) -> str:
    """ "476 ± 9 mm²"; "–" where nothing was measured, no ± where it was not estimated."""
    plain = text_quantity(value, unit)
    if value is None or plus_minus is None:
        return plain
    return f"{bare(value, unit)} ± {bare(plus_minus, unit)}" + plain.removeprefix(bare(value, unit))


def bare(value: float | None, unit: str) -> str:
    """The number of a quantity without its unit."""
    plain = text_quantity(value, unit)
    return plain.removesuffix(unit).rstrip(THIN_SPACE + " ") if unit else plain


def several(values: Sequence[float | None], unit: str) -> str:
    """ "33.8 · 31.6 · 32.4", without the unit."""
    return " · ".join(bare(value, unit) for value in values)


def spread_of(part: Mapping[str, Any], key: str) -> float | None:
    """The 95 % half-width that a part of the results holds for its number `key`; None where it was not estimated.

    Looked for under "uncertainty" by the same name, then as "left_uncertainty_mm" beside "left_height_mm", then as
    "uncertainty_mm" for all of the part's numbers in millimetres; "uncertainty_mm3" is the total's alone.
    """
    spreads: Any = part.get("uncertainty")
    if hasattr(spreads, "get") and spreads.get(key) is not None:
        return float(spreads[key])
    stem, _, unit = key.rpartition("_")
    names = [f"{stem}_uncertainty_{unit}", f"{key.split('_')[0]}_uncertainty_{unit}"]
    is_another = key in PLACES or (unit == "mm3" and stem != "total")
    for name in names if is_another else [*names, f"uncertainty_{unit}"]:
        found = part.get(name)
        if isinstance(found, (int, float)) and not isinstance(found, bool):
            return float(found)
    return None


def places(count: int) -> str:
    """ "2 places"."""
    return tr("nothing") if count == 0 else tr("%n place(s)", "", count)


def first_heads(notes: Sequence[Note], most: int = 2) -> str:
    """The heads of the gravest notes, for the last key box."""
    graves = sorted(notes, key=lambda note: note.status != "bad")
    return " · ".join(dict.fromkeys(note.head for note in graves[: most + 1])) if notes else tr("no open warning")


def worst(notes: Sequence[Note]) -> Status:
    """The status of the last key box: that of the gravest note."""
    if any(note.status == "bad" for note in notes):
        return "bad"
    return "warn" if notes else "ok"
