"""Chests with an aortic root and their truth, built apart from the product's own phantoms.

A tissue is asked for at points (hard edges, first match from the top wins) and averaged over sub-points, so that partial
volume comes from counting, not from distances. Great vessels and chambers are distance fields on a coarse lattice; the
root itself is a formula in its own cylinder coordinates about a drifting axis.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import ndimage
from scipy.interpolate import splev, splprep
from scipy.spatial import cKDTree

from planning.geometry import Grid
from planning.section import Measures, measure_contour
from planning.volume import Volume

LATTICE_MM = 2.0


@dataclass(frozen=True)
class Anatomy:
    """Sizes of one chest; mm, degrees, HU. Angles of cusps are about the normal, from the front, N R L."""

    tilt_deg: float = 42.0
    azimuth_deg: float = 185.0
    max_mm: float = 26.0
    ratio: float = 0.82
    ellipse_deg: float = 20.0
    dent: float = 0.01
    cusps_deg: tuple[float, float, float] = (-120.0, 0.0, 120.0)
    junction_height_mm: float = 21.0
    junction_mm: float = 28.0
    ascending_mm: float = 31.0
    bulge_mm: tuple[float, float, float] = (4.0, 4.2, 3.8)
    bulge_start: float = 0.8
    drift_deg: float = 2.5
    drift_to_deg: float = 30.0
    flare: float = 0.1
    crown_mm: float = 15.0
    crown_power: float = 2.0
    valve: str = "closed"
    belly_mm: float = 0.8
    leaflet_mm: float = 0.6
    leaflet_hu: float = 100.0
    rise_mm: float = 8.0
    rise_power: float = 1.6
    nodules: int = 5
    wall_nodules: int = 3
    lumen_hu: float = 380.0
    trunk_ratio: float = 0.95
    right_ratio: float = 0.7
    wall_mm: float = 1.7
    gap_mm: float = 2.4
    ostium_mm: tuple[float, float] = (12.0, 14.0)
    coronary_mm: tuple[float, float] = (1.9, 1.7)
    blur_mm: float = 0.5
    noise_hu: float = 22.0
    center_mm: tuple[float, float, float] = (0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Truth:
    """hinges_mm (3, 3) N, R, L; commissures_mm (3, 3) NR, RL, LN; ostia_mm (2, 3) lowest rim, left and right."""

    normal: np.ndarray
    hinges_mm: np.ndarray
    commissures_mm: np.ndarray
    ostia_mm: np.ndarray
    annulus: Measures
    trunk_mm: np.ndarray
    aorta_mm: np.ndarray


@dataclass(frozen=True)
class Chest:
    """The CT and what it was made from."""

    volume: Volume
    anatomy: Anatomy
    truth: Truth


def random_anatomy(seed: int) -> Anatomy:
    """Sizes drawn over the ranges that patients for a valve have."""
    g = np.random.default_rng(seed)
    turn = g.normal(0.0, 12.0)
    junction = g.uniform(24.0, 34.0)
    largest = g.uniform(23.0, 29.5)
    return Anatomy(
        tilt_deg=g.uniform(20, 60),
        azimuth_deg=g.uniform(160, 215),
        max_mm=largest,
        ratio=g.uniform(0.72, 0.92),
        ellipse_deg=g.uniform(0, 180),
        dent=g.uniform(0, 0.015),
        cusps_deg=(turn - 120 + g.normal(0, 6), turn + g.normal(0, 4), turn + 120 + g.normal(0, 6)),
        junction_height_mm=g.uniform(17.5, 25),
        junction_mm=max(junction, largest * 0.95),
        ascending_mm=max(junction, largest) * g.uniform(1.0, 1.2),
        bulge_mm=tuple(g.uniform(2.6, 5.2) * g.uniform(0.85, 1.15, 3)),
        bulge_start=g.uniform(0.7, 1.1),
        drift_deg=abs(g.normal(0, 3.0)),
        drift_to_deg=g.uniform(0, 360),
        flare=g.uniform(-0.08, 0.25),
        crown_mm=g.uniform(12.5, 18),
        crown_power=g.uniform(1.6, 2.4),
        valve=str(g.choice(["closed", "closed", "open", "power", "stiff"])),
        belly_mm=g.uniform(0, 2.0),
        leaflet_mm=g.uniform(0.55, 0.9),
        leaflet_hu=g.uniform(80, 130),
        rise_mm=g.uniform(6, 10),
        rise_power=g.uniform(1.1, 2.2),
        nodules=int(g.integers(0, 10)),
        wall_nodules=int(g.integers(0, 5)),
        lumen_hu=g.uniform(270, 480),
        trunk_ratio=g.uniform(0.75, 1.12),
        right_ratio=g.uniform(0.4, 0.95),
        wall_mm=g.uniform(1.5, 2.0),
        gap_mm=g.uniform(2.2, 2.8),
        ostium_mm=(g.uniform(9, 15), g.uniform(10, 17)),
        coronary_mm=(g.uniform(1.5, 2.2), g.uniform(1.3, 2.0)),
        blur_mm=g.uniform(0.4, 0.7),
        noise_hu=g.uniform(15, 35),
        center_mm=tuple(g.uniform(-12, 12, 3)),
    )


def random_grid(seed: int, *, small: bool = False) -> tuple[tuple[float, float, float], tuple[float, ...], str]:
    """(spacing, field, axes) for a seed; axes: "ijk", or a permutation of patient axes, or "oblique"."""
    g = np.random.default_rng(seed + 5000)
    inplane = g.uniform(0.45, 0.7)
    spacing = (inplane, inplane, g.uniform(0.5, 1.5) if g.random() < 0.5 else g.uniform(0.5, 0.8))
    field = (92.0, 92.0, 88.0) if small else tuple(np.array((170.0, 165.0, 140.0)) * g.uniform(0.75, 1.0, 3))
    return spacing, field, str(g.choice(["ijk", "ijk", "ijk", "kij", "oblique"]))


class RootShape:
    """The root in cylinder coordinates (angle from the front about the normal, radius, height over the annulus)."""

    def __init__(self, a: Anatomy) -> None:
        self.a = a
        tilt, turn = np.radians(a.tilt_deg), np.radians(a.azimuth_deg)
        self.n = np.array((np.sin(tilt) * np.cos(turn), np.sin(tilt) * np.sin(turn), np.cos(tilt)))
        front = np.array((0.0, -1.0, 0.0))
        front = front - (front @ self.n) * self.n
        self.e1 = front / np.linalg.norm(front)
        self.e2 = np.cross(self.n, self.e1)
        self.center = np.array(a.center_mm)
        self.hinge = np.radians(a.cusps_deg)
        self.gaps = np.array([self._between(0, 1), self._between(1, 2), self._between(2, 0)])

    def _between(self, one: int, two: int) -> float:
        apart = np.mod(self.hinge[two] - self.hinge[one], 2 * np.pi)
        return float(self.hinge[one] + apart / 2)

    def axis(self, w):
        """In-plane drift (x, y) of the axis at height w."""
        slope = np.tan(np.radians(self.a.drift_deg))
        up = np.maximum(w, 0.0)
        along = slope * (up - 0.006 * up**2) + 0.25 * slope * np.minimum(w, 0.0)
        turn = np.radians(self.a.drift_to_deg)
        return along * np.cos(turn), along * np.sin(turn)

    def coordinates(self, points):
        """(angle, radius, height)."""
        q = points - self.center.astype(points.dtype)
        x, y, w = q @ self.e1.astype(q.dtype), q @ self.e2.astype(q.dtype), q @ self.n.astype(q.dtype)
        dx, dy = self.axis(w)
        x, y = x - dx, y - dy
        return np.arctan2(y, x), np.hypot(x, y), w

    def point(self, angle, radius, w):
        """World point."""
        dx, dy = self.axis(np.asarray(w, float))
        x, y = radius * np.cos(angle) + dx, radius * np.sin(angle) + dy
        return (
            self.center + np.multiply.outer(x, self.e1) + np.multiply.outer(y, self.e2) + np.multiply.outer(w, self.n)
        )

    def away(self, angle):
        """(cusp number, 0 at its hinge … 1 at its commissures)."""
        turns = np.stack([np.angle(np.exp(1j * (angle - h))) for h in self.hinge])
        shares = []
        for c in range(3):
            ahead = np.mod(self.gaps[c] - self.hinge[c], 2 * np.pi)
            behind = np.mod(self.hinge[c] - self.gaps[c - 1], 2 * np.pi)
            shares.append(np.where(turns[c] >= 0, turns[c] / ahead, -turns[c] / behind))
        shares = np.stack(shares)
        cusp = np.argmin(shares, axis=0)
        return cusp, np.clip(np.min(shares, axis=0), 0.0, 1.0)

    def annulus(self, angle):
        """Radius at height 0."""
        a = self.a.max_mm / 2
        b = a * self.a.ratio
        t = angle - np.radians(self.a.ellipse_deg)
        r = a * b / np.sqrt((b * np.cos(t)) ** 2 + (a * np.sin(t)) ** 2)
        return r * (1 + self.a.dent * np.cos(3 * angle + 0.7))

    def radius(self, angle, w):
        """Lumen radius."""
        share = np.clip(w / self.a.junction_height_mm, 0.0, 1.0)
        smooth = share**2 * (3 - 2 * share)
        base = (1 - smooth) * self.annulus(angle) + smooth * self.a.junction_mm / 2
        cusp, away = self.away(angle)
        size = np.array(self.a.bulge_mm)[cusp]
        lobe = np.cos(0.5 * np.pi * away) ** 1.3
        # beside the commissures the wall bulges little
        bulge = size * (0.25 + 0.75 * lobe) * np.maximum(np.sin(np.pi * share**self.a.bulge_start), 0.0) ** 1.3
        below = np.clip(-w, 0.0, 14.0) / 10.0
        above = (
            np.clip((w - self.a.junction_height_mm) / 25.0, 0.0, 1.0) * (self.a.ascending_mm - self.a.junction_mm) / 2
        )
        return base * (1 + self.a.flare * below**2) + bulge + above

    def crown(self, angle):
        """Height of the leaflets' attachment."""
        _, away = self.away(angle)
        return self.a.crown_mm * away**self.a.crown_power

    def leaflet(self, angle, r, w):
        """True in a leaflet."""
        a = self.a
        crown = self.crown(angle)
        wall = self.radius(angle, w)
        d = wall - r
        half = a.leaflet_mm / 2
        if a.valve in ("open", "stiff"):
            # nearly along the wall: inwards fast, then up
            _, away = self.away(angle)
            reach = (3.2 if a.valve == "open" else 6.0) * (1 - 0.75 * away**3)
            fall = 3.0 if a.valve == "open" else 4.5
            up = np.maximum(w - crown, 0.0)
            inwards = reach * (1 - np.exp(-up / fall))
            steep = np.sqrt(1 + (reach / fall * np.exp(-up / fall)) ** 2)
            return (np.abs(d - inwards) / steep < half) & (w >= crown - half) & (w < crown + 12.0 - 4.0 * away)
        share = np.clip(d / np.maximum(wall, 1.0), 0.0, 1.0)
        keep = (1 - share) ** 2
        if a.valve == "power":
            rise = a.rise_mm * (np.clip(d, 0, 10.0) / 10.0) ** a.rise_power
            slope = a.rise_mm * a.rise_power / 10.0 * (np.clip(d, 0.3, 10.0) / 10.0) ** (a.rise_power - 1)
        else:
            rise = a.rise_mm * share**a.rise_power - a.belly_mm * 4 * share * (1 - share) * (1 - 0.4 * share)
            slope = (
                a.rise_mm * a.rise_power * np.maximum(share, 0.03) ** (a.rise_power - 1)
                - 4 * a.belly_mm * (1 - 2 * share)
            ) / wall
        sheet = crown * keep + rise
        steep = np.sqrt(1 + (slope - 2 * crown * (1 - share) / wall) ** 2)
        return (np.abs(w - sheet) / steep < half) & (d > 0)


def _spline(points, count):
    tck, _ = splprep(np.asarray(points, float).T, k=3, s=0)
    return np.array(splev(np.linspace(0, 1, count), tck)).T


class _Lattice:
    """Distance fields on a coarse lattice about the scan."""

    def __init__(self, low, high) -> None:
        self.low = low - 4
        shape = np.ceil((high + 4 - self.low) / LATTICE_MM).astype(int) + 1
        self.axes = [self.low[n] + LATTICE_MM * np.arange(shape[n]) for n in range(3)]
        self.points = np.stack(np.meshgrid(*self.axes, indexing="ij"), -1)

    def ellipsoid(self, center, radii, axes=None):
        q = self.points - np.asarray(center)
        if axes is not None:
            q = q @ axes
        k0 = np.linalg.norm(q / radii, axis=-1)
        k1 = np.linalg.norm(q / np.square(radii), axis=-1)
        return k0 * (k0 - 1) / np.maximum(k1, 1e-6)

    def tube(self, line, radii):
        radii = np.broadcast_to(radii, len(line))
        away, near = cKDTree(line).query(self.points, distance_upper_bound=45.0)
        return np.where(np.isfinite(away), away - radii[np.minimum(near, len(line) - 1)], 40.0)


def _sample(field, lattice, points):
    index = np.moveaxis((points - lattice.low.astype(points.dtype)) / np.float32(LATTICE_MM), -1, 0)
    return ndimage.map_coordinates(field, index, order=1, mode="nearest", output=np.float32)


class _Tissue:
    """What lies at a point."""

    def __init__(self, a: Anatomy, low, high, seed: int) -> None:
        self.a, self.root = a, RootShape(a)
        g = np.random.default_rng(seed + 77)
        root, c = self.root, np.array(a.center_mm)
        h, n = a.junction_height_mm, self.root.n
        bend = np.array((g.uniform(-8, -2), g.uniform(-6, 4), 0.0))
        start = [root.point(0.0, 0.0, w) for w in (h - 4, h + 4, h + 14)]
        arch = [
            (start[-1] + 0.4 * 22 * n + 0.5 * np.array((0, 0, 22)) + 0.4 * bend),
            c + (-18, 12, 84) + g.normal(0, 3, 3),
            c + (2, 38, 95) + g.normal(0, 3, 3),
            c + (20, 60, 74) + g.normal(0, 3, 3),
            c + (22, 66, 40) + g.normal(0, 2, 3),
            c + (20, 67, -30),
            c + (16, 66, -110),
        ]
        self.aorta_line = _spline(start + arch, 700)
        wide = np.interp(
            np.linspace(0, 1, 700),
            (0, 0.1, 0.35, 0.6, 1),
            np.array((a.junction_mm, a.ascending_mm, a.ascending_mm * 0.97, 25, 22)) / 2,
        )
        lat = self.lat = _Lattice(low, high)
        angle, r, w = root.coordinates(lat.points)
        near_root = np.where((w > -13) & (w < h + 14), r - root.radius(angle, w), 40.0)
        near_root = np.minimum(
            near_root, np.where(w >= h + 14, 40.0, np.hypot(np.maximum(r - 14, 0), np.maximum(-13 - w, 0)) + 2)
        )
        self.vessel = lat.tube(self.aorta_line, wide)
        guard = np.minimum(near_root, self.vessel)
        fields: dict[str, np.ndarray] = {}
        apex = np.array((0.62, -0.45, -0.62)) + g.normal(0, 0.08, 3)
        apex /= np.linalg.norm(apex)
        side = np.cross(apex, (0, 0, 1.0))
        side /= np.linalg.norm(side)
        axes = np.stack([apex, side, np.cross(apex, side)], 1)
        base = c - 11 * n + np.array((4, 6, -2))
        cavity = lat.ellipsoid(base + 33 * apex, (46, 21, 22), axes)
        out = lat.tube(
            _spline([c - 8 * n, c - 14 * n + 3 * apex, base + 16 * apex, base + 26 * apex], 60), np.linspace(11, 14, 60)
        )
        cavity = np.maximum(np.minimum(cavity, out), w + 7)
        outer = np.maximum(np.minimum(lat.ellipsoid(base + 33 * apex, (55, 31, 32), axes), out - 5), w + 3)
        rough = ndimage.gaussian_filter(g.normal(size=cavity.shape), 2.0)
        rough /= rough.std()
        cavity = cavity + 1.1 * rough * np.clip((lat.points - base) @ apex / 40, 0, 1)
        for turn in (0.8, 2.6):
            off = 11 * (np.cos(turn) * axes[:, 1] + np.sin(turn) * axes[:, 2])
            muscle = lat.tube(_spline([base + s * apex + off for s in (58, 48, 40, 32)], 40), np.linspace(5, 3, 40))
            cavity = np.maximum(cavity, -muscle)
        fields["muscle"], fields["ventricle"] = outer, cavity
        behind = -root.e1
        turn_a = g.uniform(-0.35, 0.35)
        dir_a = np.cos(turn_a) * behind + np.sin(turn_a) * root.e2
        atrium = lat.ellipsoid(c + dir_a * 36 + n * g.uniform(-4, 6), (34, 22, 26))
        atrium = np.maximum(np.maximum(atrium, a.gap_mm - guard), 3.0 - outer)
        dir_r = -root.e2 * 0.9 - root.e1 * 0.3
        right = lat.ellipsoid(c + dir_r * 38 + np.array((0, 0, -6)), (24, 28, 32))
        right = np.maximum(np.maximum(right, a.gap_mm - guard), np.maximum(3.0 - outer, 2.5 - atrium))
        rv = np.minimum(
            lat.ellipsoid(c + np.array((8, -42, -34)), (46, 22, 26)),
            lat.tube(_spline([c + q for q in ((4, -44, -24), (12, -36, -6), (16, -32, 8), (18, -30, 14))], 60), 13.0),
        )
        rv = np.maximum(np.maximum(rv, 2.6 - outer), np.maximum(3.0 - guard, 2.5 - right)) + 0.7 * rough
        trunk_line = [
            c + q for q in ((16, -33, 6), (18, -30, 16), (21, -22, 32), (22, -4, 46), (26, 14, 52), (50, 30, 50))
        ]
        self.trunk_line = _spline(trunk_line, 200)
        trunk = lat.tube(self.trunk_line, np.interp(np.linspace(0, 1, 200), (0, 0.6, 1), (14, 12.5, 8)))
        arm = lat.tube(
            _spline([c + q for q in ((22, 2, 48), (4, 22, 46), (-24, 28, 42), (-60, 34, 34))], 120),
            np.linspace(10.5, 7, 120),
        )
        trunk = np.maximum(np.minimum(trunk, arm), g.uniform(1.6, 2.4) - guard)
        cava = lat.tube(
            _spline([c + q for q in ((-44, 6, -20), (-44, 6, 10), (-42, 4, 50), (-36, 0, 110))], 120), g.uniform(8, 10)
        )
        cava = np.maximum(np.maximum(cava, 2.0 - guard), 1.5 - trunk)
        fields |= {"atrium": atrium, "right": right, "rv": np.maximum(rv, 1.5 - trunk), "trunk": trunk, "cava": cava}
        x, y, z = np.moveaxis(lat.points - c, -1, 0)
        body = np.hypot(x / 165, (y - 15) / 118) - 1
        sac = np.minimum.reduce(
            [
                outer - 6,
                atrium - 5,
                right - 4,
                rv - 5,
                guard - 9,
                trunk - 5,
                cava - 3,
                self.vessel - 6,
                np.hypot(x - 5, y - 30) - 18,
            ]
        )
        lungs = np.maximum(np.hypot(x / 140, (y - 12) / 95) - 1, 0) * 100
        fields["lung"] = (
            np.where(lungs > 0, 5.0, -1.0) + np.where(sac < 0, 9.0, 0.0) + np.where(np.hypot(x, y - 95) < 34, 9.0, 0)
        )
        ribs = np.hypot(np.hypot(x / 150, (y - 12) / 105) * 100 - 100, 0)
        fields["rib"] = np.where((ribs < 5) & (np.mod(z + 0.35 * np.abs(y), 30) < 11), -1.0, 1.0)
        fields["sac"], fields["body"] = np.minimum(sac, 30), body * 100
        stack = np.mod(z + 200, 26)
        bone = np.hypot((x - 2) / 19, (y - 96) / 15) * 16 - 16
        fields["spine"] = np.where(stack < 22, bone, 5.0)
        fields["vessel"] = self.vessel
        self._coronaries(fields, g)
        self.fields = {k: np.clip(v, -30, 30).astype(np.float32) for k, v in fields.items()}
        self._nodules(g)

    def _coronaries(self, fields, g) -> None:
        root = self.root
        self.ostia, tubes = [], []
        for cusp, height, r, turn in (
            (2, self.a.ostium_mm[0], self.a.coronary_mm[0], g.normal(0, 0.2)),
            (1, self.a.ostium_mm[1], self.a.coronary_mm[1], g.normal(0, 0.2)),
        ):
            height = min(height, self.a.junction_height_mm - 2)
            angle = root.hinge[cusp] + turn
            wall = float(root.radius(np.array(angle), np.array(height + r)))
            self.ostia.append(root.point(angle, float(root.radius(np.array(angle), np.array(height))), height))
            out = root.point(angle, wall + 1, height + r) - root.point(angle, wall, height + r)
            base = root.point(angle, wall - 1.5, height + r)
            along = np.array((0.6, -0.5, -0.5)) if cusp == 2 else np.array((-0.7, -0.4, -0.6))
            line = [
                base,
                base + 4 * out,
                base + 8 * out + 2 * along,
                base + 14 * out + 12 * along,
                base + 16 * out + 34 * along,
            ]
            tubes.append((np.array(_spline(line, 160)), r))
        self.tubes = tubes
        self.rims = np.array(self.ostia)

    def _nodules(self, g) -> None:
        root, self.lumps = self.root, []
        for _ in range(self.a.nodules):
            angle = g.uniform(0, 2 * np.pi)
            w = float(root.crown(np.array(angle))) * 0.5 + g.uniform(2.5, 8)
            r = float(root.radius(np.array(angle), np.array(w))) * g.uniform(0.35, 0.85)
            self.lumps.append((root.point(angle, r, w), g.uniform(0.7, 2.0)))
        for _ in range(self.a.wall_nodules):
            angle, w = g.uniform(0, 2 * np.pi), g.uniform(-4, 12)
            r = float(root.radius(np.array(angle), np.array(w))) + g.uniform(0.3, 1.2)
            self.lumps.append((root.point(angle, r, w), g.uniform(0.6, 1.6)))

    def at(self, points, near: bool):
        """(…,) HU at (…, 3)."""
        a, lat = self.a, self.lat
        lumen = a.lumen_hu
        hu = np.full(points.shape[:-1], -1000.0, np.float32)
        get = {name: _sample(field, lat, points) for name, field in self.fields.items()}
        hu[get["body"] < 0] = 45
        hu[get["body"] > -3] = np.where(get["body"][get["body"] > -3] < 0, -90, -1000)
        hu[get["lung"] < 0] = -840
        hu[get["rib"] < 0] = 420
        hu[get["spine"] < 0] = np.where(get["spine"][get["spine"] < 0] > -2, 520, 190)
        hu[get["sac"] < 0] = -88
        hu[get["muscle"] < 0] = 108
        for name, wall, level in (
            ("right", 1.6, a.right_ratio * lumen * 0.9),
            ("rv", 2.6, a.right_ratio * lumen),
            ("atrium", 1.5, lumen * 0.97),
            ("cava", 1.0, a.right_ratio * lumen * 1.05),
            ("trunk", 1.2, a.trunk_ratio * lumen),
        ):
            field = get[name]
            ring = (field < wall) & (field >= 0)
            hu[ring & (hu < 105)] = 85
            hu[field < 0] = level
        hu[get["ventricle"] < 0] = lumen * 0.98
        hu[(get["vessel"] < a.wall_mm) & (get["vessel"] >= 0)] = 70
        angle, r, w = self.root.coordinates(points)
        part = (w > -12.5) & (w < a.junction_height_mm + 14) & (r < 32)
        radius = self.root.radius(angle[part], w[part])
        inside = np.zeros(hu.shape, bool)
        wall = np.zeros(hu.shape, bool)
        inside[part] = r[part] < radius
        wall[part] = r[part] < radius + a.wall_mm
        # below the annulus the wall is muscle, and ends where the ventricle's cavity opens
        hu[wall & ~inside & ~((w < -4) & (get["ventricle"] < 0))] = 70
        if near:
            for line, size in self.tubes:
                box = np.all(np.abs(points - line.mean(0)) < np.ptp(line, axis=0) / 2 + 4, axis=-1)
                away = np.full(hu.shape, 9.0, np.float32)
                if box.any():
                    away[box] = cKDTree(line).query(points[box], distance_upper_bound=8.0)[0]
                hu[(away < size + 0.6) & ~inside] = 60
            for line, size in self.tubes:
                away = np.full(hu.shape, 9.0, np.float32)
                box = np.all(np.abs(points - line.mean(0)) < np.ptp(line, axis=0) / 2 + 4, axis=-1)
                if box.any():
                    away[box] = cKDTree(line).query(points[box], distance_upper_bound=8.0)[0]
                hu[(away < size) & ~inside] = lumen
        hu[get["vessel"] < 0] = lumen
        hu[inside] = lumen
        if near:
            some = inside & (w > -4) & (w < a.junction_height_mm + 8)
            hit = self.root.leaflet(angle[some], r[some], w[some])
            values = hu[some]
            values[hit] = a.leaflet_hu
            hu[some] = values
            for middle, size in self.lumps:
                hu[((points - middle) ** 2).sum(-1) < size**2] = 1000
        return hu


def make_chest(
    anatomy: Anatomy,
    *,
    spacing_mm: tuple[float, float, float] = (0.6, 0.6, 0.7),
    field_mm: tuple[float, ...] = (92.0, 92.0, 88.0),
    axes: str = "ijk",
    seed: int = 0,
    shift_mm: tuple[float, float, float] = (0.0, 0.0, 10.0),
) -> Chest:
    """The scan of one chest: field about the annulus + shift. axes "kij": slices run along x; "oblique": turned axes."""
    g = np.random.default_rng(seed + 31)
    direction = np.eye(3)
    spacing, field = np.array(spacing_mm), np.array(field_mm)
    if axes == "kij":
        direction = np.array(((0, 1.0, 0), (0, 0, 1.0), (1.0, 0, 0))).T
        field = field[[1, 2, 0]]
    elif axes == "oblique":
        direction, _ = np.linalg.qr(np.eye(3) + 0.25 * g.normal(size=(3, 3)))
        direction *= np.sign(np.diag(direction))
        if np.linalg.det(direction) < 0:
            direction[:, 2] *= -1
    size = np.rint(field / spacing).astype(int)
    middle = np.array(anatomy.center_mm) + shift_mm
    origin = middle - direction @ ((size - 1) / 2 * spacing)
    grid = Grid.from_parts(tuple(int(n) for n in size), spacing, origin, direction)
    corners = grid.to_world(np.array(np.meshgrid(*[(0, n - 1) for n in size])).reshape(3, -1).T)
    tissue = _Tissue(anatomy, corners.min(0), corners.max(0), seed)
    hu = np.empty(grid.shape_kji, np.float32)
    ij = np.stack(np.meshgrid(np.arange(size[0]), np.arange(size[1]), indexing="xy"), -1)

    def points(k0, k1, rows, columns, offset):
        plane = ij[rows, columns]
        shape = (k1 - k0, *plane.shape[:2])
        index = np.empty((*shape, 3), np.float32)
        index[..., :2] = plane + offset[:2]
        index[..., 2] = np.arange(k0, k1)[:, None, None] + offset[2]
        matrix = grid.world_from_index.astype(np.float32)
        return index @ matrix[:3, :3].T + matrix[:3, 3]

    whole = slice(0, None)
    for k in range(0, size[2], 8):
        hu[k : k + 8] = tissue.at(points(k, min(k + 8, size[2]), whole, whole, np.zeros(3)), near=False)
    at = grid.to_index(tissue.root.center + 12 * tissue.root.n)
    low = np.clip(np.floor(at - 38 / spacing).astype(int), 0, size)
    high = np.clip(np.ceil(at + 38 / spacing).astype(int), 0, size)
    rows, columns = slice(low[1], high[1]), slice(low[0], high[0])
    offsets = (np.array(list(np.ndindex(2, 2, 2))) + 0.5) / 2 - 0.5
    if spacing.max() > 0.9:
        offsets = (np.array(list(np.ndindex(2, 2, 4))) + 0.5) / (2, 2, 4) - 0.5
    for k in range(low[2], high[2], 8):
        k1 = min(k + 8, high[2])
        here = points(k, k1, rows, columns, np.zeros(3))
        away = here - tissue.root.center.astype(np.float32)
        height = away @ tissue.root.n.astype(np.float32)
        side = np.sqrt(np.maximum((away**2).sum(-1) - height**2, 0))
        close = (height > -14) & (height < 36) & (side < 32)
        for line, size in tissue.tubes:
            close |= np.isfinite(cKDTree(line).query(here, distance_upper_bound=size + 1.5)[0])
        if close.any():
            sums = [
                tissue.at(here[close] + (grid.world_from_index[:3, :3] @ o).astype(np.float32), near=True)
                for o in offsets
            ]
            part = hu[k:k1, rows, columns]
            part[close] = np.mean(sums, axis=0)
    hu = ndimage.gaussian_filter(hu, (anatomy.blur_mm / spacing)[::-1])
    noise = ndimage.gaussian_filter(g.normal(size=hu.shape).astype(np.float32), 0.6)
    hu += noise * np.float32(anatomy.noise_hu / noise.std())
    return Chest(Volume(grid, np.round(np.maximum(hu, -1024)).astype(np.int16)), anatomy, _truth(tissue))


def _truth(tissue: _Tissue) -> Truth:
    root, a = tissue.root, tissue.a
    zero = np.zeros(3)
    hinges = root.point(root.hinge, root.annulus(root.hinge), zero)
    height = np.full(3, a.crown_mm)
    commissures = root.point(root.gaps, root.radius(root.gaps, height), height)
    around = np.arange(1440) * (2 * np.pi / 1440)
    r = root.annulus(around)
    contour = measure_contour(np.stack([r * np.cos(around), r * np.sin(around)], -1))
    return Truth(root.n, hinges, commissures, tissue.rims, contour, tissue.trunk_line, tissue.aorta_line)


def random_chest(seed: int, *, small: bool = False, **changes) -> Chest:
    """A chest of random sizes on a random grid."""
    spacing, field, axes = random_grid(seed, small=small)
    g = np.random.default_rng(seed + 9000)
    shift = (0.0, 0.0, 10.0) if small else (float(g.uniform(-8, 8)), float(g.uniform(0, 14)), float(g.uniform(4, 24)))
    anatomy = replace(random_anatomy(seed), **changes)
    return make_chest(anatomy, spacing_mm=spacing, field_mm=field, axes=axes, seed=seed, shift_mm=shift)
