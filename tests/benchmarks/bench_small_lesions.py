"""Small lesions of 2 to 10 ml, darker, brighter and with a ring, from a line or a click and one correction. Prints.

Run as a file: `FIRST LAST` (seeds of tests/support/small_lesions.py; constants were looked at on 0 to 29 alone). The robot
is that of `bench_liver_segment`, each point moved by 1 to 2 mm; a second mark is put into the middle of the largest error.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
from bench_liver_segment import Case, _deepest, _diameter, _tumor

from planning.liver.segment.liver import prepare_scan
from planning.liver.segment.strokes import click
from planning.volume import Mask

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from small_lesions import KINDS, small_lesion

HEAD = "| kind | lesions | line | line, click | click | two clicks | below 0.75 with two | s |"


def main(first: int, last: int) -> None:
    """Mean / worst Dice after each mark, by kind."""
    rows: dict[str, list[list[float]]] = {kind: [] for kind in KINDS}
    for seed in range(first, last + 1):
        made = small_lesion(seed)
        grid = made.volume.grid
        case = Case(made.kind, made.volume, made.liver, np.zeros_like(made.liver), made.lesion)
        scan, liver = prepare_scan(made.volume), Mask.from_full(grid, made.liver)
        start, scores = time.process_time(), []
        for stroke in (_diameter(made.lesion, grid), click(_deepest(made.lesion, grid)[0])):
            scores += _tumor(case, scan, made.lesion, liver, stroke, seed + 1)
        rows[made.kind].append([*scores, (time.process_time() - start) / 4.0])
    print(HEAD)
    for kind, found in rows.items():
        table = np.array(found)
        cells = " | ".join(f"{table[:, n].mean():.3f} / {table[:, n].min():.3f}" for n in range(4))
        below = " and ".join(str(int((table[:, n] < 0.75).sum())) for n in (1, 3))
        print(f"| {kind} | {len(table)} | {cells} | {below} | {table[:, 4].mean():.1f} |")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
