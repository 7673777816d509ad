"""The shipped model on 512×512×400 with five structures ticked, as the window runs it: seconds, memory, and what takes them.

No scan of that size is at hand: the torso (native, 421 mm long) and the abdomen (portal-venous, 206 mm, 0.57 mm pixels)
are brought to it by linear interpolation. Wall seconds tell what else the machine does; processor seconds shared by two
are what two quiet cores would take at best. Run as a file: [--model FOLDER] [--case NAME] [--quality Q]; prints, asserts
nothing.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
SHAPE_KJI = (400, 512, 512)
STRUCTURES = ("liver", "spleen", "kidney_left", "kidney_right", "aorta")
SCANS = {"torso": "train/acrin001_torso_noncontrast.nii.gz", "abdomen": "ircad01/ct.nii.gz"}
BARS = "bars 40 s, 3 GB"


def large_scan(file: Path) -> tuple[np.ndarray, tuple[float, float, float]]:
    """int16 of `SHAPE_KJI` and its spacing: the scan in a square field of air, interpolated."""
    from inference.resample import linear_taps
    from inference.training.scans import read_image

    hu, spacing = read_image(file)
    side = max(hu.shape[1] * spacing[1], hu.shape[2] * spacing[2])
    wide = [hu.shape[0], round(side / spacing[1]), round(side / spacing[2])]
    field_hu = np.full(wide, -1000, dtype=np.float32)
    at = [(n - m) // 2 for n, m in zip(wide, hu.shape, strict=True)]
    field_hu[tuple(slice(a, a + n) for a, n in zip(at, hu.shape, strict=True))] = hu
    for axis in (2, 1):
        field_hu = _along(field_hu, axis, SHAPE_KJI[axis], linear_taps)
    found = np.empty(SHAPE_KJI, dtype=np.int16)
    positions = (np.arange(SHAPE_KJI[0]) + 0.5) * wide[0] / SHAPE_KJI[0] - 0.5
    for k, (low, high, w) in enumerate(zip(*linear_taps(positions, wide[0]), strict=True)):
        found[k] = np.round(field_hu[low] * (1 - w) + field_hu[high] * w)
    steps = [n * s / m for n, s, m in zip(wide, spacing, SHAPE_KJI, strict=True)]
    return found, (steps[0], steps[1], steps[2])


def _along(values: np.ndarray, axis: int, size: int, taps: Any) -> np.ndarray:
    n = values.shape[axis]
    low, high, weight = taps((np.arange(size) + 0.5) * n / size - 0.5, n)
    w = weight.astype(np.float32).reshape([-1 if a == axis else 1 for a in range(3)])
    return np.asarray(values.take(low, axis=axis) * (1 - w) + values.take(high, axis=axis) * w)


@dataclass
class Parts:
    """What a run tells of itself, and the processor seconds that each took, of this process and the worker."""

    began: float = 0.0
    text: str = "starting"
    seconds: dict[str, float] = field(default_factory=dict)

    def __call__(self, _share: float, text: str = "") -> None:
        text = text.split(":")[0] if "tile" in text else text
        now = time.process_time() + sum(map(_seconds_of, multiprocessing.active_children()))
        self.seconds[self.text] = self.seconds.get(self.text, 0.0) + max(now - self.began, 0.0)
        self.began, self.text = now, text or self.text


def _seconds_of(child: Any) -> float:
    """Processor seconds of a running child; 0 where the system does not tell."""
    try:
        numbers = Path(f"/proc/{child.pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(numbers[11]) + int(numbers[12])) / os.sysconf("SC_CLK_TCK")


def measured(name: str, folder: Path | None, quality: Any) -> None:
    """One scan, run twice: the first run also converts the network."""
    from inference import memory
    from inference.manifest import read_manifest
    from inference.pipeline import RunOptions
    from inference.road import find_structures
    from inference.zoo import InstalledModel, Zoo, shipped_folder
    from planning.geometry import Grid
    from planning.volume import Volume

    hu, (k, j, i) = large_scan(DATA / SCANS[name])
    volume = Volume(Grid.from_parts(SHAPE_KJI[::-1], (i, j, k)), hu)
    with tempfile.TemporaryDirectory() as place:
        zoo = Zoo.at(Path(place))
        model = zoo.find() if folder is None else InstalledModel(folder, read_manifest(folder), shipped=True)
        assert shipped_folder() is not None
        options = RunOptions(structures=STRUCTURES, device="cpu", quality=quality, cache=Path(place) / "networks")
        stages = " + ".join(f"{stage.input.spacing_mm[0]:g} mm" for stage in model.manifest.stages)
        print(f"{name}: {'×'.join(map(str, SHAPE_KJI[::-1]))}, {k:.2f}×{j:.2f}×{i:.2f} mm; {model.key}, {stages}")
        for which in ("first run", "again"):
            parts = Parts(time.process_time())
            before, own, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.process_time(), time.perf_counter()
            memory.reset_peak()
            found = find_structures(zoo, model, volume, options, parts)
            wall = time.perf_counter() - began
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime + time.process_time() - own
            print(
                f"  {which}: {wall:.1f} s on this machine now, {cpu:.1f} CPU s (two quiet cores: about {cpu / 2:.0f} to "
                f"{cpu:.0f} s), worker {found.run.peak_memory_mb:.0f} MB, window's side "
                f"{memory.peak_bytes() / 2**20:.0f} MB ({BARS})"
            )
        for stage in found.run.stages:
            print(
                f"    {stage.name}: {stage.tiles} tiles, {stage.before_seconds:.1f} s before, "
                f"{stage.network_seconds:.1f} s network, {stage.after_seconds:.1f} s after"
            )
        longest = sorted(parts.seconds.items(), key=lambda item: -item[1])
        print("    " + "; ".join(f"{text} {seconds:.1f} CPU s" for text, seconds in longest if seconds >= 0.2))
        print("    " + ", ".join(f"{record.name} {record.volume_ml:.0f} ml" for record in found.records))


def main() -> None:
    """All scans that are there."""
    sys.path.insert(0, str(ROOT))
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", type=Path)
    parser.add_argument("--case", choices=SCANS)
    parser.add_argument("--quality", default="standard")
    chosen = parser.parse_args()
    for name in SCANS if chosen.case is None else (chosen.case,):
        measured(name, chosen.model, chosen.quality)


if __name__ == "__main__":
    main()
