"""Livers with grown portal and hepatic trees whose every branch is known, and bridges put between them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planning.geometry import FloatArray, Grid
from planning.phantoms import hepatic_anatomy as anatomy
from planning.phantoms.growth import GrowingTree, spread_points
from planning.phantoms.shapes import Canvas
from planning.phantoms.tube import smooth_line
from planning.volume import Mask

ORGAN_AT, ORGAN_MM = np.array((-32.0, -6.0, 12.0)), np.array((84.0, 56.0, 56.0))
PORTAL, HEPATIC, BRIDGE = 0, 1, 2
CAVA = np.array([(-20.0, 22.0, -55.0), (-19.0, 21.0, 20.0), (-17.0, 18.0, 57.0), (-12.0, 12.0, 84.0)])
CAVA_MM = (9.0, 9.5, 10.0, 10.0)
Segments = tuple[FloatArray, FloatArray, FloatArray, FloatArray]


@dataclass(frozen=True, slots=True, eq=False)
class KnownLiver:
    """organ, portal, hepatic, both: masks; `both` holds the bridges too. segments: of portal, hepatic, bridges: starts,
    ends (S, 3) and their radii. portal_root, cava_root: the upstream ends."""

    organ: Mask
    portal: Mask
    hepatic: Mask
    both: Mask
    segments: tuple[Segments, Segments, Segments]
    portal_root: FloatArray
    cava_root: FloatArray

    def distance_mm(self, points_mm: FloatArray) -> FloatArray:
        """(3, N) signed distance of (N, 3) points to portal tree, hepatic tree and bridges."""
        return np.stack([_tube_distance(points_mm, part) for part in self.segments])


def _tube_distance(points: FloatArray, part: Segments) -> FloatArray:
    starts, ends, first, last = part
    best = np.full(len(points), np.inf)
    for a, b, ra, rb in zip(starts, ends, first, last, strict=True):
        along = b - a
        share = np.clip((points - a) @ along / max(float(along @ along), 1e-9), 0.0, 1.0)
        gap = np.linalg.norm(points - a - share[:, None] * along, axis=1) - (ra + share * (rb - ra))
        best = np.minimum(best, gap)
    return best


def known_liver(
    seed: int = 0,
    *,
    targets: int = 70,
    bridges: int = 4,
    cava: bool = True,
    spacing_mm: tuple[float, float, float] = (0.9, 0.9, 1.2),
    clearance_mm: float = 4.5,
) -> KnownLiver:
    """An ellipsoid organ; one seed, one liver. targets: places that the two trees grow to, together."""
    generator = np.random.default_rng(seed)
    spacing = np.array(spacing_mm)
    low, high = np.array((-122.0, -68.0, -58.0)), np.array((58.0, 56.0, 88.0))
    size = np.ceil((high - low) / spacing).astype(int)
    grid = Grid.from_parts((int(size[0]), int(size[1]), int(size[2])), spacing, low)
    canvas = Canvas(grid)
    places = ORGAN_AT + (generator.uniform(-1.0, 1.0, (12_000, 3))) * (ORGAN_MM - 6.0)
    places = places[(((places - ORGAN_AT) / (ORGAN_MM - 6.0)) ** 2).sum(axis=1) < 1.0]
    trunk = GrowingTree.from_stems(anatomy.portal_stems(generator))
    veins = [GrowingTree.from_stems(stems) for stems in anatomy.hepatic_stems(generator)]
    stems = (len(trunk.points), *(len(vein.points) for vein in veins))
    cava_line, cava_radius = smooth_line(CAVA, CAVA_MM)
    cava_wall = _wall(cava_line, cava_radius)
    places = places[np.linalg.norm(places[:, None] - cava_line, axis=2).min(axis=1) > 14.0]
    wanted = spread_points(places, targets, generator)
    for number, target in enumerate(wanted):
        if number % 2 == 0:
            others = np.concatenate([*(vein.array() for vein in veins), cava_wall])
            trunk.grow(target[None], others, clearance_mm, 13)
        else:
            gaps = [np.linalg.norm(vein.array() - target, axis=1).min() for vein in veins]
            own = int(np.argmin(gaps))
            others = np.concatenate([trunk.array(), veins[1 - own].array(), cava_wall])
            veins[own].grow(target[None], others, clearance_mm, 3)
    portal = trunk.segments(1.2, 2.4, stems[0])
    parts = [vein.segments(1.2, 2.2, count) for vein, count in zip(veins, stems[1:], strict=True)]
    if cava:
        parts.append((cava_line[:-1], cava_line[1:], cava_radius[:-1], cava_radius[1:]))
    hepatic = tuple(np.concatenate(part) for part in zip(*parts, strict=True))
    between = _bridges(portal, hepatic, bridges, generator)
    segments = (portal, (hepatic[0], hepatic[1], hepatic[2], hepatic[3]), between)
    masks = [canvas.mask(*canvas.tube_distance(*part)) for part in segments[:2]]
    whole = masks[0].full() | masks[1].full()
    if len(between[0]):
        whole |= canvas.mask(*canvas.tube_distance(*between)).full()
    z, y, x = np.ogrid[: size[2], : size[1], : size[0]]
    level = sum(((low[a] + spacing[a] * index - ORGAN_AT[a]) / ORGAN_MM[a]) ** 2 for a, index in enumerate((x, y, z)))
    organ = Mask.from_full(grid, level <= 1.0)
    return KnownLiver(
        organ, masks[0], masks[1], Mask.from_full(grid, whole), segments, portal[0][0].copy(), cava_line[-1].copy()
    )


def _wall(line: FloatArray, radius: FloatArray) -> FloatArray:
    """Points on a steep tube's wall, every 30°."""
    turn = np.radians(np.arange(0, 360, 30))
    ring = np.stack([np.cos(turn), np.sin(turn), np.zeros(len(turn))], axis=1)
    return np.concatenate([line, (line[:, None] + radius[:, None, None] * ring).reshape(-1, 3)])


def _bridges(portal: Segments, hepatic: Segments, count: int, generator: np.random.Generator) -> Segments:
    """Thin tubes between axes 4 to 12 mm apart, away from each other."""
    a, b = portal[1], hepatic[1]
    gaps = np.linalg.norm(a[:, None] - b, axis=2)
    inner = (((a - ORGAN_AT) / (ORGAN_MM - 4.0)) ** 2).sum(axis=1) < 1.0
    rows, columns = np.nonzero((gaps > 4.0) & (gaps < 12.0) & inner[:, None] & (hepatic[3] < 6.0))
    chosen: list[int] = []
    for number in generator.permutation(len(rows)).tolist():
        if all(np.linalg.norm(a[rows[number]] - a[rows[other]]) > 15.0 for other in chosen):
            chosen.append(number)
        if len(chosen) == count:
            break
    radius = generator.uniform(0.8, 1.3, len(chosen))
    return a[rows[chosen]], b[columns[chosen]], radius, radius.copy()
