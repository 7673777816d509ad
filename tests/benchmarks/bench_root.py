"""The automatic root on chests of random sizes: asked and reached. Run as a file with seeds; prints, asserts nothing.

`python tests/benchmarks/bench_root.py 201 202 b301 b302:severe` takes about a minute a seed, nearly all of it to make the
chest. Seeds that begin with b are of the second make (`chests_b.py`), of which a case can be asked for. "inside": whether
the plan's own 95 % half-width of the area holds the truth.
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from chests import Chest, random_chest
from chests_b import ChestB, random_chest_b

from planning.errors import MeasurementError
from planning.geometry import Grid, detector_direction
from planning.phantoms.cardiac import cardiac_phantom
from planning.tavr.auto import find_root
from planning.tavr.inputs import TavrInputs
from planning.tavr.plan import make_tavr_plan
from planning.volume import Volume

SEEDS = ("201", "202", "b203", "b204")
HEAD = (
    f"{'chest':28} {'hinges mm':>18} {'mean':>6} {'tilt °':>7} {'view °':>7} {'area %':>7} {'± %':>5} {'names':>6} "
    f"{'ostia mm':>12} {'sure':>5} {'s':>5}"
)


def _row(name: str, volume: Volume, truth: object, area_mm2: float) -> tuple[float, ...] | None:
    start = time.process_time()
    try:
        root = find_root(volume)
    except MeasurementError as error:
        print(f"{name:28} not found: {error}")
        return None
    seconds = time.process_time() - start
    hinges = truth.hinges_mm  # type: ignore[attr-defined]
    away = np.linalg.norm(root.hinges_mm[:, None] - hinges[None], axis=2)
    named = bool((np.argmin(away, axis=1) == np.arange(3)).all())
    errors = np.diag(away)
    normal = truth.normal  # type: ignore[attr-defined]
    tilt = float(np.degrees(np.arccos(np.clip(root.normal @ normal, -1.0, 1.0))))
    inputs = TavrInputs(hinges_mm=root.hinges_mm, hinge_sources=("automatic",) * 3, automatic=root.as_json())
    plan = make_tavr_plan(volume, inputs)
    views = [view for view in plan["projections"]["s_curve"] if abs(view["lao_deg"]) <= 40]
    view = max(
        np.degrees(np.arcsin(abs(float(detector_direction(v["lao_deg"], v["cra_deg"]) @ normal)))) for v in views
    )
    area = 100.0 * (plan["annulus"]["area_mm2"] / area_mm2 - 1.0)
    half = 100.0 * plan["annulus"]["uncertainty"]["area_mm2"] / area_mm2
    ostia = [
        "  –  " if found is None else f"{(found - true) @ normal:+5.2f}"
        for found, true in zip(root.ostia_mm, truth.ostia_mm, strict=True)  # type: ignore[attr-defined]
    ]
    print(
        f"{name:28} {' '.join(f'{e:5.2f}' for e in errors):>18} {errors.mean():6.2f} {tilt:7.1f} {view:7.1f} {area:+7.1f} "
        f"{half:5.1f} {'right' if named else 'WRONG':>6} {' '.join(ostia):>12} {root.confidence:5.2f} {seconds:5.1f}"
    )
    return float(errors.mean()), tilt, float(view), abs(area), float(not named), seconds, float(abs(area) <= half)


def _whole_field(volume: Volume) -> Volume:
    """The chest in a field of 512 × 512 × 400 voxels, air around."""
    voxels = np.full((400, 512, 512), -1000, np.int16)
    nk, nj, ni = (min(n, whole) for n, whole in zip(volume.voxels.shape, voxels.shape, strict=True))
    voxels[:nk, :nj, :ni] = volume.voxels[:nk, :nj, :ni]
    return Volume(Grid((512, 512, 400), volume.grid.world_from_index), voxels)


def _chest(text: str) -> tuple[str, Chest | ChestB]:
    if text.startswith("b"):
        number, _, case = text[1:].partition(":")
        other = random_chest_b(int(number), case or None)
        return other.name, other
    chest = random_chest(int(text), small=int(text) % 2 == 0)
    anatomy = chest.anatomy
    return f"{text} {anatomy.valve} {chest.volume.grid.spacing_mm.max():.1f} mm {anatomy.noise_hu:.0f} HU", chest


def main() -> None:
    """One line for each chest, the worst, then the time of a whole field."""
    print(HEAD)
    rows = []
    chest = None
    for text in sys.argv[1:] or SEEDS:
        name, chest = _chest(text)
        rows.append(_row(name, chest.volume, chest.truth, chest.truth.annulus.area_mm2))
    phantom = cardiac_phantom(root_only=True)
    rows.append(_row("sample case's root", phantom.volume, phantom.truth, phantom.truth.area_mm2))
    found = np.array([row for row in rows if row is not None])
    if len(found):
        for name, values in (("mean", found.mean(axis=0)), ("worst", found.max(axis=0))):
            print(f"{name:28} {'':18} {values[0]:6.2f} {values[1]:7.1f} {values[2]:7.1f} {values[3]:7.1f}")
    if len(found):
        halves = " and ".join(f"{100.0 * half.mean():.0f}" for half in (found[::2, 6], found[1::2, 6]) if len(half))
        print(f"{'inside':28} {100.0 * found[:, 6].mean():.0f} %, every second one {halves} %, 85 … 99 asked")
    print(f"{'asked':28} {'':18} {1.0:6.2f} {3.0:7.1f} {3.0:7.1f} {3.0:7.1f}  right")
    if chest is not None:
        whole = _whole_field(chest.volume)
        start, busy = time.perf_counter(), time.process_time()
        find_root(whole)
        seconds, busy = time.perf_counter() - start, time.process_time() - busy
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        print(
            f"512 × 512 × 400: {seconds:.1f} s of 20 asked, ratio {20.0 / seconds:.1f} (processor {busy:.1f} s); "
            f"peak memory {peak:.1f} of 3 GB"
        )


if __name__ == "__main__":
    main()
