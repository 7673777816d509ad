"""Spine and ribs of the hepatic phantom."""

from __future__ import annotations

import numpy as np

from planning.geometry import FloatArray
from planning.phantoms.shapes import Canvas, column, common, ellipsoid, grown, half_space, joined, smooth_noise, without

VERTEBRA_MM = 31.0
RIB_MM = 27.0
CORTICAL_HU, SPONGY_HU = 520.0, 190.0


def paint_spine(canvas: Canvas, generator: np.random.Generator) -> None:
    """Vertebrae with discs, arches, processes and the canal."""
    back = ((-45.0, 25.0, -125.0), (45.0, 112.0, 125.0))
    where = canvas.region(back)
    spongy = SPONGY_HU + 28.0 * smooth_noise(canvas.hu[where].shape, (0.8, 1.2, 1.2), generator)
    low, high = canvas.grid.to_world((0, 0, 0))[2], canvas.grid.to_world((0, 0, canvas.grid.size_ijk[2]))[2]
    canvas.paint(column((0.0, 52.0), (20.5, 15.5)), 92.0, back)
    for center_z in np.arange(np.floor(low / VERTEBRA_MM) - 1, np.ceil(high / VERTEBRA_MM) + 2) * VERTEBRA_MM + 6.0:
        slab = common(half_space((0, 0, center_z + 12.0), (0, 0, 1)), half_space((0, 0, center_z - 12.0), (0, 0, -1)))
        waist = without(column((0.0, 52.0), (22.0, 16.5)), ellipsoid((0.0, 30.0, center_z), (30.0, 7.5, 9.0)), 4.0)
        body = common(waist, slab, 3.0)
        canvas.paint(body, CORTICAL_HU, back)
        distance, _ = canvas.distance(grown(body, -1.6), back)
        canvas.paint_distance(distance, where, spongy)
        arch = without(
            common(
                column((0.0, 76.0), (16.0, 14.0)),
                common(half_space((0, 0, center_z + 7.0), (0, 0, 1)), half_space((0, 0, center_z - 9.0), (0, 0, -1))),
                3.0,
            ),
            column((0.0, 75.0), (10.5, 9.0)),
            2.0,
        )
        processes = joined(
            ellipsoid((0.0, 92.0, center_z - 5.0), (3.6, 13.0, 8.0)),
            ellipsoid((0.0, 78.0, center_z), (36.0, 4.6, 5.0)),
            4.0,
        )
        bone = without(joined(arch, processes, 4.0), column((0.0, 75.0), (10.0, 8.6)), 1.0)
        canvas.paint(bone, 430.0, back)
        canvas.paint(grown(bone, -1.7), 260.0, back)
    canvas.paint(column((0.0, 75.0), (9.6, 8.2)), -40.0, back)
    canvas.paint(column((0.0, 75.0), (7.4, 6.6)), 22.0, back)


def _rib_line(side: float, head_z: float, last_angle: float, radii_xy: tuple[float, float]) -> FloatArray:
    """(N, 3) the axis of a rib: from the spine outwards round the chest and down."""
    angle = np.linspace(0.26, last_angle, 72)
    drop = 74.0 * (1.0 - np.cos(np.minimum(angle, 2.3) * 0.72))
    return np.stack([side * radii_xy[0] * np.sin(angle), radii_xy[1] * np.cos(angle), head_z - drop], axis=1)


def paint_ribs(canvas: Canvas, radii_xy: tuple[float, float]) -> None:
    """Ribs of both sides, with marrow, and the cartilage that the upper ones end in."""
    for number in range(-2, 8):
        head_z = number * RIB_MM
        last_angle = 1.45 if number <= -2 else 1.9 if number == -1 else 2.25
        for side in (-1.0, 1.0):
            line = _rib_line(side, head_z, last_angle, radii_xy)
            for radius, hu in ((5.2, CORTICAL_HU), (3.7, 170.0)):
                size = np.full(len(line) - 1, radius)
                distance, where = canvas.tube_distance(line[:-1], line[1:], size, size)
                canvas.paint_distance(distance, where, hu)
            if number >= 0:
                gristle = np.array(
                    [
                        line[-1],
                        line[-1] * (0.62, 1.08, 1.0) + (0.0, 0.0, 12.0),
                        (side * 18.0, -radii_xy[1], line[-1][2] + 30.0),
                    ]
                )
                size = np.full(2, 5.4)
                distance, where = canvas.tube_distance(gristle[:-1], gristle[1:], size, size)
                canvas.paint_distance(distance, where, 96.0)
