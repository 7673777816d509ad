"""Access routes against analytic arteries, then whole scans for time and memory. Run as a file; prints, asserts nothing.

`bench_access.py --quick` leaves out the whole scans.
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from arteries import Artery, Pelvis, close, make_pelvis, narrow, standard_arteries

from planning.access.plan import find_access
from planning.geometry import Grid
from planning.volume import Volume

SPACING = (0.7, 0.7, 1.0)


def _along(vessel: Artery, point_mm: list[float]) -> float:
    return float(vessel.along_mm[int(np.argmin(np.linalg.norm(vessel.curve_mm - point_mm, axis=1)))])


def _shapes(seed: int) -> tuple[dict[str, Artery], dict[str, str]]:
    generator = np.random.default_rng(seed)
    arteries = standard_arteries(kinked=bool(seed % 2 == 0))
    at, least = float(generator.uniform(25.0, 140.0)), float(generator.uniform(1.6, 2.8))
    if 55.0 < at < 75.0:
        at += 25.0
    first = float(generator.uniform(0.0, 360.0))
    narrow(
        arteries["right"],
        at,
        least,
        float(generator.uniform(4.0, 7.0)),
        (first, first + generator.uniform(60.0, 300.0)),
    )
    text = {"right": f"right: {2 * least:.1f} mm at {at:.0f} mm"}
    if seed % 3 == 1:
        begin = float(generator.uniform(85.0, 130.0))
        close(arteries["left"], begin, begin + 25.0)
        text["left"] = f"left: closed at {begin:.0f} mm"
    return arteries, text


def _whole(pelvis: Pelvis, slices: int) -> Volume:
    """The phantom inside a whole scan of 512 × 512."""
    nk, nj, ni = pelvis.volume.voxels.shape
    voxels = np.full((slices, 512, 512), -1000, dtype=np.int16)
    j, i = (512 - nj) // 2, (512 - ni) // 2
    voxels[:nk, j : j + nj, i : i + ni] = pelvis.volume.voxels[:slices]
    origin = pelvis.volume.grid.to_world((-i, -j, 0))
    return Volume(Grid.from_parts((512, 512, slices), SPACING, origin), voxels)


def main() -> None:
    """One line for each route, then the worst, then time and memory of whole scans."""
    print(f"{'case':34} {'least mm':>9} {'length %':>9} {'closed mm':>10} {'±':>5} {'cpu s':>6}")
    least_errors, length_errors, closed_errors, covered = [], [], [], []
    pelvis: Pelvis | None = None
    for seed in range(4):
        arteries, text = _shapes(seed)
        pelvis = make_pelvis(arteries, spacing=SPACING, seed=seed)
        start = time.process_time()
        access = find_access(pelvis.volume)
        seconds = time.process_time() - start
        for row in access["routes"]:
            side = row["key"].split("_")[0]
            vessel = arteries[side]
            first, last = _along(vessel, row["from_mm"]), _along(vessel, row["to_mm"])
            name = f"{seed} {text.get(side, side)}"
            if row["closed_at_mm"] is not None:
                closed = row["closed_at_mm"] - float(vessel.along_mm[np.argmax(vessel.radius_mm < 0)])
                closed_errors.append(closed)
                print(f"{name:34} {'':>9} {'':>9} {closed:+10.1f} {'':>5} {seconds:6.1f}")
                continue
            inside = (vessel.along_mm >= first) & (vessel.along_mm <= last)
            least = row["minimum"]["min_diameter_mm"] - 2.0 * float(vessel.radius_mm[inside].min())
            length = 100.0 * (row["length_mm"] / (last - first) - 1.0)
            least_errors.append(least)
            length_errors.append(length)
            covered.append(abs(least) <= row["minimum"]["uncertainty_mm"])
            print(
                f"{name:34} {least:+9.2f} {length:+9.2f} {'':>10} {row['minimum']['uncertainty_mm']:5.2f} {seconds:6.1f}"
            )
    print(
        f"{'worst':34} {max(map(abs, least_errors)):9.2f} {max(map(abs, length_errors)):9.2f}"
        f" {max(map(abs, closed_errors), default=0.0):10.1f}  covered {sum(covered)} of {len(covered)}"
    )
    print(f"{'asked':34} {0.3:9.2f} {1.0:9.2f}")
    if "--quick" in sys.argv or pelvis is None:
        return
    for slices, asked in ((400, 15.0), (800, 25.0)):
        volume = _whole(pelvis, slices)
        wall, cpu = time.perf_counter(), time.process_time()
        found = find_access(volume)
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        print(
            f"512×512×{slices}: {len(found['routes'])} routes, wall {wall:.1f} s, cpu {cpu:.1f} s, asked {asked:.0f} s"
            f" (ratio {asked / max(cpu, 1e-9):.1f}), peak {memory:.2f} GB"
        )


if __name__ == "__main__":
    main()
