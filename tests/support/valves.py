"""Analytic aortic roots with leaflets, ostia, septum and calcium, written apart from the product's own phantoms.

A root is described about its own axis by wall radius against angle and height; everything else (coronaries, chambers,
cusps, nodules) is laid round it as signed distances, painted with partial volume on a grid finer than the scan's,
blurred and averaged into voxels. Lengths that a measurement should find are summed from the same formulas.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from scipy import ndimage

from planning.geometry import Grid
from planning.section import Frame, Measures, measure_contour
from planning.volume import Volume

MIDDLE_MM = 12.0
FINE_MM = 0.34


@dataclass(frozen=True)
class Coronary:
    """A straight artery from the sinus wall: rim_mm is the height of its lowest rim."""

    cusp: int
    rim_mm: float
    radius_mm: float = 1.8
    off_deg: float = 0.0
    rise_deg: float = 0.0
    yaw_deg: float = 0.0
    length_mm: float = 16.0


@dataclass(frozen=True)
class Nodule:
    """A ball of calcium; share: of the wall's radius."""

    angle_deg: float
    height_mm: float
    share: float
    radius_mm: float
    hu: float = 1300.0


@dataclass(frozen=True)
class Spec:
    """One root. Angles of hinges N, R, L from the frame's right; `merged`: the commissure that is a raphe, or None."""

    semi_mm: tuple[float, float] = (12.8, 10.6)
    axis_deg: float = 25.0
    normal: tuple[float, float, float] = (-0.55, -0.15, 0.82)
    hinge_deg: tuple[float, float, float] = (200.0, 318.0, 82.0)
    junction_mm: float = 20.0
    junction_radius_mm: float = 13.6
    junction_tilt: float = 0.0
    bulges_mm: tuple[float, float, float] = (4.2, 3.8, 4.4)
    taper: float = 0.008
    lumen_hu: float = 380.0
    wall_hu: float = 70.0
    wall_mm: float = 1.7
    fat_hu: float = -85.0
    muscle_hu: float = 105.0
    atrium_hu: float | None = 370.0
    atrium_gap_mm: float = 2.4
    appendage_hu: float | None = 205.0
    coronaries: tuple[Coronary, ...] = (Coronary(2, 12.0), Coronary(1, 14.5, off_deg=8.0, rise_deg=6.0))
    leaflets: str | None = "closed"
    leaflet_mm: float = 0.7
    leaflet_hu: float = 110.0
    coaptation_mm: float = 3.0
    merged: int | None = None
    cusps: int = 3
    nodules: tuple[Nodule, ...] = ()
    septum_mm: float | None = None
    septum_slope: float = 0.0
    right_hu: float = 240.0
    spacing_mm: tuple[float, float, float] = (0.6, 0.6, 0.6)
    blur_mm: float = 0.4
    noise_hu: float = 20.0
    side_mm: float = 68.0
    seed: int = 0


@dataclass(frozen=True)
class Truth:
    """What a measurement should find. calcium_mm3: of the blurred, noiseless image at a threshold."""

    hinges_mm: np.ndarray
    annulus: Measures
    rims_mm: tuple[float, ...]
    leaflets_mm: tuple[float, float, float]
    commissure_deg: tuple[float, float, float]
    junction_mm: float
    clean: np.ndarray = field(repr=False)
    fine_mm3: float

    def calcium_mm3(self, threshold_hu: float) -> float:
        """Volume above the threshold of the image without noise, on the fine grid, to a part of its voxel."""
        image = self.clean
        near = ndimage.maximum_filter(image, 3) > threshold_hu - 50
        steep = np.sqrt(sum(g**2 for g in np.gradient(image)))
        part = np.clip(0.5 + (image - threshold_hu) / np.maximum(steep, 1.0), 0.0, 1.0)
        return float(part[near].sum() * self.fine_mm3)


@dataclass(frozen=True)
class Valve:
    """The scan and its truth."""

    spec: Spec
    frame: Frame
    volume: Volume
    truth: Truth


def _wrapped(angle: np.ndarray) -> np.ndarray:
    return (angle + np.pi) % (2 * np.pi) - np.pi


def ring_mm(spec: Spec, angle: np.ndarray) -> np.ndarray:
    """The annulus: an ellipse."""
    a, b = spec.semi_mm
    turned = angle - np.radians(spec.axis_deg)
    return a * b / np.hypot(b * np.cos(turned), a * np.sin(turned))


def commissures_rad(spec: Spec) -> np.ndarray:
    """NR, RL, LN: a little off the middle between the hinges, as in patients."""
    hinges = np.radians(spec.hinge_deg)
    middles = []
    for first, second in ((0, 1), (1, 2), (2, 0)):
        gap = (hinges[second] - hinges[first]) % (2 * np.pi)
        middles.append(hinges[first] + 0.5 * gap)
    return np.array(middles)


def wall_mm(spec: Spec, angle: np.ndarray, height: np.ndarray) -> np.ndarray:
    """Wall radius: ring, three sinuses between the commissures, junction, tube; the outflow tract below."""
    top = spec.junction_mm + spec.junction_tilt * np.cos(angle) * spec.junction_radius_mm
    u = np.clip(height / top, 0.0, 1.0)
    ring = ring_mm(spec, angle)
    base = ring + (spec.junction_radius_mm - ring) * (1 - np.cos(np.pi * u)) / 2
    hinges, ends = np.radians(spec.hinge_deg), commissures_rad(spec)
    lobe = np.zeros(np.broadcast(angle, height).shape)
    for number, bulge in enumerate(spec.bulges_mm):
        away = _wrapped(angle - hinges[number])
        after, before = _wrapped(ends[number] - hinges[number]), _wrapped(ends[number - 1] - hinges[number])
        share = np.where(away > 0, away / after, away / before)
        lobe = lobe + bulge * np.where(share < 1, np.cos(0.5 * np.pi * np.clip(share, 0, 1)) ** 1.4, 0.0)
    rise = np.sin(np.pi * u**0.85) ** 1.3
    lvot = spec.taper * np.clip(-height, 0, 12) ** 2
    grow = 0.02 * np.clip(height - top - 4.0, 0, 20)
    return base + lobe * rise + lvot + grow


def crown_mm(spec: Spec, angle: np.ndarray) -> np.ndarray:
    """Height of the leaflets' attachment: nought at the hinges, near the junction at the commissures, less at a raphe."""
    hinges, ends = np.radians(spec.hinge_deg), commissures_rad(spec)
    tops = np.full(3, spec.junction_mm - 3.0)
    if spec.merged is not None:
        tops[spec.merged] *= 0.45
    result = np.full(np.shape(angle), np.inf)
    for number in range(3):
        away = _wrapped(angle - hinges[number])
        after, before = _wrapped(ends[number] - hinges[number]), _wrapped(ends[number - 1] - hinges[number])
        share = np.where(away > 0, away / after, away / before)
        top = np.where(away > 0, tops[number], tops[number - 1])
        result = np.where((share >= 0) & (share <= 1), np.minimum(result, top * share**2), result)
    return np.where(np.isfinite(result), result, tops.max())


def _sheet(spec: Spec, angle: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Height of the closed cusps at a share of the attachment's radius: a belly below, the middle at 8 mm."""
    crown = crown_mm(spec, angle)
    low = min(8.0, 0.4 * spec.junction_mm)
    return crown * share**2.5 + low * (1.0 - share**1.5)


def _open_radius(spec: Spec, angle: np.ndarray, height: np.ndarray) -> np.ndarray:
    """Radius of the open cusps: from the attachment towards an opening that touches the wall at the commissures."""
    crown = crown_mm(spec, angle)
    top = _open_top(spec)
    hinges, ends = np.radians(spec.hinge_deg), commissures_rad(spec)
    inset = np.zeros(np.shape(angle))
    for number in range(3):
        away = _wrapped(angle - hinges[number])
        after, before = _wrapped(ends[number] - hinges[number]), _wrapped(ends[number - 1] - hinges[number])
        share = np.where(away > 0, away / after, away / before)
        # where two cusps have grown together their free edge stays away from the wall
        grown = (away > 0) & (spec.merged == number) | (away <= 0) & (spec.merged == (number - 1) % 3)
        reach = np.where(grown, 0.22, 0.5) * np.pi
        inset = inset + np.where(share < 1, 3.6 * np.cos(reach * np.clip(share, 0, 1)), 0.0)
    part = np.clip((height - crown) / np.maximum(top - crown, 1.0), 0, 1)
    start = wall_mm(spec, angle, crown)
    return start + (ring_mm(spec, angle) - inset - start) * part**0.8


def _open_top(spec: Spec) -> float:
    return spec.junction_mm - 5.0


def leaflet_length_mm(spec: Spec, cusp: int) -> float:
    """Along the cusp from its hinge to its free edge in the plane of axis and hinge."""
    angle = np.full(4001, np.radians(spec.hinge_deg[cusp]))
    if spec.leaflets == "open":
        height = np.linspace(0.0, _open_top(spec), 4001)
        radius = _open_radius(spec, angle, height)
        return float(np.hypot(np.diff(radius), np.diff(height)).sum())
    share = np.linspace(1.0, 0.0, 4001)
    radius = share * ring_mm(spec, angle)
    height = _sheet(spec, angle, share)
    return float(np.hypot(np.diff(radius), np.diff(height)).sum()) + spec.coaptation_mm


def _capsule(points: np.ndarray, start: np.ndarray, way: np.ndarray, length: float, radius: float) -> np.ndarray:
    rest = points - start
    along = np.clip(rest @ way, 0.0, length)
    return np.linalg.norm(rest - along[..., None] * way, axis=-1) - radius


def make_valve(spec: Spec) -> Valve:
    """The scan of a root. Its annulus lies at the origin."""
    spacing = np.array(spec.spacing_mm)
    factor = np.maximum(np.rint(spacing / FINE_MM), 1).astype(int)
    fine = spacing / factor
    size = np.ceil(spec.side_mm / spacing).astype(int)
    normal = np.array(spec.normal) / np.linalg.norm(spec.normal)
    frame = Frame.of(np.zeros(3), normal)
    origin = MIDDLE_MM * normal - (size - 1) / 2 * spacing
    grid = Grid.from_parts(tuple(size), spacing, origin)
    axes = [
        (origin[n] - spacing[n] / 2 + (np.arange(size[n] * factor[n]) + 0.5) * fine[n]).astype(np.float32)
        for n in range(3)
    ]
    z, y, x = np.meshgrid(axes[2], axes[1], axes[0], indexing="ij")
    right, up, n32 = (v.astype(np.float32) for v in (frame.right, frame.up, frame.normal))
    u = x * right[0] + y * right[1] + z * right[2]
    v = x * up[0] + y * up[1] + z * up[2]
    h = x * n32[0] + y * n32[1] + z * n32[2]
    del x, y, z
    r, angle = np.hypot(u, v), np.arctan2(v, u)
    soft = float(fine.mean())

    # the wall on a table of angles and heights: a formula on nine million points is slow
    table_a, table_h = np.radians(np.arange(-180.0, 181.0, 1.0)), np.arange(-40.0, 60.1, 0.25)
    table = wall_mm(spec, table_a[:, None], table_h[None])
    at = np.stack([(angle + np.pi) * (180 / np.pi), np.clip((h + 40.0) * 4, 0, len(table_h) - 1)])
    wall = ndimage.map_coordinates(table.astype(np.float32), at, order=1)
    slope_h = ndimage.map_coordinates(np.gradient(table, 0.25, axis=1).astype(np.float32), at, order=1)
    out = (r - wall) / np.sqrt(1 + slope_h**2)

    image = np.full(r.shape, spec.fat_hu, dtype=np.float32)

    def paint(distance: np.ndarray, hu: float, where: tuple[slice, ...] = (slice(None),) * 3) -> None:
        part = np.clip(0.5 - distance / soft, 0, 1)
        image[where] += part * (np.float32(hu) - image[where])

    hinges = np.radians(spec.hinge_deg)
    # below the annulus muscle; towards the right heart the septum, towards the left atrium the curtain
    paint(np.maximum(out - 11.0, h + 1.0), spec.muscle_hu)
    if spec.atrium_hu is not None:
        behind = hinges[0] + 0.5 * ((hinges[2] - hinges[0]) % (2 * np.pi) - 2 * np.pi)
        side = 12.0 - r * np.cos(_wrapped(angle - behind).astype(np.float32))
        paint(np.maximum(np.maximum(spec.atrium_gap_mm - out, side - 6.0), h - 18.0), spec.atrium_hu)
    if spec.appendage_hu is not None:
        before = hinges[1] - 0.5
        side = 12.0 - r * np.cos(_wrapped(angle - before).astype(np.float32))
        paint(np.maximum(np.maximum(3.4 - out, side - 3.0), np.abs(h - 12.0) - 9.0), spec.appendage_hu)
    if spec.septum_mm is not None:
        _paint_septum(spec, paint, out, h, angle)
    paint(out - spec.wall_mm, spec.wall_hu)
    rims = []
    for coronary in spec.coronaries:
        start, way, rim = _coronary(spec, frame, coronary)
        end = start + coronary.length_mm * way
        low, high = np.minimum(start, end) - 5, np.maximum(start, end) + 5
        where = tuple(
            slice(int(np.searchsorted(axes[n], low[n])), int(np.searchsorted(axes[n], high[n]))) for n in (2, 1, 0)
        )
        zz, yy, xx = np.meshgrid(axes[2][where[0]], axes[1][where[1]], axes[0][where[2]], indexing="ij")
        distance = _capsule(
            np.stack([xx, yy, zz], -1), start - 3.0 * way, way, coronary.length_mm + 3.0, coronary.radius_mm
        ).astype(np.float32)
        paint(distance - 0.7, 60.0, where)
        paint(distance, spec.lumen_hu, where)
        rims.append(rim)
    paint(out, spec.lumen_hu)
    if spec.leaflets is not None:
        _paint_leaflets(spec, paint, r, angle, h, out, u, v)
    for nodule in spec.nodules:
        a = np.radians(nodule.angle_deg)
        radius = nodule.share * float(wall_mm(spec, np.array(a), np.array(nodule.height_mm)))
        center = frame.to_world(np.array([radius * np.cos(a), radius * np.sin(a)])) + nodule.height_mm * normal
        reach = nodule.radius_mm + 1.5
        where = tuple(
            slice(int(np.searchsorted(axes[n], center[n] - reach)), int(np.searchsorted(axes[n], center[n] + reach)))
            for n in (2, 1, 0)
        )
        zz, yy, xx = np.meshgrid(axes[2][where[0]], axes[1][where[1]], axes[0][where[2]], indexing="ij")
        distance = np.linalg.norm(np.stack([xx, yy, zz], -1) - center, axis=-1) - nodule.radius_mm
        paint(distance.astype(np.float32), nodule.hu, where)
    image = ndimage.gaussian_filter(image, spec.blur_mm / fine[::-1])
    shape = (size[2], factor[2], size[1], factor[1], size[0], factor[0])
    voxels = image.reshape(shape).mean(axis=(1, 3, 5))
    clean = ndimage.uniform_filter(image, tuple(factor[::-1]))
    noise = ndimage.gaussian_filter(np.random.default_rng(spec.seed).normal(size=voxels.shape), 0.6)
    voxels = voxels + noise / noise.std() * spec.noise_hu
    around = np.linspace(0, 2 * np.pi, 3600, endpoint=False)
    curve = ring_mm(spec, around)
    points = ring_mm(spec, hinges)
    truth = Truth(
        frame.to_world(np.stack([points * np.cos(hinges), points * np.sin(hinges)], -1)),
        measure_contour(np.stack([curve * np.cos(around), curve * np.sin(around)], -1)),
        tuple(rims),
        tuple(leaflet_length_mm(spec, n) for n in range(3)) if spec.leaflets else (0.0, 0.0, 0.0),  # type: ignore[arg-type]
        tuple(np.degrees(commissures_rad(spec))),
        spec.junction_mm,
        clean,
        float(np.prod(fine)),
    )
    return Valve(spec, frame, Volume(grid, np.round(voxels).astype(np.int16)), truth)


def _coronary(spec: Spec, frame: Frame, coronary: Coronary) -> tuple[np.ndarray, np.ndarray, float]:
    """Middle of the ostium on the wall, direction, and the height of the lowest point where the artery leaves the wall."""
    angle = np.radians(spec.hinge_deg[coronary.cusp] + coronary.off_deg)
    rise, yaw = np.radians(coronary.rise_deg), np.radians(coronary.yaw_deg)
    out = np.cos(angle + yaw) * frame.right + np.sin(angle + yaw) * frame.up
    way = np.cos(rise) * out + np.sin(rise) * frame.normal

    def start_at(height: float) -> np.ndarray:
        radius = float(wall_mm(spec, np.array(angle), np.array(height)))
        return frame.to_world(np.array([radius * np.cos(angle), radius * np.sin(angle)])) + height * frame.normal

    def lowest(height: float) -> float:
        start = start_at(height)
        side = np.cross(way, frame.normal)
        side /= np.linalg.norm(side)
        over = np.cross(side, way)
        turn = np.linspace(0, 2 * np.pi, 181)
        rim = start + coronary.radius_mm * (np.cos(turn)[:, None] * side + np.sin(turn)[:, None] * over)
        steps = np.arange(-4.0, 4.0, 0.04)
        line = rim[:, None] + steps[None, :, None] * way
        plane = frame.to_plane(line)
        heights = line @ frame.normal
        outside = np.hypot(plane[..., 0], plane[..., 1]) > wall_mm(
            spec, np.arctan2(plane[..., 1], plane[..., 0]), heights
        )
        first = np.argmax(outside, axis=1)
        return float(heights[np.arange(len(turn)), first].min())

    low, high = coronary.rim_mm - 1.0, coronary.rim_mm + 3.0 * coronary.radius_mm
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (middle, high) if lowest(middle) < coronary.rim_mm else (low, middle)
    height = (low + high) / 2
    return start_at(height), way, coronary.rim_mm


def _paint_leaflets(spec, paint, r, angle, h, out, u, v) -> None:
    table = np.radians(np.arange(-180.0, 181.0, 1.0))
    crown = np.interp(angle, table, crown_mm(spec, table)).astype(np.float32)
    half = np.float32(spec.leaflet_mm / 2)
    if spec.leaflets == "open":
        at_h = np.arange(0.0, 30.0, 0.25)
        radius = _open_radius(spec, table[:, None], np.broadcast_to(at_h, (361, len(at_h))).copy())
        steep = np.gradient(radius, 0.25, axis=1)
        at = np.stack([(angle + np.pi) * (180 / np.pi), np.clip(h * 4, 0, len(at_h) - 1)])
        leaf = ndimage.map_coordinates(radius.astype(np.float32), at, order=1)
        lean = ndimage.map_coordinates(steep.astype(np.float32), at, order=1)
        sheet = np.abs(r - leaf) / np.sqrt(1 + lean**2) - half
        paint(np.maximum(np.maximum(sheet, crown - h), h - np.float32(_open_top(spec))), spec.leaflet_hu)
        return
    attached = wall_mm(spec, table, crown_mm(spec, table))
    share = np.clip(r / np.interp(angle, table, attached).astype(np.float32), 0, 1)
    shares = np.linspace(0, 1, 101)
    sheet = _sheet(spec, table[:, None], np.broadcast_to(shares, (361, 101)).copy())
    steep = np.gradient(sheet, 0.01, axis=1) / attached[:, None]
    turned = np.gradient(sheet, np.radians(1.0), axis=0) / np.maximum(shares * attached[:, None], 1.0)
    at = np.stack([(angle + np.pi) * (180 / np.pi), share * 100])
    height = ndimage.map_coordinates(sheet.astype(np.float32), at, order=1)
    lean = ndimage.map_coordinates(np.sqrt(1 + steep**2 + turned**2).astype(np.float32), at, order=1)
    paint(np.maximum(np.abs(h - height) / lean - half, out), spec.leaflet_hu)
    # where cusps meet they stand up: the coaptation, along each line from the middle to a commissure
    for number, end in enumerate(commissures_rad(spec)):
        merged = spec.merged == number
        across = np.abs(-np.sin(end) * u + np.cos(end) * v).astype(np.float32)
        ahead = (np.cos(end) * u + np.sin(end) * v).astype(np.float32)
        along_height = np.interp(ahead, np.linspace(0, 16, 65), _coaptation(spec, end)).astype(np.float32)
        tall = 1.5 if merged else spec.coaptation_mm
        thick = 2.0 * half if not merged else 3.0 * half
        body = np.maximum(
            np.maximum(across - thick, -ahead - half), np.maximum(along_height - h, h - along_height - tall)
        )
        paint(np.maximum(body, out), spec.leaflet_hu)


def _coaptation(spec: Spec, end: float) -> np.ndarray:
    away = np.linspace(0, 16, 65)
    attached = float(wall_mm(spec, np.array(end), crown_mm(spec, np.array(end))))
    return _sheet(spec, np.full(65, end), np.clip(away / attached, 0, 1))


def septum_length_mm(spec: Spec, angle: np.ndarray) -> np.ndarray:
    """Depth of the muscle's crest below the annulus: deeper towards the non-coronary cusp."""
    assert spec.septum_mm is not None
    away = _wrapped(angle - commissures_rad(spec)[0])
    return spec.septum_mm - spec.septum_slope * away


def _paint_septum(spec, paint, out, h, angle) -> None:
    """Right heart behind the wall at the commissure of N and R; muscle from the crest downwards."""
    table = np.radians(np.arange(-180.0, 181.0, 1.0))
    depth = np.interp(angle, table, septum_length_mm(spec, table)).astype(np.float32)
    away = np.abs(_wrapped(angle - commissures_rad(spec)[0])).astype(np.float32)
    near = (away - np.radians(50.0)) * 14.0
    paint(np.maximum(np.maximum(1.2 - out, near), np.maximum(h - 6.0, out - 16.0)), spec.right_hu)
    crest = h + depth
    # a rounded crest: the muscle's top is a half circle as thick as the septum
    middle, half = 1.2 + 4.5, 4.5
    rounded = np.hypot(out - middle, np.minimum(-(crest + half), 0.0) * 0.0 + np.maximum(crest + half, 0.0)) - half
    paint(np.maximum(rounded, near), spec.muscle_hu)


def varied(seed: int, spacing_mm: Sequence[float] = (0.6, 0.6, 0.6), **changes: object) -> Spec:
    """A root of a seed: sizes, turns, cusps and arteries over what patients show."""
    g = np.random.default_rng(seed)
    a = g.uniform(11.5, 14.7)
    tilt, turn = np.radians(g.uniform(30, 58)), np.radians(g.uniform(150, 210))
    first = g.uniform(0, 360)
    gaps = 120 + g.uniform(-9, 9, 3)
    gaps *= 360 / gaps.sum()
    hinge = tuple((first + np.concatenate([[0], np.cumsum(gaps)[:2]])) % 360)
    junction = g.uniform(17.5, 23.0)
    radius = g.uniform(12.3, 15.5)
    spec = Spec(
        semi_mm=(a, a * g.uniform(0.74, 0.92)),
        axis_deg=g.uniform(0, 180),
        normal=(np.sin(tilt) * np.cos(turn), np.sin(tilt) * np.sin(turn), np.cos(tilt)),
        hinge_deg=hinge,
        junction_mm=junction,
        junction_radius_mm=radius,
        bulges_mm=tuple(g.uniform(2.8, 5.2, 3)),
        taper=g.uniform(-0.008, 0.012),
        wall_mm=g.uniform(1.4, 2.0),
        fat_hu=float(g.choice([-85.0, -85.0, 40.0])),
        leaflets=str(g.choice(["closed", "open"])),
        leaflet_mm=g.uniform(0.6, 0.9),
        coronaries=(
            Coronary(
                2, g.uniform(8, 15), g.uniform(1.5, 2.0), g.uniform(-18, 18), g.uniform(-12, 25), g.uniform(-15, 15)
            ),
            Coronary(
                1, g.uniform(9, 17), g.uniform(1.5, 2.0), g.uniform(-18, 18), g.uniform(-12, 25), g.uniform(-15, 15)
            ),
        ),
        nodules=tuple(
            Nodule(
                g.uniform(0, 360), g.uniform(1.5, 10), g.uniform(0.45, 1.0), g.uniform(0.7, 2.0), g.uniform(1000, 1500)
            )
            for _ in range(int(g.integers(3, 9)))
        ),
        spacing_mm=tuple(spacing_mm),  # type: ignore[arg-type]
        seed=seed,
    )
    return replace(spec, **changes)  # type: ignore[arg-type]
