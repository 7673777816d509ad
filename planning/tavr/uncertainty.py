"""How far the annulus's numbers may be off.

`half_widths` are 95 % half-widths (twice the standard deviation) of what this program did with this image: the edge it
found, the voxels' spacing, and where the hinges are. Three sources of hinges differ in that. Given ones (from a file or
the command line) are the definition that was asked for: only what is lost in writing a point down is added, a fifth of
a millimetre. Points placed by hand are good to half a millimetre along each axis, and so are automatic ones, to less
where their two estimates disagree or the search was not sure: of 59 chests one half covered the truth of the area in 97
% with that, the other half in 93 % (`tests/benchmarks/bench_root.py`; the hinges alone erred by 0.36 mm along each
axis, but where sinuses begin steeply the area errs more than redrawn planes say). Each hinge is redrawn with that SD
and the plane is cut again in the fitted wall. On a poor scan hinges that lie off the contour widen it too: they are on
the annulus by definition, so one of both is wrong.

Two things are said beside it and are not in it. `readers`: expert readers differ by 3 % of the area (and half as much of
a length) because they place hinges differently; `with_readers` has it added, and sizing uses that, so that no size is
proposed more surely than a second reader would agree to. The heart's phase: in diastole, or when nobody knows, the
systolic annulus may be larger by up to 5 % of the area (24 mm², PMC5590871), upwards only.

`tests/benchmarks/bench_uncertainty.py` prints how often the truth lies inside, by source of the hinges.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from planning.errors import MeasurementError
from planning.geometry import FloatArray, Grid
from planning.section import Contour, Measures, equal_angles, fourier_basis, measure_contour, polar_points
from planning.tavr.annulus import AnnulusWall
from planning.tavr.frame import annulus_frame
from planning.tavr.wall import annulus_surface

HINGE_SIGMA_MM = {"given": 0.2, "edited": 0.5, "automatic": 0.5}
DISAGREEMENT_SHARE, MOST_SIGMA_MM = 0.3, 2.0
SURE, MOST_UNSURE = 0.5, 1.6
OFF_CONTOUR_MM = 0.5
PLANE_DRAWS, LEAST_DRAWS = 60, 20
EDGE_DRAWS = 80
EDGE_SHARE, EDGE_MM = 0.0010, 0.030
"""The part of the edge's error that does not show in the fit's own spread, from the study."""
THIN_SHARE, THICK_SHARE, THIN_MM, THICK_MM = 0.0005, 0.001, 1.05, 1.5
READER_SHARE, PHASE_SHARE = 0.03, 0.05
SYSTOLE_PERCENT = (10.0, 45.0)
POOR_SCAN = 3.0
KEYS = ("area_mm2", "perimeter_mm", "min_diameter_mm", "max_diameter_mm")
LENGTHS = np.array((1.0, 0.5, 0.5, 0.5))
"""A relative error of the area is half as large in a length."""


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """95 % half-widths of the annulus's numbers, the same with what readers differ by, the parts of the area's in mm²."""

    half_widths: dict[str, float]
    parts: dict[str, float]
    with_readers: dict[str, float] = field(default_factory=dict)


def annulus_uncertainty(
    found: AnnulusWall,
    annulus: Contour,
    grid: Grid,
    hinges_mm: FloatArray,
    sources: Sequence[str],
    *,
    automatic: Mapping[str, Any] | None = None,
    poor: bool = False,
    phase: str = "",
) -> Uncertainty:
    """Half-widths for the annulus of these hinges; three times as wide on a poor scan.

    found: the fitted wall. annulus: the contour that is reported, `found`'s or pulled by hand. sources: of N, R, L.
    automatic: the automatic search's result, whose two estimates may disagree.
    """
    generator = np.random.default_rng(12345)
    base = _values(annulus.measures())
    edge = np.hypot(_edge_spread(annulus, generator), _edge_floor(base))
    plane = plane_spread(found, grid, hinges_mm, hinge_sigmas_mm(sources, automatic), generator)
    thick = float(grid.spacing_mm.max())
    spacing = base * LENGTHS * (THIN_SHARE if thick <= THIN_MM else THICK_SHARE * thick / THICK_MM)
    widen = POOR_SCAN if poor else 1.0
    own = 2.0 * widen * np.sqrt(edge**2 + plane**2 + spacing**2)
    off = _off_contour(annulus, hinges_mm) * base if poor else np.zeros(4)
    own = np.hypot(own, 2.0 * off)
    reader = base * READER_SHARE * LENGTHS
    parts = {
        "hinges_mm2": 2.0 * float(np.hypot(widen * plane[0], off[0])),
        "edge_mm2": 2.0 * widen * float(edge[0]),
        "spacing_mm2": 2.0 * widen * float(spacing[0]),
        "reader_mm2": float(reader[0]),
        "phase_mm2": 0.0 if is_systolic(phase) else PHASE_SHARE * float(base[0]),
    }
    return Uncertainty(_named(own), parts, _named(np.hypot(own, reader)))


def hinge_sigmas_mm(sources: Sequence[str], automatic: Mapping[str, Any] | None = None) -> tuple[float, ...]:
    """SD of each hinge's place along each axis, by who placed it and how far two automatic estimates are apart."""
    first, second = (automatic or {}).get("hinges_mm"), (automatic or {}).get("hinges_second_mm")
    sure = (automatic or {}).get("hinge_confidence") or (1.0, 1.0, 1.0)
    sigmas = [
        HINGE_SIGMA_MM.get(source, HINGE_SIGMA_MM["automatic"])
        * (min(max(SURE / max(share, 1e-3), 1.0), MOST_UNSURE) if source == "automatic" else 1.0)
        for source, share in zip(sources, sure, strict=True)
    ]
    if first is None or second is None:
        return tuple(sigmas)
    apart = np.linalg.norm(np.asarray(first, dtype=np.float64) - np.asarray(second, dtype=np.float64), axis=1)
    return tuple(
        max(sigma, min(DISAGREEMENT_SHARE * float(far), MOST_SIGMA_MM)) if source == "automatic" else sigma
        for sigma, source, far in zip(sigmas, sources, apart, strict=True)
    )


def height_half_width_mm(hinges_mm: FloatArray, point_mm: FloatArray, sigmas_mm: Sequence[float]) -> float:
    """95 % half-width of a point's height over the hinge plane, from where the hinges are.

    Each hinge's error along the normal counts by the point's barycentric weight in the triangle N, R, L.
    """
    along, across = hinges_mm[1] - hinges_mm[0], hinges_mm[2] - hinges_mm[0]
    (second, third), *_ = np.linalg.lstsq(np.stack([along, across], axis=1), point_mm - hinges_mm[0], rcond=None)
    weights = np.array((1.0 - second - third, second, third))
    return 2.0 * float(np.linalg.norm(weights * np.asarray(sigmas_mm)))


def eccentricity_half_width(annulus: Mapping[str, Any]) -> float | None:
    """95 % half-width of 1 − shortest / longest of the contract's annulus; None while the diameters have none.

    How both diameters err together is not kept with a plan. Both errors add up where one is too long and the other too
    short: that is the greatest spread that they allow, and it is told.
    """
    longest_mm, shortest_mm = annulus["max_diameter_mm"], annulus["min_diameter_mm"]
    halves = annulus.get("uncertainty") or {}
    longest_half, shortest_half = halves.get("max_diameter_mm"), halves.get("min_diameter_mm")
    if longest_half is None or shortest_half is None:
        return None
    return float(shortest_mm / longest_mm * (shortest_half / shortest_mm + longest_half / longest_mm))


def is_systolic(phase: str) -> bool:
    """Whether a phase's words say systole: "systole", or a share of the R-R interval from 10 to 45 %."""
    if "syst" in phase.lower():
        return True
    share = re.search(r"(\d+(?:\.\d+)?)\s*%", phase)
    return share is not None and SYSTOLE_PERCENT[0] <= float(share.group(1)) <= SYSTOLE_PERCENT[1]


def tells_phase(phase: str) -> bool:
    """Whether a phase's words say where in the heartbeat it lies; a mere number of a phase does not."""
    words = phase.lower()
    return "syst" in words or "diast" in words or re.search(r"\d\s*%", words) is not None


def plane_spread(
    found: AnnulusWall, grid: Grid, hinges_mm: FloatArray, sigmas_mm: Sequence[float], generator: np.random.Generator
) -> FloatArray:
    """(4,) SD of the numbers when each hinge is redrawn with its SD along each axis and the wall is cut again."""
    surface = annulus_surface(found)
    if surface is None:
        return np.asarray(_values(found.contour.measures()) * 0.025 * LENGTHS)
    rows = []
    for _ in range(PLANE_DRAWS):
        moved = hinges_mm + generator.normal(size=(3, 3)) * np.asarray(sigmas_mm)[:, None]
        try:
            rows.append(_values(_coarse_measures(surface.cut(annulus_frame(moved, grid)))))
        except MeasurementError:
            continue
    if len(rows) < LEAST_DRAWS:
        return np.asarray(_values(found.contour.measures()) * 0.05 * LENGTHS)
    return np.asarray(np.std(rows, axis=0))


def _coarse_measures(contour: Contour) -> Measures:
    return measure_contour(contour.plane_mm[::2], 2.0)


def _off_contour(annulus: Contour, hinges_mm: FloatArray) -> FloatArray:
    """(4,) relative SD of the numbers when the contour lies as far off as the hinges do, beyond what a hand errs by."""
    plane = annulus.frame.to_plane(hinges_mm)
    away = np.abs(np.hypot(plane[:, 0], plane[:, 1]) - annulus.radius_at_mm(np.arctan2(plane[:, 1], plane[:, 0])))
    beyond = float(np.maximum(away - OFF_CONTOUR_MM, 0.0).mean())
    measures = annulus.measures()
    return np.asarray(beyond * measures.perimeter_mm / measures.area_mm2 * LENGTHS)


def _values(measures: Measures) -> FloatArray:
    return np.array([getattr(measures, key) for key in KEYS], dtype=np.float64)


def _named(values: FloatArray) -> dict[str, float]:
    return dict(zip(KEYS, map(float, values), strict=True))


def _edge_floor(base: FloatArray) -> FloatArray:
    """What the fit's spread does not show: blur and wall that are a little off for the whole contour."""
    return np.concatenate([base[:2] * EDGE_SHARE * LENGTHS[:2], np.full(2, EDGE_MM)])


def _edge_spread(annulus: Contour, generator: np.random.Generator) -> FloatArray:
    root = np.linalg.cholesky(annulus.covariance + 1e-12 * np.eye(len(annulus.coefficients)))
    basis = fourier_basis(equal_angles(180))
    draws = basis @ (annulus.coefficients[:, None] + root @ generator.normal(size=(len(root), EDGE_DRAWS)))
    rows = [_values(measure_contour(polar_points(radii), 2.0)) for radii in draws.T]
    return np.asarray(np.std(rows, axis=0))
