"""What the steps say of a TAVR plan: rows and notes taken from its results, without widgets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from app.i18n import mark, text_position, text_quantity, text_value, tr
from app.panels.labels import judge_least
from app.panels.notes import Note, split_sentences
from app.panels.quantities import TableRow, number_row, plain
from app.panels.tavr.names import HINGES, OSTIA, POINT_NAMES
from app.panels.tavr.valves import fitting_row
from app.panels.tavr.views import carm_words
from planning.case.model import Image
from planning.geometry import FloatArray
from planning.tavr.uncertainty import eccentricity_half_width
from planning.units import MINUS

if TYPE_CHECKING:
    from app.panels.tavr.work import TavrWork

SURE, UNSURE = 0.7, 0.4
LOW_CORONARY_MM = 10.0
# what the outflow tract is by its areas
SHAPES = {"flared": mark("flared"), "tubular": mark("tubular"), "tapered": mark("tapered")}
# findings of the plan by the step that shows them
STEP_CODES: Mapping[str, int] = {
    "phase_unknown": 0,
    "phase_diastole": 0,
    "weak_contrast": 0,
    "image_quality": 0,
    "root_cut": 1,
    "cusp_names": 1,
    "leaflets_unclear": 1,
    "ostium_missing": 1,
    "hinge_order": 1,
    "unclear_edge": 2,
    "lvot_missing": 3,
    "sinus_missing": 3,
    "stj_missing": 3,
    "leaflet_missing": 3,
    "septum_missing": 3,
    "cusps_unclear": 3,
    "bicuspid": 3,
    "coronary_missing": 3,
    "coronary_low": 3,
    "access_missing": 7,
    "calcium_noise": 4,
    "calcium_threshold": 4,
    "mitral": 6,
}
# said by their own parts of a step
PART_CODES = ("tract_open", "agatston_slices", "agatston_region")
Results = Mapping[str, Any]


def step_notes(results: Results, step: int) -> list[Note]:
    """The findings that belong to a step; the order of hinges also stands at the annulus."""
    notes = []
    for finding in results.get("warnings", ()):
        if finding["code"] in PART_CODES:
            continue
        at = STEP_CODES.get(finding["code"], 3)
        if at == step or (finding["code"] == "hinge_order" and step == 2):
            notes.append(Note(*split_sentences(finding["text"])))
    if step in (2, 6) and not results["quality"]["ok"]:
        notes = [Note(*split_sentences(reason), state="bad") for reason in results["quality"]["reasons"]] + notes
    return notes


def scan_rows(image: Image, phase: int, results: Results | None) -> list[TableRow]:
    """What decides whether the scan serves: spacing, coverage, contrast, noise."""
    grid = image.grid
    spacing = grid.spacing_mm
    size = np.array(grid.shape_kji[::-1]) * spacing
    along = int(np.argmax(np.abs(grid.direction[2])))
    rows = [
        _fact("spacing", tr("Voxel"), " × ".join(text_value(float(s), 2) for s in spacing), "mm"),
        _fact("slices", tr("Slices"), str(grid.shape_kji[0])),
        _fact("coverage", tr("Coverage, feet to head"), text_value(float(size[along]), 0), "mm"),
    ]
    if "slice_thickness_mm" in image.study:
        rows.append(_fact("thickness", tr("Slice thickness"), _thickness(image.study["slice_thickness_mm"]), "mm"))
    if "kernel" in image.study:
        rows.append(_fact("kernel", tr("Kernel"), str(image.study["kernel"])))
    annulus = results["annulus"] if results is not None else {}
    later = tr("Measured in the root once the hinges are placed")
    rows.append(
        number_row("lumen", tr("Contrast in the root"), annulus.get("lumen_hu"), "HU", reason=later, clickable=False)
    )
    rows.append(
        number_row("noise", tr("Noise in the root"), annulus.get("noise_hu"), "HU", reason=later, clickable=False)
    )
    return rows


def _thickness(told: object) -> str:
    """The header's figure without its empty decimals; what is no number stays as it is written."""
    try:
        return text_value(float(str(told)), 2)
    except ValueError:
        return str(told)


def _fact(key: str, name: str, value: str, unit_text: str = "") -> TableRow:
    return TableRow(key, name, value, unit_text, clickable=False)


def look_here(results: Results | None) -> list[Results]:
    """The landmarks that two estimates disagree on, the farthest apart first."""
    found = [] if results is None else (results.get("root") or {}).get("look_here") or []
    return sorted(found, key=lambda one: -float(one["distance_mm"]))


def look_here_notes(results: Results) -> list[Note]:
    """ "Look at the NCC hinge": two estimates are 1.8 mm apart."""
    notes = []
    for one in look_here(results):
        title, rest = split_sentences(one["text"])
        notes.append(Note(title, rest, link=tr("Show")))
    return notes


def unsure_notes(results: Results) -> list[Note]:
    """A root that the program found and is itself not sure of."""
    marks = [results["landmarks"][key] for key in HINGES]
    doubtful = sum(mark["source"] == "automatic" and (mark.get("confidence") or 1.0) < UNSURE for mark in marks)
    if doubtful < len(marks):
        return []
    return [Note(tr("The program is not sure of this root"), tr("Look at each hinge before you accept it."))]


def point_rows(work: TavrWork, colors: Mapping[str, str], placing: str) -> list[TableRow]:
    """Hinges and ostia with their places; who placed them, how sure the program is, how far a hand moved them."""
    found = work.landmarks
    rows = []
    for key in (*HINGES, *OSTIA):
        source = work.source_of(key)
        place = work.placer.points.get(key)
        if place is None and key in OSTIA and key in found:
            place = np.asarray(found[key]["position_mm"])
        who, status, state, reason = _source_words(work, key, source)
        if key == placing:
            who, status, state = "", tr("click in the image"), ""
        elif place is None:
            status = (
                tr("not placed") if key in HINGES else tr("not found") if work.results is not None else tr("optional")
            )
        detail = "" if place is None else text_position(place)
        rows.append(
            TableRow(
                key,
                POINT_NAMES[key],
                "",
                share=who,
                swatch=colors[key],
                detail=detail,
                status=status,
                state=state,
                reason=reason,
            )
        )
    return rows


def _source_words(work: TavrWork, key: str, source: str) -> tuple[str, str, str, str]:
    """(who placed it, status, state, tooltip) of a point that is there; short, so that its place stays readable."""
    mark = work.landmarks.get(key, {})
    automatic = work.edits.automatic_mm(key)
    if source == "automatic":
        sure = mark.get("confidence")
        apart = mark.get("disagreement_mm")
        tip = "" if apart is None else tr("A second estimate is {apart} mm away", apart=text_value(apart, 1))
        if sure is None:
            return tr("automatic"), "", "", tip
        return (
            tr("automatic"),
            tr("{value:.0f} % sure", value=100 * sure),
            "" if sure >= SURE else "warn",
            tip,
        )
    if source == "edited" and automatic is not None:
        away = float(np.linalg.norm(work.placer.points[key] - automatic))
        tip = tr("Automatic: {automatic}", automatic=text_position(automatic))
        return tr("by hand"), tr("moved {away} mm", away=text_value(away, 1)), "", tip
    return (tr("by hand") if source else ""), "", "", ""


def uncertainty_tip(annulus: Results) -> str:
    """What the area's ± is made of, and what is not in it, in lines."""
    parts = annulus.get("uncertainty_parts") or {}
    names = (("hinges_mm2", tr("Hinges")), ("edge_mm2", tr("Edge")), ("spacing_mm2", tr("Voxels")))
    lines = [f"{name}: {text_value(float(parts[key]), 1)} mm²" for key, name in names if parts.get(key) is not None]
    if not lines:
        return ""
    beside = (("reader_mm2", tr("Expert readers differ by")), ("phase_mm2", tr("Another heart phase may be larger by")))
    told = [f"{words} {text_value(float(parts[key]), 1)} mm²" for key, words in beside if parts.get(key)]
    spread = between_readers(annulus, "area_mm2")
    if spread is not None:
        told.append(tr("Sizes are held against ± {spread} mm², readers included", spread=text_value(spread, 1)))
    return "\n".join(
        [tr("95 % of such measurements lie within ±"), *lines, *([tr("Not in it:")] if told else []), *told]
    )


def between_readers(annulus: Results, key: str) -> float | None:
    """A number's ± with what expert readers differ by; None in plans that do not hold it."""
    spread: float | None = (annulus.get("uncertainty_readers") or {}).get(key)
    return spread


def _both_spreads(annulus: Results, row: TableRow, key: str, factor: float = 1.0) -> TableRow:
    """The row with both of its ± in words."""
    spread = between_readers(annulus, key)
    if spread is None or not row.plus_minus:
        return row
    own = tr("± {plus_minus} mm is this measurement’s own.", plus_minus=row.plus_minus)
    readers = tr("Between readers: ± {spread} mm, which sizes are held against.", spread=plain(spread * factor, "mm"))
    return replace(row, reason=f"{own}\n{readers}")


def annulus_rows(annulus: Results, angle_deg: float | None) -> list[TableRow]:
    """The annulus but its area, which is the hero."""
    unsure = annulus["uncertainty"]
    rows = [
        _both_spreads(annulus, number_row(key, name, annulus[field], "mm", _scaled(unsure[of], factor)), of, factor)
        for key, name, field, of, factor in (
            ("perimeter", tr("Perimeter"), "perimeter_mm", "perimeter_mm", 1.0),
            ("longest", tr("Longest diameter"), "max_diameter_mm", "max_diameter_mm", 1.0),
            ("shortest", tr("Shortest diameter"), "min_diameter_mm", "min_diameter_mm", 1.0),
            (
                "area_diameter",
                tr("Area diameter"),
                "area_diameter_mm",
                "area_mm2",
                # d = 2 √(A / π), so its relative spread is half of the area's
                annulus["area_diameter_mm"] / (2.0 * annulus["area_mm2"]),
            ),
            ("perimeter_diameter", tr("Perimeter diameter"), "perimeter_diameter_mm", "perimeter_mm", 1.0 / np.pi),
        )
    ]
    return [
        *rows,
        number_row(
            "eccentricity", tr("Eccentricity"), annulus["eccentricity"], plus_minus=eccentricity_half_width(annulus)
        ),
        number_row("angle", tr("Angle to horizontal"), angle_deg, "°", decimals=1),
    ]


def _scaled(plus_minus: float | None, factor: float) -> float | None:
    return None if plus_minus is None else plus_minus * factor


def root_rows(results: Results) -> list[TableRow]:
    """LVOT, sinuses, junction, ascending aorta, coronary heights, leaflets, septum, cusps."""
    missing = tr("Not in the scan, or its edge is not closed")
    return [
        *_lvot_rows(results, missing),
        *_level_rows(results, missing),
        *_height_rows(results),
        *_leaflet_rows(results.get("leaflets")),
        *_septum_rows(results.get("septum")),
        *_cusp_rows(results.get("bicuspid")),
    ]


def _lvot_rows(results: Results, missing: str) -> list[TableRow]:
    lvot = nearest_lvot(results)
    if lvot is None:
        return [number_row("lvot", tr("LVOT area"), None, reason=missing)]
    depth = f"{MINUS}{lvot['depth_mm']:.0f} mm"
    rows = [
        number_row("lvot", tr("LVOT area, {depth}", depth=depth), lvot["area_mm2"], "mm²"),
        number_row("lvot_longest", tr("LVOT longest, {depth}", depth=depth), lvot["max_diameter_mm"], "mm"),
        number_row("lvot_shortest", tr("LVOT shortest, {depth}", depth=depth), lvot["min_diameter_mm"], "mm"),
    ]
    report = results.get("lvot_report")
    if report and report.get("shape"):
        rows.append(TableRow("lvot_shape", tr("LVOT shape"), tr(SHAPES[report["shape"]])))
    return rows


def _level_rows(results: Results, missing: str) -> list[TableRow]:
    sinuses, stj, ascending = results["sinuses"], results["stj"], results["ascending_aorta"]
    rows = [
        number_row(f"sinus_{key}", tr("Sinus {upper}", upper=key.upper()), sinuses[f"{key}_mm"], "mm", reason=missing)
        for key in ("ncc", "rcc", "lcc")
    ]
    rows.append(number_row("sinus_mean", tr("Sinus mean"), sinuses.get("mean_mm"), "mm", reason=missing))
    rows += [
        number_row("stj", tr("STJ diameter"), stj["mean_diameter_mm"], "mm", reason=missing),
        number_row("stj_height", tr("STJ height"), stj["height_mm"], "mm", reason=missing),
        number_row("ascending", tr("Ascending, 40 mm"), ascending["mean_diameter_mm"], "mm", reason=missing),
    ]
    if ascending.get("greatest_diameter_mm") is not None:
        rows.append(
            number_row(
                "widest",
                tr("Ascending, greatest"),
                ascending["greatest_diameter_mm"],
                "mm",
                # plans of before do not know where it lies
                clickable=ascending.get("greatest_position_mm") is not None,
            )
        )
    return rows


def _height_rows(results: Results) -> list[TableRow]:
    heights, rows = results["coronaries"], []
    for side, key in (("left", tr("LCA height")), ("right", tr("RCA height"))):
        value = heights[f"{side}_height_mm"]
        reason = tr("The ostium was not found. Place it by hand")
        unsure = heights.get(f"{side}_uncertainty_mm")
        state = coronary_state(value, unsure)
        rows.append(number_row(f"ostium_{side}", key, value, "mm", unsure, state=state, reason=reason))
    return rows


def coronary_state(height_mm: float | None, plus_minus: float | None) -> str:
    """Of a height against 10 mm; never "ok", since height alone does not tell that a coronary stays open."""
    state = "" if height_mm is None else judge_least(height_mm, plus_minus, LOW_CORONARY_MM)
    return "" if state == "ok" else state


def _leaflet_rows(leaflets: Results | None) -> list[TableRow]:
    if not leaflets:
        return []
    reason, unsure = tr("The free edge was not seen"), leaflets.get("uncertainty_mm")
    return [
        number_row(
            f"leaflet_{key}",
            tr("Leaflet {upper}", upper=key.upper()),
            leaflets[f"{key}_mm"],
            "mm",
            unsure,
            reason=reason,
        )
        for key in ("ncc", "rcc", "lcc")
    ]


def _septum_rows(septum: Results | None) -> list[TableRow]:
    if not septum:
        return []
    unsure = septum.get("uncertainty_mm")
    return [
        number_row("septum", tr("Membranous septum"), septum["membranous_mm"], "mm", unsure),
        number_row("septum_anterior", tr("Septum, anterior"), septum.get("anterior_mm"), "mm", reason=tr("Not seen")),
        number_row(
            "septum_posterior", tr("Septum, posterior"), septum.get("posterior_mm"), "mm", reason=tr("Not seen")
        ),
    ]


def _cusp_rows(bicuspid: Results | None) -> list[TableRow]:
    if not bicuspid:
        return []
    rows = [TableRow("cusps", tr("Cusps"), str(bicuspid["cusps"]), clickable=False)]
    if bicuspid["cusps"] == 2:
        kind = " ".join(part for part in (bicuspid.get("sievers"), bicuspid.get("raphe")) if part) or "–"
        rows += [
            TableRow("sievers", tr("Sievers"), kind, clickable=False),
            number_row("icd", tr("Commissures apart"), bicuspid.get("intercommissural_mm"), "mm", clickable=False),
        ]
    return rows


def nearest_lvot(results: Results) -> Results | None:
    """The section nearest 4 mm below the annulus."""
    return min(results["lvot"], key=lambda row: abs(row["depth_mm"] - 4.0), default=None)


def sinus_level_mm(results: Results) -> float | None:
    """How high above the annulus the sinuses are widest."""
    level = results["sinuses"].get("level_mm")
    if level is not None:
        return float(level)
    found = results["landmarks"].get("commissure_nr")
    if found is None:
        return None
    origin = np.asarray(results["annulus"]["origin_mm"])
    return float((np.asarray(found["position_mm"]) - origin) @ np.asarray(results["annulus"]["normal"]))


PLACE_TITLES = {
    "ostium_left": mark("Left ostium"),
    "ostium_right": mark("Right ostium"),
    "leaflet_ncc": mark("NCC leaflet"),
    "leaflet_rcc": mark("RCC leaflet"),
    "leaflet_lcc": mark("LCC leaflet"),
    "septum": mark("Membranous septum"),
}


def plane_of(key: str) -> str:
    """The plane in which a row's number is taken: "lvot", "sinus", "stj", "ascending", "widest", or a place along the axis."""
    for what in ("lvot", "sinus", "stj", "ascending", "septum"):
        if key.startswith(what):
            return what
    return key


def place_of(results: Results, what: str) -> FloatArray | None:
    """A place that the plane along the axis goes through."""
    if what.startswith("ostium"):
        found = results["landmarks"].get(what)
    elif what.startswith("leaflet"):
        found = results["landmarks"].get(f"hinge_{what.removeprefix('leaflet_')}")
    elif what == "septum":
        septum = results.get("septum")
        return None if not septum else np.asarray(septum["line_mm"][0])
    else:
        return None
    return None if found is None else np.asarray(found["position_mm"])


def calcium_rows(calcium: Results) -> list[TableRow]:
    """By cusp and LVOT, and what was counted."""
    regions = calcium["by_region"]
    lumps = {nodule["region"] for nodule in calcium.get("nodules") or ()}
    rows = [
        number_row(key, name, regions[f"{key}_mm3"], "mm³", clickable=key in lumps)
        for key, name in (("ncc", "NCC"), ("rcc", "RCC"), ("lcc", "LCC"), ("lvot", "LVOT"))
    ]
    rows.append(number_row("above_850", tr("Above 850 HU"), calcium["above_850_mm3"], "mm³", clickable=False))
    rows.append(number_row("lumen", tr("Lumen"), calcium["lumen_hu"], "HU", clickable=False))
    # a spread of 1 SD is no ±
    rows.append(number_row("noise", tr("Noise in the root"), calcium["noise_hu"], "HU", clickable=False))
    return rows


def calcium_notes(calcium: Results) -> list[Note]:
    """A bright lumen hides calcium."""
    if calcium["threshold_hu"] < 850.0 or calcium["method"] == "fixed":
        return []
    return [
        Note(
            tr("The lumen is bright, {lumen_hu}", lumen_hu=text_quantity(calcium["lumen_hu"], "HU")),
            tr(
                "Calcium below {threshold_hu} is not counted.",
                threshold_hu=text_quantity(calcium["threshold_hu"], "HU"),
            ),
        )
    ]


def summary_rows(results: Results) -> list[TableRow]:
    """What the report will lead with."""
    annulus, heights = results["annulus"], results["coronaries"]
    return [
        number_row(
            "annulus",
            tr("Annulus area"),
            annulus["area_mm2"],
            "mm²",
            annulus["uncertainty"]["area_mm2"],
            clickable=False,
        ),
        *(
            number_row(
                key,
                name,
                heights[f"{side}_height_mm"],
                "mm",
                heights.get(f"{side}_uncertainty_mm"),
                clickable=False,
            )
            for key, name, side in (("lca", tr("LCA height"), "left"), ("rca", tr("RCA height"), "right"))
        ),
        number_row(
            "calcium",
            tr("Calcium"),
            results["calcium"]["total_mm3"],
            "mm³",
            results["calcium"].get("uncertainty_mm3"),
            clickable=False,
        ),
        TableRow("view", tr("Three-cusp view"), carm_words(results["projections"]["three_cusp"]), clickable=False),
        fitting_row(results),
    ]
