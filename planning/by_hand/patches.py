"""An edit of a mask as a small patch: which voxels of a box changed. Applied twice it changes nothing."""

from __future__ import annotations

import weakref
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from planning.by_hand import boxes
from planning.by_hand.boxes import Index
from planning.by_hand.pages import PAGE_BYTES, PrivateCopy, shared
from planning.errors import GeometryError
from planning.geometry import Grid
from planning.volume import Box, Mask

# a box that must grow grows to multiples of this, so that not every stroke at its edge copies it
GROWTH = 16
# smaller ones are copied plainly: that takes 2 ms
SHARED_FROM_BYTES = 8 << 20
REMEMBERED = 64

_copies: weakref.WeakKeyDictionary[Mask, PrivateCopy] = weakref.WeakKeyDictionary()


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """The voxels of a box that change. start_ijk: its first voxel on the whole grid; size_ijk: its size.

    packed: uint8 `[k, j, ceil(i / 8)]`, a bit a voxel along i, the first one highest; True: the voxel changes.
    gained, lost: voxels that join and that leave the structure, -1 where that was not counted.
    """

    start_ijk: Index
    size_ijk: Index
    packed: npt.NDArray[np.uint8]
    gained: int = field(default=-1, kw_only=True)
    lost: int = field(default=-1, kw_only=True)
    # the mask that it was made of
    token: object = field(default=None, kw_only=True, repr=False)

    def __post_init__(self) -> None:
        ni, nj, nk = self.size_ijk
        if self.packed.shape != (nk, nj, -(-ni // 8)):
            raise GeometryError(f"Bits of shape {self.packed.shape} do not fit a patch of {self.size_ijk}")

    @classmethod
    def of(cls, changed: npt.NDArray[np.bool_], box: Box, mask: Mask) -> Patch | None:
        """The change of a mask at the True voxels of `changed`, which lies at `box`; None when there are none."""
        found = boxes.tight(changed, box)
        if found is None:
            return None
        bits = changed[boxes.inside_of(found, box)]
        k, j, i = boxes.shape_of(found)
        gained, lost = _counts(bits, mask, found)
        packed = np.packbits(bits, axis=-1)
        return cls(boxes.start_of(found), (i, j, k), packed, gained=gained, lost=lost, token=mask.token)

    @classmethod
    def between(cls, old: Mask, new: Mask) -> Patch | None:
        """What leads from one mask to another on the same grid; None when they are equal."""
        boxes.require_same_grid(old.grid, new.grid)
        box = new.changed_box(old)
        if box is None:
            box = boxes.joined(old.box_kji, new.box_kji)
        return cls.of(boxes.read(old, box) ^ boxes.read(new, box), box, old)

    def counts(self, mask: Mask) -> tuple[int, int]:
        """How many voxels join and leave a mask by it: `gained` and `lost` while it is the mask that it was made of."""
        if self.token is mask.token:
            return self.gained, self.lost
        return _counts(self.voxels(), mask, self.box)

    @property
    def box(self) -> Box:
        """Where it lies on the whole grid."""
        return boxes.box_of(self.start_ijk, self.size_ijk)

    @property
    def nbytes(self) -> int:
        """Its bits; the case file packs them further."""
        return self.packed.nbytes

    def voxels(self, box: Box | None = None) -> npt.NDArray[np.bool_]:
        """bool `[k, j, i]` of its box, or of a part of it: True where a voxel changes."""
        k, j, i = boxes.inside_of(self.box if box is None else box, self.box)
        first, last = i.start // 8, -(-i.stop // 8)
        bits = np.unpackbits(self.packed[k, j, first:last], axis=-1)
        return bits[..., i.start - 8 * first : i.stop - 8 * first].view(bool)


def grown_box(mask_box: Box, patch_box: Box, grid: Grid, is_empty: bool = False) -> Box:
    """The box of a mask after a patch: as it was where the patch lies in it, else wider in steps of GROWTH."""
    if is_empty:
        mask_box = patch_box
    spans = []
    for own, more, size in zip(mask_box, patch_box, grid.shape_kji, strict=True):
        low = own.start if own.start <= more.start and not is_empty else more.start // GROWTH * GROWTH
        high = own.stop if own.stop >= more.stop and not is_empty else min(-(-more.stop // GROWTH) * GROWTH, size)
        spans.append(slice(low, high))
    return spans[0], spans[1], spans[2]


def _counts(changed: npt.NDArray[np.bool_], mask: Mask, box: Box) -> tuple[int, int]:
    lost = int(np.count_nonzero(changed & boxes.read(mask, box)))
    return int(np.count_nonzero(changed)) - lost, lost


def prepare(mask: Mask) -> None:
    """Bring a large mask where edits share its pages (0.2 s for 512 x 512 x 1093, once): for a job, before painting."""
    if mask.voxels.nbytes >= SHARED_FROM_BYTES and mask not in _copies:
        first = shared(mask.voxels)
        if first is not None:
            _copies[mask] = first


def patched(mask: Mask, patch: Patch, box: Box | None = None) -> Mask:
    """The mask after a patch. The input stays as it is; of a large one only the pages of the patch are copied.

    box: of the answer (all that is inside after the patch must lie in it); None: the mask's own, wider where needed.
    """
    own = mask.box_kji
    target = grown_box(own, patch.box, mask.grid, _is_empty(mask)) if box is None else box
    written = boxes.common(patch.box, target)
    voxels, copy = _copied(mask, target, written)
    before = after = 0
    if not boxes.is_empty(written):
        part = voxels[boxes.inside_of(written, target)]
        before = int(np.count_nonzero(part))
        part ^= patch.voxels(written)
        after = int(np.count_nonzero(part))
    # a voxel that a narrower box leaves out was one that the patch takes away, or there was none
    count = mask.count + after - before if mask.count >= 0 and boxes.joined(own, target) == target else -1
    lineage = ((mask.token, patch.box), *((token, boxes.joined(was, patch.box)) for token, was in mask.lineage))
    new = Mask(mask.grid, boxes.start_of(target), voxels, count=count, lineage=lineage[:REMEMBERED])
    if copy is not None:
        _copies[new] = copy
    return new


def _is_empty(mask: Mask) -> bool:
    # counting a large one would take longer than the edit
    return mask.count == 0 or (mask.count < 0 and mask.voxels.size <= 1 << 16 and not mask.voxels.any())


def _copied(mask: Mask, target: Box, written: Box) -> tuple[npt.NDArray[np.bool_], PrivateCopy | None]:
    """The mask in another box, writable; only in `written` may be written."""
    own = mask.box_kji
    ni = own[2].stop - own[2].start
    if target == own and mask.voxels.nbytes >= SHARED_FROM_BYTES and ni <= PAGE_BYTES:
        prepare(mask)
        copy = _copies[mask].version() if mask in _copies else None
        if copy is not None:
            k, j, i = boxes.inside_of(written, own)
            rows = np.arange(k.start, k.stop)[:, None] * (own[1].stop - own[1].start) + np.arange(j.start, j.stop)
            copy.owned((rows * ni + i.start).ravel(), i.stop - i.start)
            return copy.bytes_().view(bool).reshape(mask.voxels.shape), copy
    if target == own:
        return mask.voxels.copy(), None
    voxels = np.zeros(boxes.shape_of(target), dtype=bool)
    shared_box = boxes.common(own, target)
    if not boxes.is_empty(shared_box):
        voxels[boxes.inside_of(shared_box, target)] = mask.voxels[boxes.inside_of(shared_box, own)]
    return voxels, None
