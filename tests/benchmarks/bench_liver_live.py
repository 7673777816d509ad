"""What a dragged cut costs for a liver of 3 million voxels, with the peers' way beside. Prints, asserts nothing.

Ratios within one run: the peers' way is a distance map of the whole volume and a kd-tree question for every voxel.

3,216,388 voxels, two cores beside other work, CPU: plane 13 ms (50 times the peers' way), deformable 36 ms (18 times), wedge
2.6 s. Counts are those of asking every voxel.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from planning.geometry import Grid, Plane
from planning.liver.model import LiverModel
from planning.liver.regions import SIDE_TOLERANCE_MM
from planning.liver.resection import PlaneResection, Resection, SheetResection, WedgeResection
from planning.liver.sheet import flat_sheet, pull_sheet
from planning.volume import Mask

GRID = Grid.from_parts((290, 250, 132), (0.68, 0.68, 1.22), (-98.3, -84.7, -79.9))
ORGAN_MM = np.array((86.0, 73.0, 69.0))
TUMORS = (((44.0, 10.0, 5.0), (12.0, 9.0, 14.0)), ((-30.0, -20.0, 12.0), (8.0, 8.0, 7.0)))
MOVES = 9
ASKED_MS = 50.0


def _tubes(places: np.ndarray, lift: float) -> np.ndarray:
    lines = (((0, 66, lift), (0, 10, lift)), ((0, 10, lift), (-70, -6, lift)), ((0, 10, lift), (66, -10, lift)))
    lines += (((-34, 2, lift), (-50, -30, lift + 20)), ((32, 0, lift), (44, -34, lift - 24)))
    inside = np.zeros(len(places), dtype=bool)
    for start, end in lines:
        a, along = np.array(start, dtype=float), np.subtract(end, start, dtype=float)
        share = np.clip(((places - a) @ along) / (along @ along), 0.0, 1.0)
        inside |= np.linalg.norm(places - a - share[:, None] * along, axis=1) <= 3.2
    return inside


def _model() -> LiverModel:
    places = GRID.to_world(np.indices(GRID.shape_kji).reshape(3, -1)[::-1].T)

    def mask(inside: np.ndarray) -> Mask:
        return Mask.from_full(GRID, inside.reshape(GRID.shape_kji))

    tumors = [
        (f"tumor_{n}", mask((((places - np.array(at)) / axes) ** 2).sum(axis=1) <= 1.0))
        for n, (at, axes) in enumerate(TUMORS)
    ]
    return LiverModel.prepare(
        organ=[("liver", mask(((places / ORGAN_MM) ** 2).sum(axis=1) <= 1.0))],
        tumors=tumors,
        portal=[("portal_vein", mask(_tubes(places, -18.0)))],
        hepatic=[("hepatic_veins", mask(_tubes(places, 18.0)))],
    )


def _ms(work: Callable[[int], object]) -> tuple[float, float]:
    """Median CPU and wall ms of some moves, the first left out."""
    work(0)
    times = []
    for move in range(1, MOVES + 1):
        cpu, wall = time.process_time(), time.perf_counter()
        work(move)
        times.append((1000.0 * (time.process_time() - cpu), 1000.0 * (time.perf_counter() - wall)))
    cpu_ms, wall_ms = np.median(times, axis=0)
    return float(cpu_ms), float(wall_ms)


def _plane(move: int) -> PlaneResection:
    return PlaneResection(Plane(np.array((14.0 + 0.7 * move, 0, 0)), np.array((1.0, 0.2, 0.1 + 0.01 * move))))


def _peers(model: LiverModel, cut: Resection) -> None:
    """A whole-volume distance map, every voxel asked, and the least over the kept ones."""
    from scipy import ndimage

    (region,) = model.regions([cut])
    inside = np.zeros(model.organ.voxels.shape, dtype=bool)
    tumor = model.tumors[0].mask
    start = np.array(tumor.start_ijk) - np.array(model.organ.start_ijk)
    nk, nj, ni = tumor.voxels.shape
    inside[start[2] : start[2] + nk, start[1] : start[1] + nj, start[0] : start[0] + ni] = tumor.voxels
    distance = ndimage.distance_transform_edt(~inside, sampling=GRID.spacing_mm[::-1])
    kept = region.signed_mm(model.voxels.places_mm) <= SIDE_TOLERANCE_MM
    float(distance.reshape(-1)[model.voxels.flat[kept]].min())


def main() -> None:
    """One line for each kind of cut; then that the counts are those of asking every voxel."""
    cpu, wall = time.process_time(), time.perf_counter()
    model = _model()
    print(
        f"{model.voxels.count:,} voxels; prepared in {time.process_time() - cpu:.1f} s CPU, "
        f"{time.perf_counter() - wall:.1f} s wall\n"
    )
    base = flat_sheet(_plane(0), model.corners_mm, (8, 8))

    def sheet(move: int) -> SheetResection:
        return pull_sheet(base, np.array((14.0, 5.0 * move - 20.0, 8.0)), 6.0)

    middle = model.tumors[0].centroid_mm
    through = flat_sheet(PlaneResection(Plane(middle, np.array((1.0, 0.2, 0.1)))), model.corners_mm, (8, 8))
    rows: list[tuple[str, Callable[[int], Resection]]] = [
        ("plane", _plane),
        ("plane through a tumour", lambda move: PlaneResection(Plane(middle, np.array((1.0, 0.2, 0.1 + 0.01 * move))))),
        ("deformable, 8 × 8", sheet),
        ("deformable through one", lambda move: pull_sheet(through, middle + (0.0, move - 5.0, 8.0), 4.0)),
    ]
    start = time.process_time()
    _peers(model, _plane(1))
    peers = 1000.0 * (time.process_time() - start)
    print(
        f"{'all numbers of a move':24} {'CPU ms':>8} {'wall ms':>8} {'asked':>7} {'peers / ours':>13} {'every voxel':>12}"
    )
    for name, cut in rows:
        cpu_ms, wall_ms = _ms(lambda move, cut=cut: model.evaluate([cut(move)], alone=False, only_least=True))
        numbers = model.evaluate([cut(3)], alone=False)
        (region,) = model.regions([cut(3)])
        every = int(np.count_nonzero(region.signed_mm(model.voxels.places_mm) > SIDE_TOLERANCE_MM))
        print(
            f"{name:24} {cpu_ms:8.1f} {wall_ms:8.1f} {ASKED_MS:7.0f} {peers / cpu_ms:12.0f}× "
            f"{'same' if every == numbers.removed_voxels else 'DIFFERS':>12}"
        )
    for margin in (5.0, 10.0):
        cpu, wall = time.process_time(), time.perf_counter()
        numbers = model.evaluate([WedgeResection(1, margin)])
        least = numbers.minimum
        print(
            f"wedge of {margin:.0f} mm: {time.process_time() - cpu:.1f} s CPU, {time.perf_counter() - wall:.1f} s wall "
            f"(asked 3); {numbers.removed_voxels * model.voxel_ml:.1f} ml, margin "
            f"{'none' if least is None else f'{least.minimum_mm:.2f}'} mm"
        )


if __name__ == "__main__":
    main()
