"""Does an imported model answer as in its own program? Measured on a phantom when it is added, and told in its card.

The programs need not be there: nnU-Net's and TotalSegmentator's steps are repeated below plainly, whole arrays at a time,
with scikit-image, scipy and torch, as nnunetv2 2.8.1 and TotalSegmentator 2.18.0 write them (MONAI's in `plain_monai.py`).
That this repetition is theirs is held by tests against the programs themselves; that our streamed road equals it, with these
weights on this machine, is what is measured here. Our own way of running the model ("ours") is compared too.
"""

from __future__ import annotations

import itertools
import multiprocessing
from collections.abc import Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from typing import Any

import numpy as np
import numpy.typing as npt

from inference.grid import axes_of
from inference.importers import plain_monai
from inference.manifest import Manifest, Parity, Stage
from inference.zoo import InstalledModel
from planning.errors import Cancelled, InputError
from planning.geometry import Grid
from planning.progress import CancelToken

PEERS = {
    "nnunet": "nnunetv2 2.8.1",
    "totalsegmentator": "TotalSegmentator 2.18.0",
    "monai_bundle": "MONAI 1.6.1",
    "auto3dseg": "MONAI 1.6.1's Auto3DSeg",
}
MOST_SECONDS = 600.0
# seconds of one voxel of one tile, a careful guess for a network of usual width
VOXEL_SECONDS = 6e-6
MOST_GUESSED_SECONDS = 240.0
MIRRORED_UP_TO_VOXELS = 64**3
SEED = 20_26

Volume = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Measured:
    """equal_voxels: share of voxels with the peer's label in parity mode. dice_of_ours: mean over the labels found."""

    equal_voxels: float
    dice_of_ours: float | None
    labels_found: int
    shape_kji: tuple[int, int, int]


def measured(model: InstalledModel, cancel: CancelToken | None = None) -> Parity | None:
    """The comparison, in a process of its own; None where there is no peer, or it would take minutes.

    Raises ModelError when the model cannot be run at all, Cancelled when asked to stop.
    """
    peer = PEERS.get(model.manifest.source.importer or "")
    if any(stage.network.family == "onnx" for stage in model.manifest.stages):
        return None
    if peer is None or guessed_seconds(trial(model.manifest).stages) > MOST_GUESSED_SECONDS:
        return None
    found = _in_a_process(model, cancel)
    if found is None:
        return None
    size = " × ".join(map(str, found.shape_kji))
    ours = "" if found.dice_of_ours is None else f"; our own way: Dice {found.dice_of_ours:.4f} with it"
    all_there = len(trial(model.manifest).stages) == len(model.manifest.stages)
    return Parity(
        against=f"the steps of {peer}",
        equal_voxels=found.equal_voxels,
        case=f"phantom of {size} voxels, {found.labels_found} labels found{ours}"
        + ("" if all_there else "; the first network only"),
    )


def guessed_seconds(stages: Sequence[Stage]) -> float:
    """What the comparison of these stages will take, three runs of two tiles, on one core."""
    return sum(
        3 * 2 * (1 << len(stage.tiling.mirror_axes)) * float(np.prod(stage.tiling.patch)) * VOXEL_SECONDS
        for stage in stages
    )


def trial(manifest: Manifest) -> Manifest:
    """The manifest as it is compared: one fold, no mirroring of large tiles, the first network where all take minutes."""
    stages = []
    for stage in manifest.stages:
        large = float(np.prod(stage.tiling.patch)) > MIRRORED_UP_TO_VOXELS
        tiling = stage.tiling.model_copy(update={"mirror_axes": () if large else stage.tiling.mirror_axes})
        stages.append(stage.model_copy(update={"weights": stage.weights[:1], "tiling": tiling, "within": None}))
    if guessed_seconds(stages) > MOST_GUESSED_SECONDS:
        first = next(stage for stage in stages if stage.keeps)
        before = None if first.previous is None else first.previous.stage
        stages = [stage for stage in stages if stage.name == before or stage is first]
    return manifest.model_copy(update={"stages": tuple(stages), "cleanup": ()})


def compare(model: InstalledModel, image: Volume, grid: Grid) -> Measured:
    """Both modes against the plain repetition, on an image of whole HU."""
    from inference.pipeline import RunOptions, segment

    truth = plain_labels(model, image, grid)
    parity = segment(image, grid, model, RunOptions(mode="parity", engine="torch", threads=1)).labels
    ours = segment(image, grid, model, RunOptions(quality="best", engine="torch", threads=1)).labels
    found = [int(value) for value in np.unique(truth) if value]
    dice = [
        2 * float(((ours == v) & (truth == v)).sum()) / float((ours == v).sum() + (truth == v).sum()) for v in found
    ]
    k, j, i = image.shape
    return Measured(
        float((parity == truth).mean()), float(np.mean(dice)) if dice else None, len(found), (int(k), int(j), int(i))
    )


def phantom(stage: Stage) -> tuple[Volume, Grid]:
    """A CT-like scene a little larger than one tile, on other voxels than the network's: (k, j, i) int16."""
    from scipy import ndimage

    wanted = [step or 1.5 for step in stage.input.spacing_mm]
    order = axes_of(Grid.from_parts((8, 8, 8)), stage.input).order
    spacing, size = [1.0, 1.0, 1.0], [8, 8, 8]
    for n, axis in enumerate(order):
        patch = stage.tiling.patch[n] if stage.tiling.patch[n] > 1 else 6
        spacing[axis] = wanted[n] * (1.25 if n == 0 else 0.85)
        size[axis] = max(6, round(patch * wanted[n] / spacing[axis] * (1.3 if n == 0 else 0.9)))
    random = np.random.default_rng(SEED)
    shape = (size[0], size[1], size[2])
    places = np.stack(np.meshgrid(*(np.linspace(-1, 1, n) for n in shape), indexing="ij"), -1)
    image = np.where((places[..., 1:] ** 2).sum(-1) < 0.8, 40.0, -1000.0)
    for hu in (110.0, 180.0, 320.0, 700.0, -600.0, 60.0):
        middle, radii = random.uniform(-0.5, 0.5, 3), random.uniform(0.15, 0.5, 3)
        image[(((places - middle) / radii) ** 2).sum(-1) < 1] = hu
    image = ndimage.gaussian_filter(image + random.normal(0, 30, shape), 0.7)
    grid = Grid.from_parts((shape[2], shape[1], shape[0]), (spacing[2], spacing[1], spacing[0]))
    return np.round(image).astype(np.int16), grid


# what the other programs do, plainly


def plain_labels(model: InstalledModel, image: Volume, grid: Grid) -> Volume:
    """The labels that nnU-Net, TotalSegmentator or MONAI would give, on the image's grid."""
    result: Volume = np.zeros(image.shape, np.uint16)
    kept: dict[str, Volume] = {}
    spacing = [float(step) for step in grid.spacing_mm[::-1]]
    for stage in model.manifest.stages:
        if stage.tiling.rule == "monai":
            found = plain_monai.plain_labels(model, stage, image, grid)
            np.copyto(result, found, where=found != 0)
            continue
        axes = axes_of(grid, stage.input)
        turned, steps = axes.apply(image), [spacing[axis] for axis in axes.order]
        before = kept[stage.previous.stage] if stage.previous is not None else None
        hot = None if before is None else axes.apply(before)
        found = np.zeros(image.shape, np.uint16)
        if stage.input.resample.grid == "corner":
            labels = _zoomed(model, stage, turned, steps)
        else:
            labels = _as_nnunet(model, stage, turned.astype(np.float32), steps, hot)
        axes.apply(found)[...] = labels
        kept[stage.name] = found
        if stage.keeps:
            np.copyto(result, found, where=found != 0)
    return result


def _zoomed(model: InstalledModel, stage: Stage, image: Volume, spacing: Sequence[float]) -> Volume:
    """TotalSegmentator: resampled so that first and last samples stay, whole numbers, and labels back the same way."""
    from scipy import ndimage

    target = [float(step or spacing[n]) for n, step in enumerate(stage.input.spacing_mm)]
    factors = np.array(spacing) / np.array(target)
    zoomed = ndimage.zoom(image.astype(np.float64), factors, mode="nearest", order=1).astype(np.int32)
    labels = _as_nnunet(model, stage, zoomed.astype(np.float32), target, None)
    back = ndimage.zoom(labels.astype(np.float64), np.array(image.shape) / labels.shape, mode="nearest", order=0)
    return np.asarray(np.round(back), np.uint16)


def _as_nnunet(
    model: InstalledModel, stage: Stage, image: Volume, spacing: Sequence[float], before: Volume | None
) -> Volume:
    """Crop, normalise, resample, tiles, resample back, decide: nnU-Net's predictor on one image."""
    from scipy import ndimage

    mask = ndimage.binary_fill_holes(image != 0) if stage.input.crop.rule == "nonzero" else np.ones(image.shape, bool)
    found = np.argwhere(mask)
    low, high = (found.min(0), found.max(0) + 1) if len(found) else (np.zeros(3, int), np.array(image.shape))
    box = tuple(slice(int(a), int(b)) for a, b in zip(low, high, strict=True))
    target = [float(step or spacing[n]) for n, step in enumerate(stage.input.spacing_mm)]
    part = _normalised(stage, image[box])
    shape = [int(round(s / t * n)) for s, t, n in zip(spacing, target, part.shape, strict=True)]
    apart = _slices_apart(spacing, target) if stage.input.resample.separate_z == "auto" else None
    how = stage.input.resample
    values = [_resized(part, shape, how.data_order, apart, how.order_z)]
    if before is not None and stage.previous is not None:
        labels = _resized_labels(before[box], shape, apart)
        values += [(labels == value).astype(np.float32) for value in stage.previous.values]
    logits = _tiled(model, stage, np.stack(values).astype(np.float32))
    whole = np.stack([_resized(channel, part.shape, 1, apart, 0) for channel in logits]).astype(np.float16)
    if stage.output.decision == "regions":
        chosen: Volume = np.zeros(part.shape, np.uint16)
        for channel, value in zip(whole.astype(np.float32), stage.output.values, strict=True):
            chosen[1 / (1 + np.exp(-channel)) > 0.5] = value
    else:
        chosen = np.asarray(stage.output.values, np.uint16)[whole.argmax(0)]
    result: Volume = np.zeros(image.shape, np.uint16)
    result[box] = chosen
    return result


def _normalised(stage: Stage, image: Volume) -> Volume:
    how = stage.input.normalise
    if how.scheme == "ct" and how.clip is not None:
        kept = np.clip(image, *how.clip)
        return np.asarray((kept - np.float32(how.mean)) / np.float32(max(how.std, 1e-8)))
    if how.scheme == "zscore":
        inside = image != 0 if how.nonzero else np.ones(image.shape, bool)
        mean, std = image[inside].mean(), image[inside].std()
        return np.where(inside, (image - mean) / max(std, 1e-8), image)
    if how.scheme == "minmax":
        moved = image - image.min()
        return np.asarray(moved / max(moved.max(), 1e-8))
    return image / np.float32(255) if how.scheme == "range" else image


def _slices_apart(current: Sequence[float], target: Sequence[float]) -> int | None:
    for spacing in (current, target):
        if max(spacing) / min(spacing) > 3:
            coarse = [axis for axis in range(3) if max(spacing) / spacing[axis] == 1]
            return coarse[0] if len(coarse) == 1 else None
    return None


def _resized(values: Volume, shape: Sequence[int], order: int, apart: int | None, order_z: int) -> Volume:
    from scipy import ndimage
    from skimage.transform import resize

    if tuple(values.shape) == tuple(shape):
        return values
    double = values.astype(np.float64)
    if apart is None:
        return np.asarray(resize(double, tuple(shape), order, mode="edge", anti_aliasing=False)).astype(values.dtype)
    flat = [n for axis, n in enumerate(shape) if axis != apart]
    slices = [resize(one, flat, order, mode="edge", anti_aliasing=False) for one in np.moveaxis(double, apart, 0)]
    stack = np.moveaxis(np.stack(slices), 0, apart)
    if stack.shape[apart] == shape[apart]:
        return stack.astype(values.dtype)
    scales = [float(a) / b for a, b in zip(stack.shape, shape, strict=True)]
    places = [scale * (one + 0.5) - 0.5 for scale, one in zip(scales, np.mgrid[tuple(map(slice, shape))], strict=True)]
    return np.asarray(ndimage.map_coordinates(stack, places, order=order_z, mode="nearest")).astype(values.dtype)


def _resized_labels(labels: Volume, shape: Sequence[int], apart: int | None) -> Volume:
    """The label with the largest share; where two tie, the nearest sample's."""
    if tuple(labels.shape) == tuple(shape):
        return labels
    nearest = _resized(labels.astype(np.float64), shape, 0, apart, 0)
    best, winner = np.zeros(tuple(shape)), np.zeros(tuple(shape), labels.dtype)
    for value in np.unique(labels):
        share = _resized((labels == value).astype(np.float64), shape, 1, apart, 0)
        takes = (share > best) | ((share == best) & (share > 0) & (nearest == value))
        winner[takes], best = value, np.maximum(best, share)
    return winner


def _tiled(model: InstalledModel, stage: Stage, values: Volume) -> Volume:
    """Logits (channels, …) float16 of the whole field: padded, tiled, mirrored, weighted, summed in half precision."""
    import torch

    from inference.importers.store import load_network

    patch = stage.tiling.patch
    pads = [
        (max(p - n, 0) // 2, max(p - n, 0) - max(p - n, 0) // 2) for p, n in zip(patch, values.shape[1:], strict=True)
    ]
    data = torch.from_numpy(np.pad(values, [(0, 0), *pads]))
    weight = torch.from_numpy(_importance(patch)).half()
    weight[weight == 0] = weight[weight > 0].min()
    total: Any = None
    for file in stage.weights:
        network = load_network(stage.network, model.folder / file.file)
        sums = torch.zeros((stage.network.out_channels, *data.shape[1:]), dtype=torch.half)
        counts = torch.zeros(data.shape[1:], dtype=torch.half)
        for start in itertools.product(*_starts(data.shape[1:], stage)):
            box = tuple(slice(a, a + p) for a, p in zip(start, patch, strict=True))
            sums[(slice(None), *box)] += _answer(network, stage, data[(slice(None), *box)]) * weight
            counts[box] += weight
        sums /= counts
        total = sums if total is None else total + sums
    total = total / len(stage.weights) if len(stage.weights) > 1 else total
    inner = tuple(slice(a, n - b) for (a, b), n in zip(pads, data.shape[1:], strict=True))
    return np.asarray(total[(slice(None), *inner)].numpy())


def _answer(network: Any, stage: Stage, tile: Any) -> Any:
    import torch

    axes = [axis + 2 for axis in stage.tiling.mirror_axes]
    flips = [chosen for count in range(len(axes) + 1) for chosen in itertools.combinations(axes, count)]

    def once(image: Any) -> Any:
        return network(image) if stage.network.dims == 3 else network(image[:, :, 0])[:, :, None]

    with torch.inference_mode():
        answers = [torch.flip(once(torch.flip(tile[None], flip)), flip) for flip in flips]
        total = answers[0]
        for answer in answers[1:]:
            total = total + answer
    return total[0] / len(flips)


def _importance(patch: Sequence[int]) -> Volume:
    from scipy import ndimage

    flat = [n for n in patch if n > 1] if patch[0] == 1 else list(patch)
    delta = np.zeros(flat)
    delta[tuple(n // 2 for n in flat)] = 1
    found = ndimage.gaussian_filter(delta, [n / 8 for n in flat], 0, mode="constant", cval=0)
    return np.asarray(found / (found.max() / 10)).reshape(tuple(patch))


def _starts(shape: Sequence[int], stage: Stage) -> list[list[int]]:
    starts = []
    for axis, (n, p) in enumerate(zip(shape, stage.tiling.patch, strict=True)):
        if stage.network.dims == 2 and axis == 0:
            starts.append(list(range(n)))
            continue
        count = int(np.ceil((n - p) / (p * stage.tiling.step))) + 1
        gap = (n - p) / (count - 1) if count > 1 else 1.0
        starts.append([int(np.round(gap * k)) for k in range(count)])
    return starts


# its own process: torch never comes into the window's


def _in_a_process(model: InstalledModel, cancel: CancelToken | None) -> Measured | None:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_main, args=(theirs, model), daemon=True)
    process.start()
    theirs.close()
    waited = 0.0
    try:
        while waited < MOST_SECONDS:
            if cancel is not None and cancel.is_set:
                raise Cancelled("stopped")
            if ours.poll(0.1):
                answer = ours.recv()
                if isinstance(answer, InputError):
                    raise answer
                return answer if isinstance(answer, Measured) else None
            waited += 0.1
    except (EOFError, ConnectionError):
        return None
    finally:
        process.kill()
        process.join()
        ours.close()
    return None


def _main(connection: Connection, model: InstalledModel) -> None:
    tried = replace(model, manifest=trial(model.manifest))
    first = next(stage for stage in tried.manifest.stages if stage.keeps)
    try:
        connection.send(compare(tried, *phantom(first)))
    except InputError as error:
        connection.send(error)
