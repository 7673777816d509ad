"""A kidney's tumours by R.E.N.A.L., with the slice that proves each letter, and their contact with the parenchyma.

Polar lines are the axial levels where the sinus begins and ends in the kidney. The exophytic share is measured against
the outline that the kidney had without the tumour (`outline.py`). What the labels do not show is None and said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from planning.errors import MeasurementError
from planning.findings import Finding
from planning.geometry import FloatArray, Grid, Plane, unit
from planning.kidney.letters import (
    Letter,
    exophytic_points,
    flat_plane,
    level_of,
    location_points,
    nearness_points,
    possible_points,
    radius_points,
)
from planning.kidney.outline import Hull, Outline, continue_outline
from planning.liver.margin import MarginTarget
from planning.liver.neighbours import wall_mm
from planning.liver.organ import NamedMask, OrganLookup, common_grid, within
from planning.liver.tumors import Tumor, find_tumors
from planning.volume import Mask, union

NEIGHBOUR_MM, PROBE_MM, PROBES = 1.0, 0.5, 8
TOUCH_MM = 1.0
# a place of a triangle is at most this far from one of its corners
BETWEEN_MM = 2.0
MIDDLE_SHARE = 0.15
LEAST_SINUS_ML = 1.0
HOLLOW_MM, HOLLOW_DEPTH_MM = 1.8, 3.0
COMPLEX_CONTACT_CM2 = 20.0
MOST_VOXELS = 30_000
NEAREST = 200
AXIS_POINTS = 5000
LINE_BEYOND_MM = 8.0
RAYS, RAY_STEP_MM, RAY_MM = 120, 0.5, 130.0
# a second kidney: this much apart and this large
APART_MM, SECOND_ML = 60.0, 20.0
ELSEWHERE_MM = 5.0
# 95 % half-widths, a + b · slice step, of `tests/benchmarks/bench_kidney.py`
RADIUS_MM = (0.15, 0.11)
NEARNESS_MM = (0.2, 0.17)
OUTLINE_MM = (1.2, 0.12)
FAR_PERCENT, FAR_SHARE = 15.0, 0.6
CONTACT_SHARE = (0.05, 0.005)
GUESSED_SINUS_MM = 2.0
LEVEL_STEPS = 0.8


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class KidneyTumor:
    """One tumour of a kidney. contact_cm2: tumour surface beside parenchyma; formula_cm2: 2πrd, a cross-check only.

    possible_totals: the sums that the letters' ± leave open.
    """

    tumor: Tumor
    letters: tuple[Letter, ...]
    total: int | None
    possible_totals: tuple[int, ...]
    suffix: str
    complexity: str
    contact_cm2: float
    contact_uncertainty_cm2: float
    formula_cm2: float

    def score_json(self) -> dict[str, Any]:
        """The score and the contact for a plan."""
        return {
            "renal": {
                "letters": [letter.as_json() for letter in self.letters],
                "total": self.total,
                "possible_totals": list(self.possible_totals),
                "suffix": self.suffix,
                "complexity": self.complexity,
            },
            "contact_cm2": self.contact_cm2,
            "contact_uncertainty_cm2": self.contact_uncertainty_cm2,
            "contact_formula_cm2": self.formula_cm2,
            "complex_contact": self.contact_cm2 >= COMPLEX_CONTACT_CM2,
        }

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {**self.tumor.as_json(), **self.score_json()}


@dataclass(frozen=True, slots=True, eq=False)
class PreparedKidney:
    """The kidney as its letters need it. wall, sinus: (N, 3) places of the parenchyma's and the sinus's wall."""

    parenchyma: Mask
    wall: FloatArray
    lookup: OrganLookup
    hull: Hull
    sinus: FloatArray
    sinus_is_given: bool

    @property
    def slice_mm(self) -> float:
        """The scan's coarsest step."""
        return float(self.parenchyma.grid.spacing_mm.max())


def score_kidney(
    kidney: Sequence[NamedMask],
    tumors: Sequence[NamedMask],
    *,
    sinus: Sequence[NamedMask] = (),
    vessels: Sequence[NamedMask] = (),
) -> tuple[tuple[KidneyTumor, ...], tuple[Finding, ...]]:
    """R.E.N.A.L. and contact of each tumour of one kidney.

    kidney: parenchyma. sinus: collecting system or sinus; without it the kidney's hollow is taken, and said. vessels:
    main artery and vein. Raises MeasurementError without a kidney, with two, or without a tumour at it; GeometryError
    for other grids.
    """
    own, said = tumors_at(kidney, tumors, sinus, vessels)
    found, findings = find_tumors(own)
    if not found:
        raise MeasurementError("No tumour of the kidney is named", "Name one", "no_tumor")
    prepared, doubts = prepare_kidney(kidney, own, sinus)
    targets = [MarginTarget.of(tumor) for tumor in found]
    walls = [wall_mm(mask) for _, mask in vessels if mask.voxel_count]
    return score_tumors(prepared, targets, walls), (*said, *findings, *doubts)


def tumors_at(
    kidney: Sequence[NamedMask],
    tumors: Sequence[NamedMask],
    sinus: Sequence[NamedMask] = (),
    others: Sequence[NamedMask] = (),
) -> tuple[list[NamedMask], tuple[Finding, ...]]:
    """The tumours' pieces that lie at this kidney, and a warning for those elsewhere, as in the other kidney.

    Raises MeasurementError without a kidney, with two, or where all tumours lie elsewhere; GeometryError for other grids.
    """
    from scipy import ndimage
    from scipy.spatial import cKDTree

    if not kidney or not any(mask.voxel_count for _, mask in kidney):
        raise MeasurementError("The kidney has no voxels", "Segment or import it first", "organ")
    common_grid([*kidney, *tumors, *sinus, *others])
    _one_kidney(kidney, [*tumors, *sinus])
    parenchyma = union([mask for _, mask in kidney])
    tree = cKDTree(wall_mm(parenchyma))
    own: list[NamedMask] = []
    findings = []
    for name, mask in tumors:
        labels, count = ndimage.label(mask.voxels, structure=np.ones((3, 3, 3)))
        keep = np.zeros(count + 1, dtype=bool)
        gaps = []
        # in a label that counts the tumour to the kidney it lies far from any wall
        in_it = np.unique(labels[within(parenchyma, mask)])
        for number in range(1, count + 1):
            if number in in_it:
                keep[number] = True
                continue
            k, j, i = np.nonzero(labels == number)
            gap = float(tree.query(mask.box_grid.to_world(np.stack([i, j, k], axis=1)))[0].min())
            keep[number] = gap <= ELSEWHERE_MM
            gaps += [] if keep[number] else [gap]
        if gaps:
            own_words = "lies" if len(gaps) == 1 and not keep.any() else f"has {len(gaps)} pieces"
            words = f"'{name}' {own_words} {min(gaps):.0f} mm from this kidney: not planned here"
            findings.append(Finding("tumor_elsewhere", words))
        if keep.any() or not count:
            own.append((name, Mask(mask.grid, mask.start_ijk, keep[labels])))
    if tumors and not own:
        raise MeasurementError("No tumour lies at this kidney", "Name the tumours of this side", "tumor_elsewhere")
    return own, tuple(findings)


def _one_kidney(kidney: Sequence[NamedMask], with_it: Sequence[NamedMask]) -> None:
    from scipy import ndimage

    # what a tumour or the sinus parts is still one kidney
    whole = union([mask for _, mask in (*kidney, *with_it)])
    parenchyma = union([mask for _, mask in kidney]).full()[whole.box_kji]
    labels, count = ndimage.label(whole.voxels, structure=np.ones((3, 3, 3)))
    sizes = np.bincount(labels[parenchyma], minlength=count + 1) * whole.grid.voxel_mm3 / 1000.0
    large = [number for number in range(1, count + 1) if sizes[number] >= SECOND_ML]
    if len(large) < 2:
        return
    middles = np.array(ndimage.center_of_mass(parenchyma, labels, large))[:, ::-1]
    places = whole.box_grid.to_world(middles)
    if float(np.linalg.norm(places[1:] - places[0], axis=1).max()) >= APART_MM:
        names = " and ".join(f"'{name}'" for name, _ in kidney)
        raise MeasurementError(
            f"{names} hold{'s' if len(kidney) == 1 else ''} two kidneys",
            "Name one; split the label first",
            "two_kidneys",
        )


def prepare_kidney(
    kidney: Sequence[NamedMask], tumors: Sequence[NamedMask], sinus: Sequence[NamedMask]
) -> tuple[PreparedKidney, tuple[Finding, ...]]:
    """What the letters of every tumour need. Raises MeasurementError where nothing but tumour is there."""
    whole = union([mask for _, mask in kidney])
    tumor = union([mask for _, mask in tumors]) if tumors else Mask.from_full(whole.grid, np.zeros_like(whole.full()))
    parenchyma = Mask.from_full(whole.grid, whole.full() & ~tumor.full())
    if not parenchyma.voxel_count:
        raise MeasurementError("The kidney is tumour throughout", "Name its parenchyma apart", "organ")
    wall = wall_mm(parenchyma)
    hull = Hull.of(wall)
    findings: list[Finding] = []
    given = [mask for _, mask in sinus if mask.voxel_count]
    points = np.zeros((0, 3))
    if given:
        points = wall_mm(union(given))
        # a pelvis that leaves the kidney begins where the sinus ends
        points = points[hull.height_mm(points) <= 0.0]
        if not len(points):
            findings.append(Finding("sinus_outside", "The sinus named lies outside this kidney and is not used"))
    is_given = bool(len(points))
    if not is_given:
        points = _hollow(parenchyma, hull, tumor)
        findings.append(
            Finding("sinus_guessed", "No sinus is named: the kidney's hollow is taken for it; check N and L")
            if len(points)
            else Finding("no_sinus", "No sinus is named and none is seen: N and L are left out")
        )
    return PreparedKidney(parenchyma, wall, OrganLookup.of(parenchyma), hull, points, is_given), tuple(findings)


def _hollow(parenchyma: Mask, hull: Hull, tumor: Mask) -> FloatArray:
    """(N, 3) wall points of the largest hollow between the kidney and its convex hull, off its outline."""
    from scipy import ndimage

    stride = np.maximum(np.rint(HOLLOW_MM / parenchyma.grid.spacing_mm), 1).astype(int)
    steps = tuple(slice(None, None, int(step)) for step in stride[::-1])
    free = ~parenchyma.voxels[steps] & ~tumor.full()[parenchyma.box_kji][steps]
    k, j, i = np.nonzero(free)
    places = parenchyma.box_grid.to_world(np.stack([i, j, k], axis=1) * stride)
    deep = hull.height_mm(places) < -HOLLOW_DEPTH_MM
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


def score_tumors(
    kidney: PreparedKidney, targets: Sequence[MarginTarget], walls: Sequence[FloatArray] = ()
) -> tuple[KidneyTumor, ...]:
    """The letters and the contact of each tumour. walls: (N, 3) places of the main vessels' walls."""
    return tuple(_score(kidney, target, walls) for target in targets)


def _score(kidney: PreparedKidney, target: MarginTarget, walls: Sequence[FloatArray]) -> KidneyTumor:
    tumor = target.tumor
    outline = continue_outline(kidney.hull, kidney.wall, target.tree, tumor.radius_mm, kidney.slice_mm)
    letters = (
        _radius(kidney, tumor),
        _exophytic(kidney, tumor, outline),
        _nearness(kidney, target),
        _face(kidney, tumor),
        _location(kidney, tumor),
    )
    counted = [letter for letter in letters if letter.letter != "A"]
    points = [letter.points for letter in counted if letter.points is not None]
    total = sum(points) if len(points) == len(counted) else None
    open_points = [[int(one) for one in letter.possible] for letter in counted]
    totals = () if total is None else (sum(map(min, open_points)), sum(map(max, open_points)))
    touches = any(_touches(target, wall) for wall in walls)
    contact, formula = _contact(kidney, tumor, outline)
    share, more = CONTACT_SHARE
    return KidneyTumor(
        tumor=tumor,
        letters=letters,
        total=total,
        possible_totals=possible_points(totals) if totals else (),
        suffix=str(letters[3].value or "x") + ("h" if touches else ""),
        complexity=level_of(total),
        contact_cm2=contact,
        contact_uncertainty_cm2=(share + more * kidney.slice_mm) * contact,
        formula_cm2=formula,
    )


def _touches(target: MarginTarget, wall: FloatArray) -> bool:
    """Whether a vessel comes to the tumour; only places near the surface's points are measured to its triangles."""
    if not len(wall):
        return False
    rough = np.asarray(target.tree.query(wall, distance_upper_bound=TOUCH_MM + BETWEEN_MM)[0])
    near = wall[np.isfinite(rough) | target.surface.is_inside(wall)]
    return bool(len(near)) and float(target.nearest(near)[0].min()) <= TOUCH_MM


def _radius(kidney: PreparedKidney, tumor: Tumor) -> Letter:
    from scipy.spatial.distance import cdist

    points = tumor.surface.mesh.points_mm
    axes = np.linalg.svd(points - points.mean(axis=0), full_matrices=False)[2]
    ends = np.unique([int(f(points @ axis)) for axis in axes for f in (np.argmin, np.argmax)])
    away = cdist(points[ends], points)
    first, second = np.unravel_index(int(away.argmax()), away.shape)
    cm = tumor.longest_diameter_mm / 10.0
    spread = (RADIUS_MM[0] + RADIUS_MM[1] * kidney.slice_mm) / 10.0
    place = (points[ends[int(first)]], points[int(second)])
    return Letter(
        letter="R",
        points=radius_points(cm),
        possible=possible_points([radius_points(cm - spread), radius_points(cm + spread)]),
        value=cm,
        uncertainty=spread,
        unit="cm",
        text="greatest diameter",
        at_mm=place,
        slice=flat_plane(place),
    )


def _exophytic(kidney: PreparedKidney, tumor: Tumor, outline: Outline) -> Letter:
    places = voxel_places(tumor)
    sampled = places[:: max(1, -(-len(places) // MOST_VOXELS))]
    height = outline.height_mm(sampled)
    shift = OUTLINE_MM[0] + OUTLINE_MM[1] * kidney.slice_mm
    share, least, most = (100.0 * float((height > by).mean()) for by in (0.0, shift, -shift))
    # where a tumour took a whole pole, the outline over it hangs on the wall of one side only
    continued = 100.0 * float((kidney.hull.height_mm(sampled) > 0.0).mean()) - share
    if continued > FAR_PERCENT:
        most = max(most, share + FAR_SHARE * continued)
    level, counts = np.unique(np.round(places[:, 2], 3), return_counts=True)
    at = np.array([*tumor.centroid_mm[:2], level[int(counts.argmax())]])
    plane = Plane(at, np.array((0.0, 0.0, 1.0)))
    line = outline_line(kidney, outline, plane)
    if line is None:
        # a tumour that sits on a pole has its largest slice beyond the kidney
        plane = Plane(tumor.centroid_mm, np.array((0.0, 1.0, 0.0)))
        line = outline_line(kidney, outline, plane)
    return Letter(
        letter="E",
        points=exophytic_points(share),
        possible=possible_points([exophytic_points(least), exophytic_points(most)]),
        value=share,
        uncertainty=max(most - share, share - least),
        unit="%",
        text="of its volume outside the kidney's outline",
        at_mm=(plane.origin_mm,),
        slice=plane,
        lines_mm=() if line is None else (line,),
    )


def outline_line(kidney: PreparedKidney, outline: Outline, plane: Plane) -> FloatArray | None:
    """(N, 3) closed curve of the outline in an axial or coronal plane; None where the plane passes it by."""
    first, second = (0, 1) if abs(float(plane.normal[2])) > 0.5 else (0, 2)
    level = 3 - first - second
    near = kidney.wall[np.abs(kidney.wall[:, level] - plane.origin_mm[level]) <= max(kidney.slice_mm, 2.0)]
    if not len(near):
        return None
    middle = 0.5 * (near.min(axis=0) + near.max(axis=0))
    middle[level] = plane.origin_mm[level]
    if float(outline.height_mm(middle[None])[0]) >= 0.0:
        return None
    angle = np.linspace(0.0, 2.0 * np.pi, RAYS, endpoint=False)
    way = np.zeros((RAYS, 3))
    way[:, first], way[:, second] = np.cos(angle), np.sin(angle)
    reach = np.arange(0.0, RAY_MM, RAY_STEP_MM)
    places = middle + way[:, None] * reach[None, :, None]
    height = outline.height_mm(places.reshape(-1, 3)).reshape(RAYS, -1)
    out = np.where((height > 0.0).any(axis=1), (height > 0.0).argmax(axis=1), len(reach) - 1)
    before = np.take_along_axis(height, out[:, None] - 1, axis=1)[:, 0]
    after = np.take_along_axis(height, out[:, None], axis=1)[:, 0]
    share = np.clip(before / np.minimum(before - after, -1e-9), 0.0, 1.0)
    radius = RAY_STEP_MM * (out - 1 + share)
    line = middle + radius[:, None] * way
    return np.concatenate([line, line[:1]])


def _nearness(kidney: PreparedKidney, target: MarginTarget) -> Letter:
    if not len(kidney.sinus):
        return Letter(
            letter="N", points=None, value=None, unit="mm", text="no sinus to measure to", at_mm=(), slice=None
        )
    rough = np.asarray(target.tree.query(kidney.sinus)[0])
    near = kidney.sinus[np.argsort(rough, kind="stable")[:NEAREST]]
    distance, on_tumor = target.nearest(near)
    best = int(distance.argmin())
    mm = max(float(distance[best]), 0.0)
    spread = NEARNESS_MM[0] + NEARNESS_MM[1] * kidney.slice_mm + (0.0 if kidney.sinus_is_given else GUESSED_SINUS_MM)
    place = (near[best], on_tumor[best])
    return Letter(
        letter="N",
        points=nearness_points(mm),
        possible=possible_points([nearness_points(max(mm - spread, 0.0)), nearness_points(mm + spread)]),
        value=mm,
        uncertainty=spread,
        unit="mm",
        text="to the sinus" if kidney.sinus_is_given else "to the kidney's hollow, taken for the sinus",
        at_mm=place,
        slice=flat_plane(place),
    )


def _face(kidney: PreparedKidney, tumor: Tumor) -> Letter:
    """Before or behind the plane through the kidney's long axis and its hilum."""
    points = kidney.wall
    middle = points.mean(axis=0)
    axes = np.linalg.svd((points - middle)[:: max(1, len(points) // AXIS_POINTS)], full_matrices=False)[2]
    long_axis = axes[0]
    hilum = kidney.sinus.mean(axis=0) - middle if len(kidney.sinus) else axes[1]
    across = np.cross(long_axis, hilum)
    # patient's front is −y in LPS
    front = unit(across if across[1] < 0.0 else -across)
    half = max(0.5 * float(np.ptp(points @ front)), 1e-6)
    share = float((tumor.centroid_mm - middle) @ front) / half
    spread = 0.5 * kidney.slice_mm / half
    words = {"a": "before the kidney's middle", "p": "behind the kidney's middle", "x": "neither before nor behind"}
    name, *others = dict.fromkeys(_side(value) for value in (share, share - spread, share + spread))
    return Letter(
        letter="A",
        points=None,
        possible=(name, *others),
        value=name,
        unit="",
        text=words[name],
        at_mm=(tumor.centroid_mm,),
        slice=Plane(tumor.centroid_mm, np.array((0.0, 0.0, 1.0))),
        lines_mm=_dividing_line(kidney, middle, long_axis, front, tumor),
    )


def _side(share: float) -> str:
    return "x" if abs(share) < MIDDLE_SHARE else "a" if share > 0.0 else "p"


def _dividing_line(
    kidney: PreparedKidney, middle: FloatArray, long_axis: FloatArray, front: FloatArray, tumor: Tumor
) -> tuple[FloatArray, ...]:
    """The plane between front and back as a line in the axial slice of the tumour's middle."""
    along = np.array((front[1], -front[0], 0.0))
    length = float(np.linalg.norm(along))
    if length < 1e-6 or abs(float(long_axis[2])) < 1e-6:
        return ()
    start = middle + long_axis * (float(tumor.centroid_mm[2] - middle[2]) / float(long_axis[2]))
    along /= length
    reach = (kidney.wall - start) @ along
    ends = np.array((float(reach.min()) - LINE_BEYOND_MM, float(reach.max()) + LINE_BEYOND_MM))
    return (np.asarray(start + ends[:, None] * along),)


def _location(kidney: PreparedKidney, tumor: Tumor) -> Letter:
    if not len(kidney.sinus):
        return Letter(
            letter="L", points=None, value=None, unit="", text="no sinus, so no polar lines", at_mm=(), slice=None
        )
    low, high = float(kidney.sinus[:, 2].min()), float(kidney.sinus[:, 2].max())
    heights = voxel_places(tumor)[:, 2]
    share = _between(heights, low, high)
    points = location_points(heights, low, high)
    spread = LEVEL_STEPS * kidney.slice_mm + (0.0 if kidney.sinus_is_given else GUESSED_SINUS_MM)
    shifted = [(low + a * spread, high + b * spread) for a in (-1, 0, 1) for b in (-1, 0, 1)]
    shares = [_between(heights, *lines) for lines in shifted]
    return Letter(
        letter="L",
        points=points,
        possible=possible_points([location_points(heights, *lines) for lines in shifted]),
        value=share,
        uncertainty=0.5 * (max(shares) - min(shares)),
        unit="% between the lines",
        text=_location_words(points, share),
        at_mm=(tumor.centroid_mm,),
        slice=Plane(tumor.centroid_mm, np.array((0.0, 1.0, 0.0))),
        lines_mm=tuple(_level_line(kidney, tumor, level) for level in (high, 0.5 * (low + high), low)),
    )


def _between(heights: FloatArray, low: float, high: float) -> float:
    """Percent of the tumour between two levels."""
    return 100.0 * float(((heights > low) & (heights < high)).mean())


def _location_words(points: int, share: float) -> str:
    if points == 1:
        return "wholly beyond a polar line"
    if points == 2:
        return "crosses a polar line"
    if share == 100.0:
        return "wholly between the polar lines"
    return "more than half between the polar lines" if share > 50.0 else "crosses the kidney's middle"


def _level_line(kidney: PreparedKidney, tumor: Tumor, level: float) -> FloatArray:
    """(2, 3) the width of the kidney at a level, in the coronal slice of the tumour's middle."""
    across = kidney.wall[:, 0]
    ends = (float(across.min()) - LINE_BEYOND_MM, float(across.max()) + LINE_BEYOND_MM)
    return np.array([(x, tumor.centroid_mm[1], level) for x in ends])


def _contact(kidney: PreparedKidney, tumor: Tumor, outline: Outline) -> tuple[float, float]:
    """Contact area on the mesh, and 2πrd from the tumour's radius and depth in the outline, cm²."""
    mesh = tumor.surface.mesh
    corners = mesh.points_mm[mesh.triangles]
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    length = np.maximum(np.linalg.norm(normal, axis=1), 1e-12)
    way, middle = normal / length[:, None], corners.mean(axis=1)
    own = OrganLookup.of(tumor.mask)
    touching = np.zeros(len(middle), dtype=bool)
    left = np.arange(len(middle))
    # a millimetre off the surface; where that voxel is still the tumour's own, farther
    for number in range(PROBES):
        probe = middle[left] + (NEIGHBOUR_MM + number * PROBE_MM) * way[left]
        still = own.contains(probe)
        touching[left[~still]] = kidney.lookup.contains(probe[~still])
        left = left[still]
    contact = float((0.5 * length)[touching].sum()) / 100.0
    # how deep the tumour reaches below the outline
    depth = float(np.clip(-outline.height_mm(mesh.points_mm).min(), 0.0, 2.0 * tumor.radius_mm))
    return contact, 2.0 * np.pi * tumor.radius_mm * depth / 100.0


def voxel_places(tumor: Tumor) -> FloatArray:
    """(N, 3) middles of a tumour's voxels."""
    k, j, i = np.nonzero(tumor.mask.voxels)
    return tumor.mask.box_grid.to_world(np.stack([i, j, k], axis=1))
