"""How far each letter of R.E.N.A.L. and the contact area are off the truth, over tilted kidneys and tumours.

python tests/benchmarks/bench_kidney.py [KIDNEYS]
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from kidneys import random_kidney

from planning.kidney.letters import exophytic_points, location_points, nearness_points, radius_points
from planning.kidney.score import score_kidney

STEPS = ((0.8, 0.8, 1.0), (0.8, 0.8, 2.5), (0.8, 0.8, 5.0))


def main(count: int) -> None:
    """One table for each slice step."""
    for spacing in STEPS:
        errors: dict[str, list[float]] = {key: [] for key in ("R mm", "E %", "N mm", "L %", "contact %")}
        within: dict[str, list[bool]] = {key: [] for key in "RENL"}
        right: dict[str, list[bool]] = {key: [] for key in "RENL"}
        seconds = 0.0
        for seed in range(count):
            known = random_kidney(seed)
            masks = known.masks(spacing, 0.21 * seed % 0.8)
            start = time.process_time()
            (row, *_), _ = score_kidney(
                [("kidney", masks["kidney"])], [("tumor", masks["tumor"])], sinus=[("sinus", masks["sinus"])]
            )
            seconds += time.process_time() - start
            letters = {letter.letter: letter for letter in row.letters}
            truth = {
                "R": radius_points(known.diameter_cm),
                "E": exophytic_points(known.exophytic_percent()),
                "N": nearness_points(known.sinus_mm()),
                "L": location_points(known.inside_mm()[:, 2], *known.polar_lines_mm()),
            }
            for key, points in truth.items():
                right[key].append(letters[key].points == points)
                within[key].append(points in letters[key].possible)
            values = (
                10.0 * (letters["R"].value - known.diameter_cm),
                letters["E"].value - known.exophytic_percent(),
                letters["N"].value - known.sinus_mm(),
                letters["L"].value - known.between_percent(),
                100.0 * (row.contact_cm2 / max(known.contact_cm2(), 1e-6) - 1.0),
            )
            for key, value in zip(errors, values, strict=True):
                errors[key].append(value)
        print(f"{spacing[2]:g} mm slices, {count} kidneys, {seconds / count:.2f} CPU s each")
        for key, found in errors.items():
            error = np.array(found)
            p95 = np.quantile(np.abs(error), 0.95)
            print(f"  {key:10} bias {error.mean():+.2f}  sd {error.std():.2f}  95 % within {p95:.2f}")
        for key in "RENL":
            print(
                f"  {key}: points right {100 * np.mean(right[key]):.0f} %, among the possible {100 * np.mean(within[key]):.0f} %"
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
