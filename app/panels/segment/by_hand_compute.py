"""What the segment editor's computing tools make: masks in, masks out, for a job. Knows no window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from app.panels.segment.by_hand_settings import (
    BETWEEN,
    COMBINE,
    FILL,
    GROW,
    HOLLOW,
    ISLANDS,
    SEEDS,
    SMOOTH,
    THRESHOLD,
    HandSettings,
)
from planning.by_hand.patches import Patch, patched
from planning.by_hand.rules import Rules
from planning.errors import InputError
from planning.geometry import FloatArray, Vector
from planning.progress import CancelToken, Progress
from planning.volume import Mask, Volume

if TYPE_CHECKING:
    from planning.by_hand.scissors import Projection


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Task:
    """One computation. masks: of all structures by name; at_mm: where a click pointed to, None for none."""

    tool: str
    name: str
    settings: HandSettings
    masks: Mapping[str, Mask]
    rules: Rules
    volume: Volume | None
    at_mm: Vector | None = None

    @property
    def mask(self) -> Mask:
        """The chosen structure as it is."""
        return self.masks[self.name]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Outcome:
    """What a tool would do. patches: by structure; after: the chosen one as it would be; parts: new structures.

    gained, lost: where the chosen one changes, None where it does not. others: other structures as they would be.
    """

    task: Task
    patches: Mapping[str, Patch]
    after: Mask
    parts: tuple[Mask, ...] = ()
    gained: Mask | None = None
    lost: Mask | None = None
    others: Mapping[str, Mask] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def is_nothing(self) -> bool:
        """True when nothing would change."""
        return not self.patches and not self.parts


def compute(task: Task, progress: Progress, cancel: CancelToken) -> Outcome:
    """Do it. Raises InputError for what cannot be, Cancelled when asked to stop."""
    if task.tool == ISLANDS and task.settings.islands == "split":
        return _split(task, progress, cancel)
    if task.tool == SEEDS:
        return _from_seeds(task, progress, cancel)
    if task.tool == SMOOTH and task.settings.smooth_with & set(task.masks):
        return _smooth_together(task, progress, cancel)
    return outcome_of(task, _shape(task, progress, cancel))


def outcome_of(task: Task, wanted: Mask) -> Outcome:
    """The way from the chosen structure to another shape, as far as the rules allow it."""
    patch = task.rules.limit(task.mask, wanted, task.volume)
    if patch is None:
        return Outcome(task=task, patches={}, after=task.mask)
    after = patched(task.mask, patch)
    gained, lost = changes(task.mask, patch)
    patches = task.rules.spread(task.name, patch, task.mask)
    return Outcome(task=task, patches=patches, after=after, gained=gained, lost=lost)


def cut_out(
    task: Task, polygon: FloatArray, projection: Projection, progress: Progress, cancel: CancelToken
) -> Outcome:
    """What scissors would do along (N, 2) corners on a projection's plane, by the settings' `cut_does` and depth."""
    from planning.by_hand import scissors

    does, depth_mm = task.settings.cut_does, task.settings.cut_depth_mm
    if does == "fill":
        # a prism without depth would fill the whole scan
        depth = depth_mm if depth_mm is not None else float(task.mask.grid.spacing_mm.max()) / 2
        wanted = scissors.fill(task.mask, polygon, projection, depth, progress=progress, cancel=cancel)
    else:
        wanted = scissors.cut(
            task.mask,
            polygon,
            projection,
            keep_inside=does == "keep",
            depth_mm=depth_mm,
            progress=progress,
            cancel=cancel,
        )
    return outcome_of(task, wanted)


def changes(before: Mask, patch: Patch) -> tuple[Mask | None, Mask | None]:
    """(what joins, what leaves) as masks, None for nothing."""
    from planning.by_hand import boxes

    was, changed = boxes.read(before, patch.box), patch.voxels()
    found = []
    for part in (changed & ~was, changed & was):
        found.append(Mask(before.grid, patch.start_ijk, part) if part.any() else None)
    return found[0], found[1]


def _shape(task: Task, progress: Progress, cancel: CancelToken) -> Mask:
    """The chosen structure as the tool would have it."""
    settings, mask = task.settings, task.mask
    if task.tool == THRESHOLD:
        return _threshold(task, progress, cancel)
    if task.tool == ISLANDS:
        return _islands(task, progress, cancel)
    if task.tool == GROW:
        from planning.by_hand.growing import grow

        by_mm = -settings.grow_mm if settings.shrinks else settings.grow_mm
        return grow(mask, by_mm, progress=progress, cancel=cancel)
    if task.tool == HOLLOW:
        from planning.by_hand.growing import hollow

        return hollow(mask, settings.wall_mm, settings.wall_where, progress=progress, cancel=cancel)
    if task.tool == SMOOTH:
        from planning.by_hand.smoothing import smooth

        return smooth(mask, settings.smooth_mm, settings.smooth_how, progress=progress, cancel=cancel)
    if task.tool == FILL:
        from planning.by_hand.holes import fill_holes, slice_axes

        axis = None if settings.fill_how == "3d" else slice_axes(mask.grid)[settings.fill_how]
        return fill_holes(mask, axis, progress=progress, cancel=cancel)
    if task.tool == BETWEEN:
        return _between(task, progress, cancel)
    if task.tool == COMBINE:
        return _combine(task)
    raise InputError(f"There is no tool named '{task.tool}'", "Choose one of the grid's", "unknown")


def _between(task: Task, progress: Progress, cancel: CancelToken) -> Mask:
    """Along the scan's own slices, or along the planes that were painted where those are turned against them."""
    from planning.by_hand.between import fill_between
    from planning.by_hand.between_planes import fill_between_planes, painted_normal
    from planning.by_hand.holes import patient_normal, slice_axes, slices_facing

    mask, slices, drawn = task.mask, task.settings.between, task.settings.painted_normal
    normals = [patient_normal(slices)]
    if drawn is not None and slices_facing(mask.grid, np.array(drawn)) == slices:
        normals.insert(0, np.array(drawn))
    axis = slice_axes(mask.grid)[slices]
    normal = painted_normal(mask, axis, normals)
    if normal is None:
        return fill_between(mask, axis, progress=progress, cancel=cancel)
    return fill_between_planes(mask, normal, progress=progress, cancel=cancel)


def _threshold(task: Task, progress: Progress, cancel: CancelToken) -> Mask:
    from planning.by_hand.logic import combine
    from planning.by_hand.threshold import threshold

    if task.volume is None:
        raise InputError("Only an image has values to choose by", "Open one first", "no_image")
    settings = task.settings
    within = (task.masks[settings.threshold_in],) if settings.threshold_in in task.masks else ()
    found = threshold(task.volume, *settings.threshold_hu, within=within, progress=progress, cancel=cancel)
    return combine("add", task.mask, found) if settings.threshold_adds else found


def _islands(task: Task, progress: Progress, cancel: CancelToken) -> Mask:
    from planning.by_hand import islands
    from planning.by_hand.logic import combine

    how, mask = task.settings.islands, task.mask
    if how == "largest":
        return islands.largest(mask, progress=progress, cancel=cancel)
    if how == "small":
        return islands.without_small(mask, task.settings.least_ml, progress=progress, cancel=cancel)
    if task.at_mm is None:
        return mask
    part = islands.clicked(mask, task.at_mm, progress=progress, cancel=cancel)
    return part if how == "keep" else combine("subtract", mask, part)


def _combine(task: Task) -> Mask:
    from planning.by_hand.logic import combine

    other = task.masks.get(task.settings.with_other)
    if other is None:
        return task.mask
    return combine(task.settings.combine_how, task.mask, other)


def _split(task: Task, progress: Progress, cancel: CancelToken) -> Outcome:
    from planning.by_hand import islands

    parts = islands.split(task.mask, task.settings.least_ml, progress=progress, cancel=cancel)
    if len(parts) < 2:
        return Outcome(task=task, patches={}, after=task.mask)
    patch = Patch.between(task.mask, parts[0])
    if patch is None:
        return Outcome(task=task, patches={}, after=task.mask)
    _, lost = changes(task.mask, patch)
    return Outcome(task=task, patches={task.name: patch}, after=parts[0], parts=tuple(parts[1:]), lost=lost)


def _from_seeds(task: Task, progress: Progress, cancel: CancelToken) -> Outcome:
    from planning.by_hand.seeds import default_roi, grow_from_seeds

    if task.volume is None:
        raise InputError("Only an image has values to choose by", "Open one first", "no_image")
    names = [task.name, *(name for name in task.masks if name in task.settings.seeds_with and name != task.name)]
    seeds = {name: task.masks[name] for name in names}
    if len(seeds) < 2:
        raise InputError("Tick the structures that grow with it", "At least one more", "no_seed")
    empty = [name for name, mask in seeds.items() if not np.any(mask.voxels)]
    if empty:
        raise InputError(f"Nothing is painted of '{empty[0]}'", "Paint a little of each structure first", "no_seed")
    roi = default_roi(seeds, task.settings.seeds_reach_mm)
    return _several(task, grow_from_seeds(task.volume, seeds, roi, progress=progress, cancel=cancel))


def _smooth_together(task: Task, progress: Progress, cancel: CancelToken) -> Outcome:
    """The chosen structure and its neighbours, so that no gap opens between them."""
    from planning.by_hand.smoothing import smooth_together

    names = {task.name} | (task.settings.smooth_with & set(task.masks))
    together = {name: task.masks[name] for name in task.masks if name in names}
    return _several(task, smooth_together(together, task.settings.smooth_mm, progress=progress, cancel=cancel))


def _several(task: Task, shapes: Mapping[str, Mask]) -> Outcome:
    """The way of several structures to other shapes, as far as the rules allow it, as one step."""
    rules = task.rules.together([task.masks[name] for name in shapes])
    after: dict[str, Mask] = {}
    for name, wanted in shapes.items():
        patch = rules.limit(task.masks[name], wanted, task.volume)
        if patch is None:
            continue
        # what one gains and another loses: no voxel is gained twice
        for other, theirs in rules.spread(name, patch, task.masks[name]).items():
            after[other] = patched(after.get(other, task.masks[other]), theirs)
    found = {name: Patch.between(task.masks[name], mask) for name, mask in after.items()}
    patches = {name: patch for name, patch in found.items() if patch is not None}
    own = patches.get(task.name)
    gained, lost = changes(task.mask, own) if own is not None else (None, None)
    others = MappingProxyType({name: after[name] for name in patches if name != task.name})
    shape = after.get(task.name, task.mask)
    return Outcome(task=task, patches=patches, after=shape, gained=gained, lost=lost, others=others)
