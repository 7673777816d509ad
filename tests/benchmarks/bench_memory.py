"""Memory that is planned before a run against what it held at most, each in a process of its own.

Runs: the shipped model as the window runs it (with what comes after the network), and networks of 25 classes with random
weights on 512×512×200: fp32 and half-precision sums, linear and cubic resampling, two voxel sizes. At last a run that
cannot fit, and what is said of it. Run as a file; prints, asserts nothing.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
CLASSES = 25


def random_model(folder: Path, spacing: float, patch: int, **resample: Any) -> Any:
    """A small U-Net of 25 classes on voxels of that size."""
    import torch
    from safetensors.torch import save_file

    from inference.manifest import Input, Label, Manifest, Network, Output, Resample, Stage, Tiling, WeightsFile
    from inference.networks import build
    from inference.zoo import InstalledModel, file_sha256

    kwargs = {
        "input_channels": 1,
        "num_classes": CLASSES,
        "features_per_stage": [16, 32, 64],
        "strides": [1, 2, 2],
        "kernel_sizes": [3] * 3,
        "n_conv_per_stage": 1,
        "n_conv_per_stage_decoder": 1,
    }
    torch.manual_seed(1)
    folder.mkdir(parents=True)
    weights = folder / "weights.safetensors"
    save_file(build("PlainConvUNet", kwargs).state_dict(), weights)
    stage = Stage(
        name="whole",
        weights=(WeightsFile(file=weights.name, sha256=file_sha256(weights)),),
        network=Network(family="PlainConvUNet", kwargs=kwargs, out_channels=CLASSES),
        input=Input(modality="other", spacing_mm=(spacing,) * 3, resample=Resample(**resample)),
        tiling=Tiling(patch=(patch,) * 3, step=0.75),
        output=Output(values=tuple(range(CLASSES))),
    )
    labels = tuple(Label(index=n, name=f"organ {n}") for n in range(1, CLASSES))
    return InstalledModel(folder, Manifest(id="random", version="1", title="Random", stages=(stage,), labels=labels))


def said(name: str, run: Any, began: float) -> None:
    """One line."""
    planned = max(stage.planned_mb for stage in run.stages)
    print(
        f"{name}: planned {planned:.0f} MB, held at most {run.peak_memory_mb:.0f} MB "
        f"({planned / run.peak_memory_mb:.2f}), {time.perf_counter() - began:.0f} s",
        flush=True,
    )


def main() -> None:
    """All runs."""
    sys.path.insert(0, str(ROOT))
    from inference.pipeline import RunOptions
    from inference.road import find_structures
    from inference.training.scans import read_image
    from inference.worker import run_in_worker
    from inference.zoo import Zoo
    from planning.errors import ModelError
    from planning.geometry import Grid
    from planning.volume import Volume

    with tempfile.TemporaryDirectory() as place:
        zoo = Zoo.at(Path(place) / "data")
        hu, (k, j, i) = read_image(DATA / "ircad01" / "ct.nii.gz")
        volume = Volume(Grid.from_parts((hu.shape[2], hu.shape[1], hu.shape[0]), (i, j, k)), hu)
        began = time.perf_counter()
        said("shipped model, whole road, 512×512×129", find_structures(zoo, zoo.find(), volume).run, began)
        began = time.perf_counter()
        said("shipped model, the network alone", run_in_worker(hu, volume.grid, zoo.find()), began)
        scan = np.random.default_rng(0).integers(-200, 200, (200, 512, 512)).astype(np.int16)
        grid = Grid.from_parts((512, 512, 200), (0.8, 0.8, 1.5))
        runs = (
            ("25 classes, 3 mm, patch 96³", 3.0, 96, {}, RunOptions(device="cpu")),
            ("25 classes, 2.5 mm, cubic", 2.5, 96, {"data_order": 3}, RunOptions(device="cpu")),
            ("25 classes, 3 mm, patch 96³, torch", 3.0, 96, {}, RunOptions(device="cpu", engine="torch")),
            ("25 classes, 3 mm, half-precision sums", 3.0, 96, {}, RunOptions(device="cpu", mode="parity")),
        )
        for number, (name, spacing, patch, resample, options) in enumerate(runs):
            model = random_model(Path(place) / str(number), spacing, patch, **resample)
            began = time.perf_counter()
            said(name, run_in_worker(scan, grid, model, options), began)
        try:
            run_in_worker(scan, grid, model, RunOptions(device="cpu", memory_bytes=600 << 20))
        except ModelError as refused:
            print(f"with 600 MB free: {refused}. {refused.hint}")


if __name__ == "__main__":
    main()
