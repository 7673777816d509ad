"""What the image says inside a flat region, and about a single place: values of voxels, each by its area in the region.

Voxels count as they are, nothing is interpolated, so that the spread is the image's own in every plane. All numbers are of
one set of voxels, so that none contradicts another: those that lie in the region with at least half of their own section,
as a neighbour that an outline only grazes is not what was drawn; where none does, all that the region touches. Mean,
standard deviation and median weight them by their area in the region. The ± of a mean (95 %) holds two parts: how much it
would change by shifting the region as far as a hand may miss by within a voxel, and the image's noise, for which
neighbouring voxels that vary together count as fewer (see `_noise`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.errors import MeasurementError
from planning.geometry import FloatArray, Vector, plane_basis, unit
from planning.measure.cover import Cover, cover
from planning.measure.reading import Reading
from planning.measure.spread import NORMAL_95, point_spread_mm
from planning.volume import Volume

PROBE_RADIUS_MM, PROBE_CORNERS = 2.0, 48
HALF = 0.5
# correlation of neighbours, and what differences over two voxels are to those over one then
SHARED = np.linspace(0.0, 0.95, 200)
SHARED_RATIOS = 1.0 + SHARED + SHARED**2 + SHARED**3
REACH = np.arange(1, 12) ** 2
FEWEST_PAIRS, MEDIAN_TO_SD = 12, 1.4826
# a region that leaves the scan by more than this is said to
OUTSIDE_SHARE = 0.01


@dataclass(frozen=True, slots=True)
class RegionValues:
    """Values inside a region. voxels: how many they are of. outside: share of its area beyond the scan.

    mean_plus_minus: 95 % half-width of the mean. sd: None of a single voxel.
    """

    mean: float
    mean_plus_minus: float
    sd: float | None
    median: float
    least: float
    greatest: float
    voxels: int
    outside: float


def region_values(volume: Volume, outline_mm: FloatArray, normal: Vector) -> RegionValues:
    """Values inside the flat region with these (N, 3) corners. Raises MeasurementError where it misses the scan."""
    axis = unit(normal)
    outside, inside = _inside(volume, cover(volume.grid, outline_mm, axis))
    if not len(inside.area_mm2):
        raise MeasurementError("The region is outside the scan", "Draw it on the image", "outside_scan")
    values, weights = _values(volume, inside), inside.area_mm2
    mean = _mean(values, weights)
    return RegionValues(
        mean=mean,
        mean_plus_minus=NORMAL_95 * float(np.hypot(_noise(inside, values), _shifted(volume, outline_mm, axis, mean))),
        sd=_sd(values, weights, mean),
        median=_median(values, weights),
        least=float(values.min()),
        greatest=float(values.max()),
        voxels=len(values),
        outside=outside,
    )


def region_mean(volume: Volume, outline_mm: FloatArray, normal: Vector) -> float | None:
    """Only the mean, as quick as a hand that drags; None outside the scan."""
    _, inside = _inside(volume, cover(volume.grid, outline_mm, unit(normal)))
    return _mean(_values(volume, inside), inside.area_mm2) if len(inside.area_mm2) else None


def region_readings(volume: Volume, outline_mm: FloatArray, normal: Vector) -> tuple[Reading, ...]:
    """The values as named numbers. Raises MeasurementError as `region_values`."""
    found = region_values(volume, outline_mm, normal)
    of = volume.quantity
    numbers = [Reading("Mean", found.mean, of, found.mean_plus_minus)]
    if found.sd is not None:
        numbers.append(Reading("SD", found.sd, of))
    numbers += [
        Reading("Median", found.median, of),
        Reading("Min", found.least, of),
        Reading("Max", found.greatest, of),
        Reading("Voxels", float(found.voxels), ""),
    ]
    if found.outside > OUTSIDE_SHARE:
        numbers.append(Reading("Outside the scan", 100.0 * found.outside, "%"))
    return tuple(numbers)


def disc_mm(place_mm: npt.ArrayLike, normal: npt.ArrayLike, radius_mm: float = PROBE_RADIUS_MM) -> FloatArray:
    """(N, 3) outline of the disc about a place whose mean a probe tells; a polygon of the disc's own area."""
    right, down = plane_basis(normal)
    angles = np.linspace(0.0, 2.0 * np.pi, PROBE_CORNERS, endpoint=False)[:, None]
    step = 2.0 * np.pi / PROBE_CORNERS
    reach_mm = radius_mm * np.sqrt(step / np.sin(step))
    return np.asarray(np.asarray(place_mm) + reach_mm * (np.cos(angles) * right + np.sin(angles) * down))


def probe_readings(volume: Volume, place_mm: npt.ArrayLike, normal: npt.ArrayLike) -> tuple[Reading, ...]:
    """The value of the voxel at a place, then mean and SD in the disc about it. Raises MeasurementError outside the scan."""
    value = volume.value_at(place_mm)
    if value is None:
        raise MeasurementError("The point is outside the scan", "Click on the image", "outside_scan")
    around = region_readings(volume, disc_mm(place_mm, normal), np.asarray(normal))
    return Reading("Value", value, volume.quantity), *(reading for reading in around if reading.name in ("Mean", "SD"))


def probe_glance(
    volume: Volume, place_mm: npt.ArrayLike, normal: npt.ArrayLike
) -> tuple[float, float | None, int] | None:
    """Mean, SD and number of voxels of the disc that `probe_readings` reads, as quick as a hand moves; None outside the scan."""
    _, inside = _inside(volume, cover(volume.grid, disc_mm(place_mm, normal), unit(normal)))
    if not len(inside.area_mm2):
        return None
    values, weights = _values(volume, inside), inside.area_mm2
    mean = _mean(values, weights)
    return mean, _sd(values, weights, mean), len(values)


def _inside(volume: Volume, whole: Cover) -> tuple[float, Cover]:
    """Share of the region's area beyond the scan, and the cover of the voxels that its values are of."""
    within = ((whole.index_ijk >= 0) & (whole.index_ijk < np.array(volume.grid.size_ijk))).all(axis=1)
    outside = 1.0 - float(whole.area_mm2[within].sum()) / float(whole.area_mm2.sum())
    largely = within & (whole.share >= HALF)
    kept = largely if largely.any() else within
    return outside, Cover(whole.index_ijk[kept], whole.area_mm2[kept], whole.share[kept])


def _values(volume: Volume, taken: Cover) -> FloatArray:
    i, j, k = taken.index_ijk.T
    return np.asarray(volume.voxels[k, j, i], dtype=np.float64)


def _mean(values: FloatArray, weights: FloatArray) -> float:
    # counted from the least, so that no rounding puts it below
    least = float(values.min())
    return least + float((values - least) @ weights) / float(weights.sum())


def _sd(values: FloatArray, weights: FloatArray, mean: float) -> float | None:
    """The spread of a weighted sample, without bias."""
    total = float(weights.sum())
    freedom = total - float(weights @ weights) / total
    return float(np.sqrt(weights @ (values - mean) ** 2 / freedom)) if freedom > 1e-9 * total else None


def _median(values: FloatArray, weights: FloatArray) -> float:
    order = np.argsort(values)
    below = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(below, 0.5 * below[-1])])


def _noise(taken: Cover, values: FloatArray) -> float:
    """Standard error of the mean from the image's noise, which is told from how neighbours differ.

    Differences over one and over two voxels tell the noise and how far it reaches, with a correlation that falls as a
    Gaussian's; their median is taken, so that edges within the region do not count as noise.
    """
    weights = taken.area_mm2
    count = float(weights.sum()) ** 2 / float(weights @ weights)
    variances = []
    # along the two grid axes that the region is widest in
    for axis in np.argsort(np.ptp(taken.index_ijk, axis=0))[1:].tolist():
        one, two = (_difference(taken.index_ijk, values, axis, lag) for lag in (1, 2))
        if one is None or two is None or one == 0.0:
            continue
        shared = float(np.interp((two / one) ** 2, SHARED_RATIOS, SHARED))
        variances.append(one**2 / (2.0 * (1.0 - shared)))
        count /= 1.0 + 2.0 * float((shared**REACH).sum())
    return float(np.sqrt(np.mean(variances) / max(count, 1.0))) if variances else 0.0


def _difference(index: npt.NDArray[np.intp], values: FloatArray, axis: int, lag: int) -> float | None:
    """Standard deviation of differences of values a lag apart along a grid axis, from their median; None of too few."""
    low = index.min(axis=0)
    size = tuple((index.max(axis=0) - low + 1 + lag).tolist())
    key = np.ravel_multi_index(tuple((index - low).T), size)
    order = np.argsort(key)
    step = np.zeros(3, dtype=np.intp)
    step[axis] = lag
    wanted = np.ravel_multi_index(tuple((index + step - low).T), size)
    at = np.minimum(np.searchsorted(key, wanted, sorter=order), len(key) - 1)
    has = key[order[at]] == wanted
    if int(has.sum()) < FEWEST_PAIRS:
        return None
    return MEDIAN_TO_SD * float(np.median(np.abs(values[has] - values[order[at[has]]])))


def _shifted(volume: Volume, outline_mm: FloatArray, normal: Vector, mean: float) -> float:
    """Standard deviation of the mean from where a hand puts the region within a voxel, in its plane."""
    variance = 0.0
    for direction in plane_basis(normal):
        step = point_spread_mm(volume.grid, direction) * direction
        means = [region_mean(volume, outline_mm + sign * step, normal) for sign in (-1.0, 1.0)]
        variance += max(((value - mean) ** 2 for value in means if value is not None), default=0.0)
    return float(np.sqrt(variance))
