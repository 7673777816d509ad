"""A model folder of our own, from another machine: judged like any other, because anybody may have written it."""

from __future__ import annotations

import shutil
from pathlib import Path

from inference.importers import onnx
from inference.importers.store import expected_shapes, judge_finite, judge_names, load_torch, try_once
from inference.manifest import MANIFEST_NAME, Manifest, read_manifest
from inference.weights import read_weights
from planning.errors import ModelError

MOST_TEXT_BYTES = 8 << 20
MOST_WEIGHTS_BYTES = 4 << 30


def recognise(path: Path) -> bool:
    """A folder with a manifest, or the manifest itself."""
    return (path / MANIFEST_NAME).is_file() or (path.is_file() and path.name == MANIFEST_NAME)


def convert(path: Path, into: Path) -> Manifest:
    """Copy the folder into `into` after all checks. Raises ModelError."""
    folder = path if path.is_dir() else path.parent
    manifest = read_manifest(folder)
    for name in manifest.files:
        place = folder / name
        heavy = place.suffix in (".safetensors", ".onnx")
        if not place.is_file() or place.is_symlink():
            raise ModelError(f"The model lacks {name}", "Choose the whole folder", "incomplete")
        if place.stat().st_size > (MOST_WEIGHTS_BYTES if heavy else MOST_TEXT_BYTES):
            raise ModelError(f"{name} is too large for what it is", "It cannot be used", "too_large")
        shutil.copyfile(place, into / name)
    load_torch()
    for stage in manifest.stages:
        for weights in stage.weights:
            if weights.file.endswith(".safetensors"):
                found = read_weights(into / weights.file)
                judge_names(expected_shapes(stage.network), {key: array.shape for key, array in found.items()})
                for key, array in found.items():
                    judge_finite(key, array)
                if manifest.kind == "segmentation":
                    # an interactive network's tile is too large for a processor
                    sides = stage.tiling.patch[-stage.network.dims :]
                    try_once(stage.network, into / weights.file, [side // 2 for side in sides])
            elif weights.file.endswith(".onnx"):
                onnx.judge(into / weights.file)
                onnx.try_once(into / weights.file, stage.tiling.patch)
    return manifest
