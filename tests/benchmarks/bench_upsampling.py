"""Exact label upsampling against full interpolation of every channel: voxels that differ, time, memory.

Fields: 25 soft organs with a ripple, coarse and fine, and pure ripple of one voxel, the worst case. Reference:
`torch.nn.functional.interpolate` (trilinear) and argmax. One thread each, CPU seconds. Run as a file; prints, asserts
nothing. `--quick`: a quarter of the slices.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import numpy as np

from inference import memory
from inference.grid import axis_map
from inference.upsample import Decision, Taps, Upsampler

CLASSES = 25


def organs(shape: tuple[int, int, int], ripple: float) -> np.ndarray:
    """(classes, *shape) float32 logits: ellipsoids over a background, plus smooth noise of about three voxels."""
    from scipy import ndimage

    generator = np.random.default_rng(3)
    axes = np.meshgrid(*[np.linspace(-1, 1, n, dtype=np.float32) for n in shape], indexing="ij", sparse=True)
    fields = np.empty((CLASSES, *shape), dtype=np.float32)
    for channel in range(CLASSES):
        centre, radius = generator.uniform(-0.65, 0.65, 3), generator.uniform(0.12, 0.4, 3)
        distance = np.sqrt(sum(((x - c) / r) ** 2 for x, c, r in zip(axes, centre, radius, strict=True)))
        height = radius.mean() * np.mean(shape) * 1.2
        fields[channel] = np.clip((1 - distance) * height, -8, 8) if channel else 0
        few = [max(n // 3, 2) for n in shape]
        noise = generator.normal(size=few).astype(np.float32)
        fields[channel] += ripple * ndimage.zoom(noise, np.array(shape) / few, order=1)
    return fields


def ours(fields: np.ndarray, out: tuple[int, int, int]) -> tuple[np.ndarray, Upsampler]:
    """Labels and the upsampler that made them."""
    taps = [
        Taps.linear(axis_map(0, m, 1.0, m / n, "edge").network_positions(), n)
        for n, m in zip(fields.shape[1:], out, strict=True)
    ]
    upsampler = Upsampler(fields.shape[1:], (taps[0], taps[1], taps[2]), Decision(), CLASSES)
    labels = np.empty(out, dtype=np.uint8)
    for z in range(fields.shape[1]):
        for planes, numbers in upsampler.take(z, fields[:, z]):
            labels[planes.start : planes.stop] = numbers
    return labels, upsampler


def theirs(fields: np.ndarray, out: tuple[int, int, int]) -> np.ndarray:
    """Full interpolation and argmax, float32."""
    import torch

    torch.set_num_threads(1)
    full = torch.nn.functional.interpolate(torch.from_numpy(fields)[None], size=out, mode="trilinear")
    return full[0].argmax(dim=0).numpy()


def timed(work, *args):  # type: ignore[no-untyped-def]
    """(result, CPU seconds, megabytes above the start)."""
    memory.reset_peak()
    held = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    began = time.process_time()
    result = work(*args)
    return result, time.process_time() - began, (memory.peak_bytes() - held) / 2**20


def main() -> None:
    """All fields."""
    slices = 24 if "--quick" in sys.argv else 96
    cases = (
        ("3 mm → 0.75 mm", (slices // 3, 128, 128), 0.5),
        ("1.5 mm → 0.75 mm", (slices * 2 // 3, 256, 256), 0.5),
        ("worst: noise", (slices // 3, 128, 128), 30.0),
    )
    for name, shape, ripple in cases:
        fields = organs(shape, ripple)
        out = (slices, 512, 512)
        # whole planes are the reference's own work: what is measured first loads torch
        theirs(fields[:, :2, :8, :8], (2, 8, 8))
        (labels, upsampler), seconds, megabytes = timed(ours, fields, out)
        truth, full_seconds, full_megabytes = timed(theirs, fields, out)
        differ = int((labels != truth).sum())
        print(
            f"{name}: {differ} of {labels.size} voxels differ ({differ / labels.size:.1e}, bar 1e-6); "
            f"{seconds / labels.size * 1e9:.0f} against {full_seconds / labels.size * 1e9:.0f} ns/voxel "
            f"(1/{full_seconds / seconds:.1f}); {megabytes:.0f} against {full_megabytes:.0f} MB; "
            f"{100 * upsampler.disagreeing_voxels / labels.size:.0f} % interpolated, "
            f"{upsampler.full_planes} whole planes"
        )


if __name__ == "__main__":
    main()
