"""Window presets: name, width and level in HU, and the key that sets each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.i18n import mark
from planning.volume import Volume
from viewers.lut import least_window

BODY_HU = -300
# on each axis
LEAST_SAMPLES = 32


@dataclass(frozen=True, slots=True)
class Preset:
    """A window/level pair with its name and key ("" for none)."""

    id: str
    name: str
    window_hu: float
    level_hu: float
    key: str


# the actions' words, said with tr(f"Window {name}")
_ACTIONS = (
    mark("Window CTA"),
    mark("Window Liver"),
    mark("Window Liver, narrow"),
    mark("Window Lung"),
    mark("Window Bone"),
    mark("Window Soft tissue"),
)
PRESETS: tuple[Preset, ...] = (
    Preset("cta", "CTA", 900, 260, "1"),
    Preset("liver", mark("Liver"), 360, 70, "2"),
    Preset("liver_narrow", mark("Liver, narrow"), 160, 80, "Shift+2"),
    Preset("lung", mark("Lung"), 1500, -600, "3"),
    Preset("bone", mark("Bone"), 1800, 400, "4"),
    Preset("soft", mark("Soft tissue"), 400, 40, "5"),
)


def find_preset(identifier: str) -> Preset:
    """The preset of this id. Raises KeyError."""
    return {preset.id: preset for preset in PRESETS}[identifier]


def automatic_window(volume: Volume) -> tuple[float, float]:
    """(window, level) in HU from the 1st to the 99th percentile inside the body (above −300 HU), on every fourth voxel.

    Of a small image more voxels are looked at; one that has no contrast between those percentiles is shown from its least
    to its greatest value, and one of a single value in the window for soft tissue about it.
    """
    steps = [min(max(n // LEAST_SAMPLES, 1), 4) for n in volume.voxels.shape]
    sample = volume.voxels[tuple(slice(None, None, step) for step in steps)]
    body = sample[sample > BODY_HU]
    if body.size < 100:
        body = sample.reshape(-1)
    low, high = np.percentile(body, (1, 99))
    if high <= low:
        low, high = float(sample.min()), float(sample.max())
    width = float(high - low) or float(find_preset("soft").window_hu)
    return max(width, least_window(volume.voxels, volume.quantity)), float((high + low) / 2.0)
