"""How far the annulus is off and how often the truth lies inside what is stated, by who placed the hinges.

    python tests/benchmarks/bench_uncertainty.py [ROOTS]

Asserts nothing. Roots are those of tests/support/roots_b.py and roots_c.py, two makes that share no form, at 0.6 mm/20 HU,
1.0 mm/30 HU and 1.5 mm/35 HU. "given" are the true hinges; "edited" and "automatic" are the true ones moved at random by
the SD that the program states for that source. Asked with given hinges: area 0.5 % and diameters 0.2 mm at up to 1 mm,
1 % and 0.4 mm at 1.5 mm; covered 85 to 99 %.

Given hinges, one scan of each root with noise of its own (area: mean, root mean square, worst; min, max, mean: worst;
half-width of the area; covered: area, perimeter, min, max):
    b 0.6 mm, 8 roots    -0.17  0.33  0.66 %   0.08 0.08 0.08 mm   ± 0.71 %   100 100 100 100 %
    b 1.0 mm, 8 roots    +0.11  0.37  0.71 %   0.18 0.15 0.10 mm   ± 0.90 %   100 100 100 100 %
    b 1.5 mm, 8 roots    +0.22  0.48  0.82 %   0.19 0.15 0.12 mm   ± 1.10 %   100 100  88 100 %
    c 0.6 mm, 6 roots    -0.29  0.45  0.87 %   0.11 0.07 0.07 mm   ± 0.82 %   100 100 100 100 %
    c 1.0 mm, 6 roots    -0.08  0.41  0.57 %   0.09 0.11 0.07 mm   ± 1.05 %   100 100 100 100 %
A straight wall would be known to 0.2 % at 1.0 mm and 30 HU; not knowing whether it has a waist costs the rest.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from roots_b import RootB, make_root_b
from roots_c import RootC, make_root_c

from planning.section import Sampler
from planning.tavr.annulus import find_annulus_wall
from planning.tavr.frame import annulus_frame, hinge_angles
from planning.tavr.uncertainty import HINGE_SIGMA_MM, KEYS, annulus_uncertainty

TIERS = ((0.6, 20.0), (1.0, 30.0), (1.5, 35.0))
MAKES = {"b": make_root_b, "c": make_root_c}
REACH_MM = 28.0


def errors_in_half_widths(root: RootB | RootC, source: str, seed: int) -> np.ndarray:
    """(3, 4) errors of the four numbers in their own unit, their 95 % half-widths, the truth."""
    hinges = np.array(root.hinges_mm)
    if source != "given":
        hinges = hinges + HINGE_SIGMA_MM[source] * np.random.default_rng(seed).normal(size=(3, 3))
    frame = annulus_frame(hinges, root.volume.grid)
    sampler = Sampler.around(root.volume, frame.origin_mm[None], REACH_MM)
    found = find_annulus_wall(sampler, frame, hinge_angles(frame, hinges))
    measures = found.contour.measures()
    stated = annulus_uncertainty(found, found.contour, root.volume.grid, hinges, (source,) * 3).half_widths
    truth = [getattr(root.truth, key) for key in KEYS]
    return np.array([[getattr(measures, key) for key in KEYS], [stated[key] for key in KEYS], truth])


def main() -> None:
    """One line for each make, source and tier: the area's error and the diameters', half-widths and coverage."""
    roots = int(sys.argv[1]) if len(sys.argv) > 1 else 6
    print(
        f"{'make':4} {'hinges':10} {'slices':>6} {'n':>3}  {'area % mean, SD, worst':>23}  {'min, max, mean: worst mm':>25}  "
        f"{'half-width: area %, P, min, max mm':>35}  {'covered %':>23}"
    )
    for make, root_of in MAKES.items():
        rows: dict[tuple[str, float], list[np.ndarray]] = {}
        for slice_mm, noise in TIERS:
            for seed in range(roots):
                root = root_of(seed, slice_mm, noise)
                for source in HINGE_SIGMA_MM:
                    rows.setdefault((source, slice_mm), []).append(errors_in_half_widths(root, source, seed))
        for source in HINGE_SIGMA_MM:
            for slice_mm, _ in TIERS:
                _line(make, source, f"{slice_mm:.1f}", rows[source, slice_mm])
            _line(make, source, "all", [row for slice_mm, _ in TIERS for row in rows[source, slice_mm]])


def _line(make: str, source: str, slices: str, rows: list[np.ndarray]) -> None:
    found = np.array(rows)
    off, width, truth = found[:, 0] - found[:, 2], found[:, 1], found[:, 2]
    area = 100.0 * off[:, 0] / truth[:, 0]
    worst = np.abs([off[:, 2], off[:, 3], off[:, 2:].mean(axis=1)]).max(axis=1)
    wide = [100.0 * (width[:, 0] / truth[:, 0]).mean(), *width[:, 1:].mean(axis=0)]
    covered = " ".join(f"{100 * share:5.0f}" for share in (np.abs(off) <= width).mean(axis=0))
    print(
        f"{make:4} {source:10} {slices:>6} {len(rows):3d}  "
        f"{area.mean():+7.2f} {area.std():7.2f} {np.abs(area).max():7.2f}  {_numbers(worst, 8)}  {_numbers(wide, 8)}  {covered}",
        flush=True,
    )


def _numbers(values: Sequence[float] | np.ndarray, width: int) -> str:
    return " ".join(f"{value:{width}.2f}" for value in values)


if __name__ == "__main__":
    main()
