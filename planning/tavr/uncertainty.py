"""How far the annulus's numbers may be off: edge, hinge placement, spacing, and what readers differ by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from planning.errors import MeasurementError
from planning.geometry import FloatArray
from planning.section import (
    Contour,
    Sampler,
    equal_angles,
    find_contour,
    fourier_basis,
    measure_contour,
    polar_points,
)
from planning.tavr.annulus import REACH_MM
from planning.tavr.frame import annulus_frame
from planning.volume import Volume

HINGE_SIGMA_MM = {"given": 0.5, "edited": 0.5, "automatic": 0.8}
PLANE_DRAWS = 20
READER_SHARE = 0.03
EDGE_DRAWS = 60
KEYS = ("area_mm2", "perimeter_mm", "min_diameter_mm", "max_diameter_mm")


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """95 % half-widths of the annulus's numbers, and the parts of the area's in mm²."""

    half_widths: dict[str, float]
    parts: dict[str, float]


def annulus_uncertainty(
    sampler: Sampler, volume: Volume, hinges: FloatArray, annulus: Contour, sources: Sequence[str], poor: bool
) -> Uncertainty:
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
    return Uncertainty(dict(zip(KEYS, map(float, total))), parts)


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
