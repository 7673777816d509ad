"""The organ that is planned on: the union of the named structures, to the voxel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from planning.errors import GeometryError, MeasurementError
from planning.findings import Finding
from planning.geometry import FloatArray, Grid
from planning.volume import Mask, union

BoolArray = npt.NDArray[np.bool_]
NamedMask = tuple[str, Mask]

ENCLOSED_SHARE = 0.5


def common_grid(structures: Sequence[NamedMask]) -> Grid:
    """The one grid that all structures lie on. Raises GeometryError naming the first that lies elsewhere."""
    first_name, first = structures[0]
    for name, mask in structures:
        if not mask.grid.is_same(first.grid):
            raise GeometryError(
                f"'{name}' lies on another grid than '{first_name}'",
                "Resample it to the image's grid when adding it",
                "grid",
            )
    return first.grid


def find_organ(organ: Sequence[NamedMask], tumors: Sequence[NamedMask]) -> Mask:
    """The union of the organ's structures and the tumours, cropped to its box.

    Raises MeasurementError when nothing is named or nothing is there.
    """
    if not organ:
        raise MeasurementError("No organ was named", "Name the structures that make up the liver", "organ")
    whole = union([mask for _, mask in (*organ, *tumors)])
    if not any(mask.voxel_count for _, mask in organ):
        names = ", ".join(name for name, _ in organ)
        raise MeasurementError(f"The organ ({names}) has no voxels", "Segment or import the liver first", "organ")
    return whole


def within(mask: Mask, box: Mask) -> BoolArray:
    """The part of `mask` that lies in the box of another mask on the same grid, bool `[k, j, i]` of that box."""
    result = np.zeros(box.voxels.shape, dtype=bool)
    ours, theirs = [], []
    for a_start, a_size, b_start, b_size in zip(
        box.start_ijk[::-1], box.voxels.shape, mask.start_ijk[::-1], mask.voxels.shape, strict=True
    ):
        low, high = max(a_start, b_start), min(a_start + a_size, b_start + b_size)
        if low >= high:
            return result
        ours.append(slice(low - a_start, high - a_start))
        theirs.append(slice(low - b_start, high - b_start))
    result[tuple(ours)] = mask.voxels[tuple(theirs)]
    return result


def padded(mask: Mask, voxels: int) -> Mask:
    """The same structure in a box that is `voxels` larger on each side, as far as the grid reaches."""
    start = np.maximum(np.array(mask.start_ijk) - voxels, 0)
    stop = np.minimum(np.array(mask.start_ijk) + mask.voxels.shape[::-1] + voxels, mask.grid.size_ijk)
    shape = tuple(int(n) for n in (stop - start)[::-1])
    offset = np.array(mask.start_ijk) - start
    larger = np.zeros(shape, dtype=bool)
    i, j, k = (int(n) for n in offset)
    nk, nj, ni = mask.voxels.shape
    larger[k : k + nk, j : j + nj, i : i + ni] = mask.voxels
    return Mask(mask.grid, (int(start[0]), int(start[1]), int(start[2])), larger)


def find_enclosed(organ: Mask, others: Sequence[NamedMask]) -> tuple[Finding, ...]:
    """One warning for each unnamed structure that the organ encloses without counting it.

    Enclosed: at least half of its voxels lie in no organ voxel but inside the organ's box, and at least half of
    the voxels that touch those belong to the organ (or to another unnamed structure that lies in the organ's gaps).
    A structure of another image is looked at voxel by voxel of the organ's grid, by its nearest voxel.
    """
    from scipy import ndimage

    findings = []
    frame = padded(organ, 2)
    touching = np.ones((3, 3, 3), dtype=bool)
    for name, given in others:
        mask = given if given.grid.is_same(organ.grid) else _nearest_on(frame, given)
        uncounted = within(mask, frame) & ~frame.voxels
        count = int(np.count_nonzero(uncounted))
        if count == 0 or count < ENCLOSED_SHARE * mask.voxel_count:
            continue
        part = Mask.from_full(frame.box_grid, uncounted)
        around = padded(part, 1)
        shell = ndimage.binary_dilation(around.voxels, touching) & ~around.voxels
        organ_there = frame.voxels[around.box_kji]
        if np.count_nonzero(shell & organ_there) >= ENCLOSED_SHARE * np.count_nonzero(shell):
            volume_ml = count * organ.grid.voxel_mm3 / 1000.0
            findings.append(
                Finding(
                    "enclosed_structure",
                    f"'{name}' ({volume_ml:.1f} ml) lies enclosed in the organ but is not part of it; "
                    "name it under organ to count it",
                )
            )
    return tuple(findings)


def _nearest_on(frame: Mask, mask: Mask) -> Mask:
    """A structure of another grid in the frame's box, by nearest neighbour."""
    from scipy import ndimage

    to_own = mask.box_grid.index_from_world @ frame.box_grid.world_from_index
    found = ndimage.affine_transform(
        mask.voxels.astype(np.uint8),
        to_own[:3, :3][::-1, ::-1],
        offset=to_own[:3, 3][::-1],
        output_shape=frame.voxels.shape,
        order=0,
    )
    return Mask(frame.grid, frame.start_ijk, found != 0)


@dataclass(frozen=True, slots=True, eq=False)
class OrganLookup:
    """Answers whether points lie in the organ, by the voxel that holds them.

    index_from_world: (4, 4) to indices of `voxels`, which carries one empty voxel on every side.
    """

    voxels: BoolArray
    index_from_world: FloatArray

    @classmethod
    def of(cls, organ: Mask) -> OrganLookup:
        """The look-up of an organ mask."""
        inverse = organ.box_grid.index_from_world.copy()
        inverse[:3, 3] += 1.0
        return cls(np.pad(organ.voxels, 1), inverse)

    @property
    def middle_mm(self) -> FloatArray:
        """(3,) middle of the organ's box."""
        middle = (np.array(self.voxels.shape[::-1]) - 1.0) / 2.0
        return np.asarray(np.linalg.inv(self.index_from_world)[:3] @ np.append(middle, 1.0))

    def contains(self, points_mm: FloatArray) -> BoolArray:
        """(N,) True for the (N, 3) points whose nearest voxel centre belongs to the organ."""
        index = points_mm @ self.index_from_world[:3, :3].T + self.index_from_world[:3, 3]
        upper = np.array(self.voxels.shape[::-1]) - 1
        i, j, k = np.clip(np.rint(index), 0, upper).astype(np.intp).T
        return np.asarray(self.voxels[k, j, i])
