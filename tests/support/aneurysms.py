"""An abdominal aorta with a neck, a sac, a renal artery on each side and both iliac arteries with their internal branch."""

from __future__ import annotations

import numpy as np
from arteries import Pelvis, artery, make_pelvis, standard_arteries

RENAL_S_MM, NECK_MM = 45.0, 22.0
SAC_AT_MM, SAC_RADIUS_MM = 100.0, 15.0


def make_aneurysm(
    spacing: tuple[float, float, float] = (1.2, 1.2, 1.5),
    *,
    sac_radius_mm: float = SAC_RADIUS_MM,
    low_z_mm: float = -170.0,
    seed: int = 0,
) -> Pelvis:
    """Aorta of radius 9 mm, whose lumen widens to the sac below the neck; S in mm from its upper end at z = 150."""
    found = standard_arteries(kinked=False)
    aorta = found["aorta"]
    s = aorta.along_mm
    below = np.clip((s - RENAL_S_MM - NECK_MM) / 15.0, 0.0, 1.0)
    bulge = (sac_radius_mm - 9.0) * np.exp(-(((s - SAC_AT_MM) / 22.0) ** 2)) * below
    aorta.radius_mm = 9.0 + bulge
    aorta.outer_mm = aorta.radius_mm.copy()
    start = aorta.curve_mm[int(np.searchsorted(s, RENAL_S_MM))]
    for side, sign in (("right", -1.0), ("left", 1.0)):
        way = [tuple(start + np.array(step)) for step in ((0, 0, 0), (sign * 18, 2, -4), (sign * 40, 12, -6))]
        found[f"{side}_renal"] = artery(f"{side}_renal", way, 2.8, 2.4)
    low = (-120.0, -75.0, low_z_mm)
    return make_pelvis(found, spacing=spacing, noise_hu=12.0, bone=False, low=low, seed=seed)


def renal_mm(pelvis: Pelvis) -> np.ndarray:
    """(3,) where both renal arteries leave the aorta."""
    aorta = pelvis.arteries["aorta"]
    return aorta.curve_mm[int(np.searchsorted(aorta.along_mm, RENAL_S_MM))]
