"""What a printed model is worth: volume, deviation and time of structures of growing difficulty. Prints; asserts nothing.

Run: python tests/benchmarks/bench_print.py [CASE.theatrum STRUCTURE …]
Without arguments: an ellipsoid of known volume and a thin branching vessel at three slice thicknesses, against truth; then what
`bench_print_checks.py` asks of the checks and the proof.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np

from planning.case.document import Document
from planning.case.printing import print_parts
from planning.geometry import Grid, Plane
from planning.printing.options import PrintOptions
from planning.printing.parts import PrintPart
from planning.printing.plan import make_print
from planning.volume import Mask

SLICES_MM = (0.8, 1.6, 2.5)
COLOR = "#DD8265"


def organ(slice_mm: float) -> tuple[PrintPart, float]:
    """An ellipsoid and its true volume in ml."""
    radii = np.array((52.0, 41.0, 36.0))
    spacing = np.array((0.8, 0.8, slice_mm))
    size = np.ceil(2.2 * radii / spacing).astype(int)
    grid = Grid.from_parts((int(size[0]), int(size[1]), int(size[2])), spacing)
    k, j, i = np.indices(grid.shape_kji)
    places = grid.to_world(np.stack([i, j, k], -1).astype(float)) - grid.center_mm
    inside = ((places / radii) ** 2).sum(-1) <= 1.0
    return PrintPart("organ", Mask.from_full(grid, inside), COLOR, "organ"), float(4 / 3 * np.pi * radii.prod() / 1000)


def vessel(slice_mm: float) -> tuple[PrintPart, float | None]:
    """A trunk with branches down to 1.3 mm radius; its volume is the voxels'."""
    spacing = np.array((0.8, 0.8, slice_mm))
    size = np.ceil(np.array((80.0, 40.0, 80.0)) / spacing).astype(int)
    grid = Grid.from_parts((int(size[0]), int(size[1]), int(size[2])), spacing)
    k, j, i = np.indices(grid.shape_kji)
    places = grid.to_world(np.stack([i, j, k], -1).astype(float))
    inside = np.zeros(grid.shape_kji, bool)
    for start, end, radius in (
        ((40, 20, 8), (40, 20, 40), 5.0),
        ((40, 20, 40), (16, 16, 62), 3.2),
        ((40, 20, 40), (64, 24, 60), 2.6),
        ((16, 16, 62), (10, 28, 72), 1.3),
        ((64, 24, 60), (70, 12, 72), 1.5),
    ):
        a, along = np.array(start, float), np.array(end, float) - np.array(start, float)
        share = np.clip((places - a) @ along / (along @ along), 0, 1)
        inside |= np.linalg.norm(places - a - share[..., None] * along, axis=-1) <= radius
    return PrintPart("vessel", Mask.from_full(grid, inside), COLOR, "vessel"), None


def jobs() -> Iterator[tuple[str, PrintPart, float | None, dict[str, object]]]:
    for slice_mm in SLICES_MM:
        for make in (organ, vessel):
            part, truth = make(slice_mm)
            yield f"{part.name}, {slice_mm:g} mm slices", part, truth, {}
    part, truth = organ(0.8)
    middle = part.mask.centroid_mm()
    yield "organ, hollow 3 mm", part, None, {"hollow_mm": 3.0}
    yield "organ, cut and pegs", part, None, {"cut": Plane(middle, np.array([1.0, 0.3, 0.2])), "pegs": True}
    yield "organ, base", part, None, {"base": True}


def of_a_case() -> Iterator[tuple[str, PrintPart, float | None, dict[str, object]]]:
    with Document.open(Path(sys.argv[1]), read_only=True) as document:
        for part in print_parts(document, sys.argv[2:] or None):
            yield part.name, part, None, {}


def main() -> None:
    print(
        f"{'part':<26}{'triangles':>10}{'pieces':>7}{'vol %':>8}{'mean mm':>9}{'max mm':>8}{'wall':>7}{'cpu s':>7}  closed"
    )
    for name, part, truth, options in of_a_case() if len(sys.argv) > 1 else jobs():
        with tempfile.TemporaryDirectory() as folder:
            start = time.process_time()
            told = make_print([part], Path(folder) / "part.3mf", PrintOptions(**options))  # type: ignore[arg-type]
            seconds = time.process_time() - start
        for row in told["objects"]:
            wanted = truth or (row["planned_volume_ml"] if options else row["structure_volume_ml"])
            wall = "–" if row["min_wall_mm"] is None else f"{row['min_wall_mm']:.2f}"
            closed = row["watertight"] and row["manifold"] and not row["self_intersections"]
            print(
                f"{name:<26}{row['triangles']:>10}{row['components']:>7}{100 * (row['volume_ml'] / wanted - 1):>+8.2f}"
                f"{row['deviation_mean_mm']:>9.3f}{row['deviation_max_mm']:>8.2f}{wall:>7}{seconds:>7.1f}"
                f"  {'yes' if closed else 'NO'}"
            )
        for peg in told["pegs"]:
            print(f"  peg of {peg['diameter_mm']:.0f} mm, gap {peg['gap_mm']:.3f} mm")


if __name__ == "__main__":
    main()
    if len(sys.argv) == 1:
        import bench_print_checks

        print()
        bench_print_checks.main()
