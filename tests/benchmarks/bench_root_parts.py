"""Sinuses, ostia, calcium, leaflets and septum of analytic roots: asked and reached. Run as a file; asserts nothing.

An argument gives the number of roots for each kind of scan (default 4).
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from valves import Valve, make_valve, septum_length_mm, varied

from planning.section import Sampler
from planning.tavr.annulus import find_annulus
from planning.tavr.bicuspid import find_cusps
from planning.tavr.calcium import measure_calcium
from planning.tavr.coronaries import search_ostia
from planning.tavr.frame import annulus_frame, hinge_angles
from planning.tavr.leaflets import find_leaflets
from planning.tavr.root import (
    find_commissures,
    find_levels,
    find_sinus_and_junction,
    measure_ascending,
    measure_junction,
    outflow_levels,
    sector_edges,
)
from planning.tavr.septum import find_septum

SCANS = (
    ("0.6 mm, 20 HU", (0.6, 0.6, 0.6), 20.0),
    ("1.0 mm, 30 HU", (0.7, 0.7, 1.0), 30.0),
    ("1.5 mm, 35 HU", (0.5, 0.5, 1.5), 35.0),
)
ASKED = {
    "ostia mm": 0.5,
    "ostia missed": 0.0,
    "calcium %": 10.0,
    "junction mm": 1.0,
    "leaflets mm": 2.0,
    "septum mm": 1.0,
    "cusps wrong": 0.0,
    "seconds": 2.5,
}


def _errors(valve: Valve) -> dict[str, list[float]]:
    truth, spec, hinges = valve.truth, valve.spec, valve.truth.hinges_mm
    frame = annulus_frame(hinges, valve.volume.grid)
    sampler = Sampler.around(valve.volume, frame.origin_mm[None], 62.0)
    angles = hinge_angles(frame, hinges)
    annulus = find_annulus(sampler, frame, angles)
    lumen, noise = annulus.lumen_hu, annulus.noise_hu
    begin = time.process_time()
    levels = find_levels(sampler, frame, annulus)
    below = outflow_levels(sampler, frame, annulus, 12.0)
    sinus, junction = find_sinus_and_junction(levels)
    stj = measure_junction(sampler, frame, levels, junction, angles)
    measure_ascending(sampler, levels, junction)
    commissures = find_commissures(levels, sinus, stj["height_mm"], angles, frame)
    edges = sector_edges(angles, commissures)
    ostia = search_ostia(sampler, frame, levels, angles, stj["height_mm"])
    top = stj["height_mm"] or 18.0
    calcium = measure_calcium(sampler, frame, levels, angles, top, lumen, noise, 850.0, edges=edges)
    leaflets = find_leaflets(sampler, frame, levels, hinges, lumen, noise)
    septum, _ = find_septum(sampler, frame, levels[0], below, angles, edges[0], noise)
    cusps, _ = find_cusps(sampler, frame, levels, angles, commissures, stj["height_mm"], lumen + 150.0)
    seconds = time.process_time() - begin
    found = [
        (ostium, rim)
        for ostium, rim in zip((ostia.left, ostia.right), truth.rims_mm, strict=True)
        if ostium is not None
    ]
    volume = truth.calcium_mm3(850.0)
    depth = float(septum_length_mm(spec, np.radians(truth.commissure_deg[0])))
    wanted = 2 if spec.merged is not None else 3
    return {
        "ostia mm": [ostium.height_mm - rim for ostium, rim in found],
        "ostia missed": [2.0 - len(found)],
        "calcium %": [100.0 * (calcium["total_mm3"] / volume - 1.0)] if volume > 5.0 else [],
        "junction mm": [] if stj["height_mm"] is None else [stj["height_mm"] - spec.junction_mm],
        "leaflets mm": [
            leaflet.length_mm - length
            for leaflet, length in zip(leaflets, truth.leaflets_mm, strict=True)
            if leaflet is not None
        ],
        "septum mm": [] if septum is None else [septum.membranous_mm - depth],
        "cusps wrong": [float(cusps is not None and cusps.confidence > 0.5 and cusps.cusps != wanted)],
        "seconds": [seconds],
    }


def main() -> None:
    """A table for each kind of scan: mean and spread of the errors, the worst, and what was asked."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 4
    for number, (name, spacing, noise) in enumerate(SCANS):
        errors: dict[str, list[float]] = {key: [] for key in ASKED}
        for n in range(count):
            seed = 500 + 100 * number + n
            merged = 1 if n % 4 == 3 else None
            spec = varied(seed, spacing, noise_hu=noise, septum_mm=2.5 + n % 5, septum_slope=1.5, merged=merged)
            for key, values in _errors(make_valve(spec)).items():
                errors[key] += values
        print(f"{name} ({count} roots)\n  {'':14} {'n':>4} {'mean':>7} {'SD':>7} {'worst':>7} {'asked':>7}")
        for key, values in errors.items():
            if values:
                all_of = np.array(values)
                worst = float(np.abs(all_of).max())
                print(
                    f"  {key:14} {len(values):4d} {all_of.mean():+7.2f} {all_of.std():7.2f} {worst:7.2f} {ASKED[key]:7.1f}"
                )


if __name__ == "__main__":
    main()
