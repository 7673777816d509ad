"""A third generator of analytic roots, apart from `roots.py` and `roots_b.py` in every form: for checking, not for tuning.

Annuli are eggs, flattened discs and clovers; the wall passes smoothly from a twisted outflow tract through a rounded waist
into sinuses of their own sizes; leaflets hang as bowls from a crown that rises like a cosine. The scan's axes are turned,
its pixels unlike its slices, its point spread another along than across, its noise blue as behind a sharp kernel, its
blood between 300 and 500 HU.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from planning.geometry import Grid
from planning.section import Frame, Measures, measure_contour
from planning.volume import Volume

FINE_MM, HALF_MM, TABLE = 0.2, 23.0, 1440


@dataclass(frozen=True)
class RootC:
    """The scan and its truth: hinges N, R, L on the lumen's edge, the plane, the annulus's sizes, what was drawn."""

    volume: Volume
    hinges_mm: np.ndarray
    normal: np.ndarray
    truth: Measures
    kind: str


@dataclass(frozen=True)
class _Form:
    """One seed's root about its axis."""

    mean_mm: float
    harmonics: tuple[tuple[int, float, float], ...]
    hinge_angles: np.ndarray
    sinus_mm: np.ndarray
    sinus_height_mm: float
    round_mm: float
    outflow_slope: float
    outflow_oval: float
    twist_per_mm: float
    septum_mm: float
    septum_at: float
    wall_mm: float
    wall_hu: float
    blood_hu: float
    leaflet_mm: float
    leaflet_hu: float
    bowl_mm: float
    crown_mm: float
    atrium_at: tuple[float, float]
    muscle_at: tuple[float, float]

    def annulus(self, angle: np.ndarray) -> np.ndarray:
        shape = sum(share * np.cos(m * (angle - phase)) for m, share, phase in self.harmonics)
        return np.asarray(self.mean_mm * (1.0 + shape))

    def radius(self, angle: np.ndarray, height: np.ndarray) -> np.ndarray:
        """The lumen's edge; at height zero exactly the annulus."""
        soft = self.round_mm
        above, below = (soft * (np.logaddexp(0.0, side * height / soft) - np.log(2.0)) for side in (1.0, -1.0))
        lobe = sum(
            size * np.clip(np.cos(0.75 * np.angle(np.exp(1j * (angle - at)))), 0.0, None) ** 2
            for size, at in zip(self.sinus_mm, self.hinge_angles, strict=True)
        )
        swell = 1.0 - np.exp(-((np.clip(above, 0.0, None) / self.sinus_height_mm) ** 1.2))
        turned = np.cos(2.0 * (angle - self.septum_at - self.twist_per_mm * height))
        tract = self.outflow_slope + self.outflow_oval * turned
        septum = self.septum_mm * np.exp(-(((height + 7.0) / 3.0) ** 2)) * self._near(angle, self.septum_at, 0.7)
        flat = self.septum_mm * np.exp(-((7.0 / 3.0) ** 2)) * self._near(angle, self.septum_at, 0.7)
        return np.asarray(self.annulus(angle) + lobe * swell + tract * below - septum + flat)

    @staticmethod
    def _near(angle: np.ndarray, at: float, width: float) -> np.ndarray:
        return np.asarray(np.exp(-((np.angle(np.exp(1j * (angle - at))) / width) ** 2)))

    def crown(self, angle: np.ndarray) -> np.ndarray:
        away = np.abs(np.angle(np.exp(1j * (angle[..., None] - self.hinge_angles)))).min(axis=-1)
        return np.asarray(self.crown_mm * 0.5 * (1.0 - np.cos(np.clip(away * 3.0, 0.0, np.pi))))


def _form(rng: np.random.Generator) -> _Form:
    turn = rng.uniform(0.0, 2.0 * np.pi)
    style = rng.integers(0, 3)
    oval = rng.uniform(0.04, 0.14)
    harmonics = [(2, oval, turn)]
    if style == 0:
        harmonics += [(1, 0.04, turn), (3, 0.02, turn)]
    elif style == 1:
        harmonics += [(4, rng.uniform(0.004, 0.012), turn), (3, rng.uniform(0.0, 0.015), rng.uniform(0.0, 2.0))]
    else:
        harmonics += [(3, rng.uniform(0.015, 0.03), rng.uniform(0.0, 2.0)), (5, 0.004, rng.uniform(0.0, 1.2))]
    hinges = rng.uniform(0.0, 2.0 * np.pi) + np.radians((-118.0, 4.0, 122.0)) + rng.normal(0.0, np.radians(7.0), 3)
    return _Form(
        mean_mm=rng.uniform(10.5, 13.5),
        harmonics=tuple((int(m), float(share), float(phase)) for m, share, phase in harmonics),
        hinge_angles=hinges,
        sinus_mm=rng.uniform(2.0, 5.5) * rng.uniform(0.8, 1.2, 3),
        sinus_height_mm=rng.uniform(5.0, 9.0),
        round_mm=rng.uniform(0.3, 1.2),
        outflow_slope=rng.uniform(-0.12, 0.10),
        outflow_oval=rng.uniform(-0.10, 0.10),
        twist_per_mm=rng.uniform(-0.04, 0.04),
        septum_mm=rng.uniform(0.0, 2.0),
        septum_at=rng.uniform(0.0, 2.0 * np.pi),
        wall_mm=rng.uniform(1.3, 2.2),
        wall_hu=rng.uniform(50.0, 90.0),
        blood_hu=rng.uniform(300.0, 500.0),
        leaflet_mm=rng.uniform(0.5, 0.9),
        leaflet_hu=rng.uniform(80.0, 130.0),
        bowl_mm=rng.uniform(0.0, 2.0),
        crown_mm=rng.uniform(12.0, 17.0),
        atrium_at=(hinges[0] + rng.uniform(0.2, 1.2), rng.uniform(0.4, 1.1)),
        muscle_at=(hinges[1] + rng.uniform(-0.8, 0.8), rng.uniform(0.6, 1.4)),
    )


def make_root_c(seed: int, slice_mm: float, noise_hu: float, *, noise_seed: int | None = None) -> RootC:
    """One seed's root, scanned with these slices and this noise. The same seed is the same root at every slice."""
    rng = np.random.default_rng(seed + 50_000)
    form = _form(rng)
    pixel = rng.uniform(0.42, 0.7)
    spread = rng.uniform(0.40, 0.65) * np.array((1.0, 1.0, rng.uniform(0.8, 1.1)))
    turned = np.linalg.qr(np.eye(3) + rng.uniform(-0.25, 0.25, (3, 3)))[0]
    turned = turned * np.sign(np.diag(turned))
    tilt = np.radians(rng.uniform(30.0, 62.0))
    frame = Frame.of(
        rng.uniform(-0.5, 0.5, 3), np.array((-np.sin(tilt), rng.uniform(-0.3, 0.2), np.cos(tilt))), rng.normal(size=3)
    )
    nodules = _nodules(rng, form)
    spacing = np.array((pixel, pixel, slice_mm))
    parts = np.maximum(np.rint(spacing / FINE_MM).astype(int), 1)
    size = np.ceil(2.0 * HALF_MM / spacing).astype(int)
    fine = spacing / parts
    axes = [-HALF_MM - spacing[n] / 2 + fine[n] * (np.arange(size[n] * parts[n]) + 0.5) for n in range(3)]
    tissue = np.empty([len(axis) for axis in axes[::-1]], dtype=np.float32)
    for k, z in enumerate(axes[2]):
        points = np.stack(np.broadcast_arrays(axes[0][None, :], axes[1][:, None], z), axis=-1)
        tissue[k] = _tissue(form, frame, points, nodules)
    for axis in range(3):
        tissue = ndimage.gaussian_filter1d(tissue, spread[2 - axis] / fine[2 - axis], axis=axis, truncate=4.5)
    n, p = size, parts
    voxels = tissue.reshape(n[2], p[2], n[1], p[1], n[0], p[0]).mean(axis=(1, 3, 5))
    voxels = voxels + noise_hu * kernel_noise(voxels.shape, pixel, seed + 977 if noise_seed is None else noise_seed)
    # the scan's own axes are turned in space; the root was drawn in them
    corner = np.full(3, -HALF_MM)
    affine = np.eye(4)
    affine[:3, :3], affine[:3, 3] = turned * spacing, turned @ corner
    around = np.arange(7200) * (2.0 * np.pi / 7200)
    curve = form.annulus(around)[:, None] * np.stack([np.cos(around), np.sin(around)], axis=-1)
    at = form.annulus(form.hinge_angles)[:, None]
    hinges = frame.to_world(at * np.stack([np.cos(form.hinge_angles), np.sin(form.hinge_angles)], axis=-1))
    kind = (
        f"round {form.round_mm:.1f} slope {form.outflow_slope:+.2f} sinus {form.sinus_mm.mean():.1f} "
        f"blood {form.blood_hu:.0f} spread {spread[0]:.2f}/{spread[2]:.2f} pixel {pixel:.2f} nodules {len(nodules)}"
    )
    return RootC(
        Volume(Grid((int(n[0]), int(n[1]), int(n[2])), affine), np.round(voxels).astype(np.int16)),
        hinges @ turned.T,
        turned @ frame.normal,
        measure_contour(curve, 0.1),
        kind,
    )


def kernel_noise(shape: tuple[int, ...], pixel_mm: float, seed: int) -> np.ndarray:
    """Noise of SD 1 as behind a soft-tissue kernel: a ramp that a Gaussian ends in the slice, a little blur across."""
    white = np.random.default_rng(seed).normal(size=shape)
    rows, columns = np.fft.fftfreq(shape[1]), np.fft.rfftfreq(shape[2])
    per_mm = np.hypot(rows[:, None], columns[None]) / pixel_mm
    share = np.sqrt(per_mm + 0.02) * np.exp(-0.5 * (per_mm / 0.38) ** 2)
    noise = np.fft.irfft2(np.fft.rfft2(white) * share, s=shape[1:])
    noise = ndimage.gaussian_filter1d(noise, 0.5, axis=0)
    return np.asarray(noise / noise.std())


def _nodules(rng: np.random.Generator, form: _Form) -> list[tuple[np.ndarray, np.ndarray, float]]:
    """(centre as x, y, height; half-axes; HU): some in the wall from the outflow tract upwards, some on leaflets."""
    found = []
    for _ in range(rng.integers(0, 4)):
        angle, height, size = rng.uniform(0.0, 2.0 * np.pi), rng.uniform(-5.0, 2.0), rng.uniform(0.7, 1.6, 3)
        away = float(form.radius(np.array(angle), np.array(height))) + size[0] * rng.uniform(0.3, 1.4)
        found.append((np.array((away * np.cos(angle), away * np.sin(angle), height)), size, rng.uniform(650.0, 1200.0)))
    for _ in range(rng.integers(0, 4)):
        angle, height = rng.choice(form.hinge_angles) + rng.uniform(-0.6, 0.6), rng.uniform(2.0, 9.0)
        away = float(form.annulus(np.array(angle))) * rng.uniform(0.45, 0.9)
        size = rng.uniform(0.7, 1.7, 3)
        found.append((np.array((away * np.cos(angle), away * np.sin(angle), height)), size, rng.uniform(650.0, 1200.0)))
    return found


def _tissue(
    form: _Form, frame: Frame, points: np.ndarray, nodules: list[tuple[np.ndarray, np.ndarray, float]]
) -> np.ndarray:
    plane = frame.to_plane(points)
    height = (points - frame.origin_mm) @ frame.normal
    x, y = plane[..., 0], plane[..., 1]
    angle, away = np.arctan2(y, x), np.hypot(x, y)
    beyond = away - form.radius(angle, height)

    def arc(at: tuple[float, float]) -> np.ndarray:
        return np.asarray(np.abs(np.angle(np.exp(1j * (angle - at[0])))) <= at[1])

    outside = np.where(arc(form.muscle_at) & (height < 6.0), 110.0, -90.0)
    outside = np.where(arc(form.atrium_at) & (beyond > 2.4) & (height > -8.0), form.blood_hu * 0.93, outside)
    values = np.where(beyond <= 0.0, form.blood_hu, np.where(beyond <= form.wall_mm, form.wall_hu, outside))
    table = np.arange(TABLE + 1) * (2.0 * np.pi / TABLE)
    crown = np.interp(np.mod(angle, 2.0 * np.pi), table, form.crown(table))
    inwards = np.clip(-beyond, 0.0, 10.0) / 10.0
    # a bowl: from the wall down and in at first, then up to the free edge
    sheet = (
        crown + (10.0 - crown) * inwards**1.5 - 4.0 * form.bowl_mm * inwards * (1.0 - inwards) * (1.0 - crown / 17.0)
    )
    slope = (10.0 - crown) * 1.5 * np.sqrt(inwards) - 4.0 * form.bowl_mm * (1.0 - 2.0 * inwards) * (1.0 - crown / 17.0)
    steep = np.hypot(1.0, slope / 10.0)
    leaflet = (
        (np.abs(height - sheet) / steep <= form.leaflet_mm / 2.0) & (beyond <= 0.0) & (crown < 0.93 * form.crown_mm)
    )
    values = np.where(leaflet, form.leaflet_hu, values)
    for center, size, hu in nodules:
        local = np.stack([x, y, height], axis=-1) - center
        values = np.where(((local / size) ** 2).sum(axis=-1) <= 1.0, hu, values)
    return values.astype(np.float32)
