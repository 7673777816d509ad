"""A TAVR plan from hinge points: one pure function from image and points to the contract's numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.errors import MeasurementError
from planning.findings import Finding
from planning.geometry import FloatArray
from planning.section import (
    Contour,
    Frame,
    Sampler,
    equal_angles,
    find_contour,
    fourier_basis,
    measure_contour,
    polar_points,
)
from planning.tavr.annulus import find_annulus
from planning.tavr.calcium import measure_calcium
from planning.tavr.coronaries import Ostium, find_ostia, ostium_height_mm
from planning.tavr.devices import size_devices
from planning.tavr.frame import annulus_frame, check_order, hinge_angles
from planning.tavr.projections import cusp_overlap_view, s_curve, three_cusp_view
from planning.tavr.root import (
    Level,
    find_levels,
    find_sinus_and_junction,
    measure_ascending,
    measure_junction,
    measure_lvot,
    measure_sinuses,
)
from planning.volume import Volume

REACH_MM = 24.0
ROOT_REACH_MM = 62.0
LIVE_REACH_MM = 28.0
HINGE_SIGMA_MM = {"given": 0.5, "edited": 0.5, "automatic": 0.8}
PLANE_DRAWS = 20
READER_SHARE = 0.03
EDGE_DRAWS = 60
BLURRED_MM, SCATTERED_MM = 1.0, 0.4
LEAST_LUMEN_HU = 200.0
KEYS = ("area_mm2", "perimeter_mm", "min_diameter_mm", "max_diameter_mm")


@dataclass(frozen=True, slots=True, eq=False)
class AnnulusPreview:
    """The annulus while a hinge is dragged: no uncertainty of the plane, no root."""

    frame: Frame
    contour: Contour

    def as_json(self) -> dict[str, Any]:
        """The contract's annulus without uncertainties."""
        return {**_annulus_json(self.frame, self.contour), "uncertainty": dict.fromkeys(KEYS)}


def measure_annulus_live(volume: Volume, hinges_mm: npt.ArrayLike) -> AnnulusPreview:
    """The annulus of these hinges, fast enough to follow the hand. Raises MeasurementError."""
    hinges = np.asarray(hinges_mm, dtype=np.float64)
    frame = annulus_frame(hinges, volume.grid)
    sampler = Sampler.around(volume, frame.origin_mm[None], LIVE_REACH_MM)
    return AnnulusPreview(frame, find_annulus(sampler, frame, hinge_angles(frame, hinges), quick=True))


def make_tavr_plan(
    volume: Volume,
    *,
    hinges_mm: npt.ArrayLike,
    ostia_mm: npt.ArrayLike | None = None,
    calcium_hu: float | None = None,
    phase: str = "",
    hinge_sources: Sequence[str] = ("given", "given", "given"),
) -> dict[str, Any]:
    """Everything that hinge points N, R, L (3, 3) LPS mm allow: the contract's `tavr` without "plan".

    ostia_mm: (2, 3) lowest rim points of the left and right ostium; None searches them.
    Parts that the scan does not show are null and said in "warnings". Raises MeasurementError when the annulus itself
    cannot be measured. Definitions: SCCT 2019 expert consensus; annulus and heights as in its Table 5.
    """
    hinges = np.asarray(hinges_mm, dtype=np.float64)
    frame = annulus_frame(hinges, volume.grid)
    sampler = Sampler.around(volume, frame.origin_mm[None], ROOT_REACH_MM)
    angles = hinge_angles(frame, hinges)
    annulus = find_annulus(sampler, frame, angles)
    findings = list(check_order(frame, sampler, annulus.lumen_hu, annulus.measures().area_mm2))
    quality = _quality(annulus, volume)
    uncertainty, parts = _uncertainty(sampler, volume, hinges, annulus, hinge_sources, bool(quality))
    lvot, lost = measure_lvot(sampler, frame, annulus)
    findings += lost
    levels = find_levels(sampler, frame, annulus)
    sinus, junction = find_sinus_and_junction(levels)
    stj = measure_junction(sampler, frame, levels, junction)
    top = stj["height_mm"]
    sinuses = measure_sinuses(levels, sinus, top, angles)
    if sinus is None:
        findings.append(
            Finding("sinus_missing", "No sinuses can be told from the tube above this plane; they are left out.")
        )
    elif stj["height_mm"] is None:
        findings.append(Finding("stj_missing", "The sinotubular junction is not in the scan or has no closed edge."))
    ascending = measure_ascending(sampler, levels, junction)
    landmarks = _landmarks(hinges, hinge_sources, levels, sinus, angles)
    ostia = _ostia(sampler, frame, levels, angles, top, ostia_mm, volume, sinus is not None)
    findings += _ostium_findings(ostia, ostia_mm is not None)
    for side, ostium in zip(("left", "right"), ostia):
        if ostium is not None:
            landmarks[f"ostium_{side}"] = {
                "position_mm": ostium.position_mm.tolist(),
                "source": "automatic" if ostia_mm is None else "given",
                "confidence": ostium.confidence,
            }
    calcium = measure_calcium(
        sampler,
        frame,
        levels,
        angles,
        top or min(18.0, levels[-1].height_mm),
        annulus.lumen_hu,
        annulus.noise_hu,
        calcium_hu,
    )
    if not phase:
        findings.append(
            Finding(
                "phase_unknown", "The heart phase is not known. In diastole the annulus reads about 24 mm² smaller."
            )
        )
    if annulus.trusted < 0.85:
        findings.append(
            Finding(
                "unclear_edge",
                f"The edge is unclear over {100 * (1 - annulus.trusted):.0f} % of the contour "
                "(calcium or a neighbour). Check it.",
            )
        )
    findings.append(
        Finding("access_missing", "Access routes are not part of this plan. Measure them with a vessel plan.")
    )
    normal = frame.normal
    return {
        "phase": phase,
        "landmarks": landmarks,
        "annulus": {**_annulus_json(frame, annulus), "uncertainty": uncertainty, "uncertainty_parts": parts},
        "lvot": lvot,
        "sinuses": sinuses,
        "stj": stj,
        "ascending_aorta": ascending,
        "coronaries": {
            "left_height_mm": None if ostia[0] is None else ostia[0].height_mm,
            "right_height_mm": None if ostia[1] is None else ostia[1].height_mm,
        },
        "angulation_deg": float(np.degrees(np.arctan2(abs(normal[0]), abs(normal[2])))),
        "angulation_true_deg": float(np.degrees(np.arccos(np.clip(normal[2], -1.0, 1.0)))),
        "calcium": calcium,
        "projections": {
            "s_curve": s_curve(normal),
            "three_cusp": three_cusp_view(hinges, normal),
            "cusp_overlap": cusp_overlap_view(hinges, normal),
        },
        "devices": size_devices(annulus.measures(), uncertainty, not quality),
        "access": {"routes": []},
        "quality": {"ok": not quality, "reasons": quality},
        "warnings": [finding.as_json() for finding in findings],
    }


def _annulus_json(frame: Frame, contour: Contour) -> dict[str, Any]:
    measures = contour.measures()
    return {
        "origin_mm": frame.origin_mm.tolist(),
        "normal": frame.normal.tolist(),
        **measures.as_json(),
        "eccentricity": measures.eccentricity,
        "contour_mm": contour.points_mm[::2].tolist(),
        "lumen_hu": contour.lumen_hu,
        "noise_hu": contour.noise_hu,
        "edge_sigma_mm": contour.sigma_mm,
        "edge_trusted": contour.trusted,
        "centroid_mm": contour.frame.origin_mm.tolist(),
    }


def _quality(annulus: Contour, volume: Volume) -> list[str]:
    reasons = []
    thickest = float(volume.grid.spacing_mm.max())
    if annulus.sigma_mm > BLURRED_MM:
        reasons.append(
            f"The edge is blurred ({annulus.sigma_mm:.1f} mm): motion or thick slices. Sizes can be off by 2 mm or more."
        )
    if annulus.residual_mm > SCATTERED_MM:
        reasons.append(f"The edge is uneven by {annulus.residual_mm:.1f} mm. Check the contour.")
    if thickest > 1.55:
        reasons.append(f"Voxels are {thickest:.1f} mm; sizing wants 1 mm or less.")
    if annulus.lumen_hu < LEAST_LUMEN_HU:
        reasons.append(f"The lumen has only {annulus.lumen_hu:.0f} HU; sizing wants 250 or more.")
    return reasons


def _uncertainty(
    sampler: Sampler, volume: Volume, hinges: FloatArray, annulus: Contour, sources: Sequence[str], poor: bool
) -> tuple[dict[str, float | None], dict[str, float]]:
    """95 % half-widths from edge, hinge placement and spacing; three times as wide on a poor scan.

    Never less than expert readers differ by, whatever the image says: about 3 % of the area.
    """
    generator = np.random.default_rng(12345)
    edge = _edge_spread(annulus, generator)
    plane = _plane_spread(sampler, volume, hinges, annulus, sources, generator)
    thick = float(volume.grid.spacing_mm.max())
    relative = 0.001 if thick <= 1.05 else 0.003 * thick / 1.5
    base = _values(annulus)
    spacing = base * relative * np.array((1.0, 0.5, 0.5, 0.5))
    widen = 3.0 if poor else 1.0
    reader = base * READER_SHARE * np.array((1.0, 0.5, 0.5, 0.5))
    total = np.maximum(2.0 * widen * np.sqrt(edge**2 + plane**2 + spacing**2), widen * reader)
    parts = {
        "hinges_mm2": 2.0 * widen * float(plane[0]),
        "edge_mm2": 2.0 * widen * float(edge[0]),
        "spacing_mm2": 2.0 * widen * float(spacing[0]),
        "reader_mm2": widen * float(reader[0]),
    }
    return dict(zip(KEYS, map(float, total))), parts


def _values(contour: Contour) -> FloatArray:
    measures = contour.measures()
    return np.array([measures.area_mm2, measures.perimeter_mm, measures.min_diameter_mm, measures.max_diameter_mm])


def _edge_spread(annulus: Contour, generator: np.random.Generator) -> FloatArray:
    root = np.linalg.cholesky(annulus.covariance + 1e-12 * np.eye(len(annulus.coefficients)))
    basis = fourier_basis(equal_angles(180))
    rows = []
    for _ in range(EDGE_DRAWS):
        radii = basis @ (annulus.coefficients + root @ generator.normal(size=len(annulus.coefficients)))
        measures = measure_contour(polar_points(radii), 2.0)
        rows.append([measures.area_mm2, measures.perimeter_mm, measures.min_diameter_mm, measures.max_diameter_mm])
    return np.asarray(np.std(rows, axis=0))


def _plane_spread(
    sampler: Sampler,
    volume: Volume,
    hinges: FloatArray,
    annulus: Contour,
    sources: Sequence[str],
    generator: np.random.Generator,
) -> FloatArray:
    sigmas = np.array([HINGE_SIGMA_MM.get(source, 0.8) for source in sources])
    rows = []
    for _ in range(PLANE_DRAWS):
        moved = hinges + generator.normal(size=(3, 3)) * sigmas[:, None]
        try:
            frame = annulus_frame(moved, volume.grid)
            contour = find_contour(sampler, frame, REACH_MM, model=annulus.model, rounds=0, follow=annulus)
        except MeasurementError:
            continue
        rows.append(_values(contour))
    if len(rows) < 5:
        return _values(annulus) * 0.05
    # a robust spread: one redraw that slips into the ventricle must not stand for all
    values = np.array(rows)
    return np.asarray(1.4826 * np.median(np.abs(values - np.median(values, axis=0)), axis=0))


def _landmarks(
    hinges: FloatArray, sources: Sequence[str], levels: Sequence[Level], sinus: int | None, angles: FloatArray
) -> dict[str, dict[str, Any]]:
    names = ("hinge_ncc", "hinge_rcc", "hinge_lcc")
    landmarks: dict[str, dict[str, Any]] = {
        name: {"position_mm": point.tolist(), "source": source, "confidence": 1.0 if source != "automatic" else 0.5}
        for name, point, source in zip(names, hinges, sources)
    }
    if sinus is None:
        return landmarks
    contour = levels[sinus].contour
    dense = equal_angles(len(contour.radii_mm))
    for name, first, second in (("commissure_nr", 0, 1), ("commissure_rl", 1, 2), ("commissure_ln", 2, 0)):
        middle = float(np.angle(np.exp(1j * angles[first]) + np.exp(1j * angles[second])))
        near = np.abs(np.angle(np.exp(1j * (dense - middle)))) <= np.radians(30.0)
        at = int(np.flatnonzero(near)[np.argmin(contour.radii_mm[near])])
        landmarks[name] = {"position_mm": contour.points_mm[at].tolist(), "source": "automatic", "confidence": 0.5}
    return landmarks


def _ostia(
    sampler: Sampler,
    frame: Frame,
    levels: Sequence[Level],
    angles: FloatArray,
    top: float | None,
    given: npt.ArrayLike | None,
    volume: Volume,
    has_sinuses: bool,
) -> tuple[Ostium | None, Ostium | None]:
    if given is not None:
        points = np.asarray(given, dtype=np.float64)
        if points.shape != (2, 3) or not np.isfinite(points).all():
            raise MeasurementError("Two ostium points are needed", "Give the left and the right one", "ostia")
        if not volume.grid.contains(points).all():
            raise MeasurementError("An ostium point is outside the scan", "Move it into the scan", "outside_scan")
        return tuple(Ostium(point, ostium_height_mm(point, frame), 1.0) for point in points)  # type: ignore[return-value]
    return find_ostia(sampler, frame, levels, angles, top) if has_sinuses else (None, None)


def _ostium_findings(ostia: tuple[Ostium | None, Ostium | None], given: bool) -> list[Finding]:
    found = []
    for side, ostium in zip(("left", "right"), ostia):
        if ostium is None:
            found.append(
                Finding(
                    "coronary_missing", f"The {side} coronary ostium was not found. Place its lowest rim point by hand."
                )
            )
        elif not given and ostium.height_mm < 10.0:
            found.append(Finding("coronary_low", f"The {side} coronary height {ostium.height_mm:.1f} mm is below 10."))
    return found
