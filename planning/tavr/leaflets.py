"""Cusp heights: each leaflet's length from its hinge to its free edge, in the plane of the annulus normal and the hinge.

A leaflet is a thin dark line between bright blood below and above it. From the hinge the line of greatest darkness is
followed to where its contrast falls to half. Closed cusps end in the root's middle, where the three meet and stand up;
open ones rise along the wall. Definition: Khan et al. 2023 (cusp height of the obstruction rule).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.findings import Finding
from planning.geometry import FloatArray
from planning.section import Frame, Sampler, fourier_basis
from planning.tavr.root import CUSPS, Level

STEP_MM = 0.25
INWARD_MM, UPWARD_MM, BELOW_MM, BEHIND_MM = 20.0, 26.0, 3.0, 5.0
SLAB_MM = np.array((-1.2, -0.6, 0.0, 0.6, 1.2))
LEAF_MM = 3.0
CALCIUM_OVER_HU = 100.0
FIRST_MM, HIDDEN_MM, LONGEST_MM = 0.5, 2.5, 24.0
ANGLES_DEG = np.arange(-12.0, 118.1, 1.5)
AXIS_SLACK_MM, WALL_SLACK_MM = 1.6, 0.4
HALF = 0.5
THICKEST_MM = 1.8
FEWEST_RINGS, USUAL_HU = 3, 90.0
LEAST_CONTRAST_HU, LEAST_CONTRAST_SDS = 25.0, 1.6
SHORTEST_MM = 6.0
SPREAD_MM, FAINT_SPREAD_MM, CLEAR_SDS = 2.0, 3.5, 5.0
DRAWN_POINTS = 40


@dataclass(frozen=True, slots=True, eq=False)
class Leaflet:
    """A leaflet's line from hinge to free edge: (N, 3) points, length, how much darker than blood, 95 % half-width."""

    points_mm: FloatArray
    length_mm: float
    contrast_hu: float
    uncertainty_mm: float


def find_leaflets(
    sampler: Sampler, frame: Frame, levels: Sequence[Level], hinges_mm: FloatArray, lumen_hu: float, noise_hu: float
) -> tuple[Leaflet | None, Leaflet | None, Leaflet | None]:
    """N, R, L; None where no line can be followed, as in voxels of 2 mm. hinges_mm: (3, 3)."""
    if sampler.spacing_mm.max() > THICKEST_MM:
        return None, None, None
    n, r, left = (_leaflet(sampler, frame, levels, hinge, lumen_hu, noise_hu) for hinge in np.asarray(hinges_mm))
    return n, r, left


def leaflets_json(
    leaflets: Sequence[Leaflet | None],
) -> tuple[dict[str, Any], tuple[Finding, ...]]:
    """The plan's "leaflets", and what was not seen."""
    rows = dict(zip(CUSPS, leaflets, strict=True))
    missing = [name.upper() for name, leaflet in rows.items() if leaflet is None]
    seen = [leaflet for leaflet in leaflets if leaflet is not None]
    result = {
        **{f"{name}_mm": None if leaflet is None else leaflet.length_mm for name, leaflet in rows.items()},
        "free_edge_mm": {
            name: None if leaflet is None else leaflet.points_mm[-1].tolist() for name, leaflet in rows.items()
        },
        "profile_mm": {name: None if leaflet is None else leaflet.points_mm.tolist() for name, leaflet in rows.items()},
        "uncertainty_mm": max((leaflet.uncertainty_mm for leaflet in seen), default=None),
    }
    text = f"The free edge of the {', '.join(missing)} leaflet cannot be told here; its length is left out."
    return result, (Finding("leaflet_missing", text),) if missing else ()


def _leaflet(
    sampler: Sampler, frame: Frame, levels: Sequence[Level], hinge: FloatArray, lumen: float, noise: float
) -> Leaflet | None:
    from scipy import ndimage

    hinge = hinge - ((hinge - frame.origin_mm) @ frame.normal) * frame.normal
    inward = frame.origin_mm - hinge
    inward = inward / np.linalg.norm(inward)
    across = np.cross(frame.normal, inward)
    d = np.arange(-BEHIND_MM, INWARD_MM + 1e-9, STEP_MM)
    w = np.arange(-BELOW_MM, UPWARD_MM + 1e-9, STEP_MM)
    dd, ww = np.meshgrid(d, w, indexing="ij")
    plane = hinge + dd[..., None] * inward + ww[..., None] * frame.normal
    slab = np.stack([sampler.at(plane + s * across) for s in SLAB_MM])
    if np.isnan(slab).mean() > 0.3:
        return None
    slab = np.nan_to_num(slab, nan=-1024.0)
    bright = ndimage.maximum_filter((slab > lumen + CALCIUM_OVER_HU).any(axis=0), 5)
    image = np.clip(slab, lumen - 400.0, lumen).mean(axis=0)
    size = round(LEAF_MM / STEP_MM)
    around = np.hypot(*np.meshgrid(*[np.arange(size + 1) - size / 2.0] * 2)) <= size / 2.0
    dark = ndimage.grey_closing(image, footprint=around) - image
    inside, axis = _limits(frame, levels, hinge, inward, d, w)
    typical = _typical(dark, inside, bright, d, w)
    if typical < max(LEAST_CONTRAST_HU, LEAST_CONTRAST_SDS * noise):
        return None
    gain = np.minimum(dark, 1.5 * typical) - HALF * typical
    # a lump of calcium in the line is leaflet, though it is not dark
    gain = np.where(bright, np.maximum(gain, 0.3 * typical), gain)
    gain = np.where(inside, gain, -2.0 * typical)
    path = _best_path(gain, typical, axis)
    if path is None:
        return None
    radius, angle = path
    x, y = radius * np.cos(angle), radius * np.sin(angle)
    x, y = (
        ndimage.gaussian_filter1d(np.concatenate([[0.0], values]), 1.2, mode="nearest", truncate=3.0)
        for values in (x, y)
    )
    x[0], y[0] = 0.0, 0.0
    x[-1], y[-1] = radius[-1] * np.cos(angle[-1]), radius[-1] * np.sin(angle[-1])
    length = float(np.hypot(np.diff(x), np.diff(y)).sum())
    if length < SHORTEST_MM:
        return None
    drawn = np.unique(np.linspace(0, len(x) - 1, min(DRAWN_POINTS, len(x))).round().astype(int))
    points = hinge + x[drawn, None] * inward + y[drawn, None] * frame.normal
    clear = typical > CLEAR_SDS * noise
    return Leaflet(points, length, typical, SPREAD_MM if clear else FAINT_SPREAD_MM)


def _limits(
    frame: Frame, levels: Sequence[Level], hinge: FloatArray, inward: FloatArray, d: FloatArray, w: FloatArray
) -> tuple[npt.NDArray[np.bool_], FloatArray]:
    """(D, W) where a leaflet can be: inside the wall and not past the root's axis; (W,) the axis's distance."""
    known = np.array([level.height_mm for level in levels])
    outward = np.array([[-inward @ frame.right, -inward @ frame.up]])
    angle = np.arctan2(outward[:, 1], outward[:, 0])
    axis, wall = [], []
    for level in levels:
        center = float((level.contour.frame.origin_mm - hinge) @ inward)
        axis.append(center)
        wall.append(center - float((fourier_basis(angle) @ level.contour.coefficients)[0]))
    axis_at, wall_at = np.interp(w, known, axis), np.interp(w, known, wall)
    inside = (d[:, None] >= wall_at[None] + WALL_SLACK_MM) & (d[:, None] <= axis_at[None] + AXIS_SLACK_MM)
    near = np.hypot(d[:, None], w[None]) < HIDDEN_MM
    return inside | near, axis_at


def _typical(
    dark: FloatArray,
    inside: npt.NDArray[np.bool_],
    bright: npt.NDArray[np.bool_],
    d: FloatArray,
    w: FloatArray,
) -> float:
    """Darkness of the darkest line 3 to 8 mm from the hinge: on rings about it, the greatest; their median.

    Rings with calcium show no dark line; a leaflet that is calcified all along is taken for a usual one.
    """
    away = np.hypot(d[:, None], w[None])
    use = inside & (w[None] > -0.5)
    best, calcified = [], 0
    for radius in np.arange(3.0, 8.1, 0.5):
        ring = use & (np.abs(away - radius) < 0.25)
        if (ring & bright).any():
            calcified += 1
        elif ring.any():
            best.append(float(dark[ring].max()))
    if len(best) < FEWEST_RINGS:
        return USUAL_HU if calcified > FEWEST_RINGS else 0.0
    return float(np.median(best))


def _best_path(gain: FloatArray, typical: float, axis: FloatArray) -> tuple[FloatArray, FloatArray] | None:
    """Radii and angles about the hinge of the line with the greatest sum of gain, ending where that is greatest."""
    from scipy import ndimage

    radii = np.arange(FIRST_MM, LONGEST_MM + 1e-9, STEP_MM)
    angles = np.radians(ANGLES_DEG)
    at = np.stack(
        [
            (radii[:, None] * np.cos(angles) + BEHIND_MM) / STEP_MM,
            (radii[:, None] * np.sin(angles) + BELOW_MM) / STEP_MM,
        ]
    )
    net = ndimage.map_coordinates(gain, at, order=1, mode="constant", cval=-2.0 * typical)
    # next to the hinge leaflet and wall are one
    net = np.where(radii[:, None] < HIDDEN_MM, np.maximum(net, 0.0), net)
    count = len(angles)
    total = np.zeros(count)
    back = np.zeros(net.shape, dtype=np.intp)
    totals = np.empty(net.shape)
    for row, radius in enumerate(radii):
        # a line runs outwards at up to 60° to the ray
        reach = int(np.clip(1.8 * STEP_MM / radius / (angles[1] - angles[0]), 1, 12))
        steps = np.arange(-reach, reach + 1)
        padded = np.pad(total, reach, constant_values=-np.inf)
        turned = steps * (angles[1] - angles[0]) * radius / STEP_MM
        options = np.stack([padded[reach + s : reach + s + count] for s in steps]) - (
            0.04 * typical * turned[:, None] ** 2
        )
        back[row] = steps[np.argmax(options, axis=0)]
        # a line that bends is longer: its gain counts by length
        total = options.max(axis=0) + net[row]
        totals[row] = total
    end = int(np.argmax(totals.max(axis=1)))
    if radii[end] < SHORTEST_MM:
        return None
    column = int(np.argmax(totals[end]))
    path = np.empty(end + 1, dtype=np.intp)
    for row in range(end, -1, -1):
        path[row] = column
        column = int(np.clip(column + back[row, column], 0, count - 1))
    return radii[: end + 1], angles[path]
