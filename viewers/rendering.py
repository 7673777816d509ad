"""How the image itself is drawn in 3D: transfer function, crop box, clip plane and the surfaces' look. Plain data.

A transfer function is a row of stops: at each value a colour and an opacity, straight lines between them, the ends go on.
Opacity is the share of light that 1 mm of a tissue keeps back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from planning.by_hand.values import FAR, HU, SUV, ValueScale, samples, scale_of_range
from planning.geometry import FloatArray, Grid, Plane, Vector
from planning.volume import Volume

Corners = tuple[tuple[float, float, float], tuple[float, float, float]]

# of the curve of a CT: how finely its stops move, and how far
LEAST_HU, MOST_HU = -1100.0, 4000.0
HU_SCALE = replace(HU, least=LEAST_HU, most=MOST_HU)
# stops of whatever image: nearer ones would change places by rounding
NEAREST = 1e-6
LEAST_STOPS, MOST_STOPS = 2, 16
LEAST_BOX_MM = 5.0
# light that a ray has lost where the hand takes hold of what it sees
SEEN = 0.5
BINS = 256
FLAGS = ("shows_volume", "shaded", "shows_box", "flipped", "clips_surfaces", "silhouettes", "occlusion")
_COLOR = re.compile(r"#[0-9A-F]{6}")


@dataclass(frozen=True, slots=True)
class Stop:
    """One point of a transfer function. hu: the value. color: "#RRGGBB". opacity: 0 … 1 for 1 mm."""

    hu: float
    color: str
    opacity: float


Stops = tuple[Stop, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """The 3D view's settings; display state, never in the case.

    shows_volume: the image itself is drawn. preset: id of what `stops` were taken from. shaded: with light.
    box_mm: least and greatest corner (LPS) of what is drawn of it, None for all; shows_box: its handles are there.
    clip: key of the plane that cuts, "" for none; flipped: the other side goes; clips_surfaces: structures are cut too.
    silhouettes: surfaces have outlines. occlusion: hollows are darker (graphics card only).
    """

    shows_volume: bool = False
    preset: str = ""
    stops: Stops = ()
    shaded: bool = True
    box_mm: Corners | None = None
    shows_box: bool = False
    clip: str = ""
    flipped: bool = False
    clips_surfaces: bool = True
    silhouettes: bool = False
    occlusion: bool = False


def as_json(wanted: Rendering) -> dict[str, Any]:
    """The settings as plain data."""
    return {**asdict(wanted), "stops": [[stop.hu, stop.color, stop.opacity] for stop in wanted.stops]}


def from_json(kept: Mapping[str, Any]) -> Rendering:
    """The settings that were kept. Raises ValueError, TypeError or KeyError for what cannot be."""
    box = kept["box_mm"]
    corners = None if box is None else (_corner(box[0]), _corner(box[1]))
    if corners is not None and any(high <= low for low, high in zip(*corners, strict=True)):
        raise ValueError(box)
    return Rendering(
        preset=str(kept["preset"]),
        stops=checked_stops([Stop(float(hu), str(color), float(opacity)) for hu, color, opacity in kept["stops"]]),
        box_mm=corners,
        clip=str(kept["clip"]),
        **{name: bool(kept[name]) for name in FLAGS},
    )


def _corner(values: Sequence[Any]) -> tuple[float, float, float]:
    x, y, z = (float(value) for value in values)
    if not np.isfinite((x, y, z)).all():
        raise ValueError(values)
    return x, y, z


def checked_stops(stops: Sequence[Stop]) -> Stops:
    """The stops, none or as many as can be, going up. Raises ValueError."""
    if stops and not LEAST_STOPS <= len(stops) <= MOST_STOPS:
        raise ValueError(f"{LEAST_STOPS} to {MOST_STOPS} points are possible")
    if any(not (abs(stop.hu) <= FAR and 0.0 <= stop.opacity <= 1.0) for stop in stops):
        raise ValueError("a point lies outside what is possible")
    if any(after.hu - before.hu < NEAREST for before, after in pairwise(stops)):
        raise ValueError("points must go up")
    if any(_COLOR.fullmatch(stop.color) is None for stop in stops):
        raise ValueError("colours are written #RRGGBB")
    return tuple(stops)


def curve_scale(unit: str, low: float, high: float) -> ValueScale:
    """How finely the stops of an image move, and how far, by its unit ("" for none) and how far its values reach."""
    if unit == "HU":
        return HU_SCALE
    return SUV if unit == "SUV" else scale_of_range(low, high)


def room_of(stops: Stops, number: int, scale: ValueScale = HU_SCALE) -> tuple[float, float]:
    """(least, greatest) value of a stop between its neighbours."""
    low = scale.rounded(stops[number - 1].hu + scale.fine) if number > 0 else scale.least
    high = scale.rounded(stops[number + 1].hu - scale.fine) if number + 1 < len(stops) else scale.most
    return low, high


def with_stop(stops: Stops, number: int, stop: Stop, scale: ValueScale = HU_SCALE) -> Stops:
    """One stop changed; it stays between its neighbours and within 0 … 1."""
    low, high = room_of(stops, number, scale)
    # two neighbours may leave no room: the lower limit wins
    kept = replace(stop, hu=max(min(stop.hu, high), low), opacity=min(max(stop.opacity, 0.0), 1.0))
    return (*stops[:number], kept, *stops[number + 1 :])


def with_added(
    stops: Stops, hu: float, opacity: float | None = None, scale: ValueScale = HU_SCALE
) -> tuple[Stops, int]:
    """A new stop in the colour that is there, and its number; the same stops where there is no room for it."""
    place = sum(stop.hu < hu for stop in stops)
    near = [n for n in (place - 1, place) if 0 <= n < len(stops) and abs(stops[n].hu - hu) < 2.0 * scale.fine]
    if near or len(stops) >= MOST_STOPS:
        nearest = min(range(len(stops)), key=lambda n: abs(stops[n].hu - hu))
        return stops, nearest
    color = color_at(stops, hu)
    stop = Stop(hu, color, float(opacity_at(stops, hu)) if opacity is None else min(max(opacity, 0.0), 1.0))
    return (*stops[:place], stop, *stops[place:]), place


def without(stops: Stops, number: int) -> Stops:
    """One stop less; two always stay."""
    return stops if len(stops) <= LEAST_STOPS else (*stops[:number], *stops[number + 1 :])


def shifted(stops: Stops, by_hu: float, scale: ValueScale = HU_SCALE) -> Stops:
    """All stops moved together, as far as the range allows."""
    room = min(max(by_hu, scale.least - stops[0].hu), scale.most - stops[-1].hu)
    return tuple(replace(stop, hu=stop.hu + room) for stop in stops)


def automatic_stops(volume: Volume, shares: Iterable[tuple[float, str, float]]) -> Stops:
    """Where no preset is made for an image: most of the body is clear, ever fewer and brighter voxels ever denser.

    shares: of the voxels that are not empty, how many lie below each stop; its colour; its opacity for 1 mm. Not of the range:
    one full bladder would leave nothing else to be seen in PET.
    """
    values = samples(volume)
    scale = curve_scale(volume.quantity, float(values.min()), float(values.max()))
    stops: list[Stop] = []
    for share, color, opacity in shares:
        value = scale.rounded(float(np.quantile(values, share)))
        # ten places apart, so that each can be taken hold of where many voxels have one value
        least = scale.rounded(stops[-1].hu + 10.0 * scale.fine) if stops else value
        stops.append(Stop(max(value, least), color, opacity))
    return tuple(stops)


def opacity_at(stops: Stops, hu: npt.ArrayLike) -> FloatArray:
    """(…,) opacity for 1 mm of (…,) values."""
    return np.interp(hu, [stop.hu for stop in stops], [stop.opacity for stop in stops])


def color_at(stops: Stops, hu: float) -> str:
    """ "#RRGGBB" between the neighbours' colours."""
    values = [stop.hu for stop in stops]
    parts = [[int(stop.color[n : n + 2], 16) for stop in stops] for n in (1, 3, 5)]
    return "#" + "".join(f"{round(float(np.interp(hu, values, part))):02X}" for part in parts)


def plain_box(box_mm: Corners, name: str, side: int, value_mm: float, within_mm: Corners) -> Corners:
    """A box with one of its faces elsewhere. name: "x", "y" or "z"; side: 0 the lower, 1 the upper.

    It stays in `within_mm` and at least LEAST_BOX_MM thick.
    """
    axis = "xyz".index(name)
    low, high = list(box_mm[0]), list(box_mm[1])
    if side == 0:
        low[axis] = max(min(value_mm, high[axis] - LEAST_BOX_MM), within_mm[0][axis])
    else:
        high[axis] = min(max(value_mm, low[axis] + LEAST_BOX_MM), within_mm[1][axis])
    return (low[0], low[1], low[2]), (high[0], high[1], high[2])


def box_planes(box_mm: Corners) -> tuple[Plane, ...]:
    """The six faces, their normals into the box."""
    axes = np.eye(3)
    return tuple(Plane(np.array(box_mm[side]), (1.0 - 2.0 * side) * axes[axis]) for axis in range(3) for side in (0, 1))


def bounds_of(grid: Grid) -> Corners:
    """Least and greatest corner (LPS, mm) of all voxels."""
    size = np.array(grid.size_ijk)
    corners = np.array(
        [[i, j, k] for i in (-0.5, size[0] - 0.5) for j in (-0.5, size[1] - 0.5) for k in (-0.5, size[2] - 0.5)]
    )
    places = grid.to_world(corners)
    low, high = places.min(axis=0), places.max(axis=0)
    return (float(low[0]), float(low[1]), float(low[2])), (float(high[0]), float(high[1]), float(high[2]))


def reduction(grid: Grid, most_voxels: int) -> tuple[int, int, int]:
    """How many voxels along i, j, k are averaged to one, so that no more than `most_voxels` remain.

    The finest axis is made coarser first, so that what remains is as cubic as it can be.
    """
    factors, size, spacing = [1, 1, 1], np.array(grid.size_ijk), grid.spacing_mm
    while np.prod(size // factors, dtype=np.int64) > most_voxels:
        coarse = np.where(size // np.array(factors) >= 4, spacing * factors, np.inf)
        factors[int(np.argmin(coarse))] += 1
    return factors[0], factors[1], factors[2]


def reduced(volume: Volume, most_voxels: int, told: Callable[[float], None] = lambda _: None) -> Volume:
    """The image with blocks of voxels averaged, for drawing only; the same image where it is small enough.

    What is left over at the far ends of an axis (less than a block) is left out. told: hears the share that is done.
    """
    factors = reduction(volume.grid, most_voxels)
    if factors == (1, 1, 1):
        return volume
    fi, fj, fk = factors
    ni, nj, nk = (n // f for n, f in zip(volume.grid.size_ijk, factors, strict=True))
    found = np.empty((nk, nj, ni), dtype=volume.voxels.dtype)
    for k in range(nk):
        slab = volume.voxels[k * fk : (k + 1) * fk, : nj * fj, : ni * fi]
        # sums of planes first: the longest loop runs over whole rows
        sums = slab.sum(axis=0, dtype=np.float32)
        sums = sums.reshape(nj, fj, ni * fi).sum(axis=1).reshape(nj, ni, fi).sum(axis=2)
        mean = sums / float(fi * fj * fk)
        found[k] = np.rint(mean) if found.dtype == np.int16 else mean
        told((k + 1) / nk)
    matrix = volume.grid.world_from_index.copy()
    matrix[:3, 3] = volume.grid.to_world([(f - 1) / 2.0 for f in factors])
    matrix[:3, :3] = matrix[:3, :3] * np.array(factors, dtype=np.float64)
    return Volume(Grid((ni, nj, nk), matrix), found, quantity=volume.quantity, phase=volume.phase)


def histogram(volume: Volume) -> tuple[FloatArray, FloatArray]:
    """(BINS + 1,) edges and (BINS,) counts of all voxels between them, from the least to the 99.99th percentile."""
    values = volume.voxels[::2, ::2, ::2] if volume.voxels.size > 4_000_000 else volume.voxels
    low, high = (float(v) for v in np.percentile(values, (0.0, 99.99)))
    apart = 1.0
    if volume.quantity == "HU":
        low, high = max(low, LEAST_HU), min(max(high, low + 1.0), MOST_HU)
    else:
        apart = curve_scale(volume.quantity, low, high).fine
    counts, edges = np.histogram(values, bins=BINS, range=(low, max(high, low + apart)))
    return edges.astype(np.float64), counts.astype(np.float64)


def seen_along(
    volume: Volume,
    stops: Stops,
    start_mm: Vector,
    direction: Vector,
    keep: tuple[Plane, ...] = (),
    most_mm: float = np.inf,
) -> Vector | None:
    """(3,) where a ray has lost half of its light in the drawn image; None where it never does.

    start_mm: before the image. direction: unit, into the picture. keep: planes whose normals' side is drawn.
    most_mm: the ray ends here (a surface stands there). Steps of half the finest spacing, values between voxels linear.
    """
    grid = volume.grid
    first, last = 0.0, most_mm
    start, step = grid.to_index(start_mm), grid.to_index(start_mm + direction) - grid.to_index(start_mm)
    size = np.array(grid.size_ijk, dtype=np.float64)
    # into the box of voxels, axis by axis
    for axis in range(3):
        ends = np.array([-0.5, size[axis] - 0.5]) - start[axis]
        if abs(step[axis]) < 1e-9:
            if ends[0] > 0.0 or ends[1] < 0.0:
                return None
            continue
        near, far = sorted(ends / step[axis])
        first, last = max(first, near), min(last, far)
    for plane in keep:
        height, slope = float(plane.signed_distance_mm(start_mm)), float(plane.normal @ direction)
        if abs(slope) < 1e-9:
            if height < 0.0:
                return None
        elif slope > 0.0:
            first = max(first, -height / slope)
        else:
            last = min(last, -height / slope)
    if first >= last:
        return None
    width = 0.5 * float(grid.spacing_mm.min())
    along = np.arange(first, last, width)
    values = _between_voxels(volume.voxels, start + along[:, None] * step)
    # what each step keeps back, from what a whole millimetre does
    light = np.cumsum(np.log1p(-np.minimum(opacity_at(stops, values), 0.9999)) * width)
    hit = np.flatnonzero(light <= np.log(1.0 - SEEN))
    return None if hit.size == 0 else np.asarray(start_mm + along[hit[0]] * direction)


def _between_voxels(voxels: npt.NDArray[np.generic], index_ijk: FloatArray) -> FloatArray:
    """(N,) values at (N, 3) fractional indices, linear, the edge's value beyond the edge."""
    top = np.array(voxels.shape[::-1]) - 1
    places = np.clip(index_ijk, 0.0, top)
    low = np.minimum(places.astype(np.int64), np.maximum(top - 1, 0))
    share, high = places - low, np.minimum(low + 1, top)
    found = np.zeros(len(places))
    for corner in range(8):
        bits = np.array([corner & 1, corner >> 1 & 1, corner >> 2])
        at = np.where(bits, high, low)
        weight = np.where(bits, share, 1.0 - share).prod(axis=1)
        found += weight * voxels[at[:, 2], at[:, 1], at[:, 0]].astype(np.float64)
    return found
