"""What the segment editor's choices mean: "Paint over" as rules, bands of values taken from a structure or from a place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from app.i18n import structure_name, text_value, tr
from app.panels.segment.by_hand_settings import AND, COMBINE, EMPTY, GIVE_WAY, INSIDE, THRESHOLD, HandSettings
from planning.by_hand.values import ValueScale, shown_range, value_scale
from planning.case.model import Structure
from planning.errors import InputError
from planning.geometry import Vector
from planning.volume import Mask, Volume

if TYPE_CHECKING:
    from planning.by_hand.rules import Rules

Band = tuple[float, float]
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
    """What may be changed of `name` by the choice `over` (`HandSettings.over`), and only at values of a band."""
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
    """The values that most of a structure has, as finely as they are told; None where it has too few voxels to say."""
    values = volume.voxels[mask.box_kji]
    step = max(1, round((values.size / MOST_SAMPLES) ** (1 / 3)))
    inside = values[::step, ::step, ::step][mask.voxels[::step, ::step, ::step]]
    if len(inside) < LEAST_SAMPLES:
        return None
    scale = value_scale(volume)
    low, high = (scale.rounded(float(v)) for v in np.quantile(inside, BAND_SHARES))
    return low, max(high, scale.rounded(low + scale.fine))


def first_band(volume: Volume) -> Band | None:
    """Where nothing says what is looked for: the upper half of what an image holds; None in HU, whose band is a known one."""
    if volume.quantity == "HU":
        return None
    scale = value_scale(volume)
    low, high = shown_range(volume)
    middle = scale.rounded((low + high) / 2.0)
    return middle, max(scale.rounded(high), scale.rounded(middle + scale.fine))


def band_at(volume: Volume, place_mm: Vector) -> Band:
    """Values about that of a place in the scan, LPS mm, as wide as the noise round it asks for."""
    i, j, k = np.clip(np.rint(volume.grid.to_index(place_mm)).astype(int), 0, np.array(volume.grid.size_ijk) - 1)
    near = volume.voxels[max(k - 1, 0) : k + 2, max(j - 1, 0) : j + 2, max(i - 1, 0) : i + 2]
    middle, spread = float(np.median(near)), float(np.std(near))
    scale = value_scale(volume)
    half = max(scale.about, 2.5 * spread)
    return max(scale.rounded(middle - half), scale.least), scale.rounded(middle + half)


def band_words(band: Band, scale: ValueScale) -> tuple[str, str]:
    """Both ends to be said, the unit with the upper one: ("100", "250 HU"), ("2.50", "8.00 SUV"), ("40", "95")."""
    low, high = (text_value(value, scale.decimals) for value in band)
    return low, f"{high}\u202f{scale.unit}" if scale.unit else high
