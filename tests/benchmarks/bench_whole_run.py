"""The whole run against MONAI's on the processor: one network (16.6 M parameters, 25 classes, patch 96³), 512×512×300.

Same windows (overlap 0.5): tiles of the network are timed one by one and counted as often as each side runs them;
resampling and everything after the network come from `bench_after_network.py`. MONAI's side is torch in fp32, as its
users run it. "Our defaults": the body's box alone (280 × 380 mm of the field) and nnU-Net's even steps. One thread, CPU
seconds. Run as a file; prints, asserts nothing.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from bench_after_network import CLASSES, PARITY, PATCH, SHAPE_KJI, SPACING_KJI, child

NETWORK: dict[str, Any] = {
    "input_channels": 1,
    "num_classes": CLASSES,
    "features_per_stage": [32, 64, 128, 256, 320],
    "strides": [1, 2, 2, 2, 2],
    "kernel_sizes": [3] * 5,
    "n_conv_per_stage": 2,
    "n_conv_per_stage_decoder": 2,
}
TIMED = 3
BODY_KJI_MM = (300.0, 280.0, 380.0)


def tile_seconds() -> dict[str, float]:
    """CPU seconds of one tile by engine and precision."""
    import torch

    from inference import devices
    from inference.networks import build

    torch.set_num_threads(1)
    torch.manual_seed(0)
    network = build("PlainConvUNet", NETWORK)
    print(f"{sum(p.numel() for p in network.parameters()) / 1e6:.1f} M parameters")
    patch = np.random.default_rng(0).normal(size=(1, 1, PATCH, PATCH, PATCH)).astype(np.float32)
    began = time.process_time()
    model = devices.convert(network, [1, 1, PATCH, PATCH, PATCH], small=True)
    print(f"made ready for OpenVINO once: {time.process_time() - began:.1f} CPU s")
    predictors: dict[str, Any] = {"torch fp32": devices.TorchPredictor(network, "cpu", exact=True)}
    hints = ["f32", *(["bf16"] if "bf16" in devices._capabilities() else [])]
    for hint in hints:
        settings = {"INFERENCE_PRECISION_HINT": hint, "INFERENCE_NUM_THREADS": 1, "NUM_STREAMS": 1}
        compiled = devices.openvino().Core().compile_model(model, "CPU", settings)
        predictors[f"OpenVINO {hint}"] = devices.OpenVinoPredictor(compiled, hint)
    found = {}
    for name, predictor in predictors.items():
        predictor(patch, lambda: None)
        seconds = []
        for _ in range(TIMED):
            began = time.process_time()
            predictor(patch, lambda: None)
            seconds.append(time.process_time() - began)
        found[name] = float(np.median(seconds))
        print(f"{name}: {found[name]:.2f} CPU s a tile")
    return found


def default_tiles(spacing: float) -> int:
    """Tiles of our own road on the body's box."""
    from inference.manifest import Tiling
    from inference.tiles import plan_tiles

    shape = [int(round((side + 40 if n else side) / spacing)) for n, side in enumerate(BODY_KJI_MM)]
    whole = [int(round(n * step / spacing)) for n, step in zip(SHAPE_KJI, SPACING_KJI, strict=True)]
    inside = [min(a, b) for a, b in zip(shape, whole, strict=True)]
    return plan_tiles((inside[0], inside[1], inside[2]), Tiling(patch=(PATCH,) * 3)).count


def main() -> None:
    """Both spacings."""
    if not PARITY.is_file():
        sys.exit("MONAI is not on this machine: run tools/parity_env.sh")
    tiles = tile_seconds()
    for spacing in (3.0, 1.5):
        mine, other = child(sys.executable, "ours", spacing), child(PARITY, "theirs", spacing)
        count = mine["tiles"]
        whole = count * tiles["torch fp32"] + other["cpu_seconds"]
        print(f"{spacing} mm, {count} windows: MONAI {whole:.0f} CPU s ({other['cpu_seconds']:.0f} after the network)")
        for name, bar in (("OpenVINO f32", "0.65"), ("OpenVINO bf16", "1/5" if spacing == 3.0 else "1/3")):
            if name in tiles:
                ours = count * tiles[name] + mine["cpu_seconds"]
                print(f"  ours, {name}: {ours:.0f} CPU s, 1/{whole / ours:.1f} (bar {bar})")
        best = "OpenVINO bf16" if "OpenVINO bf16" in tiles else "OpenVINO f32"
        few = default_tiles(spacing)
        ours = few * tiles[best] + mine["cpu_seconds"]
        print(f"  our defaults, {best}, {few} tiles: {ours:.0f} CPU s, 1/{whole / ours:.1f} (bar 1/6)")


if __name__ == "__main__":
    main()
