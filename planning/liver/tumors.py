"""The tumours of a plan: each named structure falls apart into its connected pieces, numbered from the largest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from planning.findings import Finding
from planning.geometry import FloatArray, Vector
from planning.kept_steps import NOTHING_KEPT, KeptSteps
from planning.liver.organ import NamedMask
from planning.liver.subvoxel import SubvoxelSurface, fit_subvoxel_surface
from planning.progress import CancelToken
from planning.volume import Mask

# a distance is never wrong by as much
ROUNDING_MM = 1e-6
LEAST_VOXELS = 8
"""Smaller pieces are specks of a segmentation: they count in volumes but are no tumour of their own."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Tumor:
    """One connected piece of a tumour structure.

    id: 1 for the largest of the plan. structure: the name it was found in. mask: its own voxels.
    """

    id: int
    structure: str
    mask: Mask
    voxel_count: int
    centroid_mm: Vector
    longest_diameter_mm: float
    surface: SubvoxelSurface

    @property
    def volume_ml(self) -> float:
        """Voxel count times voxel volume."""
        return self.voxel_count * self.mask.grid.voxel_mm3 / 1000.0

    @property
    def radius_mm(self) -> float:
        """Radius of the ball of the same volume."""
        return float(np.cbrt(0.75 * self.voxel_count * self.mask.grid.voxel_mm3 / np.pi))

    def as_json(self) -> dict[str, Any]:
        """The contract's keys, and the structure the piece belongs to."""
        return {
            "id": self.id,
            "volume_ml": self.volume_ml,
            "longest_diameter_mm": self.longest_diameter_mm,
            "centroid_mm": self.centroid_mm.tolist(),
            "structure": self.structure,
        }


def find_tumors(
    structures: Sequence[NamedMask], cancel: CancelToken | None = None, kept: KeptSteps = NOTHING_KEPT
) -> tuple[tuple[Tumor, ...], tuple[Finding, ...]]:
    """The tumours of the named structures, largest first, and warnings.

    Each structure is split into its 26-connected components; those of at least LEAST_VOXELS voxels are tumours.
    Structures are split one by one: two that touch stay two tumours. Equal sizes are ordered by the order of the
    structures, then by position in the volume. Raises Cancelled.
    """
    cancel = cancel or CancelToken()
    pieces: list[tuple[str, Mask]] = []
    findings = []
    for name, mask in structures:
        cancel.raise_if_set()
        own, specks = _components(mask)
        pieces += [(name, piece) for piece in own]
        if not own and not specks:
            findings.append(Finding("empty_tumor", f"'{name}' has no voxels"))
        if specks:
            findings.append(
                Finding(
                    "tumor_specks",
                    f"'{name}' has {specks} speck{'s' if specks > 1 else ''} of fewer than {LEAST_VOXELS} voxels: "
                    "counted in the volumes, too small to be tumours",
                )
            )
    pieces.sort(key=lambda pair: -pair[1].voxel_count)
    tumors = []
    for number, (name, mask) in enumerate(pieces, start=1):
        cancel.raise_if_set()
        surface = fit_subvoxel_surface(mask, kept)
        tumors.append(
            Tumor(
                id=number,
                structure=name,
                mask=mask,
                voxel_count=mask.voxel_count,
                centroid_mm=mask.centroid_mm(),
                surface=surface,
                longest_diameter_mm=longest_diameter_mm(surface.mesh.points_mm),
            )
        )
        if at_scan_edge(mask):
            findings.append(
                Finding("tumor_at_edge", f"T{number} touches the scan's edge: what lies beyond it is not measured")
            )
    return tuple(tumors), tuple(findings)


def count_tumors(structures: Sequence[NamedMask]) -> int:
    """How many tumours `find_tumors` finds, without measuring them."""
    return sum(len(_components(mask)[0]) for _, mask in structures)


def at_scan_edge(mask: Mask) -> bool:
    """Whether a piece, whose box is its own, reaches the first or last voxels of the scan in any direction."""
    size = mask.voxels.shape[::-1]
    ends = zip(mask.start_ijk, size, mask.grid.size_ijk, strict=True)
    return any(start == 0 or start + count == whole for start, count, whole in ends)


def _components(mask: Mask) -> tuple[list[Mask], int]:
    """Masks of the 26-connected pieces large enough to be tumours, and the number of smaller ones."""
    from scipy import ndimage

    labels, count = ndimage.label(mask.voxels, structure=np.ones((3, 3, 3)))
    sizes = np.bincount(labels.reshape(-1), minlength=count + 1)
    pieces = []
    for number, box in enumerate(ndimage.find_objects(labels), start=1):
        if sizes[number] >= LEAST_VOXELS:
            start = np.array(mask.start_ijk) + [side.start for side in box[::-1]]
            pieces.append(Mask(mask.grid, (int(start[0]), int(start[1]), int(start[2])), labels[box] == number))
    return pieces, count - len(pieces)


def longest_diameter_mm(points_mm: FloatArray) -> float:
    """Greatest distance between any two of (N, 3) points: the greatest caliper (Feret) width."""
    from scipy.spatial import ConvexHull, QhullError
    from scipy.spatial.distance import pdist

    corners = points_mm
    if len(points_mm) > 64:
        try:
            corners = points_mm[ConvexHull(points_mm).vertices]
        except QhullError:
            corners = points_mm
    if len(corners) > 2:
        corners = _farthest(corners)
    return float(pdist(corners).max()) if len(corners) > 1 else 0.0


def _farthest(points_mm: FloatArray) -> FloatArray:
    """Those of (N, 3) points among which the two farthest from each other are.

    Two of them are at most as far from each other as both are from any one place. A pair that is far apart, and the
    place between its two, leave few others.
    """
    first = points_mm[int(np.linalg.norm(points_mm - points_mm.mean(axis=0), axis=1).argmax())]
    away = np.linalg.norm(points_mm - first, axis=1)
    middle = 0.5 * (first + points_mm[int(away.argmax())])
    from_middle = np.linalg.norm(points_mm - middle, axis=1)
    return np.asarray(points_mm[from_middle + from_middle.max() >= away.max() - ROUNDING_MM])
