"""Calcium of root and LVOT: volume above a threshold, by cusp between the commissures, and its nodules.

Thresholds: fixed where given; else relative, the greatest of lumen + 4 SD, lumen + 100 and lumen × 1.25 HU. The volume
by any threshold depends on blooming, kernel and slices, so threshold and lumen are part of the result. Volumes are of
an iso-surface, not of whole voxels. A spline through the values takes what a voxel averages for blur and loses a fifth of
small nodules in 1 mm voxels; one whose means over the voxels are their values takes every scanner's pixel for a full box.
The surface is taken midway between the two.

Undiluted contrast in a chamber or vein next door is as bright as calcium. What hangs together and lies for the most part
outside the root's space, more of it than a nodule holds, is left out, but for what stands in on the blood's side of the
wall, and for what above 850 HU is a lump of its own; how much was left out is said.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.errors import UsageError
from planning.findings import Finding
from planning.geometry import FloatArray, frozen_array
from planning.section import Frame, Sampler, equal_angles, fourier_basis
from planning.tavr.root import CUSPS, Level, sector_edges, sector_of

LOWEST_MM, LVOT_TOP_MM, ANNULUS_TOP_MM = -10.0, -2.0, 3.0
WALL_MM, FLARE = 3.0, 0.12
STEP_MM = 0.25
ALWAYS_HU = 850.0
# under it all blood is counted, over it nothing that a scanner of 12 bits can tell from its own top
LEAST_HU, MOST_HU = 130.0, 2500.0
RELATIVE_SDS, RELATIVE_HU, RELATIVE_SHARE = 4.0, 100.0, 1.25
SPECK_SDS, SPECK_MM3 = 6.0, 0.6
LEAST_NODULE_MM3 = 0.5
MOST_NODULES = 60
OSTIUM_CLEAR_MM, OSTIUM_OUTSIDE_MM = 4.0, 1.0
TABLE_ANGLES, TABLE_STEP_MM = 180, 0.5
NEAR_SHARE = 0.25
OWN_SHARE, NOISE_SHARE = 0.03, 0.35
MOST_OUTSIDE_MM3, BLOOD_SIDE_MM, WORTH_MM3 = 150.0, 0.5, 2.0
REGIONS = (*CUSPS, "lvot")


def calcium_threshold(lumen_hu: float, noise_hu: float, given_hu: float | None) -> tuple[float, str]:
    """(threshold in HU, "fixed" or "relative")."""
    if given_hu is not None:
        return float(given_hu), "fixed"
    relative = (lumen_hu + RELATIVE_SDS * noise_hu, lumen_hu + RELATIVE_HU, RELATIVE_SHARE * lumen_hu)
    return max(relative), "relative"


def check_threshold(given_hu: float | None) -> None:
    """Raises UsageError for a fixed threshold that counts everything or nothing."""
    if given_hu is not None and not LEAST_HU <= given_hu <= MOST_HU:
        raise UsageError(
            f"A calcium threshold of {given_hu:g} HU cannot be used", f"Give {LEAST_HU:.0f} to {MOST_HU:.0f} HU"
        )


def calcium_findings(calcium: dict[str, Any]) -> tuple[Finding, ...]:
    """What a reader of these volumes must know: a threshold that noise in the blood reaches measures noise."""
    least = calcium["lumen_hu"] + RELATIVE_SDS * calcium["noise_hu"]
    left_out = calcium["left_out_mm3"]
    dense = Finding(
        "calcium_left_out",
        f"{left_out:.0f} mm³ next to the root belongs to something large and bright outside it, such as dense contrast "
        "in a chamber, and is not counted as calcium.",
    )
    return (*((dense,) if left_out > WORTH_MM3 else ()), *_threshold_findings(calcium, least))


def _threshold_findings(calcium: dict[str, Any], least: float) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            f"calcium_threshold_{'low' if key == 'threshold_hu' else '850'}",
            f"The blood has {calcium['lumen_hu']:.0f} ± {calcium['noise_hu']:.0f} HU: at {value:.0f} HU some of it "
            "is counted as calcium.",
        )
        for key, value in (("threshold_hu", calcium["threshold_hu"]), ("always", ALWAYS_HU))
        if value < least and not (key == "always" and calcium["threshold_hu"] == ALWAYS_HU)
    )


def measure_calcium(
    sampler: Sampler,
    frame: Frame,
    levels: Sequence[Level],
    hinge_angles: FloatArray,
    top_mm: float,
    lumen_hu: float,
    noise_hu: float,
    given_hu: float | None,
    *,
    edges: Sequence[float] | None = None,
    ostia_mm: Sequence[FloatArray | None] = (),
) -> dict[str, Any]:
    """Calcium volumes in mm³ from 10 mm below the annulus to top_mm above it, within the wall + 3 mm: the contract's keys.

    edges: angles of the commissures NR, RL, LN about the frame's origin; None: midway between the hinges. ostia_mm:
    what lies outside the wall within 4 mm of one is the coronary's. by_region adds up to total_mm3. Also: above_850_mm3
    and by_region_850, annulus_mm3 (−2 … +3 mm), lvot (extent), nodules (≥ 0.5 mm³, greatest first), uncertainty_mm3
    (95 % half-width of the iso-volume; not of blooming).
    """
    threshold, method = calcium_threshold(lumen_hu, noise_hu, given_hu)
    bits = calcium_bits(
        sampler, frame, levels, hinge_angles, top_mm, lumen_hu, noise_hu, given_hu, edges=edges, ostia_mm=ostia_mm
    )
    return calcium_of(bits, threshold, method, lumen_hu, noise_hu)


def calcium_bits(
    sampler: Sampler,
    frame: Frame,
    levels: Sequence[Level],
    hinge_angles: FloatArray,
    top_mm: float,
    lumen_hu: float,
    noise_hu: float,
    given_hu: float | None,
    *,
    edges: Sequence[float] | None = None,
    ostia_mm: Sequence[FloatArray | None] = (),
) -> CalciumBits:
    """What may hold calcium in the root's space, as small cubes; arguments as of `measure_calcium`."""
    threshold, _ = calcium_threshold(lumen_hu, noise_hu, given_hu)
    borders = sector_edges(hinge_angles, (None, None, None)) if edges is None else edges
    root = _Root.of(frame, levels, top_mm, borders, ostia_mm)
    least = min(threshold - _delta(noise_hu), ALWAYS_HU)
    return _bits(_unaveraged(sampler, root), root, least, lumen_hu, sorted({threshold, max(threshold, ALWAYS_HU)}))


def replaced_bits(
    bits: CalciumBits,
    frame: Frame,
    levels: Sequence[Level],
    hinge_angles: FloatArray,
    top_mm: float,
    edges: Sequence[float] | None = None,
    ostia_mm: Sequence[FloatArray | None] = (),
) -> CalciumBits:
    """The same cubes in the space of another annulus plane, for a hinge that is dragged."""
    borders = sector_edges(hinge_angles, (None, None, None)) if edges is None else edges
    root = _Root.of(frame, levels, top_mm, borders, ostia_mm)
    height, angle, depth = root.place(bits.points)
    kept = root.holds(bits.points, height, depth)
    sector = sector_of(angle[kept], root.borders)
    height = height[kept]
    return CalciumBits(
        bits.places[kept],
        bits.points[kept],
        bits.values[kept],
        height,
        depth[kept],
        np.where(height < LVOT_TOP_MM, 3, sector),
        sector,
        bits.mm3,
        bits.left_out_mm3,
    )


def _delta(noise_hu: float) -> float:
    return NOISE_SHARE * noise_hu + 1.0


def calcium_of(bits: CalciumBits, threshold: float, method: str, lumen_hu: float, noise_hu: float) -> dict[str, Any]:
    """The volumes of these cubes; see `measure_calcium`."""
    above, lumps = bits.values > threshold, bits.labels_over(threshold)
    if threshold < lumen_hu + SPECK_SDS * noise_hu:
        # the blood's own noise reaches over the threshold in specks
        above &= np.bincount(lumps)[lumps] * bits.mm3 > SPECK_MM3
    labels = np.where(above, lumps, 0)
    by_region = bits.by_region(above)
    always = bits.by_region(bits.values > ALWAYS_HU)
    total = sum(by_region.values())
    slope = 0.5 * bits.mm3 * float((np.abs(bits.values - threshold) < _delta(noise_hu)).sum())
    return {
        "threshold_hu": threshold,
        "method": method,
        "total_mm3": total,
        "by_region": by_region,
        "above_850_mm3": sum(always.values()),
        "by_region_850": always,
        "annulus_mm3": float(bits.mm3 * (above & (bits.height >= LVOT_TOP_MM) & (bits.height < ANNULUS_TOP_MM)).sum()),
        "lvot": _lvot_extent(bits, above),
        "nodules": _nodules(bits, labels),
        "uncertainty_mm3": 2.0 * float(np.hypot(OWN_SHARE * total, slope)),
        "left_out_mm3": bits.left_out_mm3,
        "lumen_hu": lumen_hu,
        "noise_hu": noise_hu,
    }


@dataclass(frozen=True, slots=True, eq=False)
class _Root:
    """The space in which calcium counts: wall radius on `[height, angle]` about moving centres, borders, ostia."""

    frame: Frame
    heights: FloatArray
    radius: FloatArray
    centers: FloatArray
    top_mm: float
    borders: Sequence[float]
    ostia_mm: FloatArray

    @classmethod
    def of(
        cls,
        frame: Frame,
        levels: Sequence[Level],
        top_mm: float,
        borders: Sequence[float],
        ostia_mm: Sequence[FloatArray | None],
    ) -> _Root:
        """Interpolated between the levels; below the annulus its own contour goes on."""
        known = np.array([level.height_mm for level in levels])
        heights = np.arange(LOWEST_MM, top_mm + TABLE_STEP_MM, TABLE_STEP_MM)
        at = np.maximum(heights, 0.0)
        basis = fourier_basis(equal_angles(TABLE_ANGLES))
        radii = np.stack([basis @ level.contour.coefficients for level in levels])
        centers = np.stack([frame.to_plane(level.contour.frame.origin_mm) for level in levels])
        radius = np.stack([np.interp(at, known, radii[:, n]) for n in range(TABLE_ANGLES)], axis=1)
        center = np.stack([np.interp(at, known, centers[:, n]) for n in range(2)], axis=1)
        ostia = np.array([point for point in ostia_mm if point is not None]).reshape(-1, 3)
        return cls(frame, heights, radius, center, top_mm, borders, ostia)

    def place(self, points: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """(N,) height, angle about the annulus origin, and depth inside the wall (negative outside) of (N, 3) points."""
        plane = self.frame.to_plane(points)
        height = (points - self.frame.origin_mm) @ self.frame.normal
        at = np.clip((height - self.heights[0]) / TABLE_STEP_MM, 0.0, len(self.heights) - 1.001)
        row, part = at.astype(int), (at % 1.0)
        center = (1 - part)[:, None] * self.centers[row] + part[:, None] * self.centers[row + 1]
        own = plane - center
        turn = (np.arctan2(own[:, 1], own[:, 0]) % (2.0 * np.pi)) * (TABLE_ANGLES / (2.0 * np.pi))
        column = np.rint(turn).astype(int) % TABLE_ANGLES
        wall = (1 - part) * self.radius[row, column] + part * self.radius[row + 1, column]
        return height, np.arctan2(plane[:, 1], plane[:, 0]), wall - np.hypot(own[:, 0], own[:, 1])

    def holds(self, points: FloatArray, height: FloatArray, depth: FloatArray) -> npt.NDArray[np.bool_]:
        """(N,) whether calcium at these points is the root's."""
        reach = WALL_MM + FLARE * np.maximum(-height, 0.0)
        inside = (height >= LOWEST_MM) & (height < self.top_mm) & (depth >= -reach)
        for ostium in self.ostia_mm:
            inside &= (depth > -OSTIUM_OUTSIDE_MM) | (np.linalg.norm(points - ostium, axis=1) > OSTIUM_CLEAR_MM)
        return np.asarray(inside)


@dataclass(frozen=True, slots=True, eq=False)
class CalciumBits:
    """Small cubes that may hold calcium. place: (N, 3) integer places on one fine lattice.

    left_out_mm3: volume above the threshold in the root's space that belongs to a bright neighbour.
    """

    places: npt.NDArray[np.intp]
    points: FloatArray
    values: FloatArray
    height: FloatArray
    depth: FloatArray
    region: npt.NDArray[np.intp]
    sector: npt.NDArray[np.intp]
    mm3: float
    left_out_mm3: float

    def by_region(self, chosen: npt.NDArray[np.bool_]) -> dict[str, float]:
        """Volume of the chosen ones in each region."""
        counts = np.bincount(self.region[chosen], minlength=len(REGIONS))
        return {f"{name}_mm3": float(self.mm3 * count) for name, count in zip(REGIONS, counts, strict=True)}

    def labels_over(self, threshold: float) -> npt.NDArray[np.intp]:
        """(N,) number of the connected lump above the threshold, 0 below it."""
        from scipy import ndimage

        hot = np.flatnonzero(self.values > threshold)
        labels = np.zeros(len(self.values), dtype=np.intp)
        if not len(hot):
            return labels
        low = self.places[hot].min(axis=0)
        shape = self.places[hot].max(axis=0) - low + 1
        lattice = np.zeros(shape, dtype=bool)
        at = tuple((self.places[hot] - low).T)
        lattice[at] = True
        labels[hot] = ndimage.label(lattice)[0][at]
        return labels


def _unaveraged(sampler: Sampler, root: _Root) -> Sampler:
    """The root's part of the image, midway between the splines through the voxels' values and of the voxels' means."""
    from scipy import ndimage

    reach = float(root.radius.max()) + WALL_MM + 2.0
    sides = np.array([(u, v) for u in (-reach, reach) for v in (-reach, reach)])
    corners = []
    for height, center in ((root.heights[0], root.centers[0]), (root.heights[-1], root.centers[-1])):
        corners.append(root.frame.to_world(sides + center) + height * root.frame.normal)
    index = np.concatenate(corners) @ sampler.index_from_world[:3, :3].T + sampler.index_from_world[:3, 3]
    shape = np.array(sampler.coefficients.shape)[::-1]
    low = np.clip(np.floor(index.min(axis=0)).astype(int) - 6, 0, np.maximum(shape - 8, 0))
    high = np.minimum(np.maximum(np.ceil(index.max(axis=0)).astype(int) + 7, low + 8), shape)
    part = sampler.coefficients[low[2] : high[2], low[1] : high[1], low[0] : high[0]]
    whole = part
    for axis in range(3):
        whole = ndimage.convolve1d(whole, _unaverage_kernel(), axis=axis, mode="mirror")
    part = np.float32(0.5) * (part + whole)
    moved = sampler.index_from_world.copy()
    moved[:3, 3] -= low
    return Sampler(part, moved, sampler.spacing_mm)


@functools.cache
def _unaverage_kernel() -> FloatArray:
    """(25,) what turns a line of cubic-spline coefficients of values into those of means over unit voxels."""
    turn = equal_angles(128)
    values = (4.0 + 2.0 * np.cos(turn)) / 6.0
    means = (230.0 + 152.0 * np.cos(turn) + 2.0 * np.cos(2.0 * turn)) / 384.0
    whole = np.fft.ifft(values / means).real
    return frozen_array(np.concatenate([whole[-12:], whole[:13]]))


def _bits(sampler: Sampler, root: _Root, least_hu: float, lumen_hu: float, levels_hu: Sequence[float]) -> CalciumBits:
    """levels_hu: the threshold, and the one at which what was joined may come apart."""
    from scipy import ndimage

    world_from_index = np.linalg.inv(sampler.index_from_world).astype(np.float64)
    # the spline is a mean of its coefficients: above a value somewhere only where one of its neighbours is above it
    hot = ndimage.maximum_filter(sampler.coefficients, 5) > least_hu
    middle = sampler.coefficients
    for axis in range(3):
        middle = ndimage.convolve1d(middle, np.array((1.0, 4.0, 1.0)) / 6.0, axis=axis, mode="mirror")
    hot &= ndimage.maximum_filter(middle, 3) > least_hu - NEAR_SHARE * max(least_hu - lumen_hu, 0.0)
    cells = np.argwhere(hot)[:, ::-1]
    points = cells @ world_from_index[:3, :3].T + world_from_index[:3, 3]
    height, _, depth = root.place(points)
    reach = float(sampler.spacing_mm.max())
    near = (height > LOWEST_MM - reach) & (height < root.top_mm + reach) & (depth > -WALL_MM - 1.5 - reach)
    cells = cells[near]
    count = np.maximum(np.ceil(sampler.spacing_mm / STEP_MM - 1e-6), 1).astype(int)
    inside = np.stack(np.meshgrid(*[np.arange(n) for n in count], indexing="ij"), axis=-1).reshape(-1, 3)
    places = (cells[:, None, :] * count + inside[None]).reshape(-1, 3)
    points = ((places + 0.5) / count - 0.5) @ world_from_index[:3, :3].T + world_from_index[:3, 3]
    values = np.nan_to_num(sampler.at(points), nan=-1024.0)
    kept = values > least_hu
    places, points, values = places[kept], points[kept], values[kept]
    height, angle, depth = root.place(points)
    kept = root.holds(points, height, depth)
    places, points, values, height, depth = places[kept], points[kept], values[kept], height[kept], depth[kept]
    mm3 = float(abs(np.linalg.det(world_from_index[:3, :3])) / count.prod())
    angle = angle[kept]
    foreign = _foreign(middle, world_from_index, root, places // count, levels_hu) & (depth < BLOOD_SIDE_MM)
    left_out = mm3 * float((foreign & (values > levels_hu[0])).sum())
    own = ~foreign
    sector = sector_of(angle[own], root.borders)
    region = np.where(height[own] < LVOT_TOP_MM, 3, sector)
    return CalciumBits(
        places[own], points[own], values[own], height[own], depth[own], region, sector, mm3, float(left_out)
    )


def _foreign(
    values: npt.NDArray[np.float32],
    world_from_index: FloatArray,
    root: _Root,
    cells: npt.NDArray[np.intp],
    levels_hu: Sequence[float],
) -> npt.NDArray[np.bool_]:
    """(N,) whether a cube in a voxel (i, j, k) is part of something large that lies mostly outside the root's space."""
    from scipy import ndimage

    foreign = np.ones(len(cells), dtype=bool)
    mm3 = float(abs(np.linalg.det(world_from_index[:3, :3])))
    at = tuple(cells[:, ::-1].T)
    for level in levels_hu:
        labels, count = ndimage.label(values > level)
        if not count:
            return np.zeros(len(cells), dtype=bool) if level == levels_hu[0] else foreign
        hot = np.argwhere(labels > 0)
        points = hot[:, ::-1] @ world_from_index[:3, :3].T + world_from_index[:3, 3]
        height, _, depth = root.place(points)
        held = root.holds(points, height, depth)
        number = labels[tuple(hot.T)]
        inside = np.bincount(number, weights=held, minlength=count + 1)
        outside = np.bincount(number, weights=~held, minlength=count + 1)
        large = (outside > inside) & (outside * mm3 > MOST_OUTSIDE_MM3)
        part = large[labels]
        if level == levels_hu[0]:
            # its blurred edge belongs to it
            part |= ndimage.binary_dilation(part, np.ones((3, 3, 3), dtype=bool)) & (labels == 0)
        else:
            # only what is a lump of its own up here stands apart
            part |= labels == 0
        foreign &= part[at]
    return foreign


def _lvot_extent(bits: CalciumBits, above: npt.NDArray[np.bool_]) -> dict[str, Any]:
    """Calcium from 2 to 10 mm below the annulus: whether, by sector, how deep it reaches, how far it stands in."""
    low = above & (bits.region == 3)
    counts = np.bincount(bits.sector[low], minlength=3)
    some = bool(low.sum() * bits.mm3 >= LEAST_NODULE_MM3)
    return {
        "present": some,
        "by_sector": {f"{name}_mm3": float(bits.mm3 * n) for name, n in zip(CUSPS, counts, strict=True)},
        "deepest_mm": float(-bits.height[low].min()) if some else None,
        "protrusion_mm": float(max(bits.depth[low].max(), 0.0)) if some else None,
    }


def _nodules(bits: CalciumBits, labels: npt.NDArray[np.intp]) -> list[dict[str, Any]]:
    """Connected lumps of at least 0.5 mm³, the greatest first.

    region: where most of it lies. at: "lvot", "annulus" (−2 … +3 mm) or "leaflets", by its middle. protrusion_mm: how
    far it stands in from the wall, where it touches the annulus or LVOT; else null.
    """
    if not labels.any():
        return []
    sizes = np.bincount(labels)
    sizes[0] = 0
    rows = []
    for number in np.argsort(sizes)[::-1][:MOST_NODULES]:
        volume = float(sizes[number] * bits.mm3)
        if volume < LEAST_NODULE_MM3:
            break
        own = labels == number
        height = float(bits.height[own].mean())
        part = "lvot" if height < LVOT_TOP_MM else "annulus" if height < ANNULUS_TOP_MM else "leaflets"
        low = bits.height[own] < ANNULUS_TOP_MM
        rows.append(
            {
                "region": REGIONS[int(np.bincount(bits.region[own]).argmax())],
                "at": part,
                "volume_mm3": volume,
                "center_mm": bits.points[own].mean(axis=0).tolist(),
                "height_mm": height,
                "protrusion_mm": float(max(bits.depth[own][low].max(), 0.0)) if low.any() else None,
                "hu_max": float(bits.values[own].max()),
            }
        )
    return rows
