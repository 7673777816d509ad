"""Small models with random weights on the disk, and what a run must give, worked out the long way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from scipy import ndimage
from skimage.transform import resize

from inference.manifest import (
    CleanupRule,
    Input,
    Label,
    Licence,
    Manifest,
    Network,
    Normalise,
    Output,
    Stage,
    Tiling,
    WeightsFile,
    write_manifest,
)
from inference.tiles import plan_tiles, tile_weights
from inference.zoo import InstalledModel, file_sha256
from planning.geometry import Grid

NORMALISE = Normalise(clip=(-1000.0, 600.0), mean=-100.0, std=300.0)


def unet(classes: int, channels: int = 1, features: tuple[int, ...] = (4, 8, 16), dims: int = 3) -> dict[str, Any]:
    """Keywords of a small plain U-Net."""
    return {
        "input_channels": channels,
        "num_classes": classes,
        "features_per_stage": list(features),
        "strides": [1] + [2] * (len(features) - 1),
        "kernel_sizes": [3] * len(features),
        "n_conv_per_stage": 2,
        "n_conv_per_stage_decoder": 1,
        "dimensions": dims,
    }


def make_stage(
    folder: Path,
    classes: int = 4,
    *,
    name: str = "whole",
    seed: int = 0,
    folds: int = 1,
    channels: int = 1,
    dims: int = 3,
    spacing_mm: tuple[Any, Any, Any] = (3.0, 3.0, 3.0),
    patch: tuple[int, int, int] = (16, 16, 16),
    wanted: Input | None = None,
    tiling: Tiling | None = None,
    output: Output | None = None,
    **rest: Any,
) -> Stage:
    """A stage whose random weights are written into the folder."""
    import torch
    from safetensors.torch import save_file

    from inference.networks import build

    folder.mkdir(parents=True, exist_ok=True)
    kwargs = unet(classes, channels, dims=dims)
    weights = []
    for fold in range(folds):
        torch.manual_seed(seed + 100 * fold)
        network = build("PlainConvUNet", kwargs)
        file = f"{name}-{fold}.safetensors"
        save_file({key: value.contiguous() for key, value in network.state_dict().items()}, folder / file)
        weights.append(WeightsFile(file=file, sha256=file_sha256(folder / file), fold=fold))
    return Stage(
        name=name,
        weights=tuple(weights),
        network=Network(family="PlainConvUNet", kwargs=kwargs, dims=dims, in_channels=channels, out_channels=classes),
        input=wanted or Input(spacing_mm=spacing_mm, normalise=NORMALISE),
        tiling=tiling or Tiling(patch=patch),
        output=output or Output(values=tuple(range(classes))),
        **rest,
    )


def make_model(
    folder: Path, *stages: Stage, licence: Licence | None = None, cleanup: tuple[CleanupRule, ...] = ()
) -> InstalledModel:
    """A model of these stages; structures are called "s1", "s2" …"""
    indices = sorted({value for stage in stages for value in stage.output.values if value})
    manifest = Manifest(
        id="small",
        version="1.0",
        title="Small",
        stages=stages,
        labels=tuple(Label(index=index, name=f"s{index}") for index in indices),
        licence=licence or Licence(id="Apache-2.0", commercial=True),
        cleanup=cleanup,
    )
    write_manifest(manifest, folder)
    return InstalledModel(folder, manifest)


def smooth_scan(shape: tuple[int, int, int], seed: int = 0, sigma: float = 3.0) -> np.ndarray:
    """int16 smooth noise that looks like soft tissue and air."""
    generator = np.random.default_rng(seed)
    noise = ndimage.gaussian_filter(generator.normal(size=shape), sigma)
    return np.round(noise / noise.std() * 250).astype(np.int16)


def upsampled(logits: np.ndarray, shape: tuple[int, int, int]) -> np.ndarray:
    """Logits on the whole grid, by torch."""
    import torch

    full = torch.nn.functional.interpolate(torch.from_numpy(logits)[None].double(), size=shape, mode="trilinear")
    return full[0].numpy()


def long_way(scan: np.ndarray, grid: Grid, model: InstalledModel) -> np.ndarray:
    """Logits on the image's grid (k, j, i) of a model's first stage without crop, everything at full size."""
    import torch

    from inference.devices import load_network

    stage = model.manifest.stages[0]
    values = (np.clip(scan.astype(np.float32), -1000, 600) + 100) / 300
    shape = [
        n if want is None else max(int(round(n * step / want)), 1)
        for n, step, want in zip(scan.shape, grid.spacing_mm[::-1], stage.input.spacing_mm, strict=True)
    ]
    low = resize(values, shape, 1, mode="edge", anti_aliasing=False).astype(np.float32)
    plan = plan_tiles((shape[0], shape[1], shape[2]), stage.tiling, stage.network.dims)
    padded = plan.padded(low)
    sums = np.zeros((stage.network.out_channels, *plan.shape))
    counts = np.zeros(plan.shape)
    weights = tile_weights(stage.tiling)
    networks = [load_network(stage, model.folder, number) for number in range(len(stage.weights))]
    for start in ((z, b, c) for z in plan.rows() for b, c in plan.in_row()):
        box = tuple(slice(a, a + n) for a, n in zip(start, plan.patch, strict=True))
        patch = torch.from_numpy(padded[box][None, None].copy())
        with torch.inference_mode():
            if stage.network.dims == 2:
                answers = [network(patch[:, :, 0])[:, :, None] for network in networks]
            else:
                answers = [network(patch) for network in networks]
        sums[(slice(None), *box)] += torch.stack(answers).mean(dim=0)[0].numpy() * weights
        counts[box] += weights
    inner = tuple(slice(b, b + n) for b, n in zip(plan.before, plan.field_shape, strict=True))
    return upsampled((sums / counts)[(slice(None), *inner)], scan.shape)
