"""How finely an image's values are told, typed and moved in the segment editor: by the unit, and else by what it holds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planning.geometry import FloatArray
from planning.volume import Volume

MOST_SAMPLES = 200_000
# what is shown of values leaves out so much at each end
TAIL = 0.002
# air round the body would be one peak that hides all others: below this in HU, below this share of the range else
AIR_HU, EMPTY_SHARE = -300.0, 0.02
FEWEST = 100
# of the range of values without a unit: one step of a field
STEPS = 100.0
FAR = 999_999.0


@dataclass(frozen=True, slots=True)
class ValueScale:
    """unit: "HU", "SUV" or "" for none. fine: the least difference that is told, `decimals` figures after the mark.

    step: of a field and of the keys. alike: so far tissue that looks the same may differ at least. about: half the width
    of a band about one value. least, most: what may be typed.
    """

    unit: str
    fine: float
    step: float
    alike: float
    about: float
    least: float
    most: float

    @property
    def decimals(self) -> int:
        """Figures after the decimal mark."""
        return max(0, -round(float(np.log10(self.fine))))

    def rounded(self, value: float) -> float:
        """The value as finely as it is told."""
        return round(value, self.decimals)


HU = ValueScale("HU", 1.0, 5.0, 30.0, 40.0, -32000.0, 32000.0)
SUV = ValueScale("SUV", 0.01, 0.1, 0.3, 0.4, 0.0, 1000.0)


def value_scale(volume: Volume) -> ValueScale:
    """The scale of an image's values; where they have no unit it follows from how far they reach."""
    if volume.quantity in ("HU", "SUV"):
        return HU if volume.quantity == "HU" else SUV
    return scale_of_range(*shown_range(volume), is_whole=volume.voxels.dtype == np.int16)


def scale_of_range(low: float, high: float, *, is_whole: bool = False) -> ValueScale:
    """The scale of values without a unit that reach from `low` to `high`. is_whole: there are only whole numbers."""
    step = 10.0 ** np.floor(np.log10(max(high - low, 1e-6) / STEPS))
    if is_whole:
        step = max(step, 1.0)
    # in whole numbers where the steps are; nothing between the values of an image of whole numbers
    fine = 1.0 if step >= 1.0 else step / 10.0
    return ValueScale("", float(fine), float(step), float(3.0 * step), float(4.0 * step), -FAR, FAR)


def samples(volume: Volume) -> FloatArray:
    """(N,) values of evenly taken voxels, without the air or the empty places round the body."""
    step = max(1, round((volume.voxels.size / MOST_SAMPLES) ** (1 / 3)))
    values = np.asarray(volume.voxels[::step, ::step, ::step], dtype=np.float64).ravel()
    if volume.quantity == "HU":
        floor = AIR_HU
    else:
        low, high = np.quantile(values, (0.0, 1.0 - TAIL))
        floor = low + EMPTY_SHARE * (high - low)
    body = values[values > floor]
    return body if body.size > FEWEST else values


def shown_range(volume: Volume) -> tuple[float, float]:
    """(least, greatest) value that is worth showing; what lies far out at both ends is left out."""
    low, high = (float(value) for value in np.quantile(samples(volume), (TAIL, 1.0 - TAIL)))
    return low, high
