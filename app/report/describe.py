"""Lines about the case and its image that every report shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.report.content import Note, Status
from planning.case.document import Document
from planning.case.manifest import dumps, text_sha256
from planning.case.model import Image, PlanRecord
from planning.case.plans import planning_image
from planning.provenance import APPLICATION_VERSION
from planning.units import THIN_SPACE, text_quantity

# words for the codes that stand above a warning's sentence in "Look at these before you sign"
HEADS = {
    "enclosed_structure": "Enclosed structure",
    "weight_missing": "Body weight",
    "trees_missing": "Vessel trees",
    "thick_slices": "Slices",
    "filled_slices": "Filled slices",
    "gantry_tilt": "Tilted scan",
    "hinge_order": "Hinge order",
    "phase_unknown": "Heart phase",
    "access_missing": "Access",
    "coronary_missing": "Coronary height",
    "stj_missing": "Sinotubular junction",
    "not_hu": "Image values",
    "coronary_low": "Coronary height",
    "ostium_missing": "Coronary height",
    "unclear_edge": "Annulus edge",
    "estimates_differ": "Two estimates",
    "cusp_names": "Cusp names",
    "leaflets_unclear": "Leaflets",
    "sinus_missing": "Sinuses",
    "lvot_missing": "Outflow tract",
    "tract_open": "Outflow tract",
    "root_cut": "Root at the scan’s edge",
    "weak_contrast": "Contrast",
    "image_quality": "Image quality",
    "point_moved": "Moved point",
    "not_closed": "Open section",
    "evar_lost": "Aneurysm",
    "comparison_lost": "Growth",
    "no_body_size": "Body size",
    "body_surface_range": "Body surface",
    "small_remnant": "Small remnant",
    "limit_denominator": "Least remnant",
    "remnant_below_limit": "Least remnant",
    "viable_below_limit": "Least remnant",
    "occluded_remnant": "Occluded remnant",
    "empty_stage": "Stages",
    "no_couinaud": "Segments",
    "no_viable_remnant": "Viable remnant",
    "no_portal_tree": "Portal tree",
    "no_hepatic_tree": "Hepatic veins",
    "portal_pieces": "Portal tree",
    "hepatic_pieces": "Hepatic veins",
    "no_tumor": "Tumours",
    "tumor_elsewhere": "Tumours",
    "letter_in_doubt": "Close to a limit",
    "sinus_guessed": "Renal sinus",
    "no_sinus": "Renal sinus",
    "sinus_outside": "Renal sinus",
    "no_artery": "Renal artery",
    "no_clamp": "Renal artery",
    "clamp_short": "Clamps",
    "tumor_specks": "Tumours",
    "no_cut_surface": "Cut",
    "nothing_removed": "Cut",
    "nothing_kept": "Cut",
}


# what no plan is carried out with: it stands first
GRAVE = frozenset(("nothing_kept", "nothing_removed", "remnant_below_limit", "viable_below_limit"))
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
LANDMARK_WORDS = {
    "hinge_ncc": "hinge N",
    "hinge_rcc": "hinge R",
    "hinge_lcc": "hinge L",
    "ostium_left": "left ostium",
    "ostium_right": "right ostium",
}


def subject_line(document: Document, image: Image) -> str:
    """Case label, age and sex; the name and number only in a case that was told to keep them."""
    parts = [document.case.label or document.path.stem]
    study = image.study
    if study.get("age"):
        parts.append(study["age"].lstrip("0").replace("Y", " y"))
    sex = {"F": "female", "M": "male", "O": "other"}.get(study.get("sex", ""))
    if sex:
        parts.append(sex)
    parts += [f"{key} {value}" for key, value in document.case.identifiers.items() if value]
    return " · ".join(parts)


def image_line(image: Image, phase: int = 0) -> str:
    """Modality, phase, voxel size and kernel of the image that was measured."""
    spacing = " × ".join(f"{value:.2f}" for value in image.grid.spacing_mm)
    parts = [image.study.get("description") or image.name, f"{spacing} mm"]
    if image.phases[phase]:
        parts.append(image.phases[phase])
    if image.study.get("kernel"):
        parts.append(f"kernel {image.study['kernel']}")
    return " · ".join(parts)


def import_line(image: Image) -> str:
    """What the import had to do to the geometry."""
    if image.filled_slices:
        return f"{len(image.filled_slices)} slices were interpolated, marked in the case"
    if image.findings:
        return " · ".join(finding.text.rstrip(".") for finding in image.findings[:2])
    return "one voxel grid, no gaps, no tilt"


def foot_line(document: Document, plan: PlanRecord, image: Image, phase: int = 0) -> str:
    """Plan, state and image hash: enough to find the very data again."""
    digest = image.arrays[phase].sha256
    return (
        f"{document.case.label or document.path.stem} · plan “{plan.name}”, state {plan_state(plan)}"
        f" · {document.journal_length} steps · image sha256 {digest[:8]}…{digest[-4:]}"
    )


def plan_state(plan: PlanRecord) -> str:
    """ "8f3a 21c0": names this plan's inputs and results; any change of either changes it."""
    digest = text_sha256(dumps({"inputs": plan.inputs, "results": plan.results}))
    return f"{digest[:4]} {digest[4:8]}"


def program_rows(document: Document, plan: PlanRecord) -> list[tuple[str, str]]:
    """Program, data and state, for the second page."""
    image = planning_image(document.case)
    digest = image.arrays[0].sha256
    return [
        ("Program", f"Theatrum {APPLICATION_VERSION}, definitions version {plan.definitions_version}"),
        ("Plan made", f"{plan.created.replace('T', ' ')[:16]} UTC, {plan.provenance.source}"),
        ("Image", f"sha256 {digest[:8]} … {digest[-8:]}"),
        ("Case state", f"{plan_state(plan)}, {document.journal_length} steps, chain unbroken"),
    ]


def warning_notes(results: Any, image: Image) -> list[Note]:
    """Every warning of the plan and of the import, as notes."""
    notes = [
        Note(_head(item["code"]), item["text"], "bad" if item["code"] in GRAVE else "warn")
        for item in results.get("warnings", [])
    ]
    notes += [Note(_head(finding.code), finding.text) for finding in image.findings]
    return notes


def _head(code: str) -> str:
    return HEADS.get(code, code.replace("_", " ").capitalize())


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
    "uncertainty_mm" for all of the part's numbers in millimetres.
    """
    spreads: Any = part.get("uncertainty")
    if hasattr(spreads, "get") and spreads.get(key) is not None:
        return float(spreads[key])
    stem, _, unit = key.rpartition("_")
    names = [f"{stem}_uncertainty_{unit}", f"{key.split('_')[0]}_uncertainty_{unit}"]
    for name in names if key in PLACES else [*names, f"uncertainty_{unit}"]:
        found = part.get(name)
        if isinstance(found, (int, float)) and not isinstance(found, bool):
            return float(found)
    return None


def places(count: int) -> str:
    """ "2 places"."""
    return "nothing" if count == 0 else f"{count} place" + ("" if count == 1 else "s")


def first_heads(notes: Sequence[Note], most: int = 2) -> str:
    """The heads of the gravest notes, for the last key box."""
    graves = sorted(notes, key=lambda note: note.status != "bad")
    return " · ".join(dict.fromkeys(note.head for note in graves[: most + 1])) if notes else "no open warning"


def worst(notes: Sequence[Note]) -> Status:
    """The status of the last key box: that of the gravest note."""
    if any(note.status == "bad" for note in notes):
        return "bad"
    return "warn" if notes else "ok"
