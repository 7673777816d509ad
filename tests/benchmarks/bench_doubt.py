"""Is a boundary really off where the model says that it is not sure? Run as a file; prints, asserts nothing.

The shipped model on `ircad01` (test only) by the program's own road. Of each organ's surface voxels: how many are marked as
doubtful, how often marked and unmarked ones lie more than 4 mm from the labels' surface, and which share of all that do is
marked; beside it the same for the network's doubtful voxels as they are, from which the marks are made.

    python tests/benchmarks/bench_doubt.py [--far-mm 4]
"""

from __future__ import annotations

import argparse
import tempfile
import time
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from inference.road import default_model, find_structures
from inference.zoo import Zoo
from planning.files.volumes import read_volume
from planning.volume import Volume

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "ircad01"
ORGANS = {"liver": (1, 2, 12, 13, 14), "spleen": (6,), "kidney_left": (7,), "kidney_right": (8,)}
Flags = npt.NDArray[np.bool_]


def _surface(voxels: Flags) -> Flags:
    return np.asarray(voxels & ~ndimage.binary_erosion(voxels))


def _row(marked: Flags, off: Flags) -> str:
    return (
        f"{marked.mean():6.0%} marked, off {off[marked].mean() if marked.any() else 0.0:4.0%} of them"
        f" and {off[~marked].mean():4.0%} of the others, {marked[off].mean() if off.any() else 0.0:4.0%} of what is off"
    )


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--far-mm", type=float, default=4.0)
    far_mm = parser.parse_args().far_mm
    voxels, grid = read_volume(DATA / "ct.nii.gz")
    truth, _ = read_volume(DATA / "labels.nii.gz")
    with tempfile.TemporaryDirectory() as folder:
        zoo = Zoo.at(Path(folder))
        found = find_structures(zoo, default_model(zoo), Volume(grid, voxels))
    raw = found.run.doubtful()
    spacing = tuple(grid.spacing_mm[::-1])
    stored = sum(len(zlib.compress(mask.voxels.tobytes(), 6)) for mask in found.doubt.values())
    print(
        f"{found.model.key} on ircad01; marks of {len(found.doubt)} structures: {stored / 1e3:.0f} kB; off is > {far_mm:g} mm"
    )
    for name, values in ORGANS.items():
        mask = found.masks[name].full()
        label = np.isin(truth, values)
        box = ndimage.find_objects((mask | label).astype(np.uint8))[0]
        at = _surface(mask[box])
        off = ndimage.distance_transform_edt(~_surface(label[box]), sampling=spacing)[at] > far_mm
        doubt = found.doubt[name].full()[box][at] if name in found.doubt else np.zeros(int(at.sum()), dtype=bool)
        print(f"{name:13s} {_row(doubt, off)}\n{'  as they are':13s} {_row(raw[box][at], off)}")


if __name__ == "__main__":
    began = time.perf_counter()
    main()
    print(f"{time.perf_counter() - began:.0f} s")
