"""Everything after the network, ours against MONAI's own: 25 classes, 512×512×300, networks of 1.5 and 3 mm.

Both sides get the same logits of the same windows (96³, overlap 0.5, Gaussian) from a formula instead of a network, whose
time is taken out. Ours: `pipeline.segment` whole. MONAI's: `sliding_window_inference`, `Spacing.inverse`, argmax, in
`.venv-parity` (tools/parity_env.sh). MONAI's inversion needs 20 GB, so it is run on a quarter of the slices and counted
four times. One thread each; CPU seconds, because other programs may run. Run as a file; prints, asserts nothing.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
PARITY = ROOT / ".venv-parity" / "bin" / "python"
CLASSES, PATCH = 25, 96
SHAPE_KJI, SPACING_KJI = (300, 512, 512), (1.0, 0.75, 0.75)
PART = 4


class Organs:
    """25 logits at any place of a field: soft ellipsoids in a background, with a smooth ripple."""

    def __init__(self, shape: tuple[int, int, int]) -> None:
        generator = np.random.default_rng(7)
        self.shape = shape
        self.centres = generator.uniform(0.2, 0.8, (CLASSES, 3)).astype(np.float32)
        self.radii = generator.uniform(0.06, 0.2, (CLASSES, 3)).astype(np.float32)
        self.waves = generator.uniform(3.0, 25.0, (CLASSES, 3)).astype(np.float32)
        # one room for all answers: what the system asks for making and dropping it is no work after the network
        self.found = np.empty((CLASSES, PATCH, PATCH, PATCH), dtype=np.float32)

    def at(self, start: tuple[int, int, int]) -> np.ndarray:
        """(classes, patch, patch, patch) float32."""
        axes = [
            ((np.arange(a, a + PATCH) + 0.5) / n).astype(np.float32) for a, n in zip(start, self.shape, strict=True)
        ]
        found = self.found
        for c in range(CLASSES):
            parts = [((x - m) / r) ** 2 for x, m, r in zip(axes, self.centres[c], self.radii[c], strict=True)]
            distance = parts[0][:, None, None] + parts[1][None, :, None] + parts[2][None, None, :]
            found[c] = 4.0 * (1.0 - np.sqrt(distance)) if c else 0.0
            ripple = [np.sin(x * w) for x, w in zip(axes, self.waves[c], strict=True)]
            found[c] += 0.8 * ripple[0][:, None, None] * ripple[1][None, :, None] * ripple[2][None, None, :]
        return np.clip(found, -8, 8, out=found)


def rss_bytes() -> int:
    """What this process holds."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def ours(spacing: float) -> dict[str, Any]:
    """Our road on the whole scan."""
    import torch

    from inference import devices, memory, pipeline
    from inference.manifest import Input, Label, Manifest, Network, Output, Stage, Tiling, WeightsFile
    from inference.zoo import InstalledModel, file_sha256
    from planning.geometry import Grid

    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        weights = Path(folder) / "weights.safetensors"
        weights.write_bytes(b"none: a formula stands for the network")
        stage = Stage(
            name="whole",
            weights=(WeightsFile(file=weights.name, sha256=file_sha256(weights)),),
            network=Network(family="onnx", out_channels=CLASSES),
            input=Input(modality="other", spacing_mm=(spacing,) * 3),
            tiling=Tiling(patch=(PATCH,) * 3, rule="monai", step=0.5),
            output=Output(values=tuple(range(CLASSES))),
        )
        labels = tuple(Label(index=i, name=f"organ {i}") for i in range(1, CLASSES))
        model = InstalledModel(
            Path(folder), Manifest(id="formula", version="1", title="Formula", stages=(stage,), labels=labels)
        )
        scan = np.zeros(SHAPE_KJI, dtype=np.int16)
        grid = Grid.from_parts(SHAPE_KJI[::-1], SPACING_KJI[::-1])
        field = pipeline.make_field(grid, stage.input)
        plan = pipeline.plan_tiles(field.shape, stage.tiling)
        starts = iter([(z, b, c) for z in plan.rows() for b, c in plan.in_row()])
        organs, network_cpu = Organs(plan.shape), [0.0]

        class Formula:
            device, precision = "cpu", "fp32"

            def __call__(self, patches: Any, waiting: Any) -> torch.Tensor:
                began = time.process_time()
                found = torch.from_numpy(organs.at(next(starts)))[None]
                network_cpu[0] += time.process_time() - began
                return found

        devices.prepare = lambda *_: [Formula()]  # type: ignore[assignment]
        resampling = [0.0]
        held_at: list[int] = []
        original = pipeline._tiles

        def timed(*args: Any, **kwargs: Any) -> Any:
            held_at.append(rss_bytes())
            memory.reset_peak()
            began = time.process_time()
            result = original(*args, **kwargs)
            resampling.append(time.process_time() - began)
            return result

        labelling, take = [0.0], pipeline.Target.take

        def timed_take(self: Any, z: int, plane: Any) -> None:
            began = time.process_time()
            take(self, z, plane)
            labelling[0] += time.process_time() - began

        pipeline.Target.take = timed_take  # type: ignore[method-assign]
        pipeline._tiles = timed
        wall = time.perf_counter()
        result = pipeline.segment(scan, grid, model)
        peak = memory.peak_bytes() - held_at[0]
        return {
            "cpu_seconds": resampling[1] - network_cpu[0],
            "labelling": labelling[0],
            "megabytes": (peak) / 2**20,
            "tiles": plan.count,
            "network_shape": field.shape,
            "wall_seconds": time.perf_counter() - wall,
            "disagreeing_share": result.stages[0].disagreeing_share,
            "labels": len(np.unique(result.labels)),
        }


def theirs(spacing: float) -> dict[str, Any]:
    """MONAI's road; runs in its own environment."""
    import torch
    from monai.data import MetaTensor
    from monai.inferers import sliding_window_inference
    from monai.transforms import Spacing

    torch.set_num_threads(1)
    shape, steps = SHAPE_KJI[::-1], SPACING_KJI[::-1]
    low = [int(np.round((n - 1) * s / spacing + 1)) for n, s in zip(shape, steps, strict=True)]
    organs, network_cpu = Organs((max(low[0], PATCH), max(low[1], PATCH), max(low[2], PATCH))), [0.0]

    def formula(patches: Any, coordinates: Any) -> torch.Tensor:
        began = time.process_time()
        start = [int(part.start) for part in coordinates[0][2:]]
        found = torch.from_numpy(organs.at((start[0], start[1], start[2])))[None]
        network_cpu[0] += time.process_time() - began
        return found

    began = time.process_time()
    logits = sliding_window_inference(
        torch.zeros((1, 1, *low)), (PATCH,) * 3, 1, formula, overlap=0.5, mode="gaussian", with_coord=True
    )
    stitching = time.process_time() - began - network_cpu[0]
    quarter = (shape[0], shape[1], shape[2] // PART)
    image = MetaTensor(torch.zeros((1, *quarter)), affine=torch.diag(torch.tensor([*steps, 1.0], dtype=torch.float64)))
    turn = Spacing(pixdim=(spacing,) * 3)
    small = turn(image)
    part = MetaTensor(logits[0, ..., : small.shape[-1]].clone(), meta=small.meta)
    part.applied_operations = small.applied_operations
    kept = logits.numel() * 4
    del logits, image
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    held = rss_bytes()
    began = time.process_time()
    full = turn.inverse(part)
    inversion = time.process_time() - began
    began = time.process_time()
    answer = full.argmax(dim=0)
    deciding = time.process_time() - began
    peak = next(
        int(line.split()[1]) * 1024
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        if line.startswith("VmHWM:")
    )
    return {
        "cpu_seconds": stitching + PART * (inversion + deciding),
        "stitching": stitching,
        "inversion": PART * inversion,
        "argmax": PART * deciding,
        "megabytes": (kept + PART * (peak - held)) / 2**20,
        "labels": int(len(answer.unique())),
    }


def child(python: Path | str, side: str, spacing: float) -> dict[str, Any]:
    """Run one side in a process of its own."""
    one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    done = subprocess.run(
        [str(python), __file__, side, str(spacing)],
        env={**os.environ, **one, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(done.stderr[-2000:])
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Both spacings, both sides."""
    sys.path.insert(0, str(ROOT))
    name = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        "unknown processor",
    )
    print(f"{name}, one thread, {CLASSES} classes, {'×'.join(map(str, SHAPE_KJI[::-1]))}")
    for spacing in (3.0, 1.5):
        mine = child(sys.executable, "ours", spacing)
        print(f"{spacing} mm ours : {mine['cpu_seconds']:6.1f} CPU s, {mine['megabytes']:7.0f} MB  {mine}")
        if not PARITY.is_file():
            print("MONAI is not on this machine: run tools/parity_env.sh")
            continue
        other = child(PARITY, "theirs", spacing)
        print(f"{spacing} mm MONAI: {other['cpu_seconds']:6.1f} CPU s, {other['megabytes']:7.0f} MB  {other}")
        print(
            f"{spacing} mm: time 1/{other['cpu_seconds'] / mine['cpu_seconds']:.1f} (bar 1/15), "
            f"memory 1/{other['megabytes'] / mine['megabytes']:.1f} (bar 1/10); without the sums of tiles, which both "
            f"make alike: 1/{(other['inversion'] + other['argmax']) / mine['labelling']:.1f}"
        )


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps({"ours": ours, "theirs": theirs}[sys.argv[1]](float(sys.argv[2]))))
    else:
        main()
