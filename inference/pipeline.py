"""One streamed road for every model: image → field → tiles → rolling slab → exact labels → clean-up.

Nothing of the image's size times the number of classes ever exists. Memory is planned before the first tile and a run that
will not fit is made smaller or refused in words. Labels are given back only when all of them are done.
"""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from inference import cleanup, devices, memory, needs
from inference.cleanup import Change
from inference.devices import DeviceFailed, DeviceLost, Ensemble, OutOfDeviceMemory, Request
from inference.grid import Axes, Field, above_box, axes_of, body_box, make_field, network_box, nonzero_box
from inference.labelling import Aside, Target, evidence_of
from inference.manifest import Crop, Manifest, Stage
from inference.normalise import normaliser
from inference.resample import as_float, resample, resample_labels
from inference.run import Box, Image, Run, RunOptions, Segmentation, StageReport, StructureEvidence
from inference.slab import RollingSlab
from inference.tiles import LEAST_SHARE, TilePlan, plan_tiles
from inference.upsample import Values
from inference.zoo import InstalledModel
from planning.errors import ModelError
from planning.geometry import Grid
from planning.naming import known_names
from planning.progress import CancelToken, Progress, no_progress, part_of

__all__ = ["RunOptions", "Segmentation", "StageReport", "StructureEvidence", "model_hash", "needed_stages", "segment"]

FAST_STEP = 0.75
# gets what was found so far: ml by structure, before anything is tidied or judged
Seeing = Callable[[Mapping[str, float]], None]


def segment(
    volume_hu: Image,
    geometry: Grid,
    model: InstalledModel,
    options: RunOptions | None = None,
    progress: Progress = no_progress,
    cancelled: CancelToken | None = None,
    seen: Seeing | None = None,
) -> Segmentation:
    """Run a model on an image.

    volume_hu: (k, j, i) int16 or float32. seen: told after each network. Raises ModelError for what cannot be run and
    Cancelled when asked to stop; then there is no result at all.
    """
    began = time.perf_counter()
    memory.reset_peak()
    chosen = options or RunOptions()
    if volume_hu.shape != geometry.shape_kji:
        raise ModelError(f"Voxels of shape {volume_hu.shape} do not fit a grid of {geometry.shape_kji}")
    if model.manifest.kind != "segmentation":
        raise ModelError(
            f"{model.manifest.title} works only with a person's clicks and strokes",
            "Correct a structure by strokes with it, or choose another model",
            "interactive",
        )
    model.check_files()
    dtype = np.uint8 if max(label.index for label in model.manifest.labels) < 256 else np.uint16
    run = Run(
        volume_hu,
        geometry,
        model,
        chosen,
        progress,
        cancelled or CancelToken(),
        np.zeros(volume_hu.shape, dtype=dtype),
        np.zeros(volume_hu.shape, dtype=bool),
    )
    run.device = devices.choose_device(chosen.device)
    stages = needed_stages(model.manifest, chosen.structures)
    share = 0.95 / len(stages)
    for number, stage in enumerate(stages):
        run.cancel.raise_if_set()
        _run_stage(run, as_run(stage, chosen), part_of(progress, number * share, (number + 1) * share))
        if seen is not None:
            seen(_volumes_ml(run))
    changes = _tidy(run)
    progress(1.0, "")
    return Segmentation(
        labels=run.labels,
        evidence=evidence_of(run),
        device=run.device,
        precision=", ".join(dict.fromkeys(run.precisions)),
        seconds=time.perf_counter() - began,
        peak_memory_mb=memory.peak_bytes() / 2**20,
        notes=tuple(dict.fromkeys(run.notes)),
        changes=tuple(changes),
        stages=tuple(run.reports),
        model_hash=model_hash(model.manifest),
        doubt=np.packbits(run.doubt),
    )


def _volumes_ml(run: Run) -> dict[str, float]:
    counts = np.zeros(np.iinfo(run.labels.dtype).max + 1, dtype=np.int64)
    for plane in run.labels:
        found = np.bincount(plane.ravel())
        counts[: len(found)] += found
    return {label.name: float(counts[label.index]) * run.grid.voxel_mm3 / 1000.0 for label in run.manifest.labels}


def model_hash(manifest: Manifest) -> str:
    """Hex SHA-256 over the weights' hashes: which model made a result."""
    every = [weights.sha256 for stage in manifest.stages for weights in stage.weights]
    return hashlib.sha256("\n".join(every).encode()).hexdigest()


def needed_stages(manifest: Manifest, structures: Sequence[str]) -> tuple[Stage, ...]:
    """The stages that make the wanted structures, and those these depend on, in the model's order."""
    names = {label.name: label.index for label in manifest.labels}
    for name in structures:
        if name not in names:
            raise ModelError(f"{manifest.title} has no structure '{name}'", known_names(name, names), "no_structure")
    wanted = {names[name] for name in structures} or set(names.values())
    needed: set[str] = set()
    # a clean-up rule looks at other labels too
    for rule in manifest.cleanup:
        if any(names[name] in wanted for name in rule.labels):
            wanted |= {names[name] for name in rule.of}
            needed |= {rule.stage} if rule.stage else set()
    for stage in reversed(manifest.stages):
        if (stage.keeps and wanted & set(stage.output.values)) or stage.name in needed:
            needed.add(stage.name)
            needed |= {link.stage for link in (stage.within, stage.previous) if link is not None}
    return tuple(stage for stage in manifest.stages if stage.name in needed)


def as_run(stage: Stage, options: RunOptions) -> Stage:
    """The stage as the options want it; "parity" leaves the model's own steps and takes nnU-Net's number formats."""
    tiling, wanted, output = stage.tiling, stage.input, stage.output
    if options.mode == "parity":
        half = "fp16" if tiling.rule == "nnunet" else tiling.accumulate
        return stage.model_copy(update={"tiling": tiling.model_copy(update={"accumulate": half})})
    fast, best = options.quality == "fast", options.quality == "best"
    tiling = tiling.model_copy(
        update={
            "accumulate": "fp32",
            "step": max(tiling.step, FAST_STEP) if fast else tiling.step,
            "mirror_axes": tiling.mirror_axes if best else (),
        }
    )
    how = wanted.resample
    if how.grid == "corner" or output.upsample == "labels-nearest":
        # the outer faces of image and network coincide, and boundaries are interpolated instead of copied
        how = how.model_copy(update={"grid": "edge" if how.grid == "corner" else how.grid, "truncate": False})
        output = output.model_copy(update={"upsample": "linear"})
    if fast and how.data_order == 3:
        how = how.model_copy(update={"data_order": 1})
    crop = wanted.crop
    if crop.rule == "none" and wanted.modality == "CT":
        crop = Crop(rule="body")
    weights = stage.weights[:1] if fast else stage.weights
    return stage.model_copy(
        update={
            "tiling": tiling,
            "input": wanted.model_copy(update={"resample": how, "crop": crop}),
            "output": output,
            "weights": weights,
            "within": stage.within and stage.within.model_copy(update={"cut": "after"}),
        }
    )


def _run_stage(run: Run, stage: Stage, progress: Progress) -> None:
    began = time.perf_counter()
    progress(0.0, f"Resampling for {run.manifest.title}")
    whole = _field(run, stage)
    if whole is None:
        run.notes.append(f"{stage.name} was left out: what it looks at was not found")
        return
    half, planned = _fit_memory(run, stage, whole)
    values, whole = _input_values(run, stage, whole)
    least = 0.0 if run.exact else LEAST_SHARE
    plan = plan_tiles(whole.shape, stage.tiling, stage.network.dims, least_share=least)
    image = plan.padded(values)
    progress(0.05, f"Loading {run.manifest.title}")
    resampled = time.perf_counter() - began
    # a card that fails half-way leaves half its labels: the processor begins from what was there before
    before = (run.labels.copy(), run.doubt.copy()) if run.device != "cpu" and stage.keeps else None
    while True:
        try:
            # a card tells of a fault when it is next waited for, which is anywhere inside
            with devices.failures_told(run.device):
                report = _tiles(run, stage, whole, plan, image, half=half, progress=part_of(progress, 0.08, 1.0))
        except DeviceFailed as failure:
            why = "stopped working" if isinstance(failure, DeviceLost) else "cannot run this network"
            why = "had too little memory" if isinstance(failure, OutOfDeviceMemory) else why
            run.notes.append(f"The graphics card ({run.device}) {why}: the processor was used")
            run.device = "cpu"
            if before is not None:
                run.labels[...], run.doubt[...] = before
            continue
        break
    run.reports.append(
        replace(
            report,
            before_seconds=report.before_seconds + resampled,
            planned_mb=planned.needed_bytes / 2**20,
        )
    )


def _field(run: Run, stage: Stage) -> Field | None:
    """The stage's field before anything is cut after resampling; None when what it looks around was not found."""
    wanted = stage.input
    axes = axes_of(run.grid, wanted)
    turned = axes.apply(run.image)
    crop = wanted.crop
    if stage.within is not None and stage.within.cut == "before":
        box = _box_within(run, stage)
        return None if box is None else make_field(run.grid, wanted, _cut(run, axes, box, stage))
    if crop.rule == "above" and crop.when == "before":
        return make_field(run.grid, wanted, above_box(turned, crop.threshold, crop.margin_voxels))
    whole = make_field(run.grid, wanted, nonzero_box(turned) if _cuts_zeros_first(stage) else None)
    if crop.rule == "body" or (crop.rule == "nonzero" and wanted.modality == "CT" and not run.parity):
        whole = whole.part(network_box(whole, box_in(axes, _body(run, crop.margin_mm), run.grid.shape_kji)))
    if stage.within is not None:
        box = _box_within(run, stage)
        if box is None:
            return None
        whole = whole.part(network_box(whole, box_in(axes, box, run.grid.shape_kji)))
    return whole


def _body(run: Run, margin_mm: float) -> Box:
    if run.body is None:
        i, j, k = (float(step) for step in run.grid.spacing_mm)
        run.body = body_box(run.image, (k, j, i), margin_mm)
    return run.body


def _box_within(run: Run, stage: Stage) -> Box | None:
    """Box (k, j, i) of the labels a stage looks at, with its margin."""
    assert stage.within is not None
    names = {name: index for index, name in run.manifest.names.items()}
    earlier = next(one for one in run.manifest.stages if one.name == stage.within.stage)
    labels = run.labels if earlier.keeps else run.scratch.get(earlier.name)
    if labels is None:
        # it was left out itself
        return None
    indices = [names[name] for name in stage.within.labels] + list(stage.within.values)
    indices = indices or sorted({value for value in earlier.output.values if value})
    boxes = [box for index in indices if (box := cleanup.box_of(labels, index)) is not None]
    if not boxes:
        return None
    found = []
    for axis in range(3):
        voxels = stage.within.margin_mm / float(run.grid.spacing_mm[2 - axis])
        margin = int(voxels) if stage.within.cut == "before" else int(np.ceil(voxels))
        first = min(box[axis].start for box in boxes) - margin
        last = max(box[axis].stop for box in boxes) + margin
        found.append((max(first, 0), min(last, labels.shape[axis])))
    return found[0], found[1], found[2]


def _cuts_zeros_first(stage: Stage) -> bool:
    """nnU-Net leaves edges of zeros out before it resamples; TotalSegmentator resamples before it calls nnU-Net."""
    return stage.input.crop.rule == "nonzero" and stage.input.resample.grid != "corner"


def _cut(run: Run, axes: Axes, box: Box, stage: Stage) -> Box:
    """A box of image voxels in the network's axes."""
    turned = box_in(axes, box, run.grid.shape_kji)
    if not _cuts_zeros_first(stage):
        return turned
    inner = nonzero_box(axes.apply(run.image)[tuple(slice(*part) for part in turned)])
    (a, b, c), (d, e, f) = turned, inner
    return (a[0] + d[0], a[0] + d[1]), (b[0] + e[0], b[0] + e[1]), (c[0] + f[0], c[0] + f[1])


def box_in(axes: Axes, box: Box, shape: tuple[int, int, int]) -> Box:
    """A box of image voxels (k, j, i) in the network's axes."""
    turned = []
    for axis, flipped in zip(axes.order, axes.flipped, strict=True):
        first, last = box[axis]
        turned.append((shape[axis] - last, shape[axis] - first) if flipped else (first, last))
    return turned[0], turned[1], turned[2]


def _input_values(run: Run, stage: Stage, whole: Field) -> tuple[Values, Field]:
    """(channels, n0, n1, n2): the image on the network's grid, and an earlier stage's labels one-hot; and their field.

    The field is smaller than `whole` where it is cropped to bright values after resampling.
    """
    turned = whole.axes.apply(run.image)
    inside = tuple(slice(axis.start, axis.start + axis.n_image) for axis in whole.maps)
    how, crop = stage.input.normalise, stage.input.crop
    before = normaliser(how, turned[inside]) if how.when == "before" else as_float
    image = resample(turned, whole, stage.input.resample, before, run.cancel)
    if crop.rule == "above" and crop.when == "after":
        # the threshold is in HU, the values may be changed already
        threshold = before(np.full((1, 1, 1), crop.threshold, dtype=np.float32))
        low = above_box(image, float(threshold[0, 0, 0]), crop.margin_voxels)
        # as MONAI goes back: a label reaches as far as its probability, mixed with the zeros beyond the box
        reach = 1.0 if stage.output.upsample == "linear" else 0.5
        image, whole = image[tuple(slice(*part) for part in low)], whole.part(low, reach)
    if crop.rule == "nonzero" and not _cuts_zeros_first(stage):
        low = nonzero_box(image)
        image, whole = image[tuple(slice(*part) for part in low)], whole.part(low)
    if how.when == "after":
        image = normaliser(how, image)(image)
    if stage.previous is None:
        return image[None], whole
    earlier = whole.axes.apply(run.scratch.get(stage.previous.stage, run.labels))
    labels = resample_labels(earlier, whole, stage.previous.values)
    hot = [(labels == value).astype(np.float32) for value in stage.previous.values]
    return np.stack([image, *hot]), whole


def _fit_memory(run: Run, stage: Stage, whole: Field) -> tuple[bool, memory.MemoryPlan]:
    """Before anything large is made: whether sums are kept in half precision, and what is held then.

    Raises ModelError when that will not fit.
    """
    free = run.options.memory_bytes or memory.free_bytes()
    half = stage.tiling.accumulate == "fp16"
    for as_half in (half, True):
        planned = memory.MemoryPlan(needs.memory_needs(run.image, stage, whole, half=as_half), free)
        if planned.fits:
            if as_half != half:
                run.notes.append("Sums of tiles were kept in half precision, because memory is short")
            return as_half, planned
    hint = "Close other programs, choose fewer structures or a model with coarser voxels"
    raise ModelError(f"{run.manifest.title} {planned.in_words()}", hint, "memory")


def _tiles(
    run: Run, stage: Stage, whole: Field, plan: TilePlan, image: Values, *, half: bool, progress: Progress
) -> StageReport:
    """All tiles of a stage, and its labels into the run's. Raises DeviceFailed."""
    began = time.perf_counter()
    request = Request(
        device=run.device,
        exact=run.exact,
        threads=run.options.threads or (min(devices.cores(), 4) if run.options.reproducible else None),
        cache=run.options.cache,
        engine=run.options.engine,
    )
    members = devices.prepare(stage, run.model.folder, request, run.device, range(len(stage.weights)), run.notes)
    # nnU-Net divides each fold's sums before it adds the folds; without half precision the order makes no difference
    apart = half and len(members) > 1
    ensemble = Ensemble(tuple(members), stage.tiling.mirror_axes, stage.network.dims, apart)
    target = Target(run, stage, whole)
    slab = _make_slab(run, plan, stage.network.out_channels, half=half, members=len(members) if apart else 1)
    in_flight = 1 if run.device == "cpu" else devices.GPU_TILES
    clock = _Clock(plan.count, progress, run.manifest.title, in_flight)
    # while a graphics card is busy the processor is not
    with contextlib.closing(target if run.device == "cpu" else Aside(target)) as labelling:
        for row in range(len(plan.rows())):
            _one_row(run, plan, row, image, ensemble, slab, clock)
            for at, plane in slab.finish_row():
                run.cancel.raise_if_set()
                labelling.take(at, plane)
        labelling.finish()
    run.precisions.append(members[0].precision)
    return StageReport(
        name=stage.name,
        tiles=plan.count,
        passes_per_tile=ensemble.passes,
        network_shape=whole.shape,
        network_spacing_mm=whole.network_spacing_mm,
        before_seconds=clock.began - began,
        network_seconds=clock.network,
        after_seconds=time.perf_counter() - clock.began - clock.network,
        disagreeing_share=target.disagreeing_share,
    )


def _one_row(
    run: Run, plan: TilePlan, row: int, image: Values, ensemble: Ensemble, slab: RollingSlab, clock: _Clock
) -> None:
    """All tiles that start at one plane, several at a time on a graphics card."""
    slab.begin_row(row)
    waiting = plan.in_row()
    while waiting:
        run.cancel.raise_if_set()
        now = waiting[: clock.in_flight]
        starts = [(plan.rows()[row], *start) for start in now]
        patches = np.stack([_patch(image, start, plan.patch) for start in starts])
        began = time.perf_counter()
        try:
            logits = ensemble(patches, run.cancel.raise_if_set)
        except OutOfDeviceMemory:
            if clock.in_flight == 1:
                raise
            clock.in_flight //= 2
            run.notes.append(f"The graphics card is short of memory: {clock.in_flight} tiles at a time")
            continue
        clock.network += time.perf_counter() - began
        for start, one in zip(now, logits, strict=True):
            slab.add(start, one)
        waiting = waiting[len(now) :]
        clock.done(len(now))


def _make_slab(run: Run, plan: TilePlan, channels: int, *, half: bool, members: int) -> RollingSlab:
    """The sums on the graphics card, in main memory where it is too small for them."""
    try:
        with devices.failures_told(run.device):
            return RollingSlab(plan, channels, half=half, device=run.device, members=members)
    except OutOfDeviceMemory:
        run.notes.append("Sums of tiles were kept in main memory, because the graphics card is short of it")
        return RollingSlab(plan, channels, half=half, members=members)


def _patch(image: Values, start: tuple[int, int, int], patch: tuple[int, int, int]) -> Values:
    return image[(slice(None), *(slice(a, a + n) for a, n in zip(start, patch, strict=True)))]


@dataclass(slots=True)
class _Clock:
    """How far the tiles are, how many run at a time, how long the others will take by the middle of those that ran."""

    count: int
    progress: Progress
    title: str
    in_flight: int = 1
    began: float = field(default_factory=time.perf_counter)
    network: float = 0.0
    _last: float = field(default_factory=time.perf_counter)
    _each: list[float] = field(default_factory=list)
    _done: int = 0

    def done(self, tiles: int) -> None:
        """So many more tiles are done."""
        now = time.perf_counter()
        self._each += [(now - self._last) / tiles] * tiles
        self._last = now
        self._done += tiles
        left = float(np.median(self._each[-8:])) * (self.count - self._done)
        words = f", the network about {left:.0f} s more" if left >= 1 else ""
        self.progress(self._done / self.count, f"{self.title}: tile {self._done} of {self.count}{words}")


def _tidy(run: Run) -> list[Change]:
    """Clean-up rules, then only the wanted structures stay."""
    names = {label.name: label.index for label in run.manifest.labels}
    wanted = run.options.structures
    i, j, k = (float(step) for step in run.grid.spacing_mm)
    run.progress(0.95, "Tidying up")
    rules, stop = run.manifest.cleanup, run.cancel.raise_if_set
    changes = cleanup.clean(run.labels, names, rules, (k, j, i), wanted or None, stop, run.scratch)
    if wanted:
        kept = np.zeros(int(run.labels.max()) + 1, dtype=run.labels.dtype)
        for name in wanted:
            if names[name] < len(kept):
                kept[names[name]] = names[name]
        for plane in run.labels:
            plane[...] = kept[plane]
    return changes
