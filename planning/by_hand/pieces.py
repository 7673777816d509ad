"""Connected pieces of a mask, slab by slab: the memory of one slab, progress and cancelling between them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from planning.progress import CancelToken, Progress, no_progress, part_of

SLAB_VOXELS = 8 << 20
# labels asked for one by one; for more a table is quicker
FEW = 6
# labels of more slabs than these are made again instead of being kept (4 bytes a voxel)
KEPT_SLABS = 16


class Pieces:
    """The pieces of a bool array `[k, j, i]`, joined over faces (or edges and corners too), numbered 1 … n, largest first.

    flat: axis across which nothing is joined, so that each slice has pieces of its own. Raises Cancelled.
    """

    def __init__(
        self,
        voxels: npt.NDArray[np.bool_],
        *,
        flat: int | None = None,
        progress: Progress = no_progress,
        cancel: CancelToken | None = None,
    ) -> None:
        from scipy import ndimage

        self.voxels = voxels
        self._joins = ndimage.generate_binary_structure(3, 1)
        if flat is not None:
            self._joins = self._joins.copy()
            self._joins[tuple(slice(None) if axis != flat else slice(0, 1) for axis in range(3))] = False
            self._joins[tuple(slice(None) if axis != flat else slice(2, 3) for axis in range(3))] = False
        self._cancel = cancel
        self._step = max(1, SLAB_VOXELS // max(voxels.shape[1] * voxels.shape[2], 1))
        self._starts = range(0, voxels.shape[0], self._step)
        self._kept: dict[int, npt.NDArray[np.int32]] = {}
        self._first_labels: list[int] = []
        self._numbers, self.sizes = self._joined(part_of(progress, 0.0, 1.0), join_slabs=flat != 0)

    @property
    def count(self) -> int:
        """How many pieces there are."""
        return len(self.sizes) - 1

    def select(self, chosen: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """The voxels of the pieces whose number is True in `chosen` (n + 1, the first is the outside)."""
        answer = np.empty(self.voxels.shape, dtype=bool)
        for start, labels, numbers in self.slabs():
            answer[start : start + self._step] = _looked_up(labels, chosen[numbers])
        return answer

    def slabs(self) -> Iterator[tuple[int, npt.NDArray[np.int32], npt.NDArray[np.int64]]]:
        """(first slice, labels of its voxels, the piece's number of each label, 0 outside) of each slab."""
        for place, start in enumerate(self._starts):
            if self._cancel is not None:
                self._cancel.raise_if_set()
            labels = self._kept.get(start)
            if labels is None:
                labels = self._label(start)[0]
            first = self._first_labels[place]
            own = self._numbers[first : first + int(labels.max(initial=0)) + 1].copy()
            own[0] = 0
            yield start, labels, own

    def number_at(self, k: int, j: int, i: int) -> int:
        """The number of the piece at a voxel, 0 outside."""
        for start, labels, numbers in self.slabs():
            if start <= k < start + self._step:
                return int(numbers[labels[k - start, j, i]])
        return 0

    def _label(self, start: int) -> tuple[npt.NDArray[np.int32], int]:
        from scipy import ndimage

        labels, count = ndimage.label(self.voxels[start : start + self._step], structure=self._joins, output=np.int32)
        return labels, int(count)

    def _joined(self, progress: Progress, join_slabs: bool) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Number of the piece of every slab's label, and voxels of every piece."""
        from scipy import sparse

        counts, pairs = [], []
        last: npt.NDArray[np.int32] | None = None
        total = 0
        for place, start in enumerate(self._starts):
            if self._cancel is not None:
                self._cancel.raise_if_set()
            progress(place / len(self._starts))
            labels, count = self._label(start)
            self._first_labels.append(total)
            if place < KEPT_SLABS:
                self._kept[start] = labels
            counts.append(_counted(labels, count))
            if last is not None and join_slabs:
                touching = (last > 0) & (labels[0] > 0)
                before = self._first_labels[-2]
                pairs.append(_different(last[touching] + np.int64(before), labels[0][touching] + np.int64(total)))
            last = labels[-1]
            # the place of each slab's own 0 is kept: labels then need no care
            total += count + 1
        voxels = np.concatenate(counts) if counts else np.zeros(1, dtype=np.int64)
        voxels[self._first_labels] = 0
        links = np.concatenate(pairs, axis=1) if pairs else np.empty((2, 0), dtype=np.int64)
        graph = sparse.coo_matrix((np.ones(links.shape[1], dtype=bool), (links[0], links[1])), shape=(len(voxels),) * 2)
        group = sparse.csgraph.connected_components(graph, directed=False)[1]
        sizes = np.bincount(group, weights=voxels).astype(np.int64)
        order = np.argsort(-sizes, kind="stable")
        order = order[sizes[order] > 0]
        number = np.zeros(len(sizes), dtype=np.int64)
        number[order] = np.arange(1, len(order) + 1)
        progress(1.0)
        return number[group], np.concatenate([[0], sizes[order]])


def _counted(labels: npt.NDArray[np.int32], count: int) -> npt.NDArray[np.int64]:
    """Voxels of the labels 0 … count."""
    if count > FEW:
        return np.bincount(labels.ravel(), minlength=count + 1)
    found = [int(np.count_nonzero(labels == label)) for label in range(1, count + 1)]
    return np.array([labels.size - sum(found), *found], dtype=np.int64)


def _looked_up(labels: npt.NDArray[np.int32], table: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """`table[labels]`."""
    for wanted in (True, False):
        few = np.flatnonzero(table == wanted)
        if len(few) <= FEW:
            answer = np.full(labels.shape, not wanted)
            for label in few:
                answer[labels == label] = wanted
            return answer
    return np.asarray(table[labels])


def _different(first: npt.NDArray[np.int64], second: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """(2, N) the different pairs; along a row most are equal to the one before, so few are left to be sorted."""
    is_new = np.ones(len(first), dtype=bool)
    is_new[1:] = (first[1:] != first[:-1]) | (second[1:] != second[:-1])
    return np.asarray(np.unique(np.stack([first[is_new], second[is_new]]), axis=1))
