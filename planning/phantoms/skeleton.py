"""Spine and ribs of both phantoms."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from planning.geometry import FloatArray
from planning.phantoms.shapes import Canvas, column, common, ellipsoid, grown, half_space, joined, smooth_noise, without

CORTICAL_HU, SPONGY_HU = 520.0, 190.0
CHEST_EXPONENT = 2.35


def paint_spine(
    canvas: Canvas,
    generator: np.random.Generator,
    *,
    at_xy: tuple[float, float] = (0.0, 52.0),
    pitch_mm: float = 31.0,
    size: float = 1.0,
) -> None:
    """Vertebrae with discs, arches, processes and the canal; at_xy: the vertebral bodies' middle, size: their scale."""
    x, y = at_xy
    low, high = canvas.grid.to_world((0, 0, 0))[2], canvas.grid.to_world((0, 0, canvas.grid.size_ijk[2]))[2]
    back = ((x - 45.0, y - 27.0, low), (x + 45.0, y + 60.0, high + 1.0))
    where = canvas.region(back)
    grain = smooth_noise(canvas.hu[where].shape, (0.8, 1.2, 1.2), generator)
    canvas.paint(column((x, y), (20.5 * size, 15.5 * size)), 92.0, back)
    spongy = np.full(canvas.grid.shape_kji, np.float32(SPONGY_HU), dtype=np.float32)
    spongy[where] += np.float32(18.0) * grain
    first, last = np.floor(low / pitch_mm) - 1, np.ceil(high / pitch_mm) + 2
    for center in np.arange(first, last) * pitch_mm + 6.0:
        z = center + float(generator.uniform(-0.8, 0.8))
        half = 0.388 * pitch_mm
        box = ((x - 45.0, y - 27.0, z - 24.0), (x + 45.0, y + 60.0, z + 24.0))
        slab = common(half_space((0, 0, z + half), (0.02, 0.05, 1)), half_space((0, 0, z - half), (0.02, -0.05, -1)))
        waist = without(
            column((x, y), (22.0 * size, 16.5 * size)), ellipsoid((x, y - 22.0 * size, z), (30.0, 7.5, 9.0)), 4.0
        )
        body = common(waist, slab, 4.5)
        canvas.paint(body, CORTICAL_HU, box)
        canvas.paint(grown(body, -1.6), spongy, box)
        floor, roof = half_space((0, 0, z + 7.0), (0, 0, 1)), half_space((0, 0, z - 9.0), (0, 0, -1))
        arch = without(
            common(column((x, y + 24.0), (16.0, 14.0)), common(floor, roof, 3.0)),
            column((x, y + 23.0), (10.5, 9.0)),
            2.0,
        )
        processes = joined(
            ellipsoid((x, y + 40.0, z - 5.0), (3.6, 13.0, 8.0)), ellipsoid((x, y + 26.0, z), (36.0, 4.6, 5.0)), 4.0
        )
        bone = without(joined(arch, processes, 4.0), column((x, y + 23.0), (10.0, 8.6)), 1.0)
        canvas.paint(bone, 430.0, box)
        canvas.paint(grown(bone, -1.7), 260.0, box)
    canvas.paint(column((x, y + 23.0), (9.6, 8.2)), -40.0, back)
    canvas.paint(column((x, y + 23.0), (7.4, 6.6)), 22.0, back)


def rib_line(
    side: float,
    head_z: float,
    angles: tuple[float, float],
    radii_xy: Sequence[float],
    center_xy: Sequence[float] = (0.0, 0.0),
) -> FloatArray:
    """(N, 3) the axis of a rib: from the spine outwards round the chest and down, on a superellipse as the chest is."""
    angle = np.linspace(angles[0], angles[1], 72)
    drop = 74.0 * (1.0 - np.cos(np.minimum(angle, 2.3) * 0.72))
    across = np.abs(np.sin(angle)) ** (2.0 / CHEST_EXPONENT)
    along = np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** (2.0 / CHEST_EXPONENT)
    return np.stack(
        [center_xy[0] + side * radii_xy[0] * across, center_xy[1] + radii_xy[1] * along, head_z - drop], axis=1
    )


def paint_ribs(
    canvas: Canvas,
    radii_xy: Sequence[float],
    *,
    center_xy: Sequence[float] = (0.0, 0.0),
    numbers: Sequence[int] = tuple(range(-2, 8)),
    pitch_mm: float = 27.0,
    last_floating: int = -1,
) -> None:
    """Ribs of both sides, with marrow, and the cartilage that the upper ones end in.

    numbers: counted upwards in steps of `pitch_mm` from z = 0; those up to `last_floating` reach no cartilage.
    """
    for number in numbers:
        head_z = number * pitch_mm
        last_angle = 1.45 if number < last_floating else 1.9 if number == last_floating else 2.25
        for side in (-1.0, 1.0):
            line = rib_line(side, head_z, (0.26, last_angle), radii_xy, center_xy)
            if line[:, 2].min() > canvas.grid.to_world((0, 0, canvas.grid.size_ijk[2] + 8))[2]:
                continue
            for radius, hu in ((5.2, CORTICAL_HU), (3.7, 170.0)):
                _paint_bar(canvas, line, radius, hu)
            if number > last_floating:
                gristle = rib_line(side, head_z, (last_angle, 2.93), radii_xy, center_xy)
                gristle[:, 2] = line[-1, 2] + np.linspace(0.0, 1.0, len(gristle)) ** 2 * 30.0
                _paint_bar(canvas, gristle, 5.0, 88.0)


def _paint_bar(canvas: Canvas, line: FloatArray, radius: float, hu: float) -> None:
    size = np.full(len(line) - 1, radius)
    distance, where = canvas.tube_distance(line[:-1], line[1:], size, size)
    canvas.paint_distance(distance, where, hu)
