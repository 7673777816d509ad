"""The crown-shaped attachment of the leaflets, fitted to thin dark sheets: its lowest points are the hinges.

A crown has three leaflets, or two for a bicuspid valve without a raphe; arcs and rises are those of a third of the turn,
drawn out to a half for two.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.geometry import FloatArray
from planning.tavr.auto.local import ANGLES, BELOW_MM, SIDE_MM, STEP_MM, Wall

ARC_DEG = np.arange(-40.0, 40.1, 8.0)
ALONG_MM = np.arange(1.0, 7.01, 0.6)
LEAF_MM = 7.0
TURNS_DEG = np.arange(-24.0, 24.1, 6.0)
RISES_MM = (9.0, 13.0, 17.0)
SHAPES = tuple(
    (np.radians(first), np.radians(last), sag)
    for first, last, sag in (
        *(
            (first, last, 0.0)
            for first in (10.0, 35.0, 60.0, 90.0, 115.0)
            for last in (5.0, 30.0, 60.0, 90.0)
            if last - first < 60.0
        ),
        *((first, last, 0.12) for first in (60.0, 90.0, 115.0) for last in (30.0, 60.0, 90.0) if last - first < 60.0),
    )
)


@dataclass(frozen=True, slots=True, eq=False)
class Crown:
    """N leaflets, three or two: (N,) hinge angles (rad), levels (mm), rises to the commissures (mm), leaning at the wall
    and at 7 mm (rad).

    sag_per_mm: how fast the crown's height is lost inwards: leaflets hang from their commissures like hammocks.
    support: (N,) share of each leaflet's surface that is seen.
    """

    angles: FloatArray
    levels_mm: FloatArray
    rises_mm: FloatArray
    lean_wall: FloatArray
    lean_free: FloatArray
    sag_per_mm: float
    support: FloatArray


def leaf_curve(lean_wall: FloatArray, lean_free: FloatArray, along_mm: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(…, S) distance inside the wall and rise over the attachment, at lengths along the leaflet.

    The leaflet leaves the wall at `lean_wall` (0 along the wall upwards, 90° straight inwards) and turns evenly.
    """
    fine = np.linspace(0.0, float(along_mm[-1]), 29)
    turn = lean_wall[..., None] + (lean_free - lean_wall)[..., None] * fine / LEAF_MM
    step = fine[1]
    inwards = np.concatenate(
        [np.zeros_like(turn[..., :1]), np.cumsum(np.sin((turn[..., 1:] + turn[..., :-1]) / 2), -1)], -1
    )
    upwards = np.concatenate(
        [np.zeros_like(turn[..., :1]), np.cumsum(np.cos((turn[..., 1:] + turn[..., :-1]) / 2), -1)], -1
    )
    at = np.clip(along_mm / step, 0, len(fine) - 1.001)
    low = np.floor(at).astype(int)
    share = at - low
    d = inwards[..., low] * (1 - share) + inwards[..., low + 1] * share
    w = upwards[..., low] * (1 - share) + upwards[..., low + 1] * share
    return np.asarray(d * step), np.asarray(w * step)


class SheetField:
    """The sheets and the wall for fast looking up, nearest neighbours."""

    def __init__(self, sheets: npt.NDArray[np.float32], wall: Wall) -> None:
        from scipy import ndimage

        self.sheets = sheets
        self.soft = ndimage.uniform_filter(sheets, 2)
        angles = np.radians(np.arange(0.0, 360.0, 2.0))
        self.low = wall.heights_mm[0]
        heights = np.arange(wall.heights_mm[0], wall.heights_mm[-1], 0.5)
        self.radii = wall.radius_at(angles[None], heights[:, None]).astype(np.float32)
        self.wall = wall

    def quick(self, angle: FloatArray, inside_mm: FloatArray, height_mm: FloatArray) -> npt.NDArray[np.float32]:
        """Sheet at (angle, distance inside the wall, height)."""
        column = np.rint(np.degrees(angle) / 2.0).astype(np.int32) % 180
        row = np.clip(np.rint((height_mm - self.low) * 2.0).astype(np.int32), 0, len(self.radii) - 1)
        radius = np.maximum(self.radii[row, column] - inside_mm, 0.0)
        i = np.rint((radius * np.cos(angle) + SIDE_MM) / STEP_MM).astype(np.int32)
        j = np.rint((radius * np.sin(angle) + SIDE_MM) / STEP_MM).astype(np.int32)
        k = np.rint((height_mm - BELOW_MM) / STEP_MM).astype(np.int32)
        nk, nj, ni = self.sheets.shape
        inside = (i >= 0) & (i < ni) & (j >= 0) & (j < nj) & (k >= 0) & (k < nk)
        return np.where(
            inside, self.soft[np.clip(k, 0, nk - 1), np.clip(j, 0, nj - 1), np.clip(i, 0, ni - 1)], np.float32(0)
        )

    def exact(self, angle: FloatArray, inside_mm: FloatArray, height_mm: FloatArray) -> FloatArray:
        """The same between the lattice's points."""
        from scipy import ndimage

        radius = np.maximum(self.wall.radius_at(angle, height_mm) - inside_mm, 0.0)
        index = np.stack(
            [
                (height_mm - BELOW_MM) / STEP_MM,
                (radius * np.sin(angle) + SIDE_MM) / STEP_MM,
                (radius * np.cos(angle) + SIDE_MM) / STEP_MM,
            ]
        )
        return np.asarray(ndimage.map_coordinates(self.sheets, index, order=1, mode="constant", output=np.float64))


def _search(field: SheetField, lobe: float, levels_mm: FloatArray, wide: float) -> tuple[FloatArray, FloatArray]:
    """Best score for each shape, (shapes,), and the (shapes, 3) turn, level and rise that give it.

    wide: a leaflet's share of the turn over a third.
    """
    arc = wide * np.radians(ARC_DEG)
    share = (ARC_DEG / 60.0) ** 2
    scores = np.zeros(len(SHAPES))
    where = np.zeros((len(SHAPES), 3))
    angle = lobe + np.radians(TURNS_DEG)[:, None] + arc[None]
    for number, (first, last, sag) in enumerate(SHAPES):
        d, w = leaf_curve(np.array(first), np.array(last), ALONG_MM)
        # (turns, levels, rises, arc, along)
        base = np.array(RISES_MM)[:, None, None] * share[:, None] * np.exp(-sag * d)
        height = (levels_mm[:, None, None, None] + base + w)[None]
        shape = (len(TURNS_DEG), *height.shape[1:])
        values = field.quick(
            np.broadcast_to(angle[:, None, None, :, None], shape),
            np.broadcast_to(d, shape),
            np.broadcast_to(height, shape),
        ).mean(axis=(3, 4))
        values = values - 0.04 * (TURNS_DEG[:, None, None] / 24.0) ** 2
        best = np.unravel_index(int(np.argmax(values)), values.shape)
        scores[number] = values[best]
        where[number] = lobe + np.radians(TURNS_DEG[best[0]]), levels_mm[best[1]], RISES_MM[best[2]]
    return np.asarray(scores), where


def _surface(
    field: SheetField, p: FloatArray, sag: float, arc_deg: FloatArray, along_mm: FloatArray, wide: float
) -> FloatArray:
    """(arc, along) sheet values on one leaflet p = angle, level, rise, lean at the wall, lean at 7 mm."""
    d, w = leaf_curve(np.array(p[3]), np.array(p[4]), along_mm)
    height = p[1] + p[2] * (arc_deg[:, None] / 60.0) ** 2 * np.exp(-sag * d) + w
    angle = p[0] + wide * np.radians(arc_deg)
    shape = (len(arc_deg), len(along_mm))
    return field.exact(np.broadcast_to(angle[:, None], shape), np.broadcast_to(d[None], shape), height)


def fit_crown(sheets: npt.NDArray[np.float32], wall: Wall, lobes: FloatArray, levels_mm: FloatArray) -> Crown:
    """The leaflets that cover most dark sheet. lobes: (N,) angles of the sinuses; levels_mm: where hinges may lie."""
    from scipy import optimize

    field = SheetField(sheets, wall)
    count = len(lobes)
    wide = 3.0 / count
    found = [_search(field, float(lobe), levels_mm, wide) for lobe in lobes]
    together = np.sum([scores for scores, _ in found], axis=0)
    best = int(np.argmax(together))
    start = np.array([[*where[best], SHAPES[best][0], SHAPES[best][1]] for _, where in found])
    sag_start = SHAPES[best][2]
    arc = np.arange(-42.0, 42.1, 6.0)
    along = np.arange(0.8, 7.01, 0.4)
    scale = np.array((np.radians(6.0), 1.0, 2.0, np.radians(12.0), np.radians(15.0)))

    def cost(x: FloatArray) -> float:
        # leaflets with a common shape of their own, each free to differ a little
        p = start + x[:-1].reshape(count, 5) * scale
        total = 0.0
        sag = sag_start + 0.04 * x[-1]
        for leaf in p:
            total += float(_surface(field, leaf, sag, arc, along, wide).mean())
        level, rise, first, last = p[:, 1], p[:, 2], p[:, 3], p[:, 4]
        gaps: FloatArray = np.angle(np.exp(1j * (np.roll(p[:, 0], -1) - p[:, 0] - 2 * np.pi / count)))
        prior = (
            0.010 * float(((rise - rise.mean()) / 2.0) @ ((rise - rise.mean()) / 2.0))
            + 0.004 * float(((rise.mean() - 14.0) / 3.0) ** 2)
            + 0.010 * float(((level - level.mean()) / 2.5) @ ((level - level.mean()) / 2.5))
            + 0.012 * float(np.sum((first - first.mean()) ** 2 + (last - last.mean()) ** 2) / np.radians(15.0) ** 2)
            + 0.010 * float(np.sum(gaps**2) / np.radians(10.0) ** 2)
            + 2.0 * float(max(-sag, 0.0) ** 2 + max(sag - 0.3, 0.0) ** 2)
            + 0.05
            * float(
                np.sum(np.maximum(np.radians(-5.0) - first, 0) ** 2 + np.maximum(first - np.radians(125.0), 0) ** 2)
            )
        )
        return prior - total

    x = np.zeros(5 * count + 1)
    for _ in range(2):
        result = optimize.minimize(cost, x, method="Powell", options={"maxiter": 6, "xtol": 0.02, "ftol": 1e-4})
        x = result.x
    p = start + x[:-1].reshape(count, 5) * scale
    sag = float(sag_start + 0.04 * x[-1])
    support = np.array([float(_surface(field, leaf, sag, arc, along, wide).mean()) for leaf in p])
    return Crown(p[:, 0], p[:, 1], p[:, 2], p[:, 3], p[:, 4], sag, support)


def best_pair(field: SheetField, levels_mm: FloatArray) -> FloatArray:
    """(2,) opposite angles where two leaflets of one shape show best: an oval annulus hides two sinuses."""
    angles = np.radians(np.arange(0.0, 360.0, 30.0))
    scores = np.array([_search(field, float(angle), levels_mm, 1.5)[0] for angle in angles])
    half = len(angles) // 2
    best = int(np.argmax((scores[:half] + scores[half:]).max(axis=1)))
    return np.asarray(angles[[best, best + half]])


def lobe_angles(wall: Wall, level_mm: float) -> tuple[FloatArray, float]:
    """(3,) angles of the sinuses from the third harmonic of the wall near a level, and its amplitude in mm."""
    turn = 2.0 * np.pi * np.arange(ANGLES) / ANGLES
    near = np.abs(wall.heights_mm - level_mm) <= 3.0
    radii = wall.radii_mm[near].mean(axis=0)
    wave = (2.0 / ANGLES) * (radii @ np.exp(-3j * turn))
    first = -float(np.angle(wave)) / 3.0
    angles = np.asarray(first + 2.0 * np.pi / 3.0 * np.arange(3), dtype=np.float64)
    return angles, float(np.abs(wave))
