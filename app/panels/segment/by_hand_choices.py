"""What the segment editor's choices mean: "Paint over" as rules, bands of values taken from a structure or from a place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from app.i18n import structure_name, tr
from app.panels.segment.by_hand_settings import AND, COMBINE, EMPTY, GIVE_WAY, INSIDE, THRESHOLD, HandSettings
from planning.case.model import Structure
from planning.errors import InputError
from planning.geometry import Vector
from planning.volume import Mask, Volume

if TYPE_CHECKING:
    from planning.by_hand.rules import Rules

Band = tuple[float, float]
PICK_HALF_HU = 40.0
# the first band is that of the structure's own values, of so many of them
BAND_SHARES, MOST_SAMPLES, LEAST_SAMPLES = (0.03, 0.97), 100_000, 30


def require_here(
    settings: HandSettings, tool: str, structures: Mapping[str, Structure], masks: Mapping[str, Mask]
) -> None:
    """Raise InputError where a tool's choices name a structure that has no voxels on this image's grid.

    To ignore the choice would change voxels that it was to keep. One that is gone from "Paint over" is refused as well;
    the other choosers show by themselves that nothing is chosen.
    """
    over = settings.over.removeprefix(AND).removeprefix(INSIDE) if settings.over.startswith((AND, INSIDE)) else ""
    beside = {THRESHOLD: settings.threshold_in, COMBINE: settings.with_other}.get(tool, "")
    if over and over not in structures:
        raise InputError(f"There is no structure named '{over}'", "Choose one of the case's", "unknown")
    for name in (over, beside):
        if name in structures and name not in masks:
            words = tr("{display} lies on another image's grid", display=structure_name(name))
            raise InputError(words, "Choose one of the case's", "other_grid")


def rules_of(over: str, name: str, masks: Mapping[str, Mask], locked: Iterable[str], band_hu: Band | None) -> Rules:
    """What may be changed of `name` by the choice `over` (`HandSettings.over`), and only at values of a band, in HU."""
    from planning.by_hand.rules import Rules

    paint_over: str | tuple[str, ...] = "anywhere"
    inside: tuple[str, ...] = ()
    if over == EMPTY:
        paint_over = "empty"
    elif over.startswith(AND) and over.removeprefix(AND) in masks:
        paint_over = (over.removeprefix(AND),)
    elif over.startswith(INSIDE) and over.removeprefix(INSIDE) in masks:
        inside = (over.removeprefix(INSIDE),)
    return Rules.over(
        name,
        masks,
        paint_over=paint_over,
        only_inside=inside,
        locked=tuple(locked),
        take=over == GIVE_WAY,
        band_hu=band_hu,
    )


def band_of(volume: Volume, mask: Mask) -> Band | None:
    """The values that most of a structure has, in HU; None where it has too few voxels to say."""
    values = volume.voxels[mask.box_kji]
    step = max(1, round((values.size / MOST_SAMPLES) ** (1 / 3)))
    inside = values[::step, ::step, ::step][mask.voxels[::step, ::step, ::step]]
    if len(inside) < LEAST_SAMPLES:
        return None
    low, high = (float(round(v)) for v in np.quantile(inside, BAND_SHARES))
    return low, max(high, low + 1.0)


def band_at(volume: Volume, place_mm: Vector) -> Band:
    """Values about that of a place in the scan, LPS mm, as wide as the noise round it asks for, in HU."""
    i, j, k = np.clip(np.rint(volume.grid.to_index(place_mm)).astype(int), 0, np.array(volume.grid.size_ijk) - 1)
    near = volume.voxels[max(k - 1, 0) : k + 2, max(j - 1, 0) : j + 2, max(i - 1, 0) : i + 2]
    middle, spread = float(np.median(near)), float(np.std(near))
    half = max(PICK_HALF_HU, 2.5 * spread)
    return float(round(middle - half)), float(round(middle + half))
