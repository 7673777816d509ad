"""MONAI's steps, repeated plainly and whole arrays at a time, to hold our streamed road against when a model is added.

MONAI need not be there. Spacing keeps the first voxel's centre and makes round((n − 1)·s/t + 1) samples; windows are
those of its sliding window; probabilities go back to the scan by linear interpolation, with zeros beyond a crop (MONAI
1.6.1; Auto3DSeg's template for near spacings). That our road gives MONAI's own voxels is held by tests with MONAI.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from inference.grid import axes_of
from inference.manifest import Normalise, Stage
from inference.zoo import InstalledModel
from planning.geometry import Grid

Volume = npt.NDArray[Any]
Box = tuple[slice, ...]


def plain_labels(model: InstalledModel, stage: Stage, image: Volume, grid: Grid) -> Volume:
    """The labels (k, j, i) that MONAI would give with the stage's network."""
    axes = axes_of(grid, stage.input)
    turned = axes.apply(image).astype(np.float64)
    spacing = [float(grid.spacing_mm[2 - axis]) for axis in axes.order]
    target = [_target(stage, n, step) for n, step in enumerate(spacing)]
    far = [stage.input.resample.anchor == "image" and flipped for flipped in axes.flipped]
    crop = stage.input.crop
    box: Box = tuple(slice(0, n) for n in turned.shape)
    if crop.rule == "above" and crop.when == "before":
        box = _box_above(turned, crop.threshold, crop.margin_voxels)
    part = turned[box]
    shape = [int(np.round((n - 1) * s / t + 1)) for n, s, t in zip(part.shape, spacing, target, strict=True)]
    places = [
        np.arange(m) * (t / s) + ((n - 1) - (m - 1) * (t / s) if last else 0.0)
        for m, n, s, t, last in zip(shape, part.shape, spacing, target, far, strict=True)
    ]
    values = _normalised(stage.input.normalise, part) if stage.input.normalise.when == "before" else part
    values = _at(values, places)
    inner: Box = tuple(slice(0, n) for n in shape)
    if crop.rule == "above" and crop.when == "after":
        threshold = _normalised(stage.input.normalise, np.full((1, 1, 1), crop.threshold))[0, 0, 0]
        inner = _box_above(
            values, float(threshold) if stage.input.normalise.when == "before" else crop.threshold, crop.margin_voxels
        )
    values = values[inner]
    if stage.input.normalise.when == "after":
        values = _normalised(stage.input.normalise, values)
    found = _activated(stage, _windows(model, stage, values.astype(np.float32)))
    result: Volume = np.zeros(image.shape, np.uint16)
    labels: Volume = np.zeros(turned.shape, np.uint16)
    back = [
        (np.arange(n) - p[0]) / (p[1] - p[0]) if len(p) > 1 else np.zeros(n)
        for n, p in zip(part.shape, places, strict=True)
    ]
    labels[box] = _decided(stage, found, shape, inner, back)
    axes.apply(result)[...] = labels
    return result


def _target(stage: Stage, axis: int, spacing: float) -> float:
    wanted = stage.input.spacing_mm[axis]
    kept = stage.input.resample.keep_within
    if wanted is None or stage.input.resample.grid == "none":
        return spacing
    if kept is not None and kept[0] * wanted - 1e-3 <= spacing <= kept[1] * wanted + 1e-3:
        return spacing
    return wanted


def _box_above(values: Volume, threshold: float, margin: int) -> Box:
    found = np.argwhere(values > threshold)
    if not len(found):
        return tuple(slice(0, n) for n in values.shape)
    low, high = found.min(0) - margin, found.max(0) + 1 + margin
    return tuple(slice(max(int(a), 0), min(int(b), n)) for a, b, n in zip(low, high, values.shape, strict=True))


def _at(values: Volume, places: Sequence[Volume]) -> Volume:
    """Linear interpolation at every combination of the axes' places; beyond the border its own value."""
    from scipy import ndimage

    grid = np.meshgrid(*places, indexing="ij")
    return np.asarray(ndimage.map_coordinates(values, grid, order=1, mode="nearest"))


def _normalised(how: Normalise, values: Volume) -> Volume:
    if how.scheme == "range" and how.clip is not None:
        (low, high), (to_low, to_high) = how.clip, how.to
        found = (values - low) / (high - low) * (to_high - to_low) + to_low
        found = np.clip(found, to_low, to_high) if how.clip_output else found
    elif how.scheme == "zscore":
        inside = values != 0 if how.nonzero else np.ones(values.shape, bool)
        some = values[inside] if inside.any() else np.zeros(1)
        found = np.where(inside, (values - some.mean()) / (some.std() or 1.0), values)
    elif how.scheme == "ct":
        found = (values - how.mean) / how.std
    else:
        found = values
    if how.scheme == "minmax" or how.then == "minmax":
        width = float(found.max() - found.min()) or 1.0
        found = (found - found.min()) / width * (how.to[1] - how.to[0]) + how.to[0]
    return np.asarray(1 / (1 + np.exp(-found)) if how.squash == "sigmoid" else found)


def _windows(model: InstalledModel, stage: Stage, values: Volume) -> Volume:
    """(channels, …) sums of all windows over their weights."""
    import torch

    from inference.importers.store import load_network

    tiling = stage.tiling
    pads = [
        (max(p - n, 0) // 2, max(p - n, 0) - max(p - n, 0) // 2)
        for p, n in zip(tiling.patch, values.shape, strict=True)
    ]
    padded = (
        np.pad(values, pads, mode="edge")
        if tiling.pad == "edge"
        else np.pad(values, pads, constant_values=tiling.pad_value)
    )
    weight = np.ones(tiling.patch, np.float32)
    if tiling.weight == "gaussian":
        for axis, n in enumerate(tiling.patch):
            x = np.arange(n, dtype=np.float32) - (n - 1) / 2
            line = np.exp(-(x**2) / (2 * (n * tiling.sigma) ** 2)).astype(np.float32)
            weight = weight * line.reshape([-1 if one == axis else 1 for one in range(3)])
        weight = np.maximum(weight, max(float(weight.min()), 1e-3))
    network = load_network(stage.network, model.folder / stage.weights[0].file)
    sums = np.zeros((stage.network.out_channels, *padded.shape), np.float32)
    counts = np.zeros(padded.shape, np.float32)
    for start in itertools.product(*_starts(padded.shape, stage)):
        box = tuple(slice(a, a + p) for a, p in zip(start, tiling.patch, strict=True))
        with torch.inference_mode():
            answer = network(torch.from_numpy(np.ascontiguousarray(padded[box]))[None, None])[0].numpy()
        sums[(slice(None), *box)] += answer * weight
        counts[box] += weight
    inner = tuple(slice(a, n - b) for (a, b), n in zip(pads, padded.shape, strict=True))
    return np.asarray((sums / counts)[(slice(None), *inner)])


def _starts(shape: Sequence[int], stage: Stage) -> list[list[int]]:
    starts = []
    for n, p in zip(shape, stage.tiling.patch, strict=True):
        interval = p if n == p else max(int(p * (1 - (1 - stage.tiling.step))), 1)
        count = next(index for index in range(math.ceil(n / interval)) if index * interval + p >= n) + 1
        starts.append([index * interval - max(index * interval + p - n, 0) for index in range(count)])
    return starts


def _activated(stage: Stage, logits: Volume) -> Volume:
    if stage.output.activation == "softmax":
        raised = np.exp(logits - logits.max(0))
        return np.asarray(raised / raised.sum(0))
    return np.asarray(1 / (1 + np.exp(-logits))) if stage.output.activation == "sigmoid" else logits


def _decided(stage: Stage, found: Volume, shape: Sequence[int], inner: Box, back: Sequence[Volume]) -> Volume:
    """Labels of the scan's part: probabilities go back, or labels to the nearest."""
    from scipy import ndimage

    whole = np.zeros((len(found), *shape), np.float64)
    whole[(slice(None), *inner)] = found
    if stage.output.upsample == "labels-nearest":
        labels = np.zeros(tuple(shape))
        labels[inner] = _chosen(stage, found)
        grid = np.meshgrid(*back, indexing="ij")
        return np.asarray(ndimage.map_coordinates(labels, grid, order=0, mode="nearest"), np.uint16)
    return _chosen(stage, np.stack([_at(channel, back) for channel in whole]))


def _chosen(stage: Stage, found: Volume) -> Volume:
    if stage.output.decision == "argmax":
        painted: Volume = np.asarray(stage.output.values, np.uint16)[found.argmax(0)]
        return painted
    probable = found if stage.output.activation == "sigmoid" or stage.output.activated else 1 / (1 + np.exp(-found))
    labels: Volume = np.zeros(found.shape[1:], np.uint16)
    for channel, value in zip(probable, stage.output.values, strict=True):
        labels[channel > stage.output.threshold] = value
    return labels
