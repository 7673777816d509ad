"""A TAVR plan from hinge points: one pure function from image and inputs to the contract's numbers.

Three steps: `look_at_root` measures the sections (annulus, levels), `search_root` searches the image for what lies
between them (ostia, calcium, leaflets), `compose` makes the plan of both. A hinge that is being dragged takes the same
road with remembered sections (`planning.tavr.live`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.errors import MeasurementError
from planning.findings import Finding
from planning.geometry import FloatArray, Grid
from planning.section import Contour, Frame, Sampler
from planning.tavr.annulus import AnnulusWall, find_annulus, find_annulus_wall
from planning.tavr.bicuspid import find_cusps, two_leaflets
from planning.tavr.calcium import calcium_findings, measure_calcium
from planning.tavr.coronaries import Ostium, ostium_height_mm, search_ostia
from planning.tavr.devices import size_devices
from planning.tavr.frame import annulus_frame, check_order, hinge_angles, metal_ring
from planning.tavr.in_valve import PROSTHESIS, in_valve_json
from planning.tavr.inputs import TavrInputs
from planning.tavr.landmarks import commissure_landmarks, hinge_landmarks, landmark, root_block
from planning.tavr.leaflets import find_leaflets, leaflets_json
from planning.tavr.pins import handles_mm, pull_contour
from planning.tavr.projections import projections
from planning.tavr.root import (
    Commissure,
    Level,
    find_commissures,
    find_levels,
    find_sinus_and_junction,
    lvot_report,
    measure_ascending,
    measure_junction,
    measure_lvot,
    measure_sinuses,
    outflow_levels,
    sector_edges,
)
from planning.tavr.septum import edited_septum, find_septum
from planning.tavr.space import CalciumCloud, calcium_cloud, hinge_sigma_mm, root_space
from planning.tavr.uncertainty import (
    KEYS,
    Uncertainty,
    annulus_uncertainty,
    height_half_width_mm,
    hinge_sigmas_mm,
    is_systolic,
    tells_phase,
)
from planning.tavr.valve import valve_results
from planning.volume import Volume

ROOT_REACH_MM = 62.0
LIVE_REACH_MM = 28.0
BELOW_MM = 16.0
BLURRED_MM, SCATTERED_MM = 1.0, 0.4
LEAST_LUMEN_HU = 200.0
NO_CONTRAST_HU = 100.0
# less than no contrast reads where 1024 was added to all values, and more than contrast makes of blood at 70 kV
MOST_BLOOD_HU = 1100.0
THICK_MM = 1.55
LOW_OSTIUM_MM = 10.0
ANNULUS_AREA_MM2 = (150.0, 1100.0)
FAR_OSTIUM_MM = 35.0
SIDES = ("left", "right")


@dataclass(frozen=True, slots=True, eq=False)
class RootLook:
    """The sections of a root: the annulus with its uncertainty, and the levels parallel to it, upwards and (below) downwards.

    phase: the heart phase in words, empty where it is not known. angles: (3,) of hinges N, R, L about the frame's
    origin. sinus, junction: numbers of levels, None where not seen.
    stj: as from `measure_junction`.
    """

    inputs: TavrInputs
    phase: str
    grid: Grid
    sampler: Sampler
    frame: Frame
    angles: FloatArray
    annulus: Contour
    uncertainty: Uncertainty
    quality: tuple[str, ...]
    levels: tuple[Level, ...]
    below: tuple[Level, ...]
    sinus: int | None
    junction: int | None
    stj: Mapping[str, Any]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class RootSearch:
    """What was searched in the image beyond sections. ostia: left, right. cloud: the calcium as points.

    parts: the plan's "leaflets", "septum" and "bicuspid".
    """

    ostia: tuple[Ostium | None, Ostium | None]
    calcium: dict[str, Any]
    cloud: CalciumCloud
    parts: Mapping[str, Any] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class AnnulusPreview:
    """The annulus while a hinge is dragged: no uncertainty of the plane, no root."""

    frame: Frame
    contour: Contour

    def as_json(self) -> dict[str, Any]:
        """The contract's annulus without uncertainties."""
        return {**annulus_json(self.frame, self.contour), "uncertainty": dict.fromkeys(KEYS)}


def measure_annulus_live(volume: Volume, hinges_mm: npt.ArrayLike) -> AnnulusPreview:
    """The annulus of these hinges, fast enough to follow the hand. Raises MeasurementError."""
    hinges = np.asarray(hinges_mm, dtype=np.float64)
    frame = annulus_frame(hinges, volume.grid)
    sampler = Sampler.around(volume, frame.origin_mm[None], LIVE_REACH_MM)
    annulus = find_annulus(sampler, frame, hinge_angles(frame, hinges), quick=True)
    _check_blood(annulus)
    return AnnulusPreview(frame, annulus)


def make_tavr_plan(volume: Volume, inputs: TavrInputs, phase: str = "") -> dict[str, Any]:
    """Everything that hinge points allow: the contract's `tavr` without "plan". phase: the heart phase in words.

    Ostia that nobody gave are searched. Parts that the scan does not show are null and said in "warnings". Raises
    MeasurementError when the annulus itself cannot be measured. Definitions: SCCT 2019 expert consensus; annulus and
    heights as in its Table 5.
    """
    look = look_at_root(volume, inputs, phase)
    return compose(look, search_root(look))


def measured_wall(sampler: Sampler, frame: Frame, angles: FloatArray) -> AnnulusWall:
    """The annulus's wall. Raises MeasurementError: also where metal all round is why, and without Hounsfield units."""
    try:
        found = find_annulus_wall(sampler, frame, angles)
    except MeasurementError:
        if metal_ring(sampler, frame):
            raise MeasurementError(
                "A prosthesis stands in the annulus: metal brighter than 1500 HU all round",
                "Plan a valve in it by its own inner size; the native annulus cannot be measured",
                "prosthesis",
            ) from None
        raise
    _check_blood(found.contour)
    return found


def _check_blood(annulus: Contour) -> None:
    """Raises MeasurementError where the blood says that values are no Hounsfield units: borders and calcium would be wrong."""
    if annulus.lumen_hu > MOST_BLOOD_HU:
        raise MeasurementError(
            f"The blood in the root reads {annulus.lumen_hu:.0f}, which it never has in Hounsfield units",
            "Import the scan in Hounsfield units; where 1024 was added to them, take it away first",
            "no_hounsfield",
        )


def root_sampler(volume: Volume, frame: Frame) -> Sampler:
    """The image round the root, far enough up for the ascending aorta."""
    return Sampler.around(volume, frame.origin_mm[None], ROOT_REACH_MM)


def look_at_root(volume: Volume, inputs: TavrInputs, phase: str = "") -> RootLook:
    """The sections of these inputs' root, from the image. Raises MeasurementError without a measurable annulus."""
    inputs.check_ostia(volume.grid)
    frame = annulus_frame(inputs.hinges_mm, volume.grid)
    sampler = root_sampler(volume, frame)
    angles = hinge_angles(frame, inputs.hinges_mm)
    found = measured_wall(sampler, frame, angles)
    annulus = found.contour
    if volume.quantity == "HU" and annulus.lumen_hu < NO_CONTRAST_HU:
        raise MeasurementError(
            f"There is no contrast in the root ({annulus.lumen_hu:.0f} HU)",
            "Use a contrast CT, or move the hinges into the root",
            "no_contrast",
        )
    quality = scan_quality(annulus, volume.grid, metal=metal_ring(sampler, annulus))
    pulled = pull_contour(annulus, inputs.annulus_pins_mm)
    uncertainty = annulus_uncertainty(
        found,
        pulled,
        volume.grid,
        inputs.hinges_mm,
        inputs.hinge_sources,
        automatic=inputs.automatic,
        poor=bool(quality),
        phase=phase,
    )
    levels = find_levels(sampler, frame, annulus)
    below = outflow_levels(sampler, frame, annulus, BELOW_MM)
    sinus, junction = find_sinus_and_junction(levels)
    findings = check_order(frame, annulus, levels, below)
    return RootLook(
        inputs,
        phase,
        volume.grid,
        sampler,
        frame,
        angles,
        pulled,
        uncertainty,
        quality,
        tuple(levels),
        tuple(below),
        sinus,
        junction,
        measure_junction(sampler, frame, levels, junction, angles),
        findings,
    )


def search_root(look: RootLook) -> RootSearch:
    """What lies between the sections; the slow part, left out while a hinge is being dragged."""
    top = junction_height_mm(look)
    annulus, commissures = look.annulus, root_commissures(look)
    ostia, found = _ostia(look, top)
    calcium = measure_calcium(
        look.sampler,
        look.frame,
        look.levels,
        look.angles,
        top or min(18.0, look.levels[-1].height_mm),
        annulus.lumen_hu,
        annulus.noise_hu,
        look.inputs.calcium_hu,
        edges=sector_edges(look.angles, commissures),
        ostia_mm=[None if ostium is None else ostium.position_mm for ostium in ostia],
    )
    cloud = calcium_cloud(look.sampler, annulus.frame.origin_mm, look.frame.normal, calcium["threshold_hu"])
    parts, unseen = _parts(look, commissures, top, calcium["threshold_hu"])
    return RootSearch(ostia, calcium, cloud, parts, (*found, *calcium_findings(calcium), *unseen))


def root_commissures(look: RootLook) -> tuple[Commissure | None, Commissure | None, Commissure | None]:
    """NR, RL, LN as the sinuses' wall shows them."""
    return find_commissures(look.levels, look.sinus, junction_height_mm(look), look.angles, look.frame)


def _parts(
    look: RootLook, commissures: Sequence[Commissure | None], top: float | None, calcium_hu: float
) -> tuple[dict[str, Any], tuple[Finding, ...]]:
    """Leaflets, membranous septum and cusps, and what of them was not seen."""
    inputs, annulus = look.inputs, look.annulus
    leaflets, no_leaflets = leaflets_json(
        find_leaflets(look.sampler, look.frame, look.levels, inputs.hinges_mm, annulus.lumen_hu, annulus.noise_hu)
    )
    edge = sector_edges(look.angles, commissures)[0]
    septum, no_septum = find_septum(
        look.sampler, look.frame, look.levels[0], look.below, look.angles, edge, annulus.noise_hu
    )
    if inputs.septum_mm is not None:
        septum, no_septum = edited_septum(look.frame, inputs.septum_mm, septum), ()
    if (inputs.automatic or {}).get("two_leaflets"):
        cusps, no_cusps = two_leaflets(look.frame, look.levels, look.angles)
    else:
        cusps, no_cusps = find_cusps(look.sampler, look.frame, look.levels, look.angles, commissures, top, calcium_hu)
    parts = {
        "leaflets": leaflets,
        "septum": None if septum is None else septum.as_json(),
        "bicuspid": None if cusps is None else cusps.as_json(),
    }
    return parts, (*no_leaflets, *no_septum, *no_cusps)


def junction_height_mm(look: RootLook) -> float | None:
    """Height of the sinotubular junction along the normal, None where it is not seen."""
    height = look.stj["height_mm"]
    return None if height is None else float(height)


def compose(look: RootLook, search: RootSearch) -> dict[str, Any]:
    """The plan of sections and search. Everything here is quick: it runs at every move of a dragged hinge."""
    inputs, frame, annulus = look.inputs, look.frame, look.annulus
    normal, measures = frame.normal, annulus.measures()
    lvot, lost = measure_lvot(look.below)
    stj = dict(look.stj)
    sinuses = measure_sinuses(look.levels, look.sinus, stj, look.angles, root_commissures(look))
    spread: dict[str, float | None] = dict(look.uncertainty.half_widths)
    # no size is proposed more surely than a second reader would agree to
    readers: dict[str, float | None] = dict(look.uncertainty.with_readers) or spread
    findings = [
        *look.findings,
        *lost,
        *_level_findings(look, stj["height_mm"]),
        *_ostium_findings(look, search.ostia),
        *search.findings,
        *_annulus_findings(annulus, look.phase),
    ]
    sigmas = [hinge_sigma_mm(source) for source in inputs.hinge_sources]
    reasons = list(look.quality)
    if any(finding.code == "hinge_order" for finding in look.findings):
        reasons.append("The hinges may be in the wrong order; no size is proposed.")
    low, high = ANNULUS_AREA_MM2
    if not low <= measures.area_mm2 <= high:
        text = f"{measures.area_mm2:.0f} mm² is no aortic annulus (about 250 to 900). Check the hinges."
        reasons.append(text)
        findings.append(Finding("no_annulus", text))
    if inputs.in_valve is not None:
        reasons.append("The valve goes into a prosthesis: native sizes do not apply.")
    plan = {
        "phase": look.phase,
        "landmarks": {
            **hinge_landmarks(inputs.hinges_mm, inputs.hinge_sources, inputs.automatic),
            **commissure_landmarks(look.levels, look.sinus, look.angles, inputs.automatic),
            **_ostium_landmarks(search.ostia, inputs),
        },
        "root": root_block(
            inputs.hinges_mm, normal, inputs.hinge_sources, inputs.automatic, lambda hinges: _area_of(look, hinges)
        ),
        "annulus": {
            **annulus_json(frame, annulus),
            "source": "edited" if inputs.annulus_pins_mm is not None else "measured",
            "uncertainty": spread,
            "uncertainty_parts": look.uncertainty.parts,
            "uncertainty_readers": readers,
        },
        "lvot": lvot,
        "lvot_report": lvot_report(lvot, measures.area_mm2),
        "sinuses": sinuses,
        "stj": stj,
        "ascending_aorta": measure_ascending(look.sampler, look.levels, look.junction),
        "coronaries": _coronaries(search.ostia, inputs),
        **search.parts,
        "angulation_deg": float(np.degrees(np.arctan2(abs(normal[0]), abs(normal[2])))),
        "angulation_true_deg": float(np.degrees(np.arccos(np.clip(normal[2], -1.0, 1.0)))),
        "calcium": search.calcium,
        "projections": projections(inputs.hinges_mm, normal, sigmas),
        "devices": size_devices(measures, readers, not reasons, sinuses),
        "access": {"routes": []},
        "in_valve": in_valve_json(inputs.in_valve),
        "quality": {"ok": not reasons, "reasons": reasons},
        "warnings": [finding.as_json() for finding in findings],
    }
    return plan | valve_results(plan, root_space(plan, search.cloud, sigmas), inputs.valve)


def annulus_json(frame: Frame, contour: Contour) -> dict[str, Any]:
    """The contract's annulus without uncertainties."""
    measures = contour.measures()
    return {
        "origin_mm": frame.origin_mm.tolist(),
        "normal": frame.normal.tolist(),
        **measures.as_json(),
        "eccentricity": measures.eccentricity,
        "contour_mm": contour.points_mm[::2].tolist(),
        "handles_mm": handles_mm(contour).tolist(),
        "unclear_arcs_deg": [list(arc) for arc in contour.unclear_deg],
        "lumen_hu": contour.lumen_hu,
        "noise_hu": contour.noise_hu,
        "edge_sigma_mm": contour.sigma_mm,
        "edge_trusted": contour.trusted,
        "centroid_mm": contour.frame.origin_mm.tolist(),
        "axes": [contour.frame.right.tolist(), contour.frame.up.tolist()],
    }


def scan_quality(annulus: Contour, grid: Grid, *, metal: bool = False) -> tuple[str, ...]:
    """Why this scan is not good enough to choose a size; empty when it is."""
    reasons = []
    thickest = float(grid.spacing_mm.max())
    if annulus.sigma_mm > BLURRED_MM:
        reasons.append(
            f"The edge is blurred ({annulus.sigma_mm:.1f} mm): motion or thick slices. Sizes can be off by 2 mm or more."
        )
    if annulus.residual_mm > SCATTERED_MM:
        reasons.append(f"The edge is uneven by {annulus.residual_mm:.1f} mm. Check the contour.")
    if thickest > THICK_MM:
        reasons.append(f"Voxels are {thickest:.1f} mm; sizing wants 1 mm or less.")
    if annulus.lumen_hu < LEAST_LUMEN_HU:
        reasons.append(f"The lumen has only {annulus.lumen_hu:.0f} HU; sizing wants 250 or more.")
    if metal:
        reasons.append(PROSTHESIS)
    return tuple(reasons)


def _area_of(look: RootLook, hinges: FloatArray) -> float | None:
    """Quick annulus area of other hinges; None where they are unusable."""
    try:
        frame = annulus_frame(hinges, look.grid)
        angles = hinge_angles(frame, hinges)
        return find_annulus(look.sampler, frame, angles, model=look.annulus.model, quick=True).measures().area_mm2
    except MeasurementError:
        return None


def _ostia(look: RootLook, top: float | None) -> tuple[tuple[Ostium | None, Ostium | None], tuple[Finding, ...]]:
    """Given points as they are; the others searched, with what is unusual about them."""
    given = look.inputs.ostia_mm
    found: tuple[Ostium | None, Ostium | None] = (None, None)
    unusual: tuple[Finding, ...] = ()
    if look.sinus is not None and any(point is None for point in given):
        search = search_ostia(look.sampler, look.frame, look.levels, look.angles, top)
        found = search.left, search.right
        # of a side whose point was given nothing need be said
        quiet = [side for side, point in zip(SIDES, given, strict=True) if point is not None]
        unusual = tuple(
            finding
            for finding in search.findings
            if finding.code != "coronary_missing" and not any(f"The {side} coronary" in finding.text for side in quiet)
        )
    left, right = (
        other if point is None else Ostium(point, ostium_height_mm(point, look.frame), 1.0)
        for point, other in zip(given, found, strict=True)
    )
    return (left, right), unusual


def _coronaries(ostia: tuple[Ostium | None, Ostium | None], inputs: TavrInputs) -> dict[str, Any]:
    """Heights; their ± is that of the rim and that of the plane which they are measured from."""
    sigmas = hinge_sigmas_mm(inputs.hinge_sources, inputs.automatic)
    rows: dict[str, Any] = {}
    for side, found in zip(SIDES, ostia, strict=True):
        # a point below the annulus is no ostium: it is said, and gives no height
        ostium = None if found is None or found.height_mm <= 0.0 else found
        rows[f"{side}_height_mm"] = None if ostium is None else ostium.height_mm
        rows[f"{side}_uncertainty_mm"] = (
            None
            if ostium is None
            else float(
                np.hypot(
                    ostium.uncertainty_mm or 0.0, height_half_width_mm(inputs.hinges_mm, ostium.position_mm, sigmas)
                )
            )
        )
        rows[f"{side}_diameter_mm"] = None if ostium is None else ostium.diameter_mm
    return rows


def _ostium_landmarks(ostia: tuple[Ostium | None, Ostium | None], inputs: TavrInputs) -> dict[str, dict[str, Any]]:
    rows = {}
    automatic = (inputs.automatic or {}).get("ostia_mm") or (None, None)
    for n, (side, ostium) in enumerate(zip(SIDES, ostia, strict=True)):
        if ostium is not None:
            source = "automatic" if inputs.ostia_mm[n] is None else inputs.ostia_sources[n]
            rows[f"ostium_{side}"] = landmark(ostium.position_mm, source, ostium.confidence, automatic[n])
    return rows


def _ostium_findings(look: RootLook, ostia: tuple[Ostium | None, Ostium | None]) -> list[Finding]:
    """What is missing or low, and what speaks against points that a person placed."""
    found = []
    for side, ostium, given in zip(SIDES, ostia, look.inputs.ostia_mm, strict=True):
        if ostium is None:
            text = f"The {side} coronary ostium was not found. Place its lowest rim point by hand."
            found.append(Finding("coronary_missing", text))
        elif given is not None and ostium.height_mm <= 0.0:
            found.append(Finding("ostium_below", f"The {side} ostium lies below the annulus. Check its point."))
        elif given is not None and (away := _off_axis_mm(look.frame, given)) > FAR_OSTIUM_MM:
            text = f"The {side} ostium lies {away:.0f} mm from the root's axis. Check its point."
            found.append(Finding("ostium_far", text))
        elif ostium.height_mm < LOW_OSTIUM_MM:
            found.append(Finding("coronary_low", f"The {side} coronary height {ostium.height_mm:.1f} mm is below 10."))
    left, right = look.inputs.ostia_mm
    if left is not None and right is not None and _nearest_cusp(look, left) == 1 and _nearest_cusp(look, right) == 2:
        text = "The left ostium lies over the right cusp and the right one over the left. They may be swapped."
        found.append(Finding("ostia_swapped", text))
    return found


def _off_axis_mm(frame: Frame, point_mm: FloatArray) -> float:
    return float(np.hypot(*frame.to_plane(point_mm[None])[0]))


def _nearest_cusp(look: RootLook, point_mm: FloatArray) -> int:
    """0, 1, 2 for N, R, L: the hinge whose direction from the axis is nearest."""
    away = np.angle(np.exp(1j * (look.angles - hinge_angles(look.frame, point_mm[None]))))
    return int(np.abs(away).argmin())


def _level_findings(look: RootLook, junction_mm: float | None) -> list[Finding]:
    if look.sinus is None:
        return [Finding("sinus_missing", "No sinuses can be told from the tube above this plane; they are left out.")]
    if junction_mm is None:
        return [Finding("stj_missing", "The sinotubular junction is not in the scan or has no closed edge.")]
    return []


def _annulus_findings(annulus: Contour, phase: str) -> list[Finding]:
    found = []
    if not tells_phase(phase):
        text = "The heart phase is not known. In diastole the annulus reads about 24 mm² smaller."
        found.append(Finding("phase_unknown", text))
    elif not is_systolic(phase):
        text = f"The phase {phase} is not systole, in which the annulus is about 24 mm² larger."
        found.append(Finding("phase_diastole", text))
    if annulus.trusted < 0.85:
        text = f"The edge is unclear over {100 * (1 - annulus.trusted):.0f} % of the contour "
        found.append(Finding("unclear_edge", text + "(calcium or a neighbour). Check it."))
    return found
