"""Couinaud's eight segments from landmarks, by surfaces about the vena cava (Couinaud, Le foie, 1957).

Directions about the cava's axis, in planes across the body, tell left from right: 0° is the patient's left, 90° front,
180° right, 270° back. A boundary is an angle for each height: the surface is ruled, from the axis through the vein. The
axes are the patient's (LPS), never the image's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.errors import UsageError
from planning.findings import Finding
from planning.geometry import FloatArray, Vector, unit
from planning.liver.organ import within
from planning.liver.places import Place, place_from_json
from planning.liver.tree import VesselTree, nearest_point
from planning.volume import Mask

NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")
S1, S2, S3, S4, S5, S6, S7, S8 = range(8)
LANDMARKS = (
    "cava",
    "gallbladder_fossa",
    "right_vein",
    "middle_vein",
    "left_vein",
    "portal_bifurcation",
    "umbilical_portion",
    "ligamentum_venosum",
)
METHODS = ("", "branches")
SEAM_DEG = 315.0
CAVA_RADIUS_MM = 12.0
CAUDATE_BELOW_MM = 15.0
NEAR_VEIN_MM = 12.0
HEIGHT_STEP_MM = 4.0
LEAST_RADIUS_MM = 12.0
"""Nearer to the axis than this a vein has no direction."""


@dataclass(frozen=True, slots=True)
class SegmentName:
    """The portal branch at a place supplies a segment, says a person."""

    at_mm: Place
    segment: str

    def as_json(self) -> dict[str, Any]:
        """As a plan's inputs keep it."""
        return {"at_mm": list(self.at_mm), "segment": self.segment}


@dataclass(frozen=True, slots=True)
class CouinaudInputs:
    """What a person says of the segments. landmarks: name of `LANDMARKS` → place; names: of portal branches, in order.

    method: "branches" where landmarks shall be kept and not used; "" for landmarks as soon as there are all eight.
    """

    landmarks: tuple[tuple[str, Place], ...] = ()
    names: tuple[SegmentName, ...] = ()
    method: str = ""

    def as_json(self) -> dict[str, Any]:
        """As a plan's inputs keep it."""
        return {
            "landmarks": {name: list(place) for name, place in self.landmarks},
            "names": [name.as_json() for name in self.names],
            **({"method": self.method} if self.method else {}),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> CouinaudInputs:
        """Raises UsageError for an unknown landmark, segment or method, or a place that is not three numbers."""
        places = {}
        for name, place in dict(value.get("landmarks") or {}).items():
            if name not in LANDMARKS:
                raise UsageError(f"There is no landmark '{name}'", f"Use {', '.join(LANDMARKS)}")
            places[name] = place_from_json(place)
        names = []
        for one in value.get("names") or ():
            if one.get("segment") not in NUMERALS:
                raise UsageError(f"There is no segment '{one.get('segment')}'", f"Use {', '.join(NUMERALS)}")
            names.append(SegmentName(place_from_json(one.get("at_mm")), one["segment"]))
        method = value.get("method", "")
        if method not in METHODS:
            raise UsageError(f"There is no method '{method}' for segments", 'Use "branches", or leave it out')
        return cls(tuple((name, places[name]) for name in LANDMARKS if name in places), tuple(names), method)


@dataclass(frozen=True, slots=True, eq=False)
class Couinaud:
    """The organ parted into segments.

    method: "branches" or "landmarks". names: Roman numerals of the segments that there are. of_voxel: (M,) uint8 number
    in `names` of each organ voxel, C order of its box. volumes_ml and confidence (0…1; 1 by landmarks): of each name.
    portal_points: (N,) number in `names` of each point of the portal tree, −1 for stems; None by landmarks. doubts: middles
    of the branches that lie between two segments.
    """

    method: str
    names: tuple[str, ...]
    of_voxel: npt.NDArray[np.uint8]
    volumes_ml: tuple[float, ...]
    confidence: tuple[float, ...]
    portal_points: npt.NDArray[np.int64] | None
    findings: tuple[Finding, ...]
    doubts: tuple[Place, ...] = ()

    def segment_mask(self, name: str, organ: Mask) -> npt.NDArray[np.bool_]:
        """bool `[k, j, i]` of the organ's box: the voxels of one segment."""
        voxels = np.zeros(organ.voxels.shape, dtype=bool)
        voxels[organ.voxels] = self.of_voxel == self.names.index(name)
        return voxels

    def shares(self, organ: Mask, tumor: Mask) -> dict[str, float]:
        """Share of a tumour's voxels in each segment that has any, largest first."""
        counts = np.bincount(self.of_voxel[within(tumor, organ)[organ.voxels]], minlength=len(self.names))
        total = int(counts.sum())
        order = np.argsort(-counts, kind="stable")
        return {self.names[n]: float(counts[n] / total) for n in order if counts[n]}

    def as_json(self) -> list[dict[str, Any]]:
        """The contract's territories, with how each was named."""
        return [
            {"name": name, "tree": "couinaud", "volume_ml": volume, "method": f"by {self.method}", "confidence": sure}
            for name, volume, sure in zip(self.names, self.volumes_ml, self.confidence, strict=True)
        ]


@dataclass(frozen=True, slots=True, eq=False)
class Boundary:
    """A ruled surface: heights_mm: (H,) rising z; angle_deg: (H,) there, constant above and below."""

    heights_mm: FloatArray
    angle_deg: FloatArray

    def at(self, z: FloatArray) -> FloatArray:
        """The boundary's angle at each height."""
        return np.asarray(np.interp(z, self.heights_mm, self.angle_deg))


@dataclass(frozen=True, slots=True, eq=False)
class SegmentSurfaces:
    """What parts the liver. axis_mm: (A, 3) points of the cava's axis, rising. bifurcation_mm: (3,) of the portal vein.

    umbilical, middle, right: IV from II and III, right from left, front from back. left_mm, left_normal, left_bow: the
    left vein's surface, II on the side of the normal; the bow is (along the vein, height over the plane), (B, 2).
    caudate: plane (point, normal to the back) in front of segment I; its left and right bounds in x.
    """

    axis_mm: FloatArray
    bifurcation_mm: Vector
    umbilical: Boundary
    middle: Boundary
    right: Boundary
    left_mm: Vector
    left_along: Vector
    left_normal: Vector
    left_bow: FloatArray
    caudate: tuple[Vector, Vector, float, float] | None

    def angles(self, points_mm: FloatArray) -> FloatArray:
        """(N,) directions of (N, 3) points about the axis at their height, SEAM − 360 … SEAM degrees."""
        return angles_about(self.axis_mm, points_mm)

    def segments(self, points_mm: FloatArray) -> npt.NDArray[np.uint8]:
        """(N,) number in `NUMERALS` of each of (N, 3) points."""
        angle, z = self.angles(points_mm), points_mm[:, 2]
        upper = z > self.bifurcation_mm[2]
        found = np.where(upper, S7, S6).astype(np.uint8)
        front = angle < self.right.at(z)
        found[front] = np.where(upper, S8, S5)[front]
        left = angle < self.middle.at(z)
        found[left] = S4
        lateral = left & (angle < self.umbilical.at(z))
        found[lateral] = np.where(self.behind_left_vein(points_mm[lateral]), S2, S3)
        found[self.in_caudate(points_mm)] = S1
        return found

    def behind_left_vein(self, points_mm: FloatArray) -> npt.NDArray[np.bool_]:
        """(N,) True for the points behind and above the left vein's surface."""
        from_vein = points_mm - self.left_mm
        bow = np.interp(from_vein @ self.left_along, self.left_bow[:, 0], self.left_bow[:, 1])
        return np.asarray(from_vein @ self.left_normal > bow)

    def in_caudate(self, points_mm: FloatArray) -> npt.NDArray[np.bool_]:
        """(N,) True for the points between cava, ligamentum venosum and portal bifurcation."""
        if self.caudate is None:
            return np.zeros(len(points_mm), dtype=bool)
        point, backwards, leftmost, rightmost = self.caudate
        x = points_mm[:, 0]
        return np.asarray(
            ((points_mm - point) @ backwards > 0.0)
            & (x <= leftmost)
            & (x >= rightmost)
            & (points_mm[:, 2] >= self.bifurcation_mm[2] - CAUDATE_BELOW_MM)
        )


def angles_about(axis_mm: FloatArray, points_mm: FloatArray) -> FloatArray:
    """(N,) directions of points about an axis of (A, 3) points with rising z, in degrees; the seam is back left."""
    z = points_mm[:, 2]
    dx = points_mm[:, 0] - np.interp(z, axis_mm[:, 2], axis_mm[:, 0])
    dy = points_mm[:, 1] - np.interp(z, axis_mm[:, 2], axis_mm[:, 1])
    angle = np.degrees(np.arctan2(-dy, dx))
    return np.asarray(np.mod(angle - (SEAM_DEG - 360.0), 360.0) + (SEAM_DEG - 360.0))


def boundary_through(axis_mm: FloatArray, points_mm: FloatArray) -> Boundary:
    """The ruled surface from the axis through a vein's (N, 3) points, the mean of each 4 mm of height."""
    z = points_mm[:, 2]
    dx = points_mm[:, 0] - np.interp(z, axis_mm[:, 2], axis_mm[:, 0])
    dy = points_mm[:, 1] - np.interp(z, axis_mm[:, 2], axis_mm[:, 1])
    clear = np.hypot(dx, dy) >= LEAST_RADIUS_MM
    chosen = points_mm[clear] if clear.any() else points_mm
    angle = angles_about(axis_mm, chosen)
    bin_of = np.floor((chosen[:, 2] - chosen[:, 2].min()) / HEIGHT_STEP_MM).astype(int)
    count = np.bincount(bin_of)
    used = count > 0
    heights = np.bincount(bin_of, chosen[:, 2])[used] / count[used]
    return Boundary(heights, np.bincount(bin_of, angle)[used] / count[used])


def left_surface(start_mm: Vector, line_mm: FloatArray) -> tuple[Vector, Vector, FloatArray]:
    """Direction along the left vein, normal to the back and upwards, and (B, 2) bow of its line from the plane."""
    along = unit(line_mm[-1] - start_mm)
    backwards = np.array((0.0, 1.0, 1.0))
    normal = unit(backwards - (backwards @ along) * along)
    offset = line_mm - start_mm
    order = np.argsort(offset @ along)
    return along, normal, np.stack([(offset @ along)[order], (offset @ normal)[order]], axis=1)


def surfaces_from_landmarks(
    landmarks: Mapping[str, Place], hepatic: VesselTree | None
) -> tuple[SegmentSurfaces | None, tuple[Finding, ...]]:
    """The surfaces of eight clicks; through the centrelines of the veins that pass within 12 mm of them, where there is
    a hepatic tree. None with the reason where landmarks are missing or out of order."""
    missing = [name for name in LANDMARKS if name not in landmarks]
    if missing:
        return None, (
            Finding("couinaud_landmarks", f"Segments from landmarks need {', '.join(missing).replace('_', ' ')}, too"),
        )
    place = {name: np.array(landmarks[name], dtype=np.float64) for name in LANDMARKS}
    cava = place["cava"]
    axis = np.array([cava - (0.0, 0.0, 1.0), cava])
    radius = CAVA_RADIUS_MM
    if hepatic is not None:
        point, gap = nearest_point(hepatic, cava)
        if gap <= NEAR_VEIN_MM:
            radius = max(CAVA_RADIUS_MM, float(hepatic.radius_mm[point]))
    right = boundary_through(axis, _vein(hepatic, cava, place["right_vein"]))
    middle_line = np.concatenate([_vein(hepatic, cava, place["middle_vein"]), place["gallbladder_fossa"][None]])
    middle = boundary_through(axis, middle_line)
    umbilical = boundary_through(axis, place["umbilical_portion"][None])
    along, normal, bow = left_surface(cava, _vein(hepatic, cava, place["left_vein"]))
    bifurcation, ligament = place["portal_bifurcation"], place["ligamentum_venosum"]
    dorsal = np.cross(bifurcation - cava, ligament - cava)
    if np.linalg.norm(dorsal) < 1e-6 or abs(unit(dorsal)[1]) < 1e-3:
        return None, (
            Finding(
                "couinaud_landmarks",
                "Cava, portal bifurcation and ligamentum venosum lie on one line, or side by side: check the landmarks",
            ),
        )
    dorsal = unit(dorsal) * np.sign(dorsal[1])
    # what lies beside and behind the cava's right wall is the right lobe's
    rightmost = float(cava[0]) - radius
    surfaces = SegmentSurfaces(
        axis_mm=axis,
        bifurcation_mm=bifurcation,
        umbilical=umbilical,
        middle=middle,
        right=right,
        left_mm=cava,
        left_along=along,
        left_normal=normal,
        left_bow=bow,
        caudate=(cava, dorsal, float(max(ligament[0], cava[0])), rightmost),
    )
    order = [float(np.median(one.angle_deg)) for one in (umbilical, middle, right)]
    if not order[0] < order[1] < order[2]:
        return None, (
            Finding(
                "couinaud_landmarks",
                "The umbilical portion, the middle and the right vein do not follow each other from left to right "
                "about the vena cava: check the landmarks",
            ),
        )
    return surfaces, ()


def _vein(tree: VesselTree | None, cava: Vector, at_mm: Vector) -> FloatArray:
    """(P, 3) centreline of the vein through a place, from the cava outwards; the place alone without a vein there."""
    if tree is None:
        return at_mm[None]
    point, gap = nearest_point(tree, at_mm)
    if gap > NEAR_VEIN_MM:
        return at_mm[None]
    line = [point]
    while tree.parent[line[-1]] >= 0:
        line.append(int(tree.parent[line[-1]]))
    line.reverse()
    # towards the end along the thicker way
    below = tree.children()
    while below[line[-1]]:
        line.append(max(below[line[-1]], key=lambda child: float(tree.radius_mm[child])))
    points = tree.points_mm[line]
    nearest = int(np.linalg.norm(points - cava, axis=1).argmin())
    after = points[nearest:]
    far = np.linalg.norm(after[:, :2] - cava[:2], axis=1) >= LEAST_RADIUS_MM
    return np.asarray(after[far]) if far.any() else at_mm[None]


def couinaud_by_landmarks(organ: Mask, surfaces: SegmentSurfaces) -> Couinaud:
    """The segments of every organ voxel by the surfaces."""
    k, j, i = np.nonzero(organ.voxels)
    grid = organ.box_grid
    number = np.empty(len(k), dtype=np.uint8)
    for start in range(0, len(k), 500_000):
        part = slice(start, start + 500_000)
        number[part] = surfaces.segments(grid.to_world(np.stack([i[part], j[part], k[part]], axis=1)))
    return couinaud_of("landmarks", number, np.ones(8), organ, None, ())


def couinaud_of(
    method: str,
    number: npt.NDArray[np.uint8],
    confidence: FloatArray,
    organ: Mask,
    portal_points: npt.NDArray[np.int64] | None,
    findings: Sequence[Finding],
) -> Couinaud:
    """Segments from (M,) numbers in `NUMERALS`; those without voxels are left out."""
    counts = np.bincount(number, minlength=8)
    used = np.flatnonzero(counts)
    rank = np.full(9, -1, dtype=np.int64)
    rank[used] = np.arange(len(used))
    voxel_ml = organ.grid.voxel_mm3 / 1000.0
    what = "branch" if method == "branches" else "voxel"
    without = [NUMERALS[n] for n in range(8) if not counts[n]]
    notes = [
        *findings,
        *(Finding("segment_missing", f"Segment {name} has no {what} of its own here") for name in without),
    ]
    return Couinaud(
        method=method,
        names=tuple(NUMERALS[n] for n in used),
        of_voxel=rank[number].astype(np.uint8),
        volumes_ml=tuple(float(counts[n] * voxel_ml) for n in used),
        confidence=tuple(float(confidence[n]) for n in used),
        portal_points=None if portal_points is None else rank[portal_points],
        findings=tuple(notes),
    )
