"""What is measured on each structure of a run, for rules and score alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from inference.cleanup import Change
from inference.confidence.facts import AORTA, BODY, BONE, CAVA, HEART, KIDNEY, LIVER, LUNG, SPLEEN, code_of
from inference.grid import axes_of
from inference.manifest import Input, Label
from inference.pipeline import StructureEvidence
from planning.geometry import Grid

STEP_MM = 2.0
BORDER_MM = 4.0
FEWEST = 400
SPINE_BIN_MM, SPINE_SIGMA_MM, SPINE_LEAST = 5.0, 10.0, 500
PIECE_RULES = ("keep_largest", "remove_smaller")
# in a piece by nature; bones, bowel, tumours and vessel trees are not
SINGLE = (LIVER, SPLEEN, KIDNEY, AORTA, HEART, LUNG, CAVA, BODY, "28231008", "15776009", "69695003", "89837001")

LabelArray = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Measures:
    """One structure.

    margin, low_margin_share, entropy: means over its boundary cells, None where no network looked. expected_ml, spread_ml:
    of the probabilities. certainty: mean probability of the structure where the network found it. ambiguous_ml: Σ p(1 − p),
    what would come out otherwise were labels drawn by chance.
    second_piece_share: what fell off or lies apart, of all. median_hu, spread_hu (1.48 · median absolute deviation): None
    when it is empty. centroid_mm: LPS. agreement: Dice with the rule-based engine. stability: mean Dice between repeated
    runs. Both None when not run. gap_share: of the slices in which its neighbours say that it must be, those without it.
    spine_mm: of bones alone, where the spine stands (LPS x), None when it cannot be told.
    """

    volume_ml: float
    margin: float | None = None
    low_margin_share: float | None = None
    entropy: float | None = None
    expected_ml: float | None = None
    spread_ml: float | None = None
    touches_border: bool = False
    second_piece_share: float = 0.0
    median_hu: float | None = None
    spread_hu: float | None = None
    centroid_mm: tuple[float, float, float] = (0.0, 0.0, 0.0)
    agreement: float | None = None
    stability: float | None = None
    gap_share: float = 0.0
    ambiguous_ml: float | None = None
    certainty: float | None = None
    spine_mm: float | None = None


def measure(
    labels: LabelArray,
    volume_hu: npt.NDArray[Any],
    grid: Grid,
    structures: Sequence[Label],
    evidence: Sequence[StructureEvidence] = (),
    changes: Sequence[Change] = (),
    cell_ml: float | None = None,
) -> dict[str, Measures]:
    """Measures by name, of the labels as they stand; evidence and changes are the network's own,
    cell_ml the volume of its voxels."""
    seen = {one.name: one for one in evidence}
    bodies = _bodies(labels, volume_hu, grid, structures)
    found = {}
    for label in structures:
        own = bodies[label.name]
        off = sum(change.removed_ml for change in changes if change.label == label.name and change.rule in PIECE_RULES)
        if off > 0 and code_of(label) in SINGLE:
            own = replace(own, second_piece_share=max(own.second_piece_share, off / (off + own.volume_ml)))
        one = seen.get(label.name)
        if one is not None:
            own = replace(
                own,
                margin=one.mean_margin,
                low_margin_share=one.low_margin_share,
                entropy=one.mean_entropy,
                certainty=one.certainty,
                expected_ml=one.expected_ml,
                spread_ml=one.spread_ml,
                ambiguous_ml=one.spread_ml**2 / cell_ml if cell_ml else None,
            )
        found[label.name] = own
    return _with_gaps(found, labels, grid, structures)


def _with_gaps(
    found: dict[str, Measures], labels: LabelArray, grid: Grid, structures: Sequence[Label]
) -> dict[str, Measures]:
    """An aorta runs through every slice that shows liver, heart or kidneys."""
    aorta = next((label for label in structures if code_of(label) == AORTA), None)
    near = [label.index for label in structures if code_of(label) in (LIVER, HEART, SPLEEN)]
    if aorta is None or not near or found[aorta.name].volume_ml <= 0:
        return found
    turned = axes_of(grid, Input(spacing_mm=(None, None, None))).apply(labels)[:, ::4, ::4]
    wanted = np.array([bool(np.isin(plane, near).sum() > 8) for plane in turned])
    has = np.array([bool((plane == aorta.index).any()) for plane in turned])
    if wanted.any():
        missing = float(np.count_nonzero(wanted & ~has) / np.count_nonzero(wanted))
        found[aorta.name] = replace(found[aorta.name], gap_share=missing)
    return found


def _bodies(
    labels: LabelArray, volume_hu: npt.NDArray[Any], grid: Grid, structures: Sequence[Label]
) -> dict[str, Measures]:
    most = max((label.index for label in structures), default=0) + 1
    counts = np.zeros(max(most, int(labels.max()) + 1 if labels.size else 1), dtype=np.int64)
    for plane in labels:
        here = np.bincount(plane.ravel())
        counts[: len(here)] += here
    border = _at_border(labels, grid)
    every = [max(1, int(STEP_MM / float(grid.spacing_mm[2 - axis]))) for axis in range(3)]
    box = tuple(slice(step // 2, None, step) for step in every)
    part, values = labels[box], volume_hu[box]
    where = _by_value(part)
    found = {}
    for label in structures:
        count = int(counts[label.index])
        if count == 0:
            found[label.name] = Measures(0.0)
            continue
        flat = where.get(label.index, np.zeros(0, np.intp))
        if len(flat) >= FEWEST:
            k, j, i = np.unravel_index(flat, part.shape)
            hu = values[k, j, i]
            at = [axis * step + step // 2 for axis, step in zip((k, j, i), every, strict=True)]
        else:
            k, j, i = np.nonzero(labels == label.index)
            hu = volume_hu[k, j, i]
            at = [k, j, i]
        median = float(np.median(hu))
        x, y, z = (float(v) for v in grid.to_world([float(np.mean(axis)) for axis in at[::-1]]))
        found[label.name] = Measures(
            volume_ml=count * grid.voxel_mm3 / 1000.0,
            touches_border=label.index in border,
            second_piece_share=_second(part == label.index) if code_of(label) in SINGLE else 0.0,
            median_hu=median,
            spread_hu=float(1.4826 * np.median(np.abs(hu.astype(np.float32) - median))),
            centroid_mm=(x, y, z),
            spine_mm=_spine(grid.to_world(np.stack(at[::-1], axis=1))) if code_of(label) == BONE else None,
        )
    return found


def _spine(bone_mm: npt.NDArray[np.float64]) -> float | None:
    """LPS x of the spine from (N, 3) points of bone: where most bone lies behind each other, by the median of the slices.

    Ribs and hips lie at the sides, in turn; a field of view that cuts one side off moves a mean, not this.
    """
    from scipy import ndimage

    if len(bone_mm) < SPINE_LEAST:
        return None
    x, z = bone_mm[:, 0], bone_mm[:, 2]
    edges = [np.arange(axis.min(), axis.max() + 2 * SPINE_BIN_MM, SPINE_BIN_MM) for axis in (z, x)]
    counts, _, _ = np.histogram2d(z, x, bins=edges)
    counts = ndimage.gaussian_filter1d(
        counts[counts.any(axis=1)], SPINE_SIGMA_MM / SPINE_BIN_MM, axis=1, mode="constant"
    )
    return float(np.median(edges[1][counts.argmax(axis=1)] + SPINE_BIN_MM / 2))


def _at_border(labels: LabelArray, grid: Grid) -> set[int]:
    """Labels that come within some mm of a face: a network rarely goes to the last voxel."""
    found: set[int] = set()
    for axis in range(3):
        deep = min(int(BORDER_MM / float(grid.spacing_mm[2 - axis])), labels.shape[axis] - 1)
        for end in (*range(deep + 1), *range(-deep - 1, 0)):
            found |= {int(value) for value in np.unique(labels.take(end, axis=axis))}
    return found


def _by_value(labels: LabelArray) -> Mapping[int, npt.NDArray[np.intp]]:
    flat = labels.ravel()
    inside = np.flatnonzero(flat)
    order = np.argsort(flat[inside], kind="stable")
    inside = inside[order]
    values, starts = np.unique(flat[inside], return_index=True)
    return dict(zip((int(v) for v in values), np.split(inside, starts[1:]), strict=True)) if len(values) else {}


def _second(mask: npt.NDArray[np.bool_]) -> float:
    """Share of the second largest piece."""
    from scipy import ndimage

    from inference.cleanup import box_of

    box = box_of(mask, 1)
    if box is None:
        return 0.0
    pieces, count = ndimage.label(mask[box], structure=np.ones((3, 3, 3), dtype=bool))
    if count < 2:
        return 0.0
    sizes = np.sort(np.bincount(pieces.ravel())[1:])
    return float(sizes[-2] / sizes.sum())


def dice(one: npt.NDArray[np.bool_], two: npt.NDArray[np.bool_]) -> float:
    """Overlap 0 … 1; 1 for two empty masks."""
    total = int(np.count_nonzero(one)) + int(np.count_nonzero(two))
    return 2.0 * int(np.count_nonzero(one & two)) / total if total else 1.0


def near_dice(
    one: npt.NDArray[np.bool_], two: npt.NDArray[np.bool_], spacing_mm: Sequence[float], within_mm: float
) -> float:
    """Share of both masks that lies in or within some mm of the other: agreement that forgives a boundary's breadth."""
    total = int(np.count_nonzero(one)) + int(np.count_nonzero(two))
    if total == 0:
        return 1.0
    near_one, near_two = near(one, spacing_mm, within_mm), near(two, spacing_mm, within_mm)
    return (int(np.count_nonzero(one & near_two)) + int(np.count_nonzero(two & near_one))) / total


def near(mask: npt.NDArray[np.bool_], spacing_mm: Sequence[float], within_mm: float) -> npt.NDArray[np.bool_]:
    """What lies in a mask or within some mm of it; distances are taken only where the mask can reach."""
    from scipy import ndimage

    from inference.cleanup import box_of

    found = np.zeros(mask.shape, dtype=bool)
    box = box_of(mask, 1)
    if box is None:
        return found
    reach = [int(within_mm / step) for step in spacing_mm]
    wide = tuple(
        slice(max(part.start - by, 0), min(part.stop + by, n))
        for part, by, n in zip(box, reach, mask.shape, strict=True)
    )
    found[wide] = ndimage.distance_transform_edt(~mask[wide], sampling=spacing_mm) <= within_mm
    return found
