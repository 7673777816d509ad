"""Rules that tidy a label map. Every change is told and can be taken back.

Rules of a model: keep the largest piece, remove small pieces, fill holes, keep only what lies inside or outside other
labels. Pieces hang together by faces, edges or corners (26 neighbours); holes are what no path of faces leads out of.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from inference.manifest import CleanupRule

LabelArray = npt.NDArray[Any]
Bools = npt.NDArray[np.bool_]
Box = tuple[slice, slice, slice]


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """What one rule did to one label.

    box: where. packed: changed voxels of the box, as bits. before: the values there, in C order.
    """

    rule: str
    label: str
    removed_voxels: int
    added_voxels: int
    removed_ml: float
    added_ml: float
    box: Box
    packed: npt.NDArray[np.uint8]
    before: LabelArray

    def in_words(self) -> str:
        """ "liver: 3 smaller pieces …" as one line."""
        told = []
        if self.removed_voxels:
            told.append(f"{self.removed_ml:.1f} ml removed")
        if self.added_voxels:
            told.append(f"{self.added_ml:.1f} ml added")
        return f"{self.label}: {', '.join(told)} ({self.rule.replace('_', ' ')})"

    def take_back(self, labels: LabelArray) -> None:
        """Write the voxels as they were. Changes are taken back in reverse order."""
        shape = tuple(part.stop - part.start for part in self.box)
        changed = np.unpackbits(self.packed, count=int(np.prod(shape))).astype(bool).reshape(shape)
        labels[self.box][changed] = self.before


def clean(
    labels: LabelArray,
    indices: Mapping[str, int],
    rules: Sequence[CleanupRule],
    spacing_kji_mm: Sequence[float],
    only: Sequence[str] | None = None,
    waiting: Callable[[], None] = lambda: None,
    found: Mapping[str, LabelArray] | None = None,
) -> list[Change]:
    """Apply the rules in order, in place. `only`: labels to touch; others are left as they are.

    found: what stages wrote that are no results, by their names; a stage that is not there was left out.
    """
    changes = []
    voxel_ml = float(np.prod(spacing_kji_mm)) / 1000.0
    for rule in rules:
        if rule.stage is not None and rule.stage not in (found or {}):
            continue
        for name in rule.labels:
            waiting()
            if only is not None and name not in only:
                continue
            change = _apply(labels, indices, rule, name, spacing_kji_mm, voxel_ml, found or {})
            if change is not None:
                changes.append(change)
    return changes


def _apply(
    labels: LabelArray,
    indices: Mapping[str, int],
    rule: CleanupRule,
    name: str,
    spacing: Sequence[float],
    voxel_ml: float,
    found: Mapping[str, LabelArray],
) -> Change | None:
    index = indices[name]
    box = box_of(labels, index)
    if box is None:
        return None
    here = labels[box]
    old = here == index
    if rule.rule in ("inside", "outside"):
        others = _near(rule, labels, indices, found, box, spacing)
        new = old & (others if rule.rule == "inside" else ~others)
    else:
        new = PLAIN_RULES[rule.rule](old, rule.volume_ml / voxel_ml)
    removed, added = old & ~new, new & ~old & (here == 0)
    changed = removed | added
    if not changed.any():
        return None
    counts = int(np.count_nonzero(removed)), int(np.count_nonzero(added))
    ml = counts[0] * voxel_ml, counts[1] * voxel_ml
    change = Change(rule.rule, name, *counts, *ml, box, np.packbits(changed), here[changed].copy())
    here[removed] = 0
    here[added] = index
    return change


def _largest(mask: Bools, voxels: float) -> Bools:
    pieces, sizes = _pieces(mask)
    return np.asarray(pieces == int(np.argmax(sizes)))


def _larger(mask: Bools, voxels: float) -> Bools:
    pieces, sizes = _pieces(mask)
    kept = sizes >= voxels
    kept[0] = False
    return np.asarray(kept[pieces])


def _filled(mask: Bools, voxels: float) -> Bools:
    from scipy import ndimage

    return np.asarray(ndimage.binary_fill_holes(mask))


PLAIN_RULES: Mapping[str, Callable[[Bools, float], Bools]] = {
    "keep_largest": _largest,
    "remove_smaller": _larger,
    "fill_holes": _filled,
}


def _pieces(mask: Bools) -> tuple[npt.NDArray[Any], npt.NDArray[np.intp]]:
    """Number of the piece at each voxel, and sizes with 0 for the outside."""
    from scipy import ndimage

    pieces, _ = ndimage.label(mask, structure=np.ones((3, 3, 3), dtype=bool))
    sizes = np.bincount(pieces.ravel())
    sizes[0] = 0
    return pieces, sizes


def _near(
    rule: CleanupRule,
    labels: LabelArray,
    indices: Mapping[str, int],
    found: Mapping[str, LabelArray],
    box: Box,
    spacing: Sequence[float],
) -> Bools:
    """Where in the box a voxel lies within the rule's margin of what it names."""
    from scipy import ndimage

    wanted = [indices[other] for other in rule.of]
    if rule.stage is not None:
        labels, wanted = found[rule.stage], list(rule.values)
    steps = int(rule.margin_mm / np.mean(spacing))
    reach = [steps if rule.grown == "steps" else int(np.ceil(rule.margin_mm / step)) for step in spacing]
    wide = tuple(
        slice(max(part.start - r, 0), min(part.stop + r, n))
        for part, r, n in zip(box, reach, labels.shape, strict=True)
    )
    others = np.isin(labels[wide], wanted)
    if others.any() and rule.grown == "steps":
        # no whole step: TotalSegmentator then grows without end
        others = ndimage.binary_dilation(others, iterations=steps) if steps else np.ones_like(others)
    elif others.any() and rule.margin_mm > 0:
        others = ndimage.distance_transform_edt(~others, sampling=spacing) <= rule.margin_mm
    inner = tuple(slice(part.start - w.start, part.stop - w.start) for part, w in zip(box, wide, strict=True))
    return np.asarray(others[inner], dtype=bool)


def box_of(labels: LabelArray, index: int) -> Box | None:
    """The label's box, None when it is nowhere. Goes through the array by planes."""
    planes = np.array([bool((plane == index).any()) for plane in labels])
    if not planes.any():
        return None
    first, last = _ends(planes)
    flat = np.zeros(labels.shape[1:], dtype=bool)
    for plane in labels[first:last]:
        flat |= plane == index
    rows, columns = _ends(np.asarray(flat.any(axis=1))), _ends(np.asarray(flat.any(axis=0)))
    return slice(first, last), slice(*rows), slice(*columns)


def _ends(hit: Bools) -> tuple[int, int]:
    where = np.flatnonzero(hit)
    return int(where[0]), int(where[-1]) + 1
