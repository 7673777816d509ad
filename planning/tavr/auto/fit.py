"""A root fitted at a likely place: frame, wall, leaflets' crown, and the waist as a second opinion."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray, unit
from planning.section import Frame
from planning.tavr.auto.crown import Crown, fit_crown, lobe_angles
from planning.tavr.auto.foot import foot_heights
from planning.tavr.auto.local import (
    ABOVE_MM,
    ANGLES,
    BELOW_MM,
    Lattice,
    Wall,
    facing_front,
    find_wall,
    make_lattice,
    sheets,
)
from planning.tavr.auto.sites import Site
from planning.volume import Volume

LEVELS_UNDER_SINUS_MM = (-17.0, -2.5)
REFIT_DEG, REFIT_MM = 3.5, 2.5
SINUS_OVER_HINGES_MM = 9.0
ROUNDED_MM = 0.9
AT_CROWN_MM, BY_FOOT, BY_WAIST, BY_UPRIGHT_MM = -0.78, -0.86, 0.2, 0.81
FOOT_MM, USUAL_FOOT_MM, MOST_PULL_MM = (-2.2, 0.5), -1.1, 2.5
FINE_MM, THIN_MM, THICK_PULL, THICK_MOST_MM = 1.0, 1.5, 0.8, 8.0
AXIS_SIGMA_DEG, CROWN_SIGMA_DEG = 4.5, 1.2


@dataclass(frozen=True, slots=True, eq=False)
class FittedRoot:
    """Lattice, wall and crown about one axis; blood_hu, noise_hu in the sinuses; lobes: angles and size of the sinuses.

    thick_mm: the greatest of the voxel's sides.
    """

    site: Site
    lattice: Lattice
    wall: Wall
    crown: Crown
    sinus_level_mm: float
    lobes: FloatArray
    lobe_mm: float
    blood_hu: float
    noise_hu: float
    thick_mm: float

    @property
    def frame(self) -> Frame:
        """The lattice's frame."""
        return self.lattice.frame

    def on_wall(self, angles: FloatArray, levels_mm: FloatArray) -> FloatArray:
        """(…, 3) LPS points of the wall."""
        radius = self.wall.radius_at(angles, levels_mm)
        plane = np.stack([radius * np.cos(angles), radius * np.sin(angles)], axis=-1)
        return np.asarray(self.frame.to_world(plane) + levels_mm[..., None] * self.frame.normal)

    def hinges_mm(self) -> FloatArray:
        """(3, 3) counter-clockwise seen from the aorta, not yet named."""
        return self.on_wall(self.crown.angles, self.crown.levels_mm)

    def foot_mm(self) -> FloatArray:
        """(3,) heights over the crown where the wall darkens, NaN where it does not."""
        return foot_heights(self.lattice, self.wall, self.crown, self.blood_hu)

    def crown_normal(self) -> FloatArray:
        """(3,) of the plane through the crown's lowest points."""
        p = self.hinges_mm()
        n = np.cross(p[1] - p[0], p[2] - p[0])
        return unit(n if n @ self.frame.normal > 0 else -n)

    def axis(self) -> FloatArray:
        """(3,) through the middles of the sections from the hinges to over the sinuses."""
        low = float(self.crown.levels_mm.mean())
        use = (self.wall.heights_mm >= low) & (self.wall.heights_mm <= self.sinus_level_mm + 5.0)
        w, centers = self.wall.heights_mm[use], self.wall.centers_mm()[use]
        if len(w) < 5:
            return self.frame.normal
        slope = np.polyfit(w, centers, 1)[0]
        return unit(self.frame.normal + slope[0] * self.frame.right + slope[1] * self.frame.up)

    def waist(self) -> tuple[float, FloatArray]:
        """Level where the sinuses begin to widen over the waist, and the middle of the section there, LPS mm.

        The steepest rise of the area is drawn down to the area of the waist, less what the rounded beginning of the
        sinuses adds; the least area itself can lie anywhere in a straight outflow tract.
        """
        from scipy import ndimage

        heights = self.wall.heights_mm
        area = ndimage.gaussian_filter1d(self.wall.area_mm2(), 0.8)
        use = np.flatnonzero((heights >= self.sinus_level_mm - 18.0) & (heights <= self.sinus_level_mm))
        slope = np.gradient(area[use], heights[use])
        steep = int(np.argmax(np.where(heights[use] > self.sinus_level_mm - 14.0, slope, -np.inf)))
        below = area[use[max(0, steep - 10) : steep + 1]]
        base = float(np.quantile(below, 0.25))
        level = float(heights[use[steep]] - (area[use[steep]] - base) / max(float(slope[steep]), 1.0))
        level = float(np.clip(level - ROUNDED_MM, heights[use[0]], heights[use[-1]]))
        best = int(np.argmin(np.abs(heights - level)))
        center = self.wall.centers_mm()[best]
        return level, np.asarray(self.frame.to_world(center) + level * self.frame.normal)

    @property
    def quality(self) -> float:
        """0 … 1: how much of three leaflets is seen."""
        return float(0.5 * self.crown.support.mean() + 0.5 * self.crown.support.min())


def fit_root(volume: Volume, site: Site) -> FittedRoot:
    """The root about a site, fitted again about its own middle where the first axis was off."""
    first = _fit_about(volume, site, facing_front(site.center_mm, site.axis))
    middle = first.hinges_mm().mean(axis=0)
    axis = unit(first.crown_normal() + first.axis())
    tilt = np.degrees(np.arccos(np.clip(axis @ first.frame.normal, -1.0, 1.0)))
    plane = first.frame.to_plane(middle)
    level = float((middle - first.frame.origin_mm) @ first.frame.normal)
    if tilt < REFIT_DEG and np.linalg.norm(plane) < REFIT_MM and abs(level + SINUS_OVER_HINGES_MM) < 5.0:
        return first
    if tilt > 35.0 or first.quality < 0.2:
        return first
    second = _fit_about(volume, site, facing_front(middle + SINUS_OVER_HINGES_MM * axis, axis))
    return second if second.quality > 0.85 * first.quality else first


def _fit_about(volume: Volume, site: Site, frame: Frame) -> FittedRoot:
    lattice = make_lattice(volume, frame)
    side = lattice.values.shape[2] // 2
    base = round((-BELOW_MM) / 0.5)
    core = lattice.values[base - 4 : base + 24, side - 8 : side + 9, side - 8 : side + 9]
    blood = float(np.median(core))
    blood = blood if 0.7 * site.blood_hu < blood < 1.4 * site.blood_hu else site.blood_hu
    noise = float(1.4826 * np.median(np.abs(core - np.median(core))))
    wall = find_wall(lattice, blood)
    sinus = _sinus_level(wall)
    lobes, size = lobe_angles(wall, sinus)
    thick = float(volume.grid.spacing_mm.max())
    crown = fit_crown(leaflet_sheets(lattice, wall, blood, thick), wall, lobes, hinge_levels(sinus))
    return FittedRoot(site, lattice, wall, crown, sinus, lobes, size, blood, noise, thick)


def leaflet_sheets(lattice: Lattice, wall: Wall, blood_hu: float, thick_mm: float) -> npt.NDArray[np.float32]:
    """Thin dark sheets in the lumen; the wall's own blur in thick slices would be taken for a leaflet along it."""
    return sheets(lattice, wall, blood_hu, 0.4 + 0.7 * max(0.0, thick_mm - FINE_MM))


def hinge_levels(sinus_level_mm: float) -> FloatArray:
    """Levels where hinges may lie, so far under the sinuses."""
    low = max(sinus_level_mm + LEVELS_UNDER_SINUS_MM[0], BELOW_MM + 6.0)
    return np.arange(low, sinus_level_mm + LEVELS_UNDER_SINUS_MM[1], 0.5)


def _sinus_level(wall: Wall) -> float:
    """Where three lobes show best: third harmonic of the wall less its neighbours, within 8 mm of the site."""
    from scipy import ndimage

    turn = 2.0 * np.pi * np.arange(ANGLES) / ANGLES
    waves = {m: (2.0 / ANGLES) * np.abs(wall.radii_mm @ np.exp(-1j * m * turn)) for m in (2, 3, 4, 5)}
    score = waves[3] - 0.5 * waves[4] - 0.3 * waves[5] - 0.2 * waves[2]
    score = ndimage.gaussian_filter1d(score + 0.1 * np.sqrt(wall.area_mm2() / np.pi), 1.5)
    use = np.flatnonzero((np.abs(wall.heights_mm) <= 8.0) & (wall.heights_mm < ABOVE_MM - 6.0))
    return float(wall.heights_mm[use[np.argmax(score[use])]])


def held_levels(root: FittedRoot) -> tuple[FloatArray, FloatArray]:
    """(3,) hinge levels with their plane drawn towards the root's axis, and the (3,) normal that results.

    The crown tells the plane's tilt by three levels, each uncertain; the axis through the sinuses lies within a few
    degrees of it as well. The two are weighed by how well the leaflets are seen and by the slices' thickness.
    """
    support = float(np.clip(root.crown.support.min(), 0.15, 1.0))
    thick = float(np.clip(root.thick_mm - FINE_MM, 0.0, 1.0))
    crown_sigma = CROWN_SIGMA_DEG / support**1.5 * (1.0 + 2.0 * thick)
    share = AXIS_SIGMA_DEG**2 / (AXIS_SIGMA_DEG**2 + crown_sigma**2)
    normal = unit(share * root.crown_normal() + (1.0 - share) * root.axis())
    middle = root.hinges_mm().mean(axis=0) - too_high_mm(root) * normal
    along = float(root.frame.normal @ normal)
    levels = root.crown.levels_mm.copy()
    for _ in range(3):
        points = root.on_wall(root.crown.angles, levels)
        levels = levels - ((points - middle) @ normal) / along
    return levels, normal


def too_high_mm(root: FittedRoot) -> float:
    """How far the crown's mean level lies over the hinges, told by the foot of the leaflets and by the waist.

    A line fitted to 53 chests of two makes; checked by halves it leaves 0.29 mm (SD), where the crown alone leaves 0.47 mm.
    Slices of 2.5 mm show no thin leaflet, there the waist counts alone.
    """
    over_waist = float(root.crown.levels_mm.mean() - root.waist()[0])
    upright = float(np.clip(1.0 - np.mean(root.crown.lean_wall) / np.radians(90.0), 0.0, 1.0))
    heights = root.foot_mm()
    seen = heights[np.isfinite(heights)]
    foot = float(np.clip(np.median(seen), *FOOT_MM)) if len(seen) else USUAL_FOOT_MM
    fine = AT_CROWN_MM + BY_FOOT * foot + BY_WAIST * over_waist + BY_UPRIGHT_MM * upright
    fine = float(np.clip(fine, -MOST_PULL_MM, MOST_PULL_MM))
    coarse = float(np.clip(THICK_PULL * over_waist, -THICK_MOST_MM, THICK_MOST_MM))
    thick = float(np.clip(root.thick_mm - THIN_MM, 0.0, 1.0))
    return (1.0 - thick) * fine + thick * coarse
