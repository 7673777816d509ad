"""A C-arm, its table and a patient lying on it, as surfaces in LPS mm about the isocentre. A picture, not a machine's data."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from app.theme.tokens import DARK, PLANES, PLANS
from planning.geometry import FloatArray, detector_direction, unit
from planning.mesh import SurfaceMesh
from planning.registry import structure_style
from viewers.overlay import SurfaceItem

DETECTOR_MM, SOURCE_MM = 430.0, 640.0
ARC_PX, AROUND = 40, 14
DETECTOR_HALF_MM = (175.0, 175.0, 38.0)
TABLE_MM = 150.0
PATIENT_ALPHA = 0.38


def carm_surfaces(lao_deg: float, cra_deg: float) -> list[SurfaceItem]:
    """Everything of the room; the arm stands at these angles, the isocentre is the heart."""
    d = detector_direction(lao_deg, cra_deg)
    metal, light, skin = PLANES["3d"], DARK["t1"], PLANES["3d"]
    head = np.array((0.0, 0.0, 1.0))
    # the arm passes behind the patient's head
    along = unit(head - (head @ d) * d)
    across = np.cross(d, along)
    turn = np.linspace(0.0, np.pi, ARC_PX)
    detector, source = DETECTOR_MM * d, -SOURCE_MM * d
    middle, half = (detector + source) / 2.0, (DETECTOR_MM + SOURCE_MM) / 2.0
    arc = middle + half * (np.cos(turn)[:, None] * d + 1.15 * np.sin(turn)[:, None] * along)
    return [
        _item("arc", tube(arc, 44.0), light),
        _item("detector", box(detector, (across, along, d), DETECTOR_HALF_MM), light),
        _item("neck", box(detector + 78.0 * d, (across, along, d), (95.0, 95.0, 48.0)), metal),
        _item("source", tube(np.stack([source - 90.0 * d, source + 90.0 * d]), 92.0), light),
        _item("collimator", tube(np.stack([source + 90.0 * d, source + 125.0 * d]), 56.0), metal),
        _item("beam", tube(np.stack([source + 125.0 * d, detector - 38.0 * d]), 3.5), PLANS["a"]),
        _item("table", _table(), DARK["line2"]),
        _item("patient", joined(_patient()), skin, PATIENT_ALPHA),
        _item("heart", ellipsoid((0.0, 0.0, 0.0), (44.0, 40.0, 50.0)), PLANS["a"], 0.55),
        _item("aorta", tube(_arch(), 15.0), structure_style("aorta").color),
    ]


def _item(key: str, mesh: SurfaceMesh, color: str, opacity: float = 1.0) -> SurfaceItem:
    return SurfaceItem(key=key, mesh=mesh, color=color, opacity=opacity)


def _table() -> SurfaceMesh:
    """In short pieces: long thin triangles are drawn with gaps."""
    places = np.linspace(-1320.0, 480.0, 19)
    pieces = [box((0.0, TABLE_MM + 18.0, z), np.eye(3), (250.0, 14.0, 50.0)) for z in places]
    return joined(pieces)


def joined(parts: Sequence[SurfaceMesh]) -> SurfaceMesh:
    """Several surfaces as one."""
    starts = np.cumsum([0, *(len(part.points_mm) for part in parts)])
    triangles = [part.triangles + start for part, start in zip(parts, starts[:-1], strict=True)]
    return SurfaceMesh(np.concatenate([part.points_mm for part in parts]), np.concatenate(triangles).astype(np.int32))


def _patient() -> Sequence[SurfaceMesh]:
    """Trunk, head, arms and legs, the heart at the isocentre a little left of the middle."""
    x, y = -18.0, 25.0
    parts = [
        ellipsoid((x, y, -60.0), (178.0, 112.0, 330.0)),
        ellipsoid((x, y + 8.0, -420.0), (168.0, 100.0, 170.0)),
        ellipsoid((x, y + 20.0, 330.0), (78.0, 95.0, 112.0)),
    ]
    for side in (-1.0, 1.0):
        parts.append(ellipsoid((x + side * 215.0, y + 40.0, -150.0), (46.0, 46.0, 330.0)))
        parts.append(ellipsoid((x + side * 92.0, y + 30.0, -830.0), (82.0, 78.0, 430.0)))
    return parts


def _arch() -> FloatArray:
    """The ascending aorta and its arch."""
    turn = np.linspace(0.0, 1.1 * np.pi, 26)
    rise = np.stack([np.zeros(6), np.linspace(-6, -12, 6), np.linspace(0.0, 62.0, 6)], axis=1)
    bow = np.stack([18.0 * (1 - np.cos(turn)), -12.0 + 26.0 * (1 - np.cos(turn)), 66.0 + 34.0 * np.sin(turn)], axis=1)
    return np.concatenate([rise, bow])


def box(middle: npt.ArrayLike, axes: npt.ArrayLike, half_mm: Sequence[float]) -> SurfaceMesh:
    """A box with these half lengths along three unit axes; each face has corners of its own, so that edges are sharp."""
    center, directions = np.asarray(middle, dtype=np.float64), np.asarray(axes, dtype=np.float64)
    points: list[FloatArray] = []
    triangles: list[tuple[int, int, int]] = []
    for axis in range(3):
        u, v = (directions[n] * half_mm[n] for n in range(3) if n != axis)
        for sign in (1.0, -1.0):
            base = center + sign * half_mm[axis] * directions[axis]
            start = len(points)
            points += [base + a * u + b * v for a, b in ((1, 1), (-1, 1), (-1, -1), (1, -1))]
            outward = np.cross(u, v) @ directions[axis] * sign > 0
            for a, b, c in ((0, 1, 2), (0, 2, 3)):
                triangles.append((start + a, start + b, start + c) if outward else (start + a, start + c, start + b))
    return SurfaceMesh(np.array(points), np.array(triangles, dtype=np.int32))


def tube(line: npt.ArrayLike, radius_mm: float) -> SurfaceMesh:
    """A tube about a polyline (N, 3), closed at both ends."""
    points = np.asarray(line, dtype=np.float64)
    tangents = np.gradient(points, axis=0)
    tangents /= np.linalg.norm(tangents, axis=1, keepdims=True)
    side = np.cross(tangents[0], np.eye(3)[int(np.argmin(np.abs(tangents[0])))])
    rings = []
    angles = np.arange(AROUND) * (2.0 * np.pi / AROUND)
    for point, tangent in zip(points, tangents, strict=True):
        side = unit(side - (side @ tangent) * tangent)
        up = np.cross(tangent, side)
        rings.append(point + radius_mm * (np.cos(angles)[:, None] * side + np.sin(angles)[:, None] * up))
    triangles = []
    for ring in range(len(points) - 1):
        for n in range(AROUND):
            a, b = ring * AROUND + n, ring * AROUND + (n + 1) % AROUND
            triangles += [(a, b, b + AROUND), (a, b + AROUND, a + AROUND)]
    # lids with corners of their own
    vertices = [*rings, rings[0], points[:1], rings[-1], points[-1:]]
    first = len(points) * AROUND
    last = first + AROUND + 1
    for n in range(AROUND):
        following = (n + 1) % AROUND
        triangles.append((first + AROUND, first + following, first + n))
        triangles.append((last + AROUND, last + n, last + following))
    return SurfaceMesh(np.concatenate(vertices), np.array(triangles, dtype=np.int32))


def ellipsoid(middle: npt.ArrayLike, radii_mm: Sequence[float], rows: int = 14, columns: int = 24) -> SurfaceMesh:
    """An ellipsoid along the patient's axes."""
    polar = np.linspace(0.0, np.pi, rows + 1)
    around = np.arange(columns) * (2.0 * np.pi / columns)
    p, a = np.meshgrid(polar, around, indexing="ij")
    sphere = np.stack([np.sin(p) * np.cos(a), np.sin(p) * np.sin(a), np.cos(p)], axis=-1).reshape(-1, 3)
    triangles = []
    for row in range(rows):
        for n in range(columns):
            first, second = row * columns + n, row * columns + (n + 1) % columns
            triangles += [(first, first + columns, second), (second, first + columns, second + columns)]
    points = np.asarray(middle, dtype=np.float64) + sphere * np.asarray(radii_mm)
    return SurfaceMesh(points, np.array(triangles, dtype=np.int32))
