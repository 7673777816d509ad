"""How sure the widths of a vessel's section are."""

from __future__ import annotations

import numpy as np

from planning.vessel.lumen import Station

SPACING_SHARE, CALCIUM_MM, EDGE_MM = 0.14, 0.25, 0.12


def width_uncertainty_mm(station: Station, spacing_mm: float) -> float | None:
    """Half of the 95 % interval of a section's diameters; None where it is not closed.

    Of where the image's edge lies, the share of a voxel, calcium on the wall and the scatter of the edge about its curve;
    checked on tubes of known size (tests/benchmarks/bench_vessel_widths.py). Movement and contrast are not in it.
    spacing_mm: the voxel's largest, since a vessel may run along any of the three.
    """
    if station.contour is None:
        return None
    arc = station.calcium_arc_deg or 0.0
    parts = (EDGE_MM, SPACING_SHARE * spacing_mm, CALCIUM_MM * min(1.0, arc / 180.0), 0.5 * station.contour.residual_mm)
    return 2.0 * float(np.sqrt(sum(part**2 for part in parts)))
