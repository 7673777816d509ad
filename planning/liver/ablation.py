"""Ablation: zones as data, the way of the needle, and how surely the whole tumour gets its margin.

MAM, the minimal ablative margin, is the least distance from the tumour's surface to the zone's surface (Laimer et al.,
Eur Radiol 2020;30:2463). Where the tumour lies within 5 mm of the capsule there is no tissue to ablate beyond it: that
part of the surface is left out of the count.
"""

from __future__ import annotations

import functools
import importlib.resources
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.errors import MeasurementError, UsageError
from planning.geometry import FloatArray, Grid, Vector, plane_basis, unit
from planning.liver.distance import distance_to_mm
from planning.liver.margin import MarginTarget
from planning.liver.organ import BoolArray, OrganLookup
from planning.liver.resection import AblationResection
from planning.volume import Mask, Volume

CATALOGUE = "ablation_zones.json"
WANTED_MM = 5.0
CAPSULE_MM = 5.0
TRIALS = 4000
SEED = 11
WAYS = 400
WAY_STEP_MM = 1.5
COARSE_MM = 2.0
LONGEST_MM = 180.0
SKIN_HU = -300.0
LEAST_CLEAR_MM = 5.0


@dataclass(frozen=True, slots=True)
class ZoneRow:
    """One zone of the catalogue: diameters along and across the needle, with where they come from."""

    name: str
    kind: str
    long_mm: float
    short_mm: float
    power_w: float | None
    minutes: float | None
    source: str
    checked: bool


@functools.cache
def zones() -> tuple[ZoneRow, ...]:
    """The catalogue's rows."""
    text = importlib.resources.files("assets").joinpath(CATALOGUE).read_text(encoding="utf-8")
    return tuple(ZoneRow(**row) for row in json.loads(text)["zones"])


def find_zone(name: str) -> ZoneRow:
    """The zone of this name. Raises UsageError for another."""
    wanted = " ".join(name.split()).casefold()
    for row in zones():
        if row.name.casefold() == wanted:
            return row
    raise UsageError(f"There is no ablation zone '{name}'", f"The zones are: {', '.join(r.name for r in zones())}")


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedleError:
    """How far a needle ends from its target, one standard deviation, mm, and how far a zone differs from its chart.

    lateral_mm: on each of the two axes across the needle. 3.7 mm (95 % 3.2–4.2) is the mean lateral error of navigated
    ablation in 22 studies (doi 10.3389/fonc.2021.713685): a Rayleigh mean, so 3.7 / 1.253 on each axis.
    """

    lateral_mm: float = 2.95
    depth_mm: float = 2.0
    zone_share: float = 0.05

    def as_json(self) -> dict[str, float]:
        """Plain values, printed beside the probability."""
        return {"lateral_mm": self.lateral_mm, "depth_mm": self.depth_mm, "zone_share": self.zone_share}


@dataclass(frozen=True, slots=True, kw_only=True)
class AblativeMargin:
    """minimum_mm: MAM as planned, None where all of the tumour lies at the capsule. probability: of MAM ≥ wanted_mm."""

    minimum_mm: float | None
    probability: float | None
    wanted_mm: float
    at_capsule_share: float
    error: NeedleError

    def as_json(self) -> dict[str, Any]:
        """Plain values for the plan."""
        return {
            "minimum_mm": self.minimum_mm,
            "probability": self.probability,
            "wanted_mm": self.wanted_mm,
            "at_capsule_share": self.at_capsule_share,
            "error": self.error.as_json(),
        }


def measure_ablation(
    zone: AblationResection,
    target: MarginTarget,
    organ: OrganLookup,
    *,
    wanted_mm: float = WANTED_MM,
    error: NeedleError | None = None,
) -> AblativeMargin:
    """The planned MAM of one zone about one tumour, and how probable at least `wanted_mm` is under the error model.

    A margin of m everywhere means that the tumour's surface moved out by m lies inside the zone; the probability counts
    4,000 needle places and zone sizes for which it does (fixed seed).
    """
    error = error or NeedleError()
    points, normals = _surface(target)
    counted = organ.contains(points + CAPSULE_MM * normals)
    share = 1.0 - float(counted.mean())
    if not counted.any():
        return AblativeMargin(
            minimum_mm=None, probability=None, wanted_mm=wanted_mm, at_capsule_share=share, error=error
        )
    points, normals = points[counted], normals[counted]
    least = float(_to_surface_mm(zone, points).min())
    generator = np.random.default_rng(SEED)
    u, v = plane_basis(zone.axis)
    moved = generator.normal(size=(TRIALS, 3)) * (error.lateral_mm, error.lateral_mm, error.depth_mm)
    centers = zone.target_mm + moved @ np.stack([u, v, zone.axis])
    scale = np.maximum(1.0 + error.zone_share * generator.normal(size=TRIALS), 0.2)
    outer = _hull(points + wanted_mm * normals)
    enough = 0
    for start in range(0, TRIALS, 500):
        part = slice(start, start + 500)
        away = outer[None] - centers[part, None]
        along = away @ zone.axis
        across = np.maximum((away**2).sum(axis=2) - along**2, 0.0)
        q = (along / zone.long_mm) ** 2 + across / zone.short_mm**2
        enough += int((q.max(axis=1) <= scale[part] ** 2).sum())
    return AblativeMargin(
        minimum_mm=least,
        probability=enough / TRIALS,
        wanted_mm=wanted_mm,
        at_capsule_share=share,
        error=error,
    )


def _surface(target: MarginTarget) -> tuple[FloatArray, FloatArray]:
    """(V, 3) points of the tumour's surface and their outward unit normals."""
    mesh = target.surface.mesh
    corners = mesh.points_mm[mesh.triangles]
    face = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals = np.zeros_like(mesh.points_mm)
    for n in range(3):
        np.add.at(normals, mesh.triangles[:, n], face)
    return mesh.points_mm, normals / np.maximum(np.linalg.norm(normals, axis=1), 1e-12)[:, None]


def _hull(points: FloatArray) -> FloatArray:
    """The points' convex hull: a zone holds all of them when it holds these."""
    from scipy.spatial import ConvexHull, QhullError

    try:
        return np.asarray(points[ConvexHull(points).vertices])
    except QhullError:
        return points


def _to_surface_mm(zone: AblationResection, points_mm: FloatArray) -> FloatArray:
    """(N,) signed distances from points to the zone's surface, positive inside: Newton on the nearest point's equation.

    In the half plane of the axis the nearest point of an ellipse with semi-axes a, b solves
    (a y / (t + a²))² + (b z / (t + b²))² = 1 for t (Eberly's form).
    """
    away = points_mm - zone.target_mm
    along = np.abs(away @ zone.axis)
    across = np.sqrt(np.maximum((away**2).sum(axis=1) - (away @ zone.axis) ** 2, 0.0))
    a, b = zone.long_mm, zone.short_mm
    p, s = (along, across), (a, b)
    if a < b:
        p, s = (across, along), (b, a)
    (y, z), (large, small) = p, s
    low, high = -(small**2) + small * z, -(small**2) + np.hypot(large * y, small * z)
    for _ in range(60):
        t = 0.5 * (low + high)
        value = (large * y / (t + large**2)) ** 2 + (small * z / np.maximum(t + small**2, 1e-12)) ** 2
        low, high = np.where(value > 1.0, t, low), np.where(value > 1.0, high, t)
    t = 0.5 * (low + high)
    foot_y = large**2 * y / (t + large**2)
    foot_z = small**2 * z / np.maximum(t + small**2, 1e-12)
    # on the long axis near the middle the nearest point leaves the axis
    flat = z < 1e-9
    reach = large**2 - small**2
    inner = flat & (large * y < reach) if reach > 0.0 else np.zeros(len(y), dtype=bool)
    foot_y = np.where(inner, large**2 * y / max(reach, 1e-12), foot_y)
    foot_z = np.where(inner, small * np.sqrt(np.maximum(1.0 - (foot_y / large) ** 2, 0.0)), foot_z)
    distance = np.hypot(foot_y - y, foot_z - z)
    inside = (y / large) ** 2 + (z / small) ** 2 <= 1.0
    return np.asarray(np.where(inside, distance, -distance))


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class NeedleWay:
    """A straight way from the skin to a target. clear_mm: least distance to each kind of obstacle, wall to needle."""

    entry_mm: Vector
    target_mm: Vector
    length_mm: float
    clear_mm: Mapping[str, float]

    @property
    def least_mm(self) -> float:
        """The nearest obstacle of all."""
        return min(self.clear_mm.values(), default=float("inf"))


def body_mask(volume: Volume) -> Mask:
    """The patient on a 2 mm net of the scan's grid: what is not air, in one piece, its hollows filled slice by slice."""
    from scipy import ndimage

    stride = np.maximum(np.rint(COARSE_MM / volume.grid.spacing_mm), 1).astype(int)
    coarse = volume.voxels[:: stride[2], :: stride[1], :: stride[0]] > SKIN_HU
    opened = ndimage.binary_opening(coarse, iterations=1)
    labels, count = ndimage.label(opened)
    if not count:
        raise MeasurementError("No body is seen in this scan", "Needle ways need a CT of the trunk", "no_body")
    largest = int(np.argmax(np.bincount(labels.reshape(-1))[1:])) + 1
    body = labels == largest
    for slab in body:
        ndimage.binary_fill_holes(slab, output=slab)
    matrix = volume.grid.world_from_index.copy()
    matrix[:3, :3] *= stride
    nk, nj, ni = body.shape
    return Mask(Grid((ni, nj, nk), matrix), (0, 0, 0), body)


def find_ways(
    target_mm: Vector,
    body: Mask,
    obstacles: Sequence[tuple[str, Mask]],
    *,
    count: int = 3,
    through: OrganLookup | None = None,
) -> tuple[NeedleWay, ...]:
    """The best straight ways from the skin to a target: at least 5 mm clear of every obstacle, shortest first.

    body: `body_mask`. obstacles: (name, mask on any grid) that must not be hit: vessels, bone, lung. through: an organ
    of which some must be passed before the target, so that the tract can be sealed. Raises MeasurementError where the
    target lies outside the body or no way is clear (with the widest that there is).
    """
    grid = body.grid
    index = np.rint(grid.to_index(np.asarray(target_mm)[None])[0]).astype(int)
    if (index < 0).any() or (index >= grid.size_ijk).any() or not body.voxels[index[2], index[1], index[0]]:
        raise MeasurementError("The target lies outside the body", "Place it in the tumour", "outside")
    fields = [(name, _field(grid, mask)) for name, mask in obstacles if mask.voxel_count]
    steps = np.arange(0.0, LONGEST_MM, WAY_STEP_MM)
    ways: list[NeedleWay] = []
    for direction in _sphere(WAYS):
        points = target_mm + steps[:, None] * direction
        inside = _at(body.voxels, grid, points)
        if inside.all():
            continue
        last = int(np.argmin(inside))
        tract = points[:last]
        if last < 2 or (through is not None and not through.contains(tract).any()):
            continue
        # scans end within the body: a way out of the volume's top or bottom is no way through the skin
        out = grid.to_index(points[last][None])[0]
        if not 1.0 <= out[2] <= grid.size_ijk[2] - 2.0:
            continue
        clear = {name: float(_at(field, grid, tract).min()) for name, field in fields}
        ways.append(NeedleWay(entry_mm=points[last], target_mm=target_mm, length_mm=float(steps[last]), clear_mm=clear))
    if not ways:
        raise MeasurementError("No straight way leads from the skin to this target", "Choose another target", "no_way")
    good = sorted((way for way in ways if way.least_mm >= LEAST_CLEAR_MM), key=lambda way: way.length_mm)
    if not good:
        widest = max(ways, key=lambda way: way.least_mm)
        raise MeasurementError(
            f"No way is {LEAST_CLEAR_MM:.0f} mm clear; the widest comes within {max(widest.least_mm, 0.0):.1f} mm of "
            f"{min(widest.clear_mm, key=lambda name: widest.clear_mm[name])}",
            "Choose another target or place the entry by hand",
            "no_way",
        )
    return tuple(_apart(good, count))


def _apart(ways: Sequence[NeedleWay], count: int) -> list[NeedleWay]:
    """The first ways whose directions differ by at least 20° from those taken before."""
    chosen: list[NeedleWay] = []
    for way in ways:
        own = unit(way.entry_mm - way.target_mm)
        if all(float(own @ unit(other.entry_mm - other.target_mm)) < np.cos(np.radians(20.0)) for other in chosen):
            chosen.append(way)
        if len(chosen) == count:
            break
    return chosen


def _field(grid: Grid, mask: Mask) -> npt.NDArray[np.float32]:
    """Distance from each point of a coarse grid to an obstacle on its own grid."""
    k, j, i = np.nonzero(mask.voxels)
    places = mask.grid.to_world(np.stack([i, j, k], axis=1) + np.array(mask.start_ijk))
    index = np.rint(grid.to_index(places)).astype(int)
    inside = ((index >= 0) & (index < np.array(grid.size_ijk))).all(axis=1)
    held = np.zeros(grid.shape_kji, dtype=bool)
    at = index[inside]
    held[at[:, 2], at[:, 1], at[:, 0]] = True
    if not held.any():
        return np.full(grid.shape_kji, np.float32(1e3))
    return distance_to_mm(held, grid.spacing_mm)


def _at(values: npt.NDArray[Any] | BoolArray, grid: Grid, points_mm: FloatArray) -> npt.NDArray[Any]:
    """Values at the nearest samples; False or 0 outside the grid."""
    index = np.rint(grid.to_index(points_mm)).astype(int)
    inside = ((index >= 0) & (index < np.array(grid.size_ijk))).all(axis=1)
    found = np.zeros(len(points_mm), dtype=values.dtype)
    at = index[inside]
    found[inside] = values[at[:, 2], at[:, 1], at[:, 0]]
    return found


def _sphere(count: int) -> FloatArray:
    numbers = np.arange(count)
    along = 1.0 - 2.0 * (numbers + 0.5) / count
    turn = numbers * np.pi * (3.0 - np.sqrt(5.0))
    beside = np.sqrt(1.0 - along**2)
    return np.stack([beside * np.cos(turn), beside * np.sin(turn), along], axis=1)
