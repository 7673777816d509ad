"""How sure the widths of a vessel's section are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from planning.vessel.lumen import Station

SPACING_SHARE, CALCIUM_MM, EDGE_MM = 0.14, 0.25, 0.12
# where blood is hardly brighter than what is round it, for the image's noise, an edge may be missed by a millimetre: with
# the third power of that ratio it becomes negligible
NOISE_MM, TISSUE_HU, LEAST_RATIO, FAINT_RATIO = 110.0, 60.0, 4.0, 7.0


def width_uncertainty_mm(station: Station, spacing_mm: float, contrast: float) -> float | None:
    """Half of the 95 % interval of a section's diameters; None where it is not closed.

    Of where the image's edge lies, the share of a voxel, calcium on the wall, noise and the scatter of the edge about its
    curve; checked on tubes of known size (tests/benchmarks/bench_vessel_widths.py). Movement is not in it.
    spacing_mm: the voxel's largest, since a vessel may run along any of the three. contrast: `contrast_to_noise` of the
    vessel.
    """
    if station.contour is None:
        return None
    arc = station.calcium_arc_deg or 0.0
    parts = (
        EDGE_MM,
        SPACING_SHARE * spacing_mm,
        CALCIUM_MM * min(1.0, arc / 180.0),
        0.5 * station.contour.residual_mm,
        NOISE_MM / max(contrast, LEAST_RATIO) ** 3,
    )
    return 2.0 * float(np.sqrt(sum(part**2 for part in parts)))


def contrast_to_noise(stations: Sequence[Station]) -> float:
    """How many times the noise the blood is brighter than tissue, by the median section, since one alone tells little of noise.

    Infinite where there is no noise, as in a structure.
    """
    seen = [station.contour for station in stations if station.contour is not None]
    ratios = [(one.lumen_hu - TISSUE_HU) / one.noise_hu for one in seen if one.noise_hu > 0]
    return float(np.median(ratios)) if ratios else float(np.inf)
