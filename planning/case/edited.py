"""Masks of a case: read once, and after an edit by hand made from the mask before it."""

from __future__ import annotations

import threading
import weakref

import numpy as np

from planning.by_hand import boxes
from planning.by_hand.patches import Patch, patched
from planning.case.manifest import shape_name, shape_names
from planning.case.model import ArrayRef, StoredPatch, Structure
from planning.case.schema import damaged
from planning.case.store import CaseStore
from planning.kept import Kept
from planning.volume import Mask

# held though nobody else does: painting and undo go to and fro between the newest ones, whatever their size
HELD, HELD_BYTES = 4, 32 << 20


class Masks:
    """The masks of a case's structures; safe to ask from several threads."""

    def __init__(self, store: CaseStore) -> None:
        self._store = store
        self._lock = threading.RLock()
        self._alive: weakref.WeakValueDictionary[str, Mask] = weakref.WeakValueDictionary()
        self._held: Kept[str, Mask] = Kept(HELD_BYTES, lambda mask: mask.voxels.nbytes, least=HELD)
        # the way back: which patch of which mask leads to the one that undo asks for
        self._later: dict[str, tuple[str, StoredPatch]] = {}

    def of(self, structure: Structure) -> Mask:
        """A structure's mask. Raises CaseError when its voxels or patches are damaged or do not fit."""
        edits = structure.edits
        names = [shape_name(structure.array, structure.start_ijk)] if edits is None else shape_names(edits)
        with self._lock:
            known = self._known(names[-1], structure)
        if known is not None:
            return known
        if edits is not None and names[-1] != structure.array.sha256:
            raise damaged(f"the edits of structure '{structure.name}' do not fit")
        # not under the lock: who only asks for what is known must not wait for a large one being read
        mask = self._stepped(structure, names)
        if mask is None:
            mask = self._whole(structure, names)
        if mask.voxel_count != structure.voxel_count:
            raise damaged(f"structure '{structure.name}' has another number of voxels")
        with self._lock:
            # another thread may have been quicker: all shall hold one object
            known = self._known(names[-1], structure)
            if known is not None:
                return known
            self._alive[names[-1]] = mask
            if edits is not None:
                self._later[names[-2]] = (names[-1], edits.patches[-1])
            self._held[names[-1]] = mask
            return mask

    def know(self, structure: Structure, mask: Mask) -> None:
        """The mask of a stored shape that a step is about to bring: it is not read again while this is held."""
        name = shape_name(structure.array, structure.start_ijk)
        with self._lock:
            self._alive[name] = self._held[name] = mask

    def forget(self) -> None:
        """Hold none that nobody else does: a step between two of them takes the patches, any other reads the file."""
        with self._lock:
            self._held.clear()
            self._later = {name: later for name, later in self._later.items() if later[0] in self._alive}

    def _known(self, name: str, structure: Structure) -> Mask | None:
        mask = self._alive.get(name)
        is_same = mask is not None and mask.start_ijk == structure.start_ijk and mask.grid.is_same(structure.grid)
        if mask is None or not is_same or mask.voxels.shape != structure.array.shape:
            return None
        self._held[name] = mask
        return mask

    def _stepped(self, structure: Structure, names: list[str]) -> Mask | None:
        """From the mask before the last patch, or from the one after the patch that was taken back."""
        edits = structure.edits
        if edits is not None and (before := self._alive.get(names[-2])) is not None:
            return self._after(structure, before, edits.patches[-1])
        name, patch = self._later.get(names[-1], ("", None))
        later = self._alive.get(name)
        if later is None or patch is None:
            return None
        return self._after(structure, later, patch)

    def _after(self, structure: Structure, mask: Mask, stored: StoredPatch) -> Mask | None:
        if not mask.grid.is_same(structure.grid):
            return None
        _require_fitting(structure)
        k, j, i = structure.array.shape
        return patched(mask, self._patch(stored), boxes.box_of(structure.start_ijk, (i, j, k)))

    def _whole(self, structure: Structure, names: list[str]) -> Mask:
        """From the file: the stored shape, and all patches on it."""
        edits = structure.edits
        if edits is None:
            return self._stored(structure, structure.array, structure.start_ijk)
        _require_fitting(structure)
        k, j, i = structure.array.shape
        box = boxes.box_of(structure.start_ijk, (i, j, k))
        base = self._stored(structure, edits.base, edits.base_start_ijk)
        voxels = np.zeros(structure.array.shape, dtype=bool)
        shared = boxes.common(base.box_kji, box)
        if not boxes.is_empty(shared):
            voxels[boxes.inside_of(shared, box)] = base.voxels[boxes.inside_of(shared, base.box_kji)]
        for stored in edits.patches:
            patch = self._patch(stored)
            written = boxes.common(patch.box, box)
            if not boxes.is_empty(written):
                voxels[boxes.inside_of(written, box)] ^= patch.voxels(written)
        return Mask(structure.grid, structure.start_ijk, voxels, count=int(np.count_nonzero(voxels)))

    def _stored(self, structure: Structure, array: ArrayRef, start_ijk: tuple[int, int, int]) -> Mask:
        voxels = self._store.array_once(array)
        is_plain = voxels.dtype == np.uint8 and voxels.max(initial=0) <= 1
        inside = voxels.view(bool) if is_plain else voxels != 0
        return Mask(structure.grid, start_ijk, inside, count=int(np.count_nonzero(inside)))

    def _patch(self, stored: StoredPatch) -> Patch:
        return Patch(stored.start_ijk, stored.size_ijk, self._store.array_once(stored.array))


def _require_fitting(structure: Structure) -> None:
    """Before room is made for a box: it must lie in its grid."""
    k, j, i = structure.array.shape
    sizes = zip(structure.start_ijk, (i, j, k), structure.grid.size_ijk, strict=True)
    if any(start < 0 or size < 1 or start + size > whole for start, size, whole in sizes):
        raise damaged(f"structure '{structure.name}' leaves its grid")
