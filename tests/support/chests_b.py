"""Chests of a second make: what a search was shaped on must not be all that it is judged on.

Built otherwise than `chests.py`: sinuses are three off-centre ellipsoids joined to a tube by a soft maximum; leaflets are
Bézier curves drawn from a crown to the middle and laid down as clouds of points; neighbours are distance fields whose
edges are softened over a voxel; the roots (the pulmonary one is a root as well) are painted on a lattice of parts of
voxels, blurred there, then averaged.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from scipy import ndimage
from scipy.interpolate import CubicSpline
from scipy.spatial import cKDTree

from planning.geometry import Grid
from planning.section import Measures, measure_contour
from planning.volume import Volume

COARSE_MM = 1.25
TABLE_DEG, TABLE_MM = 2.0, 0.25
FAR = 30.0


@dataclass(frozen=True)
class RootB:
    """One root; mm, degrees, HU. hinge_deg: angles of the cusps about the normal, from the front (N, R, L).

    power: over 0 for leaflets that rise by a power of the distance inside the wall; below 1 they hug the wall at first,
    and the last of the pocket is thinner than a voxel.
    """

    normal: tuple[float, float, float]
    max_mm: float = 26.0
    ratio: float = 0.82
    ellipse_deg: float = 30.0
    dent: float = 0.01
    hinge_deg: tuple[float, ...] = (-120.0, 0.0, 120.0)
    junction_mm: float = 28.0
    junction_height_mm: float = 21.0
    bulge_mm: tuple[float, ...] = (4.0, 4.0, 4.0)
    sinus_start_mm: float = 1.0
    drift_deg: tuple[float, float] = (1.5, -1.0)
    flare: float = 0.1
    crown_mm: float = 16.0
    crown_power: float = 2.0
    low_commissure: int = -1
    leave_deg: float = 35.0
    belly_mm: float = 1.0
    free_mm: float = 0.3
    rise_mm: float = 9.0
    power: float = 0.0
    lunula_mm: float = 1.5
    thick_mm: float = 0.6
    leaflet_hu: float = 100.0
    wall_mm: float = 1.7
    blood_hu: float = 380.0
    leaf_nodules: int = 5
    wall_nodules: int = 3
    nodule_mm: float = 1.6


@dataclass(frozen=True)
class AnatomyB:
    """A chest: the aortic root, its neighbours, the scan. turn_deg turns the heart about the long axis."""

    root: RootB
    pulmonary: RootB
    turn_deg: float = 0.0
    ascending_mm: float = 31.0
    gap_mm: float = 2.4
    atrium_hu: float = 375.0
    right_hu: float = 250.0
    cava_hu: float = 300.0
    ostium_mm: tuple[float, float] = (13.0, 14.0)
    coronary_mm: tuple[float, float] = (1.9, 1.7)
    noise_hu: float = 20.0
    psf_mm: float = 0.40


@dataclass(frozen=True)
class TruthB:
    """hinges_mm (cusps, 3) N, R, L; commissures (cusps, 3) from each cusp to the next; ostia left, right."""

    normal: np.ndarray
    hinges_mm: np.ndarray
    commissures_mm: np.ndarray
    ostia_mm: np.ndarray
    annulus: Measures
    trunk_mm: np.ndarray


@dataclass(frozen=True)
class ChestB:
    """The CT and what it was made from."""

    volume: Volume
    anatomy: AnatomyB
    truth: TruthB
    name: str = field(default="")


class _Shape:
    """A root in space: radius by angle and height, and its leaflets as points."""

    def __init__(self, r: RootB, center: np.ndarray, turn_deg: float) -> None:
        self.r = r
        turn = np.radians(turn_deg)
        about = np.array(((np.cos(turn), -np.sin(turn), 0), (np.sin(turn), np.cos(turn), 0), (0, 0, 1.0)))
        n = np.array(r.normal) / np.linalg.norm(r.normal)
        # the front is the heart's own: cusps turn with it
        front = np.array((0.0, -1.0, 0.0)) - (np.array((0.0, -1.0, 0.0)) @ n) * n
        front /= np.linalg.norm(front)
        self.n, self.x = about @ n, about @ front
        self.y = np.cross(self.n, self.x)
        self.center = np.asarray(center, float)
        self.hinge = np.radians(np.array(r.hinge_deg))
        after = np.roll(self.hinge, -1)
        self.apart = np.mod(after - self.hinge, 2 * np.pi)
        self.join = self.hinge + self.apart / 2
        self.turn = np.radians(np.arange(0, 360, TABLE_DEG))
        self.heights = np.arange(-16, r.junction_height_mm + 22, TABLE_MM)
        self.table = self._radius(self.turn[None], self.heights[:, None])

    def _radius(self, t, w):
        r = self.r
        a, b = r.max_mm / 2, r.max_mm / 2 * r.ratio
        e = t - np.radians(r.ellipse_deg)
        ring = a * b / np.hypot(b * np.cos(e), a * np.sin(e)) * (1 + r.dent * np.cos(3 * (t - 0.4)))
        share = np.clip(w / r.junction_height_mm, 0, 1)
        share = share * share * (3 - 2 * share)
        tube = (ring * (1 + r.flare * (np.minimum(w, 0) / 10) ** 2)) * (1 - share) + r.junction_mm / 2 * share
        mean = 0.5 * (a + b)
        for angle, bulge in zip(self.hinge, r.bulge_mm, strict=True):
            out = 0.36 * mean
            size = mean + bulge - out
            cut = np.sqrt(1 - min(((mean - out) / size) ** 2, 0.98))
            # the ellipsoid leaves the tube at the start and reaches the junction's height
            half = (r.junction_height_mm - r.sinus_start_mm) / (1.75 * cut)
            middle = r.sinus_start_mm + cut * half
            q = np.clip(1 - ((w - middle) / half) ** 2, 0, 1)
            under = size**2 * q - (out * np.sin(t - angle)) ** 2
            lobe = np.where(under > 0, out * np.cos(t - angle) + np.sqrt(np.maximum(under, 0)), 0.0)
            lobe = lobe * (w > 0)
            apart = np.abs(tube - lobe)
            tube = np.maximum(tube, lobe) + 0.5 * np.log1p(np.exp(-apart / 0.5)) * (lobe > 0) * np.clip(w, 0, 1)
        return tube

    def axis(self, w):
        """In-plane place of the axis at height w."""
        up = np.maximum(w, 0.0) + 0.3 * np.minimum(w, 0.0)
        return [np.tan(np.radians(d)) * up for d in self.r.drift_deg]

    def radius(self, t, w):
        row = np.clip((w - self.heights[0]) / TABLE_MM, 0, len(self.heights) - 1)
        column = np.mod(t, 2 * np.pi) / np.radians(TABLE_DEG)
        return ndimage.map_coordinates(self.table, [row, column], order=1, mode="grid-wrap", output=np.float32)

    def coordinates(self, p):
        q = (p - self.center).astype(np.float32)
        x, y, w = (q @ v.astype(np.float32) for v in (self.x, self.y, self.n))
        ax, ay = self.axis(w)
        return np.arctan2(y - ay, x - ax), np.hypot(x - ax, y - ay), w

    def point(self, t, r, w):
        w = np.asarray(w, float)
        ax, ay = self.axis(w)
        x, y = r * np.cos(t) + ax, r * np.sin(t) + ay
        return self.center + x[..., None] * self.x + y[..., None] * self.y + w[..., None] * self.n

    def outside(self, p, low=-14.0, high=10.0):
        """Distance outside the lumen; far above the junction + high and below low."""
        t, r, w = self.coordinates(p)
        away = r - self.radius(t, w)
        return np.where((w < low) | (w > self.r.junction_height_mm + high), np.maximum(away, FAR), away)

    def sheet(self):
        """(N, 3) points of the leaflets, and (N,) share 0 at the wall … 1 at the free edge."""
        r = self.r
        s = np.linspace(0, 1, 110)[None]
        points, shares = [], []
        count = len(self.hinge)
        for c in range(count):
            for side in (1, -1):
                wide = self.apart[c] / 2 if side > 0 else self.apart[c - 1] / 2
                number = c if side > 0 else (c - 1) % count
                top = r.crown_mm * (0.35 if number == r.low_commissure else 1.0)
                f = np.linspace(0, 1, 130)[:, None]
                t = self.hinge[c] + side * f * wide
                w0 = top * f**r.crown_power
                r0 = self.radius(t[:, 0], w0[:, 0])[:, None]
                leave = np.radians(r.leave_deg) * (1 - f**2)
                first, last = 0.38 * r0, 0.35 * r0
                opened = r.free_mm > 2
                free_r = np.minimum(r.free_mm, 0.9 * r0) * (1 - (0.0 if not opened else 0.2) * f)
                free_w = r.rise_mm if not opened else r.rise_mm + 0.5 * (top - 4) * f**2
                free_w = np.full_like(f, r.rise_mm) if not opened else free_w
                q = [
                    (r0, w0),
                    (r0 - first * np.cos(leave), w0 + first * np.sin(leave) - r.belly_mm * (1 - f)),
                    (free_r + last * (0.6 if not opened else 0.15), free_w - 0.35 * r.rise_mm * (1 - f)),
                    (free_r, free_w),
                ]
                b = [(1 - s) ** 3, 3 * s * (1 - s) ** 2, 3 * s * s * (1 - s), s**3]
                radius = sum(u * v[0] for u, v in zip(b, q, strict=True))
                height = sum(u * v[1] for u, v in zip(b, q, strict=True))
                if r.power > 0:
                    part = s**2
                    radius = r0 * (1 - part)
                    belly = r.belly_mm * 4 * part * (1 - part)
                    height = w0 * (1 - part) ** 2 + r.rise_mm * (r0 * part / 10) ** r.power - belly
                whole = np.broadcast_to(t, radius.shape)
                points.append(self.point(whole, radius, height).reshape(-1, 3))
                shares.append(np.broadcast_to(s, radius.shape).ravel())
                if r.lunula_mm > 0 and not opened and number != r.low_commissure:
                    # where two closed cusps lie against each other
                    up = np.linspace(0, r.lunula_mm, 14)[:, None]
                    points.append(
                        self.point(np.full((14, 110), t[-1, 0]), radius[-1] + 0 * up, height[-1] + up).reshape(-1, 3)
                    )
                    shares.append(np.ones(14 * 110))
        return np.concatenate(points), np.concatenate(shares)


def _line(points, count=160):
    points = np.asarray(points, float)
    along = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    return CubicSpline(along, points)(np.linspace(0, along[-1], count))


def _tube(points, line, radius):
    radius = np.broadcast_to(radius, len(line))
    away, near = cKDTree(line).query(points, distance_upper_bound=FAR + 15)
    return np.where(np.isfinite(away), away - radius[np.minimum(near, len(line) - 1)], FAR)


def _ellipsoid(points, center, radii, axes=None):
    q = points - np.asarray(center)
    q = q if axes is None else q @ axes
    k = np.linalg.norm(q / radii, axis=-1)
    return (k - 1) * k / np.maximum(np.linalg.norm(q / np.square(radii), axis=-1), 1e-6)


class _Chest:
    """Distance fields about the heart on a lattice of `COARSE_MM`, in the world."""

    def __init__(self, a: AnatomyB, low, high, seed: int) -> None:
        self.a = a
        g = self.g = np.random.default_rng(seed + 404)
        self.aortic = _Shape(a.root, np.zeros(3), a.turn_deg)
        turn = np.radians(a.turn_deg)
        self.about = np.array(((np.cos(turn), -np.sin(turn), 0), (np.sin(turn), np.cos(turn), 0), (0, 0, 1.0)))
        self.trunk_at = self.about @ (np.array((13.0, -31.0, 15.0)) + g.normal(0, 1.5, 3))
        self.pulmonary = _Shape(a.pulmonary, self.trunk_at, a.turn_deg)
        self.low = np.asarray(low) - 3
        shape = np.ceil((np.asarray(high) + 3 - self.low) / COARSE_MM).astype(int) + 1
        axes = [self.low[i] + COARSE_MM * np.arange(shape[i]) for i in range(3)]
        self.p = np.stack(np.meshgrid(*axes, indexing="ij"), -1).astype(np.float32)
        self.fields = {name: np.clip(f, -FAR, FAR).astype(np.float32) for name, f in self._fields().items()}

    def _h(self, *points):
        return [self.about @ np.array(p, float) for p in points]

    def _fields(self):
        a, g, p = self.a, self.g, self.p
        h, n = a.root.junction_height_mm, self.aortic.n
        start = [self.aortic.point(np.array(0.0), np.array(0.0), np.array(w)) for w in (h - 3, h + 5, h + 13)]
        arch = self._h((-20 + g.normal(0, 3), 6 + g.normal(0, 3), 66), (-8, 28, 88))
        self.aorta_line = _line([*start, *arch, (12, 52, 84), (19, 64, 60), (21, 66, 10), (20, 66, -100)], 500)
        wide = np.interp(
            np.linspace(0, 1, 500),
            (0, 0.06, 0.3, 0.45, 1),
            np.array((a.root.junction_mm, a.ascending_mm, a.ascending_mm, 25, 23)) / 2,
        )
        out = {"vessel": _tube(p, self.aorta_line, wide)}
        guard = np.minimum(self.aortic.outside(p), out["vessel"])
        apex = self.about @ np.array((0.62, -0.48, -0.62))
        apex /= np.linalg.norm(apex)
        side = np.cross(apex, (0, 0, 1.0))
        side /= np.linalg.norm(side)
        frame = np.stack([apex, side, np.cross(apex, side)], 1)
        base = -12 * n + self.about @ np.array((4.0, 5.0, -2.0))
        inflow = _line([-9 * n, -16 * n, base + 12 * apex, base + 24 * apex], 60)
        w = p @ n.astype(np.float32)
        cavity = np.minimum(
            _ellipsoid(p, base + 32 * apex, (44, 20, 21), frame),
            _tube(p, inflow, np.linspace(0.5 * a.root.max_mm, 14, 60)),
        )
        muscle = np.minimum(
            _ellipsoid(p, base + 32 * apex, (54, 30, 31), frame),
            _tube(p, inflow, np.linspace(0.5 * a.root.max_mm + 5, 20, 60)),
        )
        for angle in (0.6, 2.7):
            off = 11 * (np.cos(angle) * frame[:, 1] + np.sin(angle) * frame[:, 2])
            cavity = np.maximum(
                cavity, -_tube(p, _line([base + s * apex + off for s in (60, 48, 38, 30)]), np.linspace(5.5, 3, 160))
            )
        rough = ndimage.gaussian_filter(g.normal(size=cavity.shape), 2.2)
        cavity = cavity + 1.2 * rough / rough.std() * np.clip((p - base) @ apex / 35, 0, 1)
        out["ventricle"], out["muscle"] = np.maximum(cavity, w + 8), np.maximum(muscle, w + 2)
        behind = self._h((3 + g.normal(0, 3), 38, 6))[0]
        atrium = np.maximum(_ellipsoid(p, behind, (32, 22, 25)), a.gap_mm - guard)
        out["atrium"] = np.maximum(atrium, 3.0 - out["muscle"])
        right = _ellipsoid(p, self._h((-42, -6, -12))[0], (25, 28, 30))
        right = np.minimum(right, _ellipsoid(p, self._h((-26, -26, 6))[0], (14, 11, 16)))
        out["right"] = np.maximum(np.maximum(right, a.gap_mm - guard), 2.5 - np.minimum(out["atrium"], out["muscle"]))
        up = self.pulmonary.n
        v = self.trunk_at
        junction = a.pulmonary.junction_height_mm
        outflow = _line([*self._h((0, -44, -34), (6, -44, -14)), v - 14 * up, v - 6 * up], 80)
        rv = np.minimum(_ellipsoid(p, self._h((8, -44, -34))[0], (42, 20, 22)), _tube(p, outflow, 12.0))
        rv = np.maximum(np.maximum(rv, 3.0 - np.minimum(guard, out["muscle"])), (p - v) @ up + 7)
        out["rv"] = np.maximum(rv, 2.5 - out["right"])
        self.trunk_line = _line(
            [
                v + (junction - 3) * up,
                v + (junction + 6) * up,
                *self._h((21, -8, 54), (18, 14, 56), (-6, 30, 52), (-45, 36, 48)),
            ],
            260,
        )
        left = _line(self._h((21, -8, 54), (34, 14, 60), (50, 34, 58)), 80)
        trunk = _tube(
            p,
            self.trunk_line,
            np.interp(np.linspace(0, 1, 260), (0, 0.35, 1), (0.5 * a.pulmonary.junction_mm, 12.5, 8)),
        )
        out["trunk"] = np.maximum(np.minimum(trunk, _tube(p, left, 10.0)), 2.0 - guard)
        cava = _tube(p, _line(self._h((-44, 8, -20), (-44, 9, 20), (-42, 8, 60), (-36, 2, 110))), g.uniform(8.5, 10.5))
        out["cava"] = np.maximum(cava, 1.8 - np.minimum(guard, out["trunk"]))
        hull = np.minimum.reduce(
            [
                out["muscle"] - 5,
                out["atrium"] - 6,
                out["right"] - 5,
                out["rv"] - 5,
                guard - 9,
                out["trunk"] - 6,
                out["cava"] - 3,
            ]
        )
        out["hull"] = np.minimum(hull, np.minimum(out["vessel"] - 6, np.hypot(p[..., 0] - 4, p[..., 1] - 92) - 36))
        out["thorax"] = (np.hypot(p[..., 0] / 138, (p[..., 1] - 10) / 92) - 1) * 90
        bone = np.hypot((p[..., 0] - 3) / 19, (p[..., 1] - 96) / 15) * 16 - 16
        out["spine"] = np.where(np.mod(p[..., 2] + 300, 27) < 22.5, bone, FAR)
        return out

    def field(self, name, points):
        at = np.moveaxis((points - self.low.astype(np.float32)) / np.float32(COARSE_MM), -1, 0)
        return ndimage.map_coordinates(self.fields[name], at, order=1, mode="nearest", output=np.float32)

    def at(self, points, soft_mm):
        """(…,) HU at points, edges softened over soft_mm."""
        a = self.a
        hu = np.full(points.shape[:-1], 50.0, np.float32)

        def lay(d, level):
            share = np.clip(0.5 - d / soft_mm, 0, 1)
            np.add(hu, share * (level - hu), out=hu)

        get = lambda name: self.field(name, points)  # noqa: E731
        lay(get("thorax"), -850)
        lay(get("hull"), -85)
        spine = get("spine")
        lay(spine, 500)
        lay(spine + 2, 190)
        lay(get("muscle"), 105)
        vessel, trunk = get("vessel"), get("trunk")
        lay(get("atrium") - 1.2, 80)
        lay(get("right") - 1.5, 85)
        lay(get("rv") - 3.0, 100)
        lay(get("cava") - 0.8, 60)
        lay(trunk - 1.2, 70)
        lay(vessel - a.root.wall_mm, 70)
        lay(get("right"), a.right_hu * 0.9)
        lay(get("rv"), a.right_hu)
        lay(get("cava"), a.cava_hu)
        lay(get("atrium"), a.atrium_hu)
        lay(trunk, a.pulmonary.blood_hu)
        lay(get("ventricle"), 0.98 * a.root.blood_hu)
        lay(vessel, a.root.blood_hu)
        return hu


def _nodules(shape: _Shape, sheet, shares, g):
    r, lumps = shape.r, []
    inner = np.flatnonzero((shares > 0.08) & (shares < 0.85))
    for _ in range(r.leaf_nodules):
        at = sheet[g.choice(inner)]
        size = g.uniform(0.5, 1.0) * r.nodule_mm
        for _ in range(int(g.integers(1, 4))):
            lumps.append((at + g.normal(0, 0.5 * size, 3), size * g.uniform(0.5, 1), g.uniform(800, 1400)))
    for _ in range(r.wall_nodules):
        t, w = g.uniform(0, 2 * np.pi), g.uniform(-5, 14)
        rad = float(shape.radius(np.array([t]), np.array([w]))[0]) + g.uniform(0.2, 1.3)
        for step in np.linspace(0, g.uniform(0.5, 5), 4):
            lumps.append(
                (
                    shape.point(np.array(t + step / rad), np.array(rad), np.array(w)),
                    g.uniform(0.5, 1.3),
                    g.uniform(800, 1300),
                )
            )
    return lumps


def _coronaries(chest: _Chest):
    a, s, g = chest.a, chest.aortic, chest.g
    rims, lines = [], []
    cusps = (len(s.hinge) - 1, 1 if len(s.hinge) == 3 else 0)
    for cusp, low, size, way in zip(
        cusps, a.ostium_mm, a.coronary_mm, ((0.6, -0.4, -0.3), (-0.6, -0.5, -0.5)), strict=True
    ):
        low = min(low, a.root.junction_height_mm - 4)
        t = s.hinge[cusp] + g.normal(0, 0.16)
        high = np.array(low + size)
        rad = s.radius(np.array([t, t]), np.array([low, float(high)]))
        rims.append(s.point(np.array(t), np.array(float(rad[0])), np.array(low)))
        first = s.point(np.array(t), np.array(float(rad[1]) - 1.0), high)
        out = s.point(np.array(t), np.array(float(rad[1])), high) - first
        along = chest.about @ np.array(way)
        lines.append(
            (
                _line(
                    [
                        first,
                        first + 5 * out,
                        first + 9 * out + 3 * along,
                        first + 13 * out + 14 * along,
                        first + 12 * out + 32 * along,
                    ],
                    200,
                ),
                size,
            )
        )
    return np.array(rims), lines


def make_chest_b(
    a: AnatomyB,
    *,
    spacing_mm=(0.6, 0.6, 0.6),
    field_mm=(117.0, 126.0, 131.0),
    direction=None,
    shift_mm=(4.0, 6.0, 16.0),
    seed=0,
    name="",
) -> ChestB:
    """The scan of one chest; the annulus's centre lies at (0, 0, 0), the field's middle at shift_mm."""
    g = np.random.default_rng(seed + 808)
    direction = np.eye(3) if direction is None else np.asarray(direction, float)
    spacing = np.asarray(spacing_mm, float)
    field_ijk = (
        np.abs(direction.T @ np.asarray(field_mm, float))
        if np.allclose(np.abs(direction).max(axis=0), 1)
        else np.asarray(field_mm)
    )
    size = np.rint(field_ijk / spacing).astype(int)
    origin = np.asarray(shift_mm, float) - direction @ ((size - 1) / 2 * spacing)
    grid = Grid.from_parts(tuple(int(n) for n in size), spacing, origin, direction)
    corners = grid.to_world(np.array(np.meshgrid(*[(0, n - 1) for n in size])).reshape(3, -1).T)
    chest = _Chest(a, corners.min(0), corners.max(0), seed)
    rims, lines = _coronaries(chest)
    m = grid.world_from_index.astype(np.float32)

    def world(k, j, i):
        return np.stack(np.meshgrid(k, j, i, indexing="ij")[::-1], -1).astype(np.float32) @ m[:3, :3].T + m[:3, 3]

    nk, nj, ni = grid.shape_kji
    hu = np.empty((nk, nj, ni), np.float32)
    for k in range(0, nk, 12):
        hu[k : k + 12] = chest.at(
            world(np.arange(k, min(k + 12, nk)), np.arange(nj), np.arange(ni)), float(spacing.mean())
        )
    hu = ndimage.gaussian_filter(hu, a.psf_mm / spacing[::-1])
    for shape, ostia in ((chest.pulmonary, []), (chest.aortic, lines)):
        _paint(hu, grid, chest, shape, ostia, g)
    noise = ndimage.gaussian_filter(g.normal(size=hu.shape).astype(np.float32), 0.45 / spacing[::-1])
    hu += noise * np.float32(a.noise_hu / noise.std())
    s = chest.aortic
    around = np.radians(np.arange(0, 360, 0.25))
    ring = s._radius(around, np.zeros_like(around))
    contour = measure_contour(np.stack([ring * np.cos(around), ring * np.sin(around)], -1))
    zero = np.zeros(len(s.hinge))
    top = np.array([a.root.crown_mm * (0.35 if c == a.root.low_commissure else 1.0) for c in range(len(s.hinge))])
    truth = TruthB(
        s.n,
        s.point(s.hinge, s._radius(s.hinge, zero), zero),
        s.point(s.join, s.radius(s.join, top), top),
        rims,
        contour,
        chest.trunk_line,
    )
    return ChestB(Volume(grid, np.round(np.maximum(hu, -1024)).astype(np.int16)), a, truth, name)


def _paint(hu, grid: Grid, chest: _Chest, s: _Shape, lines, g) -> None:
    """One root over the background, on parts of voxels; hu is changed in place."""
    spacing = grid.spacing_mm
    parts = np.maximum(np.rint(spacing / 0.33), 1).astype(int)
    height = s.r.junction_height_mm
    middle = s.center + 0.5 * (height - 6) * s.n
    at = grid.to_index(middle)
    reach = 31.0 if lines else 27.0
    low = np.maximum(np.floor(at - reach / spacing), 0).astype(int)
    high = np.minimum(np.ceil(at + reach / spacing), np.array(grid.size_ijk) - 1).astype(int) + 1
    if (high - low < 8).any():
        return
    sheet, shares = s.sheet()
    lumps = _nodules(s, sheet, shares, g)
    tree = cKDTree(sheet)
    m = grid.world_from_index.astype(np.float32)
    axes = [(np.arange((high[i] - low[i]) * parts[i]) + 0.5) / parts[i] - 0.5 + low[i] for i in range(3)]
    fine = np.empty([len(axis) for axis in axes[::-1]], np.float32)
    own = np.empty(fine.shape, bool)
    soft = 0.35
    for k in range(0, len(axes[2]), 16):
        p = (
            np.stack(np.meshgrid(axes[2][k : k + 16], axes[1], axes[0], indexing="ij")[::-1], -1).astype(np.float32)
            @ m[:3, :3].T
            + m[:3, 3]
        )
        t, r, w = s.coordinates(p)
        d = r - s.radius(t, w)
        span = (w > -12.5) & (w < height + 9)
        values = chest.at(p, soft)
        wall = np.clip(0.5 - (d - s.r.wall_mm) / soft, 0, 1) * span
        if lines:
            wall *= ~((w < -3) & (chest.field("ventricle", p) < 0))
        values += wall * (70 - values)
        for line, size in lines:
            box = np.all((p > line.min(0) - 4) & (p < line.max(0) + 4), axis=-1)
            if box.any():
                away = cKDTree(line).query(p[box], distance_upper_bound=6.0)[0]
                part = values[box]
                part += np.clip(0.5 - (away - size - 0.5) / soft, 0, 1) * (70 - part)
                part += np.clip(0.5 - (away - size) / soft, 0, 1) * (s.r.blood_hu - part)
                values[box] = part
        blood = np.clip(0.5 - d / soft, 0, 1) * span
        values += blood * (s.r.blood_hu - values)
        some = (d < 0.2) & (w > -4) & (w < height + 4)
        away = tree.query(p[some], distance_upper_bound=1.2)[0]
        part = values[some]
        part += np.clip(0.5 - (away - s.r.thick_mm / 2) / soft, 0, 1) * (s.r.leaflet_hu - part)
        values[some] = part
        for lump, size, level in lumps:
            box = np.all(np.abs(p - lump) < size + 1, axis=-1)
            if box.any():
                part = values[box]
                part += np.clip(0.5 - (np.linalg.norm(p[box] - lump, axis=-1) - size) / soft, 0, 1) * (level - part)
                values[box] = part
        fine[k : k + 16] = values
        # beyond the root and its coronaries the background stays as it is
        near = (w > -13) & (w < height + 9.5) & (d < 4.6)
        for line, size in lines:
            box = np.all((p > line.min(0) - 4) & (p < line.max(0) + 4), axis=-1)
            if box.any():
                near[box] |= np.isfinite(cKDTree(line).query(p[box], distance_upper_bound=size + 2)[0])
        own[k : k + 16] = near
    fine = ndimage.gaussian_filter(fine, chest.a.psf_mm / (spacing / parts)[::-1])
    size = high - low
    parted = (size[2], parts[2], size[1], parts[1], size[0], parts[0])
    blocks = fine.reshape(parted).mean(axis=(1, 3, 5))
    inner = own.reshape(parted).any(axis=(1, 3, 5))
    box = (slice(low[2], high[2]), slice(low[1], high[1]), slice(low[0], high[0]))
    hu[box] = np.where(inner, blocks, hu[box])


CASES = ("plain", "plain", "bright_trunk", "turned", "horizontal", "axes", "crop", "thick", "severe", "open", "power")


def random_anatomy_b(g: np.random.Generator, case: str) -> AnatomyB:
    """Sizes drawn over the ranges that patients for a valve have; the case says what is unusual."""
    tilt = np.radians(g.uniform(60, 70) if case == "horizontal" else g.uniform(36, 60))
    way = np.radians(g.uniform(168, 208))
    normal = (np.sin(tilt) * np.cos(way), np.sin(tilt) * np.sin(way), np.cos(tilt))
    largest, ratio = g.uniform(23, 29.5), g.uniform(0.72, 0.92)
    lumen = 380.0 * g.uniform(0.85, 1.15)
    lead = g.normal(0, 10)
    opened = case == "open"
    mean = 0.5 * largest * (1 + ratio)
    height = g.uniform(17, 24)
    root = RootB(
        normal=normal,
        max_mm=largest,
        ratio=ratio,
        ellipse_deg=g.uniform(0, 180),
        dent=g.uniform(0, 0.015),
        hinge_deg=(lead - 120 + g.normal(0, 5), lead + g.normal(0, 4), lead + 120 + g.normal(0, 5)),
        junction_mm=max(g.uniform(1.0, 1.2) * mean, 23),
        junction_height_mm=height,
        bulge_mm=tuple(g.uniform(2.8, 5.2) * g.uniform(0.85, 1.15, 3)),
        sinus_start_mm=g.uniform(0.3, 2.2),
        drift_deg=tuple(g.normal(0, 1.6, 2)),
        flare=g.uniform(-0.06, 0.22),
        crown_mm=height * g.uniform(0.72, 0.9),
        crown_power=g.uniform(1.6, 2.3),
        leave_deg=g.uniform(55, 80) if opened else g.uniform(5, 70),
        belly_mm=0.0 if opened else g.uniform(0, 2.2),
        free_mm=g.uniform(0.35, 0.6) * mean / 2 if opened else 0.3,
        rise_mm=g.uniform(9, 12) if opened else g.uniform(6.5, 11),
        lunula_mm=g.uniform(0, 3),
        thick_mm=0.6,
        leaflet_hu=g.uniform(85, 120),
        wall_mm=g.uniform(1.5, 2.0),
        blood_hu=lumen,
        leaf_nodules=int(g.integers(14, 22)) if case == "severe" else int(g.integers(2, 9)),
        wall_nodules=int(g.integers(2, 6)),
        nodule_mm=2.6 if case == "severe" else 1.7,
    )
    if case == "power":
        root = replace(root, power=g.uniform(0.5, 1.3), rise_mm=g.uniform(5, 9), lunula_mm=0.0)
    if case == "bicuspid0":
        root = replace(root, hinge_deg=(lead - 10, lead + 170), bulge_mm=root.bulge_mm[:2], leave_deg=25.0)
    if case == "bicuspid1":
        root = replace(root, low_commissure=1)
    pulmonary = RootB(
        normal=(0.15 + g.normal(0, 0.06), 0.3 + g.normal(0, 0.08), 0.94),
        max_mm=g.uniform(23, 26),
        ratio=0.94,
        hinge_deg=(lead + 60, lead + 180, lead + 300),
        junction_mm=g.uniform(25, 27),
        junction_height_mm=16.0,
        bulge_mm=(2.6, 2.6, 2.6),
        crown_mm=13.0,
        rise_mm=7.0,
        thick_mm=0.5,
        wall_mm=1.2,
        leaf_nodules=0,
        wall_nodules=0,
        blood_hu=lumen * (g.uniform(1.2, 1.35) if case == "bright_trunk" else g.uniform(0.92, 1.05)),
    )
    return AnatomyB(
        root,
        pulmonary,
        turn_deg=float(g.choice((-25, 25))) if case == "turned" else g.uniform(-8, 8),
        ascending_mm=root.junction_mm * g.uniform(1.0, 1.18),
        atrium_hu=lumen * g.uniform(0.95, 1.03),
        right_hu=lumen * g.uniform(0.4, 1.0),
        cava_hu=lumen * (g.uniform(1.8, 2.4) if g.random() < 0.25 else g.uniform(0.5, 1.0)),
        ostium_mm=(g.uniform(10, 15), g.uniform(11, 16)),
        coronary_mm=(g.uniform(1.6, 2.1), g.uniform(1.4, 2.0)),
        noise_hu=float(g.choice((20, 30))),
    )


def random_chest_b(seed: int, case: str | None = None) -> ChestB:
    """A chest of the second make. case: one of `CASES`, "bicuspid0" or "bicuspid1"; by the seed if not given."""
    g = np.random.default_rng(seed + 60000)
    case = CASES[seed % len(CASES)] if case is None else case
    anatomy = random_anatomy_b(g, case)
    direction = None
    if case == "axes":
        options = (
            np.diag((-1.0, 1, -1)),
            np.diag((-1.0, -1, 1)),
            np.array(((0, 0, 1.0), (1, 0, 0), (0, 1, 0))),
            np.array(((0, 1.0, 0), (0, 0, -1), (-1, 0, 0))),
        )
        direction = options[int(g.integers(len(options)))]
    inplane = g.uniform(0.5, 0.75)
    spacing = (inplane, inplane, 1.5) if case == "thick" else (inplane, inplane, g.uniform(0.5, 0.8))
    field_mm = (117.0, 126.0, 131.0)
    shift = tuple(np.array((2.0, 8.0, 18.0)) + g.uniform(-6, 6, 3))
    if case == "crop":
        field_mm, shift = (74.0, 74.0, 66.0), tuple(10 * np.array(anatomy.root.normal) + g.uniform(-2, 2, 3))
    return make_chest_b(
        anatomy,
        spacing_mm=spacing,
        field_mm=field_mm,
        direction=direction,
        shift_mm=shift,
        seed=seed,
        name=f"b{seed} {case}",
    )
