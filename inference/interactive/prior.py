"""What a network thinks of a structure before any stroke: one probability for each voxel, run once in the background.

It joins the forest's features: where the strokes agree with it, it carries; where they do not, it is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inference import devices
from inference.devices import Ensemble, Request
from inference.grid import Field, body_box, make_field, network_box
from inference.interactive.image import PreparedImage
from inference.manifest import Stage
from inference.normalise import normaliser
from inference.pipeline import RunOptions, as_run, box_in
from inference.resample import as_float, resample
from inference.slab import RollingSlab
from inference.tiles import plan_tiles
from inference.zoo import InstalledModel
from planning.errors import ModelError
from planning.geometry import FloatArray, Grid
from planning.liver.segment.working import FieldArray
from planning.progress import CancelToken, Progress, no_progress
from planning.volume import Volume

# mean probability under "this" strokes less that under "not this" ones: below it the network means something else here
LEAST_HELP = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class Prior:
    """One structure's probability, float32 0 … 1, on both working grids of a prepared image."""

    fine: FieldArray
    coarse: FieldArray

    @classmethod
    def of(cls, image: PreparedImage, fine: FieldArray) -> Prior:
        """From a field on the fine grid. Raises ModelError for another shape."""
        if fine.shape != image.fine.shape_kji:
            raise ModelError(f"A prior of shape {fine.shape} does not fit a grid of {image.fine.shape_kji}")
        held = np.clip(np.asarray(fine, dtype=np.float32), 0.0, 1.0)
        return cls(held, image.coarser.down(held))

    def helps(self, inside: npt.NDArray[np.int64], outside: npt.NDArray[np.int64]) -> bool:
        """True when the strokes, (n, 3) fine voxels, agree with it."""
        if not len(inside):
            return False
        own = float(self.fine[tuple(inside.T)].mean())
        other = float(self.fine[tuple(outside.T)].mean()) if len(outside) else 0.0
        return own - other >= LEAST_HELP


@dataclass(frozen=True, slots=True, eq=False)
class NetworkView:
    """A network's probabilities on its own grid: names → (n0, n1, n2) float16 in the network's axes."""

    field: Field
    probabilities: Mapping[str, npt.NDArray[np.float16]]

    def only(self, name: str) -> NetworkView:
        """What it thinks of one structure, to be sent somewhere; of nothing where it does not know it."""
        return NetworkView(self.field, {key: one for key, one in self.probabilities.items() if key == name})

    def on(self, image: PreparedImage, name: str) -> Prior:
        """A structure's prior. Raises ModelError when the network does not know it."""
        if name not in self.probabilities:
            known = ", ".join(sorted(self.probabilities))
            raise ModelError(f"The network does not know '{name}'", f"It knows {known}", "no_structure")
        values = self.probabilities[name].astype(np.float32)
        axes = self.field.axes
        for place, axis in enumerate(axes.order):
            factor, size = image.blocks.factors_kji[axis], image.fine.shape_kji[axis]
            wanted: FloatArray = np.arange(size, dtype=np.float64) * factor + (factor - 1) / 2.0
            if axes.flipped[place]:
                wanted = (image.volume.grid.shape_kji[axis] - 1 - wanted)[::-1]
            along = self.field.maps[place]
            values = _linear(values, place, wanted, along.start + along.image_positions())
        fine = np.zeros(image.fine.shape_kji, dtype=np.float32)
        axes.apply(fine)[...] = values
        return Prior.of(image, fine)


def _linear(values: FieldArray, axis: int, wanted: FloatArray, have: npt.NDArray[np.float64]) -> FieldArray:
    """Linear along one axis; 0 beyond half a step outside the field."""
    step = float(have[1] - have[0]) if len(have) > 1 else 1.0
    at = (wanted - have[0]) / step
    held = np.clip(at, 0.0, len(have) - 1.0)
    low = np.minimum(held.astype(np.int64), max(len(have) - 2, 0))
    form = [1, 1, 1]
    form[axis] = len(wanted)
    weight = (held - low).astype(np.float32).reshape(form)
    inside = ((at > -0.5) & (at < len(have) - 0.5)).astype(np.float32).reshape(form)
    first = np.take(values, low, axis=axis)
    second = np.take(values, np.minimum(low + 1, len(have) - 1), axis=axis)
    return np.asarray(inside * (first + weight * (second - first)), dtype=np.float32)


def look(
    volume: Volume,
    model: InstalledModel,
    options: RunOptions | None = None,
    *,
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> NetworkView:
    """Run a model's first network over the body and keep its probabilities on its own grid.

    Seconds at 4 mm; torch or OpenVINO is loaded. Raises ModelError, Cancelled.
    """
    chosen = options or RunOptions()
    model.check_files()
    stage = as_run(_first_stage(model), chosen)
    token = cancel or CancelToken()
    field = _body_field(volume, stage)
    turned = field.axes.apply(volume.voxels)
    inside = tuple(slice(axis.start, axis.start + axis.n_image) for axis in field.maps)
    how = stage.input.normalise
    before = normaliser(how, turned[inside]) if how.when == "before" else as_float
    values = resample(turned, field, stage.input.resample, before, token)
    if how.when == "after":
        values = normaliser(how, values)(values)
    logits = _logits(values[None], stage, model, chosen, progress, token)
    return NetworkView(field, _probabilities(logits, stage, model))


def _first_stage(model: InstalledModel) -> Stage:
    for stage in model.manifest.stages:
        if stage.keeps and stage.within is None and stage.previous is None and stage.prompting is None:
            return stage
    raise ModelError(f"{model.manifest.title} has no network that looks at the whole image")


def _body_field(volume: Volume, stage: Stage) -> Field:
    grid: Grid = volume.grid
    whole = make_field(grid, stage.input)
    i, j, k = (float(step) for step in grid.spacing_mm)
    body = body_box(volume.voxels, (k, j, i), stage.input.crop.margin_mm)
    return whole.part(network_box(whole, box_in(whole.axes, body, grid.shape_kji)))


def _logits(
    values: FieldArray,
    stage: Stage,
    model: InstalledModel,
    options: RunOptions,
    progress: Progress,
    token: CancelToken,
) -> FieldArray:
    plan = plan_tiles((values.shape[1], values.shape[2], values.shape[3]), stage.tiling, stage.network.dims)
    image = plan.padded(values)
    device = devices.choose_device(options.device)
    request = Request(
        device=device, exact=options.reproducible, threads=options.threads, cache=options.cache, engine=options.engine
    )
    members = devices.prepare(stage, model.folder, request, device, range(len(stage.weights)), [])
    ensemble = Ensemble(tuple(members), stage.tiling.mirror_axes, stage.network.dims)
    slab = RollingSlab(plan, stage.network.out_channels)
    found = np.empty((stage.network.out_channels, *plan.field_shape), dtype=np.float32)
    rows = plan.rows()
    for row, first in enumerate(rows):
        slab.begin_row(row)
        for start in plan.in_row():
            token.raise_if_set()
            part = tuple(slice(a, a + n) for a, n in zip((first, *start), plan.patch, strict=True))
            slab.add(start, ensemble(image[(slice(None), *part)][None], token.raise_if_set)[0])
        for at, plane in slab.finish_row():
            found[:, at] = plane
        progress((row + 1) / len(rows), "asking the network")
    return found


def _probabilities(logits: FieldArray, stage: Stage, model: InstalledModel) -> dict[str, npt.NDArray[np.float16]]:
    output = stage.output
    if output.activated:
        shares = logits
    elif output.decision == "regions":
        shares = np.float32(1.0) / (np.float32(1.0) + np.exp(-np.clip(logits, -30.0, 30.0)))
    else:
        shares = np.exp(logits - logits.max(axis=0))
        shares /= shares.sum(axis=0)
    names = model.manifest.names
    return {
        names[value]: shares[channel].astype(np.float16)
        for channel, value in enumerate(output.values)
        if value in names
    }
