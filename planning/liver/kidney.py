"""A kidney's tumour by R.E.N.A.L., with the place that proves each letter, and its contact with the parenchyma.

Kutikov and Uzzo, J Urol 2009;182:844: Radius (greatest diameter), Exophytic share, Nearness to sinus or collecting system,
Anterior or posterior, Location against the polar lines; suffix h where the tumour touches the main artery or vein.
Polar lines are the axial levels where the sinus begins and ends. What the scan's labels do not show is None and said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from planning.errors import MeasurementError
from planning.findings import Finding
from planning.geometry import FloatArray, Grid, Vector, unit
from planning.liver.margin import MarginTarget
from planning.liver.neighbours import wall_mm
from planning.liver.organ import BoolArray, NamedMask, OrganLookup, common_grid
from planning.liver.subvoxel import fit_subvoxel_surface
from planning.liver.tumors import Tumor, find_tumors
from planning.volume import Mask, union

NEIGHBOUR_MM = 1.0
TOUCH_MM = 1.0
MIDDLE_SHARE = 0.15
LEAST_SINUS_ML = 1.0
HULL_POINTS = 400
HOLLOW_MM, HOLLOW_DEPTH_MM = 1.8, 3.0
COMPLEX_CONTACT_CM2 = 20.0
LEVELS = ((4, 6, "low"), (7, 9, "moderate"), (10, 12, "high"))


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Letter:
    """One letter: its points (None for A, or where it is not known), what was measured, and where it is seen."""

    letter: str
    points: int | None
    value: float | str | None
    unit: str
    text: str
    at_mm: tuple[Vector, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "letter": self.letter,
            "points": self.points,
            "value": self.value,
            "unit": self.unit,
            "text": self.text,
            "at_mm": [place.tolist() for place in self.at_mm],
        }


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class KidneyTumor:
    """One tumour of a kidney. contact_cm2: tumour surface beside parenchyma; formula_cm2: 2πrd, a cross-check only."""

    tumor: Tumor
    letters: tuple[Letter, ...]
    total: int | None
    suffix: str
    complexity: str
    contact_cm2: float
    formula_cm2: float

    def as_json(self) -> dict[str, Any]:
        """Plain values for a plan."""
        return {
            **self.tumor.as_json(),
            "renal": {
                "letters": [letter.as_json() for letter in self.letters],
                "total": self.total,
                "suffix": self.suffix,
                "complexity": self.complexity,
            },
            "contact_cm2": self.contact_cm2,
            "contact_formula_cm2": self.formula_cm2,
            "complex_contact": self.contact_cm2 >= COMPLEX_CONTACT_CM2,
        }


@dataclass(frozen=True, slots=True, eq=False)
class _Kidney:
    """The kidney as its letters need it. parenchyma: without tumours. hull: (F, 4) planes of its convex hull."""

    parenchyma: Mask
    surface: FloatArray
    lookup: OrganLookup
    hull: FloatArray
    sinus: FloatArray
    sinus_is_given: bool

    def is_within_outline(self, points_mm: FloatArray) -> BoolArray:
        """(N,) True inside the convex hull of the parenchyma: the outline that the kidney had without the tumour."""
        return np.asarray((points_mm @ self.hull[:, :3].T + self.hull[:, 3] <= 1e-6).all(axis=1))


def score_kidney(
    kidney: Sequence[NamedMask],
    tumors: Sequence[NamedMask],
    *,
    sinus: Sequence[NamedMask] = (),
    vessels: Sequence[NamedMask] = (),
) -> tuple[tuple[KidneyTumor, ...], tuple[Finding, ...]]:
    """R.E.N.A.L. and contact of each tumour of one kidney.

    kidney: parenchyma. sinus: collecting system or sinus; without it the kidney's hollow is taken, and said. vessels:
    main artery and vein. Raises MeasurementError without a kidney or a tumour, GeometryError for other grids.
    """
    if not kidney or not any(mask.voxel_count for _, mask in kidney):
        raise MeasurementError("The kidney has no voxels", "Segment or import it first", "organ")
    common_grid([*kidney, *tumors, *sinus, *vessels])
    found, findings = find_tumors(tumors)
    if not found:
        raise MeasurementError("No tumour of the kidney is named", "Name one", "no_tumor")
    prepared, said = _prepare(kidney, tumors, sinus)
    walls = [(name, wall_mm(mask)) for name, mask in vessels if mask.voxel_count]
    rows = tuple(_score(prepared, tumor, walls) for tumor in found)
    return rows, (*findings, *said)


def _prepare(
    kidney: Sequence[NamedMask], tumors: Sequence[NamedMask], sinus: Sequence[NamedMask]
) -> tuple[_Kidney, tuple[Finding, ...]]:
    from scipy.spatial import ConvexHull

    whole = union([mask for _, mask in kidney])
    tumor = union([mask for _, mask in tumors])
    grid = whole.grid
    inside = whole.full() & ~tumor.full()
    parenchyma = Mask.from_full(grid, inside)
    surface = wall_mm(parenchyma)
    corners = surface[ConvexHull(surface).vertices]
    hull = ConvexHull(corners[:: max(1, len(corners) // HULL_POINTS)]).equations
    findings: list[Finding] = []
    given = [mask for _, mask in sinus if mask.voxel_count]
    if given:
        points = wall_mm(union(given))
    else:
        points = _hollow(parenchyma, hull, tumor)
        findings.append(
            Finding("sinus_guessed", "No sinus is named: the kidney's hollow is taken for it; check N and L")
            if len(points)
            else Finding("no_sinus", "No sinus is named and none is seen: N and L are left out")
        )
    kidney_now = _Kidney(parenchyma, surface, OrganLookup.of(parenchyma), hull, points, bool(given))
    return kidney_now, tuple(findings)


def _hollow(parenchyma: Mask, hull: FloatArray, tumor: Mask) -> FloatArray:
    """(N, 3) wall points of the largest hollow between the kidney and its convex hull, off its outline."""
    from scipy import ndimage

    stride = np.maximum(np.rint(HOLLOW_MM / parenchyma.grid.spacing_mm), 1).astype(int)
    steps = tuple(slice(None, None, int(step)) for step in stride[::-1])
    free = ~parenchyma.voxels[steps] & ~tumor.full()[parenchyma.box_kji][steps]
    k, j, i = np.nonzero(free)
    places = parenchyma.box_grid.to_world(np.stack([i, j, k], axis=1) * stride)
    deep = np.zeros(len(places), dtype=bool)
    for start in range(0, len(places), 20_000):
        part = places[start : start + 20_000]
        deep[start : start + 20_000] = (part @ hull[:, :3].T + hull[:, 3]).max(axis=1) < -HOLLOW_DEPTH_MM
    hollow = np.zeros(free.shape, dtype=bool)
    hollow[k[deep], j[deep], i[deep]] = True
    labels, count = ndimage.label(hollow)
    if not count:
        return np.zeros((0, 3))
    sizes = np.bincount(labels.reshape(-1))[1:]
    largest = int(sizes.argmax()) + 1
    voxel_ml = parenchyma.grid.voxel_mm3 * float(np.prod(stride)) / 1000.0
    if sizes[largest - 1] * voxel_ml < LEAST_SINUS_ML:
        return np.zeros((0, 3))
    matrix = parenchyma.box_grid.world_from_index.copy()
    matrix[:3, :3] *= stride
    nk, nj, ni = free.shape
    return wall_mm(Mask(Grid((ni, nj, nk), matrix), (0, 0, 0), labels == largest))


def _score(kidney: _Kidney, tumor: Tumor, walls: Sequence[tuple[str, FloatArray]]) -> KidneyTumor:
    target = MarginTarget.of(tumor)
    letters = (
        _radius(tumor),
        _exophytic(kidney, tumor),
        _nearness(kidney, target),
        _face(kidney, tumor),
        _location(kidney, tumor),
    )
    points = [letter.points for letter in letters if letter.letter != "A"]
    total = None if any(point is None for point in points) else sum(point for point in points if point is not None)
    complexity = next((name for low, high, name in LEVELS if total is not None and low <= total <= high), "not known")
    touching = [name for name, wall in walls if len(wall) and float(target.nearest(wall)[0].min()) <= TOUCH_MM]
    face = str(letters[3].value or "x")
    contact, formula = _contact(kidney, tumor)
    return KidneyTumor(
        tumor=tumor,
        letters=letters,
        total=total,
        suffix=face + ("h" if touching else ""),
        complexity=complexity,
        contact_cm2=contact,
        formula_cm2=formula,
    )


def _radius(tumor: Tumor) -> Letter:
    from scipy.spatial.distance import cdist

    points = tumor.surface.mesh.points_mm
    axes = np.linalg.svd(points - points.mean(axis=0), full_matrices=False)[2]
    ends = np.unique([int(f(points @ axis)) for axis in axes for f in (np.argmin, np.argmax)])
    away = cdist(points[ends], points)
    first, second = np.unravel_index(int(away.argmax()), away.shape)
    cm = tumor.longest_diameter_mm / 10.0
    score = 1 if cm <= 4.0 else 2 if cm < 7.0 else 3
    place = (points[ends[int(first)]], points[int(second)])
    return Letter(letter="R", points=score, value=cm, unit="cm", text="greatest diameter", at_mm=place)


def _exophytic(kidney: _Kidney, tumor: Tumor) -> Letter:
    places = _voxel_places(tumor)
    share = 100.0 * (1.0 - float(kidney.is_within_outline(places).mean()))
    score = 1 if share >= 50.0 else 2 if share > 1.0 else 3
    level, counts = np.unique(np.round(places[:, 2], 3), return_counts=True)
    at = np.array([*tumor.centroid_mm[:2], level[int(counts.argmax())]])
    return Letter(
        letter="E", points=score, value=share, unit="%", text="of its volume outside the kidney's outline", at_mm=(at,)
    )


def _nearness(kidney: _Kidney, target: MarginTarget) -> Letter:
    if not len(kidney.sinus):
        return Letter(letter="N", points=None, value=None, unit="mm", text="no sinus to measure to", at_mm=())
    rough = np.asarray(target.tree.query(kidney.sinus)[0])
    near = kidney.sinus[np.argsort(rough, kind="stable")[:200]]
    distance, on_tumor = target.nearest(near)
    best = int(distance.argmin())
    mm = max(float(distance[best]), 0.0)
    score = 1 if mm >= 7.0 else 2 if mm > 4.0 else 3
    text = "to the sinus" if kidney.sinus_is_given else "to the kidney's hollow, taken for the sinus"
    return Letter(letter="N", points=score, value=mm, unit="mm", text=text, at_mm=(near[best], on_tumor[best]))


def _face(kidney: _Kidney, tumor: Tumor) -> Letter:
    """Before or behind the plane through the kidney's long axis and its hilum."""
    points = kidney.surface
    middle = points.mean(axis=0)
    axes = np.linalg.svd((points - middle)[:: max(1, len(points) // 5000)], full_matrices=False)[2]
    long_axis = axes[0]
    hilum = kidney.sinus.mean(axis=0) - middle if len(kidney.sinus) else axes[1]
    across = np.cross(long_axis, hilum)
    # patient's front is −y in LPS
    front = unit(across if across[1] < 0.0 else -across)
    half = 0.5 * float(np.ptp(points @ front))
    share = float((tumor.centroid_mm - middle) @ front) / max(half, 1e-6)
    name = "x" if abs(share) < MIDDLE_SHARE else "a" if share > 0.0 else "p"
    words = {"a": "before the kidney's middle", "p": "behind the kidney's middle", "x": "neither before nor behind"}
    return Letter(letter="A", points=None, value=name, unit="", text=words[name], at_mm=(tumor.centroid_mm,))


def _location(kidney: _Kidney, tumor: Tumor) -> Letter:
    if not len(kidney.sinus):
        return Letter(letter="L", points=None, value=None, unit="", text="no sinus, so no polar lines", at_mm=())
    low, high = float(kidney.sinus[:, 2].min()), float(kidney.sinus[:, 2].max())
    height = _voxel_places(tumor)[:, 2]
    between = float(((height > low) & (height < high)).mean())
    above, below = float((height >= high).mean()), float((height <= low).mean())
    middle = 0.5 * (low + high)
    crosses_middle = bool(height.min() < middle < height.max())
    if between == 0.0 and (above == 1.0 or below == 1.0):
        score, text = 1, "wholly beyond a polar line"
    elif between == 1.0 or between > 0.5 or crosses_middle:
        score = 3
        text = "wholly between the polar lines" if between == 1.0 else "more than half across a polar line"
        text = "crosses the kidney's middle" if crosses_middle and between < 1.0 else text
    else:
        score, text = 2, "crosses a polar line"
    lines = tuple(np.array([*tumor.centroid_mm[:2], level]) for level in (high, low))
    return Letter(letter="L", points=score, value=100.0 * between, unit="% between the lines", text=text, at_mm=lines)


def _contact(kidney: _Kidney, tumor: Tumor) -> tuple[float, float]:
    """Contact area on the mesh, and 2πrd from the tumour's radius and depth in the outline, cm²."""
    mesh = fit_subvoxel_surface(tumor.mask).mesh
    corners = mesh.points_mm[mesh.triangles]
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    length = np.maximum(np.linalg.norm(normal, axis=1), 1e-12)
    outside = corners.mean(axis=1) + NEIGHBOUR_MM * normal / length[:, None]
    contact = float((0.5 * length)[kidney.lookup.contains(outside)].sum()) / 100.0
    # how deep the tumour reaches below the outline
    depth = -(mesh.points_mm @ kidney.hull[:, :3].T + kidney.hull[:, 3]).max(axis=1)
    formula = 2.0 * np.pi * tumor.radius_mm * float(np.clip(depth.max(), 0.0, 2.0 * tumor.radius_mm)) / 100.0
    return contact, formula


def _voxel_places(tumor: Tumor) -> FloatArray:
    k, j, i = np.nonzero(tumor.mask.voxels)
    return tumor.mask.box_grid.to_world(np.stack([i, j, k], axis=1))
